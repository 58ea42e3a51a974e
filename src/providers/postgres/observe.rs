//! Reads whole clusters: one session for each provider configuration, each cluster once.

use super::databases;
use super::inside::{self, Place};
use super::kinds::INSIDE;
use super::reading::{Reading, lost};
use super::session::{OpenError, Session};
use super::settings::{self, Settings, Undecided};
use super::{owners, privilege, queries, shared};
use crate::http::{Error, Kind};
use crate::model::{Gap, Hides, Observation, Problem, ProviderUse, Scope};
use crate::providers::{Ask, Used, clusters, gaps};
use futures_util::{StreamExt, stream};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

/// Observes the clusters behind every provider configuration.
///
/// # Errors
/// When no cluster can be asked: one that cannot be asked beside others is a gap.
pub(super) async fn observe(ask: &Ask) -> Result<Observation, Problem> {
    let mut reached = Reached::default();
    let own = [Used::default()];
    let configurations = if ask.configurations.is_empty() { &own } else { ask.configurations.as_slice() };
    for (used, settings) in configurations.iter().zip(settings_of(configurations)) {
        match settings {
            Err(undecided) => reached.unasked.push(unresolved(&undecided)),
            Ok(settings) => reached.reach(settings, used, ask).await?,
        }
    }
    let Reached { clusters, mut unasked, failed } = reached;
    unasked.extend(failed.into_iter().map(|(settings, _, error)| unreachable(&settings, error)));
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

/// Whom each provider configuration means. One variable cannot stand in for the hosts of several blocks, unless all of them
/// write the same expression.
fn settings_of(configurations: &[Used]) -> Vec<Result<Settings, Undecided>> {
    let read = |used: &Used| Settings::read(used.block.as_deref(), &settings::variable);
    let all: Vec<_> = configurations.iter().map(read).collect();
    let borrowed: BTreeSet<_> = all.iter().flatten().filter_map(|settings| settings.host_expression.clone()).collect();
    let certain = |(used, settings): (&Used, Result<Settings, Undecided>)| match settings {
        Ok(settings) if settings.host_expression.is_some() && borrowed.len() > 1 => Err(ambiguous(used)),
        settings => settings,
    };
    configurations.iter().zip(all).map(certain).collect()
}

/// What came of asking the clusters of all provider configurations.
#[derive(Default)]
struct Reached {
    clusters: Vec<Cluster>,
    unasked: Vec<Unasked>,
    /// Ways in that did not open.
    failed: Vec<(Settings, ProviderUse, OpenError)>,
}

/// A cluster that answered, and who means it.
struct Cluster {
    id: Arc<str>,
    session: Session,
    requests: u64,
    /// The ways in, each with the database that it leads to; the first is the session's.
    ways: Vec<Settings>,
    meant_by: Vec<ProviderUse>,
}

impl Cluster {
    /// The database of another provider configuration is in the same cluster when it is on the same server, whoever may
    /// log in to it.
    fn is_at(&self, settings: &Settings) -> bool {
        self.ways.iter().any(|way| way.server() == settings.server())
    }

    fn add(&mut self, settings: Settings, used: ProviderUse) {
        self.ways.push(settings);
        self.meant_by.push(used);
    }
}

impl Reached {
    /// Asks a cluster which one it is, unless it is known already.
    ///
    /// # Errors
    /// When it is another one than was said: nothing of it is read then, nor of any other.
    async fn reach(&mut self, settings: Settings, used: &Used, ask: &Ask) -> Result<(), Problem> {
        let at = |cluster: &&mut Cluster| cluster.is_at(&settings);
        if let Some(known) = self.clusters.iter_mut().find(at) {
            known.add(settings, used.of.clone());
            return Ok(());
        }
        let found = match cluster(&settings, used, ask).await {
            Err(error) => {
                self.failed.push((settings, used.of.clone(), error));
                return Ok(());
            }
            Ok(found) => found,
        };
        if let Err(problem) = clusters::refuse_another(&ask.clusters, Some(&settings.server()), &found.id) {
            found.session.close().await;
            return Err(problem);
        }
        let (same, others): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.failed).into_iter().partition(|(way, ..)| found.is_at(way));
        self.failed = others;
        let known = match self.clusters.iter().position(|known| known.id == found.id) {
            Some(at) => {
                found.session.close().await;
                self.clusters[at].add(settings, used.of.clone());
                at
            }
            None => {
                self.clusters.push(found);
                self.clusters.len() - 1
            }
        };
        for (way, used, _) in same {
            self.clusters[known].add(way, used);
        }
        Ok(())
    }
}

