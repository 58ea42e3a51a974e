//! Trying edits out: the source with them is evaluated, and each instance held against what it said before.

use super::candidates::{self, Candidate};
use super::wish::{Wish, alike, fulfilled};
use crate::model::patch::Secrets;
use crate::model::{Address, AttrPath, Edit, Mode, Patch, Value};
use crate::report::plan;
use crate::source::{Overlay, Span};
use crate::terraform::config::Configuration;
use crate::terraform::edit;
use crate::terraform::value::{Mark, Marker};
use similar::{ChangeTag, TextDiff};
use std::collections::{BTreeMap, BTreeSet};

/// The source that is edited.
pub type Source = Configuration;

/// How many edits are tried for one wish.
const MAX_TRIED: usize = 48;

/// How many instances a source may have for edits to be tried out on it: each trial evaluates all of them.
const MAX_INSTANCES: usize = 5_000;

/// Files as they are and as they are to be, by their shown paths.
pub(super) type Texts = BTreeMap<String, (String, String)>;

/// What edits are tried out for.
#[derive(Clone, Copy)]
struct Asked<'a> {
    source: &'a Source,
    before: &'a Marks,
    marker: &'a Marker,
    address: &'a Address,
}

/// What a trial showed.
struct Outcome {
    texts: Texts,
    others: Vec<Address>,
}

pub(super) fn find(source: &Source, address: &Address, wish: &Wish) -> Result<Patch, String> {
    let address = source.address_now(address).ok_or("the source does not declare it where it can be read")?;
    let marker = Marker::default();
    let before = marks(source, &marker)?;
    let said = source.declared_value(&address).ok_or("what it says is not known")?;
    let mut texts = Texts::new();
    let mut others = Vec::new();
    for wish in &wish.single(&said) {
        let now = edited(source, &texts)?;
        let outcome =
            fulfil(&Asked { source, before: &before, marker: &marker, address: &address }, &now, &texts, wish)?;
        texts = outcome.texts;
        others = outcome.others;
    }
    if texts.values().all(|(before, after)| before == after) {
        return Err("the source says so already, by itself".to_owned());
    }
    Ok(patch(source, &texts, others))
}

fn patch(source: &Source, texts: &Texts, also_changes: Vec<Address>) -> Patch {
    let secrets = secrets(source, texts);
    Patch { edits: edits(texts), also_changes, diff: diff(texts, &secrets), secrets }
}

/// Edits that make the source declare one instance more.
pub(super) struct New<'a> {
    source: &'a Source,
    address: &'a Address,
    marker: Marker,
    before: Marks,
}

impl<'a> New<'a> {
    pub(super) fn of(source: &'a Source, address: &'a Address) -> Result<Self, String> {
        let marker = Marker::default();
        let before = marks(source, &marker)?;
        Ok(New { source, address, marker, before })
    }

    /// The texts with a candidate, when the source declares the instance then and nothing else says anything else.
    pub(super) fn tried(&self, candidate: &Candidate) -> Result<Texts, String> {
        let texts = laid(&Texts::new(), candidate).ok_or("it cannot be put in")?;
        let after = marks(&edited(self.source, &texts)?, &self.marker)?;
        let is_there = after.get(self.address).is_some_and(Option::is_some);
        let is_alone = differing(&self.before, &after, Some(self.address)).is_empty();
        (is_there && is_alone).then_some(texts).ok_or_else(|| "more than that changes".to_owned())
    }

    /// The source as it is with these texts.
    pub(super) fn source_with(&self, texts: &Texts) -> Result<Configuration, String> {
        edited(self.source, texts)
    }

    /// The texts that make the instance say this, too, and change nothing else.
    pub(super) fn also(&self, texts: &Texts, path: &AttrPath, value: Value) -> Result<Texts, String> {
        let now = edited(self.source, texts)?;
        let before = marks(&now, &self.marker)?;
        let asked = Asked { source: self.source, before: &before, marker: &self.marker, address: self.address };
        let outcome = fulfil(&asked, &now, texts, &Wish::Set(path.clone(), value))?;
        outcome.others.is_empty().then_some(outcome.texts).ok_or_else(|| "more than that changes".to_owned())
    }

    pub(super) fn patch(&self, texts: &Texts) -> Patch {
        patch(self.source, texts, Vec::new())
    }
}

/// The instances of another source that a patch changes, because it reads the same files.
pub(super) fn changed(source: &Source, patch: &Patch) -> Vec<Address> {
    let marker = Marker::default();
    let (Some(after), Ok(before)) = (patched(source, patch), marks(source, &marker)) else { return Vec::new() };
    marks(&after, &marker).map(|after| differing(&before, &after, None)).unwrap_or_default()
}

