//! What the claims of every system read from an instance in the same way.

use crate::model::{Claim, Claims, Gap, Hides, Instance, Kind, Value};

/// A text attribute that a claim's key needs. `None`, with a gap, when it is not known, and when the recorded object does
/// not have it.
pub(super) fn key_text(instance: &Instance, attribute: &str, kind: &'static Kind, out: &mut Claims) -> Option<String> {
    match instance.attributes.get(attribute) {
        Some(Value::String(text)) if !text.is_empty() => Some(text.clone()),
        Some(Value::Unknown) => {
            out.gaps.push(not_known(instance, attribute, kind));
            None
        }
        _ => {
            out.gaps.push(Gap {
                code: "claim_unreadable".into(),
                system: kind.system().to_owned(),
                scope: None,
                hides: Hides::Claims { kinds: vec![kind] },
                reason: format!("`{}` has no `{attribute}`, so what it declares is not known", instance.by.address),
                hint: "run `terraform refresh` or look at the object with `terraform state show`".to_owned(),
                location: None,
            });
            None
        }
    }
}

/// The elements of a list or set of texts, as far as they are known; none when it is absent. `None`, with a gap, when it is marked as sensitive: who
/// does not know the elements must not call the others strangers.
pub(super) fn elements<'a>(
    instance: &'a Instance,
    attribute: &str,
    kind: &'static Kind,
    out: &mut Claims,
) -> Option<Vec<&'a str>> {
    let Some(list) = instance.attributes.get(attribute) else { return Some(Vec::new()) };
    if list.has_unknown() {
        out.gaps.push(not_known(instance, attribute, kind));
    }
    if list.has_secret() {
        out.gaps.push(Gap {
            code: "claim_unreadable".into(),
            system: kind.system().to_owned(),
            scope: None,
            hides: Hides::Claims { kinds: vec![kind] },
            reason: format!(
                "`{attribute}` of `{}` is marked as sensitive, so what it declares is not known",
                instance.by.address
            ),
            hint: "take the mark off: names of who has access are no secret to who reads this".to_owned(),
            location: None,
        });
        return None;
    }
    Some(list.strings().collect())
}

fn not_known(instance: &Instance, attribute: &str, kind: &'static Kind) -> Gap {
    Gap {
        code: "claim_unknown".into(),
        system: kind.system().to_owned(),
        scope: None,
        hides: Hides::Claims { kinds: vec![kind] },
        reason: format!("`{attribute}` of `{}` is not known, so what it declares is not, either", instance.by.address),
        hint:
            "give the state, or the values of the variables with `--var` or `--var-file`; `driftline explain ADDRESS` \
               shows what is missing"
                .to_owned(),
        location: None,
    }
}

impl Claim {
    /// Sets properties from the attributes of the same names; an attribute that is not there sets nothing.
    pub(super) fn copy(&mut self, instance: &Instance, attributes: &[&'static str]) -> &mut Self {
        for name in attributes {
            if let Some(value) = instance.attributes.get(name) {
                self.set(name, value.clone());
            }
        }
        self
    }
}
