//! IAM policy documents: reading them, when two are the same, what differs in them, and what shows without comparing what
//! they allow.

pub mod canonical;
pub mod differences;
pub mod document;
pub mod reading;

pub use canonical::{canonical, same, same_by_meaning};
pub use differences::differences;
pub use document::{Document, Principals, Statement};
