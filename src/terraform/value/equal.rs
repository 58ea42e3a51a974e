//! Whether two values are the same.

use super::set_order::{self, Key};
use super::{Data, Entries, Origin, Type, Val};
use std::cmp::Ordering;
use std::collections::hash_map::Entry as Slot;
use std::collections::{HashMap, HashSet};
use std::hash::{Hash, Hasher};

/// Whether two values are the same with `==`: types count, origins and marks do not. `None` when something that is not
/// known decides. One part that differs decides, whatever is not known besides.
pub fn equals(a: &Val, b: &Val) -> Option<bool> {
    match (&a.data, &b.data) {
        (Data::Null(_), Data::Null(_)) => Some(true),
        (Data::Unknown(..), Data::Null(_)) if !a.is_known_in_part() => None,
        (Data::Null(_), Data::Unknown(..)) if !b.is_known_in_part() => None,
        (Data::Null(_), _) | (_, Data::Null(_)) => Some(false),
        _ => match same_type(a, b) {
            Some(false) => Some(false),
            Some(true) => same_content(a, b),
            None => same_content(a, b).filter(|same| !same),
        },
    }
}

/// `None` when what is not known may have either type.
fn same_type(a: &Val, b: &Val) -> Option<bool> {
    match (&a.data, &b.data) {
        (Data::Unknown(of, _), _) if of.has_dynamic() => may_become(of, &b.type_of()),
        (_, Data::Unknown(of, _)) if of.has_dynamic() => may_become(of, &a.type_of()),
        (Data::Bool(_), Data::Bool(_)) | (Data::Number(_), Data::Number(_)) | (Data::String(_), Data::String(_)) => {
            Some(true)
        }
        (Data::List(a, _), Data::List(b, _))
        | (Data::Set(a, _), Data::Set(b, _))
        | (Data::Map(a, _), Data::Map(b, _)) => Some(a == b),
        (Data::Tuple(a), Data::Tuple(b)) if a.len() == b.len() => all(a.iter().zip(b.iter()), same_type),
        (Data::Object(a), Data::Object(b)) if a.len() == b.len() && a.keys().eq(b.keys()) => {
            all(pairs(a, b), same_type)
        }
        (Data::Null(_) | Data::Unknown(..), _) | (_, Data::Null(_) | Data::Unknown(..)) => {
            Some(a.type_of() == b.type_of())
        }
        _ => Some(false),
    }
}

/// Whether a value of an open type may turn out to have the other; never certain that it does.
fn may_become(open: &Type, other: &Type) -> Option<bool> {
    let differ = *open != Type::Dynamic && *other != Type::Dynamic && open.noun() != other.noun();
    if differ { Some(false) } else { None }
}

/// Of values of the same type.
fn same_content(a: &Val, b: &Val) -> Option<bool> {
    match (&a.data, &b.data) {
        (Data::Unknown(..), _) | (_, Data::Unknown(..)) => None,
        (Data::Null(_), Data::Null(_)) => Some(true),
        (Data::Bool(a), Data::Bool(b)) => Some(a == b),
        (Data::Number(a), Data::Number(b)) => Some(a == b),
        (Data::String(a), Data::String(b)) => Some(a == b),
        (Data::Set(_, in_a), Data::Set(_, in_b)) => {
            if a.why_not_wholly_known().or(b.why_not_wholly_known()).is_some() {
                return None;
            }
            if in_a.len() == in_b.len() { all(in_a.iter().zip(in_b.iter()), same_content) } else { Some(false) }
        }
        (Data::List(_, a), Data::List(_, b)) | (Data::Tuple(a), Data::Tuple(b)) if a.len() == b.len() => {
            all(a.iter().zip(b.iter()), same_content)
        }
        (Data::Map(_, a), Data::Map(_, b)) | (Data::Object(a), Data::Object(b))
            if a.len() == b.len() && a.keys().eq(b.keys()) =>
        {
            all(pairs(a, b), same_content)
        }
        _ => Some(false),
    }
}

fn pairs<'a>(a: &'a Entries, b: &'a Entries) -> impl Iterator<Item = (&'a Val, &'a Val)> {
    a.values().zip(b.values()).map(|(a, b)| (&a.value, &b.value))
}

