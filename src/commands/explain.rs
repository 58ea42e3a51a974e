//! `driftline explain`: what a rule, system, kind, resource type or gap means, from the tables that the rest of the
//! program runs on; and where a value of the source comes from. Offline.

use super::explain_address;
use super::saved_report::SavedReport;
use super::terminal;
use crate::assess::RULES;
use crate::hook;
use crate::model::{Change, Compare, Kind, Problem, Property, gap_codes, seen};
use crate::providers::{self, Provider, ResourceType};
use crate::report::ExitStatus;
use crate::source::clean::for_terminal;
use serde_json::Value;
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// Explain a rule, system, kind, resource type, gap, finding or check of the hook, or where a value of the source comes
/// from; without one, list what there is
#[derive(clap::Args)]
pub(super) struct Args {
    /// For example `DL102`, `aws`, `aws/iam/role`, `aws_iam_role`, `denied`, a finding's id, or an address with an attribute:
    /// `module.team["a"].aws_iam_user.this.name`
    id: Option<String>,

    /// The JSON report that holds the finding
    #[arg(long, value_name = "FILE", requires = "id")]
    report: Option<PathBuf>,

    #[command(flatten)]
    source: explain_address::Source,
}

pub(super) fn run(args: &Args) -> Result<ExitStatus, Problem> {
    let text = match (&args.id, &args.report) {
        (None, _) => everything(),
        (Some(id), Some(report)) => finding(id, report)?,
        (Some(id), None) => match explain(id) {
            Some(text) => text,
            None if id.contains('.') => return explain_address::run(id, &args.source),
            None => {
                return Err(Problem::new(format!("`{id}` is no rule, system, kind, resource type, gap or address"))
                    .help("`driftline explain` lists them all; for a finding give its report with `--report FILE`"));
            }
        },
    };
    terminal::out(|out| out.write_all(text.as_bytes()))?;
    Ok(ExitStatus::Clean)
}

fn explain(id: &str) -> Option<String> {
    let rule = Change::ALL.into_iter().find(|change| change.rule() == id || change.name() == id).map(rule);
    let system = || providers::system(id).map(system);
    let of_terraform = || seen::KINDS.iter().copied().find(|kind| kind.id == id);
    let kind = || providers::kind(id).or_else(of_terraform).map(kind);
    let resource_type = || providers::resource_type(id).map(|(_, found)| resource_type(found));
    let gap = || {
        gap_codes::CODES.iter().find(|(code, _)| *code == id).map(|(code, about)| format!("gap {code}\n\n{about}\n"))
    };
    let check = || hook::CHECKS.iter().find(|check| check.name == id).map(|check| of_hook(check));
    rule.or_else(system).or_else(kind).or_else(resource_type).or_else(|| left_out(id)).or_else(gap).or_else(check)
}

/// A finding of a saved report, with what its rule means.
fn finding(id: &str, report: &Path) -> Result<String, Problem> {
    let report = SavedReport::read(report)?;
    let found = report.finding(id, "write one with `driftline check --format json=FILE`")?;
    let word = |name: &str| found[name].as_str().unwrap_or("none").to_owned();
    let mut text = format!("finding {id}: {} {}\n\n", word("change"), word("title"));
    for name in ["severity", "status", "kind", "address", "resource_type", "property", "direction"] {
        line(&mut text, name, &word(name));
    }
    if let Some(path) = found["location"]["path"].as_str() {
        line(&mut text, "location", &format!("{path}:{}:{}", found["location"]["line"], found["location"]["column"]));
    }
    for (name, about) in [("reasons", "why"), ("controls", "control")] {
        for reason in found[name].as_array().into_iter().flatten().filter_map(Value::as_str) {
            line(&mut text, about, reason);
        }
    }
    for step in found["steps"].as_array().into_iter().flatten() {
        line(&mut text, step["action"].as_str().unwrap_or_default(), step["note"].as_str().unwrap_or_default());
    }
    if let Some(change) = Change::ALL.into_iter().find(|change| found["rule"] == change.rule()) {
        let _ = write!(text, "\n{}", rule(change));
    }
    Ok(for_terminal(&text, true))
}

