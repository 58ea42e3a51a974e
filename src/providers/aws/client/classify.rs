//! What an answer of AWS means, by its error code; the status alone says too little (throttling comes with 400, 403,
//! 429 and 503).

use crate::http::error::describe_garbage;
use crate::http::{Answer, Kind, Reason, Verdict};
use crate::providers::aws::xml::{self, Fault, Node};

const THROTTLED: [&str; 9] = [
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "TooManyRequestsException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestThrottledException",
    "SlowDown",
    "PriorRequestNotComplete",
];
const DENIED: [&str; 5] =
    ["AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AllAccessDisabled", "AccountProblem"];
const EXPIRED: [&str; 4] = ["ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"];
/// Accepted a moment ago, these say that a temporary key has been withdrawn.
const UNKNOWN: [&str; 5] =
    ["InvalidClientTokenId", "UnrecognizedClientException", "InvalidAccessKeyId", "AuthFailure", "InvalidToken"];
const MISSIGNED: [&str; 7] = [
    "SignatureDoesNotMatch",
    "IncompleteSignature",
    "InvalidSignatureException",
    "MissingAuthenticationToken",
    "MissingAuthenticationTokenException",
    "RequestTimeTooSkewed",
    "NotSignedUp",
];
const FAILED: [&str; 6] = [
    "InternalError",
    "InternalFailure",
    "ServiceFailure",
    "ServiceFailureException",
    "ServiceUnavailable",
    "RequestTimeout",
];

/// An error as AWS writes it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) code: String,
    pub(super) message: String,
    /// The region that S3 says a bucket lives in.
    pub(super) region: Option<String>,
}

/// What a refusal comes to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// There is no such thing: an answer, not an error.
    Absent,
    /// The bucket lives in this region.
    Elsewhere(String),
    Verdict(Verdict),
}

/// What an answer that is no success means. `absent`: codes that say to this question that there is no such thing;
/// `accepted`: AWS has accepted these credentials before.
pub(super) fn refusal(answer: &Answer, absent: &[&str], accepted: bool) -> Outcome {
    let status = answer.status.as_u16();
    let Some(told) = told(answer) else { return Outcome::Verdict(without_words(answer)) };
    let is = |codes: &[&str]| codes.contains(&told.code.as_str());
    if is(&THROTTLED) || told.message.contains("Rate exceeded") {
        return retry(Kind::Throttled, told);
    }
    let region = told.region.as_deref().or_else(|| answer.header("x-amz-bucket-region")).map(str::to_owned);
    if let Some(region) = region.filter(|_| matches!(status, 301 | 307) || told.code == "AuthorizationHeaderMalformed")
    {
        return Outcome::Elsewhere(region);
    }
    if is(absent) {
        return Outcome::Absent;
    }
    if is(&EXPIRED) || (accepted && is(&UNKNOWN)) {
        return Outcome::Verdict(Verdict::Expired { code: Some(told.code), words: told.message });
    }
    let kind = if is(&DENIED) {
        Kind::Denied
    } else if is(&UNKNOWN) || is(&MISSIGNED) {
        Kind::Credentials
    } else if is(&FAILED) || (status >= 500 && status != 501 && told.code != "NotImplemented") {
        return retry(Kind::Server, told);
    } else {
        Kind::Rejected
    };
    // What follows the first sentence of a signature error repeats the request's headers, the session token included.
    let words = if is(&MISSIGNED) { first_sentence(&told.message) } else { told.message };
    Outcome::Verdict(Verdict::Refuse { kind, code: Some(told.code), words })
}

fn retry(kind: Kind, told: Told) -> Outcome {
    Outcome::Verdict(Verdict::Retry(Reason { kind, code: Some(told.code), words: told.message }))
}

/// An answer that no AWS service wrote: a proxy's or an emulator's page, or nothing.
fn without_words(answer: &Answer) -> Verdict {
    let status = answer.status.as_u16();
    let words = format!("status {status}, {}", describe_garbage(answer.header("content-type"), &answer.body));
    let begun = String::from_utf8_lossy(&answer.body).contains("<Error");
    match status {
        _ if begun && xml::parse(&answer.body) == Err(Fault::Cut) => {
            Verdict::Retry(Reason { kind: Kind::Cut, code: None, words })
        }
        429 => Verdict::Retry(Reason { kind: Kind::Throttled, code: None, words }),
        408 | 500 | 502..=599 => Verdict::Retry(Reason { kind: Kind::Server, code: None, words }),
        _ => Verdict::Refuse { kind: Kind::Garbage, code: None, words },
    }
}

fn first_sentence(message: &str) -> String {
    let end = message.find(". ").map_or(message.len(), |at| at + 1);
    message.get(..end).unwrap_or(message).lines().next().unwrap_or_default().to_owned()
}

/// The error in an answer: a document of the query protocol or of S3, or a JSON object.
fn told(answer: &Answer) -> Option<Told> {
    if let Ok(root) = xml::parse(&answer.body) {
        return told_in(&root);
    }
    let json: serde_json::Value = serde_json::from_slice(&answer.body).ok()?;
    let text = |names: [&str; 3]| names.iter().find_map(|name| json.get(name)?.as_str()).map(str::to_owned);
    let code = text(["__type", "code", "Code"])?;
    // Either may be written `namespace#Code` or `Code:url`.
    let code = code.rsplit('#').next().unwrap_or_default().split(':').next().unwrap_or_default().to_owned();
    Some(Told { code, message: text(["message", "Message", "errorMessage"]).unwrap_or_default(), region: None })
}

