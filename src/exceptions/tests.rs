//! When an exception covers a finding, and everything for which it does not.

use super::*;
use crate::model::{Change, Finding, Key, Kind, Location, Precision, Status, Value};
use crate::source::{SourceFile, Span};

static ROLE: Kind = Kind {
    id: "aws/iam/role",
    noun: "role",
    title: "role `{name}`",
    class: crate::model::Class::Role,
    key: &["name"],
    properties: &[],
    declared_by: &["aws_iam_role"],
    about: "",
};

fn finding(severity: Severity) -> Finding {
    let file = SourceFile::new("nowhere.tf", "x");
    Finding {
        id: "0123456789ab".to_owned(),
        change: Change::Modified,
        status: Status::Drift,
        kind: &ROLE,
        scope: "1".into(),
        key: Key::new(["deploy"]),
        title: "role `deploy`".to_owned(),
        address: Some("module.ci[\"a\"].aws_iam_role.deploy".parse().unwrap()),
        resource_type: None,
        property: Some("path"),
        desired: None,
        recorded: Some(Value::from("/a/")),
        live: Some(Value::from("/b/")),
        severity,
        direction: None,
        reasons: Vec::new(),
        controls: Vec::new(),
        location: Some(Location::of(&file, Span::new(0, 1), Precision::State)),
        related: Vec::new(),
        state: None,
        created: None,
        import_id: Some("deploy".to_owned()),
        delta: None,
        exception: None,
        steps: Vec::new(),
    }
}

