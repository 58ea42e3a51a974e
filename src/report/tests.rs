//! Each format as it stands, over a run with one finding of each look.

use super::formats::FORMATS;
use super::samples;
use super::table::Look;
use super::view::Report;

fn written(name: &str, report: &Report) -> String {
    let format = FORMATS.iter().find(|format| format.name == name).unwrap();
    let mut out = Vec::new();
    format.write(report, Look { width: 100, colour: false }, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn every_format_reads_like_this() {
    for name in ["sarif", "markdown", "github", "gitlab", "junit", "rdjson", "csv"] {
        insta::assert_snapshot!(name, written(name, &samples::busy()));
    }
    let page = written("html", &samples::busy());
    let body = page.split_once("<body>").unwrap().1.split_once("<script>").unwrap().0.to_owned();
    insta::assert_snapshot!("html", body);
}

/// A clean run says so in every format, and a gap alone never looks clean.
#[test]
fn a_gap_alone_is_never_silent() {
    let report = |gaps| Report::new(samples::run(), vec![samples::account()], vec![], gaps, 57, 0);
    for format in &FORMATS {
        let (clean, gap) =
            (written(format.name, &report(vec![])), written(format.name, &report(vec![samples::refused()])));
        assert!(gap.contains("iam:ListUsers"), "{}: {gap}", format.name);
        assert!(!clean.contains("iam:ListUsers"), "{}: {clean}", format.name);
    }
}

/// Secrets have no content to print; where values are shown the marker stands in.
#[test]
fn a_secret_is_a_marker() {
    let report = Report::new(samples::run(), vec![], vec![samples::steering_name()], vec![], 0, 0);
    for format in &FORMATS {
        assert!(written(format.name, &report).contains("sensitive"), "{}", format.name);
    }
}

/// GitHub shows ten annotations of a level; the verdict tells how many more there are.
#[test]
fn annotations_that_github_would_drop_are_counted() {
    let many = (0..30).map(|at| crate::model::Finding { id: format!("id-{at:02}"), ..samples::admin() });
    let report = Report::new(samples::run(), vec![], many.collect(), vec![samples::refused()], 0, 0);
    let text = written("github", &report);
    assert_eq!(text.lines().filter(|line| line.starts_with("::error ")).count(), 10);
    assert!(text.lines().last().unwrap().ends_with("; 20 more than are shown here"), "{text}");
}
