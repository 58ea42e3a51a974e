//! Which instances of resources the source declares, in all modules.

use super::calls::Callee;
use super::declared::too_many;
use super::module::Layers;
use super::resolve::{Expansion, Inside, View, word};
use crate::model::{Address, InstanceKey, Location, Mode, Precision};

/// The instances that the source declares.
#[derive(Debug, Default)]
pub struct Instances {
    pub known: Vec<Address>,
    /// Blocks that declare instances nobody can list.
    pub open: Vec<Open>,
}

/// A block of which it is not known which instances it declares.
#[derive(Debug, Clone)]
pub struct Open {
    /// The resource type; `None` for a module call, which may declare anything.
    pub resource_type: Option<String>,
    /// The block as an address without keys.
    pub name: String,
    pub reason: String,
    pub location: Option<Location>,
}

/// Which instances are asked for.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) mode: Mode,
    /// By resource type.
    pub(super) wanted: &'a dyn Fn(&str) -> bool,
}

pub(super) fn of(view: View<'_>, asked: Asked<'_>) -> Instances {
    let mut found = Instances::default();
    let mut left = view.limits().listed;
    if let Some(root) = view.root() {
        walk(view, root, asked, &mut left, &mut found);
    }
    found
}

/// `left` says how many instances, of modules and of resources, may still be listed.
fn walk(view: View<'_>, inside: Inside<'_>, asked: Asked<'_>, left: &mut usize, found: &mut Instances) {
    let Asked { mode, wanted } = asked;
    let module = inside.reached().module;
    let path = inside.path();
    if module.unread > 0 {
        let name = if path.0.is_empty() { "the root module".to_owned() } else { path.to_string() };
        let reason = format!("{} of its blocks or files could not be read", module.unread);
        found.open.push(Open { resource_type: None, name, reason, location: None });
    }
    for declared in module.all(word(mode)) {
        let (Some(kind), Some(name)) = (declared.label(0), declared.label(1)) else { continue };
        // Several blocks of one address are a mistake that is told where the address is looked up.
        if !wanted(kind) || module.named(word(mode), &[kind, name]).len() != 1 {
            continue;
        }
        let address =
            |key| Address { module: path.clone(), mode, resource_type: kind.to_owned(), name: name.to_owned(), key };
        view.renew();
        match listed(view, &inside.expansion_of(declared, mode), left) {
            Ok(keys) => found.known.extend(keys.into_iter().map(address)),
            Err(reason) => {
                let name = address(None).to_string();
                found.open.push(open(Some(kind), name, reason, &declared.view(), Precision::Block));
            }
        }
    }
    for call in module.all("module") {
        let Some(name) = call.label(0) else { continue };
        let shown = || format!("{}module.{name}", if path.0.is_empty() { String::new() } else { format!("{path}.") });
        let mut not_listed = |reason: String| {
            found.open.push(open(None, shown(), reason, &call.view(), Precision::ModuleCall));
        };
        view.renew();
        let (Some(expansion), Some(Callee::Module(_))) =
            (inside.call_expansion(name), view.calls.callee(inside.reached(), name))
        else {
            not_listed("the source of the module is not at hand".to_owned());
            continue;
        };
        match listed(view, &expansion, left) {
            Ok(keys) => {
                let children = keys.iter().filter_map(|key| inside.child(name, key.as_ref()));
                children.for_each(|child| walk(view, child, asked, left, found));
            }
            Err(reason) => not_listed(reason),
        }
    }
}

/// The keys of a block's instances, as many as may still be listed; `Err` says why they are not known.
fn listed(view: View<'_>, expansion: &Expansion, left: &mut usize) -> Result<Vec<Option<InstanceKey>>, String> {
    if let Expansion::Unknown(why) = expansion {
        return Err(why.to_string());
    }
    *left = left.checked_sub(expansion.len()).ok_or_else(|| too_many(view.limits().listed).to_string())?;
    Ok(expansion.keys().unwrap_or_default())
}

fn open(kind: Option<&str>, name: String, reason: String, block: &Layers<'_>, precision: Precision) -> Open {
    let location = block.base().map(|(file, block)| Location::of(file, block.header, precision));
    Open { resource_type: kind.map(str::to_owned), name, reason, location }
}
