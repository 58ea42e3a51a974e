//! What nobody declares, listed where others of its kind are: one more entry of the map or list that a block's `for_each`
//! goes through. It is offered only where the source with it declares just that one instance more, and the resource type
//! makes of it what is live.

use super::super::Declared;
use super::candidates::{Candidate, Spot};
use super::trial::{self, Texts};
use super::{Source, claimed, elsewhere};
use crate::compare::equal;
use crate::model::{Address, Claim, Fact, Finding, InstanceKey, InstanceRef, Patch, Strength, Value};
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

/// The first block of its type that the thing can be listed for.
pub(super) fn find(declared: &Declared, finding: &Finding, fact: &Fact) -> Option<Listed> {
    siblings(declared, finding).into_iter().find_map(|(sibling, key)| {
        let root = sibling.by.root?;
        let source = declared.configuration(root)?;
        let mut address = sibling.by.address.clone();
        address.key = Some(InstanceKey::Str(key.clone()));
        let asked = trial::New::of(source, &address).ok()?;
        let by = InstanceRef { address: address.clone(), ..(*sibling.by).clone() };
        let texts = candidates(source, &sibling.by.address, &key).iter().find_map(|candidate| {
            let texts = asked.tried(candidate).ok()?;
            put_right(declared, &by, fact, &asked, texts)
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
fn candidates(source: &Source, sibling: &Address, key: &str) -> Vec<Candidate> {
    let mut found = Vec::new();
    for spot in source.key_written(sibling).into_iter().take(2).map(Spot::of) {
        for node in spot.around().into_iter().rev() {
            found.extend(beside(&spot, node, key));
        }
    }
    found
}

fn beside(spot: &Spot, node: &Node, key: &str) -> Vec<Candidate> {
    let text = spot.file.text();
    let name = Value::from(key);
    // A map by name.
    if node.entries().iter().any(|entry| entry.key == spot.range) {
        let bare = edit::whole(node.language, &Value::Map(Default::default()));
        let bare = bare.and_then(|empty| spot.edit(edit::insert_entry(text, node, key, &empty)));
        let as_sibling = node.entries().iter().find(|entry| entry.key == spot.range).and_then(|entry| {
            let value = text.get(entry.value.range.clone())?;
            spot.edit(edit::insert_entry(text, node, key, value))
        });
        return bare.into_iter().chain(as_sibling).collect();
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
    fact: &Fact,
    asked: &trial::New<'_>,
    mut texts: Texts,
) -> Option<Texts> {
    for _ in 0..=MAX_PUT_RIGHT {
        let claims = claimed::claims(declared, by, &asked.source_with(&texts).ok()?)?;
        let own = claims.claims.iter().find(|claim| claim.kind.id == fact.kind.id && claim.key == fact.key)?;
        let is_other = |name: &&'static str| {
            let (claimed, property) = (&own.properties[*name], fact.kind.property(name));
            let live = fact.properties.get(*name).unwrap_or(&Value::Null);
            property.is_some_and(|property| !equal(property.compare, &claimed.value, live, &claimed.ignoring))
        };
        let Some(name) = own.properties.keys().find(|name| is_other(name)) else { return Some(texts) };
        let live = fact.properties.get(name).cloned().unwrap_or(Value::Null);
        texts = asked.also(&texts, &own.properties[name].at, live).ok()?;
    }
    None
}
