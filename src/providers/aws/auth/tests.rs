//! What block, variables and files come to. Nothing here is sent.

use super::roles::{Token, WebIdentity};
use super::*;
use crate::model::Setting;
use crate::model::{Secret, Value};
use crate::providers::aws::endpoints::Service;
use std::collections::BTreeMap;

const KEYS: [(&str, &str); 2] = [("AWS_ACCESS_KEY_ID", "AKIAENV"), ("AWS_SECRET_ACCESS_KEY", "s")];

fn known(text: &str) -> Setting {
    Setting::Known(Value::from(text))
}

fn unresolved() -> Setting {
    Setting::Unresolved("var.x".to_owned())
}

fn map(settings: Vec<(&str, Setting)>) -> BTreeMap<String, Setting> {
    settings.into_iter().map(|(name, setting)| (name.to_owned(), setting)).collect()
}

async fn read(
    block: Vec<(&str, Setting)>,
    variables: &[(&str, &str)],
    files: &[(&str, &str)],
) -> Result<Settings, ConnectError> {
    let configuration =
        ProviderConfiguration { place: "main.tf:1".to_owned(), settings: map(block), ..Default::default() };
    settings(Some(&configuration), &Surroundings::made_up(variables, files)).await
}

fn key(settings: &Settings) -> Option<&str> {
    match &settings.root {
        Root::Fixed(credentials) => Some(credentials.access_key_id()),
        _ => None,
    }
}

async fn unknown(block: Vec<(&str, Setting)>) -> String {
    match read(block, &KEYS, &[]).await {
        Err(ConnectError::Unresolved { setting, .. }) => setting,
        other => format!("{other:?}"),
    }
}

#[tokio::test]
async fn the_providers_order_of_credentials() {
    let block = || vec![("access_key", known("AKIABLOCK")), ("secret_key", known("s"))];
    assert_eq!(key(&read(block(), &KEYS, &[]).await.unwrap()), Some("AKIABLOCK"));
    // A profile in the block goes before keys in variables, a profile in a variable does not.
    let files = [("/h/.aws/config", "[profile p]\nregion = eu-west-3\n")];
    let with = |extra: &'static [(&'static str, &'static str)]| [&KEYS[..], &[("HOME", "/h")], extra].concat();
    let in_block = read(vec![("profile", known("p"))], &with(&[]), &files).await.unwrap();
    assert!(matches!(in_block.root, Root::Chain));
    assert_eq!((in_block.files.profile.as_str(), in_block.region.as_str()), ("p", "eu-west-3"));
    let in_variable = read(vec![], &with(&[("AWS_PROFILE", "p")]), &files).await.unwrap();
    assert_eq!(key(&in_variable), Some("AKIAENV"));
    assert!(matches!(read(vec![], &[("HOME", "/h")], &files).await.unwrap().root, Root::Chain));
}

#[tokio::test]
async fn web_identities() {
    let variables = [("AWS_WEB_IDENTITY_TOKEN_FILE", "/t"), ("AWS_ROLE_ARN", "arn:r"), ("AWS_ROLE_SESSION_NAME", "n")];
    let Root::WebIdentity(WebIdentity { role, token }) = read(vec![], &variables, &[]).await.unwrap().root else {
        panic!()
    };
    assert_eq!((role.arn.as_str(), role.session_name.as_str(), token), ("arn:r", "n", Token::File("/t".to_owned())));

    let nested = map(vec![("role_arn", known("arn:b")), ("web_identity_token", known("jwt"))]);
    let block = vec![("assume_role_with_web_identity", Setting::Blocks(vec![nested]))];
    let settings = read(block, &KEYS, &[]).await.unwrap();
    assert!(!format!("{settings:?}").contains("jwt"));
    assert!(matches!(settings.root, Root::WebIdentity(WebIdentity { token: Token::Text(_), .. })));

    let lonely = read(vec![], &variables[..1], &[]).await.unwrap_err();
    assert!(lonely.to_string().contains("AWS_ROLE_ARN"), "{lonely}");
}

