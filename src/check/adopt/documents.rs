//! Edits of a policy document: one action, resource, principal or condition value in place of another, more or less, or a
//! whole statement.

use super::super::policies::node_at;
use super::candidates::{Candidate, Spot, taken};
use crate::model::{Address, AttrPath, Value};
use crate::policy;
use crate::terraform::config::{Configuration, SaidText};
use crate::terraform::decode::json;
use crate::terraform::decode::tree::{Kind as Said, Node as SaidNode};
use crate::terraform::edit::{self, Kind, Splice};
use serde_json::Value as Json;
use std::collections::BTreeSet;

pub(super) fn candidates(source: &Configuration, address: &Address, path: &AttrPath, live: &str) -> Vec<Candidate> {
    let Some(text) = source.text(address, path) else { return Vec::new() };
    let (Ok(whole), Ok(said), Ok(is)) =
        (json::positions(text.text()), serde_json::from_str::<Json>(text.text()), serde_json::from_str::<Json>(live))
    else {
        return Vec::new();
    };
    let (ours, theirs) = (strings(&said), strings(&is));
    let new: Vec<Value> = theirs.difference(&ours).map(|text| Value::from(text.as_str())).collect();
    let statements = new_statements(&said, &is);
    let mut found = Vec::new();
    for difference in policy::differences(text.text(), live) {
        let Some(spot) = node_at(&whole, &difference.at).and_then(|node| spot(&text, node)) else { continue };
        for value in &new {
            if difference.exact {
                found.extend(spot.spelled(value));
            } else {
                found.extend(one_more(&spot, value));
            }
        }
        if difference.exact {
            found.extend(taken(&spot, 3));
        } else {
            found.extend(statements.iter().flat_map(|statement| one_more(&spot, statement)));
        }
        // Words that both documents hold: an effect, an action that another statement says too.
        let shared = theirs.intersection(&ours).take(24).map(|text| Value::from(text.as_str()));
        for value in shared {
            found.extend(if difference.exact { spot.spelled(&value) } else { one_more(&spot, &value) });
        }
    }
    found
}

fn spot(text: &SaidText, node: &SaidNode) -> Option<Spot> {
    let range = match &node.kind {
        Said::Text(_) if node.range.len() > 2 => node.range.start + 1..node.range.end - 1,
        _ => node.range.start..node.range.start + 1,
    };
    text.written(range).into_iter().next().map(Spot::of)
}

/// All texts of a document that are values.
fn strings(json: &Json) -> BTreeSet<String> {
    match json {
        Json::String(text) => BTreeSet::from([text.clone()]),
        Json::Array(items) => items.iter().flat_map(strings).collect(),
        Json::Object(fields) => fields.values().flat_map(strings).collect(),
        _ => BTreeSet::new(),
    }
}

/// Statements of the second document that the first has not.
fn new_statements(said: &Json, is: &Json) -> Vec<Value> {
    let of = |document: &Json| match document.get("Statement") {
        Some(Json::Array(items)) => items.clone(),
        Some(one) => vec![one.clone()],
        None => Vec::new(),
    };
    let ours = of(said);
    of(is).into_iter().filter(|statement| !ours.contains(statement)).map(Value::from_json).collect()
}

/// One more element of the list around a spot; of a value that is no list, a list of both.
fn one_more(spot: &Spot, value: &Value) -> Vec<Candidate> {
    let mut found = Vec::new();
    let text = spot.file.text();
    for node in spot.around().into_iter().rev() {
        match &node.kind {
            Kind::List(items) => {
                let old = items.last().and_then(|item| text.get(item.range.clone())).unwrap_or_default();
                let ways = edit::spellings(node.language, old, value);
                found.extend(ways.into_iter().filter_map(|new| spot.edit(edit::insert_after(text, node, None, &new))));
                break;
            }
            Kind::Scalar => {
                let old = text.get(node.range.clone()).unwrap_or_default();
                for new in edit::spellings(node.language, old, value) {
                    let list = Splice::new(node.range.clone(), format!("[{old}, {new}]"));
                    found.extend(spot.edit(Some(vec![list])));
                }
            }
            _ => {}
        }
    }
    found
}
