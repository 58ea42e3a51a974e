//! What all formats show: findings and gaps in a stable order, counted, with the verdict and the exit status.

use super::tree::Tree;
use super::words;
use crate::model::{Change, Finding, Gap, Problem, Scope, Severity, Status};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::str::FromStr;

/// Everything that one run has to say.
#[derive(Debug)]
pub struct Report {
    pub run: Run,
    pub verdict: Verdict,
    pub summary: Summary,
    pub scopes: Vec<Scope>,
    /// Worst first, then by what they are about.
    pub findings: Vec<Finding>,
    pub gaps: Vec<Gap>,
    /// Claimed things that were found equal.
    pub in_sync: usize,
}

/// The run itself: the only part of a report that differs between two runs over the same things.
#[derive(Debug, Clone)]
pub struct Run {
    pub tool_version: String,
    /// RFC 3339.
    pub started_at: String,
    /// RFC 3339.
    pub finished_at: String,
    /// The subcommand, for example `check`.
    pub command: String,
    pub layers: Vec<Layer>,
    /// The day, as 2026-12-31, that exceptions were judged on, where it is not the day of the run.
    pub as_of: Option<String>,
    /// Exit code of the Terraform that was wrapped, if one was.
    pub terraform_exit_code: Option<i32>,
    /// Where the run stands in its repository.
    pub tree: Tree,
    /// Digests (SHA-256) of the files that findings point into, by their paths.
    pub sources: BTreeMap<String, String>,
}

/// What findings were judged on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    /// Values that a plan wants, or the source.
    Desired,
    /// Values in states.
    Recorded,
    /// Source files.
    Source,
    /// Live systems, or a saved snapshot of them.
    Live,
}

impl Layer {
    pub const ALL: [Layer; 4] = [Layer::Desired, Layer::Recorded, Layer::Source, Layer::Live];

    pub fn name(self) -> &'static str {
        match self {
            Layer::Desired => "desired",
            Layer::Recorded => "recorded",
            Layer::Source => "source",
            Layer::Live => "live",
        }
    }
}

/// The answer in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Everything was seen, and nothing differs.
    InSync,
    /// Something differs.
    Findings,
    /// Nothing that was seen differs, and not everything was seen.
    Incomplete,
}

impl Verdict {
    pub fn name(self) -> &'static str {
        match self {
            Verdict::InSync => "in_sync",
            Verdict::Findings => "findings",
            Verdict::Incomplete => "incomplete",
        }
    }
}

/// Counts; every name is there, in a fixed order, also with a count of zero.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    pub findings: usize,
    pub by_change: Vec<(&'static str, usize)>,
    pub by_status: Vec<(&'static str, usize)>,
    pub by_severity: Vec<(&'static str, usize)>,
    pub in_sync: usize,
    /// Things inside a gap, of which nothing is said.
    pub unknown: usize,
    pub gaps: usize,
    /// Findings that an exception accepts.
    pub suppressed: usize,
}

impl Report {
    /// Puts the parts of a run in order, counts them and gives the verdict. Gaps that read the same are one.
    pub fn new(
        run: Run,
        scopes: Vec<Scope>,
        findings: Vec<Finding>,
        gaps: Vec<Gap>,
        in_sync: usize,
        unknown: usize,
    ) -> Self {
        let (mut run, mut scopes, mut findings, mut gaps) = (run, scopes, findings, gaps);
        run.layers.sort();
        run.layers.dedup();
        scopes.sort_by(|a, b| (&a.system, &a.id, &a.identity).cmp(&(&b.system, &b.id, &b.identity)));
        findings.sort_by(|a, b| finding_order(a).cmp(&finding_order(b)));
        gaps.sort_by_cached_key(gap_order);
        gaps.dedup_by(|a, b| gap_order(a) == gap_order(b));
        let verdict = match (findings.iter().all(is_accepted), gaps.is_empty()) {
            (false, _) => Verdict::Findings,
            (true, false) => Verdict::Incomplete,
            (true, true) => Verdict::InSync,
        };
        let summary = Summary { unknown, ..Summary::of(&findings, gaps.len(), in_sync) };
        Report { run, verdict, summary, scopes, findings, gaps, in_sync }
    }

    /// Findings that somebody should look at: all but those that wait for an apply or are accepted.
    pub fn open(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|f| !is_pending(f) && !is_accepted(f))
    }

    /// What an exception accepts.
    pub fn accepted(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|f| is_accepted(f))
    }

    /// What is declared and not applied yet: an approved change, not drift.
    pub fn pending(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|f| is_pending(f))
    }
}