#[tokio::test]
async fn what_decides_as_whom_must_be_known() {
    assert_eq!(unknown(vec![("profile", unresolved())]).await, "profile");
    assert_eq!(unknown(vec![("access_key", unresolved())]).await, "access_key");
    assert_eq!(unknown(vec![("shared_config_files", unresolved())]).await, "shared_config_files");
    let secret = Setting::Known(Value::Secret(Secret::present()));
    assert_eq!(unknown(vec![("access_key", known("k")), ("secret_key", secret)]).await, "secret_key");
    let role = |name, setting| {
        vec![("assume_role", Setting::Blocks(vec![map(vec![("role_arn", known("a")), (name, setting)])]))]
    };
    assert_eq!(unknown(role("role_arn", unresolved())).await, "assume_role.role_arn");
    assert_eq!(unknown(role("policy_arns", unresolved())).await, "assume_role.policy_arns");
    assert_eq!(unknown(vec![("assume_role", unresolved())]).await, "assume_role");
    let endpoints = vec![("endpoints", Setting::Blocks(vec![map(vec![("iam", unresolved())])]))];
    assert_eq!(unknown(endpoints).await, "endpoints.iam");

    for name in ["region", "max_retries", "default_tags", "allowed_account_ids", "use_fips_endpoint"] {
        assert!(read(vec![(name, unresolved())], &KEYS, &[]).await.is_ok(), "{name}");
    }
    assert!(read(role("session_name", unresolved()), &KEYS, &[]).await.is_ok());
}

#[tokio::test]
async fn roles_in_order_and_an_empty_block() {
    let role = |arn: &str| map(vec![("role_arn", known(arn))]);
    let settings = read(vec![("assume_role", Setting::Blocks(vec![role("a"), role("b")]))], &KEYS, &[]).await.unwrap();
    assert_eq!(settings.roles.iter().map(|r| r.arn.as_str()).collect::<Vec<_>>(), ["a", "b"]);
    assert!(read(vec![("assume_role", Setting::Blocks(vec![role("")]))], &KEYS, &[]).await.unwrap().roles.is_empty());
    assert!(read(vec![("assume_role", Setting::Blocks(vec![role("a"), role("")]))], &KEYS, &[]).await.is_err());
    // Terraform JSON.
    let json = Value::from_json(serde_json::json!([{ "role_arn": "j", "policy_arns": ["p"], "tags": {"k": "v"} }]));
    let settings = read(vec![("assume_role", Setting::Known(json))], &KEYS, &[]).await.unwrap();
    let params = settings.roles[0].params();
    assert!(params.contains(&("PolicyArns.member.1.arn".to_owned(), "p".to_owned())));
    assert!(params.contains(&("Tags.member.1.Key".to_owned(), "k".to_owned())));
}

#[tokio::test]
async fn half_of_a_key_and_missing_profiles_are_problems() {
    let half = read(vec![("access_key", known("AKIA"))], &KEYS, &[]).await.unwrap_err();
    assert!(half.to_string().contains("part of static credentials"));
    let missing = read(vec![("profile", known("nope"))], &[], &[]).await.unwrap_err().to_string();
    assert!(missing.starts_with("main.tf:1: there is no profile `nope`"), "{missing}");
    let missing = read(vec![], &[("AWS_PROFILE", "nope")], &[]).await.unwrap_err().to_string();
    assert!(missing.contains("AWS_PROFILE names it"), "{missing}");
    let list = Setting::Known(Value::List(vec![Value::from("/no/such")]));
    assert!(read(vec![("shared_config_files", list)], &KEYS, &[]).await.is_err());
}

