//! From a path into a resource's value to the place that says it, by the origins of the values on the way.

use super::Located;
use crate::model::{Location, Precision, Related, Step};
use crate::source::Span;
use crate::terraform::value::origin::{End, EndKind, Trail};
use crate::terraform::value::{Data, Origin, Place, Type, Val, convert};

/// A place, and the definitions passed on the way to it, the nearest first.
pub(super) struct Traced {
    pub(super) location: Location,
    pub(super) related: Vec<Related>,
    /// Where the value is from when it stands in no file.
    pub(super) outside: Option<String>,
}

/// The value that the steps lead to; `None` where there is none. What is not known is there, as such.
pub(super) fn value_at(value: &Val, steps: &[Step]) -> Option<Val> {
    match origin_at(value, steps) {
        Some(found) if found.is_around => None,
        Some(found) => Some(found.value),
        None => value.why_not_wholly_known().map(|why| Val::unknown_like(Type::Dynamic, why)),
    }
}

/// The value that the steps lead to, with its origin; where it is absent, what would hold it. `None` when something on
/// the way is not known.
pub(super) fn origin_at(value: &Val, steps: &[Step]) -> Option<Found> {
    let Some((first, rest)) = steps.split_first() else {
        return value.why_unknown().is_none().then(|| Found::exactly(value, false));
    };
    match first {
        Step::Attr(name) | Step::Key(name) => match (&value.data, first) {
            (Data::Object(_) | Data::Map(..), _) => match value.get(name) {
                Some(inner) => origin_at(&inner, rest),
                None => Some(Found { is_around: true, ..Found::exactly(value, false) }),
            },
            // One block, as a list of objects.
            (Data::Tuple(elements), Step::Attr(_)) if elements.len() == 1 => origin_at(&value.element(0)?, steps),
            _ => None,
        },
        Step::Element(text) => {
            let elements = value.elements()?;
            let same = |element: &&Val| text_of(element).as_deref() == Some(text);
            let mut same = elements.iter().filter(same);
            match (same.next(), same.next()) {
                (Some(only), None) => origin_at(only, rest),
                // Not listed: the place is where it would be.
                (None, _) if elements.iter().all(|element| element.why_unknown().is_none()) => {
                    Some(Found { is_around: true, ..Found::exactly(value, false) })
                }
                _ => None,
            }
        }
        Step::Where { name, is } => {
            let blocks = value.elements()?;
            let (mut sure, mut perhaps) = (Vec::new(), Vec::new());
            for block in blocks {
                match block.get(name) {
                    Some(value) if value.why_unknown().is_some() => perhaps.push(block),
                    Some(value) if text_of(&value).as_deref() == Some(is) => sure.push(block),
                    _ => {}
                }
            }
            match (sure.as_slice(), perhaps.as_slice()) {
                ([one], _) if rest.is_empty() => Some(Found::exactly(one, true)),
                ([one], _) => origin_at(one, rest),
                ([], [one]) => Some(Found::exactly(one, true)),
                _ => None,
            }
        }
    }
}

/// A value that a path led to.
pub(super) struct Found {
    pub(super) value: Val,
    /// Whether it stands for a nested block.
    pub(super) is_block: bool,
    /// Whether it is not what was looked for, but would hold it.
    pub(super) is_around: bool,
}

impl Found {
    fn exactly(value: &Val, is_block: bool) -> Self {
        Found { value: value.clone(), is_block, is_around: false }
    }
}

fn text_of(value: &Val) -> Option<String> {
    let text = convert::convert(value, &Type::String).ok()?;
    text.as_str().map(str::to_owned)
}

/// The place of a value; `None` when nobody knows it. Of a line that says something sensitive nothing is shown.
pub(super) fn traced_value(value: &Val, is_block: bool) -> Option<Traced> {
    let mut traced = traced(&value.origin, is_block)?;
    if value.is_sensitive_within() && traced.location.precision != Precision::Block {
        traced.location.excerpt.clear();
    }
    Some(traced)
}

/// The place of an origin; `None` when nobody knows it.
pub(super) fn traced(origin: &Origin, is_block: bool) -> Option<Traced> {
    let trail = origin.trail();
    let end = trail.end.clone()?;
    let precision = match end.kind {
        EndKind::Written | EndKind::Reference if is_block => Precision::Block,
        EndKind::Written | EndKind::Reference => Precision::Value,
        EndKind::Made => Precision::Attribute,
        EndKind::Block => Precision::Block,
    };
    // Of an object that stands for a block its brace is enough.
    let span = match end.kind {
        EndKind::Written if is_block => Span::new(end.place.span.start, end.place.span.start + 1),
        _ => end.place.span,
    };
    Some(Traced {
        location: Location::of(&end.place.file, span, precision),
        related: passed(&trail, &end),
        outside: trail.outside,
    })
}

/// What the value was made of, then the definitions passed, the nearest first; those around a place that is told already
/// are left out.
fn passed(trail: &Trail, end: &End) -> Vec<Related> {
    let role = if end.kind == EndKind::Reference { "refers to" } else { "made from" };
    let mut told: Vec<&Place> = std::iter::once(&end.place).chain(&trail.sources).collect();
    let mut related: Vec<Related> =
        trail.sources.iter().map(|place| super::related(&place.file, place.span, role)).collect();
    for (place, role) in trail.through.iter().rev() {
        if told.iter().any(|inner| place.contains(inner)) {
            continue;
        }
        told.push(place);
        related.push(super::related(&place.file, place.span, role));
    }
    related
}

impl Located {
    /// Adds further places, those told already left out.
    pub fn and(mut self, more: impl IntoIterator<Item = Related>) -> Self {
        for place in more {
            let same =
                |other: &Related| (&other.path, other.line, other.column) == (&place.path, place.line, place.column);
            let is_primary = (&self.location.path, self.location.line, self.location.column)
                == (&place.path, place.line, place.column);
            if !is_primary && !self.related.iter().any(same) {
                self.related.push(place);
            }
        }
        self
    }
}
