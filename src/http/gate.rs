//! The read allow-list: looks at the request that is about to leave and refuses whatever is not listed.
//!
//! It trusts nothing that the caller says about the request. Protocols that name their operation inside a body or a
//! header are looked into there, and everything by which a listed request could carry another operation along (a second
//! `Action`, another spelling of it, a method override, a body on a `GET`, an encoded body) is refused.

use ::http::header::{self, HeaderMap, HeaderName};
use ::http::{Method, Request};
use percent_encoding::percent_decode_str;
use std::fmt;
use url::Url;

/// One request that may leave.
#[derive(Debug, Clone, Copy)]
pub struct Allowed {
    /// As the provider names it, for example `iam:ListRoles`.
    pub operation: &'static str,
    pub shape: Shape,
}

/// What the request looks like on the wire.
#[derive(Debug, Clone, Copy)]
pub enum Shape {
    /// AWS query protocol: `POST /` with one `Action` and one `Version` in a form body.
    Query { action: &'static str, version: &'static str },
    /// AWS JSON protocol: `POST /` with this `X-Amz-Target`.
    Target { target: &'static str },
    /// Method, path and query name the operation.
    Rest {
        method: &'static str,
        /// Any of these. `{}` stands for one segment that is not empty; `/**` for any path.
        paths: &'static [&'static str],
        /// Query keys that must be there.
        required: &'static [&'static str],
        /// Query keys that may be there; `*` for any but `Action`.
        optional: &'static [&'static str],
        body: Body,
    },
}

/// What a [`Shape::Rest`] request may carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Body {
    Empty,
    Json,
}

/// The gate's refusal. Only the gate makes one, and nothing was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    reason: String,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl std::error::Error for Refused {}

/// A provider's allow-list.
#[derive(Debug, Clone)]
pub struct Gate {
    allowed: Vec<Allowed>,
}

/// Headers that make a server see another request than the one that was checked.
const DISGUISES: [&str; 6] = [
    "x-http-method-override",
    "x-http-method",
    "x-method-override",
    "content-encoding",
    "transfer-encoding",
    "upgrade",
];

const TARGET: HeaderName = HeaderName::from_static("x-amz-target");

impl Gate {
    pub fn new(allowed: impl IntoIterator<Item = Allowed>) -> Self {
        Gate { allowed: allowed.into_iter().collect() }
    }

    /// The operation that this request is, by the list.
    ///
    /// `base` is the path that the configured endpoint begins with (empty for most); the listed paths follow it.
    ///
    /// # Errors
    /// When the request is not, or not only, a listed one.
    pub fn check(&self, url: &Url, base: &str, request: &Request<Vec<u8>>) -> Result<&'static str, Refused> {
        for disguise in DISGUISES {
            if request.headers().contains_key(disguise) {
                return Err(refused(request, url, &format!("it carries a `{disguise}` header")));
            }
        }
        let path = match url.path().strip_prefix(base.trim_end_matches('/')) {
            Some("") => "/",
            Some(path) if path.starts_with('/') => path,
            _ => return Err(refused(request, url, "its path is not under the endpoint's")),
        };
        self.allowed
            .iter()
            .find(|allowed| allowed.shape.admits(url, path, request))
            .map(|allowed| allowed.operation)
            .ok_or_else(|| refused(request, url, "it is not on the list of read operations"))
    }
}

fn refused(request: &Request<Vec<u8>>, url: &Url, why: &str) -> Refused {
    let action = Form::parse(request.body()).and_then(|form| form.only("Action").map(|action| format!(" `{action}`")));
    Refused { reason: format!("{} {}{}: {why}", request.method(), url.path(), action.unwrap_or_default()) }
}

impl Shape {
    fn admits(&self, url: &Url, path: &str, request: &Request<Vec<u8>>) -> bool {
        let headers = request.headers();
        match *self {
            Shape::Query { action, version } => {
                let form = Form::parse(request.body());
                request.method() == Method::POST
                    && path == "/"
                    && url.query().is_none()
                    && !headers.contains_key(TARGET)
                    && content_type(headers).is_some_and(|t| t == "application/x-www-form-urlencoded")
                    && form.is_some_and(|f| f.only("Action") == Some(action) && f.only("Version") == Some(version))
            }
            Shape::Target { target } => {
                let mut targets = headers.get_all(TARGET).iter();
                request.method() == Method::POST
                    && path == "/"
                    && url.query().is_none()
                    && content_type(headers).is_some_and(|t| t.starts_with("application/x-amz-json-1."))
                    && targets.next().is_some_and(|t| t == target)
                    && targets.next().is_none()
            }
            Shape::Rest { method, paths, required, optional, body } => {
                request.method() == method
                    && paths.iter().any(|pattern| path_matches(pattern, path))
                    && query_matches(url, required, optional)
                    && !headers.contains_key(TARGET)
                    && match body {
                        Body::Empty => request.body().is_empty(),
                        Body::Json => {
                            let kind = content_type(headers);
                            method != "GET" && kind.is_some_and(|t| t == "application/json" || t.ends_with("+json"))
                        }
                    }
            }
        }
    }
}

