//! Functions on maps and objects.

use super::super::value::{Data, Entries, Entry, Origin, Type, Val, convert};
use super::{Call, Failure, Function, Parameter, Takes, takes};
use std::collections::BTreeMap;
use std::sync::Arc;

const ANY: Parameter = takes(Takes::Any);

pub(super) const TABLE: &[Function] = &[
    Function { name: "keys", parameters: &[ANY.or_unknown().or_marked()], rest: None, returns: Takes::Any, run: keys },
    Function {
        name: "lookup",
        parameters: &[ANY.or_unknown().or_marked(), takes(Takes::String).or_unknown().or_marked()],
        rest: Some(ANY.or_null().or_unknown().or_marked()),
        returns: Takes::Any,
        run: lookup,
    },
    Function { name: "merge", parameters: &[], rest: Some(ANY.or_null().or_marked()), returns: Takes::Any, run: merge },
    Function {
        name: "transpose",
        parameters: &[takes(Takes::MapOfListOfString)],
        rest: None,
        returns: Takes::MapOfListOfString,
        run: transpose,
    },
    Function { name: "values", parameters: &[ANY.or_marked()], rest: None, returns: Takes::Any, run: values },
    Function {
        name: "zipmap",
        parameters: &[takes(Takes::ListOfString).or_marked(), ANY.or_marked()],
        rest: None,
        returns: Takes::Any,
        run: zip_map,
    },
];

fn no_map(argument: usize) -> Failure {
    Failure::of(argument, "must be a map or an object")
}

fn keys(call: &Call<'_>) -> Result<Val, Failure> {
    let (map, marked) = call.opened(0)?;
    let key = |(key, entry): (Arc<str>, Entry)| Val::string(key).with_origin(entry.key_origin);
    let value = match &map.data {
        Data::Map(..) => Val::list(Type::String, map.entries().unwrap_or_default().into_iter().map(key).collect()),
        Data::Object(_) => Val::tuple(map.entries().unwrap_or_default().into_iter().map(key).collect()),
        // The type says them.
        Data::Unknown(Type::Object(attributes), _) => {
            Val::tuple(attributes.keys().map(|name| Val::string(name.clone())).collect())
        }
        Data::Unknown(Type::Map(_), why) => Val::unknown_like(Type::list(Type::String), why),
        Data::Unknown(Type::Dynamic, why) => Val::unknown_like(Type::Dynamic, why),
        _ => return Err(no_map(0)),
    };
    Ok(value.marked(marked))
}

/// The value under a key, else the default; where it is found, the default counts only as far as its type must fit.
fn lookup(call: &Call<'_>) -> Result<Val, Failure> {
    if call.arguments.len() > 3 {
        return Err(Failure::new("takes two or three arguments"));
    }
    let ((map, map_marked), (key, key_marked)) = (call.looked_into(0)?, call.looked_into(1)?);
    let marked = map_marked || key_marked;
    let default = call.arguments.get(2);
    let of = match &map.data {
        Data::Map(of, _) => Some(of.clone()),
        Data::Unknown(Type::Map(of), _) => Some((**of).clone()),
        Data::Object(_) | Data::Unknown(Type::Object(_) | Type::Dynamic, _) => None,
        _ => return Err(no_map(0)),
    };
    let default = match (default, &of) {
        (Some(default), Some(of)) => {
            Some(convert::convert(default, of).map_err(|_| Failure::of(2, "must be of the type of the elements"))?)
        }
        (default, _) => default.cloned(),
    };
    if let Some(why) = map.why_unknown().or(key.why_unknown()) {
        return Ok(Val::unknown_like(of.unwrap_or(Type::Dynamic), why).marked(marked));
    }
    let found = key.as_str().and_then(|key| map.get(key)).or(default);
    let found = found.ok_or_else(|| Failure::of(1, "is no key of the map"))?;
    let origin = Origin::chosen(call.at.clone(), &key.origin, "key", &found.origin);
    Ok(found.with_origin(origin).marked(marked))
}

