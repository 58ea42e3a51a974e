//! Functions on sets.

use super::super::value::{Data, Origin, Type, Val, convert, equal};
use super::{Call, Failure, Function, Parameter, Takes, takes};

const SET: Parameter = takes(Takes::SetOfAny);

const fn of_sets(name: &'static str, run: fn(&Call<'_>) -> Result<Val, Failure>) -> Function {
    Function { name, parameters: &[SET], rest: Some(SET), returns: Takes::SetOfAny, run }
}

pub(super) const TABLE: &[Function] = &[
    of_sets("setintersection", |call| narrowed(call, true)),
    Function {
        name: "setproduct",
        parameters: &[],
        rest: Some(takes(Takes::Any).or_unknown().or_marked()),
        returns: Takes::Any,
        run: product,
    },
    Function {
        name: "setsubtract",
        parameters: &[SET, SET],
        rest: None,
        returns: Takes::SetOfAny,
        run: |call| narrowed(call, false),
    },
    of_sets("setunion", |call| {
        let (of, sets) = alike(call)?;
        let elements = sets.iter().flat_map(|set| set.elements().unwrap_or_default()).collect();
        Ok(Val::set(of, elements))
    }),
];

/// The sets with elements of the type that all have in common.
fn alike(call: &Call<'_>) -> Result<(Type, Vec<Val>), Failure> {
    let elements = call.arguments.iter().filter_map(|set| match &set.data {
        // What is empty and of no type goes with any.
        Data::Set(Type::Dynamic, elements) if elements.is_empty() => None,
        Data::Set(of, _) => Some(of.clone()),
        _ => None,
    });
    let elements: Vec<Type> = elements.collect();
    let of = match elements.as_slice() {
        [] => Type::Dynamic,
        types => convert::unify(types).ok_or_else(|| Failure::new("the sets must hold elements of one type"))?,
    };
    if of == Type::Dynamic && elements.iter().any(|element| *element != Type::Dynamic) {
        return Err(Failure::new("the sets must hold elements of one type"));
    }
    let set = Type::set(of.clone());
    let sets = call
        .arguments
        .iter()
        .enumerate()
        .map(|(index, argument)| convert::convert(argument, &set).map_err(|message| Failure::of(index, message)));
    Ok((of, sets.collect::<Result<_, _>>()?))
}

/// The elements of the first set that all others hold, or that none of them does.
fn narrowed(call: &Call<'_>, wanted: bool) -> Result<Val, Failure> {
    let (of, sets) = alike(call)?;
    if let Some(why) = sets.iter().find_map(Val::why_not_wholly_known) {
        return Ok(Val::unknown_like(Type::set(of), why));
    }
    let mut kept = sets.first().and_then(Val::elements).unwrap_or_default();
    for set in sets.iter().skip(1) {
        let elements = set.elements().unwrap_or_default();
        let elements: equal::Unique = elements.iter().collect();
        kept.retain(|element| elements.contains(element) == wanted);
    }
    Ok(Val::set(of, kept))
}

/// Every combination of elements, the last argument's changing first.
fn product(call: &Call<'_>) -> Result<Val, Failure> {
    if call.arguments.len() < 2 {
        return Err(Failure::new("at least two sets or lists are required"));
    }
    let mut types = Vec::new();
    let (mut ordered, mut marked, mut unknown) = (true, false, None);
    let mut factors = Vec::new();
    let mut total = 1usize;
    for index in 0..call.arguments.len() {
        let (factor, own_mark) = call.opened(index)?;
        marked |= own_mark;
        let of = factor.type_of();
        ordered &= !matches!(of, Type::Set(_) | Type::Dynamic);
        types.push(element_type(&of).map_err(|message| Failure::of(index, message))?);
        let uncertain = matches!(&factor.data, Data::Set(_, elements) if !convert::has_certain_length(elements));
        unknown =
            unknown.or_else(|| factor.why_unknown().or(factor.why_not_wholly_known().filter(|_| uncertain)).cloned());
        let elements = factor.elements().unwrap_or_default();
        total = total.saturating_mul(elements.len());
        factors.push(elements);
    }
    let element = Type::Tuple(types.clone());
    let of = if ordered { Type::list(element.clone()) } else { Type::set(element.clone()) };
    if let Some(why) = unknown {
        return Ok(Val::unknown_like(of, &why).marked(marked));
    }
    if total.saturating_mul(factors.len()) > call.most_elements() {
        return Ok(call.too_many(of).marked(marked));
    }
    for (index, (factor, of)) in factors.iter_mut().zip(&types).enumerate() {
        for value in factor.iter_mut() {
            *value = convert::convert(value, of).map_err(|message| Failure::of(index, message))?;
        }
    }
    let rows = (0..total).map(|row| {
        // The columns are the digits of the row's number.
        let mut left = row;
        let mut cells: Vec<Val> = Vec::with_capacity(factors.len());
        for factor in factors.iter().rev() {
            cells.push(factor[left % factor.len()].clone());
            left /= factor.len();
        }
        cells.reverse();
        Val::tuple(cells).with_origin(Origin::made(call.at.clone(), Vec::new()))
    });
    let rows = rows.collect();
    let value = if ordered { Val::list(element, rows) } else { Val::set(element, rows) };
    Ok(value.marked(marked))
}

fn element_type(of: &Type) -> Result<Type, &'static str> {
    match of {
        Type::List(of) | Type::Set(of) => Ok((**of).clone()),
        Type::Tuple(elements) if elements.is_empty() => Ok(Type::Dynamic),
        Type::Tuple(elements) => convert::unify(elements).ok_or("all elements must be of one type"),
        Type::Dynamic => Ok(Type::Dynamic),
        _ => Err("must be a set, a list or a tuple"),
    }
}
