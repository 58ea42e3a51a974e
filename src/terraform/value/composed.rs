//! Strings in the composed form in which Terraform keeps them (Unicode's normal form C).

use super::Origin;
use super::origin::{EndKind, Piece};
use super::parts::Parts;
use std::ops::Range;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// The text composed; `None` when it is so already.
pub(super) fn composed(text: &str) -> Option<String> {
    let is_composed = text.is_ascii() || is_nfc_quick(text.chars()) == IsNormalized::Yes;
    if is_composed { None } else { Some(text.nfc().collect()).filter(|composed: &String| composed != text) }
}

/// The origin of a text that was composed: bytes that stayed answer to those that they were, a sign that changed to all
/// that it was made of.
pub(super) fn origin(text: &str, of: &Origin) -> Origin {
    let Some(end) = of.trail().end else { return Origin::changed(of) };
    let parts = Parts::of(of);
    let mut pieces = Vec::new();
    let mut push = |range: Range<usize>, from: Range<usize>, stayed: bool| {
        if !range.is_empty() {
            let part = parts.part(from).unwrap_or_else(|| Origin::changed(of));
            let origin = if stayed { part } else { Origin::changed(&part) };
            pieces.push(Piece { range, origin, literal: end.kind == EndKind::Written });
        }
    };
    // What stayed since the last sign that changed, in the text as it was and as it is.
    let (mut from, mut to, mut length) = (0, 0, 0);
    for group in groups(text) {
        let group = &text[group];
        let composed: String = group.nfc().collect();
        if composed == group {
            length += group.len();
            continue;
        }
        push(to..to + length, from..from + length, true);
        (from, to) = (from + length, to + length);
        push(to..to + composed.len(), from..from + group.len(), false);
        (from, to, length) = (from + group.len(), to + composed.len(), 0);
    }
    push(to..to + length, from..from + length, true);
    Origin::spliced(end.place, pieces)
}

/// The text in parts that are composed by themselves: no ASCII sign composes with what stands before it.
fn groups(text: &str) -> impl Iterator<Item = Range<usize>> {
    let starts = text.char_indices().filter(|(at, c)| *at == 0 || c.is_ascii()).map(|(at, _)| at);
    let ends = starts.clone().skip(1).chain(std::iter::once(text.len()));
    starts.zip(ends).map(|(start, end)| start..end)
}
