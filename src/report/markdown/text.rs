//! Text of others in Markdown: it stands in code, where neither mentions, links, references, HTML nor emphasis are read.

use crate::report::words;

/// A sentence: what stands in back-ticks, and each word that is more than plain, as code.
pub(super) fn sentence(text: &str) -> String {
    let line = words::line(text);
    if line.trim().is_empty() {
        return code(""); // an empty item under a text would underline it
    }
    let pieces = line.trim().split('`').enumerate();
    pieces.map(|(at, piece)| if at % 2 == 1 { code(piece) } else { plain(piece) }).collect()
}

/// Words as they are where they are plain; those between that are not, together as code.
fn plain(piece: &str) -> String {
    // `1)` at the beginning of a line would number it.
    let numbers = |word: &str| word.starts_with(|c: char| c.is_ascii_digit()) && word.ends_with(')');
    let words = piece.split(' ').enumerate().map(|(at, word)| (is_plain(word) && !(at == 0 && numbers(word)), word));
    let words: Vec<(bool, &str)> = words.collect();
    let runs = words.chunk_by(|a, b| a.0 == b.0).map(|run| {
        let text = run.iter().map(|(_, word)| *word).collect::<Vec<_>>().join(" ");
        if run.iter().all(|(plain, _)| *plain) { text } else { code(&text) }
    });
    runs.collect::<Vec<_>>().join(" ")
}

/// A word that no reader of Markdown takes for anything else: no sign with a meaning, no host, no reference, and nothing
/// that looks like the hash of a commit, which GitHub makes a link.
fn is_plain(word: &str) -> bool {
    let core = word.trim_start_matches(['(', '\'']).trim_end_matches([',', ':', ';', ')', '\'']);
    let is_hash = |part: &str| part.len() >= 7 && part.chars().all(|c| c.is_ascii_hexdigit());
    let letters = |part: &str| !part.is_empty() && !is_hash(part) && part.chars().all(|c| c.is_ascii_alphabetic());
    let number = core.len() < 7 && core.chars().all(|c| c.is_ascii_digit());
    core.is_empty() && word.chars().all(|c| ",:;".contains(c))
        || !core.is_empty() && number
        || core.split(['-', '\'']).all(letters)
}

/// One line as code. Never empty, and closed by no back-tick inside.
pub(super) fn code(text: &str) -> String {
    let line = words::line(text);
    if line.trim().is_empty() {
        return "`(empty)`".to_owned();
    }
    let ticks = "`".repeat(longest_run(&line, '`') + 1);
    let padded = line.starts_with(['`', ' ']) || line.ends_with(['`', ' ']);
    if padded { format!("{ticks} {line} {ticks}") } else { format!("{ticks}{line}{ticks}") }
}

/// A fence that is longer than any run of back-ticks in the lines.
fn fence(lines: &[String]) -> String {
    let longest = lines.iter().map(|line| longest_run(line, '`')).max().unwrap_or(0);
    "`".repeat(longest.max(2) + 1)
}

/// A block of code.
pub(super) fn fenced(language: &str, lines: &[String]) -> String {
    let fence = fence(lines);
    let lines: Vec<_> = lines.iter().map(|line| words::line(line)).collect();
    format!("{fence}{language}\n{}\n{fence}\n", lines.join("\n"))
}

/// A block of code whose lines are exactly as they are: a forge puts them into the source. They must not steer.
pub(super) fn verbatim(word: &str, lines: &[String]) -> String {
    let fence = fence(lines);
    let lines: String = lines.iter().map(|line| format!("{line}\n")).collect();
    format!("{fence}{word}\n{lines}{fence}\n")
}

fn longest_run(text: &str, of: char) -> usize {
    text.split(|c| c != of).map(str::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_quoted_or_more_than_words_is_code() {
        assert_eq!(sentence("IAM role `deploy`: `tags` differs"), "IAM role `deploy`: `tags` differs");
        assert_eq!(sentence("role `a`@team`b` is gone"), "role `a``@team``b` is gone");
        assert_eq!(sentence("see #12 and www.example.org"), "see `#12` and `www.example.org`");
        assert_eq!(sentence("built from deadbee today"), "built from `deadbee` today");
        assert_eq!(code("a``b"), "```a``b```");
        assert_eq!(code("`"), "`` ` ``");
        assert_eq!(code(""), "`(empty)`");
    }
}
