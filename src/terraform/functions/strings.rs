//! Functions on strings.

use super::super::value::{Type, Val};
use super::{Call, Failure, Function, Parameter, Takes, takes};
use unicode_segmentation::UnicodeSegmentation;

const TEXT: Parameter = takes(Takes::String);

const fn of_text(name: &'static str, run: fn(&Call<'_>) -> Result<Val, Failure>) -> Function {
    Function { name, parameters: &[TEXT], rest: None, returns: Takes::String, run }
}

const fn of_two(name: &'static str, returns: Takes, run: fn(&Call<'_>) -> Result<Val, Failure>) -> Function {
    Function { name, parameters: &[TEXT, TEXT], rest: None, returns, run }
}

pub(super) const TABLE: &[Function] = &[
    of_text("chomp", |call| Ok(cut(call, call.text(0).trim_end_matches(['\r', '\n'])))),
    of_two("endswith", Takes::Bool, |call| Ok(Val::bool(call.text(0).ends_with(call.text(1))))),
    Function {
        name: "indent",
        parameters: &[takes(Takes::Number), TEXT],
        rest: None,
        returns: Takes::String,
        run: indent,
    },
    Function {
        name: "join",
        parameters: &[TEXT],
        rest: Some(takes(Takes::ListOfString)),
        returns: Takes::String,
        run: join,
    },
    of_text("lower", |call| Ok(call.each_changed(0, lower))),
    of_two("split", Takes::ListOfString, split),
    Function {
        name: "startswith",
        parameters: &[TEXT.or_unknown(), TEXT],
        rest: None,
        returns: Takes::Bool,
        run: starts_with,
    },
    of_two("strcontains", Takes::Bool, |call| Ok(Val::bool(call.text(0).contains(call.text(1))))),
    of_text("strrev", |call| Ok(Val::string(call.text(0).graphemes(true).rev().collect::<String>()))),
    Function {
        name: "substr",
        parameters: &[TEXT, takes(Takes::Number), takes(Takes::Number)],
        rest: None,
        returns: Takes::String,
        run: substr,
    },
    of_text("title", |call| Ok(title(call))),
    of_two("trim", Takes::String, |call| {
        let set: Vec<char> = call.text(1).chars().collect();
        Ok(cut(call, call.text(0).trim_matches(set.as_slice())))
    }),
    of_two("trimprefix", Takes::String, |call| {
        Ok(cut(call, call.text(0).strip_prefix(call.text(1)).unwrap_or(call.text(0))))
    }),
    of_text("trimspace", |call| Ok(cut(call, call.text(0).trim()))),
    of_two("trimsuffix", Takes::String, |call| {
        Ok(cut(call, call.text(0).strip_suffix(call.text(1)).unwrap_or(call.text(0))))
    }),
    of_text("upper", |call| Ok(call.each_changed(0, upper))),
];

/// A part of the first argument's text as a value.
fn cut(call: &Call<'_>, part: &str) -> Val {
    call.part_of(0, place_in(call.text(0), part))
}

/// The bytes of a text that a slice of it takes.
fn place_in(text: &str, part: &str) -> std::ops::Range<usize> {
    let start = part.as_ptr() as usize - text.as_ptr() as usize;
    start..start + part.len()
}

fn indent(call: &Call<'_>) -> Result<Val, Failure> {
    let spaces = usize::try_from(call.integer(0)?).map_err(|_| Failure::of(0, "must not be negative"))?;
    let text = call.text(1);
    let added = text.matches('\n').count().checked_mul(spaces);
    if spaces > call.longest() || added.is_none_or(|added| added > call.longest()) {
        return Ok(call.too_long());
    }
    let (indentation, source) = (" ".repeat(spaces), call.source(1)?);
    let mut made = call.text_to_make();
    for line in text.split_inclusive('\n') {
        source.piece(place_in(text, line), &mut made);
        if line.ends_with('\n') {
            made.plain(&indentation);
        }
    }
    Ok(call.spliced(made))
}

