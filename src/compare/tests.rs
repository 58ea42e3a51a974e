//! The table of three values, row by row, and what gaps and authorities do to it.

use super::{Comparison, Sides, compare};
use crate::model::instance::InstanceRef;
use crate::model::{
    AttrPath, Authority, Change, Claim, Claimed, Claims, Class, Compare, Fact, Gap, Hides, Key, Kind, Observation,
    Property, ProviderRef, Status, Strength, Value, Weight,
};
use std::collections::BTreeMap;
use std::sync::Arc;

static USER: Kind = Kind {
    id: "test/user",
    noun: "user",
    title: "user `{name}`",
    class: Class::Principal,
    key: &["name"],
    properties: &[Property { name: "path", compare: Compare::Default("/"), weight: Weight::Metadata }],
    declared_by: &["test_user"],
    about: "",
};

static MEMBER: Kind = Kind {
    id: "test/member",
    noun: "member",
    title: "`{user}` in `{group}`",
    class: Class::Membership,
    key: &["user", "group"],
    properties: &[],
    declared_by: &["test_member"],
    about: "",
};

fn by(address: &str) -> Arc<InstanceRef> {
    let address = address.parse().unwrap();
    Arc::new(InstanceRef { address, provider: ProviderRef::default(), state: None, root: None })
}

fn claim(kind: &'static Kind, key: &[&str], strength: Strength) -> Claim {
    Claim {
        kind,
        key: Key::new(key.iter().copied()),
        scope: Some("1".into()),
        by: by("test_user.this"),
        properties: BTreeMap::new(),
        at: AttrPath::default(),
        strength,
        unseen: false,
        repeatable: false,
        unique_id: None,
    }
}

fn user(path: &str) -> Claim {
    let mut claim = claim(&USER, &["ada"], Strength::Own);
    claim
        .properties
        .insert("path", Claimed { value: path.into(), at: AttrPath::default(), ignoring: Vec::new(), unseen: false });
    claim
}

fn live(path: &str) -> Fact {
    Fact::new(&USER, "1".into(), Key::new(["ada"])).with("path", path)
}

fn claims(claims: impl IntoIterator<Item = Claim>) -> Claims {
    Claims { claims: claims.into_iter().collect(), ..Claims::default() }
}

fn facts(facts: impl IntoIterator<Item = Fact>) -> Observation {
    Observation { facts: facts.into_iter().collect(), ..Observation::default() }
}

fn gap(hides: Hides) -> Gap {
    Gap {
        code: "denied".into(),
        system: "test".to_owned(),
        scope: Some("1".into()),
        hides,
        reason: String::new(),
        hint: String::new(),
        location: None,
    }
}

fn rows(comparison: &Comparison<'_>) -> Vec<(Change, Status)> {
    comparison.differences.iter().map(|d| (d.finding.change, d.finding.status)).collect()
}

fn run<'a>(recorded: &'a Claims, desired: Option<&'a Claims>, observation: &'a Observation) -> Comparison<'a> {
    compare(&Sides { recorded, desired, observation, gaps: &[], include_builtin: false })
}

#[test]
fn every_row_of_the_table_of_three_values() {
    use Change::*;
    use Status::*;
    let (a, b, c) = ("/a/", "/b/", "/c/");
    // Desired, recorded, live; `Some(row)` or in sync.
    let table = [
        (Some(a), Some(a), Some(a), None),
        (Some(a), Some(a), Some(b), Some((Modified, Drift))),
        (Some(b), Some(a), Some(a), Some((Modified, Pending))),
        (Some(b), Some(a), Some(b), Some((Modified, Converged))),
        (Some(b), Some(a), Some(c), Some((Modified, Conflict))),
        (None, Some(a), Some(a), Some((Added, Pending))),
        (None, None, Some(a), Some((Change::Unmanaged, Status::Unmanaged))),
        (Some(a), Some(a), None, Some((Missing, Drift))),
        (Some(a), None, None, Some((Missing, Pending))),
        (Some(a), None, Some(a), Some((Change::Unmanaged, Adoptable))),
        (None, Some(a), None, Some((Missing, Converged))),
    ];
    for (desired, recorded, fact, expected) in table {
        let (desired, recorded) = (claims(desired.map(user)), claims(recorded.map(user)));
        let observation = facts(fact.map(live));
        let comparison = run(&recorded, Some(&desired), &observation);
        assert_eq!(rows(&comparison), Vec::from_iter(expected), "{desired:?} {recorded:?} {fact:?}");
        assert_eq!(comparison.in_sync, usize::from(expected.is_none()));
    }
}

