//! How Terraform and its providers write a text into JSON.
//!
//! Rules: `encoding/json` of Go.

use std::fmt::Write;

/// Writes what stands between the quotes, escaped as Go does it, which also keeps HTML from reading what is in it.
pub fn escape(text: &str, to: &mut String) {
    for c in text.chars() {
        match c {
            '"' | '\\' => to.extend(['\\', c]),
            '\n' => to.push_str("\\n"),
            '\r' => to.push_str("\\r"),
            '\t' => to.push_str("\\t"),
            '\u{8}' => to.push_str("\\b"),
            '\u{c}' => to.push_str("\\f"),
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' | '\0'..='\u{1f}' => {
                let _ = write!(to, "\\u{:04x}", u32::from(c));
            }
            c => to.push(c),
        }
    }
}
