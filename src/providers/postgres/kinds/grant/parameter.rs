//! Grants on settings of the server.

use super::{PRIVILEGES, kind};
use crate::model::{Fact, Kind, Privilege};

pub static KIND: Kind = kind(
    "postgres/grant/parameter",
    "parameter grant",
    "grant on parameter `{parameter}` to `{grantee}`",
    &["parameter", "grantee"],
    &[],
    "Who may change a setting of the server that is otherwise kept to superusers, from pg_parameter_acl (version 15 and \
     later). The provider has no resource type that grants on one.",
);

/// Settings by which whoever may change them has the server run or load what he likes, or let in whom he likes, and what
/// that is. A superuser's session takes `ALTER SYSTEM` for all of them; those that are marked also do so by `SET` (PostgreSQL
/// documentation, "Server Configuration").
static POWERFUL: &[(&str, bool, &str)] = &[
    ("archive_cleanup_command", false, "is a command that the server runs"),
    ("archive_command", false, "is a command that the server runs"),
    ("archive_library", false, "is a library that the server loads"),
    ("dynamic_library_path", true, "is where the server looks for libraries"),
    ("hba_file", false, "says who may log in, and how"),
    ("ident_file", false, "says who may log in, and as whom"),
    ("jit_provider", false, "is a library that the server loads"),
    ("recovery_end_command", false, "is a command that the server runs"),
    ("restore_command", false, "is a command that the server runs"),
    ("session_preload_libraries", true, "is a library that the server loads"),
    ("shared_preload_libraries", false, "is a library that the server loads"),
    ("ssl_ca_file", false, "says whose client certificates the server believes"),
    ("ssl_passphrase_command", false, "is a command that the server runs"),
];

/// What a grant on a setting gives beyond the setting; not to the owner, a superuser.
pub(in crate::providers::postgres) fn weigh(fact: &mut Fact) {
    let name = fact.key.field(&KIND, "parameter").unwrap_or_default();
    let Some((_, by_set, what)) = POWERFUL.iter().find(|(known, ..)| known.eq_ignore_ascii_case(name)) else { return };
    let held = fact.properties.get(PRIVILEGES.name);
    let changes = held.into_iter().flat_map(|held| held.strings()).any(|held| held == "ALTER SYSTEM" || *by_set);
    if changes && fact.vendor_made.is_none() {
        // Whoever runs what he likes as the server does, or logs in as whom he likes, is as good as a superuser; that is more
        // than a grant to everybody.
        fact.privilege = Privilege::Admin(format!("`{name}` {what}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Key, Value};

    fn weighed(parameter: &str, privilege: &str) -> Privilege {
        let held = Value::List(vec![Value::from(privilege)]);
        let mut fact = Fact::new(&KIND, "1".into(), Key::new([parameter, "app"])).with(PRIVILEGES.name, held);
        weigh(&mut fact);
        fact.privilege
    }

    #[test]
    fn who_sets_what_the_server_runs_has_more_than_a_setting() {
        let runs = Privilege::Admin("`archive_command` is a command that the server runs".to_owned());
        assert_eq!(weighed("archive_command", "ALTER SYSTEM"), runs);
        assert_eq!(weighed("archive_command", "SET"), Privilege::None);
        assert_ne!(weighed("session_preload_libraries", "SET"), Privilege::None);
        assert_eq!(weighed("work_mem", "ALTER SYSTEM"), Privilege::None);
    }
}