/// The source with a patch; `None` when it reads none of the files.
pub(super) fn patched(source: &Source, patch: &Patch) -> Option<Configuration> {
    let read = source.files_read();
    let of_patch = read.iter().filter(|file| patch.files().contains(&file.path()));
    let edited: BTreeMap<String, Option<String>> = of_patch
        .filter_map(|file| Some((file.path().to_owned(), Some(patch.applied(file.path(), file.text())?))))
        .collect();
    if edited.is_empty() {
        return None;
    }
    source.edited(&Overlay::new(edited)).ok().map(|(edited, _)| edited)
}

fn diff(texts: &Texts, secrets: &Secrets) -> Option<String> {
    let change = |(path, (before, after)): (&String, &(String, String))| {
        let lines = secrets.lines.get(path).cloned().unwrap_or_default();
        plan::diff(&plan::Change {
            path: path.clone(),
            before: Some(before.clone()),
            after: after.clone(),
            hidden: (!secrets.edited.contains(path)).then_some(lines),
        })
    };
    texts.iter().filter(|(_, (before, after))| before != after).map(change).collect()
}

/// What of the edited files is not shown: what names tell to be secret, and what sensitive variables are given.
fn secrets(source: &Source, texts: &Texts) -> Secrets {
    let mut secrets = Secrets::default();
    let places = source.secrets_written();
    for (path, (before, after)) in texts {
        let mut lines = edit::secret_lines(path, before);
        let of_file = places.iter().filter(|place| place.file.path() == path);
        lines.extend(of_file.flat_map(|place| place.file.lines_of(place.span)));
        if edits_any(before, after, &lines, &edit::secret_lines(path, after)) {
            secrets.edited.insert(path.clone());
        }
        secrets.lines.insert(path.clone(), lines);
    }
    secrets
}

/// Whether a line is taken away or put in that must not be shown.
fn edits_any(before: &str, after: &str, taken: &BTreeSet<usize>, put: &BTreeSet<usize>) -> bool {
    let diff = TextDiff::from_lines(before, after);
    diff.iter_all_changes().any(|change| match change.tag() {
        ChangeTag::Equal => false,
        ChangeTag::Delete => change.old_index().is_some_and(|index| taken.contains(&(index + 1))),
        ChangeTag::Insert => change.new_index().is_some_and(|index| put.contains(&(index + 1))),
    })
}

fn edited(source: &Source, texts: &Texts) -> Result<Configuration, String> {
    let overlay = texts.iter().map(|(path, (_, now))| (path.clone(), Some(now.clone()))).collect();
    let (configuration, gaps) =
        source.edited(&Overlay::new(overlay)).map_err(|_| "the source can no longer be read".to_owned())?;
    let broken = gaps.iter().any(|gap| matches!(gap.code.as_ref(), "source_syntax" | "variables_unreadable"));
    if broken && !texts.is_empty() {
        return Err("the source cannot be read wholly".to_owned());
    }
    Ok(configuration)
}

/// What tells of each instance whether it still says the same.
type Marks = BTreeMap<Address, Option<Mark>>;

fn marks(source: &Configuration, marker: &Marker) -> Result<Marks, String> {
    let known = source.instances(Mode::Managed, &|_| true).known;
    if known.len() > MAX_INSTANCES {
        return Err(format!("the source declares more than {MAX_INSTANCES} instances, which are not all tried"));
    }
    Ok(known
        .into_iter()
        .map(|address| {
            let mark = source.declared_mark(&address, marker);
            (address, mark)
        })
        .collect())
}

/// The best of the candidates: one that changes nothing else, else the first that does what is wished.
fn fulfil(asked: &Asked<'_>, now: &Configuration, texts: &Texts, wish: &Wish) -> Result<Outcome, String> {
    let Asked { source, before, marker, address } = *asked;
    let was = now.declared_value(address).ok_or("what it says is not known")?;
    let expected = match wish {
        Wish::Gone => None,
        wish => Some(fulfilled(&was, wish).ok_or("its argument is not known")?),
    };
    if expected.as_ref().is_some_and(|expected| alike(expected, &was)) {
        return Ok(Outcome { texts: texts.clone(), others: Vec::new() });
    }
    let (mut shared, mut broken): (Option<Outcome>, Option<String>) = (None, None);
    let mut tried = 0;
    for candidate in candidates::of(now, address, wish, &was) {
        if tried >= MAX_TRIED {
            break;
        }
        let Some(texts) = laid(texts, &candidate) else { continue };
        tried += 1;
        let Ok(after) = edited(source, &texts) else { continue };
        let is = after.address_now(address).and_then(|address| after.declared_value(&address));
        let fits = match (&expected, &is) {
            (None, None) => true,
            (Some(expected), Some(is)) => alike(expected, is),
            _ => false,
        };
        if !fits {
            continue;
        }
        let Ok(all) = marks(&after, marker) else { continue };
        let others = differing(before, &all, Some(address));
        if others.is_empty() {
            return Ok(Outcome { texts, others });
        }
        if let Some(other) = others.iter().find(|other| is_broken(now, &after, other)) {
            broken = Some(format!("`{other}` would refer to what is no longer there"));
            continue;
        }
        if !candidate.alone && shared.as_ref().is_none_or(|best| others.len() < best.others.len()) {
            shared = Some(Outcome { texts, others });
        }
    }
    shared.ok_or_else(|| match tried {
        _ if broken.is_some() => broken.unwrap_or_default(),
        0 => "nothing that stands in a file can be edited for it".to_owned(),
        _ => "the value is made by an expression, and no edit that was tried makes it what is live".to_owned(),
    })
}

