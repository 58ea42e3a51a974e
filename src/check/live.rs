//! The live side: the systems themselves, or saved facts in their place.

use super::{Declared, Request};
use crate::model::{Gap, Hides, Observation, Problem};
use crate::providers::clusters::{self, Expected};
use crate::providers::{self, Ask, Provider};
use crate::snapshot;
use std::path::Path;

/// Observes every system that is declared, or loads the snapshots that stand for them.
///
/// # Errors
/// When a system cannot be read as asked at all.
pub async fn observe(request: &Request, declared: &Declared) -> Result<Observation, Problem> {
    let mut observation = Observation::default();
    if request.live.is_empty() {
        for provider in systems(request, declared)? {
            let ask = Ask {
                configurations: declared.configurations_of(provider),
                claimed_scopes: declared.accounts.of_system(provider),
                claimed: declared.names(),
                only: request.only.clone(),
                databases: request.databases.clone(),
                clusters: request.clusters.clone(),
                jobs: request.jobs,
                timeout: request.timeout,
                fresh_credentials: request.fresh_credentials,
                ca_file: request.ca_file.clone(),
                progress: request.progress.clone(),
            };
            observation.extend(provider.observe(&ask).await?);
        }
    } else {
        for path in &request.live {
            let saved = load(path)?;
            for scope in saved.scopes.iter().filter(|scope| is_cluster(&scope.system)) {
                clusters::refuse_another(&request.clusters, None, &scope.id)
                    .map_err(|problem| problem.at(path.display().to_string()))?;
            }
            observation.extend(saved);
        }
    }
    if observation.scopes.is_empty() && declared.has_plan && request.only.is_none() {
        observation.gaps.push(nobody_asked());
    }
    refuse_twice(&observation)?;
    Ok(observation)
}

/// The systems to ask: those that `--only` names, else those that something declared speaks of. Where nothing is
/// declared, those that the environment gives credentials of; a system that nobody spoke of is left alone.
fn systems(request: &Request, declared: &Declared) -> Result<Vec<&'static dyn Provider>, Problem> {
    let wanted = |provider: &&'static dyn Provider| provider.kinds().iter().any(|kind| request.wants(kind));
    let all: Vec<_> = providers::SYSTEMS.iter().copied().filter(wanted).collect();
    if request.only.is_some() {
        return Ok(all);
    }
    let spoken_of: Vec<_> = all.iter().copied().filter(|provider| declared.speaks_of(*provider)).collect();
    if !spoken_of.is_empty() {
        return Ok(spoken_of);
    }
    let given: Vec<_> = all.iter().copied().filter(|provider| provider.in_environment()).collect();
    // Of what a plan speaks of, Terraform itself has looked at the live side.
    if !given.is_empty() || declared.has_plan {
        return Ok(given);
    }
    let names: Vec<_> = all.iter().map(|provider| format!("`--only {}`", provider.system())).collect();
    Err(Problem::new("nothing that was given declares anything of a system that driftline reads, so none was asked")
        .help(format!("name the system to look at: {}", names.join(" or "))))
}

fn nobody_asked() -> Gap {
    Gap {
        code: "no_system_asked".into(),
        system: "terraform".to_owned(),
        scope: None,
        hides: Hides::Unread("identities and access that nobody declares".to_owned()),
        reason: "nothing that was given declares anything of a system that driftline reads, so all that is said is what \
                 Terraform saw before its plan"
            .to_owned(),
        hint: "`--only SYSTEM` asks one in any case".to_owned(),
        location: None,
    }
}

/// Two snapshots of one account were taken at two times: together they show what was there at neither.
fn refuse_twice(observation: &Observation) -> Result<(), Problem> {
    for (at, scope) in observation.scopes.iter().enumerate() {
        if observation.scopes[..at].iter().any(|other| other.system == scope.system && other.id == scope.id) {
            return Err(Problem::new(format!("two of the snapshots are of {} `{}`", scope.system, scope.id))
                .help("give the newer one only"));
        }
    }
    Ok(())
}

/// The clusters that a snapshot of before shows.
///
/// # Errors
/// When it cannot be read.
pub fn clusters_of(snapshot: &Path) -> Result<Vec<Expected>, Problem> {
    let saved = load(snapshot)?;
    let clusters = saved.scopes.iter().filter(|scope| is_cluster(&scope.system));
    Ok(clusters.filter_map(Expected::of_snapshot).collect())
}

/// Whether nothing that is recorded of this system names the account that it lives in.
fn is_cluster(system: &str) -> bool {
    providers::system(system).is_some_and(Provider::has_clusters)
}

fn load(path: &Path) -> Result<Observation, Problem> {
    let shown = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|error| {
        Problem::new(format!("cannot read the snapshot: {error}"))
            .at(&shown)
            .help("make one with `driftline snapshot -o FILE`")
    })?;
    snapshot::load(&text, &shown, &providers::kinds())
}

/// Snapshots hold everything, and a system may show more than was asked for: the rest is left out as if it had not been
/// read.
pub fn keep_wanted(observation: &mut Observation, request: &Request) {
    if request.only.is_none() {
        return;
    }
    let Observation { scopes, facts, gaps } = observation;
    facts.retain(|fact| request.wants(fact.kind));
    gaps.retain_mut(|gap| match &mut gap.hides {
        Hides::Facts { kinds, .. } => {
            kinds.retain(|kind| request.wants(kind));
            !kinds.is_empty()
        }
        Hides::Properties { kind, .. } => request.wants(kind),
        _ => true,
    });
    for scope in scopes {
        scope.facts = facts.iter().filter(|fact| fact.scope == scope.id).count();
        scope.complete = !gaps.iter().any(|gap| gap.scope.as_ref() == Some(&scope.id));
    }
}
