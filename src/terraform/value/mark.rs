//! Telling whether a value is still the same, secrets in it included, without a way back from what tells it.

use super::{Data, Val};
use std::hash::{BuildHasher, Hash, Hasher, RandomState};

/// Makes marks of values. Each one has keys of its own, so that a mark says nothing to anybody else.
#[derive(Default)]
pub struct Marker(RandomState);

/// What two equal values have in common, whatever is written where.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Mark(u64);

impl Marker {
    /// The mark of a value.
    pub fn mark(&self, value: &Val) -> Mark {
        let mut hasher = self.0.build_hasher();
        feed(value, &mut hasher);
        Mark(hasher.finish())
    }
}

fn feed(value: &Val, to: &mut impl Hasher) {
    value.sensitive.hash(to);
    std::mem::discriminant(&value.data).hash(to);
    match &value.data {
        Data::Null(_) | Data::Unknown(..) => {}
        Data::Bool(truth) => truth.hash(to),
        Data::Number(number) => number.to_json().map(|number| number.to_string()).hash(to),
        Data::String(text) => text.hash(to),
        Data::List(_, elements) | Data::Set(_, elements) | Data::Tuple(elements) => {
            elements.len().hash(to);
            elements.iter().for_each(|element| feed(element, to));
        }
        Data::Map(_, entries) | Data::Object(entries) => {
            entries.len().hash(to);
            entries.iter().for_each(|(key, entry)| {
                key.hash(to);
                feed(&entry.value, to);
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_secret_has_another_mark() {
        let marker = Marker::default();
        let mark = |text: &str| marker.mark(&Val::tuple(vec![Val::string(text).marked(true)]));
        assert!(mark("a") == mark("a") && mark("a") != mark("b"));
        assert!(marker.mark(&Val::string("a")) != marker.mark(&Val::string("a").marked(true)));
        assert!(Marker::default().mark(&Val::string("a")) != marker.mark(&Val::string("a")));
    }
}
