//! The source.

pub mod syntax;
