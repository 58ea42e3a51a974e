//! Texts in the composed form in which Terraform keeps them (`cty.NormalizeString`), and which of their bytes are those
//! that were written.

use std::ops::Range;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// What composing left as it was.
pub(super) struct Composing {
    /// Bytes of the composed text with those that were written, in order and alike.
    same: Vec<(Range<usize>, usize)>,
    /// Length of what was written.
    length: usize,
}

/// The composed form of a text, and what of it is as written; `None` when all of it is.
pub(super) fn composed(text: &str) -> Option<(String, Composing)> {
    if text.is_ascii() || is_nfc_quick(text.chars()) == IsNormalized::Yes {
        return None;
    }
    let mut made = String::with_capacity(text.len());
    let mut same: Vec<(Range<usize>, usize)> = Vec::new();
    let mut start = 0;
    while start < text.len() {
        // Nothing composes with an ASCII character before it: each piece is composed by itself.
        let after = text[start..].char_indices().skip(1).find(|(_, c)| c.is_ascii());
        let end = after.map_or(text.len(), |(at, _)| start + at);
        let (piece, at) = (&text[start..end], made.len());
        made.extend(piece.nfc());
        if &made[at..] == piece {
            match same.last_mut() {
                Some((run, raw)) if run.end == at && *raw + run.len() == start => run.end = made.len(),
                _ => same.push((at..made.len(), start)),
            }
        }
        start = end;
    }
    (made != text).then_some((made, Composing { same, length: text.len() }))
}

impl Composing {
    /// Which of the written bytes a range of the composed text is made of, and whether they are the same bytes.
    pub(super) fn written(&self, range: &Range<usize>) -> (Range<usize>, bool) {
        let from = self.same.partition_point(|(run, _)| run.end <= range.start);
        let start = match (self.same.get(from), from.checked_sub(1).and_then(|before| self.same.get(before))) {
            (Some((run, raw)), _) if run.start <= range.start => raw + (range.start - run.start),
            (_, Some((run, raw))) => raw + run.len(),
            (_, None) => 0,
        };
        let to = self.same.partition_point(|(run, _)| run.end < range.end);
        let end = match self.same.get(to) {
            Some((run, raw)) if run.start < range.end => raw + (range.end - run.start),
            Some((_, raw)) => *raw,
            None => self.length,
        };
        let alike = self.same.get(from).is_some_and(|(run, _)| run.start <= range.start && range.end <= run.end);
        (start..end.max(start), alike)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_of_a_composed_text_lead_to_those_written() {
        let (text, composing) = composed("a: e\u{301}x\nb: o\u{308}").unwrap();
        assert_eq!(text, "a: \u{e9}x\nb: \u{f6}");
        assert_eq!(composing.written(&(0..3)), (0..3, true));
        assert_eq!(composing.written(&(3..5)), (3..6, false));
        assert_eq!(composing.written(&(5..7)), (6..8, true));
        assert_eq!(composing.written(&(3..6)), (3..7, false));
        assert_eq!(composing.written(&(10..12)), (11..14, false));
        assert_eq!(composing.written(&(0..12)), (0..14, false));
        assert!(composed("\u{e9} a").is_none());
    }
}