fn all<'a>(pairs: impl Iterator<Item = (&'a Val, &'a Val)>, decide: fn(&Val, &Val) -> Option<bool>) -> Option<bool> {
    let mut known = true;
    for (a, b) in pairs {
        match decide(a, b) {
            Some(false) => return Some(false),
            Some(true) => {}
            None => known = false,
        }
    }
    known.then_some(true)
}

/// The elements of a set, in its order.
pub fn each_once(elements: Vec<Val>) -> Vec<Val> {
    let kept = first_of_each(elements);
    let keys: Vec<Key<'_>> = kept.iter().map(set_order::key).collect();
    let mut indices: Vec<usize> = (0..kept.len()).collect();
    indices.sort_by(|a, b| keys[*a].cmp(&keys[*b]).then_with(|| in_full(&kept[*a], &kept[*b])));
    indices.into_iter().map(|index| kept[index].clone()).collect()
}

/// The elements without those that are equal to one before. What is written in several places is in none for certain.
pub fn first_of_each(elements: Vec<Val>) -> Vec<Val> {
    let mut taken: HashMap<Content, usize> = HashMap::new();
    let mut kept: Vec<Val> = Vec::with_capacity(elements.len());
    for element in elements {
        if element.why_not_wholly_known().is_none() {
            match taken.entry(Content(element.clone())) {
                Slot::Vacant(slot) => {
                    slot.insert(kept.len());
                }
                Slot::Occupied(slot) => {
                    let first = &mut kept[*slot.get()];
                    if !first.origin.ends_as(&element.origin) {
                        first.origin = Origin::several([&first.origin, &element.origin]);
                    }
                    continue;
                }
            }
        }
        kept.push(element);
    }
    kept
}

/// An order of values of the same type that look the same to the order of sets, such as numbers of many digits.
fn in_full(a: &Val, b: &Val) -> Ordering {
    match (&a.data, &b.data) {
        (Data::Number(a), Data::Number(b)) => a.compare(b),
        (Data::List(_, a) | Data::Set(_, a) | Data::Tuple(a), Data::List(_, b) | Data::Set(_, b) | Data::Tuple(b)) => {
            in_turn(a.iter().zip(b.iter()))
        }
        (Data::Map(_, a) | Data::Object(a), Data::Map(_, b) | Data::Object(b)) => in_turn(pairs(a, b)),
        _ => Ordering::Equal,
    }
}

fn in_turn<'a>(pairs: impl Iterator<Item = (&'a Val, &'a Val)>) -> Ordering {
    let mut orders = pairs.map(|(a, b)| in_full(a, b));
    orders.find(|order| *order != Ordering::Equal).unwrap_or(Ordering::Equal)
}

/// Values of one type of which each is taken once; what is not wholly known is like nothing else.
#[derive(Default)]
pub struct Unique(HashSet<Content>);

impl Unique {
    /// Whether the value was not there yet.
    pub fn insert(&mut self, value: &Val) -> bool {
        value.why_not_wholly_known().is_some() || self.0.insert(Content(value.clone()))
    }

    pub fn contains(&self, value: &Val) -> bool {
        self.0.contains(&Content(value.clone()))
    }
}

impl<'a> FromIterator<&'a Val> for Unique {
    fn from_iter<I: IntoIterator<Item = &'a Val>>(values: I) -> Self {
        let mut unique = Unique::default();
        for value in values {
            unique.insert(value);
        }
        unique
    }
}

/// A wholly known value by what is in it.
struct Content(Val);

impl PartialEq for Content {
    fn eq(&self, other: &Self) -> bool {
        same_content(&self.0, &other.0) == Some(true)
    }
}

impl Eq for Content {}

impl Hash for Content {
    fn hash<H: Hasher>(&self, state: &mut H) {
        hash(&self.0, state);
    }
}

fn hash<H: Hasher>(value: &Val, state: &mut H) {
    match &value.data {
        Data::Null(_) => state.write_u8(0),
        Data::Unknown(..) => state.write_u8(1),
        Data::Bool(value) => value.hash(state),
        // They are equal when they are written alike.
        Data::Number(number) => number.to_string().hash(state),
        Data::String(text) => text.hash(state),
        Data::List(_, elements) | Data::Set(_, elements) | Data::Tuple(elements) => {
            state.write_usize(elements.len());
            elements.iter().for_each(|element| hash(element, state));
        }
        Data::Map(_, entries) | Data::Object(entries) => {
            state.write_usize(entries.len());
            for (key, entry) in entries.iter() {
                key.hash(state);
                hash(&entry.value, state);
            }
        }
    }
}
