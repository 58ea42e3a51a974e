//! What git is about to commit, asked of `git` itself: it alone knows which index and which directory it was called with.
//!
//! Two calls, each of a few milliseconds: the list of changes with the ids of both sides, and the contents by those ids.
//! Nothing is read from the work tree, so a file that is staged in part is judged by the part that is staged.

use crate::model::Problem;
use crate::source::repository;
use std::ffi::OsStr;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// Links and submodules have no lines.
const MODES_OF_FILES: [&str; 2] = ["100644", "100755"];

/// A repository, and which change of it is meant.
pub(super) struct Repository {
    pub(super) root: PathBuf,
    pub(super) meant: Meant,
}

/// Which change is looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meant {
    /// The index against the last commit.
    Staged,
    /// What the second commit has that the first has not, as a push or a pull request brings it.
    Between { from: String, to: String },
}

/// A file on both sides; `None` where it is not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) old: Option<Side>,
    pub(super) new: Option<Side>,
}

/// A file as one side has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Side {
    /// From the repository's root, with `/`.
    pub(super) path: String,
    pub(super) blob: String,
}

impl Repository {
    /// # Errors
    /// When the directory lies in no repository.
    pub(super) fn around(dir: &Path, meant: Meant) -> Result<Repository, Problem> {
        match repository(dir) {
            Some(root) => Ok(Repository { root: root.to_owned(), meant }),
            None => Err(Problem::new("this is no git repository")
                .at(dir.display().to_string())
                .help("run `driftline hook` inside of the repository that is committed to")),
        }
    }

    /// The files that differ.
    ///
    /// # Errors
    /// When git fails.
    pub(super) fn changes(&self) -> Result<Vec<Change>, Problem> {
        let range = match &self.meant {
            Meant::Staged => "--cached".to_owned(),
            Meant::Between { from, to } => format!("{from}...{to}"),
        };
        let told = ["diff", "--raw", "-z", "--no-abbrev", "-M", "--no-relative", "--ignore-submodules", &range, "--"];
        Ok(changes(&self.git(&told, None)?))
    }

    /// Paths of files whose text in the work tree is another than in the index.
    ///
    /// # Errors
    /// When git fails.
    pub(super) fn unstaged(&self) -> Result<Vec<String>, Problem> {
        let told = ["diff", "--name-only", "-z", "--no-renames", "--no-relative", "--ignore-submodules", "--"];
        let listed = self.git(&told, None)?;
        Ok(listed.split(|byte| *byte == 0).filter_map(text).filter(|path| !path.is_empty()).collect())
    }

    /// How git names a file as the new side has it.
    pub(super) fn name_of(&self, path: &str) -> String {
        match &self.meant {
            Meant::Staged => format!(":{path}"),
            Meant::Between { to, .. } => format!("{to}:{path}"),
        }
    }

    /// The contents of these objects, in order; `None` for what is not there.
    ///
    /// # Errors
    /// When git fails.
    pub(super) fn contents(&self, names: &[String]) -> Result<Vec<Option<Vec<u8>>>, Problem> {
        if names.is_empty() {
            return Ok(Vec::new());
        }
        let asked = names.iter().fold(String::new(), |asked, name| asked + &one_line(name) + "\n");
        let told = self.git(&["cat-file", "--batch"], Some(asked.into_bytes()))?;
        let mut rest = told.as_slice();
        names.iter().map(|_| next(&mut rest).ok_or_else(|| failed("its answer is cut short"))).collect()
    }

    fn git(&self, arguments: &[&str], input: Option<Vec<u8>>) -> Result<Vec<u8>, Problem> {
        let mut command = Command::new("git");
        // Variables such as `GIT_INDEX_FILE` stay: `git commit FILE` hands over an index of its own by it.
        command.args(arguments).current_dir(&self.root).env("GIT_OPTIONAL_LOCKS", "0").env("LC_ALL", "C");
        let output = run(&mut command, input).map_err(|error| failed(&error.to_string()))?;
        if output.status.success() {
            return Ok(output.stdout);
        }
        let said = String::from_utf8_lossy(&output.stderr);
        Err(failed(said.lines().next().unwrap_or("it says nothing")))
    }
}

