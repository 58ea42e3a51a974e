//! What a configuration would make without end is given up: with a reason that names the limit, in bounded time and
//! memory.

use super::*;
use crate::terraform::value::{Cause, Val};

/// What the only resource of the configuration says of `a`.
fn said(files: &[(&str, &str)]) -> Val {
    let scene = scene(files);
    let declaration = scene.configuration.declarations().last().unwrap();
    let said = declaration.instance(None);
    said.into_iter().find(|said| said.name == "a").unwrap().value
}

/// Why `expression` has no value, beside these definitions.
fn refused(expression: &str, beside: &str) -> (Cause, String) {
    let text = format!("{beside}\nresource \"t\" \"n\" {{\n  a = {expression}\n}}\n");
    let value = said(&[("main.tf", &text)]);
    let why = value.why_not_wholly_known().unwrap_or_else(|| panic!("`{expression}` has a value"));
    (why.cause, why.text.clone())
}

/// Locals each of which is made of the one before.
fn chain(length: usize, first: &str, step: impl Fn(&str) -> String) -> String {
    let rest = (1..length).map(|n| format!("  l{n} = {}\n", step(&format!("local.l{}", n - 1))));
    format!("locals {{\n  l0 = {first}\n{}}}\n", rest.collect::<String>())
}

#[test]
fn products_of_loops_are_given_up() {
    let nested = "[for a in range(1000) : [for b in range(1000) : [for c in range(1000) : a + b + c]]]";
    let (cause, text) = refused(nested, "");
    assert_eq!((cause, text.contains("values in one")), (Cause::Limit, true), "{text}");
}

#[test]
fn values_that_double_are_given_up() {
    for step in ["[X, X]", "{ a = X, b = X }", "concat(X, X)", "[for x in [X, X] : x]"] {
        let locals = chain(60, "[1, 2]", |before| step.replace('X', before));
        let (cause, text) = refused("jsonencode(local.l59)", &locals);
        assert_eq!(cause, Cause::Limit, "{step}: {text}");
    }
}

#[test]
fn values_that_double_are_given_up_where_they_are_compared_and_converted() {
    let locals = chain(60, "[1, 2]", |before| format!("[{before}, {before}]"));
    for expression in
        ["local.l59", "local.l59 == local.l59", "toset([local.l59])", "flatten(local.l59)", "local.l59[*]"]
    {
        let (cause, text) = refused(expression, &locals);
        assert_eq!(cause, Cause::Limit, "{expression}: {text}");
    }
}

#[test]
fn texts_that_double_are_given_up() {
    for step in ["\"${X}${X}\"", "join(\"\", [X, X])"] {
        let locals = chain(60, "\"aaaa\"", |before| step.replace('X', before));
        let (cause, text) = refused("local.l59", &locals);
        assert_eq!((cause, text.contains("MiB") || text.contains("too long")), (Cause::Limit, true), "{step}: {text}");
    }
}

/// Asked for from the bottom up, a chain becomes longer than one evaluation may go.
#[test]
fn what_grows_with_every_question_is_given_up_or_freed() {
    for step in ["[X]", "X", "\"${X}\"", "merge({ a = 1 }, { b = X })"] {
        let locals = chain(20_000, "\"a\"", |before| step.replace('X', before));
        let asking = (0..20_000).step_by(300).map(|n| format!("resource \"t\" \"n{n}\" {{\n  a = local.l{n}\n}}\n"));
        let scene = scene(&[("main.tf", &format!("{locals}{}", asking.collect::<String>()))]);
        let all: Vec<_> = scene.configuration.declarations().map(|declaration| declaration.instance(None)).collect();
        assert_eq!(all.len(), 67);
    }
}

