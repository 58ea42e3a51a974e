//! Text of others in HTML: it stands between tags and in double quotes, and is never one.

use crate::source::clean::for_terminal;

/// One line.
pub(super) fn line(text: &str) -> String {
    escaped(&for_terminal(text, false))
}

/// One line of a sentence: what stands in back-ticks is code. Where they do not pair they stay as they are.
pub(super) fn sentence(text: &str) -> String {
    let clean = for_terminal(text, false);
    let pieces: Vec<_> = clean.split('`').collect();
    if pieces.len().is_multiple_of(2) {
        return escaped(&clean);
    }
    let piece = |(at, text): (usize, &&str)| match (at % 2 == 1, text.is_empty()) {
        (true, true) => "``".to_owned(),
        (true, false) => format!("<code>{}</code>", escaped(text)),
        (false, _) => escaped(text),
    };
    pieces.iter().enumerate().map(piece).collect()
}

/// Text of several lines. The line end before it is for the parser, which drops the first one in a `pre`.
pub(super) fn block(text: &str) -> String {
    format!("\n{}", escaped(&for_terminal(text, true)))
}

/// For text and for values in double quotes.
pub(super) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_quoted_is_code_and_nothing_else_is_a_tag() {
        assert_eq!(sentence("role `a<b>`: `` differs"), "role <code>a&lt;b&gt;</code>: `` differs");
        assert_eq!(sentence("a ` alone <i>"), "a ` alone &lt;i&gt;");
        assert_eq!(sentence(""), "");
    }
}
