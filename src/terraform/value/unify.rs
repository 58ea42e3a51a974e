//! Which types convert to which, and the type that several have in common.
//!
//! Rules: `cty/convert` as of the version that Terraform 1.11 is built with; what looks arbitrary here (the order of
//! preferences, above all between lists and sets) is so there, and decides results.

use super::Type;
use super::types::{Attribute, Attributes};
use std::collections::HashSet;

/// Which conversions count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Those that no value of the type can fail.
    Safe,
    /// Those that some values can fail, too.
    Unsafe,
}

/// How many steps one search takes before it finds nothing: types nest, and each level may be looked at twice.
const MAX_STEPS: usize = 2_000_000;

/// Of how many different types one is preferred by comparing each with each.
const MAX_COMPARED: usize = 1_000;

/// The type to which values of all these types can be converted, if some of them fail; `None` when there is none.
pub fn unify(types: &[Type]) -> Option<Type> {
    unify_in(types, Mode::Unsafe)
}

/// The type that all these have in common under a mode.
pub fn unify_in(types: &[Type], mode: Mode) -> Option<Type> {
    Search::new(mode).unify(&types.iter().collect::<Vec<_>>())
}

/// Whether values of a type can be converted to another, if some of them fail.
pub fn convertible(from: &Type, to: &Type) -> bool {
    Search::new(Mode::Unsafe).convertible(from, to)
}

/// The type that elements of a tuple get as those of a list or set, or attributes of an object as those of a map.
pub fn element_type(elements: &[&Type], wanted: &Type, into_map: bool) -> Option<Type> {
    Search::new(Mode::Unsafe).element_type(elements, wanted, into_map)
}

struct Search {
    mode: Mode,
    steps_left: usize,
}

impl Search {
    fn new(mode: Mode) -> Self {
        Search { mode, steps_left: MAX_STEPS }
    }

    fn step(&mut self) -> Option<()> {
        self.steps_left = self.steps_left.checked_sub(1)?;
        Some(())
    }

    fn convertible(&mut self, from: &Type, to: &Type) -> bool {
        if self.step().is_none() {
            return false;
        }
        let some_may_fail = self.mode == Mode::Unsafe;
        match (from, to) {
            (_, Type::Dynamic) => true,
            (Type::Dynamic, _) => some_may_fail,
            (Type::Bool | Type::Number, Type::String) => true,
            (Type::String, Type::Bool | Type::Number) => some_may_fail,
            (Type::Object(from), Type::Object(to)) => to.iter().all(|(name, wanted)| match from.get(name) {
                Some(given) => given.of == wanted.of || self.convertible(&given.of, &wanted.of),
                None => wanted.optional,
            }),
            (Type::Tuple(from), Type::Tuple(to)) => {
                from.len() == to.len() && from.iter().zip(to).all(|(from, to)| from == to || self.convertible(from, to))
            }
            (Type::List(_), Type::Set(_)) if !some_may_fail => false,
            (Type::List(from) | Type::Set(from), Type::List(to) | Type::Set(to)) | (Type::Map(from), Type::Map(to)) => {
                from == to || self.convertible(from, to)
            }
            (Type::Tuple(from), Type::List(to) | Type::Set(to)) => {
                let from = distinct(from);
                from.is_empty() || self.element_type(&from, to, false).is_some()
            }
            (Type::Object(from), Type::Map(to)) => {
                let from = distinct(from.values().map(|attribute| &attribute.of));
                from.is_empty() || self.element_type(&from, to, true).is_some()
            }
            (Type::Map(from), Type::Object(to)) => {
                some_may_fail && to.values().all(|to| **from == to.of || to.optional || self.convertible(from, &to.of))
            }
            _ => from == to,
        }
    }

    fn element_type(&mut self, elements: &[&Type], wanted: &Type, into_map: bool) -> Option<Type> {
        let elements = distinct(elements.iter().copied());
        let of = match wanted {
            Type::Dynamic => self.unify(&elements)?,
            wanted => wanted.clone(),
        };
        if of == Type::Dynamic && !into_map && elements.iter().any(|element| **element != Type::Dynamic) {
            return None;
        }
        elements.iter().all(|element| **element == of || self.convertible(element, &of)).then_some(of)
    }

