//! From an expression to its value, with where it was written.
//!
//! Rules: `hclsyntax` of hashicorp/hcl as Terraform 1.11 uses it, held against the real binary. An error of the
//! configuration is a [`Fault`], which `try` and `can` see; what is not known is a value that says why.

mod access;
mod budget;
mod calls;
mod loops;
mod operators;
mod templates;

#[cfg(test)]
mod tests;

pub use budget::Budget;

use super::config::syntax::tree::{ObjectKey, Traverse};
use super::config::syntax::{self, Expression, Kind};
use super::functions::files::Files;
use super::value::{Cause, Entries, Entry, Number, Origin, Place, Type, Val, Why, convert};
use crate::source::{SourceFile, Span};
use std::sync::Arc;

/// Why an expression has no value.
#[derive(Debug, Clone)]
pub struct Fault {
    /// Lower-case, without a final stop. Never a value.
    pub message: String,
    pub at: Place,
    /// `Limit` when it was given up, else `Error`.
    pub cause: Cause,
}

/// A value, or the fault that stops the evaluation.
pub type Evaluated = Result<Val, Fault>;

/// A step after a name, as far as it can be said without going on.
#[derive(Debug, Clone)]
pub enum Stepped {
    Name(Arc<str>),
    Key(Val),
}

/// What names mean outside of an expression: variables, locals, resources.
pub trait Names {
    /// The value of a name with as many of its steps as belong to the name, and how many those are.
    fn look_up(&self, root: &str, steps: &[Stepped], at: &Place) -> Result<(Val, usize), Fault>;
}

/// Where no name means anything: expressions that stand alone.
pub struct NoNames;

impl Names for NoNames {
    fn look_up(&self, root: &str, _: &[Stepped], at: &Place) -> Result<(Val, usize), Fault> {
        Err(Fault::new(at.clone(), format!("`{root}` means nothing here")))
    }
}

/// What an expression is evaluated in.
#[derive(Clone, Copy)]
pub struct Scope<'a> {
    pub names: &'a dyn Names,
    pub files: &'a Files,
    pub budget: &'a Budget,
    /// The file that the spans of the expression count in.
    pub file: &'a SourceFile,
    frame: Option<&'a Frame<'a>>,
}

/// Names that an expression itself gives: the variables of a `for`, or those of a template file.
struct Frame<'a> {
    names: Vec<(&'a str, Val)>,
    outer: Option<&'a Frame<'a>>,
}

/// Evaluates a text that is one expression and uses no names.
///
/// # Errors
/// When the text is no expression, or has no value.
pub fn expression(text: &str, files: &Files) -> Evaluated {
    let file = SourceFile::new("expression", text);
    let parsed =
        syntax::parse_expression(text).map_err(|error| Fault::new(Place::new(&file, error.span), error.message))?;
    Scope::new(&NoNames, files, &Budget::default(), &file).value(&parsed)
}

impl Fault {
    pub fn new(at: Place, message: impl Into<String>) -> Self {
        Fault { message: message.into(), at, cause: Cause::Error }
    }

    /// The value that stands for it where the evaluation goes on with other things.
    pub fn into_unknown(self) -> Val {
        Val::unknown(Type::Dynamic, self.into_why())
    }

    pub fn into_why(self) -> Why {
        Why { cause: self.cause, text: self.message, at: Some(self.at) }
    }
}

impl<'a> Scope<'a> {
    pub fn new(names: &'a dyn Names, files: &'a Files, budget: &'a Budget, file: &'a SourceFile) -> Self {
        Scope { names, files, budget, file, frame: None }
    }

    fn place(&self, span: Span) -> Place {
        Place::new(self.file, span)
    }

    fn fault(&self, span: Span, message: impl Into<String>) -> Fault {
        Fault::new(self.place(span), message)
    }

    /// A number that Terraform reads, and that is not followed here.
    fn too_large(&self, span: Span) -> Fault {
        Fault { cause: Cause::Limit, ..self.fault(span, "the number is too large or has too many digits") }
    }

    fn written(&self, span: Span) -> Origin {
        Origin::written(self.file, span)
    }

