//! Edits that might make a wish come true, the likeliest first. Whether one does is for a trial to show.

use super::documents;
use super::wish::{Wish, value_at};
use crate::model::{Address, AttrPath, InstanceKey, Step, Value};
use crate::source::SourceFile;
use crate::terraform::config::{Configuration, Written};
use crate::terraform::edit::{self, Kind, Language, Node, Splice};
use std::ops::Range;

/// Edits of one file.
pub(super) struct Candidate {
    pub(super) file: SourceFile,
    pub(super) splices: Vec<Splice>,
    /// Not to be offered where others would change along.
    pub(super) alone: bool,
}

impl Candidate {
    fn alone(self) -> Self {
        Candidate { alone: true, ..self }
    }
}

/// A place with what stands around it.
pub(super) struct Spot {
    pub(super) file: SourceFile,
    pub(super) range: Range<usize>,
    tree: Option<Node>,
}

impl Spot {
    pub(super) fn of(written: Written) -> Self {
        let tree = Node::of_file(written.file.path(), written.file.text());
        Spot { range: written.span.start..written.span.end, tree, file: written.file }
    }

    /// The nodes around it, the innermost last.
    pub(super) fn around(&self) -> Vec<&Node> {
        self.tree.as_ref().map(|tree| tree.around(&self.range)).unwrap_or_default()
    }

    fn node(&self) -> Option<&Node> {
        self.around().into_iter().next_back().filter(|node| node.range == self.range)
    }

    fn text(&self) -> &str {
        self.file.text().get(self.range.clone()).unwrap_or_default()
    }

    pub(super) fn edit(&self, splices: Option<Vec<Splice>>) -> Option<Candidate> {
        Some(Candidate { file: self.file.clone(), splices: splices?, alone: false })
    }

    /// Ways to write a value in its place.
    pub(super) fn spelled(&self, value: &Value) -> Vec<Candidate> {
        let language = match self.node() {
            Some(node) => node.language,
            None => self.around().last().map_or(Language::Plain, |node| node.language),
        };
        let mut ways = edit::spellings(language, self.text(), value);
        if self.node().is_none() {
            ways.extend(edit::spellings(Language::Plain, self.text(), value));
            if self.text().starts_with('"') {
                ways.extend(edit::spellings(Language::Json, self.text(), value));
            }
        }
        ways.dedup();
        let each = ways.into_iter().filter_map(|new| self.edit(Some(vec![Splice::new(self.range.clone(), new)])));
        each.collect()
    }
}

fn spots(source: &Configuration, address: &Address, path: &AttrPath) -> Vec<Spot> {
    source.written(address, path).into_iter().map(Spot::of).collect()
}

pub(super) fn of(source: &Configuration, address: &Address, wish: &Wish, was: &Value) -> Vec<Candidate> {
    match wish {
        Wish::Set(path, value) if value.is_null() => unset(source, address, path),
        Wish::Set(path, value) => set(source, address, path, value, was),
        Wish::Add(path, item) => add(source, address, path, item, was),
        Wish::Drop(path, item) => drop(source, address, path, item),
        Wish::Gone => gone(source, address),
        Wish::Document(path, live) => documents::candidates(source, address, path, live),
        Wish::Elements(..) | Wish::All(_) => Vec::new(),
    }
}

fn set(source: &Configuration, address: &Address, path: &AttrPath, value: &Value, was: &Value) -> Vec<Candidate> {
    let there = spots(source, address, path);
    if value_at(was, &path.0).is_none_or(Value::is_null) {
        return absent(source, address, path, value, &there);
    }
    let mut found: Vec<Candidate> = there.first().map(|spot| spot.spelled(value)).unwrap_or_default();
    found.extend(own_entry(source, address, path, value, &there).into_iter().map(Candidate::alone));
    // The definitions on the way: a literal in place of what refers to the value.
    for spot in there.iter().skip(1) {
        found.extend(definition(spot, value).into_iter().map(Candidate::alone));
        found.extend(spot.spelled(value).into_iter().map(Candidate::alone));
    }
    found
}

/// A definition, `name = expression`, with the value in place of the expression.
fn definition(spot: &Spot, value: &Value) -> Vec<Candidate> {
    let Some(tree) = &spot.tree else { return Vec::new() };
    let around = tree.around(&spot.range);
    let entry = around.iter().rev().flat_map(|node| node.entries()).find(|entry| entry.range() == spot.range);
    let Some(entry) = entry else { return Vec::new() };
    let written = edit::whole(entry.value.language, value);
    let splice = written.map(|new| vec![Splice::new(entry.value.range.clone(), new)]);
    spot.edit(splice).into_iter().collect()
}

