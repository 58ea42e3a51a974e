//! Check 6: what the added lines give, by names and wildcards alone.

use super::blocks;
use super::exceptions::Exceptions;
use super::notice::{Level, Notice, PRIVILEGE};
use super::staged::{Staged, StagedFile};
use crate::providers;
use crate::source::{SourceFile, Span};
use crate::terraform::config::syntax::tree::{Expression, Kind, Part, Template};
use crate::terraform::config::syntax::{self, Block, Body};

/// Arguments and keys that list actions.
const ACTIONS: [&str; 3] = ["actions", "Action", "action"];

/// Arguments and keys that list who is let in.
const PRINCIPALS: [&str; 6] = ["identifiers", "Principal", "AWS", "Federated", "CanonicalUser", "principals"];

/// What the added lines of all files give.
pub(super) fn notices(staged: &Staged, exceptions: &Exceptions<'_>) -> Vec<Notice> {
    let mut notices = Vec::new();
    for file in &staged.files {
        let Some(text) = &file.new else { continue };
        let mut lines = Lines { file, text, below: 0, found: Vec::new() };
        match blocks::body(text) {
            Some(body) => lines.body(&body, &Around::default()),
            None => lines.data(),
        }
        let open = |(line, _): &(usize, Gives)| !exceptions.accept_at(text, *line, &[PRIVILEGE.name]);
        notices.extend(lines.found.iter().filter(|found| open(found)).map(|(line, gives)| notice(text, *line, gives)));
    }
    notices
}

/// What a value gives.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Gives {
    level: Level,
    what: String,
}

pub(super) fn notice_of(text: &SourceFile, line: usize, level: Level, message: String) -> Notice {
    Notice {
        check: &PRIVILEGE,
        level,
        path: text.path().to_owned(),
        line: Some(line),
        message,
        help: format!(
            "give what is needed and no more; where it is meant, a comment accepts it: `# driftline:ignore[{}] exp:DATE \
             owner:NAME -- reason`",
            PRIVILEGE.name
        ),
    }
}

fn notice(text: &SourceFile, line: usize, gives: &Gives) -> Notice {
    notice_of(text, line, gives.level, gives.what.clone())
}

/// What stands around a value.
#[derive(Clone, Default)]
struct Around<'a> {
    resource_type: Option<&'a str>,
    /// The argument or key whose value it is, or is in.
    key: &'a str,
    /// Whether it is in a statement that denies.
    denies: bool,
}

struct Lines<'a> {
    file: &'a StagedFile,
    text: &'a SourceFile,
    /// How many lines of the file stand above the text.
    below: usize,
    found: Vec<(usize, Gives)>,
}

