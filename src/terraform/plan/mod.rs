//! Plans, saved ones and as `show -json` prints them: what was recorded and what is wanted of every managed object.
//!
//! Rules: `internal/command/jsonplan` of Terraform 1.11. The values stay unparsed in the text until they are asked for.

mod change;
mod configuration;
mod gaps;
mod saved;
#[cfg(test)]
mod tests;

pub use saved::Sources;

pub use change::{Action, Change, Changed, Desired, Drift, Wants};

use crate::model::{Address, Gap, Problem};
use crate::terraform::state::form::{self, Form};
use crate::terraform::state::text::{self, Text};
use crate::terraform::state::{Masks, object};
use change::Shelf;
use configuration::Configuration;
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::value::RawValue;
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::Arc;

/// What a plan holds.
#[derive(Debug)]
pub struct Plan {
    /// Of the binary that made it; OpenTofu gives its own version here.
    pub terraform_version: Option<String>,
    /// The plan ended in an error; what it holds is what came before.
    pub errored: bool,
    /// The plan covers the whole configuration; true for old formats, which do not say.
    pub complete: bool,
    /// `None` for old formats, which do not say.
    pub applyable: Option<bool>,
    /// The plan lists no changes at all, not even of objects that stay as they are, though there are some: it was made
    /// with `-refresh-only`. Nothing follows from an address that is not in it.
    pub refresh_only: bool,
    pub gaps: Vec<Gap>,
    /// What the root module's variables were, by name. Some of them may be secret.
    pub variables: Variables,
    /// What only a saved plan holds beside the plan itself.
    pub saved: Option<Beside>,
    changes: Vec<Change>,
}

impl Plan {
    /// The managed objects that the plan speaks of: those that stay as they are too, in the order of the file; then
    /// those that it found changed and plans nothing for; then deferred ones.
    pub fn changes(&self) -> impl Iterator<Item = &Change> {
        self.changes.iter()
    }
}

type TopLevel<'a> = BTreeMap<String, &'a RawValue>;

/// What a saved plan holds beside the plan itself.
pub struct Beside {
    /// What findings name the plan by.
    pub path: String,
    /// The state that it was made on, before the refresh. Holds secrets.
    pub state: Vec<u8>,
    /// The selected workspace.
    pub workspace: Option<String>,
    pub sources: Sources,
}

impl fmt::Debug for Beside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Beside({}, {:?})", self.path, self.sources.files.keys())
    }
}

/// Reads a plan, a saved one or what `show -json` prints of one; `path` is what problems name it by.
pub fn read(bytes: Vec<u8>, path: &str, masks: Masks<'_>) -> Result<Plan, Problem> {
    if !saved::is_saved(&bytes) {
        return read_shown(bytes, path, masks, true);
    }
    let saved::Saved { json, state, workspace, is_marked, sources } = saved::open(&bytes, path)?;
    let beside = Beside { path: path.to_owned(), state, workspace, sources };
    Ok(Plan { saved: Some(beside), ..read_shown(json, path, masks, is_marked)? })
}

/// Reads what `show -json` prints; `is_marked` says that what a provider's schema calls sensitive is marked.
fn read_shown(bytes: Vec<u8>, path: &str, masks: Masks<'_>, is_marked: bool) -> Result<Plan, Problem> {
    let text = Arc::new(Text::new(bytes, path)?);
    let top: TopLevel<'_> = serde_json::from_str(text.json())
        .map_err(|error| if error.is_data() { form::unknown().at(path) } else { text.not_json(&error) })?;
    match form::of(&top).map_err(|problem| problem.at(path))? {
        Form::Plan => {}
        Form::Raw | Form::Shown => return Err(form::state_given().at(path)),
    }
    let errored = part(&text, &top, "errored")?.unwrap_or(false);
    let complete = part(&text, &top, "complete")?.unwrap_or(true);
    let deferred: Vec<Deferred<'_>> = list(&text, &top, "deferred_changes")?;
    let configuration: Configuration = part(&text, &top, "configuration")?.unwrap_or_default();
    let shelf = Shelf { text: &text, configuration: &configuration, masks, is_marked };
    Ok(Plan {
        terraform_version: part(&text, &top, "terraform_version")?,
        errored,
        complete,
        applyable: part(&text, &top, "applyable")?,
        refresh_only: !top.contains_key("resource_changes") && !is_of_nothing(&text, &top)?,
        gaps: gaps::of(errored, complete, &deferred),
        variables: variables(&text, &top)?,
        saved: None,
        changes: changes(&top, deferred, &shelf)?,
    })
}

/// Values of the root module's variables. Shows none of them.
#[derive(Clone, Default)]
pub struct Variables(pub BTreeMap<String, serde_json::Value>);

