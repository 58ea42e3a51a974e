//! The one client that writes over HTTP. Its list names all that may leave: reading a request, its diff and its comments,
//! and writing comments. Live readers have lists of their own, and cannot reach this one.

use crate::http::{
    Allowed, Answer, Body, Client, Error, Exchange, Kind, Options, Policy, Reason, Request, Shape, Transport, Verdict,
    retry_after,
};
use crate::model::Problem;
use ::http::header::{self, HeaderName, HeaderValue};
use async_trait::async_trait;
use serde_json::Value as Json;
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use url::Url;

const fn read(operation: &'static str, paths: &'static [&'static str]) -> Allowed {
    let shape = Shape::Rest { method: "GET", paths, required: &[], optional: &["per_page", "page"], body: Body::Empty };
    Allowed { operation, shape }
}

const fn write(operation: &'static str, method: &'static str, paths: &'static [&'static str]) -> Allowed {
    Allowed { operation, shape: Shape::Rest { method, paths, required: &[], optional: &[], body: Body::Json } }
}

const fn remove(operation: &'static str, paths: &'static [&'static str]) -> Allowed {
    let method = "DELETE";
    Allowed { operation, shape: Shape::Rest { method, paths, required: &[], optional: &[], body: Body::Empty } }
}

/// <https://docs.github.com/en/rest>: issues, pulls, users.
pub(super) const GITHUB: &[Allowed] = &[
    read("reading the account", &["/user"]),
    read("reading the pull request", &["/repos/{}/{}/pulls/{}"]),
    read("reading the diff", &["/repos/{}/{}/pulls/{}/files"]),
    read("reading comments", &["/repos/{}/{}/issues/{}/comments", "/repos/{}/{}/pulls/{}/comments"]),
    write("writing a comment", "POST", &["/repos/{}/{}/issues/{}/comments", "/repos/{}/{}/pulls/{}/comments"]),
    write("changing a comment", "PATCH", &["/repos/{}/{}/issues/comments/{}", "/repos/{}/{}/pulls/comments/{}"]),
    remove("deleting a comment", &["/repos/{}/{}/issues/comments/{}", "/repos/{}/{}/pulls/comments/{}"]),
];

/// <https://docs.gitlab.com/api/rest/>: merge requests, notes, discussions, users.
pub(super) const GITLAB: &[Allowed] = &[
    read("reading the account", &["/user"]),
    read("reading the merge request", &["/projects/{}/merge_requests/{}"]),
    read("reading the diff", &["/projects/{}/merge_requests/{}/diffs"]),
    read("reading comments", &["/projects/{}/merge_requests/{}/notes", "/projects/{}/merge_requests/{}/discussions"]),
    write(
        "writing a comment",
        "POST",
        &["/projects/{}/merge_requests/{}/notes", "/projects/{}/merge_requests/{}/discussions"],
    ),
    write("changing a comment", "PUT", &["/projects/{}/merge_requests/{}/notes/{}"]),
    remove("deleting a comment", &["/projects/{}/merge_requests/{}/notes/{}"]),
];

/// Entries of one page; the most that both forges give.
const PAGE: usize = 100;

/// Pages that are read of one list: what is longer is cut by GitHub itself at 3,000 files.
const MOST_PAGES: usize = 100;

/// The wait that GitHub asks for where a secondary limit names none.
const SECONDARY: Duration = Duration::from_secs(60);

/// Times that a comment is made where it is not known whether the one before was.
pub(super) const ATTEMPTS: u32 = 5;

/// A token in the header that carries it. It shows nowhere: no `Debug`.
#[derive(Clone)]
pub(super) struct Token(HeaderName, HeaderValue);

impl Token {
    pub(super) fn new(header: HeaderName, prefix: &str, token: &str) -> Result<Token, Problem> {
        let mut value = HeaderValue::from_str(&format!("{prefix}{}", token.trim())).map_err(|_| {
            Problem::new("the token holds characters that no header can carry").help("look for a line break in it")
        })?;
        value.set_sensitive(true);
        Ok(Token(header, value))
    }
}

/// How a forge is reached.
pub struct Access<'a> {
    pub api: Url,
    pub token: &'a str,
    pub options: Options,
    pub policy: Policy,
}

