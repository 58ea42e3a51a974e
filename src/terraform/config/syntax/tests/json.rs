//! JSON syntax.

use super::*;

#[test]
fn blocks_follow_from_terraforms_own_schema() {
    let text = r#"{
  "//": "comment",
  "resource": {
    "aws_iam_role": {
      "a": {
        "name": "x",
        "inline_policy": [{"name": "p"}],
        "lifecycle": {"ignore_changes": ["tags"]},
        "dynamic": {"statement": {"for_each": [1], "content": {"sid": "s"}}},
        "provisioner": [{"local-exec": {"command": "c"}}]
      },
      "b": [{"name": "y"}]
    }
  },
  "locals": [{"l": 1}, {"m": 2}]
}"#;
    let (body, errors) = parse_json(text);
    assert_eq!(errors, []);
    let [a, b, locals, more] = body.blocks.as_slice() else { panic!("{body:?}") };
    assert_eq!((a.label(0), a.label(1), b.label(1)), (Some("aws_iam_role"), Some("a"), Some("b")));
    assert_eq!(&text[a.header.start..a.header.end], "\"a\"");
    assert_eq!(locals.kind.text, more.kind.text);
    let names: Vec<_> = a.body.attributes.iter().map(|attribute| attribute.name.text.as_str()).collect();
    assert_eq!(names, ["name", "inline_policy"]);
    let kinds: Vec<_> = a.body.blocks.iter().map(|block| (block.kind.text.as_str(), block.makes())).collect();
    assert_eq!(kinds, [("lifecycle", "lifecycle"), ("dynamic", "statement"), ("provisioner", "provisioner")]);
}

#[test]
fn strings_are_templates_with_places_in_the_file() {
    let text = "\u{feff}{\"locals\": {\"x\": \"\\u00e9\\\"${toset([\\\"k\\\"])}-$${lit}\\ud83d\\ude00${ y }\"}}";
    let (body, errors) = parse_json(text);
    assert_eq!(errors, []);
    let value = &body.blocks[0].body.attributes[0].value;
    let Kind::Template(template) = &value.kind else { panic!() };
    let texts: Vec<_> = template
        .parts
        .iter()
        .filter_map(|part| match part {
            Part::Literal { text, .. } => Some(text.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(texts.concat(), "\u{e9}\"-${lit}\u{1f600}");
    let written: Vec<_> = inside(value).iter().map(|inner| &text[inner.span.start..inner.span.end]).collect();
    assert_eq!(written, ["toset([\\\"k\\\"])", "y"]);
}

#[test]
fn errors_hide_only_their_block() {
    let text = r#"{"resource": {"t": {"bad": {"x": "${"}, "good": {"x": "y"}}}, "variable": {"v": {"default": "${"}}}"#;
    let (body, errors) = parse_json(text);
    let names: Vec<_> = body.blocks.iter().map(|block| block.labels.last().unwrap().text.as_str()).collect();
    assert_eq!(names, ["good", "v"]);
    assert_eq!(errors.len(), 1);
}

#[test]
fn what_is_no_json_is_an_error() {
    for text in ["", "[]x", "{\"a\": 1,}", "{a: 1}", "// x\n{}", "{\"resource\": 1}", "'x'", "3"] {
        assert_ne!(parse_json(text).1, [], "{text}");
    }
    for deep in ["[", "{\"a\":", "{\"resource\":["] {
        assert_ne!(parse_json(&deep.repeat(100_000)).1, []);
    }
    let deep = format!("{{\"locals\":{{\"a\":{}1{}}}}}", "[".repeat(400), "]".repeat(400));
    assert!(parse_json(&deep).1[0].message.contains("levels deep"));
}
