//! Functions on regular expressions.

mod syntax;

use super::super::value::{Cause, Entries, Entry, Type, Val};
use super::arguments::{MAX_TEXT, Text};
use super::{Call, Failure, Function, Parameter, Takes, takes};
use regex::{Captures, Regex, RegexBuilder};
use syntax::{Pattern, Refusal};

/// Bytes that a compiled pattern may take.
const MAX_COMPILED: usize = 4 * 1024 * 1024;

/// Matches that are collected.
const MAX_MATCHES: usize = 1_000_000;

const TEXT: Parameter = takes(Takes::String);

pub(super) const TABLE: &[Function] = &[
    Function { name: "regex", parameters: &[TEXT, TEXT], rest: None, returns: Takes::Any, run: regex },
    Function { name: "regexall", parameters: &[TEXT, TEXT], rest: None, returns: Takes::ListOfAny, run: regex_all },
    Function { name: "replace", parameters: &[TEXT, TEXT, TEXT], rest: None, returns: Takes::String, run: replace },
];

/// A pattern ready to use, or the result of the call when it cannot be.
enum Compiled {
    Ready(Regex, Pattern),
    NotHere(&'static str),
}

fn compile(pattern: &str, argument: usize) -> Result<Compiled, Failure> {
    let pattern = match syntax::translate(pattern) {
        Ok(pattern) => pattern,
        Err(Refusal::Invalid(message)) => return Err(Failure::of(argument, message)),
        Err(Refusal::NotHere(message)) => return Ok(Compiled::NotHere(message)),
    };
    Ok(match RegexBuilder::new(&pattern.text).size_limit(MAX_COMPILED).build() {
        Ok(regex) => Compiled::Ready(regex, pattern),
        Err(_) => Compiled::NotHere("the pattern is too large"),
    })
}

fn regex(call: &Call<'_>) -> Result<Val, Failure> {
    let (regex, pattern) = match compile(call.text(0), 0)? {
        Compiled::Ready(regex, pattern) => (regex, pattern),
        Compiled::NotHere(why) => return Ok(call.unknown(Type::Dynamic, Cause::Limit, why)),
    };
    result_type(&pattern)?;
    let found = regex.captures(call.text(1)).ok_or_else(|| Failure::of(1, "does not match the pattern"))?;
    Ok(result(call, &pattern, &found))
}

fn regex_all(call: &Call<'_>) -> Result<Val, Failure> {
    let (regex, pattern) = match compile(call.text(0), 0)? {
        Compiled::Ready(regex, pattern) => (regex, pattern),
        Compiled::NotHere(why) => return Ok(call.unknown(Type::list(Type::Dynamic), Cause::Limit, why)),
    };
    let of = result_type(&pattern)?;
    let found = regex.captures_iter(call.text(1)).take(MAX_MATCHES + 1).map(|found| result(call, &pattern, &found));
    let found: Vec<Val> = found.collect();
    if found.len() > MAX_MATCHES {
        return Ok(call.unknown(Type::list(of), Cause::Limit, "the pattern matches too often"));
    }
    Ok(Val::list(of, found))
}

/// A string, or for groups a tuple, or for groups with names an object.
fn result_type(pattern: &Pattern) -> Result<Type, Failure> {
    let named = pattern.groups.iter().flatten().count();
    match (named, pattern.groups.len()) {
        (_, 0) => Ok(Type::String),
        (0, groups) => Ok(Type::Tuple(vec![Type::String; groups])),
        (named, groups) if named == groups => {
            Ok(Type::object(pattern.groups.iter().flatten().map(|name| (name.as_str().into(), Type::String))))
        }
        _ => Err(Failure::of(0, "groups must all have names or none")),
    }
}

fn result(call: &Call<'_>, pattern: &Pattern, found: &Captures<'_>) -> Val {
    let group = |index: usize| match found.get(index) {
        Some(group) => call.part_of(1, group.range()),
        None => Val::null(Type::String),
    };
    if pattern.groups.is_empty() {
        return group(0);
    }
    let named: Entries = pattern
        .groups
        .iter()
        .enumerate()
        .filter_map(|(index, name)| Some((name.as_deref()?.into(), Entry::from(group(index + 1)))))
        .collect();
    if named.is_empty() { Val::tuple((1..=pattern.groups.len()).map(group).collect()) } else { Val::object(named) }
}

/// With slashes around it the second argument is a pattern.
fn replace(call: &Call<'_>) -> Result<Val, Failure> {
    let (text, part, with) = (call.text(0), call.text(1), call.text(2));
    if part.len() > 1 && part.starts_with('/') && part.ends_with('/') {
        return match compile(&part[1..part.len() - 1], 1)? {
            Compiled::Ready(regex, pattern) => replace_matches(call, &regex, &pattern),
            Compiled::NotHere(why) => Ok(call.unknown(Type::String, Cause::Limit, why)),
        };
    }
    let times = text.matches(part).count();
    if times.checked_mul(with.len()).is_none_or(|added| added > MAX_TEXT) {
        return Ok(call.too_long());
    }
    let (with_origin, mut made, mut end) = (call.argument(2)?.origin.clone(), Text::default(), 0);
    for (start, part) in text.match_indices(part) {
        call.piece_of(0, end..start, &mut made);
        made.push(with, &with_origin);
        end = start + part.len();
    }
    call.piece_of(0, end..text.len(), &mut made);
    Ok(call.spliced(made))
}

fn replace_matches(call: &Call<'_>, regex: &Regex, pattern: &Pattern) -> Result<Val, Failure> {
    let text = call.text(0);
    let (mut made, mut end) = (Text::default(), 0);
    for found in regex.captures_iter(text) {
        let Some(whole) = found.get(0) else { continue };
        call.piece_of(0, end..whole.start(), &mut made);
        expand(call, pattern, &found, &mut made);
        end = whole.end();
        if made.is_too_long() {
            return Ok(call.too_long());
        }
    }
    call.piece_of(0, end..text.len(), &mut made);
    Ok(call.spliced(made))
}

/// Puts in the groups that a replacement names: `$1`, `$name`, `${name}`, and `$$` for the sign itself.
fn expand(call: &Call<'_>, pattern: &Pattern, found: &Captures<'_>, made: &mut Text) {
    let with = call.text(2);
    let mut at = 0;
    while let Some(before) = with[at..].find('$') {
        let dollar = at + before;
        let after = &with[dollar + 1..];
        let (kept, taken, name) = match (after.starts_with('$'), reference(after)) {
            (true, _) => (dollar + 1, dollar + 2, None),
            (false, Some((name, rest))) => (dollar, with.len() - rest.len(), Some(name)),
            (false, None) => (dollar + 1, dollar + 1, None),
        };
        call.piece_of(2, at..kept, made);
        at = taken;
        let index = name.and_then(|name| match name.parse::<usize>() {
            Ok(index) => Some(index),
            Err(_) => pattern.groups.iter().position(|group| group.as_deref() == Some(name)).map(|index| index + 1),
        });
        if let Some(group) = index.and_then(|index| found.get(index)) {
            call.piece_of(0, group.range(), made);
        }
    }
    call.piece_of(2, at..with.len(), made);
}

/// The name after a dollar sign, and what follows it; `None` when it is no name.
fn reference(text: &str) -> Option<(&str, &str)> {
    let (braced, inner) = match text.strip_prefix('{') {
        Some(inner) => (true, inner),
        None => (false, text),
    };
    let end = inner.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(inner.len());
    let (name, after) = inner.split_at(end);
    let after = if braced { after.strip_prefix('}')? } else { after };
    (!name.is_empty()).then_some((name, after))
}
