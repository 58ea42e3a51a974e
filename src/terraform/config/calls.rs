//! From the root module along the module calls: where the called modules' directories are.
//!
//! Rules: sources that start with `./` or `../` are directories beside the caller; all others are where `terraform init`
//! wrote down in `.terraform/modules/modules.json` that it put them.

use super::files::{self, join_shown};
use super::module::{Layers, Module};
use crate::model::{Gap, Hides, Location, Precision, Problem};
use crate::source::Overlay;
use crate::terraform::manifest::{Manifest, ManifestEntry};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

/// How many module calls are followed: a chain in which each module calls the next twice doubles with every step.
const MAX_CALLS: usize = 20_000;

/// All modules of a configuration, each directory once, and the calls that lead to them.
#[derive(Debug)]
pub(super) struct Calls {
    modules: Vec<Module>,
    /// The first is the root.
    nodes: Vec<Node>,
}

/// A module as one chain of calls reaches it.
#[derive(Debug)]
struct Node {
    module: usize,
    parent: Option<usize>,
    /// Names of the calls that lead here.
    path: Vec<String>,
    calls: BTreeMap<String, Callee>,
}

/// Where a module call leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Callee {
    Module(usize),
    /// Its source is not at hand.
    Missing,
}

/// A module reached, to look into.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reached<'a> {
    pub(super) module: &'a Module,
    pub(super) path: &'a [String],
    node: usize,
}

impl Calls {
    pub(super) fn load(
        dir: &Path,
        shown_as: &str,
        data_dir: Option<&Path>,
        overlay: &Overlay,
        gaps: &mut Vec<Gap>,
    ) -> Result<Calls, Problem> {
        let shown = join_shown("", shown_as);
        let named = if shown.is_empty() { "." } else { &shown };
        let root = files::read(dir, &shown, overlay, gaps).map_err(|error| {
            Problem::new(format!("the directory cannot be read: {error}"))
                .at(named)
                .help("name the directory of a root module, the one `terraform plan` is run in")
        })?;
        if root.files.is_empty() && root.unread == 0 {
            return Err(Problem::new("no configuration files (`*.tf`, `*.tf.json`, `*.tofu`) in this directory")
                .at(named)
                .help("name the directory of a root module, the one `terraform plan` is run in"));
        }
        let manifest = installed(&dir.join(data_dir.unwrap_or(Path::new(".terraform"))), &shown, gaps);
        let root = Module::new(dir.to_owned(), shown, root);
        let mut loader = Loader { manifest, known: HashMap::new(), missing: HashSet::new(), overlay, gaps };
        loader.known.insert(canonical(&root.dir), 0);
        let node = Node { module: 0, parent: None, path: Vec::new(), calls: BTreeMap::new() };
        let mut calls = Calls { modules: vec![root], nodes: vec![node] };
        let mut next = 0;
        while next < calls.nodes.len() {
            loader.follow(&mut calls, next);
            next += 1;
        }
        Ok(calls)
    }

    pub(super) fn root(&self) -> Option<Reached<'_>> {
        self.reached(0)
    }

    /// Every module, once for each chain of calls that reaches it.
    pub(super) fn all(&self) -> impl Iterator<Item = Reached<'_>> {
        (0..self.nodes.len()).filter_map(|node| self.reached(node))
    }

    /// Where the call of this name in a reached module leads; `None` when it was not followed.
    pub(super) fn callee(&self, from: Reached<'_>, name: &str) -> Option<Callee> {
        self.nodes.get(from.node)?.calls.get(name).copied()
    }

    pub(super) fn reached(&self, node: usize) -> Option<Reached<'_>> {
        let found = self.nodes.get(node)?;
        Some(Reached { module: self.modules.get(found.module)?, path: &found.path, node })
    }

    /// Whether the module is among those that lead to this node, itself included.
    fn leads_here(&self, node: usize, module: usize) -> bool {
        let mut at = Some(node);
        while let Some(node) = at.and_then(|at| self.nodes.get(at)) {
            if node.module == module {
                return true;
            }
            at = node.parent;
        }
        false
    }
}

