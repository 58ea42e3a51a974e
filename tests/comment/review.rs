//! Comments on the diff: at lines that it shows, else at the file, else in the summary alone.

use crate::forge::{Forge, Happens, said};
use crate::run::{DELIVERY, Repository, report};
use serde_json::json;

/// `max_session_duration = 3600` of the role `deploy`, whose patch says 43200.
const SESSION: (&str, u64) = ("821f0fd895b3", 9);

fn started(added: &[usize]) -> (Forge, Repository) {
    let (forge, repository) = (Forge::start(), Repository::new());
    let file = repository.file(DELIVERY, 4, 14, added);
    forge.with(|state| state.files = vec![file]);
    (forge, repository)
}

#[test]
fn findings_stand_at_their_lines_with_the_edit_that_keeps_them() {
    for (which, added, word) in [
        ("github", &[9][..], "suggestion\n"),
        ("gitlab", &[9][..], "suggestion:-0+0\n"),
        ("gitlab", &[][..], "suggestion"),
    ] {
        let (forge, repository) = started(added);
        repository.comment(&forge, which, &report(1), &["--review"]).ended(0, "is made");
        let remarks = forge.remarks();
        let at_line: Vec<_> = remarks.iter().filter(|one| one.place.as_ref().unwrap().line.is_some()).collect();
        assert_eq!(at_line.len(), 1, "{remarks:?}");
        let place = at_line[0].place.as_ref().unwrap();
        assert_eq!((place.path.as_str(), place.line), (DELIVERY, Some(SESSION.1)));
        let body = &at_line[0].body;
        assert!(body.contains(SESSION.0), "{body}");
        assert!(
            body.contains(&format!("```{word}")) && body.contains("\n  max_session_duration = 43200\n```\n"),
            "{body}"
        );
        // The others of this file stand at the file, and of other files nothing is said.
        assert!(remarks.len() > 1 && remarks.iter().all(|one| one.place.as_ref().unwrap().path == DELIVERY));

        let writes = forge.writes().len();
        repository.comment(&forge, which, &report(1), &["--review"]).ended(0, "0 made, 0 changed, 0 taken back");
        assert_eq!(forge.writes().len(), writes);
    }
}

#[test]
fn what_is_critical_is_not_kept_by_a_click() {
    let (forge, repository) = (Forge::start(), Repository::new());
    let file = repository.file(DELIVERY, 30, 56, &[37, 53]);
    forge.with(|state| state.files = vec![file]);
    repository.comment(&forge, "github", &report(1), &["--review"]).ended(0, "is made");
    let remarks = forge.remarks();
    let admin = remarks.iter().find(|one| one.body.contains("70552fff3664")).unwrap();
    assert_eq!(admin.place.as_ref().unwrap().line, Some(53));
    assert!(admin.body.starts_with("<!-- driftline ") && !admin.body.contains("suggestion"), "{}", admin.body);
    let policy = remarks.iter().find(|one| one.body.contains("9cbc8676ed3e")).unwrap();
    assert!(policy.body.contains("```suggestion\n        Action   = [\"s3:PutObject\""), "{}", policy.body);
}

/// The line of the report is not the line of the request: it stands at the file.
#[test]
fn a_line_with_another_text_is_not_commented_on() {
    let (forge, repository) = started(&[9]);
    forge.with(|state| state.files[0].patch = state.files[0].patch.replace("3600", "7200"));
    repository.comment(&forge, "github", &report(1), &["--review"]).ended(0, "is made");
    assert!(forge.remarks().iter().all(|one| one.place.as_ref().unwrap().line.is_none()));
}

#[test]
fn what_the_forge_does_not_take_at_a_line_stands_at_the_file_or_in_the_comment_alone() {
    let mut one = report(1);
    one["findings"].as_array_mut().unwrap().retain(|finding| finding["id"] == SESSION.0);
    for refusals in 0..=2 {
        let (forge, repository) = started(&[9]);
        let refused = || said(422, json!({"message": "Validation Failed", "errors": [{"message": "line"}]}));
        forge.with(|state| {
            (0..refusals).for_each(|_| state.fails("POST", "pulls/7/comments", Happens::Refused(refused())))
        });
        repository.comment(&forge, "github", &one, &["--review"]).ended(0, "is made");
        assert_eq!(forge.comments().len(), 1);
        let lines: Vec<_> = forge.remarks().iter().map(|one| one.place.as_ref().unwrap().line).collect();
        assert_eq!(lines, [vec![Some(SESSION.1)], vec![None], vec![]][refusals]);
    }
}

#[test]
fn what_is_found_no_more_is_taken_back_unless_somebody_answered() {
    for which in ["github", "gitlab"] {
        let (forge, repository) = started(&[9]);
        repository.comment(&forge, which, &report(1), &["--review"]).ended(0, "is made");
        let answered = forge.remarks().into_iter().find(|one| one.body.contains(SESSION.0)).unwrap();
        let ours = answered.body.clone();
        forge.with(|state| {
            state.write("ada", "this is meant so", answered.place.clone(), Some(answered.id));
            state.write("mallory", &ours, answered.place.clone(), None);
        });
        let mut none = report(2);
        none["findings"].as_array_mut().unwrap().retain(|finding| finding["location"].is_null());
        repository.comment(&forge, which, &none, &["--review"]).ended(0, "taken back");
        let left: Vec<_> = forge.remarks();
        assert_eq!(left.len(), 3, "{left:?}");
        assert!(left[0].body.contains("**resolved**"), "{left:?}");
        assert_eq!((left[1].author.as_str(), left[2].author.as_str()), ("ada", "mallory"));
        assert_eq!(left[2].body, ours);
        let writes = forge.writes().len();
        repository.comment(&forge, which, &none, &["--review"]).ended(0, "0 made, 0 changed, 0 taken back");
        assert_eq!(forge.writes().len(), writes);
    }
}

#[test]
fn a_line_that_moves_takes_its_comment_along() {
    let (forge, repository) = started(&[9]);
    repository.comment(&forge, "github", &report(1), &["--review"]).ended(0, "is made");
    let before = forge.remarks().into_iter().find(|one| one.body.contains(SESSION.0)).unwrap();
    forge.with(|state| {
        // GitHub forgets the line of a comment whose line has changed.
        let outdated = state.written.iter_mut().find(|one| one.id == before.id).unwrap();
        outdated.place.as_mut().unwrap().line = None;
    });
    repository.comment(&forge, "github", &report(2), &["--review"]).ended(0, "1 made");
    let after: Vec<_> = forge.remarks().into_iter().filter(|one| one.body.contains(SESSION.0)).collect();
    assert_eq!(after.len(), 1);
    assert_eq!(after[0].place.as_ref().unwrap().line, Some(SESSION.1));
    assert_ne!(after[0].id, before.id);
}

#[test]
fn no_comment_on_the_diff_is_there_twice_after_a_lost_answer() {
    for (which, path) in [("github", "pulls/7/comments"), ("gitlab", "discussions")] {
        for happens in [Happens::DoneInSilence, Happens::DoneAndCut] {
            let (forge, repository) = started(&[9]);
            forge.with(|state| state.fails("POST", path, happens));
            repository.comment(&forge, which, &report(1), &["--review", "--timeout", "1"]).ended(0, "is made");
            let remarks = forge.remarks();
            let mut ids: Vec<_> = remarks.iter().map(|one| one.body.lines().next().unwrap()).collect();
            ids.sort_unstable();
            ids.dedup();
            assert_eq!(ids.len(), remarks.len());
        }
    }
}
