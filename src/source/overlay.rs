//! Texts that stand in for those of files, to try out an edit before anything is written.

use std::collections::BTreeMap;
use std::sync::Arc;

/// Texts by the paths that files are shown with. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Overlay(Arc<BTreeMap<String, String>>);

impl Overlay {
    pub fn new(texts: BTreeMap<String, String>) -> Self {
        Overlay(Arc::new(texts))
    }

    /// What stands in for the file that is shown with this path.
    pub fn text(&self, shown: &str) -> Option<&str> {
        self.0.get(shown).map(String::as_str)
    }
}
