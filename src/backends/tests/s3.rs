//! An `s3` backend whose endpoint is on this machine.

use super::*;

fn bucket(server: &TestServer, more: &str) -> String {
    let url = server.url();
    let settings = format!(
        "bucket = \"states\"\nkey = \"app/terraform.tfstate\"\nregion = \"eu-west-1\"\naccess_key = \"AKID\"\n\
         secret_key = \"hunter2\"\nuse_path_style = true\nuse_lockfile = true\nskip_credentials_validation = true\n\
         endpoints = {{\n  s3  = \"{url}\"\n  sts = \"{url}\"\n}}\n{more}"
    );
    block("s3", &settings)
}

fn refusal(status: u16, code: &str) -> Reply {
    Reply::new(status, format!("<Error><Code>{code}</Code><Message>m</Message></Error>"))
}

#[tokio::test]
async fn the_object_of_the_workspace_is_read() {
    for (more, workspace, line) in [
        ("", "default", "GET /states/app/terraform.tfstate HTTP/1.1"),
        ("", "dev", "GET /states/env%3A/dev/app/terraform.tfstate HTTP/1.1"),
        ("workspace_key_prefix = \"ws\"", "dev", "GET /states/ws/dev/app/terraform.tfstate HTTP/1.1"),
        ("workspace_key_prefix = \"\"", "dev", "GET /states/dev/app/terraform.tfstate HTTP/1.1"),
    ] {
        let server = TestServer::start([Reply::new(200, STATE)]).await;
        let (text, path) = fetch(&root(&bucket(&server, more), ""), &[("TF_WORKSPACE", workspace)]).await.unwrap();
        let seen = server.seen();
        assert_eq!((text.as_str(), seen.len(), seen[0].line.as_str()), (STATE, 1, line));
        assert!(path.starts_with("s3://states/") && path.ends_with("app/terraform.tfstate"), "{path}");
        assert!(seen[0].headers.contains("credential=akid/") && seen[0].headers.contains("/eu-west-1/s3/"));
    }
}

#[tokio::test]
async fn the_note_of_an_init_with_its_nulls_is_enough() {
    let server = TestServer::start([Reply::new(200, STATE)]).await;
    let url = server.url();
    let note = format!(
        r#"{{"type":"s3","config":{{"bucket":"states","key":"k","region":"us-east-1","access_key":"AKID",
        "secret_key":"hunter2","token":null,"profile":null,"use_path_style":null,"insecure":null,"http_proxy":null,
        "endpoints":{{"s3":"{url}","sts":null,"iam":null,"dynamodb":null,"sso":null}},"assume_role":null,
        "workspace_key_prefix":null,"max_retries":null,"allowed_account_ids":null,"kms_key_id":null}},"hash":1}}"#
    );
    let dir = root("terraform {\n  backend \"s3\" {}\n}\n", &note);
    assert_eq!(fetch(&dir, &[("TF_WORKSPACE", "dev")]).await.unwrap().1, "s3://states/env:/dev/k");
}

#[tokio::test]
async fn a_role_is_taken_on_and_a_key_of_ones_own_is_sent() {
    let lent = "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>LENT</AccessKeyId>\
                <SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>\
                <Expiration>2999-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>";
    let server = TestServer::start([Reply::new(200, lent), Reply::new(200, STATE)]).await;
    let more = "assume_role = {\n  role_arn = \"arn:aws:iam::123456789012:role/states\"\n  external_id = \"x\"\n}\n\
                sse_customer_key = \"MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=\"";
    fetch(&root(&bucket(&server, more), ""), &[]).await.unwrap();
    let seen = server.seen();
    assert!(seen[0].body.contains("Action=AssumeRole&") && seen[0].body.contains("ExternalId=x"), "{}", seen[0].body);
    assert!(seen[1].headers.contains("credential=lent/") && seen[1].headers.contains("customer-algorithm: aes256"));
    assert!(seen[1].headers.contains("customer-key-md5: "));
    let wrong = fetch(&root(&bucket(&server, "sse_customer_key = \"c2hvcnQ=\""), ""), &[]).await.unwrap_err();
    assert!(wrong.message.contains("no key of 32 bytes") && !wrong.to_string().contains("c2hvcnQ"));
}

#[tokio::test]
async fn what_is_not_there_and_what_is_refused_are_told_apart() {
    let server = TestServer::start([refusal(404, "NoSuchKey")]).await;
    let absent = fetch(&root(&bucket(&server, ""), ""), &[]).await.unwrap_err();
    assert!(absent.message.contains("has no state in the workspace `default`"), "{absent}");
    for (reply, says, help) in [
        (refusal(404, "NoSuchBucket"), "NoSuchBucket", "bucket's name"),
        (refusal(403, "AccessDenied"), "denied", "s3:GetObject"),
        (refusal(403, "SignatureDoesNotMatch"), "AWS credentials cannot be used", "get-caller-identity"),
        (Reply::Cut(STATE.into()), "cut short", "try again"),
    ] {
        let server = TestServer::start([reply]).await;
        let problem = fetch(&root(&bucket(&server, ""), ""), &[]).await.unwrap_err();
        assert!(problem.message.contains(says) && !problem.to_string().contains("hunter2"), "{problem}");
        assert!(problem.help.as_ref().unwrap().contains(help) && problem.place.is_some(), "{problem}");
    }
}

#[tokio::test]
async fn settings_that_are_not_followed_are_left_to_terraform() {
    let server = TestServer::start([Reply::new(200, STATE)]).await;
    for (more, says) in
        [("insecure = true", "`insecure` is set"), ("https_proxy = \"http://p\"", "`https_proxy` is set")]
    {
        let problem = fetch(&root(&bucket(&server, more), ""), &[]).await.unwrap_err();
        assert!(problem.message.contains(says) && problem.help.unwrap().contains("terraform init"));
    }
    assert!(server.seen().is_empty());
    let missing = fetch(&root(&block("s3", "bucket = \"states\""), ""), &[]).await.unwrap_err();
    assert!(missing.message.contains("has no `key`") && missing.help.unwrap().contains("-backend-config"));
}
