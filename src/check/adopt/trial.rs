//! Trying edits out: the source with them is evaluated, and each instance held against what it said before.

use super::candidates::{self, Candidate};
use super::wish::{Wish, alike, fulfilled};
use crate::model::{Address, Edit, Mode, Patch, Value};
use crate::report::plan;
use crate::source::{Overlay, Span};
use crate::terraform::config::Configuration;
use crate::terraform::edit;
use std::collections::BTreeMap;

/// The source that is edited.
pub type Source = Configuration;

/// How many edits are tried for one wish.
const MAX_TRIED: usize = 48;

/// How many instances a source may have for edits to be tried out on it: each trial evaluates all of them.
const MAX_INSTANCES: usize = 5_000;

/// Files as they are and as they are to be, by their shown paths.
type Texts = BTreeMap<String, (String, String)>;

/// What a trial showed.
struct Outcome {
    texts: Texts,
    others: Vec<Address>,
}

pub(super) fn find(source: &Source, address: &Address, wish: &Wish) -> Result<Patch, String> {
    let address = source.address_now(address).ok_or("the source does not declare it where it can be read")?;
    let before = values(source)?;
    let wishes: Vec<Wish> = match wish {
        Wish::All(wishes) => wishes.clone(),
        one => vec![one.clone()],
    };
    let mut texts = Texts::new();
    let mut others = Vec::new();
    for wish in &wishes {
        let now = edited(source, &texts)?;
        let outcome = fulfil(source, &now, &texts, &before, &address, wish)?;
        texts = outcome.texts;
        others = outcome.others;
    }
    Ok(Patch { edits: edits(&texts), also_changes: others, diff: diff(&texts) })
}

fn diff(texts: &Texts) -> String {
    let change = |(path, (before, after)): (&String, &(String, String))| {
        plan::diff(&plan::Change { path: path.clone(), before: Some(before.clone()), after: after.clone() })
    };
    texts.iter().filter(|(_, (before, after))| before != after).map(change).collect()
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

fn values(source: &Configuration) -> Result<BTreeMap<Address, Option<Value>>, String> {
    let known = source.instances(Mode::Managed, &|_| true).known;
    if known.len() > MAX_INSTANCES {
        return Err(format!("the source declares more than {MAX_INSTANCES} instances, which are not all tried"));
    }
    Ok(known
        .into_iter()
        .map(|address| {
            let value = source.declared_value(&address);
            (address, value)
        })
        .collect())
}

/// The best of the candidates: one that changes nothing else, else the first that does what is wished.
fn fulfil(
    source: &Source,
    now: &Configuration,
    texts: &Texts,
    before: &BTreeMap<Address, Option<Value>>,
    address: &Address,
    wish: &Wish,
) -> Result<Outcome, String> {
    let was = now.declared_value(address).ok_or("what it says is not known")?;
    let expected = match wish {
        Wish::Gone => None,
        wish => Some(fulfilled(&was, wish).ok_or("its argument is not known")?),
    };
    if expected.as_ref().is_some_and(|expected| alike(expected, &was)) {
        return Ok(Outcome { texts: texts.clone(), others: Vec::new() });
    }
    let mut shared: Option<Outcome> = None;
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
        let Ok(all) = values(&after) else { continue };
        let others = differing(before, &all, address);
        if others.is_empty() {
            return Ok(Outcome { texts, others });
        }
        if !candidate.alone && shared.as_ref().is_none_or(|best| others.len() < best.others.len()) {
            shared = Some(Outcome { texts, others });
        }
    }
    shared.ok_or_else(|| match tried {
        0 => "the value stands in no file that can be edited".to_owned(),
        _ => "the value is made by an expression, and no edit that was tried makes it what is live".to_owned(),
    })
}

fn differing(
    before: &BTreeMap<Address, Option<Value>>,
    after: &BTreeMap<Address, Option<Value>>,
    but: &Address,
) -> Vec<Address> {
    let all = before.keys().chain(after.keys().filter(|address| !before.contains_key(*address)));
    all.filter(|address| *address != but && before.get(*address) != after.get(*address)).cloned().collect()
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
