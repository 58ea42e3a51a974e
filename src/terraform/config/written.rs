//! Where something is written that says a value, so that it can be edited there.

use super::locate::{self, Target};
use super::resolve::View;
use super::{Configuration, body, trace};
use crate::model::{Address, AttrPath, Value};
use crate::source::{SourceFile, Span};
use crate::terraform::value::{Origin, Place, Val};

/// A piece of a file.
#[derive(Debug, Clone)]
pub struct Written {
    pub file: SourceFile,
    pub span: Span,
}

impl From<Place> for Written {
    fn from(place: Place) -> Self {
        Written { file: place.file, span: place.span }
    }
}

impl Configuration {
    /// The places that say what stands at a path of an instance, or would hold it: the deepest first, then what it is made
    /// of, then the definitions on the way from the innermost outwards.
    pub fn written(&self, address: &Address, path: &AttrPath) -> Vec<Written> {
        let Some(value) = declared(self.view(), address) else { return Vec::new() };
        trace::origin_at(&value, &path.0).map(|found| places(&found.value.origin)).unwrap_or_default()
    }

    /// The places that say an instance's key, likewise.
    pub fn key_written(&self, address: &Address) -> Vec<Written> {
        match locate::find(self.view(), address) {
            Ok(Target::Block { way, .. }) => places(&way.key_origin),
            Ok(Target::Call { .. }) | Err(_) => Vec::new(),
        }
    }

    /// The block that declares an instance, and perhaps others.
    pub fn block_written(&self, address: &Address) -> Option<Written> {
        let Ok(Target::Block { block, .. }) = locate::find(self.view(), address) else { return None };
        let (file, block) = block.base()?;
        Some(Written { file: file.clone(), span: block.span })
    }

    /// The whole value that the source says of an instance, with what is not known in it.
    pub fn declared_value(&self, address: &Address) -> Option<Value> {
        declared(self.view(), address).map(|value| value.to_value())
    }
}

fn declared(view: View<'_>, address: &Address) -> Option<Val> {
    let Ok(Target::Block { block, seen, .. }) = locate::find(view, address) else { return None };
    Some(body::of_resource(&block, &seen))
}

pub(super) fn places(origin: &Origin) -> Vec<Written> {
    let trail = origin.trail();
    let end = trail.end.map(|end| end.place);
    let through = trail.through.into_iter().rev().map(|(place, _)| place);
    end.into_iter().chain(trail.sources).chain(through).map(Written::from).collect()
}
