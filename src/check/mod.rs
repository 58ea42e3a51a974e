//! The pipeline: read what is declared, observe what is live, compare, weigh, find the lines, say the steps.

mod accepted;
pub mod adopt;
mod claiming;
mod declared;
mod from_source;
mod lines;
mod live;
mod plans;
mod policies;
mod reading;
mod request;
mod scopes;
mod seen;
mod steps;
mod strangers;
mod tree;
mod unrecorded;

pub use accepted::{ledgers, today};
pub use declared::Declared;
pub use lines::without_secrets;
pub use plans::give_plans;

pub use live::{clusters_of, keep_wanted, observe};
pub use reading::{read as read_declared, read_source_alone, source_of};
pub use request::{Request, StateAt};

use crate::assess::assess;
use crate::compare::{Difference, Sides, compare};
use crate::model::{Finding, Gap, Problem, Status};
use crate::providers;
use crate::reconcile::{self, Apply};
use crate::report::{Report, Run};
use adopt::Live;
use jiff::Timestamp;
use seen::Seen;
use steps::Steps;

/// Does the main job.
///
/// # Errors
/// When it cannot be done: unreadable input, no credentials, another account than the one declared.
pub async fn run(request: &Request) -> Result<Report, Problem> {
    let started_at = Timestamp::now();
    let mut declared = reading::read(request).await?;
    let mut observation = live::observe(request, &declared).await?;
    let mut gaps = scopes::resolve(&mut declared, &observation, &request.clusters)?;
    for claims in [Some(&mut declared.recorded), declared.desired.as_mut()].into_iter().flatten() {
        for provider in providers::SYSTEMS {
            provider.settle(claims, &observation);
        }
    }
    live::keep_wanted(&mut observation, request);
    gaps.append(&mut declared.gaps);
    let comparison = compare(&Sides {
        recorded: &declared.recorded,
        desired: declared.desired.as_ref(),
        observation: &observation,
        gaps: &gaps,
        include_builtin: request.include_builtin,
    });
    let mut unlocated = Vec::new();
    let mut steps = Steps::new(&declared, &observation);
    let finish = |found| finish(found, request, &mut steps, &mut unlocated);
    let seen = declared.seen.iter().map(Seen::difference);
    let found: Vec<_> = comparison.differences.into_iter().chain(seen).map(finish).collect();
    let (hidden, in_sync, unknown) = (comparison.gaps, comparison.in_sync, comparison.unknown);
    gaps.extend(hidden);
    gaps.extend(unlocated);
    gaps.extend(observation.gaps);
    let mut findings = accepted::mark(request, &declared, found, gaps.is_empty())?;
    let run = Run {
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
        started_at: started_at.to_string(),
        finished_at: Timestamp::now().to_string(),
        command: request.command.clone(),
        layers: declared.layers(),
        as_of: request.as_of.map(|day| day.to_string()),
        terraform_exit_code: request.terraform_exit_code.map(i32::from),
        tree: tree::around(request),
        sources: lines::sources(&mut findings),
    };
    Ok(Report::new(run, observation.scopes, findings, gaps, in_sync, unknown))
}

/// Without a state nobody knows whether what is declared was ever applied.
fn judge_by_source_alone(finding: &mut Finding) {
    let recorded = finding.recorded.take();
    finding.desired = finding.desired.take().or(recorded);
    if matches!(finding.status, Status::Drift | Status::Conflict) {
        finding.status = Status::Unknown;
    }
}

/// Weighs a difference, finds its line and says its steps, and the place of the root module that declares it. A line that is
/// not certain is a gap.
fn finish<'a>(
    mut difference: Difference<'a>,
    request: &Request,
    steps: &mut Steps<'a>,
    gaps: &mut Vec<Gap>,
) -> (Finding, Option<usize>) {
    let declared = steps.declared;
    let place = difference.said.as_ref().and_then(|said| lines::locate(declared, said));
    let place = policies::narrowed(declared, &mut difference, place);
    let ignored = difference.said.as_ref().is_some_and(|said| lines::ignored(declared, said));
    let (fact, root) = (difference.fact, difference.said.as_ref().map(|said| said.by.root));
    let (unseen, repeatable) = (difference.unseen, difference.repeatable);
    let said = difference.said.take();
    let by_source_alone = said.as_ref().is_some_and(|said| declared.is_stateless(said.by.root));
    let mut finding = assess(difference);
    if by_source_alone {
        judge_by_source_alone(&mut finding);
    }
    match place {
        Some(Ok(located)) => {
            finding.location = Some(located.location);
            finding.related = located.related;
        }
        // A block that the plan takes away, or of which only the state still speaks, is not in the source any more.
        Some(Err(_)) if matches!(finding.status, Status::Pending | Status::Converged) => {}
        Some(Err(gap)) => gaps.push(gap),
        None => {}
    }
    finding.reasons.extend(unrecorded::may_wait(declared, &finding));
    let apply = match (ignored, unseen) {
        (true, _) => Apply::Ignores,
        (false, true) => Apply::DoesNotSee,
        (false, false) if repeatable => Apply::MakesAgain,
        (false, false) => Apply::PutsBack,
    };
    let about = steps.about(&finding, fact, root, apply);
    reconcile::plan(&mut finding, &about);
    if request.with_patches {
        adopt::patch(&mut finding, said.as_ref(), declared);
        if let Some(fact) = fact.filter(|_| finding.status == Status::Unmanaged && steps.may_list()) {
            let member_of = steps.member_of(fact);
            let live = Live { fact, facts: steps.facts(), member_of: &member_of };
            adopt::list(&mut finding, live, declared);
        }
    }
    (finding, root.flatten())
}
