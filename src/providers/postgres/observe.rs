//! Reads whole clusters: one session for each provider configuration, each cluster once.

use super::kinds::{self, membership, role};
use super::privilege;
use super::queries::{self, Query};
use super::session::{OpenError, Session};
use super::settings::{self, Settings, Undecided};
use crate::http::{Error, Kind};
use crate::model::{Fact, Gap, Hides, Observation, Problem, ProviderUse, Scope};
use crate::providers::{Ask, Used, gaps};
use std::sync::Arc;
use tokio_postgres::Row;

/// Observes the clusters behind every provider configuration.
///
/// # Errors
/// When no cluster can be asked: one that cannot be asked beside others is a gap.
pub(super) async fn observe(ask: &Ask) -> Result<Observation, Problem> {
    let own = [Used::default()];
    let configurations = if ask.configurations.is_empty() { &own } else { ask.configurations.as_slice() };
    let read = |used: &Used| Settings::read(used.block.as_deref(), &settings::variable);
    // One variable cannot stand in for the hosts of several blocks.
    let borrowed = configurations.iter().filter(|used| read(used).is_ok_and(|s| s.host_from_environment)).count();
    let mut clusters: Vec<Cluster> = Vec::new();
    let mut unasked = Vec::new();
    for used in configurations {
        let settings = read(used).and_then(|settings| match settings.host_from_environment && borrowed > 1 {
            true => Err(ambiguous(used)),
            false => Ok(settings),
        });
        match settings {
            Err(undecided) => unasked.push(unresolved(&undecided)),
            Ok(settings) => match cluster(&settings, used, ask).await {
                Err(problem) => unasked.push(unreachable(&settings, problem)),
                Ok(found) => match clusters.iter_mut().find(|known| known.id == found.id) {
                    Some(known) => {
                        known.meant_by.extend(found.meant_by);
                        found.session.close().await;
                    }
                    None => clusters.push(found),
                },
            },
        }
    }
    if clusters.is_empty()
        && let Some((problem, _)) = unasked.first()
    {
        return Err(problem.clone());
    }
    let mut observation = Observation::default();
    for cluster in clusters {
        observation.extend(read_cluster(cluster, ask).await);
    }
    observation.gaps.extend(unasked.into_iter().map(|(_, gap)| gap));
    Ok(observation)
}

/// A cluster that answered, and who means it.
struct Cluster {
    id: Arc<str>,
    server: String,
    username: String,
    session: Session,
    requests: u64,
    meant_by: Vec<ProviderUse>,
}

/// Connects, and asks which cluster it is.
async fn cluster(settings: &Settings, used: &Used, ask: &Ask) -> Result<Cluster, OpenError> {
    ask.report(&format!("asking PostgreSQL at {}", settings.server()));
    let session = Session::open(settings, ask.ca_file.as_deref(), ask.timeout).await?;
    let id = match session.run(&queries::CLUSTER).await {
        Ok(rows) => rows.first().and_then(|row| row.try_get(0).ok()),
        // Kept from ordinary roles: then the address has to do.
        Err(error) if matches!(error.kind, Kind::Denied | Kind::Rejected) => None,
        Err(error) => return Err(OpenError::Failed(error)),
    };
    Ok(Cluster {
        id: id.unwrap_or_else(|| settings.server()).into(),
        server: settings.server(),
        username: settings.username.clone(),
        session,
        requests: 1,
        meant_by: vec![used.of.clone()],
    })
}

async fn read_cluster(mut cluster: Cluster, ask: &Ask) -> Observation {
    ask.report(&format!("reading roles of {}", cluster.server));
    let mut gaps = Vec::new();
    let facts = facts(&mut cluster, ask, &mut gaps).await;
    cluster.session.close().await;
    let scope = Scope {
        system: "postgres".to_owned(),
        id: cluster.id,
        identity: format!("{} at {}", cluster.username, cluster.server),
        facts: facts.len(),
        requests: cluster.requests,
        complete: gaps.is_empty(),
        meant_by: cluster.meant_by,
    };
    Observation { scopes: vec![scope], facts, gaps }
}

