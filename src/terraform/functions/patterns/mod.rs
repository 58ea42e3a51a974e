//! Functions on regular expressions.

mod syntax;

use super::super::value::{Cause, Entries, Entry, Type, Val};
use super::arguments::{Source, Text};
use super::{Call, Failure, Function, Parameter, Takes, takes};
use regex::{Captures, Regex, RegexBuilder};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use syntax::{Pattern, Refusal};

/// Bytes that a compiled pattern may take.
const MAX_COMPILED: usize = 2 * 1024 * 1024;

/// Steps that compiling one counts for, and how many are kept at hand.
const COMPILING: usize = 2_000;
const MAX_KEPT: usize = 32;

/// Parts of matches that are collected, and how many bytes of a replacement count as one.
const MAX_MATCHES: usize = 1_000_000;
const BYTES_A_MATCH: usize = 256;

/// Bytes that one call may look at when each search for the next match goes up to the end of the text.
const MAX_SEARCHED: usize = 2 * 1024 * 1024 * 1024;

/// How many of them in one step.
const BYTES_SEARCHED_A_STEP: usize = 1024;

const TOO_OFTEN: &str = "the pattern matches too often in a text of this length";

const TEXT: Parameter = takes(Takes::String);

pub(super) const TABLE: &[Function] = &[
    Function { name: "regex", parameters: &[TEXT, TEXT], rest: None, returns: Takes::Any, run: regex },
    Function { name: "regexall", parameters: &[TEXT, TEXT], rest: None, returns: Takes::ListOfAny, run: regex_all },
    Function { name: "replace", parameters: &[TEXT, TEXT, TEXT], rest: None, returns: Takes::String, run: replace },
];

