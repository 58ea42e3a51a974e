//! Putting elements and entries in, and taking them away, with their commas, lines and comments of their own.

use super::spell;
use super::{Kind, Language, Node, Splice};
use std::ops::Range;

/// One more item after the item `index` of a list or object, in its style; as the first where there is none.
pub fn insert_after(text: &str, container: &Node, index: Option<usize>, item: &str) -> Option<Vec<Splice>> {
    let items = container.items();
    let Some(index) = index.or(items.len().checked_sub(1)) else { return first(text, container, item) };
    let previous = items.get(index)?.clone();
    if container.language == Language::Csv {
        let end = line_end(text, previous.end);
        return Some(vec![Splice::new(end..end, format!("{}{item}", break_at(text, end)))]);
    }
    if is_block_style(text, container) {
        return Some(vec![after_line(text, container, &previous, item)]);
    }
    let next = items.get(index + 1).map(|next| next.start);
    let close = next.unwrap_or(container.range.end);
    let comma = comma_after(text, previous.end, close);
    if !begins_line(text, previous.start) || !ends_line(text, comma.unwrap_or(previous.end)) {
        return Some(vec![Splice::new(previous.end..previous.end, format!(", {item}"))]);
    }
    let lines_alone = container.language == Language::Native && !matches!(container.kind, Kind::List(_));
    let end = line_end(text, comma.unwrap_or(previous.end));
    let indent = indentation(text, previous.start);
    let line = |comma: &str| format!("{}{indent}{item}{comma}", break_at(text, end));
    Some(match comma {
        Some(_) if next.is_some() || container.language == Language::Native => {
            vec![Splice::new(end..end, line(","))]
        }
        Some(_) => vec![Splice::new(end..end, line(","))],
        None if lines_alone => vec![Splice::new(end..end, line(""))],
        None => {
            let mut added = vec![Splice::new(previous.end..previous.end, ","), Splice::new(end..end, line(""))];
            if end == previous.end {
                added = vec![Splice::new(end..end, format!(",{}", line("")))];
            }
            added
        }
    })
}

/// The only item of what is empty.
fn first(text: &str, container: &Node, item: &str) -> Option<Vec<Splice>> {
    let raw = text.get(container.range.clone())?;
    let padded = if raw.starts_with('{') { format!(" {item} ") } else { item.to_owned() };
    if !raw.starts_with(['[', '{']) || raw.get(1..raw.len() - 1)?.contains(['#', '/']) {
        return None;
    }
    Some(vec![Splice::new(container.range.start + 1..container.range.end - 1, padded)])
}

/// One more entry of an object.
pub fn insert_entry(text: &str, object: &Node, name: &str, value: &str) -> Option<Vec<Splice>> {
    insert_after(text, object, None, &format!("{}{value}", spell::key(object.language, name)))
}

/// One more attribute of a block, after those that are there; `body` is the block.
pub fn insert_attribute(text: &str, body: &Node, name: &str, value: &str) -> Option<Vec<Splice>> {
    let Kind::Body { attributes, blocks } = &body.kind else { return None };
    let item = format!("{name} = {value}");
    let meta = ["for_each", "count", "provider", "depends_on"];
    let last = attributes.iter().rev().find(|entry| entry.name != "depends_on");
    if let Some(last) = last {
        let range = last.range();
        let end = line_end(text, range.end);
        if !begins_line(text, range.start) {
            return None;
        }
        // A blank line sets what makes instances apart, if it does so already.
        let gap =
            if meta.contains(&last.name.as_str()) && attributes.len() == 1 && blocks.is_empty() { "\n" } else { "" };
        let indent = indentation(text, range.start);
        let new = format!("{}{gap}{indent}{item}", break_at(text, end));
        return Some(vec![Splice::new(end..end, new)]);
    }
    let brace = body.range.start + text.get(body.range.clone())?.find('{')?;
    let outer = indentation(text, body.range.start);
    let raw = text.get(brace + 1..body.range.end - 1)?;
    let new = format!("{}{outer}  {item}", break_at(text, brace));
    match raw.trim().is_empty() && !raw.contains('\n') {
        true => Some(vec![Splice::new(brace + 1..body.range.end - 1, format!("{new}\n{outer}"))]),
        false => Some(vec![Splice::new(brace + 1..brace + 1, new)]),
    }
}

/// The item `index` of a list or object taken away.
pub fn remove(text: &str, container: &Node, index: usize) -> Option<Vec<Splice>> {
    let items = container.items();
    let item = items.get(index)?.clone();
    if container.language == Language::Csv || is_block_style(text, container) {
        return block_item(text, container, &items, index);
    }
    if matches!(container.kind, Kind::Body { .. }) {
        return begins_line(text, item.start).then(|| vec![whole_lines(text, &item)]);
    }
    let previous = index.checked_sub(1).and_then(|index| items.get(index));
    let next = items.get(index + 1);
    let close = next.map_or(container.range.end, |next| next.start);
    let comma = comma_after(text, item.end, close);
    let end = comma.unwrap_or(item.end);
    if begins_line(text, item.start) && ends_line(text, end) {
        let lines = whole_lines(text, &(item.start..end));
        let is_json = matches!(container.language, Language::Json);
        if let (None, Some(previous), true) = (next, previous, is_json) {
            return Some(vec![Splice::new(previous.end..item.end, "")]);
        }
        return Some(vec![lines]);
    }
    Some(vec![match (previous, next) {
        (_, Some(next)) => Splice::new(item.start..next.start, ""),
        (Some(previous), None) => Splice::new(previous.end..item.end, ""),
        (None, None) => Splice::new(container.range.start + 1..container.range.end.checked_sub(1)?, ""),
    }])
}

