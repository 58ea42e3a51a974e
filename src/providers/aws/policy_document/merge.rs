//! Documents laid over each other: sources, then the blocks, then overrides.

use super::{Document, Statement, Text, arguments, source};
use crate::terraform::value::{Origin, Val};

/// The document that the data source makes.
pub(super) fn document(arguments: &Val) -> Result<Document, String> {
    let mut merged = match old_form(arguments, "source_json")? {
        Some(text) => source::document(&text)?,
        None => Document::default(),
    };
    for source in listed(arguments, "source_policy_documents")? {
        let source = source::document(&source)?;
        refuse_twice(&merged.statements, &source.statements)?;
        merge(&mut merged, source);
    }
    let own = arguments::document(arguments)?;
    merge(&mut merged, own);
    for over in listed(arguments, "override_policy_documents")? {
        merge(&mut merged, source::document(&over)?);
    }
    if let Some(text) = old_form(arguments, "override_json")? {
        merge(&mut merged, source::document(&text)?);
    }
    Ok(merged)
}

/// The document of `source_json` or `override_json`; an empty text is none.
fn old_form(arguments: &Val, name: &str) -> Result<Option<Val>, String> {
    let set = arguments::text(arguments, name)?.is_some_and(|text| !text.text.is_empty());
    Ok(arguments.get(name).filter(|_| set))
}

/// The documents of a list; a `null` in it is none.
fn listed(arguments: &Val, name: &str) -> Result<Vec<Val>, String> {
    let Some(list) = arguments.get(name).filter(|list| !list.is_null()) else { return Ok(Vec::new()) };
    let elements = list.elements().ok_or_else(|| format!("`{name}` is no list"))?;
    Ok(elements.into_iter().filter(|element| !element.is_null()).collect())
}

fn refuse_twice(before: &[Statement], source: &[Statement]) -> Result<(), String> {
    for (at, statement) in source.iter().enumerate() {
        let same = |other: &Statement| !statement.sid().is_empty() && other.sid() == statement.sid();
        if before.iter().any(same) || source[..at].iter().any(same) {
            return Err("two statements of `source_policy_documents` have the same `sid`".to_owned());
        }
    }
    Ok(())
}

/// Lays a document over another: a statement goes in the place of one of the same `Sid`.
fn merge(merged: &mut Document, newer: Document) {
    let text = |text: &Option<Text>| text.as_ref().map_or(String::new(), |text| text.text.clone());
    if !text(&newer.id).is_empty() {
        merged.id = newer.id;
    }
    if text(&newer.version) > text(&merged.version) {
        merged.version = newer.version;
    }
    // Statements of several documents are listed by none of them alone.
    merged.origin = match (merged.statements.is_empty(), newer.statements.is_empty()) {
        (true, _) => newer.origin,
        (false, true) => std::mem::take(&mut merged.origin),
        (false, false) => Origin::none(),
    };
    for statement in newer.statements {
        let same = |other: &&mut Statement| !statement.sid().is_empty() && other.sid() == statement.sid();
        match merged.statements.iter_mut().find(same) {
            Some(older) => *older = statement,
            None => merged.statements.push(statement),
        }
    }
}
