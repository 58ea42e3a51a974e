//! What a run is asked to do, as the command line says it.

use crate::model::Kind;
use crate::providers::Progress;
use crate::providers::clusters::Expected;
use crate::terraform::config::Given;
use jiff::civil::Date;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// A run's inputs.
#[derive(Default)]
pub struct Request {
    /// The subcommand that asks.
    pub command: String,
    /// Root modules, each with the state given for it.
    pub roots: Vec<(PathBuf, Option<StateAt>)>,
    /// Whether the one root is the current directory because none was named: then it may hold no source at all.
    pub root_by_default: bool,
    /// States without source.
    pub states: Vec<StateAt>,
    /// Plans, saved ones or as `show -json` prints them; the first for the first root and so on.
    pub plans: Vec<StateAt>,
    /// Whether roots and plans are the units of a directory of plans: such a root may hold no source, or not be there.
    pub of_tree: bool,
    /// Units of that directory's stack that there is no plan of.
    pub without_plan: Vec<PathBuf>,
    /// Saved facts in place of the network.
    pub live: Vec<PathBuf>,
    /// Judge the root modules on their source alone.
    pub no_state: bool,
    /// Do not read source files.
    pub no_source: bool,
    /// Values for variables of the root modules, as a plan would be given them.
    pub variables: Vec<Given>,
    /// Kinds to look at; `None` for all.
    pub only: Option<Vec<String>>,
    pub include_builtin: bool,
    /// Ask after the credentials of every single user.
    pub fresh_credentials: bool,
    /// Databases to look into beside those that something declared names.
    pub databases: Vec<String>,
    /// Clusters that may answer; none where nobody said.
    pub clusters: Vec<Expected>,
    /// Requests under way at once.
    pub jobs: usize,
    /// Longest wait for one answer; `None` for the usual one.
    pub timeout: Option<Duration>,
    /// The Terraform or OpenTofu binary to run.
    pub binary: Option<String>,
    /// Certificate authorities to trust in place of the system's.
    pub ca_file: Option<PathBuf>,
    /// Look for patches of the source, each of which is tried out: for the reconcile plan.
    pub with_patches: bool,
    /// The day by which exceptions are judged; `None` for the one that it is.
    pub as_of: Option<Date>,
    pub progress: Option<Progress>,
    /// What Terraform ended with, where it was run for this.
    pub terraform_exit_code: Option<u8>,
}

impl Request {
    /// Whether this kind is looked at.
    pub fn wants(&self, kind: &Kind) -> bool {
        self.only.as_ref().is_none_or(|ids| ids.iter().any(|id| id == kind.id))
    }
}

/// Where a document comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StateAt {
    File(PathBuf),
    StandardInput,
    /// Read already; `shown` is what findings name it by.
    Read {
        bytes: Arc<[u8]>,
        shown: String,
    },
}

impl StateAt {
    /// `-` is standard input.
    pub fn new(text: &std::ffi::OsStr) -> Self {
        if text == "-" { StateAt::StandardInput } else { StateAt::File(text.into()) }
    }
}
