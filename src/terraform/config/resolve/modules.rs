//! Module calls: instances, and their outputs.

use super::super::calls::Callee;
use super::{BlockName, Expansion, Inside, ModuleInstance, Repetition, Symbol, View};
use crate::model::address::ModuleStep;
use crate::model::{InstanceKey, ModulePath};
use crate::terraform::evaluate::{Fault, Stepped};
use crate::terraform::value::origin::EndKind;
use crate::terraform::value::{Cause, Data, Entries, Entry, Origin, Place, Type, Val, Why};

impl<'c> View<'c> {
    /// The module instance of this path; `None` when the configuration makes no such instance, or its module is not
    /// at hand.
    pub(in super::super) fn module(self, path: &ModulePath) -> Option<Inside<'c>> {
        path.0.iter().try_fold(self.root()?, |inside, step| inside.child(&step.name, step.key.as_ref()))
    }
}

impl<'c> Inside<'c> {
    pub(super) fn parent(self) -> Option<Inside<'c>> {
        let module = self.own().parent?;
        let node = self.view.resolver.memory.borrow().modules.get(module)?.node;
        Some(Inside { view: self.view, module, reached: self.view.calls.reached(node)? })
    }

    /// The instances that a module call makes; `None` when there is no such call.
    pub(in super::super) fn call_expansion(self, name: &str) -> Option<Expansion> {
        let [call] = self.reached.module.named("module", &[name]) else { return None };
        Some(self.expansion(call, BlockName::Call(name.to_owned())))
    }

    /// One instance of a called module.
    pub(in super::super) fn child(self, name: &str, key: Option<&InstanceKey>) -> Option<Inside<'c>> {
        let repetition = self.call_expansion(name)?.repetition(key)?;
        self.made_child(name, key, repetition)
    }

    /// An instance of a called module when nobody knows which there are; its step has no key.
    pub(in super::super) fn child_of_any(self, name: &str) -> Option<Inside<'c>> {
        let repetition = self.call_expansion(name)?.of_any();
        self.made_child(name, None, repetition)
    }

    fn made_child(self, name: &str, key: Option<&InstanceKey>, repetition: Repetition) -> Option<Inside<'c>> {
        let Callee::Module(node) = self.view.calls.callee(self.reached, name)? else { return None };
        let reached = self.view.calls.reached(node)?;
        let mut path = self.path();
        path.0.push(ModuleStep { name: name.to_owned(), key: key.cloned() });
        let parent = Some(self.module);
        let module = self.view.instance(path.clone(), || ModuleInstance { node, path, parent, repetition });
        Some(Inside { view: self.view, module, reached })
    }

    /// `module.name` with the steps after it that belong to it.
    pub(super) fn module_call(self, name: &str, steps: &[Stepped], at: &Place) -> Result<(Val, usize), Fault> {
        let not_at_hand = |text: String| Val::unknown(Type::Dynamic, Why::new(Cause::Module, text).at(at.clone()));
        let Some(expansion) = self.call_expansion(name) else {
            return Ok((not_at_hand(format!("no block calls the module `{name}`")), 0));
        };
        if !matches!(self.view.calls.callee(self.reached, name), Some(Callee::Module(_))) {
            return Ok((not_at_hand(format!("the source of the module `{name}` is not at hand")), 0));
        }
        let unknown = |why| Ok((Val::unknown_like(Type::Dynamic, why), 0));
        let (key, rest) = match (&expansion, steps.split_first()) {
            (Expansion::Unknown(why), _) => return unknown(why),
            (Expansion::One, _) => (None, steps),
            (_, Some((Stepped::Key(key), rest))) => match super::resources::instance_key(key, &expansion) {
                Ok(key) => (Some(key), rest),
                Err(Some(why)) => return unknown(&why),
                Err(None) => return Err(Fault::new(at.clone(), "there is no such instance")),
            },
            (expansion, _) => return Ok((self.all_instances(name, expansion), 0)),
        };
        let child = self.child(name, key.as_ref());
        let child = child.ok_or_else(|| Fault::new(at.clone(), "there is no such instance"))?;
        let taken = steps.len() - rest.len();
        match rest.first() {
            Some(Stepped::Name(output)) => match child.output(output) {
                Some(value) => {
                    let keys = steps.get(..taken).unwrap_or_default();
                    let is_of_an_object = value.origin.trail().end.is_some_and(|end| end.kind == EndKind::Reference);
                    let origin = match is_of_an_object {
                        true => super::resources::referred(at, keys, &Origin::none(), &value.origin),
                        false => value.origin.clone(),
                    };
                    Ok((value.with_origin(origin), taken + 1))
                }
                None => Err(Fault::new(at.clone(), format!("the module `{name}` has no output `{output}`"))),
            },
            _ => Ok((child.outputs(), taken)),
        }
    }

    fn all_instances(self, name: &str, expansion: &Expansion) -> Val {
        let keys = expansion.keys().unwrap_or_default();
        let each = keys.into_iter().filter_map(|key| Some((key.clone()?, self.child(name, key.as_ref())?.outputs())));
        instances(expansion, each)
    }

    /// All outputs as an object.
    fn outputs(self) -> Val {
        let names = self.reached.module.all("output").filter_map(|output| output.label(0));
        let entries: Entries = names.filter_map(|name| Some((name.into(), self.output(name)?.into()))).collect();
        Val::object(entries)
    }

    /// `None` when the module has no such output.
    fn output(self, name: &str) -> Option<Val> {
        let [declared] = self.reached.module.named("output", &[name]) else { return None };
        let block = declared.view();
        let (file, attribute) = block.attribute("value")?;
        Some(self.view.resolver.remembered(self.module, Symbol::Output(name.to_owned()), || {
            let seen = self.seen(Repetition::default());
            let value = seen.scope(file).value(&attribute.value);
            let value = value.unwrap_or_else(|fault| fault.into_unknown());
            let origin = Origin::passed(Place::new(file, attribute.span), "output", &value.origin);
            value.with_origin(origin).marked(self.flag(&block, "sensitive") == Some(true))
        }))
    }
}

/// All instances of a block: a tuple of them with `count`, an object by key with `for_each`.
pub(super) fn instances(expansion: &Expansion, each: impl Iterator<Item = (InstanceKey, Val)>) -> Val {
    match expansion {
        Expansion::Each(entries) => Val::new(Data::Object(std::sync::Arc::new(
            each.filter_map(|(key, value)| match key {
                InstanceKey::Str(key) => {
                    let key_origin =
                        entries.get(key.as_str()).map(|entry| entry.key_origin.clone()).unwrap_or_default();
                    Some((key.into(), Entry { key_origin, value }))
                }
                InstanceKey::Int(_) => None,
            })
            .collect(),
        ))),
        _ => Val::tuple(each.map(|(_, value)| value).collect()),
    }
}
