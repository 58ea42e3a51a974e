//! How far the server is believed: TLS as `sslmode` asks for it.

use super::settings::{ClientCertificate, Encryption, Roots, Settings};
use crate::model::Problem;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};
use std::path::Path;
use std::sync::Arc;
use tokio_postgres_rustls::MakeRustlsConnect;

/// TLS for these settings. `ca_file` holds certificate authorities where the settings name none.
///
/// # Errors
/// When certificates cannot be read.
pub(super) fn connector(settings: &Settings, ca_file: Option<&Path>) -> Result<MakeRustlsConnect, Problem> {
    let provider = Arc::new(ring::default_provider());
    let verifier = Arc::new(Verifier { trust: trust(settings, ca_file, &provider)?, provider: provider.clone() });
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| unusable(&error))?
        .dangerous()
        .with_custom_certificate_verifier(verifier);
    let config = match &settings.client_certificate {
        None => builder.with_no_client_auth(),
        Some(own) => {
            let (chain, key) = client_certificate(own)?;
            builder.with_client_auth_cert(chain, key).map_err(|error| unusable(&error))?
        }
    };
    Ok(MakeRustlsConnect::new(config))
}

/// Which server is believed to be the one that was meant.
#[derive(Debug)]
enum Trust {
    /// Whoever answers: `require` asks for encryption alone (PostgreSQL documentation, "SSL Support").
    Anybody,
    /// Whoever an authority vouches for, under whatever name.
    AnyName(Arc<dyn ServerCertVerifier>),
    Name(Arc<dyn ServerCertVerifier>),
}

/// With certificate authorities named, `require` and `prefer` verify as `verify-ca` does (lib/pq, `ssl.go`).
fn trust(settings: &Settings, ca_file: Option<&Path>, provider: &Arc<CryptoProvider>) -> Result<Trust, Problem> {
    let own = settings.root_certificates.as_ref();
    let given = own.cloned().or_else(|| ca_file.map(|path| Roots::File(path.into())));
    let verifier = || verifier(given.as_ref(), provider);
    Ok(match settings.encryption {
        Encryption::VerifyFull => Trust::Name(verifier()?),
        Encryption::VerifyCa => Trust::AnyName(verifier()?),
        Encryption::Prefer | Encryption::Require if own.is_some() => Trust::AnyName(verifier()?),
        Encryption::Disable | Encryption::Prefer | Encryption::Require => Trust::Anybody,
    })
}

/// Holds a server's certificate against these authorities, else the system's.
fn verifier(roots: Option<&Roots>, provider: &Arc<CryptoProvider>) -> Result<Arc<dyn ServerCertVerifier>, Problem> {
    let (pem, place) = match roots {
        None | Some(Roots::System) => {
            let system = rustls_platform_verifier::Verifier::new(provider.clone()).map_err(|error| unusable(&error))?;
            return Ok(Arc::new(system));
        }
        Some(Roots::File(path)) => (read(path)?, path.display().to_string()),
        Some(Roots::Text(text)) => (text.as_bytes().to_vec(), "`sslrootcert`".to_owned()),
    };
    let mut store = RootCertStore::empty();
    store.add_parsable_certificates(certificates(&pem));
    WebPkiServerVerifier::builder_with_provider(Arc::new(store), provider.clone())
        .build()
        .map(|verifier| verifier as Arc<dyn ServerCertVerifier>)
        .map_err(|_| Problem::new("holds no certificate in PEM form").at(place))
}

fn client_certificate(
    own: &ClientCertificate,
) -> Result<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>), Problem> {
    let text = |text: &str| if own.inline { Ok(text.as_bytes().to_vec()) } else { read(Path::new(text)) };
    let chain = certificates(&text(&own.certificate)?);
    let key = PrivateKeyDer::from_pem_slice(&text(&own.key)?)
        .map_err(|_| Problem::new("`clientcert` names no private key in PEM form"))?;
    Ok((chain, key))
}

fn certificates(pem: &[u8]) -> Vec<CertificateDer<'static>> {
    CertificateDer::pem_slice_iter(pem).filter_map(Result::ok).collect()
}

fn read(path: &Path) -> Result<Vec<u8>, Problem> {
    std::fs::read(path)
        .map_err(|error| Problem::new(format!("cannot read certificates: {error}")).at(path.display().to_string()))
}

fn unusable(error: &Error) -> Problem {
    Problem::new(format!("cannot set up TLS: {error}"))
}

#[derive(Debug)]
struct Verifier {
    trust: Trust,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let held =
            |by: &Arc<dyn ServerCertVerifier>| by.verify_server_cert(certificate, intermediates, name, ocsp, now);
        match &self.trust {
            Trust::Anybody => Ok(ServerCertVerified::assertion()),
            Trust::Name(by) => held(by),
            // The name is looked at last: what is wrong with it alone has passed everything else.
            Trust::AnyName(by) => match held(by) {
                Err(Error::InvalidCertificate(
                    CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
                )) => Ok(ServerCertVerified::assertion()),
                other => other,
            },
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls12_signature(message, certificate, signed, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, certificate, signed, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
