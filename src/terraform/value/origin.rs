//! Where a value was written, and the definitions through which it came.
//!
//! An origin is a graph that grows while values are passed on; [`Origin::trail`] reads it when somebody asks.

use super::composing::Composing;
use super::parts::{self, Parts};
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
pub struct Origin(pub(super) Option<Arc<Node>>);

pub(super) enum Node {
    /// The text of the value itself.
    Written(Place, Spelling),
    /// Through a definition (an argument, a local, an output), from elsewhere.
    Passed { by: Place, role: Cow<'static, str>, from: Origin },
    /// An element: through the ways of its container, then its own.
    Within { container: Origin, element: Origin },
    /// Computed there from other values.
    Made { at: Place, of: Vec<Origin> },
    /// A text put together from pieces.
    Spliced { at: Place, pieces: Vec<Piece> },
    /// Said in several places at once: none of them alone is the place.
    Several(Vec<Origin>),
    /// The text of a value in another form: the whole leads there, no part of it does.
    Changed(Origin),
    /// The text of a value with some of its characters composed.
    Composed(Origin, Composing),
    /// A block that says it by being there.
    Block(Place),
    /// Taken there by a reference to something else, which says it in its own right or is written nowhere.
    Reference { at: Place, to: Origin },
    /// As `from`, out of several that there were; `by` decided which. `at` is where it was chosen.
    Chosen { at: Place, by: Origin, role: &'static str, from: Origin },
    /// Not from a file, in words (an environment variable, the command line).
    Outside(String),
}

/// How what is written at a place spells a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spelling {
    /// As a literal of the configuration language, with its escapes; in quotes when the place begins with one.
    Literal,
    /// Byte by byte.
    Verbatim,
    /// Otherwise: parts of the text have no places of their own.
    Whole,
}

impl Node {
    /// Takes the origins that it leads to out of it.
    fn leave(&mut self, to: &mut Vec<Origin>) {
        match self {
            Node::Passed { from, .. }
            | Node::Reference { to: from, .. }
            | Node::Changed(from)
            | Node::Composed(from, _) => {
                to.push(std::mem::take(from));
            }
            Node::Chosen { by, from, .. } => to.extend([std::mem::take(by), std::mem::take(from)]),
            Node::Within { container, element } => to.extend([std::mem::take(container), std::mem::take(element)]),
            Node::Made { of, .. } | Node::Several(of) => to.append(of),
            Node::Spliced { pieces, .. } => to.extend(pieces.iter_mut().map(|piece| std::mem::take(&mut piece.origin))),
            Node::Written(..) | Node::Block(_) | Node::Outside(_) => {}
        }
    }
}

/// Ways are as long as chains of definitions are: too long to be freed one inside of the other.
impl Drop for Node {
    fn drop(&mut self) {
        let mut left = Vec::new();
        self.leave(&mut left);
        while let Some(Origin(node)) = left.pop() {
            if let Some(mut node) = node.and_then(Arc::into_inner) {
                node.leave(&mut left);
            }
        }
    }
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
    /// What the value at the end was made of, where that is written elsewhere; or what is referred to there.
    pub sources: Vec<Place>,
    /// Not from a file, in words.
    pub outside: Option<String>,
}

/// The place at the end of a trail.
#[derive(Debug, Clone)]
pub struct End {
    pub place: Place,
    pub kind: EndKind,
    /// What was made into it, or is referred to.
    of: Vec<Origin>,
}

/// What stands at the end of a trail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndKind {
    /// The very value.
    Written,
    /// A reference to something else.
    Reference,
    /// What makes the value of other things, or holds it.
    Made,
    /// A block.
    Block,
}

/// How many nodes of one origin are looked at: an origin may be shared by many ways.
const MAX_NODES: usize = 10_000;

/// How many of the values that one was made of are named.
const MAX_SOURCES: usize = 6;

impl Origin {
    pub fn none() -> Self {
        Origin(None)
    }