    fn unify(&mut self, types: &[&Type]) -> Option<Type> {
        self.step()?;
        let types = distinct(types.iter().copied());
        if let [only] = types.as_slice() {
            return Some((*only).clone());
        }
        let count = |is: fn(&Type) -> bool| types.iter().filter(|of| is(of)).count();
        let dynamic = count(|of| *of == Type::Dynamic);
        let maps = count(|of| matches!(of, Type::Map(_)));
        let objects = count(|of| matches!(of, Type::Object(_)));
        let lists = count(|of| matches!(of, Type::List(_)));
        let tuples = count(|of| matches!(of, Type::Tuple(_)));
        let sets = count(|of| matches!(of, Type::Set(_)));
        let all = |parts: &[usize]| parts[0] > 0 && parts.iter().sum::<usize>() + dynamic == types.len();
        if dynamic > 0 && [maps, lists, sets, objects, tuples].iter().any(|one| all(&[*one])) {
            return Some(Type::Dynamic);
        }
        if all(&[maps]) || all(&[lists]) || all(&[sets]) {
            return self.unify_collections(&types);
        } else if maps > 0 && all(&[maps, objects]) {
            if let Some(of) = self.unify_rewritten(&types, |of| matches!(of, Type::Object(_)), Self::objects_to_map) {
                return Some(of);
            }
        } else if lists > 0 && all(&[lists, tuples]) {
            if let Some(of) = self.unify_rewritten(&types, |of| matches!(of, Type::Tuple(_)), Self::tuples_to_list) {
                return Some(of);
            }
        } else if all(&[objects]) {
            return self.unify_objects(&types);
        } else if all(&[tuples]) {
            return self.unify_tuples(&types);
        } else if objects > 0 && tuples > 0 {
            return None;
        }
        let kinds = [maps + objects, lists + tuples + sets, count(Type::is_primitive)];
        if kinds.iter().filter(|count| **count > 0).count() > 1 || types.len() > MAX_COMPARED {
            return (dynamic > 0).then_some(Type::Dynamic);
        }
        self.preferred(&types)
    }

    /// The first in the order of preference to which all others convert.
    fn preferred(&mut self, types: &[&Type]) -> Option<Type> {
        let order = in_order_of_preference(types);
        let wanted = order.into_iter().map(|index| types[index]);
        wanted.into_iter().find(|wanted| types.iter().all(|of| of == wanted || self.convertible(of, wanted))).cloned()
    }

    /// `of` when all convert to it.
    fn if_all_convert(&mut self, types: &[&Type], of: Type) -> Option<Type> {
        types.iter().all(|from| **from == of || self.convertible(from, &of)).then_some(of)
    }

    fn unify_collections(&mut self, types: &[&Type]) -> Option<Type> {
        let elements: Vec<&Type> = types.iter().filter_map(|of| of.element()).collect();
        let of = self.unify(&elements)?;
        let of = match types.first()? {
            Type::Map(_) => Type::map(of),
            Type::Set(_) => Type::set(of),
            _ => Type::list(of),
        };
        self.if_all_convert(types, of)
    }

    /// Unifies those of one kind first to a collection, then all with that in their places.
    fn unify_rewritten(
        &mut self,
        types: &[&Type],
        is_rewritten: fn(&Type) -> bool,
        to_collection: fn(&mut Self, &[&Type]) -> Option<Type>,
    ) -> Option<Type> {
        let rewritten: Vec<&Type> = types.iter().copied().filter(|of| is_rewritten(of)).collect();
        let collection = to_collection(self, &rewritten)?;
        let with_it: Vec<&Type> = types.iter().map(|of| if is_rewritten(of) { &collection } else { *of }).collect();
        self.unify(&with_it).filter(|of| matches!(of, Type::Map(_) | Type::List(_)))
    }

    fn unify_objects(&mut self, types: &[&Type]) -> Option<Type> {
        let all: Vec<&Attributes> = types.iter().filter_map(|of| of.attributes()).collect();
        let first = all.first()?;
        if all.iter().any(|attributes| attributes.len() != first.len() || attributes.keys().ne(first.keys())) {
            return self.objects_to_map(types);
        }
        let mut unified = Attributes::new();
        for name in first.keys() {
            let across: Vec<&Type> = all.iter().filter_map(|attributes| Some(&attributes.get(name)?.of)).collect();
            unified.insert(name.clone(), Attribute { of: self.unify(&across)?, optional: false });
        }
        let found = self.if_all_convert(types, Type::Object(unified));
        found.or_else(|| self.objects_to_map(types))
    }

