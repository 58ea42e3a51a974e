//! A change of source files that makes them say what is live, as byte ranges so that all other bytes stay.

use super::address::Address;
use crate::source::Span;
use std::collections::{BTreeMap, BTreeSet};

/// Edits that belong together. Those of one file are in the order of the file and do not overlap.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Patch {
    /// Empty where it was read from a saved report, which has the diff alone.
    pub edits: Vec<Edit>,
    /// Other instances whose values change along; empty for a patch that changes the finding's alone.
    pub also_changes: Vec<Address>,
    /// All of it as a unified diff, for `git apply` where driftline was run; `None` where it would show a secret.
    pub diff: Option<String>,
    pub secrets: Secrets,
}

/// What of the files of a patch is shown to nobody.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Secrets {
    /// Lines, from 1, of each file as it is.
    pub lines: BTreeMap<String, BTreeSet<usize>>,
    /// Files of which an edit itself takes away, puts in or changes a secret.
    pub edited: BTreeSet<String>,
}

/// One replaced range of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// As a `Location` shows it: relative to where driftline runs when that is possible.
    pub path: String,
    /// Bytes of the file; empty where something is put in.
    pub span: Span,
    /// What stands there, so that a file that has changed since is not written to.
    pub old: String,
    pub new: String,
}

impl Patch {
    /// The paths of the files that change, each once.
    pub fn files(&self) -> Vec<&str> {
        let mut files: Vec<&str> = self.edits.iter().map(|edit| edit.path.as_str()).collect();
        files.sort_unstable();
        files.dedup();
        files
    }

    /// The text of a file after its edits; `None` when another text stands where one of them is to go.
    pub fn applied(&self, path: &str, text: &str) -> Option<String> {
        let (mut after, mut at) = (String::with_capacity(text.len()), 0);
        for edit in self.edits.iter().filter(|edit| edit.path == path) {
            if edit.span.start < at || text.get(edit.span.start..edit.span.end)? != edit.old {
                return None;
            }
            after.push_str(text.get(at..edit.span.start)?);
            after.push_str(&edit.new);
            at = edit.span.end;
        }
        after.push_str(text.get(at..)?);
        Some(after)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(start: usize, end: usize, old: &str, new: &str) -> Edit {
        Edit { path: "a.tf".to_owned(), span: Span::new(start, end), old: old.to_owned(), new: new.to_owned() }
    }

    #[test]
    fn edits_of_a_file_are_applied_in_order_and_to_no_other_text() {
        let patch = Patch { edits: vec![edit(0, 1, "a", "b"), edit(4, 4, "", " # c")], ..Patch::default() };
        assert_eq!(patch.applied("a.tf", "a = 1").as_deref(), Some("b =  # c1"));
        assert_eq!(patch.applied("a.tf", "x = 1"), None);
        assert_eq!(patch.applied("b.tf", "x = 1").as_deref(), Some("x = 1"));
        let overlapping = Patch { edits: vec![edit(0, 2, "a ", ""), edit(1, 2, " ", "")], ..Patch::default() };
        assert_eq!(overlapping.applied("a.tf", "a = 1"), None);
        assert_eq!(patch.files(), ["a.tf"]);
    }
}
