//! The shared config and credentials files, and what a profile in them says.

use super::ConnectError;
use super::Surroundings;
use super::block::Block;
use crate::model::Problem;
use aws_config::profile::ProfileSet;
use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};
use aws_runtime::env_config::property::PropertiesKey;

/// Which files and which profile in them.
#[derive(Debug, Clone)]
pub(super) struct Files {
    pub(super) files: EnvConfigFiles,
    /// Files that were named, for telling where it was looked.
    pub(super) named: Vec<String>,
    pub(super) profile: String,
    /// What named the profile; `None` for `default`.
    pub(super) named_by: Option<&'static str>,
}

impl Files {
    /// The provider's rule: what the block names replaces the default files of that sort; the block's profile goes
    /// before the variables'.
    pub(super) fn choose(block: &Block<'_>, surroundings: &Surroundings) -> Result<Files, ConnectError> {
        let config = block.texts("shared_config_files")?;
        let mut credentials = block.texts("shared_credentials_files")?;
        // Of version 3 of the provider.
        credentials.extend(block.text("shared_credentials_file")?.filter(|_| credentials.is_empty()));
        let mut files = EnvConfigFiles::builder()
            .include_default_config_file(config.is_empty())
            .include_default_credentials_file(credentials.is_empty());
        let mut named = Vec::new();
        for (kind, paths) in [(EnvConfigFileKind::Config, config), (EnvConfigFileKind::Credentials, credentials)] {
            for path in paths {
                let path = surroundings.expand(&path);
                files = files.with_file(kind, &path);
                named.push(path);
            }
        }
        let variable = |name: &'static str| Some((surroundings.variable(name)?, Some(name)));
        let (profile, named_by) = match block.text("profile")? {
            Some(profile) => (profile, Some("the provider block")),
            None => variable("AWS_PROFILE")
                .or_else(|| variable("AWS_DEFAULT_PROFILE"))
                .unwrap_or_else(|| ("default".to_owned(), None)),
        };
        Ok(Files { files: files.build(), named, profile, named_by })
    }

    /// # Errors
    /// When a file cannot be read or understood, or a profile that was asked for is in none of them.
    pub(super) async fn load(&self, surroundings: &Surroundings) -> Result<ProfileSet, ConnectError> {
        let selected = Some(self.profile.clone().into());
        let profiles = aws_config::profile::load(&surroundings.fs, &surroundings.env, &self.files, selected)
            .await
            .map_err(|e| {
                ConnectError::Problem(
                    Problem::new(format!("cannot read the shared AWS files: {}", super::in_words(&e))).help(
                        "correct the file, or name others with `AWS_CONFIG_FILE` and `AWS_SHARED_CREDENTIALS_FILE`",
                    ),
                )
            })?;
        if let Some(by) = self.named_by
            && profiles.get_profile(&self.profile).is_none()
        {
            let mut known: Vec<_> = profiles.profiles().map(|name| format!("`{name}`")).collect();
            known.sort();
            let known = if known.is_empty() { "they hold no profile".to_owned() } else { known.join(", ") };
            return Err(ConnectError::Problem(
                Problem::new(format!(
                    "there is no profile `{}` in the shared AWS files, but {by} names it",
                    self.profile
                ))
                .help(format!("name one that exists ({known}), or add it with `aws configure`")),
            ));
        }
        Ok(profiles)
    }
}

/// What the profile's `services` section says about a service.
pub(super) fn service_setting(profiles: &ProfileSet, service: &str, name: &str) -> Option<String> {
    let section = profiles.get("services")?;
    let key = PropertiesKey::builder()
        .section_key("services")
        .section_name(section)
        .property_name(service)
        .sub_property_name(name)
        .build()
        .ok()?;
    Some(profiles.other_sections().get(&key)?.to_string())
}
