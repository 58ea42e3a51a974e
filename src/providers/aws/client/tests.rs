//! The client against a server on this machine that answers like AWS, and like AWS on a bad day.

use super::*;
use crate::http::testserver::{Reply, TestServer};
use crate::model::Setting;
use crate::model::{ProviderRef, Value};
use std::collections::BTreeMap;
use std::time::Duration;

const WHO: &str = "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/reader</Arn>\
                   <Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>";

fn error(status: u16, code: &str, message: &str) -> Reply {
    Reply::new(
        status,
        format!("<ErrorResponse><Error><Code>{code}</Code><Message>{message}</Message></Error></ErrorResponse>"),
    )
}

fn roles(names: &[&str], tail: &str) -> Reply {
    let members: String = names.iter().map(|n| format!("<member><RoleName>{n}</RoleName></member>")).collect();
    Reply::new(
        200,
        format!(
            "<ListRolesResponse><ListRolesResult><Roles>{members}</Roles>{tail}</ListRolesResult></ListRolesResponse>"
        ),
    )
}

fn assumed(key: &str) -> Reply {
    Reply::new(
        200,
        format!(
            "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>{key}</AccessKeyId><SecretAccessKey>s\
             </SecretAccessKey><SessionToken>t-{key}</SessionToken><Expiration>2999-01-01T00:00:00Z</Expiration>\
             </Credentials></AssumeRoleResult></AssumeRoleResponse>"
        ),
    )
}

fn block(settings: Vec<(&str, Setting)>) -> ProviderConfiguration {
    ProviderConfiguration {
        provider: ProviderRef::default(),
        place: "main.tf:3".to_owned(),
        settings: settings.into_iter().map(|(name, setting)| (name.to_owned(), setting)).collect(),
    }
}

async fn try_connect(server: &TestServer, block: Option<&ProviderConfiguration>) -> Result<AwsClient, ConnectError> {
    let surroundings = Surroundings::made_up(
        &[
            ("AWS_ACCESS_KEY_ID", "AKIAROOT"),
            ("AWS_SECRET_ACCESS_KEY", "very-secret"),
            ("AWS_ENDPOINT_URL", &server.url()),
            ("AWS_REGION", "eu-central-1"),
        ],
        &[],
    );
    let policy = Policy { attempts: 3, base: Duration::from_millis(1), ..Policy::default() };
    AwsClient::connect_with(block, &surroundings, &Options::default(), policy).await
}

/// A client that has asked who it is; what it asks next is answered by `replies`.
async fn client(replies: impl IntoIterator<Item = Reply>) -> (AwsClient, TestServer) {
    let server = TestServer::start(std::iter::once(Reply::new(200, WHO)).chain(replies)).await;
    let client = try_connect(&server, None).await.unwrap();
    (client, server)
}

async fn list(client: &AwsClient) -> (Vec<String>, Listing) {
    let mut names = Vec::new();
    let listing = client
        .paged(Service::Iam, "ListRoles", &[("MaxItems", "2")], |page| {
            names.extend(page.members("Roles").filter_map(|m| m.text_of("RoleName")).map(str::to_owned));
        })
        .await;
    (names, listing)
}

#[tokio::test]
async fn says_who_it_is() {
    let (client, server) = client([]).await;
    assert_eq!(client.caller().account, "123456789012");
    assert_eq!((client.region(), client.partition().id), ("eu-central-1", "aws"));
    let seen = &server.seen()[0];
    assert_eq!(seen.body, "Action=GetCallerIdentity&Version=2011-06-15");
    assert!(seen.headers.contains("/eu-central-1/sts/aws4_request"));
    assert!(!format!("{client:?}").contains("very-secret"));
}

#[tokio::test]
async fn a_write_is_refused_before_it_leaves() {
    let (client, server) = client([]).await;
    for (service, action) in [(Service::Iam, "CreateUser"), (Service::Sts, "AssumeRole"), (Service::Sts, "ListRoles")] {
        let error = client.query(service, action, &[]).await.unwrap_err();
        assert_eq!(error.kind, Kind::NotAllowed);
    }
    let smuggled = client.query(Service::Iam, "ListRoles", &[("Action", "CreateUser")]).await.unwrap_err();
    assert_eq!(smuggled.kind, Kind::NotAllowed);
    assert_eq!(client.bucket_setting("b", "PutBucketPolicy").await.unwrap_err().kind, Kind::NotAllowed);
    assert_eq!((server.seen().len(), client.requests()), (1, 1));
}

