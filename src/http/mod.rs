//! The request layer that every live reader goes through: the gate, the transport behind it, and retrying.
//!
//! A provider makes a [`Client`] from a shared [`Transport`] and its own list of [`Allowed`] requests. The `reqwest`
//! client is private to `transport`, and `transport` sends only for `client`, which asks the [`gate`] first: there is
//! no other way out of the process.

pub mod client;
pub mod error;
pub mod gate;
pub mod retry;
pub mod transport;

#[cfg(test)]
pub(crate) mod testserver;

pub use client::{Client, Exchange, Request};
pub use error::{Error, Kind};
pub use gate::{Allowed, Body, Gate, Refused, Shape};
pub use retry::{Policy, Reason, Verdict, retry_after};
pub use transport::{Answer, Counters, Options, Transport};

/// Makes ring the process's TLS provider. Later calls do nothing.
pub fn install_tls() {
    // An error only says that a provider is installed already.
    let _ = rustls::crypto::ring::default_provider().install_default();
}
