//! Checks that a text is a snapshot of a version that is read here, and that it is whole.

use super::v1;
use crate::model::Problem;
use jiff::Timestamp;

const RETAKE: &str = "`driftline snapshot -o FILE` takes a new one";

/// When a snapshot was taken, by its header alone.
///
/// # Errors
/// When the text is no snapshot of a version that is read here.
pub fn taken_at(text: &str, path: &str) -> Result<Timestamp, Problem> {
    let taken_at = header(text, path)?.taken_at.and_then(|taken_at| taken_at.parse().ok());
    taken_at.ok_or_else(|| Problem::new("the snapshot does not say when it was taken").at(path).help(RETAKE))
}

/// The file behind the text.
pub(super) fn open(text: &str, path: &str) -> Result<v1::File, Problem> {
    header(text, path)?;
    let file: v1::File = serde_json::from_str(text).map_err(|error| unreadable(path, &error))?;
    let hash = file.content().sha256().map_err(|error| unreadable(path, &error))?;
    if !hash.eq_ignore_ascii_case(&file.sha256) {
        return Err(Problem::new("the snapshot was altered: its content does not fit its `sha256`")
            .at(path)
            .help(RETAKE));
    }
    Ok(file)
}

fn unreadable(path: &str, error: &serde_json::Error) -> Problem {
    let (line, column, text) = (error.line(), error.column(), error.to_string());
    let what = text.strip_suffix(&format!(" at line {line} column {column}")).unwrap_or(&text);
    // The end of an empty file is no place to point at.
    let place = if column == 0 { path.to_owned() } else { format!("{path}:{line}:{column}") };
    Problem::new(format!("not readable as a driftline snapshot: {what}")).at(place).help(RETAKE)
}

fn header(text: &str, path: &str) -> Result<v1::Header, Problem> {
    let header: v1::Header = serde_json::from_str(text).map_err(|error| unreadable(path, &error))?;
    if header.format != v1::FORMAT {
        return Err(Problem::new(format!("not a driftline snapshot: its format is `{}`", header.format))
            .at(path)
            .help(RETAKE));
    }
    if header.version != v1::VERSION {
        let by = header.tool_version.map(|by| format!(" (driftline {by} took it)")).unwrap_or_default();
        let (version, known) = (header.version, v1::VERSION);
        let way_out = if version > known { "upgrade driftline, or take the snapshot again" } else { RETAKE };
        return Err(Problem::new(format!("the snapshot has version {version}{by}; this driftline reads {known}"))
            .at(path)
            .help(way_out));
    }
    Ok(header)
}
