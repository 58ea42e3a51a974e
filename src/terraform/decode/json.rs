//! JSON, as strictly as `jsondecode` reads it.
//!
//! Rules: `go-cty`'s `cty/json` on Go's `encoding/json`, held against `terraform console`.

use super::tree::{Decoding, Entry, Key, Kind, Node, Problem};
use super::{MAX_DEPTH, duplicates, with_stack};
use crate::terraform::limits::Limits;
use crate::terraform::value::Number;
use std::sync::Arc;

/// What a JSON text says, with the bytes that every value and key takes.
///
/// Of several entries of one key all are there; the last counts.
pub(crate) fn positions(text: &str) -> Result<Node, Problem> {
    parsed(text, Limits::default().values)
}

fn parsed(text: &str, most: usize) -> Result<Node, Problem> {
    let mut reader = Reader { text, at: 0, depth: 0, count: 0, most };
    reader.space();
    let value = reader.value()?;
    reader.space();
    match reader.peek() {
        // Go's decoder takes a closing bracket for the end of something larger, and nobody looks at it again.
        None | Some(b']' | b'}') => Ok(value),
        Some(_) => Err(Problem::new(reader.at, "there is more after the end of the JSON value")),
    }
}

/// As [`positions`], of at `most` so many values, for what Terraform itself reads: not where several entries of one key
/// do not go together.
pub(super) fn read(text: &str, most: usize) -> Result<Node, Problem> {
    let node = parsed(text, most)?;
    duplicates::check(&node)?;
    Ok(node)
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
    /// Values read so far, and how many there may be.
    count: usize,
    most: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    /// A problem here, or with the end of the text.
    fn unexpected(&self, wanted: &'static str) -> Problem {
        match self.peek() {
            Some(_) => Problem::new(self.at, wanted),
            None => Problem::new(self.at, "the JSON text ends too early"),
        }
    }

    fn value(&mut self) -> Result<Node, Problem> {
        let start = self.at;
        self.count += 1;
        if self.count > self.most {
            return Err(Problem::limit(start, format!("more than {} values", self.most)));
        }
        let kind = match self.peek() {
            Some(b'{') => self.deeper(Self::object)?,
            Some(b'[') => self.deeper(Self::list)?,
            Some(b'"') => Kind::Text(self.string()?.finish()),
            Some(b'-' | b'0'..=b'9') => Kind::Number(self.number()?),
            Some(b't') => self.word("true", Kind::Bool(true))?,
            Some(b'f') => self.word("false", Kind::Bool(false))?,
            Some(b'n') => self.word("null", Kind::Null)?,
            _ => return Err(self.unexpected("expected a JSON value")),
        };
        Ok(Node::new(start..self.at, kind))
    }

    fn deeper(&mut self, read: fn(&mut Self) -> Result<Kind, Problem>) -> Result<Kind, Problem> {
        if self.depth >= MAX_DEPTH {
            return Err(Problem::limit(self.at, format!("nested more than {MAX_DEPTH} levels deep")));
        }
        self.depth += 1;
        let kind = with_stack(|| read(self));
        self.depth -= 1;
        kind
    }

    fn word(&mut self, word: &str, kind: Kind) -> Result<Kind, Problem> {
        if !self.text[self.at..].starts_with(word) {
            return Err(Problem::new(self.at, "expected a JSON value"));
        }
        self.at += word.len();
        Ok(kind)
    }

    /// After an element: whether another one follows, else past the end.
    fn more(&mut self, close: u8, wanted: &'static str) -> Result<bool, Problem> {
        self.space();
        match self.peek() {
            Some(b',') => {
                self.at += 1;
                self.space();
                Ok(true)
            }
            Some(found) if found == close => {
                self.at += 1;
                Ok(false)
            }
            _ => Err(self.unexpected(wanted)),
        }
    }

    /// After an opening bracket: whether there is an element, else past the end.
    fn any(&mut self, close: u8) -> bool {
        self.at += 1;
        self.space();
        let empty = self.peek() == Some(close);
        self.at += usize::from(empty);
        !empty
    }

    fn list(&mut self) -> Result<Kind, Problem> {
        let mut items = Vec::new();
        let mut more = self.any(b']');
        while more {
            items.push(self.value()?);
            more = self.more(b']', "expected `,` or `]`")?;
        }
        Ok(Kind::List(Arc::new(items)))
    }

    fn object(&mut self) -> Result<Kind, Problem> {
        let mut entries = Vec::new();
        let mut more = self.any(b'}');
        while more {
            let start = self.at;
            if self.peek() != Some(b'"') {
                return Err(self.unexpected("expected a key in quotes"));
            }
            let key = self.string()?;
            if !key.is_normal() {
                // Terraform looks for the key as it is written among keys that it has composed.
                return Err(Problem::new(start, "Terraform knows no key whose characters are not composed (NFC)"));
            }
            let key = Key { text: key.finish().text, range: start..self.at, through: Vec::new() };
            self.space();
            if self.peek() != Some(b':') {
                return Err(self.unexpected("expected `:`"));
            }
            self.at += 1;
            self.space();
            entries.push(Entry { key, value: self.value()? });
            more = self.more(b'}', "expected `,` or `}`")?;
        }
        Ok(Kind::Object(Arc::new(entries)))
    }

    fn digits(&mut self) -> Result<(), Problem> {
        if !matches!(self.peek(), Some(b'0'..=b'9')) {
            return Err(self.unexpected("expected a digit"));
        }
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        Ok(())
    }

    fn number(&mut self) -> Result<Number, Problem> {
        let start = self.at;
        self.at += usize::from(self.peek() == Some(b'-'));
        match self.peek() {
            Some(b'0') => self.at += 1,
            _ => self.digits()?,
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            self.at += usize::from(matches!(self.peek(), Some(b'+' | b'-')));
            self.digits()?;
        }
        Number::parse(&self.text[start..self.at]).ok_or_else(|| Problem::limit(start, "the number is too large"))
    }

    fn string(&mut self) -> Result<Decoding, Problem> {
        let mut decoding = Decoding::default();
        self.at += 1;
        loop {
            let start = self.at;
            while !matches!(self.peek(), None | Some(b'"' | b'\\' | 0..=0x1f)) {
                self.at += 1;
            }
            decoding.verbatim(&self.text[start..self.at], start);
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(decoding);
                }
                Some(b'\\') => {
                    let start = self.at;
                    let decoded = self.escape()?;
                    decoding.push(decoded.encode_utf8(&mut [0; 4]), start..self.at);
                }
                _ => return Err(self.unexpected("a control character must be escaped")),
            }
        }
    }

    fn escape(&mut self) -> Result<char, Problem> {
        let escape = self.text.as_bytes().get(self.at + 1);
        let decoded = match escape {
            Some(b'u') => return self.unicode(),
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(_) => return Err(Problem::new(self.at, "there is no such escape")),
            None => return Err(Problem::new(self.at, "the JSON text ends too early")),
        };
        self.at += 2;
        Ok(decoded)
    }

    /// `\uXXXX`, also as one half of a pair; half a pair is the replacement character.
    fn unicode(&mut self) -> Result<char, Problem> {
        let Some(first) = self.hex(self.at) else {
            return Err(Problem::new(self.at, "expected four hexadecimal digits after `\\u`"));
        };
        self.at += 6;
        if let Some(decoded) = char::from_u32(first) {
            return Ok(decoded);
        }
        let second = self.hex(self.at).filter(|second| first < 0xdc00 && (0xdc00..0xe000).contains(second));
        Ok(match second {
            Some(second) => {
                self.at += 6;
                char::from_u32(0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00)).unwrap_or('\u{fffd}')
            }
            None => '\u{fffd}',
        })
    }

    /// The number that `\uXXXX` at this byte gives.
    fn hex(&self, at: usize) -> Option<u32> {
        let digits = self.text.get(at..at + 6)?.strip_prefix("\\u")?;
        digits.bytes().all(|digit| digit.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok())?
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

    use super::*;

    #[test]
    fn every_value_and_key_has_its_bytes() {
        let text = r#" {"Statement": [{"Action": ["s3:Get*", 1.5e1]}, null], "a" : true} "#;
        let tree = positions(text).unwrap();
        assert_eq!(&text[tree.range.clone()], text.trim());
        let statement = &tree.entries()[0];
        assert_eq!(&text[statement.key.range.clone()], r#""Statement""#);
        let action = statement.value.items()[0].get("Action").unwrap();
        assert_eq!(&text[action.items()[0].range.clone()], r#""s3:Get*""#);
        assert_eq!(&text[action.items()[1].range.clone()], "1.5e1");
        assert_eq!(&text[statement.value.items()[1].range.clone()], "null");
        assert_eq!(&text[tree.get("a").unwrap().range.clone()], "true");
    }

    #[test]
    fn escapes_know_the_bytes_they_stand_for() {
        let tree = positions(r#""aé\u00e9\n\ud83d\ude00b""#).unwrap();
        let Kind::Text(text) = tree.kind else { panic!("a text") };
        assert_eq!(&*text.text, "aéé\n😀b");
        let runs = [(0..3, 1..4), (3..5, 4..10), (5..6, 10..12), (6..10, 12..24), (10..11, 24..25)];
        assert_eq!(*text.runs, runs);
    }

    #[test]
    fn what_is_no_json_says_where() {
        let at = |text: &str| positions(text).unwrap_err().at;
        assert_eq!(at(""), 0);
        assert_eq!(at("[1,]"), 3);
        assert_eq!(at("{\"a\":1,}"), 7);
        assert_eq!(at("{\"a\" 1}"), 5);
        assert_eq!(at("[01]"), 2);
        assert_eq!(at("1 2"), 2);
        assert_eq!(at("\"a\nb\""), 2);
        assert_eq!(at(r#""\x""#), 1);
        assert_eq!(at(r#""\u12""#), 1);
        assert_eq!(at("'a'"), 0);
        assert_eq!(at("nul"), 0);
        assert_eq!(at("\u{feff}{}"), 0);
        assert_eq!(at("[1 // no\n]"), 3);
    }

    #[test]
    fn depth_has_an_end() {
        let problem = positions(&"[".repeat(100_000)).unwrap_err();
        assert!(problem.limit);
        assert_eq!(problem.at, MAX_DEPTH);
    }
}
