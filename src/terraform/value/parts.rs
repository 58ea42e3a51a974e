//! Which places parts of a text were written at.

#[cfg(test)]
mod tests;

use super::origin::{Node, Origin, Piece, Place, Spelling};
use crate::source::Span;
use std::cell::{Cell, OnceCell};
use std::ops::Range;
use std::rc::Rc;

/// How many pieces away literal text is looked for, to say between what an expression stands.
const NEARBY: usize = 16;

/// How many looks one text's parts may take in all, besides those that every question brings: texts made of texts have
/// ways without number. What is asked for after that is not certain.
const MAX_LOOKS: usize = 500_000;

/// How many looks a question brings, so that a text of many parts has enough for all of them: more than it takes to
/// follow a text that is not made of others.
const LOOKS_A_QUESTION: usize = 16;

/// The origin of a text, made ready for being asked for many parts of it.
pub struct Parts<'a> {
    origin: &'a Origin,
    /// For a literal with escapes: the offset in the source of every byte, and of the end.
    offsets: OnceCell<Vec<usize>>,
    /// Of what it leads to: of the one behind it, or of each piece.
    behind: Vec<OnceCell<Box<Parts<'a>>>>,
    /// Looks that are left, of all that come from one text.
    left: Rc<Cell<usize>>,
    /// What a question of it brings: nothing where it is asked on behalf of another.
    brings: usize,
}

impl<'a> Parts<'a> {
    pub fn of(origin: &'a Origin) -> Self {
        Parts { brings: LOOKS_A_QUESTION, ..Parts::with(origin, Rc::new(Cell::new(MAX_LOOKS))) }
    }

    fn with(origin: &'a Origin, left: Rc<Cell<usize>>) -> Self {
        let behind = match origin.0.as_deref() {
            Some(
                Node::Passed { .. }
                | Node::Within { .. }
                | Node::Chosen { .. }
                | Node::Reference { .. }
                | Node::Composed(..),
            ) => 1,
            Some(Node::Spliced { pieces, .. }) => pieces.len(),
            _ => 0,
        };
        let behind = (0..behind).map(|_| OnceCell::new()).collect();
        Parts { origin, offsets: OnceCell::new(), behind, left, brings: 0 }
    }

    /// Takes the first look of a question; `None` when there is none left.
    fn asked(&self) -> Option<()> {
        self.left.set(self.left.get().saturating_add(self.brings));
        self.look(1)
    }

    /// Takes looks; `None` when there are none left.
    fn look(&self, times: usize) -> Option<()> {
        self.left.set(self.left.get().checked_sub(times)?);
        Some(())
    }

    /// Where the bytes `range` of the text come from; `None` when that is not certain.
    pub fn part(&self, range: Range<usize>) -> Option<Origin> {
        self.asked()?;
        match self.origin.0.as_deref()? {
            Node::Written(place, spelling) => Some(self.written(place, *spelling, range)?),
            Node::Passed { .. } | Node::Within { .. } | Node::Chosen { .. } => self.passed(|behind| behind.part(range)),
            // A part of what is referred to can be changed there alone.
            Node::Reference { to, .. } => self.behind(0, to)?.part(range),
            Node::Composed(from, composing) => {
                let behind = self.behind(0, from)?;
                match composing.written(&range) {
                    (written, true) => behind.part(written),
                    (written, false) => behind.whole(written),
                }
            }
            Node::Spliced { .. } => self.spliced_part(range),
            _ => None,
        }
    }

    /// Where the bytes `range` stand, with the least around them that is certain.
    pub fn place(&self, range: Range<usize>) -> Option<Place> {
        self.asked()?;
        match self.origin.0.as_deref()? {
            Node::Written(place, spelling) => Some(self.span(place, *spelling, range)?),
            Node::Passed { from, .. } | Node::Chosen { from, .. } | Node::Reference { to: from, .. } => {
                self.behind(0, from)?.place(range)
            }
            Node::Composed(from, composing) => self.behind(0, from)?.place(composing.written(&range).0),
            Node::Within { container, element } => self.behind(0, nearer(container, element))?.place(range),
            Node::Spliced { at, pieces } => {
                let inner = self.only(&range).and_then(|(piece, behind)| behind.place(inside(piece, &range)));
                Some(inner.unwrap_or_else(|| self.hull(at, pieces, touched(pieces, &range), &range)))
            }
            _ => None,
        }
    }

