//! Claims of what the source declares and no state records: what waits for its first apply or, where no state is given at
//! all, everything.

use super::claiming::{About, instance, merge_desired, note_unread, wanted};
use super::declared::Declared;
use super::from_source;
use super::request::Request;
use crate::model::{
    Address, Claims, Finding, Gap, Hides, Instance, Kind, Mode, ProviderRef, ProviderUse, Status, Value,
};
use crate::providers::{self, ResourceType};
use crate::terraform::config::Open;
use crate::terraform::state::State;
use std::collections::BTreeSet;

/// Wants the instances that the source of a root declares and its state does not record.
pub(super) fn read_new(declared: &mut Declared, request: &Request, root: usize, state: &State) {
    let Some(source) = declared.configuration(root) else { return };
    let now = |recorded: &Address| source.address_now(recorded).unwrap_or_else(|| recorded.clone());
    let recorded: BTreeSet<Address> = state.current().map(|object| now(&object.address)).collect();
    let read = |name: &str| providers::resource_type(name).is_some_and(|(_, of)| wanted(request, of));
    let found = source.instances(Mode::Managed, &read);
    let mut new = found.known;
    new.retain(|address| !recorded.contains(address));
    declared.open.extend(found.open);
    for (of, new) in instances(declared, root, &new) {
        merge_desired(declared, of, &new);
    }
}

/// Why what nobody declares may yet be declared: by a block whose instances are not known, and that were not applied.
pub(super) fn may_wait(declared: &Declared, finding: &Finding) -> Option<String> {
    let is_candidate = |open: &&Open| match open.resource_type.as_deref() {
        Some(name) => finding.kind.declared_by.contains(&name),
        None => true,
    };
    let open = declared.open.iter().filter(|_| finding.status == Status::Unmanaged).find(is_candidate)?;
    Some(format!("perhaps `{}` declares it and was not applied yet: {}", open.name, open.reason))
}

/// Claims everything that the source of a root declares, for want of a state: what is wanted stands for what is recorded.
/// What the source alone does not tell is a gap.
pub(super) fn read_alone(declared: &mut Declared, request: &Request, root: usize) {
    let Some(source) = declared.configuration(root) else { return };
    let found = source.instances(Mode::Managed, &|_| true);
    let mut read = Vec::new();
    for address in found.known {
        match providers::resource_type(&address.resource_type) {
            Some((_, of)) if wanted(request, of) => read.push(address),
            Some(_) => {}
            None => note_unread(declared, &address.resource_type),
        }
    }
    for open in &found.open {
        let kinds = open.resource_type.as_deref().map(|name| providers::resource_type(name).map(|(_, of)| of.kinds));
        match kinds {
            // A type that declares nothing of what is read.
            Some(None) => {}
            Some(Some(kinds)) => declared.gaps.push(not_listed(open, kinds)),
            None => declared.gaps.push(not_listed(open, &[])),
        }
    }
    for (of, alone) in instances(declared, root, &read) {
        let mut claims = Claims::default();
        (of.claims)(&alone, &mut claims);
        settle(&mut claims, of, &alone);
        for side in [Some(&mut declared.recorded), declared.desired.as_mut()].into_iter().flatten() {
            side.claims.extend(claims.claims.iter().cloned());
            side.sweeps.extend(claims.sweeps.iter().cloned());
            side.authorities.extend(claims.authorities.iter().cloned());
        }
        declared.recorded.gaps.extend(claims.gaps);
    }
}

/// The instances of these addresses as the source says them; their provider configurations are noted as used.
fn instances(declared: &mut Declared, root: usize, addresses: &[Address]) -> Vec<(&'static ResourceType, Instance)> {
    let Some(source) = declared.configuration(root) else { return Vec::new() };
    let mut made: Vec<(&'static ResourceType, ProviderRef, Instance)> = Vec::new();
    for address in addresses {
        let Some((system, of)) = providers::resource_type(&address.resource_type) else { continue };
        let Some(mut attributes) = from_source::of_new(source, of, address) else { continue };
        let provider = source.provider_of(address);
        let block = declared.block_of(Some(root), &provider);
        system.complete(&mut attributes, None, block.map(|block| &**block));
        let about =
            About { address, provider: &provider, state: None, root: Some(root), deposed: None, tainted: false };
        let instance = instance(declared, &about, attributes);
        made.push((of, provider, instance));
    }
    let noted = made.into_iter().map(|(of, provider, instance)| {
        declared.sources.insert(provider.source.clone());
        declared.used.insert(ProviderUse { root: Some(root), provider });
        (of, instance)
    });
    noted.collect()
}

/// Takes out of the claims of an instance that nothing records what its source does not tell. A list with an element
/// that is not known does not say what all of the set is.
fn settle(claims: &mut Claims, of: &ResourceType, alone: &Instance) {
    let mut untold = BTreeSet::new();
    for claim in claims.claims.iter_mut().chain(claims.sweeps.iter_mut().map(|sweep| &mut sweep.claim)) {
        claim.properties.retain(|name, claimed| {
            let is_known = !claimed.value.has_unknown();
            // What the provider fills in is declared by nobody.
            if !is_known && !of.fills_in.contains(name) {
                untold.insert(*name);
            }
            is_known
        });
    }
    let Value::Map(attributes) = &alone.attributes else { return };
    if attributes.values().any(|value| matches!(value, Value::List(_)) && value.has_unknown()) {
        claims.authorities.clear();
    }
    if !untold.is_empty() {
        let names: Vec<_> = untold.into_iter().collect();
        claims.gaps.push(unknown_value(format!("`{}` of `{}`", names.join("`, `"), alone.by.address)));
    }
}

fn unknown_value(what: String) -> Gap {
    Gap {
        code: "source_value_unknown".into(),
        system: "terraform".to_owned(),
        scope: None,
        hides: Hides::Unread(what.clone()),
        reason: format!("{what} is not known from the source alone"),
        hint:
            "give the state, or the values of the variables with `--var` or `--var-file`; `driftline explain ADDRESS` \
               shows what is missing"
                .to_owned(),
        location: None,
    }
}

fn not_listed(open: &Open, kinds: &[&'static Kind]) -> Gap {
    Gap {
        code: "instances_unknown".into(),
        system: "terraform".to_owned(),
        scope: None,
        hides: Hides::Claims { kinds: kinds.to_vec() },
        reason: format!("which instances `{}` declares is not known: {}", open.name, open.reason),
        hint: "give the state, or the values of the variables with `--var` or `--var-file`".to_owned(),
        location: open.location.clone(),
    }
}
