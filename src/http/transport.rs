//! Sends one request and reads its answer: TLS, proxies, time-outs, limits, counting. The `reqwest` clients are private
//! to this file, and only `client`, behind the gate, can ask it to send.

use super::client::Request;
use super::error::Kind;
use crate::model::Problem;
use ::http::{HeaderMap, StatusCode};
use std::collections::HashMap;
use std::error::Error as _;
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Semaphore;

/// How to send.
#[derive(Debug, Clone)]
pub struct Options {
    pub connect_timeout: Duration,
    /// From the first byte sent to the last one received.
    pub timeout: Duration,
    /// Longest silence while an answer is read.
    pub silence: Duration,
    /// PEM file of the only certificate authorities to trust, instead of the system's.
    pub ca_file: Option<PathBuf>,
    /// Longest answer in bytes, after decompression.
    pub body_limit: u64,
    /// Requests under way at once to one host.
    pub per_host: usize,
    /// Where to count; a clone of these options counts at the same place.
    pub counters: Arc<Counters>,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            connect_timeout: Duration::from_secs(10),
            timeout: Duration::from_secs(300),
            silence: Duration::from_secs(60),
            ca_file: None,
            body_limit: 512 * 1024 * 1024,
            per_host: 8,
            counters: Arc::default(),
        }
    }
}

impl Options {
    /// The same, with no wait longer than this.
    pub fn within(mut self, longest: Option<Duration>) -> Self {
        if let Some(longest) = longest {
            self.timeout = longest;
            self.silence = self.silence.min(longest);
            self.connect_timeout = self.connect_timeout.min(longest);
        }
        self
    }
}

/// What has been sent and received so far.
#[derive(Debug, Default)]
pub struct Counters {
    requests: AtomicU64,
    sent: AtomicU64,
    received: AtomicU64,
}

impl Counters {
    /// Requests that passed the gate.
    pub fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }

    /// Bytes of URLs, headers and bodies handed over to be sent.
    pub fn sent(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }

    /// Bytes of bodies received, after decompression.
    pub fn received(&self) -> u64 {
        self.received.load(Ordering::Relaxed)
    }
}

/// An answer, whatever its status.
#[derive(Clone)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    /// A header's value, when it is there and printable.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

impl std::fmt::Debug for Answer {
    // Headers and bodies may hold credentials (AssumeRole answers do).
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Answer({}, {} bytes)", self.status.as_u16(), self.body.len())
    }
}

/// Why there is no answer.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) kind: Kind,
    pub(super) words: String,
}

/// The way out, shared by all clients of a run.
pub struct Transport {
    through_proxy: reqwest::Client,
    /// For this machine and its metadata service: what they say is not for a proxy to see.
    direct: reqwest::Client,
    body_limit: u64,
    per_host: usize,
    hosts: Mutex<HashMap<String, Arc<Semaphore>>>,
    counters: Arc<Counters>,
}

impl std::fmt::Debug for Transport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Transport({:?})", self.counters)
    }
}

impl Transport {
    /// # Errors
    /// When the file of certificate authorities cannot be read or holds none, or TLS cannot be set up.
    pub fn new(options: &Options) -> Result<Self, Problem> {
        super::install_tls();
        let mut builder = builder(options);
        if let Some(path) = &options.ca_file {
            let place = path.display().to_string();
            let pem = std::fs::read(path)
                .map_err(|e| Problem::new(format!("cannot read certificate authorities: {e}")).at(&place))?;
            let certificates = reqwest::Certificate::from_pem_bundle(&pem).unwrap_or_default();
            if certificates.is_empty() {
                return Err(Problem::new("holds no certificate in PEM form")
                    .at(place)
                    .help("give a file with `-----BEGIN CERTIFICATE-----` blocks"));
            }
            builder = builder.tls_certs_only(certificates);
        }
        let built = |b: reqwest::ClientBuilder| {
            b.build().map_err(|e| Problem::new(format!("cannot set up TLS: {}", chain(&e))))
        };
        Ok(Transport {
            through_proxy: built(builder)?,
            direct: built(self::builder(options).no_proxy())?,
            body_limit: options.body_limit,
            per_host: options.per_host.max(1),
            hosts: Mutex::default(),
            counters: options.counters.clone(),
        })
    }

    pub fn counters(&self) -> &Counters {
        &self.counters
    }