const RIGHT: &str = "[[exception]]
id = \"EX-1\"
match = { address = \"module.ci[*].aws_iam_role.deploy\", property = \"path\" }
owner = \"team-platform\"
reason = \"vendor migration\"
approved_by = \"alice@example.com\"
expires = 2026-12-31
";

fn ledger(text: &str) -> Ledger {
    Ledger { roots: [0].into(), ..Ledger::of(&SourceFile::new(NAME, text)) }
}

/// The ledger laid over findings of its own root module.
fn laid(findings: &mut Vec<Finding>, text: &str, today: &str, whole: bool) {
    let roots = vec![Some(0); findings.len()];
    let written = Written { ledgers: &[ledger(text)], sources: &[] };
    apply(findings, &roots, written, Ruled { today: day(today), whole });
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// The finding after the ledger, and the rules with reasons of what is said about exceptions.
fn after(text: &str, today: &str, finding: Finding) -> (Finding, Vec<String>) {
    let mut findings = vec![finding];
    laid(&mut findings, text, today, true);
    let own = findings.split_off(1);
    (findings.remove(0), own.iter().map(|own| format!("{} {}", own.rule(), own.reasons[0])).collect())
}

#[test]
fn an_exception_holds_to_the_end_of_its_last_day() {
    let (covered, own) = after(RIGHT, "2026-12-01", finding(Severity::Medium));
    assert_eq!((covered.exception.unwrap().id.as_str(), own.len()), ("EX-1", 0));
    let (covered, own) = after(RIGHT, "2026-12-30", finding(Severity::Medium));
    assert!(covered.exception.is_some());
    assert_eq!(own, ["DL201 its last day is 2026-12-31; `team-platform` answers for it"]);
    let (covered, own) = after(RIGHT, "2026-12-31", finding(Severity::Medium));
    assert!(covered.exception.is_some());
    assert_eq!(own, ["DL201 its last day is 2026-12-31; `team-platform` answers for it"]);
    let (open, own) = after(RIGHT, "2027-01-01", finding(Severity::Medium));
    assert_eq!((open.exception, own.len()), (None, 0));
    assert_eq!(open.reasons, ["exception `EX-1` of `team-platform` covered it until 2026-12-31: it has expired"]);
}

#[test]
fn its_end_is_spoken_of_from_fourteen_days_before() {
    assert_eq!(after(RIGHT, "2026-12-16", finding(Severity::Medium)).1.len(), 0);
    let own = after(RIGHT, "2026-12-17", finding(Severity::Medium)).1;
    assert_eq!(own, ["DL201 its last day is 2026-12-31; `team-platform` answers for it"]);
}

#[test]
fn the_worse_the_difference_the_sooner_it_ends() {
    let caps = [(Severity::Critical, 7), (Severity::High, 30), (Severity::Medium, 90), (Severity::Low, 365)];
    for (severity, days) in caps {
        let today = day("2026-12-31").saturating_sub(jiff::Span::new().days(days));
        assert!(after(RIGHT, &today.to_string(), finding(severity)).0.exception.is_some(), "{severity}");
        let (open, own) = after(RIGHT, &today.yesterday().unwrap().to_string(), finding(severity));
        assert_eq!(open.exception, None, "{severity}");
        assert!(own[0].starts_with("DL203") && own[0].contains(&format!("for {days} days")), "{own:?}");
    }
}

#[test]
fn what_it_says_has_to_fit_all_of_it() {
    let swap = |from: &str, to: &str| RIGHT.replace(from, to);
    let by = "match = { address = \"module.ci[*].aws_iam_role.deploy\", property = \"path\" }";
    let cases = [
        (swap("deploy\"", "other\""), false),
        (swap("\"path\" }", "\"tags\" }"), false),
        (swap("\"path\" }", "\"path\", change = \"modified\", kind = \"aws/iam/role\" }"), true),
        (swap("\"path\" }", "\"path\", change = \"removed\" }"), false),
        (swap(by, "match = { finding = \"0123456789ab\" }"), true),
        (swap(by, "match = { finding = \"0123456789ac\" }"), false),
        (swap(by, "match = { live_id = \"deploy\" }"), true),
        (swap(by, "match = { kind = \"aws/iam/role\", key = { name = \"dep*\" } }"), true),
        (swap(by, "match = { kind = \"aws/iam/role\", key = { name = \"x*\" } }"), false),
        (swap(by, "match = { kind = \"aws/iam/role\", key = { nom = \"dep*\" } }"), false),
    ];
    for (text, fits) in cases {
        let (covered, own) = after(&text, "2026-12-01", finding(Severity::Medium));
        assert_eq!(covered.exception.is_some(), fits, "{text}");
        let unused = own.iter().filter(|own| own.starts_with("DL202")).count();
        assert_eq!((unused, own.len()), (usize::from(!fits), usize::from(!fits)), "{own:?}");
    }
}

#[test]
fn an_exact_exception_ends_when_the_difference_grows() {
    let exact =
        |finding: &Finding| RIGHT.replace("owner =", &format!("delta = \"{}\"\nowner =", delta(finding).unwrap()));
    let text = exact(&finding(Severity::Medium));
    assert!(after(&text, "2026-12-01", finding(Severity::Medium)).0.exception.is_some());
    let grown = Finding { live: Some(Value::from("/c/")), ..finding(Severity::Medium) };
    let (open, own) = after(&text, "2026-12-01", grown);
    assert_eq!((open.exception, own.len()), (None, 0));
    assert_eq!(open.reasons, ["exception `EX-1` accepts another difference than this one"]);
    let secret = Finding { live: Some(Value::Secret(crate::model::Secret::present())), ..finding(Severity::Medium) };
    assert_eq!(delta(&secret), None);
    assert_eq!(after(&text, "2026-12-01", secret).0.exception, None);
}

/// Each mistake is named at its place and covers nothing.
#[test]
fn a_mistake_in_any_field_covers_nothing() {
    let cases: &[(&str, &str, &str, (usize, usize))] = &[
        ("id = \"EX-1\"\n", "", "`id` is missing", (1, 1)),
        ("\"EX-1\"", "\"\"", "`id` is empty", (2, 6)),
        ("\"EX-1\"", "7", "`id` is no text", (2, 6)),
        ("owner = \"team-platform\"\n", "", "`owner` is missing", (1, 1)),
        ("\"team-platform\"", "\"  \"", "`owner` is empty", (4, 9)),
        ("\"team-platform\"", "\"<the team>\"", "`owner` is still to be filled in", (4, 9)),
        ("reason = \"vendor migration\"\n", "", "`reason` is missing", (1, 1)),
        ("approved_by = \"alice@example.com\"\n", "", "`approved_by` is missing", (1, 1)),
        ("expires = 2026-12-31\n", "", "`expires` is missing", (1, 1)),
        ("2026-12-31", "\"2026-02-30\"", "`expires` is no date", (7, 11)),
        ("2026-12-31", "2026-12-31T10:00:00Z", "`expires` is no date", (7, 11)),
        ("2026-12-31", "\"never\"", "`expires` is no date", (7, 11)),
        ("2026-12-31", "20261231", "`expires` is no date", (7, 11)),
        ("property = \"path\"", "props = \"path\"", "`props` is nothing to match by", (3, 57)),
        ("property = \"path\"", "property = 1", "`property` is no text", (3, 68)),
        ("module.ci[*].aws_iam_role.deploy", "*", "`*` alone covers everything", (3, 9)),
        ("module.ci[*].aws_iam_role.deploy", "*.*", "`address` names no resource type", (3, 9)),
        ("module.ci[*].aws_iam_role.deploy", "module.*.deploy", "`address` names no resource type", (3, 9)),
        ("address = \"module.ci[*].aws_iam_role.deploy\", ", "", "`match` names no thing", (3, 9)),
        (
            "{ address = \"module.ci[*].aws_iam_role.deploy\", property = \"path\" }",
            "\"x\"",
            "`match` is a table",
            (3, 9),
        ),
        ("reason =", "until = 1\nreason =", "`until` is no key of an exception", (5, 1)),
        ("reason =", "delta = \"sha256:12\"\nreason =", "`delta` is `sha256:` and 64", (5, 9)),
        ("[[exception]]", "[exception]", "`exception` is nothing that a ledger holds", (1, 2)),
        ("expires = 2026", "expires = = 2026", "the ledger is no TOML", (7, 11)),
    ];
    for (from, to, message, place) in cases {
        let text = RIGHT.replace(from, to);
        let read = ledger(&text);
        assert_eq!((read.entries.len(), read.faults.len()), (0, 1), "{message}: {:?}", read.faults);
        let fault = &read.faults[0];
        assert!(fault.message.starts_with(message), "{message}: {}", fault.message);
        assert_eq!((fault.at.line, fault.at.column), *place, "{message}");
        let (open, own) = after(&text, "2026-12-01", finding(Severity::Medium));
        assert!(open.exception.is_none() && own[0].starts_with("DL203"), "{own:?}");
    }
}

#[test]
fn what_is_grave_is_accepted_by_what_differs() {
    let wide = RIGHT.replace(", property = \"path\"", "");
    assert!(after(&wide, "2026-12-28", finding(Severity::Medium)).0.exception.is_some());
    let (open, own) = after(&wide, "2026-12-28", finding(Severity::High));
    assert_eq!((open.exception, own.len()), (None, 1));
    assert!(own[0].starts_with("DL203 for a difference of severity high"), "{own:?}");
}

#[test]
fn two_of_one_id_cover_nothing() {
    let read = ledger(&format!("{RIGHT}\n{RIGHT}"));
    assert_eq!((read.entries.len(), read.faults.len()), (0, 2));
}

#[test]
fn what_waits_for_an_apply_needs_no_exception() {
    let pending = Finding { status: Status::Pending, ..finding(Severity::Info) };
    assert_eq!(after(RIGHT, "2026-12-01", pending).0.exception, None);
}

#[test]
fn an_exception_is_unused_only_where_everything_was_looked_at() {
    let mut findings = Vec::new();
    laid(&mut findings, RIGHT, "2026-12-01", false);
    assert!(findings.is_empty());
    laid(&mut findings, RIGHT, "2026-12-01", true);
    assert_eq!(findings[0].rule(), "DL202");
    assert_eq!(findings[0].location.as_ref().map(|at| (at.line, at.column)), Some((2, 6)));
}

/// A finding at line 2 of a file with this text.
fn at_line(text: &str) -> (Finding, Vec<String>) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("main.tf");
    std::fs::write(&path, text).unwrap();
    let file = SourceFile::new(path.display().to_string(), text);
    let start = text.find('\n').unwrap() + 1;
    let location = Location::of(&file, Span::new(start, start + 1), Precision::Value);
    after("", "2026-12-01", Finding { location: Some(location), ..finding(Severity::Medium) })
}

#[test]
fn a_comment_at_the_line_or_above_it_accepts() {
    let right = "driftline:ignore[path] exp:2026-12-31 owner:team -- vendor migration";
    for text in [
        format!("\npath = 1 # {right}\n"),
        format!("# {right}\npath = 1\n"),
        format!("  // {right}\npath = 1\n"),
        format!("# {}\npath = 1\n", right.replace("path", "DL105")),
        format!("# {}\npath = 1\n", right.replace("path", "removed, modified")),
    ] {
        let (covered, own) = at_line(&text);
        assert_eq!(own.len(), 0, "{text} {own:?}");
        assert_eq!(covered.exception.unwrap().reason, "vendor migration");
    }
    for text in [
        format!("x = 1 # {right}\npath = 1\n"),
        format!("\npath = \"{right}\"\n"),
        format!("\npath = \"# {right}\"\n"),
        format!("\npath = \"a\\\" # {right}\"\n"),
        format!("# {}\npath = 1\n", right.replace("path", "tags")),
        format!("# {}\npath = 1\n", right.replace("2026-12-31", "2026-11-30")),
    ] {
        assert_eq!(at_line(&text).0.exception, None, "{text}");
    }
}

#[test]
fn a_comment_that_is_not_right_covers_nothing() {
    let cases = [
        ("driftline:ignore exp:2026-12-31 owner:team -- why", "it does not say in brackets"),
        ("driftline:ignore[] exp:2026-12-31 owner:team -- why", "`` is no rule"),
        ("driftline:ignore[DL203] exp:2026-12-31 owner:team -- why", "`DL203` is about exceptions"),
        ("driftline:ignore[path] exp:2026-12-31 owner:team", "it has no reason"),
        ("driftline:ignore[path] exp:2026-12-31 owner:team --  ", "its reason is empty"),
        ("driftline:ignore[path] exp:2026-12-32 owner:team -- why", "`2026-12-32` is no date"),
        ("driftline:ignore[path] owner:team -- why", "it has no end"),
        ("driftline:ignore[path] exp:2026-12-31 -- why", "nobody answers for it"),
        ("driftline:ignore[path] exp:2026-12-31 owner: -- why", "`owner:` is neither"),
        ("driftline:ignore[path] until:2026-12-31 owner:team -- why", "`until:2026-12-31` is neither"),
    ];
    for (comment, message) in cases {
        let (open, own) = at_line(&format!("\npath = 1 # {comment}\n"));
        assert_eq!(open.exception, None, "{comment}");
        assert!(own[0].starts_with(&format!("DL203 {message}")), "{comment}: {own:?}");
    }
}

#[test]
fn a_draft_fits_its_finding_once_it_is_filled_in() {
    let about = About::of(&finding(Severity::Medium));
    let unfilled = ledger(&Draft::default().entry(&about));
    assert_eq!(unfilled.faults[0].message, "`owner` is still to be filled in");
    let said = |text: &str| Some(text.to_owned());
    let draft = Draft {
        owner: said("team \"x\""),
        reason: said("why"),
        approved_by: said("bob"),
        expires: said("2026-12-31"),
        delta: delta(&finding(Severity::Medium)),
        ..Draft::default()
    };
    let text = draft.entry(&about);
    assert!(ledger(&text).faults.is_empty(), "{text}");
    assert!(after(&text, "2026-12-01", finding(Severity::Medium)).0.exception.is_some(), "{text}");
    let other = Finding { key: Key::new(["other"]), ..finding(Severity::Medium) };
    assert!(after(&text, "2026-12-01", other).0.exception.is_none());
    // What cannot be matched by its key is matched by its id.
    for name in ["", "a*"] {
        let odd = Finding { key: Key::new([name]), ..finding(Severity::Medium) };
        assert!(Draft::default().entry(&About::of(&odd)).contains("finding = \"0123456789ab\""));
    }
}

#[test]
fn a_ledger_accepts_nothing_of_another_root_module() {
    let mut findings = vec![finding(Severity::Medium), finding(Severity::Medium), finding(Severity::Medium)];
    let written = Written { ledgers: &[ledger(RIGHT)], sources: &[] };
    apply(&mut findings, &[Some(0), Some(1), None], written, Ruled { today: day("2026-12-01"), whole: true });
    let accepted: Vec<_> = findings.iter().map(|finding| finding.exception.is_some()).collect();
    assert_eq!(accepted, [true, false, true]);
}

#[test]
fn a_comment_far_from_every_finding_is_of_no_use_or_wrong() {
    let text = "a = 1 # driftline:ignore[DL105] exp:2026-12-31 owner:team -- why\nb = 2 # driftline:ignore owner:team\n\
                c = \"# driftline:ignore[DL105]\"\n";
    let sources = [SourceFile::new("a.tf", text), SourceFile::new(".terraform/modules/x/a.tf", text)];
    let said = |whole| {
        let mut findings = Vec::new();
        let written = Written { ledgers: &[], sources: &sources };
        apply(&mut findings, &[], written, Ruled { today: day("2026-12-01"), whole });
        let each = findings.iter().map(|own| (own.rule().to_owned(), own.location.as_ref().unwrap().line));
        let mut each: Vec<_> = each.collect();
        each.sort();
        each
    };
    assert_eq!(said(true), [("DL202".to_owned(), 1), ("DL203".to_owned(), 2)]);
    // What was not looked at may be what it covers; what is wrong stays so.
    assert_eq!(said(false), [("DL203".to_owned(), 2)]);
}
