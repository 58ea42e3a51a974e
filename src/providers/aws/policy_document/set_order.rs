//! The order in which the provider goes through blocks that make a set: by a hash of what they say.
//!
//! Rules: `schema.HashResource`, `SerializeValueForHash` and `Set.List` of `terraform-plugin-sdk` 2: the CRC-32 of a text
//! that lists the attributes by name, as decimal digits and sorted as text.

use super::Texts;

/// The place of a `principals` block in its set.
pub(super) fn of_principals(kind: &str, identifiers: &Texts) -> String {
    let mut members: Vec<(String, &str)> =
        identifiers.all.iter().map(|who| (hash(&format!("{};", who.text)), who.text.as_str())).collect();
    members.sort();
    let members: String = members.iter().map(|(_, who)| format!("{who};")).collect();
    hash(&format!("identifiers:{{{members}}};type:{kind};"))
}

/// The place of a `condition` block in its set.
pub(super) fn of_condition(test: &str, variable: &str, values: &Texts) -> String {
    let values: String = values.all.iter().map(|value| format!("{};", value.text)).collect();
    hash(&format!("test:{test};values:({values});variable:{variable};"))
}

/// Blocks by their places; of several in one place there is one.
pub(super) fn in_order<T>(mut blocks: Vec<(String, T)>) -> Vec<T> {
    blocks.sort_by(|(a, _), (b, _)| a.cmp(b));
    blocks.dedup_by(|(next, _), (kept, _)| next == kept);
    blocks.into_iter().map(|(_, block)| block).collect()
}

fn hash(text: &str) -> String {
    let mut crc = flate2::Crc::new();
    crc.update(text.as_bytes());
    crc.sum().to_string()
}
