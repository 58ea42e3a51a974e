//! The tree of a configuration file. Every node has the span of what was written.

use crate::source::Span;
use std::borrow::Cow;

/// What stands between a block's braces, or in a file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Body {
    /// Each name once, in the order written.
    pub attributes: Vec<Attribute>,
    pub blocks: Vec<Block>,
}

/// `name = expression`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    pub name: Ident,
    pub value: Expression,
    /// From the name to the end of the value.
    pub span: Span,
}

/// `kind "label" "label" { … }`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    pub kind: Ident,
    pub labels: Vec<Ident>,
    pub body: Body,
    /// What a person recognises the block by, on one line: from the kind to the last label; in JSON the last key.
    pub header: Span,
    pub span: Span,
}

/// A name or label, decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ident {
    pub text: String,
    /// With the quotes, where there are some.
    pub span: Span,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expression {
    pub span: Span,
    pub kind: Kind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    Null,
    Bool(bool),
    /// As written.
    Number(String),
    /// A quoted string or a heredoc.
    Template(Template),
    /// A bare word: a variable of a `for`, or what a traversal starts with.
    Variable(String),
    /// `root.name[key]`. A splat applies to the steps after it: `[*]` to all of them, `.*` to those up to the next index.
    Traversal {
        root: Box<Expression>,
        /// At least one.
        steps: Vec<Traverse>,
    },
    Call(Call),
    Unary {
        operator: UnaryOperator,
        operand: Box<Expression>,
    },
    /// Operators of one precedence, applied from left to right.
    Operation {
        first: Box<Expression>,
        /// At least one.
        rest: Vec<(BinaryOperator, Expression)>,
    },
    Conditional {
        condition: Box<Expression>,
        when_true: Box<Expression>,
        when_false: Box<Expression>,
    },
    Parentheses(Box<Expression>),
    Tuple(Vec<Expression>),
    /// Keys may repeat: the last one counts.
    Object(Vec<ObjectItem>),
    For(Box<For>),
}

/// One step of a traversal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Traverse {
    /// From the dot or bracket.
    pub span: Span,
    pub step: TraverseStep,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TraverseStep {
    /// `.name`
    Attribute(String),
    /// `[key]`
    Index(Expression),
    /// `.0`, the number as written.
    LegacyIndex(String),
    /// `.*`
    AttributeSplat,
    /// `[*]`
    Splat,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// With its namespaces: `provider::aws::arn_parse`.
    pub name: Ident,
    pub arguments: Vec<Expression>,
    /// Whether the last argument is followed by `...`.
    pub expand_last: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnaryOperator {
    Negate,
    Not,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BinaryOperator {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
}

/// `key = value` of an object constructor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectItem {
    pub key: ObjectKey,
    pub value: Expression,
    pub span: Span,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ObjectKey {
    /// A bare word stands for itself.
    Name(Ident),
    Expression(Expression),
}

/// `[for k, v in collection : value if condition]`, `{for … : key => value... if condition}`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct For {
    pub key_variable: Option<Ident>,
    pub value_variable: Ident,
    pub collection: Expression,
    /// Of an object; `None` makes a tuple.
    pub key: Option<Expression>,
    pub value: Expression,
    /// Whether `...` groups the values of equal keys.
    pub group: bool,
    pub condition: Option<Expression>,
}

/// Literal text with things in between.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    pub parts: Vec<Part>,
}

/// A part of a template, with whitespace trimmed (`~`) and heredocs dedented (`<<-`) already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Decoded text. A heredoc has at least one of them for each line.
    Literal { text: String, span: Span },
    /// `${…}`; the span is that of the whole sequence.
    Interpolation { value: Expression, span: Span },
    /// `%{ if … }…%{ else }…%{ endif }`
    If { condition: Expression, when_true: Vec<Part>, when_false: Vec<Part>, span: Span },
    /// `%{ for … in … }…%{ endfor }`
    For { key_variable: Option<Ident>, value_variable: Ident, collection: Expression, body: Vec<Part>, span: Span },
}

impl Body {
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| attribute.name.text == name)
    }

    pub fn blocks_of(&self, kind: &str) -> impl Iterator<Item = &Block> {
        self.blocks.iter().filter(move |block| block.kind.text == kind)
    }
}

impl Block {
    pub fn label(&self, index: usize) -> Option<&str> {
        self.labels.get(index).map(|label| label.text.as_str())
    }

