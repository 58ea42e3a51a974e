//! `driftline comment`: a saved report as the one comment of its target on a pull or merge request.

mod notes;
mod place;

use super::block_on;
use super::saved_report;
use super::terminal::{self, say};
use crate::forge::{self, Access, Forge, GitHub, GitLab, Mark, Outcome, Post, Reviewed};
use crate::http::{Error, Kind, Options, Policy};
use crate::model::Problem;
use crate::report::markdown::{self, Frame};
use crate::report::{ExitStatus, Report, Tree};
use crate::source::repository;
use jiff::Timestamp;
use place::{At, Which};
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;
use url::Url;

/// Post or update the one comment on a pull or merge request
///
/// The token comes from `GITHUB_TOKEN` or `GH_TOKEN`, of GitLab from `GITLAB_TOKEN`, or from a file. In a pipeline of
/// GitHub or GitLab everything else but the report is known.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The report to tell of, as `--format json` writes it
    #[arg(long, value_name = "REPORT", env = "DRIFTLINE_FROM")]
    from: PathBuf,

    /// What was checked: each target of a request has a comment of its own
    #[arg(long, value_name = "NAME", default_value = "", env = "DRIFTLINE_TARGET")]
    target: String,

    /// Where the request is; by default the pipeline tells
    #[arg(long, value_enum, env = "DRIFTLINE_FORGE")]
    forge: Option<Which>,

    /// The repository: `OWNER/NAME` on GitHub, the number of the project on GitLab
    #[arg(long, env = "DRIFTLINE_REPOSITORY")]
    repository: Option<String>,

    /// The number of the pull or merge request
    #[arg(long, env = "DRIFTLINE_NUMBER")]
    number: Option<u64>,

    /// The commit that was checked: nothing is written when the request has another one by now
    #[arg(long, value_name = "SHA", env = "DRIFTLINE_HEAD")]
    head: Option<String>,

    /// Comment at lines of the diff, too, with suggestions where the report was made with `--patches`
    #[arg(long, env = "DRIFTLINE_REVIEW")]
    review: bool,

    /// A page with the whole report, to link to
    #[arg(long, value_name = "URL", env = "DRIFTLINE_LINK")]
    link: Option<Url>,

    /// The account whose comments are one's own, where the token cannot tell
    #[arg(long, value_name = "LOGIN", env = "DRIFTLINE_AUTHOR")]
    author: Option<String>,

    /// The address of the API
    #[arg(long, value_name = "URL", env = "DRIFTLINE_API_URL")]
    api_url: Option<Url>,

    /// A file that holds the token
    #[arg(long, value_name = "FILE", env = "DRIFTLINE_TOKEN_FILE")]
    token_file: Option<PathBuf>,

    /// Certificate authorities to trust in place of the system's, in PEM
    #[arg(long, value_name = "FILE", env = "DRIFTLINE_CA_FILE")]
    ca_file: Option<PathBuf>,

    /// Seconds to wait for one answer
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=3600), env = "DRIFTLINE_TIMEOUT")]
    timeout: u64,

    /// Print the comment, and write nothing
    #[arg(long, env = "DRIFTLINE_DRY_RUN")]
    dry_run: bool,

    /// Nothing on standard error but errors
    #[arg(short, long, env = "DRIFTLINE_QUIET")]
    quiet: bool,
}

/// Characters of a step's summary: GitHub takes a mebibyte, and a character may have four bytes.
const MOST_OF_A_SUMMARY: usize = 250_000;

/// The account of the token that GitHub gives to a job, which may not ask who it is.
const OF_GITHUB_ACTIONS: &str = "github-actions[bot]";

pub(super) fn run(args: &Args) -> Result<ExitStatus, Problem> {
    let variable: place::Variables<'_> = &|name| std::env::var(name).ok().filter(|value| !value.is_empty());
    let report = saved_report::whole(&args.from, tree())?;
    let link = args.link.clone().or_else(|| place::page(variable));
    let frame = Frame { target: &args.target, resolved: false, link: link.as_ref() };
    if args.dry_run {
        let body = markdown::body(&report, frame, MOST_OF_A_SUMMARY);
        return terminal::out(|out| out.write_all(body.as_bytes())).map(|()| ExitStatus::Clean);
    }
    let at = At::find(args.which(), variable)?;
    // Before anything that can fail on the way: a fork's token may not write a comment.
    if let Some(path) = variable("GITHUB_STEP_SUMMARY").filter(|_| at.which == Which::Github) {
        summarise(Path::new(&path), &markdown::body(&report, frame, MOST_OF_A_SUMMARY))?;
    }
    let forge = args.forge(&at, variable)?;
    let mark = args.mark(&at, &report)?;
    let (outcome, reviewed) = block_on(async {
        write(args, &*forge, &report, mark, frame, variable).await.map_err(|error| problem(&error))
    })?;
    if !args.quiet {
        say(&said(&outcome));
        reviewed.iter().for_each(|reviewed| say(&said_of_review(*reviewed)));
    }
    Ok(ExitStatus::Clean)
}

