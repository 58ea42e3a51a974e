//! A request to AWS, put together and signed (Signature Version 4).

use crate::http::Request;
use crate::providers::aws::endpoints::Endpoint;
use aws_credential_types::Credentials;
use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SigningSettings, UriPathNormalizationMode,
    sign,
};
use aws_sigv4::sign::v4;
use http::header::{HeaderName, HeaderValue};
use std::time::SystemTime;

/// A request that is not signed yet. Its query, if any, is part of the endpoint's URL.
pub(super) struct Draft {
    pub(super) endpoint: Endpoint,
    pub(super) method: http::Method,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: Vec<u8>,
}

impl Draft {
    /// The request as it leaves. Without credentials it is not signed (AssumeRoleWithWebIdentity takes none).
    ///
    /// # Errors
    /// When a header cannot be written or the signature cannot be made, in words without any credential.
    pub(super) fn signed(self, credentials: Option<&Credentials>, now: SystemTime) -> Result<Request, String> {
        let mut inner = http::Request::builder().method(self.method);
        for (name, value) in &self.headers {
            inner = inner.header(*name, value);
        }
        let mut inner = inner.body(self.body).map_err(|e| e.to_string())?;
        if let Some(credentials) = credentials {
            for (name, value) in signature(&self.endpoint, &inner, credentials, now)? {
                inner.headers_mut().insert(name, value);
            }
        }
        Ok(Request { url: self.endpoint.url, base: self.endpoint.base, inner })
    }
}

fn signature(
    endpoint: &Endpoint,
    request: &http::Request<Vec<u8>>,
    credentials: &Credentials,
    now: SystemTime,
) -> Result<Vec<(HeaderName, HeaderValue)>, String> {
    let identity = credentials.clone().into();
    let params = v4::SigningParams::builder()
        .identity(&identity)
        .region(&endpoint.signing_region)
        .name(endpoint.signing_name)
        .time(now)
        .settings(settings(endpoint.signing_name))
        .build()
        .map_err(|e| e.to_string())?
        .into();
    let headers = request.headers().iter().filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)));
    let body = SignableBody::Bytes(request.body());
    let signable = SignableRequest::new(request.method().as_str(), endpoint.url.as_str(), headers, body)
        .map_err(|e| e.to_string())?;
    let (instructions, _) = sign(signable, &params).map_err(|e| e.to_string())?.into_parts();
    let (headers, _) = instructions.into_parts();
    headers
        .iter()
        .map(|header| {
            // A session token copied with a line break in it ends here.
            let mut value = HeaderValue::from_str(header.value())
                .map_err(|_| format!("the credentials do not fit into the header `{}`", header.name()))?;
            value.set_sensitive(true);
            Ok((HeaderName::from_static(header.name()), value))
        })
        .collect()
}

/// S3 hashes the body into a header and takes paths as they are; the rest does neither.
fn settings(signing_name: &str) -> SigningSettings {
    let mut settings = SigningSettings::default();
    if signing_name == "s3" {
        settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
        settings.percent_encoding_mode = PercentEncodingMode::Single;
        settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
    }
    settings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::providers::aws::endpoints::{Endpoints, Service};

    fn draft(service: Service) -> Draft {
        let endpoint = Endpoints::default().of(service, "us-east-1").unwrap();
        Draft { endpoint, method: http::Method::GET, headers: Vec::new(), body: Vec::new() }
    }

    #[test]
    fn s3_hashes_the_body_and_others_do_not() {
        let credentials = Credentials::new("AKID", "secret", Some("token".to_owned()), None, "test");
        let s3 = draft(Service::S3).signed(Some(&credentials), SystemTime::UNIX_EPOCH).unwrap();
        assert!(s3.inner.headers().contains_key("x-amz-content-sha256"));
        let sts = draft(Service::Sts).signed(Some(&credentials), SystemTime::UNIX_EPOCH).unwrap();
        assert!(!sts.inner.headers().contains_key("x-amz-content-sha256"));
        assert_eq!(sts.inner.headers()["x-amz-security-token"], "token");
        assert!(sts.inner.headers()["authorization"].to_str().unwrap().contains("/us-east-1/sts/aws4_request"));
        assert!(sts.inner.headers()["x-amz-security-token"].is_sensitive());
    }

    #[test]
    fn a_broken_token_is_an_error() {
        let credentials = Credentials::new("AKID", "secret", Some("tok\nen".to_owned()), None, "test");
        let error = draft(Service::Sts).signed(Some(&credentials), SystemTime::UNIX_EPOCH).unwrap_err();
        assert!(!error.contains("tok"), "{error}");
    }
}
