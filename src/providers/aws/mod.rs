//! Amazon Web Services.

pub mod auth;
pub mod client;
pub mod endpoints;
pub mod operations;
pub mod xml;
