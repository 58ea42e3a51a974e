//! Every scalar and key is where its origin says.

use super::{call, of_file, shown};
use crate::terraform::functions::files::Files;
use crate::terraform::value::{Data, Origin, Val};
use std::fs;
use std::path::Path;

/// The source of the place where an origin ends.
fn source(origin: &Origin) -> Option<String> {
    let end = origin.trail().end?;
    Some(end.place.file.slice(end.place.span).to_owned())
}

/// All scalars with their sources, and keys with theirs.
fn scalars(value: &Val, found: &mut Vec<(Val, String)>) {
    match &value.data {
        Data::Tuple(items) | Data::List(_, items) => items.iter().for_each(|item| scalars(item, found)),
        Data::Object(entries) => {
            for (key, entry) in entries.iter() {
                found.push((Val::string(key.clone()), source(&entry.key_origin).unwrap()));
                scalars(&entry.value, found);
            }
        }
        _ => found.push((value.clone(), source(&value.origin).unwrap())),
    }
}

/// The scalars and keys of a text for which what stands at their place means something else, in words.
pub(super) fn misplaced(function: &str, text: &str) -> (usize, Vec<String>) {
    let Ok(value) = of_file(function, text) else { return (0, Vec::new()) };
    let mut found = Vec::new();
    scalars(&value, &mut found);
    // What a block means depends on where it stands.
    found.retain(|(_, source)| !source.starts_with(['|', '>']));
    let wrong = found.iter().filter_map(|(scalar, source)| {
        let alone = match source.as_str() {
            "" => "null".to_owned(),
            source => of_file(function, source).map_or("nothing".to_owned(), |value| shown(&value)),
        };
        // A key is a text, whatever it looks like.
        let alike = alone == shown(scalar) || format!("{alone:?}") == shown(scalar);
        (!alike).then(|| format!("{source:?} is {alone} and not {}", shown(scalar)))
    });
    (found.len(), wrong.collect())
}

