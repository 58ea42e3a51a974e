//! Conversion of values between types.
//!
//! Rules: `cty/convert` as of the version that Terraform 1.11 is built with. Whether there is a conversion at all is
//! decided by the types alone (an empty list of objects is no list of strings); then each value may still fail it.

pub use super::unify::unify;

use super::types::Attributes;
use super::unify::{Mode, convertible, element_type, unify_in};
use super::{Cause, Data, Entries, Entry, Number, Type, Val, Why};
use std::sync::Arc;

/// The value as the type that is asked for; origins and marks stay. An optional attribute that is absent becomes null.
///
/// # Errors
/// In words, such as `a number is required`.
pub fn convert(value: &Val, to: &Type) -> Result<Val, String> {
    if *to == Type::Dynamic || is_of(value, to) {
        return Ok(value.clone());
    }
    let from = value.type_of();
    if convertible(&from, to) { converted(value, to) } else { Err(mismatch(&from, to)) }
}

/// Whether the value has exactly this type, whatever may be absent in it.
fn is_of(value: &Val, of: &Type) -> bool {
    match (&value.data, of) {
        (Data::Bool(_), Type::Bool) | (Data::Number(_), Type::Number) | (Data::String(_), Type::String) => true,
        (Data::List(is, _), Type::List(of)) | (Data::Set(is, _), Type::Set(of)) | (Data::Map(is, _), Type::Map(of)) => {
            is_plainly(is, of)
        }
        (Data::Tuple(elements), Type::Tuple(types)) => {
            elements.len() == types.len() && elements.iter().zip(types).all(|(element, of)| is_of(element, of))
        }
        (Data::Object(entries), Type::Object(attributes)) => {
            let mut pairs = entries.iter().zip(attributes);
            entries.len() == attributes.len()
                && pairs.all(|((key, entry), (name, of))| key == name && is_of(&entry.value, &of.of))
        }
        (Data::Null(is) | Data::Unknown(is, _), of) => is_plainly(is, of),
        _ => false,
    }
}

/// Whether a constraint means exactly this type, but for what may be absent.
fn is_plainly(is: &Type, constraint: &Type) -> bool {
    is == constraint || *is == constraint.without_optional()
}

/// The value as a type to which its own is convertible.
fn converted(value: &Val, to: &Type) -> Result<Val, String> {
    if *to == Type::Dynamic || is_of(value, to) {
        return Ok(value.clone());
    }
    let data = match (&value.data, to) {
        (Data::Null(of), _) => Data::Null(filled_in(of, &to.without_optional())),
        (Data::Unknown(of, why), _) => Data::Unknown(filled_in(of, &to.without_optional()), why.clone()),
        (_, Type::Bool | Type::Number | Type::String) => primitive(&value.data, to)?,
        (Data::Set(of, elements), Type::List(_)) if !has_certain_length(elements) => {
            let why = elements.iter().find_map(Val::why_not_wholly_known).cloned();
            let why = why.unwrap_or_else(|| Arc::new(Why::new(Cause::Error, "a set of unknown length")));
            Data::Unknown(Type::list(of.clone()), why)
        }
        (Data::List(from, elements) | Data::Set(from, elements), Type::List(of)) => {
            let (of, elements) = of_one_type(from, elements, of)?;
            Data::List(of, Arc::new(elements))
        }
        (Data::List(from, elements) | Data::Set(from, elements), Type::Set(of)) => {
            let (of, elements) = of_one_type(from, elements, of)?;
            return Ok(as_set(value, of, elements));
        }
        (Data::Tuple(elements), Type::List(of)) => {
            let of = tuple_element_type(elements, of)?;
            let elements = elements.iter().map(|element| converted(element, &of)).collect::<Result<_, _>>()?;
            let (of, elements) = unified(&of, elements, Mode::Unsafe)?;
            Data::List(of, Arc::new(elements))
        }
        (Data::Tuple(elements), Type::Set(of)) => {
            let of = tuple_element_type(elements, of)?;
            let (of, elements) = of_one_type(&of, elements, &of)?;
            return Ok(as_set(value, of, elements));
        }
        (Data::Map(from, entries), Type::Map(of)) if entries.is_empty() && **of == Type::Dynamic => {
            Data::Map(from.clone(), entries.clone())
        }
        (Data::Map(_, entries), Type::Map(of)) => map(entries, of, Mode::Safe)?,
        (Data::Object(entries), Type::Map(of)) => {
            let of = object_element_type(entries, of)?;
            map(entries, &of, Mode::Unsafe)?
        }
        (Data::Object(entries) | Data::Map(_, entries), Type::Object(attributes)) => object(entries, attributes)?,
        (Data::Tuple(elements), Type::Tuple(types)) => {
            let converted = elements.iter().zip(types).map(|(element, of)| converted(element, of));
            Data::Tuple(Arc::new(converted.collect::<Result<_, _>>()?))
        }
        _ => return Err(required(to)),
    };
    Ok(Val::new(data).with_origin(value.origin.clone()).marked(value.sensitive))
}

