//! `driftline.toml`: where it is found, and what it says, with the place of every key.

use crate::model::Problem;
use crate::source::{SourceFile, repository};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use toml::{Spanned, Value};

/// The file's name.
pub const NAME: &str = "driftline.toml";

/// A key of the file with its values as an option would take them, one text each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub key: String,
    pub values: Vec<String>,
    /// `path:line:column` of the key.
    pub place: String,
}

/// The file of this name that belongs to a directory: in it, or in one above it up to the repository's root.
pub fn find(dir: &Path, name: &str) -> Option<PathBuf> {
    let start = dir.canonicalize().ok()?;
    let root = repository(&start);
    let dirs = start.ancestors().take_while(|dir| root.is_none_or(|root| dir.starts_with(root)));
    dirs.map(|dir| dir.join(name)).find(|file| file.is_file())
}

/// Reads a file.
///
/// # Errors
/// When it cannot be read, is no TOML, or holds a value that no option can have. Keys are the caller's to judge.
pub fn read(path: &Path) -> Result<Vec<Entry>, Problem> {
    let shown = path.display().to_string();
    let text = std::fs::read_to_string(path)
        .map_err(|error| Problem::new(format!("cannot read the configuration: {error}")).at(&shown))?;
    let file = SourceFile::new(shown, text);
    let entries: BTreeMap<Spanned<String>, Spanned<Value>> = toml::from_str(file.text()).map_err(|error| {
        Problem::new(error.message().to_owned()).at(file.place(error.span().map_or(0, |range| range.start)))
    })?;
    let mut read = Vec::new();
    for (key, value) in entries {
        let place = file.place(key.span().start);
        let values = texts(value.into_inner()).ok_or_else(|| {
            Problem::new(format!(
                "`{}` holds neither a text, a number, a truth value nor a list of those",
                key.get_ref()
            ))
            .at(&place)
        })?;
        read.push(Entry { key: key.into_inner(), values, place });
    }
    Ok(read)
}

fn texts(value: Value) -> Option<Vec<String>> {
    match value {
        Value::String(text) => Some(vec![text]),
        Value::Integer(number) => Some(vec![number.to_string()]),
        Value::Boolean(truth) => Some(vec![truth.to_string()]),
        Value::Array(items) => {
            let items: Option<Vec<_>> = items.into_iter().map(texts).collect();
            Some(items?.concat())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_keep_their_place_and_lists_their_order() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join(NAME);
        std::fs::write(&file, "# ours\nfail_on = \"high\"\nonly = [\"aws/iam/user\", \"aws/iam/role\"]\njobs = 4\n")
            .unwrap();
        let entries = read(&file).unwrap();
        let only = entries.iter().find(|entry| entry.key == "only").unwrap();
        assert_eq!(only.values, ["aws/iam/user", "aws/iam/role"]);
        assert!(only.place.ends_with("driftline.toml:3:1"), "{}", only.place);
    }

    #[test]
    fn what_is_no_toml_is_named_with_its_place() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join(NAME);
        std::fs::write(&file, "jobs = 4\njobs = 5\n").unwrap();
        let problem = read(&file).unwrap_err();
        assert!(problem.place.unwrap().contains("driftline.toml:2:"));
        std::fs::write(&file, "[table]\nx = 1\n").unwrap();
        assert!(read(&file).unwrap_err().message.contains("`table`"));
    }

    #[test]
    fn the_search_ends_at_the_repository() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join(NAME), "").unwrap();
        let repository = dir.path().join("repository");
        let module = repository.join("infra/identity");
        std::fs::create_dir_all(&module).unwrap();
        assert!(find(&module, NAME).is_some());
        std::fs::create_dir(repository.join(".git")).unwrap();
        assert_eq!(find(&module, NAME), None);
        std::fs::write(repository.join(NAME), "").unwrap();
        assert!(find(&module, NAME).unwrap().ends_with("repository/driftline.toml"));
    }
}
