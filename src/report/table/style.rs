//! The few colours, each for one meaning.

use crate::model::Severity;
use anstyle::{AnsiColor, Style};

pub(in crate::report) const PLAIN: Style = Style::new();
pub(in crate::report) const STRONG: Style = Style::new().bold();
pub(in crate::report) const FAINT: Style = Style::new().dimmed();
/// Line numbers, arrows and carets: what we draw around a source line.
pub(in crate::report) const GUTTER: Style = AnsiColor::Blue.on_default();
pub(in crate::report) const HELP: Style = AnsiColor::Cyan.on_default();
pub(in crate::report) const GOOD: Style = AnsiColor::Green.on_default();
pub(in crate::report) const BAD: Style = AnsiColor::Red.on_default();
pub(in crate::report) const WARN: Style = AnsiColor::Yellow.on_default();

pub(in crate::report) fn of_severity(severity: Severity) -> Style {
    match severity {
        Severity::Critical => BAD.bold(),
        Severity::High => BAD,
        Severity::Medium => WARN,
        Severity::Low => HELP,
        Severity::Info => FAINT,
    }
}
