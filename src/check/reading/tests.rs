//! What a root module's own state may be, where that takes a backend and a key together.

#![allow(clippy::unwrap_used)]

use super::*;
use crate::http::testserver::{Reply, TestServer};
use std::fs;

/// A state that OpenTofu encrypted, in a backend that is read directly.
#[tokio::test]
async fn an_encrypted_state_behind_an_address_is_opened() {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/scenarios/state-of-opentofu");
    let server = TestServer::start([Reply::new(200, fs::read_to_string(from.join("terraform.tfstate")).unwrap())]).await;
    let dir = tempfile::tempdir().unwrap();
    for name in ["encryption.tofu", "terraform.tfvars", "main.tf"] {
        fs::copy(from.join(name), dir.path().join(name)).unwrap();
    }
    let backend = format!("terraform {{\n  backend \"http\" {{\n    address = \"{}/state\"\n  }}\n}}\n", server.url());
    fs::write(dir.path().join("backend.tofu"), backend).unwrap();
    let request = Request { roots: vec![(dir.path().to_owned(), None)], ..Request::default() };
    let declared = read(&request).await.unwrap();
    let addresses: Vec<_> = declared.recorded.claims.iter().map(|claim| claim.by.address.to_string()).collect();
    assert!(addresses.iter().any(|address| address.starts_with("aws_iam_user.person")), "{addresses:?}");
    assert_eq!(server.seen().len(), 1);
    let path = declared.recorded.claims[0].by.state.as_ref().map(|state| state.path.clone());
    assert_eq!(path, Some(format!("{}/state", server.url())));
}