    /// The piece that holds all of a range.
    fn only(&self, range: &Range<usize>) -> Option<(&'a Piece, &Parts<'a>)> {
        let Some(Node::Spliced { pieces, .. }) = self.origin.0.as_deref() else { return None };
        let found = touched(pieces, range);
        match &pieces[found.clone()] {
            [only] if covers(only, range) => Some((only, self.behind(found.start, &only.origin)?)),
            _ => None,
        }
    }

    /// Where the bytes `range` come from, as one thing: parts of it have no places of their own.
    pub fn whole(&self, range: Range<usize>) -> Option<Origin> {
        self.asked()?;
        match self.origin.0.as_deref()? {
            Node::Written(place, spelling) => {
                Some(Origin::spelled(self.span(place, *spelling, range)?, Spelling::Whole))
            }
            Node::Passed { .. } | Node::Within { .. } | Node::Chosen { .. } => {
                self.passed(|behind| behind.whole(range))
            }
            Node::Reference { to, .. } => self.behind(0, to)?.whole(range),
            Node::Composed(from, composing) => self.behind(0, from)?.whole(composing.written(&range).0),
            Node::Changed(_) => Some(self.origin.clone()),
            Node::Spliced { at, pieces } => {
                self.look(touched(pieces, &range).len())?;
                if let Some((piece, behind)) = self.only(&range) {
                    let part = behind.whole(inside(piece, &range));
                    return Some(part.unwrap_or_else(|| Origin::changed(&piece.origin)));
                }
                let found = touched(pieces, &range);
                match &pieces[found.clone()] {
                    [] => None,
                    several if several.iter().all(|piece| piece.literal) && are_all_of(several, &range) => {
                        Some(Origin::spelled(self.hull(at, pieces, found, &range), Spelling::Whole))
                    }
                    _ => Some(Origin::made(self.hull(at, pieces, found, &range), Vec::new())),
                }
            }
            _ => None,
        }
    }

    /// Where a text comes from that was decoded from the bytes `range`: `runs` are pieces of it, each with the bytes
    /// that it was decoded from (one for one where the lengths agree); nothing else is known where there are none.
    pub fn decoded(&self, range: Range<usize>, runs: &[(Range<usize>, Range<usize>)]) -> Option<Origin> {
        self.asked()?;
        match runs {
            [] => return self.whole(range),
            [(text, raw)] if *raw == range && text.len() == raw.len() => return self.exactly(range),
            _ => {}
        }
        match self.origin.0.as_deref()? {
            Node::Passed { .. } | Node::Within { .. } | Node::Chosen { .. } => {
                return self.passed(|behind| behind.decoded(range, runs));
            }
            Node::Reference { to, .. } => return self.behind(0, to)?.decoded(range, runs),
            Node::Spliced { pieces, .. } => {
                if let Some((piece, behind)) = self.only(&range) {
                    let start = piece.range.start;
                    let shifted = |raw: &Range<usize>| raw.start - start..raw.end - start;
                    let runs: Vec<_> = runs.iter().map(|(text, raw)| (text.clone(), shifted(raw))).collect();
                    let found = behind.decoded(shifted(&range), &runs);
                    return Some(found.unwrap_or_else(|| Origin::changed(&piece.origin)));
                }
                if let [only] = &pieces[touched(pieces, &range)]
                    && !only.literal
                    && !has_parts(&only.origin)
                {
                    return Some(Origin::changed(&only.origin));
                }
            }
            _ => {}
        }
        let at = self.place(range)?;
        let mut pieces = Vec::with_capacity(runs.len());
        for (text, raw) in runs {
            if text.len() != raw.len() {
                let origin = self.whole(raw.clone()).unwrap_or_default();
                pieces.push(Piece { range: text.clone(), origin, literal: true });
                continue;
            }
            for piece in self.pieces(raw.clone()) {
                let start = text.start + piece.range.start - raw.start;
                pieces.push(Piece { range: start..start + piece.range.len(), ..piece });
            }
        }
        Some(Origin::spliced(at, pieces))
    }

