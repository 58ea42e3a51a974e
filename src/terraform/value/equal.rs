//! Whether two values are the same, and the order in which Terraform goes through a set.

use super::{Data, Entries, Val};
use std::cmp::Ordering;

/// Whether two values are the same with `==`: types count, origins and marks do not. `None` when something that is not
/// known decides.
pub fn equals(a: &Val, b: &Val) -> Option<bool> {
    match (&a.data, &b.data) {
        (Data::Unknown(..), Data::Null(_)) | (Data::Null(_), Data::Unknown(..)) => None,
        (Data::Unknown(..), _) | (_, Data::Unknown(..)) => {
            let (a, b) = (a.type_of(), b.type_of());
            if a.has_dynamic() || b.has_dynamic() || a == b { None } else { Some(false) }
        }
        (Data::Null(_), Data::Null(_)) => Some(true),
        (Data::Null(_), _) | (_, Data::Null(_)) => Some(false),
        (Data::Bool(a), Data::Bool(b)) => Some(a == b),
        (Data::Number(a), Data::Number(b)) => Some(a == b),
        (Data::String(a), Data::String(b)) => Some(a == b),
        (Data::Tuple(a), Data::Tuple(b)) => all_equal(a, b),
        (Data::List(of_a, a), Data::List(of_b, b)) | (Data::Set(of_a, a), Data::Set(of_b, b)) => {
            if of_a == of_b {
                all_equal(a, b)
            } else {
                Some(false)
            }
        }
        (Data::Map(of_a, a), Data::Map(of_b, b)) if of_a == of_b => all_entries_equal(a, b),
        (Data::Object(a), Data::Object(b)) => all_entries_equal(a, b),
        _ => Some(false),
    }
}

fn all_equal(a: &[Val], b: &[Val]) -> Option<bool> {
    if a.len() != b.len() {
        return Some(false);
    }
    all(a.iter().zip(b).map(|(a, b)| equals(a, b)))
}

fn all_entries_equal(a: &Entries, b: &Entries) -> Option<bool> {
    if a.len() != b.len() || a.keys().ne(b.keys()) {
        return Some(false);
    }
    all(a.values().zip(b.values()).map(|(a, b)| equals(&a.value, &b.value)))
}

/// One that differs decides, whatever is not known besides.
fn all(verdicts: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut known = true;
    for verdict in verdicts {
        match verdict {
            Some(false) => return Some(false),
            Some(true) => {}
            None => known = false,
        }
    }
    known.then_some(true)
}

/// The elements of a set: in its order, of equal ones the first.
pub fn each_once(mut elements: Vec<Val>) -> Vec<Val> {
    elements.sort_by(order);
    elements.dedup_by(|a, b| equals(a, b) == Some(true));
    elements
}

/// The order in which Terraform goes through the elements of a set: primitive values by their own order, others by
/// their content.
pub fn order(a: &Val, b: &Val) -> Ordering {
    let rank = |value: &Val| match &value.data {
        Data::Bool(_) => 0,
        Data::Number(_) => 1,
        Data::String(_) => 2,
        Data::List(..) | Data::Set(..) | Data::Tuple(_) => 3,
        Data::Map(..) | Data::Object(_) => 4,
        Data::Null(_) => 5,
        Data::Unknown(..) => 6,
    };
    match (&a.data, &b.data) {
        (Data::Bool(a), Data::Bool(b)) => a.cmp(b),
        (Data::Number(a), Data::Number(b)) => a.compare(b),
        (Data::String(a), Data::String(b)) => a.cmp(b),
        (Data::List(_, a) | Data::Set(_, a) | Data::Tuple(a), Data::List(_, b) | Data::Set(_, b) | Data::Tuple(b)) => {
            in_turn(a.iter().zip(b.iter()).map(|(a, b)| order(a, b))).then(a.len().cmp(&b.len()))
        }
        (Data::Map(_, a) | Data::Object(a), Data::Map(_, b) | Data::Object(b)) => {
            let entries = a.iter().zip(b.iter());
            in_turn(entries.map(|((ka, a), (kb, b))| ka.cmp(kb).then_with(|| order(&a.value, &b.value))))
                .then(a.len().cmp(&b.len()))
        }
        _ => rank(a).cmp(&rank(b)),
    }
}

fn in_turn(mut orders: impl Iterator<Item = Ordering>) -> Ordering {
    orders.find(|order| *order != Ordering::Equal).unwrap_or(Ordering::Equal)
}
