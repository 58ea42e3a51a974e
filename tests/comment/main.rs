//! `driftline comment` against a strict forge on this machine: what stands there in the end, whatever happens on the way.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a panic is how a test fails")]

mod forge;
mod github;
mod gitlab;
mod review;
mod run;
#[path = "../conformance/server.rs"]
mod server;

use forge::{Forge, Happens, said};
use run::{Repository, Run, clean, report};
use serde_json::json;

/// Both forges; what is not about one of them holds for both.
const BOTH: [&str; 2] = ["github", "gitlab"];

#[test]
fn one_comment_is_made_and_then_kept_up_to_date() {
    for which in BOTH {
        let (forge, repository) = (Forge::start(), Repository::new());
        repository.comment(&forge, which, &report(1), &[]).ended(0, "the comment is made");
        repository.comment(&forge, which, &report(1), &[]).ended(0, "says so already");
        let mut fewer = report(2);
        fewer["findings"].as_array_mut().unwrap().truncate(1);
        repository.comment(&forge, which, &fewer, &[]).ended(0, "brought up to date");
        let comments = forge.comments();
        assert_eq!(comments.len(), 1);
        assert!(comments[0].body.contains("**1 finding ("), "{}", comments[0].body);
        assert_eq!(forge.writes().len(), 2, "{:?}", forge.writes());
    }
}

#[test]
fn what_others_wrote_and_what_is_about_something_else_stays() {
    for which in BOTH {
        let (forge, repository) = (Forge::start(), Repository::new());
        repository.comment(&forge, which, &report(1), &["--target", "prod"]).ended(0, "is made");
        let ours = forge.comments().remove(0).body;
        forge.with(|state| {
            state.written.clear();
            state.write("mallory", &ours, None, None);
            state.write("driftline-bot", &format!("as I said:\n{ours}"), None, None);
            state.write("driftline-bot", "the deployment is done", None, None);
        });
        let before = forge.comments();
        repository.comment(&forge, which, &report(2), &["--target", "prod"]).ended(0, "is made");
        repository.comment(&forge, which, &report(2), &["--target", "a --> `@x`"]).ended(0, "is made");
        repository.comment(&forge, which, &clean(3), &["--target", "prod"]).ended(0, "brought up to date");
        let after = forge.comments();
        assert_eq!(after.len(), 5);
        for (before, after) in before.iter().zip(&after) {
            assert_eq!((before.id, &before.body), (after.id, &after.body));
        }
        assert!(after[3].body.contains("**resolved**") && after[4].body.contains("**critical**"));
    }
}

#[test]
fn own_comments_are_found_on_later_pages() {
    for which in BOTH {
        let (forge, repository) = (Forge::start(), Repository::new());
        let fill = |number: usize| {
            forge
                .with(|state| (0..number).for_each(|at| drop(state.write("ada", &format!("remark {at}"), None, None))));
        };
        fill(250);
        repository.comment(&forge, which, &report(1), &[]).ended(0, "is made");
        fill(49); // three full pages: the fourth is empty
        repository.comment(&forge, which, &report(2), &[]).ended(0, "brought up to date");
        assert_eq!(forge.comments().len(), 300);
    }
}

#[test]
fn a_run_that_others_have_overtaken_writes_nothing() {
    for which in BOTH {
        let (forge, repository) = (Forge::start(), Repository::new());
        repository.comment(&forge, which, &report(9), &[]).ended(0, "is made");
        let newest = forge.comments();
        repository.comment(&forge, which, &report(5), &[]).ended(0, "nothing is written: a newer run");
        repository.comment(&forge, which, &clean(5), &[]).ended(0, "nothing is written: a newer run");
        forge.with(|state| state.head = "f".repeat(40));
        repository.comment(&forge, which, &report(11), &[]).ended(0, "is at commit `ffff");
        assert_eq!(forge.comments()[0].body, newest[0].body);
        assert_eq!(forge.writes().len(), 1);
    }
}

#[test]
fn what_is_settled_is_said_and_what_never_was_is_not() {
    for which in BOTH {
        let (forge, repository) = (Forge::start(), Repository::new());
        repository.comment(&forge, which, &clean(1), &[]).ended(0, "nothing to look at, and no comment");
        assert!(forge.writes().is_empty());
        repository.comment(&forge, which, &report(2), &[]).ended(0, "is made");
        repository.comment(&forge, which, &clean(3), &[]).ended(0, "brought up to date");
        repository.comment(&forge, which, &clean(3), &[]).ended(0, "says so already");
        let body = forge.comments().remove(0).body;
        assert!(body.contains("**resolved** **in sync"), "{body}");
        repository.comment(&forge, which, &report(4), &[]).ended(0, "brought up to date");
        assert!(!forge.comments()[0].body.contains("resolved"));
    }
}

