//! One document from a server, by `GET` alone: redirects are followed, and credentials stay with the server they are for.

use super::{Sending, Unread};
use crate::http::{Allowed, Answer, Body, Client, Error, Exchange, Kind, Reason, Request, Shape, Transport, Verdict};
use crate::model::Problem;
use ::http::header::{self, HeaderName, HeaderValue};
use async_trait::async_trait;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::sync::Arc;
use url::Url;

/// All that may leave: an address is whatever the backend says.
const ALLOWED: &[Allowed] = &[Allowed {
    operation: "reading a state",
    shape: Shape::Rest { method: "GET", paths: &["/**"], required: &[], optional: &["*"], body: Body::Empty },
}];

/// Asks servers for documents.
pub(super) struct Web(Client);

/// A header with a credential, which goes to one server only. No `Debug`.
#[derive(Clone)]
pub(super) struct Credential(HeaderValue);

impl Credential {
    pub(super) fn basic(user: &str, password: &str) -> Result<Credential, Unread> {
        Credential::new(&format!("Basic {}", STANDARD.encode(format!("{user}:{password}"))))
    }

    pub(super) fn bearer(token: &str) -> Result<Credential, Unread> {
        Credential::new(&format!("Bearer {token}"))
    }

    fn new(text: &str) -> Result<Credential, Unread> {
        let mut value = HeaderValue::from_str(text).map_err(|_| {
            Problem::new("the credentials hold characters that no header can carry")
                .help("look for a line break in them")
        })?;
        value.set_sensitive(true);
        Ok(Credential(value))
    }
}

impl Web {
    pub(super) fn new(sending: &Sending) -> Result<Web, Unread> {
        let transport = Arc::new(Transport::new(&sending.options)?);
        Ok(Web(Client::new(transport, ALLOWED.iter().copied(), sending.policy)))
    }

    /// The document at `url`; `None` where the server has none (404, 204, nothing in it).
    ///
    /// # Errors
    /// In words without any credential, and without the query of the address, which may hold one.
    pub(super) async fn get(&self, url: Url, credential: Option<Credential>) -> Result<Option<Vec<u8>>, Error> {
        let mut get = Get { operation: format!("GET {}", shown(&url)), url, credential };
        let answer = self.0.call(&mut get).await?;
        let is_there = answer.status == 200 && !answer.body.is_empty();
        Ok(is_there.then_some(answer.body))
    }
}

/// An address without its user, password and query.
pub(super) fn shown(url: &Url) -> String {
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{}://{}{port}{}", url.scheme(), url.host_str().unwrap_or_default(), url.path())
}

struct Get {
    operation: String,
    url: Url,
    credential: Option<Credential>,
}

#[async_trait]
impl Exchange for Get {
    fn operation(&self) -> &str {
        &self.operation
    }

    async fn request(&mut self, _: bool) -> Result<Request, Error> {
        let mut inner = ::http::Request::new(Vec::new());
        inner.headers_mut().insert(header::ACCEPT, HeaderValue::from_static("application/json, */*"));
        if let Some(Credential(value)) = &self.credential {
            inner.headers_mut().insert(header::AUTHORIZATION, value.clone());
        }
        Ok(Request { url: self.url.clone(), base: String::new(), inner })
    }

    fn judge(&mut self, answer: &Answer) -> Verdict {
        let refuse = |kind, words: &str| Verdict::Refuse { kind, code: None, words: words.to_owned() };
        let retry =
            |kind| Verdict::Retry(Reason { kind, code: None, words: format!("status {}", answer.status.as_u16()) });
        match answer.status.as_u16() {
            200 if is_damaged(answer) => retry(Kind::Cut),
            200 | 204 | 404 => Verdict::Done,
            301 | 302 | 303 | 307 | 308 => self.moved(answer),
            401 if self.credential.is_none() => {
                refuse(Kind::Credentials, "it asks for credentials, and none are given")
            }
            401 => refuse(Kind::Credentials, "status 401"),
            403 => refuse(Kind::Denied, "status 403"),
            429 => retry(Kind::Throttled),
            408 | 500..=599 => retry(Kind::Server),
            status => refuse(Kind::Rejected, &format!("status {status}")),
        }
    }
}

impl Get {
    fn moved(&mut self, answer: &Answer) -> Verdict {
        let refuse = |words: &str| Verdict::Refuse { kind: Kind::Rejected, code: None, words: words.to_owned() };
        let Some(to) = answer.header("location").and_then(|to| self.url.join(to).ok()) else {
            return refuse("it leads on to an address that is none");
        };
        if !matches!(to.scheme(), "http" | "https") || (self.url.scheme() == "https" && to.scheme() == "http") {
            return refuse("it leads on to an address without encryption");
        }
        if to.origin() != self.url.origin() {
            self.credential = None;
        }
        self.url = to;
        Verdict::Moved { words: "it leads on too often".to_owned() }
    }
}

/// Whether the body is another than the one that the server has summed up (`Content-MD5`).
fn is_damaged(answer: &Answer) -> bool {
    use md5::Digest;
    const SUM: HeaderName = HeaderName::from_static("content-md5");
    let sum = answer.headers.get(SUM).and_then(|sum| STANDARD.decode(sum.as_bytes()).ok());
    sum.is_some_and(|sum| sum.as_slice() != md5::Md5::digest(&answer.body).as_slice())
}

/// An error of reading a state, with the way out.
pub(super) fn problem(error: &Error) -> Problem {
    let help = match error.kind {
        Kind::Credentials => "give the credentials that the backend takes, in its block or in its variables",
        Kind::Denied => "the credentials are known and may not read this state; give others",
        Kind::Connection | Kind::Timeout => "check the address, the network, the proxy variables and `--ca-file`",
        _ => "try again, or give the state with `--state`",
    };
    Problem::new(format!("the state cannot be read: {error}")).help(help)
}