/// The instance's own entry, with the value under a key of its own: as the attribute or as what holds the value is named.
fn own_entry(
    source: &Configuration,
    address: &Address,
    path: &AttrPath,
    value: &Value,
    there: &[Spot],
) -> Vec<Candidate> {
    let mut names: Vec<String> = Vec::new();
    for spot in there.iter().take(1) {
        for node in spot.around().into_iter().rev() {
            let holding = node
                .entries()
                .iter()
                .find(|entry| entry.range().start <= spot.range.start && spot.range.end <= entry.range().end);
            names.extend(holding.map(|entry| entry.name.clone()));
        }
    }
    names.truncate(2);
    names.extend(path.0.iter().rev().filter_map(|step| match step {
        Step::Attr(name) | Step::Key(name) => Some(name.clone()),
        _ => None,
    }));
    names.dedup();
    let mut found = Vec::new();
    for spot in source.key_written(address).into_iter().map(Spot::of) {
        for node in spot.around().into_iter().rev() {
            let entry = node.entries().iter().find(|entry| entry.key == spot.range);
            let object = match entry {
                Some(entry) => &entry.value,
                None if node.entries().iter().any(|entry| entry.value.range == spot.range) => node,
                None => continue,
            };
            for name in &names {
                found.extend(entry_of(&spot, object, name, value));
            }
        }
    }
    found
}

/// An entry of an object set to a value, whether it is there or not.
fn entry_of(spot: &Spot, object: &Node, name: &str, value: &Value) -> Option<Candidate> {
    let text = spot.file.text();
    let written = edit::whole(object.language, value)?;
    match object.entries().iter().rev().find(|entry| entry.name == name) {
        Some(entry) => spot.edit(Some(vec![Splice::new(entry.value.range.clone(), written)])),
        None if matches!(object.kind, Kind::Object(_)) => spot.edit(edit::insert_entry(text, object, name, &written)),
        None => None,
    }
}

/// Nothing is said there yet.
fn absent(source: &Configuration, address: &Address, path: &AttrPath, value: &Value, there: &[Spot]) -> Vec<Candidate> {
    let mut found = Vec::new();
    let Some((last, around)) = path.0.split_last() else { return found };
    let (Step::Attr(name) | Step::Key(name)) = last else { return found };
    for spot in spots(source, address, &AttrPath(around.to_vec())).iter().chain(there) {
        if let Some(node) = spot.node().filter(|node| matches!(node.kind, Kind::Object(_))) {
            found.extend(entry_of(spot, node, name, value));
        }
    }
    let nested = match around {
        [] => Some((name, value.clone())),
        [Step::Attr(attribute)] => Some((attribute, Value::Map([(name.clone(), value.clone())].into_iter().collect()))),
        _ => None,
    };
    found.extend(own_entry(source, address, path, value, &[]).into_iter().map(Candidate::alone));
    if let Some((attribute, value)) = nested {
        found.extend(attribute_of(source, address, attribute, &value).map(Candidate::alone));
    }
    found
}

/// An attribute that the block does not set.
fn attribute_of(source: &Configuration, address: &Address, name: &str, value: &Value) -> Option<Candidate> {
    let spot = Spot::of(source.block_written(address)?);
    let body = spot.node()?;
    let written = edit::whole(body.language, value)?;
    match body.entries().iter().find(|entry| entry.name == name) {
        Some(entry) => spot.edit(Some(vec![Splice::new(entry.value.range.clone(), written)])),
        None => spot.edit(edit::insert_attribute(spot.file.text(), body, name, &written)),
    }
}

/// What is said there taken away: the attribute, or the entry that it comes from.
fn unset(source: &Configuration, address: &Address, path: &AttrPath) -> Vec<Candidate> {
    let there = spots(source, address, path);
    there.iter().flat_map(|spot| taken(spot, 2)).collect()
}

/// The item that holds a spot taken away, and those around it, the innermost first.
pub(super) fn taken(spot: &Spot, levels: usize) -> Vec<Candidate> {
    let mut found = Vec::new();
    for node in spot.around().into_iter().rev() {
        let holding = node.items().iter().position(|item| item.start <= spot.range.start && spot.range.end <= item.end);
        if let Some(index) = holding {
            // What is farther out holds other things, too.
            let further = !found.is_empty();
            let removed = spot.edit(edit::remove(spot.file.text(), node, index));
            found.extend(removed.map(|removed| Candidate { alone: further, ..removed }));
        }
        if found.len() >= levels {
            break;
        }
    }
    found
}

fn element(path: &AttrPath, item: &Value) -> Option<AttrPath> {
    Some(path.clone().then(Step::Element(item.as_str()?.to_owned())))
}

fn drop(source: &Configuration, address: &Address, path: &AttrPath, item: &Value) -> Vec<Candidate> {
    let Some(path) = element(path, item) else { return Vec::new() };
    let there = spots(source, address, &path);
    let mut found: Vec<Candidate> = there.iter().take(2).flat_map(|spot| taken(spot, 3)).collect();
    // A list may stand inside of what names the member.
    for spot in there.iter().take(1) {
        for node in spot.around().into_iter().rev() {
            let entry = node.entries().iter().find(|entry| entry.key == spot.range);
            if let Some(entry) = entry {
                found.extend(
                    inner_items(&entry.value)
                        .into_iter()
                        .filter_map(|(list, index)| spot.edit(edit::remove(spot.file.text(), list, index))),
                );
            }
        }
    }
    found
}

