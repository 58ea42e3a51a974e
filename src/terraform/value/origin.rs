//! Where a value was written, and the definitions through which it came.
//!
//! An origin is a graph that grows while values are passed on; [`Origin::trail`] reads it when somebody asks.

use crate::source::{SourceFile, Span};
use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// A span of a file.
#[derive(Clone)]
pub struct Place {
    pub file: SourceFile,
    pub span: Span,
}

/// Where a value was written; nothing where nobody knows.
#[derive(Clone, Default)]
pub struct Origin(Option<Arc<Node>>);

enum Node {
    /// The text of the value itself.
    Written(Place),
    /// The text of the value itself, byte by byte.
    Verbatim(Place),
    /// Through a definition (an argument, a local, an output), from elsewhere.
    Passed { by: Place, role: Cow<'static, str>, from: Origin },
    /// An element: through the ways of its container, then its own.
    Within { container: Origin, element: Origin },
    /// Computed there from other values.
    Made { at: Place, of: Vec<Origin> },
    /// A text put together from pieces.
    Spliced { at: Place, pieces: Vec<Piece> },
    /// The text of a value in another form: the whole leads there, no part of it does.
    Changed(Origin),
    /// A block that says it by being there.
    Block(Place),
    /// Fetched there by a reference, from where nothing is written.
    Reference(Place),
    /// Not from a file, in words (an environment variable, the command line).
    Outside(String),
}

/// A piece of a text, in its order.
#[derive(Clone)]
pub struct Piece {
    /// Bytes of the text.
    pub range: Range<usize>,
    pub origin: Origin,
    /// Written in place, not put in by an expression.
    pub literal: bool,
}

/// Where a value comes from, as findings show it.
#[derive(Debug, Clone, Default)]
pub struct Trail {
    /// The deepest certain place.
    pub end: Option<End>,
    /// The definitions passed on the way, from the outermost inwards.
    pub through: Vec<(Place, Cow<'static, str>)>,
    /// Not from a file, in words.
    pub outside: Option<String>,
}

/// The place at the end of a trail.
#[derive(Debug, Clone)]
pub struct End {
    pub place: Place,
    pub kind: EndKind,
}

/// What stands at the end of a trail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndKind {
    /// The very value.
    Written,
    /// A reference to something that is written nowhere.
    Reference,
    /// What makes the value of other things, or holds it.
    Made,
    /// A block.
    Block,
}

/// How many nodes of one origin are looked at: an origin may be shared by many ways.
const MAX_NODES: usize = 10_000;

impl Origin {
    pub fn none() -> Self {
        Origin(None)
    }

    pub fn written(file: &SourceFile, span: Span) -> Self {
        Origin(Some(Arc::new(Node::Written(Place { file: file.clone(), span }))))
    }

    /// Written out without quotes or escapes, as what stands in a file of its own is.
    pub fn verbatim(file: &SourceFile, span: Span) -> Self {
        Origin(Some(Arc::new(Node::Verbatim(Place { file: file.clone(), span }))))
    }

    /// From `from`, through the definition at `by`.
    pub fn passed(by: Place, role: impl Into<Cow<'static, str>>, from: &Origin) -> Self {
        Origin(Some(Arc::new(Node::Passed { by, role: role.into(), from: from.clone() })))
    }

    pub fn within(container: &Origin, element: &Origin) -> Self {
        match (&container.0, &element.0) {
            (None, _) => element.clone(),
            (Some(_), _) => {
                Origin(Some(Arc::new(Node::Within { container: container.clone(), element: element.clone() })))
            }
        }
    }

    /// Computed at `at` from values of these origins.
    pub fn made(at: Place, of: Vec<Origin>) -> Self {
        Origin(Some(Arc::new(Node::Made { at, of })))
    }

    /// A text put together at `at`.
    pub fn spliced(at: Place, pieces: Vec<Piece>) -> Self {
        Origin(Some(Arc::new(Node::Spliced { at, pieces })))
    }

