//! What a scalar of YAML is: a text, a number, a truth value or nothing.
//!
//! Rules: `resolveScalar` and `impliedTypeScalar` of `go-cty-yaml`.

use super::super::tree::{Kind, Text};
use super::scan::Style;
use super::time;
use crate::terraform::value::{Number, Type, Val, convert};

/// What stands before the names of YAML's own tags.
pub(super) const TAGS: &str = "tag:yaml.org,2002:";

const TRUE: &[&str] = &["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"];
const FALSE: &[&str] = &["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"];
const NULL: &[&str] = &["", "~", "null", "Null", "NULL"];
const INFINITE: &[&str] = &[".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF"];
const NAN: &[&str] = &[".nan", ".NaN", ".NAN"];

/// A scalar as it was scanned.
pub(super) struct Scalar {
    pub(super) text: Text,
    pub(super) style: Style,
    /// In full; empty without one.
    pub(super) tag: String,
}

/// What a scalar turned out to be.
pub(super) enum Resolved {
    Value(Kind),
    /// `<<` without a tag: where a key stands, the sign to merge.
    Merge,
}

impl Scalar {
    /// As a value.
    pub(super) fn value(self) -> Result<Kind, &'static str> {
        match self.resolve()? {
            Resolved::Merge => Ok(Kind::Text(self.text)),
            // Without a tag a block is a text; what it looks like is only its spelling.
            Resolved::Value(kind) if self.style == Style::Block && self.tag.is_empty() => Ok(self.spelled(kind)),
            Resolved::Value(kind) => Ok(kind),
        }
    }

    /// As a key: its text, or `None` for the sign to merge.
    pub(super) fn key(self) -> Result<Option<std::sync::Arc<str>>, &'static str> {
        match self.resolve()? {
            Resolved::Merge => Ok(None),
            Resolved::Value(kind) => match self.spelled(kind) {
                Kind::Text(text) => Ok(Some(text.text)),
                _ => Err("a key cannot be null"),
            },
        }
    }

    /// A value turned into the text that Terraform makes of it.
    fn spelled(&self, kind: Kind) -> Kind {
        let value = match &kind {
            Kind::Bool(value) => Val::bool(*value),
            Kind::Number(number) => Val::number(number.clone()),
            _ => return kind,
        };
        let spelled = convert::convert(&value, &Type::String).ok();
        let spelled = spelled.as_ref().and_then(Val::as_str).unwrap_or_default();
        if spelled == &*self.text.text { Kind::Text(self.text.clone()) } else { Kind::Text(Text::other(spelled)) }
    }

    fn resolve(&self) -> Result<Resolved, &'static str> {
        let text = &*self.text.text;
        let tag = match self.tag.strip_prefix(TAGS) {
            Some(tag @ ("str" | "bool" | "int" | "float" | "null" | "timestamp" | "binary")) => tag,
            _ if self.tag.is_empty() => "",
            _ => return Err("the tag is not supported"),
        };
        if !matches!(tag, "str" | "binary")
            && let Some(resolved) = self.by_looks(text, tag)?
        {
            return Ok(Resolved::Value(resolved));
        }
        if tag.is_empty() && text == "<<" {
            return Ok(Resolved::Merge);
        }
        Ok(Resolved::Value(match tag {
            "binary" if !is_base64(text) => return Err("`!!binary` is not Base64"),
            "bool" => truth(text).map(Kind::Bool).ok_or("`!!bool` is neither true nor false")?,
            "int" | "float" => Kind::Number(number(text).ok_or("`!!int` or `!!float` is no number")?),
            "timestamp" => match time::rfc3339(text) {
                Some(time) => Kind::Text(Text::other(&time)),
                None => return Err("`!!timestamp` is no time"),
            },
            "null" => Kind::Null,
            _ => Kind::Text(self.text.clone()),
        }))
    }

    /// What the text looks like, where its first character says that it may be more than a text.
    fn by_looks(&self, text: &str, tag: &str) -> Result<Option<Kind>, &'static str> {
        let first = text.bytes().next();
        if !matches!(first, None | Some(b'+' | b'-' | b'0'..=b'9' | b'.' | b'~'))
            && !matches!(first, Some(first) if b"yYnNtTfFoO".contains(&first))
        {
            return Ok(None);
        }
        if self.style == Style::Quoted {
            return Ok(Some(Kind::Text(self.text.clone())));
        }
        if let Some(value) = truth(text) {
            return Ok(Some(Kind::Bool(value)));
        }
        if NULL.contains(&text) {
            return Ok(Some(Kind::Null));
        }
        if INFINITE.contains(&text) {
            return Ok(Number::parse(if text.starts_with('-') { "-Inf" } else { "Inf" }).map(Kind::Number));
        }
        if tag.is_empty() && NAN.contains(&text) {
            return Err("a number that is none is not supported");
        }
        match first {
            Some(b'.') => Ok(Number::parse(text).map(Kind::Number)),
            Some(b'+' | b'-' | b'0'..=b'9') => {
                if matches!(tag, "" | "timestamp")
                    && let Some(time) = time::rfc3339(text)
                {
                    let same = time == text;
                    return Ok(Some(Kind::Text(if same { self.text.clone() } else { Text::other(&time) })));
                }
                match is_integer(text) || is_float(text) {
                    true => number(text).map(|number| Some(Kind::Number(number))).ok_or("the number is too large"),
                    false => Ok(None),
                }
            }
            _ => Ok(None),
        }
    }
}