/// Every element of every list inside of a node.
fn inner_items(node: &Node) -> Vec<(&Node, usize)> {
    let mut found = Vec::new();
    if let Kind::List(items) = &node.kind {
        found.extend((0..items.len()).map(|index| (node, index)));
    }
    found.extend(node.children().into_iter().flat_map(inner_items));
    found
}

fn add(source: &Configuration, address: &Address, path: &AttrPath, item: &Value, was: &Value) -> Vec<Candidate> {
    let there = spots(source, address, path);
    let mut found: Vec<Candidate> = there.iter().flat_map(|spot| listed(spot, item)).collect();
    let siblings = value_at(was, &path.0).map(Value::items).unwrap_or_default();
    for sibling in siblings.iter().rev().take(3) {
        let Some(path) = element(path, sibling) else { continue };
        for spot in spots(source, address, &path).iter().take(1) {
            found.extend(beside(spot, item));
        }
    }
    if let [Step::Attr(name)] = path.0.as_slice()
        && value_at(was, &path.0).is_none_or(|list| list.items().is_empty())
    {
        found.extend(attribute_of(source, address, name, &Value::List(vec![item.clone()])).map(Candidate::alone));
    }
    found
}

/// One more element of the list that stands there, or in what stands there.
fn listed(spot: &Spot, item: &Value) -> Vec<Candidate> {
    let Some(node) = spot.around().into_iter().next_back() else { return Vec::new() };
    let inside = |list: &Node| spot.range.start <= list.range.start && list.range.end <= spot.range.end;
    let lists = lists_in(node).into_iter().filter(|list| inside(list)).take(4);
    lists
        .flat_map(|list| {
            let old = list.items().last().and_then(|range| spot.file.text().get(range.clone())).unwrap_or_default();
            let ways = edit::spellings(list.language, old, item);
            let each =
                ways.into_iter().filter_map(|new| spot.edit(edit::insert_after(spot.file.text(), list, None, &new)));
            each.collect::<Vec<_>>()
        })
        .collect()
}

fn lists_in(node: &Node) -> Vec<&Node> {
    let mut found = Vec::new();
    if matches!(node.kind, Kind::List(_)) {
        found.push(node);
    }
    found.extend(node.children().into_iter().flat_map(lists_in));
    // Attributes of a block that an entry is the whole of are in its children already.
    found
}

/// What holds a sibling once more, with the new one in its place: the element itself, the object or row around it, …
fn beside(spot: &Spot, item: &Value) -> Vec<Candidate> {
    let mut found = Vec::new();
    let language = spot.around().last().map_or(Language::Plain, |node| node.language);
    let text = spot.file.text();
    for node in spot.around().into_iter().rev() {
        let items = node.items();
        let holding = items.iter().position(|item| item.start <= spot.range.start && spot.range.end <= item.end);
        let Some(range) = holding.and_then(|index| items.get(index)) else { continue };
        if matches!(node.kind, Kind::Body { .. }) {
            break;
        }
        let as_key = node.entries().iter().any(|entry| entry.key == spot.range);
        let as_key = as_key.then(|| edit::key_like(language, spot.text(), item)).flatten();
        for new in as_key.into_iter().chain(edit::spellings(language, spot.text(), item)) {
            let inner = spot.range.start - range.start..spot.range.end - range.start;
            let Some(mut copy) = text.get(range.clone()).map(str::to_owned) else { continue };
            copy.replace_range(inner, &new);
            found.extend(spot.edit(edit::insert_after(text, node, holding, &copy)));
        }
    }
    found
}

/// The entry that makes the instance taken away, or its whole block.
fn gone(source: &Configuration, address: &Address) -> Vec<Candidate> {
    let mut found = Vec::new();
    for spot in source.key_written(address).into_iter().map(Spot::of) {
        found.extend(taken(&spot, 3));
    }
    let alone = !matches!(address.key, Some(InstanceKey::Int(_) | InstanceKey::Str(_)));
    if alone && let Some(spot) = source.block_written(address).map(Spot::of) {
        let splice = edit::remove_block(spot.file.text(), &spot.range);
        let candidate = spot.edit(Some(vec![splice]));
        found.extend(candidate.filter(|candidate| !is_named_elsewhere(source, address, candidate)));
    }
    found
}

/// Whether anything in the module would still name the block: an output, a local, `depends_on`.
fn is_named_elsewhere(source: &Configuration, address: &Address, without: &Candidate) -> bool {
    let name = format!("{}.{}", address.resource_type, address.name);
    let is_name = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    let names_it = |text: &str| {
        text.match_indices(&name).any(|(at, _)| {
            let ends = !text[at + name.len()..].starts_with(is_name);
            ends && !text[..at].ends_with(|c: char| is_name(c) || c == '.')
        })
    };
    let of_module = |path: &str| path.rsplit_once('/').map(|(dir, _)| dir.to_owned());
    let dir = of_module(without.file.path());
    source.files_read().iter().filter(|file| of_module(file.path()) == dir).any(|file| {
        match file.path() == without.file.path() {
            true => edit::spliced(file.text(), &without.splices).is_some_and(|text| names_it(&text)),
            false => names_it(file.text()),
        }
    })
}
