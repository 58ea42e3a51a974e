//! Backends that are servers on this machine, written in a source or noted by an `init`.

#![allow(clippy::unwrap_used)]

mod remote;
mod s3;

use super::*;
use crate::http::testserver::{Reply, TestServer};
use crate::terraform::config::{Configuration, Inputs};
use std::fs;
use std::time::Duration;
use tempfile::TempDir;

pub(super) const STATE: &str = r#"{"version":4,"serial":7,"lineage":"l","resources":[]}"#;

/// A directory with this source, and with this note of an `init` where it is not empty.
pub(super) fn root(source: &str, note: &str) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("main.tf"), source).unwrap();
    if !note.is_empty() {
        fs::create_dir(dir.path().join(".terraform")).unwrap();
        let note = format!(r#"{{"version":3,"backend":{note}}}"#);
        fs::write(dir.path().join(".terraform/terraform.tfstate"), note).unwrap();
    }
    dir
}

/// How to send in a test: without waits.
pub(super) fn sending() -> Sending {
    let policy = Policy { attempts: 2, base: Duration::from_millis(1), ..Policy::default() };
    Sending { options: Options::default(), policy }
}

/// The serial of the state that is found, or what is wrong.
pub(super) async fn fetch(dir: &TempDir, variables: &[(&str, &str)]) -> Result<(String, String), Problem> {
    let environment = variables.iter().fold(Environment::default(), |all, (name, value)| all.with(name, *value));
    let (source, _) = Configuration::load(dir.path(), "", None, &Inputs::default()).unwrap();
    let found = state_of(&Root {
        dir: dir.path(),
        declared: source.backend(),
        binary: None,
        environment: &environment,
        sending: sending(),
    })
    .await?;
    Ok((String::from_utf8(found.bytes).unwrap(), found.path))
}

fn block(kind: &str, settings: &str) -> String {
    format!("terraform {{\n  backend \"{kind}\" {{\n{settings}\n  }}\n}}\n")
}

#[tokio::test]
async fn a_state_behind_an_address_is_read_without_init() {
    let server = TestServer::start([Reply::new(200, STATE)]).await;
    let settings = format!("address = \"{}/state/prod?x=1\"\nusername = \"me\"\npassword = \"hunter2\"", server.url());
    let (text, path) = fetch(&root(&block("http", &settings), ""), &[]).await.unwrap();
    assert_eq!((text.as_str(), path), (STATE, format!("{}/state/prod", server.url())));
    let seen = server.seen();
    assert_eq!(seen[0].line, "GET /state/prod?x=1 HTTP/1.1");
    assert!(seen[0].headers.contains("authorization: basic bwu6ahvudgvymg=="), "{}", seen[0].headers);
}

