//! The suite that every system's folder passes: the real binary against a server that replays recorded answers and
//! spoils them, one operation and one fault at a time. Nothing leaves this machine.
//!
//! Every run also holds what arrived at the server against a literal list of reads, and what was shown against the
//! secrets that the fixtures and the environment are strewn with.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a panic is how a test fails")]

mod aws;
mod run;
mod server;
mod suite;
mod system;

use run::{Outcome, Run, Script, run};
use std::collections::{BTreeMap, BTreeSet};
use suite::{Case, ROOM, all, by_kind, clean};
use system::{Fault, Operation, Scene, System};

static SYSTEMS: &[&dyn System] = &[&aws::Aws];

/// A fault that stays leaves a gap with its code for the kinds that the operation feeds; where the operation tells who
/// we are, nothing can be done at all.
fn stays(operation: &'static Operation, fault: Fault) -> Case {
    let script = Script::Spoil { operation: operation.name, fault, times: None };
    let holds = move |outcome: &Outcome| {
        if operation.tells_who {
            return outcome.is_refused(operation.name);
        }
        let codes: Vec<_> = [fault.code()].iter().chain(operation.besides).copied().collect();
        outcome.is_incomplete(&codes, operation.hides)
    };
    (format!("{fault:?} on {} stays", operation.name), Run::new(operation.scene, script), Box::new(holds))
}

/// A fault that passes leaves no trace.
fn passes(operation: &'static Operation, fault: Fault, times: usize) -> Case {
    let script = Script::Spoil { operation: operation.name, fault, times: Some(times) };
    let name = format!("{fault:?} on {} passes", operation.name);
    (name, Run::new(operation.scene, script), Box::new(Outcome::is_in_sync))
}

