//! The table of three values: what a thing's desired, recorded and live sides say together.

use super::equal::{self, equal};
use super::pair::Thing;
use super::{Comparison, Difference, Said, Sides};
use crate::model::{
    AttrPath, Change, Claim, Claimed, Compare, Fact, Finding, Gap, Hides, Kind, Property, Secret, Severity, Status,
    Step, Strength, Value,
};
use crate::policy;
use std::collections::BTreeMap;

/// Judges one thing: whether it is there as it should be, and, where it is, each of its properties.
pub(super) fn judge<'a>(thing: &Thing<'a>, sides: &Sides<'a>, out: &mut Comparison<'a>) {
    let recorded = thing.recorded.first().copied();
    // Without a plan the recorded side stands for both, and no row that tells them apart can come up.
    let desired = if sides.desired.is_some() { thing.desired.first().copied() } else { recorded };
    conflicting_authority(thing, desired, out);
    match (desired, recorded, thing.fact) {
        (None, None, None) => {}
        (None, None, Some(fact)) => unclaimed(thing, fact, sides, out),
        (_, _, None) if in_gap(thing, sides) => out.unknown += 1,
        (_, Some(old), _)
            if old.strength == Strength::Leftover && desired.is_none_or(|d| d.strength == Strength::Leftover) =>
        {
            leftover(thing, old, out);
        }
        (Some(want), Some(_), None) => gone(thing, want, Status::Drift, out),
        (Some(want), None, None) => gone(thing, want, Status::Pending, out),
        (None, Some(old), None) => gone(thing, old, Status::Converged, out),
        (Some(want), None, Some(fact)) => ahead(thing, want, fact, out),
        (None, Some(old), Some(fact)) => {
            // The block is gone from the plan and the access still stands.
            let finding = finding(thing, Change::Added, Status::Pending, Some(old), None);
            push(out, finding, Some(fact), Some(said(old)));
        }
        (Some(want), Some(old), Some(fact)) => both(thing, want, old, fact, sides, out),
    }
}

/// Somebody declares a thing that another resource, which says what the whole set is, leaves out: every apply undoes the
/// other. That is a fault of the configuration, whatever is live.
fn conflicting_authority(thing: &Thing<'_>, declared: Option<&Claim>, out: &mut Comparison<'_>) {
    let (Some(authority), Some(claim)) = (thing.authority, declared) else { return };
    let claims = if thing.desired.is_empty() { &thing.recorded } else { &thing.desired };
    let lists_it = claims.iter().any(|claim| claim.by.address == authority.by.address);
    if lists_it || claim.strength >= Strength::Recorded {
        return;
    }
    out.gaps.push(Gap {
        code: "authority_conflict".into(),
        system: thing.kind.system().to_owned(),
        scope: Some(thing.scope.into()),
        hides: Hides::Unread(format!("whether {} is wanted", thing.kind.describe(thing.key))),
        reason: format!(
            "`{}` declares it, and `{}` declares the whole set without it",
            claim.by.address, authority.by.address
        ),
        hint: "list it in the second one, or delete the first".to_owned(),
        location: None,
    });
}

fn in_gap(thing: &Thing<'_>, sides: &Sides<'_>) -> bool {
    sides.observation.gaps.iter().any(|gap| gap.hides_fact(thing.kind, thing.scope, thing.key))
}

/// Live, and claimed by nobody: drift on an authority that lists everything of its kind, else unmanaged.
fn unclaimed<'a>(thing: &Thing<'a>, fact: &'a Fact, sides: &Sides<'a>, out: &mut Comparison<'a>) {
    if let Some(authority) = thing.authority {
        let mut added = finding(thing, Change::Added, Status::Drift, None, None);
        added.address = Some(authority.by.address.clone());
        added.resource_type = Some(authority.by.address.resource_type.clone());
        added.state = authority.by.state.clone();
        added.id = identify(&added);
        push(out, added, Some(fact), Some(Said { by: &authority.by, at: authority.at.clone() }));
        if let Some(difference) = out.differences.last_mut() {
            difference.unseen = authority.unseen;
        }
        return;
    }
    if fact.vendor_made.is_some() && !sides.include_builtin {
        return;
    }
    if sides.gaps.iter().any(|gap| gap.hides_claim(thing.kind)) {
        out.unknown += 1;
        return;
    }
    let unmanaged = finding(thing, Change::Unmanaged, Status::Unmanaged, None, None);
    push(out, unmanaged, Some(fact), None);
}

/// A deposed object waits to be destroyed by the next apply.
fn leftover<'a>(thing: &Thing<'a>, old: &'a Claim, out: &mut Comparison<'a>) {
    if let Some(fact) = thing.fact {
        let finding = finding(thing, Change::Added, Status::Pending, Some(old), None);
        push(out, finding, Some(fact), Some(said(old)));
    }
}

