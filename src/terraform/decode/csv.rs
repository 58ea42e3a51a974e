//! CSV, as `csvdecode` reads it.
//!
//! Rules: Go's `encoding/csv` under `go-cty`'s `CSVDecodeFunc`, held against `terraform console`.

use super::tree::{Decoding, Entry, Key, Kind, Node, Problem, Text};
use crate::terraform::limits::Limits;
use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

/// The names of the columns, and a list of objects: one for each row after the first.
pub(crate) fn positions(text: &str) -> Result<(Vec<Arc<str>>, Node), Problem> {
    read(text, Limits::default().values)
}

/// As [`positions`], of at `most` so many values.
pub(super) fn read(text: &str, most: usize) -> Result<(Vec<Arc<str>>, Node), Problem> {
    let mut reader = Reader { text, at: 0, most };
    let header = reader.row()?.ok_or(Problem::new(0, "the header line is missing"))?;
    let mut seen = HashSet::new();
    if let Some(again) = header.iter().find(|field| !seen.insert(field.text.text.clone())) {
        return Err(Problem::new(again.range.start, "two columns have the same name"));
    }
    let names: Vec<Arc<str>> = header.into_iter().map(|field| field.text.text).collect();
    let (mut rows, mut values) = (Vec::new(), 0);
    while let Some(fields) = reader.row()? {
        values += fields.len();
        let start = fields.first().map_or(reader.at, |field| field.range.start);
        let end = fields.last().map_or(reader.at, |field| field.range.end);
        if values > most {
            return Err(Problem::limit(start, format!("more than {most} values")));
        }
        if fields.len() != names.len() {
            return Err(Problem::new(start, "the row has not as many fields as the header line"));
        }
        let entries = names.iter().zip(fields).map(|(name, field)| {
            // The name is written once, above all rows; here it is the field that says it.
            let key = Key { range: field.range.clone(), text: name.clone(), through: Vec::new() };
            Entry { key, value: Node::new(field.range, Kind::Text(field.text)) }
        });
        rows.push(Node::new(start..end, Kind::Object(Arc::new(entries.collect()))));
    }
    Ok((names, Node::new(0..text.len(), Kind::List(Arc::new(rows)))))
}

struct Field {
    /// Bytes of the text; quotes belong to it.
    range: Range<usize>,
    text: Text,
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    /// How many fields a row may have.
    most: usize,
}

impl Reader<'_> {
    /// The bytes that end a line here: a line feed with or without a carriage return, and at the end of the text a
    /// carriage return alone. `None` when no line ends here.
    fn line_end(&self) -> Option<usize> {
        match self.text.as_bytes().get(self.at..).unwrap_or_default() {
            [] => Some(0),
            [b'\n', ..] | [b'\r'] => Some(1),
            [b'\r', b'\n', ..] => Some(2),
            _ => None,
        }
    }

    /// The fields of the next line that is not empty.
    fn row(&mut self) -> Result<Option<Vec<Field>>, Problem> {
        while let Some(length) = self.line_end() {
            if length == 0 {
                return Ok(None);
            }
            self.at += length;
        }
        let mut fields = Vec::new();
        loop {
            if fields.len() > self.most {
                return Err(Problem::limit(self.at, format!("more than {} values", self.most)));
            }
            fields.push(if self.text[self.at..].starts_with('"') { self.quoted()? } else { self.bare()? });
            match self.line_end() {
                Some(length) => {
                    self.at += length;
                    return Ok(Some(fields));
                }
                // The comma: nothing else ends a field.
                None => self.at += 1,
            }
        }
    }

    fn bare(&mut self) -> Result<Field, Problem> {
        let start = self.at;
        while self.line_end().is_none() && !self.text[self.at..].starts_with(',') {
            if self.text.as_bytes()[self.at] == b'"' {
                return Err(Problem::new(self.at, "a quote inside of a field without quotes"));
            }
            self.skip();
        }
        let mut decoding = Decoding::default();
        decoding.verbatim(&self.text[start..self.at], start);
        Ok(Field { range: start..self.at, text: decoding.finish() })
    }

    fn skip(&mut self) {
        self.at += self.text[self.at..].chars().next().map_or(0, char::len_utf8);
    }

    fn quoted(&mut self) -> Result<Field, Problem> {
        let start = self.at;
        let mut decoding = Decoding::default();
        self.at += 1;
        loop {
            let from = self.at;
            let bytes = self.text.as_bytes();
            while !matches!(bytes.get(self.at), None | Some(b'"' | b'\r')) {
                self.at += 1;
            }
            decoding.verbatim(&self.text[from..self.at], from);
            match &bytes[self.at..] {
                [b'"', b'"', ..] => {
                    decoding.push("\"", self.at..self.at + 2);
                    self.at += 2;
                }
                [b'"', ..] => {
                    self.at += 1;
                    if self.line_end().is_none() && bytes.get(self.at) != Some(&b',') {
                        return Err(Problem::new(self.at, "a closing quote must end the field"));
                    }
                    return Ok(Field { range: start..self.at, text: decoding.finish() });
                }
                [b'\r', b'\n', ..] => {
                    decoding.push("\n", self.at..self.at + 2);
                    self.at += 2;
                }
                [b'\r', _, ..] => {
                    decoding.verbatim("\r", self.at);
                    self.at += 1;
                }
                _ => return Err(Problem::new(start, "the closing quote is missing")),
            }
        }
    }
}
