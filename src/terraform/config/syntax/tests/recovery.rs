//! One broken block hides itself and no other.

use super::*;

/// Types and labels of the blocks read, and on which lines the errors are.
fn outcome(text: &str) -> (Vec<String>, Vec<usize>) {
    let (body, errors) = parse_native(text);
    let names = body.blocks.iter().map(|block| block.label(1).unwrap_or(&block.kind.text).to_owned());
    let lines = errors.iter().map(|error| text[..error.span.start].matches('\n').count() + 1);
    (names.collect(), lines.collect())
}

const GOOD: &str = "resource \"t\" \"after\" {\n  x = 1\n}\n";

#[test]
fn errors_hide_only_their_block() {
    for (broken, line) in [
        ("resource \"t\" \"bad\" {\n  x = = 1\n  y {\n    z = [\"}\"]\n  }\n}\n", 2),
        ("resource \"t\" \"bad\" {\n  x = \"open\n  y = 1\n}\n", 2),
        ("resource \"t\" \"bad\" {\n  x = [1\n}\n", 3),
        ("resource \"t\" \"bad\" {\n  x = <<EOT\n}\n{\nEOT\n  y = @\n}\n", 6),
        ("resource \"t\" \"bad\" {\n  x = 1\n", 1),
        ("resource \"t\" \"bad\" {\n  x = \"${foo(\n}\n", 3),
        ("resource \"t\" \"bad\" {\n  x = <<EOT\n never closed\n}\n", 2),
        ("}\n", 1),
        ("x = 1 2\n", 1),
        ("<<<<<<< HEAD\n", 1),
    ] {
        let (names, lines) = outcome(&format!("{broken}{GOOD}"));
        assert_eq!(names, ["after"], "{broken}");
        assert_eq!(lines.first(), Some(&line), "{broken}");
    }
}

#[test]
fn a_block_with_an_argument_twice_is_hidden() {
    let (names, lines) = outcome(&format!("resource \"t\" \"bad\" {{\n  x = 1\n  x = 2\n}}\n{GOOD}"));
    assert_eq!((names, lines), (vec!["after".to_owned()], vec![3]));
}

#[test]
fn a_file_of_errors_ends_with_one_that_says_so() {
    let (_, errors) = parse_native(&"}\n".repeat(1000));
    assert!(errors.last().unwrap().message.contains("too many errors"));
}
