//! What a folder's `expect.toml` says.

use driftline::model::{Address, AttrPath, Step, Value};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// A folder with what is expected of it.
pub(crate) struct Folder {
    pub(crate) name: String,
    pub(crate) dir: PathBuf,
    pub(crate) expect: Expect,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Expect {
    /// The shape, in a sentence.
    #[allow(dead_code, reason = "for readers")]
    pub(crate) about: String,
    /// The workspace that is selected.
    #[serde(default)]
    pub(crate) workspace: String,
    /// `TF_VAR_` variables, by their names without it.
    #[serde(default)]
    pub(crate) environment: BTreeMap<String, String>,
    /// Files of values that the command line gives, in order.
    #[serde(default)]
    pub(crate) var_files: Vec<String>,
    /// `name=value` of the command line, after the files.
    #[serde(default)]
    pub(crate) vars: Vec<String>,
    #[serde(rename = "part", default)]
    pub(crate) parts: Vec<Part>,
    #[serde(rename = "question", default)]
    pub(crate) questions: Vec<Question>,
}

/// Where is it said?
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Question {
    pub(crate) address: String,
    /// `role`, `tags["Team"]` (a key), `users[=ada]` (an element), `inline_policy[name=one].policy` (a block); nothing for
    /// the block itself.
    #[serde(default)]
    pub(crate) path: String,
    /// What the source says there; left out when it says nothing there (a member that nobody lists) or what it says is
    /// not known.
    pub(crate) value: Option<toml::Value>,
    /// `path:line:column`
    pub(crate) at: String,
    /// What is live in its place, for a whole run: another value, or for a member that nobody lists `true`.
    pub(crate) live: Option<toml::Value>,
    /// What is underlined there.
    pub(crate) text: String,
    #[serde(default = "value")]
    pub(crate) precision: String,
    /// Why it is not the very value.
    pub(crate) why: Option<String>,
    /// `role path:line:column` of the places that lead there.
    #[serde(default)]
    pub(crate) chain: Vec<String>,
    /// `path:line` of other lines on which it depends, too: which entry is taken, and not what it says.
    #[serde(default)]
    pub(crate) decided_by: Vec<String>,
    /// The address that the instance has after its text was edited, when that is part of a key.
    pub(crate) moves_to: Option<String>,
}

/// Where is a string of a JSON text said?
#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields)]
pub(crate) struct Part {
    pub(crate) address: String,
    /// The argument that is the text.
    pub(crate) path: String,
    /// The string; it stands there once.
    pub(crate) string: String,
    pub(crate) at: String,
    pub(crate) text: String,
    #[serde(default = "value")]
    pub(crate) precision: String,
    pub(crate) why: Option<String>,
    #[serde(default)]
    pub(crate) chain: Vec<String>,
}

fn value() -> String {
    "value".to_owned()
}

/// All folders, by name.
pub(crate) fn folders() -> Vec<Folder> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/origins");
    let mut folders: Vec<_> = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.retain(|dir| dir.is_dir());
    folders.sort();
    let read = |dir: PathBuf| {
        let name = dir.file_name().unwrap().to_string_lossy().into_owned();
        let text = fs::read_to_string(dir.join("expect.toml")).unwrap_or_else(|error| panic!("{name}: {error}"));
        let expect = toml::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        Folder { name, dir, expect }
    };
    folders.into_iter().map(read).collect()
}

impl Question {
    pub(crate) fn address(&self) -> Address {
        self.address.parse().unwrap_or_else(|problem| panic!("{problem:?}"))
    }

    pub(crate) fn path(&self) -> AttrPath {
        path_of(&self.path)
    }

    pub(crate) fn is_exact(&self) -> bool {
        self.precision == "value"
    }

    /// Whether it asks for a member that nobody lists, and the list that would is pointed at.
    pub(crate) fn is_of_list(&self) -> bool {
        self.value.is_none()
            && matches!(self.path().0.last(), Some(Step::Element(_)))
            && (self.text.starts_with('[') || self.text.starts_with("- "))
    }

    /// Whether it asks for a nested block, which is no value.
    pub(crate) fn is_of_block(&self) -> bool {
        matches!(self.path().0.last(), None | Some(Step::Where { .. }))
    }

    /// How messages name it.
    pub(crate) fn name(&self, folder: &Folder) -> String {
        format!("{}: {} {}", folder.name, self.address, self.path)
    }
}

/// Reads the short form of a path.
pub(crate) fn path_of(text: &str) -> AttrPath {
    let mut path = AttrPath::default();
    let mut rest = text;
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix("[\"") {
            let (key, after) = after.split_once("\"]").expect("`[\"` ends with `\"]`");
            path = path.then(Step::Key(key.to_owned()));
            rest = after;
        } else if let Some(after) = rest.strip_prefix('[') {
            let (inside, after) = after.split_once(']').expect("`[` ends with `]`");
            let (name, is) = inside.split_once('=').expect("`[` holds `=`");
            path = path.then(match name {
                "" => Step::Element(is.to_owned()),
                name => Step::Where { name: name.to_owned(), is: is.to_owned() },
            });
            rest = after;
        } else {
            rest = rest.strip_prefix('.').unwrap_or(rest);
            let end = rest.find(['.', '[']).unwrap_or(rest.len());
            path = path.then(Step::Attr(rest[..end].to_owned()));
            rest = &rest[end..];
        }
    }
    path
}

/// A value of `expect.toml` as the program has it.
pub(crate) fn as_value(value: &toml::Value) -> Value {
    Value::from_json(serde_json::to_value(value).unwrap())
}
