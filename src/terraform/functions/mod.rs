//! The functions of the configuration language, each with what it takes; a call converts and checks before it runs one.
//!
//! Rules: `terraform metadata functions -json` of Terraform 1.11, `go-cty`'s `function` package and `lang/funcs` of
//! Terraform, held against `terraform console`. What needs expressions that are not evaluated yet (`try`, `can`,
//! `templatefile`, `templatestring`) belongs to the evaluator.

pub mod files;

mod arguments;
mod conversion;
mod crypto;
mod dates;
mod doubles;
mod encoding;
mod filesystem;
mod format;
mod glob;
mod json;
mod lists;
mod maps;
mod network;
mod numbers;
mod paths;
mod patterns;
mod search;
mod sets;
mod strings;
mod yaml;

#[cfg(test)]
mod tests;

use super::limits::Limits;
use super::value::{Cause, Origin, Place, Type, Val, Why, convert};
use files::Files;
use std::cell::Cell;

/// A function.
pub struct Function {
    pub name: &'static str,
    pub parameters: &'static [Parameter],
    /// What all further arguments must be, where there may be any.
    pub rest: Option<Parameter>,
    /// Type of the result where it does not depend on the arguments, for a result that is not known.
    pub returns: Takes,
    /// Gets arguments that are converted already. Elements that it passes on keep their origins; a result without an
    /// origin of its own is said to be made by the call.
    pub run: fn(&Call<'_>) -> Result<Val, Failure>,
}

/// What a function takes in one place.
#[derive(Debug, Clone, Copy)]
pub struct Parameter {
    pub takes: Takes,
    pub nullable: bool,
    /// Whether the function itself deals with what is not known; else the result is not known either.
    pub unknown: bool,
    /// Whether the function itself deals with marks of sensitivity; else the whole result gets them.
    pub marked: bool,
}

/// The types in the signatures of functions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    Any,
    Bool,
    Number,
    String,
    ListOfAny,
    ListOfBool,
    ListOfNumber,
    ListOfString,
    SetOfAny,
    SetOfString,
    MapOfAny,
    MapOfListOfString,
}

/// A parameter that is neither null nor unknown.
pub const fn takes(takes: Takes) -> Parameter {
    Parameter { takes, nullable: false, unknown: false, marked: false }
}

impl Parameter {
    pub const fn or_null(self) -> Self {
        Parameter { nullable: true, ..self }
    }

    pub const fn or_unknown(self) -> Self {
        Parameter { unknown: true, ..self }
    }

    pub const fn or_marked(self) -> Self {
        Parameter { marked: true, ..self }
    }
}

impl Takes {
    pub fn type_of(self) -> Type {
        match self {
            Takes::Any => Type::Dynamic,
            Takes::Bool => Type::Bool,
            Takes::Number => Type::Number,
            Takes::String => Type::String,
            Takes::ListOfAny => Type::list(Type::Dynamic),
            Takes::ListOfBool => Type::list(Type::Bool),
            Takes::ListOfNumber => Type::list(Type::Number),
            Takes::ListOfString => Type::list(Type::String),
            Takes::SetOfAny => Type::set(Type::Dynamic),
            Takes::SetOfString => Type::set(Type::String),
            Takes::MapOfAny => Type::map(Type::Dynamic),
            Takes::MapOfListOfString => Type::map(Type::list(Type::String)),
        }
    }
}

/// A call under way.
pub struct Call<'a> {
    pub arguments: Vec<Val>,
    pub files: &'a Files,
    /// Counts what the call does beside going through its arguments once.
    pub meter: &'a Meter,
    /// The call in the source.
    pub at: Place,
}

/// Counts the steps of calls, for whoever has a limit for them, and says what they may make.
#[derive(Debug, Default)]
pub struct Meter {
    steps: Cell<usize>,
    limits: Limits,
}

impl Meter {
    /// For calls that may make so much.
    pub fn within(limits: Limits) -> Self {
        Meter { steps: Cell::default(), limits }
    }

    pub fn count(&self, steps: usize) {
        self.steps.set(self.steps.get().saturating_add(steps));
    }

