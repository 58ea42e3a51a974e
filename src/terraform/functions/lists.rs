//! Functions that make lists of lists.

use super::super::value::{Data, Number, Type, Val, convert, equal};
use super::{Call, Failure, Function, Meter, Parameter, Takes, takes};
use std::sync::Arc;

const LIST: Parameter = takes(Takes::ListOfAny);
const ANY: Parameter = takes(Takes::Any);
const NUMBER: Parameter = takes(Takes::Number);

/// Most numbers that `range` gives.
const MAX_RANGE: usize = 1024;

pub(super) const TABLE: &[Function] = &[
    Function {
        name: "chunklist",
        parameters: &[LIST.or_marked(), NUMBER.or_marked()],
        rest: None,
        returns: Takes::ListOfAny,
        run: chunk_list,
    },
    Function {
        name: "compact",
        parameters: &[takes(Takes::ListOfString)],
        rest: None,
        returns: Takes::ListOfString,
        run: compact,
    },
    Function { name: "concat", parameters: &[], rest: Some(ANY.or_marked()), returns: Takes::Any, run: concat },
    Function { name: "distinct", parameters: &[LIST], rest: None, returns: Takes::ListOfAny, run: distinct },
    Function { name: "flatten", parameters: &[ANY.or_marked()], rest: None, returns: Takes::Any, run: flatten },
    Function { name: "range", parameters: &[], rest: Some(NUMBER), returns: Takes::ListOfNumber, run: range },
    Function { name: "reverse", parameters: &[ANY.or_marked()], rest: None, returns: Takes::Any, run: reverse },
    Function {
        name: "slice",
        parameters: &[ANY.or_marked(), NUMBER, NUMBER],
        rest: None,
        returns: Takes::Any,
        run: slice,
    },
    Function {
        name: "sort",
        parameters: &[takes(Takes::ListOfString)],
        rest: None,
        returns: Takes::ListOfString,
        run: sort,
    },
];

fn chunk_list(call: &Call<'_>) -> Result<Val, Failure> {
    let (list, marked) = call.opened(0)?;
    let size = usize::try_from(call.integer(1)?).map_err(|_| Failure::of(1, "must not be negative"))?;
    let marked = marked || call.argument(1)?.sensitive;
    let of = list.type_of();
    let element = of.element().cloned().unwrap_or(Type::Dynamic);
    let chunks = match list.elements() {
        Some(elements) if elements.is_empty() => Vec::new(),
        Some(elements) if size > 0 => {
            elements.chunks(size).map(|chunk| Val::list(element.clone(), chunk.to_vec())).collect()
        }
        _ => vec![list],
    };
    Ok(Val::list(of, chunks).marked(marked))
}

fn compact(call: &Call<'_>) -> Result<Val, Failure> {
    if let Some(why) = call.argument(0)?.why_not_wholly_known() {
        return Ok(Val::unknown_like(Type::list(Type::String), why));
    }
    let mut elements = call.elements(0)?;
    elements.retain(|element| element.as_str().is_some_and(|text| !text.is_empty()));
    Ok(Val::list(Type::String, elements))
}

/// A list when all are lists with something in common, else a tuple.
fn concat(call: &Call<'_>) -> Result<Val, Failure> {
    let types: Vec<Type> = call.arguments.iter().map(Val::type_of).collect();
    if types.is_empty() {
        return Err(Failure::new("at least one list is required"));
    }
    let lists = types.iter().all(|of| matches!(of, Type::List(_)));
    let common = if lists { convert::unify(&types) } else { None };
    let (mut all, mut marked) = (Vec::new(), false);
    for index in 0..call.arguments.len() {
        let (mut list, own_mark) = call.opened(index)?;
        marked |= own_mark;
        if let Some(common) = &common {
            list = convert::convert(&list, common).map_err(|message| Failure::of(index, message))?;
        }
        match (&list.data, list.elements()) {
            (Data::List(..) | Data::Tuple(_), Some(elements)) => all.extend(elements),
            _ => return Err(Failure::of(index, "must be a list or a tuple")),
        }
        if all.len() > call.most_elements() {
            return Ok(call.too_many(Type::Dynamic));
        }
    }
    let value = match common {
        Some(Type::List(of)) => Val::list(*of, all),
        _ => Val::tuple(all),
    };
    Ok(value.marked(marked))
}

fn distinct(call: &Call<'_>) -> Result<Val, Failure> {
    let list = call.argument(0)?;
    if let Some(why) = list.why_not_wholly_known() {
        return Ok(Val::unknown_like(list.type_of(), why));
    }
    let elements = equal::first_of_each(call.elements(0)?);
    Ok(Val::list(list.type_of().element().cloned().unwrap_or(Type::Dynamic), elements))
}

fn flatten(call: &Call<'_>) -> Result<Val, Failure> {
    let (list, marked) = call.opened(0)?;
    if !is_sequence(&list) {
        return Err(Failure::of(0, "must be a list, a set or a tuple"));
    }
    let mut flat = Flat { meter: call.meter, elements: Vec::new(), marked, unknown: None };
    flat.take(list);
    if flat.elements.len() > call.most_elements() {
        return Ok(call.too_many(Type::Dynamic));
    }
    let value = match flat.unknown {
        Some(why) => Val::unknown_like(Type::Dynamic, &why),
        None => Val::tuple(flat.elements),
    };
    Ok(value.marked(flat.marked))
}

