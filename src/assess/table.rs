//! The table of severities. A row fits when every condition it names fits; the highest fitting row wins, the first of
//! equals.
//!
//! The base of each class of change and the control references follow NIST SP 800-53 revision 5 and MITRE ATT&CK.

use crate::compare::Difference;
use crate::model::{Change, Class, Compare, Finding, Kind, Privilege, SeenBy, Severity, Value, Weight, seen};
use crate::policy::reading;

/// One row. An empty list of changes, classes or weights fits everything.
pub struct Rule {
    pub severity: Severity,
    pub changes: &'static [Change],
    pub classes: &'static [Class],
    /// Weights of the property that differs; a row that names some fits only differences of a property.
    pub weights: &'static [Weight],
    pub when: When,
    /// Why, as a sentence without a final stop.
    pub reason: &'static str,
    /// Whether what the live thing gives is added to the reasons.
    pub names_privilege: bool,
    pub controls: &'static [&'static str],
}

/// What else must hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    Always,
    /// The live thing gives its holder something.
    Privileged,
    /// The live thing is as good as administrator access.
    Admin,
    /// The live thing is open to everybody.
    Public,
    /// What was taken away denied something.
    TookDenialAway,
    /// The credential works live.
    Active,
    /// The kind of thing keeps access small.
    Guarding,
    /// The thing is a policy or attaches one, so that losing it may lose a denial.
    OfPolicies,
    /// Terraform saw it, of a type that declares access, and more than labels differs.
    SeenOfAccess,
    /// Terraform saw it, of another type, and more than labels differs.
    SeenOfOthers,
    /// Terraform saw it, and nothing but labels differs.
    SeenLabels,
}

/// The policy document that a value is, or that the properties of a whole thing hold.
fn document(value: &Value) -> Option<&str> {
    value.as_str().or_else(|| value.text("policy"))
}

impl Rule {
    /// Whether the row fits.
    pub fn fits(&self, difference: &Difference<'_>) -> bool {
        let finding = &difference.finding;
        let weight = finding.property.and_then(|name| finding.kind.property(name)).map(|property| property.weight);
        (self.changes.is_empty() || self.changes.contains(&finding.change))
            && (self.classes.is_empty() || self.classes.contains(&finding.kind.class))
            && (self.weights.is_empty() || weight.is_some_and(|weight| self.weights.contains(&weight)))
            && self.when.of_seen() == (finding.seen_by() == SeenBy::Terraform)
            && self.when.holds(difference)
    }
}

impl When {
    fn holds(self, difference: &Difference<'_>) -> bool {
        let privilege = difference.fact.map_or(&Privilege::None, |fact| &fact.privilege);
        let declared = difference.finding.desired.as_ref().or(difference.finding.recorded.as_ref());
        match self {
            When::Always => true,
            When::Privileged => *privilege != Privilege::None,
            When::Admin => matches!(privilege, Privilege::Admin(_)),
            When::Public => matches!(privilege, Privilege::Public(_)),
            When::TookDenialAway => {
                let denies = |value: Option<&Value>| value.and_then(document).is_some_and(reading::denies);
                denies(declared) && !denies(difference.finding.live.as_ref())
            }
            When::Active => {
                let status = difference.fact.and_then(|fact| fact.properties.get("status")).and_then(Value::as_str);
                status.is_none_or(|status| status == "Active")
            }
            When::Guarding => finding_guards(difference),
            When::OfPolicies => of_policies(difference.finding.kind),
            When::SeenOfAccess => *difference.finding.kind == seen::ACCESS && !only_labels(&difference.finding),
            When::SeenOfOthers => *difference.finding.kind == seen::RESOURCE && !only_labels(&difference.finding),
            When::SeenLabels => only_labels(&difference.finding),
        }
    }

    /// Whether the row is about what Terraform saw, of which little more is known than its type.
    fn of_seen(self) -> bool {
        matches!(self, When::SeenOfAccess | When::SeenOfOthers | When::SeenLabels)
    }
}

fn finding_guards(difference: &Difference<'_>) -> bool {
    difference.finding.kind.properties.iter().any(|property| property.weight == Weight::Guardrail)
}

/// Whether what differs of an object that Terraform saw is nothing but labels.
pub(super) fn only_labels(finding: &Finding) -> bool {
    match &finding.live {
        Some(Value::Map(differing)) => differing.keys().all(|name| seen::is_label(name)),
        _ => false,
    }
}

