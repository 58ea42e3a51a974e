//! The live side: the systems themselves, or saved facts in their place.

use super::{Declared, Request};
use crate::model::{Hides, Observation, Problem};
use crate::providers::{self, Ask};
use crate::snapshot;
use std::path::Path;

/// Observes every system that is declared, or loads the snapshots that stand for them.
///
/// # Errors
/// When a system cannot be read as asked at all.
pub async fn observe(request: &Request, declared: &Declared) -> Result<Observation, Problem> {
    let mut observation = Observation::default();
    if request.live.is_empty() {
        for provider in providers::SYSTEMS {
            let ask = Ask {
                configurations: declared.configurations_of(*provider),
                claimed_scopes: declared.accounts.all(),
                claimed: declared.names(),
                only: request.only.clone(),
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
            observation.extend(load(path)?);
        }
    }
    if request.only.is_some() {
        keep_wanted(&mut observation, request);
    }
    Ok(observation)
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
fn keep_wanted(observation: &mut Observation, request: &Request) {
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