/// The error that a document is; `None` for any other document.
pub(super) fn told_in(root: &Node) -> Option<Told> {
    // S3: `Error`; query protocol: `ErrorResponse/Error`; older services and emulators put `Errors` in between.
    let error = match &*root.name {
        "Error" => root,
        "ErrorResponse" | "Response" => root.child("Errors").unwrap_or(root).child("Error")?,
        _ => return None,
    };
    Some(Told {
        code: error.text_of("Code").filter(|code| !code.is_empty())?.to_owned(),
        message: error.text_of("Message").unwrap_or_default().to_owned(),
        region: error.text_of("Region").map(str::to_owned),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &str) -> Answer {
        let status = http::StatusCode::from_u16(status).unwrap();
        Answer { status, headers: http::HeaderMap::new(), body: body.as_bytes().to_vec() }
    }

    fn kind(status: u16, code: &str, message: &str) -> String {
        let body =
            format!("<ErrorResponse><Error><Code>{code}</Code><Message>{message}</Message></Error></ErrorResponse>");
        match refusal(&answer(status, &body), &["NoSuchEntity"], false) {
            Outcome::Absent => "absent".to_owned(),
            Outcome::Elsewhere(region) => region,
            Outcome::Verdict(Verdict::Retry(reason)) => format!("retry {:?}", reason.kind),
            Outcome::Verdict(Verdict::Refuse { kind, .. }) => format!("{kind:?}"),
            Outcome::Verdict(Verdict::Expired { .. }) => "expired".to_owned(),
            Outcome::Verdict(other) => format!("{other:?}"),
        }
    }

    #[test]
    fn the_code_decides_and_not_the_status() {
        assert_eq!(kind(400, "Throttling", ""), "retry Throttled");
        assert_eq!(kind(503, "SlowDown", ""), "retry Throttled");
        assert_eq!(kind(400, "Whatever", "Rate exceeded"), "retry Throttled");
        assert_eq!(kind(403, "AccessDenied", ""), "Denied");
        assert_eq!(kind(404, "NoSuchEntity", ""), "absent");
        assert_eq!(kind(404, "NoSuchBucket", ""), "Rejected");
        assert_eq!(kind(403, "ExpiredToken", ""), "expired");
        assert_eq!(kind(403, "InvalidClientTokenId", ""), "Credentials");
        assert_eq!(kind(403, "SignatureDoesNotMatch", ""), "Credentials");
        assert_eq!(kind(500, "InternalFailure", ""), "retry Server");
        assert_eq!(kind(400, "ValidationError", ""), "Rejected");
        assert_eq!(kind(501, "NotImplemented", ""), "Rejected");
        assert_eq!(kind(410, "ReportNotPresent", ""), "Rejected");
    }

    #[test]
    fn errors_in_a_list_are_errors_too() {
        let body = "<ErrorResponse><Errors><Error><Code>AccessDenied</Code></Error></Errors></ErrorResponse>";
        let outcome = refusal(&answer(403, body), &[], false);
        assert!(matches!(outcome, Outcome::Verdict(Verdict::Refuse { kind: Kind::Denied, .. })), "{outcome:?}");
    }

    #[test]
    fn a_key_that_was_accepted_before_has_run_out() {
        let body = "<ErrorResponse><Error><Code>InvalidClientTokenId</Code></Error></ErrorResponse>";
        let outcome = refusal(&answer(403, body), &[], true);
        assert!(matches!(outcome, Outcome::Verdict(Verdict::Expired { .. })), "{outcome:?}");
    }

    #[test]
    fn a_signature_error_keeps_only_its_first_sentence() {
        let body = "<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code><Message>The signature does not match. \
                    The Canonical String was 'x-amz-security-token:TOKEN'</Message></Error></ErrorResponse>";
        let Outcome::Verdict(Verdict::Refuse { words, .. }) = refusal(&answer(403, body), &[], false) else { panic!() };
        assert_eq!(words, "The signature does not match.");
    }

    #[test]
    fn other_formats_and_pages() {
        let json = r#"{"__type":"com.amazon#AccessDeniedException","message":"no"}"#;
        let outcome = refusal(&answer(400, json), &[], false);
        assert!(matches!(outcome, Outcome::Verdict(Verdict::Refuse { kind: Kind::Denied, .. })), "{outcome:?}");
        let page = "<!doctype html><html><title>404 Not Found</title>";
        let outcome = refusal(&answer(404, page), &[], false);
        assert!(matches!(outcome, Outcome::Verdict(Verdict::Refuse { kind: Kind::Garbage, .. })), "{outcome:?}");
        for status in [500, 502, 503] {
            let outcome = refusal(&answer(status, page), &[], false);
            assert!(matches!(outcome, Outcome::Verdict(Verdict::Retry(_))), "{outcome:?}");
        }
    }

    #[test]
    fn half_an_error_is_cut() {
        let half = answer(404, "<ErrorResponse><Error><Code>NoSuchEn");
        let outcome = refusal(&half, &["NoSuchEntity"], false);
        let Outcome::Verdict(Verdict::Retry(reason)) = outcome else { panic!("{outcome:?}") };
        assert_eq!(reason.kind, Kind::Cut);
    }

    #[test]
    fn s3_says_where_a_bucket_lives() {
        let malformed =
            "<Error><Code>AuthorizationHeaderMalformed</Code><Message>m</Message><Region>eu-west-1</Region></Error>";
        assert_eq!(refusal(&answer(400, malformed), &[], false), Outcome::Elsewhere("eu-west-1".to_owned()));
        let mut moved = answer(301, "<Error><Code>PermanentRedirect</Code><Message>m</Message></Error>");
        moved.headers.insert("x-amz-bucket-region", "eu-north-1".parse().unwrap());
        assert_eq!(refusal(&moved, &[], false), Outcome::Elsewhere("eu-north-1".to_owned()));
    }
}
