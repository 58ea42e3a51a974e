//! One unified diff of everything that the plan changes in the source, for `git apply` where driftline was run.

use super::Change;
use similar::TextDiff;
use std::io::{self, Write};

/// Writes the diff.
pub fn write(changes: &[Change], out: &mut dyn Write) -> io::Result<()> {
    changes.iter().try_for_each(|change| out.write_all(of(change).as_bytes()))
}

/// The diff of one file.
pub fn of(change: &Change) -> String {
    let (a, b) = (quoted("a/", &change.path), quoted("b/", &change.path));
    let before = change.before.as_deref().unwrap_or_default();
    let (new, from) = match change.before {
        None => ("new file mode 100644\n", "/dev/null"),
        Some(_) => ("", a.as_str()),
    };
    let hunks = TextDiff::from_lines(before, &change.after);
    format!("diff --git {a} {b}\n{new}{}", hunks.unified_diff().header(from, &b))
}

/// A path as `git` writes it: in quotes with escapes where it holds more than plain characters.
fn quoted(side: &str, path: &str) -> String {
    let path = path.trim_start_matches("./");
    if path.bytes().all(|b| (0x20..0x7f).contains(&b) && b != b'"' && b != b'\\') {
        return format!("{side}{path}");
    }
    let escaped: String = path
        .bytes()
        .map(|b| match b {
            b'"' => "\\\"".to_owned(),
            b'\\' => "\\\\".to_owned(),
            0x20..0x7f => char::from(b).to_string(),
            b => format!("\\{b:03o}"),
        })
        .collect();
    format!("\"{side}{escaped}\"")
}
