//! What functions ask of their arguments, and how they give back a text.

use super::super::value::origin::Piece;
use super::super::value::{Cause, Number, Origin, Type, Val};
use super::{Call, Failure};
use num_bigint::BigInt;
use std::ops::Range;

/// Longest text that a function makes.
pub(super) const MAX_TEXT: usize = 16 * 1024 * 1024;

/// Most elements that a function makes.
pub(super) const MAX_ELEMENTS: usize = 1_000_000;

impl Call<'_> {
    /// An argument.
    pub(super) fn argument(&self, index: usize) -> Result<&Val, Failure> {
        self.arguments.get(index).ok_or_else(|| Failure::new("an argument is missing"))
    }

    /// An argument without its own mark, and whether it had one: its elements are what the result is made of, and the
    /// mark goes to the whole.
    pub(super) fn opened(&self, index: usize) -> Result<(Val, bool), Failure> {
        let argument = self.argument(index)?;
        Ok((Val { sensitive: false, ..argument.clone() }, argument.sensitive))
    }

    /// The elements of an argument that the signature says has some.
    pub(super) fn elements(&self, index: usize) -> Result<Vec<Val>, Failure> {
        self.argument(index)?.elements().ok_or_else(|| Failure::of(index, "must be a list, a set or a tuple"))
    }

    /// The number that the signature says the argument is.
    pub(super) fn number(&self, index: usize) -> Result<&Number, Failure> {
        self.arguments.get(index).and_then(Val::as_number).ok_or_else(|| Failure::of(index, "a number is required"))
    }

    /// A whole number of a machine's size.
    pub(super) fn integer(&self, index: usize) -> Result<i64, Failure> {
        self.number(index)?.to_i64().ok_or_else(|| Failure::of(index, "must be a whole number"))
    }

    /// A whole number of any size.
    pub(super) fn whole(&self, index: usize) -> Result<BigInt, Failure> {
        self.number(index)?.to_whole().ok_or_else(|| Failure::of(index, "must be a whole number"))
    }

    /// A number as a double; none that is finite becomes infinite.
    pub(super) fn double(&self, index: usize) -> Result<f64, Failure> {
        let number = self.number(index)?;
        let double = number.to_f64();
        if double.is_infinite() && !number.is_infinite() {
            return Err(Failure::of(index, "is too large for this function"));
        }
        Ok(double)
    }

    fn origin(&self, index: usize) -> Origin {
        self.arguments.get(index).map(|argument| argument.origin.clone()).unwrap_or_default()
    }

    /// Bytes of a text argument as a text of their own.
    pub(super) fn part_of(&self, index: usize, range: Range<usize>) -> Val {
        let text = self.text(index);
        if range == (0..text.len()) {
            return Val::string_from(text, &self.origin(index));
        }
        let origin = self.origin(index).part_or_whole(range.clone());
        Val::string_from(text.get(range).unwrap_or_default(), &origin)
    }

    /// A text that has for each character of an argument another one.
    pub(super) fn each_changed(&self, index: usize, change: impl FnMut(char) -> char) -> Val {
        let text = self.text(index);
        let changed: String = text.chars().map(change).collect();
        let alike =
            text.len() == changed.len() && text.chars().zip(changed.chars()).all(|(a, b)| a.len_utf8() == b.len_utf8());
        let origin = if alike { self.origin(index) } else { Origin::changed(&self.origin(index)) };
        Val::string_from(changed, &origin)
    }

    /// A text that is put together.
    pub(super) fn spliced(&self, made: Text) -> Val {
        Val::string_from(made.text, &Origin::spliced(self.at.clone(), made.pieces))
    }

    /// Bytes of a text argument, to be put together with others.
    pub(super) fn piece_of(&self, index: usize, range: Range<usize>, made: &mut Text) {
        let whole = self.origin(index);
        let part = if range == (0..self.text(index).len()) { whole } else { whole.part_or_whole(range.clone()) };
        made.push(self.text(index).get(range).unwrap_or_default(), &part);
    }

    /// A text that would be longer than driftline makes.
    pub(super) fn too_long(&self) -> Val {
        self.unknown(Type::String, Cause::Limit, "the text would be too long")
    }

    /// A collection that would have more elements than driftline makes.
    pub(super) fn too_many(&self, of: Type) -> Val {
        self.unknown(of, Cause::Limit, "there would be too many elements")
    }
}

/// A text under way, with where its parts come from.
#[derive(Default)]
pub(super) struct Text {
    pub(super) text: String,
    pub(super) pieces: Vec<Piece>,
}

impl Text {
    /// Adds a part that bytes of `origin` answer to.
    pub(super) fn push(&mut self, part: &str, origin: &Origin) {
        let start = self.text.len();
        self.text.push_str(part);
        self.note(start, origin);
    }

    /// Adds a part that nobody wrote.
    pub(super) fn plain(&mut self, part: &str) {
        self.text.push_str(part);
    }

    /// Says where all that was added since `start` comes from.
    pub(super) fn note(&mut self, start: usize, origin: &Origin) {
        if start < self.text.len() && !origin.is_none() {
            self.pieces.push(Piece { range: start..self.text.len(), origin: origin.clone(), literal: false });
        }
    }

    pub(super) fn is_too_long(&self) -> bool {
        self.text.len() > MAX_TEXT
    }
}
