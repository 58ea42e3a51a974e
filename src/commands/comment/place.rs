//! Which request is meant, by the command line or by what the pipeline says of itself.
//!
//! GitHub Actions: "Variables reference" and "Webhook events and payloads". GitLab: "Predefined CI/CD variables".

use crate::model::Problem;
use serde_json::Value as Json;
use std::path::Path;
use url::Url;

/// Variables of the process.
pub(super) type Variables<'a> = &'a (dyn Fn(&str) -> Option<String> + Sync);

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Which {
    Github,
    Gitlab,
}

/// What the command line names.
pub(super) struct Named<'a> {
    pub(super) which: Option<Which>,
    pub(super) repository: Option<&'a str>,
    pub(super) number: Option<u64>,
    pub(super) head: Option<&'a str>,
    pub(super) api: Option<&'a Url>,
}

/// One request, and the run that speaks of it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct At {
    pub(super) which: Which,
    pub(super) api: Url,
    pub(super) repository: String,
    pub(super) number: u64,
    pub(super) head: Option<String>,
    pub(super) run: Option<String>,
}

impl At {
    /// # Errors
    /// When neither the command line nor the pipeline tells.
    pub(super) fn find(named: Named<'_>, variable: Variables<'_>) -> Result<At, Problem> {
        let is_on = |name: &str| variable(name).is_some_and(|value| value == "true");
        let which = match named.which {
            Some(which) => which,
            None if is_on("GITHUB_ACTIONS") => Which::Github,
            None if is_on("GITLAB_CI") => Which::Gitlab,
            None => {
                return Err(Problem::new("no pipeline of GitHub or GitLab tells where to comment")
                    .help("give `--forge`, `--repository` and `--number`"));
            }
        };
        match which {
            Which::Github => github(&named, variable),
            Which::Gitlab => gitlab(&named, variable),
        }
    }
}

fn github(named: &Named<'_>, variable: Variables<'_>) -> Result<At, Problem> {
    let event = event(variable);
    let repository = named.repository.map(str::to_owned).or_else(|| variable("GITHUB_REPOSITORY"));
    // A number that is given may be another request's than the event's, and so is its commit.
    let told = if named.number.is_some() { (named.number, None) } else { of_event(&event) };
    Ok(At {
        which: Which::Github,
        api: api(named.api, variable("GITHUB_API_URL"), "https://api.github.com")?,
        repository: repository.ok_or_else(|| missing("repository", "--repository OWNER/NAME"))?,
        number: told.0.ok_or_else(|| missing("pull request", "--number"))?,
        head: named.head.map(str::to_owned).or(told.1),
        run: variable("GITHUB_RUN_ID"),
    })
}

fn gitlab(named: &Named<'_>, variable: Variables<'_>) -> Result<At, Problem> {
    let project = || variable("CI_MERGE_REQUEST_PROJECT_ID").or_else(|| variable("CI_PROJECT_ID"));
    let number = || variable("CI_MERGE_REQUEST_IID").and_then(|number| number.parse().ok());
    // Pipelines of merged results run on a commit that is not the request's own.
    let head = || variable("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA").or_else(|| variable("CI_COMMIT_SHA"));
    let head = named.head.map(str::to_owned).or_else(|| if named.number.is_none() { head() } else { None });
    Ok(At {
        which: Which::Gitlab,
        api: api(named.api, variable("CI_API_V4_URL"), "https://gitlab.com/api/v4")?,
        repository: named
            .repository
            .map(str::to_owned)
            .or_else(project)
            .ok_or_else(|| missing("project", "--repository with the project's number"))?,
        number: named.number.or_else(number).ok_or_else(|| missing("merge request", "--number"))?,
        head,
        run: variable("CI_PIPELINE_ID"),
    })
}

/// The page of the pipeline's run, or job.
pub(super) fn page(variable: Variables<'_>) -> Option<Url> {
    let of_github = || {
        let [server, repository, run] = ["GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_RUN_ID"].map(variable);
        Some(format!("{}/{}/actions/runs/{}", server?, repository?, run?))
    };
    let url: Url = variable("CI_JOB_URL").or_else(of_github)?.parse().ok()?;
    matches!(url.scheme(), "http" | "https").then_some(url)
}

fn api(named: Option<&Url>, of_pipeline: Option<String>, usual: &str) -> Result<Url, Problem> {
    let text = match (named, &of_pipeline) {
        (Some(url), _) => return Ok(url.clone()),
        (None, Some(text)) => text,
        (None, None) => usual,
    };
    Url::parse(text).map_err(|error| {
        Problem::new(format!("`{text}` is no address of an API: {error}")).help("give one with `--api-url`")
    })
}

/// What GitHub says of the event that began the run.
fn event(variable: Variables<'_>) -> Json {
    let text = variable("GITHUB_EVENT_PATH").and_then(|path| std::fs::read_to_string(path).ok());
    text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
}

/// The number and the newest commit of the event's pull request.
fn of_event(event: &Json) -> (Option<u64>, Option<String>) {
    let sha = |json: &Json| json.as_str().map(str::to_owned);
    let pull = &event["pull_request"];
    if pull["number"].is_u64() {
        return (pull["number"].as_u64(), sha(&pull["head"]["sha"]));
    }
    let run = &event["workflow_run"];
    (run["pull_requests"][0]["number"].as_u64(), sha(&run["head_sha"]))
}

fn missing(what: &str, option: &str) -> Problem {
    Problem::new(format!("it is not known which {what} is meant")).help(format!("give `{option}`"))
}

/// The token: from the file that is named, else from the variables that the forge's own tools take.
///
/// # Errors
/// When there is none.
pub(super) fn token(which: Which, file: Option<&Path>, variable: Variables<'_>) -> Result<String, Problem> {
    if let Some(path) = file {
        let place = path.display().to_string();
        let text = std::fs::read_to_string(path)
            .map_err(|error| Problem::new(format!("cannot read the token: {error}")).at(&place))?;
        let token = text.trim().to_owned();
        return if token.is_empty() { Err(Problem::new("there is no token in the file").at(place)) } else { Ok(token) };
    }
    let (names, help) = match which {
        Which::Github => (&["GITHUB_TOKEN", "GH_TOKEN"][..], "set `GITHUB_TOKEN`, or give `--token-file`"),
        Which::Gitlab => (&["GITLAB_TOKEN"][..], "set `GITLAB_TOKEN`, or give `--token-file`"),
    };
    let found = names.iter().find_map(|name| variable(name));
    found.ok_or_else(|| Problem::new("there is no token to write the comment with").help(help))
}