#[tokio::test]
async fn a_bad_day_is_sat_out() {
    let html = Reply::new(500, "<html><body>oops</body></html>").with("content-type", "text/html");
    let whole = "<IsTruncated>false</IsTruncated>";
    for bad in [
        vec![error(400, "Throttling", "Rate exceeded"), error(503, "SlowDown", "")],
        vec![html.clone(), Reply::HangUp],
        vec![error(500, "InternalFailure", "")],
        vec![Reply::Cut(b"<ListRolesResponse>".to_vec())],
        vec![Reply::Unframed(b"<ListRolesResponse><ListRolesResult><Roles>".to_vec())],
    ] {
        let (client, _server) = client(bad.into_iter().chain([roles(&["a"], whole)])).await;
        let (names, listing) = list(&client).await;
        assert_eq!((names, listing.error), (vec!["a".to_owned()], None));
    }
}

#[tokio::test]
async fn what_does_not_get_better_has_its_kind() {
    let page = Reply::new(200, "<!DOCTYPE html><html>Sign in</html>").with("content-type", "text/html");
    for (reply, kind, attempts) in [
        (error(403, "AccessDenied", "User is not authorized"), Kind::Denied, 1),
        (error(400, "Throttling", "Rate exceeded"), Kind::Throttled, 3),
        (Reply::new(502, "<html>Bad gateway"), Kind::Server, 3),
        (Reply::Unframed(b"<ListRolesResponse>".to_vec()), Kind::Cut, 3),
        (page, Kind::Garbage, 1),
        (Reply::new(200, WHO), Kind::Garbage, 1),
        (Reply::new(404, "<html>no such path"), Kind::Garbage, 1),
        (error(403, "SignatureDoesNotMatch", "No. x-amz-security-token:very-secret"), Kind::Credentials, 1),
        (error(400, "ValidationError", "no, very-secret"), Kind::Rejected, 1),
    ] {
        let (client, _server) = client([reply]).await;
        let error = client.query(Service::Iam, "ListRoles", &[]).await.unwrap_err();
        assert_eq!((error.kind, error.attempts), (kind, attempts), "{error}");
        assert_eq!(error.operation, "iam:ListRoles");
        assert!(!error.to_string().contains("very-secret"), "{error}");
    }
}

#[tokio::test]
async fn pages_are_followed() {
    let (client, server) = client([
        roles(&[], "<IsTruncated>true</IsTruncated><Marker>a+b/=&amp;</Marker>"),
        roles(&["a"], "<IsTruncated>true</IsTruncated><Marker>second</Marker>"),
        roles(&["b"], "<IsTruncated>false</IsTruncated>"),
    ])
    .await;
    let (names, listing) = list(&client).await;
    assert_eq!(names, ["a", "b"]);
    assert!(listing.error.is_none());
    let bodies: Vec<_> = server.seen().iter().skip(1).map(|s| s.body.clone()).collect();
    assert_eq!(bodies[0], "Action=ListRoles&Version=2010-05-08&MaxItems=2");
    assert_eq!(bodies[1], "Action=ListRoles&Version=2010-05-08&MaxItems=2&Marker=a%2Bb%2F%3D%26");
}

#[tokio::test]
async fn a_broken_listing_says_so_and_keeps_what_it_gave() {
    let more = "<IsTruncated>true</IsTruncated><Marker>m</Marker>";
    for (second, kind, seen) in [
        (roles(&["b"], more), Kind::Garbage, vec!["a", "b"]),
        (roles(&["b"], "<IsTruncated>true</IsTruncated>"), Kind::Garbage, vec!["a", "b"]),
        (roles(&["b"], "<IsTruncated>perhaps</IsTruncated>"), Kind::Garbage, vec!["a", "b"]),
        (error(403, "AccessDenied", ""), Kind::Denied, vec!["a"]),
        (Reply::Cut(b"<ListRoles".to_vec()), Kind::Cut, vec!["a"]),
        (error(404, "NoSuchEntity", ""), Kind::Rejected, vec!["a"]),
    ] {
        let (client, _server) = client([roles(&["a"], more), second]).await;
        let (names, listing) = list(&client).await;
        assert_eq!(names, seen);
        assert!(listing.error.is_some());
        assert_eq!(listing.error.unwrap().kind, kind);
    }
}

