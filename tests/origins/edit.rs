//! Changing what is written: another value of the same sort in place of a scalar, a further element in a list, and the
//! scalars that a file holds.

use std::ops::Range;

/// A text to put in place of a scalar, and the value that it stands for, as text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Other {
    pub(crate) text: String,
    pub(crate) means: String,
}

/// Another scalar of the same sort.
pub(crate) fn other(text: &str) -> Other {
    if let Some((opening, rest)) = text.split_once('\n').filter(|(opening, _)| opening.starts_with("<<")) {
        let (content, closing) = rest.rsplit_once('\n').expect("a heredoc ends on a line of its own");
        let changed = format!("{opening}\n{content}x\n{closing}");
        return Other { means: meaning(&changed), text: changed };
    }
    for mark in ['"', '\''] {
        if let Some(inside) = text.strip_prefix(mark).and_then(|rest| rest.strip_suffix(mark)) {
            let other = plain(inside);
            return Other { text: format!("{mark}{}{mark}", other.text), means: unescaped(&other.text) };
        }
    }
    plain(text)
}

/// This value written as the scalar is: in its quotes, where it has any.
pub(crate) fn in_place_of(text: &str, value: &str) -> String {
    match text.chars().next() {
        Some(mark @ ('"' | '\'')) => format!("{mark}{value}{mark}"),
        _ => value.to_owned(),
    }
}

fn plain(text: &str) -> Other {
    let changed = match text {
        "true" => "false".to_owned(),
        "false" => "true".to_owned(),
        _ => match text.parse::<i64>() {
            Ok(number) => (number + 1).to_string(),
            Err(_) => format!("{text}x"),
        },
    };
    Other { means: changed.clone(), text: changed }
}

/// The text without the escapes that the folders use.
pub(crate) fn unescaped(text: &str) -> String {
    text.replace("\\\"", "\"").replace("$${", "${").replace("''", "'")
}

/// The value of a scalar as it is written, as text.
pub(crate) fn meaning(text: &str) -> String {
    if let Some(content) = text.strip_prefix("<<-") {
        let lines: Vec<&str> = content.lines().skip(1).collect();
        let lines = &lines[..lines.len() - 1];
        let indent = lines.iter().map(|line| line.len() - line.trim_start().len()).min().unwrap_or(0);
        return lines.iter().map(|line| format!("{}\n", &line[indent..])).collect();
    }
    let quoted = |mark: char| text.strip_prefix(mark).and_then(|rest| rest.strip_suffix(mark));
    quoted('"').or(quoted('\'')).map_or_else(|| text.to_owned(), unescaped)
}

/// Whether it is an expression that takes its value from elsewhere.
pub(crate) fn is_reference(text: &str) -> bool {
    let is_name = text.starts_with(|c: char| c.is_alphabetic()) && text.contains('.');
    is_name && text.chars().all(|c| c.is_alphanumeric() || "_-.[]\"".contains(c)) || text.starts_with("\"${")
}

/// A literal of the language in place of a reference to this value.
pub(crate) fn literal(value: &str) -> Other {
    let means = format!("{value}x");
    Other { text: format!("\"{means}\""), means }
}

/// A list with one more element at its beginning; `before` is what stands on its first line before it.
pub(crate) fn with_element(list: &str, element: &str, before: &str) -> String {
    if list.starts_with("- ") {
        return format!("- {element}\n{}{list}", " ".repeat(before.len()));
    }
    let inside = list.strip_prefix('[').expect("a list begins with `[`");
    let comma = if inside.trim_start().starts_with(']') { "" } else { ", " };
    format!("[\"{element}\"{comma}{inside}")
}

/// The scalars of a file's text that may be edited as values: no keys, no names of things, no comments.
pub(crate) fn scalars(file: &str, text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let of_line = match file.ends_with(".csv") {
            true => cells(line),
            false => tokens(line, is_source(file)),
        };
        found.extend(of_line.into_iter().map(|range| start + range.start..start + range.end));
        start += line.len();
    }
    found
}

fn is_source(file: &str) -> bool {
    file.ends_with(".tf") || file.ends_with(".tf.json") || file.ends_with(".tftpl")
}

fn cells(line: &str) -> Vec<Range<usize>> {
    let line = line.trim_end();
    let mut start = 0;
    let each = line.split(',').map(|cell| {
        let range = start..start + cell.len();
        start = range.end + 1;
        range
    });
    each.filter(|range| !range.is_empty()).collect()
}

/// Quoted texts, and words outside of source files, that are followed by neither `:` nor `=`.
fn tokens(line: &str, quoted_only: bool) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    // The labels of a block are no values.
    if quoted_only && line.trim_end().ends_with('{') && !line.contains(['=', ':']) {
        return found;
    }
    let mut at = 0;
    while let Some(next) = line[at..].chars().next() {
        let rest = &line[at..];
        if next == '#' || rest.starts_with("//") {
            break;
        }
        let length = match next {
            '"' => quoted(rest),
            '\'' if !quoted_only => rest[1..].find('\'').map_or(rest.len(), |end| end + 2),
            c if is_word(c) => rest.find(|c| !is_word(c)).unwrap_or(rest.len()),
            c => {
                at += c.len_utf8();
                continue;
            }
        };
        let token = &rest[..length];
        let after = rest[length..].trim_start();
        let is_key = after.starts_with(':') || after.starts_with('=') && !after.starts_with("==");
        let is_value = next == '"' || !quoted_only || matches!(token, "true" | "false") || token.parse::<i64>().is_ok();
        let is_plain = !token.contains("${") && !matches!(token, "null" | "<<") && !token.starts_with(['&', '*']);
        if is_value && is_plain && !is_key {
            found.push(at..at + length);
        }
        at += length;
    }
    found
}

/// The length of a quoted text with its marks.
fn quoted(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            '"' if !escaped => return at + 1,
            _ => escaped = c == '\\' && !escaped,
        }
    }
    text.len()
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '@' | '/' | '&' | '*' | '<')
}

#[test]
fn scalars_are_changed_within_their_sort() {
    let cases = [("\"a\"", "\"ax\"", "ax"), ("30", "31", "31"), ("\"30\"", "\"31\"", "31"), ("true", "false", "false")];
    for (text, changed, means) in cases {
        assert_eq!(other(text), Other { text: changed.to_owned(), means: means.to_owned() });
    }
    assert_eq!(other("<<-A\n  b\n   c\n  A").means, "b\n cx\n");
    assert!(is_reference("aws_iam_user.ada[\"x\"].name") && !is_reference("30") && !is_reference("\"a.b\""));
    assert_eq!(with_element("[\"a\"]", "b", ""), "[\"b\", \"a\"]");
    assert_eq!(with_element("[]", "b", ""), "[\"b\"]");
    assert_eq!(with_element("- a\n  - c", "b", "  "), "- b\n  - a\n  - c");
}

#[test]
fn scalars_of_a_file_are_its_values() {
    let texts = |file: &str, text: &'static str| -> Vec<&str> {
        scalars(file, text).into_iter().map(|range| &text[range]).collect()
    };
    assert_eq!(texts("a.yaml", "ada: # who\n  role: admin\n  tags: [a, 'b c']\n"), ["admin", "a", "'b c'"]);
    assert_eq!(texts("a.json", "{\"a\": \"b\", \"n\": 3}"), ["\"b\"", "3"]);
    assert_eq!(texts("a.csv", "name,role\nada,\n"), ["name", "role", "ada"]);
    assert_eq!(texts("a.tf", "x = each.key == \"a\" ? \"${b}\" : true\n"), ["\"a\"", "true"]);
}