fn of_policies(kind: &Kind) -> bool {
    kind.class == Class::Attachment
        || kind.properties.iter().any(|property| property.compare == Compare::PolicyDocument)
}

/// Rows are written with what they change of this one.
const ANY: Rule = Rule {
    severity: Severity::Medium,
    changes: &[],
    classes: &[],
    weights: &[],
    when: When::Always,
    reason: "",
    names_privilege: false,
    controls: &["NIST-800-53:CM-3"],
};

const EXTRA: &[Change] = &[Change::Unmanaged, Change::Added];
const LOST: &[Change] = &[Change::Missing, Change::Removed];
const DIFFERS: &[Change] = &[Change::Modified, Change::Dangling];
const IDENTITIES: &[Class] = &[Class::Principal, Class::Group, Class::Role];
const GIVING: &[Class] = &[Class::Attachment, Class::Grant, Class::Membership];

pub(super) static PENDING: Rule = Rule { reason: "declared and not applied yet: an approved change, no drift", ..ANY };
pub(super) static CONVERGED: Rule =
    Rule { reason: "somebody already did by hand what the code now says: refresh the state", ..ANY };
pub(super) static ADOPTABLE: Rule = Rule {
    reason: "the plan wants to make it and it is live already: the apply would fail, or make a second one",
    names_privilege: true,
    ..ANY
};
pub(super) static REPEATABLE: Rule = Rule {
    reason: "the plan wants to make it and it is live already: the apply makes it as it is declared",
    ..ADOPTABLE
};
pub(super) static KEPT: Rule =
    Rule { reason: "the plan keeps what is live: the state alone is behind, and an apply takes it over", ..ANY };
pub(super) static SAME_BY_MEANING: Rule = Rule {
    reason: "both documents mean the same; only labels, case or repetition differ",
    controls: &["NIST-800-53:CM-6"],
    ..ANY
};
pub(super) static FALLBACK: Rule = Rule { reason: "what it does to access is not known", ..ANY };

