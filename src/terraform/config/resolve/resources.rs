//! References to resources and data sources: what their blocks say, and of the rest what the state knows.

use super::modules::instances;
use super::{BlockName, Expansion, Inside, Named, Repetition, Symbol, computed};
use crate::model::{Address, InstanceKey, Mode, Value};
use crate::terraform::config::body::is_meta;
use crate::terraform::config::module::Declared;
use crate::terraform::evaluate::{Fault, Stepped};
use crate::terraform::value::origin::EndKind;
use crate::terraform::value::{Cause, Data, Entries, Origin, Place, Type, Val, Why, convert};
use std::sync::Arc;

impl<'c> Inside<'c> {
    /// A resource with the steps after its name that belong to it.
    pub(super) fn resource(self, block: &BlockName, steps: &[Stepped], at: &Place) -> Result<(Val, usize), Fault> {
        let BlockName::Resource(mode, kind, name) = block else { return Ok((undeclared("block", at), 0)) };
        let [declared] = self.reached.module.named(word(*mode), &[kind, name]) else {
            return Ok((undeclared(&format!("{kind}.{name}"), at), 0));
        };
        let expansion = self.expansion(declared, block.clone());
        let (key, rest) = match (&expansion, steps.split_first()) {
            (Expansion::One, _) => (None, steps),
            (Expansion::Unknown(why), Some((Stepped::Key(key), rest))) => match instance_key(key, &expansion) {
                Ok(key) => (Some(key), rest),
                Err(_) => return Ok((Val::unknown_like(Type::Dynamic, why), 0)),
            },
            (Expansion::Unknown(why), _) => return Ok((Val::unknown_like(Type::Dynamic, why), 0)),
            (_, Some((Stepped::Key(key), rest))) => match instance_key(key, &expansion) {
                Ok(key) => (Some(key), rest),
                Err(Some(why)) => return Ok((Val::unknown_like(Type::Dynamic, &why), 0)),
                Err(None) => return Err(Fault::new(at.clone(), "there is no such instance")),
            },
            _ => {
                let named = Named { module: self.module, block: block.clone(), at: at.clone() };
                let all = self.view.resolver.all_named(named, || {
                    let keys = expansion.keys().unwrap_or_default().into_iter().flatten();
                    let each = keys.filter_map(|key| {
                        let one = One { inside: self, declared, block: block.clone(), key: Some(key.clone()) };
                        Some((key, one.whole(&expansion, at)?))
                    });
                    instances(&expansion, each)
                });
                return Ok((all, 0));
            }
        };
        let one = One { inside: self, declared, block: block.clone(), key };
        let taken = steps.len() - rest.len();
        let repetition = expansion.repetition(one.key.as_ref());
        let repetition = repetition.ok_or_else(|| Fault::new(at.clone(), "there is no such instance"))?;
        let own_key = repetition.each.as_ref().map(|(key, _)| key.origin.clone()).unwrap_or_default();
        let taken_out = |value: Val| {
            let origin = referred(at, steps.get(..taken).unwrap_or_default(), &own_key, &value.origin);
            value.with_origin(origin)
        };
        match rest.first() {
            Some(Stepped::Name(attribute)) => one
                .attribute(&repetition, attribute, at)
                .map(|value| (taken_out(value), taken + 1))
                .ok_or_else(|| Fault::new(at.clone(), format!("there is no attribute `{attribute}`"))),
            _ => Ok((one.whole(&expansion, at).unwrap_or_else(|| undeclared("instance", at)), taken)),
        }
    }
}

/// One instance of a resource.
struct One<'c> {
    inside: Inside<'c>,
    declared: &'c Declared,
    block: BlockName,
    key: Option<InstanceKey>,
}

