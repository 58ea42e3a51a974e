//! Turns the objects of states, plans and source into claims: what is recorded of each, and what is wanted.

use super::declared::Declared;
use super::from_source::{self, Wanted};
use super::request::Request;
use crate::model::{
    Address, Configured, Gap, Hides, Instance, InstanceRef, Problem, ProviderRef, ProviderUse, StateRef, Value,
};
use crate::providers::{self, Provider, ResourceType};
use crate::terraform::plan::{Change, Desired, Plan};
use crate::terraform::state::State;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The planned changes by the address that a state knows them by.
#[derive(Default)]
pub(super) struct Changes<'a>(BTreeMap<(&'a Address, Option<&'a str>), &'a Change>);

impl<'a> Changes<'a> {
    pub(super) fn of(plan: &'a Plan) -> Self {
        Changes(
            plan.changes()
                .map(|change| {
                    let recorded_as = change.previous_address.as_ref().unwrap_or(&change.address);
                    ((recorded_as, change.deposed.as_deref()), change)
                })
                .collect(),
        )
    }

    fn on(&self, address: &Address, deposed: Option<&str>) -> Option<&'a Change> {
        self.0.get(&(address, deposed)).copied()
    }
}

/// Claims of every object of a state, and what the plan wants of it; without a plan, what the source wants.
pub(super) fn read_state(
    declared: &mut Declared,
    request: &Request,
    root: Option<usize>,
    state: &State,
    changes: Option<&Changes<'_>>,
) -> Result<(), Problem> {
    for object in state.objects() {
        declared.sources.insert(object.provider.source.clone());
        let name = object.address.resource_type.as_str();
        let Some((provider, of)) = providers::resource_type(name) else {
            note_unread(declared, name);
            continue;
        };
        let about = About {
            address: &object.address,
            provider: &object.provider,
            state: Some(state.reference.clone()),
            root,
            deposed: object.deposed.clone(),
            tainted: object.tainted,
        };
        let recorded = instance(declared, &about, object.attributes()?);
        if let Some(account) = provider.scope_of(&recorded.attributes) {
            declared.accounts.note(&recorded.by, account);
        }
        note_used(declared, root, &object.provider, state.names_aliases);
        // What is not looked at tells all the same which account is meant.
        if !wanted(request, of) {
            continue;
        }
        declared.dependencies.insert((root, object.address.clone()), object.dependencies());
        (of.claims)(&recorded, &mut declared.recorded);
        if declared.desired.is_some() {
            match changes {
                Some(changes) => {
                    let change = changes.on(&object.address, object.deposed.as_deref());
                    want(declared, of, change, &about, &recorded)?;
                }
                None => want_as_source_says(declared, (provider, of), &about, &recorded),
            }
        }
    }
    Ok(())
}

/// Notes which provider configuration manages an object; any of the root's, where the state does not name aliases.
fn note_used(declared: &mut Declared, root: Option<usize>, provider: &ProviderRef, names_aliases: bool) {
    let own = ProviderUse { root, provider: provider.clone() };
    if !names_aliases && let Some(blocks) = root.and_then(|root| declared.blocks.get(root)) {
        let of_provider = blocks.iter().filter(|block| block.provider.local_name() == provider.local_name());
        let names: Vec<_> = of_provider.map(|block| block.provider.clone()).collect();
        if names.len() > 1 {
            declared.ambiguous.insert(own.clone());
        }
        declared.used.extend(names.into_iter().map(|name| ProviderUse { root, provider: name }));
    }
    let of_provider = |used: &ProviderUse| used.root == root && used.provider.local_name() == provider.local_name();
    if names_aliases || !declared.used.iter().any(of_provider) {
        declared.used.insert(own);
    }
}

/// What is wanted of an object that a state records.
fn want(
    declared: &mut Declared,
    of: &ResourceType,
    change: Option<&Change>,
    about: &About<'_>,
    recorded: &Instance,
) -> Result<(), Problem> {
    let wanted = match change {
        None => recorded.clone(),
        Some(change) => match change.desired()? {
            Desired::NotPlanned => recorded.clone(),
            Desired::Gone => return Ok(()),
            Desired::Value(mut value) => {
                settle_sets(&mut value, &recorded.attributes);
                instance(declared, &About { address: &change.address, ..about.clone() }, value)
            }
        },
    };
    merge_desired(declared, of, &wanted);
    Ok(())
}

/// A resource type with the system that it belongs to.
type Claiming = (&'static dyn Provider, &'static ResourceType);