#[tokio::test]
async fn what_init_noted_goes_before_the_source_and_variables_fill_in() {
    let server = TestServer::start([Reply::new(200, STATE)]).await;
    let note = format!(r#"{{"type":"http","config":{{"address":"{}/noted","username":null}}}}"#, server.url());
    let dir = root(&block("http", "address = \"http://127.0.0.1:1/source\""), &note);
    fetch(&dir, &[("TF_HTTP_USERNAME", "u"), ("TF_HTTP_PASSWORD", "p")]).await.unwrap();
    let in_variable = root(&block("http", ""), "");
    fetch(&in_variable, &[("TF_HTTP_ADDRESS", &format!("http://u:p@{}/variable", server.address))]).await.unwrap();
    let seen = server.seen();
    assert_eq!([seen[0].line.as_str(), &seen[1].line], ["GET /noted HTTP/1.1", "GET /variable HTTP/1.1"]);
    assert!(seen.iter().all(|seen| seen.headers.contains("authorization: basic dtpw")));
}

#[tokio::test]
async fn no_state_and_half_a_state_are_problems() {
    for nothing in [Reply::new(404, "no"), Reply::new(204, ""), Reply::new(200, "")] {
        let server = TestServer::start([nothing]).await;
        let dir = root(&block("http", &format!("address = \"{}/s\"", server.url())), "");
        let problem = fetch(&dir, &[]).await.unwrap_err();
        assert!(problem.message.contains("has no state in the workspace `default`"), "{problem}");
        assert!(problem.message.contains("/s") && problem.help.unwrap().contains("--no-state"));
    }
    let half = &STATE[..STATE.len() / 2];
    let wrong_sum = Reply::new(200, STATE).with("content-md5", "1B2M2Y8AsgTpgAmY7PhCfg==");
    for (cut, says) in [
        (Reply::new(200, half), "the state ends in the middle, after 26 bytes"),
        (Reply::Cut(half.into()), "the answer was cut short"),
        (wrong_sum, "the answer was cut short"),
    ] {
        let server = TestServer::start([cut]).await;
        let dir = root(&block("http", &format!("address = \"{}/s\"", server.url())), "");
        let problem = fetch(&dir, &[]).await.unwrap_err();
        assert!(problem.message.contains(says), "{problem}");
    }
}

#[tokio::test]
async fn refusals_name_the_block_and_no_secret() {
    for (status, says) in [(401, "credentials not accepted"), (403, "denied"), (500, "the system failed"), (418, "418")]
    {
        let server = TestServer::start([Reply::new(status, "you sent hunter2 and s3cr3t")]).await;
        let address = format!("http://me:hunter2@{}/s?token=s3cr3t", server.address);
        let dir = root(&block("http", &format!("address = \"{address}\"")), "");
        let problem = fetch(&dir, &[]).await.unwrap_err();
        assert!(problem.message.contains(says) && problem.place.as_deref() == Some("main.tf:2"), "{problem}");
        let shown = problem.to_string();
        assert!(!shown.contains("hunter2") && !shown.contains("s3cr3t") && problem.help.is_some(), "{problem}");
    }
    let dir = root(&block("http", "address = \"nonsense:hunter2\""), "");
    let problem = fetch(&dir, &[]).await.unwrap_err();
    assert!(problem.message.contains("no `http` or `https` address") && !problem.to_string().contains("hunter2"));
    let missing = fetch(&root(&block("http", ""), ""), &[]).await.unwrap_err();
    assert!(missing.help.unwrap().contains("TF_HTTP_ADDRESS"));
    let selected = fetch(&dir, &[("TF_WORKSPACE", "dev")]).await.unwrap_err();
    assert!(selected.message.contains("has no workspaces, and `dev` is selected"));
}

#[tokio::test]
async fn a_redirect_is_followed_and_takes_no_credential_to_another_server() {
    let other = TestServer::start([Reply::new(200, STATE)]).await;
    let server = TestServer::start([
        Reply::new(307, "").with("location", "/moved"),
        Reply::new(302, "").with("location", format!("{}/there", other.url())),
    ])
    .await;
    let dir = root(&block("http", &format!("address = \"http://u:p@{}/s\"", server.address)), "");
    assert_eq!(fetch(&dir, &[]).await.unwrap().0, STATE);
    assert!(server.seen().iter().all(|seen| seen.headers.contains("authorization")));
    let there = other.seen();
    assert!(there[0].line.starts_with("GET /there ") && !there[0].headers.contains("authorization"));
}

#[tokio::test]
async fn what_only_terraform_does_is_left_to_it() {
    let insecure = "address = \"https://127.0.0.1:1/s\"\nskip_cert_verification = true";
    let problem = fetch(&root(&block("http", insecure), ""), &[]).await.unwrap_err();
    assert!(problem.message.contains("`skip_cert_verification` is set, and the directory is not initialised"));
    let problem = fetch(&root(&block("gcs", "bucket = \"b\""), ""), &[]).await.unwrap_err();
    assert!(problem.message.contains("backend `gcs`, which cannot be read here"), "{problem}");
    // Where there was an `init`, the binary is asked; here there is none on the PATH.
    let note = r#"{"type":"http","config":{"address":"https://127.0.0.1:1/s","skip_cert_verification":true}}"#;
    let problem = fetch(&root(&block("http", insecure), note), &[]).await.unwrap_err();
    assert!(problem.message.contains("on the PATH, and is needed here"), "{problem}");
}

#[tokio::test]
async fn a_local_backend_needs_no_init() {
    let dir = root(&block("local", "path = \"here.json\""), "");
    fs::write(dir.path().join("here.json"), STATE).unwrap();
    assert_eq!(fetch(&dir, &[]).await.unwrap().0, STATE);
    let absent = fetch(&dir, &[("TF_WORKSPACE", "dev")]).await.unwrap_err();
    assert!(absent.message.contains("has no state in the workspace `dev`"));
}
