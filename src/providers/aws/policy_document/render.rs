//! A document as JSON, as Go's `encoding/json` writes it, with where each part of the text comes from.

use super::{Condition, Document, Principals, Statement, Text, Texts};
use crate::terraform::value::origin::Piece;
use crate::terraform::value::{Origin, Place, Val, json_text};
use std::collections::BTreeMap;

/// How the text is written.
#[derive(Clone, Copy)]
pub(super) struct Form {
    pub(super) indented: bool,
    /// Whether a statement without a `Sid` has an empty one.
    pub(super) empty_sids: bool,
}

enum Json {
    Text(Text),
    List(Vec<Json>, Origin),
    Object(Vec<(Text, Json)>, Origin),
}

/// The text of a document that the block `at` makes.
pub(super) fn render(document: &Document, form: Form, at: &Place) -> Val {
    let mut writer =
        Writer { text: String::new(), pieces: Vec::new(), at: at.clone(), indented: form.indented, depth: 0 };
    let block = Origin::block(at.clone());
    writer.value(&whole(document, form, &block));
    let origin = Origin::spliced(at.clone(), writer.pieces);
    Val::string(writer.text).with_origin(origin)
}

fn whole(document: &Document, form: Form, block: &Origin) -> Json {
    let mut fields = Vec::new();
    for (name, text) in [("Version", &document.version), ("Id", &document.id)] {
        fields.extend(filled(text).map(|text| (Text::unwritten(name), Json::Text(text))));
    }
    if !document.statements.is_empty() {
        let statements = document.statements.iter().map(|each| statement(each, form)).collect();
        let origin = if document.origin.is_none() { block.clone() } else { document.origin.clone() };
        fields.push((Text::unwritten("Statement"), Json::List(statements, origin)));
    }
    Json::Object(fields, block.clone())
}

fn filled(text: &Option<Text>) -> Option<Text> {
    text.clone().filter(|text| !text.text.is_empty())
}

fn statement(statement: &Statement, form: Form) -> Json {
    let mut fields = Vec::new();
    let mut field = |name: &str, value: Json| fields.push((Text::unwritten(name), value));
    match filled(&statement.sid) {
        Some(sid) => field("Sid", Json::Text(sid)),
        None if form.empty_sids => field("Sid", Json::Text(Text::unwritten(""))),
        None => {}
    }
    if let Some(effect) = filled(&statement.effect) {
        field("Effect", Json::Text(effect));
    }
    let lists = [
        ("Action", &statement.actions),
        ("NotAction", &statement.not_actions),
        ("Resource", &statement.resources),
        ("NotResource", &statement.not_resources),
    ];
    for (name, texts) in lists {
        if let Some(texts) = texts {
            field(name, list(texts));
        }
    }
    for (name, all) in [("Principal", &statement.principals), ("NotPrincipal", &statement.not_principals)] {
        if !all.is_empty() {
            field(name, principals(all));
        }
    }
    if !statement.conditions.is_empty() {
        field("Condition", conditions(&statement.conditions, &statement.origin));
    }
    Json::Object(fields, statement.origin.clone())
}

fn list(texts: &Texts) -> Json {
    match texts.all.as_slice() {
        [only] if texts.single => Json::Text(only.clone()),
        all => Json::List(all.iter().cloned().map(Json::Text).collect(), texts.origin.clone()),
    }
}

/// `{"*": "*"}` alone is written as `"*"`; types that several blocks name are put together.
fn principals(all: &[Principals]) -> Json {
    if let [only] = all
        && only.kind.text == "*"
        && let [who] = only.who.all.as_slice()
        && who.text == "*"
    {
        return Json::Text(who.clone());
    }
    let mut kinds: BTreeMap<&str, (&Text, Texts)> = BTreeMap::new();
    for principals in all {
        match kinds.get_mut(principals.kind.text.as_str()) {
            None => {
                kinds.insert(&principals.kind.text, (&principals.kind, principals.who.clone()));
            }
            Some((_, who)) => {
                who.single = false;
                who.all.extend(principals.who.all.iter().cloned());
                who.origin = Origin::none();
            }
        }
    }
    let origin = match all {
        [only] => only.origin.clone(),
        _ => Origin::none(),
    };
    Json::Object(kinds.into_values().map(|(kind, who)| (kind.clone(), list(&who))).collect(), origin)
}

