//! `format` and `formatlist`.

use super::super::value::number::Notation;
use super::super::value::{Cause, Data, Number, Origin, Type, Val, convert};
use super::arguments::Text;
use super::{Call, Failure, Function, Parameter, Takes, takes};
use unicode_segmentation::UnicodeSegmentation;

/// How many bytes of formats `formatlist` goes through for each byte that a text may have, and how many in one step.
const FORMATS_A_TEXT: usize = 16;
const BYTES_A_STEP: usize = 16;

/// Widest field and most digits that are written.
const MAX_WIDTH: usize = 1_000_000;

const ANY: Parameter = takes(Takes::Any).or_null().or_unknown();

pub(super) const TABLE: &[Function] = &[
    Function {
        name: "format",
        parameters: &[takes(Takes::String)],
        rest: Some(ANY),
        returns: Takes::String,
        run: format_one,
    },
    Function {
        name: "formatlist",
        parameters: &[takes(Takes::String)],
        rest: Some(ANY),
        returns: Takes::ListOfString,
        run: format_list,
    },
];

/// Why no text comes out.
enum Stop {
    Failure(Failure),
    TooLong,
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Stop::Failure(failure)
    }
}

const BARE_NULL: &str = "Terraform does not know a text with a bare `null` in it, OpenTofu does";

fn has_bare_null(values: &[Val]) -> bool {
    values.iter().any(|value| matches!(value.data, Data::Null(Type::Dynamic)))
}

fn format_one(call: &Call<'_>) -> Result<Val, Failure> {
    let values = call.arguments.get(1..).unwrap_or_default();
    if has_bare_null(values) {
        return Ok(call.unknown(Type::String, Cause::Limit, BARE_NULL));
    }
    if let Some(why) = values.iter().find_map(Val::why_not_wholly_known) {
        return Ok(Val::unknown_like(Type::String, why));
    }
    match formatted(call, values) {
        Ok(text) => Ok(text),
        Err(Stop::TooLong) => Ok(call.too_long()),
        Err(Stop::Failure(failure)) => Err(failure),
    }
}

fn format_list(call: &Call<'_>) -> Result<Val, Failure> {
    let values = call.arguments.get(1..).unwrap_or_default();
    if has_bare_null(values) {
        return Ok(call.unknown(Type::list(Type::String), Cause::Limit, BARE_NULL));
    }
    let mut length: Option<usize> = None;
    let mut unknown = None;
    let mut columns = Vec::new();
    for (index, value) in values.iter().enumerate() {
        let listed = matches!(value.type_of(), Type::List(_) | Type::Set(_) | Type::Tuple(_) | Type::Dynamic);
        match value.why_unknown() {
            Some(why) if listed => unknown = unknown.or_else(|| Some(why.clone())),
            _ => {}
        }
        let column = value.elements();
        if let Some(column) = &column {
            if length.is_some_and(|length| length != column.len()) {
                return Err(Failure::of(index + 1, "has another length than the list before"));
            }
            length = Some(column.len());
        }
        columns.push(column);
    }
    if let Some(why) = unknown {
        return Ok(Val::unknown_like(Type::list(Type::String), &why));
    }
    let rows = length.unwrap_or(1);
    if rows.saturating_mul(call.text(0).len()) > FORMATS_A_TEXT * call.longest() {
        return Ok(call.unknown(Type::list(Type::String), Cause::Limit, "the texts would be too long"));
    }
    let mut texts = Vec::new();
    let mut total = 0;
    for row in 0..rows {
        let cell = |(value, column): (&Val, &Option<Vec<Val>>)| match column {
            Some(column) => column.get(row).cloned().unwrap_or_else(|| value.clone()),
            None => value.clone(),
        };
        let cells: Vec<Val> = values.iter().zip(&columns).map(cell).collect();
        let text = match cells.iter().find_map(Val::why_not_wholly_known) {
            Some(why) => Ok(Val::unknown_like(Type::String, why)),
            None => formatted(call, &cells),
        };
        match text {
            Ok(text) => {
                total += text.as_str().map_or(0, str::len);
                texts.push(text);
            }
            Err(Stop::Failure(failure)) => return Err(failure),
            Err(Stop::TooLong) => total = usize::MAX,
        }
        if total > call.longest() {
            return Ok(call.unknown(Type::list(Type::String), Cause::Limit, "the texts would be too long"));
        }
    }
    Ok(Val::list(Type::String, texts))
}