#[tokio::test]
async fn credentials_that_run_out_midway_are_renewed() {
    let arn = "arn:aws:iam::123456789012:role/reader";
    let arguments = BTreeMap::from([
        ("role_arn".to_owned(), Setting::Known(Value::from(arn))),
        ("external_id".to_owned(), Setting::Known(Value::from("x/y"))),
        ("duration".to_owned(), Setting::Known(Value::from("1h"))),
    ]);
    let block = block(vec![("assume_role", Setting::Blocks(vec![arguments]))]);
    let server = TestServer::start([
        assumed("ASIAFIRST"),
        Reply::new(200, WHO),
        roles(&["a"], "<IsTruncated>true</IsTruncated><Marker>m</Marker>"),
        error(403, "ExpiredToken", "The security token included in the request is expired"),
        assumed("ASIASECOND"),
        roles(&["b"], "<IsTruncated>false</IsTruncated>"),
    ])
    .await;
    let client = try_connect(&server, Some(&block)).await.unwrap();
    let (names, listing) = list(&client).await;
    assert!(listing.error.is_none(), "{listing:?}");
    assert_eq!(names, ["a", "b"]);
    let seen = server.seen();
    assert!(seen[0].body.starts_with("Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012"));
    assert!(seen[0].body.ends_with("&RoleSessionName=driftline&ExternalId=x%2Fy&DurationSeconds=3600"));
    let key = |n: usize| seen[n].headers.split("credential=").nth(1).unwrap().split('/').next().unwrap().to_owned();
    assert_eq!(
        (0..6).map(key).collect::<Vec<_>>(),
        ["akiaroot", "asiafirst", "asiafirst", "asiafirst", "akiaroot", "asiasecond"]
    );
    assert!(seen[5].headers.contains("x-amz-security-token: t-asiasecond"));
}

#[tokio::test]
async fn credentials_that_stay_expired_are_one_error() {
    let (client, server) = client([error(403, "ExpiredToken", "expired")]).await;
    let error = client.query(Service::Iam, "ListRoles", &[]).await.unwrap_err();
    assert_eq!((error.kind, error.attempts), (Kind::Credentials, 2));
    assert_eq!(server.seen().len(), 3);
}

#[tokio::test]
async fn what_is_not_there_is_an_answer() {
    let (client, _server) = client([
        error(404, "NoSuchEntity", "no password"),
        Reply::new(404, "<Error><Code>NoSuchBucketPolicy</Code><Message>m</Message></Error>"),
        Reply::new(404, "<Error><Code>NoSuchPublicAccessBlockConfiguration</Code></Error>"),
        Reply::new(404, "<Error><Code>NoSuchPublicAccessBlockConfiguration</Code></Error>"),
    ])
    .await;
    assert_eq!(client.query(Service::Iam, "GetLoginProfile", &[("UserName", "u")]).await, Ok(None));
    assert_eq!(client.bucket_policy("b").await, Ok(None));
    assert_eq!(client.bucket_setting("b", "GetPublicAccessBlock").await, Ok(None));
    assert_eq!(client.account_public_access_block().await, Ok(None));
}

