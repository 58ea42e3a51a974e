//! Decodes the text of strings and checks numbers.

use super::token::{Token, TokenKind};
use super::{Parsed, SyntaxError};
use crate::source::Span;

/// The text that a template's literal token stands for. Only quoted strings know backslashes.
pub(super) fn text(token: &Token<'_>, quoted: bool) -> Parsed<String> {
    debug_assert_eq!(token.kind, TokenKind::Literal);
    match token.text {
        "$${" => return Ok("${".to_owned()),
        "%%{" => return Ok("%{".to_owned()),
        raw if !quoted || !raw.contains('\\') => return Ok(raw.to_owned()),
        _ => {}
    }
    let mut decoded = String::with_capacity(token.text.len());
    let mut rest = token.text;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        decoded.push_str(before);
        let (character, length) = escaped(escape).map_err(|message| {
            let start = token.span.start + (token.text.len() - escape.len());
            let end = start + 1 + escape.chars().nth(1).map_or(0, char::len_utf8);
            SyntaxError::new(Span::new(start, end), message)
        })?;
        decoded.push(character);
        rest = escape.get(length..).unwrap_or_default();
    }
    decoded.push_str(rest);
    Ok(decoded)
}

/// The character that the escape at the start stands for, and the escape's length.
fn escaped(escape: &str) -> Result<(char, usize), String> {
    let selector = escape.chars().nth(1);
    match selector {
        Some('n') => Ok(('\n', 2)),
        Some('r') => Ok(('\r', 2)),
        Some('t') => Ok(('\t', 2)),
        Some('"') => Ok(('"', 2)),
        Some('\\') => Ok(('\\', 2)),
        Some(letter @ ('u' | 'U')) => {
            let digits = if letter == 'u' { 4 } else { 8 };
            let hex = escape.get(2..2 + digits).filter(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()));
            let hex = hex.ok_or_else(|| format!("`\\{letter}` must be followed by {digits} hexadecimal digits"))?;
            let code = u32::from_str_radix(hex, 16).ok().and_then(char::from_u32);
            let character = code.ok_or_else(|| format!("`\\{letter}{hex}` is no character"))?;
            Ok((character, 2 + digits))
        }
        Some(other) => Err(format!("`\\{other}` is no escape sequence")),
        None => Err("a backslash must be followed by an escape".to_owned()),
    }
}

/// Whether this is a number: the lexer takes `1.2.3` as one.
pub(super) fn is_number(text: &str) -> bool {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    digits(whole)
        && (fraction.is_empty() || digits(fraction))
        && exponent.is_none_or(|exponent| digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)))
}