/// A place in the format where a value goes in.
#[derive(Debug, Default)]
struct Verb {
    letter: char,
    sharp: bool,
    zero: bool,
    minus: bool,
    plus: bool,
    space: bool,
    width: Option<usize>,
    precision: Option<usize>,
    /// From 1.
    argument: usize,
}

/// The text with its values in place, and where its parts come from.
fn formatted(call: &Call<'_>, values: &[Val]) -> Result<Val, Stop> {
    let (format, source) = (call.text(0), call.source(0)?);
    let mut made = call.text_to_make();
    call.meter.count(format.len() / BYTES_A_STEP);
    let (mut at, mut next, mut highest) = (0, 1, 0);
    while at < format.len() {
        let run = format[at..].find('%').unwrap_or(format.len() - at);
        let percent = usize::from(run == 0 && format[at..].starts_with("%%"));
        if run + percent > 0 {
            source.piece(at..at + run + percent, &mut made);
            at += run + 2 * percent;
            continue;
        }
        let (verb, length) = verb(&format[at + 1..], next)?;
        at += 1 + length;
        next = verb.argument + 1;
        highest = highest.max(verb.argument);
        let value = verb.argument.checked_sub(1).and_then(|index| values.get(index));
        let value = value.ok_or_else(|| Failure::new("the format asks for more values than are given"))?;
        let width = verb.width.max(verb.precision).unwrap_or(0);
        call.meter.count(1 + width / BYTES_A_STEP);
        if width > MAX_WIDTH {
            return Err(Stop::TooLong);
        }
        append(&verb, value, &mut made)?;
        if made.is_too_long() {
            return Err(Stop::TooLong);
        }
    }
    if highest < values.len() {
        return Err(Failure::of(highest + 1, "the format has no place for it").into());
    }
    Ok(call.spliced(made))
}

/// Reads what follows a percent sign, with its length.
fn verb(text: &str, next: usize) -> Result<(Verb, usize), Failure> {
    let mut verb = Verb { argument: next, ..Verb::default() };
    let mut rest = text;
    loop {
        match rest.as_bytes().first() {
            Some(b'#') => verb.sharp = true,
            Some(b'0') => verb.zero = true,
            Some(b'-') => verb.minus = true,
            Some(b'+') => verb.plus = true,
            Some(b' ') => verb.space = true,
            _ => break,
        }
        rest = &rest[1..];
    }
    if rest.starts_with(|c: char| c.is_ascii_digit()) {
        verb.width = Some(number(&mut rest));
    }
    if let Some(after) = rest.strip_prefix('.') {
        rest = after;
        verb.precision = Some(number(&mut rest));
    }
    if let Some(after) = rest.strip_prefix('[') {
        let closed = after.strip_prefix(|c: char| matches!(c, '1'..='9')).and_then(|_| after.find(']'));
        let digits = closed.map(|end| &after[..end]).filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()));
        let digits = digits.ok_or_else(|| Failure::of(0, "has an argument number that is wrong"))?;
        verb.argument = digits.parse().unwrap_or(usize::MAX);
        rest = &after[digits.len() + 1..];
    }
    match rest.chars().next() {
        Some(letter) if letter.is_ascii_alphabetic() => verb.letter = letter,
        _ => return Err(Failure::of(0, "has a percent sign that no verb follows")),
    }
    Ok((verb, text.len() - rest.len() + 1))
}

/// The digits at the start as a number, read off.
fn number(rest: &mut &str) -> usize {
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let (digits, after) = rest.split_at(end);
    *rest = after;
    if digits.is_empty() { 0 } else { digits.parse().unwrap_or(usize::MAX) }
}

