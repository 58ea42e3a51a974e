//! Unified diffs: which lines of a file's new text are in it. Comments can be made on those alone.

/// A run of lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hunk {
    /// First line in the old text, from 1.
    pub old_start: usize,
    /// First line in the new text, from 1.
    pub new_start: usize,
    pub lines: Vec<Line>,
}

/// One line without its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    Same(String),
    Removed(String),
    Added(String),
}

/// A line of the new text with its numbers.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Shown {
    pub(super) number: usize,
    /// Its number in the old text, when it was there before.
    pub(super) old: Option<usize>,
}

/// The path and the hunks of a diff with `diff --git` heads, if it is about one file that is there and plainly named.
pub fn of_one_file(text: &str) -> Option<(&str, Vec<Hunk>)> {
    let files = text.lines().filter(|line| line.starts_with("diff --git ")).count();
    let head = text.lines().take_while(|line| !line.starts_with("@@ "));
    let is_new = head.clone().any(|line| line.starts_with("--- /dev/null"));
    let path = head.clone().find_map(|line| line.strip_prefix("+++ b/"))?;
    (files == 1 && !is_new).then(|| (path, hunks(text)))
}

/// The hunks of one file's diff; what stands before the first one is passed over. Counts in the head of a hunk say
/// where it ends, so a line of the text that looks like the head of another is a line of the text.
pub fn hunks(text: &str) -> Vec<Hunk> {
    let mut hunks = Vec::new();
    let mut lines = text.strip_suffix('\n').unwrap_or(text).split('\n').peekable();
    while let Some(line) = lines.next() {
        let Some((old_start, mut old, new_start, mut new)) = head(line) else { continue };
        let mut hunk = Hunk { old_start, new_start, lines: Vec::new() };
        while old > 0 || new > 0 {
            let Some(line) = lines.next_if(|line| !line.is_empty() || old > 0 && new > 0) else { break };
            let rest = || line.get(1..).unwrap_or_default().to_owned();
            match line.chars().next() {
                Some('-') => {
                    hunk.lines.push(Line::Removed(rest()));
                    old = old.saturating_sub(1);
                }
                Some('+') => {
                    hunk.lines.push(Line::Added(rest()));
                    new = new.saturating_sub(1);
                }
                Some('\\') => {}
                // Some tools strip the one space of an empty line.
                Some(' ') | None => {
                    hunk.lines.push(Line::Same(rest()));
                    (old, new) = (old.saturating_sub(1), new.saturating_sub(1));
                }
                Some(_) => break,
            }
        }
        hunks.push(hunk);
    }
    hunks
}

/// `@@ -OLD[,COUNT] +NEW[,COUNT] @@ …` as its four numbers.
fn head(line: &str) -> Option<(usize, usize, usize, usize)> {
    let (ranges, _) = line.strip_prefix("@@ -")?.split_once(" @@")?;
    let (old, new) = ranges.split_once(" +")?;
    let range = |text: &str| -> Option<(usize, usize)> {
        match text.split_once(',') {
            Some((start, count)) => Some((start.parse().ok()?, count.parse().ok()?)),
            None => Some((text.parse().ok()?, 1)),
        }
    };
    let ((old_start, old), (new_start, new)) = (range(old)?, range(new)?);
    Some((old_start, old, new_start, new))
}

impl Line {
    /// Its text in the old text, if it stands there.
    pub(super) fn before(&self) -> Option<&String> {
        match self {
            Line::Same(text) | Line::Removed(text) => Some(text),
            Line::Added(_) => None,
        }
    }

    /// Its text in the new text, if it stands there.
    pub(super) fn after(&self) -> Option<&String> {
        match self {
            Line::Same(text) | Line::Added(text) => Some(text),
            Line::Removed(_) => None,
        }
    }
}

impl Hunk {
    /// The text of a line of the new text, if it is among these.
    pub(super) fn text_at(&self, number: usize) -> Option<&String> {
        let at = number.checked_sub(self.new_start)?;
        self.lines.iter().filter_map(Line::after).nth(at)
    }

    /// The lines of the new text.
    pub(super) fn shown(&self) -> Vec<Shown> {
        let (mut old, mut number) = (self.old_start, self.new_start);
        let mut shown = Vec::new();
        for line in &self.lines {
            let was_there = line.before().is_some();
            if line.after().is_some() {
                shown.push(Shown { number, old: was_there.then_some(old) });
                number += 1;
            }
            old += usize::from(was_there);
        }
        shown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIFF: &str = "@@ -1,3 +1,4 @@ resource\n a\n-b\n+B\n+@@ -9,9 +9,9 @@\n c\n\\ No newline at end of file\n@@ -10 +11,2 @@\n-x\n+--- y\n+z";

    #[test]
    fn lines_have_the_numbers_of_both_texts() {
        let hunks = hunks(DIFF);
        let shown: Vec<_> = hunks.iter().flat_map(Hunk::shown).map(|line| (line.number, line.old)).collect();
        assert_eq!(shown, [(1, Some(1)), (2, None), (3, None), (4, Some(3)), (11, None), (12, None)]);
        let text = |number| hunks.iter().find_map(|hunk| hunk.text_at(number)).map(String::as_str);
        assert_eq!([1, 2, 3, 4, 5].map(text), [Some("a"), Some("B"), Some("@@ -9,9 +9,9 @@"), Some("c"), None]);
        assert_eq!([10, 11, 12, 13].map(text), [None, Some("--- y"), Some("z"), None]);
    }

    #[test]
    fn a_patch_of_one_file_has_its_path() {
        let one = "diff --git a/x.tf b/x.tf\n--- a/x.tf\n+++ b/x.tf\n@@ -1 +1 @@\n-a\n+++ b/other\n";
        let (path, found) = of_one_file(one).unwrap();
        assert_eq!((path, found.len()), ("x.tf", 1));
        assert_eq!(of_one_file(&one.repeat(2)), None);
        assert_eq!(of_one_file(&one.replace("--- a/x.tf", "--- /dev/null")), None);
        assert_eq!(of_one_file(&one.replace("b/x.tf", "\"b/\\303\"")), None);
    }

    #[test]
    fn what_is_no_diff_has_no_lines() {
        for text in ["", "@@", "@@ -a +b @@\n x", "Binary files differ", "@@ -1,9 +1,9 @@\n"] {
            assert!(hunks(text).iter().all(|hunk| hunk.shown().is_empty()), "{text}");
        }
    }
}
