//! A `provider` block, as far as what it says is known.

use super::instance::ProviderRef;
use super::value::Value;
use std::collections::BTreeMap;
use std::fmt;

/// A `provider` block, as far as what it says is known.
#[derive(Debug, Clone, Default)]
pub struct ProviderConfiguration {
    pub provider: ProviderRef,
    /// `path:line` of the block.
    pub place: String,
    pub settings: BTreeMap<String, Setting>,
}

/// One argument or nested block of a `provider` block. A block may hold keys and passwords in clear, so `Debug` shows no
/// value.
#[derive(Clone)]
pub enum Setting {
    Known(Value),
    /// One entry for each nested block of that name.
    Blocks(Vec<BTreeMap<String, Setting>>),
    /// An expression whose value is not known, or is a secret; its source text.
    Unresolved(String),
}

impl fmt::Debug for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Setting::Known(_) => f.write_str("Known(…)"),
            Setting::Blocks(blocks) => f.debug_tuple("Blocks").field(blocks).finish(),
            Setting::Unresolved(_) => f.write_str("Unresolved(…)"),
        }
    }
}

impl ProviderConfiguration {
    /// A text argument whose value is known.
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.settings.get(name) {
            Some(Setting::Known(value)) => value.as_str(),
            _ => None,
        }
    }
}
