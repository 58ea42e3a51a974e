//! The tags that a resource ends up with: its own, over those that the provider block gives to everything.
//!
//! Rules: `internal/tags` of the provider, and `default_tags` in its documentation.

use crate::model::{ProviderConfiguration, Setting, Value};
use std::collections::BTreeMap;

/// Makes `tags_all` follow from `tags`, where the source says both of its parts.
pub(super) fn complete(attributes: &mut Value, recorded: Option<&Value>, block: Option<&ProviderConfiguration>) {
    let Value::Map(fields) = attributes else { return };
    // A type without tags has no `tags_all`, recorded or to be found out.
    if !fields.contains_key("tags_all") {
        return;
    }
    let own = match fields.get("tags") {
        None | Some(Value::Null) => BTreeMap::new(),
        Some(Value::Map(own)) => own.clone(),
        Some(_) => return,
    };
    let all = defaults(block).or_else(|| recorded.and_then(beside_own)).map(|mut all| {
        all.extend(own);
        Value::Map(all)
    });
    fields.insert("tags_all".to_owned(), all.unwrap_or(Value::Unknown));
}

/// The tags of `default_tags`; `None` when what it says is not known.
fn defaults(block: Option<&ProviderConfiguration>) -> Option<BTreeMap<String, Value>> {
    match block?.settings.get("default_tags") {
        None => Some(BTreeMap::new()),
        Some(Setting::Blocks(blocks)) => match blocks.first().and_then(|block| block.get("tags")) {
            None => Some(BTreeMap::new()),
            Some(Setting::Known(Value::Map(tags))) => Some(tags.clone()),
            Some(_) => None,
        },
        Some(_) => None,
    }
}

/// The recorded tags that are not the resource's own.
fn beside_own(recorded: &Value) -> Option<BTreeMap<String, Value>> {
    let (Value::Map(all), own) = (recorded.get("tags_all")?, recorded.get("tags")) else { return None };
    let is_own = |key: &str| own.is_some_and(|own| own.get(key).is_some());
    Some(all.iter().filter(|(key, _)| !is_own(key)).map(|(key, value)| (key.clone(), value.clone())).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(json: serde_json::Value) -> Value {
        Value::from_json(json)
    }

    fn block(tags: Setting) -> ProviderConfiguration {
        let default_tags = Setting::Blocks(vec![BTreeMap::from([("tags".to_owned(), tags)])]);
        ProviderConfiguration {
            settings: BTreeMap::from([("default_tags".to_owned(), default_tags)]),
            ..ProviderConfiguration::default()
        }
    }

    #[test]
    fn own_tags_go_over_those_of_the_provider_block() {
        let block = block(Setting::Known(map(serde_json::json!({"team": "platform", "env": "prod"}))));
        let mut attributes = map(serde_json::json!({"tags": {"team": "shop"}, "tags_all": {"old": "x"}}));
        complete(&mut attributes, None, Some(&block));
        assert_eq!(attributes.get("tags_all"), Some(&map(serde_json::json!({"team": "shop", "env": "prod"}))));
    }

    #[test]
    fn defaults_that_are_not_known_are_what_the_record_has_beside_the_own() {
        let block = block(Setting::Unresolved("local.tags".to_owned()));
        let recorded = map(serde_json::json!({"tags": {"a": "1"}, "tags_all": {"a": "1", "env": "prod"}}));
        let mut attributes = map(serde_json::json!({"tags": {"b": "2"}, "tags_all": {"a": "1", "env": "prod"}}));
        complete(&mut attributes, Some(&recorded), Some(&block));
        assert_eq!(attributes.get("tags_all"), Some(&map(serde_json::json!({"b": "2", "env": "prod"}))));
        // And of something new they are not known.
        complete(&mut attributes, None, Some(&block));
        assert_eq!(attributes.get("tags_all"), Some(&Value::Unknown));
    }

    #[test]
    fn what_has_no_tags_gets_none() {
        let mut attributes = map(serde_json::json!({"name": "x"}));
        complete(&mut attributes, None, None);
        assert_eq!(attributes, map(serde_json::json!({"name": "x"})));
    }
}