#[test]
fn instances_without_number_are_given_up() {
    for (meta, limit) in [
        ("count = 1e9", "more than 1000000 instances"),
        ("for_each = toset([for a in range(1100) : [for b in range(1000) : \"${a}-${b}\"]]...)", "instances"),
    ] {
        let text = format!("resource \"t\" \"n\" {{\n  {meta}\n  a = 1\n}}\n");
        let scene = scene(&[("main.tf", &text)]);
        let keys = scene.configuration.declarations().last().unwrap().keys();
        let why = keys.unwrap_err();
        if meta.starts_with("count") {
            assert_eq!((why.cause, why.text.contains(limit)), (Cause::Limit, true), "{}", why.text);
        }
    }
}

#[test]
fn numbers_that_are_too_large_are_given_up() {
    for number in ["1e999999999", "1e-999999999", "1e999999999 * 1e999999999", "try(1e999999999, 1)"] {
        let (cause, text) = refused(number, "");
        assert_eq!(cause, Cause::Limit, "{number}: {text}");
    }
}

#[test]
fn a_long_chain_of_definitions_is_followed_or_given_up() {
    let locals = chain(10_000, "1", |before| format!("{before} + 1"));
    let (cause, text) = refused("local.l9999", &locals);
    assert_eq!((cause, text.contains("levels deep")), (Cause::Limit, true), "{text}");
    let short = chain(300, "1", |before| format!("{before} + 1"));
    let text = format!("{short}resource \"t\" \"n\" {{\n  a = local.l299\n}}\n");
    assert!(said(&[("main.tf", &text)]).why_not_wholly_known().is_none());
}

#[test]
fn what_depends_on_itself_is_told() {
    let (cause, _) = refused("local.a", "locals {\n  a = local.b\n  b = local.a\n}\n");
    assert_eq!(cause, Cause::Cycle);
    let module = "variable \"v\" {}\noutput \"o\" {\n  value = var.v\n}\n";
    let root =
        "module \"m\" {\n  source = \"./m\"\n  v      = module.m.o\n}\nresource \"t\" \"n\" {\n  a = module.m.o\n}\n";
    let value = said(&[("main.tf", root), ("m/main.tf", module)]);
    assert_eq!(value.why_not_wholly_known().unwrap().cause, Cause::Cycle);
    let (cause, _) = refused("t.n.a", "");
    assert_eq!(cause, Cause::Cycle);
}

#[test]
fn a_module_that_calls_itself_is_called_once() {
    let module = "module \"m\" {\n  source = \"./.\"\n}\nmodule \"n\" {\n  source = \"../m\"\n}\n";
    let scene = scene(&[
        ("main.tf", "module \"m\" {\n  source = \"./m\"\n}\nresource \"t\" \"n\" {\n  a = 1\n}\n"),
        ("m/main.tf", module),
    ]);
    assert_eq!(scene.gap_codes(), ["module_not_found", "module_not_found"]);
    assert_eq!(scene.configuration.declarations().count(), 1);
}

#[test]
fn calls_that_multiply_are_given_up() {
    let mut files = vec![("main.tf".to_owned(), "module \"m\" {\n  source = \"./m0\"\n  count  = 100\n}\n".to_owned())];
    for level in 0..8 {
        let call = format!("module \"m\" {{\n  source = \"../m{}\"\n  count  = 100\n}}\n", level + 1);
        files.push((format!("m{level}/main.tf"), call));
    }
    files.push(("m8/main.tf".to_owned(), "resource \"t\" \"n\" {\n  a = 1\n}\n".to_owned()));
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let scene = scene(&files);
    let limited = |declaration: &super::super::Declaration<'_>| {
        declaration.module_unknown.as_ref().is_some_and(|why| why.cause == Cause::Limit)
    };
    assert!(scene.configuration.declarations().any(|declaration| limited(&declaration)));
}

#[test]
fn brackets_without_end_are_given_up() {
    for (open, close) in
        [("(", ")"), ("[", "]"), ("{ a = ", " }"), ("-", ""), ("true ? 1 : ", ""), ("\"${", "}\""), ("f(", ")")]
    {
        let text = format!("a = {}1{}\n", open.repeat(100_000), close.repeat(100_000));
        let (_, errors) = super::super::syntax::parse_native(&text);
        assert!(errors.iter().any(|error| error.message.contains("levels deep")), "{open}: {errors:?}");
    }
}