#[test]
fn what_stands_at_a_place_is_the_scalar() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/decode");
    let (mut compared, mut wrong) = (0, Vec::new());
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let function = match path.extension().and_then(|extension| extension.to_str()) {
            Some("yaml") => "yamldecode",
            Some("json") => "jsondecode",
            _ => continue,
        };
        let text = fs::read_to_string(&path).unwrap();
        // A tag stands outside of the scalar that it speaks of, and a byte order mark counts only at the beginning.
        if text.contains(['!', '\u{feff}']) {
            continue;
        }
        let (count, found) = misplaced(function, &text);
        compared += count;
        wrong.extend(found.into_iter().map(|found| format!("{path:?}: {found}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(compared > 500, "{compared}");
}

/// The place of a value in the words of a test: what stands there.
fn written(value: &Val) -> String {
    source(&value.origin).unwrap()
}

#[test]
fn bytes_of_a_scalar_are_where_they_were_written() {
    let text = "a: |\n    {\"x\":\n      [1]}\nb: \"c\\nd\\u00e9\"\nc: >-\n  one\n  two\nd: 'it''s'\ne: one\n  two\n";
    let value = of_file("yamldecode", text).unwrap();
    let part = |key: &str, part: &str| {
        let value = value.get(key).unwrap();
        let at = value.as_str().unwrap().find(part).unwrap();
        value.origin.part(at..at + part.len()).and_then(|origin| source(&origin)).unwrap()
    };
    assert_eq!(part("a", "\"x\""), "\"x\"");
    assert_eq!(part("a", "[1]"), "[1]");
    assert_eq!(part("a", ":\n  [1"), ":\n      [1");
    assert_eq!(part("b", "d"), "d");
    assert_eq!(part("b", "\n"), "\\n");
    assert_eq!(part("b", "é"), "\\u00e9");
    assert_eq!(part("b", "c\nd"), "c\\nd");
    assert_eq!(part("c", "two"), "two");
    assert_eq!(part("c", "one two"), "one\n  two");
    assert_eq!(part("d", "s"), "s");
    assert_eq!(part("d", "'"), "''");
    assert_eq!(part("e", "two"), "two");
    assert_eq!(written(&value.get("a").unwrap()), "|\n    {\"x\":\n      [1]}");
    assert_eq!(written(&value.get("b").unwrap()), "\"c\\nd\\u00e9\"");
}

#[test]
fn json_in_a_block_of_yaml_is_where_it_was_written() {
    let text = "policy: |\n  {\n    \"Action\": [\"s3:Get*\",\n      \"s3:\\u004cist*\"]\n  }\n";
    let policy = of_file("yamldecode", text).unwrap().get("policy").unwrap();
    let value = call("jsondecode", policy.as_str().unwrap(), policy.origin.clone()).unwrap();
    let actions = value.get("Action").unwrap();
    assert_eq!(written(&actions.element(0).unwrap()), "\"s3:Get*\"");
    assert_eq!(written(&actions.element(1).unwrap()), "\"s3:\\u004cist*\"");
    assert_eq!(written(&actions), "[\"s3:Get*\",\n      \"s3:\\u004cist*\"]");
    let list = actions.element(1).unwrap();
    assert_eq!(source(&list.origin.part(4..7).unwrap()).unwrap(), "ist");
    assert_eq!(source(&list.origin.part(3..4).unwrap()).unwrap(), "\\u004c");
}

#[test]
fn a_value_behind_an_alias_is_where_it_was_anchored() {
    let text = "base: &b {role: member}\nann: *b\nbob:\n  <<: *b\n  x: 1\n";
    let value = of_file("yamldecode", text).unwrap();
    for person in ["ann", "bob"] {
        let role = value.get(person).unwrap().get("role").unwrap();
        assert_eq!(written(&role), "member");
        let through = role.origin.trail().through;
        let (place, said) = through.last().unwrap();
        assert_eq!((place.file.slice(place.span), &**said), ("*b", "alias"));
    }
    let (_, entry) = value.get("bob").unwrap().entries().unwrap().remove(0);
    assert_eq!(source(&entry.key_origin).unwrap(), "role");
    assert!(value.get("base").unwrap().get("role").unwrap().origin.trail().through.len() == 1);
}

#[test]
fn a_field_of_csv_is_where_it_was_written() {
    let text = "name,note\r\nann,\"a \"\"b\"\"\r\nc\"\r\nbob,\r\n";
    let value = of_file("csvdecode", text).unwrap();
    let note = value.element(0).unwrap().get("note").unwrap();
    assert_eq!(written(&note), "\"a \"\"b\"\"\r\nc\"");
    assert_eq!(source(&note.origin.part(3..4).unwrap()).unwrap(), "b");
    assert_eq!(written(&value.element(1).unwrap().get("name").unwrap()), "bob");
    assert_eq!(written(&value.element(1).unwrap()), "bob,");
}

/// What a decoded literal or template of the configuration says, and what stands at the place of it.
fn evaluated(text: &str, key: &str) -> (String, String) {
    let files = Files::new(Path::new("."), "");
    let value = crate::terraform::evaluate::expression(text, &files).unwrap().get(key).unwrap();
    (shown(&value), written(&value))
}

#[test]
fn a_decoded_literal_is_where_it_was_written() {
    let (value, place) = evaluated(r#"jsondecode("{\"a\": \"b\", \"c\": 12}")"#, "c");
    assert_eq!((&*value, &*place), ("12", "12"));
    let (value, place) = evaluated(r#"jsondecode("{\"a\": \"b\", \"c\": 12}")"#, "a");
    assert_eq!((&*value, &*place), ("\"b\"", r#"\"b\""#));
    let (value, place) = evaluated("yamldecode(<<-EOT\n  a: $${b}\n  c:\n    - d\\n\n  EOT\n)", "c");
    assert_eq!((&*value, &*place), ("[\"d\\\\n\"]", "- d\\n"));
}

#[test]
fn a_value_put_into_a_template_is_where_it_was_written() {
    let text = "yamldecode(<<EOT\na: ${\"x\"}\nb: \"${\"y\"}\"\nc: p-${\"z\"}-q # end\nd: last\nEOT\n)";
    assert_eq!(evaluated(text, "a"), ("\"x\"".to_owned(), "\"x\"".to_owned()));
    assert_eq!(evaluated(text, "b"), ("\"y\"".to_owned(), "\"y\"".to_owned()));
    assert_eq!(evaluated(text, "c"), ("\"p-z-q\"".to_owned(), "p-${\"z\"}-q".to_owned()));
    assert_eq!(evaluated(text, "d"), ("\"last\"".to_owned(), "last".to_owned()));
}

#[test]
fn what_was_encoded_and_is_decoded_is_where_it_was_written() {
    let text = "jsondecode(jsonencode({ a = \"x\", b = \"y\\nz\", c = [1, { d = true }] }))";
    assert_eq!(evaluated(text, "a").1, "\"x\"");
    assert_eq!(evaluated(text, "b").1, "\"y\\nz\"");
    assert_eq!(evaluated(text, "c").1, "[1, { d = true }]");
    let text = format!("{}.c[1]", text.replace("true", "\"deep\""));
    assert_eq!(evaluated(&text, "d").1, "\"deep\"");
}

#[test]
fn what_cannot_be_placed_is_where_it_was_decoded() {
    let origin = Origin::outside("the command line");
    let value = call("jsondecode", "{\"a\": 1}", origin).unwrap();
    assert_eq!(written(&value), "x");
    assert_eq!(written(&value.get("a").unwrap()), "x");
}
