//! What a resource type makes of its arguments: whether an edited block says what is live, and of what else one and the same
//! argument says it (a grant on all tables of a schema says its privileges of each of them).

use super::super::{Declared, from_source};
use super::{Source, Wish};
use crate::compare::{Said, equal};
use crate::model::{Change, Claim, Claims, Finding, Instance, InstanceRef};
use crate::providers;
use std::sync::Arc;

/// Whether the edited source surely does not say what is live: its argument holds the value, and the resource type takes it
/// for something else.
pub(super) fn says_other(declared: &Declared, said: &Said<'_>, finding: &Finding, edited: &Source) -> bool {
    let Some(claims) = claims(declared, said.by, edited) else { return false };
    let is_it = |claim: &&Claim| claim.kind.id == finding.kind.id && claim.key == finding.key;
    match (finding.change, finding.property, &finding.live) {
        (Change::Added, ..) => !claims.claims.iter().any(|claim| is_it(&claim)),
        (Change::Removed | Change::Missing, ..) => claims.claims.iter().any(|claim| is_it(&claim)),
        (Change::Modified, Some(name), Some(live)) => {
            let Some(property) = finding.kind.property(name) else { return false };
            // What is said of a set is said of each thing in it.
            let swept = claims.sweeps.iter().map(|sweep| &sweep.claim).filter(|claim| claim.kind.id == finding.kind.id);
            let said = claims.claims.iter().filter(is_it).chain(swept).filter_map(|claim| claim.properties.get(name));
            let mut values = said.map(|claimed| equal(property.compare, &claimed.value, live, &claimed.ignoring));
            values.next().is_some_and(|first| !first && !values.any(|same| same))
        }
        _ => false,
    }
}

/// What an instance claims by an edited source.
pub(super) fn claims(declared: &Declared, by: &InstanceRef, edited: &Source) -> Option<Claims> {
    let (system, of) = providers::resource_type(&by.address.resource_type)?;
    let address = edited.address_now(&by.address)?;
    let recorded = edited.recorded(&by.address);
    let mut attributes = match &recorded {
        Some(recorded) => match from_source::of_recorded(edited, of, &by.address, recorded) {
            from_source::Wanted::Value(_, attributes) => attributes,
            from_source::Wanted::Gone | from_source::Wanted::AsRecorded => return None,
        },
        None => from_source::of_new(edited, of, &address)?,
    };
    let block = declared.block_of(by.root, &by.provider);
    system.complete(&mut attributes, recorded.as_deref(), block.map(|block| &**block));
    let instance = Instance {
        by: Arc::new(by.clone()),
        attributes,
        deposed: None,
        tainted: false,
        configured: edited.configured(&address),
        settings: block.cloned(),
    };
    let mut claims = Claims::default();
    (of.claims)(&instance, &mut claims);
    Some(claims)
}

/// The other things, in words, of which the place says the same: a patch there changes what is said of them, too.
pub(super) fn alike(declared: &Declared, said: &Said<'_>, finding: &Finding, wish: &Wish) -> Vec<String> {
    let claims = declared.desired.as_ref().unwrap_or(&declared.recorded);
    let is_of_block = |claim: &&Claim| {
        let (by, asked) = (&claim.by, said.by);
        by.root == asked.root && by.address == asked.address && claim.kind.id == finding.kind.id
    };
    let is_another = |claim: &&Claim| claim.key != finding.key;
    let says_so = |claim: &&Claim| match (wish, finding.property) {
        (Wish::Gone, _) => true,
        (_, Some(name)) => claim.properties.get(name).is_some_and(|claimed| said.at.0.starts_with(&claimed.at.0)),
        (_, None) => claim.at == said.at,
    };
    let others = claims.claims.iter().filter(is_of_block).filter(is_another).filter(says_so);
    let in_words = |claim: &Claim| {
        let of = finding.property.map(|name| format!("`{name}` of ")).unwrap_or_default();
        format!("{of}{}", claim.kind.describe(&claim.key))
    };
    others.map(in_words).collect()
}
