//! What Terraform or OpenTofu says.

pub mod config;
pub mod plan;
pub mod state;
pub mod workdir;
