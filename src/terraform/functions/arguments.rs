//! What functions ask of their arguments, and how they give back a text.

use super::super::value::origin::Piece;
use super::super::value::parts::Parts;
use super::super::value::{Cause, Number, Origin, Type, Val};
use super::{Call, Failure};
use num_bigint::BigInt;
use std::ops::Range;

/// Most pieces of a text whose places are kept apart: with more only the whole has one.
const MAX_PIECES: usize = 100_000;

/// How many elements are gone through in one step.
const ELEMENTS_A_STEP: usize = 16;

impl Call<'_> {
    /// An argument.
    pub(super) fn argument(&self, index: usize) -> Result<&Val, Failure> {
        self.arguments.get(index).ok_or_else(|| Failure::new("an argument is missing"))
    }

    /// An argument without its own mark, and whether it had one: its elements are what the result is made of, and the
    /// mark goes to the whole.
    pub(super) fn opened(&self, index: usize) -> Result<(Val, bool), Failure> {
        self.meter.count(self.argument(index)?.len().unwrap_or(0) / ELEMENTS_A_STEP);
        self.looked_into(index)
    }

    /// As [`Call::opened`], for what does not go through all elements.
    pub(super) fn looked_into(&self, index: usize) -> Result<(Val, bool), Failure> {
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
        let of = || self.arguments.iter().map(|argument| argument.origin.clone()).collect();
        let origin = match made.coarse {
            true => Origin::made(self.at.clone(), of()),
            false => Origin::spliced(self.at.clone(), made.pieces),
        };
        Val::string_from(made.text, &origin)
    }

    /// A text argument that many parts are taken of.
    pub(super) fn source(&self, index: usize) -> Result<Source<'_>, Failure> {
        let argument = self.argument(index)?;
        Ok(Source { text: self.text(index), origin: &argument.origin, parts: Parts::of(&argument.origin) })
    }

    /// How many bytes a text may have that a function makes.
    pub(super) fn longest(&self) -> usize {
        self.meter.limits().text
    }

    /// How many elements a collection may have that a function makes.
    pub(super) fn most_elements(&self) -> usize {
        self.meter.limits().values
    }

    /// A text to be put together.
    pub(super) fn text_to_make(&self) -> Text {
        Text::within(self.longest())
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

/// A text with where its parts come from, made ready for being asked for many of them.
pub(super) struct Source<'c> {
    pub(super) text: &'c str,
    origin: &'c Origin,
    parts: Parts<'c>,
}

impl Source<'_> {
    fn origin_of(&self, range: Range<usize>) -> Origin {
        if range == (0..self.text.len()) {
            return self.origin.clone();
        }
        self.parts.part(range).unwrap_or_else(|| Origin::changed(self.origin))
    }

    /// Bytes of it as a text of their own.
    pub(super) fn part(&self, range: Range<usize>) -> Val {
        let origin = self.origin_of(range.clone());
        Val::string_from(self.text.get(range).unwrap_or_default(), &origin)
    }

    /// Bytes of it, to be put together with others.
    pub(super) fn piece(&self, range: Range<usize>, made: &mut Text) {
        let text = self.text.get(range.clone()).unwrap_or_default();
        match made.coarse || text.is_empty() {
            true => made.plain(text),
            false => made.push(text, &self.origin_of(range)),
        }
    }
}

/// A text under way, with where its parts come from.
pub(super) struct Text {
    pub(super) text: String,
    pub(super) pieces: Vec<Piece>,
    /// There are too many pieces to keep them apart.
    coarse: bool,
    /// How many bytes it may have.
    pub(super) longest: usize,
}

impl Text {
    pub(super) fn within(longest: usize) -> Self {
        Text { text: String::new(), pieces: Vec::new(), coarse: false, longest }
    }

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
        if self.coarse || start >= self.text.len() || origin.is_none() {
            return;
        }
        if self.pieces.len() >= MAX_PIECES {
            (self.coarse, self.pieces) = (true, Vec::new());
        } else {
            self.pieces.push(Piece { range: start..self.text.len(), origin: origin.clone(), literal: false });
        }
    }

    pub(super) fn is_too_long(&self) -> bool {
        self.text.len() > self.longest
    }

    /// Whether it would be too long with so much more.
    pub(super) fn has_no_room_for(&self, more: usize) -> bool {
        self.text.len().saturating_add(more) > self.longest
    }
}
