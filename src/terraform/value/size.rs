//! How much stands in a value, for whoever gives up what would grow without end.

use super::{Data, Type, Val};

/// Bytes of a text that count as one value.
pub const TEXT: usize = 128;

impl Val {
    /// What remains of `left` when each value in it, at any depth, takes one, and so do each part of a type that it has
    /// with it and some bytes of a text; `None` when that is not enough, or when values or types stand more than `levels`
    /// deep in one another.
    pub fn takes_of(&self, left: usize, levels: usize) -> Option<usize> {
        let left = left.checked_sub(1)?;
        let inside = || levels.checked_sub(1);
        let left = match &self.said {
            Some(said) => {
                let levels = inside()?;
                said.values().try_fold(left, |left, entry| entry.value.takes_of(left, levels))?
            }
            None => left,
        };
        match &self.data {
            Data::List(of, elements) | Data::Set(of, elements) => {
                let levels = inside()?;
                let left = of.takes_of(left, levels)?;
                elements.iter().try_fold(left, |left, element| element.takes_of(left, levels))
            }
            Data::Tuple(elements) => {
                let levels = inside()?;
                elements.iter().try_fold(left, |left, element| element.takes_of(left, levels))
            }
            Data::Map(of, entries) => {
                let levels = inside()?;
                let left = of.takes_of(left, levels)?;
                entries.values().try_fold(left, |left, entry| entry.value.takes_of(left, levels))
            }
            Data::Object(entries) => {
                let levels = inside()?;
                entries.values().try_fold(left, |left, entry| entry.value.takes_of(left, levels))
            }
            Data::Null(of) | Data::Unknown(of, _) => of.takes_of(left, levels),
            Data::String(text) => left.checked_sub(text.len() / TEXT),
            Data::Bool(_) | Data::Number(_) => Some(left),
        }
    }
}

impl Type {
    /// As of a value; what is made of nothing else takes none.
    fn takes_of(&self, left: usize, levels: usize) -> Option<usize> {
        match self {
            Type::Dynamic | Type::Bool | Type::Number | Type::String => Some(left),
            Type::List(of) | Type::Set(of) | Type::Map(of) => of.takes_of(left.checked_sub(1)?, levels.checked_sub(1)?),
            Type::Tuple(elements) => {
                let levels = levels.checked_sub(1)?;
                elements.iter().try_fold(left, |left, of| of.takes_of(left.checked_sub(1)?, levels))
            }
            Type::Object(attributes) => {
                let levels = levels.checked_sub(1)?;
                attributes
                    .values()
                    .try_fold(left, |left, attribute| attribute.of.takes_of(left.checked_sub(1)?, levels))
            }
        }
    }
}
