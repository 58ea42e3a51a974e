//! Whole reports as they stand on a terminal.

use super::*;
use crate::report::samples;
use crate::source::clean::is_steering;
use unicode_width::UnicodeWidthStr;

fn shown(report: &Report, width: usize, colour: bool) -> String {
    let mut out = Vec::new();
    write(report, Look { width, colour }, &mut out)
        .map(|()| String::from_utf8_lossy(&out).into_owned())
        .unwrap_or_default()
}

#[test]
fn a_wide_terminal() {
    insta::assert_snapshot!(shown(&samples::busy(), 120, false));
}

#[test]
fn a_narrow_terminal() {
    insta::assert_snapshot!(shown(&samples::busy(), 60, false));
}

#[test]
fn hostile_names_are_shown_and_do_nothing() {
    let text = shown(&samples::hostile(), 100, false);
    assert!(!text.chars().any(|c| c != '\n' && is_steering(c)), "{text}");
    assert!(!text.lines().any(|line| line.starts_with("in sync: everything")), "{text}");
    insta::assert_snapshot!(text);
}

#[test]
fn colours_are_there_only_when_asked_for() {
    assert!(!shown(&samples::busy(), 80, false).contains('\u{1b}'));
    let report = Report::new(samples::run(), vec![samples::account()], vec![samples::session_length()], vec![], 1, 0);
    insta::assert_snapshot!(shown(&report, 80, true).replace('\u{1b}', "ESC"));
}

#[test]
fn nothing_found_is_said_in_two_lines() {
    let other = crate::model::Scope { id: "210987654321".into(), ..samples::account() };
    let report = Report::new(samples::run(), vec![samples::account(), other], vec![], vec![], 57, 0);
    insta::assert_snapshot!(shown(&report, 120, false), @r#"
    read aws 123456789012 as arn:aws:sts::123456789012:assumed-role/driftline/ci: 412 things, 96 requests
    read aws 210987654321 as arn:aws:sts::123456789012:assumed-role/driftline/ci: 412 things, 96 requests
    in sync: 57 things checked in aws 123456789012 and aws 210987654321
    "#);
}

#[test]
fn a_gap_alone_is_incomplete() {
    let report = Report::new(samples::run(), vec![samples::account()], vec![], vec![samples::refused()], 1, 0);
    insta::assert_snapshot!(shown(&report, 120, false), @r#"
    not checked: 1 gap
      access_denied in aws 123456789012 hides IAM users
        `iam:ListUsers` was refused: AccessDenied (HTTP 403)
        help: give the reader `iam:ListUsers`; `driftline permissions aws` prints all it needs

    read aws 123456789012 as arn:aws:sts::123456789012:assumed-role/driftline/ci: 412 things, 96 requests
    1 gap: incomplete; in sync: 1 thing in aws 123456789012
    "#);
}

#[test]
fn what_waits_for_an_apply_is_no_finding() {
    let report = Report::new(samples::run(), vec![samples::account()], vec![samples::not_applied()], vec![], 1, 0);
    insta::assert_snapshot!(shown(&report, 120, false), @r#"
    declared, not applied yet: 1 change
      to create  IAM user `zoe` will be created [dl-9e4d1490eeee]
        aws_iam_user.this["zoe"]
        --> people.yaml:12:5

    read aws 123456789012 as arn:aws:sts::123456789012:assumed-role/driftline/ci: 412 things, 96 requests
    1 change not applied yet; in sync: 1 thing in aws 123456789012
    "#);
}

#[test]
fn only_what_is_copied_is_wider_than_the_terminal() {
    for width in [40, 60, 80] {
        for line in shown(&samples::busy(), width, false).lines().filter(|line| line.width() > width) {
            let copied = ["aws iam", "terraform apply", "--> ", "  id = "].iter().any(|text| line.contains(text));
            let difference = line.trim_start().starts_with(['+', '-', '"']);
            assert!(copied || difference, "{width}: {line}");
        }
    }
}

#[test]
fn no_width_is_too_small() {
    for width in 0..40 {
        assert!(shown(&samples::busy(), width, true).ends_with('\n'));
        assert!(shown(&samples::hostile(), width, false).ends_with('\n'));
    }
}

#[test]
fn a_long_set_shows_what_differs_and_its_surroundings() {
    let users = |extra: &str| {
        let names = (10..30).map(|n| format!("user{n}")).chain([extra.to_owned()]);
        Some(crate::model::Value::List(names.map(crate::model::Value::from).collect()))
    };
    let mut finding = samples::session_length();
    (finding.recorded, finding.live, finding.location) = (users("user05"), users("user25x"), None);
    let report = Report::new(samples::run(), vec![], vec![finding], vec![], 0, 0);
    insta::assert_snapshot!(shown(&report, 80, false));
}

/// A pipe that the reader closes after some bytes.
struct Closing(usize);

impl Write for Closing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 = self.0.checked_sub(bytes.len()).ok_or(io::ErrorKind::BrokenPipe)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_closed_pipe_is_an_error_not_a_panic() {
    for room in [0, 10, 1000] {
        let ended = write(&samples::busy(), Look { width: 80, colour: true }, &mut Closing(room));
        assert_eq!(ended.map_err(|error| error.kind()), Err(io::ErrorKind::BrokenPipe));
        let ended = crate::report::json::v1::write(&samples::busy(), &mut Closing(room));
        assert_eq!(ended.map_err(|error| error.kind()), Err(io::ErrorKind::BrokenPipe));
    }
}