/// Whole findings fall away, the worst stay; also where the forge takes less than it says.
#[test]
fn a_comment_fits_whatever_the_forge_takes() {
    let mut long = report(1);
    let findings = long["findings"].as_array().unwrap().clone();
    let many = (0..2000).map(|at| {
        let mut finding = findings[at % findings.len()].clone();
        finding["id"] = format!("{at:012x}").into();
        finding["title"] = format!("{} role `{at}` 名前 😀", finding["title"].as_str().unwrap()).into();
        finding
    });
    long["findings"] = many.collect();
    for (which, most) in [("github", 65_536), ("github", 9_000), ("gitlab", 1_000_000), ("gitlab", 9_000)] {
        let (forge, repository) = (Forge::start(), Repository::new());
        forge.with(|state| state.most = most);
        repository.comment(&forge, which, &long, &["--link", "https://ci.example.org/1"]).ended(0, "is made");
        let body = forge.comments().remove(0).body;
        let length = body.chars().count();
        assert!(length <= most && length > most / 3, "{which} {most}: {length}");
        let leaves_out = body.contains("left out here, the least severe ones");
        // What GitLab takes holds a line of each.
        assert!(leaves_out || most == 1_000_000, "{which} {most}");
        assert!(body.ends_with("[the whole report](<https://ci.example.org/1>)\n"));
        assert_eq!(body.matches("<details>").count(), body.matches("</details>").count());
        assert!(body.find("**critical**").unwrap() < body.find("**high**").unwrap_or(usize::MAX));
        assert_eq!(forge.comments().len(), 1);
    }
}

#[test]
fn a_token_that_may_not_write_fails_and_the_summary_is_there() {
    let (forge, repository) = (Forge::start(), Repository::new());
    let denied = || said(403, json!({"message": "Resource not accessible by integration"}));
    forge.with(|state| state.fails("POST", "comments", Happens::Refused(denied())));
    repository.comment(&forge, "github", &report(1), &[]).ended(1, "Resource not accessible by integration");
    assert!(repository.summary().contains("## driftline\n"), "{}", repository.summary());
    assert!(run::holds_no_token(&repository.path("summary.md")));
    assert!(forge.comments().is_empty());
    assert_eq!(forge.writes().len(), 1, "a refusal is not asked again");

    forge.with(|state| state.fails("POST", "notes", Happens::Refused(said(403, json!({"message": "403 Forbidden"})))));
    repository.comment(&forge, "gitlab", &report(1), &[]).ended(1, "403 Forbidden");
}

#[test]
fn a_wrong_token_or_request_is_told_and_nothing_is_written() {
    let (forge, repository) = (Forge::start(), Repository::new());
    let with = |variables: &[(&str, &str)], more: &[&str]| repository.comment_in(&forge, &report(1), variables, more);
    with(&[("GITHUB_TOKEN", "ghs_other")], &[]).ended(1, "credentials not accepted");
    with(&[("GITHUB_TOKEN", "")], &[]).ended(1, "there is no token");
    with(&[("GITHUB_TOKEN", "a\nb")], &[]).ended(1, "look for a line break");
    with(&[], &["--number", "8"]).ended(64, "cannot be used multiple times");
    with(&[], &["--token-file", "/nowhere/token"]).ended(1, "/nowhere/token: cannot read the token");
    assert!(forge.writes().is_empty());

    std::fs::write(repository.path("token"), format!("{}\n", forge::TOKEN)).unwrap();
    let file = repository.path("token");
    with(&[("GITHUB_TOKEN", "")], &["--token-file", file.to_str().unwrap()]).ended(0, "is made");
}

#[test]
fn a_token_is_sent_to_no_address_without_encryption() {
    let (forge, repository) = (Forge::start(), Repository::new());
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_driftline"))
        .args(["comment", "--forge", "github", "--repository", "a/b", "--number", "1", "--api-url", "http://192.0.2.1"])
        .arg("--from")
        .arg({
            repository.comment(&forge, "github", &report(1), &["--dry-run"]).ended(0, "");
            repository.path("report-2026-11-21T03:01:09.123456Z.json")
        })
        .env_clear()
        .env("GITHUB_TOKEN", forge::TOKEN)
        .output()
        .unwrap();
    Run::of(output).ended(1, "no `https` address");
}

