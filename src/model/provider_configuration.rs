//! A provider configuration as the source says it: read on the Terraform side, used on the live side.

use super::instance::ProviderRef;
use super::value::Value;
use std::collections::BTreeMap;

/// A `provider` block, as far as it can be read without evaluating anything.
#[derive(Debug, Clone, Default)]
pub struct ProviderConfiguration {
    pub provider: ProviderRef,
    /// `path:line` of the block.
    pub place: String,
    pub settings: BTreeMap<String, Setting>,
}

/// One argument or nested block of a `provider` block.
#[derive(Debug, Clone)]
pub enum Setting {
    Known(Value),
    /// One entry for each nested block of that name.
    Blocks(Vec<BTreeMap<String, Setting>>),
    /// An expression that is not followed yet; its source text.
    Unresolved(String),
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
