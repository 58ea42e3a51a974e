//! The values that a root module is given for its variables, and where each was written.
//!
//! Rules: "Assigning Values to Root Module Variables" of Terraform, weakest first: `TF_VAR_…`, `terraform.tfvars`,
//! `terraform.tfvars.json`, `*.auto.tfvars[.json]` by name, then the command line in its order.

use super::super::files::{join_shown, listed};
use super::super::syntax::{self, Body};
use crate::model::{Gap, Hides, Location, Precision};
use crate::source::{Overlay, SourceFile};
use crate::terraform::evaluate::{Budget, NoNames, Scope};
use crate::terraform::functions::files::Files;
use crate::terraform::value::{Origin, Val};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// What a run is given besides the files of the root module.
#[derive(Clone, Default)]
pub struct Inputs {
    /// The selected workspace; empty for `default`.
    pub workspace: String,
    /// Variables of the environment by their names without `TF_VAR_`.
    pub environment: BTreeMap<String, String>,
    /// The command line's, in order.
    pub given: Vec<Given>,
    /// What a plan says that it was made with.
    pub planned: BTreeMap<String, serde_json::Value>,
}

/// Something that the command line gives.
#[derive(Clone, PartialEq, Eq)]
pub enum Given {
    /// `name=value`
    Variable { name: String, text: String },
    /// A file of values; relative to where driftline runs.
    File(PathBuf),
}

/// A value that was given, as far as it can be said without the variable's type.
#[derive(Clone)]
pub(super) enum Raw {
    Value(Val),
    /// Taken as it stands, or as an expression, as the type says; and from where it is.
    Text {
        text: String,
        from: String,
    },
}

/// The values given for variables of the root module, the strongest of each.
pub(super) fn read(
    dir: &Path,
    shown: &str,
    inputs: &Inputs,
    files: &Files,
    overlay: &Overlay,
    gaps: &mut Vec<Gap>,
) -> BTreeMap<String, Raw> {
    let mut values = BTreeMap::new();
    for (name, text) in &inputs.environment {
        values.insert(name.clone(), Raw::Text { text: text.clone(), from: format!("TF_VAR_{name}") });
    }
    for name in automatic(dir, shown, overlay) {
        file(&dir.join(&name), &join_shown(shown, &name), (files, overlay), &mut values, gaps);
    }
    for given in &inputs.given {
        match given {
            Given::Variable { name, text } => {
                values.insert(name.clone(), Raw::Text { text: text.clone(), from: format!("--var {name}") });
            }
            Given::File(path) => file(path, &path.to_string_lossy(), (files, overlay), &mut values, gaps),
        }
    }
    values
}

/// Names of the files of values that are read without being asked for, weakest first.
fn automatic(dir: &Path, shown: &str, overlay: &Overlay) -> Vec<String> {
    let listed = listed(dir, shown, overlay).unwrap_or_default();
    let is_automatic = |name: &&String| name.ends_with(".auto.tfvars") || name.ends_with(".auto.tfvars.json");
    let mut names: Vec<String> = listed.iter().filter(is_automatic).cloned().collect();
    names.sort();
    let first = ["terraform.tfvars", "terraform.tfvars.json"].map(str::to_owned);
    first.into_iter().filter(|name| listed.contains(name)).chain(names).collect()
}

fn file(
    path: &Path,
    shown: &str,
    (files, overlay): (&Files, &Overlay),
    values: &mut BTreeMap<String, Raw>,
    gaps: &mut Vec<Gap>,
) {
    let edited = overlay.text(shown).map(|edited| Ok(edited.to_owned()));
    let read = || fs::read(path).map_err(|error| error.to_string()).and_then(text);
    let text = match edited.unwrap_or_else(read) {
        Ok(text) => text,
        Err(reason) => {
            gaps.push(gap(format!("the values in `{shown}` cannot be read: {reason}"), None));
            return;
        }
    };
    let file = SourceFile::new(shown, text);
    if let Ok(path) = fs::canonicalize(path) {
        files.note(&path, &file);
    }
    let (body, errors) = match shown.ends_with(".json") {
        true => syntax::parse_json_values(file.text()),
        false => syntax::parse_native(file.text()),
    };
    for error in errors {
        let location = Location::of(&file, error.span, Precision::Value);
        gaps.push(gap(format!("the values cannot be read: {}", error.message), Some(location)));
    }
    let (budget, names) = (Budget::default(), NoNames);
    let scope = Scope::new(&names, files, &budget, &file);
    assign(&body, &scope, values);
}

fn assign(body: &Body, scope: &Scope<'_>, values: &mut BTreeMap<String, Raw>) {
    for attribute in &body.attributes {
        let value = scope.value(&attribute.value).unwrap_or_else(|fault| {
            fault.into_unknown().with_origin(Origin::written(scope.file, attribute.value.span))
        });
        values.insert(attribute.name.text.clone(), Raw::Value(value));
    }
}

fn text(bytes: Vec<u8>) -> Result<String, String> {
    if bytes.starts_with(b"\0GITCRYPT\0") {
        return Err("it is encrypted with git-crypt".to_owned());
    }
    String::from_utf8(bytes).map_err(|_| "it is not UTF-8".to_owned())
}

fn gap(reason: String, location: Option<Location>) -> Gap {
    Gap {
        code: "variables_unreadable".into(),
        system: "terraform".to_owned(),
        scope: None,
        hides: Hides::Lines,
        reason,
        hint: "correct the file; `terraform plan` names the same place".to_owned(),
        location,
    }
}
