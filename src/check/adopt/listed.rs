//! What nobody declares, listed where others of its kind are: one more entry of the map or list that a block's `for_each`
//! goes through. It is offered only where the source with it declares just that one instance more, and the resource type
//! makes of it what is live.

use super::super::Declared;
use super::candidates::{Candidate, Spot};
use super::trial::{self, Texts};
use super::{Source, claimed, elsewhere};
use crate::compare::equal;
use crate::model::{Address, Claim, Claims, Fact, Finding, InstanceKey, InstanceRef, Patch, Strength, Value};
use crate::terraform::edit::{self, Kind, Node, Splice};

/// How many blocks of the type are tried.
const MAX_BLOCKS: usize = 4;

/// How many properties of the new instance are put right, one after the other.
const MAX_PUT_RIGHT: usize = 6;

/// What listing a thing comes to.
pub(super) struct Listed {
    /// The place of the root module.
    pub(super) root: usize,
    /// The address that the thing has then.
    pub(super) address: Address,
    pub(super) patch: Patch,
}

/// What is live of the thing and around it.
#[derive(Clone, Copy)]
pub(in crate::check) struct Live<'a> {
    pub(in crate::check) fact: &'a Fact,
    /// Everything that is live.
    pub(in crate::check) facts: &'a [Fact],
    /// What the thing is a member of, where its own block says so.
    pub(in crate::check) member_of: &'a [String],
}

/// The first block of its type that the thing can be listed for.
pub(super) fn find(declared: &Declared, finding: &Finding, live: Live<'_>) -> Option<Listed> {
    siblings(declared, finding).into_iter().find_map(|(sibling, key)| {
        let root = sibling.by.root?;
        let source = declared.configuration(root)?;
        let mut address = sibling.by.address.clone();
        address.key = Some(InstanceKey::Str(key.clone()));
        let asked = trial::New::of(source, &address).ok()?;
        let by = InstanceRef { address: address.clone(), ..(*sibling.by).clone() };
        let texts = candidates(source, &sibling.by.address, &key, live.member_of).iter().find_map(|candidate| {
            let texts = asked.tried(candidate).ok()?;
            put_right(declared, &by, live, &asked, texts)
        })?;
        let patch = asked.patch(&texts);
        elsewhere(declared, root, &patch).is_empty().then_some(Listed { root, address, patch })
    })
}

/// One instance of each block that goes through a map or list by a field of the key, and what the thing's key would be
/// there.
fn siblings<'a>(declared: &'a Declared, finding: &Finding) -> Vec<(&'a Claim, String)> {
    let claims = declared.desired.as_ref().unwrap_or(&declared.recorded);
    let mut found: Vec<(&Claim, String)> = Vec::new();
    for claim in &claims.claims {
        let by = &claim.by;
        let is_kind = claim.kind.id == finding.kind.id && claim.strength == Strength::Own;
        let is_account = claim.scope.as_ref() == Some(&finding.scope);
        let is_type = finding.resource_type.as_ref() == Some(&by.address.resource_type);
        let (true, Some(InstanceKey::Str(key))) = (is_kind && is_account && is_type, &by.address.key) else { continue };
        let fields = || claim.key.values().iter().zip(finding.key.values());
        let mut named = fields().filter(|(own, _)| *own == key);
        let (Some((_, new)), None) = (named.next(), named.next()) else { continue };
        // Everything else that the key says is the same for all of the block's instances.
        if fields().any(|(own, new)| own != key && own != new) {
            continue;
        }
        let is_of =
            |(known, _): &(&Claim, String)| known.by.root == by.root && is_same_block(&known.by.address, &by.address);
        match found.iter().position(is_of) {
            // The last one: the new entry goes behind it.
            Some(at) => found[at].0 = claim,
            None => found.push((claim, new.clone())),
        }
    }
    found.truncate(MAX_BLOCKS);
    found
}

fn is_same_block(a: &Address, b: &Address) -> bool {
    a.module == b.module && a.resource_type == b.resource_type && a.name == b.name
}

/// Ways to list one more, the barest first.
fn candidates(source: &Source, sibling: &Address, key: &str, member_of: &[String]) -> Vec<Candidate> {
    let mut found = Vec::new();
    for spot in source.key_written(sibling).into_iter().take(2).map(Spot::of) {
        for node in spot.around().into_iter().rev() {
            found.extend(beside(&spot, node, key, member_of));
        }
    }
    found
}