    pub fn steps(&self) -> usize {
        self.steps.get()
    }

    pub fn limits(&self) -> Limits {
        self.limits
    }
}

impl Call<'_> {
    /// The text of an argument that the signature says is a string; empty when there is no such argument.
    pub fn text(&self, index: usize) -> &str {
        self.arguments.get(index).and_then(Val::as_str).unwrap_or_default()
    }

    /// A result that is not known.
    pub fn unknown(&self, of: Type, cause: Cause, text: impl Into<String>) -> Val {
        Val::unknown(of, Why::new(cause, text).at(self.at.clone()))
    }
}

/// Why a call cannot be done. Terraform would stop with it; `try` and `can` go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Which argument is wrong, from 0.
    pub argument: Option<usize>,
    /// Lower-case, without a final stop. Never a value.
    pub message: String,
}

impl Failure {
    pub fn new(message: impl Into<String>) -> Self {
        Failure { argument: None, message: message.into() }
    }

    pub fn of(argument: usize, message: impl Into<String>) -> Self {
        Failure { argument: Some(argument), message: message.into() }
    }
}

/// All tables of functions.
const TABLES: &[&[Function]] = &[
    conversion::TABLE,
    crypto::TABLE,
    dates::TABLE,
    super::decode::FUNCTIONS,
    encoding::TABLE,
    filesystem::TABLE,
    format::TABLE,
    json::TABLE,
    lists::TABLE,
    maps::TABLE,
    network::TABLE,
    numbers::TABLE,
    paths::TABLE,
    patterns::TABLE,
    search::TABLE,
    sets::TABLE,
    strings::TABLE,
    yaml::TABLE,
];

/// All functions but those that deal with expressions.
pub fn all() -> impl Iterator<Item = &'static Function> {
    TABLES.iter().copied().flatten()
}

/// The function of this name, with or without `core::` in front.
pub fn named(name: &str) -> Option<&'static Function> {
    let name = name.strip_prefix("core::").unwrap_or(name);
    all().find(|function| function.name == name)
}

impl Function {
    /// What it takes at this place, from 0.
    pub fn parameter(&self, index: usize) -> Option<&Parameter> {
        self.parameters.get(index).or(self.rest.as_ref())
    }
}

/// Calls a function with arguments as they were written.
pub fn call(function: &Function, arguments: Vec<Val>, files: &Files, at: Place, meter: &Meter) -> Result<Val, Failure> {
    let parameters = function.parameters;
    if arguments.len() < parameters.len() || (arguments.len() > parameters.len() && function.rest.is_none()) {
        let at_least = if function.rest.is_some() { "at least " } else { "" };
        return Err(Failure::new(format!(
            "`{}` takes {at_least}{} arguments, {} are given",
            function.name,
            parameters.len(),
            arguments.len()
        )));
    }
    let (mut converted, mut unknown, mut sensitive) = (Vec::with_capacity(arguments.len()), None, false);
    for (index, argument) in arguments.into_iter().enumerate() {
        let Some(parameter) = function.parameter(index) else { continue };
        if argument.is_null() && !parameter.nullable {
            return Err(Failure::of(index, "must not be null"));
        }
        let argument =
            convert::convert(&argument, &parameter.takes.type_of()).map_err(|message| Failure::of(index, message))?;
        if !parameter.unknown {
            unknown = unknown.or_else(|| argument.why_unknown().cloned());
        }
        if parameter.marked {
            converted.push(argument);
        } else {
            sensitive |= argument.is_sensitive_within();
            converted.push(argument.without_marks());
        }
    }
    if let Some(why) = unknown {
        return Ok(Val::unknown_like(function.returns.type_of(), &why).marked(sensitive));
    }
    let call = Call { arguments: converted, files, meter, at };
    let result = (function.run)(&call)?.marked(sensitive);
    Ok(match result.origin.is_none() {
        true => {
            let of = call.arguments.iter().map(|argument| argument.origin.clone()).collect();
            result.with_origin(Origin::made(call.at, of))
        }
        false => result,
    })
}
