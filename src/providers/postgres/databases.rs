//! Which databases of a cluster are looked into, and what is said of the others.

use super::kinds::database::{self, Database};
use super::kinds::{INSIDE, grant};
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
    let (inside, themselves) = declared(ask);
    let every = ask.databases.iter().any(|name| name == ALL);
    let mut choice = Choice { open: Vec::new(), gaps: Vec::new() };
    let mut left = Vec::new();
    for one in all {
        let name = one.name.as_str();
        let meant = inside.contains(name) || [own, &ask.databases].iter().any(|names| names.contains(&one.name));
        match (one.allows, meant || every || themselves.contains(name)) {
            (true, true) => choice.open.push(name.to_owned()),
            (true, false) if one.template && one.of_initdb() => {}
            (true, false) => left.push(name),
            (false, _) if meant => choice.gaps.push(shut(name, cluster)),
            // What nobody can log in to gives nobody anything.
            (false, _) => {}
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

/// The databases that claims on what is inside them name, and those that claims are on.
fn declared(ask: &Ask) -> (BTreeSet<&str>, BTreeSet<&str>) {
    let (mut inside, mut themselves) = (BTreeSet::new(), BTreeSet::new());
    for (id, key) in &ask.claimed {
        if *id == database::KIND.id || *id == grant::database::KIND.id {
            themselves.extend(key.values().first().map(String::as_str));
        } else if let Some(kind) = INSIDE.iter().find(|kind| kind.id == *id) {
            inside.extend(key.field(kind, "database"));
        }
    }
    (inside, themselves)
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
    let hides =
        Hides::Unread(format!("what is in databases that nothing declared speaks of: {}{more}", shown.join(", ")));
    let reason = "a session shows the database that it is in, and nothing names these".to_owned();
    let hint = "name those that matter with `--database NAME`, or all with `--database '*'`; grants on the databases \
                themselves were read"
        .to_owned();
    gap("database_not_read", cluster, hides, reason, hint)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Key;
    use crate::providers::postgres::kinds::schema;

    fn database(name: &str, oid: i64, allows: bool, template: bool) -> Database {
        Database::named(name, oid, allows, template)
    }

    /// What is opened, and the reasons of the gaps.
    fn chosen(claimed: &[(&'static str, Key)], named: &[&str]) -> (Vec<String>, Vec<String>) {
        let all = [
            database("template1", 1, true, true),
            database("template0", 4, false, true),
            database("postgres", 5, true, false),
            database("shop", 20000, true, false),
            database("blank", 20001, false, true),
            database("other", 20002, true, false),
        ];
        let databases = named.iter().map(|name| (*name).to_owned()).collect();
        let ask = Ask { claimed: claimed.iter().cloned().collect(), databases, ..Ask::default() };
        let choice = choose(&all, &["postgres".to_owned()], &ask, &"1".into());
        (choice.open, choice.gaps.into_iter().map(|gap| gap.hides_in_words()).collect())
    }

    #[test]
    fn what_nothing_names_is_one_gap_until_the_user_says_which_are_meant() {
        let inside = (schema::KIND.id, Key::new(["shop", "sales"]));
        let (open, gaps) = chosen(std::slice::from_ref(&inside), &[]);
        assert_eq!(open, ["postgres", "shop"]);
        assert_eq!(gaps, ["what is in databases that nothing declared speaks of: `other`"]);
        assert_eq!(chosen(std::slice::from_ref(&inside), &["shop"]), (open, Vec::new()));
        let (every, gaps) = chosen(&[inside], &["*"]);
        assert_eq!((every, gaps), (["template1", "postgres", "shop", "other"].map(str::to_owned).to_vec(), Vec::new()));
    }

    #[test]
    fn a_database_that_nobody_can_log_in_to_is_a_gap_where_something_inside_is_meant() {
        let itself = (database::KIND.id, Key::new(["blank"]));
        assert!(!chosen(&[itself], &["shop", "other"]).1.iter().any(|gap| gap.contains("blank")));
        let inside = (schema::KIND.id, Key::new(["blank", "public"]));
        assert!(chosen(&[inside], &["shop"]).1[0].ends_with("of database `blank`"));
        assert_eq!(chosen(&[], &["nowhere"]).1, ["what is in database `nowhere`"]);
    }
}
