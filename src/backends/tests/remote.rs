//! The `remote` backend and `cloud` blocks, against a stand-in for HCP Terraform on this machine.

use super::*;
use crate::backends::remote;
use url::Url;

const DISCOVERY: &str = r#"{"modules.v1":"/m/","tfe.v2":"/api/v2/"}"#;
const WORKSPACE: &str = r#"{"data":{"id":"ws-1","type":"workspaces"}}"#;

/// What is found at a server, by the block in this source.
async fn read(
    server: &TestServer,
    source: &str,
    workspace: &str,
    variables: &[(&str, &str)],
) -> Result<Found, Problem> {
    let environment = variables.iter().fold(Environment::default(), |all, (name, value)| all.with(name, *value));
    let dir = root(source, "");
    let (source, _) = Configuration::load(dir.path(), "", None, &Inputs::default()).unwrap();
    let settings = Settings::declared(source.backend().unwrap(), &environment);
    let origin = Url::parse(&server.url()).unwrap();
    remote::read(&origin, &settings, workspace, &sending()).await.map_err(|error| match error {
        Unread::Problem(problem) => problem,
        Unread::Unsupported(why) => Problem::new(why),
    })
}

fn version(address: &str) -> Reply {
    Reply::new(200, format!(r#"{{"data":{{"attributes":{{"hosted-state-download-url":"{address}"}}}}}}"#))
}

fn lines(server: &TestServer) -> Vec<String> {
    server.seen().iter().map(|seen| seen.line.split(' ').nth(1).unwrap().to_owned()).collect()
}

const TOKEN: (&str, &str) = ("TF_TOKEN_127_0_0_1", "s3cr3t");

#[tokio::test]
async fn the_current_state_version_is_downloaded() {
    let archive = TestServer::start([Reply::new(200, STATE)]).await;
    let named = "workspaces {\n  name = \"prod\"\n}";
    let prefixed = "workspaces {\n  prefix = \"app-\"\n}";
    let remote = |workspaces: &str| block("remote", &format!("organization = \"acme\"\n{workspaces}"));
    let cloud = |inside: &str| format!("terraform {{\n  cloud {{\n    organization = \"acme\"\n{inside}\n  }}\n}}\n");
    for (source, selected, name) in [
        (remote(named), "default", "prod"),
        (remote(prefixed), "dev", "app-dev"),
        (cloud(named), "prod", "prod"),
        (cloud("workspaces {\n  tags = [\"app\"]\n}"), "app-eu", "app-eu"),
        (cloud(""), "app-eu", "app-eu"),
    ] {
        let replies = [DISCOVERY, WORKSPACE].map(|text| Reply::new(200, text));
        let leads = version(&format!("{}/v1/object/abc", archive.url()));
        let server = TestServer::start(replies.into_iter().chain([leads])).await;
        let found = read(&server, &source, selected, &[TOKEN]).await.unwrap();
        assert_eq!(found.bytes.as_deref(), Some(STATE.as_bytes()));
        assert_eq!(found.path, format!("127.0.0.1/acme/{name}"));
        let asked = format!("/api/v2/organizations/acme/workspaces/{name}");
        let expected = ["/.well-known/terraform.json", &asked, "/api/v2/workspaces/ws-1/current-state-version"];
        assert_eq!(lines(&server), expected);
        let with = server.seen().iter().map(|seen| seen.headers.contains("bearer s3cr3t")).collect::<Vec<_>>();
        assert_eq!(with, [false, true, true]);
    }
    assert!(archive.seen().iter().all(|seen| !seen.headers.contains("authorization")));
}

#[tokio::test]
async fn what_is_wrong_is_said_once_and_without_the_token() {
    let source = block("remote", "organization = \"acme\"\nworkspaces {\n  name = \"prod\"\n}");
    let start = |replies: Vec<Reply>| async move { TestServer::start(replies).await };
    let found = |text: &str| Reply::new(200, text);
    let server = start(vec![found(DISCOVERY), found(WORKSPACE), Reply::new(404, "")]).await;
    assert!(read(&server, &source, "default", &[TOKEN]).await.unwrap().bytes.is_none());
    for (replies, says) in [
        (vec![found(DISCOVERY), Reply::new(404, "")], "shows no workspace `prod` of organization `acme`"),
        (vec![found(DISCOVERY), Reply::new(401, "s3cr3t")], "credentials not accepted"),
        (vec![found(DISCOVERY), found(WORKSPACE), Reply::new(403, "s3cr3t")], "denied"),
        (vec![found("<html>")], "does not answer with a discovery document"),
        (vec![found(DISCOVERY), found("{}")], "does not answer with a workspace"),
        (vec![found(DISCOVERY), found(WORKSPACE), found("{}")], "does not answer with a state version"),
    ] {
        let server = start(replies).await;
        let problem = read(&server, &source, "default", &[TOKEN]).await.err().unwrap();
        assert!(problem.message.contains(says) && problem.help.is_some(), "{problem}");
        assert!(!problem.to_string().contains("s3cr3t"), "{problem}");
    }
    let problem = read(&server, &source, "default", &[]).await.err().unwrap();
    assert!(problem.message.contains("no token for `127.0.0.1`") && problem.help.unwrap().contains(TOKEN.0));
    let problem = read(&server, &source, "dev", &[TOKEN]).await.err().unwrap();
    assert!(problem.message.contains("for the workspace `prod` alone, and `dev` is selected"));
    let several = block("remote", "organization = \"acme\"\nworkspaces {\n  prefix = \"app-\"\n}");
    let problem = read(&server, &several, "default", &[TOKEN]).await.err().unwrap();
    assert!(problem.message.contains("none of them is selected"));
}

#[tokio::test]
async fn a_token_is_where_login_keeps_it() {
    let home = tempfile::tempdir().unwrap();
    fs::create_dir(home.path().join(".terraform.d")).unwrap();
    let kept = r#"{"credentials":{"127.0.0.1":{"token":"kept"}}}"#;
    fs::write(home.path().join(".terraform.d/credentials.tfrc.json"), kept).unwrap();
    let source = block("remote", "organization = \"acme\"\nworkspaces {\n  name = \"prod\"\n}");
    let replies = [DISCOVERY, WORKSPACE].map(|text| Reply::new(200, text));
    let server = TestServer::start(replies.into_iter().chain([version("/state"), Reply::new(200, STATE)])).await;
    read(&server, &source, "default", &[("HOME", home.path().to_str().unwrap())]).await.unwrap();
    let seen = server.seen();
    assert!(seen[1].headers.contains("bearer kept") && seen[3].headers.contains("bearer kept"));
    assert_eq!(lines(&server)[3], "/state");
}

/// Where nothing but the configuration file says what the token is and where the API is.
#[tokio::test]
async fn the_configuration_file_of_the_command_line_names_tokens_and_services() {
    let home = tempfile::tempdir().unwrap();
    let source = block("remote", "organization = \"acme\"\nworkspaces {\n  name = \"prod\"\n}");
    let at = |name: &str| home.path().join(name);
    let text = |token: &str, more: &str| format!("credentials \"127.0.0.1\" {{\n  token = \"{token}\"\n}}\n{more}");
    let services = "host \"127.0.0.1\" {\n  services = {\n    \"tfe.v2\" = \"/elsewhere/\"\n  }\n}\n";
    fs::write(at("named"), text("named", services)).unwrap();
    fs::write(at(".tofurc"), text("tofu", "")).unwrap();
    fs::create_dir(at(".terraform.d")).unwrap();
    fs::write(at(".terraform.d/more.tfrc"), "disable_checkpoint = true\n").unwrap();
    let (home_of, named) = (home.path().to_str().unwrap().to_owned(), at("named").to_str().unwrap().to_owned());
    let (home_of, named) = (("HOME", home_of.as_str()), ("TF_CLI_CONFIG_FILE", named.as_str()));
    for (variables, asked, token) in [
        (vec![home_of], "/.well-known/terraform.json", "tofu"),
        (vec![home_of, named], "/elsewhere/organizations/acme/workspaces/prod", "named"),
        (vec![home_of, named, TOKEN], "/elsewhere/organizations/acme/workspaces/prod", "s3cr3t"),
    ] {
        let discovery = asked.starts_with("/.well").then_some(DISCOVERY);
        let replies = discovery.into_iter().chain([WORKSPACE]).map(|text| Reply::new(200, text));
        let server = TestServer::start(replies.chain([version("/state"), Reply::new(200, STATE)])).await;
        read(&server, &source, "default", &variables).await.unwrap();
        assert_eq!(lines(&server)[0], asked);
        assert!(server.seen().last().unwrap().headers.contains(&format!("bearer {token}")), "{token}");
    }
}

#[tokio::test]
async fn what_the_configuration_file_leaves_to_terraform_is_said() {
    let home = tempfile::tempdir().unwrap();
    let source = block("remote", "organization = \"acme\"\nworkspaces {\n  name = \"prod\"\n}");
    let home_of = ("HOME", home.path().to_str().unwrap());
    let server = TestServer::start([]).await;
    for (text, says) in [
        ("credentials_helper \"vault\" {\n  args = []\n}\n", "the credentials helper `vault` keeps its token"),
        ("credentials \"127.0.0.1\" { token = s3cr3t", "its syntax is not right"),
        (
            "credentials \"127.0.0.1\" {\n  token = \"s3cr3t\"\n}\nhost \"127.0.0.1\" {\n  services = {}\n}\n",
            "gives no `tfe.v2`",
        ),
    ] {
        fs::write(home.path().join(".terraformrc"), text).unwrap();
        let problem = read(&server, &source, "default", &[home_of]).await.err().unwrap();
        assert!(problem.message.contains(says) && !problem.to_string().contains("s3cr3t"), "{problem}");
    }
    assert!(server.seen().is_empty());
}

/// A block that the source does not let know is not one that is not there.
#[tokio::test]
async fn workspaces_that_are_not_known_are_left_to_terraform() {
    let dynamic = "dynamic \"workspaces\" {\n  for_each = var.which\n  content {\n    name = \"a\"\n  }\n}";
    let native = root(&block("remote", &format!("organization = \"acme\"\n{dynamic}")), "");
    assert_eq!(why_unread(&native).as_deref(), Some("the value of `workspaces` is not known"));
    let json = |kind: &str, workspaces: &str| {
        let said = format!(r#"{{"organization": "acme", "workspaces": {workspaces}}}"#);
        let block = if kind == "cloud" { said } else { format!(r#"{{"{kind}": {said}}}"#) };
        let kind = if kind == "cloud" { kind } else { "backend" };
        let dir = root("", "");
        fs::write(dir.path().join("main.tf.json"), format!(r#"{{"terraform": {{"{kind}": {block}}}}}"#)).unwrap();
        why_unread(&dir)
    };
    for (workspaces, unknown) in [
        (r#""${var.which}""#, Some("workspaces")),
        (r#"["${var.which}"]"#, Some("workspaces")),
        (r#""prod""#, Some("workspaces")),
        (r#"{"name": "${var.which}"}"#, Some("name")),
        (r#"{"name": "%{ if true }a%{ endif }"}"#, Some("name")),
        (r#"[{"name": "prod"}]"#, None),
        (r#"{"name": "prod"}"#, None),
    ] {
        let unknown = unknown.map(|name| format!("the value of `{name}` is not known"));
        assert_eq!(json("cloud", workspaces), unknown, "{workspaces}");
        assert_eq!(json("remote", workspaces), unknown, "{workspaces}");
    }
}

/// Why the workspace's name cannot be told from the source; `None` when it can.
fn why_unread(dir: &TempDir) -> Option<String> {
    let environment = Environment::default();
    let (source, _) = Configuration::load(dir.path(), "", None, &Inputs::default()).unwrap();
    let settings = Settings::declared(source.backend().unwrap(), &environment);
    match settings.nested("workspaces").and_then(|workspaces| workspaces.needed("name")) {
        Err(Unread::Unsupported(why)) => Some(why),
        Ok(name) => {
            assert_eq!(name, "prod");
            None
        }
        Err(_) => panic!("taken for an absent one"),
    }
}
