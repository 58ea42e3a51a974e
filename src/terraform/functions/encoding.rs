//! Functions that encode and decode texts.

use super::super::value::{Cause, Type, Val};
use super::{Call, Failure, Function, Parameter, Takes, takes};
use base64::Engine;
use base64::alphabet;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use std::io::Read;

const TEXT: Parameter = takes(Takes::String);

/// Bits of the last character that say nothing may be anything.
const LENIENT: GeneralPurpose =
    GeneralPurpose::new(&alphabet::STANDARD, GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true));

/// What a query keeps as it is, and the space, which becomes a plus.
const QUERY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b' ');

const fn of_text(name: &'static str, run: fn(&Call<'_>) -> Result<Val, Failure>) -> Function {
    Function { name, parameters: &[TEXT], rest: None, returns: Takes::String, run }
}

pub(super) const TABLE: &[Function] = &[
    of_text("base64decode", base64_decode),
    of_text("base64encode", |call| Ok(Val::string(STANDARD.encode(call.text(0))))),
    of_text("base64gunzip", base64_gunzip),
    of_text("base64gzip", |call| {
        Ok(call.unknown(Type::String, Cause::Limit, "how `base64gzip` packs is not followed here"))
    }),
    Function {
        name: "textdecodebase64",
        parameters: &[TEXT, TEXT],
        rest: None,
        returns: Takes::String,
        run: text_decode,
    },
    Function {
        name: "textencodebase64",
        parameters: &[TEXT, TEXT],
        rest: None,
        returns: Takes::String,
        run: text_encode,
    },
    of_text("urldecode", url_decode),
    of_text("urlencode", |call| {
        Ok(Val::string(utf8_percent_encode(call.text(0), QUERY).to_string().replace(' ', "+")))
    }),
];

/// The bytes of a Base64 text, which may be broken into lines.
pub(super) fn decode_base64(text: &str) -> Option<Vec<u8>> {
    let one_line: String = text.chars().filter(|c| !matches!(c, '\r' | '\n')).collect();
    LENIENT.decode(one_line).ok()
}

fn base64_argument(call: &Call<'_>) -> Result<Vec<u8>, Failure> {
    decode_base64(call.text(0)).ok_or_else(|| Failure::of(0, "must be Base64"))
}

fn base64_decode(call: &Call<'_>) -> Result<Val, Failure> {
    let text = String::from_utf8(base64_argument(call)?);
    text.map(Val::string).map_err(|_| Failure::of(0, "does not hold UTF-8"))
}

fn base64_gunzip(call: &Call<'_>) -> Result<Val, Failure> {
    let packed = base64_argument(call)?;
    let mut bytes = Vec::new();
    let limit = call.longest();
    let read = flate2::read::MultiGzDecoder::new(packed.as_slice()).take(limit as u64 + 1).read_to_end(&mut bytes);
    read.map_err(|_| Failure::of(0, "does not hold what gzip packs"))?;
    if bytes.len() > limit {
        return Ok(call.too_long());
    }
    String::from_utf8(bytes).map(Val::string).map_err(|_| Failure::of(0, "does not hold UTF-8"))
}

fn url_decode(call: &Call<'_>) -> Result<Val, Failure> {
    let text = call.text(0);
    let bytes = text.as_bytes();
    let whole = |at: usize| {
        let digits = bytes.get(at + 1..at + 3);
        digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    };
    if text.match_indices('%').any(|(at, _)| !whole(at)) {
        return Err(Failure::of(0, "has a percent sign without two digits"));
    }
    let spaced = text.replace('+', " ");
    Ok(match percent_decode_str(&spaced).decode_utf8() {
        Ok(decoded) => Val::string(&*decoded),
        Err(_) => call.unknown(Type::String, Cause::Limit, "a string that is no UTF-8 is not followed here"),
    })
}

/// Encodings that are known here, by the names that IANA has for them, in lower case.
#[derive(Clone, Copy)]
enum Encoding {
    Ascii,
    Latin1,
    Utf8,
    Utf16 { big: bool, mark: bool },
}