    /// A text that says the value of this origin in another form, so that bytes do not answer to bytes.
    pub fn changed(from: &Origin) -> Self {
        match &from.0.as_deref() {
            None | Some(Node::Changed(_)) => from.clone(),
            Some(_) => Origin(Some(Arc::new(Node::Changed(from.clone())))),
        }
    }

    /// A block that says something by being there; the place is its header.
    pub fn block(place: Place) -> Self {
        Origin(Some(Arc::new(Node::Block(place))))
    }

    /// Fetched at `at` by a reference, from where nothing is written: a state, the name of a workspace.
    pub fn reference(at: Place) -> Self {
        Origin(Some(Arc::new(Node::Reference(at))))
    }

    pub fn outside(what: impl Into<String>) -> Self {
        Origin(Some(Arc::new(Node::Outside(what.into()))))
    }

    pub fn is_none(&self) -> bool {
        self.0.is_none()
    }

    /// Where the whole value comes from.
    pub fn trail(&self) -> Trail {
        let mut trail = Trail::default();
        let mut left = MAX_NODES;
        trail.end = follow(self, &mut trail, &mut left);
        trail
    }

    /// Where the bytes `range` of a text come from; `None` when that is not certain.
    pub fn part(&self, range: Range<usize>) -> Option<Origin> {
        match self.0.as_deref()? {
            Node::Written(place) => {
                let span = written_part(place, range)?;
                Some(Origin::written(&place.file, span))
            }
            Node::Verbatim(Place { file, span }) => {
                let part = Span::new(span.start + range.start, span.start + range.end);
                (part.end <= span.end).then(|| Origin::verbatim(file, part))
            }
            Node::Passed { by, role, from } => {
                from.part(range).map(|part| Origin::passed(by.clone(), role.clone(), &part))
            }
            Node::Within { container, element } => {
                let of = if element.is_none() { container } else { element };
                of.part(range).map(|part| Origin::within(container, &part))
            }
            Node::Spliced { at, pieces } => spliced_part(at, pieces, range),
            Node::Made { .. } | Node::Changed(_) | Node::Block(_) | Node::Reference(_) | Node::Outside(_) => None,
        }
    }

