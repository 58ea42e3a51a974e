//! One difference between the two sides, as it is reported.

use super::address::Address;
use super::instance::StateRef;
use super::kind::{Key, Kind};
use super::origin::{Location, Related};
use super::patch::Patch;
use super::seen;
use super::value::Value;
use sha2::{Digest, Sha256};
use std::fmt;
use std::sync::Arc;

/// One difference. `compare` makes it, `assess` weighs it, the configuration gives it its line, `reconcile` its steps.
#[derive(Debug, Clone)]
pub struct Finding {
    /// Stable across runs and machines, independent of line numbers.
    pub id: String,
    pub change: Change,
    pub status: Status,
    pub kind: &'static Kind,
    pub scope: Arc<str>,
    pub key: Key,
    pub title: String,
    /// `None` when nobody declares the thing.
    pub address: Option<Address>,
    /// The type that claims it, or that would.
    pub resource_type: Option<String>,
    pub property: Option<&'static str>,
    pub desired: Option<Value>,
    pub recorded: Option<Value>,
    pub live: Option<Value>,
    pub severity: Severity,
    /// Whether access was widened; `None` until policies are compared by what they allow.
    pub direction: Option<Direction>,
    pub reasons: Vec<String>,
    pub controls: Vec<&'static str>,
    pub location: Option<Location>,
    pub related: Vec<Related>,
    pub state: Option<Arc<StateRef>>,
    /// When the live thing was made, where the system says so.
    pub created: Option<String>,
    pub import_id: Option<String>,
    /// Digest of what differs and how; `None` when a part of it is secret or not known.
    pub delta: Option<String>,
    /// The exception that accepts it, when one does.
    pub exception: Option<Exception>,
    pub steps: Vec<StepTo>,
}

/// By what a finding is accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exception {
    pub id: String,
    pub owner: String,
    pub reason: String,
    /// The last day on which it holds, in UTC, as 2026-12-31.
    pub expires: String,
}

impl Finding {
    /// The id of a finding about this: stable across runs and machines, so made neither from values nor from lines or
    /// clocks.
    pub fn id_of<'a>(about: impl IntoIterator<Item = &'a str>) -> String {
        let mut hash = Sha256::new();
        for part in about {
            // The length before each part keeps `a`,`bc` apart from `ab`,`c`.
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
        hash.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect()
    }

    /// The rule that `explain` knows it by.
    pub fn rule(&self) -> &'static str {
        self.change.rule()
    }

    /// Who looked at the live side.
    pub fn seen_by(&self) -> SeenBy {
        if seen::KINDS.contains(&self.kind) { SeenBy::Terraform } else { SeenBy::Driftline }
    }
}

/// Who looked at the live side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SeenBy {
    /// The finding rests on what driftline read itself, or on a snapshot that it took.
    Driftline,
    /// It rests on the refresh before a plan.
    Terraform,
}

impl SeenBy {
    pub fn name(self) -> &'static str {
        match self {
            SeenBy::Driftline => "driftline",
            SeenBy::Terraform => "terraform",
        }
    }
}

/// In which way the live side differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Change {
    /// Declared, and not there.
    Missing,
    /// There, and declared by nobody.
    Unmanaged,
    /// There, and not among the members that an authority lists.
    Added,
    /// An element of a declared set that is not there any more.
    Removed,
    /// A property differs.
    Modified,
    /// Made anew under the same name.
    Replaced,
    /// A policy names a principal that was deleted.
    Dangling,
    /// An exception that ends soon.
    ExceptionEnding,
    /// An exception that matches nothing.
    ExceptionUnused,
    /// An exception that is not right, and covers nothing.
    ExceptionMalformed,
}

impl Change {
    pub const ALL: [Change; 10] = [
        Change::Missing,
        Change::Unmanaged,
        Change::Added,
        Change::Removed,
        Change::Modified,
        Change::Replaced,
        Change::Dangling,
        Change::ExceptionEnding,
        Change::ExceptionUnused,
        Change::ExceptionMalformed,
    ];