/// Claimed, and not there.
fn gone<'a>(thing: &Thing<'a>, claim: &'a Claim, status: Status, out: &mut Comparison<'a>) {
    let change = if claim.strength == Strength::Own { Change::Missing } else { Change::Removed };
    let mut finding = finding(thing, change, status, Some(claim), None);
    if claim.strength == Strength::Recorded {
        finding.reasons.push(
            "judged on what the state last saw: without the source it is not known whether anybody declared it"
                .to_owned(),
        );
    }
    if status == Status::Pending {
        finding.desired = finding.recorded.take();
    }
    push(out, finding, None, Some(said(claim)));
    if let Some(difference) = out.differences.last_mut() {
        difference.unseen = claim.unseen;
    }
}

/// Wanted, not recorded, and live already.
fn ahead<'a>(thing: &Thing<'a>, want: &'a Claim, fact: &'a Fact, out: &mut Comparison<'a>) {
    let (change, status) = match want.strength {
        Strength::Own => (Change::Unmanaged, Status::Adoptable),
        _ => (Change::Added, Status::Converged),
    };
    let mut finding = finding(thing, change, status, Some(want), None);
    finding.desired = finding.recorded.take();
    push(out, finding, Some(fact), Some(said(want)));
    if let Some(difference) = out.differences.last_mut() {
        difference.repeatable = want.repeatable;
    }
}

/// Claimed and there: made anew, or different in some property, or in sync.
fn both<'a>(
    thing: &Thing<'a>,
    want: &'a Claim,
    old: &'a Claim,
    fact: &'a Fact,
    sides: &Sides<'a>,
    out: &mut Comparison<'a>,
) {
    let before = out.differences.len();
    let unknown = out.unknown;
    if old.strength == Strength::Recorded && thing.recorded.iter().all(|claim| claim.strength == Strength::Recorded) {
        undecided(thing, old, out);
        return;
    }
    if let (Some(was), Some(is)) = (&old.unique_id, &fact.unique_id)
        && was != is
    {
        let mut replaced = finding(thing, Change::Replaced, Status::Drift, Some(old), None);
        replaced.recorded = Some(Value::String(was.clone()));
        replaced.live = Some(Value::String(is.clone()));
        push(out, replaced, Some(fact), Some(said(old)));
    }
    for property in thing.kind.properties {
        let values = Three { desired: claimed(&thing.desired, property), recorded: claimed(&thing.recorded, property) };
        if values.desired.is_some() || values.recorded.is_some() {
            judge_property(thing, property, &values, want, fact, sides, out);
        }
    }
    if out.differences.len() == before && out.unknown == unknown {
        out.in_sync += 1;
    }
}

/// Recorded by an optional and computed attribute alone: whether anybody declared it cannot be told without the source.
fn undecided(thing: &Thing<'_>, old: &Claim, out: &mut Comparison<'_>) {
    out.unknown += 1;
    let reason = format!(
        "`{}` records it in an attribute that Terraform fills in by itself, and whether anybody declared it cannot be \
         told: the source is not at hand, or says it by an expression that is not followed",
        old.by.address
    );
    out.gaps.push(Gap {
        code: "undecided_authority".into(),
        system: thing.kind.system().to_owned(),
        scope: Some(thing.scope.into()),
        hides: Hides::Unread(format!("whether {} is declared", thing.kind.describe(thing.key))),
        reason,
        hint: "give the root module's directory, or write the list out in place".to_owned(),
        location: None,
    });
}

/// What the two declared layers say of one property.
struct Three<'a> {
    desired: Option<&'a Claimed>,
    recorded: Option<&'a Claimed>,
}

fn judge_property<'a>(
    thing: &Thing<'a>,
    property: &'static Property,
    values: &Three<'a>,
    want: &'a Claim,
    fact: &'a Fact,
    sides: &Sides<'a>,
    out: &mut Comparison<'a>,
) {
    let Some(live) = fact.properties.get(property.name) else {
        property_not_read(thing, property, sides, out);
        return;
    };
    if hides_secret(thing, property) || live.has_secret() {
        sensitive(thing, property, out);
        return;
    }
    let dangling = dangling(property, live);
    let Some(status) = status_of(property, values, live) else {
        if dangling {
            let at = values.recorded.or(values.desired);
            push_property(thing, property, (Change::Dangling, Status::Drift), values, at, want, fact, live, out);
        }
        return;
    };
    let change = if dangling && status != Status::Pending { Change::Dangling } else { Change::Modified };
    let at = if status == Status::Drift { values.recorded.or(values.desired) } else { values.desired };
    push_property(thing, property, (change, status), values, at, want, fact, live, out);
}