/// Whether nothing that is not known may turn out to be the same as another element of a set.
pub fn has_certain_length(set: &[Val]) -> bool {
    set.len() < 2 || set.iter().all(|element| element.why_not_wholly_known().is_none())
}

/// The set has the marks of what is in it: which of its elements are marked would tell their order.
fn as_set(value: &Val, of: Type, elements: Vec<Val>) -> Val {
    let set = Val::set(of, elements);
    set.with_origin(value.origin.clone()).marked(value.sensitive)
}

fn tuple_element_type(elements: &[Val], wanted: &Type) -> Result<Type, String> {
    if elements.is_empty() {
        return Ok(wanted.clone());
    }
    let types: Vec<Type> = elements.iter().map(Val::type_of).collect();
    element_type(&types.iter().collect::<Vec<_>>(), wanted, false).ok_or_else(no_common_type)
}

fn object_element_type(entries: &Entries, wanted: &Type) -> Result<Type, String> {
    if entries.is_empty() {
        return Ok(wanted.clone());
    }
    let types: Vec<Type> = entries.values().map(|entry| entry.value.type_of()).collect();
    element_type(&types.iter().collect::<Vec<_>>(), wanted, true).ok_or_else(no_common_type)
}

fn no_common_type() -> String {
    "all elements must have the same type".to_owned()
}

/// Elements converted to one type, which may hold parts that are any type; those parts must turn out the same.
fn of_one_type(from: &Type, elements: &[Val], of: &Type) -> Result<(Type, Vec<Val>), String> {
    if elements.is_empty() && *of == Type::Dynamic {
        return Ok((from.clone(), Vec::new()));
    }
    let elements: Vec<Val> = elements.iter().map(|element| converted(element, of)).collect::<Result<_, _>>()?;
    alike(of, elements)
}

/// The elements with the type that all of them have; what is null or unknown of any type gets it.
fn alike(wanted: &Type, mut elements: Vec<Val>) -> Result<(Type, Vec<Val>), String> {
    if !wanted.has_dynamic() || elements.is_empty() {
        return Ok((wanted.without_optional(), elements));
    }
    let is_open = |element: &Val| matches!(element.data, Data::Null(Type::Dynamic) | Data::Unknown(Type::Dynamic, _));
    let Some(of) = elements.iter().find(|element| !is_open(element)).map(Val::type_of) else {
        return Ok((Type::Dynamic, elements));
    };
    for element in &mut elements {
        match &element.data {
            Data::Null(Type::Dynamic) => element.data = Data::Null(of.clone()),
            Data::Unknown(Type::Dynamic, why) => element.data = Data::Unknown(of.clone(), why.clone()),
            _ if is_of(element, &of) => {}
            _ => return Err(no_common_type()),
        }
    }
    Ok((of, elements))
}

/// The elements as the type that they have in common after parts that may be any type have become one.
fn unified(wanted: &Type, elements: Vec<Val>, mode: Mode) -> Result<(Type, Vec<Val>), String> {
    if !wanted.has_dynamic() || elements.is_empty() {
        return alike(wanted, elements);
    }
    let types: Vec<Type> = elements.iter().map(Val::type_of).collect();
    let of = unify_in(&types, mode).ok_or_else(no_common_type)?;
    let elements = elements.iter().map(|element| converted(element, &of)).collect::<Result<_, _>>()?;
    alike(&of, elements)
}

fn map(entries: &Entries, of: &Type, mode: Mode) -> Result<Data, String> {
    let values: Vec<Val> = entries.values().map(|entry| converted(&entry.value, of)).collect::<Result<_, _>>()?;
    let is_unified = matches!(of, Type::List(_) | Type::Set(_) | Type::Map(_) | Type::Object(_));
    let (of, values) = if is_unified { unified(of, values, mode)? } else { alike(of, values)? };
    let entries = entries.iter().zip(values);
    let entries =
        entries.map(|((key, entry), value)| (key.clone(), Entry { key_origin: entry.key_origin.clone(), value }));
    Ok(Data::Map(of, Arc::new(entries.collect())))
}

fn object(entries: &Entries, attributes: &Attributes) -> Result<Data, String> {
    let mut made = Entries::new();
    for (name, attribute) in attributes {
        let in_attribute = |error: String| format!("attribute `{name}`: {error}");
        let entry = match entries.get(name) {
            Some(Entry { key_origin, value }) => {
                let from = value.type_of();
                if !convertible(&from, &attribute.of) && !is_of(value, &attribute.of) {
                    return Err(in_attribute(mismatch(&from, &attribute.of)));
                }
                let value = converted(value, &attribute.of).map_err(in_attribute)?;
                Entry { key_origin: key_origin.clone(), value }
            }
            None if attribute.optional => Val::null(attribute.of.without_optional()).into(),
            None => return Err(format!("attribute `{name}` is required")),
        };
        made.insert(name.clone(), entry);
    }
    Ok(Data::Object(Arc::new(made)))
}

