//! The files that a configuration may read while it is evaluated.

use crate::source::{Overlay, SourceFile, repository};
use std::cell::RefCell;
use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};
use std::{fs, io};

/// Largest file that is read.
const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// Reads files for functions: only those inside the repository that holds the root module.
#[derive(Debug)]
pub struct Files {
    /// The root module's directory: relative paths count from it, as they do from where Terraform runs.
    root: PathBuf,
    /// How that directory is shown to people; empty for the one driftline runs in.
    shown: String,
    /// Nothing outside of it is read.
    repository: PathBuf,
    overlay: Overlay,
    read: RefCell<HashMap<PathBuf, SourceFile>>,
}

/// Why a file was not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unread {
    /// It lies outside of the repository: what is in it is not known here.
    Outside,
    /// It is not there.
    Missing,
    /// It would take too long to look.
    Limit,
    /// It cannot be read, in words.
    Broken(String),
}

impl Files {
    /// For the root module in `root`, shown to people as `shown`.
    pub fn new(root: &Path, shown: &str) -> Self {
        let root = fs::canonicalize(root).unwrap_or_else(|_| root.to_owned());
        let repository = repository(&root).unwrap_or(&root).to_owned();
        Files { root, shown: shown.to_owned(), repository, overlay: Overlay::default(), read: RefCell::default() }
    }

    /// With these texts in place of what stands in the files.
    pub fn with(self, overlay: Overlay) -> Self {
        Files { overlay, ..self }
    }

    /// The directory that relative paths count from.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The path that a function's argument means; `Err` when it leads out of the repository.
    pub fn resolve(&self, path: &str) -> Result<PathBuf, Unread> {
        let path = normal(&self.root.join(path));
        let real = fs::canonicalize(&path).unwrap_or_else(|_| path.clone());
        let inside = path.starts_with(&self.repository) && real.starts_with(&self.repository);
        if inside { Ok(path) } else { Err(Unread::Outside) }
    }

    /// The bytes of a file.
    pub fn bytes(&self, path: &str) -> Result<Vec<u8>, Unread> {
        let path = self.resolve(path)?;
        let shown = self.shown(&path);
        if let Some(edited) = self.overlay.text(&shown) {
            return Ok(edited.as_bytes().to_vec());
        }
        if self.overlay.is_gone(&shown) {
            return Err(Unread::Missing);
        }
        let metadata = fs::metadata(&path).map_err(unread)?;
        if !metadata.is_file() {
            return Err(Unread::Broken("it is no file".to_owned()));
        }
        if metadata.len() > MAX_BYTES {
            return Err(Unread::Broken(format!("it is larger than {} MiB", MAX_BYTES / 1024 / 1024)));
        }
        fs::read(&path).map_err(unread)
    }

    /// Whether what is there is a file.
    pub fn is_file(&self, path: &str) -> Result<bool, Unread> {
        Ok(fs::metadata(self.resolve(path)?).map_err(unread)?.is_file())
    }

    /// A file as text with positions, read once.
    pub fn text(&self, path: &str) -> Result<SourceFile, Unread> {
        let resolved = self.resolve(path)?;
        if let Some(file) = self.read.borrow().get(&resolved) {
            return Ok(file.clone());
        }
        let bytes = self.bytes(path)?;
        let text = String::from_utf8(bytes).map_err(|_| Unread::Broken("it is not UTF-8".to_owned()))?;
        let file = SourceFile::new(self.shown(&resolved), text);
        self.read.borrow_mut().insert(resolved, file.clone());
        Ok(file)
    }

    /// Keeps a file in mind that was read in another way.
    pub fn note(&self, path: &Path, file: &SourceFile) {
        self.read.borrow_mut().entry(normal(&self.root.join(path))).or_insert_with(|| file.clone());
    }

    /// The files that were read as text so far.
    pub fn read_so_far(&self) -> Vec<SourceFile> {
        self.read.borrow().values().cloned().collect()
    }

    /// How a path inside the repository is shown to people: relative to where driftline runs, as the root is.
    pub fn shown(&self, path: &Path) -> String {
        let (mut up, mut from) = (PathBuf::new(), self.root.as_path());
        while !path.starts_with(from) {
            up.push("..");
            from = from.parent().unwrap_or(Path::new("/"));
        }
        let below = path.strip_prefix(from).unwrap_or(path);
        let relative = normal(&Path::new(&self.shown).join(up).join(below));
        relative.to_string_lossy().replace('\\', "/")
    }
}

fn unread(error: io::Error) -> Unread {
    match error.kind() {
        io::ErrorKind::NotFound => Unread::Missing,
        _ => Unread::Broken(error.to_string()),
    }
}

/// The path without `.`, and without `..` where there is something to leave.
fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if matches!(normal.components().next_back(), Some(Component::Normal(_))) => {
                normal.pop();
            }
            Component::ParentDir if normal.has_root() => {}
            other => normal.push(other),
        }
    }
    normal
}
