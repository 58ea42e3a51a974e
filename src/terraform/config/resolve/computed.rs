//! Attributes of data sources that are computed here, held against what the state records of them.

use super::super::body;
use super::super::module::Layers;
use super::Seen;
use crate::model::Value;
use crate::terraform::computed::{Ask, Computed};
use crate::terraform::value::{Cause, Origin, Place, Type, Val, Why};
use std::sync::Arc;

/// An attribute of the data source that `block` declares.
///
/// What is recorded wins where driftline would have made something else of the arguments that are recorded with it, and
/// where the arguments are not known; its place is the block then.
pub(super) fn attribute(
    how: &Computed,
    name: &str,
    block: &Layers<'_>,
    seen: &Seen<'_>,
    recorded: Option<&Value>,
) -> Option<Val> {
    let (file, base) = block.base()?;
    let at = Place::new(file, base.header);
    let arguments = body::of_resource(block, seen);
    let known = match recorded.and_then(|recorded| recorded.get(name)) {
        None | Some(Value::Null | Value::Unknown) => None,
        Some(Value::String(text)) => Some(text.as_str()),
        // Marked as sensitive: nothing of it is shown, and nothing computed either.
        Some(other) => return Some(Val::from_value(other).with_origin(Origin::block(at))),
    };
    let compute = |arguments: &Val| {
        if let Some(why) = arguments.why_not_wholly_known() {
            return Err(why.clone());
        }
        let ask = Ask { arguments: &arguments.without_marks(), attribute: name, recorded: known, at: &at };
        (how.compute)(&ask).map_err(|reason| Arc::new(Why::new(Cause::Error, reason).at(at.clone())))
    };
    let said = compute(&arguments);
    let as_recorded = |text: &str| Val::string(text).with_origin(Origin::block(at.clone()));
    let value = match (said, known) {
        (Ok(said), Some(known)) if said.as_str() != Some(known) => {
            let again = recorded.map(|recorded| compute(&Val::from_value(recorded)));
            let certain = again.is_some_and(|again| again.is_ok_and(|again| again.as_str() == Some(known)));
            if certain { said } else { as_recorded(known) }
        }
        (Ok(said), _) => said,
        (Err(_), Some(known)) => as_recorded(known),
        (Err(why), None) => Val::unknown_like(Type::String, &why),
    };
    let origin = Origin::passed(at.clone(), "data source", &value.origin);
    Some(value.with_origin(origin).marked(arguments.is_sensitive_within()))
}