fn join(call: &Call<'_>) -> Result<Val, Failure> {
    let (separator, lists) = (call.argument(0)?, call.arguments.get(1..).unwrap_or_default());
    if lists.is_empty() {
        return Err(Failure::new("at least one list is required"));
    }
    if let Some(why) = lists.iter().find_map(Val::why_not_wholly_known) {
        return Ok(Val::unknown_like(Type::String, why));
    }
    let mut made = call.text_to_make();
    let mut first = true;
    for (index, list) in lists.iter().enumerate() {
        for element in list.elements().unwrap_or_default() {
            let Some(item) = element.as_str() else {
                return Err(Failure::of(index + 1, "null cannot be joined"));
            };
            if made.has_no_room_for(call.text(0).len() + item.len()) {
                return Ok(call.too_long());
            }
            if !first {
                made.push(call.text(0), &separator.origin);
            }
            first = false;
            made.push(item, &element.origin);
        }
    }
    Ok(call.spliced(made))
}

fn split(call: &Call<'_>) -> Result<Val, Failure> {
    let (separator, text) = (call.text(0), call.text(1));
    let source = call.source(1)?;
    let at = |part: &str| source.part(place_in(text, part));
    let parts = match separator {
        separator if text.matches(separator).nth(call.most_elements()).is_some() => {
            return Ok(call.too_many(Type::list(Type::String)));
        }
        "" => text.char_indices().map(|(index, c)| at(&text[index..index + c.len_utf8()])).collect(),
        separator => text.split(separator).map(at).collect(),
    };
    Ok(Val::list(Type::String, parts))
}

fn starts_with(call: &Call<'_>) -> Result<Val, Failure> {
    match call.arguments.first().and_then(Val::why_unknown) {
        Some(_) if call.text(1).is_empty() => Ok(Val::bool(true)),
        Some(why) => Ok(Val::unknown_like(Type::Bool, why)),
        None => Ok(Val::bool(call.text(0).starts_with(call.text(1)))),
    }
}

/// Counts what people see as one character. A length of zero after an offset from the end means all the rest, as in
/// Terraform.
fn substr(call: &Call<'_>) -> Result<Val, Failure> {
    let (text, offset, length) = (call.text(0), call.integer(1)?, call.integer(2)?);
    if offset >= 0 && length == 0 {
        return Ok(Val::string(""));
    }
    let length_of = |text: &str| text.graphemes(true).count() as i64;
    let start = if offset < 0 { offset.saturating_add(length_of(text)).max(0) } else { offset };
    let begin = |index: i64| {
        let index = usize::try_from(index).unwrap_or(usize::MAX);
        text.grapheme_indices(true).nth(index).map_or(text.len(), |(byte, _)| byte)
    };
    let from = begin(start);
    let to = if length > 0 { begin(start.saturating_add(length)) } else { text.len() };
    Ok(call.part_of(0, from..to))
}

/// The one letter of the other case: where a case has several letters, the letter stays.
fn only(mut letters: impl ExactSizeIterator<Item = char>, else_: char) -> char {
    match (letters.len(), letters.next()) {
        (1, Some(letter)) => letter,
        _ => else_,
    }
}

fn lower(c: char) -> char {
    if c == 'İ' { 'i' } else { only(c.to_lowercase(), c) }
}

/// Greek letters with an iota below have a capital of one letter besides that of two.
fn upper(c: char) -> char {
    let capital = match c {
        '\u{1f80}'..='\u{1f87}' | '\u{1f90}'..='\u{1f97}' | '\u{1fa0}'..='\u{1fa7}' => 8,
        'ᾳ' | 'ῃ' | 'ῳ' => 9,
        _ => 0,
    };
    if capital > 0 { char::from_u32(u32::from(c) + capital).unwrap_or(c) } else { only(c.to_uppercase(), c) }
}

/// As a letter at the start of a title: letters of two glyphs have a form of their own, Georgian ones none.
fn title_letter(c: char) -> char {
    match c {
        'Ǆ'..='ǆ' => 'ǅ',
        'Ǉ'..='ǉ' => 'ǈ',
        'Ǌ'..='ǌ' => 'ǋ',
        'Ǳ'..='ǳ' => 'ǲ',
        'ა'..='ჺ' | 'ჽ'..='ჿ' => c,
        _ => upper(c),
    }
}

fn title(call: &Call<'_>) -> Val {
    let mut previous = ' ';
    call.each_changed(0, |c| {
        let starts = separates(previous);
        previous = c;
        if starts { title_letter(c) } else { c }
    })
}

/// Whether a word may start after it: any ASCII that is no letter, digit or underscore, and other white space.
fn separates(c: char) -> bool {
    if c.is_ascii() { !c.is_ascii_alphanumeric() && c != '_' } else { !c.is_alphanumeric() && c.is_whitespace() }
}
