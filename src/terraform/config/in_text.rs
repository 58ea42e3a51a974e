//! Parts of a text that the source says, a policy document for example: where the values of its JSON were written.

use super::locate::{self, Target};
use super::resolve::View;
use super::trace::Traced;
use super::written::{self, Written};
use super::{Located, body, trace};
use crate::model::{Address, AttrPath, Location, Precision, Related};
use crate::source::Span;
use crate::terraform::value::origin::{End, EndKind};
use crate::terraform::value::{Origin, Val};
use std::ops::Range;

/// A text with where its parts come from.
pub struct SaidText {
    value: Val,
    /// What leads to the block.
    around: Vec<Related>,
}

pub(super) fn text(view: View<'_>, address: &Address, path: &AttrPath) -> Option<SaidText> {
    let Ok(Target::Block { block, seen, way, .. }) = locate::find(view, address) else { return None };
    let value = trace::value_at(&body::of_resource(&block, &seen), &path.0)?;
    value.as_str()?;
    Some(SaidText { value, around: way.related() })
}

impl SaidText {
    pub fn text(&self) -> &str {
        self.value.as_str().unwrap_or_default()
    }

    /// Where a JSON string comes from; quotes belong to `token`.
    pub fn string(&self, token: Range<usize>) -> Option<Located> {
        let inner = token.start + 1..token.end.saturating_sub(1);
        if inner.is_empty() {
            return self.value_at(token);
        }
        self.located(&self.value.origin.part(inner)?, false)
    }

    /// Where a JSON list, number or truth value comes from.
    pub fn value_at(&self, range: Range<usize>) -> Option<Located> {
        let first = self.first(&range)?;
        if is_one_byte(first.trail().end.as_ref()) {
            return self.located(&self.value.origin.part(range)?, false);
        }
        self.located(&first, false)
    }

    /// Where a JSON object comes from: a block, or the brace that opens it.
    pub fn object(&self, range: Range<usize>) -> Option<Located> {
        self.located(&self.first(&range)?, true)
    }

    /// Where the first byte comes from: what makes a text of other things says of it where the whole does.
    fn first(&self, range: &Range<usize>) -> Option<Origin> {
        self.value.origin.part(range.start..range.start + 1)
    }

    /// The places that say these bytes of it, as for a value.
    pub fn written(&self, range: Range<usize>) -> Vec<Written> {
        self.value.origin.part(range).map(|origin| written::places(&origin)).unwrap_or_default()
    }

    fn located(&self, origin: &Origin, is_object: bool) -> Option<Located> {
        let value = Val::string("").with_origin(origin.clone()).marked(self.value.sensitive);
        let Traced { mut location, related, .. } = trace::traced_value(&value, is_object)?;
        if is_object
            && let Some(End { place, kind: EndKind::Made, .. }) = origin.trail().end
            && place.file.slice(place.span).starts_with('{')
        {
            let brace = Span::new(place.span.start, place.span.start + 1);
            let shown = !location.excerpt.is_empty();
            location = Location::of(&place.file, brace, Precision::Block);
            location.excerpt.retain(|_| shown);
        }
        Some(Located { location, related }.and(self.around.iter().cloned()))
    }
}

fn is_one_byte(end: Option<&End>) -> bool {
    end.is_some_and(|end| end.kind == EndKind::Written && end.place.span.end - end.place.span.start == 1)
}
