//! The plan: one chosen step for each finding, in order, and the runs of Terraform that take several at once.

use super::order::{self, Stage};
use crate::exceptions::{About, Draft};
use crate::model::{Address, Finding, RunMode, RunOption, Status, StepTo};
use crate::providers::remedy::shell_word;
use std::collections::BTreeSet;

/// What is to be done, in order.
pub struct Plan<'a> {
    pub items: Vec<Item<'a>>,
    /// In the order of their first items.
    pub batches: Vec<Batch<'a>>,
    /// Findings that the chosen action is not offered for.
    pub left_out: usize,
}

/// One finding with the step that was chosen for it.
pub struct Item<'a> {
    /// From 1.
    pub number: usize,
    pub stage: Stage,
    pub finding: &'a Finding,
    pub step: &'a StepTo,
    /// The other steps that there are.
    pub others: Vec<&'a StepTo>,
    /// Place of the run that takes it.
    pub batch: Option<usize>,
    /// The entry of the ledger that would accept it, where that is the step.
    pub exception: Option<String>,
}

impl Item<'_> {
    /// Whether nothing of it is to be done: it must not be, or waits for something else.
    pub fn is_idle(&self) -> bool {
        self.step.refused.is_some()
    }
}

/// One run of Terraform.
pub struct Batch<'a> {
    pub phase: &'static str,
    pub dir: &'a str,
    pub binary: &'a str,
    pub mode: RunMode,
    /// The variables that it is run with.
    pub variables: &'a [RunOption],
    /// Each address once, with the actions that are meant.
    pub targets: Vec<(&'a Address, Vec<&'static [&'static str]>)>,
    /// Numbers of the items that it takes.
    pub items: Vec<usize>,
    /// What is changed by nobody's choice: the targets depend on it, and it waits for a change itself.
    pub pulled_in: Vec<&'a Finding>,
}

impl Batch<'_> {
    /// The options that name the targets; what they are run with stands in `variables`.
    pub fn options(&self) -> Vec<String> {
        let mut options = Vec::new();
        if self.mode == RunMode::RefreshOnly {
            options.push("-refresh-only".to_owned());
        }
        if self.mode == RunMode::Replace {
            options.extend(self.targets.iter().map(|(address, _)| format!("-replace={address}")));
        }
        options.extend(self.targets.iter().map(|(address, _)| format!("-target={address}")));
        options
    }

    /// For a POSIX shell.
    pub fn command(&self) -> String {
        let mut words = vec![shell_word(self.binary)];
        if self.dir != "." {
            words.push(shell_word(&format!("-chdir={}", self.dir)));
        }
        words.push("apply".to_owned());
        words.extend(self.variables.iter().map(|one| one.shown.clone()));
        words.extend(self.options().iter().map(|option| shell_word(option)));
        words.join(" ")
    }
}

impl<'a> Plan<'a> {
    /// Of each finding the step that `pick` names by its place; findings for which it names none are left out.
    pub fn of(
        findings: impl IntoIterator<Item = &'a Finding> + Clone,
        pick: &dyn Fn(&Finding) -> Option<usize>,
    ) -> Plan<'a> {
        let mut items = Vec::new();
        let mut left_out = 0;
        for finding in findings.clone() {
            let Some(step) = pick(finding).and_then(|at| finding.steps.get(at)) else {
                left_out += 1;
                continue;
            };
            let others = finding.steps.iter().filter(|other| !std::ptr::eq(*other, step)).collect();
            let stage = if step.refused.is_some() { Stage::Leave } else { order::stage(finding, step) };
            let is_accepted = step.action == "accept" && step.refused.is_none();
            let exception = is_accepted.then(|| Draft::default().entry(&About::of(finding)));
            items.push(Item { number: 0, stage, finding, step, others, batch: None, exception });
        }
        // Stable: within a rank the worst comes first, as in the report.
        items.sort_by_key(|item| (item.stage, order::rank(item.finding, item.stage)));
        for (at, item) in items.iter_mut().enumerate() {
            item.number = at + 1;
        }
        let batches = batches(&mut items, findings);
        Plan { items, batches, left_out }
    }
}

fn batches<'a>(items: &mut [Item<'a>], all: impl IntoIterator<Item = &'a Finding> + Clone) -> Vec<Batch<'a>> {
    let mut batches: Vec<Batch<'a>> = Vec::new();
    for (item, phase) in in_runs(items) {
        let item = &mut items[item];
        let Some(run) = item.step.run.as_ref() else { continue };
        let same = |batch: &Batch<'_>| {
            batch.phase == phase && batch.dir == run.dir && batch.binary == run.binary && batch.mode == run.mode
        };
        let at = batches.iter().position(same).unwrap_or_else(|| {
            batches.push(Batch {
                phase,
                dir: &run.dir,
                binary: &run.binary,
                mode: run.mode,
                variables: &run.variables,
                targets: Vec::new(),
                items: Vec::new(),
                pulled_in: Vec::new(),
            });
            batches.len() - 1
        });
        let batch = &mut batches[at];
        match batch.targets.iter_mut().find(|(address, _)| **address == run.address) {
            Some((_, meant)) => meant.extend(run.meant),
            None => batch.targets.push((&run.address, run.meant.to_vec())),
        }
        batch.items.push(item.number);
        batch.items.sort_unstable();
        item.batch = Some(at);
        let brings: BTreeSet<_> = run.brings.iter().map(String::as_str).collect();
        for other in all.clone().into_iter().filter(|_| run.mode != RunMode::RefreshOnly) {
            let same_root = other.state == item.finding.state;
            let waits = matches!(other.status, Status::Drift | Status::Pending | Status::Conflict | Status::Adoptable);
            let is_dependency = other.address.as_ref().is_some_and(|address| brings.contains(&*without_keys(address)));
            if same_root && waits && is_dependency && !batch.pulled_in.iter().any(|one| one.id == other.id) {
                batch.pulled_in.push(other);
            }
        }
    }
    for batch in &mut batches {
        let targets: Vec<_> = batch.targets.iter().map(|(address, _)| *address).collect();
        batch.pulled_in.retain(|other| other.address.as_ref().is_some_and(|address| !targets.contains(&address)));
    }
    batches
}

/// The items that Terraform takes, each with the phase in which it does. Terraform does not leave out what a target depends
/// on, nor half of what there is to do about one address: such items are taken along with the first that needs them.
fn in_runs(items: &[Item<'_>]) -> Vec<(usize, &'static str)> {
    let mut taken: Vec<(usize, &'static str)> = Vec::new();
    for (at, item) in items.iter().enumerate() {
        let mut waiting = vec![at];
        while let Some(at) = waiting.pop() {
            let Some(run) = items[at].step.run.as_ref().filter(|_| !items[at].is_idle()) else { continue };
            if taken.iter().any(|(known, _)| *known == at) {
                continue;
            }
            taken.push((at, item.stage.phase()));
            let along = items.iter().enumerate().filter(|(_, other)| {
                other.step.run.as_ref().is_some_and(|other| {
                    let same_root = other.dir == run.dir && other.mode == run.mode && run.mode == RunMode::Apply;
                    same_root && (other.address == run.address || run.brings.contains(&without_keys(&other.address)))
                })
            });
            waiting.extend(along.map(|(at, _)| at));
        }
    }
    taken
}

/// The resource of an instance, as a state names dependencies.
fn without_keys(address: &Address) -> String {
    let mut address = address.clone();
    address.key = None;
    address.module.0.iter_mut().for_each(|step| step.key = None);
    address.to_string()
}
