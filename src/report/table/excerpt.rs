//! A place in a source file: where it is, how exact that is, and its line with what is meant underlined.

use super::page::Page;
use super::style;
use crate::model::{Location, Precision, Related};
use crate::report::words;
use crate::source::clean::for_terminal;
use std::io;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Lines shown of a value that spans several.
const MOST_LINES: usize = 4;

/// The place, its excerpt, and the further places that lead to it.
pub(super) fn write(page: &mut Page<'_>, location: &Location, related: &[Related]) -> io::Result<()> {
    let last = location.line.saturating_add(shown_lines(location).saturating_sub(1));
    let gutter = last.to_string().len();
    write_place(page, gutter, location)?;
    write_lines(page, gutter, location)?;
    for place in related {
        let text = format!("{}:{}:{} ({})", place.path, place.line, place.column, place.role);
        page.labelled(gutter + 2, 4, &[(style::GUTTER, "::: ")], style::PLAIN, &text)?;
    }
    Ok(())
}

/// `--> path:line:column`, and how exact it is when it is not the very value.
pub(super) fn write_place(page: &mut Page<'_>, gutter: usize, location: &Location) -> io::Result<()> {
    let exact = words::exactness(location.precision);
    page.line(gutter + 2, &[(style::GUTTER, "--> "), (style::PLAIN, &location.to_string()), (style::FAINT, exact)])
}

fn write_lines(page: &mut Page<'_>, gutter: usize, location: &Location) -> io::Result<()> {
    let shown = shown_lines(location);
    if shown == 0 {
        return Ok(());
    }
    let room = page.width.saturating_sub(gutter + 5);
    page.line(gutter + 3, &[(style::GUTTER, "|")])?;
    for (at, text) in location.excerpt.iter().take(shown).enumerate() {
        let number = format!("{:>gutter$} | ", location.line.saturating_add(at));
        let marked = if at == 0 { marked_columns(location) } else { usize::MAX..usize::MAX };
        let line = window(cells(text, &marked), room);
        page.line(2, &[(style::GUTTER, &number), (style::PLAIN, &line.text)])?;
        if at == 0 {
            let under = format!("{}{}", " ".repeat(line.before), "^".repeat(line.marked.max(1)));
            page.line(gutter + 3, &[(style::GUTTER, "| "), (style::BAD, &under)])?;
        }
    }
    if location.end_line >= location.line.saturating_add(shown) {
        page.line(gutter + 3, &[(style::GUTTER, "| "), (style::FAINT, "…")])?;
    }
    Ok(())
}

/// Of a whole block its first line says enough.
pub(in crate::report) fn shown_lines(location: &Location) -> usize {
    let most = match location.precision {
        Precision::Value | Precision::Attribute => MOST_LINES,
        Precision::Block | Precision::ModuleCall | Precision::State => 1,
    };
    location.excerpt.len().min(most)
}

/// Columns of the first line that are meant, from 0.
pub(in crate::report) fn marked_columns(location: &Location) -> std::ops::Range<usize> {
    let start = location.column.saturating_sub(1);
    let end = if location.end_line == location.line { location.end_column.saturating_sub(1) } else { usize::MAX };
    start..end
}

/// One grapheme cluster as it is shown, cleaned.
pub(in crate::report) struct Cell {
    pub(in crate::report) text: String,
    width: usize,
    pub(in crate::report) marked: bool,
}

pub(in crate::report) fn cells(line: &str, marked: &std::ops::Range<usize>) -> Vec<Cell> {
    // A byte order mark is part of the text, but no column is counted for it.
    let clusters = line.trim_start_matches('\u{feff}').trim_end().graphemes(true).enumerate();
    let cell = |(at, cluster): (usize, &str)| {
        let text = for_terminal(cluster, false);
        Cell { width: text.width(), text, marked: marked.contains(&at) }
    };
    clusters.map(cell).collect()
}

/// The part of a line that fits, with what is meant in it.
struct Window {
    text: String,
    /// Cells before the marked ones.
    before: usize,
    marked: usize,
}

/// Cuts a line to `room` cells so that the start of what is marked stays in view.
fn window(cells: Vec<Cell>, room: usize) -> Window {
    let width = |cells: &[Cell]| cells.iter().map(|cell| cell.width).sum::<usize>();
    let fits = width(&cells) <= room;
    let first_marked = cells.iter().position(|cell| cell.marked);
    let mut skip = 0;
    if let Some(first) = first_marked.filter(|_| !fits) {
        let mut lead = 0;
        let in_view = |cell: &&Cell| {
            lead += cell.width;
            lead <= room / 3
        };
        skip = first - cells[..first].iter().rev().take_while(in_view).count();
    }
    let mut line = Window { text: String::new(), before: 0, marked: 0 };
    let mut used = 0;
    if skip > 0 {
        line.text.push('…');
        used = 1;
    }
    line.before = used + first_marked.map_or(width(&cells), |first| width(&cells[skip..first]));
    for cell in &cells[skip..] {
        if !fits && used + cell.width + 1 > room {
            line.text.push('…');
            break;
        }
        line.text.push_str(&cell.text);
        used += cell.width;
        if cell.marked {
            line.marked += cell.width;
        }
    }
    line.before = line.before.min(room);
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(line: &str, marked: std::ops::Range<usize>, room: usize) -> [String; 2] {
        let window = window(cells(line, &marked), room);
        let under = format!("{}{}", " ".repeat(window.before), "^".repeat(window.marked));
        [window.text, under]
    }

    #[test]
    fn carets_stand_under_the_cells_that_are_seen() {
        assert_eq!(shown("\tx = 名前 # y", 5..7, 80), ["    x = 名前 # y", "        ^^^^"]);
        assert_eq!(shown("e\u{301} = 1", 4..5, 80), ["e\u{301} = 1", "    ^"]);
        assert_eq!(shown("\u{feff}a = 1", 4..5, 80), ["a = 1", "    ^"]);
        assert_eq!(shown("a\u{202e}b", 2..3, 80), ["a\\u{202e}b", "         ^"]);
    }

    #[test]
    fn a_long_line_is_cut_around_what_is_meant() {
        let line = format!("{}VALUE{}", "a".repeat(50), "b".repeat(50));
        assert_eq!(shown(&line, 50..55, 20), ["…aaaaaaVALUEbbbbbbb…", "       ^^^^^"]);
        assert_eq!(shown(&line, 0..1, 10), ["aaaaaaaaa…", "^"]);
        assert_eq!(shown("ab", 9..12, 10), ["ab", "  "]);
        assert_eq!(shown("abcdef", 2..4, 0)[0], "……");
    }
}
