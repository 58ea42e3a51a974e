//! What a saved plan would do, held against what is meant.
//!
//! Rules: "JSON Output Format" of the Terraform documentation, plan representation 1.x.

use crate::model::{Address, Problem, RunMode};
use crate::reconcile::Batch;
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};
use sha2::{Digest, Sha256};

/// A plan in which nothing but what is meant was found.
#[derive(Debug)]
pub struct Planned {
    /// `ADDRESS: ACTIONS`, sorted; empty when nothing is left to do.
    pub changes: Vec<String>,
    /// Of the changes with their values, without those that are sensitive: the same plan has the same one.
    pub hash: String,
}

#[derive(Deserialize)]
struct Plan {
    format_version: String,
    #[serde(default)]
    resource_changes: Vec<ResourceChange>,
    #[serde(default)]
    resource_drift: Vec<ResourceChange>,
    #[serde(default)]
    output_changes: Map<String, Json>,
    #[serde(default)]
    deferred_changes: Vec<Json>,
    #[serde(default)]
    action_invocations: Vec<Json>,
    #[serde(default)]
    errored: bool,
}

#[derive(Deserialize)]
struct ResourceChange {
    address: String,
    previous_address: Option<String>,
    deposed: Option<String>,
    change: Change,
}

#[derive(Deserialize)]
struct Change {
    actions: Vec<String>,
    before: Option<Json>,
    after: Option<Json>,
    after_unknown: Option<Json>,
    before_sensitive: Option<Json>,
    after_sensitive: Option<Json>,
    importing: Option<Json>,
}

/// Reads what `show -json` prints of a plan. `before` are the runs that come before it and are not applied yet: what they
/// will do may be in the plan, because it depends on it, and is not counted.
///
/// # Errors
/// When it cannot be read, or holds anything but the meant actions on the meant addresses: then each is named.
pub fn read(bytes: &[u8], batch: &Batch<'_>, before: &[Batch<'_>]) -> Result<Planned, Problem> {
    let unreadable = |why: String| Problem::new(format!("the plan cannot be read: {why}")).at(batch.dir.to_owned());
    let plan: Plan = serde_json::from_slice(bytes).map_err(|error| unreadable(error.to_string()))?;
    if !plan.format_version.starts_with("1.") {
        return Err(unreadable(format!("its format is `{}`, and only 1.x is known", plan.format_version)));
    }
    let strange = strangers(&plan, batch, before);
    if !strange.is_empty() {
        return Err(Problem::new(format!("the plan holds more than was meant:\n  {}", strange.join("\n  ")))
            .at(batch.dir.to_owned())
            .help("nothing was applied; apply or take back those changes first, or choose their findings, too"));
    }
    let looked_at = if batch.mode == RunMode::RefreshOnly { &plan.resource_drift } else { &plan.resource_changes };
    let own = |one: &&ResourceChange| batch.targets.iter().any(|(address, _)| address.to_string() == one.address);
    let mut changes: Vec<_> = looked_at.iter().filter(own).filter(|one| !is_idle(one)).map(normalised).collect();
    changes.sort_by(|a, b| a.0.cmp(&b.0));
    let mut hash = Sha256::new();
    hash.update(batch.dir.as_bytes());
    for (_, change) in &changes {
        hash.update(change.to_string().as_bytes());
    }
    let hash = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(Planned { changes: changes.into_iter().map(|(line, _)| line).collect(), hash })
}

