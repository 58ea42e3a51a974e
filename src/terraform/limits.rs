//! How much one evaluation may make: an end for what a configuration would make without end.

/// The limits of one evaluation. What goes beyond one of them is not known, with [`Cause::Limit`] and the limit in words.
///
/// [`Cause::Limit`]: crate::terraform::value::Cause::Limit
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// How many steps it may take: an expression, an element of a loop and some bytes of a text are one each.
    pub steps: u64,
    /// How many expressions may be evaluated inside of one another, through definitions too.
    pub levels: u32,
    /// How many values may stand in one value, at any depth: one that is named twice counts twice, because whoever goes
    /// through it meets it twice. Parts of types and stretches of text count, too.
    pub values: usize,
    /// How many bytes of text may be made at once.
    pub text: usize,
    /// How many instances one block may make.
    pub instances: usize,
    /// How many instances are gone through in all, of modules and of resources.
    pub listed: usize,
}

impl Default for Limits {
    /// Far beyond what people write, and still seconds and a few hundred megabytes.
    fn default() -> Self {
        Limits {
            steps: 10_000_000,
            levels: 2_000,
            values: 1_000_000,
            text: 16 * 1024 * 1024,
            instances: 1_000_000,
            listed: 100_000,
        }
    }
}

/// So many bytes, for people.
pub(super) fn size(bytes: usize) -> String {
    match bytes / 1024 {
        small @ ..1024 => format!("{small} KiB"),
        large => format!("{} MiB", large / 1024),
    }
}