/// The one content type of a request, without its parameters.
fn content_type(headers: &HeaderMap) -> Option<String> {
    let mut all = headers.get_all(header::CONTENT_TYPE).iter();
    let first = all.next()?.to_str().ok()?;
    if all.next().is_some() {
        return None;
    }
    Some(first.split(';').next().unwrap_or_default().trim().to_ascii_lowercase())
}

fn path_matches(pattern: &str, path: &str) -> bool {
    if pattern == "/**" {
        return true;
    }
    // An encoded slash or dot would be one segment here and may be several, or another one, at the server.
    let lower = path.to_ascii_lowercase();
    if lower.contains("%2f") || lower.contains("%2e") || lower.contains("%5c") {
        return false;
    }
    let (mut wanted, mut given) = (pattern.split('/'), path.split('/'));
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return true,
            (Some("{}"), Some(segment)) if !segment.is_empty() && segment != "." && segment != ".." => {}
            (Some(literal), Some(segment)) if literal == segment => {}
            _ => return false,
        }
    }
}

fn query_matches(url: &Url, required: &[&str], optional: &[&str]) -> bool {
    let keys: Vec<String> = match url.query() {
        None => Vec::new(),
        Some(query) => match Form::parse(query.as_bytes()) {
            Some(form) => form.pairs.into_iter().map(|(key, _)| key).collect(),
            None => return false,
        },
    };
    let any = optional.contains(&"*");
    required.iter().all(|r| keys.iter().any(|k| k == r))
        && keys.iter().all(|key| {
            let key = key.as_str();
            required.contains(&key) || optional.contains(&key) || (any && !key.trim().eq_ignore_ascii_case("action"))
        })
}

/// The pairs of a form body or a query, read as strictly as can be: what two parsers could read in two ways is nothing.
struct Form {
    pairs: Vec<(String, String)>,
}

impl Form {
    fn parse(text: &[u8]) -> Option<Form> {
        let text = std::str::from_utf8(text).ok()?;
        // `;` separates pairs for some servers.
        if !text.is_ascii() || text.contains([';', '\0', '\r', '\n']) {
            return None;
        }
        let mut pairs = Vec::new();
        for pair in text.split('&').filter(|pair| !pair.is_empty()) {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            pairs.push((decode(key)?, decode(value)?));
        }
        Some(Form { pairs })
    }

    /// The value of this key, when it is there once and in this spelling only.
    fn only(&self, key: &str) -> Option<&str> {
        let mut alike =
            self.pairs.iter().filter(|(k, _)| k.trim_matches(|c: char| !c.is_alphanumeric()).eq_ignore_ascii_case(key));
        match (alike.next(), alike.next()) {
            (Some((k, value)), None) if k == key => Some(value),
            _ => None,
        }
    }
}

