//! Everything that a configuration declares: each resource block in each instance of its module, and what it says.

use super::resolve::{Expansion, Inside, Repetition, View, word};
use super::{Configuration, body, trace};
use crate::model::{InstanceKey, Location, Mode, ModulePath, Precision};
use crate::terraform::value::{Cause, Data, Val, Why};
use std::sync::Arc;

/// A resource block as one instance of its module has it.
pub struct Declaration<'c> {
    inside: Inside<'c>,
    declared: &'c super::module::Declared,
    expansion: Expansion,
    /// How many instances are gone through.
    most: usize,
    /// Where the module instance stands; a step whose key is not known has none.
    pub module: ModulePath,
    pub resource_type: String,
    pub name: String,
    /// The block's header.
    pub location: Location,
    /// Why it is not known how many instances of the module there are.
    pub module_unknown: Option<Arc<Why>>,
}

/// An argument of an instance, or all nested blocks of one type.
pub struct Said {
    pub name: String,
    pub value: Val,
}

/// The declarations of a configuration, module instance by module instance.
pub struct Declarations<'c> {
    view: View<'c>,
    modules: Vec<(Inside<'c>, Option<Arc<Why>>)>,
    blocks: Vec<Declaration<'c>>,
    /// How many module instances may still be gone into.
    left: usize,
}

impl Configuration {
    /// All managed resources that it declares. Where it is not known which instances of a module there are, each block
    /// of the module comes once, with the reason.
    pub fn declarations(&self) -> Declarations<'_> {
        let view = self.view();
        let modules = view.root().map(|root| (root, None)).into_iter().collect();
        Declarations { view, modules, blocks: Vec::new(), left: view.limits().listed }
    }
}

impl<'c> Iterator for Declarations<'c> {
    type Item = Declaration<'c>;

    fn next(&mut self) -> Option<Declaration<'c>> {
        loop {
            if let Some(block) = self.blocks.pop() {
                return Some(block);
            }
            let (inside, unknown) = self.modules.pop()?;
            self.go_into(inside, unknown);
        }
    }
}

impl<'c> Declarations<'c> {
    fn go_into(&mut self, inside: Inside<'c>, unknown: Option<Arc<Why>>) {
        let module = inside.reached().module;
        self.blocks.extend(module.all(word(Mode::Managed)).filter_map(|declared| {
            let (file, block) = declared.view().base()?;
            self.view.renew();
            Some(Declaration {
                inside,
                declared,
                expansion: inside.expansion_of(declared, Mode::Managed),
                most: self.view.limits().listed,
                module: inside.path(),
                resource_type: declared.label(0)?.to_owned(),
                name: declared.label(1)?.to_owned(),
                location: Location::of(file, block.header, Precision::Block),
                module_unknown: unknown.clone(),
            })
        }));
        self.blocks.reverse();
        let calls: Vec<&str> = module.all("module").filter_map(|call| call.label(0)).collect();
        for name in calls.into_iter().rev() {
            self.view.renew();
            let Some(expansion) = inside.call_expansion(name) else { continue };
            let keys = expansion.keys().filter(|keys| keys.len() <= self.left);
            let why = match (&expansion, &keys) {
                (Expansion::Unknown(why), _) => Some(why.clone()),
                (_, None) => Some(Arc::new(too_many(self.view.limits().listed))),
                _ => unknown.clone(),
            };
            let children: Vec<Inside<'c>> = match keys {
                Some(keys) => keys.iter().filter_map(|key| inside.child(name, key.as_ref())).collect(),
                None => inside.child_of_any(name).into_iter().collect(),
            };
            self.left = self.left.saturating_sub(children.len());
            self.modules.extend(children.into_iter().rev().map(|child| (child, why.clone())));
        }
    }
}

impl Declaration<'_> {
    /// The keys of its instances; `Err` says why they are not known.
    pub fn keys(&self) -> Result<Vec<Option<InstanceKey>>, Arc<Why>> {
        match (&self.expansion, self.expansion.keys()) {
            (Expansion::Unknown(why), _) => Err(why.clone()),
            (_, Some(keys)) if keys.len() <= self.most => Ok(keys),
            _ => Err(Arc::new(too_many(self.most))),
        }
    }

    /// What the block says of the instance with this key.
    pub fn instance(&self, key: Option<&InstanceKey>) -> Vec<Said> {
        self.expansion.repetition(key).map_or_else(Vec::new, |repetition| self.said(repetition))
    }

    /// What the block says of every instance: what depends on its key is not known.
    pub fn any_instance(&self) -> Vec<Said> {
        self.said(self.expansion.of_any())
    }

    fn said(&self, repetition: Repetition) -> Vec<Said> {
        self.inside.renew();
        let value = body::of_resource(&self.declared.view(), &self.inside.seen(repetition));
        let entries = value.entries().unwrap_or_default();
        entries.into_iter().map(|(name, entry)| Said { name: name.to_string(), value: entry.value }).collect()
    }
}

/// How exactly it is known where a value was written, the least exact part of it; `None` when nobody knows of some part.
pub fn precision(value: &Val) -> Option<Precision> {
    match &value.data {
        Data::List(..) | Data::Set(..) | Data::Tuple(_) | Data::Map(..) | Data::Object(_) if value.len() != Some(0) => {
            let inner: Vec<Val> = match value.entries() {
                Some(entries) => entries.into_iter().map(|(_, entry)| entry.value).collect(),
                None => value.elements().unwrap_or_default(),
            };
            let parts = inner.iter().map(precision).collect::<Option<Vec<_>>>()?;
            parts.into_iter().max_by_key(|precision| *precision as u8)
        }
        _ => trace::traced(&value.origin, false).map(|traced| traced.location.precision),
    }
}

pub(super) fn too_many(listed: usize) -> Why {
    Why::new(Cause::Limit, format!("more than {listed} instances are not gone through"))
}
