//! Lays exceptions over findings.

use super::inline::{Comments, comments_in};
use super::ledger::{Entry, Ledger};
use super::matching::Subject;
use super::{ENDING_DAYS, days, delta, longest, own};
use crate::model::{Exception, Finding, Severity, Status};
use crate::source::SourceFile;
use jiff::civil::Date;
use std::collections::BTreeSet;

/// What exceptions are judged by.
#[derive(Debug, Clone, Copy)]
pub struct Ruled {
    /// The day that it is, in UTC.
    pub today: Date,
    /// Whether everything was looked at, so that an exception that matches nothing is surely of no use.
    pub whole: bool,
}

/// Where exceptions stand.
#[derive(Debug, Clone, Copy)]
pub struct Written<'a> {
    pub ledgers: &'a [Ledger],
    /// Files of source, for what comments accept there.
    pub sources: &'a [SourceFile],
}

/// Marks the findings that are accepted, and adds what is to be said of the exceptions themselves. `roots` are the places
/// of the root modules that declare what each finding is about.
pub fn apply(findings: &mut Vec<Finding>, roots: &[Option<usize>], written: Written<'_>, ruled: Ruled) {
    let mut own = Own::default();
    let mut comments = Comments::default();
    let ledgers = written.ledgers;
    findings.iter_mut().for_each(|finding| finding.delta = delta(finding));
    let each = findings.iter_mut().zip(roots).filter(|(finding, _)| finding.status != Status::Pending);
    for (finding, root) in each {
        let subject = Subject::from(&*finding);
        let of_root = ledgers.iter().filter(|ledger| ledger.is_for(*root)).flat_map(|ledger| &ledger.entries);
        let written = of_root.filter(|entry| entry.matching.fits(&subject));
        let mut fitting: Vec<Entry> = written.cloned().collect();
        let (at_the_line, faults) = comments.at(finding);
        fitting.extend(at_the_line.into_iter().filter(|entry| entry.matching.fits(&subject)));
        own.findings.extend(faults.iter().map(own::malformed));
        for entry in fitting {
            own.used.insert(entry.id.clone());
            if finding.exception.is_none() {
                own.lay(&entry, finding, ruled.today);
            }
        }
    }
    for ledger in ledgers {
        own.findings.extend(ledger.faults.iter().map(own::malformed));
        let unused = ledger.entries.iter().filter(|entry| ruled.whole && !own.used.contains(&entry.id));
        own.findings.extend(unused.map(own::unused).collect::<Vec<_>>());
    }
    for (entries, faults) in written.sources.iter().map(comments_in) {
        own.findings.extend(faults.iter().map(own::malformed));
        let unused = entries.iter().filter(|entry| ruled.whole && !own.used.contains(&entry.id));
        own.findings.extend(unused.map(own::unused).collect::<Vec<_>>());
    }
    own.findings.sort_by(|a, b| a.id.cmp(&b.id));
    own.findings.dedup_by(|a, b| a.id == b.id);
    findings.append(&mut own.findings);
}

/// What is to be said of the exceptions.
#[derive(Default)]
struct Own {
    findings: Vec<Finding>,
    used: BTreeSet<String>,
}

impl Own {
    fn lay(&mut self, entry: &Entry, finding: &mut Finding, today: Date) {
        let left = days(today, entry.expires);
        if left < 0 {
            let Entry { id, owner, expires, .. } = entry;
            finding.reasons.push(format!("exception `{id}` of `{owner}` covered it until {expires}: it has expired"));
            return;
        }
        if left > longest(finding.severity) {
            finding.reasons.push(format!("exception `{}` lasts too long and does not cover it", entry.id));
            self.findings.push(own::too_long(entry, finding.severity));
            return;
        }
        if finding.severity >= Severity::High && entry.delta.is_none() && !entry.matching.names_the_difference() {
            finding
                .reasons
                .push(format!("exception `{}` does not say what may differ and does not cover it", entry.id));
            self.findings.push(own::too_wide(entry, finding.severity));
            return;
        }
        if entry.delta.is_some() && entry.delta != finding.delta {
            finding.reasons.push(format!("exception `{}` accepts another difference than this one", entry.id));
            return;
        }
        if left <= ENDING_DAYS {
            self.findings.push(own::ending(entry));
        }
        finding.exception = Some(Exception {
            id: entry.id.clone(),
            owner: entry.owner.clone(),
            reason: entry.reason.clone(),
            expires: entry.expires.to_string(),
        });
    }
}