#[tokio::test]
async fn a_bucket_elsewhere_is_asked_there_from_then_on() {
    let acl = || Reply::new(200, "<AccessControlPolicy><Owner/><AccessControlList/></AccessControlPolicy>");
    let (client, server) = client([
        Reply::new(301, "<Error><Code>PermanentRedirect</Code></Error>").with("x-amz-bucket-region", "ap-south-1"),
        Reply::new(200, r#"{"Version":"2012-10-17","Statement":[]}"#),
        acl(),
        Reply::new(400, "<Error><Code>AuthorizationHeaderMalformed</Code><Region>eu-central-1</Region></Error>"),
        acl(),
        Reply::new(301, "<Error><Code>PermanentRedirect</Code></Error>").with("x-amz-bucket-region", "evil.example/"),
    ])
    .await;
    assert!(client.bucket_policy("logs").await.unwrap().unwrap().contains("2012-10-17"));
    assert!(client.bucket_setting("logs", "GetBucketAcl").await.unwrap().is_some());
    assert!(client.bucket_setting("logs", "GetBucketAcl").await.unwrap().is_some());
    assert_eq!(client.bucket_policy("logs").await.unwrap_err().kind, Kind::Rejected);
    let seen = server.seen();
    let regions: Vec<_> = seen.iter().skip(1).map(|s| s.headers.split('/').nth(2).unwrap().to_owned()).collect();
    assert_eq!(seen[1].line, "GET /logs?policy= HTTP/1.1");
    assert!(seen.iter().skip(1).all(|s| s.headers.contains("x-amz-content-sha256")));
    let scope = |n: usize, region: &str| seen[n].headers.contains(&format!("/{region}/s3/aws4_request"));
    assert!(scope(1, "eu-central-1") && scope(2, "ap-south-1") && scope(3, "ap-south-1"), "{regions:?}");
    assert!(scope(4, "ap-south-1") && scope(5, "eu-central-1") && scope(6, "eu-central-1"));
}

#[tokio::test]
async fn buckets_are_listed_with_their_regions() {
    let page = |name: &str, region: &str, tail: &str| {
        Reply::new(
            200,
            format!(
                "<ListAllMyBucketsResult><Buckets><Bucket><Name>{name}</Name><BucketRegion>{region}</BucketRegion>\
                 </Bucket></Buckets>{tail}</ListAllMyBucketsResult>"
            ),
        )
    };
    let (client, server) = client([
        page("one", "eu-west-1", "<ContinuationToken>t=</ContinuationToken>"),
        page("two", "eu-west-2", ""),
        Reply::new(200, "{\"Statement\":[]}"),
    ])
    .await;
    let mut count = 0;
    let listing = client.buckets(|page| count += page.child("Buckets").unwrap().children.len()).await;
    assert!(listing.error.is_none() && count == 2);
    client.bucket_policy("two").await.unwrap();
    let seen = server.seen();
    assert_eq!(seen[2].line, "GET /?max-buckets=1000&continuation-token=t%3D HTTP/1.1");
    assert!(seen[3].headers.contains("/eu-west-2/s3/aws4_request"));
}

#[tokio::test]
async fn the_account_goes_in_a_header() {
    let block =
        "<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls></PublicAccessBlockConfiguration>";
    let (client, server) = client([Reply::new(200, block)]).await;
    assert!(client.account_public_access_block().await.unwrap().is_some());
    let seen = &server.seen()[1];
    assert_eq!(seen.line, "GET /v20180820/configuration/publicAccessBlock HTTP/1.1");
    assert!(seen.headers.contains("x-amz-account-id: 123456789012"));
    assert!(seen.headers.contains("x-amz-account-id;"), "signed");
}

#[tokio::test]
async fn the_wrong_account_is_one_problem() {
    let list = |ids: &[&str]| Setting::Known(Value::List(ids.iter().map(|id| Value::from(*id)).collect()));
    for (setting, ids) in [("allowed_account_ids", ["111111111111"]), ("forbidden_account_ids", ["123456789012"])] {
        let server = TestServer::start([Reply::new(200, WHO)]).await;
        let block = block(vec![(setting, list(&ids))]);
        let Err(ConnectError::Problem(problem)) = try_connect(&server, Some(&block)).await else { panic!() };
        assert!(problem.message.contains("123456789012") && problem.message.contains(setting), "{problem}");
        assert_eq!(problem.place.as_deref(), Some("main.tf:3"));
    }
    let server = TestServer::start([Reply::new(200, WHO)]).await;
    assert!(try_connect(&server, Some(&block(vec![("allowed_account_ids", list(&["123456789012"]))]))).await.is_ok());
}

#[tokio::test]
async fn a_role_that_is_refused_names_itself() {
    let role = |arn: &str| BTreeMap::from([("role_arn".to_owned(), Setting::Known(Value::from(arn)))]);
    let block = block(vec![("assume_role", Setting::Blocks(vec![role("arn:first"), role("arn:second")]))]);
    let server = TestServer::start([assumed("ASIAFIRST"), error(403, "AccessDenied", "not authorized")]).await;
    let Err(ConnectError::Problem(problem)) = try_connect(&server, Some(&block)).await else { panic!() };
    assert!(problem.message.contains("sts:AssumeRole arn:second"), "{problem}");
    assert!(server.seen()[1].headers.contains("credential=asiafirst/"));
}

#[tokio::test]
async fn a_profile_of_files_that_the_block_names() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        Setting::Known(Value::List(vec![Value::from(path.to_str().unwrap())]))
    };
    let block = block(vec![
        ("profile", Setting::Known(Value::from("p"))),
        ("shared_config_files", file("config", "[profile p]\nregion = eu-north-1\n")),
        (
            "shared_credentials_files",
            file("credentials", "[p]\naws_access_key_id = AKIAFILE\naws_secret_access_key = s\n"),
        ),
    ]);
    let server = TestServer::start([Reply::new(200, WHO)]).await;
    let variables = [("AWS_ENDPOINT_URL", server.url()), ("AWS_ACCESS_KEY_ID", "AKIAENV".to_owned())];
    let surroundings = Surroundings::made_up_variables(&variables.each_ref().map(|(k, v)| (*k, v.as_str())));
    let client = AwsClient::connect(Some(&block), &surroundings, &Options::default()).await.unwrap();
    assert_eq!(client.region(), "eu-north-1");
    assert!(server.seen()[0].headers.contains("credential=akiafile/"));
}

#[tokio::test]
async fn many_that_find_credentials_expired_renew_them_once() {
    let block = block(vec![(
        "assume_role",
        Setting::Blocks(vec![BTreeMap::from([("role_arn".to_owned(), Setting::Known(Value::from("arn:r")))])]),
    )]);
    let server =
        TestServer::start([assumed("ASIAFIRST"), Reply::new(200, WHO), assumed("ASIASECOND"), assumed("ASIATHIRD")])
            .await;
    let client = try_connect(&server, Some(&block)).await.unwrap();
    let first = client.source.credentials(None).await.unwrap();
    let renew = || client.source.credentials(Some(&first));
    let (a, b, c) = tokio::join!(renew(), renew(), renew());
    for lent in [a, b, c, client.source.credentials(None).await] {
        assert_eq!(lent.unwrap().credentials.access_key_id(), "ASIASECOND");
    }
}
