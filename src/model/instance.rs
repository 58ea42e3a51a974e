//! One resource instance as a state or a plan shows it, ready to be asked for its claims.

use super::address::Address;
use super::provider_configuration::ProviderConfiguration;
use super::value::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A resource instance with its attributes; secrets are masked already.
#[derive(Debug, Clone)]
pub struct Instance {
    pub by: Arc<InstanceRef>,
    pub attributes: Value,
    /// The eight hex digits of a deposed object; `None` for the current one.
    pub deposed: Option<String>,
    pub tainted: bool,
    /// What the source sets in this resource's block.
    pub configured: Configured,
    /// The provider block it is managed with, when the source shows it.
    pub settings: Option<Arc<ProviderConfiguration>>,
}

/// Who claims: kept by every claim, so that a finding can name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstanceRef {
    pub address: Address,
    pub provider: ProviderRef,
    /// The state that records it, when one does.
    pub state: Option<Arc<StateRef>>,
    /// Which of the root modules given to this run it belongs to; `None` for a state without source.
    pub root: Option<usize>,
}

/// A state as findings name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateRef {
    /// As given, or what `state pull` was run in; `-` for standard input.
    pub path: String,
    pub serial: Option<u64>,
    pub lineage: Option<String>,
}

/// Which arguments and nested blocks the source sets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Configured {
    /// The source is not at hand, or the block was not found in it.
    Unknown,
    /// Names of arguments and of nested block types, each with whether it is surely set: a `dynamic` block may make none,
    /// and an expression may turn out to be `null`, which sets nothing.
    Known(BTreeMap<String, bool>),
}

impl Configured {
    /// Whether the source sets it; `None` when that cannot be told.
    pub fn sets(&self, name: &str) -> Option<bool> {
        match self {
            Configured::Unknown => None,
            Configured::Known(names) => match names.get(name) {
                Some(true) => Some(true),
                Some(false) => None,
                None => Some(false),
            },
        }
    }
}

/// The provider configuration that an instance is managed with.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct ProviderRef {
    /// `hashicorp/aws`: without host, since both registries serve the same provider. The legacy form `-/aws` and a
    /// bare `aws` read as `hashicorp/aws`.
    pub source: String,
    /// Module that declares the configuration, without instance keys; empty for the root.
    pub module: Vec<String>,
    pub alias: Option<String>,
    /// Key of a provider configuration with `for_each` (OpenTofu).
    pub key: Option<String>,
}

/// A provider configuration of one of the root modules given to this run: everything managed with it lives in one
/// account.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct ProviderUse {
    /// `None` for a state without source.
    pub root: Option<usize>,
    pub provider: ProviderRef,
}

impl ProviderRef {
    /// The provider's local name as written in blocks: the last part of the source.
    pub fn local_name(&self) -> &str {
        self.source.rsplit('/').next().unwrap_or(&self.source)
    }
}
