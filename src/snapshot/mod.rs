//! A saved observation, to be read in place of the live systems: versioned, hashed, the same bytes for the same facts.
//!
//! A snapshot says which kinds and which of their properties were read. What is known here and was not known there is
//! a gap after loading, never an absence.

mod gaps;
mod load;
mod open;
mod save;
#[cfg(test)]
mod tests;
mod v1;

pub use load::load;
pub use open::taken_at;
pub use save::save;