#[test]
fn a_dry_run_shows_the_comment_and_asks_nobody() {
    let (forge, repository) = (Forge::start(), Repository::new());
    let run = repository.comment(&forge, "github", &report(1), &["--dry-run"]);
    run.ended(0, "");
    assert!(run.out.starts_with("## driftline\n"), "{run:?}");
    assert!(forge.seen().is_empty() && repository.summary().is_empty());
}

/// Limits that name their wait: by seconds, by a time of their own, on one request or on several.
#[test]
fn limits_are_waited_for_and_nothing_is_written_twice() {
    for which in BOTH {
        let (forge, repository) = (Forge::start(), Repository::new());
        let limited = |status: u16, message: &str, header: (&'static str, &str)| {
            let mut answer = said(status, json!({"message": message}));
            answer.headers.push((header.0, header.1.to_owned()));
            answer
        };
        let secondary = "You have exceeded a secondary rate limit.";
        let path = if which == "github" { "comments" } else { "notes" };
        forge.with(|state| {
            let mut used_up = limited(403, "API rate limit exceeded", ("x-ratelimit-remaining", "0"));
            used_up.headers.push(("x-ratelimit-reset", "1".to_owned()));
            state.fails("GET", path, Happens::Refused(used_up));
            state.fails("POST", path, Happens::Refused(limited(403, secondary, ("retry-after", "1"))));
            state.fails("POST", path, Happens::Refused(limited(429, "slow down", ("retry-after", "0"))));
        });
        repository.comment(&forge, which, &report(1), &[]).ended(0, "is made");
        assert_eq!(forge.comments().len(), 1);
        assert_eq!(forge.writes().len(), 3);
    }
}

#[test]
fn a_limit_that_lasts_long_is_told_at_once() {
    let (forge, repository) = (Forge::start(), Repository::new());
    let mut used_up = said(403, json!({"message": "API rate limit exceeded"}));
    used_up.headers.push(("x-ratelimit-remaining", "0".to_owned()));
    used_up.headers.push(("x-ratelimit-reset", "4102444800".to_owned()));
    forge.with(|state| state.fails("POST", "comments", Happens::Refused(used_up)));
    repository.comment(&forge, "github", &report(1), &[]).ended(1, "throttled");
    assert!(forge.comments().is_empty());
}

/// Whatever the answer to a request that was carried out, the comment is not made again; one that was not carried out is.
#[test]
fn nothing_is_there_twice_after_a_lost_answer() {
    for which in BOTH {
        let path = if which == "github" { "comments" } else { "notes" };
        let lost = [
            ("done in silence", Happens::DoneInSilence),
            ("cut", Happens::DoneAndCut),
            ("bad gateway", Happens::DoneBut(said(502, json!({"message": "bad gateway"})))),
            ("not done", Happens::Silence),
        ];
        for (name, happens) in lost {
            let (forge, repository) = (Forge::start(), Repository::new());
            forge.with(|state| state.fails("POST", path, happens));
            repository.comment(&forge, which, &report(1), &["--timeout", "1"]).ended(0, "is made");
            assert_eq!(forge.comments().len(), 1, "{which}: {name}");
            let posts = forge.writes().iter().filter(|write| write.starts_with("POST")).count();
            assert_eq!(posts, if name == "not done" { 2 } else { 1 }, "{which}: {name}");
        }
    }
}

#[test]
fn a_comment_that_is_deleted_meanwhile_is_made_anew() {
    for which in BOTH {
        let (forge, repository) = (Forge::start(), Repository::new());
        repository.comment(&forge, which, &report(1), &[]).ended(0, "is made");
        let method = if which == "github" { "PATCH" } else { "PUT" };
        let gone = said(404, json!({"message": "Not Found"}));
        forge.with(|state| state.fails(method, "/1", Happens::Refused(gone)));
        repository.comment(&forge, which, &report(2), &[]).ended(0, "is made");
        assert_eq!(forge.comments().len(), 1);
    }
}