/// A pattern ready to use, or the result of the call when it cannot be. Cheap to clone.
#[derive(Clone)]
enum Compiled {
    Ready(Regex, Rc<Pattern>),
    NotHere(&'static str),
}

thread_local! {
    /// Patterns that were used before: loops use one again and again.
    static KEPT: RefCell<HashMap<String, Compiled>> = RefCell::default();
}

/// The pattern that the argument holds, or the part `text` of it.
fn compile(call: &Call<'_>, text: &str, argument: usize) -> Result<Compiled, Failure> {
    if let Some(kept) = KEPT.with_borrow(|kept| kept.get(text).cloned()) {
        return Ok(kept);
    }
    call.meter.count(COMPILING + text.len());
    let compiled = compiled(text, argument)?;
    KEPT.with_borrow_mut(|kept| {
        if kept.len() >= MAX_KEPT {
            kept.clear();
        }
        kept.insert(text.to_owned(), compiled.clone());
    });
    Ok(compiled)
}

fn compiled(pattern: &str, argument: usize) -> Result<Compiled, Failure> {
    let pattern = match syntax::translate(pattern) {
        Ok(pattern) => pattern,
        Err(Refusal::Invalid(message)) => return Err(Failure::of(argument, message)),
        Err(Refusal::NotHere(message)) => return Ok(Compiled::NotHere(message)),
    };
    Ok(match RegexBuilder::new(&pattern.text).size_limit(MAX_COMPILED).build() {
        Ok(regex) => Compiled::Ready(regex, Rc::new(pattern)),
        Err(_) => Compiled::NotHere("the pattern is too large"),
    })
}

fn regex(call: &Call<'_>) -> Result<Val, Failure> {
    let (regex, pattern) = match compile(call, call.text(0), 0)? {
        Compiled::Ready(regex, pattern) => (regex, pattern),
        Compiled::NotHere(why) => return Ok(call.unknown(Type::Dynamic, Cause::Limit, why)),
    };
    result_type(&pattern)?;
    let found = regex.captures(call.text(1)).ok_or_else(|| Failure::of(1, "does not match the pattern"))?;
    Ok(result(&call.source(1)?, &pattern, &found))
}

fn regex_all(call: &Call<'_>) -> Result<Val, Failure> {
    let (regex, pattern) = match compile(call, call.text(0), 0)? {
        Compiled::Ready(regex, pattern) => (regex, pattern),
        Compiled::NotHere(why) => return Ok(call.unknown(Type::list(Type::Dynamic), Cause::Limit, why)),
    };
    let of = result_type(&pattern)?;
    let (source, mut all) = (call.source(1)?, Vec::new());
    let mut search = Search::of(call, source.text);
    for found in regex.captures_iter(source.text) {
        if !search.goes_on(1 + pattern.groups.len()) {
            return Ok(call.unknown(Type::list(of), Cause::Limit, TOO_OFTEN));
        }
        all.push(result(&source, &pattern, &found));
    }
    Ok(Val::list(of, all))
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

fn result(source: &Source<'_>, pattern: &Pattern, found: &Captures<'_>) -> Val {
    let group = |index: usize| match found.get(index) {
        Some(group) => source.part(group.range()),
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
        return match compile(call, &part[1..part.len() - 1], 1)? {
            Compiled::Ready(regex, pattern) => replace_matches(call, &regex, &pattern),
            Compiled::NotHere(why) => Ok(call.unknown(Type::String, Cause::Limit, why)),
        };
    }
    let times = text.matches(part).count();
    if times.checked_mul(with.len()).is_none_or(|added| added > call.longest()) {
        return Ok(call.too_long());
    }
    let (source, with_origin, mut made, mut end) = (call.source(0)?, &call.argument(2)?.origin, call.text_to_make(), 0);
    for (start, part) in text.match_indices(part) {
        source.piece(end..start, &mut made);
        made.push(with, with_origin);
        end = start + part.len();
    }
    source.piece(end..text.len(), &mut made);
    if made.is_too_long() {
        return Ok(call.too_long());
    }
    Ok(call.spliced(made))
}

fn replace_matches(call: &Call<'_>, regex: &Regex, pattern: &Pattern) -> Result<Val, Failure> {
    let (source, with) = (call.source(0)?, call.source(2)?);
    let (mut made, mut end) = (call.text_to_make(), 0);
    let mut search = Search::of(call, source.text);
    for found in regex.captures_iter(source.text) {
        let Some(whole) = found.get(0) else { continue };
        if !search.goes_on(1 + with.text.len() / BYTES_A_MATCH) {
            return Ok(call.unknown(Type::String, Cause::Limit, TOO_OFTEN));
        }
        source.piece(end..whole.start(), &mut made);
        expand(&source, &with, pattern, &found, &mut made);
        end = whole.end();
        if made.is_too_long() {
            return Ok(call.too_long());
        }
    }
    source.piece(end..source.text.len(), &mut made);
    Ok(if made.is_too_long() { call.too_long() } else { call.spliced(made) })
}

/// What a search through a text costs: after each match, the next one may be looked for up to the text's end.
struct Search<'a, 'c> {
    call: &'a Call<'c>,
    length: usize,
    matches: usize,
    looked_at: usize,
}

impl<'a, 'c> Search<'a, 'c> {
    fn of(call: &'a Call<'c>, text: &str) -> Self {
        Search { call, length: text.len(), matches: 0, looked_at: 0 }
    }

    /// Counts one more match, which gives so many parts; whether that is not too much.
    fn goes_on(&mut self, parts: usize) -> bool {
        self.matches = self.matches.saturating_add(parts);
        self.looked_at = self.looked_at.saturating_add(self.length);
        self.call.meter.count(parts + self.length / BYTES_SEARCHED_A_STEP);
        self.matches <= MAX_MATCHES && self.looked_at <= MAX_SEARCHED
    }
}

/// Puts in the groups that a replacement names: `$1`, `$name`, `${name}`, and `$$` for the sign itself.
fn expand(source: &Source<'_>, replacement: &Source<'_>, pattern: &Pattern, found: &Captures<'_>, made: &mut Text) {
    let with = replacement.text;
    let mut at = 0;
    while let Some(before) = with[at..].find('$') {
        let dollar = at + before;
        let after = &with[dollar + 1..];
        let (kept, taken, name) = match (after.starts_with('$'), reference(after)) {
            (true, _) => (dollar + 1, dollar + 2, None),
            (false, Some((name, rest))) => (dollar, with.len() - rest.len(), Some(name)),
            (false, None) => (dollar + 1, dollar + 1, None),
        };
        replacement.piece(at..kept, made);
        at = taken;
        let index = name.and_then(|name| match name.parse::<usize>() {
            Ok(index) => Some(index),
            Err(_) => pattern.groups.iter().position(|group| group.as_deref() == Some(name)).map(|index| index + 1),
        });
        if let Some(group) = index.and_then(|index| found.get(index)) {
            if made.is_too_long() {
                return;
            }
            source.piece(group.range(), made);
        }
    }
    replacement.piece(at..with.len(), made);
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
