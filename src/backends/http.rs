//! The `http` backend: the state is what `GET` on one address gives. It has no workspaces.
//!
//! Rules: `internal/backend/remote-state/http` of Terraform 1.11.

use super::settings::Settings;
use super::web::{self, Credential, Web};
use super::{Found, Sending, Unread};
use crate::model::Problem;
use url::Url;

/// Settings that change how it is asked and that are not followed here, with the variables that stand for them.
const UNSUPPORTED: [(&str, &str); 5] = [
    ("skip_cert_verification", "TF_HTTP_SKIP_CERT_VERIFICATION"),
    ("client_ca_certificate_pem", "TF_HTTP_CLIENT_CA_CERTIFICATE_PEM"),
    ("client_certificate_pem", "TF_HTTP_CLIENT_CERTIFICATE_PEM"),
    ("client_private_key_pem", "TF_HTTP_CLIENT_PRIVATE_KEY_PEM"),
    // Of OpenTofu.
    ("headers", "TF_HTTP_HEADERS"),
];

pub(super) async fn state(settings: &Settings<'_>, workspace: &str, sending: &Sending) -> Result<Found, Unread> {
    if workspace != "default" {
        let message = format!("the backend `http` has no workspaces, and `{workspace}` is selected");
        return Err(Problem::new(message).help("unset `TF_WORKSPACE`, or select the workspace `default`").into());
    }
    for (name, variable) in UNSUPPORTED {
        settings.refuse(&[name])?;
        if settings.variable(variable).is_some() {
            return Err(Unread::Unsupported(format!("`{variable}` is set")));
        }
    }
    let (url, credential) = address(settings)?;
    let path = web::shown(&url);
    let bytes = Web::new(sending)?.get(url, credential).await.map_err(|error| web::problem(&error))?;
    Ok(Found { bytes, path })
}

/// The address, and the credential for it. What the address itself holds of one gives way to the settings.
fn address(settings: &Settings<'_>) -> Result<(Url, Option<Credential>), Unread> {
    let text = settings.text_or("address", "TF_HTTP_ADDRESS")?.ok_or_else(|| {
        Problem::new("the backend `http` has no address").help("set `address` in its block, or `TF_HTTP_ADDRESS`")
    })?;
    // Not shown: it may hold a password.
    let wrong = || Problem::new("the `address` of the backend `http` is no `http` or `https` address");
    let mut url = Url::parse(&text).map_err(|_| wrong())?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
        return Err(wrong().into());
    }
    let decoded = |text: &str| percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned();
    let own = Some((decoded(url.username()), decoded(url.password().unwrap_or_default())))
        .filter(|(user, _)| !user.is_empty());
    let (user, password) = match settings.text_or("username", "TF_HTTP_USERNAME")? {
        Some(user) => (user, settings.text_or("password", "TF_HTTP_PASSWORD")?.unwrap_or_default()),
        None => own.unwrap_or_default(),
    };
    let cleared = url.set_username("").and_then(|()| url.set_password(None));
    cleared.map_err(|()| wrong())?;
    url.set_fragment(None);
    let credential = if user.is_empty() { None } else { Some(Credential::basic(&user, &password)?) };
    Ok((url, credential))
}
