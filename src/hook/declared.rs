//! Check 7, and what of check 6 only the whole configuration tells: what it declares before the change and after it.
//!
//! Both are evaluated as a plan without a state would see them. Files that the change has are taken from git, so is what
//! the work tree has changed besides; everything else stands in the work tree.

use super::exceptions::Exceptions;
use super::notice::{DELETED, Level, Notice, PRIVILEGE};
use super::privilege;
use super::saved::Saved;
use super::staged::{Staged, StagedFile};
use crate::check::{self, Declared, Request};
use crate::model::{Address, Claim, Class, Fact, Key, Problem};
use crate::source::{Overlay, SourceFile};
use crate::terraform::config::Configuration;
use crate::terraform::config::syntax::tree::Expression;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Who can act.
const ACTORS: [Class; 4] = [Class::Principal, Class::Role, Class::Credential, Class::Trust];

const CONFIGURATION: [&str; 4] = [".tf", ".tofu", ".tf.json", ".tofu.json"];

/// What a kind of thing and its key are.
type Name = (&'static str, Key);

/// What is known of the live side.
pub(super) struct Live<'a> {
    pub(super) report: Option<&'a Saved>,
    /// Facts of the snapshots; asked for when something is deleted.
    pub(super) facts: &'a dyn Fn() -> Result<Vec<Fact>, Problem>,
}

/// One root module on both sides; `None` where it declares nothing that can be read.
struct Sides {
    before: Option<Declared>,
    after: Option<Declared>,
}

/// What is to be said of it.
///
/// # Errors
/// When git or a snapshot cannot be read.
pub(super) fn notices(
    staged: &Staged,
    dirs: &[PathBuf],
    exceptions: &Exceptions<'_>,
    live: &Live<'_>,
) -> Result<Vec<Notice>, Problem> {
    let named = |dir: &PathBuf| dir.canonicalize().unwrap_or_else(|_| dir.clone());
    let roots = if dirs.is_empty() { roots(staged) } else { dirs.iter().map(named).collect() };
    if roots.is_empty() {
        return Ok(Vec::new());
    }
    let [before, after] = overlays(staged)?;
    let mut facts = None;
    let mut notices = Vec::new();
    for root in &roots {
        let sides = Sides { before: evaluate(root, &before), after: evaluate(root, &after) };
        notices.extend(new_actors(staged, &sides, exceptions));
        let deleted = deleted(&sides);
        if deleted.is_empty() {
            continue;
        }
        let names = match &facts {
            Some(names) => names,
            None => facts.insert(names_of((live.facts)()?)),
        };
        notices.extend(still_live(staged, &sides, &deleted, live.report, names));
    }
    Ok(notices)
}

fn names_of(facts: Vec<Fact>) -> BTreeSet<Name> {
    facts.into_iter().map(|fact| (fact.kind.id, fact.key)).collect()
}

/// The directories whose configuration the change has to do with: those of its files of configuration and, for values and
/// data, the nearest one that holds configuration.
fn roots(staged: &Staged) -> BTreeSet<PathBuf> {
    let mut roots = BTreeSet::new();
    for file in &staged.files {
        for path in [Some(&file.path), file.old_path.as_ref()].into_iter().flatten() {
            let is_configuration = CONFIGURATION.iter().any(|ending| path.ends_with(ending));
            let mut dirs = Path::new(path).ancestors().skip(1);
            let dir = match is_configuration {
                true => dirs.next(),
                false => dirs.find(|dir| Configuration::is_in(&staged.root().join(dir))),
            };
            roots.extend(dir.map(|dir| staged.root().join(dir)));
        }
    }
    roots
}

/// The texts of both sides, where they are not those of the work tree. Directories are evaluated by their whole paths:
/// named so, a file has one name from whatever module it is reached.
fn overlays(staged: &Staged) -> Result<[Overlay; 2], Problem> {
    let name = |path: &str| staged.absolute(path).to_string_lossy().into_owned();
    let mut after: BTreeMap<String, Option<String>> = BTreeMap::new();
    for (path, text) in staged.index_of_unstaged()? {
        after.insert(name(&path), text);
    }
    let mut before = after.clone();
    let text = |side: &Option<SourceFile>| side.as_ref().map(|side| side.text().to_owned());
    for file in &staged.files {
        let old_path = file.old_path.as_ref().unwrap_or(&file.path);
        if *old_path != file.path {
            after.entry(name(old_path)).or_insert(None);
            before.entry(name(&file.path)).or_insert(None);
        }
        after.insert(name(&file.path), text(&file.new));
        before.insert(name(old_path), text(&file.old));
    }
    Ok([Overlay::new(before), Overlay::new(after)])
}

/// What cannot be evaluated declares nothing here: `check` and `terraform validate` say why.
fn evaluate(root: &Path, overlay: &Overlay) -> Option<Declared> {
    let request = Request {
        command: "hook".to_owned(),
        roots: vec![(root.to_owned(), None)],
        no_state: true,
        ..Request::default()
    };
    check::read_source_alone(&request, overlay).ok()
}

impl Sides {
    fn names(side: Option<&Declared>) -> BTreeSet<Name> {
        side.map(Declared::names).unwrap_or_default()
    }

    fn declares(side: Option<&Declared>, address: &Address) -> bool {
        let source = side.and_then(|side| side.configuration(0));
        source.is_some_and(|source| source.address_now(address).is_some())
    }
}