impl Reached<'_> {
    /// Its number among all that are reached.
    pub(super) fn node(&self) -> usize {
        self.node
    }
}

struct Loader<'g> {
    overlay: &'g Overlay,
    manifest: BTreeMap<String, ManifestEntry>,
    /// Modules by the real path of their directory.
    known: HashMap<PathBuf, usize>,
    /// Calls that were told to be missing: their file and line.
    missing: HashSet<(String, usize)>,
    gaps: &'g mut Vec<Gap>,
}

impl Loader<'_> {
    /// Reads the modules that one node calls.
    fn follow(&mut self, calls: &mut Calls, node: usize) {
        let Some(from) = calls.reached(node) else { return };
        let mut found = Vec::new();
        for call in from.module.all("module") {
            let Some(name) = call.label(0) else { continue };
            // Which of several calls of one name is meant cannot be told.
            if from.module.named("module", &[name]).len() != 1 {
                continue;
            }
            let mut path = from.path.to_vec();
            path.push(name.to_owned());
            let place =
                self.place(from.module, &call.view(), &path, calls.nodes.first().map(|root| root.module), calls);
            found.push((path, place, call.view().base().map(|(file, block)| (file.clone(), block.header))));
        }
        for (path, place, header) in found {
            let name = path.last().cloned().unwrap_or_default();
            let module = place.and_then(|(dir, shown)| self.module(calls, &dir, &shown));
            let module = module.and_then(|module| {
                if calls.leads_here(node, module) {
                    return Err("the module calls itself, directly or through others".to_owned());
                }
                if calls.nodes.len() >= MAX_CALLS {
                    return Err(format!("there are more than {MAX_CALLS} module calls"));
                }
                Ok(module)
            });
            let callee = match module {
                Ok(module) => {
                    calls.nodes.push(Node { module, parent: Some(node), path, calls: BTreeMap::new() });
                    Callee::Module(calls.nodes.len() - 1)
                }
                Err(reason) => {
                    let location = header.map(|(file, span)| Location::of(&file, span, Precision::ModuleCall));
                    self.tell_missing(&path.join("."), &reason, location);
                    Callee::Missing
                }
            };
            if let Some(node) = calls.nodes.get_mut(node) {
                node.calls.insert(name, callee);
            }
        }
    }

    /// The directory that a call means, and how it is shown.
    fn place(
        &self,
        caller: &Module,
        call: &Layers<'_>,
        path: &[String],
        root: Option<usize>,
        calls: &Calls,
    ) -> Result<(PathBuf, String), String> {
        let source = call.attribute("source").map(|(_, source)| source.value.literal_text());
        let source = source.ok_or("the call has no `source`")?;
        let local = |source: &str| source.starts_with("./") || source.starts_with("../");
        if let Some(source) = source.as_deref().filter(|source| local(source)) {
            return Ok((caller.dir.join(source), join_shown(&caller.shown, source)));
        }
        let entry = self.manifest.get(&path.join("."));
        let Some(entry) = entry else {
            return Err("its source is not local, and it is not installed".to_owned());
        };
        if let Some(source) = source
            && !same_source(&source, &entry.source)
        {
            return Err(format!("its source is `{source}`, but `{}` is installed", entry.source));
        }
        let root = root.and_then(|root| calls.modules.get(root)).ok_or("there is no root module")?;
        let dir = entry.dir.replace('\\', "/");
        Ok((root.dir.join(&dir), join_shown(&root.shown, &dir)))
    }

    /// The module of a directory, read when it is new.
    fn module(&mut self, calls: &mut Calls, dir: &Path, shown: &str) -> Result<usize, String> {
        let real = canonical(dir);
        if let Some(known) = self.known.get(&real) {
            return Ok(*known);
        }
        let directory =
            files::read(dir, shown, self.overlay, self.gaps).map_err(|error| format!("`{shown}`: {error}"))?;
        if directory.files.is_empty() && directory.unread == 0 {
            return Err(format!("there are no configuration files in `{shown}`"));
        }
        calls.modules.push(Module::new(dir.to_owned(), shown.to_owned(), directory));
        let module = calls.modules.len() - 1;
        self.known.insert(real, module);
        Ok(module)
    }

    fn tell_missing(&mut self, path: &str, reason: &str, location: Option<Location>) {
        let place = location.as_ref().map(|location| (location.path.clone(), location.line));
        if place.is_some_and(|place| !self.missing.insert(place)) {
            return;
        }
        self.gaps.push(Gap {
            code: "module_not_found".into(),
            system: "terraform".to_owned(),
            scope: None,
            hides: Hides::Lines,
            reason: format!("the source of module `{path}` is not at hand: {reason}"),
            hint: "run `terraform init` or `terraform get` (with OpenTofu `tofu init`) in the root module, or correct \
                   the call's `source`"
                .to_owned(),
            location,
        });
    }
}

