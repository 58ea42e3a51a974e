//! Documents that are merged in, as the provider reads them from their JSON.
//!
//! What the provider reads in a way of its own (numbers in conditions, keys that stand there twice) is refused, so that
//! nothing is made up.

use super::{Condition, Document, Principals, Statement, Text, Texts};
use crate::terraform::decode::json;
use crate::terraform::decode::tree::{Entry, Kind, Node};
use crate::terraform::value::{Origin, Val};

/// A document and where its text comes from.
struct Reader<'a> {
    origin: &'a Origin,
}

/// The document that a text is.
pub(super) fn document(text: &Val) -> Result<Document, String> {
    let json = text.as_str().ok_or_else(|| "a document is no text".to_owned())?;
    let tree = json::positions(json).map_err(|problem| format!("a document is not JSON: {}", problem.message))?;
    let reader = Reader { origin: &text.origin };
    let statements = field(&tree, "Statement")?;
    Ok(Document {
        version: reader.scalar(&tree, "Version")?,
        id: reader.scalar(&tree, "Id")?,
        origin: statements.map(|node| reader.container(node)).unwrap_or_default(),
        statements: match statements.map(|node| &node.kind) {
            None | Some(Kind::Null) => Vec::new(),
            Some(Kind::List(items)) => {
                items.iter().map(|statement| reader.statement(statement)).collect::<Result<_, _>>()?
            }
            Some(_) => return Err("`Statement` of a document is no list".to_owned()),
        },
    })
}

/// The value under a key in any case, as Go's decoder looks for it.
fn field<'n>(node: &'n Node, name: &str) -> Result<Option<&'n Node>, String> {
    let Kind::Object(entries) = &node.kind else { return Err("a document or statement is no object".to_owned()) };
    let mut found = entries.iter().filter(|entry| entry.key.text.eq_ignore_ascii_case(name));
    match (found.next(), found.next()) {
        (_, Some(_)) => Err(format!("`{name}` stands twice in a document")),
        (found, None) => Ok(found.map(|entry| &entry.value).filter(|value| !matches!(value.kind, Kind::Null))),
    }
}

impl Reader<'_> {
    fn statement(&self, node: &Node) -> Result<Statement, String> {
        let mut statement = Statement::new(self.container(node));
        statement.sid = self.scalar(node, "Sid")?;
        statement.effect = self.scalar(node, "Effect")?;
        statement.actions = self.list(node, "Action")?;
        statement.not_actions = self.list(node, "NotAction")?;
        statement.resources = self.list(node, "Resource")?;
        statement.not_resources = self.list(node, "NotResource")?;
        statement.principals = self.principals(node, "Principal")?;
        statement.not_principals = self.principals(node, "NotPrincipal")?;
        statement.conditions = self.conditions(node)?;
        Ok(statement)
    }

    fn scalar(&self, node: &Node, name: &str) -> Result<Option<Text>, String> {
        match field(node, name)? {
            None => Ok(None),
            Some(value) => self.text(value).map(Some),
        }
    }

    fn list(&self, node: &Node, name: &str) -> Result<Option<Texts>, String> {
        match field(node, name)? {
            None => Ok(None),
            Some(value) => self.texts(value).map(Some),
        }
    }

    fn texts(&self, node: &Node) -> Result<Texts, String> {
        let (all, single) = match &node.kind {
            Kind::List(items) => (items.iter().map(|item| self.text(item)).collect::<Result<_, _>>()?, false),
            _ => (vec![self.text(node)?], true),
        };
        Ok(Texts { all, single, origin: self.container(node) })
    }

    fn principals(&self, node: &Node, name: &str) -> Result<Vec<Principals>, String> {
        let Some(value) = field(node, name)? else { return Ok(Vec::new()) };
        if value.as_str().is_some() {
            // Whatever the text is.
            let anybody = Text { text: "*".to_owned(), origin: self.text(value)?.origin };
            let origin = anybody.origin.clone();
            let who = Texts { all: vec![anybody], single: false, origin: origin.clone() };
            return Ok(vec![Principals { kind: Text::unwritten("*"), who, origin }]);
        }
        let of = |entry: &Entry| {
            let mut who = self.texts(&entry.value)?;
            if !who.single {
                who.all.sort_by(|a, b| b.text.cmp(&a.text));
            }
            Ok(Principals { kind: self.key(entry), who, origin: self.container(value) })
        };
        entries(value, name)?.iter().map(of).collect()
    }

    fn conditions(&self, node: &Node) -> Result<Vec<Condition>, String> {
        let Some(value) = field(node, "Condition")? else { return Ok(Vec::new()) };
        let mut all = Vec::new();
        for test in entries(value, "Condition")? {
            for variable in entries(&test.value, "Condition")? {
                let values = match variable.value.kind {
                    Kind::Bool(truth) => {
                        let origin = self.container(&variable.value);
                        let text = Text { text: truth.to_string(), origin: Origin::changed(&origin) };
                        Texts { all: vec![text], single: true, origin }
                    }
                    _ => self.texts(&variable.value)?,
                };
                let origin = self.container(&test.value);
                all.push(Condition { test: self.key(test), variable: self.key(variable), values, origin });
            }
        }
        Ok(all)
    }

    fn text(&self, node: &Node) -> Result<Text, String> {
        let text = node.as_str().ok_or_else(|| "a document holds something where a text is wanted".to_owned())?;
        let inner = node.range.start + 1..node.range.end - 1;
        let verbatim = inner.len() == text.len();
        let origin = self.origin.part(inner).unwrap_or_else(|| self.container(node));
        let origin = if verbatim { origin } else { Origin::changed(&origin) };
        Ok(Text { text: text.to_owned(), origin })
    }

    fn key(&self, entry: &Entry) -> Text {
        let inner = entry.key.range.start + 1..entry.key.range.end - 1;
        let origin = self.origin.part(inner).map(|origin| Origin::changed(&origin));
        Text { text: entry.key.text.to_string(), origin: origin.unwrap_or_default() }
    }

    /// Where a list, an object or a whole value comes from: its first byte knows.
    fn container(&self, node: &Node) -> Origin {
        let first = self.origin.part(node.range.start..node.range.start + 1);
        first.map_or_else(|| Origin::changed(self.origin), |origin| Origin::changed(&origin))
    }
}

fn entries<'n>(node: &'n Node, name: &str) -> Result<&'n [Entry], String> {
    let Kind::Object(entries) = &node.kind else { return Err(format!("`{name}` of a document is no object")) };
    let twice = |at: usize| entries[..at].iter().any(|before| before.key.text == entries[at].key.text);
    if (0..entries.len()).any(twice) {
        return Err(format!("a key stands twice in `{name}` of a document"));
    }
    Ok(entries)
}
