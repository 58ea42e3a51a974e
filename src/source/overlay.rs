//! Texts that stand in for those of files: to try out an edit before anything is written, or to read what git holds.

use std::collections::BTreeMap;
use std::sync::Arc;

/// Texts by the paths that files are shown with; `None` for a file that counts as not there. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Overlay(Arc<BTreeMap<String, Option<String>>>);

impl Overlay {
    pub fn new(texts: BTreeMap<String, Option<String>>) -> Self {
        Overlay(Arc::new(texts))
    }

    /// What stands in for the file that is shown with this path.
    pub fn text(&self, shown: &str) -> Option<&str> {
        self.0.get(shown)?.as_deref()
    }

    /// Whether the file that is shown with this path counts as not there.
    pub fn is_gone(&self, shown: &str) -> bool {
        self.0.get(shown).is_some_and(Option::is_none)
    }

    /// Names of the files that it has in the directory that is shown with this path.
    pub fn names_in<'a>(&'a self, dir: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(|(_, text)| text.is_some()).filter_map(move |(path, _)| {
            let name = if dir.is_empty() { path } else { path.strip_prefix(dir)?.strip_prefix('/')? };
            (!name.contains('/')).then_some(name)
        })
    }
}
