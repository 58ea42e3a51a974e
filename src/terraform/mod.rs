//! What Terraform or OpenTofu says.

pub mod computed;
pub mod config;
pub mod decode;
pub mod edit;
pub mod encryption;
pub mod evaluate;
pub mod functions;
pub mod limits;
mod manifest;
pub mod plan;
pub mod state;
pub mod value;
pub mod workdir;
pub mod wrapper;