/// Values by variable, with where the variable was written.
type Variables<'a> = BTreeMap<&'a str, (&'a Text, Texts)>;

/// By test, then by variable; one value alone is written as a text, wherever it comes from.
fn conditions(all: &[Condition], statement: &Origin) -> Json {
    let mut tests: BTreeMap<&str, (&Condition, Variables<'_>)> = BTreeMap::new();
    for condition in all {
        let (_, variables) = tests.entry(&condition.test.text).or_insert_with(|| (condition, BTreeMap::new()));
        match variables.get_mut(condition.variable.text.as_str()) {
            None => {
                variables.insert(&condition.variable.text, (&condition.variable, condition.values.clone()));
            }
            Some((_, values)) => {
                values.all.extend(condition.values.all.iter().cloned());
                values.origin = Origin::none();
            }
        }
    }
    let tests = tests.into_values().map(|(condition, variables)| {
        let variables = variables.into_values().map(|(variable, mut values)| {
            values.single = values.all.len() == 1;
            (variable.clone(), list(&values))
        });
        (condition.test.clone(), Json::Object(variables.collect(), condition.origin.clone()))
    });
    Json::Object(tests.collect(), statement.clone())
}

struct Writer {
    text: String,
    pieces: Vec<Piece>,
    /// What holds the part that is being written.
    at: Place,
    indented: bool,
    depth: usize,
}

impl Writer {
    fn value(&mut self, value: &Json) {
        match value {
            Json::Text(text) => self.string(text),
            Json::List(items, origin) => self.container(origin, ['[', ']'], items.len(), |writer, index| {
                writer.value(&items[index]);
            }),
            Json::Object(fields, origin) => self.container(origin, ['{', '}'], fields.len(), |writer, index| {
                let (key, value) = &fields[index];
                writer.string(key);
                writer.text.push_str(if writer.indented { ": " } else { ":" });
                writer.value(value);
            }),
        }
    }

    /// A text in quotes; the quotes belong to what holds it. Bytes that are escaped lead to the whole text.
    fn string(&mut self, text: &Text) {
        self.text.push('"');
        let start = self.text.len();
        json_text::escape(&text.text, &mut self.text);
        let verbatim = self.text[start..] == text.text;
        let origin = if verbatim { text.origin.clone() } else { Origin::changed(&text.origin) };
        if start < self.text.len() && !origin.is_none() {
            self.pieces.push(Piece { range: start..self.text.len(), origin, literal: false });
        }
        self.text.push('"');
    }

    /// What stands between brackets: its parts have places in it, and all the rest is its own.
    fn container(&mut self, origin: &Origin, [open, close]: [char; 2], count: usize, each: impl Fn(&mut Self, usize)) {
        let start = self.text.len();
        let at = origin.trail().end.map_or_else(|| self.at.clone(), |end| end.place);
        let outer_at = std::mem::replace(&mut self.at, at);
        let outer = std::mem::take(&mut self.pieces);
        let origin = if origin.is_none() { Origin::made(self.at.clone(), Vec::new()) } else { origin.clone() };
        self.pieces.push(Piece { range: start..start + 1, origin: Origin::changed(&origin), literal: false });
        self.text.push(open);
        self.depth += 1;
        for index in 0..count {
            self.text.push_str(if index == 0 { "" } else { "," });
            self.new_line();
            each(self, index);
        }
        self.depth -= 1;
        if count > 0 {
            self.new_line();
        }
        self.text.push(close);
        let mut inner = std::mem::replace(&mut self.pieces, outer);
        for piece in &mut inner {
            piece.range = piece.range.start - start..piece.range.end - start;
        }
        let at = std::mem::replace(&mut self.at, outer_at);
        let whole = Origin::within(&origin, &Origin::spliced(at, inner));
        self.pieces.push(Piece { range: start..self.text.len(), origin: whole, literal: false });
    }

    fn new_line(&mut self) {
        if self.indented {
            self.text.push('\n');
            self.text.push_str(&"  ".repeat(self.depth));
        }
    }
}
