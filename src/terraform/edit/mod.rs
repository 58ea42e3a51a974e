//! Writing into the texts that people keep: a value in place of another, one more element or entry, one less, in the
//! style of what stands beside it. Functions over text; nothing here reads or writes a file.
//!
//! `shape` finds the lists, objects and scalars of a text, `spell` writes a scalar as its neighbours are written, `splice`
//! puts things in and takes them away, `align` keeps the columns as `terraform fmt` wants them, `secret` knows the lines
//! that are not shown.

mod align;
mod secret;
mod shape;
mod spell;
mod splice;
#[cfg(test)]
mod tests;

pub use align::aligned;
pub use secret::{is_secret_name, secret_lines};
pub use shape::{Entry, Kind, Language, Node};
pub use spell::{key_like, spellings, whole};
pub use splice::{insert_after, insert_attribute, insert_entry, remove, remove_block};

use std::ops::Range;

/// A range of a text and what is to stand there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Splice {
    pub range: Range<usize>,
    pub new: String,
}

impl Splice {
    pub fn new(range: Range<usize>, new: impl Into<String>) -> Self {
        Splice { range, new: new.into() }
    }
}

/// The text with these splices, in any order; `None` where they overlap or lie outside of it.
pub fn spliced(text: &str, splices: &[Splice]) -> Option<String> {
    let mut sorted: Vec<&Splice> = splices.iter().collect();
    sorted.sort_by_key(|splice| (splice.range.start, splice.range.end));
    let (mut out, mut at) = (String::with_capacity(text.len()), 0);
    for splice in sorted {
        out.push_str(text.get(at..splice.range.start)?);
        out.push_str(&splice.new);
        at = splice.range.end;
    }
    out.push_str(text.get(at..)?);
    Some(out)
}
