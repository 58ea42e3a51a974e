//! One module directory: its blocks by name, with override files laid over them.
//!
//! Rules: "Override Files" of Terraform; `configs.mergeBody` of Terraform 1.11.

use super::files::Directory;
use super::moved::{self, Statement};
use super::syntax::{Attribute, Block};
use crate::source::SourceFile;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::OnceLock;

/// A directory's configuration.
#[derive(Debug)]
pub(super) struct Module {
    pub(super) dir: PathBuf,
    /// The directory as shown to people; empty for the one driftline runs in.
    pub(super) shown: String,
    /// How many of its blocks and files could not be read.
    pub(super) unread: usize,
    blocks: BTreeMap<Name, Vec<Declared>>,
    /// Of all `locals` blocks: each name once, as the last file says it.
    locals: BTreeMap<String, (SourceFile, Attribute)>,
    /// Read when they are first asked for: every instance asks.
    moved: OnceLock<Vec<Statement>>,
}

/// What blocks are known by: type and labels; for `provider` blocks the alias counts as a label.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Name {
    kind: String,
    labels: Vec<String>,
}

/// A block with those of override files that change it, in the order in which they apply.
#[derive(Debug)]
pub(super) struct Declared {
    layers: Vec<(SourceFile, Block)>,
}

/// A view of a block, or of a block inside of one: the first is where it stands, later ones go before earlier ones.
#[derive(Debug, Clone, Default)]
pub(super) struct Layers<'a>(Vec<(&'a SourceFile, &'a Block)>);

impl Module {
    pub(super) fn new(dir: PathBuf, shown: String, directory: Directory) -> Self {
        let mut module = Module {
            dir,
            shown,
            unread: directory.unread,
            blocks: BTreeMap::new(),
            locals: BTreeMap::new(),
            moved: OnceLock::new(),
        };
        for file in directory.files {
            for mut block in file.body.blocks {
                if block.kind.text == "locals" {
                    let own = block.body.attributes.into_iter();
                    module.locals.extend(own.map(|local| (local.name.text.clone(), (file.file.clone(), local))));
                    continue;
                }
                if block.kind.text == "check" {
                    // A data source inside of a check has an address of its own, like any other.
                    let (scoped, rest) =
                        std::mem::take(&mut block.body.blocks).into_iter().partition(|inner| inner.kind.text == "data");
                    block.body.blocks = rest;
                    let scoped: Vec<Block> = scoped;
                    scoped.into_iter().for_each(|data| module.add(&file.file, data, file.is_override));
                }
                module.add(&file.file, block, file.is_override);
            }
        }
        module
    }

    /// The local of this name, with the file it stands in.
    pub(super) fn local(&self, name: &str) -> Option<(&SourceFile, &Attribute)> {
        self.locals.get(name).map(|(file, attribute)| (file, attribute))
    }

    /// The files that say anything, once for each block and local in them.
    pub(super) fn files(&self) -> impl Iterator<Item = SourceFile> {
        let of_blocks = self.blocks.values().flatten().flat_map(|declared| &declared.layers).map(|(file, _)| file);
        of_blocks.chain(self.locals.values().map(|(file, _)| file)).cloned()
    }

    /// What its `moved` blocks say.
    pub(super) fn moved(&self) -> &[Statement] {
        self.moved.get_or_init(|| moved::statements(self))
    }

    fn add(&mut self, file: &SourceFile, block: Block, is_override: bool) {
        let mut labels: Vec<String> = block.labels.iter().map(|label| label.text.clone()).collect();
        if block.kind.text == "provider" {
            let alias = block.body.attribute("alias").and_then(|alias| alias.value.literal_text());
            labels.extend(alias.map(|alias| alias.into_owned()));
        }
        let changes_another = is_override && !labels.is_empty();
        let declared = self.blocks.entry(Name { kind: block.kind.text.clone(), labels }).or_default();
        match declared.first_mut() {
            Some(first) if changes_another => first.layers.push((file.clone(), block)),
            _ => declared.push(Declared { layers: vec![(file.clone(), block)] }),
        }
    }