    /// Those that are about exceptions and not about live systems.
    pub fn of_exceptions() -> &'static [Change] {
        &[Change::ExceptionEnding, Change::ExceptionUnused, Change::ExceptionMalformed]
    }

    pub fn name(self) -> &'static str {
        match self {
            Change::Missing => "missing",
            Change::Unmanaged => "unmanaged",
            Change::Added => "added",
            Change::Removed => "removed",
            Change::Modified => "modified",
            Change::Replaced => "replaced",
            Change::Dangling => "dangling",
            Change::ExceptionEnding => "exception_ending",
            Change::ExceptionUnused => "exception_unused",
            Change::ExceptionMalformed => "exception_malformed",
        }
    }

    /// For `explain`.
    pub fn about(self) -> &'static str {
        match self {
            Change::Missing => {
                "A resource instance is recorded, and the thing it stands for is not there any more: somebody deleted it \
                 outside of Terraform. The next apply makes it again."
            }
            Change::Unmanaged => {
                "Something is live, and none of the states and plans given declares it. Terraform never shows this: it \
                 looks only at what it manages. With status `adoptable` the plan is about to make it: import it instead."
            }
            Change::Added => {
                "A set that one resource declares to be complete (all members of a group, all policies of a role) has a \
                 live member that is not in it. The next apply takes it away."
            }
            Change::Removed => "An element of a declared set is not there any more. The next apply adds it again.",
            Change::Modified => "A property of a declared thing differs from what is recorded.",
            Change::Replaced => {
                "The name is the same and the unique id is another: the thing was deleted and made anew outside of \
                 Terraform. Policies that named the old one do not name the new one."
            }
            Change::Dangling => {
                "A policy document shows the unique id of a deleted user or role where its ARN stood. AWS does this when \
                 the principal is deleted; making one of the same name again does not bring the access back."
            }
            Change::ExceptionEnding => {
                "An exception that accepts something ends within 14 days. From the day after its last one the finding is \
                 back. It never fails a run by itself."
            }
            Change::ExceptionUnused => {
                "An exception matches nothing that was found, in a run that looked at everything. Left in the ledger it \
                 would accept what somebody does next."
            }
            Change::ExceptionMalformed => {
                "An exception is not right: a field is missing, a date is none, it lasts longer than the severity allows. \
                 It accepts nothing until it is mended."
            }
        }
    }

    pub fn rule(self) -> &'static str {
        match self {
            Change::Missing => "DL101",
            Change::Unmanaged => "DL102",
            Change::Added => "DL103",
            Change::Removed => "DL104",
            Change::Modified => "DL105",
            Change::Replaced => "DL106",
            Change::Dangling => "DL107",
            Change::ExceptionEnding => "DL201",
            Change::ExceptionUnused => "DL202",
            Change::ExceptionMalformed => "DL203",
        }
    }
}

/// Which row of the table of three values a finding stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    Drift,
    Pending,
    Converged,
    Conflict,
    Adoptable,
    Unmanaged,
    Unknown,
}

impl Status {
    /// In the order in which counts of them are shown.
    pub const ALL: [Status; 7] = [
        Status::Drift,
        Status::Pending,
        Status::Converged,
        Status::Conflict,
        Status::Adoptable,
        Status::Unmanaged,
        Status::Unknown,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Status::Drift => "drift",
            Status::Pending => "pending",
            Status::Converged => "converged",
            Status::Conflict => "conflict",
            Status::Adoptable => "adoptable",
            Status::Unmanaged => "unmanaged",
            Status::Unknown => "unknown",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    Info,
    Low,
    Medium,
    High,
    Critical,
}

impl Severity {
    /// Worst first, as counts of them are shown.
    pub const ALL: [Severity; 5] =
        [Severity::Critical, Severity::High, Severity::Medium, Severity::Low, Severity::Info];

    pub fn name(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Low => "low",
            Severity::Medium => "medium",
            Severity::High => "high",
            Severity::Critical => "critical",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Whether live allows more than declared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    Widened,
    Narrowed,
    Both,
    Equal,
    Unknown,
}

impl Direction {
    pub const ALL: [Direction; 5] =
        [Direction::Widened, Direction::Narrowed, Direction::Both, Direction::Equal, Direction::Unknown];

    pub fn name(self) -> &'static str {
        match self {
            Direction::Widened => "widened",
            Direction::Narrowed => "narrowed",
            Direction::Both => "both",
            Direction::Equal => "equal",
            Direction::Unknown => "unknown",
        }
    }
}

/// A step that makes both sides agree.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StepTo {
    /// One of [`StepTo::ACTIONS`].
    pub action: &'static str,
    /// For a POSIX shell: one command a line, in the order in which they are to be run.
    pub command: Option<String>,
    pub hcl: Option<String>,
    /// The edits of the source that do it, tried out.
    pub patch: Option<Patch>,
    pub note: String,
    /// What Terraform is run with, where it does the step.
    pub run: Option<TerraformRun>,
    /// A file of source that the step adds.
    pub file: Option<NewFile>,
    /// Why this is the step that is recommended.
    pub reason: Option<String>,
    /// Why it must not be taken.
    pub refused: Option<String>,
}

impl StepTo {
    pub const ACTIONS: [&str; 7] = ["revert", "adopt", "import", "forget", "remove", "accept", "refresh"];
}

/// One address to run Terraform on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TerraformRun {
    /// The root module's directory as people name it; `.` where driftline runs.
    pub dir: String,
    /// `terraform` or `tofu`.
    pub binary: String,
    pub mode: RunMode,
    pub address: Address,
    /// The actions that a plan may hold for the address, as its JSON writes them.
    pub meant: &'static [&'static [&'static str]],
    /// What it depends on, which the run looks at, too: resources without instance keys.
    pub brings: Vec<String>,
    /// The variables that it is run with.
    pub variables: Arc<[RunOption]>,
}

/// An option of Terraform's that may hold a secret.
#[derive(Clone, PartialEq, Eq)]
pub struct RunOption {
    /// As Terraform gets it.
    given: String,
    /// For a POSIX shell; in place of a secret the environment variable that has it.
    pub shown: String,
}

impl RunOption {
    pub fn new(given: String, shown: String) -> Self {
        RunOption { given, shown }
    }

    /// For the arguments of Terraform, and for nothing else.
    pub fn given(&self) -> &str {
        &self.given
    }
}

impl fmt::Debug for RunOption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

/// In which way an address is brought in line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RunMode {
    /// Put back what is declared.
    Apply,
    /// Make it anew.
    Replace,
    /// Take into the state what is live.
    RefreshOnly,
}

/// A file that is not there yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFile {
    /// Counted from where driftline runs.
    pub path: String,
    pub text: String,
}