    /// The value of an expression.
    ///
    /// # Errors
    /// When Terraform would refuse it too, or when it is given up as too large.
    pub fn value(&self, expression: &Expression) -> Evaluated {
        let _level = self.budget.enter(|| self.place(expression.span))?;
        let span = expression.span;
        let value = match &expression.kind {
            Kind::Null => Val::null(Type::Dynamic).with_origin(self.written(span)),
            Kind::Bool(value) => Val::bool(*value).with_origin(self.written(span)),
            Kind::Number(digits) => {
                let number = Number::parse(digits).ok_or_else(|| self.too_large(span))?;
                Val::number(number).with_origin(self.written(span))
            }
            Kind::Template(template) => self.template(template, span)?,
            Kind::Variable(name) => self.named(name, &[], span)?.0,
            Kind::Traversal { root, steps } => self.traversal(root, steps, span)?,
            Kind::Call(call) => self.call(call, span)?,
            Kind::Unary { operator, operand } => self.unary(*operator, operand, span)?,
            Kind::Operation { first, rest } => self.operation(first, rest, span)?,
            Kind::Conditional { condition, when_true, when_false } => {
                self.conditional(condition, when_true, when_false, span)?
            }
            Kind::Parentheses(inner) => self.value(inner)?,
            Kind::Tuple(elements) => {
                let elements: Vec<Val> =
                    elements.iter().map(|element| self.value(element)).collect::<Result<_, _>>()?;
                Val::tuple(elements).with_origin(self.written(span))
            }
            Kind::Object(items) => {
                let mut entries = Entries::new();
                let (mut unknown, mut sensitive) = (None, false);
                for item in items {
                    let (key, value) = (self.key(&item.key)?, self.value(&item.value)?);
                    sensitive |= key.sensitive;
                    match key.as_str() {
                        Some(name) => {
                            entries.insert(name.into(), Entry { key_origin: key.origin.clone(), value });
                        }
                        None => unknown = key.why_unknown().cloned(),
                    }
                }
                let object = match unknown {
                    Some(why) => Val::unknown_like(Type::Dynamic, &why),
                    None => Val::object(entries),
                };
                object.with_origin(self.written(span)).marked(sensitive)
            }
            Kind::For(of) => self.for_expression(of, span)?,
        };
        // Where values are put together; everywhere else they are passed on.
        match expression.kind {
            Kind::Tuple(_) | Kind::Object(_) | Kind::For(_) | Kind::Call(_) => {
                self.budget.hold(value, || self.place(span))
            }
            _ => Ok(value),
        }
    }

    /// The value as another type; in words why it is none.
    fn converted(&self, value: &Val, to: &Type, span: Span) -> Result<Result<Val, String>, Fault> {
        self.budget.walk(value, || self.place(span))?;
        Ok(convert::convert(value, to))
    }

    /// The text of an object's key; a bare word stands for itself.
    fn key(&self, key: &ObjectKey) -> Evaluated {
        let expression = match key {
            ObjectKey::Name(name) => return Ok(Val::string(name.text.as_str()).with_origin(self.written(name.span))),
            ObjectKey::Expression(expression) => expression,
        };
        if let Kind::Traversal { .. } = expression.kind {
            return Err(self.fault(expression.span, "write a computed key in parentheses"));
        }
        self.text_key(expression)
    }

    /// The text that an expression gives as a key.
    fn text_key(&self, expression: &Expression) -> Evaluated {
        let value = self.value(expression)?;
        if value.is_null() {
            return Err(self.fault(expression.span, "a key must not be null"));
        }
        self.converted(&value, &Type::String, expression.span)?
            .map_err(|_| self.fault(expression.span, "a key must be a string, a number or a bool"))
    }

    fn conditional(
        &self,
        condition: &Expression,
        when_true: &Expression,
        when_false: &Expression,
        span: Span,
    ) -> Evaluated {
        // Both are evaluated, for the type that they have in common; a fault counts only in the one that is chosen.
        let (yes, no) = (self.value(when_true), self.value(when_false));
        for side in [&yes, &no].into_iter().flatten() {
            self.budget.walk(side, || self.place(span))?;
        }
        let of = match (&yes, &no) {
            (Ok(yes), Ok(no)) => Some(common_type(yes, no).ok_or_else(|| {
                self.fault(span, "the values for when the condition holds and does not hold must be of one type")
            })?),
            _ => None,
        };
        let limit = |side: &Evaluated| matches!(side, Err(fault) if fault.cause == Cause::Limit);
        if limit(&yes) {
            return yes;
        }
        if limit(&no) {
            return no;
        }
        let chosen = self.value(condition)?;
        // Whoever sees the result can tell something about the other one, too.
        let sensitive = [&yes, &no].iter().any(|side| matches!(side, Ok(value) if value.sensitive)) || chosen.sensitive;
        if chosen.is_null() {
            return Err(self.fault(condition.span, "a condition must not be null"));
        }
        let decided = self
            .converted(&chosen, &Type::Bool, condition.span)?
            .map_err(|_| self.fault(condition.span, "a condition must be true or false"))?;
        if let Some(why) = decided.why_unknown() {
            let of = of.unwrap_or(Type::Dynamic);
            let origin = Origin::made(self.place(span), vec![chosen.origin.clone()]);
            return Ok(Val::unknown_like(of, why).with_origin(origin).marked(sensitive));
        }
        let value = if decided.as_bool() == Some(true) { yes? } else { no? };
        let value = match of {
            Some(of) => convert::convert(&value, &of).map_err(|message| self.fault(span, message))?,
            None => value,
        };
        let origin = Origin::chosen(self.place(span), &chosen.origin, "condition", &value.origin);
        Ok(value.with_origin(origin).marked(sensitive))
    }

    fn traversal(&self, root: &Expression, steps: &[Traverse], span: Span) -> Evaluated {
        match &root.kind {
            Kind::Variable(name) => {
                let (value, taken) = self.named(name, steps, span)?;
                self.stepped(value, steps.get(taken..).unwrap_or_default(), span)
            }
            _ => self.stepped(self.value(root)?, steps, span),
        }
    }
}

/// The type of a conditional: a bare `null` takes the type of the other side.
fn common_type(yes: &Val, no: &Val) -> Option<Type> {
    let (of_yes, of_no) = (yes.type_of(), no.type_of());
    match (yes.is_null() && of_yes == Type::Dynamic, no.is_null() && of_no == Type::Dynamic) {
        (true, _) => Some(of_no),
        (_, true) => Some(of_yes),
        _ => convert::unify(&[of_yes, of_no]),
    }
}
