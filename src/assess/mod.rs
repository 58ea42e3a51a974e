//! How much a difference matters: the highest row of the table that fits, with its reason in words.

mod table;

pub use table::{RULES, Rule};

use crate::compare::Difference;
use crate::model::{Change, Direction, Finding, Privilege, SeenBy, Severity, Status, seen};

/// Weighs a difference and gives the finding its severity, reasons and controls.
pub fn assess(difference: Difference<'_>) -> Finding {
    let (severity, rule) = weigh(&difference);
    let mut finding = difference.finding;
    finding.severity = severity;
    let named = match difference.fact.map(|fact| &fact.privilege) {
        Some(Privilege::Admin(why) | Privilege::Public(why)) if rule.names_privilege => Some(why.clone()),
        Some(Privilege::Some(why)) if rule.names_privilege => Some(format!("it gives {why}")),
        _ => None,
    };
    finding.reasons.insert(0, rule.reason.to_owned());
    finding.reasons.extend(named);
    finding.controls = rule.controls.to_vec();
    finding.direction = direction(&finding, difference.same_by_meaning);
    finding
}

fn weigh(difference: &Difference<'_>) -> (Severity, &'static Rule) {
    // An approved change is no drift, however much it is about; one that a person already made neither.
    if difference.finding.status == Status::Pending {
        return (Severity::Info, &table::PENDING);
    }
    if difference.finding.status == Status::Converged && difference.finding.seen_by() == SeenBy::Terraform {
        // What nobody declares may be taken over unseen: access is worth a look.
        let is_access = *difference.finding.kind == seen::ACCESS && !table::only_labels(&difference.finding);
        return (if is_access { Severity::Low } else { Severity::Info }, &table::KEPT);
    }
    if difference.finding.status == Status::Converged {
        return (Severity::Info, &table::CONVERGED);
    }
    if difference.finding.status == Status::Adoptable {
        return (Severity::Low, if difference.repeatable { &table::REPEATABLE } else { &table::ADOPTABLE });
    }
    if difference.same_by_meaning && difference.finding.change == Change::Modified {
        return (Severity::Info, &table::SAME_BY_MEANING);
    }
    RULES
        .iter()
        .filter(|rule| rule.fits(difference))
        // `max_by_key` gives the last of equals: turned around, the first row of the table.
        .rev()
        .max_by_key(|rule| rule.severity)
        .map_or((Severity::Medium, &table::FALLBACK), |rule| (rule.severity, rule))
}

/// Whether access was widened is proven by comparing what policies allow; until then only equality is known.
fn direction(finding: &Finding, same_by_meaning: bool) -> Option<Direction> {
    if same_by_meaning {
        return Some(Direction::Equal);
    }
    let property = finding.property.and_then(|name| finding.kind.property(name))?;
    (property.compare == crate::model::Compare::PolicyDocument).then_some(Direction::Unknown)
}