/// What is flattened so far.
struct Flat<'a> {
    meter: &'a Meter,
    elements: Vec<Val>,
    marked: bool,
    /// Why it is not known which elements there are.
    unknown: Option<Arc<super::Why>>,
}

impl Flat<'_> {
    /// Takes in the elements of a sequence without marks of its own.
    fn take(&mut self, sequence: Val) {
        if let Data::Set(_, elements) = &sequence.data
            && !convert::has_certain_length(elements)
        {
            self.unknown = self.unknown.take().or_else(|| sequence.why_not_wholly_known().cloned());
            return;
        }
        let elements = sequence.elements().unwrap_or_default();
        self.meter.count(1 + elements.len());
        for element in elements {
            let open = matches!(element.data, Data::Unknown(Type::Dynamic, _)) && !element.is_known_in_part();
            if open || (is_sequence(&element) && element.why_unknown().is_some()) {
                self.marked |= element.sensitive;
                self.unknown = self.unknown.take().or_else(|| element.why_unknown().cloned());
            } else if is_sequence(&element) && !element.is_null() {
                self.marked |= element.sensitive;
                self.take(Val { sensitive: false, ..element });
            } else {
                self.elements.push(element);
            }
        }
    }
}

fn is_sequence(value: &Val) -> bool {
    match &value.data {
        Data::List(..) | Data::Set(..) | Data::Tuple(_) => true,
        Data::Unknown(of, _) | Data::Null(of) => matches!(of, Type::List(_) | Type::Set(_) | Type::Tuple(_)),
        _ => false,
    }
}

fn range(call: &Call<'_>) -> Result<Val, Failure> {
    let zero = Number::from(0i64);
    let (start, end, step) = match call.arguments.len() {
        1 => (zero.clone(), call.number(0)?.clone(), None),
        2 => (call.number(0)?.clone(), call.number(1)?.clone(), None),
        3 => (call.number(0)?.clone(), call.number(1)?.clone(), Some(call.number(2)?.clone())),
        _ => return Err(Failure::new("takes one, two or three numbers")),
    };
    let step = step.unwrap_or_else(|| Number::from(if end.compare(&start).is_lt() { -1i64 } else { 1 }));
    let down = step.compare(&zero).is_lt();
    let towards = end.compare(&start);
    if (down && towards.is_gt()) || (!down && towards.is_lt()) {
        return Err(Failure::of(1, "the end lies the other way than the step goes"));
    }
    let mut numbers = Vec::new();
    let mut number = start;
    while if down { number.compare(&end).is_gt() } else { number.compare(&end).is_lt() } {
        if numbers.len() >= MAX_RANGE {
            return Err(Failure::new(format!("more than {MAX_RANGE} numbers")));
        }
        numbers.push(Val::number(number.clone()));
        number = number.add(&step).ok_or_else(|| Failure::new("the step leads to no number"))?;
    }
    Ok(Val::list(Type::Number, numbers))
}

fn reverse(call: &Call<'_>) -> Result<Val, Failure> {
    let (list, marked) = call.opened(0)?;
    let mut elements = call_elements(&list)?;
    elements.reverse();
    let value = match &list.data {
        Data::List(of, _) | Data::Set(of, _) => Val::list(of.clone(), elements),
        _ => Val::tuple(elements),
    };
    Ok(value.marked(marked))
}

fn call_elements(list: &Val) -> Result<Vec<Val>, Failure> {
    list.elements().ok_or_else(|| Failure::of(0, "must be a list or a tuple"))
}

fn slice(call: &Call<'_>) -> Result<Val, Failure> {
    let (list, marked) = call.looked_into(0)?;
    let length = match &list.data {
        Data::List(_, elements) | Data::Tuple(elements) => elements.len(),
        Data::Set(..) => return Err(Failure::of(0, "elements of a set have no index")),
        _ => return Err(Failure::of(0, "must be a list or a tuple")),
    };
    let index = |argument: usize| {
        let index = usize::try_from(call.integer(argument)?).ok().filter(|index| *index <= length);
        index.ok_or_else(|| Failure::of(argument, "lies outside of the list"))
    };
    let (start, end) = (index(1)?, index(2)?);
    if start > end {
        return Err(Failure::of(1, "lies after the end"));
    }
    call.meter.count(end - start);
    let elements = (start..end).filter_map(|index| list.element(index)).collect();
    let value = match &list.data {
        Data::List(of, _) => Val::list(of.clone(), elements),
        _ => Val::tuple(elements),
    };
    Ok(value.marked(marked))
}

fn sort(call: &Call<'_>) -> Result<Val, Failure> {
    if let Some(why) = call.argument(0)?.why_not_wholly_known() {
        return Ok(Val::unknown_like(Type::list(Type::String), why));
    }
    let mut elements = call.elements(0)?;
    if elements.iter().any(Val::is_null) {
        return Err(Failure::of(0, "null cannot be sorted"));
    }
    elements.sort_by(|a, b| a.as_str().cmp(&b.as_str()));
    Ok(Val::list(Type::String, elements))
}
