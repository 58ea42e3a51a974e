//! Functions that find or judge what is in a collection.

use super::super::value::{Data, Type, Val, convert, equal};
use super::{Call, Failure, Function, Parameter, Takes, takes};
use unicode_segmentation::UnicodeSegmentation;

const ANY: Parameter = takes(Takes::Any);
const LIST: Parameter = takes(Takes::ListOfAny);
const BOOLS: Parameter = takes(Takes::ListOfBool);
const CANDIDATE: Parameter = takes(Takes::Any).or_null().or_unknown();

pub(super) const TABLE: &[Function] = &[
    Function { name: "alltrue", parameters: &[BOOLS], rest: None, returns: Takes::Bool, run: all_true },
    Function { name: "anytrue", parameters: &[BOOLS], rest: None, returns: Takes::Bool, run: any_true },
    Function { name: "coalesce", parameters: &[], rest: Some(CANDIDATE), returns: Takes::Any, run: coalesce },
    Function { name: "coalescelist", parameters: &[], rest: Some(CANDIDATE), returns: Takes::Any, run: coalesce_list },
    Function { name: "contains", parameters: &[ANY, ANY], rest: None, returns: Takes::Bool, run: contains },
    Function {
        name: "element",
        parameters: &[ANY.or_marked(), takes(Takes::Number)],
        rest: None,
        returns: Takes::Any,
        run: element,
    },
    Function { name: "index", parameters: &[ANY, ANY], rest: None, returns: Takes::Number, run: index },
    Function {
        name: "length",
        parameters: &[ANY.or_unknown().or_marked()],
        rest: None,
        returns: Takes::Number,
        run: length,
    },
    Function {
        name: "matchkeys",
        parameters: &[LIST, LIST, LIST],
        rest: None,
        returns: Takes::ListOfAny,
        run: match_keys,
    },
    Function { name: "one", parameters: &[ANY], rest: None, returns: Takes::Any, run: one },
];

fn all_true(call: &Call<'_>) -> Result<Val, Failure> {
    for element in call.argument(0)?.within() {
        if let Some(why) = element.why_unknown() {
            return Ok(Val::unknown_like(Type::Bool, why));
        }
        if element.as_bool() != Some(true) {
            return Ok(Val::bool(false));
        }
    }
    Ok(Val::bool(true))
}

fn any_true(call: &Call<'_>) -> Result<Val, Failure> {
    let elements = call.argument(0)?.within();
    if elements.iter().any(|element| element.as_bool() == Some(true)) {
        return Ok(Val::bool(true));
    }
    Ok(match elements.iter().find_map(Val::why_unknown) {
        Some(why) => Val::unknown_like(Type::Bool, why),
        None => Val::bool(false),
    })
}

/// The first that is not null and not an empty string, as what all have in common.
fn coalesce(call: &Call<'_>) -> Result<Val, Failure> {
    let types: Vec<Type> = call.arguments.iter().map(Val::type_of).collect();
    let of = convert::unify(&types).ok_or_else(|| Failure::new("all arguments must have the same type"))?;
    for argument in &call.arguments {
        if let Some(why) = argument.why_unknown() {
            return Ok(Val::unknown_like(of, why));
        }
        let Ok(value) = convert::convert(argument, &of) else { continue };
        if !value.is_null() && value.as_str() != Some("") {
            return Ok(value);
        }
    }
    Err(Failure::new("all arguments are null or empty strings"))
}

fn coalesce_list(call: &Call<'_>) -> Result<Val, Failure> {
    for (index, argument) in call.arguments.iter().enumerate() {
        if let Some(why) = argument.why_unknown() {
            return Ok(Val::unknown_like(Type::Dynamic, why));
        }
        if !matches!(argument.type_of(), Type::List(_) | Type::Tuple(_)) {
            return Err(Failure::of(index, "must be a list or a tuple"));
        }
    }
    let found = call.arguments.iter().find(|argument| argument.len().is_some_and(|length| length > 0));
    found.cloned().ok_or_else(|| Failure::new("all arguments are null or empty"))
}

fn contains(call: &Call<'_>) -> Result<Val, Failure> {
    let (list, wanted) = (call.argument(0)?, call.argument(1)?);
    if !matches!(list.noun(), "list" | "set" | "tuple") {
        return Err(Failure::of(0, "must be a list, a set or a tuple"));
    }
    let mut undecided = None;
    for element in list.within() {
        match equal::equals(wanted, element) {
            Some(true) => return Ok(Val::bool(true)),
            Some(false) => {}
            None => undecided = undecided.or(element.why_not_wholly_known().or(wanted.why_not_wholly_known())),
        }
    }
    Ok(match undecided {
        Some(why) => Val::unknown_like(Type::Bool, why),
        None => Val::bool(false),
    })
}

