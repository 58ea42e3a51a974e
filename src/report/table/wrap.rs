//! Breaks a sentence into lines of a width in terminal cells.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Lines of at most `first` cells (the first one) and `rest` cells (all others), broken at blanks; a word that is
/// longer than a line is broken wherever the line ends. At least one line.
pub(super) fn wrap(text: &str, first: usize, rest: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0;
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let room = if lines.len() == 1 { first } else { rest };
        let blank = usize::from(used > 0);
        if used > 0 && used + blank + word.width() > room {
            lines.push(String::new());
            used = 0;
        } else if blank == 1 {
            push(&mut lines, " ");
            used += 1;
        }
        for cluster in word.graphemes(true) {
            let room = if lines.len() == 1 { first } else { rest };
            if used > 0 && used + cluster.width() > room {
                lines.push(String::new());
                used = 0;
            }
            push(&mut lines, cluster);
            used += cluster.width();
        }
    }
    lines
}

fn push(lines: &mut [String], text: &str) {
    if let Some(last) = lines.last_mut() {
        last.push_str(text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn breaks_at_blanks_and_inside_words_that_are_too_long() {
        assert_eq!(wrap("one two three", 7, 5), ["one two", "three"]);
        assert_eq!(wrap("abcdefgh i", 3, 4), ["abc", "defg", "h i"]);
        assert_eq!(wrap("名前名前", 5, 4), ["名前", "名前"]);
        assert_eq!(wrap("", 5, 5), [""]);
        assert_eq!(wrap("ab", 0, 0), ["a", "b"]);
    }
}
