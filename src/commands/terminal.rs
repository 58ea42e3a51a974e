//! Writing to standard output and standard error so that a closed pipe ends the program quietly and nothing steers the
//! terminal.

use crate::model::Problem;
use crate::source::clean;
use std::io::{self, IsTerminal, Write};

/// Says something to the person on standard error, made safe for the terminal.
pub(super) fn say(text: &str) {
    // When standard error is closed there is nobody to tell.
    drop(writeln!(io::stderr(), "{}", clean::for_terminal(text, true)));
}

/// Writes to standard output. A reader that went away is no error: `driftline … | head` is fine.
///
/// # Errors
/// When the output cannot be written for another reason, such as a full disk.
pub(super) fn out(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Problem> {
    to(io::stdout().lock(), write)
}

/// Writes a report to standard error, where standard output is somebody else's.
pub(super) fn aside(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Problem> {
    to(io::stderr().lock(), write)
}

fn to(stream: impl Write, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Problem> {
    let mut out = io::BufWriter::new(stream);
    match write(&mut out).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Problem::new(format!("cannot write the output: {error}")))
        }
        _ => Ok(()),
    }
}

/// When colours are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Color {
    Auto,
    Always,
    Never,
}

impl Color {
    /// Whether to colour what goes to standard output; `auto` heeds `NO_COLOR` and `CLICOLOR_FORCE`.
    pub(super) fn on(self) -> bool {
        let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty() && value != "0");
        match self {
            Color::Always => true,
            Color::Never => false,
            Color::Auto if set("NO_COLOR") => false,
            Color::Auto => set("CLICOLOR_FORCE") || io::stdout().is_terminal(),
        }
    }
}

/// Cells of a line of the terminal; 100 where there is none.
pub(super) fn width() -> usize {
    terminal_size::terminal_size().map_or(100, |(width, _)| usize::from(width.0).clamp(40, 160))
}