/// A whole block with the blank line after or before it.
pub fn remove_block(text: &str, block: &Range<usize>) -> Splice {
    let lines = whole_lines(text, block).range;
    let after = &text[lines.end..];
    let blank = after.find(|c: char| c != '\n' && c != '\r').unwrap_or(after.len());
    if blank > 0 || !after.is_empty() {
        return Splice::new(lines.start..lines.end + blank, "");
    }
    let before = text[..lines.start].trim_end_matches(['\n', '\r']).len();
    let start = if before == 0 { 0 } else { (before + 1).min(lines.start) };
    Splice::new(start..lines.end, "")
}

/// An item of a YAML block list or map, or a row.
fn block_item(text: &str, container: &Node, items: &[Range<usize>], index: usize) -> Option<Vec<Splice>> {
    let item = &items[index];
    let start = item_start(text, container, item);
    if items.len() == 1 && container.language != Language::Csv {
        let empty = if matches!(container.kind, Kind::List(_)) { "[]" } else { "{}" };
        // Behind the key, where one stands on the line before.
        let before = text[..start].trim_end();
        let new = if before.ends_with(':') { format!(" {empty}") } else { empty.to_owned() };
        return Some(vec![Splice::new(before.len()..item.end, new)]);
    }
    begins_line(text, start).then(|| vec![whole_lines(text, &(start..item.end))])
}

/// The lines that a range takes, as a splice that takes them away; the last line of a file goes with the break before.
fn whole_lines(text: &str, range: &Range<usize>) -> Splice {
    let start = line_start(text, range.start);
    let end = line_end(text, range.end);
    let with_break = match &text[end..] {
        rest if rest.starts_with("\r\n") => end + 2,
        rest if rest.starts_with('\n') => end + 1,
        _ => return Splice::new(text[..start].trim_end_matches(['\n', '\r']).len()..end, ""),
    };
    Splice::new(start..with_break, "")
}

/// Where the dash of a block list's item, or the item itself, begins.
fn item_start(text: &str, container: &Node, item: &Range<usize>) -> usize {
    if !matches!(container.kind, Kind::List(_)) || container.language != Language::Yaml {
        return item.start;
    }
    let before = text[..item.start].trim_end_matches(' ');
    if before.ends_with('-') { before.len() - 1 } else { item.start }
}

fn after_line(text: &str, container: &Node, previous: &Range<usize>, item: &str) -> Splice {
    let start = item_start(text, container, previous);
    let column = start - line_start(text, start);
    let indent = " ".repeat(column);
    let dash = if matches!(container.kind, Kind::List(_)) { "- " } else { "" };
    let end = line_end(text, previous.end);
    Splice::new(end..end, format!("{}{indent}{dash}{item}", break_at(text, end)))
}

/// YAML that is told by its indentation.
fn is_block_style(text: &str, container: &Node) -> bool {
    container.language == Language::Yaml
        && !text.get(container.range.clone()).unwrap_or_default().starts_with(['[', '{'])
}

/// The end of the comma that follows.
fn comma_after(text: &str, from: usize, to: usize) -> Option<usize> {
    let between = text.get(from..to)?;
    let spaces = between.len() - between.trim_start().len();
    between.trim_start().starts_with(',').then_some(from + spaces + 1)
}

fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |found| found + 1)
}

/// The end of the line, before its break.
fn line_end(text: &str, at: usize) -> usize {
    let end = text[at..].find('\n').map_or(text.len(), |found| at + found);
    if text[..end].ends_with('\r') && end > at { end - 1 } else { end }
}

pub(super) fn indentation(text: &str, at: usize) -> &str {
    let line = &text[line_start(text, at)..at];
    &line[..line.len() - line.trim_start().len()]
}

fn begins_line(text: &str, at: usize) -> bool {
    text[line_start(text, at)..at].chars().all(|c| c == ' ' || c == '\t')
}

/// Whether nothing but a comment follows on the line.
fn ends_line(text: &str, at: usize) -> bool {
    let rest = text[at..line_end(text, at)].trim_start();
    rest.is_empty() || rest.starts_with('#') || rest.starts_with("//")
}

/// The line break that the text uses.
fn break_at(text: &str, at: usize) -> &'static str {
    let crlf = text[..at].rfind('\n').or_else(|| text.find('\n')).is_some_and(|found| text[..found].ends_with('\r'));
    if crlf { "\r\n" } else { "\n" }
}
