//! `yamlencode`.
//!
//! Rules: `go-cty-yaml`, which writes with the emitter of libyaml: strings in double quotes, folded after column 80, those
//! of several lines as blocks where they can be.

use super::super::value::{Data, Origin, Type, Val};
use super::arguments::Text;
use super::{Call, Failure, Function, Takes, takes};
use std::fmt::Write;

pub(super) const TABLE: &[Function] = &[Function {
    name: "yamlencode",
    parameters: &[takes(Takes::Any).or_null()],
    rest: None,
    returns: Takes::String,
    run: encode,
}];

/// Column after which a text in quotes is broken at the next space.
const WIDTH: usize = 80;

/// Columns that a level is indented by.
const STEP: usize = 2;

/// Longest key in bytes that stands before its colon without a question mark.
const MAX_SIMPLE_KEY: usize = 128;

fn encode(call: &Call<'_>) -> Result<Val, Failure> {
    let value = call.argument(0)?;
    if let Some(why) = value.why_not_wholly_known() {
        return Ok(Val::unknown_like(Type::String, why));
    }
    let mut emitter = Emitter::of(call.text_to_make());
    emitter.node(value, false);
    emitter.new_line();
    // What may go on is ended.
    if !matches!(value.data, Data::String(_)) && value.len().is_none() {
        emitter.put("...");
        emitter.line_break();
    }
    Ok(if emitter.made.is_too_long() { call.too_long() } else { call.spliced(emitter.made) })
}

/// The text so far, and what stands right before the next character.
struct Emitter {
    made: Text,
    column: usize,
    /// Column of the level; none outside of all levels.
    indent: Option<usize>,
    /// White space, so that an indicator needs none of its own.
    after_space: bool,
    /// Nothing in the line yet but indentation and dashes.
    at_start: bool,
}

impl Emitter {
    fn of(made: Text) -> Self {
        Emitter { made, column: 0, indent: None, after_space: true, at_start: true }
    }

    fn put(&mut self, text: &str) {
        self.made.plain(text);
        self.column += text.chars().count();
    }

    fn line_break(&mut self) {
        self.made.plain("\n");
        self.column = 0;
    }

    /// Goes to the column of the level, on a line where nothing stands before it.
    fn new_line(&mut self) {
        let indent = self.indent.unwrap_or(0);
        if !self.at_start || self.column > indent || (self.column == indent && !self.after_space) {
            self.line_break();
        }
        let missing = indent.saturating_sub(self.column);
        self.put(&" ".repeat(missing));
        (self.after_space, self.at_start) = (true, true);
    }

    /// A sign with a space before it where there is none.
    fn sign(&mut self, sign: &str, needs_space: bool, is_space: bool, is_indentation: bool) {
        if needs_space && !self.after_space {
            self.put(" ");
        }
        self.put(sign);
        self.after_space = is_space;
        self.at_start &= is_indentation;
    }

    /// Runs `write` one level deeper.
    fn deeper(&mut self, indent: usize, write: impl FnOnce(&mut Self)) {
        let outer = self.indent.replace(indent);
        write(self);
        self.indent = outer;
    }

    fn node(&mut self, value: &Val, in_mapping: bool) {
        if self.made.is_too_long() {
            // Whoever asked sees that from the length.
            return;
        }
        match &value.data {
            Data::List(_, elements) | Data::Set(_, elements) | Data::Tuple(elements) => {
                self.sequence(elements, in_mapping);
            }
            Data::Map(_, entries) | Data::Object(entries) if entries.is_empty() => self.sign("{}", true, false, false),
            Data::Map(_, entries) | Data::Object(entries) => {
                let indent = self.indent.map_or(0, |indent| indent + STEP);
                self.deeper(indent, |emitter| {
                    for (key, entry) in entries.iter() {
                        emitter.new_line();
                        let within = |origin: &Origin| Origin::within(&value.origin, origin);
                        emitter.key(key, &within(&entry.key_origin));
                        emitter.node(&entry.value.clone().with_origin(within(&entry.value.origin)), true);
                    }
                });
            }
            Data::String(text) => self.string(text, &value.origin),
            Data::Number(number) => self.plain(&number.to_string(), &value.origin),
            Data::Bool(value_) => self.plain(&value_.to_string(), &value.origin),
            Data::Null(_) | Data::Unknown(..) => self.plain("null", &value.origin),
        }
    }

    /// As the value of a simple key it is not indented.
    fn sequence(&mut self, elements: &[Val], in_mapping: bool) {
        if elements.is_empty() {
            return self.sign("[]", true, false, false);
        }
        let step = if in_mapping && !self.at_start { 0 } else { STEP };
        let indent = self.indent.map_or(0, |indent| indent + step);
        self.deeper(indent, |emitter| {
            for element in elements {
                emitter.new_line();
                emitter.sign("-", true, false, true);
                emitter.node(element, false);
            }
        });
    }