/// A forge's API.
pub(super) struct Api {
    client: Client,
    base: Url,
    token: Token,
    accept: &'static str,
}

/// An answer that is JSON.
pub(super) struct Document {
    pub(super) json: Json,
    has_more: bool,
}

impl Api {
    /// # Errors
    /// For an address that the token must not be sent to, or certificates that cannot be read.
    pub(super) fn new(
        access: &Access<'_>,
        allowed: &[Allowed],
        token: Token,
        accept: &'static str,
    ) -> Result<Api, Problem> {
        let mut base = access.api.clone();
        let near = match base.host() {
            Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
            Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
            Some(url::Host::Domain(name)) => name == "localhost",
            None => false,
        };
        if base.scheme() != "https" && !(base.scheme() == "http" && near) {
            return Err(Problem::new("the address of the API is no `https` address, and a token is sent there")
                .help("give another with `--api-url`"));
        }
        base.set_query(None);
        base.set_fragment(None);
        base.set_path(&format!("{}/", base.path().trim_end_matches('/')));
        let transport = Arc::new(Transport::new(&access.options)?);
        let client = Client::new(transport, allowed.iter().copied(), access.policy);
        Ok(Api { client, base, token, accept })
    }

    /// Every entry of a list, page by page.
    pub(super) async fn all(&self, path: &[&str]) -> Result<Vec<Json>, Error> {
        let mut all = Vec::new();
        for page in 1..=MOST_PAGES {
            let query = format!("per_page={PAGE}&page={page}");
            let Document { json, has_more } = self.ask(::http::Method::GET, path, Some(&query), None, true).await?;
            let Json::Array(entries) = json else {
                return Err(Error::new(Kind::Garbage, shown(path), "the answer is no list"));
            };
            let is_full = entries.len() >= PAGE;
            all.extend(entries);
            if !has_more && !is_full {
                return Ok(all);
            }
        }
        Err(Error::new(Kind::TooLarge, shown(path), format!("the list has more than {MOST_PAGES} pages")))
    }

    pub(super) async fn get(&self, path: &[&str]) -> Result<Json, Error> {
        Ok(self.ask(::http::Method::GET, path, None, None, true).await?.json)
    }

    /// Makes something new. When it is not known whether that was done, it is not asked again: the caller looks first.
    pub(super) async fn create(&self, path: &[&str], body: &Json) -> Result<Json, Error> {
        Ok(self.ask(::http::Method::POST, path, None, Some(body), false).await?.json)
    }

    /// Changes what is there; doing so twice is as doing so once.
    pub(super) async fn change(&self, method: ::http::Method, path: &[&str], body: &Json) -> Result<(), Error> {
        self.ask(method, path, None, Some(body), true).await.map(drop)
    }

    /// Deletes what may be gone already.
    pub(super) async fn delete(&self, path: &[&str]) -> Result<(), Error> {
        match self.ask(::http::Method::DELETE, path, None, None, true).await {
            Err(error) if is_gone(&error) => Ok(()),
            done => done.map(drop),
        }
    }

    async fn ask(
        &self,
        method: ::http::Method,
        path: &[&str],
        query: Option<&str>,
        body: Option<&Json>,
        is_repeatable: bool,
    ) -> Result<Document, Error> {
        let operation = format!("{method} {}", shown(path));
        let mut url = self.base.clone();
        match url.path_segments_mut() {
            Ok(mut segments) => {
                segments.pop_if_empty().extend(path);
            }
            Err(()) => return Err(Error::new(Kind::NotAllowed, operation, "the address of the API has no path")),
        }
        url.set_query(query);
        let body = body.map(|json| json.to_string().into_bytes()).unwrap_or_default();
        let mut call = Call { api: self, operation, method, url, body, is_repeatable };
        let answer = self.client.call(&mut call).await?;
        let json = if answer.body.is_empty() { Ok(Json::Null) } else { serde_json::from_slice(&answer.body) };
        let json = json.map_err(|_| {
            let words = crate::http::error::describe_garbage(answer.header("content-type"), &answer.body);
            Error::new(Kind::Garbage, &call.operation, words)
        })?;
        let has_more = answer.header("link").is_some_and(|link| link.contains("rel=\"next\""));
        Ok(Document { json, has_more })
    }
}