/// Everything in the plan that is not meant, a line each.
fn strangers(plan: &Plan, batch: &Batch<'_>, before: &[Batch<'_>]) -> Vec<String> {
    let mut lines = Vec::new();
    if plan.errored {
        lines.push("it is the plan of a run that failed".to_owned());
    }
    for one in plan.resource_changes.iter().filter(|one| !is_idle(one)) {
        let actions: Vec<_> = one.change.actions.iter().map(String::as_str).collect();
        let targets = batch.targets.iter().chain(of_root(batch, before));
        let mut targets = targets.filter(|(address, _)| address.to_string() == one.address);
        // Only a target that is meant to be imported may be.
        let meant = |meant: &Vec<&'static [&'static str]>| {
            let imports = meant.iter().any(|actions| *actions == ["no-op"]);
            meant.iter().any(|meant| *meant == actions) && (one.change.importing.is_none() || imports)
        };
        let is_meant = batch.mode != RunMode::RefreshOnly
            && one.deposed.is_none()
            && one.previous_address.is_none()
            && targets.any(|(_, actions)| meant(actions));
        if !is_meant {
            lines.push(line(one));
        }
    }
    if batch.mode == RunMode::RefreshOnly {
        let targets: Vec<_> = batch.targets.iter().chain(of_root(batch, before)).collect();
        let is_target = |one: &&ResourceChange| targets.iter().any(|(address, _)| address.to_string() == one.address);
        lines.extend(plan.resource_drift.iter().filter(|one| !is_target(one)).map(line));
    }
    let deferred = plan.deferred_changes.len() + plan.action_invocations.len();
    if deferred > 0 {
        lines.push(format!("{deferred} deferred changes or actions"));
    }
    // Values of outputs follow from what is changed; one that goes or comes is a change of its own.
    for (name, change) in &plan.output_changes {
        let actions: Vec<_> = change["actions"].as_array().into_iter().flatten().filter_map(Json::as_str).collect();
        if !matches!(actions.as_slice(), ["no-op"] | ["update"]) {
            lines.push(format!("output {name}: {}", actions.join(", ")));
        }
    }
    lines
}

/// The targets of the runs before it in the same root module.
fn of_root<'a, 'b>(
    batch: &'a Batch<'b>,
    before: &'a [Batch<'b>],
) -> impl Iterator<Item = &'a (&'b Address, Vec<&'static [&'static str]>)> {
    before.iter().filter(|one| one.dir == batch.dir).flat_map(|one| &one.targets)
}

fn is_idle(one: &ResourceChange) -> bool {
    let nothing = one.change.actions == ["no-op"] || one.change.actions == ["read"];
    nothing && one.change.importing.is_none() && one.previous_address.is_none()
}

fn line(one: &ResourceChange) -> String {
    let actions = one.change.actions.join(", ");
    let deposed = one.deposed.as_ref().map(|key| format!(" (deposed {key})")).unwrap_or_default();
    let moved = one.previous_address.as_ref().map(|from| format!(", moved from {from}")).unwrap_or_default();
    let import = one.change.importing.as_ref().map_or("", |_| ", import");
    format!("{}{deposed}: {actions}{import}{moved}", one.address)
}

/// The line that is shown, and everything that makes two plans the same.
fn normalised(one: &ResourceChange) -> (String, Json) {
    let change = &one.change;
    let hidden = |value: &Option<Json>, mask: &Option<Json>| value.as_ref().map(|value| masked(value, mask.as_ref()));
    let whole = json!({
        "address": one.address,
        "actions": change.actions,
        "before": hidden(&change.before, &change.before_sensitive),
        "after": hidden(&change.after, &change.after_sensitive),
        "after_unknown": change.after_unknown,
        "importing": change.importing,
    });
    (line(one), whole)
}

/// A value without what its mask marks as sensitive.
fn masked(value: &Json, mask: Option<&Json>) -> Json {
    match (value, mask) {
        (_, Some(Json::Bool(true))) => json!("(sensitive)"),
        (Json::Object(fields), Some(Json::Object(masks))) => {
            Json::Object(fields.iter().map(|(name, value)| (name.clone(), masked(value, masks.get(name)))).collect())
        }
        (Json::Array(items), Some(Json::Array(masks))) => {
            Json::Array(items.iter().enumerate().map(|(at, item)| masked(item, masks.get(at))).collect())
        }
        (value, _) => value.clone(),
    }
}
