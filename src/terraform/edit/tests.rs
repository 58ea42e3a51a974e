//! Splices of small texts: each list, entry and column as its neighbours are.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

use super::*;
use crate::model::Value;

/// The first list or object of a file, and the text.
fn container<'t>(tree: &'t Node, text: &str, opening: &str) -> &'t Node {
    let at = text.find(opening).unwrap();
    tree.around(&(at..at + 1)).into_iter().rfind(|node| !node.items().is_empty() || node.range.start == at).unwrap()
}

fn added(path: &str, text: &str, opening: &str, item: &str) -> String {
    let tree = Node::of_file(path, text).unwrap();
    spliced(text, &insert_after(text, container(&tree, text, opening), None, item).unwrap()).unwrap()
}

fn removed(path: &str, text: &str, opening: &str, index: usize) -> String {
    let tree = Node::of_file(path, text).unwrap();
    spliced(text, &remove(text, container(&tree, text, opening), index).unwrap()).unwrap()
}

#[test]
fn an_element_is_put_in_as_its_neighbours_are() {
    assert_eq!(added("a.tf", "x = [\"a\", \"b\"]\n", "[", "\"c\""), "x = [\"a\", \"b\", \"c\"]\n");
    assert_eq!(added("a.tf", "x = [\n  1, # one\n]\n", "[", "2"), "x = [\n  1, # one\n  2,\n]\n");
    assert_eq!(added("a.tf", "x = [\n  1 # one\n]\n", "[", "2"), "x = [\n  1, # one\n  2\n]\n");
    assert_eq!(added("a.tf", "x = []\n", "[", "2"), "x = [2]\n");
    assert_eq!(added("a.json", "[\r\n  1\r\n]\r\n", "[", "2"), "[\r\n  1,\r\n  2\r\n]\r\n");
    assert_eq!(added("a.yaml", "x:\n  - a # one\ny: 1\n", "- ", "b"), "x:\n  - a # one\n  - b\ny: 1\n");
    assert_eq!(added("a.yaml", "x: [a, b]\n", "[", "c"), "x: [a, b, c]\n");
}

#[test]
fn an_element_goes_with_its_comma_line_and_comment() {
    assert_eq!(removed("a.tf", "x = [\"a\", \"b\"]\n", "[", 0), "x = [\"b\"]\n");
    assert_eq!(removed("a.tf", "x = [\"a\", \"b\"]\n", "[", 1), "x = [\"a\"]\n");
    assert_eq!(removed("a.tf", "x = [\n  1, # one\n  2,\n]\n", "[", 0), "x = [\n  2,\n]\n");
    assert_eq!(removed("a.json", "[\n  1,\n  2\n]\n", "[", 1), "[\n  1\n]\n");
    assert_eq!(removed("a.yaml", "x:\n  - a # one\n  - b\n", "- ", 0), "x:\n  - b\n");
    assert_eq!(removed("a.yaml", "x:\n  - a\ny: 1\n", "- ", 0), "x: []\ny: 1\n");
}

#[test]
fn columns_stay_as_fmt_wants_them_where_they_were_so() {
    assert_eq!(aligned("a = 1\n", "a = 1\nlong = 2 # c\n"), "a    = 1\nlong = 2 # c\n");
    assert_eq!(aligned("a   = 1\n", "a   = 1\nlong = 2\n"), "a   = 1\nlong = 2\n");
    let text = "a = {\n  b = 1\n}\nlong = <<E\n= 1\nE\nc = 1 # x\n";
    assert_eq!(aligned("", text), "a = {\n  b = 1\n}\nlong = <<E\n= 1\nE\nc    = 1 # x\n");
}

#[test]
fn a_scalar_is_spelled_as_what_it_replaces() {
    let first = |language, old: &str, value: Value| spellings(language, old, &value).remove(0);
    assert_eq!(first(Language::Native, "\"a\"", "b${c}\"".into()), "\"b$${c}\\\"\"");
    assert_eq!(first(Language::Native, "1", 2.into()), "2");
    assert_eq!(first(Language::Yaml, "'a'", "it's".into()), "'it''s'");
    assert_eq!(first(Language::Yaml, "a", "- b".into()), "\"- b\"");
    assert_eq!(first(Language::Csv, "a", "b,\"c".into()), "\"b,\"\"c\"");
    assert_eq!(whole(Language::Native, &Value::List(vec!["a".into()])).as_deref(), Some("[\"a\"]"));
}
