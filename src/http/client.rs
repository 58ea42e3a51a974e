//! A provider's way out: each request passes its gate, and is repeated as its exchange and the policy say.

use super::error::{Error, Kind};
use super::gate::{Allowed, Gate};
use super::retry::{Policy, Verdict, retry_after};
use super::transport::{Answer, Transport};
use async_trait::async_trait;
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use url::Url;

/// A request, complete and signed, on its way to the gate.
pub struct Request {
    pub url: Url,
    /// The path that the configured endpoint begins with; empty for most.
    pub base: String,
    /// Method, headers and body. Its own URI is not looked at: [`Request::url`] is what is checked and sent.
    pub inner: ::http::Request<Vec<u8>>,
}

impl std::fmt::Debug for Request {
    // Neither headers nor query nor body: they may hold credentials.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}{}", self.inner.method(), self.url.host_str().unwrap_or_default(), self.url.path())
    }
}

/// One question to a system, asked as often as it takes.
#[async_trait]
pub trait Exchange: Send {
    /// What is asked, as the provider names it, for example `iam:ListRoles`.
    fn operation(&self) -> &str;

    /// The request for the next attempt, signed with the time of now; `renew` asks for new credentials.
    ///
    /// # Errors
    /// When there are no credentials, or the request cannot be put together.
    async fn request(&mut self, renew: bool) -> Result<Request, Error>;

    /// What the answer means.
    fn judge(&mut self, answer: &Answer) -> Verdict;

    /// How long the answer asks to wait before the next attempt.
    fn pause(&self, answer: &Answer) -> Option<Duration> {
        retry_after(&answer.headers, SystemTime::now())
    }

    /// Whether to ask again when it is not known whether the request was carried out.
    fn is_repeatable(&self) -> bool {
        true
    }
}

/// Sends what its gate lets through.
#[derive(Debug, Clone)]
pub struct Client {
    transport: Arc<Transport>,
    gate: Arc<Gate>,
    policy: Policy,
}

/// How often one exchange may be sent elsewhere.
const MOVES: u32 = 3;

impl Client {
    pub fn new(transport: Arc<Transport>, allowed: impl IntoIterator<Item = Allowed>, policy: Policy) -> Self {
        Client { transport, gate: Arc::new(Gate::new(allowed)), policy }
    }

    pub fn transport(&self) -> &Arc<Transport> {
        &self.transport
    }

    /// Sends one request once. For callers that do their own repeating.
    ///
    /// # Errors
    /// When the gate refuses it, or there is no whole answer.
    pub async fn once(&self, operation: &str, request: Request) -> Result<Answer, Error> {
        if let Err(refused) = self.gate.check(&request.url, &request.base, &request.inner) {
            return Err(Error::new(Kind::NotAllowed, operation, refused.to_string()));
        }
        let host = request.url.host_str().unwrap_or_default().to_owned();
        self.transport
            .send(request)
            .await
            .map_err(|f| Error::new(f.kind, operation, format!("{host}: {}", f.words)).after(1))
    }

    /// Asks until the exchange is content, will not get better, or the policy's attempts are used up.
    ///
    /// # Errors
    /// What the last attempt came to, with the number of attempts.
    pub async fn call(&self, exchange: &mut dyn Exchange) -> Result<Answer, Error> {
        let operation = exchange.operation().to_owned();
        let (mut sent, mut failures, mut moves) = (0, 0, 0);
        let (mut renew, mut renewed) = (false, false);
        loop {
            let request = exchange.request(renew).await.map_err(|e| e.after(sent))?;
            renew = false;
            let (error, wait) = match self.once(&operation, request).await {
                Err(error) if error.kind == Kind::NotAllowed => return Err(error.after(sent)),
                Err(error) if error.kind != Kind::Connection && !exchange.is_repeatable() => {
                    return Err(error.after(sent + 1));
                }
                Err(error) => {
                    sent += 1;
                    (error, None)
                }
                Ok(answer) => {
                    sent += 1;
                    match exchange.judge(&answer) {
                        Verdict::Done => return Ok(answer),
                        Verdict::Refuse { kind, code, words } => {
                            return Err(Error::new(kind, operation, words).code(code).after(sent));
                        }
                        Verdict::Expired { .. } if !renewed => {
                            (renew, renewed) = (true, true);
                            continue;
                        }
                        Verdict::Expired { code, words } => {
                            return Err(Error::new(Kind::Credentials, operation, words).code(code).after(sent));
                        }
                        Verdict::Moved { .. } if moves < MOVES => {
                            moves += 1;
                            continue;
                        }
                        Verdict::Moved { words } => {
                            return Err(Error::new(Kind::Rejected, operation, words).after(sent));
                        }
                        Verdict::Retry(reason) => {
                            let error = Error::new(reason.kind, &operation, reason.words).code(reason.code);
                            (error, exchange.pause(&answer))
                        }
                    }
                }
            };
            failures += 1;
            match self.next_wait(error.kind, failures, wait) {
                Some(wait) => tokio::time::sleep(wait).await,
                None => return Err(error.after(sent)),
            }
        }
    }

    /// How long to wait before the next attempt; `None` when there shall be none.
    fn next_wait(&self, kind: Kind, failures: u32, asked: Option<Duration>) -> Option<Duration> {
        let attempts = match kind {
            Kind::TooLarge => 1,
            Kind::Connection => self.policy.connection_attempts.min(self.policy.attempts),
            _ => self.policy.attempts,
        };
        if failures >= attempts || asked.is_some_and(|asked| asked > self.policy.patience) {
            return None;
        }
        Some(self.policy.wait(failures).max(asked.unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests;
