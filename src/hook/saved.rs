//! What an earlier run left behind, as far as the hook asks for it.

use crate::exceptions::Subject;
use crate::model::Problem;
use crate::source::{digest, repository};
use jiff::Timestamp;
use serde_json::Value;
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// A report of `driftline check`.
pub struct Saved {
    /// How the file is shown.
    pub path: String,
    pub finished_at: Timestamp,
    /// Differences that were there, those that an exception accepted too; what waits for an apply is none.
    pub drifted: Vec<Drifted>,
    /// Digests of the files that findings point into, as they were read, by paths from the repository's root.
    hashes: BTreeMap<String, String>,
}

/// A difference that the report told of.
pub struct Drifted {
    pub id: String,
    rule: String,
    pub change: String,
    pub kind: String,
    key: BTreeMap<String, String>,
    pub title: String,
    pub address: Option<String>,
    pub property: Option<String>,
    pub severity: String,
    pub live: Option<String>,
    pub is_accepted: bool,
    /// The line that says it, then those that lead there; paths from the repository's root.
    pub places: Vec<Place>,
}

/// Lines of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub path: String,
    /// From 1, the end is exclusive.
    pub lines: Range<usize>,
    /// Whether the lines say something of this very thing: its value, or its entry in what `for_each` goes through.
    pub is_own: bool,
}

impl Saved {
    /// Takes what is needed out of a report's `run`, `sources` and findings. Reports of before they told `run.directory`
    /// have their paths from the repository's root.
    ///
    /// # Errors
    /// When the report does not say when it was made.
    pub fn of(path: &Path, run: &Value, sources: &Value, findings: &[Value]) -> Result<Saved, Problem> {
        let shown = path.display().to_string();
        let finished_at = run["finished_at"].as_str().and_then(|text| text.parse().ok()).ok_or_else(|| {
            Problem::new("the report does not say when it was made")
                .at(&shown)
                .help("write it anew with `driftline check --format json=FILE`")
        })?;
        let directory = PathBuf::from(run["directory"].as_str().unwrap_or_default());
        let from_root = |path: &str| plain(&directory.join(path));
        let hash = |source: &Value| Some((from_root(source["path"].as_str()?)?, source["sha256"].as_str()?.to_owned()));
        let hashes = sources.as_array().into_iter().flatten().filter_map(hash).collect();
        let drifted = findings.iter().filter(|finding| finding["status"] != "pending");
        let drifted = drifted.filter(|finding| finding["kind"] != "driftline/exception");
        let drifted = drifted.map(|finding| Drifted::of(finding, &from_root)).collect();
        Ok(Saved { path: shown, finished_at, drifted, hashes })
    }

    /// Whether a text is the one that the report read in this file.
    pub(super) fn has_read(&self, path: &str, text: &str) -> bool {
        self.hashes.get(path).is_some_and(|hash| *hash == digest(text.as_bytes()))
    }
}

impl Drifted {
    fn of(finding: &Value, from_root: &dyn Fn(&str) -> Option<String>) -> Drifted {
        let word = |name: &str| finding[name].as_str().map(str::to_owned);
        let place = |place: &Value| {
            let line = |name: &str| place[name].as_u64().and_then(|line| usize::try_from(line).ok());
            let first = line("line")?;
            let last = line("end_line").unwrap_or(first).max(first);
            // A location has no role.
            let is_own = place["role"].is_null() || place["role"] == "for_each entry";
            Some(Place { path: from_root(place["path"].as_str()?)?, lines: first..last + 1, is_own })
        };
        let location = Some(&finding["location"]).filter(|location| location["precision"] != "state");
        let related = finding["related"].as_array().into_iter().flatten();
        let fields = finding["key"].as_object().into_iter().flatten();
        Drifted {
            id: word("id").unwrap_or_default(),
            rule: word("rule").unwrap_or_default(),
            change: word("change").unwrap_or_default(),
            kind: word("kind").unwrap_or_default(),
            key: fields.filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned()))).collect(),
            title: word("title").unwrap_or_default(),
            address: word("address"),
            property: word("property"),
            severity: word("severity").unwrap_or_default(),
            live: shown(&finding["live"]),
            is_accepted: !finding["exception"].is_null(),
            places: location.into_iter().chain(related).filter_map(place).collect(),
        }
    }

    /// As an exception is held against it.
    pub(super) fn subject(&self) -> Subject<'_> {
        Subject {
            id: &self.id,
            rule: &self.rule,
            change: &self.change,
            kind: &self.kind,
            key: self.key.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect(),
            address: self.address.clone(),
            live_id: None,
            property: self.property.as_deref(),
        }
    }
}

/// A value that fits into a sentence.
fn shown(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
        _ => return None,
    };
    (text.len() <= 60 && !text.contains('\n')).then_some(text)
}

/// The path without `.` and `..`; `None` for one that leads out of the repository.
fn plain(path: &Path) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    let path = path.to_str()?;
    if path.starts_with('/') {
        let inside = Path::new(path);
        return Some(inside.strip_prefix(repository(inside)?).ok()?.to_str()?.to_owned());
    }
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}
