//! Data sources whose attributes depend on their arguments alone: driftline computes them as their provider does, so
//! that what they say leads to the line that says it.
//!
//! How one is computed stands in the folder of its system; the configuration is given the table.

use super::value::{Place, Val};

/// A data source that is computed.
pub struct Computed {
    pub data_source: &'static str,
    /// The attributes that are computed.
    pub attributes: &'static [&'static str],
    /// Gives one of the attributes. `Err` with the reason when the provider would refuse the arguments, or when it is
    /// not certain what it would make of them.
    pub compute: fn(&Ask<'_>) -> Result<Val, String>,
}

/// What is asked of a data source.
pub struct Ask<'a> {
    /// What its block says as one object: wholly known, and without marks.
    pub arguments: &'a Val,
    pub attribute: &'a str,
    /// The attribute as a state records it: versions of a provider write the same thing in different ways.
    pub recorded: Option<&'a str>,
    /// Its block.
    pub at: &'a Place,
}
