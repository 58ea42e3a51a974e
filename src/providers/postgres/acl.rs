//! Access lists as the server writes them: `grantee=privileges/grantor`, a privilege followed by `*` where it may be handed
//! on (PostgreSQL documentation, "Privileges"; `aclitemout` in `utils/adt/acl.c`).

use std::collections::{BTreeMap, BTreeSet};

/// How everybody is written. No role can have the name: the server keeps it back (`CREATE ROLE`).
pub(super) const EVERYBODY: &str = "public";

/// Letters of privileges and their names (PostgreSQL documentation, table "ACL Privilege Abbreviations").
static LETTERS: &[(char, &str)] = &[
    ('r', "SELECT"),
    ('a', "INSERT"),
    ('w', "UPDATE"),
    ('d', "DELETE"),
    ('D', "TRUNCATE"),
    ('x', "REFERENCES"),
    ('t', "TRIGGER"),
    ('C', "CREATE"),
    ('c', "CONNECT"),
    ('T', "TEMPORARY"),
    ('X', "EXECUTE"),
    ('U', "USAGE"),
    ('s', "SET"),
    ('A', "ALTER SYSTEM"),
    ('m', "MAINTAIN"),
];

/// What one grantee has of one object, by all grantors together.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Held {
    pub privileges: BTreeSet<String>,
    /// Those of them that may be handed on.
    pub options: BTreeSet<String>,
    pub grantors: BTreeSet<String>,
}

impl Held {
    /// Whether everything of this is in the other.
    pub(super) fn within(&self, other: &Held) -> bool {
        self.privileges.is_subset(&other.privileges) && self.options.is_subset(&other.options)
    }
}

/// Who has what by an access list; `None` when an item is not written as the server writes it.
pub(super) fn read<S: AsRef<str>>(items: &[S]) -> Option<BTreeMap<String, Held>> {
    let mut all: BTreeMap<String, Held> = BTreeMap::new();
    for item in items {
        let (grantee, rest) = name(item.as_ref())?;
        let (letters, grantor) = rest.strip_prefix('=')?.split_once('/')?;
        let (grantor, "") = name(grantor)? else { return None };
        let grantee = if grantee.is_empty() { EVERYBODY.to_owned() } else { grantee };
        let held = all.entry(grantee).or_default();
        held.grantors.insert(grantor);
        let mut letters = letters.chars().peekable();
        while let Some(letter) = letters.next() {
            let privilege = privilege(letter);
            if letters.next_if_eq(&'*').is_some() {
                held.options.insert(privilege.clone());
            }
            held.privileges.insert(privilege);
        }
    }
    Some(all)
}

/// A privilege of a version that is not known here shows as its letter.
fn privilege(letter: char) -> String {
    let known = LETTERS.iter().find(|(known, _)| *known == letter);
    known.map_or_else(|| letter.to_string(), |(_, name)| (*name).to_owned())
}

/// The role's name at the beginning of the text, and what follows. In quotes a quote is written twice.
fn name(text: &str) -> Option<(String, &str)> {
    let Some(mut rest) = text.strip_prefix('"') else {
        let end = text.find(['=', '/']).unwrap_or(text.len());
        return Some((text[..end].to_owned(), &text[end..]));
    };
    let mut name = String::new();
    loop {
        let (part, after) = rest.split_once('"')?;
        name.push_str(part);
        match after.strip_prefix('"') {
            Some(more) => {
                name.push('"');
                rest = more;
            }
            None => return Some((name, after)),
        }
    }
}

/// What a sort of object can be granted, and what everybody has of it where nothing is written (PostgreSQL documentation,
/// table "Summary of Access Privileges").
pub(super) struct Sort {
    pub all: &'static [&'static str],
    pub everybody: &'static [&'static str],
}

impl Sort {
    /// What `ALL` stands for, on servers that know the privilege to maintain and on those that do not.
    pub(super) fn everything(&self, maintain: bool) -> Vec<&'static str> {
        self.all.iter().copied().filter(|privilege| maintain || *privilege != MAINTAIN).collect()
    }
}

/// Of tables, from version 17 on.
pub(super) const MAINTAIN: &str = "MAINTAIN";

pub(super) static DATABASE: Sort =
    Sort { all: &["CREATE", "CONNECT", "TEMPORARY"], everybody: &["CONNECT", "TEMPORARY"] };
pub(super) static SCHEMA: Sort = Sort { all: &["CREATE", "USAGE"], everybody: &[] };
pub(super) static TABLE: Sort = Sort {
    all: &["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER", MAINTAIN],
    everybody: &[],
};
pub(super) static COLUMN: Sort = Sort { all: &["SELECT", "INSERT", "UPDATE", "REFERENCES"], everybody: &[] };
pub(super) static SEQUENCE: Sort = Sort { all: &["USAGE", "SELECT", "UPDATE"], everybody: &[] };
pub(super) static FUNCTION: Sort = Sort { all: &["EXECUTE"], everybody: &["EXECUTE"] };
/// Types and languages.
pub(super) static USABLE: Sort = Sort { all: &["USAGE"], everybody: &["USAGE"] };
/// Foreign servers and what they are reached by.
pub(super) static FOREIGN: Sort = Sort { all: &["USAGE"], everybody: &[] };
pub(super) static LARGE_OBJECT: Sort = Sort { all: &["SELECT", "UPDATE"], everybody: &[] };
pub(super) static TABLESPACE: Sort = Sort { all: &["CREATE"], everybody: &[] };
pub(super) static PARAMETER: Sort = Sort { all: &["SET", "ALTER SYSTEM"], everybody: &[] };

#[cfg(test)]
mod tests {
    use super::*;

    fn sets(held: &Held) -> [Vec<&str>; 3] {
        [&held.privileges, &held.options, &held.grantors].map(|set| set.iter().map(String::as_str).collect())
    }

    #[test]
    fn items_of_one_grantee_add_up() {
        let all = read(&["app=r*w/owner", "=X/owner", "app=a/other"]).unwrap();
        assert_eq!(sets(&all["app"]), [vec!["INSERT", "SELECT", "UPDATE"], vec!["SELECT"], vec!["other", "owner"]]);
        assert_eq!(sets(&all[EVERYBODY]), [vec!["EXECUTE"], vec![], vec!["owner"]]);
    }

    #[test]
    fn names_may_hold_anything() {
        let all = read(&[r#""a=b/""c"=U/"o/w""n""#, "übel=m/x", "a1=/x"]).unwrap();
        assert_eq!(sets(&all[r#"a=b/"c"#]), [vec!["USAGE"], vec![], vec![r#"o/w"n"#]]);
        assert_eq!(sets(&all["übel"])[0], ["MAINTAIN"]);
        assert!(all["a1"].privileges.is_empty());
        // A privilege of a version to come is shown, not left out.
        assert_eq!(sets(&read(&["a=Z/x"]).unwrap()["a"])[0], ["Z"]);
    }

    #[test]
    fn what_is_no_access_list_is_not_taken_for_an_empty_one() {
        for item in ["", "app", "app=r", r#""app=r/x"#, r#"app=r/"x"#, r#"app=r/"x"y"#] {
            assert_eq!(read(&[item]), None, "{item}");
        }
    }
}
