//! Reads what any database of a cluster shows: roles, and the objects that belong to the cluster as a whole.

use super::kinds::database::Database;
use super::kinds::{INSIDE, KINDS, database, grant, membership, owner, role, security_label, subscription};
use super::queries::{self, Query};
use super::reading::{Reading, lost};
use super::session::Unreadable;
use super::templates::Templates;
use crate::model::{Fact, Gap, Hides, Kind};
use grant::{Access, Object};
use std::sync::Arc;
use tokio_postgres::Row;

/// What the rest of the reading goes by.
#[derive(Default)]
pub(super) struct Shared {
    /// As whom the server knows us; empty when it did not say.
    pub user: String,
    /// The database that the session is in.
    pub database: String,
    pub databases: Vec<Database>,
}

/// Adds everything that any database shows, at one moment. Nothing is left out that was not asked for: how much a
/// membership gives shows in the roles, and what `ALL` stands for in what the server's version knows.
pub(super) async fn read(
    reading: &mut Reading,
    cluster: &Arc<str>,
    facts: &mut Vec<Fact>,
    gaps: &mut Vec<Gap>,
) -> Shared {
    let all_of = |kinds: &[&'static Kind]| Hides::Facts { kinds: kinds.to_vec(), fixed: Vec::new() };
    let mut shared = Shared::default();
    let session = |row: &Row| Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?));
    let told: (String, i64, String) = match reading.all(&queries::SESSION, session).await {
        Ok(rows) => rows.into_iter().next().unwrap_or_default(),
        Err(error) => {
            lost(&error, all_of(KINDS), cluster, gaps);
            return shared;
        }
    };
    let version = told.1;
    (shared.user, shared.database) = (told.0, told.2);
    match reading.all(&queries::ROLES, role::read).await {
        Err(error) => lost(&error, all_of(&[&role::KIND, &owner::KIND]), cluster, gaps),
        Ok(roles) => facts.extend(roles.iter().map(|one| role::fact(one, version, cluster))),
    }
    match reading.all(&queries::MEMBERSHIPS, membership::read).await {
        Err(error) => lost(&error, all_of(&[&membership::KIND, &owner::KIND]), cluster, gaps),
        Ok(memberships) => facts.extend(memberships.iter().map(|one| membership::fact(one, cluster))),
    }
    match reading.all(&queries::DATABASES, database::read).await {
        // Without their names nothing inside of them is known either.
        Err(error) => {
            let kinds: Vec<_> = INSIDE.iter().copied().chain([&database::KIND, &grant::database::KIND]).collect();
            lost(&error, all_of(&kinds), cluster, gaps);
        }
        Ok(databases) => shared.databases = databases,
    }
    for one in &shared.databases {
        facts.push(database::fact(one, cluster));
        let path = [one.name.as_str()];
        let object = Object { access: one.access.clone(), ..Object::new(&grant::database::KIND, &path) };
        object.facts(&Templates::default(), cluster, facts);
    }
    for part in PARTS.iter().filter(|part| part.query.fits(version)) {
        let before = facts.len();
        if let Err(error) = reading.each(part.query, |row| (part.read)(row, cluster, facts)).await {
            facts.truncate(before);
            lost(&error, all_of(part.feeds), cluster, gaps);
        }
    }
    shared
}

/// One question: what it feeds, and how a row of the answer becomes facts.
struct Part {
    query: &'static Query,
    feeds: &'static [&'static Kind],
    read: Read,
}

type Read = fn(&Row, &Arc<str>, &mut Vec<Fact>) -> Result<(), Unreadable>;

static PARTS: &[Part] = &[
    Part { query: &queries::TABLESPACES, feeds: &[&grant::tablespace::KIND], read: tablespaces },
    Part { query: &queries::PARAMETERS, feeds: &[&grant::parameter::KIND], read: parameters },
    Part { query: &queries::SUBSCRIPTIONS, feeds: &[&subscription::KIND, &owner::KIND], read: subscriptions },
    Part { query: &queries::SHARED_LABELS, feeds: &[&security_label::KIND], read: labels },
];

fn named(kind: &'static Kind, row: &Row, cluster: &Arc<str>, out: &mut Vec<Fact>) -> Result<(), Unreadable> {
    let name: String = row.try_get(0)?;
    let path = [name.as_str()];
    let object = Object { access: Access::read(row, 1)?, ..Object::new(kind, &path) };
    object.facts(&Templates::default(), cluster, out);
    Ok(())
}

fn tablespaces(row: &Row, cluster: &Arc<str>, out: &mut Vec<Fact>) -> Result<(), Unreadable> {
    named(&grant::tablespace::KIND, row, cluster, out)
}

fn parameters(row: &Row, cluster: &Arc<str>, out: &mut Vec<Fact>) -> Result<(), Unreadable> {
    let first = out.len();
    named(&grant::parameter::KIND, row, cluster, out)?;
    out[first..].iter_mut().for_each(grant::parameter::weigh);
    Ok(())
}

fn subscriptions(row: &Row, cluster: &Arc<str>, out: &mut Vec<Fact>) -> Result<(), Unreadable> {
    out.push(subscription::fact(row, cluster)?);
    Ok(())
}

fn labels(row: &Row, cluster: &Arc<str>, out: &mut Vec<Fact>) -> Result<(), Unreadable> {
    out.push(security_label::fact(row, "", cluster)?);
    Ok(())
}