fn beside(spot: &Spot, node: &Node, key: &str, member_of: &[String]) -> Vec<Candidate> {
    let text = spot.file.text();
    let name = Value::from(key);
    // A map by name.
    if node.entries().iter().any(|entry| entry.key == spot.range) {
        let memberships = Value::List(member_of.iter().map(|name| Value::from(name.as_str())).collect());
        let bare = [Value::Map(Default::default()), memberships].into_iter().filter_map(|value| {
            let written = edit::whole(node.language, &value)?;
            spot.edit(edit::insert_entry(text, node, key, &written))
        });
        let as_sibling = node.entries().iter().find(|entry| entry.key == spot.range).and_then(|entry| {
            let value = text.get(entry.value.range.clone())?;
            spot.edit(edit::insert_entry(text, node, key, value))
        });
        return bare.chain(as_sibling).collect();
    }
    let Kind::List(items) = &node.kind else { return Vec::new() };
    let Some(at) =
        items.iter().position(|item| item.range.start <= spot.range.start && spot.range.end <= item.range.end)
    else {
        return Vec::new();
    };
    let item = &items[at];
    // A list of names.
    if item.range == spot.range {
        let ways = edit::spellings(node.language, text.get(item.range.clone()).unwrap_or_default(), &name);
        return ways.into_iter().filter_map(|new| spot.edit(edit::insert_after(text, node, None, &new))).collect();
    }
    // A list of objects, of which one attribute is the name.
    let attribute = item.entries().iter().find(|entry| entry.value.range == spot.range);
    let bare = attribute.and_then(|entry| {
        let object = Value::Map([(entry.name.clone(), name.clone())].into_iter().collect());
        let object = edit::whole(node.language, &object)?;
        spot.edit(edit::insert_after(text, node, None, &object))
    });
    let as_sibling = text.get(item.range.clone()).and_then(|copy| {
        let inner = spot.range.start - item.range.start..spot.range.end - item.range.start;
        let new = edit::spellings(node.language, text.get(spot.range.clone())?, &name).into_iter().next()?;
        let copy = edit::spliced(copy, &[Splice::new(inner, new)])?;
        spot.edit(edit::insert_after(text, node, None, &copy))
    });
    bare.into_iter().chain(as_sibling).collect()
}

/// Has the new instance say what is live in everything that the resource type makes of it; `None` where it does not.
fn put_right(
    declared: &Declared,
    by: &InstanceRef,
    live: Live<'_>,
    asked: &trial::New<'_>,
    mut texts: Texts,
) -> Option<Texts> {
    let fact = live.fact;
    for _ in 0..=MAX_PUT_RIGHT {
        let claims = claimed::claims(declared, by, &asked.source_with(&texts).ok()?)?;
        let own = claims.claims.iter().find(|claim| claim.kind.id == fact.kind.id && claim.key == fact.key)?;
        let is_other = |name: &&'static str| {
            let (claimed, property) = (&own.properties[*name], fact.kind.property(name));
            let live = fact.properties.get(*name).unwrap_or(&Value::Null);
            property.is_some_and(|property| !equal(property.compare, &claimed.value, live, &claimed.ignoring))
        };
        let Some(name) = own.properties.keys().find(|name| is_other(name)) else {
            let is_whole = says_all(own, fact) && all_is_live(&claims, own, live);
            return is_whole.then_some(texts);
        };
        let is = fact.properties.get(name).cloned().unwrap_or(Value::Null);
        texts = asked.also(&texts, &own.properties[name].at, is).ok()?;
    }
    None
}

/// Whether everything about the thing that is no default is claimed: what the block leaves out the next apply puts back to
/// its default.
fn says_all(own: &Claim, fact: &Fact) -> bool {
    fact.properties.iter().all(|(name, live)| {
        let Some(property) = fact.kind.property(name) else { return true };
        let is_claimed = own.properties.get(name).is_some_and(|claimed| !claimed.value.has_unknown());
        is_claimed || equal(property.compare, live, &Value::Null, &[])
    })
}

/// Whether the rest of what the new instance says is live, too, and nothing that it rules over is live besides: else the
/// next apply would change more than the state.
fn all_is_live(claims: &Claims, own: &Claim, live: Live<'_>) -> bool {
    let facts = || live.facts.iter().filter(|fact| fact.scope == live.fact.scope);
    let is_claimed = |fact: &&Fact| claims.claims.iter().any(|claim| claim.kind == fact.kind && claim.key == fact.key);
    let mut others = claims.claims.iter().filter(|claim| claim.kind != own.kind || claim.key != own.key);
    let names = |name: &String| claims.claims.iter().any(|claim| claim.key.values().contains(name));
    others.all(|claim| facts().any(|fact| fact.kind == claim.kind && fact.key == claim.key))
        && claims
            .authorities
            .iter()
            .all(|by| facts().filter(|one| by.covers(one.kind, &one.key)).all(|one| is_claimed(&one)))
        && live.member_of.iter().all(names)
}