fn for_each_operation(cases: impl Fn(&'static Operation) -> Vec<Case>) {
    for system in SYSTEMS {
        all(*system, system.operations().iter().flat_map(&cases).collect());
    }
}

// Tests start in the order of their names, and this one has the most to wait for.
#[test]
fn a_silent_system_is_not_waited_for_forever() {
    for_each_operation(|operation| vec![passes(operation, Fault::Silence, 1), stays(operation, Fault::Silence)]);
}

#[test]
fn a_system_as_declared_is_in_sync_and_every_listed_read_is_made() {
    for system in SYSTEMS {
        let scenes: BTreeMap<_, _> =
            system.operations().iter().map(|operation| (format!("{:?}", operation.scene), operation.scene)).collect();
        let mut asked = BTreeSet::new();
        for scene in scenes.into_values() {
            let outcome = run(*system, &Run::new(scene, Script::Faithful)).unwrap();
            outcome.is_in_sync().unwrap();
            asked.extend(outcome.asked);
        }
        let listed: BTreeSet<_> = system.reads().iter().map(|line| (*line).to_owned()).collect();
        assert_eq!(asked, listed);
    }
}

#[test]
fn what_is_denied_is_a_gap_for_just_what_it_feeds() {
    for system in SYSTEMS {
        let (counts, whole) = (by_kind(*system), clean(*system).in_sync());
        assert_eq!(whole, counts.values().sum::<usize>(), "the kinds that operations feed make up everything");
        let cases = system.operations().iter().map(|operation| {
            let (name, given, gap) = stays(operation, Fault::Denied);
            let left = whole - operation.loses.iter().map(|kind| counts[kind]).sum::<usize>();
            let holds = move |outcome: &Outcome| {
                gap(outcome)?;
                if operation.tells_who || outcome.in_sync() == left {
                    return Ok(());
                }
                Err(format!("{} things are in sync in place of {left}", outcome.in_sync()))
            };
            (name, given, Box::new(holds) as Box<_>)
        });
        all(*system, cases.collect());
    }
}

/// Nothing is declared, so everything live is unmanaged: a gap must take away what it hides and nothing else.
#[test]
fn what_is_not_hidden_is_still_found() {
    let undeclared = |operation: &Operation, script| {
        let mut run = Run::new(operation.scene, script);
        run.arguments = ["--no-source", "--state", run::NOTHING_DECLARED].map(str::to_owned).to_vec();
        run
    };
    for system in SYSTEMS {
        let cases = system.operations().iter().filter(|operation| !operation.tells_who).map(|operation| {
            let clean = ROOM.with(|| run(*system, &undeclared(operation, Script::Faithful))).unwrap();
            let denied = Script::Spoil { operation: operation.name, fault: Fault::Denied, times: None };
            let holds = move |outcome: &Outcome| {
                let (whole, left) = (clean.unmanaged()?, outcome.unmanaged()?);
                let kept = whole.iter().filter(|(kind, _)| !operation.hides.contains(&kind.as_str()));
                for (kind, count) in kept {
                    if left.get(kind) != Some(count) {
                        return Err(format!("{:?} of {count} {kind}", left.get(kind)));
                    }
                }
                let made_up = left.iter().find(|(kind, count)| whole.get(*kind).is_none_or(|whole| whole < *count));
                made_up.map_or(Ok(()), |(kind, count)| Err(format!("{count} {kind} are made up")))
            };
            (format!("{} denied", operation.name), undeclared(operation, denied), Box::new(holds) as Box<_>)
        });
        all(*system, cases.collect());
    }
}

#[test]
fn what_a_snapshot_did_not_see_stays_unseen() {
    for_each_operation(|operation| {
        if operation.tells_who {
            return Vec::new();
        }
        let (name, mut given, holds) = stays(operation, Fault::Denied);
        given.by_snapshot = true;
        vec![(format!("{name}, by snapshot"), given, holds)]
    });
}

#[test]
fn throttling_is_waited_out() {
    for_each_operation(|operation| vec![passes(operation, Fault::Throttled, 2), stays(operation, Fault::Throttled)]);
}

#[test]
fn a_failing_server_is_asked_again() {
    for_each_operation(|operation| vec![passes(operation, Fault::ServerPage, 2), stays(operation, Fault::ServerPage)]);
}

#[test]
fn half_an_answer_is_none() {
    for_each_operation(|operation| {
        vec![
            passes(operation, Fault::CutOnTheWay, 1),
            stays(operation, Fault::CutOnTheWay),
            passes(operation, Fault::CutWhole, 1),
            stays(operation, Fault::CutWhole),
        ]
    });
}

#[test]
fn what_is_no_answer_is_not_taken_for_one() {
    for_each_operation(|operation| {
        let faults = [Fault::Page, Fault::Json, Fault::OtherAnswer, Fault::HollowAnswer, Fault::Redirect];
        faults.map(|fault| stays(operation, fault)).into()
    });
}

#[test]
fn an_unknown_refusal_is_a_gap_too() {
    for_each_operation(|operation| vec![stays(operation, Fault::Rejected)]);
}

#[test]
fn credentials_that_run_out_are_asked_for_again_once() {
    for_each_operation(|operation| vec![passes(operation, Fault::Expired, 1), stays(operation, Fault::Expired)]);
}

#[test]
fn two_pages_are_one_list() {
    for system in SYSTEMS {
        let whole = clean(*system).facts();
        let paged = system.operations().iter().filter(|operation| operation.paged);
        let cases = paged.map(|operation| {
            let script = Script::TwoPages { operation: operation.name };
            let holds = move |outcome: &Outcome| {
                outcome.is_in_sync()?;
                if outcome.facts() == whole { Ok(()) } else { Err(format!("{} of {whole} things", outcome.facts())) }
            };
            let name = format!("{} in two pages", operation.name);
            (name, Run::new(operation.scene, script), Box::new(holds) as Box<_>)
        });
        all(*system, cases.collect());
    }
}

#[test]
fn pages_before_a_fault_are_kept() {
    for system in SYSTEMS {
        let (counts, whole) = (by_kind(*system), clean(*system).in_sync());
        let paged = system.operations().iter().filter(|operation| operation.paged);
        let cases = paged.flat_map(|operation| {
            let name = operation.name;
            let nothing = whole - operation.loses.iter().map(|kind| counts[kind]).sum::<usize>();
            let scripts = [
                (Script::Circle { operation: name }, "garbage"),
                (Script::SpoilMore { operation: name, fault: Fault::Denied }, "denied"),
                (Script::SpoilMore { operation: name, fault: Fault::CutWhole }, "cut"),
            ];
            scripts.map(|(script, code)| {
                let holds = move |outcome: &Outcome| {
                    let codes: Vec<_> = [code].iter().chain(operation.besides).copied().collect();
                    outcome.is_incomplete(&codes, operation.hides)?;
                    let kept = outcome.in_sync() > nothing || operation.loses.is_empty();
                    if kept { Ok(()) } else { Err("nothing of the first page was kept".to_owned()) }
                };
                (format!("{script:?}"), Run::new(operation.scene, script), Box::new(holds) as Box<_>)
            })
        });
        all(*system, cases.collect());
    }
}

#[test]
fn the_wrong_tenant_is_one_error() {
    for system in SYSTEMS {
        let case = |scene, words: &'static str| -> Case {
            let holds = move |outcome: &Outcome| outcome.is_refused(words);
            (format!("{scene:?}"), Run::new(scene, Script::Faithful), Box::new(holds))
        };
        let mut cases = vec![case(Scene::Empty, "shows nothing at all"), case(Scene::Stranger, "wrong account")];
        // A lone thing may well be gone.
        for (kind, _) in by_kind(*system).into_iter().filter(|(_, count)| *count == 1) {
            let mut lone = Run::new(Scene::Empty, Script::Faithful);
            lone.arguments = vec!["--only".to_owned(), kind.to_owned()];
            cases.push((format!("lone {kind}"), lone, Box::new(Outcome::misses_one)));
        }
        all(*system, cases);
    }
}

#[test]
fn credentials_that_are_none_are_one_error() {
    for system in SYSTEMS {
        let who = system.operations().iter().find(|operation| operation.tells_who).expect("one that tells who we are");
        let mut none = Run::new(Scene::Usual, Script::Faithful);
        none.without_credentials = true;
        let none: Case = (
            "no credentials".to_owned(),
            none,
            Box::new(|outcome: &Outcome| {
                outcome.is_refused("no")?;
                if outcome.asked.is_empty() { Ok(()) } else { Err(format!("asked {:?}", outcome.asked)) }
            }),
        );
        all(*system, vec![none, stays(who, Fault::UnknownKey), stays(who, Fault::BadSignature)]);
    }
}
