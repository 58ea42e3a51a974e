//! The change as the checks ask for it: files with both texts, and which lines differ.

use super::git::{Change, Meant, Repository, Side};
use crate::exceptions;
use crate::model::Problem;
use crate::source::SourceFile;
use similar::{Algorithm, DiffOp, capture_diff_slices_deadline};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Files of configuration and of the values that it is given.
const CONFIGURATION: [&str; 6] = [".tf", ".tofu", ".tfvars", ".tf.json", ".tofu.json", ".tfvars.json"];

/// Files that can be data which configuration reads.
const DATA: [&str; 5] = [".json", ".yaml", ".yml", ".csv", ".tftpl"];

/// Larger files are data of another sort.
const MAX_BYTES: usize = 4 * 1024 * 1024;

/// Two texts that have nothing in common are called different after this time, as a whole.
const LONGEST_DIFF: Duration = Duration::from_millis(20);

/// What is about to be committed.
pub(super) struct Staged {
    pub(super) files: Vec<StagedFile>,
    /// Ledgers that belong to the directories of the files, as the new side has them; by their paths.
    pub(super) ledgers: BTreeMap<String, SourceFile>,
    repository: Repository,
    /// Where driftline runs, from the repository's root.
    below: PathBuf,
}

/// A file that differs.
pub(super) struct StagedFile {
    /// From the repository's root, as the new side names it, or the old one where it is gone.
    pub(super) path: String,
    pub(super) old_path: Option<String>,
    pub(super) old: Option<SourceFile>,
    pub(super) new: Option<SourceFile>,
    hunks: Vec<Hunk>,
}

/// Lines of the old text, and the lines of the new one that stand there now; from 1, the end is exclusive.
struct Hunk {
    old: Range<usize>,
    new: Range<usize>,
}

impl Staged {
    /// Asks git.
    ///
    /// # Errors
    /// When this is no repository or git fails.
    pub(super) fn read(here: &Path, meant: Meant) -> Result<Staged, Problem> {
        let repository = Repository::around(here, meant)?;
        let below = here.strip_prefix(&repository.root).unwrap_or(Path::new("")).to_owned();
        let mut staged = Staged { files: Vec::new(), ledgers: BTreeMap::new(), repository, below };
        staged.fill()?;
        Ok(staged)
    }

    fn fill(&mut self) -> Result<(), Problem> {
        let mut changes = self.repository.changes()?;
        changes.retain(|change| [&change.old, &change.new].into_iter().flatten().any(|side| matters(&side.path)));
        let sides = |change: &Change| [change.old.clone(), change.new.clone()];
        let blobs: Vec<Side> = changes.iter().flat_map(sides).flatten().collect();
        let ledgers = ledgers_of(&blobs);
        let mut names: Vec<String> = blobs.into_iter().map(|side| side.blob).collect();
        names.extend(ledgers.iter().map(|path| self.repository.name_of(path)));
        let mut contents = self.repository.contents(&names)?.into_iter();
        for change in changes {
            let mut read = |side: Option<&Side>| {
                let side = side?;
                // One answer for each side, whether or not it is a text.
                let content = contents.next()??;
                Some((side.path.clone(), self.file(&side.path, content)?))
            };
            let (old, new) = (read(change.old.as_ref()), read(change.new.as_ref()));
            self.files.extend(StagedFile::new(old, new));
        }
        for (path, content) in ledgers.into_iter().zip(contents) {
            if let Some(file) = content.and_then(|content| self.file(&path, content)) {
                self.ledgers.insert(path, file);
            }
        }
        Ok(())
    }

    /// `None` for what is no text, or too long a one.
    fn file(&self, path: &str, content: Vec<u8>) -> Option<SourceFile> {
        if content.len() > MAX_BYTES || content.contains(&0) {
            return None;
        }
        Some(SourceFile::new(self.shown(path), String::from_utf8(content).ok()?))
    }

    /// A path as people see it: from where driftline runs.
    pub(super) fn shown(&self, path: &str) -> String {
        let path = Path::new(path);
        let (mut up, mut from) = (PathBuf::new(), self.below.as_path());
        while !path.starts_with(from) {
            up.push("..");
            from = from.parent().unwrap_or(Path::new(""));
        }
        up.join(path.strip_prefix(from).unwrap_or(path)).display().to_string()
    }

    /// Where a file lies.
    pub(super) fn absolute(&self, path: &str) -> PathBuf {
        self.root().join(path)
    }

    /// The path from the repository's root, of a file in it.
    pub(super) fn in_repository<'p>(&self, absolute: &'p str) -> Option<&'p str> {
        Path::new(absolute).strip_prefix(self.root()).ok()?.to_str()
    }

    /// Whether any of it is configuration, or an exception from what configuration declares.
    pub(super) fn has_configuration(&self) -> bool {
        self.files.iter().any(|file| file.path.ends_with(exceptions::NAME) || has_one_of(&file.path, &CONFIGURATION))
    }

    /// The repository's root.
    pub(super) fn root(&self) -> &Path {
        &self.repository.root
    }

    /// The file that has this path on the old side, or on the new one.
    pub(super) fn file_at(&self, path: &str) -> Option<&StagedFile> {
        self.files.iter().find(|file| file.old_path.as_deref() == Some(path) || file.path == path)
    }

    /// The ledger that belongs to a directory, with its path: in it, or in one above it.
    pub(super) fn ledger_of(&self, path: &str) -> Option<(&String, &SourceFile)> {
        above(path).into_iter().find_map(|path| self.ledgers.get_key_value(&path))
    }

    /// Texts of the files whose work tree is not what is staged, as the index has them; `None` where it has none.
    ///
    /// # Errors
    /// When git fails.
    pub(super) fn index_of_unstaged(&self) -> Result<BTreeMap<String, Option<String>>, Problem> {
        let paths: Vec<String> = self.repository.unstaged()?.into_iter().filter(|path| matters(path)).collect();
        let names: Vec<String> = paths.iter().map(|path| self.repository.name_of(path)).collect();
        let texts = self.repository.contents(&names)?.into_iter().map(|content| String::from_utf8(content?).ok());
        Ok(paths.into_iter().zip(texts).collect())
    }
}

