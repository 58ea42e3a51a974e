//! What several kinds read in the same way: the database that a declaration is about, and owners.

use crate::model::{Claim, Claims, Compare, Instance, Key, Kind, Property, Value, Weight};

/// A set of one thing, which is not named in full: its database is the one of the provider's own configuration, or its name
/// is as a person writes it.
pub(in crate::providers::postgres) const LOOKED_FOR: &str = "one thing";

/// Kinds whose things people name in another way than the server does.
static LOOSE: &[&str] = &["postgres/function", "postgres/security_label"];

/// The `owner` of an object that a resource type declares.
pub(super) const OWNER: Property = Property { name: "owner", compare: Compare::Exact, weight: Weight::Access };

/// A claim on a thing of the database that the attribute, else the provider block names; where neither does, it is looked
/// for in all of them. What names a thing more loosely than the live side does is looked for there, too ([`LOOSE`]).
/// `None` when the database is not known before an apply.
pub(super) fn located<'a, S: Into<String>>(
    instance: &Instance,
    kind: &'static Kind,
    rest: impl IntoIterator<Item = S>,
    out: &'a mut Claims,
) -> Option<&'a mut Claim> {
    let rest = rest.into_iter().map(Into::into);
    let own = said(instance, "database")?;
    let block = || instance.settings.as_ref().and_then(|settings| settings.text("database"));
    let named = own.and_then(Value::as_str).or_else(block).filter(|name| !name.is_empty());
    let key = |database: &str| Key::new([database.to_owned()].into_iter().chain(rest));
    Some(match named {
        Some(name) if LOOSE.contains(&kind.id) => out.sweep(instance, kind, key(name), LOOKED_FOR),
        Some(name) => out.claim(instance, kind, key(name)),
        None => out.sweep(instance, kind, key(""), LOOKED_FOR),
    })
}

/// An optional attribute that the provider fills in, as far as anything says it: where the source leaves it out, that it is
/// not known before an apply says nothing. `None` when the source sets it to something that is not known.
pub(super) fn said<'a>(instance: &'a Instance, attribute: &str) -> Option<Option<&'a Value>> {
    match instance.attributes.get(attribute) {
        Some(Value::Unknown) if instance.configured.sets(attribute) == Some(false) => Some(None),
        Some(Value::Unknown) => None,
        value => Some(value),
    }
}

impl Claim {
    /// Sets properties that are optional and computed: where the source surely does not set one, the provider takes what
    /// is live, and an apply puts nothing back.
    pub(super) fn computed(&mut self, instance: &Instance, attributes: &[&'static str]) -> &mut Self {
        self.copy(instance, attributes);
        for name in attributes {
            if instance.configured.sets(name) == Some(false) {
                self.unseen(name);
            }
        }
        self
    }
}
