//! What plans show as changed outside of Terraform (`resource_drift`), of resource types that nothing here reads live. What
//! is read live is compared with the live side itself, and is left out here: nothing is told twice.

use super::declared::Declared;
use super::request::Request;
use crate::compare::{Difference, Said};
use crate::model::{
    AttrPath, Change, Finding, InstanceRef, Key, Kind, Problem, Severity, Status, Value, seen,
};
use crate::providers;
use crate::source::repository;
use crate::terraform::plan::{self, Changed, Desired, Drift, Plan, Wants};
use std::collections::BTreeMap;
use std::path::{Component, Path};

/// One resource instance that Terraform saw changed.
pub(super) struct Seen {
    by: InstanceRef,
    kind: &'static Kind,
    /// From the repository's root.
    directory: String,
    drift: Drift,
    status: Status,
    /// Where the block says the one attribute that differs; empty for the block itself.
    at: AttrPath,
    /// Whether the source surely sets none of the attributes that differ.
    set_by_nobody: bool,
}

/// Notes what a plan shows.
///
/// # Errors
/// When its attributes cannot be read.
pub(super) fn read(
    declared: &mut Declared,
    request: &Request,
    root: Option<usize>,
    plan: &Plan,
) -> Result<(), Problem> {
    let directory = root.map(|at| from_repository(&request.roots[at].0)).unwrap_or_default();
    for change in plan.changes().filter(|change| change.deposed.is_none()) {
        let name = change.address.resource_type.as_str();
        if providers::resource_type(name).is_some() {
            continue;
        }
        let kind = seen::kind_of(name, providers::unread_type(name).is_some());
        if !request.wants(kind) {
            continue;
        }
        let Some(drift) = change.drift()? else { continue };
        let Some(status) = status(&drift, change)? else { continue };
        let by =
            InstanceRef { address: change.address.clone(), provider: change.provider.clone(), state: None, root };
        let (at, set_by_nobody) = said(declared, &by, &drift);
        declared.seen.push(Seen { by, kind, directory: directory.clone(), drift, status, at, set_by_nobody });
    }
    Ok(())
}

/// The row of the table of three values; `None` when nothing differs in the end.
fn status(drift: &Drift, change: &plan::Change) -> Result<Option<Status>, Problem> {
    let changed = match drift {
        // What is gone was to go, or is made again.
        Drift::Gone if change.desired()? == Desired::Gone => return Ok(Some(Status::Converged)),
        Drift::Gone => return Ok(Some(Status::Drift)),
        Drift::Changed(changed) => changed,
    };
    if changed.is_empty() {
        return Ok(None);
    }
    if change.desired()? == Desired::Gone {
        // The block is gone from the source: an approved change, whatever became of the object.
        return Ok(Some(Status::Pending));
    }
    let any = |wants: &[Wants]| changed.iter().any(|one| wants.contains(&one.wants));
    Ok(Some(if any(&[Wants::Another]) {
        Status::Conflict
    } else if any(&[Wants::WhatIsRecorded, Wants::NotSaid]) {
        Status::Drift
    } else {
        Status::Converged
    }))
}

/// Where the block says what differs, and whether it surely says none of it.
fn said(declared: &Declared, by: &InstanceRef, drift: &Drift) -> (AttrPath, bool) {
    let source = by.root.and_then(|root| declared.configuration(root));
    let (Some(source), Drift::Changed(changed)) = (source, drift) else { return (AttrPath::default(), false) };
    let configured = source.configured(&by.address);
    let set: Vec<_> = changed.iter().filter(|one| configured.sets(&one.name) != Some(false)).collect();
    match set.as_slice() {
        [] => (AttrPath::default(), true),
        [one] if configured.sets(&one.name) == Some(true) => (AttrPath::attr(&one.name), false),
        _ => (AttrPath::default(), false),
    }
}

/// The directory as the repository names it; empty for its root, and where there is no repository as it was given.
fn from_repository(dir: &Path) -> String {
    let absolute = dir.canonicalize().unwrap_or_else(|_| dir.to_path_buf());
    let below = repository(&absolute).and_then(|root| absolute.strip_prefix(root).ok());
    let parts = below.unwrap_or(dir).components().filter(|part| !matches!(part, Component::CurDir));
    parts.map(|part| part.as_os_str().to_string_lossy().into_owned()).collect::<Vec<_>>().join("/")
}

impl Seen {
    /// As a difference that is weighed, located and given steps like every other one.
    pub(super) fn difference(&self) -> Difference<'_> {
        Difference {
            finding: self.finding(),
            fact: None,
            said: Some(Said { by: &self.by, at: self.at.clone() }),
            same_by_meaning: false,
            unseen: false,
            repeatable: false,
        }
    }

    fn finding(&self) -> Finding {
        let address = self.by.address.to_string();
        let key = Key::new([self.directory.clone(), address.clone()]);
        let change = if self.drift == Drift::Gone { Change::Missing } else { Change::Modified };
        let scope = self.by.provider.source.as_str();
        let changed: &[Changed] = match &self.drift {
            Drift::Gone => &[],
            Drift::Changed(changed) => changed,
        };
        let side = |of: &dyn Fn(&Changed) -> Option<Value>| {
            let fields: BTreeMap<_, _> =
                changed.iter().filter_map(|one| Some((one.name.clone(), of(one)?))).collect();
            (!fields.is_empty()).then_some(Value::Map(fields))
        };
        Finding {
            // Both kinds count as one, so that a type may change from one to the other.
            id: Finding::id_of([change.name(), self.kind.system(), scope, &self.directory, &address]),
            change,
            status: self.status,
            kind: self.kind,
            scope: scope.into(),
            title: title(changed, &self.kind.describe(&key)),
            key,
            address: Some(self.by.address.clone()),
            resource_type: Some(self.by.address.resource_type.clone()),
            property: None,
            desired: side(&|one| one.wanted.clone()),
            recorded: side(&|one| Some(one.recorded.clone())),
            live: side(&|one| Some(one.seen.clone())),
            severity: Severity::Info,
            direction: None,
            reasons: self.reasons(),
            controls: Vec::new(),
            location: None,
            related: Vec::new(),
            state: None,
            created: None,
            import_id: None,
            delta: None,
            exception: None,
            steps: Vec::new(),
        }
    }

    fn reasons(&self) -> Vec<String> {
        let nobody = "the source sets none of it: the provider fills it in";
        let seen = "seen by Terraform in the refresh before the plan: driftline does not read this type live";
        self.set_by_nobody.then_some(nobody).into_iter().chain([seen]).map(str::to_owned).collect()
    }
}

fn title(changed: &[Changed], thing: &str) -> String {
    match changed {
        [] => thing.to_owned(),
        [one] => format!("`{}` of {thing}", one.name),
        [first, second] => format!("`{}` and `{}` of {thing}", first.name, second.name),
        several => format!("{} attributes of {thing}", several.len()),
    }
}
