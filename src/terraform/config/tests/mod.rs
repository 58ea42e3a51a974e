//! Tests over whole configurations, read from directories as they are.
#![allow(clippy::unwrap_used)]

mod files;
mod limits;
mod modules;
mod moves;
mod paths;
mod references;
mod settings;
mod soups;

use super::syntax::tree::TraverseStep;
use super::syntax::{Kind, parse_expression};
use super::{Configuration, Inputs, Located, NotLocated};
use crate::model::address::ModuleStep;
use crate::model::{Address, AttrPath, Gap, InstanceKey, Mode, ModulePath, Precision};
use std::fs;
use std::path::Path;

/// A configuration in a directory of its own.
struct Scene {
    dir: tempfile::TempDir,
    configuration: Configuration,
    gaps: Vec<Gap>,
}

/// Writes the files and reads them.
fn scene(files: &[(&str, &str)]) -> Scene {
    let dir = tempfile::tempdir().unwrap();
    for (path, text) in files {
        write(dir.path(), path, text.as_bytes());
    }
    let (configuration, gaps) = Configuration::load(dir.path(), "", None, &Inputs::default()).unwrap();
    Scene { dir, configuration, gaps }
}

/// A configuration that is one file without errors.
fn one_file(text: &str) -> Scene {
    let scene = scene(&[("main.tf", text)]);
    assert!(scene.gaps.is_empty(), "{:?}", scene.gaps);
    scene
}

fn write(dir: &Path, path: &str, text: &[u8]) {
    let path = dir.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

impl Scene {
    fn locate(&self, address: &str, path: AttrPath) -> Result<Located, NotLocated> {
        self.configuration.locate(&self::address(address), &path)
    }

    /// What stands at the place, and how exact it is.
    fn says(&self, address: &str, path: AttrPath) -> (String, Precision) {
        let located = self.locate(address, path).unwrap();
        (text(self.dir.path(), &located), located.location.precision)
    }

    /// `path:line` of the block.
    fn place(&self, address: &str) -> String {
        let location = self.locate(address, AttrPath::default()).unwrap().location;
        format!("{}:{}", location.path, location.line)
    }

    /// `role path:line` of all that leads to the block.
    fn related(&self, address: &str) -> Vec<String> {
        let related = self.locate(address, AttrPath::default()).unwrap().related;
        related.iter().map(|place| format!("{} {}:{}", place.role, place.path, place.line)).collect()
    }

    fn refusal(&self, address: &str) -> NotLocated {
        self.locate(address, AttrPath::default()).unwrap_err()
    }

    fn gap_codes(&self) -> Vec<&str> {
        self.gaps.iter().map(|gap| gap.code.as_ref()).collect()
    }
}

/// The text that a location covers, by its lines and columns.
fn text(dir: &Path, located: &Located) -> String {
    let location = &located.location;
    let text = fs::read_to_string(dir.join(&location.path)).unwrap();
    let lines: Vec<&str> = text.lines().skip(location.line - 1).take(location.end_line - location.line + 1).collect();
    let last = lines.len() - 1;
    let cut = |(at, line): (usize, &&str)| {
        let start = if at == 0 { location.column - 1 } else { 0 };
        let end = if at == last { location.end_column - 1 } else { usize::MAX };
        line.chars().take(end).skip(start).collect::<String>()
    };
    lines.iter().enumerate().map(cut).collect::<Vec<_>>().join("\n")
}

fn address(text: &str) -> Address {
    let expression = parse_expression(text).unwrap();
    let Kind::Traversal { root, steps } = expression.kind else { panic!("{text}") };
    let Kind::Variable(first) = root.kind else { panic!("{text}") };
    let mut parts: Vec<(String, Option<InstanceKey>)> = vec![(first, None)];
    for step in steps {
        match step.step {
            TraverseStep::Attribute(name) => parts.push((name, None)),
            TraverseStep::Index(key) => {
                let text = key.literal_text().unwrap().into_owned();
                let key = if matches!(key.kind, Kind::Number(_)) {
                    InstanceKey::Int(text.parse().unwrap())
                } else {
                    InstanceKey::Str(text)
                };
                parts.last_mut().unwrap().1 = Some(key);
            }
            _ => panic!("{text}"),
        }
    }
    let mut parts = parts.into_iter().peekable();
    let mut module = ModulePath::default();
    while parts.next_if(|(word, _)| word == "module").is_some() {
        let (name, key) = parts.next().unwrap();
        module.0.push(ModuleStep { name, key });
    }
    let is_data = parts.next_if(|(word, _)| word == "data").is_some();
    let mode = if is_data { Mode::Data } else { Mode::Managed };
    let ((resource_type, _), (name, key)) = (parts.next().unwrap(), parts.next().unwrap());
    Address { module, mode, resource_type, name, key }
}