    pub fn written(file: &SourceFile, span: Span) -> Self {
        // No file is a literal from its first byte to its last: one that was read stands there byte by byte.
        let whole = span.start == 0 && span.end == file.text().len();
        Origin::spelled(Place::new(file, span), if whole { Spelling::Verbatim } else { Spelling::Literal })
    }

    /// A text that is the literal there, or a piece of one.
    pub fn literal(file: &SourceFile, span: Span, text: &str) -> Self {
        let place = Place::new(file, span);
        let spelling = parts::spelling(&place, text);
        Origin::spelled(place, spelling)
    }

    pub(super) fn spelled(place: Place, spelling: Spelling) -> Self {
        Origin(Some(Arc::new(Node::Written(place, spelling))))
    }

    /// Written out without quotes or escapes, as what stands in a file of its own is.
    pub fn verbatim(file: &SourceFile, span: Span) -> Self {
        Origin::spelled(Place::new(file, span), Spelling::Verbatim)
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

    /// A text of this origin whose characters were composed.
    pub(super) fn composed(from: &Origin, composing: Composing) -> Self {
        match from.0 {
            None => Origin::none(),
            Some(_) => Origin(Some(Arc::new(Node::Composed(from.clone(), composing)))),
        }
    }

    /// A block that says something by being there; the place is its header.
    pub fn block(place: Place) -> Self {
        Origin(Some(Arc::new(Node::Block(place))))
    }

    /// Taken at `at` by a reference, from where nothing is written (a state, the name of a workspace) or where what is
    /// written (`to`) says it of something else.
    pub fn reference(at: Place, to: Origin) -> Self {
        Origin(Some(Arc::new(Node::Reference { at, to })))
    }

    /// Said in two places at once, or in more when these are several already.
    pub fn several(of: [&Origin; 2]) -> Self {
        let each = of.into_iter().flat_map(|origin| match origin.0.as_deref() {
            Some(Node::Several(of)) => of.clone(),
            _ => vec![origin.clone()],
        });
        Origin(Some(Arc::new(Node::Several(each.take(MAX_SOURCES).collect()))))
    }

    /// As `from`, which was chosen at `at` among others by a value of the origin `by`.
    pub fn chosen(at: Place, by: &Origin, role: &'static str, from: &Origin) -> Self {
        match by.0 {
            None => from.clone(),
            Some(_) => Origin(Some(Arc::new(Node::Chosen { at, by: by.clone(), role, from: from.clone() }))),
        }
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
        if let Some(end) = &trail.end {
            sources(&end.of, &end.place, &mut trail.sources, &mut left);
        }
        trail
    }

    /// Whether both lead to the same place, or both to none.
    pub fn ends_as(&self, other: &Origin) -> bool {
        match (self.trail().end, other.trail().end) {
            (Some(a), Some(b)) => a.place.contains(&b.place) && b.place.contains(&a.place),
            (a, b) => a.is_none() && b.is_none(),
        }
    }

    /// Where the bytes `range` of a text come from; `None` when that is not certain. For many parts of one text make
    /// [`Parts`] once.
    pub fn part(&self, range: Range<usize>) -> Option<Origin> {
        Parts::of(self).part(range)
    }

    /// Where the bytes `range` of a text come from, as exactly as it is certain: the whole where no part can be told.
    pub fn part_or_whole(&self, range: Range<usize>) -> Origin {
        self.part(range).unwrap_or_else(|| Origin::changed(self))
    }

    /// What the ways lead to through which it was passed on.
    pub fn core(&self) -> &Origin {
        match self.0.as_deref() {
            Some(Node::Passed { from, .. } | Node::Chosen { from, .. }) => from.core(),
            Some(Node::Within { container, element }) => {
                if element.is_none() {
                    container.core()
                } else {
                    element.core()
                }
            }
            _ => self,
        }
    }
}

/// Reads an origin to its end; definitions on the way go to the trail.
fn follow(origin: &Origin, trail: &mut Trail, left: &mut usize) -> Option<End> {
    let node = origin.0.as_deref()?;
    *left = left.checked_sub(1)?;
    match node {
        Node::Written(place, _) => Some(End::at(place, EndKind::Written)),
        Node::Reference { at, to } => Some(End { of: vec![to.clone()], ..End::at(at, EndKind::Reference) }),
        Node::Block(place) => Some(End::at(place, EndKind::Block)),
        Node::Passed { by, role, from } => {
            let before = trail.through.len();
            // What a text came through is said of its parts too.
            if !trail.through.iter().any(|(place, said)| said == role && place.is(by)) {
                trail.through.push((by.clone(), role.clone()));
            }
            let end = follow(from, trail, left);
            end.or_else(|| {
                // What it was passed by stays: an element of it may lead further.
                trail.through.truncate(before + 1);
                Some(End::at(by, EndKind::Made))
            })
        }
        Node::Chosen { at, by, role, from } => {
            let mut deciding = Vec::new();
            sources(std::slice::from_ref(by), at, &mut deciding, left);
            trail.through.extend(deciding.into_iter().map(|place| (place, Cow::Borrowed(*role))));
            follow(from, trail, left)
        }
        Node::Within { container, element } => {
            let before = trail.through.len();
            let of_container = follow(container, trail, left);
            let kept = trail.through.len();
            match follow(element, trail, left) {
                Some(end) => Some(end),
                None => {
                    trail.through.truncate(kept.max(before));
                    let of = match element.0.as_deref() {
                        Some(Node::Several(of)) => of.clone(),
                        _ => Vec::new(),
                    };
                    // What stands in a block and nowhere in it is said by the block.
                    let kind = |end: &End| if end.kind == EndKind::Block { EndKind::Block } else { EndKind::Made };
                    of_container.map(|end| End { kind: kind(&end), of, ..end })
                }
            }
        }
        Node::Made { at, of } => Some(End { of: of.clone(), ..End::at(at, EndKind::Made) }),
        Node::Changed(from) | Node::Composed(from, _) => follow(from, trail, left),
        Node::Spliced { at, pieces } => match pieces.as_slice() {
            [only] if !only.literal => follow(&only.origin, trail, left),
            pieces => {
                let written = pieces.iter().all(|piece| piece.literal);
                let kind = if written { EndKind::Written } else { EndKind::Made };
                let of = pieces.iter().filter(|piece| !piece.literal).map(|piece| piece.origin.clone()).collect();
                Some(End { of, ..End::at(at, kind) })
            }
        },
        Node::Several(_) => None,
        Node::Outside(what) => {
            trail.outside = Some(what.clone());
            None
        }
    }
}

/// Where the values of these origins are written, outside of `within`; of those that were made in turn, what they were
/// made of.
fn sources(of: &[Origin], within: &Place, found: &mut Vec<Place>, left: &mut usize) {
    for origin in of {
        let Some(end) = follow(origin, &mut Trail::default(), left) else { continue };
        match end.kind {
            EndKind::Made if !end.of.is_empty() => sources(&end.of, within, found, left),
            _ if found.len() >= MAX_SOURCES || within.contains(&end.place) || found.contains(&end.place) => {}
            _ => found.push(end.place),
        }
    }
}

impl End {
    fn at(place: &Place, kind: EndKind) -> Self {
        End { place: place.clone(), kind, of: Vec::new() }
    }
}

impl Eq for Place {}

impl PartialEq for Place {
    fn eq(&self, other: &Self) -> bool {
        self.file.path() == other.file.path() && self.span == other.span
    }
}

impl Place {
    pub fn new(file: &SourceFile, span: Span) -> Self {
        Place { file: file.clone(), span }
    }

    fn is(&self, other: &Place) -> bool {
        self.span == other.span && self.file.path() == other.file.path()
    }

    /// Whether it holds the other place.
    pub fn contains(&self, other: &Place) -> bool {
        self.file.path() == other.file.path() && self.span.start <= other.span.start && other.span.end <= self.span.end
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file.place(self.span.start))
    }
}

impl fmt::Debug for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Origin").field(&self.trail()).finish()
    }
}