    /// As [`Parts::part`], but what an expression put there alone is told with its own place, quotes and all.
    fn exactly(&self, range: Range<usize>) -> Option<Origin> {
        self.look(1)?;
        if let Node::Passed { .. } | Node::Within { .. } | Node::Chosen { .. } = self.origin.0.as_deref()? {
            return self.passed(|behind| behind.exactly(range));
        }
        match self.only(&range) {
            Some((piece, _)) if piece.range == range && !piece.literal => Some(piece.origin.clone()),
            Some((piece, behind)) => {
                Some(behind.exactly(inside(piece, &range)).unwrap_or_else(|| piece.origin.clone()))
            }
            None => self.part(range),
        }
    }

    /// The pieces that the bytes `range` are made of.
    fn pieces(&self, range: Range<usize>) -> Vec<Piece> {
        let Some(Node::Spliced { pieces, .. }) = self.origin.0.as_deref() else {
            let origin = self.part(range.clone()).unwrap_or_default();
            return vec![Piece { range, origin, literal: true }];
        };
        let cut = |index: usize| {
            let piece = &pieces[index];
            let within = inside(piece, &range);
            let bytes = piece.range.start + within.start..piece.range.start + within.end;
            let all = bytes == piece.range && !piece.literal;
            let origin = if all { piece.origin.clone() } else { self.piece(index, piece, within) };
            Piece { range: bytes, origin, literal: piece.literal }
        };
        touched(pieces, &range).map(cut).collect()
    }

    fn piece(&self, index: usize, piece: &'a Piece, within: Range<usize>) -> Origin {
        let part = self.behind(index, &piece.origin).and_then(|behind| behind.part(within));
        part.unwrap_or_else(|| piece.origin.clone())
    }

    fn spliced_part(&self, range: Range<usize>) -> Option<Origin> {
        let Some(Node::Spliced { at, pieces }) = self.origin.0.as_deref() else { return None };
        let found = touched(pieces, &range);
        self.look(found.len())?;
        match &pieces[found.clone()] {
            [] => None,
            [only] if covers(only, &range) => Some(self.piece(found.start, only, inside(only, &range))),
            several => {
                let mut parts = self.pieces(range.clone());
                for part in &mut parts {
                    part.range = part.range.start - range.start..part.range.end - range.start;
                }
                if !are_all_of(several, &range) {
                    // Something in between is not known: no single piece speaks for the whole.
                    parts.push(Piece { range: range.len()..range.len(), origin: Origin::none(), literal: false });
                }
                Some(Origin::spliced(self.hull(at, pieces, found, &range), parts))
            }
        }
    }

