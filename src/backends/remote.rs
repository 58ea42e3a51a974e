//! The `remote` backend and `cloud` blocks: HCP Terraform, Terraform Enterprise, and what speaks like them.
//!
//! Rules: `internal/backend/remote` and `internal/cloud` of Terraform 1.11; "State Versions" and "Workspaces" of the HCP
//! Terraform API; "Remote Service Discovery" and "CLI Configuration File" of the documentation.

use super::cli_config::CliConfig;
use super::settings::Settings;
use super::web::{self, Credential, Web};
use super::{Found, Sending, Unread};
use crate::model::Problem;
use serde_json::Value;
use std::collections::BTreeMap;
use url::Url;

const HOST: &str = "app.terraform.io";

/// The service of HCP Terraform in the discovery document.
const SERVICE: &str = "tfe.v2";

/// Whose state it is.
struct Workspace {
    organisation: String,
    name: String,
}

pub(super) async fn state(settings: &Settings<'_>, workspace: &str, sending: &Sending) -> Result<Found, Unread> {
    let host = match settings.kind() {
        "cloud" => settings.text_or("hostname", "TF_CLOUD_HOSTNAME")?,
        _ => settings.text("hostname")?,
    };
    let host = host.unwrap_or_else(|| HOST.to_owned());
    let origin = Url::parse(&format!("https://{host}/")).map_err(|_| wrong_host(&host))?;
    read(&origin, settings, workspace, sending).await
}

/// As [`state`], from the server at `origin`.
pub(super) async fn read(
    origin: &Url,
    settings: &Settings<'_>,
    workspace: &str,
    sending: &Sending,
) -> Result<Found, Unread> {
    let host = origin.host_str().unwrap_or_default();
    let of = workspace_of(settings, workspace)?;
    let config = CliConfig::read(settings)?;
    let token = token(settings, &config, host)?;
    let path = format!("{host}/{}/{}", of.organisation, of.name);
    let web = Web::new(sending)?;
    let api = match config.services(host) {
        Some(services) => said(services, origin)?,
        None => discover(&web, origin).await?,
    };
    let found =
        web.get(below(&api, &["organizations", &of.organisation, "workspaces", &of.name])?, Some(token.clone()));
    let found = found.await.map_err(|error| web::problem(&error))?;
    // The server does not tell the one from the other.
    let found = found.ok_or_else(|| {
        Problem::new(format!("`{host}` shows no workspace `{}` of organization `{}`", of.name, of.organisation))
            .help("correct the names, or use a token that may read this workspace")
    })?;
    let document = json(&found, "a workspace")?;
    let id = text(&document, &["data", "id"]).ok_or_else(|| not("a workspace"))?;
    let version = web.get(below(&api, &["workspaces", id, "current-state-version"])?, Some(token.clone()));
    let Some(version) = version.await.map_err(|error| web::problem(&error))? else {
        return Ok(Found { bytes: None, path });
    };
    let document = json(&version, "a state version")?;
    let leads = text(&document, &["data", "attributes", "hosted-state-download-url"]).and_then(|to| api.join(to).ok());
    let leads = leads.ok_or_else(|| not("a state version"))?;
    // An address elsewhere carries its own permission.
    let token = Some(token).filter(|_| leads.origin() == api.origin());
    let bytes = web.get(leads, token).await.map_err(|error| web::problem(&error))?;
    let gone = || Problem::new(format!("the current state version of `{path}` cannot be downloaded")).help("try again");
    Ok(Found { bytes: Some(bytes.ok_or_else(gone)?), path })
}

/// Where the host has the API.
async fn discover(web: &Web, origin: &Url) -> Result<Url, Unread> {
    let known = origin.join(".well-known/terraform.json").map_err(|_| not("a discovery document"))?;
    let found = web.get(known, None).await.map_err(|error| web::problem(&error))?;
    let document = json(&found.unwrap_or_default(), "a discovery document")?;
    let leads = text(&document, &[SERVICE]).and_then(|to| origin.join(to).ok());
    leads.map(as_directory).ok_or_else(|| not("a discovery document"))
}

