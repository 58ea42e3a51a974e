//! Brings everything that both sides say of one thing together.

use super::Sides;
use crate::model::{Authority, Claim, Claims, Fact, Key, Kind};
use std::collections::{BTreeMap, BTreeSet};

/// One thing: what is live of it and who claims it, the strongest claim first.
pub(super) struct Thing<'a> {
    pub kind: &'static Kind,
    pub scope: String,
    pub key: Key,
    pub fact: Option<&'a Fact>,
    pub recorded: Vec<&'a Claim>,
    pub desired: Vec<&'a Claim>,
    /// The authority whose set the thing would belong to, recorded or desired.
    pub authority: Option<&'a Authority>,
}

/// Every thing that is claimed or live, in a stable order.
pub(super) fn things<'a>(sides: &Sides<'a>) -> Vec<Thing<'a>> {
    let mut by_name: BTreeMap<(&'static str, String, Key), Thing<'a>> = BTreeMap::new();
    let place = |by_name: &mut BTreeMap<_, Thing<'a>>, kind: &'static Kind, scope: &str, key: &Key| {
        let name = (kind.id, scope.to_owned(), key.clone());
        by_name.entry(name.clone()).or_insert_with(|| Thing {
            kind,
            scope: name.1,
            key: name.2,
            fact: None,
            recorded: Vec::new(),
            desired: Vec::new(),
            authority: None,
        });
        (kind.id, scope.to_owned(), key.clone())
    };
    for fact in &sides.observation.facts {
        let name = place(&mut by_name, fact.kind, &fact.scope, &fact.key);
        if let Some(thing) = by_name.get_mut(&name) {
            thing.fact = Some(fact);
        }
    }
    for claim in scoped(sides.recorded) {
        let name = place(&mut by_name, claim.kind, claim.scope.as_deref().unwrap_or_default(), &claim.key);
        if let Some(thing) = by_name.get_mut(&name) {
            thing.recorded.push(claim);
        }
    }
    for claim in sides.desired.into_iter().flat_map(scoped) {
        let name = place(&mut by_name, claim.kind, claim.scope.as_deref().unwrap_or_default(), &claim.key);
        if let Some(thing) = by_name.get_mut(&name) {
            thing.desired.push(claim);
        }
    }
    let authorities = Authorities::of(sides);
    let mut things: Vec<_> = by_name.into_values().collect();
    for thing in &mut things {
        thing.recorded.sort_by_key(|claim| (claim.strength, claim.by.address.clone()));
        thing.desired.sort_by_key(|claim| (claim.strength, claim.by.address.clone()));
        thing.authority = authorities.over(thing);
    }
    things
}

/// Claims whose scope is known to be one that was observed; the caller has said of the others that they are out of it.
fn scoped(claims: &Claims) -> impl Iterator<Item = &Claim> {
    claims.claims.iter().filter(|claim| claim.scope.is_some())
}

/// Kind, scope and fixed fields of an authority.
type Ruled<'a> = (&'static str, String, Vec<(&'static str, &'a str)>);

/// What an authority rules; nothing when its account is not known.
fn ruled(authority: &Authority) -> Option<Ruled<'_>> {
    let fixed = authority.fixed.iter().map(|(name, value)| (*name, value.as_str())).collect();
    Some((authority.kind.id, authority.scope.as_deref()?.to_owned(), fixed))
}

/// Authorities by what they fix, so that finding one does not walk over all of them.
struct Authorities<'a> {
    by_fixed: BTreeMap<Ruled<'a>, &'a Authority>,
    /// The sets of fields that authorities over a kind fix.
    shapes: BTreeMap<&'static str, Vec<Vec<&'static str>>>,
}

impl<'a> Authorities<'a> {
    fn of(sides: &Sides<'a>) -> Self {
        let wanted: Option<BTreeSet<Ruled<'_>>> =
            sides.desired.map(|desired| desired.authorities.iter().filter_map(ruled).collect());
        let mut index = Authorities { by_fixed: BTreeMap::new(), shapes: BTreeMap::new() };
        for authority in &sides.recorded.authorities {
            let Some(rules) = ruled(authority) else { continue };
            // One that the plan takes away rules no more; one that it brings does not rule yet.
            if wanted.as_ref().is_some_and(|wanted| !wanted.contains(&rules)) {
                continue;
            }
            let shape: Vec<_> = rules.2.iter().map(|(name, _)| *name).collect();
            let shapes = index.shapes.entry(authority.kind.id).or_default();
            if !shapes.contains(&shape) {
                shapes.push(shape);
            }
            index.by_fixed.entry(rules).or_insert(authority);
        }
        index
    }

    fn over(&self, thing: &Thing<'_>) -> Option<&'a Authority> {
        self.shapes.get(thing.kind.id)?.iter().find_map(|shape| {
            let fixed: Option<Vec<_>> =
                shape.iter().map(|name| Some((*name, thing.key.field(thing.kind, name)?))).collect();
            // The lookup key borrows from the thing, the stored one from the authority: compare by value.
            let wanted = (thing.kind.id, thing.scope.clone(), fixed?);
            self.by_fixed.get(&wanted as &Ruled<'_>).copied()
        })
    }
}