/// Connects, and asks which cluster it is.
async fn cluster(settings: &Settings, used: &Used, ask: &Ask) -> Result<Cluster, OpenError> {
    ask.report(&format!("asking PostgreSQL at {}", settings.server()));
    let session = Session::open(settings, &settings.database, ask.ca_file.as_deref(), ask.timeout).await?;
    let mut id: Option<String> = None;
    let answer = session.each(&queries::CLUSTER, |row| {
        id = Some(row.try_get(0)?);
        Ok(())
    });
    match answer.await {
        // Kept from ordinary roles: then the address has to do.
        Err(error) if !matches!(error.kind, Kind::Denied | Kind::Rejected) => return Err(OpenError::Failed(error)),
        _ => {}
    }
    Ok(Cluster {
        id: id.unwrap_or_else(|| settings.server()).into(),
        session,
        requests: 1,
        ways: vec![settings.clone()],
        meant_by: vec![used.of.clone()],
    })
}

/// Everything of one cluster: what any of its databases shows, and what each shows of itself.
async fn read_cluster(cluster: Cluster, ask: &Ask) -> Observation {
    let Cluster { id, session, requests, ways, meant_by } = cluster;
    let Some(settings) = ways.first() else { return Observation::default() };
    let named: Vec<_> = ways.iter().map(|way| way.database.clone()).collect();
    ask.report(&format!("reading roles of {}", settings.server()));
    let mut reading = Reading::begin(session).await;
    let mut found = Observation::default();
    let shared = shared::read(&mut reading, &id, &mut found.facts, &mut found.gaps).await;
    let choice = databases::choose(&shared.databases, &named, ask, &id);
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
        let way = |name: &str| ways.iter().find(|way| way.database == name).unwrap_or(settings);
        let reads = others.into_iter().map(|name| database_of(way(&name), name, &id, ask));
        let at_once = ask.jobs.min(settings.max_connections.unwrap_or(usize::MAX)).max(1);
        let mut reads = stream::iter(reads).buffered(at_once);
        while let Some((inside, asked)) = reads.next().await {
            found.extend(inside);
            requests += asked;
        }
    }
    owners::find(&mut found, &id);
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

/// How long to wait for sessions of others to end where there are too many, before each further attempt.
const TURNS: [Duration; 3] = [Duration::from_millis(500), Duration::from_secs(1), Duration::from_secs(2)];

/// Opens a session, and waits its turn where the server has no more to give.
async fn open_in_turn(settings: &Settings, database: &str, ask: &Ask) -> Result<Session, OpenError> {
    for wait in TURNS {
        match Session::open(settings, database, ask.ca_file.as_deref(), ask.timeout).await {
            Err(OpenError::Failed(error)) if error.kind == Kind::Throttled => tokio::time::sleep(wait).await,
            opened => return opened,
        }
    }
    Session::open(settings, database, ask.ca_file.as_deref(), ask.timeout).await
}

/// What a database shows of itself, in a session of its own, and how many questions that took.
async fn database_of(settings: &Settings, database: String, cluster: &Arc<str>, ask: &Ask) -> (Observation, u64) {
    ask.report(&format!("reading database {database} of {}", settings.server()));
    let mut found = Observation::default();
    let session = match open_in_turn(settings, &database, ask).await {
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
