//! From an address to the block that declares it, and to the line in it.

use super::calls::Callee;
use super::in_block::{Spot, in_block};
use super::module::{Declared, Layers, Module};
use super::resolve::{Inside, Seen, View, word};
use super::syntax::Block;
use super::{Located, NotLocated, Says, body, keys, lifecycle, moved, related, trace};
use crate::model::{Address, AttrPath, Location, Precision, Related, Step};
use crate::source::SourceFile;
use crate::terraform::value::{Origin, Place};

/// What an address leads to.
pub(super) enum Target<'a> {
    Block {
        /// The address that the source gives it now.
        address: Address,
        block: Layers<'a>,
        /// Names as the instance's block sees them.
        seen: Box<Seen<'a>>,
        way: Way<'a>,
    },
    /// A module call whose module is not at hand.
    Call { file: &'a SourceFile, call: &'a Block, way: Way<'a> },
}

/// What leads to a block. Its places take time to tell, and most who look for a block do not ask for them.
pub(super) struct Way<'a> {
    /// Where the instance's own key is written.
    pub(super) key_origin: Origin,
    /// Module calls from the outermost inwards, each with where its key is written.
    calls: Vec<(&'a SourceFile, &'a Block, Origin)>,
    moved: Vec<Related>,
}

impl Way<'_> {
    /// The related places: the instance's own key, then the calls from the innermost outwards with their keys, then the
    /// `moved` blocks.
    pub(super) fn related(&self) -> Vec<Related> {
        let call = |(file, block, key_origin): &(&SourceFile, &Block, Origin)| {
            std::iter::once(related(file, block.header, "module call")).chain(entry(key_origin)).collect::<Vec<_>>()
        };
        let calls = self.calls.iter().rev().flat_map(call);
        entry(&self.key_origin).into_iter().chain(calls).chain(self.moved.iter().cloned()).collect()
    }
}

/// The block that declares the instance.
pub(super) fn find<'a>(view: View<'a>, address: &Address) -> Result<Target<'a>, NotLocated> {
    let followed = moved::follow(view.calls, address).map_err(|near| NotLocated {
        reason: format!("the `moved` blocks from `{address}` never come to an end"),
        hint: "remove those that are done with".to_owned(),
        near,
        is_certain: false,
    })?;
    let address = &followed.address;
    let mut inside = view.root().ok_or_else(|| not_declared(address, None))?;
    let mut calls = Vec::new();
    for step in &address.module.0 {
        let module = inside.reached().module;
        let declared = one_of(module.named("module", &[&step.name]), address, module)?;
        let call = declared.view();
        let (file, block) = call.base().ok_or_else(|| not_declared(address, Some(module)))?;
        let expansion = inside.call_expansion(&step.name).ok_or_else(|| not_declared(address, Some(module)))?;
        let declares = keys::declares(&call, &expansion, step.key.as_ref(), false).map_err(|why| {
            let step =
                format!("module.{}{}", step.name, step.key.as_ref().map(ToString::to_string).unwrap_or_default());
            without_instance(&step, &why, Some(related(file, block.header, "module call")))
        })?;
        match view.calls.callee(inside.reached(), &step.name) {
            Some(Callee::Module(_)) => {
                calls.push((file, block, declares.key_origin));
                inside = child(inside, &step.name, step.key.as_ref(), address)?;
            }
            Some(Callee::Missing) | None => {
                let way = Way { key_origin: declares.key_origin, calls, moved: followed.through };
                return Ok(Target::Call { file, call: block, way });
            }
        }
    }
    let module = inside.reached().module;
    let declared = one_of(module.named(word(address.mode), &[&address.resource_type, &address.name]), address, module)?;
    let block = declared.view();
    let expansion = inside.expansion_of(declared, address.mode);
    let declares = keys::declares(&block, &expansion, address.key.as_ref(), true)
        .map_err(|why| without_instance(&address.to_string(), &why, header(&block, "block")))?;
    let way = Way { key_origin: declares.key_origin, calls, moved: followed.through };
    let address = Address { key: declares.key, ..address.clone() };
    let seen = Box::new(inside.seen(declares.repetition));
    Ok(Target::Block { address, block, seen, way })
}

fn child<'a>(
    inside: Inside<'a>,
    name: &str,
    key: Option<&crate::model::InstanceKey>,
    address: &Address,
) -> Result<Inside<'a>, NotLocated> {
    inside.child(name, key).ok_or_else(|| not_declared(address, Some(inside.reached().module)))
}

