//! One unified diff of everything that the plan changes in the source, for `git apply` where driftline was run.

use super::new_files;
use crate::reconcile::Plan;
use std::io::{self, Write};

/// Writes the diff.
pub fn write(plan: &Plan<'_>, out: &mut dyn Write) -> io::Result<()> {
    for file in new_files(plan) {
        let path = quoted("b/", &file.path);
        let lines: Vec<_> = file.text.split_inclusive('\n').collect();
        writeln!(out, "diff --git {} {path}", quoted("a/", &file.path))?;
        writeln!(out, "new file mode 100644")?;
        writeln!(out, "--- /dev/null")?;
        writeln!(out, "+++ {path}")?;
        writeln!(out, "@@ -0,0 +1,{} @@", lines.len())?;
        for line in &lines {
            write!(out, "+{line}")?;
        }
        if lines.last().is_some_and(|line| !line.ends_with('\n')) {
            writeln!(out, "\n\\ No newline at end of file")?;
        }
    }
    Ok(())
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
