//! Which clusters may answer, where the user or a snapshot of before says so: nothing that Terraform records names the
//! cluster, and a name or an address leads elsewhere as soon as somebody moves it.

use crate::model::{Problem, Scope};
use std::str::FromStr;

/// A cluster that may answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    /// `host:port`, where it is said of one address alone.
    pub address: Option<String>,
    /// Its system identifier; of one that keeps it to itself the address.
    pub id: String,
}

impl Expected {
    /// What a snapshot shows of a cluster that tells which one it is.
    pub fn of_snapshot(scope: &Scope) -> Option<Expected> {
        is_identifier(&scope.id).then(|| Expected { address: None, id: scope.id.to_string() })
    }
}

/// `initdb` makes it of the time and its process (`xlog.c`): a number, which no address is.
fn is_identifier(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

impl FromStr for Expected {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (address, id) = match text.rsplit_once('=') {
            Some((address, id)) => (Some(address.to_owned()), id),
            None => (None, text),
        };
        let is_address = |text: &str| {
            text.rsplit_once(':').is_some_and(|(host, port)| !host.is_empty() && port.parse::<u16>().is_ok())
        };
        let right = match &address {
            Some(address) => is_address(address) && is_identifier(id),
            None => is_identifier(id) || is_address(id),
        };
        if !right {
            return Err("write it as `IDENTIFIER` or `HOST:PORT=IDENTIFIER`; `SELECT system_identifier FROM \
                        pg_control_system()` and `driftline check --verbose` show the identifier"
                .to_owned());
        }
        Ok(Expected { address, id: id.to_owned() })
    }
}

/// Whether somebody said that this very cluster is meant.
pub fn is_proven(expected: &[Expected], id: &str) -> bool {
    expected.iter().any(|one| one.id == id)
}

/// Holds a cluster that answered against what was said of its address, else of clusters as a whole. Saved facts come from
/// no address: any of those that were said will do.
///
/// # Errors
/// When it is another one.
pub fn refuse_another(expected: &[Expected], address: Option<&str>, id: &str) -> Result<(), Problem> {
    let of_address = || expected.iter().filter(|one| address.is_some() && one.address.as_deref() == address);
    let at_large = expected.iter().filter(|one| address.is_none() || one.address.is_none());
    let meant: Vec<_> = if of_address().next().is_some() { of_address().collect() } else { at_large.collect() };
    if meant.is_empty() || meant.iter().any(|one| one.id == id) {
        return Ok(());
    }
    let ids: Vec<_> = meant.iter().map(|one| format!("`{}`", one.id)).collect();
    let place = address.map(|address| format!(" at `{address}`")).unwrap_or_default();
    let ids = ids.join(" or ");
    Err(if is_identifier(id) {
        Problem::new(format!("wrong cluster: `{id}` answered{place}, and {ids} is expected")).help(
            "look at what answers at that address; if this is the right one from now on (a cluster made anew, or loaded \
             from a dump), name it with `--cluster`",
        )
    } else {
        Problem::new(format!("the cluster{place} does not say which one it is, and {ids} is expected"))
            .help("`GRANT EXECUTE ON FUNCTION pg_control_system() TO` the role that asks")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expected(texts: &[&str]) -> Vec<Expected> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    fn refused(texts: &[&str], address: Option<&str>, id: &str) -> Option<String> {
        refuse_another(&expected(texts), address, id).err().map(|problem| problem.message)
    }

    #[test]
    fn another_cluster_than_the_one_that_was_named_is_refused() {
        let here = Some("db:5432");
        assert_eq!(refused(&[], here, "2"), None);
        assert_eq!(refused(&["1", "2"], here, "2"), None);
        let told = refused(&["1", "3"], here, "2").unwrap();
        assert_eq!(told, "wrong cluster: `2` answered at `db:5432`, and `1` or `3` is expected");
        assert_eq!(refused(&["1"], None, "2").unwrap(), "wrong cluster: `2` answered, and `1` is expected");
    }

    #[test]
    fn what_is_said_of_an_address_goes_before_what_is_said_of_all() {
        let said = ["db:5432=1", "other:5432=2", "3"];
        assert_eq!(refused(&said, Some("db:5432"), "1"), None);
        assert!(refused(&said, Some("db:5432"), "2").unwrap().contains("`1` is expected"));
        assert!(refused(&said, Some("db:5432"), "3").unwrap().contains("`1` is expected"));
        assert_eq!(refused(&said, Some("third:5432"), "3"), None);
        // Nothing is said of this one.
        assert_eq!(refused(&said[..2], Some("third:5432"), "9"), None);
        // Saved facts may be of any of them.
        assert_eq!(refused(&said, None, "2"), None);
        assert!(refused(&said, None, "9").is_some());
    }

    #[test]
    fn one_that_keeps_its_identifier_to_itself_proves_nothing() {
        assert!(refused(&["1"], Some("db:5432"), "db:5432").unwrap().contains("does not say which one it is"));
        assert_eq!(refused(&["db:5432"], Some("db:5432"), "db:5432"), None);
    }

    #[test]
    fn what_names_no_cluster_is_told() {
        for text in ["", "db", "=1", "db:5432=", "db=1", "db:5432=x", ":1", "1 "] {
            assert!(text.parse::<Expected>().unwrap_err().contains("HOST:PORT=IDENTIFIER"), "{text}");
        }
        let socket = "/run/postgresql:5432=7".parse::<Expected>().unwrap();
        assert_eq!(socket.address.as_deref(), Some("/run/postgresql:5432"));
    }
}