/// As if the list began again after its end, and before its start.
fn element(call: &Call<'_>) -> Result<Val, Failure> {
    let (list, marked) = call.looked_into(0)?;
    let length = match &list.data {
        Data::List(_, elements) | Data::Tuple(elements) => elements.len(),
        _ => return Err(Failure::of(0, "must be a list or a tuple")),
    };
    let index = call.integer(1)?;
    let index = i64::try_from(length).ok().and_then(|length| index.checked_rem_euclid(length));
    let element = index.and_then(|index| list.element(usize::try_from(index).ok()?));
    element.map(|element| element.marked(marked)).ok_or_else(|| Failure::of(0, "has no elements"))
}

fn index(call: &Call<'_>) -> Result<Val, Failure> {
    let (list, wanted) = (call.argument(0)?, call.argument(1)?);
    if !matches!(list.data, Data::List(..) | Data::Tuple(_)) {
        return Err(Failure::of(0, "must be a list or a tuple"));
    }
    for (index, element) in list.within().iter().enumerate() {
        match equal::equals(element, wanted) {
            Some(true) => return Ok(Val::number(index)),
            Some(false) => {}
            None => {
                let why = element.why_not_wholly_known().or(wanted.why_not_wholly_known());
                return why.map(|why| Val::unknown_like(Type::Number, why)).ok_or_else(|| Failure::new("not found"));
            }
        }
    }
    Err(Failure::of(1, "is not in the list"))
}

/// Of tuples and objects also where it is not known what is in them.
fn length(call: &Call<'_>) -> Result<Val, Failure> {
    let (value, marked) = call.looked_into(0)?;
    let length = match &value.data {
        Data::String(text) => text.graphemes(true).count(),
        Data::Unknown(Type::Tuple(elements), _) => elements.len(),
        Data::Unknown(Type::Object(attributes), _) => attributes.len(),
        Data::Unknown(Type::Bool | Type::Number, _) => return Err(no_length()),
        Data::Unknown(_, why) => return Ok(Val::unknown_like(Type::Number, why).marked(marked)),
        Data::Set(_, elements) if !convert::has_certain_length(elements) => {
            let why = value.why_not_wholly_known().ok_or_else(no_length)?;
            return Ok(Val::unknown_like(Type::Number, why).marked(marked));
        }
        _ => value.len().ok_or_else(no_length)?,
    };
    Ok(Val::number(length).marked(marked))
}

fn no_length() -> Failure {
    Failure::of(0, "must be a string, a collection, a tuple or an object")
}

fn match_keys(call: &Call<'_>) -> Result<Val, Failure> {
    let list = |index: usize| call.argument(index);
    let of = convert::unify(&[list(1)?.type_of(), list(2)?.type_of()]);
    let of = of.ok_or_else(|| Failure::of(2, "must be of the same type as the keys"))?;
    let values = call.elements(0)?;
    let like = |index: usize| convert::convert(list(index)?, &of).map_err(|message| Failure::of(index, message));
    let (keys, wanted) = (like(1)?, like(2)?);
    if keys.len() != Some(values.len()) {
        return Err(Failure::of(1, "must be as many as the values"));
    }
    let result = list(0)?.type_of();
    let element = result.element().cloned().unwrap_or(Type::Dynamic);
    if wanted.len() == Some(0) {
        return Ok(Val::list(element, Vec::new()));
    }
    let known = [list(0)?, &keys, &wanted];
    if let Some(why) = known.into_iter().find_map(|list| list.why_not_wholly_known()) {
        return Ok(Val::unknown_like(result, why));
    }
    let wanted = wanted.elements().unwrap_or_default();
    let wanted: equal::Unique = wanted.iter().collect();
    let pairs = values.into_iter().zip(keys.elements().unwrap_or_default());
    let matched = pairs.filter(|(_, key)| wanted.contains(key)).map(|(value, _)| value).collect();
    Ok(Val::list(element, matched))
}

fn one(call: &Call<'_>) -> Result<Val, Failure> {
    let list = call.argument(0)?;
    let of = match &list.data {
        Data::List(of, _) | Data::Set(of, _) => of.clone(),
        Data::Tuple(_) => Type::Dynamic,
        _ => return Err(Failure::of(0, "must be a list, a set or a tuple")),
    };
    match call.elements(0)?.as_slice() {
        [] => Ok(Val::null(of)),
        [only] => Ok(only.clone()),
        several => {
            let why = match &list.data {
                Data::Set(..) if !convert::has_certain_length(several) => list.why_not_wholly_known(),
                _ => None,
            };
            let why = why.ok_or_else(|| Failure::of(0, "must have no element or one"))?;
            Ok(Val::unknown_like(of, why))
        }
    }
}
