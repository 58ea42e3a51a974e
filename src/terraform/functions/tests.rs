//! Calls with texts, and what the functions make of them.

use super::*;
use crate::source::{SourceFile, Span};
use crate::terraform::evaluate::{Evaluated, expression};
use crate::terraform::value::origin::End;
use std::path::Path;

fn called(name: &str, arguments: &[&str]) -> Result<Val, Failure> {
    let at = Place::new(&SourceFile::new("call", name), Span::new(0, name.len()));
    let arguments = arguments.iter().map(|text| Val::string(*text)).collect();
    call(named(name).unwrap(), arguments, &Files::new(Path::new("."), ""), at, &Meter::default())
}

/// The result of a call with texts.
pub(super) fn value(name: &str, arguments: &[&str]) -> Val {
    called(name, arguments).unwrap()
}

/// The text that a call with texts gives.
pub(super) fn text(name: &str, arguments: &[&str]) -> String {
    value(name, arguments).as_str().unwrap().to_owned()
}

/// Why a call with texts cannot be done.
pub(super) fn failure(name: &str, arguments: &[&str]) -> Failure {
    called(name, arguments).unwrap_err()
}

#[test]
fn each_name_is_that_of_one_function() {
    let mut names: Vec<&str> = TABLES.iter().copied().flatten().map(|function| function.name).collect();
    names.sort_unstable();
    let all = names.len();
    names.dedup();
    assert_eq!(names.len(), all);
}

fn evaluated(text: &str) -> Evaluated {
    expression(text, &Files::new(Path::new("testdata/console/files"), ""))
}

fn source(end: End) -> String {
    end.place.file.slice(end.place.span).to_owned()
}

/// The source of a value.
fn written(text: &str) -> String {
    source(evaluated(text).unwrap().origin.trail().end.unwrap())
}

/// The source of the bytes in a text that are `part`.
fn written_part(text: &str, part: &str) -> String {
    let value = evaluated(text).unwrap();
    let start = value.as_str().unwrap().find(part).unwrap();
    source(value.origin.part(start..start + part.len()).unwrap().trail().end.unwrap())
}

#[test]
fn elements_and_keys_are_where_they_were_written() {
    assert_eq!(written(r#"merge({ a = "x" }, { b = "y" }).b"#), "\"y\"");
    assert_eq!(written(r#"keys(merge({ a = "x" }, { b = "y" }))[1]"#), "b");
    assert_eq!(written(r#"concat(["x"], tolist(["y"]))[1]"#), "\"y\"");
    assert_eq!(written(r#"flatten([["x"], [["y"]]])[1]"#), "\"y\"");
    assert_eq!(written(r#"values({ b = "x", a = "y" })[0]"#), "\"y\"");
    assert_eq!(written(r#"tolist(toset(["y", "x"]))[0]"#), "\"x\"");
    assert_eq!(written(r#"zipmap(["k"], ["v"]).k"#), "\"v\"");
    assert_eq!(written(r#"keys(zipmap(["k"], ["v"]))[0]"#), "\"k\"");
    assert_eq!(written(r#"coalesce("", null, "x")"#), "\"x\"");
    assert_eq!(written(r#"lookup({ a = "x" }, "b", "d")"#), "\"d\"");
    assert_eq!(written(r#"tolist(setproduct(["a"], ["b"]))[0][1]"#), "\"b\"");
    assert_eq!(written(r#"transpose({ k = ["v"] })["v"][0]"#), "k");
    assert_eq!(written(r#"reverse(slice(sort(["b", "a", "c"]), 0, 2))[0]"#), "\"b\"");
    assert_eq!(written(r#"one(compact(["", "x"]))"#), "\"x\"");
}

#[test]
fn parts_of_texts_are_where_they_were_written() {
    assert_eq!(written(r#"lower("ABC")"#), "\"ABC\"");
    assert_eq!(written_part(r#"upper("abc-def")"#, "DEF"), "def");
    assert_eq!(written_part(r#"join("-", ["ann", "bob"])"#, "bob"), "bob");
    assert_eq!(written_part(r#"format("%s/%05d/x", "ann", 7)"#, "ann"), "ann");
    assert_eq!(written_part(r#"format("%s/%05d/x", "ann", 7)"#, "00007"), "7");
    assert_eq!(written_part(r#"replace("ann.bob", ".", "-")"#, "bob"), "bob");
    assert_eq!(written_part(r#"replace("ann.bob", "/(n+)/", "<$1>")"#, "nn"), "nn");
    assert_eq!(written_part(r#"replace("ann.bob", "/n+/", "<m>")"#, "m"), "m");
    assert_eq!(written_part(r#"trimprefix("x-ann", "x-")"#, "ann"), "ann");
    assert_eq!(written_part(r#"indent(2, "a\nbob")"#, "bob"), "bob");
    assert_eq!(written(r#"split(",", "ann,bob")[1]"#), "bob");
    assert_eq!(written(r#"regex("b(.)b", "bob")[0]"#), "o");
    assert_eq!(written_part(r#"file("hello.txt")"#, "ell"), "ell");
}

#[test]
fn parts_of_json_lead_to_what_made_them() {
    let text = r#"jsonencode({ Role = "a${"b"}c", list = [{ deep = 1.50 }, "q\"q"], yes = true })"#;
    assert_eq!(written_part(text, "Role"), "Role");
    assert_eq!(written_part(text, "b"), "b");
    assert_eq!(written_part(text, "1.5"), "1.50");
    assert_eq!(written_part(text, "deep"), "deep");
    assert_eq!(written_part(text, r#"{"deep":1.5}"#), "{ deep = 1.50 }");
    assert_eq!(written_part(text, r#"q\"q"#), r#""q\"q""#);
    assert_eq!(written_part(text, "true"), "true");
}

#[test]
fn what_would_be_too_large_is_not_known_and_says_so() {
    let limits = [
        "setproduct(range(0, 1000), range(0, 1000))",
        "join(\"\", [for i in range(0, 1000): format(\"%30000d\", i)])",
        "indent(1000000, \"${join(\"\", [for i in range(0, 100): \"\\n\"])}\")",
        "format(\"%2000000d\", 1)",
    ];
    for text in limits {
        let value = evaluated(text).unwrap();
        assert_eq!(value.why_unknown().unwrap().cause, Cause::Limit, "{text}");
    }
}

#[test]
fn a_function_of_a_provider_is_not_known() {
    assert_eq!(evaluated("provider::aws::arn_parse(\"x\")").unwrap().why_unknown().unwrap().cause, Cause::Provider);
}
