//! The arguments that say what to read: shared by every subcommand that reads states and live systems.

use super::configured::FileOptions;
use crate::check::{self, Request, StateAt};
use crate::model::{Problem, seen};
use crate::providers;
use crate::providers::clusters::Expected;
use crate::terraform::config::Given;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::time::Duration;

#[derive(clap::Args)]
pub(super) struct Inputs {
    /// Root modules
    #[arg(value_name = "DIR")]
    dirs: Vec<PathBuf>,

    #[command(flatten)]
    file: FileOptions,

    /// State of a root module: the first for the first DIR and so on, or `DIR=PATH`; further ones are states without
    /// source. Raw state or `show -json`; `-` is standard input
    #[arg(long, value_name = "PATH", env = "DRIFTLINE_STATE")]
    state: Vec<OsString>,

    /// Judge root modules on what their source says alone: what was never applied and what was changed since cannot be
    /// told apart then
    #[arg(long, conflicts_with_all = ["state", "no_source"], env = "DRIFTLINE_NO_STATE")]
    no_state: bool,

    /// Do not read source files: findings have no lines
    #[arg(long, env = "DRIFTLINE_NO_SOURCE")]
    no_source: bool,

    #[command(flatten)]
    variables: Variables,

    /// Look only at these systems or kinds, for example `aws` or `aws/iam/user`; of `reconcile` also at these findings, by
    /// their ids
    #[arg(long, value_name = "SYSTEM[/KIND]|ID", value_delimiter = ',', value_parser = kinds_of, env = "DRIFTLINE_ONLY")]
    only: Vec<Wanted>,

    /// Ask after the credentials of every single user, where the bulk report may be hours old
    #[arg(long, env = "DRIFTLINE_FRESH_CREDENTIALS")]
    fresh_credentials: bool,

    /// PostgreSQL databases to look into beside those that something declared names; `*` stands for all
    #[arg(long, value_name = "NAME", env = "DRIFTLINE_DATABASE")]
    database: Vec<String>,

    /// The PostgreSQL cluster that may answer, by its system identifier; `HOST:PORT=IDENTIFIER` says it of one address
    #[arg(long, value_name = "IDENTIFIER", env = "DRIFTLINE_CLUSTER")]
    cluster: Vec<Expected>,

    /// A snapshot of before: the PostgreSQL clusters that it shows may answer
    #[arg(long, value_name = "SNAPSHOT", env = "DRIFTLINE_SAME_AS")]
    same_as: Vec<PathBuf>,

    /// Requests under way at once
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=64), env = "DRIFTLINE_JOBS")]
    jobs: u16,

    /// Seconds to wait for one answer; a question that gets none is asked again
    #[arg(long, value_name = "SECONDS", default_value_t = 300, value_parser = clap::value_parser!(u64).range(1..=86_400), env = "DRIFTLINE_TIMEOUT")]
    timeout: u64,

    /// The Terraform or OpenTofu binary for `state pull`
    #[arg(long, value_name = "PATH", env = "DRIFTLINE_TF_BIN")]
    tf_bin: Option<String>,

    /// Certificate authorities to trust in place of the system's, in PEM
    #[arg(long, value_name = "FILE", env = "DRIFTLINE_CA_FILE")]
    ca_file: Option<PathBuf>,
}

/// Values for variables.
#[derive(clap::Args)]
pub(super) struct Variables {
    /// Value for a variable of the root modules, as `terraform plan` takes it
    #[arg(long, value_name = "NAME=VALUE", value_parser = variable, env = "DRIFTLINE_VAR")]
    var: Vec<Given>,

    /// File of values for variables of the root modules; those of `--var` go before them
    #[arg(long, value_name = "FILE", env = "DRIFTLINE_VAR_FILE")]
    var_file: Vec<PathBuf>,
}

impl Variables {
    /// In the order in which later ones go before earlier ones.
    pub(super) fn given(&self) -> Vec<Given> {
        self.var_file.iter().cloned().map(Given::File).chain(self.var.clone()).collect()
    }
}

impl Inputs {
    /// The request that these arguments make.
    ///
    /// # Errors
    /// For two readers of standard input.
    pub(super) fn request(&self, command: &str) -> Result<Request, Problem> {
        let kinds: Vec<_> = self.only.iter().filter_map(Wanted::kinds).flatten().cloned().collect();
        if command != "reconcile" && self.ids().next().is_some() {
            return Err(Problem::new(format!("`{command}` looks at systems and kinds, and takes no finding's id"))
                .help("`driftline reconcile --only ID` is about single findings"));
        }
        let mut request = Request {
            command: command.to_owned(),
            root_by_default: self.dirs.is_empty(),
            no_state: self.no_state,
            no_source: self.no_source,
            variables: self.variables.given(),
            only: (!kinds.is_empty()).then_some(kinds),
            fresh_credentials: self.fresh_credentials,
            databases: self.database.clone(),
            clusters: self.clusters()?,
            jobs: usize::from(self.jobs),
            timeout: Some(Duration::from_secs(self.timeout)),
            binary: self.tf_bin.clone(),
            ca_file: self.ca_file.clone(),
            ..Request::default()
        };
        let dirs = if self.dirs.is_empty() { vec![PathBuf::from(".")] } else { self.dirs.clone() };
        request.roots = dirs.into_iter().map(|dir| (dir, None)).collect();
        self.give_states(&mut request)?;
        Ok(request)
    }