/// What the source says of the instance as a whole.
pub(super) fn says(view: View<'_>, address: &Address) -> Says {
    match find(view, address) {
        Ok(Target::Block { address, block, seen, .. }) => {
            Says::Declared { address, value: body::of_resource(&block, &seen), ignored: lifecycle::ignored(&block) }
        }
        Ok(Target::Call { .. }) => Says::Unknown("the source of its module is not at hand".to_owned()),
        Err(not) if not.is_certain => Says::Gone,
        Err(not) => Says::Unknown(not.reason),
    }
}

/// The place in what was found.
pub(super) fn place(target: Target<'_>, path: &AttrPath) -> Option<Located> {
    let (block, seen, related) = match target {
        Target::Block { block, seen, way, .. } => (block, seen, way.related()),
        Target::Call { file, call, way } => {
            let location = Location::of(file, call.header, Precision::ModuleCall);
            return Some(Located { location, related: way.related() });
        }
    };
    if let Some(traced) = by_value(&block, &seen, path) {
        return Some(Located { location: traced.location, related: traced.related }.and(related));
    }
    let Spot { file, span, precision } = in_block(&block, &path.0)?;
    Some(Located { location: Location::of(file, span, precision), related })
}

/// The place that the values on the path come from; `None` when something on it is not known.
fn by_value(block: &Layers<'_>, seen: &Seen<'_>, path: &AttrPath) -> Option<trace::Traced> {
    match path.0.first() {
        None => return None,
        Some(Step::Attr(name)) if body::is_meta(name) => return None,
        Some(_) => {}
    }
    let found = trace::origin_at(&body::of_resource(block, seen), &path.0)?;
    let traced = trace::traced_value(&found.value, found.is_block)?;
    if !found.is_around || traced.location.precision != Precision::Value {
        return Some(traced);
    }
    // What does not hold it is not the value: where that is written in place, the argument says so as a whole.
    let end = found.value.origin.trail().end?.place;
    let argument = in_block(block, path.0.get(..1)?)?;
    let holds = argument.precision != Precision::Block && Place::new(argument.file, argument.span).contains(&end);
    let location = Location { precision: Precision::Attribute, ..traced.location };
    (!holds).then_some(trace::Traced { location, ..traced })
}

/// Where a key is written, and the definitions passed on the way there.
fn entry(key_origin: &Origin) -> Vec<Related> {
    let Some(traced) = trace::traced(key_origin, false) else { return Vec::new() };
    if traced.location.precision != Precision::Value {
        return Vec::new();
    }
    let Location { path, line, column, .. } = traced.location;
    let key = Related { path, line, column, role: "for_each entry".to_owned() };
    std::iter::once(key).chain(traced.related).collect()
}

/// The only block among these.
fn one_of<'a>(declared: &'a [Declared], address: &Address, within: &Module) -> Result<&'a Declared, NotLocated> {
    match declared {
        [only] => Ok(only),
        [] => Err(not_declared(address, Some(within))),
        several => Err(NotLocated {
            reason: format!("`{address}` is ambiguous: {} blocks declare it", several.len()),
            hint: "keep one of them".to_owned(),
            near: several.iter().filter_map(|declared| header(&declared.view(), "block")).collect(),
            is_certain: false,
        }),
    }
}

fn header(block: &Layers<'_>, role: &str) -> Option<Related> {
    block.base().map(|(file, block)| related(file, block.header, role))
}

fn not_declared(address: &Address, within: Option<&Module>) -> NotLocated {
    let directory = within.map(|module| module.shown.as_str()).filter(|shown| !shown.is_empty()).unwrap_or(".");
    let reason = format!("no block in `{directory}` declares `{address}`");
    let (reason, hint) = match within.map_or(0, |module| module.unread) {
        0 => (reason, "the block was removed or renamed, or the state belongs to another root module"),
        unread => (
            format!("{reason}; {unread} of its blocks or files could not be read"),
            "correct what could not be read, see the gaps",
        ),
    };
    let is_certain = within.is_some_and(|module| module.unread == 0);
    NotLocated { reason, hint: hint.to_owned(), near: Vec::new(), is_certain }
}

fn without_instance(what: &str, why: &str, near: Option<Related>) -> NotLocated {
    NotLocated {
        reason: format!("the block is there but does not declare `{what}`: {why}"),
        hint: "the next apply removes this instance unless a `moved` block says where it went".to_owned(),
        near: near.into_iter().collect(),
        is_certain: true,
    }
}