impl Summary {
    fn of(findings: &[Finding], gaps: usize, in_sync: usize) -> Self {
        let count = |is: &dyn Fn(&Finding) -> bool| findings.iter().filter(|f| !is_accepted(f) && is(f)).count();
        Summary {
            findings: count(&|_| true),
            by_change: Change::ALL.iter().map(|c| (c.name(), count(&|f| f.change == *c))).collect(),
            by_status: Status::ALL.iter().map(|s| (s.name(), count(&|f| f.status == *s))).collect(),
            by_severity: Severity::ALL.iter().map(|s| (s.name(), count(&|f| f.severity == *s))).collect(),
            in_sync,
            unknown: 0,
            gaps,
            suppressed: findings.iter().filter(|f| is_accepted(f)).count(),
        }
    }
}

fn is_accepted(finding: &Finding) -> bool {
    finding.exception.is_some()
}

fn is_pending(finding: &Finding) -> bool {
    finding.status == Status::Pending
}

/// Worst first; the rest makes the order the same on every machine.
fn finding_order(finding: &Finding) -> impl Ord + '_ {
    (
        Reverse(finding.severity),
        finding.kind.id, // begins with the system
        &*finding.scope,
        &finding.key,
        finding.property,
        &finding.id,
    )
}

/// All that is shown of a gap, most telling first.
fn gap_order(gap: &Gap) -> impl Ord + use<> {
    let place = gap.location.as_ref().map(|l| (l.path.clone(), l.line, l.column));
    (
        gap.system.clone(),
        gap.code.clone(),
        gap.scope.clone(),
        words::hidden(gap),
        place,
        gap.reason.clone(),
        gap.hint.clone(),
    )
}

/// From which findings on a run counts as failed (`--fail-on`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailOn {
    None,
    Any,
    /// This severity and all above it.
    AtLeast(Severity),
}

impl FailOn {
    /// Every choice, as `--fail-on` takes them.
    pub const ALL: [FailOn; 6] = [
        FailOn::None,
        FailOn::Any,
        FailOn::AtLeast(Severity::Low),
        FailOn::AtLeast(Severity::Medium),
        FailOn::AtLeast(Severity::High),
        FailOn::AtLeast(Severity::Critical),
    ];

    pub fn name(self) -> &'static str {
        match self {
            FailOn::None => "none",
            FailOn::Any => "any",
            FailOn::AtLeast(severity) => severity.name(),
        }
    }

    fn fails(self, finding: &Finding) -> bool {
        match self {
            FailOn::None => false,
            // That an exception will end is said ahead of time, so that nobody is stopped by it.
            FailOn::Any => finding.change != Change::ExceptionEnding,
            FailOn::AtLeast(severity) => finding.severity >= severity,
        }
    }
}

impl FromStr for FailOn {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        FailOn::ALL.into_iter().find(|choice| choice.name() == text).ok_or_else(|| {
            let choices: Vec<_> = FailOn::ALL.iter().map(|choice| format!("`{}`", choice.name())).collect();
            Problem::new(format!("`{text}` is no severity to fail on"))
                .help(format!("use one of {}", choices.join(", ")))
        })
    }
}

/// How the process ends. Terraform's `-detailed-exitcode` owns 2 with another meaning, so 2 is never used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExitStatus {
    /// Checked completely, nothing at or above `--fail-on`.
    Clean,
    /// Could not do the job: bad input, no credentials, the wrong account.
    CannotDo,
    /// Findings at or above `--fail-on`.
    Findings,
    /// Nothing to report at or above `--fail-on`, but there are gaps.
    Incomplete,
    /// Wrong usage of the command line.
    Usage,
    /// Ended by the signal of this number.
    Signal(u8),
    /// What Terraform, or the command that was wrapped, ended with.
    Passed(u8),
}

impl ExitStatus {
    pub fn code(self) -> u8 {
        match self {
            ExitStatus::Clean => 0,
            ExitStatus::CannotDo => 1,
            ExitStatus::Findings => 3,
            ExitStatus::Incomplete => 4,
            ExitStatus::Usage => 64,
            ExitStatus::Signal(number) => 128_u8.saturating_add(number),
            ExitStatus::Passed(code) => code,
        }
    }
}

