//! Functions on numbers.

use super::super::value::{Cause, Data, Number, Type, Val, convert};
use super::{Call, Failure, Function, Parameter, Takes, doubles, takes};
use num_bigint::BigInt;
use std::cmp::Ordering;

/// Longest text that is read as a whole number.
const MAX_DIGITS: usize = 20_000;

const NUMBER: Parameter = takes(Takes::Number);

const fn of_number(name: &'static str, run: fn(&Call<'_>) -> Result<Val, Failure>) -> Function {
    Function { name, parameters: &[NUMBER], rest: None, returns: Takes::Number, run }
}

const fn of_two(name: &'static str, run: fn(&Call<'_>) -> Result<Val, Failure>) -> Function {
    Function { name, parameters: &[NUMBER, NUMBER], rest: None, returns: Takes::Number, run }
}

const fn of_any(name: &'static str, run: fn(&Call<'_>) -> Result<Val, Failure>) -> Function {
    Function { name, parameters: &[], rest: Some(NUMBER), returns: Takes::Number, run }
}

pub(super) const TABLE: &[Function] = &[
    of_number("abs", |call| Ok(Val::number(call.number(0)?.absolute()))),
    of_number("ceil", |call| Ok(Val::number(call.number(0)?.ceiling()))),
    of_number("floor", |call| Ok(Val::number(call.number(0)?.floor()))),
    of_two("log", |call| computed(doubles::log(call.double(0)?) / doubles::log(call.double(1)?))),
    of_any("max", |call| furthest(call, Ordering::Greater)),
    of_any("min", |call| furthest(call, Ordering::Less)),
    Function {
        name: "parseint",
        parameters: &[takes(Takes::Any), NUMBER],
        rest: None,
        returns: Takes::Number,
        run: parse_int,
    },
    of_two("pow", |call| computed(doubles::pow(call.double(0)?, call.double(1)?))),
    of_number("signum", |call| Ok(Val::number(call.integer(0)?.signum()))),
    Function { name: "sum", parameters: &[takes(Takes::Any)], rest: None, returns: Takes::Number, run: sum },
];

fn computed(value: f64) -> Result<Val, Failure> {
    Number::from_f64(value).map(Val::number).ok_or_else(|| Failure::new("the result is not a number"))
}

/// The first of the arguments that none lies beyond.
fn furthest(call: &Call<'_>, beyond: Ordering) -> Result<Val, Failure> {
    let mut found: Option<&Val> = None;
    for argument in &call.arguments {
        let further = match (found.and_then(Val::as_number), argument.as_number()) {
            (Some(found), Some(number)) => number.compare(found) == beyond,
            _ => true,
        };
        if further {
            found = Some(argument);
        }
    }
    found.cloned().ok_or_else(|| Failure::new("at least one number is required"))
}

fn parse_int(call: &Call<'_>) -> Result<Val, Failure> {
    let Some(text) = call.arguments.first().and_then(Val::as_str) else {
        return Err(Failure::of(0, "must be a string"));
    };
    let base = u32::try_from(call.integer(1)?).ok().filter(|base| (2..=62).contains(base));
    let base = base.ok_or_else(|| Failure::of(1, "must be a whole number from 2 to 62"))?;
    if text.len() > MAX_DIGITS {
        return Ok(call.unknown(Type::Number, Cause::Limit, "the number is too long"));
    }
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let digits: Option<Vec<u8>> = digits.bytes().map(|byte| digit(byte, base)).collect();
    let digits = digits.filter(|digits| !digits.is_empty());
    let magnitude = digits.and_then(|digits| num_bigint::BigUint::from_radix_be(&digits, base));
    let magnitude = BigInt::from(magnitude.ok_or_else(|| Failure::of(0, "is no whole number in this base"))?);
    Ok(Val::number(Number::from(if text.starts_with('-') { -magnitude } else { magnitude })))
}

/// What a character counts: upper-case letters stand for themselves only where lower-case ones do not suffice.
fn digit(byte: u8, base: u32) -> Option<u8> {
    let value = match byte {
        b'0'..=b'9' => byte - b'0',
        b'a'..=b'z' => byte - b'a' + 10,
        b'A'..=b'Z' if base <= 36 => byte - b'A' + 10,
        b'A'..=b'Z' => byte - b'A' + 36,
        _ => return None,
    };
    (u32::from(value) < base).then_some(value)
}

fn sum(call: &Call<'_>) -> Result<Val, Failure> {
    let argument = call.arguments.first();
    let elements = argument.and_then(Val::elements).filter(|elements| !elements.is_empty());
    let elements = elements.ok_or_else(|| Failure::of(0, "must be a list, set or tuple with elements"))?;
    if let Some(why) = argument.and_then(Val::why_not_wholly_known) {
        return Ok(Val::unknown_like(Type::Number, why));
    }
    let mut total: Option<Number> = None;
    for element in elements {
        let number = convert::convert(&element, &Type::Number).map_err(|message| Failure::of(0, message))?;
        let Data::Number(number) = number.data else {
            return Err(Failure::of(0, "must not hold null"));
        };
        total = Some(match total {
            Some(total) => total.add(&number).ok_or_else(|| Failure::new("opposing infinities have no sum"))?,
            None => number,
        });
    }
    total.map(Val::number).ok_or_else(|| Failure::of(0, "must have elements"))
}