fn everything() -> String {
    let mut text = String::from("rules\n");
    for change in Change::ALL {
        line(&mut text, change.rule(), change.name());
    }
    for provider in providers::SYSTEMS {
        let _ = write!(text, "\nkinds of {}\n", provider.system());
        for kind in provider.kinds() {
            line(&mut text, kind.id, kind.noun);
        }
        let _ = write!(text, "\nresource types of {}\n", provider.system());
        for found in provider.resource_types().iter().flat_map(|group| group.iter()) {
            line(&mut text, found.name, found.about);
        }
    }
    text.push_str("\nkinds that Terraform sees in the refresh before a plan\n");
    for kind in seen::KINDS {
        line(&mut text, kind.id, kind.noun);
    }
    text.push_str("\ngaps\n");
    for (code, about) in gap_codes::CODES {
        line(&mut text, code, about.split(": ").next().unwrap_or(about));
    }
    text.push_str("\nchecks of `driftline hook`\n");
    for check in hook::CHECKS {
        line(&mut text, check.name, check.about.split(&[',', ':'][..]).next().unwrap_or(check.about));
    }
    text
}

fn of_hook(check: &hook::Check) -> String {
    format!("check {} of `driftline hook`\n\n{}\n", check.name, check.about)
}

fn line(text: &mut String, name: &str, about: &str) {
    // Writing to a `String` cannot fail.
    let _ = writeln!(text, "  {name:<44} {about}");
}

fn rule(change: Change) -> String {
    let mut text = format!("rule {}: {}\n\n{}\n\nseverities of it\n", change.rule(), change.name(), change.about());
    let fitting = RULES.iter().filter(|rule| rule.changes.is_empty() || rule.changes.contains(&change));
    for rule in fitting {
        line(&mut text, rule.severity.name(), rule.reason);
    }
    text
}

fn system(provider: &dyn Provider) -> String {
    let mut text =
        format!("system {}\n\nTerraform providers: {}\n\nkinds\n", provider.system(), provider.sources().join(", "));
    for kind in provider.kinds() {
        line(&mut text, kind.id, kind.noun);
    }
    if !provider.unread_types().is_empty() {
        text.push_str("\ndeclared by types that are not read yet, each a gap when it is declared\n");
    }
    for (name, what) in provider.unread_types() {
        line(&mut text, name, what);
    }
    if !provider.without_access().is_empty() {
        text.push_str("\ntypes of which nothing is said, since they declare no access\n");
    }
    for (name, why) in provider.without_access() {
        line(&mut text, name, why);
    }
    text
}

/// A resource type that claims nothing.
fn left_out(name: &str) -> Option<String> {
    let about =
        |types: &[(&str, &'static str)]| types.iter().find(|(known, _)| *known == name).map(|(_, about)| *about);
    let unread = providers::SYSTEMS.iter().find_map(|provider| about(provider.unread_types()));
    if let Some(what) = unread {
        return Some(format!(
            "resource type {name}\n\nnot read yet: it declares {what}, and is a gap when it is declared\n"
        ));
    }
    let why = providers::SYSTEMS.iter().find_map(|provider| about(provider.without_access()))?;
    Some(format!("resource type {name}\n\nnothing is said of it, since it declares no access: {why}\n"))
}

fn kind(kind: &Kind) -> String {
    let mut text = format!("kind {}: {} ({})\n\n{}\n\nkey\n", kind.id, kind.noun, kind.class, kind.about);
    let key = if kind.key.is_empty() { "one for each account".to_owned() } else { kind.key.join(", ") };
    let _ = writeln!(text, "  {key}");
    if !kind.properties.is_empty() {
        text.push_str("\nproperties, and when two are the same\n");
    }
    for property in kind.properties {
        line(&mut text, property.name, &same_when(property));
    }
    text.push_str("\ndeclared by\n");
    let claiming = providers::SYSTEMS.iter().flat_map(|provider| provider.resource_types());
    for found in claiming.flat_map(|group| group.iter()).filter(|found| found.kinds.contains(&kind)) {
        line(&mut text, found.name, found.about);
    }
    text
}

fn same_when(property: &Property) -> String {
    match property.compare {
        Compare::Exact => "equal; empty is absent".to_owned(),
        Compare::Default(default) => format!("equal; absent is `{default}`"),
        Compare::Number(default) => format!("equal numbers; absent is {default}"),
        Compare::Flag(default) => format!("equal; absent is {default}"),
        Compare::Set => "the same elements in any order".to_owned(),
        Compare::Sequence => "the same elements in the same order".to_owned(),
        Compare::Instant => "the same point in time; absent is `infinity`".to_owned(),
        Compare::Map => "the same keys and values".to_owned(),
        Compare::PolicyDocument => "the same policy document, whatever its order, spacing and scalars".to_owned(),
        Compare::Text => "equal but for white space".to_owned(),
    }
}

fn resource_type(found: &ResourceType) -> String {
    let mut text = format!("resource type {}\n\n{}\n\nclaims\n", found.name, found.about);
    for kind in found.kinds {
        line(&mut text, kind.id, kind.noun);
    }
    if !found.secrets.is_empty() {
        let _ = write!(text, "\nnever read\n  {}\n", found.secrets.join(", "));
    }
    text
}
