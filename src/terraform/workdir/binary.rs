//! Chooses between Terraform and OpenTofu, and finds the chosen one on the `PATH`.

use super::Environment;
use crate::model::Problem;
use std::path::{Path, PathBuf};

/// The binary for a root module: what was asked for, else `DRIFTLINE_TF_BIN`, else Terragrunt's, else the one behind the
/// shim of GitHub's `setup-terraform`, else `tofu` where the directory says so, else `terraform`, else `tofu`.
pub(super) fn choose(dir: &Path, asked: Option<&str>, environment: &Environment) -> Result<PathBuf, Problem> {
    if let Some(name) = named(asked, environment) {
        return find(&name, environment).ok_or_else(|| missing(&format!("`{name}` is not")));
    }
    if let Some(behind) = behind_the_shim(environment) {
        return Ok(behind);
    }
    if is_for_opentofu(dir) {
        return find("tofu", environment)
            .ok_or_else(|| missing("`tofu`, which the root module is written for, is not"));
    }
    let found = find("terraform", environment).or_else(|| find("tofu", environment));
    found.ok_or_else(|| missing("neither `terraform` nor `tofu` is"))
}

/// The name or path that somebody gave: on the command line, or in a variable of ours or Terragrunt's.
fn named(asked: Option<&str>, environment: &Environment) -> Option<String> {
    let variable = |name| environment.get(name).map(|name| name.to_string_lossy().into_owned());
    asked.map(str::to_owned).or_else(|| variable("DRIFTLINE_TF_BIN")).or_else(|| variable("TG_TF_PATH"))
}

/// What a root module is worked on with, by what its directory says: nothing is started to find out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tool {
    /// As a command line names it.
    pub binary: String,
    pub is_opentofu: bool,
    /// The version that the directory pins for a version manager.
    pub pinned: Option<String>,
}

/// The tool of a root module; `asked` is the binary that was asked for.
pub fn tool(dir: &Path, asked: Option<&str>, environment: &Environment) -> Tool {
    let only_tofu = || find("terraform", environment).is_none() && find("tofu", environment).is_some();
    let usual = || if is_for_opentofu(dir) || only_tofu() { "tofu" } else { "terraform" };
    let binary = named(asked, environment).unwrap_or_else(|| usual().to_owned());
    let is_opentofu = Path::new(&binary).file_name().is_some_and(|name| name.to_string_lossy().contains("tofu"));
    let file = if is_opentofu { ".opentofu-version" } else { ".terraform-version" };
    let pinned = std::fs::read_to_string(dir.join(file)).ok().map(|text| text.trim().to_owned());
    Tool { binary, is_opentofu, pinned }
}

/// `setup-terraform` puts a script before the binary that changes what it prints and how it ends.
fn behind_the_shim(environment: &Environment) -> Option<PathBuf> {
    let behind = Path::new(environment.get("TERRAFORM_CLI_PATH")?).join("terraform-bin");
    is_program(&behind).then_some(behind)
}

fn missing(what_is: &str) -> Problem {
    Problem::new(format!("{what_is} on the PATH, and is needed here")).help(
        "install it, or name the binary with `DRIFTLINE_TF_BIN`; in place of a state in a backend, what `terraform state \
         pull` prints can be given with `--state`",
    )
}

/// Whether the directory pins an OpenTofu version, holds files that only OpenTofu reads, or locks providers of its registry.
fn is_for_opentofu(dir: &Path) -> bool {
    let locks = std::fs::read_to_string(dir.join(".terraform.lock.hcl")).unwrap_or_default();
    if locks.contains("provider \"registry.opentofu.org/") {
        return true;
    }
    let is_tofu = |name: &str| name == ".opentofu-version" || name.ends_with(".tofu") || name.ends_with(".tofu.json");
    let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
    entries.into_iter().any(|entry| entry.file_name().to_str().is_some_and(is_tofu))
}

/// The program that a name or path stands for, as an absolute path: it is started in another directory. Relative
/// entries of the `PATH` are passed over, as they could lead into the root module.
fn find(name: &str, environment: &Environment) -> Option<PathBuf> {
    if Path::new(name).components().count() > 1 {
        return std::path::absolute(name).ok().filter(|path| is_program(path));
    }
    let path = environment.get("PATH")?;
    std::env::split_paths(path)
        .filter(|dir| dir.is_absolute())
        .flat_map(|dir| [dir.join(name), dir.join(format!("{name}{}", std::env::consts::EXE_SUFFIX))])
        .find(|path| is_program(path))
}

#[cfg(unix)]
fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata().is_ok_and(|about| about.is_file() && about.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(path: &Path) -> bool {
    path.is_file()
}
