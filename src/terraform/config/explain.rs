//! A value of a resource with the whole chain that leads to it, for people who ask where something comes from.

use super::locate::{self, Target};
use super::resolve::View;
use super::{Explained, Located, NotLocated, body, related, trace};
use crate::model::{Address, Location, Mode, PathStep, Precision, Value};
use crate::terraform::value::Val;

/// What the source says there.
pub(super) fn explain(view: View<'_>, address: &Address, path: &[PathStep]) -> Result<Explained, NotLocated> {
    let (address, block, seen, around) = match locate::find(view, address)? {
        Target::Block { address, block, seen, way } => (address, block, seen, way.related()),
        Target::Call { file, call, way } => {
            let location = Location::of(file, call.header, Precision::ModuleCall);
            return Ok(Explained {
                address: address.clone(),
                value: Value::Unknown,
                located: Located { location, related: way.related() },
                unknown: Some("the source of the module is not at hand".to_owned()),
                outside: None,
            });
        }
    };
    let Some((file, header)) = block.base().map(|(file, base)| (file, base.header)) else {
        return Err(nothing(&address, path));
    };
    let whole = body::of_resource(&block, &seen);
    let at_block = || Located { location: Location::of(file, header, Precision::Block), related: around.clone() };
    let Some(found) = walk(&whole, path) else {
        let recorded = view.resolver.recorded(&address).and_then(|recorded| recorded_at(&recorded, path).cloned());
        let value = recorded.ok_or_else(|| nothing(&address, path))?;
        let outside = Some("the block does not say it: the state records it".to_owned());
        return Ok(Explained { address, value, located: at_block(), unknown: None, outside });
    };
    let traced = if path.is_empty() { None } else { trace::traced_value(&found, false) };
    let outside = traced.as_ref().and_then(|traced| traced.outside.clone());
    let located = match traced {
        Some(traced) => {
            let place = related(file, header, if address.mode == Mode::Data { "data source" } else { "resource" });
            Located { location: traced.location, related: traced.related }.and([place]).and(around)
        }
        None => at_block(),
    };
    let unknown = found.why_not_wholly_known().map(|why| why.to_string());
    Ok(Explained { address, value: found.to_value(), located, unknown, outside })
}

/// The value at the end of a path; `None` where there is none.
fn walk(value: &Val, path: &[PathStep]) -> Option<Val> {
    let Some((first, rest)) = path.split_first() else { return Some(value.clone()) };
    if value.why_unknown().is_some() {
        return Some(value.clone());
    }
    let inner = match first {
        PathStep::Name(name) => value.get(name),
        PathStep::Index(index) => value.element(*index),
    };
    walk(&inner?, rest)
}

fn recorded_at<'v>(value: &'v Value, path: &[PathStep]) -> Option<&'v Value> {
    path.iter().try_fold(value, |value, step| match step {
        PathStep::Name(name) => value.get(name),
        PathStep::Index(index) => value.items().get(*index),
    })
}

fn nothing(address: &Address, path: &[PathStep]) -> NotLocated {
    let first = match path.first() {
        Some(PathStep::Name(name)) => format!("`{name}`"),
        Some(PathStep::Index(index)) => format!("`{index}`"),
        None => "anything".to_owned(),
    };
    NotLocated {
        reason: format!("neither the source nor a given state says {first} of `{address}` there"),
        hint: "`driftline explain` with the address alone shows all that the block says".to_owned(),
        near: Vec::new(),
        is_certain: false,
    }
}