#[test]
fn without_a_plan_no_row_that_needs_one_is_guessed() {
    let recorded = claims([user("/a/")]);
    assert_eq!(rows(&run(&recorded, None, &facts([live("/b/")]))), [(Change::Modified, Status::Drift)]);
    assert_eq!(rows(&run(&recorded, None, &facts([]))), [(Change::Missing, Status::Drift)]);
    let observation = facts([live("/b/")]);
    let comparison = run(&recorded, None, &observation);
    assert_eq!(comparison.differences[0].finding.desired, None);
}

#[test]
fn an_unknown_desired_value_is_judged_on_what_is_recorded() {
    let mut unknown = user("/a/");
    unknown.properties.get_mut("path").unwrap().value = Value::Unknown;
    let (desired, recorded) = (claims([unknown]), claims([user("/a/")]));
    assert_eq!(rows(&run(&recorded, Some(&desired), &facts([live("/a/")]))), []);
    assert_eq!(rows(&run(&recorded, Some(&desired), &facts([live("/b/")]))), [(Change::Modified, Status::Drift)]);
}

#[test]
fn inside_a_gap_nothing_is_missing_and_nothing_is_equal() {
    let recorded = claims([user("/a/")]);
    let mut observation = facts([]);
    observation.gaps.push(gap(Hides::Facts { kinds: vec![&USER], fixed: vec![("name", "ada".to_owned())] }));
    let comparison = run(&recorded, None, &observation);
    assert_eq!((rows(&comparison), comparison.in_sync, comparison.unknown), (vec![], 0, 1));

    // The gap is about another user: this one is missing.
    observation.gaps[0].hides = Hides::Facts { kinds: vec![&USER], fixed: vec![("name", "grace".to_owned())] };
    assert_eq!(rows(&run(&recorded, None, &observation)), [(Change::Missing, Status::Drift)]);

    // Seen, but for the one property.
    let mut seen = live("/a/");
    seen.properties.clear();
    let mut observation = facts([seen]);
    observation.gaps.push(gap(Hides::Properties { kind: &USER, properties: vec!["path"], fixed: Vec::new() }));
    let comparison = run(&recorded, None, &observation);
    assert_eq!((rows(&comparison), comparison.in_sync, comparison.unknown), (vec![], 0, 1));
    assert!(comparison.gaps.is_empty(), "the gap is there already");

    // Not read, and no gap says why: one is made.
    observation.gaps.clear();
    assert_eq!(run(&recorded, None, &observation).gaps[0].code, "property_not_read");
}

#[test]
fn what_was_not_read_of_the_declared_side_keeps_things_from_being_unmanaged() {
    let (recorded, observation) = (claims([]), facts([live("/a/")]));
    let gaps = [gap(Hides::Claims { kinds: vec![&USER] })];
    let sides =
        Sides { recorded: &recorded, desired: None, observation: &observation, gaps: &gaps, include_builtin: false };
    let comparison = compare(&sides);
    assert_eq!((rows(&comparison), comparison.unknown), (vec![], 1));
}

fn team(members: &[&str]) -> Claims {
    let mut all = claims(members.iter().map(|name| claim(&MEMBER, &[name, "ops"], Strength::Listed)));
    all.authorities.push(Authority {
        kind: &MEMBER,
        scope: Some("1".into()),
        fixed: vec![("group", "ops".to_owned())],
        by: by("test_user.this"),
        at: AttrPath::default(),
        unseen: false,
    });
    all
}

fn member(user: &str, group: &str) -> Fact {
    Fact::new(&MEMBER, "1".into(), Key::new([user, group]))
}

#[test]
fn under_an_authority_a_stranger_is_drift_on_its_address() {
    let recorded = team(&["ada", "grace"]);
    let observation = facts([member("ada", "ops"), member("eve", "ops"), member("eve", "other")]);
    let comparison = run(&recorded, None, &observation);
    assert_eq!(
        rows(&comparison),
        [(Change::Added, Status::Drift), (Change::Unmanaged, Status::Unmanaged), (Change::Removed, Status::Drift)]
    );
    let added = &comparison.differences[0].finding;
    assert_eq!(
        (added.title.as_str(), added.address.as_ref().unwrap().to_string().as_str()),
        ("`eve` in `ops`", "test_user.this")
    );
    assert_eq!(comparison.differences[1].finding.address, None);
}

#[test]
fn an_authority_that_the_plan_takes_away_or_brings_does_not_rule() {
    let (with, without) = (team(&[]), claims([]));
    let observation = facts([member("eve", "ops")]);
    let unmanaged = [(Change::Unmanaged, Status::Unmanaged)];
    assert_eq!(rows(&run(&with, Some(&without), &observation)), unmanaged);
    assert_eq!(rows(&run(&without, Some(&with), &observation)), unmanaged);
    assert_eq!(rows(&run(&with, Some(&with), &observation)), [(Change::Added, Status::Drift)]);
}

