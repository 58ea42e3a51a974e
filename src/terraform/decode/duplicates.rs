//! Several entries of one key in a JSON object: the last counts, but Terraform reads the others as its type.
//!
//! Rules: `ImpliedType` and `Unmarshal` of `go-cty`'s `cty/json`, held against `terraform console`.

use super::tree::{Kind, Node, Problem};
use super::with_stack;
use crate::terraform::value::{Number, Type, Val, convert};
use std::collections::HashMap;

/// Fails where Terraform cannot read an entry as the type of the last one of its key.
pub(super) fn check(node: &Node) -> Result<(), Problem> {
    with_stack(|| {
        for item in node.items() {
            check(item)?;
        }
        let last = last(node);
        for entry in node.entries() {
            check(&entry.value)?;
            if last.len() < node.entries().len()
                && let Some(last) = last.get(&*entry.key.text)
                && !fits(&entry.value, last)
            {
                return Err(Problem::new(entry.key.range.start, "another value of this key is of another type"));
            }
        }
        Ok(())
    })
}

fn last(node: &Node) -> HashMap<&str, &Node> {
    node.entries().iter().map(|entry| (&*entry.key.text, &entry.value)).collect()
}

/// Whether a value can be read as one of the type of another.
fn fits(value: &Node, other: &Node) -> bool {
    match (&value.kind, &other.kind) {
        (Kind::Null, _) => true,
        (Kind::Bool(_), Kind::Bool(_)) | (Kind::Number(_), Kind::Number(_)) => true,
        (Kind::Text(_) | Kind::Number(_) | Kind::Bool(_), Kind::Text(_)) => true,
        (Kind::Text(text), Kind::Number(_)) => Number::parse(&text.text).is_some(),
        (Kind::Text(text), Kind::Bool(_)) => convert::convert(&Val::string(text.text.clone()), &Type::Bool).is_ok(),
        (Kind::List(items), Kind::List(others)) => {
            items.len() == others.len()
                && with_stack(|| items.iter().zip(others.iter()).all(|(item, other)| fits(item, other)))
        }
        (Kind::Object(entries), Kind::Object(_)) => {
            let others = last(other);
            let fits = |key: &str, value| others.get(key).is_some_and(|other| fits(value, other));
            with_stack(|| entries.iter().all(|entry| fits(&entry.key.text, &entry.value)))
        }
        _ => false,
    }
}
