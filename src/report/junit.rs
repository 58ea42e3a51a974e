//! JUnit XML in the shape that GitLab, Jenkins and GitHub's reporters share: a finding is a failed case, a gap an error.

use super::view::Report;
use super::{verdict, words};
use crate::source::clean::for_terminal;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};
use std::io::{self, Write};

/// Writes the findings that somebody should look at, then the gaps, and one passing case for all that is in sync.
pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let cases = cases(report);
    let count = |of: Option<&str>| cases.iter().filter(|case| case.outcome == of).count().to_string();
    let (tests, failures, errors) = (cases.len().to_string(), count(Some("failure")), count(Some("error")));
    let counts = [("tests", tests.as_str()), ("failures", &failures), ("errors", &errors)];
    let mut writer = Writer::new_with_indent(&mut *out, b' ', 2);
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let suites = writer.create_element("testsuites").with_attribute(("name", "driftline")).with_attributes(counts);
    suites.write_inner_content(|writer| {
        let suite = writer.create_element("testsuite").with_attribute(("name", "driftline")).with_attributes(counts);
        let suite = suite.with_attribute(("timestamp", safe(&report.run.started_at).as_str()));
        suite.write_inner_content(|writer| cases.iter().try_for_each(|case| case.write(writer))).map(drop)
    })?;
    writeln!(out)
}

/// One test case.
struct Case {
    class: String,
    name: String,
    file: Option<String>,
    line: Option<usize>,
    /// `failure` or `error`; none when it passed.
    outcome: Option<&'static str>,
    of_type: String,
    lines: Vec<String>,
}

fn cases(report: &Report) -> Vec<Case> {
    let tree = &report.run.tree;
    let findings = report.open().map(|finding| {
        let spot = tree.spot(finding);
        Case {
            class: finding.kind.id.to_owned(),
            name: format!("{} [{}]", words::line(&finding.title), finding.id),
            line: spot.as_ref().and_then(|spot| spot.line),
            file: spot.map(|spot| spot.path),
            outcome: Some("failure"),
            of_type: format!("{} {}", finding.rule(), finding.severity),
            lines: words::details(finding),
        }
    });
    let gaps = report.gaps.iter().map(|gap| {
        let spot = tree.spot_of_gap(gap);
        let mut lines = words::of_gap(gap);
        Case {
            class: format!("gap/{}", gap.code),
            name: lines.remove(0),
            line: spot.as_ref().and_then(|spot| spot.line),
            file: spot.map(|spot| spot.path),
            outcome: Some("error"),
            of_type: gap.code.to_string(),
            lines,
        }
    });
    let in_sync = Case {
        class: "driftline".to_owned(),
        name: words::line(&verdict::sentence(report)),
        file: None,
        line: None,
        outcome: None,
        of_type: String::new(),
        lines: Vec::new(),
    };
    findings.chain(gaps).chain([in_sync]).collect()
}

impl Case {
    fn write<W: Write>(&self, writer: &mut Writer<W>) -> io::Result<()> {
        let mut case = writer
            .create_element("testcase")
            .with_attributes([("classname", safe(&self.class).as_str()), ("name", safe(&self.name).as_str())]);
        if let Some(file) = &self.file {
            case = case.with_attribute(("file", safe(file).as_str()));
        }
        if let Some(line) = self.line {
            case = case.with_attribute(("line", line.to_string().as_str()));
        }
        let Some(outcome) = self.outcome else { return case.write_empty().map(drop) };
        let inner = |writer: &mut Writer<W>| {
            let message = self.lines.first().map(|line| safe(line)).unwrap_or_default();
            let text: Vec<_> = self.lines.iter().map(|line| safe(line)).collect();
            let element = writer.create_element(outcome);
            let element =
                element.with_attributes([("type", safe(&self.of_type).as_str()), ("message", message.as_str())]);
            element.write_text_content(BytesText::new(&text.join("\n"))).map(drop)
        };
        case.write_inner_content(inner).map(drop)
    }
}

/// A line in which every character is one that XML 1.0 has (section 2.2).
fn safe(text: &str) -> String {
    for_terminal(text, false).replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}")
}