#[test]
fn a_declaration_that_another_rules_out_is_a_gap() {
    let mut recorded = team(&["ada"]);
    let mut other = claim(&MEMBER, &["grace", "ops"], Strength::Own);
    other.by = by("test_member.grace");
    recorded.claims.push(other);
    let observation = facts([member("ada", "ops"), member("grace", "ops")]);
    let comparison = run(&recorded, None, &observation);
    assert_eq!((rows(&comparison), comparison.gaps.len()), (vec![], 1));
    assert_eq!(comparison.gaps[0].code, "authority_conflict");
}

#[test]
fn made_anew_under_the_same_name_is_replaced() {
    let mut old = user("/a/");
    old.unique_id = Some("AIDAOLD".to_owned());
    let mut new = live("/a/");
    new.unique_id = Some("AIDANEW".to_owned());
    assert_eq!(rows(&run(&claims([old]), None, &facts([new]))), [(Change::Replaced, Status::Drift)]);
}

#[test]
fn what_only_a_computed_attribute_records_is_neither_managed_nor_unmanaged() {
    let recorded = claims([claim(&MEMBER, &["ada", "ops"], Strength::Recorded)]);
    let observation = facts([member("ada", "ops")]);
    let comparison = run(&recorded, None, &observation);
    assert_eq!((rows(&comparison), comparison.unknown, comparison.in_sync), (vec![], 1, 0));
    assert_eq!(comparison.gaps[0].code, "undecided_authority");
    // Another resource declares it: then nothing is open.
    let mut both = recorded;
    both.claims.push(claim(&MEMBER, &["ada", "ops"], Strength::Own));
    let comparison = run(&both, None, &observation);
    assert_eq!((rows(&comparison), comparison.in_sync, comparison.gaps.len()), (vec![], 1, 0));
}

#[test]
fn a_deposed_object_waits_to_be_destroyed_and_is_not_unmanaged() {
    let recorded = claims([claim(&USER, &["ada"], Strength::Leftover)]);
    assert_eq!(rows(&run(&recorded, None, &facts([live("/")]))), [(Change::Added, Status::Pending)]);
    assert_eq!(rows(&run(&recorded, None, &facts([]))), []);
}

#[test]
fn what_a_vendor_makes_shows_only_on_request_unless_an_authority_rules_it_out() {
    let mut made = live("/");
    made.vendor_made = Some("made by the vendor".to_owned());
    let (recorded, observation) = (claims([]), facts([made]));
    assert_eq!(rows(&run(&recorded, None, &observation)), []);
    let sides =
        Sides { recorded: &recorded, desired: None, observation: &observation, gaps: &[], include_builtin: true };
    assert_eq!(rows(&compare(&sides)), [(Change::Unmanaged, Status::Unmanaged)]);
    let mut attached = member("aws", "ops");
    attached.vendor_made = Some("made by the vendor".to_owned());
    assert_eq!(rows(&run(&team(&[]), None, &facts([attached]))), [(Change::Added, Status::Drift)]);
}

#[test]
fn ids_do_not_depend_on_values() {
    let recorded = claims([user("/a/")]);
    let (one, other) = (facts([live("/b/")]), facts([live("/c/")]));
    let id = |observation| run(&recorded, None, observation).differences[0].finding.id.clone();
    assert_eq!(id(&one), id(&other));
    assert_eq!(id(&one).len(), 12);
}

#[test]
fn what_the_resource_type_does_not_see_is_no_apply_away() {
    let mut recorded = team(&[]);
    recorded.authorities[0].unseen = true;
    let observation = Observation { facts: vec![member("eve", "ops")], ..Observation::default() };
    let gaps = [];
    let sides =
        Sides { recorded: &recorded, desired: None, observation: &observation, gaps: &gaps, include_builtin: false };
    assert_eq!(compare(&sides).differences.iter().map(|one| one.unseen).collect::<Vec<_>>(), [true]);
}

#[test]
fn what_an_apply_makes_again_needs_no_import() {
    let told = |repeatable| {
        let mut want = user("/");
        want.repeatable = repeatable;
        let (recorded, desired) = (Claims::default(), claims([want]));
        let mut fact = Fact::new(&USER, "1".into(), Key::new(["ada"]));
        fact.properties.insert("path", "/".into());
        let observation = Observation { facts: vec![fact], ..Observation::default() };
        let sides = Sides {
            recorded: &recorded,
            desired: Some(&desired),
            observation: &observation,
            gaps: &[],
            include_builtin: false,
        };
        let compared = compare(&sides);
        compared.differences.iter().map(|one| (one.finding.status, one.repeatable)).collect::<Vec<_>>()
    };
    assert_eq!(told(true), [(crate::model::Status::Adoptable, true)]);
    assert_eq!(told(false), [(crate::model::Status::Adoptable, false)]);
}