/// Lines of the change that declare somebody who was not declared before.
fn new_actors(staged: &Staged, sides: &Sides, exceptions: &Exceptions<'_>) -> Vec<Notice> {
    let Some(after) = &sides.after else { return Vec::new() };
    let before = Sides::names(sides.before.as_ref());
    let is_new =
        |claim: &&Claim| ACTORS.contains(&claim.kind.class) && !before.contains(&(claim.kind.id, claim.key.clone()));
    let mut notices = Vec::new();
    for claim in after.recorded.claims.iter().filter(is_new) {
        let Some((file, text, line)) = added_line(staged, after, claim) else { continue };
        if file.adds(line) && !exceptions.accept_at(text, line, &[PRIVILEGE.name]) {
            let said = format!("new {}: {}", claim.kind.class, claim.kind.describe(&claim.key));
            notices.push(privilege::notice_of(text, line, Level::Warning, said));
        }
    }
    notices
}

/// The first of the places that declare it which is on an added line.
fn added_line<'a>(
    staged: &'a Staged,
    declared: &Declared,
    claim: &Claim,
) -> Option<(&'a StagedFile, &'a SourceFile, usize)> {
    let located = declared.configuration(0)?.locate(&claim.by.address, &claim.at).ok()?;
    let own = (located.location.path, located.location.line);
    let places = std::iter::once(own).chain(located.related.into_iter().map(|place| (place.path, place.line)));
    places.into_iter().find_map(|(path, line)| {
        let path = staged.in_repository(&path)?;
        let file = staged.files.iter().find(|file| file.path == path && file.adds(line))?;
        Some((file, file.new.as_ref()?, line))
    })
}

/// Claims of blocks and instances that are declared before the change and not after it.
fn deleted(sides: &Sides) -> Vec<Claim> {
    let Some(before) = &sides.before else { return Vec::new() };
    let is_unreadable = |after: &Declared| after.gaps.iter().any(|gap| gap.code == "source_syntax");
    if sides.after.as_ref().is_some_and(is_unreadable) {
        return Vec::new();
    }
    let after = Sides::names(sides.after.as_ref());
    let is_gone = |claim: &&Claim| {
        !after.contains(&(claim.kind.id, claim.key.clone()))
            && !Sides::declares(sides.after.as_ref(), &claim.by.address)
    };
    before.recorded.claims.iter().filter(is_gone).cloned().collect()
}

fn still_live(
    staged: &Staged,
    sides: &Sides,
    deleted: &[Claim],
    report: Option<&Saved>,
    facts: &BTreeSet<Name>,
) -> Vec<Notice> {
    let removed = removed(staged);
    let mut told = BTreeSet::new();
    let mut notices = Vec::new();
    for claim in deleted {
        let address = claim.by.address.to_string();
        let in_report = report.is_some_and(|report| {
            report.drifted.iter().any(|one| one.address.as_ref() == Some(&address) && one.change != "missing")
        });
        let is_live = facts.contains(&(claim.kind.id, claim.key.clone())) || in_report;
        let is_told = removed.iter().any(|from| covers(from, &claim.by.address)) || !told.insert(address.clone());
        if is_live && !is_told {
            let located = sides
                .before
                .as_ref()
                .and_then(|before| before.configuration(0))
                .map(|source| source.locate(&claim.by.address, &claim.at));
            if let Some(Ok(located)) = located {
                let path = staged.in_repository(&located.location.path).unwrap_or(&located.location.path);
                notices.push(orphan(staged, claim, &address, path, located.location.line));
            }
        }
    }
    notices
}

/// Addresses in `removed` blocks of the change.
fn removed(staged: &Staged) -> Vec<String> {
    let mut removed = Vec::new();
    for text in staged.files.iter().filter_map(|file| file.new.as_ref()) {
        let body = super::blocks::body(text).unwrap_or_default();
        let from = body.blocks_of("removed").filter_map(|block| block.body.attribute("from"));
        removed.extend(from.map(|from| written(text, &from.value)));
    }
    removed
}

fn written(text: &SourceFile, expression: &Expression) -> String {
    text.slice(expression.span).trim_matches('"').to_owned()
}

/// Whether a `removed` block's address, which has no keys, is that of an instance or of a module around it.
fn covers(from: &str, address: &Address) -> bool {
    let mut without_keys = String::new();
    for name in address.module.names() {
        without_keys += &format!("module.{name}.");
        if without_keys.trim_end_matches('.') == from {
            return true;
        }
    }
    without_keys + &format!("{}.{}", address.resource_type, address.name) == from
}

fn orphan(staged: &Staged, claim: &Claim, address: &str, path: &str, line: usize) -> Notice {
    let file = staged.files.iter().find(|file| file.old_path.as_deref() == Some(path));
    let line_now = file.filter(|file| file.new.is_some()).and_then(|file| file.changed_old(&(line..line + 1)));
    let what = claim.kind.describe(&claim.key);
    let from = Address { key: None, ..claim.by.address.clone() };
    Notice {
        check: &DELETED,
        level: Level::Warning,
        path: staged.shown(path),
        line: line_now.or((file.is_none()).then_some(line)),
        message: format!("`{address}` is deleted here, and {what} is live: the next apply takes it away"),
        help: format!(
            "to keep it and no longer manage it: `removed {{ from = {from}, lifecycle {{ destroy = false }} }}`, each on a \
             line of its own; if the state does not hold it any more, take it away in the live system"
        ),
    }
}
