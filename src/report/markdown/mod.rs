//! Markdown for a comment on a pull request or the summary of a step: the verdict, counts, each finding to unfold, gaps.
//! It always fits into a comment: findings shrink to a line and then to a count, the least severe first.

mod text;

use super::view::Report;
use super::{values, verdict, words};
use crate::model::{Finding, Gap, Severity};
use std::io::{self, Write};
use text::{code, fenced, sentence, verbatim};
use url::Url;

/// Characters of a body. GitHub names 65,536 as its limit; some are left for what a poster adds.
const MOST_CHARS: usize = 60_000;
/// Lines shown of one value.
const MOST_LINES: usize = 40;
/// Lines of commands and blocks shown of a step.
const MOST_STEP_LINES: usize = 30;

/// What stands around a body.
#[derive(Debug, Clone, Copy, Default)]
pub struct Frame<'a> {
    /// What the report is about, where one place shows several; empty for none.
    pub target: &'a str,
    /// Whether something stood here that needs looking at no more.
    pub resolved: bool,
    /// Where the whole report is.
    pub link: Option<&'a Url>,
}

/// Writes the body.
pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(body(report, Frame::default(), MOST_CHARS).as_bytes())
}

/// The body in no more than `most` characters, as long as these hold the verdict and what was left out.
pub fn body(report: &Report, frame: Frame<'_>, most: usize) -> String {
    let foot = frame.link.map(|link| format!("\n[the whole report](<{link}>)\n")).unwrap_or_default();
    let most = most.saturating_sub(foot.chars().count());
    let head = head(report, frame);
    let gaps = fitted(
        report.gaps.iter().map(Entry::of_gap).collect(),
        most.saturating_sub(head.chars().count()) / 4,
        |left| format!("- {} left out here\n", words::count(left, "more gap")),
    );
    let gaps = if gaps.is_empty() { gaps } else { format!("\n### Not checked\n\n{gaps}") };
    let pending = fitted(
        report.pending().map(Entry::of_pending).collect(),
        most.saturating_sub(head.chars().count()) / 8,
        |left| format!("- {} left out here\n", words::count(left, "more change")),
    );
    let pending = if pending.is_empty() { pending } else { format!("\n### Declared, not applied yet\n\n{pending}") };
    let accepted = fitted(
        report.accepted().filter_map(Entry::of_accepted).collect(),
        most.saturating_sub(head.chars().count()) / 8,
        |left| format!("- {} left out here\n", words::count(left, "more finding")),
    );
    let accepted = if accepted.is_empty() { accepted } else { format!("\n### Accepted\n\n{accepted}") };
    let taken = [&head, &gaps, &pending, &accepted].map(|part| part.chars().count()).iter().sum::<usize>();
    let findings = fitted(report.open().map(Entry::of_finding).collect(), most.saturating_sub(taken), |left| {
        format!("\n- {} left out here, the least severe ones\n", words::count(left, "more finding"))
    });
    head + &findings + &pending + &accepted + &gaps + &foot
}

/// One finding, as a comment at its line. `offer` are the lines that would say what is live, with the word behind their
/// fence.
pub fn remark(finding: &Finding, offer: Option<(&str, &[String])>) -> String {
    let text = Entry::of_finding(finding).full.trim_start().to_owned();
    let offer = offer.map(|(word, lines)| format!("\nto keep what is live instead:\n\n{}", verbatim(word, lines)));
    text + &offer.unwrap_or_default()
}

fn head(report: &Report, frame: Frame<'_>) -> String {
    let target = if frame.target.is_empty() { String::new() } else { format!(": {}", code(frame.target)) };
    let resolved = if frame.resolved { "**resolved** " } else { "" };
    let mut head = format!("## driftline{target}\n\n{resolved}**{}**\n\n", sentence(&verdict::sentence(report)));
    let open: Vec<_> = report.open().collect();
    if !open.is_empty() {
        let names: Vec<_> = Severity::ALL.iter().map(|severity| severity.name()).collect();
        let counts: Vec<_> = Severity::ALL
            .iter()
            .map(|severity| open.iter().filter(|f| f.severity == *severity).count().to_string())
            .collect();
        head += &format!("| {} |\n|{}\n| {} |\n\n", names.join(" | "), " ---: |".repeat(5), counts.join(" | "));
    }
    head
}

/// Something to show, whole and in short.
struct Entry {
    full: String,
    short: String,
}

impl Entry {
    fn of_finding(finding: &Finding) -> Self {
        let headline = format!("**{}** {}: {}", finding.severity, finding.change.name(), sentence(&finding.title));
        let full = format!("\n{headline}\n\n{}", finding_in_full(finding));
        Entry { full, short: format!("\n- {headline} {}\n", code(&finding.id)) }
    }

    fn of_pending(finding: &Finding) -> Self {
        let short = format!("- {}: {}\n", words::awaited(finding.change), sentence(&finding.title));
        Entry { full: short.clone(), short }
    }

    fn of_accepted(finding: &Finding) -> Option<Self> {
        let by = sentence(&words::accepted_by(finding.exception.as_ref()?));
        let short = format!("- {}: {}, {by}\n", finding.change.name(), sentence(&finding.title));
        Some(Entry { full: short.clone(), short })
    }

    fn of_gap(gap: &Gap) -> Self {
        let lines = words::of_gap(gap);
        let mut lines = lines.iter().map(|line| sentence(line));
        let short = format!("- {} ({})\n", lines.next().unwrap_or_default(), code(&gap.code));
        let full = short.clone() + &lines.map(|line| format!("  - {line}\n")).collect::<String>();
        Entry { full, short }
    }
}

