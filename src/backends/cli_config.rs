//! The settings file of Terraform and OpenTofu themselves, as far as it says how a host is reached: tokens, and where its
//! services are.
//!
//! Rules: "CLI Configuration File" of Terraform and OpenTofu; `internal/command/cliconfig` of Terraform 1.11
//! (`cliconfig.go`, `credentials.go`).

use super::Unread;
use super::settings::Settings;
use crate::terraform::config::syntax::tree::{Kind, ObjectKey};
use crate::terraform::config::syntax::{Block, Expression, parse_native};
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// Named by the first that is set, in place of those in the home directory.
const VARIABLES: [&str; 2] = ["TF_CLI_CONFIG_FILE", "TERRAFORM_CONFIG"];

/// In the home directory.
const FILES: [&str; 2] = [".terraformrc", ".tofurc"];

/// Below the home directory: every `*.tfrc` and `*.tfrc.json` in it is read.
const DIRECTORY: &str = ".terraform.d";

/// What `terraform login` (or `tofu login`) writes there: it is read whatever else is.
const OF_LOGIN: &str = "credentials.tfrc.json";

/// What is said of hosts. It holds tokens, so there is no `Debug`.
#[derive(Default)]
pub(super) struct CliConfig {
    tokens: BTreeMap<String, String>,
    /// Addresses by service, of hosts that are not to be asked for them.
    services: BTreeMap<String, BTreeMap<String, String>>,
    /// A program that keeps tokens.
    helper: Option<String>,
}

impl CliConfig {
    /// Reads what there is.
    ///
    /// # Errors
    /// When a file is there and cannot be read: Terraform says more about it.
    pub(super) fn read(settings: &Settings<'_>) -> Result<CliConfig, Unread> {
        let mut config = CliConfig::default();
        let home = settings.variable("HOME").map(PathBuf::from);
        let directory = home.as_ref().map(|home| home.join(DIRECTORY));
        match VARIABLES.iter().find_map(|name| settings.variable(name)) {
            Some(named) => {
                config.take(Path::new(&named))?;
            }
            None => {
                for name in FILES {
                    home.iter().try_for_each(|home| config.take(&home.join(name)))?;
                }
                for path in directory.iter().flat_map(|directory| in_directory(directory)) {
                    config.take(&path)?;
                }
            }
        }
        directory.iter().try_for_each(|directory| config.take(&directory.join(OF_LOGIN)))?;
        Ok(config)
    }

    pub(super) fn token(&self, host: &str) -> Option<&str> {
        self.tokens.get(host).map(String::as_str)
    }

    /// The addresses of a host's services, where the host is not to be asked.
    pub(super) fn services(&self, host: &str) -> Option<&BTreeMap<String, String>> {
        self.services.get(host)
    }

    pub(super) fn helper(&self) -> Option<&str> {
        self.helper.as_deref()
    }

    /// Adds what a file says of hosts that none before it spoke of. That there is no such file is no fault.
    fn take(&mut self, path: &Path) -> Result<(), Unread> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(unreadable(path, &error.to_string())),
        };
        // The texts of the errors are not shown: the file holds tokens.
        if path.extension().is_some_and(|extension| extension == "json") {
            let document = serde_json::from_str(&text).map_err(|_| unreadable(path, "it is not JSON"))?;
            self.take_json(&document);
            return Ok(());
        }
        let (body, errors) = parse_native(&text);
        if !errors.is_empty() {
            return Err(unreadable(path, "its syntax is not right"));
        }
        for block in &body.blocks {
            self.take_block(block);
        }
        Ok(())
    }

    fn take_block(&mut self, block: &Block) {
        let Some(label) = block.label(0) else { return };
        let host = label.to_ascii_lowercase();
        let text = |name: &str| block.body.attribute(name).and_then(|said| said.value.literal_text());
        match block.kind.text.as_str() {
            "credentials" => {
                if let Some(token) = text("token") {
                    self.tokens.entry(host).or_insert(token.into_owned());
                }
            }
            "host" => {
                let said = block.body.attribute("services").map(|said| texts(&said.value)).unwrap_or_default();
                self.services.entry(host).or_insert(said);
            }
            "credentials_helper" => self.helper = Some(label.to_owned()),
            _ => {}
        }
    }

    fn take_json(&mut self, document: &Value) {
        let entries = |name: &str| document.get(name).and_then(Value::as_object).into_iter().flatten();
        for (host, said) in entries("credentials") {
            if let Some(token) = said.get("token").and_then(Value::as_str) {
                self.tokens.entry(host.to_ascii_lowercase()).or_insert(token.to_owned());
            }
        }
        for (host, said) in entries("host") {
            let services = said.get("services").and_then(Value::as_object).into_iter().flatten();
            let services = services.filter_map(|(name, to)| Some((name.clone(), to.as_str()?.to_owned())));
            self.services.entry(host.to_ascii_lowercase()).or_insert(services.collect());
        }
        if let Some((name, _)) = entries("credentials_helper").next() {
            self.helper = Some(name.clone());
        }
    }
}

/// The texts of an object by their keys.
fn texts(object: &Expression) -> BTreeMap<String, String> {
    let Kind::Object(items) = &object.bare().kind else { return BTreeMap::new() };
    let said = items.iter().filter_map(|item| {
        let key = match &item.key {
            ObjectKey::Name(name) => name.text.clone(),
            ObjectKey::Expression(key) => key.literal_text()?.into_owned(),
        };
        Some((key, item.value.literal_text()?.into_owned()))
    });
    said.collect()
}

/// The settings files of a directory, by name; none where it cannot be listed, which Terraform passes over, too.
fn in_directory(directory: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(directory).into_iter().flatten().flatten();
    let is_one = |name: &str| name.ends_with(".tfrc") || name.ends_with(".tfrc.json");
    let named = entries.filter(|entry| entry.file_name().to_str().is_some_and(is_one));
    let mut paths: Vec<PathBuf> = named.map(|entry| entry.path()).collect();
    paths.sort();
    paths
}

fn unreadable(path: &Path, why: &str) -> Unread {
    Unread::Unsupported(format!("`{}` cannot be read: {why}", path.display()))
}
