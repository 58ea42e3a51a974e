//! The order in which Terraform goes through the elements of a set.
//!
//! Rules: `cty/set_internals.go`: primitive values have their own order; any others go by the bytes that are hashed for
//! them, in which `10` comes before `2`.

use super::{Data, Number, Val};
use std::cmp::Ordering;
use std::fmt::Write;

/// Digits of a number that are hashed.
const DIGITS: usize = 10;

/// What an element of a set is sorted by.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub enum Key<'a> {
    Bool(bool),
    Number(Exact<'a>),
    String(&'a str),
    Hashed(String),
    Unknown,
    Null,
}

/// A number that is ordered to its last bit.
pub struct Exact<'a>(&'a Number);

impl PartialEq for Exact<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Exact<'_> {}

impl PartialOrd for Exact<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Exact<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.compare(other.0)
    }
}

/// What this element is sorted by among elements of its own type.
pub fn key(element: &Val) -> Key<'_> {
    match &element.data {
        Data::Bool(value) => Key::Bool(*value),
        Data::Number(number) => Key::Number(Exact(number)),
        Data::String(text) => Key::String(text),
        Data::Unknown(..) => Key::Unknown,
        Data::Null(_) => Key::Null,
        _ => {
            let mut bytes = String::new();
            append(&mut bytes, element);
            Key::Hashed(bytes)
        }
    }
}

fn append(to: &mut String, value: &Val) {
    match &value.data {
        Data::Unknown(..) => to.push('?'),
        Data::Null(_) => to.push('~'),
        Data::Bool(value) => to.push(if *value { 'T' } else { 'F' }),
        Data::Number(number) => append_number(to, number),
        Data::String(text) => append_quoted(to, text),
        Data::List(_, elements) | Data::Set(_, elements) => append_all(to, ('[', ']'), elements.iter()),
        Data::Tuple(elements) => append_all(to, ('<', '>'), elements.iter()),
        Data::Object(entries) => append_all(to, ('<', '>'), entries.values().map(|entry| &entry.value)),
        Data::Map(_, entries) => {
            to.push('{');
            for (key, entry) in entries.iter() {
                append_quoted(to, key);
                to.push(':');
                append(to, &entry.value);
                to.push(';');
            }
            to.push('}');
        }
    }
}

fn append_all<'a>(to: &mut String, (open, close): (char, char), values: impl Iterator<Item = &'a Val>) {
    to.push(open);
    for value in values {
        append(to, value);
        to.push(';');
    }
    to.push(close);
}

/// As Go writes `%q`.
fn append_quoted(to: &mut String, text: &str) {
    to.push('"');
    for c in text.chars() {
        let _ = match c {
            '"' | '\\' => write!(to, "\\{c}"),
            '\x07' => write!(to, "\\a"),
            '\x08' => write!(to, "\\b"),
            '\x0c' => write!(to, "\\f"),
            '\n' => write!(to, "\\n"),
            '\r' => write!(to, "\\r"),
            '\t' => write!(to, "\\t"),
            '\x0b' => write!(to, "\\v"),
            _ if c < ' ' || c == '\x7f' => write!(to, "\\x{:02x}", c as u32),
            _ if is_printable(c) => write!(to, "{c}"),
            _ if (c as u32) < 0x10000 => write!(to, "\\u{:04x}", c as u32),
            _ => write!(to, "\\U{:08x}", c as u32),
        };
    }
    to.push('"');
}

/// Not so for what Unicode calls control, format, unassigned, or space other than the common one.
fn is_printable(c: char) -> bool {
    // Marks that combine with the character before are escaped only where there is none.
    c == '\'' || format!("a{c}").escape_debug().count() == 2
}

/// With ten digits, as Go writes `%.10g`.
fn append_number(to: &mut String, number: &Number) {
    let text = number.to_string();
    let (sign, text) = text.strip_prefix('-').map_or(("", text.as_str()), |rest| ("-", rest));
    to.push_str(sign);
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let all = format!("{whole}{fraction}");
    let digits = all.trim_start_matches('0');
    // The value is `0.` and the digits, times ten to the power of `point`.
    let mut point = whole.len() as i64 - (all.len() - digits.len()) as i64;
    let mut digits = digits.as_bytes().to_vec();
    if digits.len() > DIGITS {
        point += i64::from(round(&mut digits));
    }
    while digits.last() == Some(&b'0') {
        digits.pop();
    }
    if digits.is_empty() {
        to.push('0');
        return;
    }
    let text: String = digits.iter().map(|digit| char::from(*digit)).collect();
    let exponent = point - 1;
    let _ = if exponent < -4 || exponent >= DIGITS as i64 {
        let (first, rest) = text.split_at(1);
        let dot = if rest.is_empty() { "" } else { "." };
        let sign = if exponent < 0 { '-' } else { '+' };
        write!(to, "{first}{dot}{rest}e{sign}{:02}", exponent.abs())
    } else if point <= 0 {
        write!(to, "0.{}{text}", "0".repeat(point.unsigned_abs() as usize))
    } else {
        let before = point.unsigned_abs() as usize;
        match text.split_at_checked(before) {
            Some((whole, "")) => write!(to, "{whole}"),
            Some((whole, fraction)) => write!(to, "{whole}.{fraction}"),
            None => write!(to, "{text:0<before$}"),
        }
    };
}

/// Rounds to the digits that are hashed; `true` when that made a digit more.
fn round(digits: &mut Vec<u8>) -> bool {
    let rest = digits.split_off(DIGITS);
    let Some((first, after)) = rest.split_first() else { return false };
    let half = first.cmp(&b'5').then(after.iter().any(|digit| *digit != b'0').cmp(&false));
    let is_odd = digits.last().is_some_and(|digit| (digit - b'0') % 2 == 1);
    if half == Ordering::Less || (half == Ordering::Equal && !is_odd) {
        return false;
    }
    for digit in digits.iter_mut().rev() {
        if *digit != b'9' {
            *digit += 1;
            return false;
        }
        *digit = b'0';
    }
    digits.insert(0, b'1');
    digits.pop();
    true
}
