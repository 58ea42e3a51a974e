//! What comes before what: access is taken away before any is given, credentials go before their principals, and what
//! holds others is there before what it holds.

use crate::model::{Change, Class, Direction, Finding, StepTo};

/// Steps of one stage may be taken in any order; those of an earlier stage come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    TakeCredentials,
    TakeRights,
    TakeHolders,
    /// Whether it widens or narrows is not known.
    Change,
    GiveHolders,
    GiveRights,
    ImportHolders,
    ImportRights,
    Refresh,
    Edit,
    Leave,
}

impl Stage {
    /// What a whole run of Terraform is about: it sorts the rest out itself.
    pub fn phase(self) -> &'static str {
        match self {
            Stage::TakeCredentials | Stage::TakeRights | Stage::TakeHolders => "take away access that is too much",
            Stage::Change => "put back what was changed",
            Stage::GiveHolders | Stage::GiveRights => "give back access that is missing",
            Stage::ImportHolders | Stage::ImportRights => "import what stays",
            Stage::Refresh => "refresh the state",
            Stage::Edit => "edit the source",
            Stage::Leave => "leave as it is",
        }
    }
}

/// When a step of a finding is to be taken.
pub(super) fn stage(finding: &Finding, step: &StepTo) -> Stage {
    let holds_others = matches!(
        finding.kind.class,
        Class::Principal | Class::Group | Class::Role | Class::Policy | Class::Trust | Class::Setting
    );
    match (step.action, step.run.is_some() || step.command.is_some()) {
        ("remove", _) => taken(finding, holds_others),
        ("revert", true) => match (finding.change, finding.direction) {
            (Change::Missing | Change::Removed, _) | (_, Some(Direction::Narrowed)) if holds_others => {
                Stage::GiveHolders
            }
            (Change::Missing | Change::Removed, _) | (_, Some(Direction::Narrowed)) => Stage::GiveRights,
            (Change::Added, _) => taken(finding, holds_others),
            (_, Some(Direction::Widened)) => Stage::TakeRights,
            _ => Stage::Change,
        },
        ("import", _) if holds_others => Stage::ImportHolders,
        ("import", _) => Stage::ImportRights,
        ("refresh", _) => Stage::Refresh,
        ("adopt" | "forget", _) => Stage::Edit,
        _ => Stage::Leave,
    }
}

fn taken(finding: &Finding, holds_others: bool) -> Stage {
    match finding.kind.class {
        Class::Credential => Stage::TakeCredentials,
        _ if holds_others => Stage::TakeHolders,
        _ => Stage::TakeRights,
    }
}

/// Among holders of one stage: where they are made, groups and policies come before who uses them; where they are taken
/// away, the other way round.
pub(super) fn rank(finding: &Finding, stage: Stage) -> i8 {
    let rank = match finding.kind.class {
        Class::Trust | Class::Policy => 0,
        Class::Group => 1,
        Class::Role => 2,
        Class::Principal => 3,
        _ => 4,
    };
    if stage <= Stage::TakeHolders { -rank } else { rank }
}