    /// The same ways around what `part` finds behind them.
    fn passed(&self, part: impl FnOnce(&Parts<'a>) -> Option<Origin>) -> Option<Origin> {
        match self.origin.0.as_deref()? {
            Node::Passed { by, role, from } => {
                part(self.behind(0, from)?).map(|part| Origin::passed(by.clone(), role.clone(), &part))
            }
            Node::Within { container, element } => {
                part(self.behind(0, nearer(container, element))?).map(|part| Origin::within(container, &part))
            }
            Node::Chosen { at, by, role, from } => {
                part(self.behind(0, from)?).map(|part| Origin::chosen(at.clone(), by, role, &part))
            }
            _ => None,
        }
    }

    /// The least place around the pieces `found` that have bytes in `range`, of what was put together at `at`: from one
    /// literal text to another.
    fn hull(&self, at: &Place, pieces: &'a [Piece], found: Range<usize>, range: &Range<usize>) -> Place {
        let span = |index: usize, within: Option<&Range<usize>>| {
            let piece = pieces.get(index).filter(|piece| piece.literal)?;
            let bytes = within.map_or(0..piece.range.len(), |range| inside(piece, range));
            let place = self.behind(index, &piece.origin)?.place(bytes)?;
            at.contains(&place).then_some(place.span)
        };
        let before = || (0..found.start).rev().take(NEARBY).find_map(|index| span(index, None)).map(|span| span.end);
        let after =
            || (found.end..pieces.len()).take(NEARBY).find_map(|index| span(index, None)).map(|span| span.start);
        let last = found.end.saturating_sub(1);
        let start = span(found.start, Some(range)).map(|span| span.start).or_else(before).unwrap_or(at.span.start);
        let end = span(last, Some(range)).map(|span| span.end).or_else(after).unwrap_or(at.span.end);
        // A loop goes over its text several times.
        if start < end { Place::new(&at.file, Span::new(start, end)) } else { at.clone() }
    }

    fn behind(&self, index: usize, origin: &'a Origin) -> Option<&Parts<'a>> {
        self.behind.get(index).map(|parts| &**parts.get_or_init(|| Box::new(Parts::with(origin, self.left.clone()))))
    }

    fn written(&self, place: &Place, spelling: Spelling, range: Range<usize>) -> Option<Origin> {
        let found = self.span(place, spelling, range.clone())?;
        let spelling = match spelling {
            Spelling::Literal if found.span.end - found.span.start == range.len() => Spelling::Verbatim,
            same => same,
        };
        Some(Origin::spelled(found, spelling))
    }

    fn span(&self, place: &Place, spelling: Spelling, range: Range<usize>) -> Option<Place> {
        let (start, end) = (place.span.start, place.span.end);
        let span = match spelling {
            Spelling::Whole => place.span,
            Spelling::Verbatim => Span::new(start + range.start, start + range.end),
            Spelling::Literal => {
                let (inner, quote) = literal(place);
                if is_plain(inner) {
                    Span::new(start + quote + range.start, start + quote + range.end)
                } else {
                    let offsets = self.offsets.get_or_init(|| decoded_offsets(inner));
                    Span::new(start + quote + offsets.get(range.start)?, start + quote + offsets.get(range.end)?)
                }
            }
        };
        (span.start <= span.end && span.end <= end).then(|| Place::new(&place.file, span))
    }
}

/// Whether parts of what is of this origin have places.
fn has_parts(origin: &Origin) -> bool {
    match origin.0.as_deref() {
        Some(Node::Written(..) | Node::Spliced { .. }) => true,
        Some(Node::Passed { from, .. } | Node::Chosen { from, .. } | Node::Reference { to: from, .. }) => {
            has_parts(from)
        }
        Some(Node::Within { container, element }) => has_parts(nearer(container, element)),
        _ => false,
    }
}

/// The element's own origin, else that of what holds it.
fn nearer<'a>(container: &'a Origin, element: &'a Origin) -> &'a Origin {
    if element.is_none() { container } else { element }
}

/// Which pieces have bytes in a range; pieces are in order.
fn touched(pieces: &[Piece], range: &Range<usize>) -> Range<usize> {
    let first = pieces.partition_point(|piece| piece.range.end <= range.start);
    let end = first + pieces[first..].partition_point(|piece| piece.range.start < range.end);
    first..end
}

fn inside(piece: &Piece, range: &Range<usize>) -> Range<usize> {
    let start = range.start.max(piece.range.start) - piece.range.start;
    let end = range.end.min(piece.range.end) - piece.range.start;
    start..end
}

fn covers(piece: &Piece, range: &Range<usize>) -> bool {
    piece.range.start <= range.start && range.end <= piece.range.end
}

/// Whether these pieces leave no hole in a range.
fn are_all_of(pieces: &[Piece], range: &Range<usize>) -> bool {
    let (Some(first), Some(last)) = (pieces.first(), pieces.last()) else { return false };
    first.range.start <= range.start
        && range.end <= last.range.end
        && pieces.windows(2).all(|pair| pair[0].range.end == pair[1].range.start)
}

/// The source of a literal without quotes, and how many bytes the opening one takes.
fn literal(place: &Place) -> (&str, usize) {
    let raw = place.file.slice(place.span);
    match raw.strip_prefix('"').and_then(|raw| raw.strip_suffix('"')) {
        Some(inner) => (inner, 1),
        None => (raw, 0),
    }
}

fn is_plain(raw: &str) -> bool {
    !raw.contains('\\') && !raw.contains("$${") && !raw.contains("%%{")
}

/// How a literal spells a text.
pub(super) fn spelling(place: &Place, text: &str) -> Spelling {
    let (inner, _) = literal(place);
    if place.file.slice(place.span) == text {
        Spelling::Verbatim
    } else if inner == text || (!is_plain(inner) && decoded_offsets(inner).len() == text.len() + 1) {
        Spelling::Literal
    } else {
        Spelling::Whole
    }
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