impl fmt::Debug for Variables {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

fn variables(text: &Text, top: &TopLevel<'_>) -> Result<Variables, Problem> {
    #[derive(Deserialize)]
    struct Variable {
        value: Option<serde_json::Value>,
    }

    let all: BTreeMap<String, Variable> = part(text, top, "variables")?.unwrap_or_default();
    Ok(Variables(all.into_iter().filter_map(|(name, variable)| Some((name, variable.value?))).collect()))
}

/// Joins what is planned with what was found changed.
fn changes(top: &TopLevel<'_>, deferred: Vec<Deferred<'_>>, shelf: &Shelf<'_>) -> Result<Vec<Change>, Problem> {
    let mut drift = HashMap::new();
    let mut unplanned = Vec::new();
    for entry in list::<Entry<'_>>(shelf.text, top, "resource_drift")? {
        // A `no-op` is a mere move.
        if entry.mode == "managed" && entry.change.actions != ["no-op"] {
            let key = (entry.address(shelf.text)?, entry.deposed.clone());
            unplanned.push(key.clone());
            drift.insert(key, entry);
        }
    }
    let mut changes = Vec::new();
    for entry in list::<Entry<'_>>(shelf.text, top, "resource_changes")? {
        if entry.mode == "managed" {
            let key = (entry.address(shelf.text)?, entry.deposed.clone());
            let drifted = drift.remove(&key);
            changes.push(shelf.planned(key.0, &entry, drifted.as_ref())?);
        }
    }
    for key in unplanned {
        if let Some(entry) = drift.remove(&key) {
            changes.push(shelf.drifted(key.0, &entry)?);
        }
    }
    for entry in deferred.into_iter().map(|deferred| deferred.resource_change) {
        // The address of an instance that cannot be known yet has `*` for a key: the gap alone speaks of it.
        if entry.mode == "managed"
            && let Ok(address) = entry.address.parse::<Address>()
        {
            changes.push(shelf.not_planned(address, &entry)?);
        }
    }
    Ok(changes)
}

/// One entry of `resource_changes` or `resource_drift`.
#[derive(Deserialize)]
struct Entry<'a> {
    address: String,
    previous_address: Option<String>,
    mode: String,
    provider_name: Option<String>,
    deposed: Option<String>,
    #[serde(borrow)]
    change: Body<'a>,
}

#[derive(Deserialize)]
struct Body<'a> {
    actions: Vec<String>,
    #[serde(borrow)]
    before: Option<&'a RawValue>,
    #[serde(borrow)]
    after: Option<&'a RawValue>,
    #[serde(borrow)]
    after_unknown: Option<&'a RawValue>,
    #[serde(borrow)]
    before_sensitive: Option<&'a RawValue>,
    #[serde(borrow)]
    after_sensitive: Option<&'a RawValue>,
    #[serde(borrow)]
    importing: Option<&'a RawValue>,
}

/// One entry of `deferred_changes`.
#[derive(Deserialize)]
struct Deferred<'a> {
    reason: Option<String>,
    #[serde(borrow)]
    resource_change: Entry<'a>,
}

impl Entry<'_> {
    fn address(&self, text: &Text) -> Result<Address, Problem> {
        self.address.parse().map_err(|problem: Problem| problem.at(text.path()))
    }
}

/// Whether neither configuration nor state has an object, so that there is none to list a change of.
fn is_of_nothing(text: &Text, top: &TopLevel<'_>) -> Result<bool, Problem> {
    #[derive(Deserialize)]
    struct Prior {
        values: Option<Objects>,
    }
    #[derive(Deserialize)]
    struct Objects {
        root_module: Option<Module>,
    }
    #[derive(Default, Deserialize)]
    struct Module {
        #[serde(default)]
        resources: Vec<IgnoredAny>,
        #[serde(default)]
        child_modules: Vec<IgnoredAny>,
        #[serde(default)]
        module_calls: BTreeMap<String, IgnoredAny>,
    }

    let prior = part::<Prior>(text, top, "prior_state")?.and_then(|prior| prior.values);
    let configured = part::<Objects>(text, top, "configuration")?;
    let mut modules = [prior, configured].into_iter().flatten().filter_map(|objects| objects.root_module);
    Ok(modules.all(|of| of.resources.is_empty() && of.child_modules.is_empty() && of.module_calls.is_empty()))
}

/// A part of the plan that is small or read whole; `None` when it is not there.
fn part<T: DeserializeOwned>(text: &Text, top: &TopLevel<'_>, key: &str) -> Result<Option<T>, Problem> {
    top.get(key).map_or(Ok(None), |raw| {
        serde_json::from_str(raw.get()).map_err(|error| {
            Problem::new(format!("`{key}` in the plan cannot be read: {}", text::reason(&error)))
                .at(text.path())
                .help(DAMAGED)
        })
    })
}

/// The entries of a list, each read on its own so that a bad one can be named.
fn list<'a, T: Deserialize<'a>>(text: &Text, top: &TopLevel<'a>, key: &str) -> Result<Vec<T>, Problem> {
    let Some(raw) = top.get(key) else { return Ok(Vec::new()) };
    let broken = |name: String, error: serde_json::Error| {
        Problem::new(format!("{name} in the plan cannot be read: {}", text::reason(&error)))
            .at(text.path())
            .help(DAMAGED)
    };
    let entries: Option<Vec<&'a RawValue>> =
        serde_json::from_str(raw.get()).map_err(|error| broken(format!("`{key}`"), error))?;
    let read = |raw: &'a RawValue| {
        serde_json::from_str(raw.get())
            .map_err(|error| broken(format!("`{}` of `{key}`", object::rough_name(raw)), error))
    };
    entries.into_iter().flatten().map(read).collect()
}

const DAMAGED: &str = "the plan is damaged or was edited by hand; `terraform show -json FILE` prints a sound one";