fn finding_in_full(finding: &Finding) -> String {
    let mut text = String::new();
    if words::has_thing(finding) {
        let declared = code(&words::declared_by(finding));
        let (before, after) = words::around_scope(finding);
        text += &format!("- {declared}{before}{}{after}\n", code(&finding.scope));
    }
    if let Some(location) = &finding.location {
        text += &format!("- at {}\n", code(&location.to_string()));
    }
    if let Some(meaning) = words::meaning(finding.status) {
        text += &format!("- {}: {}\n", finding.status.name(), sentence(meaning));
    }
    for reason in &finding.reasons {
        text += &format!("- why: {}\n", sentence(reason));
    }
    if let Some(step) = finding.steps.first() {
        text += &format!("- help: {}: {}\n", step.action, sentence(&step.note));
        text += &step.refused.as_ref().map(|why| format!("- not done: {}\n", sentence(why))).unwrap_or_default();
    }
    text += &format!("- id {}\n", code(&finding.id));
    text + &unfolded(finding)
}

/// Values and the step's text, which are long.
fn unfolded(finding: &Finding) -> String {
    let mut inner = String::new();
    for column in values::columns(finding) {
        inner += &format!("{}\n\n{}\n", column.label, fenced("", &cut(column.lines, MOST_LINES)));
    }
    if let Some(step) = finding.steps.first() {
        for part in [&step.command, &step.hcl].into_iter().flatten() {
            let lines = part.trim_end().split('\n').map(str::to_owned).collect();
            inner += &format!("{}\n\n{}\n", step.action, fenced("", &cut(lines, MOST_STEP_LINES)));
        }
    }
    if inner.is_empty() {
        return inner;
    }
    format!("\n<details><summary>values and step</summary>\n\n{inner}</details>\n")
}

fn cut(mut lines: Vec<String>, most: usize) -> Vec<String> {
    let more = lines.len().saturating_sub(most);
    if more > 0 {
        lines.truncate(most);
        lines.push(format!("… and {}", words::count(more, "more line")));
    }
    lines
}

/// As many entries as fit, from the first on: in short as many as there is room for, then whole as many as there is
/// still room for. What does not fit at all is counted.
fn fitted(entries: Vec<Entry>, most: usize, left_out: impl Fn(usize) -> String) -> String {
    let size = |text: &str| text.chars().count();
    let reserve = size(&left_out(entries.len()));
    let mut room = most;
    let mut fit = 0;
    for (at, entry) in entries.iter().enumerate() {
        let kept = if at + 1 == entries.len() { 0 } else { reserve };
        if size(&entry.short) + kept > room {
            break;
        }
        room -= size(&entry.short);
        fit += 1;
    }
    if fit < entries.len() {
        room = room.saturating_sub(reserve);
    }
    let mut text = String::new();
    let mut whole = true;
    for entry in entries.iter().take(fit) {
        let more = size(&entry.full).saturating_sub(size(&entry.short));
        whole = whole && more <= room;
        text += if whole { &entry.full } else { &entry.short };
        room -= if whole { more } else { 0 };
    }
    if fit < entries.len() {
        text += &left_out(entries.len() - fit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Severity;
    use crate::report::samples;

    fn many(number: usize) -> Report {
        let findings = (0..number).map(|at| Finding {
            id: format!("id-{at:05}"),
            severity: if at % 7 == 0 { Severity::Critical } else { Severity::Low },
            ..samples::session_length()
        });
        let gaps = (0..number).map(|at| Gap { reason: format!("reason {at}"), ..samples::refused() });
        Report::new(samples::run(), vec![samples::account()], findings.collect(), gaps.collect(), 0, 0)
    }

    /// The worst are whole, the next are a line, the rest a number; nothing is cut in the middle.
    #[test]
    fn a_body_shrinks_by_finding_the_worst_last() {
        for (number, most) in [(1, 4000), (40, 60_000), (400, 60_000), (4000, 60_000), (400, 3000)] {
            let report = many(number);
            let text = body(&report, Frame::default(), most);
            assert!(text.chars().count() <= most, "{number}: {}", text.chars().count());
            assert_eq!(text.matches("<details>").count(), text.matches("</details>").count());
            assert_eq!(text.matches("```").count() % 2, 0);
            let shown = text.matches("`id-").count();
            let left: usize = text
                .lines()
                .find_map(|line| line.strip_prefix("- ")?.split_once(" more finding")?.0.parse().ok())
                .unwrap_or(0);
            assert_eq!(shown + left, number, "{text}");
            assert!(number < 400 || left > 0 || text.contains("- **low**"));
            assert!(text.contains("### Not checked"));
        }
        let text = body(&many(400), Frame::default(), 60_000);
        assert!(text.find("**critical**") < text.find("**low**"));
    }

    #[test]
    fn a_frame_names_the_target_and_links_to_the_whole() {
        let link = "https://ci.example.org/runs/7?a=<b>)".parse().unwrap();
        let frame = Frame { target: "infra/`prod`", resolved: true, link: Some(&link) };
        let text = body(&many(400), frame, 3000);
        assert!(text.chars().count() <= 3000);
        assert!(
            text.starts_with("## driftline: ``infra/`prod` ``\n\n**resolved** **")
                || text.starts_with("## driftline: `` infra/`prod` ``\n\n**resolved** **"),
            "{text}"
        );
        assert!(text.ends_with("\n[the whole report](<https://ci.example.org/runs/7?a=%3Cb%3E)>)\n"), "{text}");
    }
}
