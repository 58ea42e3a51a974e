//! One unified diff of everything that the plan changes in the source, for `git apply` where driftline was run.

use super::Change;
use similar::{ChangeTag, TextDiff};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::{self, Write};
use std::ops::Range;

/// Lines around a change that are shown, too.
const CONTEXT: usize = 3;

/// Writes the diff. A change that must not be shown is left out.
pub fn write(changes: &[Change], out: &mut dyn Write) -> io::Result<()> {
    changes.iter().filter_map(of).try_for_each(|diff| out.write_all(diff.as_bytes()))
}

/// The diff of one file. `None` where it cannot be told without a line that holds a secret: `git apply` takes no hunk
/// that ends in a change, unless the file ends there.
pub fn of(change: &Change) -> Option<String> {
    let hidden = change.hidden.as_ref()?;
    let (a, b) = (quoted("a/", &change.path), quoted("b/", &change.path));
    let before = change.before.as_deref().unwrap_or_default();
    let (new, from) = match change.before {
        None => ("new file mode 100644\n", "/dev/null"),
        Some(_) => ("", a.as_str()),
    };
    let hunks = hunks(before, &change.after, hidden)?;
    Some(format!("diff --git {a} {b}\n{new}--- {from}\n+++ {b}\n{hunks}"))
}

/// A line of one text or of both.
struct Line<'t> {
    tag: ChangeTag,
    text: &'t str,
    /// Lines of either text that stand before it.
    passed: (usize, usize),
}

fn hunks(before: &str, after: &str, hidden: &BTreeSet<usize>) -> Option<String> {
    let diff = TextDiff::from_lines(before, after);
    let (mut lines, mut passed) = (Vec::new(), (0, 0));
    for change in diff.iter_all_changes() {
        lines.push(Line { tag: change.tag(), text: change.value(), passed });
        passed.0 += usize::from(change.tag() != ChangeTag::Insert);
        passed.1 += usize::from(change.tag() != ChangeTag::Delete);
    }
    let mut text = String::new();
    for run in shown(&lines, hidden) {
        let of_run = &lines[run.clone()];
        let ends_in_change = of_run.last().is_some_and(|last| last.tag != ChangeTag::Equal);
        if ends_in_change && run.end < lines.len() {
            return None;
        }
        text.push_str(&hunk(of_run));
    }
    Some(text)
}

/// The runs of lines that are shown: the changes with what stands around them, as far as that is no secret.
fn shown(lines: &[Line<'_>], hidden: &BTreeSet<usize>) -> Vec<Range<usize>> {
    let is_change = |at: usize| lines.get(at).is_some_and(|line| line.tag != ChangeTag::Equal);
    let may_be_shown = |at: &usize| lines.get(*at).is_some_and(|line| !hidden.contains(&(line.passed.0 + 1)));
    let mut is_shown = vec![false; lines.len()];
    for at in (0..lines.len()).filter(|at| is_change(*at)) {
        is_shown[at] = true;
        let before = (0..at).rev().take(CONTEXT).take_while(|near| is_change(*near) || may_be_shown(near));
        let after = (at + 1..lines.len()).take(CONTEXT).take_while(|near| is_change(*near) || may_be_shown(near));
        before.chain(after).for_each(|near| is_shown[near] = true);
    }
    let mut runs: Vec<Range<usize>> = Vec::new();
    for at in (0..lines.len()).filter(|at| is_shown[*at]) {
        match runs.last_mut() {
            Some(run) if run.end == at => run.end += 1,
            _ => runs.push(at..at + 1),
        }
    }
    runs
}

fn hunk(lines: &[Line<'_>]) -> String {
    let count = |but: ChangeTag| lines.iter().filter(|line| line.tag != but).count();
    let passed = lines.first().map_or((0, 0), |line| line.passed);
    let side = |passed: usize, count: usize| match count {
        0 => format!("{passed},0"),
        1 => format!("{}", passed + 1),
        _ => format!("{},{count}", passed + 1),
    };
    let (old, new) = (side(passed.0, count(ChangeTag::Insert)), side(passed.1, count(ChangeTag::Delete)));
    let mut text = format!("@@ -{old} +{new} @@\n");
    for line in lines {
        // Writing to a string never fails.
        let _ = write!(text, "{}{}", line.tag, line.text);
        if !line.text.ends_with('\n') {
            text.push_str("\n\\ No newline at end of file\n");
        }
    }
    text
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

#[cfg(test)]
mod tests {
    use super::*;

    fn of_lines(before: &str, after: &str, hidden: &[usize]) -> Option<String> {
        hunks(before, after, &hidden.iter().copied().collect())
    }

    #[test]
    fn a_diff_is_what_git_takes() {
        let before = "a\nb\nc\nd\ne\nf\ng\nh\n";
        assert_eq!(
            of_lines(before, "a\nb\nc\nD\ne\nf\ng\nh\n", &[]).as_deref(),
            Some("@@ -1,7 +1,7 @@\n a\n b\n c\n-d\n+D\n e\n f\n g\n")
        );
        assert_eq!(of_lines("", "a\n", &[]).as_deref(), Some("@@ -0,0 +1 @@\n+a\n"));
        assert_eq!(
            of_lines("a\nb", "a\nc", &[]).as_deref(),
            Some("@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+c\n\\ No newline at end of file\n")
        );
    }

    #[test]
    fn a_secret_beside_a_change_is_not_shown() {
        let before = "a\nsecret\nc\nd\ne\nsecret\ng\n";
        let after = "a\nsecret\nc\nD\ne\nsecret\ng\n";
        assert_eq!(of_lines(before, after, &[2, 6]).as_deref(), Some("@@ -3,3 +3,3 @@\n c\n-d\n+D\n e\n"));
        // Without a line behind the change git would look for the end of the file there.
        assert_eq!(of_lines("a\nb\nsecret\n", "a\nB\nsecret\n", &[3]), None);
        assert_eq!(of_lines("secret\nb\n", "secret\nB\n", &[1]).as_deref(), Some("@@ -2 +2 @@\n-b\n+B\n"));
        // Between two changes.
        assert_eq!(
            of_lines("a\nb\nsecret\nd\ne\n", "A\nb\nsecret\nd\nE\n", &[3]).as_deref(),
            Some("@@ -1,2 +1,2 @@\n-a\n+A\n b\n@@ -4,2 +4,2 @@\n d\n-e\n+E\n")
        );
    }
}
