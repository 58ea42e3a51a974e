//! The few colours, each for one meaning.

use crate::model::Severity;
use anstyle::{AnsiColor, Style};

pub(super) const PLAIN: Style = Style::new();
pub(super) const STRONG: Style = Style::new().bold();
pub(super) const FAINT: Style = Style::new().dimmed();
/// Line numbers, arrows and carets: what we draw around a source line.
pub(super) const GUTTER: Style = AnsiColor::Blue.on_default();
pub(super) const HELP: Style = AnsiColor::Cyan.on_default();
pub(super) const GOOD: Style = AnsiColor::Green.on_default();
pub(super) const BAD: Style = AnsiColor::Red.on_default();
pub(super) const WARN: Style = AnsiColor::Yellow.on_default();

pub(super) fn of_severity(severity: Severity) -> Style {
    match severity {
        Severity::Critical => BAD.bold(),
        Severity::High => BAD,
        Severity::Medium => WARN,
        Severity::Low => HELP,
        Severity::Info => FAINT,
    }
}
