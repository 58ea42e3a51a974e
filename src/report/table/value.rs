//! The declared, the recorded and the live value of a finding: side by side when they are short, as a difference of
//! lines when they are long or policy documents.

use super::page::Page;
use super::{policy, style};
use crate::model::{Compare, Finding, Property, Value};
use crate::report::words;
use crate::source::clean::for_terminal;
use comfy_table::Table;
use similar::TextDiff;
use std::io;

/// A value of more lines than this is shown as a difference.
const MOST_LINES: usize = 8;
/// Characters of a long line that are shown in a cell.
const MOST_CHARS: usize = 240;
/// Characters shown before the first one that differs.
const LEAD: usize = 40;
/// Lines of a difference that are shown.
const MOST_DIFFERENCE: usize = 80;

/// One of the values, by lines.
struct Column {
    label: &'static str,
    lines: Vec<String>,
}

/// Shows the values, if the finding has any.
pub(super) fn write(page: &mut Page<'_>, finding: &Finding) -> io::Result<()> {
    let columns = columns(finding);
    if columns.is_empty() {
        return Ok(());
    }
    let is_long = |column: &Column| {
        let many = column.lines.len();
        many > MOST_LINES || many > 1 && column.lines.iter().any(|line| line.chars().count() > MOST_CHARS)
    };
    if compare(finding) == Some(Compare::PolicyDocument) || columns.iter().any(is_long) {
        write_difference(page, &columns)
    } else {
        write_side_by_side(page, &columns)
    }
}

fn compare(finding: &Finding) -> Option<Compare> {
    Some(property(finding)?.compare)
}

/// The property that is shown: the one that differs or, of a whole thing, its policy document.
fn property(finding: &Finding) -> Option<&'static Property> {
    match finding.property {
        Some(name) => finding.kind.property(name),
        None => {
            let whole = [&finding.desired, &finding.recorded, &finding.live];
            let holds =
                |property: &&Property| whole.iter().any(|v| v.as_ref().is_some_and(|v| v.get(property.name).is_some()));
            finding.kind.properties.iter().filter(|p| p.compare == Compare::PolicyDocument).find(holds)
        }
    }
}

/// The part of a value that is shown.
fn part<'a>(finding: &Finding, value: &'a Option<Value>) -> Option<&'a Value> {
    let value = value.as_ref()?;
    match (finding.property, property(finding)) {
        (None, Some(document)) => value.get(document.name),
        _ => Some(value),
    }
}

/// What stands in the source, what in the state (where that is something else), and what is live.
fn columns(finding: &Finding) -> Vec<Column> {
    let [desired, recorded, live] =
        [&finding.desired, &finding.recorded, &finding.live].map(|value| part(finding, value));
    let declared = match (desired, recorded) {
        (None, None) if live.is_none() => return Vec::new(),
        (Some(_), Some(_)) if desired == recorded => vec![("declared", desired)],
        (Some(_), Some(_)) => vec![("declared", desired), ("recorded", recorded)],
        (None, Some(_)) => vec![("recorded", recorded)],
        (_, None) => vec![("declared", desired)],
    };
    let compare = compare(finding);
    let column = |(label, value)| Column { label, lines: lines(value, compare) };
    declared.into_iter().chain([("live", live)]).map(column).collect()
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

/// The difference from each value to the live one.
fn write_difference(page: &mut Page<'_>, columns: &[Column]) -> io::Result<()> {
    let Some((live, others)) = columns.split_last() else { return Ok(()) };
    for other in others {
        let (old, new) = (other.lines.join("\n"), live.lines.join("\n"));
        let difference = TextDiff::from_lines(&old, &new)
            .unified_diff()
            .context_radius(3)
            .missing_newline_hint(false)
            .header(other.label, live.label)
            .to_string();
        let lines: Vec<_> = difference.lines().collect();
        if lines.is_empty() {
            let text = format!("{} and {} read the same but for order and spelling", other.label, live.label);
            page.sentence(4, style::FAINT, &text)?;
        }
        for line in lines.iter().take(MOST_DIFFERENCE) {
            page.line(4, &[(difference_style(line), line)])?;
        }
        if let Some(more) = lines.len().checked_sub(MOST_DIFFERENCE).filter(|more| *more > 0) {
            let text = format!("… and {}; `--format json` has them all", words::count(more, "more line"));
            page.sentence(4, style::FAINT, &text)?;
        }
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

/// A value by lines, cleaned: a document by its lines, a set or map by its elements.
pub(super) fn lines(value: Option<&Value>, compare: Option<Compare>) -> Vec<String> {
    let lines = match value {
        None => vec!["(none)".to_owned()],
        Some(Value::String(text)) if compare == Some(Compare::PolicyDocument) => policy::lines(text),
        Some(Value::String(text)) if compare == Some(Compare::Text) => text.split('\n').map(str::to_owned).collect(),
        Some(Value::List(items)) if !items.is_empty() => {
            let mut lines: Vec<_> = items.iter().map(in_line).collect();
            if compare == Some(Compare::Set) {
                lines.sort();
            }
            lines
        }
        Some(Value::Map(fields)) if !fields.is_empty() => {
            fields.iter().map(|(key, value)| format!("{} = {}", quoted(key), in_line(value))).collect()
        }
        Some(value) => vec![in_line(value)],
    };
    lines.iter().map(|line| for_terminal(line, false)).collect()
}

/// A value in one line, written as Terraform writes it.
fn in_line(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(b) => b.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => quoted(text),
        Value::List(items) => format!("[{}]", items.iter().map(in_line).collect::<Vec<_>>().join(", ")),
        Value::Map(fields) => {
            let fields: Vec<_> =
                fields.iter().map(|(key, value)| format!("{} = {}", quoted(key), in_line(value))).collect();
            format!("{{{}}}", fields.join(", "))
        }
        Value::Secret(_) => "(sensitive)".to_owned(),
        Value::Unknown => "(not known)".to_owned(),
    }
}

fn quoted(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n").replace('\r', "\\r");
    format!("\"{}\"", escaped.replace('\t', "\\t"))
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

    #[test]
    fn values_are_written_as_terraform_writes_them() {
        let list = Value::List(vec![Value::from("b\n\""), Value::Null, Value::Unknown, Value::from(true)]);
        assert_eq!(in_line(&list), r#"["b\n\"", null, (not known), true]"#);
        let set = Value::List(vec![Value::from("b"), Value::from("a")]);
        assert_eq!(lines(Some(&set), Some(Compare::Set)), [r#""a""#, r#""b""#]);
        assert_eq!(lines(Some(&Value::List(vec![])), Some(Compare::Set)), ["[]"]);
        assert_eq!(lines(None, None), ["(none)"]);
    }
}
