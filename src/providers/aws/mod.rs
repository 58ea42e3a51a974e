//! AWS
pub mod account;
pub mod kinds;
pub mod xml;
