//! The one way to the terminal: everything that is written passes here and is cleaned first, whoever wrote it.

use super::{Look, style, wrap};
use crate::source::clean::for_terminal;
use anstyle::Style;
use std::io::{self, Write};
use unicode_width::UnicodeWidthStr;

/// Narrower terminals are written to as if they were this wide.
const NARROWEST: usize = 30;

/// A terminal of some width, with or without colours.
pub(in crate::report) struct Page<'a> {
    out: &'a mut dyn Write,
    pub(in crate::report) width: usize,
    colour: bool,
}

impl<'a> Page<'a> {
    pub(in crate::report) fn new(look: Look, out: &'a mut dyn Write) -> Self {
        Page { out, width: look.width.max(NARROWEST), colour: look.colour }
    }

    pub(in crate::report) fn blank(&mut self) -> io::Result<()> {
        writeln!(self.out)
    }

    /// One line as it stands, however long.
    pub(in crate::report) fn line(&mut self, indent: usize, pieces: &[(Style, &str)]) -> io::Result<()> {
        let clean: Vec<_> = pieces.iter().map(|(style, text)| (*style, for_terminal(text, false))).collect();
        self.print(indent, &clean)
    }

    /// A sentence, wrapped; further lines are indented two more.
    pub(in crate::report) fn sentence(&mut self, indent: usize, style: Style, text: &str) -> io::Result<()> {
        self.labelled(indent, 2, &[], style, text)
    }

    /// A sentence behind a label, wrapped; further lines are indented by `hang` more.
    pub(in crate::report) fn labelled(
        &mut self,
        indent: usize,
        hang: usize,
        label: &[(Style, &str)],
        style: Style,
        text: &str,
    ) -> io::Result<()> {
        let mut first: Vec<_> = label.iter().map(|(style, text)| (*style, for_terminal(text, false))).collect();
        let taken: usize = indent + first.iter().map(|(_, text)| text.width()).sum::<usize>();
        let rest = self.width.saturating_sub(indent + hang);
        let mut lines = wrap::wrap(&for_terminal(text, false), self.width.saturating_sub(taken), rest).into_iter();
        first.push((style, lines.next().unwrap_or_default()));
        self.print(indent, &first)?;
        for line in lines {
            self.print(indent + hang, &[(style, line)])?;
        }
        Ok(())
    }

    /// A text of several lines as it stands: a command or a block that somebody will copy.
    pub(in crate::report) fn verbatim(&mut self, indent: usize, text: &str) -> io::Result<()> {
        for line in text.trim_end().split('\n') {
            self.line(indent, &[(style::PLAIN, line.trim_end_matches('\r'))])?;
        }
        Ok(())
    }

    /// A table that is drawn already; its cells hold cleaned text.
    pub(in crate::report) fn table(&mut self, indent: usize, table: &mut comfy_table::Table) -> io::Result<()> {
        let room = self.width.saturating_sub(indent);
        table
            .load_style(comfy_table::presets::UTF8_FULL_CONDENSED)
            .set_content_arrangement(comfy_table::ContentArrangement::Dynamic)
            .force_no_tty()
            .set_width(u16::try_from(room).unwrap_or(u16::MAX));
        for line in table.lines() {
            self.line(indent, &[(style::PLAIN, &line)])?;
        }
        Ok(())
    }

    fn print(&mut self, indent: usize, pieces: &[(Style, String)]) -> io::Result<()> {
        if pieces.iter().any(|(_, text)| !text.is_empty()) {
            write!(self.out, "{:indent$}", "")?;
        }
        for (style, text) in pieces.iter().filter(|(_, text)| !text.is_empty()) {
            if self.colour && *style != style::PLAIN {
                write!(self.out, "{style}{text}{style:#}")?;
            } else {
                self.out.write_all(text.as_bytes())?;
            }
        }
        writeln!(self.out)
    }
}