impl From<ExitStatus> for std::process::ExitCode {
    fn from(status: ExitStatus) -> Self {
        status.code().into()
    }
}

/// How a run with this report ends. What waits for an apply never counts; findings win over gaps.
pub fn exit_status(report: &Report, fail_on: FailOn) -> ExitStatus {
    if report.open().any(|finding| fail_on.fails(finding)) {
        ExitStatus::Findings
    } else if !report.gaps.is_empty() {
        ExitStatus::Incomplete
    } else {
        ExitStatus::Clean
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::samples;

    fn report(findings: Vec<Finding>, gaps: Vec<Gap>) -> Report {
        Report::new(samples::run(), Vec::new(), findings, gaps, 7, 0)
    }

    fn with(severity: Severity, status: Status) -> Finding {
        Finding { severity, status, ..samples::session_length() }
    }

    #[test]
    fn findings_stand_worst_first_then_by_what_they_are_about() {
        let (mut low, mut high, mut other) = (samples::session_length(), samples::session_length(), samples::admin());
        low.severity = Severity::Low;
        high.severity = Severity::High;
        other.severity = Severity::High;
        other.id = "first-by-kind".to_owned();
        let report = report(vec![low, high, other], Vec::new());
        let order: Vec<_> = report.findings.iter().map(|f| (f.severity.name(), f.kind.id)).collect();
        assert_eq!(order, [("high", "aws/iam/attachment"), ("high", "aws/iam/role"), ("low", "aws/iam/role")]);
    }

    #[test]
    fn the_verdict_is_never_in_sync_with_a_gap() {
        assert_eq!(report(vec![], vec![]).verdict, Verdict::InSync);
        assert_eq!(report(vec![], vec![samples::refused()]).verdict, Verdict::Incomplete);
        assert_eq!(report(vec![samples::admin()], vec![samples::refused()]).verdict, Verdict::Findings);
    }

    #[test]
    fn gaps_that_read_the_same_are_one() {
        assert_eq!(report(vec![], vec![samples::refused(), samples::refused()]).summary.gaps, 1);
    }

    #[test]
    fn counts_name_everything_also_when_there_is_none() {
        let summary = report(vec![with(Severity::Low, Status::Drift)], vec![]).summary;
        assert_eq!(summary.by_severity, [("critical", 0), ("high", 0), ("medium", 0), ("low", 1), ("info", 0)]);
        assert_eq!(summary.by_status.len(), 7);
        assert_eq!(summary.by_status[0], ("drift", 1));
        assert_eq!(summary.by_change.iter().map(|(_, n)| n).sum::<usize>(), 1);
        assert_eq!((summary.findings, summary.in_sync, summary.suppressed), (1, 7, 0));
    }

    #[test]
    fn the_exit_status_follows_fail_on_and_gaps() {
        let gap = || vec![samples::refused()];
        let low = || vec![with(Severity::Low, Status::Drift)];
        let high = FailOn::AtLeast(Severity::High);
        for (findings, gaps, fail_on, expected) in [
            (vec![], vec![], FailOn::Any, 0),
            (vec![], gap(), FailOn::Any, 4),
            (low(), vec![], FailOn::Any, 3),
            (low(), gap(), FailOn::Any, 3),
            (low(), vec![], FailOn::None, 0),
            (low(), gap(), FailOn::None, 4),
            (low(), vec![], high, 0),
            (low(), gap(), high, 4),
            (vec![with(Severity::Critical, Status::Drift)], gap(), high, 3),
            (vec![with(Severity::Info, Status::Drift)], vec![], FailOn::Any, 3),
            (vec![with(Severity::Critical, Status::Pending)], vec![], FailOn::Any, 0),
            (vec![with(Severity::Critical, Status::Pending)], gap(), FailOn::AtLeast(Severity::Low), 4),
        ] {
            assert_eq!(exit_status(&report(findings, gaps), fail_on).code(), expected);
        }
    }

    #[test]
    fn fail_on_reads_its_own_names_only() {
        for choice in FailOn::ALL {
            assert_eq!(choice.name().parse(), Ok(choice));
        }
        let problem = Problem::new("`info` is no severity to fail on")
            .help("use one of `none`, `any`, `low`, `medium`, `high`, `critical`");
        assert_eq!("info".parse::<FailOn>(), Err(problem));
    }
}
