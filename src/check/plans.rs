//! The plans that are given: single ones, or a directory of them as Terragrunt writes it, with the plan of each unit below the
//! unit's own path (`run --all plan --out-dir`, `--json-out-dir`).

use super::request::{Request, StateAt};
use crate::model::Problem;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

/// Directories deeper than this are none of a stack.
const MAX_DEPTH: usize = 32;

/// A tree with more entries than this is something else than plans.
const MAX_ENTRIES: usize = 200_000;

/// Where Terragrunt writes the units that a `terragrunt.stack.hcl` describes: a directory that is hidden and counts.
const GENERATED: &str = ".terragrunt-stack";

/// What marks a directory as a unit.
pub(super) const UNIT: &str = "terragrunt.hcl";

/// Gives a request its plans. A directory of plans makes each of its units a root module, below the one that is named.
///
/// # Errors
/// When a directory cannot be read, holds no plan or two of one unit, or is given together with what is about one root.
pub fn give_plans(request: &mut Request, given: &[OsString]) -> Result<(), Problem> {
    let at: Vec<StateAt> = given.iter().map(|text| StateAt::new(text)).collect();
    let trees: BTreeSet<&Path> = at.iter().filter_map(tree).collect();
    if trees.is_empty() {
        request.plans = at;
        return Ok(());
    }
    let [(base, None)] = request.roots.as_slice() else {
        return Err(Problem::new("a directory of plans is given, and several root modules or a state beside it").help(
            "name the one directory that the units lie below; each unit has the state that its plan was made on",
        ));
    };
    if trees.len() != at.len() || !request.states.is_empty() {
        return Err(Problem::new("a directory of plans is given, and single plans or states beside it")
            .help("give the directories alone, or each plan on its own"));
    }
    let mut units: BTreeMap<PathBuf, Found> = BTreeMap::new();
    for tree in trees {
        let found = walk(tree, &|name| rank(name).is_some())?;
        if found.is_empty() {
            return Err(Problem::new("the directory holds no plan").at(tree.display().to_string()).help(
                "give the directory that `terragrunt run --all plan --out-dir DIR` (or `--json-out-dir`) wrote: the \
                 plan of each unit is `UNIT/tfplan.tfplan` or `UNIT/tfplan.json` there",
            ));
        }
        for path in found {
            note(&mut units, tree, path)?;
        }
    }
    let named = if *base == Path::new(".") { PathBuf::new() } else { base.clone() };
    request.without_plan = without_plan(base, &units)?;
    request.plans = units.values().map(|found| StateAt::File(found.path.clone())).collect();
    request.roots = units.keys().map(|unit| (dir_of(&named, unit), None)).collect();
    request.root_by_default = false;
    request.of_tree = true;
    Ok(())
}

/// The plan of a unit.
struct Found {
    path: PathBuf,
    /// The tree that it is from.
    tree: PathBuf,
    rank: usize,
}

fn tree(at: &StateAt) -> Option<&Path> {
    match at {
        StateAt::File(path) if path.is_dir() => Some(path),
        _ => None,
    }
}

fn dir_of(base: &Path, unit: &Path) -> PathBuf {
    let dir = base.join(unit);
    if dir.as_os_str().is_empty() { PathBuf::from(".") } else { dir }
}

/// Whether a file of this name is a plan: a saved one goes before what was printed of it, as it holds the state and the
/// source, too.
fn rank(name: &str) -> Option<usize> {
    match name {
        _ if name.ends_with(".tfplan") || name == "tfplan" => Some(0),
        "tfplan.json" | "plan.json" => Some(1),
        _ => None,
    }
}

fn note(units: &mut BTreeMap<PathBuf, Found>, tree: &Path, path: PathBuf) -> Result<(), Problem> {
    let unit = path.parent().and_then(|dir| dir.strip_prefix(tree).ok()).unwrap_or(Path::new("")).to_owned();
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let found = Found { rank: rank(&name).unwrap_or_default(), path, tree: tree.to_owned() };
    match units.get(&unit) {
        Some(other) if other.rank == found.rank => {
            return Err(Problem::new(format!(
                "two plans are of the unit `{}`: `{}` and `{}`",
                unit.display(),
                other.path.display(),
                found.path.display()
            ))
            .at(other.tree.display().to_string())
            .help("leave one of them in the directory, or name the other by `--plan` in a run of its own"));
        }
        Some(other) if other.rank < found.rank => {}
        _ => drop(units.insert(unit, found)),
    }
    Ok(())
}