fn primitive(data: &Data, to: &Type) -> Result<Data, String> {
    Ok(match (data, to) {
        (Data::String(text), Type::Number) => number(text, to)?,
        (Data::String(text), Type::Bool) => match &**text {
            "true" | "1" => Data::Bool(true),
            "false" | "0" => Data::Bool(false),
            _ => return Err(required(to)),
        },
        (Data::Number(number), Type::String) => Data::String(number.to_string().into()),
        (Data::Bool(value), Type::String) => Data::String(value.to_string().into()),
        _ => return Err(required(to)),
    })
}

fn number(text: &str, to: &Type) -> Result<Data, String> {
    if matches!(text.trim_start_matches(['+', '-']), "Inf" | "inf") && text.len() <= "-inf".len() {
        let why = Why::new(Cause::Limit, "an infinite number");
        return Ok(Data::Unknown(Type::Number, Arc::new(why)));
    }
    Number::parse(text).map(Data::Number).ok_or_else(|| required(to))
}

/// The type that a value gets which is null or not known: as wanted, with what is not said taken from its own.
fn filled_in(given: &Type, wanted: &Type) -> Type {
    if *given == Type::Dynamic || !wanted.has_dynamic() {
        return wanted.clone();
    }
    let common = |types: Vec<Type>| unify(&types).unwrap_or(Type::Dynamic);
    match (given, wanted) {
        (_, Type::Dynamic) => given.clone(),
        (Type::Map(given), Type::Map(wanted)) => Type::map(filled_in(given, wanted)),
        (Type::Object(given), Type::Map(wanted)) => {
            let types = given.values().map(|attribute| attribute.of.clone()).collect();
            Type::map(filled_in(&common(types), wanted))
        }
        (Type::Map(given), Type::Object(wanted)) => {
            Type::object(wanted.iter().map(|(name, wanted)| (name.clone(), filled_in(given, &wanted.of))))
        }
        (Type::Object(given), Type::Object(wanted)) => Type::object(wanted.iter().map(|(name, wanted)| {
            let of = given.get(name).map_or_else(|| wanted.of.clone(), |given| filled_in(&given.of, &wanted.of));
            (name.clone(), of)
        })),
        (Type::List(given) | Type::Set(given), Type::List(wanted)) => Type::list(filled_in(given, wanted)),
        (Type::List(given) | Type::Set(given), Type::Set(wanted)) => Type::set(filled_in(given, wanted)),
        (Type::Tuple(given), Type::List(wanted)) => Type::list(filled_in(&common(given.clone()), wanted)),
        (Type::Tuple(given), Type::Set(wanted)) => Type::set(filled_in(&common(given.clone()), wanted)),
        (Type::Tuple(given), Type::Tuple(wanted)) => {
            Type::Tuple(given.iter().zip(wanted).map(|(given, wanted)| filled_in(given, wanted)).collect())
        }
        _ => wanted.clone(),
    }
}

fn required(to: &Type) -> String {
    let noun = to.noun();
    format!("{} {noun} is required", if noun.starts_with(['a', 'e', 'i', 'o']) { "an" } else { "a" })
}

/// Why no value of one type can be of another, as deep as one reason goes.
fn mismatch(from: &Type, to: &Type) -> String {
    let reason_in = |what: String, from: &Type, to: &Type| {
        (!is_plainly(from, to) && !convertible(from, to)).then(|| format!("{what}: {}", mismatch(from, to)))
    };
    let reason = match (from, to) {
        (Type::Object(from), Type::Object(to)) => to.iter().find_map(|(name, wanted)| match from.get(name) {
            Some(given) => reason_in(format!("attribute `{name}`"), &given.of, &wanted.of),
            None => (!wanted.optional).then(|| format!("attribute `{name}` is required")),
        }),
        (Type::Tuple(from), Type::Tuple(to)) if from.len() == to.len() => {
            let mut pairs = from.iter().zip(to).enumerate();
            pairs.find_map(|(index, (from, to))| reason_in(format!("element {index}"), from, to))
        }
        (Type::Tuple(from), Type::List(to) | Type::Set(to)) if **to == Type::Dynamic && !from.is_empty() => {
            Some(no_common_type())
        }
        (Type::Object(from), Type::Map(to)) if **to == Type::Dynamic && !from.is_empty() => Some(no_common_type()),
        (Type::Tuple(from), Type::List(to) | Type::Set(to)) => {
            from.iter().enumerate().find_map(|(index, from)| reason_in(format!("element {index}"), from, to))
        }
        (Type::Object(from), Type::Map(to)) => {
            from.iter().find_map(|(name, from)| reason_in(format!("element `{name}`"), &from.of, to))
        }
        (Type::List(from) | Type::Set(from), Type::List(to) | Type::Set(to)) | (Type::Map(from), Type::Map(to)) => {
            reason_in("elements".to_owned(), from, to)
        }
        _ => None,
    };
    reason.unwrap_or_else(|| required(to))
}