/// Where the `host` block of the command line's configuration says that the API is.
fn said(services: &BTreeMap<String, String>, origin: &Url) -> Result<Url, Unread> {
    let leads = services.get(SERVICE).and_then(|to| origin.join(to).ok()).map(as_directory);
    leads.ok_or_else(|| {
        let host = origin.host_str().unwrap_or_default();
        Problem::new(format!("the `host` block of `{host}` in Terraform's configuration file gives no `{SERVICE}`"))
            .help("add the service to the block, or take the block away")
            .into()
    })
}

/// What stands below it is joined to the whole of it.
fn as_directory(mut url: Url) -> Url {
    if !url.path().ends_with('/') {
        url.set_path(&format!("{}/", url.path()));
    }
    url
}

fn below(api: &Url, segments: &[&str]) -> Result<Url, Unread> {
    let mut url = api.clone();
    url.path_segments_mut().map_err(|()| not("a discovery document"))?.pop_if_empty().extend(segments);
    Ok(url)
}

/// The workspace on the server that a selected one stands for.
fn workspace_of(settings: &Settings<'_>, selected: &str) -> Result<Workspace, Unread> {
    let is_cloud = settings.kind() == "cloud";
    let organisation = match is_cloud {
        true => settings.text_or("organization", "TF_CLOUD_ORGANIZATION")?,
        false => settings.text("organization")?,
    };
    let organisation = organisation.ok_or_else(|| {
        Problem::new(format!("the backend `{}` names no organization", settings.kind()))
            .help("set `organization` in its block")
    })?;
    let workspaces = settings.nested("workspaces")?;
    let name = match (workspaces.text("name")?, workspaces.text("prefix")?) {
        (Some(name), _) if selected == "default" || selected == name => name,
        (Some(name), _) => {
            let message = format!("the source is for the workspace `{name}` alone, and `{selected}` is selected");
            return Err(Problem::new(message).help("unset `TF_WORKSPACE`").into());
        }
        (None, _) if selected == "default" => {
            let message = "the source is for several workspaces, and none of them is selected";
            return Err(Problem::new(message)
                .help("name one in `TF_WORKSPACE`, or give the state with `--state`")
                .into());
        }
        (None, Some(prefix)) => format!("{prefix}{selected}"),
        (None, None) if is_cloud => selected.to_owned(),
        (None, None) => return Err(Unread::Unsupported("`workspaces` says neither `name` nor `prefix`".to_owned())),
    };
    Ok(Workspace { organisation, name })
}

/// The token for a host: in the block, in a variable, or in Terraform's configuration file, where `terraform login` keeps
/// it, too.
fn token(settings: &Settings<'_>, config: &CliConfig, host: &str) -> Result<Credential, Unread> {
    let variable = format!("TF_TOKEN_{}", host.replace('.', "_").replace('-', "__"));
    let found = settings
        .text("token")?
        .or_else(|| settings.variable(&variable))
        .or_else(|| settings.variable(&format!("TF_TOKEN_{}", host.replace('.', "_"))))
        .or_else(|| config.token(&host.to_ascii_lowercase()).map(str::to_owned));
    match (found, config.helper()) {
        (Some(token), _) => Credential::bearer(&token),
        // Another program is asked by Terraform alone.
        (None, Some(helper)) => Err(Unread::Unsupported(format!("the credentials helper `{helper}` keeps its token"))),
        (None, None) => Err(Problem::new(format!("there is no token for `{host}`"))
            .help(format!("set `{variable}`, or run `terraform login {host}`"))
            .into()),
    }
}

fn json(bytes: &[u8], what: &str) -> Result<Value, Unread> {
    serde_json::from_slice(bytes).map_err(|_| not(what))
}

fn text<'v>(value: &'v Value, path: &[&str]) -> Option<&'v str> {
    path.iter().try_fold(value, |value, name| value.get(name))?.as_str()
}

fn not(what: &str) -> Unread {
    let problem = Problem::new(format!("the server does not answer with {what} of HCP Terraform"));
    problem.help("correct `hostname`, or give the state with `--state`").into()
}

fn wrong_host(host: &str) -> Unread {
    Problem::new(format!("`{host}` is no host name")).help("correct `hostname` in the block").into()
}