    /// The blocks of this type with these labels: more than one is a mistake that Terraform refuses.
    pub(super) fn named(&self, kind: &str, labels: &[&str]) -> &[Declared] {
        let labels = labels.iter().map(|label| (*label).to_owned()).collect();
        self.blocks.get(&Name { kind: kind.to_owned(), labels }).map_or(&[], Vec::as_slice)
    }

    /// All blocks of a type, by their labels, then in the order of the files.
    pub(super) fn all<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Declared> {
        let from = Name { kind: kind.to_owned(), labels: Vec::new() };
        self.blocks.range(from..).take_while(move |(name, _)| name.kind == kind).flat_map(|(_, declared)| declared)
    }
}

impl Declared {
    pub(super) fn view(&self) -> Layers<'_> {
        Layers(self.layers.iter().map(|(file, block)| (file, block)).collect())
    }

    pub(super) fn label(&self, index: usize) -> Option<&str> {
        self.layers.first().and_then(|(_, block)| block.label(index))
    }
}

impl<'a> Layers<'a> {
    /// A block by itself.
    pub(super) fn of(file: &'a SourceFile, block: &'a Block) -> Self {
        Layers(vec![(file, block)])
    }

    /// Another block goes before this one.
    pub(super) fn lay_over(&mut self, over: Layers<'a>) {
        self.0.extend(over.0);
    }

    /// The block without what override files change in it.
    pub(super) fn base(&self) -> Option<(&'a SourceFile, &'a Block)> {
        self.0.first().copied()
    }

    /// The argument that counts, with the file it stands in.
    pub(super) fn attribute(&self, name: &str) -> Option<(&'a SourceFile, &'a Attribute)> {
        self.0.iter().rev().find_map(|(file, block)| block.body.attribute(name).map(|attribute| (*file, attribute)))
    }

    /// The nested blocks that make blocks of this type: those of the last file that has any, for they replace all
    /// others; `lifecycle` blocks are laid over each other instead.
    pub(super) fn nested(&self, kind: &str) -> Vec<Layers<'a>> {
        let of_kind = |(file, block): &(&'a SourceFile, &'a Block)| -> Vec<(&'a SourceFile, &'a Block)> {
            let (file, block) = (*file, *block);
            block.body.blocks.iter().filter(|inner| inner.makes() == kind).map(|inner| (file, inner)).collect()
        };
        if kind == "lifecycle" {
            let all: Vec<_> = self.0.iter().flat_map(of_kind).collect();
            return if all.is_empty() { Vec::new() } else { vec![Layers(all)] };
        }
        let last = self.0.iter().rev().map(of_kind).find(|blocks| !blocks.is_empty());
        last.unwrap_or_default().into_iter().map(|block| Layers(vec![block])).collect()
    }

    /// Names of all arguments that are not written as `null`, and of the types of all nested blocks; each with whether
    /// it is surely set.
    pub(super) fn names(&self) -> BTreeMap<String, bool> {
        let mut names = BTreeMap::new();
        for (_, block) in &self.0 {
            for inner in &block.body.blocks {
                *names.entry(inner.makes().to_owned()).or_default() |= inner.kind.text != "dynamic";
            }
            for attribute in &block.body.attributes {
                if attribute.value.is_null() {
                    names.remove(&attribute.name.text);
                } else {
                    names.insert(attribute.name.text.clone(), attribute.value.is_never_null());
                }
            }
        }
        names
    }

    /// Names of arguments, each once.
    pub(super) fn attribute_names(&self) -> BTreeSet<&'a str> {
        self.0.iter().flat_map(|(_, block)| &block.body.attributes).map(|a| a.name.text.as_str()).collect()
    }

    /// Types of the nested blocks, each once.
    pub(super) fn nested_kinds(&self) -> BTreeSet<&'a str> {
        self.0.iter().flat_map(|(_, block)| &block.body.blocks).map(Block::makes).collect()
    }
}
