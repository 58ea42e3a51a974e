//! The hidden first line by which driftline knows its own comments again.

use crate::source::clean::is_steering;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Version of the marker's shape.
const SCHEMA: u32 = 1;

const BEGIN: &str = "<!-- driftline ";
const END: &str = " -->";

/// What a comment is about and which run wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    schema: u32,
    /// What was checked; several of one request have a comment each.
    pub target: String,
    /// The finding of a comment at a line; none for the summary.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finding: Option<String>,
    /// When the check that is told of ended.
    pub valid_at: Timestamp,
    /// The commit that was checked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub head: Option<String>,
    /// The run of the pipeline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<String>,
}

impl Mark {
    pub fn new(target: &str, valid_at: Timestamp, head: Option<String>, run: Option<String>) -> Mark {
        Mark { schema: SCHEMA, target: target.to_owned(), finding: None, valid_at, head, run }
    }

    pub(super) fn of_finding(&self, id: &str) -> Mark {
        Mark { finding: Some(id.to_owned()), ..self.clone() }
    }

    /// The body with the marker before it.
    pub(super) fn on(&self, body: &str) -> String {
        format!("{}\n{body}", self.line())
    }

    /// Nothing in the JSON can end the comment or begin another: every sign that HTML knows is an escape.
    pub(super) fn line(&self) -> String {
        let json = serde_json::to_string(self).unwrap_or_default();
        let mut escaped = String::with_capacity(json.len());
        for sign in json.chars() {
            if matches!(sign, '<' | '>' | '&' | '-' | '`' | '@') || is_steering(sign) {
                let units =
                    sign.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect::<String>();
                escaped.push_str(&units);
            } else {
                escaped.push(sign);
            }
        }
        format!("{BEGIN}{escaped}{END}")
    }

    /// The marker that a body begins with. One further down is somebody's text.
    pub(super) fn of(body: &str) -> Option<Mark> {
        let line = body.lines().next()?.trim_end();
        let json = line.strip_prefix(BEGIN)?.strip_suffix(END)?;
        serde_json::from_str(json).ok().filter(|mark: &Mark| mark.schema == SCHEMA)
    }

    /// Whether both are about the same thing.
    pub(super) fn is_for(&self, other: &Mark) -> bool {
        self.target == other.target && self.finding == other.finding
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(target: &str) -> Mark {
        let at = "2026-11-21T03:00:09Z".parse().unwrap();
        Mark::new(target, at, Some("deadbeef".to_owned()), Some("17".to_owned()))
    }

    #[test]
    fn a_marker_reads_as_it_was_written_whatever_the_target_is_called() {
        for target in ["", "infra/prod", "a --> <b>", "@team `x`", "\u{1b}\n\"\\\u{202e}\u{e0001}", "--!>"] {
            let body = mark(target).on("text");
            assert_eq!(body.lines().count(), 2, "{body}");
            let line = body.lines().next().unwrap();
            let inside = line.strip_prefix("<!--").and_then(|rest| rest.strip_suffix("-->")).unwrap();
            assert!(!inside.contains("--") && !inside.contains(['<', '>', '@', '`']), "{line}");
            assert_eq!(Mark::of(&body), Some(mark(target)));
        }
    }

    #[test]
    fn a_marker_elsewhere_or_of_another_shape_is_none() {
        let body = mark("t").on("text");
        assert_eq!(Mark::of(&format!("see:\n{body}")), None);
        assert_eq!(Mark::of(&format!("> {body}")), None);
        assert_eq!(Mark::of(&body.replacen("\"schema\":1", "\"schema\":2", 1)), None);
        assert_eq!(Mark::of(""), None);
    }
}