/// Whether Terraform marks as sensitive what it says of this property: then its live counterpart is as secret.
fn hides_secret(thing: &Thing<'_>, property: &Property) -> bool {
    let claims = thing.recorded.iter().chain(&thing.desired);
    claims.filter_map(|claim| claim.properties.get(property.name)).any(|claimed| claimed.value.has_secret())
}

/// A sensitive value is dropped where it is read, so nothing can be said of whether it differs.
fn sensitive(thing: &Thing<'_>, property: &Property, out: &mut Comparison<'_>) {
    out.unknown += 1;
    out.gaps.push(Gap {
        code: "sensitive_not_compared".into(),
        system: thing.kind.system().to_owned(),
        scope: Some(thing.scope.into()),
        hides: Hides::Unread(format!("`{}` of {}", property.name, thing.kind.describe(thing.key))),
        reason: "Terraform marks it as sensitive, and sensitive values are not kept for comparing".to_owned(),
        hint: "take the mark off if it is no secret, or look with `terraform plan -refresh-only`".to_owned(),
        location: None,
    });
}

/// The row of the table; `None` when all is in sync.
fn status_of(property: &Property, values: &Three<'_>, live: &Value) -> Option<Status> {
    let same = |a: &Claimed, b: &Value| equal(property.compare, &a.value, b, &a.ignoring);
    let known = values.desired.filter(|claimed| !claimed.value.has_unknown());
    match (known, values.recorded) {
        (None, None) => None,
        (None, Some(old)) => (!same(old, live)).then_some(Status::Drift),
        (Some(want), None) => (!same(want, live)).then_some(Status::Pending),
        (Some(want), Some(old)) => match (same(want, &old.value), same(old, live), same(want, live)) {
            (true, true, _) => None,
            (true, false, _) => Some(Status::Drift),
            (false, true, _) => Some(Status::Pending),
            (false, false, true) => Some(Status::Converged),
            (false, false, false) => Some(Status::Conflict),
        },
    }
}

fn dangling(property: &Property, live: &Value) -> bool {
    property.compare == Compare::PolicyDocument
        && live.as_str().is_some_and(|text| !policy::reading::dangling_principals(text).is_empty())
}

#[expect(clippy::too_many_arguments, reason = "the parts of one finding, each named at the only two calls")]
fn push_property<'a>(
    thing: &Thing<'a>,
    property: &'static Property,
    (change, status): (Change, Status),
    values: &Three<'a>,
    at: Option<&'a Claimed>,
    want: &'a Claim,
    fact: &'a Fact,
    live: &Value,
    out: &mut Comparison<'a>,
) {
    let mut finding = finding(thing, change, status, Some(want), Some(property));
    // What is left out is the default that the state spells out.
    let is_default = |want: &Claimed, old: &Claimed| {
        want.value.is_null() && equal(property.compare, &want.value, &old.value, &old.ignoring)
    };
    let desired = match (values.desired, values.recorded) {
        (Some(want), Some(old)) if is_default(want, old) => Some(old),
        (desired, _) => desired,
    };
    finding.desired = desired.map(|claimed| claimed.value.clone());
    finding.recorded = values.recorded.map(|claimed| claimed.value.clone());
    finding.live = Some(live.clone());
    let declared = values.recorded.or(values.desired).and_then(|claimed| claimed.value.as_str());
    let same_by_meaning = property.compare == Compare::PolicyDocument
        && declared.zip(live.as_str()).is_some_and(|(a, b)| policy::same_by_meaning(a, b));
    out.differences.push(Difference {
        finding,
        fact: Some(fact),
        said: at.map(|claimed| Said { by: &want.by, at: narrowed(property, claimed, live) }),
        same_by_meaning,
        unseen: at.is_some_and(|claimed| claimed.unseen),
        repeatable: false,
    });
}

/// Where a differing value is said: of a map or a set the one declared key or element that differs, when it is one.
fn narrowed(property: &Property, claimed: &Claimed, live: &Value) -> AttrPath {
    let at = claimed.at.clone();
    match property.compare {
        Compare::Map => match equal::differing_keys(&claimed.value, live, &claimed.ignoring).as_slice() {
            [key] if claimed.value.get(key).is_some() => at.then(Step::Key(key.clone())),
            _ => at,
        },
        // A set that is said in other words (a canned ACL for its grants) has no element to point at.
        Compare::Set if at == AttrPath::attr(property.name) => {
            match equal::lost_elements(&claimed.value, live).as_slice() {
                [element] => at.then(Step::Element(element.clone())),
                _ => at,
            }
        }
        _ => at,
    }
}