/// Units of the stack that there is no plan of: the innermost directories that Terragrunt would run in. One with units
/// below it is what those include.
fn without_plan(base: &Path, units: &BTreeMap<PathBuf, Found>) -> Result<Vec<PathBuf>, Problem> {
    if !base.is_dir() {
        return Ok(Vec::new());
    }
    let marks = walk(base, &|name| name == UNIT)?;
    let dirs = marks.iter().filter_map(|mark| mark.parent()?.strip_prefix(base).ok());
    let all: BTreeSet<&Path> = dirs.chain(units.keys().map(PathBuf::as_path)).collect();
    let includes = |dir: &Path| all.iter().any(|other| *other != dir && other.starts_with(dir));
    let open = all.iter().filter(|dir| !units.contains_key(**dir) && !includes(dir));
    Ok(open.map(|dir| base.join(dir)).collect())
}

/// The files below a directory whose names fit, in order. Neither links nor hidden directories other than those of
/// generated units are followed.
fn walk(top: &Path, fits: &dyn Fn(&str) -> bool) -> Result<Vec<PathBuf>, Problem> {
    let (mut found, mut open, mut seen) = (Vec::new(), vec![(top.to_owned(), 0)], 0);
    while let Some((dir, depth)) = open.pop() {
        let wrong = |what: String| Problem::new(what).at(dir.display().to_string());
        let entries = fs::read_dir(&dir).map_err(|error| wrong(format!("the directory cannot be read: {error}")))?;
        for entry in entries {
            let entry = entry.map_err(|error| wrong(format!("the directory cannot be read: {error}")))?;
            seen += 1;
            if seen > MAX_ENTRIES || depth > MAX_DEPTH {
                return Err(wrong("there is more below this directory than plans".to_owned())
                    .help("give the directory that holds the plans alone"));
            }
            let name = entry.file_name().to_string_lossy().into_owned();
            match entry.file_type() {
                Ok(kind) if kind.is_dir() && (name == GENERATED || !name.starts_with('.')) => {
                    open.push((entry.path(), depth + 1));
                }
                Ok(kind) if kind.is_file() && fits(&name) => found.push(entry.path()),
                _ => {}
            }
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stack(files: &[&str]) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        for file in files {
            let path = dir.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x").unwrap();
        }
        dir
    }

    fn request(dir: &Path) -> Request {
        Request { roots: vec![(dir.to_owned(), None)], ..Request::default() }
    }

    fn given(dirs: &[&Path]) -> Vec<OsString> {
        dirs.iter().map(|dir| dir.as_os_str().to_owned()).collect()
    }

    #[test]
    fn each_unit_of_a_tree_is_a_root_module_with_its_plan() {
        let source = stack(&[
            "terragrunt.hcl",
            "a/terragrunt.hcl",
            "b/c/terragrunt.hcl",
            "b/d/terragrunt.hcl",
            "a/.x/terragrunt.hcl",
            "s/.terragrunt-stack/e/terragrunt.hcl",
            "s/.terragrunt-stack/f/terragrunt.hcl",
        ]);
        let generated = "s/.terragrunt-stack/e/tfplan.tfplan";
        let saved = stack(&["a/tfplan.tfplan", "b/c/tfplan.tfplan", generated, ".hidden/tfplan.tfplan", "a/notes.txt"]);
        let shown = stack(&["a/tfplan.json"]);
        let mut both = request(source.path());
        give_plans(&mut both, &given(&[shown.path(), saved.path()])).unwrap();
        let roots: Vec<_> = both.roots.iter().map(|(dir, _)| dir.clone()).collect();
        assert_eq!(roots, ["a", "b/c", "s/.terragrunt-stack/e"].map(|unit| source.path().join(unit)));
        let file = |name: &str| StateAt::File(saved.path().join(name));
        assert_eq!(both.plans, [file("a/tfplan.tfplan"), file("b/c/tfplan.tfplan"), file(generated)]);
        assert_eq!(both.without_plan, ["b/d", "s/.terragrunt-stack/f"].map(|unit| source.path().join(unit)));
    }

    #[test]
    fn what_cannot_be_told_apart_is_an_error() {
        let source = stack(&[]);
        let message = |dirs: &[&Path]| give_plans(&mut request(source.path()), &given(dirs)).unwrap_err().message;
        assert_eq!(message(&[source.path()]), "the directory holds no plan");
        let twice = stack(&["a/tfplan.tfplan", "a/other.tfplan"]);
        assert!(message(&[twice.path()]).starts_with("two plans are of the unit `a`: "));
        let one = stack(&["a/tfplan.tfplan"]);
        assert!(message(&[one.path(), Path::new("-")]).contains("single plans or states beside it"));
        let mut two = request(source.path());
        two.roots.push((PathBuf::from("b"), None));
        assert!(give_plans(&mut two, &given(&[one.path()])).unwrap_err().message.contains("several root modules"));
    }
}