#[tokio::test]
async fn files_that_the_block_names_replace_the_default_ones() {
    let files = [
        ("/h/.aws/config", "[default]\nregion = eu-west-1\n"),
        (
            "/h/mine",
            "[default]\nregion = eu-west-2\nendpoint_url = http://all:1\nservices = s\n[services s]\niam =\n  endpoint_url = http://iam:2\n",
        ),
    ];
    let list = Setting::Known(Value::List(vec![Value::from("~/mine")]));
    let settings = read(vec![("shared_config_files", list)], &[("HOME", "/h")], &files).await.unwrap();
    assert_eq!(settings.region, "eu-west-2");
    let url = |service| settings.endpoints.overridden(service).unwrap().as_str().to_owned();
    assert_eq!((url(Service::Iam), url(Service::Sts)), ("http://iam:2/".to_owned(), "http://all:1/".to_owned()));
}

#[tokio::test]
async fn endpoints_by_their_order() {
    let nested = map(vec![("s3", known("http://block:1")), ("s3control", known("http://block:2"))]);
    let block = || vec![("endpoints", Setting::Blocks(vec![nested.clone()]))];
    let variables = [
        ("AWS_ENDPOINT_URL", "http://all:3"),
        ("AWS_ENDPOINT_URL_S3", "http://s3:4"),
        ("AWS_ENDPOINT_URL_STS", "http://sts:5"),
    ];
    let settings = read(block(), &variables, &[]).await.unwrap();
    let urls = Service::ALL.map(|s| settings.endpoints.overridden(s).map(|u| u.to_string()).unwrap_or_default());
    assert_eq!(urls, ["http://all:3/", "http://sts:5/", "http://block:1/", "http://block:2/"]);

    let ignored = [&variables[..], &[("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")]].concat();
    let settings = read(block(), &ignored, &[]).await.unwrap();
    assert!(settings.endpoints.overridden(Service::Iam).is_none());
    assert!(settings.endpoints.overridden(Service::S3).is_some());

    for bad in ["nonsense", "ftp://x", "https://user:pw@host", "https://host/?a=b"] {
        assert!(read(vec![], &[("AWS_ENDPOINT_URL", bad)], &[]).await.is_err(), "{bad}");
    }
}

#[tokio::test]
async fn region_and_small_settings() {
    let region = |block, variables: &'static [(&'static str, &'static str)]| async move {
        read(block, variables, &[]).await.unwrap().region
    };
    assert_eq!(region(vec![("region", known("eu-west-1"))], &[("AWS_REGION", "x-1")]).await, "eu-west-1");
    assert_eq!(region(vec![], &[("AWS_REGION", "a-1"), ("AWS_DEFAULT_REGION", "b-1")]).await, "a-1");
    assert_eq!(region(vec![], &[("AWS_DEFAULT_REGION", "b-1")]).await, "b-1");
    assert_eq!(region(vec![], &[("AWS_REGION", "evil.example/")]).await, "us-east-1");
    assert_eq!(region(vec![("region", unresolved())], &[]).await, "us-east-1");
    let settings = read(
        vec![("max_retries", Setting::Known(Value::from(4))), ("s3_use_path_style", Setting::Known(Value::from(true)))],
        &[("AWS_CA_BUNDLE", "/ca.pem"), ("AWS_USE_FIPS_ENDPOINT", "true")],
        &[],
    )
    .await
    .unwrap();
    assert_eq!(settings.max_attempts, Some(4));
    assert!(settings.endpoints.path_style && settings.endpoints.fips && !settings.endpoints.dual_stack);
    assert_eq!(settings.ca_file.unwrap().to_str(), Some("/ca.pem"));
}

#[tokio::test]
async fn no_credentials_is_one_problem_that_says_where_it_was_looked() {
    let settings = read(vec![], &[], &[]).await.unwrap();
    let none = Error::new(Kind::Credentials, source::FINDING, source::NONE_FOUND);
    let text = problem(&settings, none).to_string();
    for place in ["AWS_ACCESS_KEY_ID", "profile `default`", "container", "metadata service", "main.tf:1"] {
        assert!(text.contains(place), "{text}");
    }
}