impl One<'_> {
    fn address(&self) -> Address {
        let (mode, kind, name) = match &self.block {
            BlockName::Resource(mode, kind, name) => (*mode, kind.clone(), name.clone()),
            BlockName::Call(name) => (Mode::Managed, String::new(), name.clone()),
        };
        Address { module: self.inside.path(), mode, resource_type: kind, name, key: self.key.clone() }
    }

    /// An attribute: as the block says it, else as it is recorded; `None` when it surely has no such attribute.
    fn attribute(&self, repetition: &Repetition, name: &str, at: &Place) -> Option<Val> {
        let recorded = self.inside.view.resolver.recorded.attributes(&self.address());
        if let Some(value) = self.computed(repetition, name, recorded.as_deref()) {
            return Some(value);
        }
        let known = recorded.as_ref().map(|recorded| recorded.get(name).cloned());
        let set = self.declared.view().attribute(name).is_some();
        if !set && known == Some(None) {
            return None;
        }
        let symbol = Symbol::Attribute(self.block.clone(), self.key.clone(), name.to_owned());
        let said = set
            .then(|| self.inside.view.resolver.remembered(self.inside.module, symbol, || self.said(repetition, name)));
        let is_recorded = known.is_some();
        let recorded = known.flatten().map(|value| Val::from_value(&value));
        Some(match (said, recorded) {
            (Some(said), recorded) if !said.is_null() && said.why_not_wholly_known().is_none() => {
                as_recorded(said, recorded.as_ref())
            }
            (_, Some(recorded)) => recorded,
            // An argument that is not set may be the provider's to fill.
            (Some(said), None) if !said.is_null() || is_recorded => said,
            (_, None) => self.unrecorded(at),
        })
    }

    /// What stands for an attribute that nothing says.
    fn unrecorded(&self, at: &Place) -> Val {
        Val::unknown(Type::Dynamic, self.why_unrecorded(at))
    }

    fn why_unrecorded(&self, at: &Place) -> Why {
        let address = self.address();
        let cause = if address.mode == Mode::Managed { Cause::Resource } else { Cause::Data };
        Why::new(cause, format!("nothing that is given records `{address}`")).at(at.clone())
    }

    /// An attribute that driftline computes itself.
    fn computed(&self, repetition: &Repetition, name: &str, recorded: Option<&Value>) -> Option<Val> {
        let BlockName::Resource(Mode::Data, kind, _) = &self.block else { return None };
        let resolver = self.inside.view.resolver;
        let how = resolver.computes(kind, name)?;
        let symbol = Symbol::Attribute(self.block.clone(), self.key.clone(), name.to_owned());
        let seen = self.inside.seen(repetition.clone());
        let make = || computed::attribute(how, name, &self.declared.view(), &seen, recorded);
        Some(resolver.remembered(self.inside.module, symbol, || make().unwrap_or_else(|| Val::null(Type::String))))
    }

    /// What the block says of an attribute that it sets.
    fn said(&self, repetition: &Repetition, name: &str) -> Val {
        let block = self.declared.view();
        let Some((file, attribute)) = block.attribute(name) else { return Val::null(Type::Dynamic) };
        let seen = self.inside.seen(repetition.clone());
        let value = seen.scope(file).value(&attribute.value).unwrap_or_else(|fault| fault.into_unknown());
        let origin = Origin::passed(Place::new(file, attribute.span), "argument", &value.origin);
        value.with_origin(origin)
    }

    /// The whole instance; of what nothing records the arguments are known and nothing else.
    fn whole(&self, expansion: &Expansion, at: &Place) -> Option<Val> {
        let repetition = expansion.repetition(self.key.as_ref())?;
        let block = self.declared.view();
        // Of many objects their list says which there are; one alone is there because it is referred to.
        let made = |value: Val| {
            let origin = match self.key {
                Some(_) => one_of_many(at, &value.origin, Vec::new()),
                None => Origin::made(at.clone(), vec![value.origin.clone()]),
            };
            value.with_origin(origin)
        };
        let entry = |name: &str| Some((Arc::from(name), made(self.attribute(&repetition, name, at)?).into()));
        let mut arguments = block.attribute_names();
        arguments.retain(|name| !is_meta(name));
        let Some(recorded) = self.inside.view.resolver.recorded.attributes(&self.address()) else {
            let said = arguments.into_iter().filter_map(entry).collect();
            return Some(Val::known_in_part(said, self.why_unrecorded(at)));
        };
        let Value::Map(fields) = &*recorded else { return None };
        let names = fields.keys().map(String::as_str).chain(arguments);
        let entries: Entries = names.filter_map(entry).collect();
        Some(Val::object(entries))
    }
}

