//! The plan inside of a saved plan, in the form in which `show -json` prints it: so there is one reader of plans.
//!
//! What is left out is what is read nowhere: outputs, checks, the configuration (each change names its provider
//! configuration itself), private data of providers.

use super::msgpack::{self, Decoded};
use super::wire::Message;
use crate::model::{Address, Mode};
use serde_json::{Map, Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};

/// The only version that there has been since Terraform 0.12.
const VERSION: u64 = 3;

/// Where changes stand.
const LISTS: [&str; 3] = ["resource_changes", "resource_drift", "deferred_changes"];

/// Of `ui_mode`.
const REFRESH_ONLY: u64 = 2;

/// The plan with what is sensitive in it marked; `has_objects` says that the refreshed state records something.
pub(super) fn shown(bytes: &[u8], has_objects: bool) -> Result<Json, String> {
    let plan = Message::read(bytes)?;
    if plan.number(1) != VERSION {
        return Err(format!("it is of version {}, and {VERSION} is known", plan.number(1)));
    }
    let mut variables = Map::new();
    for entry in plan.all(2) {
        let entry = Message::read(entry)?;
        let value = dynamic(entry.bytes(2).unwrap_or_default())?;
        variables.insert(entry.text(1)?.to_owned(), json!({ "value": value.value }));
    }
    let deferred: Vec<Json> = plan.all(27).map(deferred).collect::<Result<_, _>>()?;
    let errored = plan.number(20) == 1;
    // Neither OpenTofu nor Terraform before 1.8 says whether the plan is complete; it is unless one of these holds.
    let complete = plan.number(26) == 1 || !errored && deferred.is_empty() && plan.all(5).next().is_none();
    // In place of the objects, of which a reader wants to know only whether there are any.
    let objects = if has_objects { json!([{}]) } else { json!([]) };
    let mut shown = json!({
        "format_version": "1.2",
        "terraform_version": plan.text(14)?,
        "variables": variables,
        "planned_values": {},
        "resource_drift": changes(plan.all(18))?,
        "deferred_changes": deferred,
        "prior_state": { "values": { "root_module": { "resources": objects } } },
        "errored": errored,
        "complete": complete,
    });
    if plan.number(17) != REFRESH_ONLY {
        shown["resource_changes"] = changes(plan.all(3))?;
    }
    mark_alike(&mut shown);
    Ok(shown)
}

/// What a provider's schema calls sensitive is marked in objects that are recorded, and not in what is planned of them: an
/// attribute that is marked as a whole on any side of any object is one on every side of all objects of its type.
fn mark_alike(shown: &mut Json) {
    const SIDES: [(&str, &str); 2] = [("before", "before_sensitive"), ("after", "after_sensitive")];
    // A list that is not there stays so: that says what sort of plan it is.
    let mut lists: Vec<_> = LISTS.iter().map(|list| shown.get_mut(*list).map(Json::take).unwrap_or_default()).collect();
    let mut marked: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for change in lists.iter_mut().filter_map(Json::as_array_mut).flatten().map(inner) {
        let of = marked.entry(resource_type(change)).or_default();
        for marks in SIDES.iter().filter_map(|(_, mirror)| change["change"][*mirror].as_object()) {
            of.extend(marks.iter().filter(|(_, mark)| **mark == Json::Bool(true)).map(|(name, _)| name.clone()));
        }
    }
    for change in lists.iter_mut().filter_map(Json::as_array_mut).flatten().map(inner) {
        let names = marked.get(&resource_type(change)).into_iter().flatten();
        for name in names {
            for (side, mirror) in SIDES {
                if change["change"][side].get(name).is_some() {
                    mark(&mut change["change"][mirror], &json!({}), &[Json::from(name.as_str())]);
                }
            }
        }
    }
    for (list, of) in LISTS.iter().zip(lists).filter(|(_, of)| !of.is_null()) {
        shown[*list] = of;
    }
}

/// The change itself of an entry; of a deferred one it stands inside.
fn inner(entry: &mut Json) -> &mut Json {
    if entry.get("resource_change").is_some() { &mut entry["resource_change"] } else { entry }
}

fn resource_type(change: &Json) -> String {
    let address = change["address"].as_str().unwrap_or_default().parse::<Address>();
    address.map(|address| address.resource_type).unwrap_or_default()
}

/// Whether marks of a provider's schema are in it, as Terraform 1.11 was seen to write them: of older ones and of OpenTofu,
/// which gives its own version in the same place, that is not known.
pub(super) fn is_marked(shown: &Json) -> bool {
    let mut parts =
        shown["terraform_version"].as_str().unwrap_or_default().split('.').map_while(|part| part.parse().ok());
    let version: (Option<u64>, Option<u64>) = (parts.next(), parts.next());
    let changes = ["resource_changes", "resource_drift"].iter().filter_map(|key| shown[*key].as_array()).flatten();
    let is_tofus =
        |change: &Json| change["provider_name"].as_str().is_some_and(|name| name.contains("\"registry.opentofu.org/"));
    version >= (Some(1), Some(11)) && !changes.into_iter().any(is_tofus)
}

