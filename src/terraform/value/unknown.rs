//! Why a value is not known.

use super::Place;
use std::fmt;

/// The reason why a value is not known, and where it arose.
#[derive(Debug, Clone)]
pub struct Why {
    pub cause: Cause,
    /// Lower-case, without a final stop. Never a value.
    pub text: String,
    pub at: Option<Place>,
}

/// What keeps a value from being known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cause {
    /// Nothing given to this run says it: a variable without a value, what is sensitive.
    NotGiven,
    /// An attribute of a resource that nothing records.
    Resource,
    /// An attribute of a data source that nothing records.
    Data,
    /// The plan says that only an apply will tell.
    AfterApply,
    /// Depends on the time or on chance.
    Changing,
    /// Made by a provider's own function or by a data source that is not computed here.
    Provider,
    /// A module whose source is not at hand.
    Module,
    /// A file that may not or cannot be read.
    File,
    /// Evaluating it is an error.
    Error,
    /// It depends on itself.
    Cycle,
    /// It is too large, too deep or takes too long.
    Limit,
}

impl Why {
    pub fn new(cause: Cause, text: impl Into<String>) -> Self {
        Why { cause, text: text.into(), at: None }
    }

    pub fn at(mut self, place: Place) -> Self {
        self.at.get_or_insert(place);
        self
    }
}

/// The reason, with where it arose.
impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.at {
            Some(at) => write!(f, "{} ({at:?})", self.text),
            None => f.write_str(&self.text),
        }
    }
}

impl Cause {
    /// For reports that count them.
    pub fn words(self) -> &'static str {
        match self {
            Cause::NotGiven => "not given",
            Cause::Resource => "resource not recorded",
            Cause::Data => "data source not recorded",
            Cause::AfterApply => "known after apply",
            Cause::Changing => "time or chance",
            Cause::Provider => "made by a provider",
            Cause::Module => "module not at hand",
            Cause::File => "file not readable",
            Cause::Error => "error",
            Cause::Cycle => "cycle",
            Cause::Limit => "limit",
        }
    }
}
