//! The values of a finding: side by side when they are short, as a difference of lines when they are long or policy
//! documents.

use super::page::Page;
use super::style;
use crate::model::Finding;
use crate::report::difference::{self, Difference};
use crate::report::values::{self, Column};
use crate::report::words;
use comfy_table::Table;
use std::io;

/// Characters of a long line that are shown in a cell.
const MOST_CHARS: usize = 240;
/// Characters shown before the first one that differs.
const LEAD: usize = 40;
/// Lines of a difference that are shown.
const MOST_DIFFERENCE: usize = 80;

/// Shows the values, if the finding has any.
pub(super) fn write(page: &mut Page<'_>, finding: &Finding) -> io::Result<()> {
    let columns = values::columns(finding);
    if columns.is_empty() {
        return Ok(());
    }
    match difference::of(finding, &columns) {
        Some(differences) => differences.iter().try_for_each(|difference| write_difference(page, difference)),
        None => write_side_by_side(page, &columns),
    }
}

fn write_side_by_side(page: &mut Page<'_>, columns: &[Column]) -> io::Result<()> {
    let single: Option<Vec<&str>> = columns.iter().map(only_line).collect();
    let cells: Vec<String> = match single {
        Some(lines) => shorten(&lines),
        None => columns.iter().map(|column| column.lines.join("\n")).collect(),
    };
    let mut table = Table::new();
    table.set_header(columns.iter().map(|column| column.label)).add_row(cells);
    page.table(4, &mut table)
}

fn only_line(column: &Column) -> Option<&str> {
    match column.lines.as_slice() {
        [line] => Some(line),
        _ => None,
    }
}

/// Cuts long texts to a part that holds their first difference.
fn shorten(texts: &[&str]) -> Vec<String> {
    if texts.iter().all(|text| text.chars().count() <= MOST_CHARS) {
        return texts.iter().map(|text| (*text).to_owned()).collect();
    }
    let skip = same_chars(texts).saturating_sub(LEAD);
    let cut = |text: &&str| {
        let mut part: String = text.chars().skip(skip).take(MOST_CHARS).collect();
        if skip > 0 {
            part.insert(0, '…');
        }
        if text.chars().count() > skip + MOST_CHARS {
            part.push('…');
        }
        part
    };
    texts.iter().map(cut).collect()
}

/// How many characters all texts begin with.
fn same_chars(texts: &[&str]) -> usize {
    let Some((first, others)) = texts.split_first() else { return 0 };
    let same = |other: &&str| first.chars().zip(other.chars()).take_while(|(a, b)| a == b).count();
    others.iter().map(same).min().unwrap_or(0)
}

fn write_difference(page: &mut Page<'_>, difference: &Difference) -> io::Result<()> {
    let Difference { from, to, lines } = difference;
    if lines.is_empty() {
        let text = format!("{from} and {to} read the same but for order and spelling");
        page.sentence(4, style::FAINT, &text)?;
    }
    for line in lines.iter().take(MOST_DIFFERENCE) {
        page.line(4, &[(difference_style(line), line)])?;
    }
    if let Some(more) = lines.len().checked_sub(MOST_DIFFERENCE).filter(|more| *more > 0) {
        let text = format!("… and {}; `--format json` has them all", words::count(more, "more line"));
        page.sentence(4, style::FAINT, &text)?;
    }
    Ok(())
}

fn difference_style(line: &str) -> anstyle::Style {
    match line.as_bytes().first() {
        Some(b'+') => style::GOOD,
        Some(b'-') => style::BAD,
        Some(b'@') => style::GUTTER,
        _ => style::PLAIN,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_stays_in_view_when_a_long_text_is_cut() {
        let (old, new) = (format!("{}old", "x".repeat(900)), format!("{}new{}", "x".repeat(900), "y".repeat(900)));
        let cut = shorten(&[&old, &new]);
        assert_eq!(cut[0], format!("…{}old", "x".repeat(40)));
        assert!(cut[1].starts_with(&format!("…{}newyyy", "x".repeat(40))) && cut[1].ends_with("y…"));
        assert_eq!(shorten(&["a", "b"]), ["a", "b"]);
    }
}