    /// Sends a request that the gate has let through.
    pub(super) async fn send(&self, request: Request) -> Result<Answer, Failure> {
        let _permit = self.permit(request.url.host_str().unwrap_or_default()).await;
        let client = if stays_near(&request.url) { &self.direct } else { &self.through_proxy };
        let (parts, body) = request.inner.into_parts();
        let head: usize = parts.headers.iter().map(|(n, v)| n.as_str().len() + v.len() + 4).sum();
        let sent = request.url.as_str().len() + head + body.len();
        let mut outgoing = reqwest::Request::new(parts.method, request.url);
        *outgoing.headers_mut() = parts.headers;
        if !body.is_empty() {
            *outgoing.body_mut() = Some(body.into());
        }
        self.counters.requests.fetch_add(1, Ordering::Relaxed);
        self.counters.sent.fetch_add(sent as u64, Ordering::Relaxed);
        let mut response = client.execute(outgoing).await.map_err(|e| failure(&e, Kind::Connection))?;

        let too_large = || Failure { kind: Kind::TooLarge, words: format!("more than {} bytes", self.body_limit) };
        if response.content_length().is_some_and(|length| length > self.body_limit) {
            return Err(too_large());
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|e| failure(&e, Kind::Cut))? {
            self.counters.received.fetch_add(chunk.len() as u64, Ordering::Relaxed);
            if (body.len() + chunk.len()) as u64 > self.body_limit {
                return Err(too_large());
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer { status: response.status(), headers: std::mem::take(response.headers_mut()), body })
    }

    /// Waits until this host has room for one more request. `None` cannot happen: the semaphores are never closed.
    async fn permit(&self, host: &str) -> Option<tokio::sync::OwnedSemaphorePermit> {
        let room = {
            let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
            hosts.entry(host.to_owned()).or_insert_with(|| Arc::new(Semaphore::new(self.per_host))).clone()
        };
        room.acquire_owned().await.ok()
    }
}

fn builder(options: &Options) -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .user_agent(concat!("driftline/", env!("CARGO_PKG_VERSION")))
        .redirect(reqwest::redirect::Policy::none())
        // Attempts are counted and reported in one place, `client`.
        .retry(reqwest::retry::never())
        .connect_timeout(options.connect_timeout)
        .read_timeout(options.silence)
        .timeout(options.timeout)
}

/// This machine, or a link-local address such as the metadata service's.
fn stays_near(url: &url::Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(ip)) => ip.is_loopback() || ip.is_link_local(),
        // `fd00:ec2::/32` holds the metadata and container credential services.
        Some(url::Host::Ipv6(ip)) => {
            IpAddr::V6(ip).is_loopback() || ip.is_unicast_link_local() || ip.segments()[..2] == [0xfd00, 0x0ec2]
        }
        None => false,
    }
}

fn failure(error: &reqwest::Error, otherwise: Kind) -> Failure {
    let kind = if error.is_timeout() {
        Kind::Timeout
    } else if otherwise == Kind::Connection && !error.is_connect() && !error.is_builder() {
        // The connection stood, and ended before the head of an answer.
        Kind::Cut
    } else {
        otherwise
    };
    Failure { kind, words: chain(error) }
}

/// An error and what it comes from, innermost last. Without the URL, which reqwest's own words carry.
fn chain(error: &reqwest::Error) -> String {
    let mut words = Vec::new();
    let mut source = error.source();
    while let Some(inner) = source {
        let text = inner.to_string();
        if words.last() != Some(&text) {
            words.push(text);
        }
        source = inner.source();
    }
    if words.is_empty() { "no further words".to_owned() } else { words.join(": ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stays_near_is_not_for_a_proxy() {
        for (url, near) in [
            ("http://127.0.0.1:5/", true),
            ("http://localhost/", true),
            ("http://169.254.169.254/latest", true),
            ("http://[fd00:ec2::254]/latest", true),
            ("http://[::1]/", true),
            ("https://iam.amazonaws.com/", false),
            ("https://10.0.0.1/", false),
        ] {
            assert_eq!(stays_near(&url.parse().unwrap()), near, "{url}");
        }
    }

    #[test]
    fn a_file_without_certificates_is_a_problem() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let options = Options { ca_file: Some(file.path().to_owned()), ..Options::default() };
        assert!(Transport::new(&options).unwrap_err().message.contains("no certificate"));
        let options = Options { ca_file: Some("/nowhere/ca.pem".into()), ..Options::default() };
        assert!(Transport::new(&options).unwrap_err().message.contains("cannot read"));
    }
}
