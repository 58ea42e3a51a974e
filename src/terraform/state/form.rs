//! Tells by its top-level keys which of Terraform's documents a text is.

use super::text::WHAT_TO_GIVE;
use crate::model::Problem;

/// A document that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::terraform) enum Form {
    /// A state file of version 4.
    Raw,
    /// `show -json` of a state.
    Shown,
    /// `show -json` of a plan.
    Plan,
}

/// What is at a document's top level.
pub(in crate::terraform) trait TopLevel {
    fn has(&self, key: &str) -> bool;
    /// Whether every key is one of these.
    fn has_only(&self, keys: &[&str]) -> bool;
    /// The JSON text of a short value.
    fn json(&self, key: &str) -> Option<&str>;
}

/// Which document it is; a document that cannot be read is a problem that names it.
///
/// Keys: `statefile/version4.go`, `jsonstate`, `jsonplan` of Terraform; `encryption/encryption.go` of OpenTofu.
pub(in crate::terraform) fn of(top: &dyn TopLevel) -> Result<Form, Problem> {
    if top.has("encrypted_data") || top.has("encryption_version") {
        return Err(encrypted());
    }
    if top.has("format_version") {
        let form = if top.has("planned_values") || top.has("resource_changes") {
            Form::Plan
        } else if top.has("values") || top.has_only(&["format_version", "terraform_version", "checks"]) {
            // An empty state has nothing but its version.
            Form::Shown
        } else {
            return Err(unknown());
        };
        return check_format(top.json("format_version").unwrap_or_default()).map(|()| form);
    }
    let is_state = ["serial", "lineage", "terraform_version", "resources", "modules"].iter().any(|key| top.has(key));
    match top.json("version").and_then(|version| version.parse::<u64>().ok()).filter(|_| is_state) {
        None => Err(unknown()),
        Some(4) => Ok(Form::Raw),
        Some(0..4) if top.has("backend") && !top.has("lineage") => Err(backend_cache()),
        Some(version @ 0..4) => Err(older(version)),
        Some(version) => Err(Problem::new(format!("the state has version {version}; versions up to 4 are known"))
            .help("`terraform show -json` prints it in a form that stays readable")),
    }
}

/// Majors 0 and 1 are known; a minor only adds keys.
fn check_format(json: &str) -> Result<(), Problem> {
    let version = json.trim_matches('"');
    match version.split('.').next() {
        Some("0" | "1") => Ok(()),
        _ => Err(Problem::new(format!("the format version `{version}` is not known; 0.x and 1.x are"))
            .help("use a newer driftline, or an older Terraform or OpenTofu for `show -json`")),
    }
}

pub(in crate::terraform) fn unknown() -> Problem {
    Problem::new("the JSON is neither a state nor a plan").help(WHAT_TO_GIVE)
}

/// For a reader of states.
pub(super) fn plan_given() -> Problem {
    Problem::new("the file is a plan, not a state").help("give it with `--plan`")
}

/// For a reader of plans.
pub(in crate::terraform) fn state_given() -> Problem {
    Problem::new("the file is a state, not a plan")
        .help("give it with `--state`; a plan is what `terraform show -json FILE` prints of a saved plan")
}

fn encrypted() -> Problem {
    Problem::new("the file is encrypted by OpenTofu").help(
        "where the configuration has the key run `tofu state pull` for a state, or `tofu show -json FILE` for a plan, \
         and give what it prints",
    )
}

fn backend_cache() -> Problem {
    Problem::new("the file is Terraform's note on which backend is in use, not a state")
        .help("the state is in that backend: give what `terraform state pull` prints in this root module")
}

fn older(version: u64) -> Problem {
    Problem::new(format!("the state has version {version}, of Terraform 0.11 or older; version 4 can be read")).help(
        "with Terraform 1.x run `terraform init` and `terraform state pull > FILE` in its root module: the state is \
         printed as version 4",
    )
}
