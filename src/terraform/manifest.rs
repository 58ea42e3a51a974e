//! `modules.json`: where the modules are that `init` installed, and where they stood that a saved plan holds.

use serde::{Deserialize, Serialize};

/// `.terraform/modules/modules.json`
#[derive(Deserialize, Serialize, Default)]
pub(super) struct Manifest {
    #[serde(rename = "Modules", default)]
    pub(super) modules: Vec<ManifestEntry>,
}

/// One module; that of a saved plan's `tfconfig/modules.json` is the same.
#[derive(Deserialize, Serialize)]
pub(super) struct ManifestEntry {
    /// The calls that lead to it, joined by points.
    #[serde(rename = "Key")]
    pub(super) key: String,
    #[serde(rename = "Source", default)]
    pub(super) source: String,
    #[serde(rename = "Dir")]
    pub(super) dir: String,
}
