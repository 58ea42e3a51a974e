//! A plan's own picture of the configuration, as far as it says which provider configuration manages a resource.
//!
//! Rules: `internal/command/jsonconfig/config.go` of Terraform 1.11. A key that a module was passed is given as that of
//! the configuration it comes from.

use crate::model::{Address, ModulePath, ProviderRef};
use crate::terraform::state::provider;
use serde::Deserialize;
use std::collections::HashMap;

/// The `configuration` of a plan.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Configuration {
    #[serde(default)]
    provider_config: HashMap<String, ProviderConfig>,
    #[serde(default)]
    root_module: Module,
}

#[derive(Debug, Deserialize)]
struct ProviderConfig {
    alias: Option<String>,
    module_address: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Module {
    resources: Vec<Resource>,
    module_calls: HashMap<String, Call>,
}

#[derive(Debug, Deserialize)]
struct Resource {
    /// Relative to the module.
    address: String,
    /// Missing where OpenTofu chooses among several by instance.
    provider_config_key: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Call {
    #[serde(default)]
    module: Module,
}

impl Configuration {
    /// The provider configuration that manages an object; without alias when this does not say.
    pub(super) fn provider(&self, address: &Address, provider_name: &str) -> ProviderRef {
        // A saved plan names the configuration itself.
        if let Ok(named) = provider::parse(provider_name) {
            return named;
        }
        let config = self.config_key(address).and_then(|key| self.provider_config.get(key));
        let module = config.and_then(|config| config.module_address.as_deref()?.parse::<ModulePath>().ok());
        ProviderRef {
            source: provider::source(provider_name),
            module: module.map(|path| path.names().map(str::to_owned).collect()).unwrap_or_default(),
            alias: config.and_then(|config| config.alias.clone()),
            key: None,
        }
    }

    fn config_key(&self, address: &Address) -> Option<&str> {
        let mut module = &self.root_module;
        for name in address.module.names() {
            module = &module.module_calls.get(name)?.module;
        }
        let relative = format!("{}.{}", address.resource_type, address.name);
        module.resources.iter().find(|resource| resource.address == relative)?.provider_config_key.as_deref()
    }
}