/// Both have seen that there is none before either makes one; in the end one is there, and it is the newer run's.
#[test]
fn two_runs_that_race_leave_one_comment() {
    for which in BOTH {
        for (first, second) in [(1, 2), (2, 1), (3, 3)] {
            let (forge, repository) = (Forge::start(), Repository::new());
            forge.with(|state| state.readers = 2);
            let mut newest = report(first.max(second));
            newest["findings"].as_array_mut().unwrap().truncate(1);
            let of = |minute: u32| if minute == first.max(second) { newest.clone() } else { report(minute) };
            let runs = [first, second].map(|minute| repository.start(&forge, which, &of(minute)));
            for run in runs {
                let run = Run::of(run.wait_with_output().unwrap());
                assert_eq!(run.code, 0, "{run:?}");
            }
            let comments = forge.comments();
            assert_eq!(comments.len(), 1, "{which} {first} {second}: {:?}", forge.writes());
            assert!(comments[0].body.contains("**1 finding ("), "{which} {first} {second}");
        }
    }
}

/// The token of a job may not ask who it is; what it writes tells.
#[test]
fn a_token_that_cannot_ask_who_it_is_finds_its_own_comment() {
    for me in ["github-actions[bot]", "acme-app[bot]"] {
        let (forge, repository) = (Forge::start(), Repository::new());
        forge.with(|state| (state.may_ask_who, state.me) = (false, me.to_owned()));
        let in_actions = [("GITHUB_ACTIONS", "true")];
        for minute in 1..4 {
            let run = repository.comment_in(&forge, &report(minute), &in_actions, &[]);
            assert_eq!(run.code, 0, "{run:?}");
        }
        assert_eq!(forge.comments().len(), 1, "{me}");
        assert!(forge.comments()[0].body.contains("03:03:09") || forge.comments()[0].body.contains("u002d21T03:03:09"));
        repository.comment(&forge, "github", &report(4), &["--author", me]).ended(0, "brought up to date");
        repository.comment(&forge, "github", &report(5), &[]).ended(1, "not accessible by integration");
    }
}

/// What a pipeline says of itself is enough.
#[test]
fn in_a_pipeline_the_report_is_all_that_is_given() {
    let (forge, repository) = (Forge::start(), Repository::new());
    std::fs::write(repository.path("report.json"), report(1).to_string()).unwrap();
    let event = json!({"pull_request": {"number": 7, "head": {"sha": forge::HEAD}}});
    std::fs::write(repository.path("event.json"), event.to_string()).unwrap();
    let (url, path) = (forge.url(), repository.path("event.json"));
    let run = |variables: &[(&str, &str)]| {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_driftline"))
            .args(["comment", "--from", "../report.json"])
            .current_dir(repository.here())
            .env_clear()
            .envs(variables.iter().copied())
            .output();
        Run::of(output.unwrap())
    };
    let github = [
        ("GITHUB_ACTIONS", "true"),
        ("GITHUB_API_URL", url.as_str()),
        ("GITHUB_REPOSITORY", "acme/infra"),
        ("GITHUB_SERVER_URL", "https://github.example.org"),
        ("GITHUB_RUN_ID", "99"),
        ("GITHUB_EVENT_PATH", path.to_str().unwrap()),
        ("GITHUB_TOKEN", forge::TOKEN),
    ];
    run(&github).ended(0, "is made");
    let body = forge.comments().remove(0).body;
    assert!(body.ends_with("(<https://github.example.org/acme/infra/actions/runs/99>)\n"), "{body}");
    forge.with(|state| state.head = "e".repeat(40));
    run(&github).ended(0, "nothing is written");

    forge.with(|state| state.written.clear());
    let head = "e".repeat(40);
    let gitlab = [
        ("GITLAB_CI", "true"),
        ("CI_API_V4_URL", url.as_str()),
        ("CI_PROJECT_ID", "42"),
        ("CI_MERGE_REQUEST_IID", "7"),
        ("CI_COMMIT_SHA", head.as_str()),
        ("CI_JOB_URL", "https://gitlab.example.org/jobs/1"),
        ("GITLAB_TOKEN", forge::TOKEN),
    ];
    run(&gitlab).ended(0, "is made");
    assert!(forge.comments()[0].body.contains("https://gitlab.example.org/jobs/1"));
    run(&gitlab[..6]).ended(1, "set `GITLAB_TOKEN`");
    run(&[]).ended(1, "give `--forge`, `--repository` and `--number`");
}

#[test]
fn what_is_no_report_is_refused_before_anything_is_asked() {
    let (forge, repository) = (Forge::start(), Repository::new());
    let mut other = report(1);
    other["schema_version"] = "2.0".into();
    repository.comment(&forge, "github", &other, &[]).ended(1, "schema version `2.0`");
    assert!(forge.seen().is_empty());
}
