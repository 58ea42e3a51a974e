//! `state pull`: the one command of Terraform and OpenTofu that prints a state from any backend, and changes nothing.

use super::Environment;
use crate::model::Problem;
use serde::Deserialize;
use serde::de::IgnoredAny;
use std::path::Path;
use std::process::Stdio;
use tokio::process::Command;

/// What `state pull` prints, run in `dir`; `None` when the backend holds no state.
pub(super) async fn state(dir: &Path, binary: &Path, environment: &Environment) -> Result<Option<Vec<u8>>, Problem> {
    let name = binary.file_name().unwrap_or(binary.as_os_str()).to_string_lossy();
    let output = Command::new(binary)
        .args(["state", "pull", "-no-color"])
        .current_dir(dir)
        .env_clear()
        .envs(environment.of_binary())
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output()
        .await
        .map_err(|error| {
            Problem::new(format!("`{}` cannot be started: {error}", binary.display()))
                .at(dir.display().to_string())
                .help("name a working binary with `DRIFTLINE_TF_BIN`, or give a state file with `--state`")
        })?;
    if output.status.success() {
        return Ok(Some(output.stdout).filter(|bytes| !is_of_nothing(bytes)));
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(Problem::new(format!("`{name} state pull` failed ({}):\n{}", output.status, said.trim()))
        .at(dir.display().to_string())
        .help(format!(
            "mend that until `{name} state pull` works in this directory, or give a state file with `--state`"
        )))
}

/// Whether this is what `state pull` prints for a backend that holds no state: nothing, or, as Terraform 1.11.4 was seen
/// to do, a state that was never written. Every written one has a lineage, an emptied one too.
fn is_of_nothing(bytes: &[u8]) -> bool {
    #[derive(Deserialize)]
    struct Pulled {
        serial: u64,
        lineage: String,
        resources: Vec<IgnoredAny>,
    }

    // Longer ones hold something, and need not be read twice.
    bytes.len() < 1000
        && (bytes.iter().all(u8::is_ascii_whitespace)
            || serde_json::from_slice::<Pulled>(bytes)
                .is_ok_and(|state| state.serial == 0 && state.lineage.is_empty() && state.resources.is_empty()))
}
