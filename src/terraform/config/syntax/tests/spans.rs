//! Every node lies inside of the node around it and says the same when it is read alone, nothing of a text is lost between
//! its tokens, and no text makes the parser panic.

use super::super::lexer::Lexer;
use super::super::token::TokenKind;
use super::*;
use crate::source::Span;
use proptest::prelude::*;

fn holds(text: &str, outer: Span, inner: Span) {
    assert!(outer.start <= inner.start && inner.end <= outer.end, "{inner:?} is not in {outer:?} of {text:?}");
    assert!(text.get(inner.start..inner.end).is_some(), "{inner:?} cuts a character of {text:?}");
}

fn check_body(text: &str, outer: Span, body: &Body) {
    for attribute in &body.attributes {
        holds(text, outer, attribute.span);
        holds(text, attribute.span, attribute.name.span);
        assert_eq!(&text[attribute.name.span.start..attribute.name.span.end], attribute.name.text);
        holds(text, attribute.span, attribute.value.span);
        check(text, &attribute.value);
        says_the_same_alone(text, &attribute.value);
    }
    for block in &body.blocks {
        holds(text, outer, block.span);
        holds(text, block.span, block.header);
        block.labels.iter().for_each(|label| holds(text, block.header, label.span));
        check_body(text, block.span, &block.body);
    }
}

fn check(text: &str, expression: &Expression) {
    for inner in inside(expression) {
        holds(text, expression.span, inner.span);
        check(text, inner);
    }
    match &expression.kind {
        Kind::Traversal { steps, .. } => steps.iter().for_each(|step| holds(text, expression.span, step.span)),
        Kind::Object(items) => {
            for item in items {
                holds(text, expression.span, item.span);
                holds(text, item.span, item.key.span());
                holds(text, item.span, item.value.span);
            }
        }
        Kind::Template(template) => {
            let mut end = expression.span.start;
            for part in &template.parts {
                let (Part::Literal { span, .. }
                | Part::Interpolation { span, .. }
                | Part::If { span, .. }
                | Part::For { span, .. }) = part;
                holds(text, expression.span, *span);
                assert!(end <= span.start, "{text:?}");
                end = span.end;
            }
        }
        _ => {}
    }
}

/// What stands between tokens is blank, or a comment.
fn nothing_is_lost(text: &str) {
    let (mut lexer, mut end) = (Lexer::code(text, 0), 0);
    loop {
        let token = lexer.token();
        let between = text.get(end..token.span.start).unwrap_or_else(|| panic!("{token:?} after {end} of {text:?}"));
        let rest = between.trim_start_matches([' ', '\t', '\r', '\u{feff}']);
        let is_comment = ["#", "//", "/*"].iter().any(|mark| rest.starts_with(mark));
        assert!(rest.is_empty() || is_comment, "{between:?} is lost of {text:?}");
        assert_eq!(text.get(token.span.start..token.span.end), Some(token.text), "{text:?}");
        end = token.span.end;
        if token.kind == TokenKind::End {
            return assert_eq!(end, text.len(), "{text:?}");
        }
    }
}

/// An expression as it is written, read alone, says the same.
fn says_the_same_alone(text: &str, expression: &Expression) {
    let written = &text[expression.span.start..expression.span.end];
    // A heredoc ends with its line.
    let alone = super::super::parse_expression(&format!("{written}\n"));
    let places = regex::Regex::new("(start|end): [0-9]+|[0-9]+\\.\\.[0-9]+|\\([0-9]+, [0-9]+\\)").unwrap();
    let bare = |said: String| places.replace_all(&said, "").into_owned();
    assert_eq!(alone.map(|alone| bare(format!("{alone:?}"))), Ok(bare(format!("{expression:?}"))), "{written:?}");
}

fn check_text(text: &str) {
    nothing_is_lost(text);
    let whole = Span::new(0, text.len());
    let (body, errors) = parse_native(text);
    check_body(text, whole, &body);
    errors.iter().for_each(|error| holds(text, whole, error.span));
}

/// Pieces that make texts which come near the language.
fn piece() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "a",
        "b.c",
        "resource \"t\" \"n\" {\n",
        "}\n",
        "}",
        "{",
        "[",
        "]",
        "(",
        ")",
        "\"",
        "${",
        "%{",
        "~}",
        "%{ if x }",
        "%{ else }",
        "%{ endif }",
        "%{ for k, v in x }",
        "%{ endfor }",
        "<<X\n",
        "<<-X\n",
        "X\n",
        "  X\n",
        "\n",
        "\r\n",
        "\r",
        " ",
        "=",
        " = ",
        ",",
        ".",
        "...",
        "=>",
        ":",
        "::",
        "?",
        "[*]",
        ".*",
        ".0",
        "for ",
        " in ",
        "if ",
        "1",
        "1.5e3",
        "true",
        "null",
        "-",
        "!",
        "&&",
        "+",
        "# c\n",
        "// c\n",
        "/* ",
        " */",
        "\\n",
        "\\u00e9",
        "\\",
        "$${",
        "$",
        "%",
        "é",
        "\u{301}",
        "\u{feff}",
        "@",
        "'",
        ";",
        "f(",
        "  ",
        "\t",
        "x = 1\n",
    ])
}

fn json_piece() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "{",
        "}",
        "[",
        "]",
        ":",
        ",",
        "\"a\"",
        "\"resource\"",
        "\"dynamic\"",
        "\"//\"",
        "1",
        "-",
        ".",
        "e5",
        "true",
        "null",
        "\"${x}\"",
        "\"${\"",
        "\"\\ud800\"",
        "\"\\ud83d\\ude00${x}\"",
        "\"\\u00e9\\n%{\"",
        "\"",
        "\\",
        "\n",
        "//",
        "/*",
        "é",
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_without_panic(text in any::<String>()) {
        check_text(&text);
        parse_json(&text);
    }

    #[test]
    fn near_texts_have_nested_spans(pieces in prop::collection::vec(piece(), 0..40)) {
        check_text(&pieces.concat());
        check_text(&format!("a = {}\n", pieces.concat()));
        check_text(&format!("a = \"{}\"\n", pieces.concat()));
        check_text(&format!("a = <<-X\n{}\nX\n", pieces.concat()));
    }

    #[test]
    fn any_json_is_read_without_panic(pieces in prop::collection::vec(json_piece(), 0..30)) {
        parse_json(&pieces.concat());
        parse_json(&format!("{{\"resource\":{{\"t\":{}}}}}", pieces.concat()));
    }

    #[test]
    fn near_json_has_no_panic(pieces in prop::collection::vec(piece(), 0..12)) {
        let string = serde_json::to_string(&pieces.concat()).unwrap();
        let text = format!("{{\"resource\":{{\"t\":{{\"n\":{{\"x\":{string},{string}:[1]}}}}}}}}");
        let (body, errors) = parse_json(&text);
        for block in &body.blocks {
            for attribute in &block.body.attributes {
                holds(&text, attribute.span, attribute.value.span);
                check(&text, &attribute.value);
            }
        }
        errors.iter().for_each(|error| holds(&text, Span::new(0, text.len()), error.span));
    }
}
