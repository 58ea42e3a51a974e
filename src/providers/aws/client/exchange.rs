//! One question to AWS: the request for each attempt, and what to make of each answer.

use super::classify::{Outcome, refusal, told_in};
use super::sign::Draft;
use crate::http::error::describe_garbage;
use crate::http::{Answer, Error, Exchange, Kind, Reason, Request, Verdict};
use crate::providers::aws::auth::source::{Lent, Source};
use crate::providers::aws::endpoints::{Endpoint, Endpoints, Service, encode, is_region};
use crate::providers::aws::operations::holds;
use crate::providers::aws::xml::{self, Fault, Node};
use async_trait::async_trait;
use aws_credential_types::Credentials;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::SystemTime;

/// What is asked.
pub(crate) enum Question<'a> {
    /// The query protocol.
    Action { service: Service, action: &'a str, params: &'a [(String, String)] },
    /// `GET` on a bucket's sub-resource; the answer's root element, or none for a JSON document.
    Bucket { bucket: &'a str, subresource: &'a str, root: &'a str },
    /// `GET` on S3 itself with a query.
    Buckets { query: &'a [(&'a str, String)] },
    /// `GET` on an object, with these headers; whatever it holds.
    Object { bucket: &'a str, key: &'a str, headers: &'a [(&'static str, String)] },
    /// `GET` on S3 Control for an account.
    Account { account: &'a str, path: &'a str },
}

impl Question<'_> {
    /// Codes that say that there is no such thing. Per question: `NoSuchBucket` means something else to the account's
    /// settings, asked at an address that knows only buckets.
    fn absent(&self) -> &'static [&'static str] {
        match self {
            Question::Action { .. } => &["NoSuchEntity", "NoSuchEntityException"],
            Question::Bucket { .. } => &[
                "NoSuchBucket",
                "NoSuchBucketPolicy",
                "NoSuchPublicAccessBlockConfiguration",
                "OwnershipControlsNotFoundError",
            ],
            Question::Buckets { .. } => &[],
            // Without its bucket an object is not absent: the bucket's name is wrong.
            Question::Object { .. } => &["NoSuchKey"],
            Question::Account { .. } => &["NoSuchPublicAccessBlockConfiguration"],
        }
    }
}

/// As whom it is asked.
pub(crate) enum Signer<'a> {
    Source(&'a Source),
    Fixed(&'a Credentials),
    Nobody,
}

/// What an answer holds.
#[derive(Debug)]
pub(crate) enum Content {
    Xml(Node),
    /// The text of a JSON document.
    Json(String),
    /// An object of S3.
    Bytes(Vec<u8>),
    /// The thing asked for does not exist.
    Absent,
}

/// One question, asked until it is answered.
pub(crate) struct Ask<'a> {
    pub(crate) operation: String,
    pub(crate) question: Question<'a>,
    pub(crate) signer: Signer<'a>,
    pub(crate) endpoints: &'a Endpoints,
    /// Changes when S3 says that a bucket lives elsewhere.
    pub(crate) region: String,
    /// Whether AWS has accepted these credentials; shared by all questions of a client.
    pub(crate) accepted: &'a AtomicBool,
    pub(crate) lent: Option<Lent>,
    pub(crate) content: Option<Content>,
}

#[async_trait]
impl Exchange for Ask<'_> {
    fn operation(&self) -> &str {
        &self.operation
    }

    async fn request(&mut self, renew: bool) -> Result<Request, Error> {
        let Some(draft) = self.draft() else {
            let words = format!("`{}` is no region", self.region);
            return Err(Error::new(Kind::Rejected, &self.operation, words));
        };
        let signed = match &self.signer {
            Signer::Nobody => draft.signed(None, SystemTime::now()),
            Signer::Fixed(credentials) => draft.signed(Some(credentials), SystemTime::now()),
            Signer::Source(source) => {
                let stale = self.lent.take().filter(|_| renew);
                let lent = source.credentials(stale.as_ref()).await?;
                let lent = self.lent.insert(lent);
                draft.signed(Some(&lent.credentials), SystemTime::now())
            }
        };
        signed.map_err(|words| Error::new(Kind::Credentials, &self.operation, words))
    }

    fn judge(&mut self, answer: &Answer) -> Verdict {
        let verdict = if answer.status.is_success() { self.read(answer) } else { self.refusal(answer) };
        self.without_secrets(verdict)
    }
}