const ENCODINGS: &[(&str, Encoding)] = &[
    ("us-ascii", Encoding::Ascii),
    ("ascii", Encoding::Ascii),
    ("iso-8859-1", Encoding::Latin1),
    ("iso_8859-1", Encoding::Latin1),
    ("latin1", Encoding::Latin1),
    ("l1", Encoding::Latin1),
    ("utf-8", Encoding::Utf8),
    ("utf-16", Encoding::Utf16 { big: true, mark: true }),
    ("utf-16be", Encoding::Utf16 { big: true, mark: false }),
    ("utf-16le", Encoding::Utf16 { big: false, mark: false }),
];

fn encoding(call: &Call<'_>) -> Option<Encoding> {
    let name = call.text(1).to_ascii_lowercase();
    ENCODINGS.iter().find(|(known, _)| *known == name).map(|(_, encoding)| *encoding)
}

fn no_encoding(call: &Call<'_>) -> Val {
    call.unknown(Type::String, Cause::Limit, "this text encoding is not followed here")
}

fn text_encode(call: &Call<'_>) -> Result<Val, Failure> {
    let Some(encoding) = encoding(call) else { return Ok(no_encoding(call)) };
    let text = call.text(0);
    let narrow = |last: u32| {
        let bytes = text.chars().map(|c| u8::try_from(u32::from(c)).ok().filter(|byte| u32::from(*byte) <= last));
        bytes.collect::<Option<Vec<u8>>>().ok_or_else(|| Failure::of(0, "has characters that the encoding has not"))
    };
    let bytes = match encoding {
        Encoding::Ascii => narrow(0x7f)?,
        Encoding::Latin1 => narrow(0xff)?,
        Encoding::Utf8 => text.as_bytes().to_vec(),
        Encoding::Utf16 { big, mark } => {
            let units = mark.then_some(0xfeff).into_iter().chain(text.encode_utf16());
            units.flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
        }
    };
    Ok(Val::string(STANDARD.encode(bytes)))
}

fn text_decode(call: &Call<'_>) -> Result<Val, Failure> {
    let Some(encoding) = encoding(call) else { return Ok(no_encoding(call)) };
    let bytes = base64_argument(call)?;
    let text = match encoding {
        Encoding::Ascii => bytes.is_ascii().then(|| bytes.iter().copied().map(char::from).collect()),
        Encoding::Latin1 => Some(bytes.iter().copied().map(char::from).collect()),
        Encoding::Utf8 => String::from_utf8(bytes).ok(),
        Encoding::Utf16 { big, mark } => utf16(&bytes, big, mark),
    };
    let text = text.filter(|text| !text.contains(char::REPLACEMENT_CHARACTER));
    text.map(Val::string).ok_or_else(|| Failure::of(0, "has symbols that the encoding has not"))
}

fn utf16(bytes: &[u8], big: bool, mark: bool) -> Option<String> {
    let (big, bytes) = match bytes {
        [0xff, 0xfe, rest @ ..] if mark => (false, rest),
        [0xfe, 0xff, rest @ ..] if mark => (true, rest),
        _ => (big, bytes),
    };
    if bytes.len() % 2 == 1 {
        return None;
    }
    let unit = |pair: &[u8]| {
        let pair = [pair[0], pair[1]];
        if big { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) }
    };
    char::decode_utf16(bytes.chunks_exact(2).map(unit)).collect::<Result<_, _>>().ok()
}

#[cfg(test)]
mod tests {
    use super::super::tests::{failure, text};

    /// The function's own documentation says so.
    #[test]
    fn urldecode_reads_what_urlencode_writes() {
        assert_eq!(text("urldecode", &["Hello+World%21"]), "Hello World!");
        assert_eq!(text("urldecode", &["%E2%98%83"]), "☃");
        assert_eq!(
            text("urldecode", &["foo%3Abar%40localhost%3Ffoo%3Dbar%26bar%3Dbaz"]),
            "foo:bar@localhost?foo=bar&bar=baz"
        );
        assert!(failure("urldecode", &["100%"]).message.contains("percent sign"));
    }

    #[test]
    fn base64gunzip_unpacks() {
        // `base64gzip("test")` of Terraform 1.11.4.
        let packed = "H4sIAAAAAAAA/ypJLS4BAAAA//8BAAD//wx+f9gEAAAA";
        assert_eq!(text("base64gunzip", &[packed]), "test");
        assert!(failure("base64gunzip", &["dGVzdA=="]).message.contains("gzip"));
    }
}
