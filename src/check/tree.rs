//! Where a run stands in its repository, for formats that name files as a forge does.

use super::request::Request;
use crate::report::Tree;
use crate::source::repository;
use crate::terraform::config::Configuration;
use std::path::{Path, PathBuf};

/// The tree around the directory of the run, with a file of its first root module to stand in where no line says
/// anything.
pub(super) fn around(request: &Request) -> Tree {
    // Without a directory there is nothing that a path could be relative to: paths stay as they are.
    let here = std::env::current_dir().unwrap_or_default();
    let root = repository(&here).unwrap_or(&here).to_path_buf();
    let modules: Vec<PathBuf> = request.roots.iter().map(|(dir, _)| dir.clone()).collect();
    let anchor = modules.iter().find_map(|dir| file_of(dir));
    Tree { root, here, modules, anchor: anchor.map(|path| path.to_string_lossy().into_owned()) }
}

/// `main.tf`, else the first file of source by name.
fn file_of(dir: &Path) -> Option<PathBuf> {
    let names = Configuration::files_in(dir).ok()?;
    let first = names.iter().find(|name| *name == "main.tf").or_else(|| names.iter().min())?;
    Some(dir.join(first))
}