/// Later arguments win. A map when all are maps of one type, else an object.
fn merge(call: &Call<'_>) -> Result<Val, Failure> {
    let is_open = |value: &Val| matches!(value.data, Data::Null(Type::Dynamic) | Data::Unknown(Type::Dynamic, _));
    let is_map = |value: &Val| matches!(value.noun(), "map" | "object");
    if !call.arguments.iter().any(is_open) && !call.arguments.iter().all(is_map) {
        return Err(Failure::new("all arguments must be maps or objects"));
    }
    let (mut merged, mut marked) = (Entries::new(), false);
    for index in 0..call.arguments.len() {
        let (map, own_mark) = call.opened(index)?;
        marked |= own_mark;
        match map.entries() {
            Some(entries) => merged.extend(entries),
            None if map.is_null() => {}
            None => return Err(no_map(index)),
        }
        if merged.len() > call.most_elements() {
            return Ok(call.too_many(Type::Dynamic));
        }
    }
    let of_map = |value: &Val| match &value.data {
        Data::Map(of, _) => Some(of.clone()),
        Data::Null(Type::Map(of)) => Some((**of).clone()),
        _ => None,
    };
    let first = call.arguments.first().and_then(of_map);
    let value = match first {
        Some(of) if call.arguments.iter().all(|other| of_map(other).as_ref() == Some(&of)) => Val::map(of, merged),
        _ => Val::object(merged),
    };
    Ok(value.marked(marked))
}

/// The keys by the texts in their lists.
fn transpose(call: &Call<'_>) -> Result<Val, Failure> {
    let map = call.argument(0)?;
    let of = Type::list(Type::String);
    if let Some(why) = map.why_not_wholly_known() {
        return Ok(Val::unknown_like(Type::map(of), why));
    }
    let mut turned: BTreeMap<Arc<str>, (Origin, Vec<Val>)> = BTreeMap::new();
    for (key, entry) in map.entries().unwrap_or_default() {
        let names = entry.value.elements().ok_or_else(|| Failure::of(0, "must not hold a list that is null"))?;
        for name in names {
            let text = name.as_str().ok_or_else(|| Failure::of(0, "must not hold null"))?;
            let (_, keys) = turned.entry(text.into()).or_insert_with(|| (name.origin.clone(), Vec::new()));
            keys.push(Val::string(key.clone()).with_origin(entry.key_origin.clone()));
        }
    }
    let entries = turned.into_iter().map(|(key, (key_origin, keys))| {
        let value = Val::list(Type::String, keys).with_origin(Origin::made(call.at.clone(), Vec::new()));
        (key, Entry { key_origin, value })
    });
    Ok(Val::map(of, entries.collect()))
}

fn values(call: &Call<'_>) -> Result<Val, Failure> {
    let (map, marked) = call.opened(0)?;
    let entries = map.entries().ok_or_else(|| no_map(0))?;
    let values = entries.into_iter().map(|(_, entry)| entry.value).collect();
    let value = match &map.data {
        Data::Map(of, _) => Val::list(of.clone(), values),
        _ => Val::tuple(values),
    };
    Ok(value.marked(marked))
}

fn zip_map(call: &Call<'_>) -> Result<Val, Failure> {
    let ((keys, keys_marked), (values, values_marked)) = (call.opened(0)?, call.opened(1)?);
    let mut marked = keys_marked || values_marked;
    let of = match &values.data {
        Data::List(of, _) => Some(of.clone()),
        Data::Tuple(_) => None,
        _ => return Err(Failure::of(1, "must be a list or a tuple")),
    };
    if let Some(why) = keys.why_not_wholly_known() {
        return Ok(Val::unknown_like(of.map_or(Type::Dynamic, Type::map), why).marked(marked));
    }
    if keys.len() != values.len() {
        return Err(Failure::of(1, "must be as many as the keys"));
    }
    let mut entries = Entries::new();
    for (key, value) in keys.elements().unwrap_or_default().into_iter().zip(values.elements().unwrap_or_default()) {
        marked |= key.sensitive;
        let name = key.as_str().ok_or_else(|| Failure::of(0, "must not hold null"))?;
        entries.insert(name.into(), Entry { key_origin: key.origin.clone(), value });
    }
    let value = match of {
        Some(of) => Val::map(of, entries),
        None => Val::object(entries),
    };
    Ok(value.marked(marked))
}