/// Whether an instance that said all of what it says no longer does.
fn is_broken(before: &Configuration, after: &Configuration, address: &Address) -> bool {
    let is_known = |source: &Configuration| source.declared_value(address).is_some_and(|value| !value.has_unknown());
    after.declared_value(address).is_some() && is_known(before) && !is_known(after)
}

fn differing(before: &Marks, after: &Marks, but: Option<&Address>) -> Vec<Address> {
    let all = before.keys().chain(after.keys().filter(|address| !before.contains_key(*address)));
    all.filter(|address| Some(*address) != but && before.get(*address) != after.get(*address)).cloned().collect()
}

/// The texts with a candidate's splices.
fn laid(texts: &Texts, candidate: &Candidate) -> Option<Texts> {
    let mut texts = texts.clone();
    let path = candidate.file.path().to_owned();
    let now = edit::spliced(candidate.file.text(), &candidate.splices)?;
    let native = [".tf", ".tfvars", ".tofu"].iter().any(|ending| path.ends_with(ending));
    let now = if native { edit::aligned(candidate.file.text(), &now) } else { now };
    let before = texts.get(&path).map_or_else(|| candidate.file.text().to_owned(), |(before, _)| before.clone());
    texts.insert(path, (before, now));
    Some(texts)
}

/// The edits between the texts: whole lines that differ, but for what is alike at their ends.
fn edits(texts: &Texts) -> Vec<Edit> {
    let each = |(path, (before, now)): (&String, &(String, String))| {
        let mut found = Vec::new();
        hunks(before, now, 0, &mut found);
        found
            .into_iter()
            .map(|(span, new)| {
                let old = before.get(span.start..span.end).unwrap_or_default().to_owned();
                Edit { path: path.clone(), span, old, new }
            })
            .collect::<Vec<_>>()
    };
    texts.iter().flat_map(each).collect()
}

/// Splits two texts at the longest run of lines that both have, until one side or both are without any.
fn hunks(before: &str, now: &str, at: usize, found: &mut Vec<(Span, String)>) {
    if before == now {
        return;
    }
    let head: usize = before
        .split_inclusive('\n')
        .zip(now.split_inclusive('\n'))
        .take_while(|(a, b)| a == b)
        .map(|(a, _)| a.len())
        .sum();
    let (before, now, at) = (&before[head..], &now[head..], at + head);
    let tail: usize = before
        .split_inclusive('\n')
        .rev()
        .zip(now.split_inclusive('\n').rev())
        .take_while(|(a, b)| a == b)
        .map(|(a, _)| a.len())
        .sum();
    let (before, now) = (&before[..before.len() - tail], &now[..now.len() - tail]);
    match common_line(before, now) {
        Some((a, b, length)) => {
            hunks(&before[..a], &now[..b], at, found);
            hunks(&before[a + length..], &now[b + length..], at + a + length, found);
        }
        None => found.push(trimmed(before, now, at)),
    }
}

/// A line that both texts have once: where it begins in each, and its length.
fn common_line(before: &str, now: &str) -> Option<(usize, usize, usize)> {
    let mut at = 0;
    for line in before.split_inclusive('\n') {
        let once = before.matches(line).count() == 1 && now.matches(line).count() == 1;
        if once
            && line.ends_with('\n')
            && let Some(found) = now.find(line)
            && (found == 0 || now[..found].ends_with('\n'))
        {
            return Some((at, found, line.len()));
        }
        at += line.len();
    }
    None
}

/// Without the bytes that are alike at both ends.
fn trimmed(before: &str, now: &str, at: usize) -> (Span, String) {
    let head: usize = before.chars().zip(now.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
    let (rest, new) = (&before[head..], &now[head..]);
    let tail: usize =
        rest.chars().rev().zip(new.chars().rev()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
    (Span::new(at + head, at + before.len() - tail), new[..new.len() - tail].to_owned())
}