    /// The type of the nested blocks that it makes: that of a `dynamic` block is its label.
    pub fn makes(&self) -> &str {
        match self.kind.text.as_str() {
            "dynamic" => self.label(0).unwrap_or("dynamic"),
            kind => kind,
        }
    }
}

impl Expression {
    /// Without the parentheses and the `"${…}"` around it, which change nothing.
    pub fn bare(&self) -> &Expression {
        let mut inner = self;
        loop {
            inner = match &inner.kind {
                Kind::Parentheses(within) => within,
                Kind::Template(Template { parts }) => match parts.as_slice() {
                    [Part::Interpolation { value, .. }] => value,
                    _ => return inner,
                },
                _ => return inner,
            }
        }
    }

    /// The text of a string, number or truth value that is written out, as Terraform would convert it to a string.
    pub fn literal_text(&self) -> Option<Cow<'_, str>> {
        match &self.bare().kind {
            Kind::Bool(true) => Some("true".into()),
            Kind::Bool(false) => Some("false".into()),
            Kind::Number(digits) => Some(digits.into()),
            Kind::Unary { operator: UnaryOperator::Negate, operand } => match &operand.kind {
                Kind::Number(digits) => Some(format!("-{digits}").into()),
                _ => None,
            },
            Kind::Template(template) => template.literal_text(),
            _ => None,
        }
    }

    /// Whether the whole value is written out in place.
    pub fn is_literal(&self) -> bool {
        match &self.bare().kind {
            Kind::Null => true,
            Kind::Tuple(elements) => elements.iter().all(Expression::is_literal),
            Kind::Object(items) => items.iter().all(|item| item.key.literal().is_some() && item.value.is_literal()),
            _ => self.literal_text().is_some(),
        }
    }

    /// Whether the value cannot turn out to be `null`, whatever the references in it lead to.
    pub fn is_never_null(&self) -> bool {
        match &self.bare().kind {
            Kind::Bool(_) | Kind::Number(_) | Kind::Template(_) | Kind::Tuple(_) | Kind::Object(_) | Kind::For(_) => {
                true
            }
            Kind::Unary { .. } | Kind::Operation { .. } => true,
            Kind::Conditional { when_true, when_false, .. } => when_true.is_never_null() && when_false.is_never_null(),
            // A splat over `null` is an empty list.
            Kind::Traversal { steps, .. } => {
                steps.iter().any(|step| matches!(step.step, TraverseStep::Splat | TraverseStep::AttributeSplat))
            }
            Kind::Call(call) => call.is_never_null(),
            Kind::Null | Kind::Variable(_) | Kind::Parentheses(_) => false,
        }
    }

    pub fn is_null(&self) -> bool {
        self.bare().kind == Kind::Null
    }
}

/// Functions that make a list, map or text of whatever they are given, or fail.
const NEVER_NULL: [&str; 12] = [
    "compact",
    "concat",
    "distinct",
    "flatten",
    "format",
    "join",
    "jsonencode",
    "keys",
    "setproduct",
    "setunion",
    "sort",
    "values",
];

impl Call {
    fn is_never_null(&self) -> bool {
        let name = self.name.text.as_str();
        // Conversions pass `null` on.
        let converts = matches!(name, "toset" | "tolist" | "tomap" | "tostring");
        NEVER_NULL.contains(&name) || (converts && self.arguments.iter().all(Expression::is_never_null))
    }
}

impl Template {
    /// The text, when there is nothing else in it.
    pub fn literal_text(&self) -> Option<Cow<'_, str>> {
        match self.parts.as_slice() {
            [Part::Literal { text, .. }] => Some(text.into()),
            parts => {
                let mut all = String::new();
                for part in parts {
                    let Part::Literal { text, .. } = part else { return None };
                    all.push_str(text);
                }
                Some(all.into())
            }
        }
    }
}

impl ObjectKey {
    /// The key's text, when it is written out.
    pub fn literal(&self) -> Option<Cow<'_, str>> {
        match self {
            ObjectKey::Name(name) => Some(name.text.as_str().into()),
            ObjectKey::Expression(expression) => expression.literal_text(),
        }
    }

    pub fn span(&self) -> Span {
        match self {
            ObjectKey::Name(name) => name.span,
            ObjectKey::Expression(expression) => expression.span,
        }
    }
}
