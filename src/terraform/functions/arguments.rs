//! What functions ask of their arguments, and how they give back a text.

use super::super::value::{Cause, Number, Type, Val};
use super::{Call, Failure};
use num_bigint::BigInt;

/// Longest text that a function makes.
pub(super) const MAX_TEXT: usize = 16 * 1024 * 1024;

impl Call<'_> {
    /// The number that the signature says the argument is.
    pub fn number(&self, index: usize) -> Result<&Number, Failure> {
        self.arguments.get(index).and_then(Val::as_number).ok_or_else(|| Failure::of(index, "a number is required"))
    }

    /// A whole number of a machine's size.
    pub fn integer(&self, index: usize) -> Result<i64, Failure> {
        self.number(index)?.to_i64().ok_or_else(|| Failure::of(index, "must be a whole number"))
    }

    /// A whole number of any size.
    pub fn whole(&self, index: usize) -> Result<BigInt, Failure> {
        self.number(index)?.to_whole().ok_or_else(|| Failure::of(index, "must be a whole number"))
    }

    /// A number as a double; none that is finite becomes infinite.
    pub fn double(&self, index: usize) -> Result<f64, Failure> {
        let number = self.number(index)?;
        let double = number.to_f64();
        if double.is_infinite() && !number.is_infinite() {
            return Err(Failure::of(index, "is too large for this function"));
        }
        Ok(double)
    }

    /// A text made of one argument without losing its place: what a person edits is still there.
    pub fn same_place(&self, index: usize, text: impl Into<std::sync::Arc<str>>) -> Val {
        let value = Val::string(text);
        match self.arguments.get(index) {
            Some(argument) => value.with_origin(argument.origin.clone()),
            None => value,
        }
    }

    /// A text that would be longer than driftline makes.
    pub fn too_long(&self) -> Val {
        self.unknown(Type::String, Cause::Limit, "the text would be too long")
    }
}