/// The installed modules by their key; none when `terraform init` has not run.
fn installed(data_dir: &Path, shown: &str, gaps: &mut Vec<Gap>) -> BTreeMap<String, ManifestEntry> {
    let path = data_dir.join("modules").join("modules.json");
    let read = match fs::read(&path) {
        Ok(bytes) => serde_json::from_slice::<Manifest>(&bytes).map_err(|error| error.to_string()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Manifest::default()),
        Err(error) => Err(error.to_string()),
    };
    let manifest = read.unwrap_or_else(|reason| {
        let shown = if shown.is_empty() { "." } else { shown };
        gaps.push(Gap {
            code: "source_unreadable".into(),
            system: "terraform".to_owned(),
            scope: None,
            hides: Hides::Lines,
            reason: format!("the list of installed modules of `{shown}` cannot be read: {reason}"),
            hint: "run `terraform init` anew".to_owned(),
            location: None,
        });
        Manifest::default()
    });
    manifest.modules.into_iter().map(|entry| (entry.key.clone(), entry)).collect()
}

/// Whether what is installed is what the call says. Terraform writes registry sources with their host and expands short
/// forms of others; of those only the version is compared.
fn same_source(written: &str, installed: &str) -> bool {
    if written == installed {
        return true;
    }
    let after_host = installed.split_once('/').map(|(host, rest)| (host.contains('.'), rest));
    if after_host == Some((true, written)) {
        return true;
    }
    let is_registry = |source: &str| {
        let module = source.split_once("//").map_or(source, |(module, _)| module);
        let parts: Vec<&str> = module.split('/').collect();
        let names_host = parts.first().is_some_and(|host| host.contains('.'));
        !module.contains([':', '?', '@']) && (parts.len() == 3 && !names_host || parts.len() == 4 && names_host)
    };
    if is_registry(written) && !written.starts_with("github.com/") && !written.starts_with("bitbucket.org/") {
        return false;
    }
    let reference = |source: &str| {
        let query = source.split_once('?').map(|(_, query)| query.to_owned())?;
        query.split('&').find_map(|pair| pair.strip_prefix("ref=").map(str::to_owned))
    };
    reference(written) == reference(installed)
}

fn canonical(dir: &Path) -> PathBuf {
    fs::canonicalize(dir).unwrap_or_else(|_| dir.to_owned())
}

#[cfg(test)]
mod tests {
    use super::same_source;

    #[test]
    fn installed_source_is_what_the_call_says() {
        assert!(same_source("a/b/aws", "registry.terraform.io/a/b/aws"));
        assert!(same_source("a/b/aws//modules/x", "registry.opentofu.org/a/b/aws//modules/x"));
        assert!(same_source("app.corp.io/a/b/aws", "app.corp.io/a/b/aws"));
        assert!(same_source("github.com/o/r?ref=v1", "git::https://github.com/o/r.git?ref=v1"));
        assert!(!same_source("github.com/o/r?ref=v2", "git::https://github.com/o/r.git?ref=v1"));
        assert!(!same_source("a/b/aws", "registry.terraform.io/a/c/aws"));
        assert!(!same_source("a/b/aws", "./modules/b"));
    }
}