/// Whether the thing that was asked about is not there.
pub(super) fn is_gone(error: &Error) -> bool {
    matches!(error.code.as_deref(), Some("404" | "410"))
}

/// Whether the forge took the request for wrong, for example for too long.
pub(super) fn is_refused_as_wrong(error: &Error) -> bool {
    matches!(error.code.as_deref(), Some("400" | "413" | "422"))
}

/// Whether the request may have been carried out all the same.
pub(super) fn is_unsure(error: &Error) -> bool {
    matches!(error.kind, Kind::Timeout | Kind::Cut | Kind::Server | Kind::Garbage)
}

fn shown(path: &[&str]) -> String {
    format!("/{}", path.join("/"))
}

struct Call<'a> {
    api: &'a Api,
    operation: String,
    method: ::http::Method,
    url: Url,
    body: Vec<u8>,
    is_repeatable: bool,
}

#[async_trait]
impl Exchange for Call<'_> {
    fn operation(&self) -> &str {
        &self.operation
    }

    async fn request(&mut self, _: bool) -> Result<Request, Error> {
        let mut inner = ::http::Request::new(self.body.clone());
        *inner.method_mut() = self.method.clone();
        let headers = inner.headers_mut();
        let Token(name, value) = &self.api.token;
        headers.insert(name, value.clone());
        headers.insert(header::ACCEPT, HeaderValue::from_static(self.api.accept));
        if !self.body.is_empty() {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        Ok(Request { url: self.url.clone(), base: self.api.base.path().trim_end_matches('/').to_owned(), inner })
    }

    fn judge(&mut self, answer: &Answer) -> Verdict {
        let status = answer.status.as_u16();
        let words = message(answer);
        let code = Some(status.to_string());
        let refuse = |kind, words| Verdict::Refuse { kind, code: Some(status.to_string()), words };
        match status {
            200..=299 => Verdict::Done,
            401 => refuse(Kind::Credentials, words),
            403 | 429 if status == 429 || is_limit(answer) => {
                Verdict::Retry(Reason { kind: Kind::Throttled, code, words })
            }
            403 => refuse(Kind::Denied, words),
            408 | 500..=599 if self.is_repeatable => Verdict::Retry(Reason { kind: Kind::Server, code, words }),
            408 | 500..=599 => refuse(Kind::Server, words),
            300..=399 => refuse(Kind::Rejected, "it has moved: name it as it is called now".to_owned()),
            _ => refuse(Kind::Rejected, words),
        }
    }

    fn pause(&self, answer: &Answer) -> Option<Duration> {
        retry_after(&answer.headers, SystemTime::now()).or_else(|| until_reset(answer)).or_else(|| {
            let is_secondary = message(answer).to_ascii_lowercase().contains("secondary rate limit");
            is_secondary.then_some(SECONDARY)
        })
    }

    fn is_repeatable(&self) -> bool {
        self.is_repeatable
    }
}

/// Whether a refusal is about how often is asked.
/// <https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api>
fn is_limit(answer: &Answer) -> bool {
    answer.headers.contains_key(header::RETRY_AFTER)
        || is_used_up(answer)
        || message(answer).to_ascii_lowercase().contains("rate limit")
}

fn is_used_up(answer: &Answer) -> bool {
    answer.header("x-ratelimit-remaining").or_else(|| answer.header("ratelimit-remaining")) == Some("0")
}

/// The time until a limit that is used up begins anew.
fn until_reset(answer: &Answer) -> Option<Duration> {
    let reset = answer.header("x-ratelimit-reset").or_else(|| answer.header("ratelimit-reset"))?;
    let at = SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(reset.parse().ok()?))?;
    is_used_up(answer).then(|| at.duration_since(SystemTime::now()).unwrap_or_default())
}

/// What the forge says: `message` and `errors` of GitHub; `message`, in any shape, or `error` of GitLab.
fn message(answer: &Answer) -> String {
    let json: Json = serde_json::from_slice(&answer.body).unwrap_or_default();
    let text = |json: &Json| match json {
        Json::Null => None,
        Json::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    };
    let parts = ["message", "error", "errors"].iter().filter_map(|name| text(json.get(name)?));
    let said = parts.collect::<Vec<_>>().join(": ");
    if said.is_empty() { format!("status {}", answer.status.as_u16()) } else { said }
}
