//! Passwords from a password file, where neither the provider block nor `PGPASSWORD` gives one (PostgreSQL documentation,
//! "The Password File"; `internal/pgpass` of the driver lib/pq).

use super::settings::Settings;
use std::path::Path;

/// The password for this database; `None` where no line fits, or others may read the file.
pub(super) fn password(settings: &Settings, database: &str) -> Option<String> {
    let path = settings.password_file.as_deref()?;
    if !kept_to_ourselves(path) {
        return None;
    }
    let text = std::fs::read_to_string(path).ok()?;
    let socket = settings.host.starts_with(['/', '@']);
    let port = settings.port.to_string();
    text.lines().filter(|line| !line.starts_with('#')).find_map(|line| {
        let fields: [String; 5] = fields(line).try_into().ok()?;
        let [host, of_port, of_database, user, password] = fields;
        let fits = |pattern: &str, value: &str| pattern == "*" || pattern == value;
        let here = fits(&host, &settings.host) || (socket && host == "localhost");
        let meant = here && fits(&of_port, &port) && fits(&of_database, database) && fits(&user, &settings.username);
        meant.then_some(password)
    })
}

/// The parts between colons; what follows a backslash is meant as it is.
fn fields(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        let meant = match c {
            ':' => {
                fields.push(String::new());
                continue;
            }
            '\\' => chars.next(),
            c => Some(c),
        };
        if let Some(last) = fields.last_mut() {
            last.extend(meant);
        }
    }
    fields
}

#[cfg(unix)]
fn kept_to_ourselves(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).is_ok_and(|file| file.permissions().mode() & 0o077 == 0)
}

#[cfg(not(unix))]
fn kept_to_ourselves(path: &Path) -> bool {
    path.is_file()
}

#[cfg(test)]
mod tests {
    use super::fields;

    #[test]
    fn a_backslash_keeps_a_colon() {
        assert_eq!(fields(r"db:5432:*:app:a\:b\\c"), ["db", "5432", "*", "app", r"a:b\c"]);
        assert_eq!(fields("db::x"), ["db", "", "x"]);
    }
}
