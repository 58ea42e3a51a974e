//! What the source wants, where no plan says it: attributes of instances as their blocks declare them, the rest as it is
//! recorded.

use crate::model::{Address, Value};
use crate::providers::ResourceType;
use crate::terraform::config::{Configuration, Ignored, Says};
use crate::terraform::value::{Data, Val};
use std::collections::BTreeMap;

/// What is wanted of an instance.
pub(super) enum Wanted {
    /// These attributes, under this address.
    Value(Address, Value),
    /// Not to be there any more.
    Gone,
    /// The source does not tell: what is recorded stands.
    AsRecorded,
}

/// What the source wants of an instance that a state records with these attributes.
pub(super) fn of_recorded(source: &Configuration, of: &ResourceType, address: &Address, recorded: &Value) -> Wanted {
    match source.says(address) {
        Says::Declared { address, value, ignored } => {
            let mut attributes = laid_over(recorded, &value, of);
            keep_ignored(&mut attributes, recorded, &ignored);
            Wanted::Value(address, Value::Map(attributes))
        }
        Says::Gone => Wanted::Gone,
        Says::Unknown(_) => Wanted::AsRecorded,
    }
}

/// The attributes of an instance that nothing records; what an apply would find out is unknown. `None` when the source
/// does not tell.
pub(super) fn of_new(source: &Configuration, of: &ResourceType, address: &Address) -> Option<Value> {
    let Says::Declared { value, .. } = source.says(address) else { return None };
    let filled_in = of.fills_in.iter().chain(&["id"]).map(|name| ((*name).to_owned(), Value::Unknown));
    Some(Value::Map(laid_over(&Value::Map(filled_in.collect()), &value, of)))
}

/// What a block says, laid over what is recorded. An attribute that the block leaves out, or sets to `null`, stays where
/// the provider fills it in, and is `null` otherwise, as in a plan; one whose value is not wholly known stays, too.
fn laid_over(recorded: &Value, said: &Val, of: &ResourceType) -> BTreeMap<String, Value> {
    let Value::Map(recorded) = recorded else { return BTreeMap::new() };
    let fills_in = |name: &str| name == "id" || of.fills_in.contains(&name);
    let mut wanted: BTreeMap<String, Value> =
        recorded.iter().filter(|(name, _)| fills_in(name)).map(|(name, old)| (name.clone(), old.clone())).collect();
    let Data::Object(arguments) = &said.data else { return wanted };
    for (name, argument) in arguments.iter().filter(|(_, argument)| !argument.value.is_null()) {
        let value = match recorded.get(&**name) {
            Some(old) if argument.value.why_not_wholly_known().is_some() => old.clone(),
            Some(old) => in_form_of(argument.value.to_value(), old),
            None => argument.value.to_value(),
        };
        wanted.insert(name.to_string(), value);
    }
    for name in recorded.keys() {
        wanted.entry(name.clone()).or_insert(Value::Null);
    }
    wanted
}

/// Puts back what `ignore_changes` tells Terraform to leave as it is recorded.
fn keep_ignored(wanted: &mut BTreeMap<String, Value>, recorded: &Value, ignored: &Ignored) {
    let Value::Map(recorded) = recorded else { return };
    for (name, old) in recorded.iter().filter(|(name, _)| ignored.covers(name)) {
        wanted.insert(name.clone(), old.clone());
    }
}

/// A value of the source in the form that the provider's schema gives it, as far as the record shows that: people write
/// numbers and truth values as texts, and the other way round.
fn in_form_of(said: Value, recorded: &Value) -> Value {
    match (&said, recorded) {
        (Value::Bool(truth), Value::String(_)) => Value::String(truth.to_string()),
        (Value::Number(number), Value::String(_)) => Value::String(number.to_string()),
        (Value::String(text), Value::Bool(_)) => text.parse().map_or(said, Value::Bool),
        (Value::String(text), Value::Number(_)) => serde_json::from_str(text).map_or(said, Value::Number),
        _ => said,
    }
}