/// Writes the comment, then those at lines.
async fn write(
    args: &Args,
    forge: &dyn Forge,
    report: &Report,
    mark: Mark,
    frame: Frame<'_>,
    variable: place::Variables<'_>,
) -> Result<(Outcome, Option<Reviewed>), Error> {
    let otherwise = variable("GITHUB_ACTIONS").map(|_| OF_GITHUB_ACTIONS);
    let author = forge::author(forge, args.author.as_deref(), otherwise).await?;
    let post = Post {
        mark,
        author,
        is_clean: report.open().next().is_none() && report.gaps.is_empty(),
        body: &|most, resolved| markdown::body(report, Frame { resolved, ..frame }, most),
    };
    let outcome = forge::post(forge, &post).await?;
    if !args.review || matches!(outcome, Outcome::Overtaken | Outcome::Outdated { .. }) {
        return Ok((outcome, None));
    }
    let bodies = notes::bodies(report);
    let reviewed = forge::review(forge, &post.author, &post.mark, &notes::of(&bodies, &report.run.tree)).await?;
    Ok((outcome, Some(reviewed)))
}

impl Args {
    fn which(&self) -> place::Named<'_> {
        place::Named {
            which: self.forge,
            repository: self.repository.as_deref(),
            number: self.number,
            head: self.head.as_deref(),
            api: self.api_url.as_ref(),
        }
    }

    fn forge(&self, at: &At, variable: place::Variables<'_>) -> Result<Box<dyn Forge>, Problem> {
        let token = place::token(at.which, self.token_file.as_deref(), variable)?;
        let options = Options { ca_file: self.ca_file.clone(), ..Options::default() };
        let access = Access {
            api: at.api.clone(),
            token: &token,
            options: options.within(Some(Duration::from_secs(self.timeout))),
            policy: Policy::default(),
        };
        Ok(match at.which {
            Which::Github => Box::new(GitHub::new(&access, &at.repository, at.number)?),
            Which::Gitlab => Box::new(GitLab::new(&access, &at.repository, at.number)?),
        })
    }

    fn mark(&self, at: &At, report: &Report) -> Result<Mark, Problem> {
        let said = &report.run.finished_at;
        let valid_at: Timestamp = said.parse().map_err(|_| {
            Problem::new(format!("the report ended at `{said}`, which is no time")).at(self.from.display().to_string())
        })?;
        Ok(Mark::new(&self.target, valid_at, at.head.clone(), at.run.clone()))
    }
}

/// Where this run stands: the check is taken to have run in the same directory of the repository.
fn tree() -> Tree {
    let here = std::env::current_dir().unwrap_or_default();
    let root = repository(&here).unwrap_or(&here).to_owned();
    Tree { root, here, ..Tree::default() }
}

fn summarise(path: &Path, body: &str) -> Result<(), Problem> {
    let wrote = File::options().append(true).create(true).open(path).and_then(|mut file| {
        file.write_all(body.as_bytes())?;
        file.write_all(b"\n")
    });
    wrote.map_err(|error| {
        Problem::new(format!("cannot write the step's summary: {error}")).at(path.display().to_string())
    })
}

fn said(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Created => "the comment is made".to_owned(),
        Outcome::Updated => "the comment is brought up to date".to_owned(),
        Outcome::Unchanged => "the comment says so already".to_owned(),
        Outcome::NothingToSay => "there is nothing to look at, and no comment to take back".to_owned(),
        Outcome::Overtaken => "nothing is written: a newer run has written the comment".to_owned(),
        Outcome::Outdated { head } => {
            format!("nothing is written: the request is at commit `{head}` by now, and another one was checked")
        }
    }
}

fn said_of_review(reviewed: Reviewed) -> String {
    let Reviewed { made, changed, removed } = reviewed;
    format!("comments on the diff: {made} made, {changed} changed, {removed} taken back")
}

/// A forge's refusal, with the way out.
fn problem(error: &Error) -> Problem {
    let help = match (error.kind, error.code.as_deref()) {
        (Kind::Credentials, _) => "give a token that is valid: `GITHUB_TOKEN`, `GITLAB_TOKEN` or `--token-file`",
        (Kind::Denied, _) => {
            "the token may not do this: it needs to write pull requests (GitHub) or the scope `api` (GitLab); a job for a \
             fork's request gets a token that only reads, see `workflow_run` in the README"
        }
        (_, Some("404")) => "check `--repository` and `--number`, and that the token may read them",
        (Kind::Throttled, _) => "run it again later: nothing was written",
        (Kind::Connection | Kind::Timeout, _) => "check `--api-url`, the network, the proxy variables and `--ca-file`",
        _ => "run it again: what was written already is found and changed",
    };
    Problem::new(format!("the comment cannot be written: {error}")).help(help)
}
