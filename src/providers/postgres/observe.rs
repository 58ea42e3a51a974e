//! Reads whole clusters: one session for each provider configuration, each cluster once.

use super::databases;
use super::inside::{self, Place};
use super::kinds::INSIDE;
use super::reading::{Reading, lost};
use super::session::{OpenError, Session};
use super::settings::{self, Settings, Undecided};
use super::{privilege, queries, shared};
use crate::http::{Error, Kind};
use crate::model::{Gap, Hides, Observation, Problem, ProviderUse, Scope};
use crate::providers::{Ask, Used, gaps};
use futures_util::{StreamExt, stream};
use std::sync::Arc;

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
                        known.databases.extend(found.databases);
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
    settings: Settings,
    session: Session,
    requests: u64,
    /// The databases that provider blocks name.
    databases: Vec<String>,
    meant_by: Vec<ProviderUse>,
}

/// Connects, and asks which cluster it is.
async fn cluster(settings: &Settings, used: &Used, ask: &Ask) -> Result<Cluster, OpenError> {
    ask.report(&format!("asking PostgreSQL at {}", settings.server()));
    let session = Session::open(settings, &settings.database, ask.ca_file.as_deref(), ask.timeout).await?;
    let id = match session.all(&queries::CLUSTER, |row| Ok(row.try_get::<_, String>(0)?)).await {
        Ok(rows) => rows.into_iter().next(),
        // Kept from ordinary roles: then the address has to do.
        Err(error) if matches!(error.kind, Kind::Denied | Kind::Rejected) => None,
        Err(error) => return Err(OpenError::Failed(error)),
    };
    Ok(Cluster {
        id: id.unwrap_or_else(|| settings.server()).into(),
        databases: vec![settings.database.clone()],
        settings: settings.clone(),
        session,
        requests: 1,
        meant_by: vec![used.of.clone()],
    })
}

/// Everything of one cluster: what any of its databases shows, and what each shows of itself.
async fn read_cluster(cluster: Cluster, ask: &Ask) -> Observation {
    let Cluster { id, settings, session, requests, databases, meant_by } = cluster;
    ask.report(&format!("reading roles of {}", settings.server()));
    let mut reading = Reading::begin(session).await;
    let mut found = Observation::default();
    let shared = shared::read(&mut reading, &id, &mut found.facts, &mut found.gaps).await;
    let choice = databases::choose(&shared.databases, &databases, ask, &id);
    let (own, others): (Vec<_>, Vec<_>) = choice.open.into_iter().partition(|name| *name == shared.database);
    if ask.wants(INSIDE) {
        found.gaps.extend(choice.gaps);
        for database in &own {
            ask.report(&format!("reading database {database} of {}", settings.server()));
            let place = Place { cluster: &id, database };
            inside::read(&mut reading, &place, ask, &mut found.facts, &mut found.gaps).await;
        }
    }
    let mut requests = requests + reading.requests;
    reading.close().await;
    if ask.wants(INSIDE) {
        // Each is a session of its own, and a server has only so many.
        let reads = others.into_iter().map(|database| database_of(&settings, database, &id, ask));
        let mut reads = stream::iter(reads).buffered(ask.jobs.max(1));
        while let Some((inside, asked)) = reads.next().await {
            found.extend(inside);
            requests += asked;
        }
    }
    privilege::spread(&mut found.facts);
    let identity = if shared.user.is_empty() { &settings.username } else { &shared.user };
    found.scopes.push(Scope {
        system: "postgres".to_owned(),
        identity: format!("{identity} at {}", settings.server()),
        id,
        facts: found.facts.len(),
        requests,
        complete: found.gaps.is_empty(),
        meant_by,
    });
    found
}

/// What a database shows of itself, in a session of its own, and how many questions that took.
async fn database_of(settings: &Settings, database: String, cluster: &Arc<str>, ask: &Ask) -> (Observation, u64) {
    ask.report(&format!("reading database {database} of {}", settings.server()));
    let mut found = Observation::default();
    let session = match Session::open(settings, &database, ask.ca_file.as_deref(), ask.timeout).await {
        Ok(session) => session,
        Err(OpenError::Failed(error)) => {
            lost(&error, databases::inside(&database), cluster, &mut found.gaps);
            return (found, 0);
        }
        Err(OpenError::Problem(problem)) => {
            let error = Error::new(Kind::Connection, "connect", problem.message);
            lost(&error, databases::inside(&database), cluster, &mut found.gaps);
            return (found, 0);
        }
    };
    let mut reading = Reading::begin(session).await;
    let place = Place { cluster, database: &database };
    inside::read(&mut reading, &place, ask, &mut found.facts, &mut found.gaps).await;
    let asked = reading.requests;
    reading.close().await;
    (found, asked)
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
