//! Why a request gave nothing, in kinds that a caller can branch on.

use crate::source::clean::for_terminal;
use std::fmt;

/// Longest excerpt of a system's own words, in characters.
const WORDS: usize = 300;

/// What went wrong. Each provider maps its own error codes to these.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The system knows us and says no.
    Denied,
    /// Still throttled after all attempts.
    Throttled,
    /// Still a fault of the system's own (5xx) after all attempts.
    Server,
    /// No answer in time.
    Timeout,
    /// No connection: name not found, refused, TLS, proxy.
    Connection,
    /// The answer ended before it was whole.
    Cut,
    /// The answer is not in the expected format.
    Garbage,
    /// The answer is longer than the limit.
    TooLarge,
    /// The gate refused the request; nothing left the process.
    NotAllowed,
    /// There are no credentials, or the system does not accept them.
    Credentials,
    /// The system understood the request and rejected it for another reason.
    Rejected,
}

impl Kind {
    fn in_words(self) -> &'static str {
        match self {
            Kind::Denied => "denied",
            Kind::Throttled => "throttled",
            Kind::Server => "the system failed",
            Kind::Timeout => "no answer in time",
            Kind::Connection => "no connection",
            Kind::Cut => "the answer was cut short",
            Kind::Garbage => "the answer is not in the expected format",
            Kind::TooLarge => "the answer is too large",
            Kind::NotAllowed => "not on the list of read operations",
            Kind::Credentials => "credentials not accepted",
            Kind::Rejected => "rejected",
        }
    }
}

/// A request that gave nothing. Holds no header and no credential, so it may be shown as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    pub kind: Kind,
    /// What was asked, as the provider names it, for example `iam:ListRoles`.
    pub operation: String,
    /// How many requests were sent for it.
    pub attempts: u32,
    /// The system's own error code, where it gave one.
    pub code: Option<String>,
    /// The system's own words, or those of the layer that failed: cleaned, at most 300 characters.
    pub words: String,
}

impl Error {
    pub fn new(kind: Kind, operation: impl Into<String>, words: impl AsRef<str>) -> Self {
        Error { kind, operation: operation.into(), attempts: 0, code: None, words: excerpt(words.as_ref()) }
    }

    pub fn code(mut self, code: Option<impl Into<String>>) -> Self {
        self.code = code.map(|c| excerpt(&c.into()));
        self
    }

    pub(super) fn after(mut self, attempts: u32) -> Self {
        self.attempts = attempts;
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`: {}", self.operation, self.kind.in_words())?;
        if self.attempts > 1 {
            write!(f, " after {} attempts", self.attempts)?;
        }
        if let Some(code) = &self.code {
            write!(f, ": {code}")?;
        }
        if !self.words.is_empty() {
            write!(f, ": {}", self.words)?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}

/// The first 300 characters of a text, on one line and harmless to a terminal.
pub fn excerpt(text: &str) -> String {
    // Bounded before it is cleaned: an answer may be a megabyte of one line.
    let head: String = text.chars().take(4 * WORDS).collect();
    let words = head.split_whitespace().collect::<Vec<_>>().join(" ");
    let clean = for_terminal(&words, false);
    match clean.char_indices().nth(WORDS) {
        Some((at, _)) => format!("{}…", clean.get(..at).unwrap_or_default()),
        None => clean,
    }
}

/// A short printable beginning of an answer that is not what it should be, with its content type.
pub fn describe_garbage(content_type: Option<&str>, body: &[u8]) -> String {
    let head = String::from_utf8_lossy(body.get(..400.min(body.len())).unwrap_or_default());
    let head: String = excerpt(&head).chars().take(120).collect();
    format!("content type `{}`, beginning `{head}`", excerpt(content_type.unwrap_or("none")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_bounded_and_clean() {
        let long = "x".repeat(5_000_000);
        assert_eq!(excerpt(&long).chars().count(), 301);
        assert_eq!(excerpt("a\u{1b}[31m\r\n b"), "a\\u{1b}[31m b");
        assert_eq!(excerpt(&"é".repeat(400)).chars().count(), 301);
    }

    #[test]
    fn display_names_operation_attempts_and_code() {
        let error = Error::new(Kind::Throttled, "iam:ListRoles", "Rate exceeded").code(Some("Throttling")).after(3);
        assert_eq!(error.to_string(), "`iam:ListRoles`: throttled after 3 attempts: Throttling: Rate exceeded");
    }
}