/// The workspace that the plan is for.
pub(super) fn workspace(bytes: &[u8]) -> Result<Option<String>, String> {
    let plan = Message::read(bytes)?;
    let Some(backend) = plan.bytes(13) else { return Ok(None) };
    let backend = Message::read(backend)?;
    Ok(Some(backend.text(3)?.to_owned()).filter(|name| !name.is_empty()))
}

fn changes<'a>(all: impl Iterator<Item = &'a [u8]>) -> Result<Json, String> {
    all.map(resource_change).collect::<Result<_, _>>().map(Json::Array)
}

fn deferred(bytes: &[u8]) -> Result<Json, String> {
    let message = Message::read(bytes)?;
    let change = resource_change(message.bytes(2).unwrap_or_default())?;
    Ok(json!({ "resource_change": change }))
}

fn resource_change(bytes: &[u8]) -> Result<Json, String> {
    let message = Message::read(bytes)?;
    let address = message.text(13)?;
    let text = |number: u64| message.text(number).map(|text| (!text.is_empty()).then_some(text));
    let change = change(message.bytes(9).unwrap_or_default()).map_err(|why| format!("`{address}`: {why}"))?;
    Ok(json!({
        "address": address,
        "previous_address": text(14)?,
        "mode": mode(address),
        "provider_name": text(8)?,
        "deposed": text(7)?,
        "change": change,
    }))
}

/// The address alone tells.
fn mode(address: &str) -> &'static str {
    match address.parse::<Address>().map(|address| address.mode) {
        Ok(Mode::Data) => "data",
        Ok(Mode::Ephemeral) => "ephemeral",
        Ok(Mode::Managed) | Err(_) => "managed",
    }
}

/// Which of the values is the one before, and which the one after.
#[derive(Clone, Copy)]
enum Values {
    Same,
    After,
    Before,
    Both,
}

/// By the number of each action.
fn action(number: u64) -> Result<(&'static [&'static str], Values), String> {
    Ok(match number {
        0 => (&["no-op"], Values::Same),
        1 => (&["create"], Values::After),
        2 => (&["read"], Values::Both),
        3 => (&["update"], Values::Both),
        5 => (&["delete"], Values::Before),
        6 => (&["delete", "create"], Values::Both),
        7 => (&["create", "delete"], Values::Both),
        8 => (&["forget"], Values::Before),
        9 => (&["create", "forget"], Values::Both),
        other => return Err(format!("an action that is not known ({other})")),
    })
}

fn change(bytes: &[u8]) -> Result<Json, String> {
    let message = Message::read(bytes)?;
    let (actions, order) = action(message.number(1))?;
    let values: Vec<Decoded> = message.all(2).map(dynamic).collect::<Result<_, _>>()?;
    let at = |at: usize| values.get(at).ok_or_else(|| "a value of it is missing".to_owned()).map(Some);
    let (before, after) = match order {
        Values::Same => (at(0)?, at(0)?),
        Values::After => (None, at(0)?),
        Values::Before => (at(0)?, None),
        Values::Both => (at(0)?, at(1)?),
    };
    let mut change = json!({
        "actions": actions,
        "before": before.map(|side| &side.value),
        "after": after.map(|side| &side.value),
        "after_unknown": after.map_or(&Json::Bool(false), |side| &side.unknown),
        "before_sensitive": marks(before, message.all(3))?,
        "after_sensitive": marks(after, message.all(4))?,
    });
    if message.bytes(5).is_some() {
        change["importing"] = json!({});
    }
    Ok(change)
}

fn dynamic(bytes: &[u8]) -> Result<Decoded, String> {
    let packed = Message::read(bytes)?.bytes(1).ok_or("a value in a form that is not known")?;
    msgpack::decoded(packed)
}

/// The mirror of what is sensitive, from paths.
fn marks<'a>(side: Option<&Decoded>, paths: impl Iterator<Item = &'a [u8]>) -> Result<Json, String> {
    let mut mirror = Json::Bool(false);
    let Some(side) = side else { return Ok(mirror) };
    for path in paths {
        let mut steps = Vec::new();
        for step in Message::read(path)?.all(1) {
            let step = Message::read(step)?;
            steps.push(match step.bytes(2) {
                Some(key) => dynamic(key)?.value,
                None => Json::from(step.text(1)?),
            });
        }
        mark(&mut mirror, &side.value, &steps);
    }
    Ok(mirror)
}

/// Marks what stands at the path; what the path does not lead into is marked as a whole.
fn mark(mirror: &mut Json, value: &Json, path: &[Json]) {
    if *mirror == Json::Bool(true) {
        return;
    }
    let Some((step, rest)) = path.split_first() else {
        *mirror = Json::Bool(true);
        return;
    };
    match (value, step, step.as_u64().and_then(|at| usize::try_from(at).ok())) {
        (Json::Object(fields), Json::String(name), _) => {
            if !mirror.is_object() {
                *mirror = json!({});
            }
            let inner = fields.get(name).unwrap_or(&Json::Null);
            mark(&mut mirror[name.as_str()], inner, rest);
        }
        (Json::Array(items), _, Some(at)) if at < items.len() => {
            if !mirror.is_array() {
                *mirror = Json::Array(vec![Json::Bool(false); items.len()]);
            }
            mark(&mut mirror[at], &items[at], rest);
        }
        _ => *mirror = Json::Bool(true),
    }
}
