//! Where a root module keeps its state: the selected workspace, and the backend that `init` noted down.

use super::Environment;
use crate::model::Problem;
use serde::Deserialize;
use serde::de::IgnoredAny;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// The backend in use, as `init` noted it with all that it was given (`-backend-config` included). Holds the backend's
/// credentials, so there is no `Debug`.
pub struct Noted {
    /// The backend's type; `state_store` for what Terraform 1.14 and later have in place of one.
    pub kind: String,
    /// Every setting, `null` where it is not set.
    pub settings: serde_json::Map<String, serde_json::Value>,
}

/// Settings of the local backend.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Local {
    pub path: Option<String>,
    pub workspace_dir: Option<String>,
}

impl Local {
    /// The state file, relative to the root module (`backend/local/backend.go`, `StatePaths`).
    pub(super) fn state_file(&self, workspace: &str) -> PathBuf {
        let set = |value: &Option<String>, or: &str| {
            PathBuf::from(value.as_deref().filter(|value| !value.is_empty()).unwrap_or(or))
        };
        if workspace == "default" {
            set(&self.path, "terraform.tfstate")
        } else {
            set(&self.workspace_dir, "terraform.tfstate.d").join(workspace).join("terraform.tfstate")
        }
    }
}

/// The selected workspace: `TF_WORKSPACE`, else what `workspace select` noted, else `default`.
pub(super) fn workspace(data: &Path, environment: &Environment) -> Result<String, Problem> {
    let (name, place) = match environment.get("TF_WORKSPACE") {
        Some(name) => (name.to_string_lossy().into_owned(), "TF_WORKSPACE".to_owned()),
        None => {
            let file = data.join("environment");
            (optional(&file)?.unwrap_or_default(), file.display().to_string())
        }
    };
    match name.trim() {
        "" => Ok("default".to_owned()),
        // The name becomes a part of a path.
        name if name.contains(['/', '\\']) || matches!(name, "." | "..") => {
            Err(Problem::new(format!("`{name}` is not a name of a workspace"))
                .at(place)
                .help("select a workspace with `terraform workspace select NAME`"))
        }
        name => Ok(name.to_owned()),
    }
}

/// The backend that `init` noted in the data directory; `None` when there is no note, or none of a backend.
pub(super) fn of(data: &Path) -> Result<Option<Noted>, Problem> {
    #[derive(Deserialize)]
    struct Note {
        backend: Option<OfBackend>,
        state_store: Option<IgnoredAny>,
    }

    #[derive(Deserialize)]
    struct OfBackend {
        #[serde(rename = "type")]
        kind: String,
        config: Option<serde_json::Map<String, serde_json::Value>>,
    }

    let file = data.join("terraform.tfstate");
    let Some(text) = optional(&file)? else { return Ok(None) };
    // Neither the text nor the error is shown: the note holds the backend's credentials.
    let damaged = |_| {
        Problem::new("the note on which backend is in use cannot be read")
            .at(file.display().to_string())
            .help("run `terraform init` in the root module, or give a state file with `--state`")
    };
    let note: Note = serde_json::from_str(&text).map_err(damaged)?;
    Ok(match note.backend {
        Some(OfBackend { kind, config }) => Some(Noted { kind, settings: config.unwrap_or_default() }),
        None => note.state_store.map(|_| Noted { kind: "state_store".to_owned(), settings: serde_json::Map::new() }),
    })
}

/// A file's text; `None` when there is no such file.
fn optional(file: &Path) -> Result<Option<String>, Problem> {
    match std::fs::read_to_string(file) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Problem::new(format!("the file cannot be read: {error}"))
            .at(file.display().to_string())
            .help("make it readable, or give a state file with `--state`")),
    }
}