/// The table.
pub static RULES: &[Rule] = &[
    // Identities that nobody declares.
    Rule {
        severity: Severity::Low,
        changes: EXTRA,
        classes: IDENTITIES,
        reason: "an identity that nobody declares, with no privilege that is known",
        controls: &["NIST-800-53:AC-2", "NIST-800-53:CM-8", "MITRE:T1136.003"],
        ..ANY
    },
    Rule {
        severity: Severity::High,
        changes: EXTRA,
        classes: IDENTITIES,
        when: When::Privileged,
        reason: "an identity with privilege that nobody declares",
        names_privilege: true,
        controls: &["NIST-800-53:AC-2", "NIST-800-53:CM-8", "MITRE:T1136.003"],
        ..ANY
    },
    Rule {
        severity: Severity::Critical,
        changes: EXTRA,
        classes: IDENTITIES,
        when: When::Admin,
        reason: "an administrator that nobody declares",
        names_privilege: true,
        controls: &["NIST-800-53:AC-2", "NIST-800-53:AC-6(5)", "MITRE:T1136.003"],
        ..ANY
    },
    // Access that nobody declares.
    Rule {
        severity: Severity::Medium,
        changes: EXTRA,
        classes: GIVING,
        reason: "access that nobody declares",
        names_privilege: true,
        controls: &["NIST-800-53:AC-3", "NIST-800-53:AC-6(1)", "NIST-800-53:CM-3", "MITRE:T1098.003"],
        ..ANY
    },
    Rule {
        severity: Severity::Critical,
        changes: EXTRA,
        classes: GIVING,
        when: When::Admin,
        reason: "administrator access given by hand",
        names_privilege: true,
        controls: &["NIST-800-53:AC-6(5)", "NIST-800-53:AC-6(7)", "MITRE:T1098.003"],
        ..ANY
    },
    Rule {
        severity: Severity::High,
        changes: &[Change::Unmanaged, Change::Added, Change::Modified],
        classes: &[Class::Grant],
        when: When::Public,
        reason: "it is for everybody who may log in",
        names_privilege: true,
        controls: &["NIST-800-53:AC-3", "NIST-800-53:AC-6", "NIST-800-53:AC-14"],
        ..ANY
    },
    Rule {
        severity: Severity::Low,
        changes: EXTRA,
        classes: &[Class::Policy],
        reason: "a policy that nobody declares; it gives nothing until it is attached",
        controls: &["NIST-800-53:CM-8"],
        ..ANY
    },
    Rule {
        severity: Severity::Low,
        changes: EXTRA,
        classes: &[Class::Credential],
        reason: "a credential that nobody declares; it does not work as long as nobody switches it on",
        controls: &["NIST-800-53:IA-5", "NIST-800-53:CM-8"],
        ..ANY
    },
    Rule {
        severity: Severity::High,
        changes: EXTRA,
        classes: &[Class::Credential],
        when: When::Active,
        reason: "a long-lived credential that nobody declares",
        controls: &["NIST-800-53:IA-5", "MITRE:T1098.001"],
        ..ANY
    },
    Rule {
        severity: Severity::Critical,
        changes: EXTRA,
        classes: &[Class::Credential],
        when: When::Admin,
        reason: "a long-lived credential of somebody who may do everything",
        names_privilege: true,
        controls: &["NIST-800-53:IA-5", "NIST-800-53:AC-6(5)", "MITRE:T1098.001"],
        ..ANY
    },
    Rule {
        severity: Severity::High,
        changes: EXTRA,
        classes: &[Class::Trust],
        reason: "an identity provider that the account trusts and nobody declares",
        controls: &["NIST-800-53:AC-20", "NIST-800-53:IA-8", "MITRE:T1484.002"],
        ..ANY
    },
    Rule {
        severity: Severity::Medium,
        changes: EXTRA,
        classes: &[Class::ResourcePolicy],
        reason: "access to a resource that nobody declares",
        controls: &["NIST-800-53:AC-3", "NIST-800-53:CM-3"],
        ..ANY
    },
    Rule {
        severity: Severity::High,
        changes: EXTRA,
        classes: &[Class::ResourcePolicy],
        when: When::Privileged,
        reason: "access from outside of the account that nobody declares",
        names_privilege: true,
        controls: &["NIST-800-53:AC-3", "NIST-800-53:AC-17", "MITRE:T1199"],
        ..ANY
    },
    Rule {
        severity: Severity::Low,
        changes: EXTRA,
        classes: &[Class::Setting],
        reason: "a setting that nobody declares",
        controls: &["NIST-800-53:CM-6"],
        ..ANY
    },
    // Open to everybody, in whatever way it came about.
    Rule {
        severity: Severity::Critical,
        changes: &[Change::Unmanaged, Change::Added, Change::Modified, Change::Dangling],
        weights: &[],
        classes: &[Class::ResourcePolicy],
        when: When::Public,
        reason: "open to everybody",
        names_privilege: true,
        controls: &["NIST-800-53:AC-3", "NIST-800-53:AC-17", "NIST-800-53:AC-20"],
    },
    Rule {
        severity: Severity::Critical,
        changes: DIFFERS,
        weights: &[Weight::Trust],
        when: When::Public,
        reason: "anybody may become this role",
        names_privilege: true,
        controls: &["NIST-800-53:AC-3", "NIST-800-53:AC-20", "MITRE:T1484.002"],
        ..ANY
    },
    Rule {
        severity: Severity::Critical,
        changes: EXTRA,
        classes: &[Class::Role],
        when: When::Public,
        reason: "a role that nobody declares and anybody may become",
        names_privilege: true,
        controls: &["NIST-800-53:AC-3", "NIST-800-53:AC-20", "MITRE:T1484.002"],
        ..ANY
    },
    // Differences of a property.
    Rule {
        severity: Severity::Info,
        changes: DIFFERS,
        weights: &[Weight::Metadata],
        reason: "a label or description; no access depends on it",
        controls: &["NIST-800-53:CM-6"],
        ..ANY
    },
    Rule {
        severity: Severity::Low,
        changes: DIFFERS,
        weights: &[Weight::Operation],
        reason: "how its sessions run was changed outside of Terraform; no access depends on it",
        controls: &["NIST-800-53:CM-6"],
        ..ANY
    },
    Rule {
        severity: Severity::Medium,
        changes: DIFFERS,
        weights: &[Weight::Access],
        reason: "what it allows was changed outside of Terraform",
        controls: &["NIST-800-53:AC-3", "NIST-800-53:AC-6(1)", "NIST-800-53:CM-3", "MITRE:T1098.003"],
        ..ANY
    },
    Rule {
        severity: Severity::High,
        changes: &[Change::Modified],
        weights: &[Weight::Access],
        when: When::TookDenialAway,
        reason: "a denial was taken out of it",
        controls: &["NIST-800-53:CM-5", "NIST-800-53:AC-3(1)", "MITRE:T1562"],
        ..ANY
    },
    Rule {
        severity: Severity::Critical,
        changes: DIFFERS,
        weights: &[Weight::Access],
        when: When::Admin,
        reason: "it was made administrator access outside of Terraform",
        names_privilege: true,
        controls: &["NIST-800-53:AC-6(5)", "NIST-800-53:AC-6(7)", "MITRE:T1098.003"],
        ..ANY
    },
    Rule {
        severity: Severity::High,
        changes: &[Change::Modified],
        weights: &[Weight::Trust],
        reason: "who may become it was changed outside of Terraform",
        controls: &["NIST-800-53:AC-3", "NIST-800-53:IA-8", "MITRE:T1484.002"],
        ..ANY
    },
    Rule {
        severity: Severity::Medium,
        changes: &[Change::Dangling],
        reason: "it names a principal that was deleted: nobody can use that access, and a new principal of the same name \
                 does not get it back",
        controls: &["NIST-800-53:AC-2", "NIST-800-53:CM-3"],
        ..ANY
    },
    Rule {
        severity: Severity::High,
        changes: DIFFERS,
        weights: &[Weight::Guardrail],
        reason: "a limit on access was changed outside of Terraform",
        controls: &["NIST-800-53:CM-5", "NIST-800-53:AC-3", "MITRE:T1562"],
        ..ANY
    },
    Rule {
        severity: Severity::High,
        changes: DIFFERS,
        weights: &[Weight::Credential],
        when: When::Active,
        reason: "a credential that is declared inactive works",
        controls: &["NIST-800-53:IA-5", "MITRE:T1098.001"],
        ..ANY
    },
    Rule {
        severity: Severity::Low,
        changes: DIFFERS,
        weights: &[Weight::Credential],
        reason: "a credential was switched outside of Terraform",
        controls: &["NIST-800-53:IA-5"],
        ..ANY
    },
    // Seen by Terraform, in the refresh before a plan.
    Rule {
        severity: Severity::Medium,
        changes: &[Change::Missing, Change::Modified],
        when: When::SeenOfAccess,
        reason: "what declares identities or access was changed outside of Terraform",
        controls: &["NIST-800-53:AC-2", "NIST-800-53:AC-3", "NIST-800-53:CM-3"],
        ..ANY
    },
    Rule {
        severity: Severity::Low,
        changes: &[Change::Missing, Change::Modified],
        when: When::SeenOfOthers,
        reason: "it was changed outside of Terraform; its type does not tell whether access depends on it",
        ..ANY
    },
    Rule {
        severity: Severity::Info,
        changes: &[Change::Modified],
        when: When::SeenLabels,
        reason: "labels were changed outside of Terraform; no access depends on them",
        controls: &["NIST-800-53:CM-6"],
        ..ANY
    },
    // Declared, and not there.
    Rule {
        severity: Severity::Low,
        changes: LOST,
        reason: "declared access is not there; whoever relies on it is locked out",
        controls: &["NIST-800-53:AC-2", "MITRE:T1531"],
        ..ANY
    },
    Rule {
        severity: Severity::High,
        changes: LOST,
        classes: &[Class::Setting],
        when: When::Guarding,
        reason: "a limit on access was taken away",
        controls: &["NIST-800-53:CM-5", "NIST-800-53:AC-3", "MITRE:T1562"],
        ..ANY
    },
    Rule {
        severity: Severity::Medium,
        changes: LOST,
        classes: &[Class::Attachment, Class::Grant, Class::ResourcePolicy, Class::Policy],
        when: When::OfPolicies,
        reason: "a declared policy is gone; where it denied something, access is wider now",
        controls: &["NIST-800-53:AC-3", "NIST-800-53:CM-3"],
        ..ANY
    },
    Rule {
        severity: Severity::High,
        changes: LOST,
        when: When::TookDenialAway,
        reason: "it denied something and is gone",
        controls: &["NIST-800-53:CM-5", "NIST-800-53:AC-3(1)", "MITRE:T1562"],
        ..ANY
    },
    Rule {
        severity: Severity::Medium,
        changes: &[Change::Replaced],
        reason: "made anew under the same name: policies that named the old one do not name this one, and its history and \
                 keys are not the old one's",
        controls: &["NIST-800-53:AC-2", "NIST-800-53:CM-3", "MITRE:T1136.003"],
        ..ANY
    },
];
