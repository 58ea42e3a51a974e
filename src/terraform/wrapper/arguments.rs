//! What arguments of `plan` ask for, those of the environment too.
//!
//! Rules: `main.go` of Terraform 1.11 (`mergeEnvArgs`): `TF_CLI_ARGS_plan` stands before `TF_CLI_ARGS`, and both before
//! the command line; of a flag that is given twice the last counts.

use crate::terraform::workdir::Environment;
use std::ffi::{OsStr, OsString};

/// Arguments for `plan` alone.
pub(super) const OF_PLAN: &str = "TF_CLI_ARGS_plan";

/// Arguments for every subcommand.
const OF_ALL: &str = "TF_CLI_ARGS";

/// What is asked for.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Asked {
    /// Where to write the plan, relative to the root module.
    pub(super) out: Option<OsString>,
    pub(super) json: bool,
    pub(super) no_color: bool,
}

impl Asked {
    pub(super) fn of(arguments: &[OsString], environment: &Environment) -> Asked {
        let told = [OF_PLAN, OF_ALL].into_iter().filter_map(|name| environment.get(name)).flat_map(words);
        let all: Vec<OsString> = told.chain(arguments.iter().cloned()).collect();
        let mut asked = Asked::default();
        let mut rest = all.iter();
        while let Some(word) = rest.next() {
            let Some((name, value)) = flag(word) else { continue };
            match name {
                "out" => asked.out = value.or_else(|| rest.next().cloned()),
                "json" => asked.json = is_on(value),
                "no-color" => asked.no_color = is_on(value),
                _ => {}
            }
        }
        asked
    }
}

/// A flag's name with what stands behind its `=`. Go takes one dash and two.
fn flag(word: &OsStr) -> Option<(&str, Option<OsString>)> {
    let bytes = word.as_encoded_bytes();
    let name = bytes.strip_prefix(b"--").or_else(|| bytes.strip_prefix(b"-"))?;
    let dashes = bytes.len() - name.len();
    let length = name.iter().position(|byte| *byte == b'=').unwrap_or(name.len());
    let name = std::str::from_utf8(name.get(..length)?).ok()?;
    if bytes.len() == dashes + length {
        return Some((name, None));
    }
    Some((name, Some(after(word, dashes + length + 1))))
}

#[cfg(unix)]
fn after(word: &OsStr, at: usize) -> OsString {
    use std::os::unix::ffi::OsStrExt;
    OsStr::from_bytes(word.as_bytes().get(at..).unwrap_or_default()).to_owned()
}

#[cfg(not(unix))]
fn after(word: &OsStr, at: usize) -> OsString {
    word.to_string_lossy().get(at..).unwrap_or_default().into()
}

/// A flag without a value is on.
fn is_on(value: Option<OsString>) -> bool {
    value.is_none_or(|value| matches!(value.to_str(), Some("1" | "t" | "T" | "true" | "TRUE" | "True")))
}

/// The words of a variable, with quotes and backslashes as a shell has them.
fn words(text: &OsStr) -> Vec<OsString> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    let text = text.to_string_lossy();
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        match (quote, c) {
            (None, c) if c.is_whitespace() => words.extend(word.take().map(OsString::from)),
            (None, '"' | '\'') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (Some(open), c) if open == c => quote = None,
            (None | Some('"'), '\\') => word.get_or_insert_default().extend(rest.next()),
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word.map(OsString::from));
    words
}