fn decode(text: &str) -> Option<String> {
    let text = percent_decode_str(&text.replace('+', " ")).decode_utf8().ok()?.into_owned();
    (!text.contains('\0')).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gate() -> Gate {
        Gate::new([
            Allowed { operation: "iam:ListRoles", shape: Shape::Query { action: "ListRoles", version: "2010-05-08" } },
            Allowed { operation: "sso:List", shape: Shape::Target { target: "SWBExternalService.ListInstances" } },
            Allowed {
                operation: "s3:GetBucketPolicy",
                shape: Shape::Rest {
                    method: "GET",
                    paths: &["/", "/{}"],
                    required: &["policy"],
                    optional: &[],
                    body: Body::Empty,
                },
            },
            Allowed {
                operation: "container credentials",
                shape: Shape::Rest {
                    method: "GET",
                    paths: &["/**"],
                    required: &["role"],
                    optional: &["*"],
                    body: Body::Empty,
                },
            },
        ])
    }

    fn check(method: &str, url: &str, headers: &[(&str, &str)], body: &str) -> Result<&'static str, Refused> {
        let mut request = Request::builder().method(method).uri(url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        gate().check(&url.parse().unwrap(), "", &request.body(body.as_bytes().to_vec()).unwrap())
    }

    const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded; charset=utf-8");
    const IAM: &str = "https://iam.amazonaws.com/";

    #[test]
    fn listed_requests_pass() {
        let pass = |result: Result<&'static str, Refused>, operation| assert_eq!(result, Ok(operation));
        pass(check("POST", IAM, &[FORM], "Action=ListRoles&Version=2010-05-08&Marker=a%2Bb"), "iam:ListRoles");
        pass(check("GET", "https://b.s3.amazonaws.com/?policy", &[], ""), "s3:GetBucketPolicy");
        pass(check("GET", "http://127.0.0.1:1/b.c?policy=", &[], ""), "s3:GetBucketPolicy");
        pass(check("GET", "http://169.254.170.2/v2/x/y?role=a&z=b", &[], ""), "container credentials");
        let json = ("content-type", "application/x-amz-json-1.1");
        let target = ("x-amz-target", "SWBExternalService.ListInstances");
        pass(check("POST", "https://sso.eu-west-1.amazonaws.com/", &[json, target], "{}"), "sso:List");
    }

    #[test]
    fn writes_and_disguised_writes_do_not() {
        let form = |body: &str| check("POST", IAM, &[FORM], body);
        for body in [
            "Action=CreateUser&Version=2010-05-08&UserName=x",
            "Action=AttachRolePolicy&Version=2010-05-08",
            "Action=ListRoles&Action=CreateUser&Version=2010-05-08",
            "Action=ListRoles&action=CreateUser&Version=2010-05-08",
            "Action=ListRoles&%41ction=CreateUser&Version=2010-05-08",
            "Action=ListRoles&+Action=CreateUser&Version=2010-05-08",
            "Action=ListRoles&Action[]=CreateUser&Version=2010-05-08",
            "Action=ListRoles;Action=CreateUser&Version=2010-05-08",
            "action=ListRoles&Version=2010-05-08",
            "Action=listroles&Version=2010-05-08",
            "Action=ListRoles&Version=2011-06-15",
            "Action=ListRoles",
            "Version=2010-05-08",
            "Action=ListRoles&Version=2010-05-08\r\nAction=CreateUser",
            "",
        ] {
            assert!(form(body).is_err(), "{body}");
        }
        let body = "Action=ListRoles&Version=2010-05-08";
        assert!(check("GET", IAM, &[FORM], body).is_err());
        assert!(check("PUT", IAM, &[FORM], body).is_err());
        assert!(check("POST", IAM, &[], body).is_err());
        assert!(check("POST", "https://iam.amazonaws.com/?Action=CreateUser", &[FORM], body).is_err());
        assert!(check("POST", IAM, &[FORM, ("X-Amz-Target", "X.CreateUser")], body).is_err());
        assert!(check("POST", IAM, &[FORM, ("content-encoding", "gzip")], body).is_err());
        assert!(check("POST", IAM, &[FORM, ("X-HTTP-Method-Override", "DELETE")], body).is_err());
    }

    #[test]
    fn bucket_requests_are_held_to_method_path_and_sub_resource() {
        for (method, url, body) in [
            ("PUT", "https://b.s3.amazonaws.com/?policy", "{}"),
            ("DELETE", "https://b.s3.amazonaws.com/?policy", ""),
            ("DELETE", "https://b.s3.amazonaws.com/", ""),
            ("GET", "https://b.s3.amazonaws.com/?policy", "Action=CreateUser&Version=2010-05-08"),
            ("GET", "https://b.s3.amazonaws.com/?policy&acl", ""),
            ("GET", "https://b.s3.amazonaws.com/?acl", ""),
            ("GET", "https://b.s3.amazonaws.com/", ""),
            ("GET", "https://s3.amazonaws.com/b/key?policy", ""),
            ("GET", "https://s3.amazonaws.com/b%2Fkey?policy", ""),
            ("GET", "https://iam.amazonaws.com/?role=x&Action=CreateUser", ""),
            ("GET", "https://iam.amazonaws.com/?role=x&aCtion=CreateUser", ""),
        ] {
            assert!(check(method, url, &[], body).is_err(), "{method} {url}");
        }
    }

    #[test]
    fn a_target_is_checked_to_the_letter() {
        let json = ("content-type", "application/x-amz-json-1.1");
        let url = "https://sso.eu-west-1.amazonaws.com/";
        let right = ("x-amz-target", "SWBExternalService.ListInstances");
        let wrong = ("x-amz-target", "SWBExternalService.CreateAccountAssignment");
        assert!(check("POST", url, &[json, wrong], "{}").is_err());
        assert!(check("POST", url, &[json, right, wrong], "{}").is_err());
        assert!(check("POST", url, &[json], "{}").is_err());
    }

    #[test]
    fn an_endpoint_may_begin_with_a_path() {
        let url: Url = "http://127.0.0.1/aws/b?policy".parse().unwrap();
        let request = Request::builder().method("GET").body(Vec::new()).unwrap();
        assert!(gate().check(&url, "/aws", &request).is_ok());
        assert!(gate().check(&url, "/aws/", &request).is_ok());
        assert!(gate().check(&url, "", &request).is_err());
        assert!(gate().check(&url, "/other", &request).is_err());
    }
}