/// A property that the fact does not carry was not read; unless a gap says why already, say so.
fn property_not_read(thing: &Thing<'_>, property: &Property, sides: &Sides<'_>, out: &mut Comparison<'_>) {
    out.unknown += 1;
    let said = |gap: &Gap| gap.hides_property(thing.kind, thing.scope, thing.key, property.name);
    if !sides.observation.gaps.iter().any(said) {
        out.gaps.push(Gap {
            code: "property_not_read".into(),
            system: thing.kind.system().to_owned(),
            scope: Some(thing.scope.into()),
            hides: Hides::Unread(format!("{} of {}", property.name, thing.kind.describe(thing.key))),
            reason: "the answers did not show it".to_owned(),
            hint: "run again: it may have been made while the listing ran".to_owned(),
            location: None,
        });
    }
}

/// What the first claim that speaks of the property says of it.
fn claimed<'a>(claims: &[&'a Claim], property: &Property) -> Option<&'a Claimed> {
    claims.iter().find_map(|claim| claim.properties.get(property.name))
}

fn said(claim: &Claim) -> Said<'_> {
    Said { by: &claim.by, at: claim.at.clone() }
}

fn push<'a>(out: &mut Comparison<'a>, finding: Finding, fact: Option<&'a Fact>, said: Option<Said<'a>>) {
    out.differences.push(Difference { finding, fact, said, same_by_meaning: false, unseen: false, repeatable: false });
}

fn finding(
    thing: &Thing<'_>,
    change: Change,
    status: Status,
    claim: Option<&Claim>,
    property: Option<&'static Property>,
) -> Finding {
    let mut finding = Finding {
        id: String::new(),
        change,
        status,
        kind: thing.kind,
        scope: thing.scope.into(),
        key: thing.key.clone(),
        title: match property {
            Some(property) => format!("`{}` of {}", property.name, thing.kind.describe(thing.key)),
            None => thing.kind.describe(thing.key),
        },
        address: claim.map(|c| c.by.address.clone()),
        resource_type: match claim {
            Some(claim) => Some(claim.by.address.resource_type.clone()),
            None => suggested_type(thing),
        },
        property: property.map(|p| p.name),
        desired: None,
        recorded: claim.filter(|_| property.is_none()).and_then(said_of_it),
        live: thing.fact.filter(|_| property.is_none()).and_then(|fact| seen_of_it(thing, fact)),
        severity: Severity::Info,
        direction: None,
        reasons: Vec::new(),
        controls: Vec::new(),
        location: None,
        related: Vec::new(),
        state: claim.and_then(|c| c.by.state.clone()),
        created: thing.fact.and_then(|f| f.created.clone()),
        import_id: thing.fact.and_then(|f| f.import_id.clone()),
        exception: None,
        delta: None,
        steps: Vec::new(),
    };
    finding.id = identify(&finding);
    finding
}

/// What a claim says of the whole thing; nothing for a kind without properties.
fn said_of_it(claim: &Claim) -> Option<Value> {
    let said = claim.properties.iter().map(|(name, claimed)| ((*name).to_owned(), claimed.value.clone()));
    whole(claim.kind, said.collect())
}

/// What is live of the whole thing.
fn seen_of_it(thing: &Thing<'_>, fact: &Fact) -> Option<Value> {
    let shown = |(name, value): (&&'static str, &Value)| {
        let secret = thing.kind.property(name).is_some_and(|property| hides_secret(thing, property));
        ((*name).to_owned(), if secret { Value::Secret(Secret::present()) } else { value.clone() })
    };
    whole(fact.kind, fact.properties.iter().map(shown).collect())
}

/// Properties of a whole thing but for those that say nothing: absent, empty or the default.
fn whole(kind: &Kind, mut properties: BTreeMap<String, Value>) -> Option<Value> {
    properties.retain(|name, value| {
        let secret = matches!(value, Value::Secret(_));
        kind.property(name).is_none_or(|property| secret || !equal(property.compare, value, &Value::Null, &[]))
    });
    (!properties.is_empty()).then_some(Value::Map(properties))
}

/// The type that would declare the thing: where a kind has one type for each sort of principal, the one that fits.
fn suggested_type(thing: &Thing<'_>) -> Option<String> {
    let types = thing.kind.declared_by;
    let sort = thing.key.field(thing.kind, "principal_type");
    let fitting = sort.and_then(|sort| types.iter().find(|name| name.contains(&format!("_{sort}_"))));
    fitting.or_else(|| types.first()).map(|name| (*name).to_owned())
}

/// From what the difference is about.
fn identify(finding: &Finding) -> String {
    let address = finding.address.as_ref().map(ToString::to_string).unwrap_or_default();
    let parts = [finding.change.name(), finding.kind.id, &finding.scope, finding.property.unwrap_or(""), &address];
    Finding::id_of(parts.into_iter().chain(finding.key.values().iter().map(String::as_str)))
}
