//! Functions that change the type of a value, or its marks.

use super::super::value::{Type, Val, convert};
use super::{Call, Failure, Function, Parameter, Takes, takes};

/// What these functions look at themselves, whatever it is.
const VALUE: Parameter = takes(Takes::Any).or_null().or_unknown().or_marked();

const fn of_value(name: &'static str, returns: Takes, run: fn(&Call<'_>) -> Result<Val, Failure>) -> Function {
    Function { name, parameters: &[VALUE], rest: None, returns, run }
}

pub(super) const TABLE: &[Function] = &[
    // No value here is ephemeral: what is does not get into a state.
    of_value("ephemeralasnull", Takes::Any, |call| Ok(call.argument(0)?.clone())),
    of_value("issensitive", Takes::Bool, |call| {
        let value = call.argument(0)?;
        Ok(match value.why_unknown() {
            Some(why) if !value.sensitive => Val::unknown_like(Type::Bool, why),
            _ => Val::bool(value.sensitive),
        })
    }),
    of_value("nonsensitive", Takes::Any, |call| Ok(call.looked_into(0)?.0)),
    of_value("sensitive", Takes::Any, |call| Ok(call.argument(0)?.clone().marked(true))),
    of_value("tobool", Takes::Bool, |call| to(call, Takes::Bool)),
    of_value("tolist", Takes::ListOfAny, |call| to(call, Takes::ListOfAny)),
    of_value("tomap", Takes::MapOfAny, |call| to(call, Takes::MapOfAny)),
    of_value("tonumber", Takes::Number, |call| to(call, Takes::Number)),
    of_value("toset", Takes::SetOfAny, |call| to(call, Takes::SetOfAny)),
    of_value("tostring", Takes::String, |call| to(call, Takes::String)),
];

fn to(call: &Call<'_>, of: Takes) -> Result<Val, Failure> {
    call.opened(0)?;
    convert::convert(call.argument(0)?, &of.type_of()).map_err(|message| Failure::of(0, message))
}
