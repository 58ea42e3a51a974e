//! AWS, as moto 5.2.5 answered for a root module that the AWS provider 6.34 applied.

use crate::server::{Answer, Request};
use crate::system::{Fault, Operation, Page, Scene, System};
use std::path::PathBuf;

pub(crate) struct Aws;

/// Older than any run: driftline then asks after every user.
const OLD_REPORT: Scene = Scene::Own("old report");

/// When the recorded credential report was made.
const MADE: &str = "2015-02-02T20:02:02Z";

const ACCOUNT: &str = "123456789012";

static OF_DETAILS: [&str; 7] = [
    "aws/iam/user",
    "aws/iam/group",
    "aws/iam/membership",
    "aws/iam/role",
    "aws/iam/policy",
    "aws/iam/inline_policy",
    "aws/iam/attachment",
];
static OF_BUCKETS: [&str; 4] =
    ["aws/s3/bucket_policy", "aws/s3/public_access_block", "aws/s3/bucket_acl", "aws/s3/ownership_controls"];

const fn one(name: &'static str, kinds: &'static [&'static str]) -> Operation {
    Operation { name, scene: Scene::Usual, tells_who: false, hides: kinds, loses: kinds, besides: &[], paged: false }
}

const fn list(name: &'static str, kinds: &'static [&'static str]) -> Operation {
    Operation { paged: true, ..one(name, kinds) }
}

static OPERATIONS: &[Operation] = &[
    Operation { tells_who: true, ..one("sts:GetCallerIdentity", &[]) },
    list("iam:GetAccountAuthorizationDetails", &OF_DETAILS),
    // Users made since an old report show nowhere; those that the report names are asked after.
    Operation {
        scene: OLD_REPORT,
        hides: &[
            "aws/iam/user",
            "aws/iam/group",
            "aws/iam/membership",
            "aws/iam/role",
            "aws/iam/policy",
            "aws/iam/inline_policy",
            "aws/iam/attachment",
            "aws/iam/access_key",
            "aws/iam/login_profile",
        ],
        besides: &["stale_credential_report"],
        ..list("iam:GetAccountAuthorizationDetails", &OF_DETAILS)
    },
    list("iam:ListRoles", &["aws/iam/role"]),
    list("iam:ListInstanceProfiles", &["aws/iam/instance_profile"]),
    one("iam:GenerateCredentialReport", &["aws/iam/access_key", "aws/iam/login_profile"]),
    one("iam:GetCredentialReport", &["aws/iam/access_key", "aws/iam/login_profile"]),
    list("iam:ListAccessKeys", &["aws/iam/access_key"]),
    Operation { scene: OLD_REPORT, ..one("iam:GetLoginProfile", &["aws/iam/login_profile"]) },
    one("iam:ListOpenIDConnectProviders", &["aws/iam/oidc_provider"]),
    one("iam:GetOpenIDConnectProvider", &["aws/iam/oidc_provider"]),
    one("iam:ListSAMLProviders", &["aws/iam/saml_provider"]),
    one("iam:GetSAMLProvider", &["aws/iam/saml_provider"]),
    one("iam:GetAccountPasswordPolicy", &["aws/iam/password_policy"]),
    list("iam:ListAccountAliases", &["aws/iam/account_alias"]),
    // Buckets that something is declared of are asked by their names.
    Operation { loses: &[], ..list("s3:ListBuckets", &OF_BUCKETS) },
    one("s3:GetBucketPolicy", &["aws/s3/bucket_policy"]),
    one("s3:GetPublicAccessBlock", &["aws/s3/public_access_block"]),
    one("s3:GetBucketAcl", &["aws/s3/bucket_acl"]),
    one("s3:GetBucketOwnershipControls", &["aws/s3/ownership_controls"]),
    one("s3control:GetPublicAccessBlock", &["aws/s3/account_public_access_block"]),
];

/// Every request that may ever arrive. None of them changes anything.
static READS: &[&str] = &[
    "POST / Action=GetCallerIdentity Version=2011-06-15",
    "POST / Action=GetAccountAuthorizationDetails Version=2010-05-08",
    "POST / Action=ListRoles Version=2010-05-08",
    "POST / Action=ListInstanceProfiles Version=2010-05-08",
    "POST / Action=GenerateCredentialReport Version=2010-05-08",
    "POST / Action=GetCredentialReport Version=2010-05-08",
    "POST / Action=ListAccessKeys Version=2010-05-08",
    "POST / Action=GetLoginProfile Version=2010-05-08",
    "POST / Action=ListOpenIDConnectProviders Version=2010-05-08",
    "POST / Action=GetOpenIDConnectProvider Version=2010-05-08",
    "POST / Action=ListSAMLProviders Version=2010-05-08",
    "POST / Action=GetSAMLProvider Version=2010-05-08",
    "POST / Action=GetAccountPasswordPolicy Version=2010-05-08",
    "POST / Action=ListAccountAliases Version=2010-05-08",
    "GET / max-buckets",
    "GET /BUCKET policy",
    "GET /BUCKET publicAccessBlock",
    "GET /BUCKET acl",
    "GET /BUCKET ownershipControls",
    "GET /v20180820/configuration/publicAccessBlock",
];

/// Parameters that only narrow or go on with a read.
const HARMLESS: [&str; 7] =
    ["MaxItems", "Marker", "UserName", "OpenIDConnectProviderArn", "SAMLProviderArn", "continuation-token", "Filter"];

fn pairs(form: &str) -> Vec<(&str, &str)> {
    let pairs = form.split('&').filter(|pair| !pair.is_empty());
    pairs.map(|pair| pair.split_once('=').unwrap_or((pair, ""))).collect()
}

fn value<'a>(form: &'a str, name: &str) -> Option<&'a str> {
    pairs(form).into_iter().find(|(key, _)| *key == name).map(|(_, value)| value)
}

