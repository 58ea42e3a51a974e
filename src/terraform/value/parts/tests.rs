//! How many looks are taken to find the places of parts.

use super::*;
use crate::source::SourceFile;

fn written(text: &str) -> Origin {
    Origin::verbatim(&SourceFile::new("people.json", text), Span::new(0, text.len()))
}

#[test]
fn a_text_of_many_parts_has_looks_for_all_of_them() {
    let origin = written("0123456789");
    let parts = Parts::of(&origin);
    for question in 0..MAX_LOOKS + 1_000 {
        let at = question % 10;
        assert!(parts.part(at..at + 1).is_some(), "question {question}");
    }
}

/// Each is put together of the one before, twice.
#[test]
fn ways_without_number_end() {
    let mut origin = written("ab");
    let at = Place::new(&SourceFile::new("main.tf", "x"), Span::new(0, 1));
    let mut length = 2;
    for _ in 0..60 {
        let piece = |range| Piece { range, origin: origin.clone(), literal: true };
        origin = Origin::spliced(at.clone(), vec![piece(0..length), piece(length..2 * length)]);
        length *= 2;
    }
    let parts = Parts::of(&origin);
    parts.part(1..length - 1);
    assert_eq!(parts.left.get(), 0);
}