    /// Where the bytes `range` of a text come from, as exactly as it is certain: the whole where no part can be told.
    pub fn part_or_whole(&self, range: Range<usize>) -> Origin {
        self.part(range).unwrap_or_else(|| Origin::changed(self))
    }
}

fn spliced_part(at: &Place, pieces: &[Piece], range: Range<usize>) -> Option<Origin> {
    let touched: Vec<&Piece> =
        pieces.iter().filter(|piece| piece.range.start < range.end && range.start < piece.range.end).collect();
    let inside = |piece: &Piece| {
        let start = range.start.max(piece.range.start) - piece.range.start;
        let end = range.end.min(piece.range.end) - piece.range.start;
        start..end
    };
    match touched.as_slice() {
        [] => None,
        [only] => only.origin.part(inside(only)).or_else(|| Some(only.origin.clone())),
        several => {
            let parts = several.iter().map(|piece| {
                let within = inside(piece);
                let start = (range.start.max(piece.range.start)) - range.start;
                Piece {
                    range: start..start + within.len(),
                    origin: piece.origin.part(within).unwrap_or_else(|| piece.origin.clone()),
                    literal: piece.literal,
                }
            });
            Some(Origin::spliced(at.clone(), parts.collect()))
        }
    }
}

/// The span of a part of a text that is written out: where text and source agree byte by byte.
fn written_part(place: &Place, range: Range<usize>) -> Option<Span> {
    let raw = place.file.slice(place.span);
    let quoted = raw.len() >= 2 && raw.starts_with('"') && raw.ends_with('"');
    let inner = if quoted { &raw[1..raw.len() - 1] } else { raw };
    let start = place.span.start + usize::from(quoted);
    if !inner.contains(['\\']) && !inner.contains("$${") && !inner.contains("%%{") {
        return (range.end <= inner.len()).then(|| Span::new(start + range.start, start + range.end));
    }
    let map = decoded_offsets(inner);
    Some(Span::new(start + *map.get(range.start)?, start + *map.get(range.end)?))
}

/// For each byte of the decoded text, and for its end, the offset in the raw text where it comes from.
fn decoded_offsets(raw: &str) -> Vec<usize> {
    let mut offsets = Vec::with_capacity(raw.len() + 1);
    let mut at = 0;
    while let Some(next) = raw[at..].chars().next() {
        let rest = &raw[at..];
        let (raw_length, decoded_length) = match rest.as_bytes() {
            [b'$', b'$', b'{', ..] | [b'%', b'%', b'{', ..] => (3, 2),
            [b'\\', b'u', ..] => (6, escaped_length(rest.get(2..6))),
            [b'\\', b'U', ..] => (10, escaped_length(rest.get(2..10))),
            [b'\\', _, ..] => (2, 1),
            _ => (next.len_utf8(), next.len_utf8()),
        };
        let verbatim = raw_length == decoded_length;
        offsets.extend((0..decoded_length).map(|byte| if verbatim { at + byte } else { at }));
        at = (at + raw_length).min(raw.len());
        while !raw.is_char_boundary(at) {
            at += 1;
        }
    }
    offsets.push(raw.len());
    offsets
}

fn escaped_length(hex: Option<&str>) -> usize {
    let code = hex.and_then(|hex| u32::from_str_radix(hex, 16).ok());
    code.and_then(char::from_u32).map_or(1, char::len_utf8)
}

/// Reads an origin to its end; definitions on the way go to the trail.
fn follow(origin: &Origin, trail: &mut Trail, left: &mut usize) -> Option<End> {
    let node = origin.0.as_deref()?;
    *left = left.checked_sub(1)?;
    match node {
        Node::Written(place) | Node::Verbatim(place) => Some(End { place: place.clone(), kind: EndKind::Written }),
        Node::Reference(place) => Some(End { place: place.clone(), kind: EndKind::Reference }),
        Node::Block(place) => Some(End { place: place.clone(), kind: EndKind::Block }),
        Node::Passed { by, role, from } => {
            let before = trail.through.len();
            trail.through.push((by.clone(), role.clone()));
            let end = follow(from, trail, left);
            end.or_else(|| {
                trail.through.truncate(before);
                Some(End { place: by.clone(), kind: EndKind::Made })
            })
        }
        Node::Within { container, element } => {
            let before = trail.through.len();
            let of_container = follow(container, trail, left);
            let kept = trail.through.len();
            match follow(element, trail, left) {
                Some(end) => Some(end),
                None => {
                    trail.through.truncate(kept.max(before));
                    of_container.map(|end| End { kind: EndKind::Made, ..end })
                }
            }
        }
        Node::Made { at, .. } => Some(End { place: at.clone(), kind: EndKind::Made }),
        Node::Changed(from) => follow(from, trail, left),
        Node::Spliced { at, pieces } => match pieces.as_slice() {
            [only] if !only.literal => follow(&only.origin, trail, left),
            pieces => {
                let written = pieces.iter().all(|piece| piece.literal);
                let kind = if written { EndKind::Written } else { EndKind::Made };
                Some(End { place: at.clone(), kind })
            }
        },
        Node::Outside(what) => {
            trail.outside = Some(what.clone());
            None
        }
    }
}

impl Place {
    pub fn new(file: &SourceFile, span: Span) -> Self {
        Place { file: file.clone(), span }
    }

    /// Whether it holds the other place.
    pub fn contains(&self, other: &Place) -> bool {
        self.file.path() == other.file.path() && self.span.start <= other.span.start && other.span.end <= self.span.end
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = self.file.position(self.span.start);
        write!(f, "{}:{}:{}", self.file.path(), at.line, at.column)
    }
}

impl fmt::Debug for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Origin").field(&self.trail()).finish()
    }
}
