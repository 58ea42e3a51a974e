//! YAML, as `yamldecode` reads it.
//!
//! Rules: `go-cty-yaml` 1.1, held against `terraform console`. Its scanner is an old `libyaml` (YAML 1.1, no `%YAML 1.2`),
//! it reads one document, takes only scalars for keys, and merges one mapping at a time.

mod cursor;
mod properties;
mod resolve;
mod scalars;
mod scan;
mod time;

use super::tree::{Entry, Key, Kind, Node, Problem, Text};
use super::{MAX_DEPTH, with_stack};
use crate::terraform::limits::Limits;
use resolve::{Scalar, TAGS};
use scan::{Scanner, Style, Token, TokenKind};
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

/// What a YAML text says, with the bytes that every value and key takes.
pub(crate) fn positions(text: &str) -> Result<Node, Problem> {
    read(text, Limits::default().values)
}

/// As [`positions`], of at `most` so many values.
pub(super) fn read(text: &str, most: usize) -> Result<Node, Problem> {
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    if let Some((at, _)) = text.char_indices().find(|(_, found)| !is_allowed(*found)) {
        return Err(Problem::new(at, "control characters are not allowed"));
    }
    let mut reader = Reader {
        scanner: Scanner::new(text, start),
        handles: HashMap::new(),
        anchors: HashMap::new(),
        pending: HashMap::new(),
        end: start,
        depth: 0,
        count: 0,
        aliased: 0,
        most,
    };
    reader.document()
}

/// What may stand in a YAML text.
fn is_allowed(found: char) -> bool {
    matches!(found, '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' | '\u{a0}'..='\u{fffd}' | '\u{10000}'..)
}

/// An anchored value, and how many values are in it.
type Anchored = (Node, usize);

struct Reader<'a> {
    scanner: Scanner<'a>,
    /// What the handles of tags stand for.
    handles: HashMap<String, String>,
    anchors: HashMap<String, Anchored>,
    /// Anchors whose value is not complete.
    pending: HashMap<String, usize>,
    /// End of the last token that is not only indentation.
    end: usize,
    depth: usize,
    /// Values read so far, those behind aliases too.
    count: usize,
    /// Values that aliases stand for.
    aliased: usize,
    /// How many there may be of either.
    most: usize,
}

/// Anchor and tag in front of a value, and where they end.
struct Properties {
    anchor: Option<String>,
    tag: String,
    end: Option<usize>,
}