/// The origin of what a reference takes from another object. Who edits that object changes more than what refers to it, so
/// the reference is the place; but a reference to one of many by a computed key stands for all of them, and what tells
/// them apart is written where they are listed.
///
/// `own_key` is where the key of the object that is referred to is written: who changes it there and not where the
/// reference has its key from, leaves a reference to nothing.
pub(super) fn referred(at: &Place, keys: &[Stepped], own_key: &Origin, to: &Origin) -> Origin {
    let keys = keys.iter().filter_map(|step| match step {
        Stepped::Name(_) => None,
        Stepped::Key(key) => Some(&key.origin),
    });
    let is_written_there = |key: &&Origin| place_of(key).is_some_and(|place| at.contains(&place));
    let computed: Vec<Origin> = keys.filter(|key| !is_written_there(key)).cloned().collect();
    if computed.is_empty() {
        return Origin::reference(at.clone(), to.clone());
    }
    let place = place_of(to);
    let breaks = place.is_some() && place == place_of(own_key) && !computed.iter().any(|key| place_of(key) == place);
    match breaks {
        true => Origin::made(at.clone(), std::iter::once(to.clone()).chain(computed).collect()),
        false => one_of_many(at, to, computed),
    }
}

fn place_of(origin: &Origin) -> Option<Place> {
    origin.trail().end.filter(|end| end.kind == EndKind::Written).map(|end| end.place)
}

/// The origin of what is taken from one of several objects that `at` refers to.
fn one_of_many(at: &Place, to: &Origin, keys: Vec<Origin>) -> Origin {
    match place_of(to) {
        Some(_) => Origin::passed(at.clone(), "reference", to),
        None => Origin::made(at.clone(), std::iter::once(to.clone()).chain(keys).collect()),
    }
}

/// A value of the source in the type that the provider's schema gives it, as far as the record shows that.
fn as_recorded(said: Val, recorded: Option<&Val>) -> Val {
    let wanted = match recorded.map(|recorded| &recorded.data) {
        Some(Data::String(_)) => Type::String,
        Some(Data::Number(_)) => Type::Number,
        Some(Data::Bool(_)) => Type::Bool,
        _ => return said,
    };
    convert::convert(&said, &wanted).unwrap_or(said)
}

/// The key that an index means; `Err` with the reason when it is not known, without when there is no such instance.
pub(super) fn instance_key(key: &Val, expansion: &Expansion) -> Result<InstanceKey, Option<Arc<Why>>> {
    if let Some(why) = key.why_unknown() {
        return Err(Some(why.clone()));
    }
    let key = match (&key.data, expansion) {
        (Data::Number(number), Expansion::Count(_) | Expansion::Unknown(_)) => number.to_i64().map(InstanceKey::Int),
        (Data::String(text), Expansion::Count(_)) => text.parse().ok().map(InstanceKey::Int),
        (Data::String(text), _) => Some(InstanceKey::Str(text.to_string())),
        (Data::Number(number), _) => Some(InstanceKey::Str(number.to_string())),
        _ => None,
    };
    let key = key.ok_or(None)?;
    match expansion.repetition(Some(&key)) {
        Some(_) => Ok(key),
        None => Err(None),
    }
}

/// The type of the blocks that declare a mode.
pub(in super::super) fn word(mode: Mode) -> &'static str {
    match mode {
        Mode::Managed => "resource",
        Mode::Data => "data",
        Mode::Ephemeral => "ephemeral",
    }
}

fn undeclared(what: &str, at: &Place) -> Val {
    let text = format!("no block declares `{what}`");
    Val::unknown(Type::Dynamic, Why::new(Cause::Error, text).at(at.clone()))
}
