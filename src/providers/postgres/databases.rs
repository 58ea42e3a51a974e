//! Which databases of a cluster are looked into, and what is said of the others.

use super::kinds::INSIDE;
use super::kinds::database::Database;
use crate::model::{Gap, Hides};
use crate::providers::Ask;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Stands for all databases where they are named.
const ALL: &str = "*";

/// The names of those to look into.
pub(super) struct Choice {
    pub open: Vec<String>,
    pub gaps: Vec<Gap>,
}

/// Those that something declared, a provider block (`own`) or the user names. Whatever else there is was not looked into, unless the user said which
/// ones are meant; what new databases are copied from holds nothing of anybody's.
pub(super) fn choose(all: &[Database], own: &[String], ask: &Ask, cluster: &Arc<str>) -> Choice {
    let declared = declared(ask);
    let every = ask.databases.iter().any(|name| name == ALL);
    let mut choice = Choice { open: Vec::new(), gaps: Vec::new() };
    let mut left = Vec::new();
    for one in all {
        let named = every || [own, &ask.databases].concat().contains(&one.name) || declared.contains(one.name.as_str());
        let kept_shut = !one.allows && one.template && one.of_initdb();
        if named && one.allows {
            choice.open.push(one.name.clone());
        } else if named && !(every && kept_shut) {
            choice.gaps.push(shut(&one.name, cluster));
        } else if !(one.of_initdb() && one.template) {
            left.push(one.name.as_str());
        }
    }
    for name in ask.databases.iter().filter(|name| *name != ALL) {
        if !all.iter().any(|one| one.name == *name) {
            choice.gaps.push(absent(name, cluster));
        }
    }
    if ask.databases.is_empty() && !left.is_empty() {
        choice.gaps.push(not_looked_into(&left, cluster));
    }
    choice
}

/// The databases that claims on what is inside them name.
fn declared(ask: &Ask) -> BTreeSet<&str> {
    let mut names = BTreeSet::new();
    for (id, key) in &ask.claimed {
        if let Some(kind) = INSIDE.iter().find(|kind| kind.id == *id) {
            names.extend(key.field(kind, "database"));
        }
    }
    names
}

fn gap(code: &'static str, cluster: &Arc<str>, hides: Hides, reason: String, hint: String) -> Gap {
    Gap {
        code: code.into(),
        system: "postgres".to_owned(),
        scope: Some(cluster.clone()),
        hides,
        reason,
        hint,
        location: None,
    }
}

/// What a database hides that is not read.
pub(super) fn inside(name: &str) -> Hides {
    Hides::Facts { kinds: INSIDE.to_vec(), fixed: vec![("database", name.to_owned())] }
}

fn shut(name: &str, cluster: &Arc<str>) -> Gap {
    let reason = format!("database `{name}` takes no connections");
    let hint = "allow connections to it, or leave it out".to_owned();
    gap("database_not_read", cluster, inside(name), reason, hint)
}

fn absent(name: &str, cluster: &Arc<str>) -> Gap {
    let hides = Hides::Unread(format!("what is in database `{name}`"));
    let reason = format!("there is no database `{name}` in this cluster");
    gap("database_not_read", cluster, hides, reason, "correct its name in `--database`".to_owned())
}

fn not_looked_into(names: &[&str], cluster: &Arc<str>) -> Gap {
    let shown: Vec<_> = names.iter().take(5).map(|name| format!("`{name}`")).collect();
    let more = names.len().saturating_sub(shown.len());
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let hides = Hides::Unread(format!("what is in databases that nothing declared speaks of: {}{more}", shown.join(", ")));
    let reason = "a session shows the database that it is in, and nothing names these".to_owned();
    let hint = "name those that matter with `--database NAME`, or all with `--database '*'`; grants on the databases \
                themselves were read"
        .to_owned();
    gap("database_not_read", cluster, hides, reason, hint)
}
