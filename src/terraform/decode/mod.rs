//! Texts in other languages (YAML, JSON, CSV) as values whose every scalar and key knows where it was written.

pub(crate) mod json;
pub(crate) mod tree;

/// How deep values may stand in one another.
const MAX_DEPTH: usize = 1_000;

/// Runs what goes one level deeper, with more stack when little is left.
fn with_stack<T>(run: impl FnOnce() -> T) -> T {
    stacker::maybe_grow(256 * 1024, 4 * 1024 * 1024, run)
}