impl StagedFile {
    fn new(old: Option<(String, SourceFile)>, new: Option<(String, SourceFile)>) -> Option<StagedFile> {
        let (old_path, old) = old.unzip();
        let (new_path, new) = new.unzip();
        let path = new_path.or_else(|| old_path.clone())?;
        let hunks = hunks(old.as_ref().map_or("", SourceFile::text), new.as_ref().map_or("", SourceFile::text));
        Some(StagedFile { path, old_path, old, new, hunks })
    }

    /// Whether this line of the new text is not in the old one.
    pub(super) fn adds(&self, line: usize) -> bool {
        self.hunks.iter().any(|hunk| hunk.new.contains(&line))
    }

    /// Whether one of these lines of the new text is not in the old one.
    pub(super) fn adds_any(&self, lines: &Range<usize>) -> bool {
        self.hunks.iter().any(|hunk| overlap(&hunk.new, lines))
    }

    /// Lines of the new text that are not in the old one.
    pub(super) fn added(&self) -> impl Iterator<Item = usize> + '_ {
        self.hunks.iter().flat_map(|hunk| hunk.new.clone())
    }

    /// The first line of the new text at which these lines of the old one were changed.
    pub(super) fn changed_old(&self, lines: &Range<usize>) -> Option<usize> {
        self.hunks.iter().find(|hunk| touches(&hunk.old, lines)).map(|hunk| hunk.new.start)
    }

    /// The first of these lines of the new text that the change touches.
    pub(super) fn changed_new(&self, lines: &Range<usize>) -> Option<usize> {
        self.hunks.iter().find(|hunk| touches(&hunk.new, lines)).map(|hunk| hunk.new.start.max(lines.start))
    }
}

fn overlap(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start < b.end && b.start < a.end
}

/// Whether a hunk's side has one of the lines, or lies between two of them.
fn touches(hunk: &Range<usize>, lines: &Range<usize>) -> bool {
    match hunk.is_empty() {
        true => lines.start < hunk.start && hunk.start < lines.end,
        false => overlap(hunk, lines),
    }
}

fn hunks(old: &str, new: &str) -> Vec<Hunk> {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let deadline = Some(Instant::now() + LONGEST_DIFF);
    let of = |op: DiffOp| Hunk { old: from_1(op.old_range()), new: from_1(op.new_range()) };
    let ops = capture_diff_slices_deadline(Algorithm::Myers, &old, &new, deadline);
    ops.into_iter().filter(|op| !matches!(op, DiffOp::Equal { .. })).map(of).collect()
}

fn from_1(range: Range<usize>) -> Range<usize> {
    range.start + 1..range.end + 1
}

/// Whether a file can have to do with access.
fn matters(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name == exceptions::NAME || has_one_of(name, &CONFIGURATION) || has_one_of(name, &DATA)
}

fn has_one_of(name: &str, endings: &[&str]) -> bool {
    endings.iter().any(|ending| name.ends_with(ending))
}

/// Where ledgers that belong to these files can be.
fn ledgers_of(sides: &[Side]) -> BTreeSet<String> {
    sides.iter().flat_map(|side| above(&side.path)).collect()
}

/// Paths of ledgers that can belong to a file, the nearest first.
fn above(path: &str) -> Vec<String> {
    let dirs = Path::new(path).ancestors().skip(1);
    dirs.filter_map(|dir| dir.join(exceptions::NAME).to_str().map(str::to_owned)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(old: &str, new: &str) -> StagedFile {
        let side = |text: &str| Some(("a.tf".to_owned(), SourceFile::new("a.tf", text)));
        StagedFile::new(side(old), side(new)).unwrap()
    }

    #[test]
    fn lines_are_counted_on_both_sides() {
        let changed = file("a\nb\nc\nd\n", "a\nx\ny\nc\nd\n");
        assert_eq!(changed.added().collect::<Vec<_>>(), [2, 3]);
        assert_eq!(changed.changed_old(&(2..3)), Some(2));
        assert_eq!(changed.changed_old(&(3..5)), None);
        assert_eq!(changed.changed_new(&(3..5)), Some(3));
    }

    #[test]
    fn an_insertion_touches_what_it_stands_inside_of() {
        let inserted = file("a {\n}\nb {\n}\n", "a {\nx\n}\nb {\n}\n");
        assert!(inserted.changed_old(&(1..3)).is_some() && inserted.changed_old(&(3..5)).is_none());
        let between = file("a {\n}\nb {\n}\n", "a {\n}\nx\nb {\n}\n");
        assert!(between.changed_old(&(1..3)).is_none() && between.changed_old(&(3..5)).is_none());
        let deleted = file("a {\nx\n}\n", "a {\n}\n");
        assert!(deleted.changed_new(&(1..3)).is_some());
    }

    #[test]
    fn ledgers_are_looked_for_up_to_the_root() {
        assert_eq!(
            above("infra/identity/main.tf"),
            [
                "infra/identity/driftline.exceptions.toml",
                "infra/driftline.exceptions.toml",
                "driftline.exceptions.toml"
            ]
        );
    }
}
