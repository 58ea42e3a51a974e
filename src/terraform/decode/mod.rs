//! Texts in other languages (YAML, JSON, CSV) as values whose every scalar and key knows where it was written.

pub(crate) mod csv;
mod duplicates;
pub(crate) mod json;
pub(crate) mod tree;
mod value;
pub(crate) mod yaml;

#[cfg(test)]
mod tests;

use super::functions::{Call, Failure, Function, Parameter, Takes, takes};
use super::value::{Cause, Data, Origin, Type, Val};

use tree::{Node, Problem};

/// How deep values may stand in one another.
const MAX_DEPTH: usize = 1_000;

const TEXT: &[Parameter] = &[takes(Takes::String)];

/// The functions that decode a text.
pub const FUNCTIONS: &[Function] = &[
    decodes("csvdecode", csv_decode),
    decodes("jsondecode", |call| decode(call, json::read, "jsondecode")),
    decodes("yamldecode", |call| decode(call, yaml::read, "yamldecode")),
];

const fn decodes(name: &'static str, run: fn(&Call<'_>) -> Result<Val, Failure>) -> Function {
    Function { name, parameters: TEXT, rest: None, returns: Takes::Any, run }
}

/// Runs what goes one level deeper, with more stack when little is left.
fn with_stack<T>(run: impl FnOnce() -> T) -> T {
    stacker::maybe_grow(256 * 1024, 4 * 1024 * 1024, run)
}

fn decode(call: &Call<'_>, read: fn(&str, usize) -> Result<Node, Problem>, name: &'static str) -> Result<Val, Failure> {
    match read(call.text(0), call.meter.limits().values) {
        Ok(node) => Ok(decoded(call, &node, name)),
        Err(problem) => not_decoded(call, &problem),
    }
}

fn decoded(call: &Call<'_>, node: &Node, name: &'static str) -> Val {
    let text = call.arguments.first().map(|text| text.origin.clone()).unwrap_or_default();
    value::value(node, &text, |origin| Origin::passed(call.at.clone(), name, origin))
}

fn csv_decode(call: &Call<'_>) -> Result<Val, Failure> {
    let (names, node) = match csv::read(call.text(0), call.meter.limits().values) {
        Ok(read) => read,
        Err(problem) => return not_decoded(call, &problem),
    };
    let rows = decoded(call, &node, "csvdecode");
    let of = Type::object(names.into_iter().map(|name| (name, Type::String)));
    Ok(match rows.data {
        Data::Tuple(elements) => Val { data: Data::List(of, elements), ..rows },
        _ => rows,
    })
}

fn not_decoded(call: &Call<'_>, problem: &Problem) -> Result<Val, Failure> {
    let message = format!("{}{}", place(call, problem.at), problem.message);
    match problem.limit {
        true => Ok(call.unknown(Type::Dynamic, Cause::Limit, message)),
        false => Err(Failure::of(0, message)),
    }
}

/// Where in the text a problem is: in the file that holds it, when that is certain.
fn place(call: &Call<'_>, at: usize) -> String {
    let text = call.text(0);
    let origin = call.arguments.first().and_then(|text| text.origin.part(at..at + 1));
    if let Some(end) = origin.and_then(|origin| origin.trail().end).filter(|_| at < text.len()) {
        return format!("{:?}: ", end.place);
    }
    let before = text.get(..at).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    format!("line {line}, column {column} of the text: ")
}