fn run(command: &mut Command, input: Option<Vec<u8>>) -> std::io::Result<Output> {
    let stdin = if input.is_some() { Stdio::piped() } else { Stdio::null() };
    let mut child = command.stdin(stdin).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let writer = child.stdin.take().zip(input).map(|(mut stdin, input)| {
        // By itself: git answers before it has read everything, and both pipes could be full. One that went away says why
        // by its status.
        std::thread::spawn(move || drop(stdin.write_all(&input)))
    });
    let output = child.wait_with_output();
    if let Some(writer) = writer {
        drop(writer.join());
    }
    output
}

fn failed(why: &str) -> Problem {
    Problem::new(format!("git cannot tell what is staged: {why}"))
        .help("`git diff --cached` has to work here; `SKIP=driftline git commit` commits without this hook")
}

/// A name with a line's end cannot be asked for, and names nothing then.
fn one_line(name: &str) -> String {
    name.replace('\n', "\u{fffd}")
}

/// The next answer of `cat-file --batch`: `OID TYPE SIZE`, the content and a line's end; or `NAME missing`.
fn next(rest: &mut &[u8]) -> Option<Option<Vec<u8>>> {
    let end = rest.iter().position(|byte| *byte == b'\n')?;
    let (header, after) = rest.split_at_checked(end)?;
    let after = after.get(1..)?;
    let header = String::from_utf8_lossy(header);
    let mut words = header.rsplitn(3, ' ');
    let (size, kind) = (words.next()?, words.next());
    let Some(size) = size.parse::<usize>().ok().filter(|_| kind.is_some_and(|kind| kind != "missing")) else {
        *rest = after;
        return Some(None);
    };
    let content = after.get(..size)?.to_vec();
    *rest = after.get(size + 1..)?;
    Some((kind == Some("blob")).then_some(content))
}

fn text(bytes: &[u8]) -> Option<String> {
    std::str::from_utf8(bytes).ok().map(str::to_owned)
}

/// Reads `:OLDMODE NEWMODE OLDBLOB NEWBLOB STATUS` and one path, or two for a rename or copy, each ended by a NUL.
/// A path that is no text can carry none of the extensions that matter.
fn changes(raw: &[u8]) -> Vec<Change> {
    let mut fields = raw.split(|byte| *byte == 0).map(|field| OsStr::to_string_lossy(os(field)).into_owned());
    let mut changes = Vec::new();
    while let Some(header) = fields.next() {
        let words: Vec<&str> = header.trim_start_matches(':').split(' ').collect();
        let [old_mode, new_mode, old_blob, new_blob, status] = words.as_slice() else { break };
        let Some(path) = fields.next() else { break };
        let new_path = match status.starts_with(['R', 'C']) {
            true => fields.next().unwrap_or_default(),
            false => path.clone(),
        };
        let change = Change { old: side(old_mode, old_blob, path), new: side(new_mode, new_blob, new_path) };
        if change.old.is_some() || change.new.is_some() {
            changes.push(change);
        }
    }
    changes
}

#[cfg(unix)]
fn os(bytes: &[u8]) -> &OsStr {
    std::os::unix::ffi::OsStrExt::from_bytes(bytes)
}

#[cfg(not(unix))]
fn os(bytes: &[u8]) -> &OsStr {
    OsStr::new(std::str::from_utf8(bytes).unwrap_or_default())
}

fn side(mode: &str, blob: &str, path: String) -> Option<Side> {
    let is_there = MODES_OF_FILES.contains(&mode) && !blob.bytes().all(|digit| digit == b'0');
    (is_there && !path.contains(char::REPLACEMENT_CHARACTER)).then(|| Side { path, blob: blob.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rename_has_two_paths_and_a_link_no_lines() {
        let raw = b":100644 100644 aa bb R090\0old name.tf\0new.tf\0:000000 120000 00 cc A\0link\0:100644 000000 dd 00 D\0gone.tf\0";
        let side = |path: &str, blob: &str| Some(Side { path: path.to_owned(), blob: blob.to_owned() });
        assert_eq!(
            changes(raw),
            [
                Change { old: side("old name.tf", "aa"), new: side("new.tf", "bb") },
                Change { old: side("gone.tf", "dd"), new: None },
            ]
        );
    }

    #[test]
    fn answers_are_told_apart_by_their_size() {
        let mut rest = b"aa blob 4\na\nb\n\n:no such file missing\nbb tree 1\nx\n".as_slice();
        assert_eq!(next(&mut rest), Some(Some(b"a\nb\n".to_vec())));
        assert_eq!(next(&mut rest), Some(None));
        assert_eq!(next(&mut rest), Some(None));
        assert_eq!(next(&mut rest), None);
    }
}
