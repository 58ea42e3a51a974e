//! The environment variables that a run goes by, as a value: nothing below reads those of the process.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};

/// Environment variables.
#[derive(Debug, Clone, Default)]
pub struct Environment(BTreeMap<OsString, OsString>);

impl Environment {
    /// Those that driftline was started with.
    pub fn of_process() -> Self {
        Environment(std::env::vars_os().collect())
    }

    pub fn with(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.0.insert(name.into(), value.into());
        self
    }

    /// A variable that is set and not empty, which Terraform takes for unset.
    pub fn get(&self, name: &str) -> Option<&OsStr> {
        self.0.get(OsStr::new(name)).map(OsString::as_os_str).filter(|value| !value.is_empty())
    }

    /// Values for variables of the root module (`TF_VAR_…`), by the variables' names.
    pub fn variables(&self) -> BTreeMap<String, String> {
        let all = self.0.iter().filter_map(|(name, value)| {
            let name = name.to_str()?.strip_prefix("TF_VAR_")?;
            Some((name.to_owned(), value.to_str()?.to_owned()))
        });
        all.collect()
    }

    /// What a Terraform or OpenTofu gets: everything, without what would change its arguments or mix its log into its
    /// output, and told that nobody is there to answer.
    pub fn of_binary(&self) -> impl Iterator<Item = (&OsStr, &OsStr)> {
        let meddles = |name: &OsStr| {
            name.to_str().is_some_and(|name| name.starts_with("TF_CLI_ARGS") || name.starts_with("TF_LOG"))
        };
        let own = self.0.iter().map(|(name, value)| (name.as_os_str(), value.as_os_str()));
        let told = [("TF_IN_AUTOMATION", "1"), ("TF_INPUT", "0"), ("CHECKPOINT_DISABLE", "1")];
        own.filter(move |(name, _)| !meddles(name)).chain(told.map(|(name, value)| (name.as_ref(), value.as_ref())))
    }
}