    fn objects_to_map(&mut self, types: &[&Type]) -> Option<Type> {
        let attributes = types.iter().filter_map(|of| of.attributes()).flat_map(Attributes::values);
        let elements = distinct(attributes.map(|attribute| &attribute.of));
        let of = self.unify_some(&elements)?;
        self.if_all_convert(types, Type::map(of))
    }

    fn unify_tuples(&mut self, types: &[&Type]) -> Option<Type> {
        let all: Vec<&[Type]> = types.iter().filter_map(|of| of.tuple_elements()).collect();
        let first = all.first()?;
        if all.iter().any(|elements| elements.len() != first.len()) {
            return self.tuples_to_list(types);
        }
        let mut unified = Vec::with_capacity(first.len());
        for index in 0..first.len() {
            let across: Vec<&Type> = all.iter().filter_map(|elements| elements.get(index)).collect();
            unified.push(self.unify(&across)?);
        }
        let found = self.if_all_convert(types, Type::Tuple(unified));
        found.or_else(|| self.tuples_to_list(types))
    }

    fn tuples_to_list(&mut self, types: &[&Type]) -> Option<Type> {
        let elements = distinct(types.iter().filter_map(|of| of.tuple_elements()).flatten());
        let of = self.unify_some(&elements)?;
        self.if_all_convert(types, Type::list(of))
    }

    /// Nothing has nothing in common.
    fn unify_some(&mut self, types: &[&Type]) -> Option<Type> {
        if types.is_empty() { None } else { self.unify(types) }
    }
}

/// Each type once, in the order in which they come first.
fn distinct<'a>(types: impl IntoIterator<Item = &'a Type>) -> Vec<&'a Type> {
    let mut seen = HashSet::new();
    types.into_iter().filter(|of| seen.insert(*of)).collect()
}

/// Indices of the types, the more general ones first (a topological order).
fn in_order_of_preference(types: &[&Type]) -> Vec<usize> {
    let mut less_general = vec![Vec::new(); types.len()];
    let mut above = vec![0usize; types.len()];
    for (i, a) in types.iter().enumerate() {
        for (j, b) in types.iter().enumerate().skip(i + 1) {
            let preference = preference(a, b);
            if preference < 0 {
                less_general[i].push(j);
                above[j] += 1;
            } else if preference > 0 {
                less_general[j].push(i);
                above[i] += 1;
            }
        }
    }
    let mut order: Vec<usize> = (0..types.len()).filter(|index| above[*index] == 0).collect();
    let mut next = 0;
    while let Some(index) = order.get(next).copied() {
        for below in &less_general[index] {
            above[*below] -= 1;
            if above[*below] == 0 {
                order.push(*below);
            }
        }
        next += 1;
    }
    // Types that prefer each other in a circle: the first type stands for them.
    order.resize(types.len(), 0);
    order
}

/// Negative when `a` is preferred to `b`, positive when `b` is, zero when neither.
fn preference(a: &Type, b: &Type) -> i32 {
    match (a, b) {
        (Type::Dynamic, Type::Dynamic) => 0,
        (_, Type::Dynamic) => -1,
        (Type::Dynamic, _) => 1,
        (Type::String, Type::Bool | Type::Number) => -1,
        (Type::Bool | Type::Number, Type::String) => 1,
        (Type::List(a), Type::List(b)) | (Type::Set(a), Type::Set(b)) | (Type::Map(a), Type::Map(b)) => {
            preference(a, b)
        }
        (Type::List(_), Type::Tuple(_)) | (Type::Map(_), Type::Object(_)) => -1,
        (Type::Tuple(_), Type::List(_)) | (Type::Object(_), Type::Map(_)) => 1,
        (Type::Tuple(_) | Type::List(_), Type::Set(_)) => -1,
        (Type::Set(_), Type::Tuple(_) | Type::List(_)) => 1,
        (Type::Object(a), Type::Object(b)) => {
            if a.len() != b.len() || a.keys().ne(b.keys()) {
                return 0;
            }
            overall(a.values().zip(b.values()).map(|(a, b)| preference(&a.of, &b.of)))
        }
        (Type::Tuple(a), Type::Tuple(b)) if a.len() == b.len() => {
            overall(a.iter().zip(b).map(|(a, b)| preference(a, b)))
        }
        _ => 0,
    }
}

/// One side's preference when the other side has none.
fn overall(preferences: impl Iterator<Item = i32>) -> i32 {
    let (mut for_a, mut for_b) = (false, false);
    for preference in preferences {
        for_a |= preference < 0;
        for_b |= preference > 0;
    }
    i32::from(for_b) - i32::from(for_a)
}
