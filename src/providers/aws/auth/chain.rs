//! Credentials from profiles, containers and instances, found by `aws-config`. Its requests go through our own client
//! and the gate for finding credentials.

use super::settings::Settings;
use super::source::FINDING;
use crate::http::{Answer, Client, Error, Kind, Request};
use aws_config::BehaviorVersion;
use aws_config::Region;
use aws_config::ecs::EcsCredentialsProvider;
use aws_config::imds::credentials::ImdsCredentialsProvider;
use aws_config::meta::credentials::CredentialsProviderChain;
use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use std::time::Duration;

/// Profile, then container, then instance. Nothing is asked before the first credentials are wanted.
pub(super) fn build(settings: &Settings, http: Client) -> SharedCredentialsProvider {
    let config = ProviderConfig::without_region()
        .with_behavior_version(Some(BehaviorVersion::latest()))
        .with_region(Some(Region::new(settings.sts_region.clone())))
        .with_use_fips(Some(settings.endpoints.fips))
        .with_use_dual_stack(Some(settings.endpoints.dual_stack))
        .with_http_client(Adapter { http });
    let profile = ProfileFileCredentialsProvider::builder()
        .configure(&config)
        .profile_files(settings.files.files.clone())
        .profile_name(&settings.files.profile)
        .build();
    let container = EcsCredentialsProvider::builder().configure(&config).build();
    let chain = CredentialsProviderChain::first_try("Profile", profile).or_else("EcsContainer", container);
    if !settings.instance_metadata {
        return SharedCredentialsProvider::new(chain);
    }
    let mut instance = ImdsCredentialsProvider::builder().configure(&config);
    if let Some(endpoint) = &settings.metadata_endpoint
        && let Ok(client) = aws_config::imds::Client::builder().configure(&config).endpoint(endpoint)
    {
        instance = instance.imds_client(client.build());
    }
    SharedCredentialsProvider::new(chain.or_else("Ec2InstanceMetadata", instance.build()))
}

/// Our client in the shape that `aws-config` wants. It repeats requests itself, so each goes out once.
#[derive(Debug, Clone)]
struct Adapter {
    http: Client,
}

impl HttpClient for Adapter {
    fn http_connector(&self, settings: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        // The metadata service answers within a second or is not there; other services set no time for reading.
        let time = settings.read_timeout().map(|read| read + settings.connect_timeout().unwrap_or_default());
        SharedHttpConnector::new(Connector { http: self.http.clone(), time })
    }
}

#[derive(Debug)]
struct Connector {
    http: Client,
    time: Option<Duration>,
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let (http, time) = (self.http.clone(), self.time);
        HttpConnectorFuture::new(async move {
            let request = outgoing(request)?;
            let answer = http.once(FINDING, request);
            let answer = match time {
                None => answer.await,
                Some(time) => tokio::time::timeout(time, answer)
                    .await
                    .unwrap_or_else(|_| Err(Error::new(Kind::Timeout, FINDING, "no answer in time"))),
            };
            incoming(answer.map_err(failed)?)
        })
    }
}

fn outgoing(request: HttpRequest) -> Result<Request, ConnectorError> {
    let user = |words: String| ConnectorError::user(words.into());
    let url = request.uri().parse().map_err(|e: url::ParseError| user(e.to_string()))?;
    let request = request.try_into_http1x().map_err(|e| user(e.to_string()))?;
    let (parts, body) = request.into_parts();
    let body = body.bytes().ok_or_else(|| user("a request with a streamed body".to_owned()))?.to_vec();
    Ok(Request { url, base: String::new(), inner: http::Request::from_parts(parts, body) })
}

fn incoming(answer: Answer) -> Result<HttpResponse, ConnectorError> {
    let mut response = http::Response::new(SdkBody::from(answer.body));
    *response.status_mut() = answer.status;
    *response.headers_mut() = answer.headers;
    HttpResponse::try_from(response).map_err(|e| ConnectorError::other(e.into(), None))
}

fn failed(error: Error) -> ConnectorError {
    match error.kind {
        Kind::Timeout => ConnectorError::timeout(error.into()),
        Kind::Connection | Kind::Cut => ConnectorError::io(error.into()),
        Kind::NotAllowed => ConnectorError::user(error.into()),
        _ => ConnectorError::other(error.into(), None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::testserver::{Reply, TestServer};
    use crate::http::{Options, Policy, Transport};
    use crate::providers::aws::operations::FINDING_CREDENTIALS;
    use std::sync::Arc;

    fn connector() -> Connector {
        let transport = Arc::new(Transport::new(&Options::default()).unwrap());
        let http = Client::new(transport, FINDING_CREDENTIALS.iter().copied(), Policy::default());
        Connector { http, time: Some(Duration::from_millis(300)) }
    }

    fn request(method: &str, url: String, body: &str) -> HttpRequest {
        let request = http::Request::builder().method(method).uri(url).header("content-type", "application/json");
        HttpRequest::try_from(request.body(SdkBody::from(body)).unwrap()).unwrap()
    }

    #[tokio::test]
    async fn metadata_and_tokens_pass() {
        let server = TestServer::start([Reply::new(200, "hello").with("x-a", "b")]).await;
        for (method, path, body) in [
            ("PUT", "/latest/api/token", ""),
            ("GET", "/latest/meta-data/iam/security-credentials/", ""),
            ("GET", "/federation/credentials?role_name=r&account_id=1", ""),
            ("POST", "/token", "{}"),
        ] {
            let answer = connector().call(request(method, format!("{}{path}", server.url()), body)).await.unwrap();
            assert_eq!((answer.status().as_u16(), answer.headers().get("x-a")), (200, Some("b")));
            assert_eq!(answer.body().bytes(), Some(&b"hello"[..]));
        }
    }

    #[tokio::test]
    async fn nothing_else_leaves_and_silence_ends() {
        let server = TestServer::start([Reply::Silence(Duration::from_secs(60))]).await;
        for (method, path, body) in [
            ("POST", "/", "Action=CreateUser&Version=2010-05-08"),
            ("PUT", "/latest/meta-data/x", ""),
            ("DELETE", "/token", ""),
            ("GET", "/?Action=CreateUser&Version=2010-05-08", ""),
        ] {
            let error = connector().call(request(method, format!("{}{path}", server.url()), body)).await.unwrap_err();
            assert!(error.is_user(), "{error:?}");
        }
        assert!(server.seen().is_empty());
        let error = connector().call(request("GET", server.url(), "")).await.unwrap_err();
        assert!(error.is_timeout(), "{error:?}");
    }
}