/// What the source wants of an object that a state records; without source it is what is recorded.
fn want_as_source_says(declared: &mut Declared, (provider, of): Claiming, about: &About<'_>, recorded: &Instance) {
    let source = about.root.and_then(|root| declared.configuration(root));
    let said = match source {
        // What was left over by a replacement is wanted by nobody.
        Some(_) if about.deposed.is_some() => Wanted::Gone,
        Some(source) => from_source::of_recorded(source, of, about.address, &recorded.attributes),
        None => Wanted::AsRecorded,
    };
    match said {
        Wanted::Gone => {}
        Wanted::AsRecorded => merge_desired(declared, of, recorded),
        Wanted::Value(address, mut attributes) => {
            // A state as `show -json` prints it names no aliases: the source tells which block is meant.
            let managed_with = source.map(|source| source.provider_of(&address));
            let block = declared.block_of(about.root, managed_with.as_ref().unwrap_or(about.provider));
            provider.complete(&mut attributes, Some(&recorded.attributes), block.map(|block| &**block));
            let wanted = instance(declared, &About { address: &address, ..about.clone() }, attributes);
            merge_desired(declared, of, &wanted);
        }
    }
}

/// A set of which the plan does not know every element yet is judged on what is recorded: its known part alone would
/// make elements look taken away.
fn settle_sets(wanted: &mut Value, recorded: &Value) {
    let Value::Map(fields) = wanted else { return };
    for (name, value) in fields {
        if let Some(list @ Value::List(_)) = recorded.get(name)
            && value.has_unknown()
        {
            *value = list.clone();
        }
    }
}

/// Claims of a plan: what it wants and no state records and, where no state is at hand, what it says was recorded.
pub(super) fn read_plan(
    declared: &mut Declared,
    request: &Request,
    root: Option<usize>,
    plan: &Plan,
    recorded_elsewhere: bool,
) -> Result<(), Problem> {
    if !recorded_elsewhere && (plan.errored || plan.refresh_only || !plan.complete) {
        declared.gaps.push(partial_plan_alone());
    }
    for change in plan.changes() {
        declared.sources.insert(change.provider.source.clone());
        let name = change.address.resource_type.as_str();
        let Some((provider, of)) = providers::resource_type(name) else {
            note_unread(declared, name);
            continue;
        };
        if !wanted(request, of) {
            continue;
        }
        let recorded = change.recorded()?;
        if recorded_elsewhere && recorded.is_some() {
            continue;
        }
        let about = About {
            address: &change.address,
            provider: &change.provider,
            state: None,
            root,
            deposed: change.deposed.clone(),
            tainted: false,
        };
        declared.used.insert(ProviderUse { root, provider: change.provider.clone() });
        let recorded = recorded.map(|value| instance(declared, &about, value));
        if let Some(recorded) = &recorded {
            if let Some(account) = provider.scope_of(&recorded.attributes) {
                declared.accounts.note(&recorded.by, account);
            }
            (of.claims)(recorded, &mut declared.recorded);
        }
        let wanted = match (change.desired()?, recorded) {
            (Desired::Gone, _) | (Desired::NotPlanned, None) => continue,
            (Desired::NotPlanned, Some(recorded)) => recorded,
            (Desired::Value(value), None) => instance(declared, &about, value),
            (Desired::Value(mut value), Some(recorded)) => {
                settle_sets(&mut value, &recorded.attributes);
                instance(declared, &about, value)
            }
        };
        merge_desired(declared, of, &wanted);
    }
    Ok(())
}

pub(super) fn merge_desired(declared: &mut Declared, of: &ResourceType, wanted: &Instance) {
    if let Some(desired) = &mut declared.desired {
        (of.claims)(wanted, desired);
    }
}

/// What is known of an object besides its attributes.
#[derive(Clone)]
pub(super) struct About<'a> {
    pub(super) address: &'a Address,
    pub(super) provider: &'a ProviderRef,
    pub(super) state: Option<Arc<StateRef>>,
    pub(super) root: Option<usize>,
    pub(super) deposed: Option<String>,
    pub(super) tainted: bool,
}

pub(super) fn instance(declared: &Declared, about: &About<'_>, attributes: Value) -> Instance {
    let source = about.root.and_then(|root| declared.configuration(root));
    Instance {
        by: Arc::new(InstanceRef {
            address: about.address.clone(),
            provider: about.provider.clone(),
            state: about.state.clone(),
            root: about.root,
        }),
        attributes,
        deposed: about.deposed.clone(),
        tainted: about.tainted,
        configured: source.map_or(Configured::Unknown, |source| source.configured(about.address)),
        settings: declared.block_of(about.root, about.provider).cloned(),
    }
}

pub(super) fn wanted(request: &Request, of: &ResourceType) -> bool {
    request.only.as_ref().is_none_or(|ids| of.kinds.iter().any(|kind| ids.iter().any(|id| id == kind.id)))
}

pub(super) fn note_unread(declared: &mut Declared, name: &str) {
    if let Some((name, what)) = providers::unread_type(name) {
        declared.unread.entry((*name).to_owned()).or_insert((0, what)).0 += 1;
    }
}

fn partial_plan_alone() -> Gap {
    Gap {
        code: "plan_without_state".into(),
        system: "terraform".to_owned(),
        scope: None,
        hides: Hides::Claims { kinds: Vec::new() },
        reason: "the plan is partial and no state was given, so not everything that is declared is known".to_owned(),
        hint: "give the state too, with `--state`".to_owned(),
        location: None,
    }
}
