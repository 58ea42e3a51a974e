//! What a text in another language says, with the bytes that every value and key takes.

use crate::terraform::value::Number;
use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// How many of the aliases are kept through which a value was fetched.
const MAX_THROUGH: usize = 64;

/// A value. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    /// Bytes of the text; quotes belong to it.
    pub range: Range<usize>,
    pub kind: Kind,
    /// The aliases through which it was fetched, from the outermost inwards.
    pub through: Vec<Range<usize>>,
}

/// What a value is.
#[derive(Debug, Clone)]
pub(crate) enum Kind {
    Null,
    Bool(bool),
    Number(Number),
    Text(Text),
    List(Arc<Vec<Node>>),
    /// In the order of the text; the last of several alike counts.
    Object(Arc<Vec<Entry>>),
}

/// A value under a key.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub key: Key,
    pub value: Node,
}

/// A key. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Key {
    /// Bytes of the text; quotes belong to it.
    pub range: Range<usize>,
    pub text: Arc<str>,
    /// The aliases through which it was fetched, from the outermost inwards.
    pub through: Vec<Range<usize>>,
}

/// A text, and where the pieces of it were written.
#[derive(Debug, Clone)]
pub(crate) struct Text {
    pub text: Arc<str>,
    /// In order and without holes; empty for what has no certain pieces.
    pub runs: Arc<[Run]>,
}

/// Bytes of a decoded text, and the bytes of the text that was read for which they stand: byte by byte where both are of
/// one length, else by an escape.
pub(crate) type Run = (Range<usize>, Range<usize>);

fn is_verbatim((text, raw): &Run) -> bool {
    text.len() == raw.len()
}

/// Why a text cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    /// Byte of the text.
    pub at: usize,
    /// Lower-case, without a final stop. Never a value.
    pub message: Cow<'static, str>,
    /// driftline does not go on, but Terraform would.
    pub limit: bool,
}

impl Problem {
    pub(crate) fn new(at: usize, message: impl Into<Cow<'static, str>>) -> Self {
        Problem { at, message: message.into(), limit: false }
    }

    pub(crate) fn limit(at: usize, message: impl Into<Cow<'static, str>>) -> Self {
        Problem { at, message: message.into(), limit: true }
    }
}

impl Node {
    pub(crate) fn new(range: Range<usize>, kind: Kind) -> Self {
        Node { range, kind, through: Vec::new() }
    }

    /// Fetched through these aliases.
    pub(super) fn through(mut self, aliases: &[Range<usize>]) -> Self {
        add(&mut self.through, aliases);
        self
    }

    /// The value under a key of an object.
    pub(crate) fn get(&self, key: &str) -> Option<&Node> {
        self.entries().iter().rev().find(|entry| &*entry.key.text == key).map(|entry| &entry.value)
    }

    /// The elements of a list; none for anything else.
    pub(crate) fn items(&self) -> &[Node] {
        match &self.kind {
            Kind::List(items) => items,
            _ => &[],
        }
    }

    /// The entries of an object; none for anything else.
    pub(crate) fn entries(&self) -> &[Entry] {
        match &self.kind {
            Kind::Object(entries) => entries,
            _ => &[],
        }
    }

    pub(crate) fn as_str(&self) -> Option<&str> {
        match &self.kind {
            Kind::Text(text) => Some(&text.text),
            _ => None,
        }
    }
}

impl Entry {
    /// Fetched through these aliases.
    pub(super) fn through(mut self, aliases: &[Range<usize>]) -> Self {
        add(&mut self.key.through, aliases);
        self.value = self.value.through(aliases);
        self
    }
}

/// Puts aliases in front of those that are there. Of very many the innermost are left out: each value keeps its own.
fn add(through: &mut Vec<Range<usize>>, aliases: &[Range<usize>]) {
    through.splice(0..0, aliases.iter().cloned());
    through.truncate(MAX_THROUGH);
}

impl Text {
    /// A text that is not made of the pieces of what was read.
    pub(super) fn other(text: &str) -> Self {
        Text { text: text.into(), runs: Arc::new([]) }
    }
}

/// A text while it is decoded.
#[derive(Debug, Default)]
pub(super) struct Decoding {
    pub(super) text: String,
    runs: Vec<Run>,
}

impl Decoding {
    /// Adds what stands in the text itself, byte by byte.
    pub(super) fn verbatim(&mut self, text: &str, at: usize) {
        self.push(text, at..at + text.len());
    }

    /// Adds what `raw` stands for.
    pub(super) fn push(&mut self, text: &str, raw: Range<usize>) {
        let start = self.text.len();
        self.text.push_str(text);
        let run = (start..self.text.len(), raw);
        match self.runs.last_mut() {
            Some(last) if is_verbatim(last) && is_verbatim(&run) && last.1.end == run.1.start => {
                last.0.end = run.0.end;
                last.1.end = run.1.end;
            }
            _ if text.is_empty() => {}
            _ => self.runs.push(run),
        }
    }

    /// Whether the text has the form already in which Terraform keeps all text.
    pub(super) fn is_normal(&self) -> bool {
        normal(&self.text).is_none()
    }

    /// The text in the form in which Terraform keeps all text, which is not always the one in which it was written.
    pub(super) fn finish(self) -> Text {
        let Some(text) = normal(&self.text) else {
            return Text { text: self.text.into(), runs: self.runs.into() };
        };
        let raw = self.runs.first().map_or(0, |run| run.1.start)..self.runs.last().map_or(0, |run| run.1.end);
        let run = (0..text.len(), raw);
        // Of one length by chance, not byte by byte.
        let runs = if is_verbatim(&run) { Vec::new() } else { vec![run] };
        Text { text: text.into(), runs: runs.into() }
    }
}

/// The composed form of a text (`cty.NormalizeString`); `None` when the text is in that form.
fn normal(text: &str) -> Option<String> {
    if text.is_ascii() || is_nfc_quick(text.chars()) == IsNormalized::Yes {
        return None;
    }
    let composed: String = text.nfc().collect();
    (composed != text).then_some(composed)
}
