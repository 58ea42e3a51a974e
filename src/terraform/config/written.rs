//! Where something is written that says a value, so that it can be edited there.

use super::locate::{self, Target};
use super::resolve::View;
use super::{Configuration, body, trace};
use crate::model::{Address, AttrPath, Value};
use crate::source::{SourceFile, Span};
use crate::terraform::value::{Mark, Marker, Origin, Place, Val};
use std::collections::BTreeMap;
use std::rc::Rc;

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

    /// What the state records of an instance.
    pub fn recorded(&self, address: &Address) -> Option<Rc<Value>> {
        self.view().resolver.recorded(address)
    }

    /// The root module's variables by their names, and whether each is sensitive.
    pub fn variables(&self) -> BTreeMap<String, bool> {
        self.view().root().map(|root| root.variables()).unwrap_or_default()
    }

    /// The places that say what the root module's sensitive variables are.
    pub fn secrets_written(&self) -> Vec<Written> {
        let values = self.view().root().map(|root| root.sensitive_variables()).unwrap_or_default();
        values.iter().flat_map(leaves).flat_map(|value| places(&value.origin)).collect()
    }

    /// What tells whether an instance still says the same, secrets included.
    pub fn declared_mark(&self, address: &Address, marker: &Marker) -> Option<Mark> {
        declared(self.view(), address).map(|value| marker.mark(&value))
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

/// The value and everything in it.
fn leaves(value: &Val) -> Vec<Val> {
    let entries = value.entries().into_iter().flatten().map(|(_, entry)| entry.value);
    let within: Vec<Val> = value.elements().into_iter().flatten().chain(entries).collect();
    std::iter::once(value.clone()).chain(within.iter().flat_map(leaves)).collect()
}

pub(super) fn places(origin: &Origin) -> Vec<Written> {
    let trail = origin.trail();
    let end = trail.end.map(|end| end.place);
    let through = trail.through.into_iter().rev().map(|(place, _)| place);
    end.into_iter().chain(trail.sources).chain(through).map(Written::from).collect()
}