fn bucket_of(path: &str) -> Option<&str> {
    path.strip_prefix('/').filter(|name| !name.is_empty() && !name.contains('/'))
}

/// The recorded answer of this name.
fn file(system: &Aws, name: &str) -> Option<String> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("testdata/providers").join(system.fixture());
    std::fs::read_to_string(folder.join("answers").join(name)).ok()
}

/// The elements `tag` right inside a list's text, whatever is nested in them.
fn elements<'a>(list: &'a str, tag: &str) -> Vec<&'a str> {
    let (open, close) = (format!("<{tag}>"), format!("</{tag}>"));
    let (mut found, mut depth, mut start, mut at) = (Vec::new(), 0, 0, 0);
    while at < list.len() {
        if list[at..].starts_with(&open) {
            if depth == 0 {
                start = at;
            }
            depth += 1;
            at += open.len();
        } else if list[at..].starts_with(&close) {
            depth -= 1;
            at += close.len();
            if depth == 0 {
                found.push(&list[start..at]);
            }
        } else {
            at += list[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    found
}

/// Keeps one half of a list; the first half has the odd one.
fn halve(text: &str, list: &str, tag: &str, page: Page) -> String {
    let (open, close) = (format!("<{list}>"), format!("</{list}>"));
    let Some((before, rest)) = text.split_once(&open) else { return text.to_owned() };
    let (inside, after) = rest.split_once(&close).expect("a list that ends");
    let all = elements(inside, tag);
    let (first, last) = all.split_at(all.len().div_ceil(2));
    let kept = if page == Page::First { first } else { last };
    format!("{before}{open}{}{close}{after}", kept.concat())
}

impl System for Aws {
    fn name(&self) -> &'static str {
        "aws"
    }

    fn fixture(&self) -> &'static str {
        "aws/conformance"
    }

    fn environment(&self, server: &str) -> Vec<(&'static str, String)> {
        vec![
            ("AWS_ACCESS_KEY_ID", "AKIACANARYCANARY0000".to_owned()),
            ("AWS_SECRET_ACCESS_KEY", "canary-secret-of-the-environment".to_owned()),
            ("AWS_SESSION_TOKEN", "canary-session-token".to_owned()),
            ("AWS_ENDPOINT_URL", server.to_owned()),
            ("AWS_REGION", "eu-central-1".to_owned()),
            ("AWS_EC2_METADATA_DISABLED", "true".to_owned()),
            ("AWS_MAX_ATTEMPTS", "3".to_owned()),
        ]
    }

    fn credentials(&self) -> &'static [&'static str] {
        &["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"]
    }

    fn secrets(&self) -> &'static [&'static str] {
        &["canary"]
    }

    fn operations(&self) -> &'static [Operation] {
        OPERATIONS
    }

    fn reads(&self) -> &'static [&'static str] {
        READS
    }

    fn describe(&self, request: &Request) -> String {
        let path = if bucket_of(&request.path).is_some() { "/BUCKET" } else { &request.path };
        let mut text = format!("{} {path}", request.method);
        let harmless = |key: &str| HARMLESS.contains(&key.split('.').next().unwrap_or(key));
        for (key, _) in pairs(&request.query).into_iter().filter(|(key, _)| !harmless(key)) {
            text.push_str(&format!(" {key}"));
        }
        for (key, value) in pairs(&request.body).into_iter().filter(|(key, _)| !harmless(key)) {
            text.push_str(&format!(" {key}={value}"));
        }
        text
    }

    fn operation_of(&self, request: &Request) -> Option<String> {
        if let Some(action) = value(&request.body, "Action") {
            let service = if action == "GetCallerIdentity" { "sts" } else { "iam" };
            return Some(format!("{service}:{action}"));
        }
        if request.path == "/v20180820/configuration/publicAccessBlock" {
            return Some("s3control:GetPublicAccessBlock".to_owned());
        }
        let named = match pairs(&request.query).first()?.0 {
            "max-buckets" => "ListBuckets",
            "policy" => "GetBucketPolicy",
            "publicAccessBlock" => "GetPublicAccessBlock",
            "acl" => "GetBucketAcl",
            "ownershipControls" => "GetBucketOwnershipControls",
            _ => return None,
        };
        Some(format!("s3:{named}"))
    }

    fn recorded(&self, request: &Request, scene: Scene) -> Answer {
        let unknown = || Answer::new(404, "text/plain", "no such operation");
        let Some(operation) = self.operation_of(request) else { return unknown() };
        let name = match operation.split_once(':') {
            Some(("s3control", _)) => "GetAccountPublicAccessBlock",
            Some((_, name)) => name,
            None => return unknown(),
        };
        let about = value(&request.body, "UserName").or_else(|| bucket_of(&request.path)).unwrap_or_default();
        let names = if scene == Scene::Empty {
            vec![format!("{name}.empty.xml")]
        } else {
            vec![format!("{name}.{about}.xml"), format!("{name}.{about}.json"), format!("{name}.xml")]
        };
        let found = names.iter().find_map(|name| file(self, name));
        // As whom we are known and that a report is ready does not depend on what the account holds.
        let always = ["GetCallerIdentity", "GenerateCredentialReport"].contains(&name);
        let found = found.or_else(|| file(self, &format!("{name}.xml")).filter(|_| always));
        let Some(body) = found else {
            return match file(self, &format!("{name}.none.xml")) {
                Some(body) => Answer::new(404, "text/xml", body),
                None => unknown(),
            };
        };
        let body = match scene {
            Scene::Stranger => body.replace(ACCOUNT, "999999999999"),
            OLD_REPORT => body,
            _ => body.replace(MADE, &jiff::Timestamp::now().to_string()),
        };
        Answer::new(200, if body.starts_with('<') { "text/xml" } else { "application/json" }, body)
    }

    fn page(&self, whole: &Answer, page: Page, operation: &str) -> Answer {
        let mut body = whole.body.clone();
        if operation == "s3:ListBuckets" {
            body = halve(&body, "Buckets", "Bucket", page);
            if page == Page::First {
                let end = "</ListAllMyBucketsResult>";
                body = body.replace(end, &format!("<ContinuationToken>more</ContinuationToken>{end}"));
            }
            return Answer { body, ..whole.clone() };
        }
        let lists = ["UserDetailList", "GroupDetailList", "RoleDetailList", "Policies"];
        for list in lists.into_iter().chain(["Roles", "InstanceProfiles", "AccessKeyMetadata", "AccountAliases"]) {
            // A profile has its roles inside.
            if list != "Roles" || operation == "iam:ListRoles" {
                body = halve(&body, list, "member", page);
            }
        }
        body = body.replace("<IsTruncated>false</IsTruncated>", "");
        if page == Page::First {
            let end = format!("</{}Result>", operation.trim_start_matches("iam:"));
            body = body.replace(&end, &format!("<IsTruncated>true</IsTruncated><Marker>more</Marker>{end}"));
        }
        Answer { body, ..whole.clone() }
    }

    fn asks_for_more(&self, request: &Request) -> bool {
        value(&request.body, "Marker").or_else(|| value(&request.query, "continuation-token")).is_some()
    }

    fn says(&self, fault: Fault, operation: &str) -> Answer {
        let rest = operation.starts_with("s3:");
        let name = operation.split_once(':').map_or(operation, |(_, name)| name);
        let error = |status, code: &str, message: &str| {
            let inside = format!("<Code>{code}</Code><Message>{message}</Message>");
            let body = if rest {
                format!("<Error>{inside}<RequestId>r</RequestId></Error>")
            } else {
                format!(
                    "<ErrorResponse><Error><Type>Sender</Type>{inside}</Error><RequestId>r</RequestId></ErrorResponse>"
                )
            };
            Answer::new(status, "text/xml", body)
        };
        match fault {
            Fault::Throttled if rest => error(503, "SlowDown", "Please reduce your request rate."),
            Fault::Throttled => error(400, "Throttling", "Rate exceeded"),
            Fault::Rejected => error(400, "ValidationError", "Value 'canary-session-token' is not valid"),
            Fault::Expired => error(403, "ExpiredToken", "The security token included in the request is expired"),
            Fault::UnknownKey => error(403, "InvalidClientTokenId", "The security token in the request is invalid."),
            Fault::BadSignature => error(
                403,
                "SignatureDoesNotMatch",
                "The signature we calculated does not match the signature you provided. The Canonical String for this \
                 request should have been 'POST / x-amz-security-token:canary-session-token'",
            ),
            Fault::OtherAnswer => Answer::new(
                200,
                "text/xml",
                "<ListUsersResponse><ListUsersResult><Users/><IsTruncated>false</IsTruncated></ListUsersResult>\
                 </ListUsersResponse>",
            ),
            Fault::HollowAnswer => Answer::new(200, "text/xml", hollow(operation, name)),
            _ => error(403, "AccessDenied", "User: reader is not authorized to perform this operation"),
        }
    }
}

/// A well-formed answer to an operation in which nothing stands.
fn hollow(operation: &str, name: &str) -> String {
    match operation {
        "s3:GetBucketPolicy" => "{}".to_owned(),
        "s3:ListBuckets" => "<ListAllMyBucketsResult/>".to_owned(),
        "s3:GetBucketAcl" => "<AccessControlPolicy/>".to_owned(),
        "s3:GetBucketOwnershipControls" => "<OwnershipControls/>".to_owned(),
        "s3:GetPublicAccessBlock" | "s3control:GetPublicAccessBlock" => "<PublicAccessBlockConfiguration/>".to_owned(),
        _ => format!("<{name}Response><{name}Result/></{name}Response>"),
    }
}
