//! Plans as `plan -out` saves them: a zip that holds the plan itself, the state before and after the refresh, and the
//! source. It is read without Terraform, and nothing in it is ever unpacked by a name that it gives.
//!
//! Rules: `internal/plans/planfile` and `planproto/planfile.proto` of Terraform 1.11, of which OpenTofu's is a part.

mod archive;
mod msgpack;
mod planned;
#[cfg(test)]
mod tests;
mod wire;

use crate::model::Problem;
use crate::terraform::manifest::{Manifest, ManifestEntry};
use archive::Archive;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt;

/// A saved plan, taken apart. It holds secrets: nothing prints it.
pub(super) struct Saved {
    /// What `show -json` would print of it, as far as it matters here.
    pub json: Vec<u8>,
    /// The state that the plan was made on, before the refresh.
    pub state: Vec<u8>,
    /// The selected workspace.
    pub workspace: Option<String>,
    /// Whether what a provider's schema calls sensitive is marked in it, too.
    pub is_marked: bool,
    pub sources: Sources,
}

/// The source that a plan was made of.
#[derive(Debug, Default, Clone)]
pub struct Sources {
    /// Texts by the file's path from the root module.
    pub files: BTreeMap<String, String>,
    /// What `modules.json` says, for `.terraform/modules`.
    pub manifest: String,
}

impl fmt::Debug for Saved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Saved({} bytes, {:?})", self.json.len(), self.sources.files.keys())
    }
}

/// Whether the bytes are a zip.
pub(super) fn is_saved(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
}

/// Takes a saved plan apart; `path` is what problems name it by.
///
/// # Errors
/// When it is no plan, is damaged, or holds more than any plan does.
pub(super) fn open(bytes: &[u8], path: &str) -> Result<Saved, Problem> {
    let wrong = |why: String| {
        Problem::new(format!("the saved plan cannot be read: {why}")).at(path).help(
            "give a file that `terraform plan -out=FILE` wrote, whole; or what `terraform show -json FILE` prints of it",
        )
    };
    let archive = Archive::read(bytes).map_err(wrong)?;
    let needed = |name: &str| match archive.content(name) {
        Some(content) => content.map_err(|why| wrong(format!("`{name}` in it: {why}"))),
        None => Err(wrong(format!("it is a zip without `{name}`"))),
    };
    let plan = needed("tfplan")?;
    let state = needed("tfstate-prev")?;
    let refreshed = needed("tfstate")?;
    let of_plan = |why: String| wrong(format!("`tfplan` in it: {why}"));
    let json = planned::shown(&plan, !is_empty(&refreshed)).map_err(of_plan)?;
    let workspace = planned::workspace(&plan).map_err(of_plan)?;
    let sources = sources(&archive).map_err(wrong)?;
    let is_marked = planned::is_marked(&json);
    Ok(Saved { json: json.to_string().into_bytes(), state, workspace, is_marked, sources })
}

/// Whether a state records nothing.
fn is_empty(state: &[u8]) -> bool {
    #[derive(Deserialize)]
    struct Recorded {
        resources: Vec<serde::de::IgnoredAny>,
    }

    serde_json::from_slice::<Recorded>(state).is_ok_and(|state| state.resources.is_empty())
}

/// The source: `tfconfig/modules.json` says where the files of `tfconfig/m-KEY/` stood.
fn sources(archive: &Archive<'_>) -> Result<Sources, String> {
    let mut sources = Sources::default();
    let Some(manifest) = archive.content("tfconfig/modules.json") else { return Ok(sources) };
    let mut modules: Vec<ManifestEntry> = serde_json::from_slice(&manifest?)
        .map_err(|_| "`tfconfig/modules.json` in it is not what Terraform writes".to_owned())?;
    for (at, module) in modules.iter_mut().enumerate() {
        // A directory outside of the root module cannot be shown as one inside: it gets a name of its own.
        let dir = inside(&module.dir).unwrap_or_else(|| format!("module-{at}"));
        let prefix = format!("tfconfig/m-{}/", module.key);
        for name in archive.names().filter_map(|name| name.strip_prefix(&prefix)).filter(|name| is_file_name(name)) {
            let content = archive.content(&format!("{prefix}{name}")).unwrap_or_else(|| Ok(Vec::new()))?;
            let path = if dir.is_empty() { name.to_owned() } else { format!("{dir}/{name}") };
            sources.files.insert(path, String::from_utf8_lossy(&content).into_owned());
        }
        module.dir = if dir.is_empty() { ".".to_owned() } else { dir };
    }
    sources.manifest = serde_json::to_string(&Manifest { modules })
        .map_err(|error| format!("its list of modules cannot be written: {error}"))?;
    Ok(sources)
}

/// A directory in plain steps down from the root module; `None` when it leads out.
fn inside(dir: &str) -> Option<String> {
    let parts: Vec<&str> = dir.split(['/', '\\']).filter(|part| !matches!(*part, "" | ".")).collect();
    let leads_out = dir.starts_with(['/', '\\']) || dir.contains(':') || parts.contains(&"..");
    (!leads_out).then(|| parts.join("/"))
}

/// A plain name of a configuration file.
fn is_file_name(name: &str) -> bool {
    !name.is_empty() && !name.contains(['/', '\\', ':', '\0']) && name != "." && name != ".."
}
