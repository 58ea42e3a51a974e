//! Credentials: found when first needed, kept until they run out, found anew when AWS says so.

use super::chain;
use super::roles::{Role, Token, WebIdentity, credentials};
use super::settings::{Root, Settings};
use super::{Surroundings, in_words};
use crate::http::{Client, Error, Kind};
use crate::providers::aws::client::exchange::{Ask, Content, Question, Signer};
use crate::providers::aws::endpoints::{Endpoints, Service};
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, SystemTime};
use tokio::sync::Mutex;

/// Credentials with less time left than this are not used any more: a request on its way must still be accepted.
const MARGIN: Duration = Duration::from_secs(60);

/// The words of an error that there are no credentials anywhere; [`super::problem`] says where it was looked.
pub(super) const NONE_FOUND: &str = "no credentials found";

/// What errors name as the operation while credentials are looked for.
pub(super) const FINDING: &str = "credentials";

/// Where the credentials of one client come from.
#[derive(Debug)]
pub(crate) struct Source {
    root: Root,
    chain: SharedCredentialsProvider,
    roles: Vec<Role>,
    http: Client,
    endpoints: Arc<Endpoints>,
    sts_region: String,
    surroundings: Surroundings,
    kept: Mutex<Option<Lent>>,
}

/// Credentials, and which finding of them they are from.
#[derive(Debug, Clone)]
pub(crate) struct Lent {
    pub(crate) credentials: Credentials,
    finding: u64,
}

impl Source {
    /// `http` is the client behind the gate for finding credentials.
    pub(crate) fn new(
        settings: &Settings,
        http: Client,
        endpoints: Arc<Endpoints>,
        surroundings: &Surroundings,
    ) -> Self {
        Source {
            root: settings.root.clone(),
            chain: chain::build(settings, http.clone()),
            roles: settings.roles.clone(),
            http,
            endpoints,
            sts_region: settings.sts_region.clone(),
            surroundings: surroundings.clone(),
            kept: Mutex::default(),
        }
    }

    /// Credentials that are good for some time yet. `stale`: those that AWS says have run out. Of many callers that
    /// come with the same stale ones, only the first makes them be found anew.
    ///
    /// # Errors
    /// When there are none, or a role cannot be taken on.
    pub(crate) async fn credentials(&self, stale: Option<&Lent>) -> Result<Lent, Error> {
        let mut kept = self.kept.lock().await;
        let before = kept.as_ref().map_or(0, |lent| lent.finding);
        if let Some(lent) = kept.as_ref() {
            let fresh = lent.credentials.expiry().is_none_or(|end| end > SystemTime::now() + MARGIN);
            if fresh && stale.is_none_or(|stale| stale.finding != lent.finding) {
                return Ok(lent.clone());
            }
        }
        let lent = Lent { credentials: self.find().await?, finding: before + 1 };
        Ok(kept.insert(lent).clone())
    }

    async fn find(&self) -> Result<Credentials, Error> {
        let mut found = match &self.root {
            Root::Fixed(credentials) => credentials.clone(),
            Root::WebIdentity(web) => self.with_web_identity(web).await?,
            Root::Chain => self.chain.provide_credentials().await.map_err(|e| not_found(&e))?,
        };
        for role in &self.roles {
            found = self.sts("AssumeRole", role.params(), Signer::Fixed(&found)).await?;
        }
        Ok(found)
    }

    async fn with_web_identity(&self, web: &WebIdentity) -> Result<Credentials, Error> {
        let token = match &web.token {
            Token::Text(token) => token.clone(),
            Token::File(path) => {
                let unreadable = |why: String| {
                    let words = format!("cannot read the web identity token file `{path}`: {why}");
                    Error::new(Kind::Credentials, FINDING, words)
                };
                let bytes = self.surroundings.fs.read_to_end(path).await.map_err(|e| unreadable(e.to_string()))?;
                String::from_utf8(bytes).map_err(|_| unreadable("it is no text".to_owned()))?.trim().to_owned()
            }
        };
        let mut params = web.role.params();
        params.push(("WebIdentityToken".to_owned(), token));
        self.sts("AssumeRoleWithWebIdentity", params, Signer::Nobody).await
    }

    async fn sts(&self, action: &str, params: Vec<(String, String)>, signer: Signer<'_>) -> Result<Credentials, Error> {
        let operation = Service::Sts.title(action);
        let mut ask = Ask {
            operation: operation.clone(),
            question: Question::Action { service: Service::Sts, action, params: &params },
            signer,
            endpoints: &self.endpoints,
            region: self.sts_region.clone(),
            accepted: &AtomicBool::new(false),
            lent: None,
            content: None,
        };
        self.http.call(&mut ask).await.map_err(|error| about_role(error, &params))?;
        let Some(Content::Xml(root)) = ask.content else {
            return Err(Error::new(Kind::Credentials, operation, "there is no such role"));
        };
        credentials(root.child(&format!("{action}Result")).unwrap_or(&root), &operation)
    }
}

/// Says which role it was: several may be taken on in turn.
fn about_role(mut error: Error, params: &[(String, String)]) -> Error {
    if let Some((_, arn)) = params.iter().find(|(name, _)| name == "RoleArn") {
        error.operation = format!("{} {}", error.operation, crate::source::clean::for_terminal(arn, false));
    }
    error
}

fn not_found(error: &CredentialsError) -> Error {
    let words = match error {
        CredentialsError::CredentialsNotLoaded(_) => NONE_FOUND.to_owned(),
        other => in_words(other),
    };
    Error::new(Kind::Credentials, FINDING, words)
}
