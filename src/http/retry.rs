//! When to ask again, and how long to wait before: full-jitter exponential back-off.

use super::error::Kind;
use ::http::HeaderMap;
use std::time::{Duration, SystemTime};

/// How often and how patiently to ask again.
#[derive(Debug, Clone, Copy)]
pub struct Policy {
    /// Requests at most, the first one included.
    pub attempts: u32,
    /// Longest wait after the first failure; doubles with each further one.
    pub base: Duration,
    /// Longest wait ever chosen by us. A system that names a longer one is believed up to [`Policy::patience`].
    pub cap: Duration,
    /// Longest wait that a system may ask for; when it asks for more, we give up at once.
    pub patience: Duration,
    /// Requests at most when there is no connection at all: a wrong name does not get better.
    pub connection_attempts: u32,
}

impl Default for Policy {
    fn default() -> Self {
        Policy {
            attempts: 8,
            base: Duration::from_millis(300),
            cap: Duration::from_secs(20),
            patience: Duration::from_secs(120),
            connection_attempts: 3,
        }
    }
}

/// What a provider makes of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// This is the answer.
    Done,
    /// Worth asking again after a wait.
    Retry(Reason),
    /// Asking again will not help.
    Refuse { kind: Kind, code: Option<String>, words: String },
    /// The credentials have run out: fetch them anew, once, and ask again at once.
    Expired { code: Option<String>, words: String },
    /// The thing lives elsewhere, and the exchange has noted where: ask there at once.
    Moved { words: String },
}

/// Why an answer is worth asking for again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// What it becomes when all attempts are used up.
    pub kind: Kind,
    pub code: Option<String>,
    pub words: String,
}

impl Policy {
    /// The wait after this many failures: anything between nothing and an exponentially growing limit, so that many
    /// clients throttled together do not come back together.
    pub fn wait(&self, failures: u32) -> Duration {
        self.limit(failures).mul_f64(fastrand::f64())
    }

    fn limit(&self, failures: u32) -> Duration {
        let doublings = failures.saturating_sub(1).min(20);
        self.base.saturating_mul(1 << doublings).min(self.cap)
    }
}

/// What `Retry-After` asks for: seconds or a date (RFC 9110 §10.2.3).
pub fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = headers.get(::http::header::RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let date = jiff::fmt::rfc2822::parse(text).ok()?;
    let date = SystemTime::from(date.timestamp());
    Some(date.duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::UNIX_EPOCH;

    #[test]
    fn limits_double_up_to_the_cap() {
        let policy = Policy { base: Duration::from_secs(1), cap: Duration::from_secs(5), ..Policy::default() };
        let limits: Vec<_> = [1, 2, 3, 4, 4_000_000].map(|n| policy.limit(n).as_secs()).to_vec();
        assert_eq!(limits, [1, 2, 4, 5, 5]);
        assert!((0..100).all(|_| policy.wait(3) <= Duration::from_secs(4)));
    }

    #[test]
    fn retry_after_in_both_forms() {
        let headers = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("retry-after", text.parse().unwrap());
            headers
        };
        let now = UNIX_EPOCH + Duration::from_secs(1_445_412_480); // Wed, 21 Oct 2015 07:28:00 GMT
        assert_eq!(retry_after(&headers("7"), now), Some(Duration::from_secs(7)));
        assert_eq!(retry_after(&headers("Wed, 21 Oct 2015 07:28:30 GMT"), now), Some(Duration::from_secs(30)));
        assert_eq!(retry_after(&headers("Wed, 21 Oct 2015 07:00:00 GMT"), now), Some(Duration::ZERO));
        assert_eq!(retry_after(&headers("soon"), now), None);
    }
}
