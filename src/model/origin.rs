//! Where something is said: paths into a resource block, and places in files.

use crate::source::{SourceFile, Span};
use std::fmt;

/// A path from a resource block to the argument, element or nested block that says something. Empty: the block itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AttrPath(pub Vec<Step>);

/// One step of an [`AttrPath`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// An argument, or a nested block type when there is one block of it.
    Attr(String),
    /// The element of a list or set whose value is this text. State keeps sets in an order of its own, so elements
    /// are found by value and never by position.
    Element(String),
    /// The value under this key of a map.
    Key(String),
    /// The nested block of the type named by the step before, whose argument `name` is this text.
    Where { name: String, is: String },
}

impl AttrPath {
    pub fn attr(name: &str) -> Self {
        AttrPath(vec![Step::Attr(name.to_owned())])
    }

    /// `name` holding the element `value`.
    pub fn element(name: &str, value: &str) -> Self {
        AttrPath(vec![Step::Attr(name.to_owned()), Step::Element(value.to_owned())])
    }

    /// The nested block `block` whose argument `name` is `is`.
    pub fn block_where(block: &str, name: &str, is: &str) -> Self {
        AttrPath(vec![Step::Attr(block.to_owned()), Step::Where { name: name.to_owned(), is: is.to_owned() }])
    }

    pub fn then(mut self, step: Step) -> Self {
        self.0.push(step);
        self
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// A place in a file, with how exact it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    pub path: String,
    /// From 1.
    pub line: usize,
    /// From 1, in grapheme clusters.
    pub column: usize,
    pub end_line: usize,
    /// Exclusive.
    pub end_column: usize,
    pub precision: Precision,
    /// The lines it covers (at most the first eight), for an excerpt: shown with the finding, never compared. Empty where
    /// a line is too long to be shown.
    pub excerpt: Vec<String>,
}

impl Location {
    /// The place of a span of a file.
    pub fn of(file: &SourceFile, span: Span, precision: Precision) -> Self {
        let (start, end) = (file.position(span.start), file.position(span.end));
        Location {
            path: file.path().to_owned(),
            line: start.line,
            column: start.column,
            end_line: end.line,
            end_column: end.column,
            precision,
            excerpt: excerpt(file, start.line, end.line),
        }
    }
}

/// Longest line that is shown, in bytes: one that holds a whole file of data would go along with every value on it.
const MAX_LINE: usize = 16 * 1024;

fn excerpt(file: &SourceFile, first: usize, last: usize) -> Vec<String> {
    let lines: Vec<&str> = (first..=last).take(8).map(|number| file.line(number)).collect();
    match lines.iter().all(|line| line.len() <= MAX_LINE) {
        true => lines.into_iter().map(str::to_owned).collect(),
        false => Vec::new(),
    }
}

/// `path:line:column`.
impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.path, self.line, self.column)
    }
}

/// How exactly a location points at what was said: a wrong line is worse than a coarse one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precision {
    /// The very value.
    Value,
    /// The argument whose value holds it.
    Attribute,
    /// The resource or nested block.
    Block,
    /// The call of the module that holds the block.
    ModuleCall,
    /// Only the state says so.
    State,
}

impl Precision {
    pub const ALL: [Precision; 5] =
        [Precision::Value, Precision::Attribute, Precision::Block, Precision::ModuleCall, Precision::State];
}

impl fmt::Display for Precision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Precision::Value => "value",
            Precision::Attribute => "attribute",
            Precision::Block => "block",
            Precision::ModuleCall => "module_call",
            Precision::State => "state",
        })
    }
}

/// One further place of the chain that leads to a location.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Related {
    pub path: String,
    pub line: usize,
    pub column: usize,
    /// What the place has to do with it, for example `module call`.
    pub role: String,
}
