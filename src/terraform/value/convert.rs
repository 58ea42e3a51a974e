//! Conversion between types, and the type that several values have in common.
//!
//! Rules: `cty/convert` as Terraform 1.11 uses it.

use super::{Data, Entries, Entry, Number, Type, Val};
use std::sync::Arc;

/// The value as the type that is asked for; origins and marks stay. An optional attribute that is absent becomes null.
///
/// # Errors
/// In words, such as `a number is required`.
pub fn convert(value: &Val, to: &Type) -> Result<Val, String> {
    if *to == Type::Dynamic || (!to.has_dynamic() && value.type_of() == *to) {
        return Ok(value.clone());
    }
    let data = match (&value.data, to) {
        (Data::Null(_), _) => Data::Null(without_optional(to)),
        (Data::Unknown(_, why), _) => Data::Unknown(without_optional(to), why.clone()),
        (_, Type::Bool | Type::Number | Type::String) => primitive(&value.data, to)?,
        (Data::List(_, elements) | Data::Set(_, elements) | Data::Tuple(elements), Type::List(of)) => {
            let (of, elements) = all_to(elements, of)?;
            Data::List(of, Arc::new(elements))
        }
        (Data::List(_, elements) | Data::Set(_, elements) | Data::Tuple(elements), Type::Set(of)) => {
            let (of, elements) = all_to(elements, of)?;
            return Ok(Val { data: Val::set(of, elements).data, ..value.clone() });
        }
        (Data::Map(_, entries) | Data::Object(entries), Type::Map(of)) => {
            let values: Vec<Val> = entries.values().map(|entry| entry.value.clone()).collect();
            let (of, values) = all_to(&values, of)?;
            let entries = entries.iter().zip(values);
            let entries = entries
                .map(|((key, entry), value)| (key.clone(), Entry { key_origin: entry.key_origin.clone(), value }));
            Data::Map(of, Arc::new(entries.collect()))
        }
        (Data::Map(_, entries) | Data::Object(entries), Type::Object(attributes)) => {
            let mut converted = Entries::new();
            for (name, attribute) in attributes {
                let entry = match entries.get(name) {
                    Some(entry) => Entry {
                        key_origin: entry.key_origin.clone(),
                        value: convert(&entry.value, &attribute.of)
                            .map_err(|error| format!("attribute `{name}`: {error}"))?,
                    },
                    None if attribute.optional => Val::null(without_optional(&attribute.of)).into(),
                    None => return Err(format!("attribute `{name}` is required")),
                };
                converted.insert(name.clone(), entry);
            }
            Data::Object(Arc::new(converted))
        }
        (Data::Tuple(elements) | Data::List(_, elements), Type::Tuple(types)) if elements.len() == types.len() => {
            let converted = elements.iter().zip(types).map(|(element, of)| convert(element, of));
            Data::Tuple(Arc::new(converted.collect::<Result<_, _>>()?))
        }
        _ => return Err(format!("{} is required", with_article(to.noun()))),
    };
    Ok(Val { data, ..value.clone() })
}

fn with_article(noun: &str) -> String {
    format!("{} {noun}", if noun.starts_with(['a', 'e', 'i', 'o']) { "an" } else { "a" })
}

fn primitive(data: &Data, to: &Type) -> Result<Data, String> {
    let refuse = || format!("a {} is required", to.noun());
    Ok(match (data, to) {
        (Data::String(text), Type::Number) => Data::Number(Number::parse(text).ok_or_else(refuse)?),
        (Data::String(text), Type::Bool) => match &**text {
            "true" | "1" => Data::Bool(true),
            "false" | "0" => Data::Bool(false),
            _ => return Err(refuse()),
        },
        (Data::Number(number), Type::String) => Data::String(number.to_string().into()),
        (Data::Bool(value), Type::String) => Data::String(value.to_string().into()),
        (Data::String(_), Type::String) | (Data::Number(_), Type::Number) | (Data::Bool(_), Type::Bool) => data.clone(),
        _ => return Err(refuse()),
    })
}

/// All elements as one type; where none is asked for, as the one that they have in common.
fn all_to(elements: &[Val], of: &Type) -> Result<(Type, Vec<Val>), String> {
    let of = if of.has_dynamic() {
        let types: Vec<Type> = elements.iter().map(Val::type_of).collect();
        let common = unify(&types).ok_or("all elements must have the same type")?;
        if *of == Type::Dynamic { common } else { of.clone() }
    } else {
        of.clone()
    };
    let converted: Vec<Val> = elements.iter().map(|element| convert(element, &of)).collect::<Result<_, _>>()?;
    Ok((without_optional(&of), converted))
}

/// The type as values have it: a constraint without its words on what may be absent.
pub fn without_optional(of: &Type) -> Type {
    match of {
        Type::List(of) => Type::list(without_optional(of)),
        Type::Set(of) => Type::set(without_optional(of)),
        Type::Map(of) => Type::map(without_optional(of)),
        Type::Tuple(elements) => Type::Tuple(elements.iter().map(without_optional).collect()),
        Type::Object(attributes) => {
            Type::object(attributes.iter().map(|(name, attribute)| (name.clone(), without_optional(&attribute.of))))
        }
        primitive => primitive.clone(),
    }
}

/// The type to which values of all these types can be converted; `None` when there is none.
pub fn unify(types: &[Type]) -> Option<Type> {
    let Some(first) = types.iter().find(|of| **of != Type::Dynamic) else { return Some(Type::Dynamic) };
    if types.iter().all(|of| of == first) {
        return Some(first.clone());
    }
    if types.contains(&Type::Dynamic) {
        return Some(Type::Dynamic);
    }
    if types.iter().all(Type::is_primitive) {
        return match (types.contains(&Type::String), types.contains(&Type::Bool), types.contains(&Type::Number)) {
            (false, true, true) => None,
            _ => Some(Type::String),
        };
    }
    None
}