    /// The findings that `--only` names.
    pub(super) fn ids(&self) -> impl Iterator<Item = &str> {
        self.only.iter().filter_map(|wanted| match wanted {
            Wanted::Finding(id) => Some(id.as_str()),
            Wanted::Kinds(_) => None,
        })
    }

    fn clusters(&self) -> Result<Vec<Expected>, Problem> {
        let mut clusters = self.cluster.clone();
        for snapshot in &self.same_as {
            let shown = check::clusters_of(snapshot)?;
            if shown.is_empty() {
                return Err(Problem::new("the snapshot shows no cluster that tells its system identifier")
                    .at(snapshot.display().to_string())
                    .help("name the cluster with `--cluster`"));
            }
            clusters.extend(shown);
        }
        Ok(clusters)
    }

    fn give_states(&self, request: &mut Request) -> Result<(), Problem> {
        let (named, in_order): (Vec<_>, Vec<_>) =
            self.state.iter().map(|text| (of_root(text, &request.roots), text)).partition(|(named, _)| named.is_some());
        for (at, path) in named.into_iter().filter_map(|(named, _)| named) {
            request.roots[at].1 = Some(path);
        }
        let mut left = in_order.into_iter().map(|(_, text)| StateAt::new(text));
        for (_, state) in request.roots.iter_mut().filter(|(_, state)| state.is_none()) {
            *state = left.next();
        }
        request.states = left.collect();
        let standard_input = |at: &&StateAt| **at == StateAt::StandardInput;
        let of_roots = request.roots.iter().filter_map(|(_, state)| state.as_ref());
        if of_roots.chain(&request.states).filter(standard_input).count() > 1 {
            return Err(Problem::new("standard input holds one document, and two were asked of it")
                .help("give one of them as a file"));
        }
        Ok(())
    }
}

/// A variable with its value.
fn variable(text: &str) -> Result<Given, String> {
    match text.split_once('=') {
        Some((name, text)) if !name.is_empty() => Ok(Given::Variable { name: name.to_owned(), text: text.to_owned() }),
        _ => Err("write it as `NAME=VALUE`".to_owned()),
    }
}

/// The kinds that one `--only` names.
fn kinds_of(wanted: &str) -> Result<Wanted, String> {
    if wanted.len() == 12 && wanted.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)) {
        return Ok(Wanted::Finding(wanted.to_owned()));
    }
    let prefix = format!("{}/", wanted.trim_end_matches('/'));
    let fits = |id: &str| id == wanted || id.starts_with(&prefix);
    let all = providers::kinds().into_iter().chain(seen::KINDS.iter().copied());
    let ids: Vec<_> = all.filter(|kind| fits(kind.id)).map(|kind| kind.id.to_owned()).collect();
    if ids.is_empty() {
        let systems = providers::SYSTEMS.iter().map(|provider| provider.system()).chain(["terraform"]);
        let systems: Vec<_> = systems.map(|system| format!("`{system}`")).collect();
        return Err(format!(
            "it is no system and no kind; systems are {}, and `driftline explain SYSTEM` lists the kinds of one",
            systems.join(", ")
        ));
    }
    Ok(Wanted::Kinds(ids))
}

/// What one `--only` names.
#[derive(Debug, Clone)]
enum Wanted {
    /// Ids of kinds.
    Kinds(Vec<String>),
    /// The id of a finding.
    Finding(String),
}

impl Wanted {
    fn kinds(&self) -> Option<&Vec<String>> {
        match self {
            Wanted::Kinds(ids) => Some(ids),
            Wanted::Finding(_) => None,
        }
    }
}

/// `DIR=PATH` as the place of that root and its state, when DIR is one of the roots.
fn of_root(text: &OsStr, roots: &[(PathBuf, Option<StateAt>)]) -> Option<(usize, StateAt)> {
    let (dir, path) = text.to_str()?.split_once('=')?;
    let at = roots.iter().position(|(root, _)| same_dir(root, Path::new(dir)))?;
    Some((at, StateAt::new(OsStr::new(path))))
}

fn same_dir(a: &Path, b: &Path) -> bool {
    a == b || a.components().eq(b.components())
}
