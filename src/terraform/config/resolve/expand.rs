//! Which instances `count` and `for_each` make.
//!
//! Rules: `terraform/eval_count.go` and `eval_for_each.go` of Terraform 1.11.

use super::super::module::Layers;
use crate::model::InstanceKey;
use crate::terraform::evaluate::{Evaluated, Fault, Scope};
use crate::terraform::value::{Cause, Data, Entry, Origin, Place, Type, Val, Why, convert};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The instances of a block.
#[derive(Clone)]
pub(in super::super) enum Expansion {
    /// Neither `count` nor `for_each`: one, without a key.
    One,
    Count(usize),
    Each(Arc<BTreeMap<Arc<str>, Entry>>),
    /// Which there are is not known.
    Unknown(Arc<Why>),
}

/// What `each` and `count` mean in an instance.
#[derive(Clone, Default)]
pub(in super::super) struct Repetition {
    pub(in super::super) each: Option<(Val, Val)>,
    pub(super) count: Option<Val>,
}

impl Expansion {
    /// Of a block whose `count` and `for_each` are evaluated in `scope_of` its files; it may make at `most` so many.
    pub(super) fn of<'a>(
        block: &Layers<'a>,
        most: usize,
        scope_of: impl Fn(&'a crate::source::SourceFile) -> Scope<'a>,
    ) -> Expansion {
        let attribute = |name: &str| block.attribute(name);
        if let Some((file, attribute)) = attribute("for_each") {
            let value = scope_of(file).value(&attribute.value);
            return for_each(value, Place::new(file, attribute.span), most);
        }
        if let Some((file, attribute)) = attribute("count") {
            let value = scope_of(file).value(&attribute.value);
            return count(value, Place::new(file, attribute.span), most);
        }
        Expansion::One
    }

    /// How many instances there are; none where that is not known.
    pub(in super::super) fn len(&self) -> usize {
        match self {
            Expansion::One => 1,
            Expansion::Count(number) => *number,
            Expansion::Each(entries) => entries.len(),
            Expansion::Unknown(_) => 0,
        }
    }

    /// The keys, in Terraform's order; `None` when they are not known.
    pub(in super::super) fn keys(&self) -> Option<Vec<Option<InstanceKey>>> {
        match self {
            Expansion::One => Some(vec![None]),
            Expansion::Count(number) => Some((0..*number as i64).map(|n| Some(InstanceKey::Int(n))).collect()),
            Expansion::Each(entries) => {
                Some(entries.keys().map(|key| Some(InstanceKey::Str(key.to_string()))).collect())
            }
            Expansion::Unknown(_) => None,
        }
    }

    /// What `each` and `count` mean in an instance when nobody knows which one.
    pub(in super::super) fn of_any(&self) -> Repetition {
        let any = |of: Type, why: &Arc<Why>| Val::unknown_like(of, why);
        match self {
            Expansion::One => Repetition::default(),
            Expansion::Count { .. } => {
                let why = Arc::new(Why::new(Cause::NotGiven, "it differs from instance to instance"));
                Repetition { count: Some(any(Type::Number, &why)), each: None }
            }
            Expansion::Each(_) => {
                let why = Arc::new(Why::new(Cause::NotGiven, "it differs from instance to instance"));
                Repetition { each: Some((any(Type::String, &why), any(Type::Dynamic, &why))), count: None }
            }
            Expansion::Unknown(why) => Repetition {
                each: Some((any(Type::String, why), any(Type::Dynamic, why))),
                count: Some(any(Type::Number, why)),
            },
        }
    }

    /// What `each` and `count` mean for a key; `None` when there is no such instance.
    pub(in super::super) fn repetition(&self, key: Option<&InstanceKey>) -> Option<Repetition> {
        match (self, key) {
            (Expansion::One, None) => Some(Repetition::default()),
            // Where `count` stands does not say this number: it is the instance's own.
            (Expansion::Count(number), Some(InstanceKey::Int(index))) => {
                let known = usize::try_from(*index).is_ok_and(|index| index < *number);
                known.then(|| Repetition { count: Some(Val::number(*index)), each: None })
            }
            (Expansion::Each(entries), Some(InstanceKey::Str(key))) => entries.get(key.as_str()).map(|entry| {
                let key = Val::string(key.as_str()).with_origin(entry.key_origin.clone());
                Repetition { each: Some((key, entry.value.clone())), count: None }
            }),
            // The key is recorded; which values it has is not known.
            (Expansion::Unknown(why), Some(InstanceKey::Str(key))) => Some(Repetition {
                each: Some((Val::string(key.as_str()), Val::unknown_like(Type::Dynamic, why))),
                count: None,
            }),
            (Expansion::Unknown(_), Some(InstanceKey::Int(index))) => {
                Some(Repetition { count: Some(Val::number(*index)), each: None })
            }
            _ => None,
        }
    }
}

fn unknown(fault: Fault) -> Expansion {
    Expansion::Unknown(Arc::new(Why { cause: fault.cause, text: fault.message, at: Some(fault.at) }))
}

fn for_each(value: Evaluated, by: Place, most: usize) -> Expansion {
    let value = match value {
        Ok(value) => value,
        Err(fault) => return unknown(fault),
    };
    let refuse = |message: &str| unknown(Fault::new(by.clone(), message));
    if let Some(why) = value.why_unknown() {
        return Expansion::Unknown(why.clone());
    }
    let passed = Origin::passed(by.clone(), "for_each", &value.origin);
    let value = value.with_origin(passed);
    if value.len().is_some_and(|length| length > most) {
        return too_many(by, most);
    }
    match &value.data {
        Data::Map(..) | Data::Object(_) => {
            Expansion::Each(Arc::new(value.entries().unwrap_or_default().into_iter().collect()))
        }
        // What a state records does not tell a set from a list.
        Data::Set(..) | Data::List(..) | Data::Tuple(_) => {
            let mut entries = BTreeMap::new();
            for element in value.elements().unwrap_or_default() {
                if let Some(why) = element.why_unknown() {
                    return Expansion::Unknown(why.clone());
                }
                let Some(key) = element.as_str().map(Arc::from) else {
                    return refuse("the elements of a set in `for_each` must be strings");
                };
                entries.insert(key, Entry { key_origin: element.origin.clone(), value: element });
            }
            Expansion::Each(Arc::new(entries))
        }
        _ => refuse("`for_each` must be a map or a set of strings"),
    }
}

fn count(value: Evaluated, by: Place, most: usize) -> Expansion {
    let value = match value {
        Ok(value) => value,
        Err(fault) => return unknown(fault),
    };
    if let Some(why) = value.why_unknown() {
        return Expansion::Unknown(why.clone());
    }
    let number = convert::convert(&value, &Type::Number).ok();
    match number.as_ref().and_then(Val::as_number).and_then(|number| number.to_usize()) {
        Some(number) if number <= most => Expansion::Count(number),
        Some(_) => too_many(by, most),
        None => unknown(Fault::new(by, "`count` must be a whole number from 0")),
    }
}

fn too_many(by: Place, most: usize) -> Expansion {
    unknown(Fault { cause: Cause::Limit, ..Fault::new(by, format!("more than {most} instances")) })
}
