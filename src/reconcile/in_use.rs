//! Whose access this very run stands on: a step that could take it away is refused.

use super::About;
use crate::model::{Change, Class, Direction, Fact, Finding, Key, Kind, Observation, StepTo, Weight};
use crate::providers;
use std::sync::Arc;

/// Somebody, or something that gives them what they have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    scope: Arc<str>,
    kind: &'static str,
    key: Key,
    /// The one that driftline is signed in as.
    name: String,
}

impl Principal {
    fn is(&self, scope: &str, kind: &Kind, key: &Key) -> bool {
        *self.scope == *scope && self.kind == kind.id && self.key == *key
    }
}

/// The principals that the runs' credentials belong to, the groups and roles that they are in, the policies attached to
/// any of these, and what vouches for them when they sign in.
pub fn in_use(observation: &Observation) -> Vec<Principal> {
    let mut all: Vec<Principal> = Vec::new();
    for scope in &observation.scopes {
        let Some(provider) = providers::system(&scope.system) else { continue };
        let Some((kind, key)) = provider.principal(&scope.identity) else { continue };
        let name = key.values().join("/");
        let mut found = vec![Principal { scope: scope.id.clone(), kind: kind.id, key, name: name.clone() }];
        let facts: Vec<_> = observation.facts.iter().filter(|fact| fact.scope == scope.id).collect();
        let mut at = 0;
        while at < found.len() {
            let one = found[at].clone();
            let held = facts.iter().filter(|fact| holds(fact, &one));
            let joined = held.clone().filter_map(|fact| provider.joined(fact));
            // Only what is attached names a policy: there may be many other things that a principal holds.
            let attached = held.filter(|held| held.kind.class == Class::Attachment);
            let policies = attached.flat_map(|held| facts.iter().filter(|fact| is_policy_of(fact, held)));
            let own = facts.iter().filter(|fact| one.is(&fact.scope, fact.kind, &fact.key));
            let vouching = own.flat_map(|own| facts.iter().filter(|fact| vouches_for(fact, own)));
            let things = policies.chain(vouching).map(|fact| (fact.kind, fact.key.clone()));
            for (kind, key) in joined.chain(things) {
                let next = Principal { scope: scope.id.clone(), kind: kind.id, key, name: name.clone() };
                if !found.contains(&next) {
                    found.push(next);
                }
            }
            at += 1;
        }
        all.extend(found);
    }
    all
}

fn holds(fact: &Fact, one: &Principal) -> bool {
    fact.holder.as_ref().is_some_and(|(kind, key)| one.is(&fact.scope, kind, key))
}

/// Whether it is the policy that an attachment names.
fn is_policy_of(fact: &Fact, attachment: &Fact) -> bool {
    let named = |id: &String| attachment.key.values().contains(id);
    fact.kind.class == Class::Policy
        && attachment.kind.class == Class::Attachment
        && fact.import_id.as_ref().is_some_and(named)
}

/// Whether the principal's own document names it as one that may become the principal.
fn vouches_for(fact: &Fact, principal: &Fact) -> bool {
    let says =
        |id: &String| principal.properties.values().filter_map(|value| value.as_str()).any(|text| text.contains(&**id));
    fact.kind.class == Class::Trust && fact.import_id.as_ref().is_some_and(says)
}

/// Why a step must not be taken; `None` when it may.
pub(super) fn refusal(finding: &Finding, step: &StepTo, about: &About<'_>) -> Option<String> {
    let takes_away = match (step.action, finding.change) {
        ("remove", _) => true,
        ("revert", Change::Missing | Change::Removed) => false,
        ("revert", _) => finding.direction != Some(Direction::Narrowed) && !is_label(finding),
        _ => false,
    };
    let touched = |one: &&Principal| {
        one.is(&finding.scope, finding.kind, &finding.key) || about.fact.is_some_and(|fact| holds(fact, one))
    };
    let one = about.in_use.iter().filter(|_| takes_away).find(touched)?;
    Some(format!("this run is signed in as `{}`, which the step could lock out; have somebody else take it", one.name))
}

/// Whether no access depends on what differs.
fn is_label(finding: &Finding) -> bool {
    let property = finding.property.and_then(|name| finding.kind.property(name));
    property.is_some_and(|property| matches!(property.weight, Weight::Metadata | Weight::Operation))
}
