//! The few words that all formats share.

use crate::model::{Gap, Hides};

/// `1 gap`, `2 gaps`. The noun must take a plain `s`.
pub(super) fn count(number: usize, noun: &str) -> String {
    format!("{number} {}", plural(number, noun))
}

/// `gap` for one, `gaps` for any other number.
pub(super) fn plural(number: usize, noun: &str) -> String {
    if number == 1 { noun.to_owned() } else { format!("{noun}s") }
}

/// What a gap hides. A gap read from a saved snapshot may name nothing that is known here.
pub(super) fn hidden(gap: &Gap) -> String {
    match &gap.hides {
        Hides::Facts { kinds, .. } if kinds.is_empty() => "things of a kind that is not known here".to_owned(),
        Hides::Properties { properties, kind, .. } if properties.is_empty() => {
            format!("some properties of {}", kind.nouns())
        }
        _ => gap.hides_in_words(),
    }
}
