//! Which files of a directory are configuration, and reading them.
//!
//! Rules: `configs.Parser.dirFiles` of Terraform 1.11; OpenTofu 1.8 reads `.tofu` files instead of `.tf` files of the
//! same name.

use super::syntax::{self, Body};
use crate::model::{Gap, Hides, Location, Precision};
use crate::source::{Overlay, SourceFile};
use std::collections::HashSet;
use std::path::Path;
use std::{fs, io};

/// One configuration file, as far as it could be read.
#[derive(Debug)]
pub(super) struct ConfigurationFile {
    pub(super) file: SourceFile,
    pub(super) body: Body,
    /// Whether its blocks change those of other files.
    pub(super) is_override: bool,
}

/// The configuration files of one directory.
#[derive(Debug, Default)]
pub(super) struct Directory {
    /// Override files last, each group in the order of their names: so Terraform merges them.
    pub(super) files: Vec<ConfigurationFile>,
    /// How many blocks and files could not be read.
    pub(super) unread: usize,
}

/// Reads the directory that is shown to people as `shown`. What cannot be read becomes a gap.
pub(super) fn read(dir: &Path, shown: &str, overlay: &Overlay, gaps: &mut Vec<Gap>) -> io::Result<Directory> {
    let mut directory = Directory::default();
    for name in configuration(&listed(dir, shown, overlay)?) {
        let path = join_shown(shown, &name);
        let edited = overlay.text(&path).map(|edited| Ok(edited.to_owned()));
        match edited.unwrap_or_else(|| text(&dir.join(&name))) {
            Ok(text) => {
                let file = SourceFile::new(path, text);
                let json = name.ends_with(".json");
                let (body, errors) =
                    if json { syntax::parse_json(file.text()) } else { syntax::parse_native(file.text()) };
                directory.unread += errors.len();
                gaps.extend(errors.into_iter().map(|error| Gap {
                    code: "source_syntax".into(),
                    system: "terraform".to_owned(),
                    scope: None,
                    hides: Hides::Lines,
                    reason: format!("the block cannot be read: {}", error.message),
                    hint: "correct the syntax; `terraform fmt` names the same place".to_owned(),
                    location: Some(Location::of(&file, error.span, Precision::Value)),
                }));
                directory.files.push(ConfigurationFile { is_override: is_override(&name), file, body });
            }
            Err(reason) => {
                directory.unread += 1;
                gaps.push(Gap {
                    code: "source_unreadable".into(),
                    system: "terraform".to_owned(),
                    scope: None,
                    hides: Hides::Lines,
                    reason: format!("`{path}` cannot be read: {reason}"),
                    hint: "make the file readable as UTF-8 text (an encrypted file must be unlocked first)".to_owned(),
                    location: None,
                });
            }
        }
    }
    Ok(directory)
}

/// Names of the configuration files, override files last, each group in byte order.
pub(super) fn names(dir: &Path) -> io::Result<Vec<String>> {
    Ok(configuration(&listed(dir, "", &Overlay::default())?))
}

/// Names of the files in a directory that is shown with this path; of one that only the overlay has, too.
pub(super) fn listed(dir: &Path, shown: &str, overlay: &Overlay) -> io::Result<Vec<String>> {
    let mut names: Vec<String> = overlay.names_in(shown).map(str::to_owned).collect();
    let entries = match fs::read_dir(dir) {
        Err(error) if error.kind() == io::ErrorKind::NotFound && !names.is_empty() => return Ok(names),
        entries => entries?,
    };
    for entry in entries {
        let entry = entry?;
        // A name that is no text can carry none of the extensions as Terraform writes them.
        let Ok(name) = entry.file_name().into_string() else { continue };
        // `metadata` follows links; a dangling link is kept, to be told as unreadable.
        let is_dir = || fs::metadata(entry.path()).is_ok_and(|metadata| metadata.is_dir());
        let path = join_shown(shown, &name);
        let is_known = overlay.text(&path).is_some() || overlay.is_gone(&path);
        if !is_known && !is_dir() {
            names.push(name);
        }
    }
    Ok(names)
}

/// Those of the names that are of configuration files, override files last, each group in byte order.
fn configuration(listed: &[String]) -> Vec<String> {
    let is_one = |name: &&String| extension(name).is_some() && !is_ignored(name);
    let all: HashSet<&String> = listed.iter().filter(is_one).collect();
    let shadowed = |name: &String| shadow_of(name).is_some_and(|shadow| all.contains(&shadow));
    let mut names: Vec<String> = all.iter().filter(|name| !shadowed(name)).map(|name| (*name).clone()).collect();
    names.sort_by(|a, b| (is_override(a), a).cmp(&(is_override(b), b)));
    names
}

fn extension(name: &str) -> Option<&'static str> {
    [".tf", ".tf.json", ".tofu", ".tofu.json"].into_iter().find(|extension| name.ends_with(extension))
}

/// Left behind by editors, or hidden.
fn is_ignored(name: &str) -> bool {
    name.starts_with('.') || name.ends_with('~') || (name.starts_with('#') && name.ends_with('#'))
}

/// The OpenTofu file that is read in place of this one.
fn shadow_of(name: &str) -> Option<String> {
    if let Some(stem) = name.strip_suffix(".tf.json") {
        return Some(format!("{stem}.tofu.json"));
    }
    name.strip_suffix(".tf").map(|stem| format!("{stem}.tofu"))
}

fn is_override(name: &str) -> bool {
    let stem = extension(name).and_then(|extension| name.strip_suffix(extension)).unwrap_or(name);
    stem == "override" || stem.ends_with("_override")
}

fn text(path: &Path) -> Result<String, String> {
    let bytes = fs::read(path).map_err(|error| error.to_string())?;
    if bytes.starts_with(b"\0GITCRYPT\0") {
        return Err("it is encrypted with git-crypt".to_owned());
    }
    String::from_utf8(bytes).map_err(|error| format!("it is not UTF-8 (byte {})", error.utf8_error().valid_up_to()))
}

/// `path` under `base`, with `/` between and `..` resolved where there is something to leave.
pub(super) fn join_shown(base: &str, path: &str) -> String {
    let absolute = path.starts_with('/') || (base.starts_with('/') && !path.starts_with('/'));
    let base = if path.starts_with('/') { "" } else { base };
    let mut parts: Vec<&str> = Vec::new();
    for part in base.split(['/', '\\']).chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if absolute => {}
            part => parts.push(part),
        }
    }
    format!("{}{}", if absolute { "/" } else { "" }, parts.join("/"))
}
