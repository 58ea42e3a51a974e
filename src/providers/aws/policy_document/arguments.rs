//! What the arguments and blocks of the data source say.

use super::{Condition, Document, Principals, Statement, Text, Texts, set_order};
use crate::terraform::value::{Origin, Type, Val, convert};
use std::collections::BTreeSet;

/// The version of a document that says none.
const VERSION: &str = "2012-10-17";
/// The version without policy variables.
const OLD_VERSION: &str = "2008-10-17";

/// The document of the blocks alone.
pub(super) fn document(arguments: &Val) -> Result<Document, String> {
    let version = text(arguments, "version")?.unwrap_or_else(|| Text::unwritten(VERSION));
    let mut document = Document {
        id: text(arguments, "policy_id")?.filter(|id| !id.text.is_empty()),
        statements: Vec::new(),
        origin: arguments.get("statement").map(|blocks| blocks.origin).unwrap_or_default(),
        version: None,
    };
    let mut sids = BTreeSet::new();
    for block in blocks(arguments, "statement")? {
        let statement = statement(&block, &version.text)?;
        let sid = statement.sid();
        if !sid.is_empty() && !sids.insert(sid.to_owned()) {
            return Err("two statements have the same `sid`".to_owned());
        }
        document.statements.push(statement);
    }
    document.version = Some(version);
    Ok(document)
}

fn statement(block: &Val, version: &str) -> Result<Statement, String> {
    let effect = text(block, "effect")?.unwrap_or_else(|| Text::unwritten("Allow"));
    Ok(Statement {
        sid: text(block, "sid")?,
        effect: Some(effect),
        actions: sorted(block, "actions")?,
        not_actions: sorted(block, "not_actions")?,
        resources: with_variables(sorted(block, "resources")?, version)?,
        not_resources: with_variables(sorted(block, "not_resources")?, version)?,
        principals: principals(block, "principals", version)?,
        not_principals: principals(block, "not_principals", version)?,
        conditions: conditions(block, version)?,
        origin: block.origin.clone(),
    })
}

fn principals(block: &Val, kind: &str, version: &str) -> Result<Vec<Principals>, String> {
    let mut all = Vec::new();
    for block in blocks(block, kind)? {
        let who = sorted(&block, "identifiers")?.unwrap_or_else(|| Texts::none(&block.origin));
        let kind = required(&block, "type")?;
        all.push((
            set_order::of_principals(&kind.text, &who),
            Principals {
                who: with_variables(Some(who), version)?.unwrap_or_else(|| Texts::none(&block.origin)),
                kind,
                origin: block.origin,
            },
        ));
    }
    Ok(set_order::in_order(all))
}

fn conditions(block: &Val, version: &str) -> Result<Vec<Condition>, String> {
    let mut all = Vec::new();
    for block in blocks(block, "condition")? {
        let values = texts(&block, "values")?.unwrap_or_else(|| Texts::none(&block.origin));
        let (test, variable) = (required(&block, "test")?, required(&block, "variable")?);
        all.push((
            set_order::of_condition(&test.text, &variable.text, &values),
            Condition {
                test,
                variable,
                values: with_variables(Some(values), version)?.unwrap_or_else(|| Texts::none(&block.origin)),
                origin: block.origin,
            },
        ));
    }
    Ok(set_order::in_order(all))
}

/// The blocks of one type; where nothing is set, none.
fn blocks(value: &Val, name: &str) -> Result<Vec<Val>, String> {
    match value.get(name).filter(|value| !value.is_null()) {
        None => Ok(Vec::new()),
        Some(blocks) => blocks.elements().ok_or_else(|| format!("`{name}` is no list of blocks")),
    }
}

/// The text under a name; `None` where it is not set.
pub(super) fn text(value: &Val, name: &str) -> Result<Option<Text>, String> {
    match value.get(name).filter(|value| !value.is_null()) {
        None => Ok(None),
        Some(value) => as_text(&value, name).map(Some),
    }
}

fn required(value: &Val, name: &str) -> Result<Text, String> {
    text(value, name)?.ok_or_else(|| format!("`{name}` is not set"))
}

fn as_text(value: &Val, name: &str) -> Result<Text, String> {
    let converted = convert::convert(value, &Type::String).map_err(|_| format!("`{name}` is no text"))?;
    let text = converted.as_str().ok_or_else(|| format!("`{name}` holds a null"))?;
    Ok(Text { text: text.to_owned(), origin: value.origin.clone() })
}

/// The texts of a list, in its order; `None` where it is not set.
pub(super) fn texts(value: &Val, name: &str) -> Result<Option<Texts>, String> {
    let Some(list) = value.get(name).filter(|list| !list.is_null()) else { return Ok(None) };
    let elements = list.elements().ok_or_else(|| format!("`{name}` is no list"))?;
    let all: Vec<Text> = elements.iter().map(|element| as_text(element, name)).collect::<Result<_, _>>()?;
    Ok(Some(Texts { single: all.len() == 1, all, origin: list.origin }))
}

/// The texts of a set as the provider writes them: one alone as a text, several in reverse order; `None` where there are
/// none.
fn sorted(value: &Val, name: &str) -> Result<Option<Texts>, String> {
    let Some(mut texts) = texts(value, name)? else { return Ok(None) };
    texts.all.sort_by(|a, b| b.text.cmp(&a.text));
    texts.all.dedup_by(|next, kept| {
        let same = next.text == kept.text;
        if same {
            // Written twice: neither place alone says it.
            kept.origin = texts.origin.clone();
        }
        same
    });
    texts.single = texts.all.len() == 1;
    Ok((!texts.all.is_empty()).then_some(texts))
}

/// With policy variables, which are written `&{…}` in configurations, in the form that AWS reads.
fn with_variables(texts: Option<Texts>, version: &str) -> Result<Option<Texts>, String> {
    let Some(mut texts) = texts else { return Ok(None) };
    for text in &mut texts.all {
        if !text.text.contains("&{") {
            continue;
        }
        if version == OLD_VERSION {
            return Err(format!("version {OLD_VERSION} has no policy variables (`&{{`)"));
        }
        text.text = text.text.replace("&{", "${");
    }
    Ok(Some(texts))
}

impl Text {
    pub(super) fn unwritten(text: &str) -> Self {
        Text { text: text.to_owned(), origin: Origin::none() }
    }
}

impl Texts {
    fn none(origin: &Origin) -> Self {
        Texts { all: Vec::new(), single: false, origin: origin.clone() }
    }
}
