//! Text from live systems and files is hostile: what a terminal must never be given as it stands.

/// The text with everything that could steer a terminal or reorder what is read shown as an escape:
/// control characters, bidirectional controls, zero-width characters, line and paragraph separators.
/// A line break stays only where `keep_lines` says so.
pub fn for_terminal(text: &str, keep_lines: bool) -> String {
    let mut clean = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' if keep_lines => clean.push('\n'),
            '\t' => clean.push_str("    "),
            c if is_steering(c) => clean.extend(c.escape_unicode()),
            c => clean.push(c),
        }
    }
    clean
}

/// Whether a terminal or a reader would be steered by this character instead of shown it.
pub fn is_steering(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{061c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steering_characters_are_shown_not_sent() {
        assert_eq!(for_terminal("a\u{1b}[31mb\u{202e}c\r\n", false), "a\\u{1b}[31mb\\u{202e}c\\u{d}\\u{a}");
        assert_eq!(for_terminal("a\nb", true), "a\nb");
        assert_eq!(for_terminal("żółw ✓", false), "żółw ✓");
    }
}