/// Everything of the cluster at one moment.
async fn facts(cluster: &mut Cluster, ask: &Ask, gaps: &mut Vec<Gap>) -> Vec<Fact> {
    let id = cluster.id.clone();
    let mut lost = |error: &Error, kinds: &[&'static crate::model::Kind]| {
        let hides = Hides::Facts { kinds: kinds.to_vec(), fixed: Vec::new() };
        gaps.push(gaps::gap(error, "postgres", &id, hides));
    };
    let mut asked = 0;
    let session = &cluster.session;
    let mut facts = Vec::new();
    let begun = async {
        rows(session, &queries::BEGIN, &mut asked).await?;
        rows(session, &queries::SESSION, &mut asked).await
    };
    match begun.await {
        Err(error) => lost(&error, kinds::KINDS),
        Ok(told) => {
            // Both kinds are read whatever was asked for: how much a membership gives shows in the roles.
            if let Some(user) = told.first().and_then(|row| row.try_get(0).ok()) {
                cluster.username = user;
            }
            let version = told.first().and_then(|row| row.try_get::<_, i64>(1).ok()).unwrap_or_default();
            match rows(session, &queries::ROLES, &mut asked).await.and_then(|rows| all(&rows, role::read)) {
                Err(error) => lost(&error, &[&role::KIND]),
                Ok(roles) => facts.extend(roles.iter().map(|role| role::fact(role, version, &id))),
            }
            match rows(session, &queries::MEMBERSHIPS, &mut asked).await.and_then(|rows| all(&rows, membership::read)) {
                Err(error) => lost(&error, &[&membership::KIND]),
                Ok(memberships) => facts.extend(memberships.iter().map(|one| membership::fact(one, &id))),
            }
        }
    }
    cluster.requests += asked;
    privilege::spread(&mut facts);
    facts.retain(|fact| ask.wants(&[fact.kind]));
    facts
}

async fn rows(session: &Session, query: &'static Query, asked: &mut u64) -> Result<Vec<Row>, Error> {
    *asked += 1;
    session.run(query).await
}

/// Every row, or none: one that cannot be read may be the one that matters.
fn all<T>(rows: &[Row], read: fn(&Row) -> Result<T, tokio_postgres::Error>) -> Result<Vec<T>, Error> {
    let read = rows.iter().map(read).collect::<Result<Vec<_>, _>>();
    read.map_err(|error| Error::new(Kind::Garbage, "row", error.to_string()))
}

fn ambiguous(used: &Used) -> Undecided {
    Undecided {
        setting: "host".to_owned(),
        why: "is an expression, as that of another provider block is, and `PGHOST` names one host".to_owned(),
        place: used.block.as_ref().map(|block| block.place.clone()).unwrap_or_default(),
        hint: "check the root modules one by one, or with `--live` and a snapshot of each cluster".to_owned(),
    }
}

/// What is said when nothing else could be asked, and when something else could.
type Unasked = (Problem, Gap);

fn unresolved(undecided: &Undecided) -> Unasked {
    let Undecided { setting, why, place, hint } = undecided;
    let problem = Problem::new(format!("`{setting}` of the PostgreSQL provider {why}")).help(hint.clone());
    let problem = if place.is_empty() { problem } else { problem.at(place.clone()) };
    let what = format!("the cluster behind the provider block at {place}");
    let gap = left_out("provider_unresolved", what, format!("`{setting}` {why}"), hint.clone());
    (problem, gap)
}

fn unreachable(settings: &Settings, error: OpenError) -> Unasked {
    let server = settings.server();
    let what = format!("everything of the cluster at {server}");
    match error {
        OpenError::Problem(problem) => {
            let gap = left_out("connection", what, problem.message.clone(), "correct the certificates".to_owned());
            (problem, gap)
        }
        OpenError::Failed(error) => {
            let unscoped: Arc<str> = server.as_str().into();
            let gap = Gap { scope: None, ..gaps::gap(&error, "postgres", &unscoped, Hides::Unread(what)) };
            let problem =
                Problem::new(format!("cannot ask PostgreSQL at `{server}` as `{}`: {error}", settings.username))
                    .help(way_out(error.kind));
            (problem, gap)
        }
    }
}

fn left_out(code: &'static str, what: String, reason: String, hint: String) -> Gap {
    Gap {
        code: code.into(),
        system: "postgres".to_owned(),
        scope: None,
        hides: Hides::Unread(what),
        reason,
        hint,
        location: None,
    }
}

fn way_out(kind: Kind) -> &'static str {
    match kind {
        Kind::Credentials => "give the role's name in `PGUSER` and its password in `PGPASSWORD`",
        Kind::Denied | Kind::Rejected => {
            "`driftline permissions postgres` prints what the role needs; `PGDATABASE` names the database to log in to"
        }
        _ => {
            "look at `host`, `port` and `sslmode` of the provider block, or at `PGHOST`, `PGPORT` and `PGSSLMODE`; \
             `--only` leaves this system out"
        }
    }
}