    fn key(&mut self, key: &str, origin: &Origin) {
        if key.len() <= MAX_SIMPLE_KEY && !key.contains(is_break) {
            self.quoted(key, origin, false);
            self.sign(":", false, false, false);
        } else {
            self.sign("?", true, false, true);
            self.string(key, origin);
            self.new_line();
            self.sign(":", true, false, true);
        }
    }

    fn plain(&mut self, text: &str, origin: &Origin) {
        if !self.after_space {
            self.put(" ");
        }
        let start = self.made.text.len();
        self.put(text);
        self.made.note(start, &Origin::changed(origin));
        (self.after_space, self.at_start) = (false, false);
    }

    fn string(&mut self, text: &str, origin: &Origin) {
        let indent = self.indent.map_or(STEP, |indent| indent + STEP);
        self.deeper(indent, |emitter| {
            if text.contains('\n') && can_be_block(text) {
                emitter.block(text, origin);
            } else {
                emitter.quoted(text, origin, true);
            }
        });
    }

    fn quoted(&mut self, text: &str, origin: &Origin, may_fold: bool) {
        self.sign("\"", true, false, false);
        let start = self.made.text.len();
        let mut after_space = false;
        // A mark of byte order in front makes all that follows look like one.
        let marked = text.starts_with('\u{feff}');
        let mut rest = text.chars();
        let mut first = true;
        while let Some(c) = rest.next() {
            let next = rest.clone().next();
            if c == ' ' && !marked {
                if may_fold && !after_space && self.column > WIDTH && !first && next.is_some() {
                    self.new_line();
                    if next == Some(' ') {
                        self.put("\\");
                    }
                } else {
                    self.put(" ");
                }
                after_space = true;
            } else {
                match escaped(c, marked) {
                    Some(escape) => self.put(&escape),
                    None => self.put(c.encode_utf8(&mut [0; 4])),
                }
                after_space = false;
            }
            first = false;
        }
        let verbatim = self.made.text[start..] == *text;
        self.made.note(start, &if verbatim { origin.clone() } else { Origin::changed(origin) });
        self.sign("\"", false, false, false);
    }

    /// Line by line as it is.
    fn block(&mut self, text: &str, origin: &Origin) {
        self.sign("|", true, false, false);
        if text.starts_with(|c| c == ' ' || is_break(c)) {
            self.sign(&STEP.to_string(), false, false, false);
        }
        let mut from_end = text.chars().rev();
        match (from_end.next(), from_end.next()) {
            (Some(last), _) if !is_break(last) => self.sign("-", false, false, false),
            (_, None) => self.sign("+", false, false, false),
            (_, Some(before)) if is_break(before) => self.sign("+", false, false, false),
            _ => {}
        }
        self.line_break();
        (self.after_space, self.at_start) = (true, true);
        let start = self.made.text.len();
        let mut after_break = true;
        for c in text.chars() {
            if is_break(c) {
                if c == '\n' {
                    self.line_break();
                } else {
                    self.put(c.encode_utf8(&mut [0; 4]));
                    self.column = 0;
                }
                (self.at_start, after_break) = (true, true);
            } else {
                if after_break {
                    self.new_line();
                }
                self.put(c.encode_utf8(&mut [0; 4]));
                (self.at_start, after_break) = (false, false);
            }
        }
        self.made.note(start, &Origin::changed(origin));
    }
}

fn is_break(c: char) -> bool {
    matches!(c, '\r' | '\n' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

fn is_printable(c: char) -> bool {
    matches!(c, '\n' | ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}') && c != '\u{feff}'
}

/// Whether a text of several lines keeps its meaning as a block.
fn can_be_block(text: &str) -> bool {
    let space_before_break = text.chars().zip(text.chars().skip(1)).any(|(c, next)| c == ' ' && is_break(next));
    !text.ends_with(' ') && !space_before_break && text.chars().all(is_printable)
}

/// What stands for a character that cannot stand for itself between quotes.
fn escaped(c: char, always: bool) -> Option<String> {
    let short = match c {
        '\0' => '0',
        '\u{7}' => 'a',
        '\u{8}' => 'b',
        '\t' => 't',
        '\n' => 'n',
        '\u{b}' => 'v',
        '\u{c}' => 'f',
        '\r' => 'r',
        '\u{1b}' => 'e',
        '"' | '\\' => c,
        '\u{85}' => 'N',
        '\u{2028}' => 'L',
        '\u{2029}' => 'P',
        '\u{a0}' if always => '_',
        _ if is_printable(c) && !always => return None,
        _ => {
            let mut escape = String::new();
            let _ = match u32::from(c) {
                code @ ..=0xff => write!(escape, "\\x{code:02X}"),
                code @ ..=0xffff => write!(escape, "\\u{code:04X}"),
                code => write!(escape, "\\U{code:08X}"),
            };
            return Some(escape);
        }
    };
    Some(format!("\\{short}"))
}