impl Lines<'_> {
    fn body<'b>(&mut self, body: &'b Body, around: &Around<'b>) {
        let effect = body.attribute("effect").and_then(|effect| effect.value.literal_text());
        let around = Around { denies: around.denies || effect.is_some_and(|effect| denies(&effect)), ..around.clone() };
        for attribute in &body.attributes {
            self.value(&attribute.value, &Around { key: &attribute.name.text, ..around.clone() });
        }
        for block in &body.blocks {
            let resource_type = resource_type(block).or(around.resource_type);
            self.body(&block.body, &Around { resource_type, ..around.clone() });
        }
    }

    fn value<'b>(&mut self, value: &'b Expression, around: &Around<'b>) {
        let (first, last) = (self.line(value.span.start), self.line(value.span.end));
        if !self.file.adds_any(&(first..last + 1)) {
            return;
        }
        match &value.kind {
            Kind::Parentheses(inner) => self.value(inner, around),
            Kind::Tuple(elements) => elements.iter().for_each(|element| self.value(element, around)),
            Kind::Call(call) => call.arguments.iter().for_each(|argument| self.value(argument, around)),
            Kind::Conditional { when_true, when_false, .. } => {
                self.value(when_true, around);
                self.value(when_false, around);
            }
            Kind::For(each) => {
                self.value(&each.collection, around);
                self.value(&each.value, around);
            }
            Kind::Object(items) => {
                let is_effect = |key: &str| key.eq_ignore_ascii_case("effect");
                let effect = items.iter().find(|item| item.key.literal().is_some_and(|key| is_effect(&key)));
                let denied = effect.and_then(|item| item.value.literal_text()).is_some_and(|effect| denies(&effect));
                for item in items {
                    let name = item.key.literal();
                    let key = PRINCIPALS.iter().chain(&ACTIONS).find(|known| name.as_deref() == Some(**known)).copied();
                    // Other keys, such as names of people, say nothing of what their values are.
                    let key = key.unwrap_or_else(|| if name.is_some() { "" } else { around.key });
                    self.value(&item.value, &Around { key, denies: around.denies || denied, ..around.clone() });
                }
            }
            Kind::Template(template) => self.template(template, value.span, around),
            Kind::Bool(true) => self.flag(first, around),
            _ => {}
        }
    }

    fn template(&mut self, template: &Template, span: Span, around: &Around<'_>) {
        let text = outline(&template.parts);
        let start = self.line(span.start);
        if text.trim_start().starts_with('{') {
            // What is in a heredoc begins on the line below its head.
            let is_heredoc = self.text.slice(span).starts_with("<<");
            self.document(text, start - 1 + usize::from(is_heredoc));
            return;
        }
        let gives = by_name(&text).or_else(|| by_wildcard(&text, around));
        if let Some(gives) = gives.filter(|_| self.file.adds(start)) {
            self.found.push((start, gives));
        }
        if text == "true" {
            self.flag(start, around);
        }
    }

    fn flag(&mut self, line: usize, around: &Around<'_>) {
        let why = providers::SYSTEMS.iter().flat_map(|provider| provider.administrator_flags());
        let why =
            why.filter(|(of, flag, _)| Some(*of) == around.resource_type && *flag == around.key).map(|(.., why)| why);
        self.found.extend(why.map(|why| (line, Gives { level: Level::Error, what: (*why).to_owned() })));
    }

    /// A policy document as text with so many lines above it; whether it is one.
    fn document(&mut self, text: String, below: usize) -> bool {
        let text = SourceFile::new(self.text.path(), text);
        let (body, _) = syntax::parse_json_values(text.text());
        let is_one = body.attribute("Statement").is_some();
        if is_one {
            let mut lines = Lines { file: self.file, text: &text, below, found: Vec::new() };
            lines.body(&body, &Around::default());
            self.found.append(&mut lines.found);
        }
        is_one
    }

    /// A file in another language than that of configuration.
    fn data(&mut self) {
        if self.text.path().ends_with(".json") && self.document(self.text.text().to_owned(), 0) {
            return;
        }
        let in_word = |c: char| c.is_alphanumeric() || "_-/:.".contains(c);
        for line in self.file.added() {
            let said = self.text.line(line);
            let said = if self.text.path().ends_with(".json") { said } else { said.split('#').next().unwrap_or(said) };
            let gives = said.split(|c| !in_word(c)).find_map(by_name);
            self.found.extend(gives.map(|gives| (line, gives)));
        }
    }

    fn line(&self, offset: usize) -> usize {
        self.below + self.text.position(offset).line
    }
}

fn resource_type(block: &Block) -> Option<&str> {
    (block.kind.text == "resource").then(|| block.label(0)).flatten()
}

fn denies(effect: &str) -> bool {
    effect.eq_ignore_ascii_case("deny")
}

/// The text of a template as far as it is written out.
fn outline(parts: &[Part]) -> String {
    let literal = |part: &Part| match part {
        Part::Literal { text, .. } => text.clone(),
        _ => String::new(),
    };
    parts.iter().map(literal).collect()
}

fn by_name(text: &str) -> Option<Gives> {
    let why = providers::SYSTEMS.iter().find_map(|provider| provider.administrator_by_name(text))?;
    Some(Gives { level: Level::Error, what: why.to_owned() })
}

fn by_wildcard(text: &str, around: &Around<'_>) -> Option<Gives> {
    if around.denies {
        return None;
    }
    let gives = |level, what: String| Some(Gives { level, what });
    if ACTIONS.contains(&around.key) {
        return match text.strip_suffix('*') {
            Some("" | "*:") => gives(Level::Error, "it allows every action".to_owned()),
            Some(before) if before.ends_with(':') => {
                gives(Level::Warning, format!("it allows every action of `{}`", before.trim_end_matches(':')))
            }
            _ => None,
        };
    }
    if PRINCIPALS.contains(&around.key) {
        return match text {
            "*" => gives(Level::Warning, "it lets everybody in whom no condition keeps out".to_owned()),
            _ if is_principal(text) => gives(Level::Warning, format!("it lets `{text}` in")),
            _ => None,
        };
    }
    None
}

/// Whether a text names somebody who is no service: an ARN, an account.
fn is_principal(text: &str) -> bool {
    text.starts_with("arn:") || (text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit()))
}
