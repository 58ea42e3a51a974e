//! Texts that nobody means well with: no panic, no end of memory, and never an absence.

use super::{call, of_file, shown};
use crate::terraform::value::{Cause, Origin};
use proptest::prelude::*;

const FUNCTIONS: [&str; 3] = ["yamldecode", "jsondecode", "csvdecode"];

/// What the languages are made of, so that chance finds their corners.
const PIECES: &[&str] = &[
    "a",
    "1",
    " ",
    "  ",
    "\n",
    "\r\n",
    "\t",
    ":",
    ": ",
    "-",
    "- ",
    "?",
    "? ",
    ",",
    "[",
    "]",
    "{",
    "}",
    "#",
    " #",
    "&a",
    "*a",
    "!",
    "!!str ",
    "|",
    ">",
    "|2-",
    "+",
    "'",
    "\"",
    "\\",
    "\\n",
    "\\u00e9",
    "\\ud83d",
    "%",
    "%YAML 1.1",
    "%TAG ! a",
    "@",
    "`",
    "---",
    "...",
    "\n---\n",
    "\n...\n",
    "<<: ",
    "<<: *a",
    "~",
    "null",
    "true",
    "0x1",
    ".5",
    "2001-01-01",
    "é",
    "😀",
    "\u{2028}",
    "\u{85}",
    "\u{feff}",
    "\u{0}",
    "\u{301}",
    "e\u{301}",
    "\"\"",
    "=",
];

proptest! {
    #[test]
    fn pieces_in_any_order_do_no_harm(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..40)) {
        let text = pieces.concat();
        for function in FUNCTIONS {
            if let Ok(value) = of_file(function, &text) {
                // Every place lies in the text.
                let _ = format!("{:?}", value.origin);
                let _ = super::places::misplaced(function, &text);
            }
            let _ = call(function, &text, Origin::none()).map(|value| shown(&value));
        }
    }

    #[test]
    fn any_text_does_no_harm(text in any::<String>()) {
        for function in FUNCTIONS {
            let _ = of_file(function, &text).map(|value| shown(&value));
        }
    }
}

/// Why a text is not decoded here though Terraform might.
fn limit(function: &str, text: &str) -> Option<String> {
    let value = of_file(function, text).unwrap();
    let why = value.why_unknown()?;
    assert_eq!(why.cause, Cause::Limit);
    Some(why.text.clone())
}

#[test]
fn what_is_nested_without_end_is_given_up() {
    for (function, text) in [
        ("yamldecode", "[".repeat(500_000)),
        ("yamldecode", "{a: ".repeat(50_000)),
        ("yamldecode", "- ".repeat(50_000)),
        ("jsondecode", "[".repeat(500_000)),
        ("jsondecode", "{\"a\":".repeat(500_000)),
    ] {
        assert!(limit(function, &text).is_some_and(|why| why.contains("levels deep")), "{function}");
    }
}

#[test]
fn aliases_of_aliases_are_given_up() {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..10 {
        let list = vec![format!("*a{}", level - 1); 10].join(", ");
        text.push_str(&format!("a{level}: &a{level} [{list}]\n"));
    }
    assert!(limit("yamldecode", &text).is_some_and(|why| why.contains("aliases stand for more than 1000000 values")));
}

#[test]
fn a_problem_says_the_line_of_the_file_and_no_value() {
    let failure = of_file("yamldecode", "a: 1\nb: secret: 2\n").err().unwrap();
    assert_eq!(failure.message, "data:2:10: `:` cannot stand here");
    let failure = call("jsondecode", "[1,\n  secret]", Origin::none()).err().unwrap();
    assert_eq!(failure.message, "line 2, column 3 of the text: expected a JSON value");
    let failure = of_file("csvdecode", "a,b\n1\n").err().unwrap();
    assert_eq!(failure.message, "data:2:1: the row has not as many fields as the header line");
    let failure = of_file("yamldecode", "# nothing\n").err().unwrap();
    assert_eq!(failure.message, "line 2, column 1 of the text: there is no YAML document");
}