fn append(verb: &Verb, value: &Val, made: &mut Text) -> Result<(), Failure> {
    if value.is_null() && verb.letter != 'v' {
        return Err(Failure::new("null cannot be formatted"));
    }
    let to = |of: Type| convert::convert(value, &of).map_err(Failure::new);
    let written = match verb.letter {
        'v' => match &value.data {
            Data::String(string) if !verb.sharp => pad(verb, string),
            Data::Number(number) if !verb.sharp => pad(verb, &general(number)),
            _ => pad(verb, &super::json::text(value, made.longest)?),
        },
        't' => to(Type::Bool)?.as_bool().unwrap_or_default().to_string(),
        'b' | 'd' | 'o' | 'x' | 'X' | 'e' | 'E' | 'f' | 'g' | 'G' => {
            let number = to(Type::Number)?;
            let number = number.as_number().ok_or_else(|| Failure::new("a number is required"))?;
            if verb.letter.is_ascii_alphabetic() && "bdoxX".contains(verb.letter) {
                integer(verb, number)?
            } else {
                real(verb, number)
            }
        }
        's' | 'q' => {
            let string = to(Type::String)?;
            let string = string.as_str().unwrap_or_default();
            let kept = match verb.precision {
                Some(count) if count > 0 => string.grapheme_indices(true).nth(count).map_or(string.len(), |(at, _)| at),
                _ => string.len(),
            };
            let kept = &string[..kept];
            pad(
                verb,
                &if verb.letter == 'q' {
                    super::json::text(&Val::string(kept), made.longest)?
                } else {
                    kept.to_owned()
                },
            )
        }
        _ => return Err(Failure::of(0, "has a verb that is not known")),
    };
    let verbatim = value.as_str() == Some(&written);
    made.push(&written, &if verbatim { value.origin.clone() } else { Origin::changed(&value.origin) });
    Ok(())
}

/// To the width of the field, counted in what people see as one character.
fn pad(verb: &Verb, text: &str) -> String {
    let Some(width) = verb.width else { return text.to_owned() };
    // What is wide enough needs no more to be counted.
    let missing = width - text.graphemes(true).take(width).count();
    let padding = if verb.zero { "0" } else { " " }.repeat(missing);
    if verb.minus { format!("{text}{padding}") } else { format!("{padding}{text}") }
}

/// The sign of a number as the flags want it.
fn sign(verb: &Verb, negative: bool) -> &'static str {
    match (negative, verb.plus, verb.space) {
        (true, ..) => "-",
        (_, true, _) => "+",
        (_, _, true) => " ",
        _ => "",
    }
}

/// The shortest text that says the number.
fn general(number: &Number) -> String {
    let sign = match (number.has_minus(), number.is_infinite()) {
        (true, _) => "-",
        (_, true) => "+",
        _ => "",
    };
    format!("{sign}{}", number.unsigned_text(Notation::General, None))
}

fn real(verb: &Verb, number: &Number) -> String {
    let (notation, default) = match verb.letter {
        'e' | 'E' => (Notation::Exponent, Some(6)),
        'f' => (Notation::Fixed, Some(6)),
        _ => (Notation::General, None),
    };
    let digits = number.unsigned_text(notation, verb.precision.or(default));
    let digits = if verb.letter.is_ascii_uppercase() && !number.is_infinite() { digits.to_uppercase() } else { digits };
    let sign = match (number.is_infinite(), number.has_minus(), verb.space) {
        (true, false, true) => " ",
        (true, false, false) => "+",
        (_, negative, _) => sign(verb, negative),
    };
    let padding = verb.width.unwrap_or(0).saturating_sub(sign.len() + digits.len());
    if verb.zero && !verb.minus && !number.is_infinite() {
        format!("{sign}{}{digits}", "0".repeat(padding))
    } else if verb.minus {
        format!("{sign}{digits}{}", " ".repeat(padding))
    } else {
        format!("{}{sign}{digits}", " ".repeat(padding))
    }
}

fn integer(verb: &Verb, number: &Number) -> Result<String, Failure> {
    let whole = number.to_whole().ok_or_else(|| Failure::new("a whole number is required"))?;
    let (radix, prefix) = match verb.letter {
        'b' => (2, "0b"),
        'o' => (8, "0"),
        'x' => (16, "0x"),
        'X' => (16, "0X"),
        _ => (10, ""),
    };
    let digits = whole.magnitude().to_str_radix(radix);
    let digits = if verb.letter == 'X' { digits.to_uppercase() } else { digits };
    if verb.precision == Some(0) && digits == "0" {
        return Ok(String::new());
    }
    let prefix = if verb.sharp { prefix } else { "" };
    let sign = sign(verb, number.is_negative());
    let mut zeros = verb.precision.unwrap_or(0).saturating_sub(digits.len());
    let padding = verb.width.unwrap_or(0).saturating_sub(sign.len() + prefix.len() + zeros + digits.len());
    let (mut left, mut right) = (0, 0);
    match (verb.minus, verb.zero && verb.precision.is_none()) {
        (true, _) => right = padding,
        (false, true) => zeros += padding,
        (false, false) => left = padding,
    }
    Ok(format!("{}{sign}{prefix}{}{digits}{}", " ".repeat(left), "0".repeat(zeros), " ".repeat(right)))
}
