//! Makes many runs at once, as many as the machine has room for.

use crate::run::{Outcome, Run, Script, run};
use crate::system::{Scene, System};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Condvar, Mutex};
use std::thread;

/// Runs at once, over all tests.
pub(crate) static ROOM: Room = Room { for_each_core: 3, taken: Mutex::new(0), freed: Condvar::new() };

/// Those that only wait.
static WAITING_ROOM: Room = Room { for_each_core: 12, taken: Mutex::new(0), freed: Condvar::new() };

pub(crate) struct Room {
    for_each_core: usize,
    taken: Mutex<usize>,
    freed: Condvar,
}

impl Room {
    /// Does the work when there is room.
    pub(crate) fn with<T>(&self, work: impl FnOnce() -> T) -> T {
        let size = self.for_each_core * thread::available_parallelism().map_or(2, usize::from);
        let mut taken = self.freed.wait_while(self.taken.lock().unwrap(), |taken| *taken >= size).unwrap();
        *taken += 1;
        drop(taken);
        let done = work();
        *self.taken.lock().unwrap() -= 1;
        self.freed.notify_one();
        done
    }
}

/// A run of its own, and what must hold of it.
pub(crate) type Case = (String, Run, Box<dyn Fn(&Outcome) -> Result<(), String> + Send>);

/// Runs all cases, and fails with all that did not hold.
pub(crate) fn all(system: &'static dyn System, cases: Vec<Case>) {
    let count = cases.len();
    let failures: Vec<String> = thread::scope(|scope| {
        let running: Vec<_> = cases
            .into_iter()
            .map(|(name, given, holds)| {
                scope.spawn(move || {
                    let room = if given.script.waits_for_nothing() { &WAITING_ROOM } else { &ROOM };
                    let outcome = room.with(|| run(system, &given));
                    outcome.and_then(|outcome| holds(&outcome)).err().map(|why| format!("{name}: {why}"))
                })
            })
            .collect();
        running.into_iter().filter_map(|case| case.join().unwrap()).collect()
    });
    let (name, failed) = (system.name(), failures.len());
    assert!(failures.is_empty(), "{name}: {failed} of {count} cases fail\n{}", failures.join("\n"));
}

/// Things in sync of each kind, when all is well. Counted once.
pub(crate) fn by_kind(system: &'static dyn System) -> BTreeMap<&'static str, usize> {
    static COUNTED: Mutex<BTreeMap<&str, BTreeMap<&'static str, usize>>> = Mutex::new(BTreeMap::new());
    let mut counted = COUNTED.lock().unwrap();
    counted.entry(system.name()).or_insert_with(|| count_by_kind(system)).clone()
}

fn count_by_kind(system: &'static dyn System) -> BTreeMap<&'static str, usize> {
    let kinds: BTreeSet<_> = system.operations().iter().flat_map(|operation| operation.loses).copied().collect();
    let counts = Mutex::new(BTreeMap::new());
    thread::scope(|scope| {
        for kind in kinds {
            let counts = &counts;
            scope.spawn(move || {
                let mut only = Run::new(Scene::Usual, Script::Faithful);
                only.arguments = vec!["--only".to_owned(), kind.to_owned()];
                let outcome = ROOM.with(|| run(system, &only)).unwrap();
                outcome.is_in_sync().unwrap_or_else(|why| panic!("--only {kind}: {why}"));
                counts.lock().unwrap().insert(kind, outcome.in_sync());
            });
        }
    });
    counts.into_inner().unwrap()
}

pub(crate) fn clean(system: &'static dyn System) -> Outcome {
    let outcome = ROOM.with(|| run(system, &Run::new(Scene::Usual, Script::Faithful))).unwrap();
    outcome.is_in_sync().unwrap();
    outcome
}
