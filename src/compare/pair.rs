//! Brings everything that both sides say of one thing together.

use super::Sides;
use crate::model::{Authority, Claim, Claims, Fact, Key, Kind};
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// One thing: what is live of it and who claims it, the strongest claim first.
pub(super) struct Thing<'a> {
    pub kind: &'static Kind,
    pub scope: &'a str,
    pub key: &'a Key,
    pub fact: Option<&'a Fact>,
    pub recorded: Vec<&'a Claim>,
    pub desired: Vec<&'a Claim>,
    /// The authority whose set the thing would belong to, recorded or desired.
    pub authority: Option<&'a Authority>,
}

/// Every thing that is claimed or live, in a stable order.
pub(super) fn things<'a>(sides: &Sides<'a>) -> Vec<Thing<'a>> {
    let mut by_name = ByName::default();
    for fact in &sides.observation.facts {
        by_name.thing(fact.kind, &fact.scope, &fact.key).fact = Some(fact);
    }
    for (claim, scope) in scoped(sides.recorded) {
        by_name.thing(claim.kind, scope, &claim.key).recorded.push(claim);
    }
    for (claim, scope) in sides.desired.into_iter().flat_map(scoped) {
        by_name.thing(claim.kind, scope, &claim.key).desired.push(claim);
    }
    let authorities = Authorities::of(sides);
    let mut things: Vec<_> = by_name.0.into_values().collect();
    for thing in &mut things {
        thing.recorded.sort_by(strongest_first);
        thing.desired.sort_by(strongest_first);
        thing.authority = authorities.over(thing);
    }
    things
}

/// Things by what makes two of them the same. The names borrow: of a large account every one would be a copy.
#[derive(Default)]
struct ByName<'a>(BTreeMap<(&'static str, &'a str, &'a Key), Thing<'a>>);

impl<'a> ByName<'a> {
    fn thing(&mut self, kind: &'static Kind, scope: &'a str, key: &'a Key) -> &mut Thing<'a> {
        self.0.entry((kind.id, scope, key)).or_insert_with(|| Thing {
            kind,
            scope,
            key,
            fact: None,
            recorded: Vec::new(),
            desired: Vec::new(),
            authority: None,
        })
    }
}

fn strongest_first(a: &&Claim, b: &&Claim) -> Ordering {
    (a.strength, &a.by.address).cmp(&(b.strength, &b.by.address))
}

/// Claims whose scope is known to be one that was observed; the caller has said of the others that they are out of it.
fn scoped(claims: &Claims) -> impl Iterator<Item = (&Claim, &str)> {
    claims.claims.iter().filter_map(|claim| Some((claim, claim.scope.as_deref()?)))
}

/// Kind, scope and fixed fields of an authority.
type Ruled<'a> = (&'static str, &'a str, Vec<(&'static str, &'a str)>);

/// What an authority rules; nothing when its account is not known.
fn ruled(authority: &Authority) -> Option<Ruled<'_>> {
    let fixed = authority.fixed.iter().map(|(name, value)| (*name, value.as_str())).collect();
    Some((authority.kind.id, authority.scope.as_deref()?, fixed))
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

    fn over(&self, thing: &Thing<'a>) -> Option<&'a Authority> {
        self.shapes.get(thing.kind.id)?.iter().find_map(|shape| {
            let fixed: Option<Vec<_>> =
                shape.iter().map(|name| Some((*name, thing.key.field(thing.kind, name)?))).collect();
            self.by_fixed.get(&(thing.kind.id, thing.scope, fixed?)).copied()
        })
    }
}