fn truth(text: &str) -> Option<bool> {
    if TRUE.contains(&text) { Some(true) } else { FALSE.contains(&text).then_some(false) }
}

fn is_integer(text: &str) -> bool {
    let all = |digits: &str, is: fn(&u8) -> bool| !digits.is_empty() && digits.as_bytes().iter().all(is);
    all(text.strip_prefix(['-', '+']).unwrap_or(text), u8::is_ascii_digit)
        || text.strip_prefix("0o").is_some_and(|digits| all(digits, |byte| matches!(byte, b'0'..=b'7')))
        || text.strip_prefix("0x").is_some_and(|digits| all(digits, u8::is_ascii_hexdigit))
}

fn is_float(text: &str) -> bool {
    let text = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (mantissa, exponent) = match text.find(['e', 'E']) {
        Some(at) => (&text[..at], Some(&text[at + 1..])),
        None => (text, None),
    };
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let mantissa = match mantissa.split_once('.') {
        Some(("", fraction)) => !fraction.is_empty() && digits(fraction),
        Some((whole, fraction)) => digits(whole) && digits(fraction),
        None => !mantissa.is_empty() && digits(mantissa),
    };
    let exponent = exponent.is_none_or(|exponent| {
        let exponent = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
        !exponent.is_empty() && digits(exponent)
    });
    mantissa && exponent
}

/// A decimal number of any size, or one of a machine word with a base in front (`0x`, `0o`, `0b`).
fn number(text: &str) -> Option<Number> {
    let plain = text.replace('_', "");
    if let Some(number) = Number::parse(&plain) {
        return Some(number);
    }
    let (negative, unsigned) = (plain.starts_with('-'), plain.strip_prefix(['-', '+']).unwrap_or(&plain));
    let (digits, base) = match unsigned.get(..2).unwrap_or_default() {
        "0x" | "0X" => (&unsigned[2..], 16),
        "0o" | "0O" => (&unsigned[2..], 8),
        "0b" | "0B" => (&unsigned[2..], 2),
        _ => return None,
    };
    if digits.starts_with(['-', '+']) {
        return None;
    }
    let size = u64::from_str_radix(digits, base).ok()?;
    let signed = unsigned.len() != plain.len();
    let fits = !signed || size <= i64::MAX as u64 + u64::from(negative);
    let sign = if negative { "-" } else { "" };
    Number::parse(&format!("{sign}{size}")).filter(|_| fits)
}

/// Base64 with padding; line breaks do not count.
fn is_base64(text: &str) -> bool {
    let text: Vec<u8> = text.bytes().filter(|byte| !matches!(byte, b'\r' | b'\n')).collect();
    let padding = text.iter().rev().take_while(|byte| **byte == b'=').count();
    let digits = &text[..text.len() - padding];
    text.len().is_multiple_of(4)
        && padding <= 2
        && digits.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'))
}
