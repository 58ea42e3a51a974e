//! Amazon Web Services.

pub mod endpoints;
pub mod operations;
pub mod xml;
