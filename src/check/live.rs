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
        keep_wanted(&mut observation, request.only.as_deref());
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

/// A snapshot holds everything; what was not asked for is left out as if it had not been read.
fn keep_wanted(observation: &mut Observation, only: Option<&[String]>) {
    let Some(only) = only else { return };
    let wanted = |id: &str| only.iter().any(|kind| kind == id);
    observation.facts.retain(|fact| wanted(fact.kind.id));
    observation.gaps.retain(|gap| match &gap.hides {
        Hides::Facts { kinds, .. } => kinds.iter().any(|kind| wanted(kind.id)),
        Hides::Properties { kind, .. } => wanted(kind.id),
        _ => true,
    });
}