impl Reader<'_> {
    fn peek(&mut self) -> Result<&TokenKind, Problem> {
        self.scanner.peek().map(|token| &token.kind)
    }

    fn place(&mut self) -> Result<Range<usize>, Problem> {
        self.scanner.peek().map(|token| token.range.clone())
    }

    fn take(&mut self) -> Result<Token, Problem> {
        self.scanner.peek()?;
        let token = self.scanner.take().ok_or(Problem::new(self.end, "the YAML text ends too early"))?;
        if !token.range.is_empty() {
            self.end = token.range.end;
        }
        Ok(token)
    }

    fn problem<T>(&mut self, message: &'static str) -> Result<T, Problem> {
        let at = self.place()?.start;
        Err(Problem::new(at, message))
    }

    fn document(&mut self) -> Result<Node, Problem> {
        use TokenKind::*;
        let explicit = match self.peek()? {
            StreamEnd => return self.problem("there is no YAML document"),
            Version(..) | TagDirective(..) | DocumentStart => {
                self.directives()?;
                true
            }
            _ => false,
        };
        self.handles.entry("!".to_owned()).or_insert("!".to_owned());
        self.handles.entry("!!".to_owned()).or_insert(TAGS.to_owned());
        let value = match self.peek()? {
            Version(..) | TagDirective(..) | DocumentStart | DocumentEnd | StreamEnd if explicit => {
                self.nothing(self.end)
            }
            _ => self.node(true, false)?,
        };
        while matches!(self.peek()?, DocumentEnd) {
            self.take()?;
        }
        match self.peek()? {
            StreamEnd => Ok(value),
            DocumentStart | Version(..) | TagDirective(..) => self.problem("only one YAML document is allowed"),
            _ => self.problem("there is more after the end of the YAML value"),
        }
    }

    fn directives(&mut self) -> Result<(), Problem> {
        let mut version = false;
        loop {
            let token = self.take()?;
            match token.kind {
                TokenKind::Version(1, 1) if !version => version = true,
                TokenKind::Version(..) => {
                    return Err(Problem::new(token.range.start, "only one `%YAML 1.1` is supported"));
                }
                TokenKind::TagDirective(handle, prefix) => {
                    if self.handles.insert(handle, prefix).is_some() {
                        return Err(Problem::new(token.range.start, "a second `%TAG` of the same handle"));
                    }
                }
                TokenKind::DocumentStart => return Ok(()),
                _ => return Err(Problem::new(token.range.start, "expected `---` after a directive")),
            }
        }
    }

    /// What stands where nothing stands.
    fn nothing(&mut self, at: usize) -> Node {
        self.count += 1;
        Node::new(at..at, Kind::Null)
    }

    /// A value; `unindented` where a sequence may stand at the column of the mapping that holds it.
    fn node(&mut self, block: bool, unindented: bool) -> Result<Node, Problem> {
        if matches!(self.peek()?, TokenKind::Alias(_)) {
            let token = self.take()?;
            return self.alias(token);
        }
        let properties = self.properties()?;
        let before = self.count;
        if let Some(anchor) = &properties.anchor {
            *self.pending.entry(anchor.clone()).or_default() += 1;
        }
        let start = self.place()?.start;
        let node = self.content(block, unindented, &properties, start)?;
        self.count += 1;
        if self.count > self.most {
            return Err(Problem::limit(start, format!("more than {} values", self.most)));
        }
        if let Some(anchor) = properties.anchor {
            if let Some(pending) = self.pending.get_mut(&anchor) {
                *pending -= 1;
                if *pending == 0 {
                    self.pending.remove(&anchor);
                }
            }
            self.anchors.insert(anchor, (node.clone(), self.count - before));
        }
        Ok(node)
    }

    fn alias(&mut self, token: Token) -> Result<Node, Problem> {
        let TokenKind::Alias(name) = token.kind else { return self.problem("expected an alias") };
        let at = token.range.start;
        if self.pending.contains_key(&name) {
            return Err(Problem::new(at, "an alias inside of the value that it stands for"));
        }
        let Some((node, size)) = self.anchors.get(&name) else {
            return Err(Problem::new(at, "no anchor has the name of this alias"));
        };
        self.count += size;
        self.aliased += size;
        if self.aliased > self.most {
            return Err(Problem::limit(at, format!("aliases stand for more than {} values", self.most)));
        }
        Ok(node.clone().through(&[token.range]))
    }

    fn properties(&mut self) -> Result<Properties, Problem> {
        let mut properties = Properties { anchor: None, tag: String::new(), end: None };
        let mut tagged = false;
        for _ in 0..2 {
            match self.peek()? {
                TokenKind::Anchor(_) if properties.anchor.is_none() => {}
                TokenKind::Tag(..) if !tagged => tagged = true,
                _ => break,
            }
            let token = self.take()?;
            properties.end = Some(token.range.end);
            match token.kind {
                TokenKind::Anchor(name) => properties.anchor = Some(name),
                TokenKind::Tag(handle, suffix) if handle.is_empty() => properties.tag = suffix,
                TokenKind::Tag(handle, suffix) => match self.handles.get(&handle) {
                    Some(prefix) => properties.tag = format!("{prefix}{suffix}"),
                    None => return Err(Problem::new(token.range.start, "no `%TAG` declares the handle of this tag")),
                },
                _ => {}
            }
        }
        Ok(properties)
    }

    fn content(
        &mut self,
        block: bool,
        unindented: bool,
        properties: &Properties,
        start: usize,
    ) -> Result<Node, Problem> {
        let read: fn(&mut Self) -> Result<Kind, Problem> = match self.peek()? {
            TokenKind::BlockEntry if unindented => Self::unindented_sequence,
            TokenKind::FlowSequenceStart => Self::flow_sequence,
            TokenKind::FlowMappingStart => Self::flow_mapping,
            TokenKind::BlockSequenceStart if block => Self::block_sequence,
            TokenKind::BlockMappingStart if block => Self::block_mapping,
            _ => {
                let (scalar, range) = self.scalar(properties)?;
                let kind = scalar.value().map_err(|message| Problem::new(range.start, message))?;
                return Ok(Node::new(range, kind));
            }
        };
        let kind = self.deeper(read)?;
        let wanted = if matches!(kind, Kind::List(_)) { "seq" } else { "map" };
        if !properties.tag.is_empty() && properties.tag.strip_prefix(TAGS) != Some(wanted) {
            return Err(Problem::new(start, "the tag is not one of this kind of value"));
        }
        Ok(Node::new(start..self.end.max(start), kind))
    }

    fn deeper(&mut self, read: fn(&mut Self) -> Result<Kind, Problem>) -> Result<Kind, Problem> {
        if self.depth >= MAX_DEPTH {
            let at = self.place()?.start;
            return Err(Problem::limit(at, format!("nested more than {MAX_DEPTH} levels deep")));
        }
        self.depth += 1;
        let kind = with_stack(|| read(self));
        self.depth -= 1;
        kind
    }

    /// A scalar, which is empty where there is nothing behind an anchor or a tag.
    fn scalar(&mut self, properties: &Properties) -> Result<(Scalar, Range<usize>), Problem> {
        let tag = properties.tag.clone();
        match (self.peek()?, properties.end) {
            (TokenKind::Scalar(..), _) => {
                let token = self.take()?;
                let TokenKind::Scalar(text, style) = token.kind else { return self.problem("expected a scalar") };
                Ok((Scalar { text, style, tag }, token.range))
            }
            (_, Some(end)) => Ok((Scalar { text: Text::other(""), style: Style::Plain, tag }, end..end)),
            _ => self.problem("expected a value"),
        }
    }

    fn sequence(&mut self, items: Vec<Node>) -> Kind {
        Kind::List(Arc::new(items))
    }

    fn block_sequence(&mut self) -> Result<Kind, Problem> {
        use TokenKind::*;
        self.take()?;
        let mut items = Vec::new();
        loop {
            match self.peek()? {
                BlockEntry => {
                    let end = self.take()?.range.end;
                    let empty = matches!(self.peek()?, BlockEntry | BlockEnd);
                    items.push(if empty { self.nothing(end) } else { self.node(true, false)? });
                }
                BlockEnd => {
                    self.take()?;
                    return Ok(self.sequence(items));
                }
                _ => return self.problem("expected `-` or the end of the list"),
            }
        }
    }

    fn unindented_sequence(&mut self) -> Result<Kind, Problem> {
        use TokenKind::*;
        let mut items = Vec::new();
        while matches!(self.peek()?, BlockEntry) {
            let end = self.take()?.range.end;
            let empty = matches!(self.peek()?, BlockEntry | Key | Value | BlockEnd);
            items.push(if empty { self.nothing(end) } else { self.node(true, false)? });
        }
        Ok(self.sequence(items))
    }

    fn block_mapping(&mut self) -> Result<Kind, Problem> {
        use TokenKind::*;
        self.take()?;
        let mut entries = Vec::new();
        loop {
            match self.peek()? {
                Key => {
                    let end = self.take()?.range.end;
                    let empty = matches!(self.peek()?, Key | Value | BlockEnd);
                    let key = self.key(empty.then_some(end))?;
                    let value = self.block_mapping_value()?;
                    self.add(&mut entries, key, value)?;
                }
                BlockEnd => {
                    self.take()?;
                    return Ok(Kind::Object(Arc::new(entries)));
                }
                _ => return self.problem("expected a key or the end of the mapping"),
            }
        }
    }

    fn block_mapping_value(&mut self) -> Result<Node, Problem> {
        use TokenKind::*;
        if !matches!(self.peek()?, Value) {
            return Ok(self.nothing(self.end));
        }
        let end = self.take()?.range.end;
        match self.peek()? {
            Key | Value | BlockEnd => Ok(self.nothing(end)),
            _ => self.node(true, true),
        }
    }

    fn flow_sequence(&mut self) -> Result<Kind, Problem> {
        use TokenKind::*;
        self.take()?;
        let mut items = Vec::new();
        while !matches!(self.peek()?, FlowSequenceEnd) {
            if !items.is_empty() {
                self.comma("expected `,` or `]`")?;
            }
            match self.peek()? {
                Key => items.push(self.pair()?),
                FlowSequenceEnd => break,
                _ => items.push(self.node(false, false)?),
            }
        }
        self.take()?;
        Ok(self.sequence(items))
    }

    fn comma(&mut self, wanted: &'static str) -> Result<(), Problem> {
        if !matches!(self.peek()?, TokenKind::FlowEntry) {
            return self.problem(wanted);
        }
        self.take().map(|_| ())
    }

    /// A mapping of one entry that stands in a list without brackets.
    fn pair(&mut self) -> Result<Node, Problem> {
        use TokenKind::*;
        let token = self.take()?;
        let empty = matches!(self.peek()?, Value | FlowEntry | FlowSequenceEnd);
        let key = self.key(empty.then_some(token.range.end))?;
        let value = self.flow_value(FlowSequenceEnd)?;
        let mut entries = Vec::new();
        self.add(&mut entries, key, value)?;
        self.count += 1;
        Ok(Node::new(token.range.start..self.end, Kind::Object(Arc::new(entries))))
    }

    fn flow_value(&mut self, close: TokenKind) -> Result<Node, Problem> {
        if !matches!(self.peek()?, TokenKind::Value) {
            return Ok(self.nothing(self.end));
        }
        let end = self.take()?.range.end;
        let next = self.peek()?;
        let empty =
            matches!(next, TokenKind::FlowEntry) || std::mem::discriminant(next) == std::mem::discriminant(&close);
        if empty { Ok(self.nothing(end)) } else { self.node(false, false) }
    }

    fn flow_mapping(&mut self) -> Result<Kind, Problem> {
        use TokenKind::*;
        self.take()?;
        let (mut entries, mut first) = (Vec::new(), true);
        while !matches!(self.peek()?, FlowMappingEnd) {
            if !first {
                self.comma("expected `,` or `}`")?;
            }
            first = false;
            match self.peek()? {
                Key => {
                    let end = self.take()?.range.end;
                    let empty = matches!(self.peek()?, Value | FlowEntry | FlowMappingEnd);
                    let key = self.key(empty.then_some(end))?;
                    let value = self.flow_value(FlowMappingEnd)?;
                    self.add(&mut entries, key, value)?;
                }
                FlowMappingEnd => break,
                _ => {
                    let key = self.key(None)?;
                    let value = self.nothing(self.end);
                    self.add(&mut entries, key, value)?;
                }
            }
        }
        self.take()?;
        Ok(Kind::Object(Arc::new(entries)))
    }

    /// A key; `None` for the sign to merge. `empty` is where a key stands that is not there.
    fn key(&mut self, empty: Option<usize>) -> Result<(Option<Key>, usize), Problem> {
        if let Some(at) = empty {
            return Err(Problem::new(at, "a key cannot be null"));
        }
        let at = self.place()?.start;
        let properties = self.properties()?;
        if let TokenKind::Alias(_)
        | TokenKind::FlowSequenceStart
        | TokenKind::FlowMappingStart
        | TokenKind::BlockSequenceStart
        | TokenKind::BlockMappingStart
        | TokenKind::BlockEntry = self.peek()?
        {
            return Err(Problem::new(at, "only a text can be a key"));
        }
        let (scalar, range) = self.scalar(&properties)?;
        let key = scalar.key().map_err(|message| Problem::new(range.start, message))?;
        Ok((key.map(|text| Key { range, text, through: Vec::new() }), at))
    }

    fn add(&mut self, entries: &mut Vec<Entry>, key: (Option<Key>, usize), value: Node) -> Result<(), Problem> {
        let (key, at) = key;
        match key {
            Some(key) => entries.push(Entry { key, value }),
            None if matches!(value.kind, Kind::Object(_)) => {
                entries.extend(value.entries().iter().map(|entry| entry.clone().through(&value.through)));
            }
            None => return Err(Problem::new(at, "only a mapping can be merged")),
        }
        Ok(())
    }
}
