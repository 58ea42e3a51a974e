//! Equals signs and trailing comments of lines that follow each other stand in one column.
//!
//! Rules: `formatCells` of `hclwrite` (HCL v2), which `terraform fmt` goes by.

use super::{Splice, spliced};
use crate::terraform::config::syntax::{Line, columns};
use unicode_segmentation::UnicodeSegmentation;

/// The text with its columns as `terraform fmt` wants them, when those of the text `before` it were; else as it is.
pub fn aligned(before: &str, text: &str) -> String {
    let is_kept = align(before).is_some_and(|same| same == before);
    let aligned = if is_kept { align(text) } else { None };
    aligned.unwrap_or_else(|| text.to_owned())
}

fn align(text: &str) -> Option<String> {
    let assigned = spliced(text, &chains(text, |line| line.assign, |line, assign| width(text, line.start, assign)))?;
    let of = |line: &Line| width(&assigned, line.start, line.end);
    let splices = chains(&assigned, |line| line.comment, |line, _| of(line));
    spliced(&assigned, &splices)
}

/// What brings the marks of lines that follow each other to one column; `lead` is how wide what stands before a mark is.
fn chains(text: &str, mark: impl Fn(&Line) -> Option<usize>, lead: impl Fn(&Line, usize) -> usize) -> Vec<Splice> {
    let lines = columns(text);
    let mut splices = Vec::new();
    for chain in lines.split(|line| mark(line).is_none()) {
        let widest = chain.iter().filter_map(|line| Some(lead(line, mark(line)?))).max().unwrap_or(0);
        for line in chain {
            let Some(at) = mark(line) else { continue };
            let blanks = text[..at].len() - text[..at].trim_end_matches([' ', '\t']).len();
            let wanted = widest - lead(line, at) + 1;
            if blanks != wanted || text[at - blanks..at].contains('\t') {
                splices.push(Splice::new(at - blanks..at, " ".repeat(wanted)));
            }
        }
    }
    splices
}

/// How wide what stands there is, without blanks at its end.
fn width(text: &str, from: usize, to: usize) -> usize {
    let lead = text.get(from..to).unwrap_or_default().trim_end().trim_start_matches('\u{feff}');
    // A heredoc's last line is what a comment would follow.
    lead.graphemes(true).count()
}