impl Ask<'_> {
    fn draft(&self) -> Option<Draft> {
        let get =
            |endpoint: Endpoint, headers| Draft { endpoint, method: http::Method::GET, headers, body: Vec::new() };
        Some(match &self.question {
            Question::Action { service, action, params } => {
                let mut body = format!("Action={}&Version={}", encode(action), service.version());
                for (key, value) in *params {
                    body.push_str(&format!("&{}={}", encode(key), encode(value)));
                }
                let form = "application/x-www-form-urlencoded; charset=utf-8".to_owned();
                Draft {
                    endpoint: self.endpoints.of(*service, &self.region)?,
                    method: http::Method::POST,
                    headers: vec![("content-type", form)],
                    body: body.into_bytes(),
                }
            }
            Question::Bucket { bucket, subresource, .. } => {
                let mut endpoint = self.endpoints.of_bucket(bucket, &self.region)?;
                endpoint.url.set_query(Some(&format!("{}=", encode(subresource))));
                get(endpoint, Vec::new())
            }
            Question::Buckets { query } => {
                let mut endpoint = self.endpoints.of(Service::S3, &self.region)?;
                let pairs: Vec<_> = query.iter().map(|(k, v)| format!("{}={}", encode(k), encode(v))).collect();
                endpoint.url.set_query(Some(&pairs.join("&")));
                get(endpoint, Vec::new())
            }
            Question::Object { bucket, key, headers } => {
                let mut endpoint = self.endpoints.of_bucket(bucket, &self.region)?;
                let key = key.split('/').map(encode).collect::<Vec<_>>().join("/");
                let path = format!("{}/{key}", endpoint.url.path().trim_end_matches('/'));
                endpoint.url.set_path(&path);
                get(endpoint, headers.to_vec())
            }
            Question::Account { account, path } => {
                let mut endpoint = self.endpoints.of_account(account, &self.region)?;
                endpoint.url.set_path(&format!("{}{path}", endpoint.base));
                get(endpoint, vec![("x-amz-account-id", (*account).to_owned())])
            }
        })
    }

    fn read(&mut self, answer: &Answer) -> Verdict {
        if matches!(self.question, Question::Object { .. }) {
            self.content = Some(Content::Bytes(answer.body.clone()));
            return Verdict::Done;
        }
        let json = matches!(self.question, Question::Bucket { root: "", .. });
        let content = if json { read_json(&answer.body) } else { xml::parse(&answer.body).map(Content::Xml) };
        let garbage = |why: &str| {
            let words = format!("{why}; {}", describe_garbage(answer.header("content-type"), &answer.body));
            Verdict::Refuse { kind: Kind::Garbage, code: None, words }
        };
        match content {
            Ok(Content::Xml(root)) if told_in(&root).is_some() => self.refusal(answer),
            Ok(Content::Xml(root)) if !self.expects(&root.name) => garbage(&format!("unexpected root `{}`", root.name)),
            Ok(content) if !self.is_answered_by(&content) => {
                garbage(&format!("it has no `{}`", holds(&self.operation).join("` or `")))
            }
            Ok(content) => {
                self.accepted.store(true, Ordering::Relaxed);
                self.content = Some(content);
                Verdict::Done
            }
            Err(Fault::Cut) => {
                let words = format!("it ends in the middle, after {} bytes", answer.body.len());
                Verdict::Retry(Reason { kind: Kind::Cut, code: None, words })
            }
            Err(Fault::Garbage(why)) => garbage(&why),
        }
    }

    /// Whether the root of a document is that of an answer to this question.
    fn expects(&self, root: &str) -> bool {
        match &self.question {
            Question::Action { action, .. } => root.strip_suffix("Response") == Some(action),
            Question::Bucket { root: wanted, .. } => root == *wanted,
            Question::Buckets { .. } => root == "ListAllMyBucketsResult",
            Question::Object { .. } => false,
            Question::Account { .. } => root == "PublicAccessBlockConfiguration",
        }
    }

    /// Whether a document says anything to this question: an empty one is no empty list.
    fn is_answered_by(&self, content: &Content) -> bool {
        let holds = holds(&self.operation);
        let has = |name: &str| match content {
            Content::Xml(root) => self.result_in(root).child(name).is_some(),
            Content::Json(text) => has_field(text, name),
            Content::Bytes(_) | Content::Absent => true,
        };
        holds.is_empty() || holds.iter().any(|name| has(name))
    }

    /// The element that the answer itself stands in.
    fn result_in<'n>(&self, root: &'n Node) -> &'n Node {
        match &self.question {
            Question::Action { action, .. } => root.child(&format!("{action}Result")).unwrap_or(root),
            _ => root,
        }
    }

    fn refusal(&mut self, answer: &Answer) -> Verdict {
        match refusal(answer, self.question.absent(), self.accepted.load(Ordering::Relaxed)) {
            Outcome::Verdict(verdict) => verdict,
            Outcome::Absent => {
                self.content = Some(Content::Absent);
                Verdict::Done
            }
            Outcome::Elsewhere(region) => {
                let words = format!("the bucket lives in region `{region}`");
                let known = region == self.region || !is_region(&region);
                if known || !matches!(self.question, Question::Bucket { .. } | Question::Object { .. }) {
                    return Verdict::Refuse { kind: Kind::Rejected, code: None, words };
                }
                self.region = region;
                Verdict::Moved { words }
            }
        }
    }

    /// AWS repeats parts of a request in some errors; no secret part may be shown.
    fn without_secrets(&self, mut verdict: Verdict) -> Verdict {
        let credentials = match (&self.signer, &self.lent) {
            (Signer::Fixed(credentials), _) => credentials,
            (_, Some(lent)) => &lent.credentials,
            _ => return verdict,
        };
        let words = match &mut verdict {
            Verdict::Done => return verdict,
            Verdict::Retry(reason) => &mut reason.words,
            Verdict::Refuse { words, .. } | Verdict::Expired { words, .. } | Verdict::Moved { words } => words,
        };
        for secret in [Some(credentials.secret_access_key()), credentials.session_token()].into_iter().flatten() {
            if !secret.is_empty() {
                *words = words.replace(secret, "(sensitive)");
            }
        }
        verdict
    }
}

fn has_field(json: &str, name: &str) -> bool {
    let fields: Result<BTreeMap<String, serde::de::IgnoredAny>, _> = serde_json::from_str(json);
    fields.is_ok_and(|fields| fields.contains_key(name))
}

fn read_json(body: &[u8]) -> Result<Content, Fault> {
    let text = std::str::from_utf8(body).map_err(|e| Fault::Garbage(e.to_string()))?;
    match serde_json::from_str::<serde::de::IgnoredAny>(text) {
        Ok(_) => Ok(Content::Json(text.to_owned())),
        Err(e) if e.is_eof() => Err(Fault::Cut),
        Err(e) => Err(Fault::Garbage(e.to_string())),
    }
}
