//! What a configuration would make without end is given up: with a reason that names the limit, in bounded time and
//! memory.

use super::super::precision;
use super::*;
use crate::terraform::limits::Limits;
use crate::terraform::value::{Cause, Val};

/// So little that each limit is met soon.
const SMALL: Limits =
    Limits { steps: 200_000, levels: 200, values: 10_000, text: 64 * 1024, instances: 1_000, listed: 1_000 };

/// A configuration that may make only so little.
pub(super) fn limited(files: &[(&str, &str)]) -> Scene {
    let mut scene = scene(files);
    scene.configuration.limit(SMALL);
    scene
}

/// What the only resource of the configuration says of `a`.
fn said(files: &[(&str, &str)]) -> Val {
    let scene = limited(files);
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
    let nested = "[for a in range(25) : [for b in range(25) : [for c in range(25) : a + b + c]]]";
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
        assert_eq!((cause, text.contains("KiB") || text.contains("too long")), (Cause::Limit, true), "{step}: {text}");
    }
}

/// What each function makes of what it made before, again and again; `X` stands for that. It begins with `[1, 2]`, or
/// with a text where it says so.
const GROWING: &[(&str, &[&str])] = &[
    (
        "[1, 2]",
        &[
            "setproduct(X, X)",
            "setproduct(X, [1, 2])",
            "setunion([[X, X]], [[X, X]])",
            "zipmap([\"a\", \"b\"], [X, X])",
            "merge({ a = X }, { b = X })",
            "flatten([X, X])",
            "flatten([[X], X, X])",
            "chunklist([X, X], 1)",
            "reverse([X, X])",
            "concat(X, X, X)",
            "concat([X], [X])",
            "[for a in [X, X] : a]",
            "{ for i, a in [X, X] : \"k${i}\" => a }",
            "{ for i, a in [X, X] : \"k\" => a... }",
            "[X, X][*]",
            "true ? [X, X] : [X, X]",
            "coalesce([X, X], [X, X])",
            "coalescelist([X, X], [X, X])",
            "try([X, X], X)",
            "tolist([X, X])",
            "tomap({ a = X, b = X })",
            "toset([X, X, [X, X]][*])",
            "toset([{ a = X, b = X }])",
            "values({ a = X, b = X })",
            "sensitive([X, X])",
            "slice([X, X, X], 0, 2)",
            "lookup({ a = [X, X] }, \"a\", X)",
            "element([[X, X]], 0)",
            "distinct([[X], [X, X]])",
            "matchkeys([X, X], [1, 1], [1])",
            "jsonencode([X, X])",
            "yamlencode([X, X])",
            "format(\"%v%v\", jsonencode(X), jsonencode(X))",
        ],
    ),
    (
        "\"aaaa\"",
        &[
            "replace(X, \"a\", \"aa\")",
            "replace(X, \"/a/\", \"$0$0\")",
            "replace(X, \"/(a)/\", X)",
            "replace(X, \"a\", X)",
            "format(\"%s%s\", X, X)",
            "format(\"%q\", \"${X}\\\"\")",
            "format(\"%s%s\", formatlist(\"%s%s\", [X, X], X)...)",
            "format(\"%v\", format(\"%s%s\", X, X))",
            "join(X, [\"\", \"\", \"\"])",
            "join(\"a\", [X, X])",
            "join(\"aa\", split(\"a\", X))",
            "join(\"aa\", regexall(\"a\", X))",
            "join(\"\", [for a in [X, X] : a])",
            "indent(length(X), \"\\n${X}\\n\")",
            "base64encode(X)",
            "base64encode(urlencode(base64encode(X)))",
            "urlencode(\"%${X}\")",
            "jsonencode(X)",
            "jsonencode([X, \"<\"])",
            "yamlencode(X)",
            "csvdecode(\"a\\n${X}${X}\")[0].a",
            "yamldecode(\"${X}${X}\")",
            "templatestring(\"$${x}$${x}\", { x = X })",
            "<<-E\n  ${X}\n  ${X}\n  E\n",
            "trimspace(\" ${X}${X} \")",
            "substr(\"${X}${X}\", 0, -1)",
            "substr(\"${X}${X}\", -5, 0)",
            "\"${X}${X}${sha256(X)}${md5(X)}${length(X)}\"",
            "\"%{for a in [X, X]}${a}%{endfor}\"",
            "\"%{if true}${X}%{endif}${X}\"",
            "can(X) ? \"${X}${X}\" : \"\"",
        ],
    ),
];

/// Follows a chain of 60 such steps.
fn grow((first, steps): &(&str, &[&str])) {
    for step in *steps {
        let value = made_in_steps(first, step, 60);
        precision(&value);
        let within = value.takes_of(SMALL.values, 250).is_some();
        let bounded = value.as_str().is_none_or(|text| text.len() <= SMALL.text);
        assert!(within && bounded, "{step}");
        let cause = value.why_not_wholly_known().map(|why| why.cause);
        assert!(cause.is_none_or(|cause| matches!(cause, Cause::Limit | Cause::Error)), "{step}: {cause:?}");
    }
}

fn made_in_steps(first: &str, step: &str, length: usize) -> Val {
    let locals = chain(length, first, |before| step.replace('X', before));
    let last = length - 1;
    said(&[("main.tf", &format!("{locals}resource \"t\" \"n\" {{\n  a = local.l{last}\n}}\n"))])
}

#[test]
fn collections_that_functions_make_of_their_own_results_are_given_up() {
    grow(&GROWING[0]);
}

#[test]
fn texts_that_functions_make_of_their_own_results_are_given_up() {
    grow(&GROWING[1]);
}

/// Each text leads to parts of two others: where all of it was written has ways without number.
#[test]
fn texts_of_texts_are_followed_as_far_as_that_is_bounded() {
    for step in ["jsondecode(jsonencode([X, X]))", "yamldecode(jsonencode([X, X]))", "yamldecode(yamlencode([X, X]))"] {
        let mut value = made_in_steps("[1, 2]", step, 10);
        assert!(value.why_not_wholly_known().is_none(), "{step}");
        // Each of the innermost is as far away as all of them.
        while let Some(inner) = value.element(0) {
            value = inner;
        }
        precision(&value);
    }
}

/// Texts in other languages that say much in little.
#[test]
fn texts_that_hold_too_much_are_given_up() {
    let level = |n: usize| format!("l{n}: &l{n} [{}]\n", vec![format!("*l{}", n - 1); 9].join(", "));
    let lists: String = (1..12).map(level).collect();
    let level = |n: usize| format!("m{n}: &m{n}\n  <<: *m{}\n  k{n}: [*m{}, *m{}]\n", n - 1, n - 1, n - 1);
    let merges: String = (1..40).map(level).collect();
    let wide = "1,".repeat(SMALL.values + 1);
    for (function, text) in [
        ("yamldecode", format!("l0: &l0 [a]\n{lists}")),
        ("yamldecode", format!("m0: &m0 {{ a: 1 }}\n{merges}")),
        ("yamldecode", format!("[{wide}]")),
        ("jsondecode", format!("[{wide}1]")),
        ("csvdecode", format!("{wide}1\n")),
        ("csvdecode", format!("a\n{}", "1\n".repeat(SMALL.values + 1))),
        ("jsondecode", "[".repeat(100_000)),
        ("yamldecode", "[".repeat(100_000)),
    ] {
        let main = format!("resource \"t\" \"n\" {{\n  a = {function}(file(\"data\"))\n}}\n");
        let value = said(&[("main.tf", &main), ("data", &text)]);
        let why = value.why_not_wholly_known().unwrap_or_else(|| panic!("{function} of {:.20}", text));
        assert_eq!(why.cause, Cause::Limit, "{function} of {text:.20}: {}", why.text);
    }
}

/// Asked for from the bottom up, a chain becomes longer than one evaluation may go.
#[test]
fn what_grows_with_every_question_is_given_up_or_freed() {
    for step in ["[X]", "X", "\"${X}\"", "merge({ a = 1 }, { b = X })"] {
        let locals = chain(2_000, "\"a\"", |before| step.replace('X', before));
        let asking = (0..2_000).step_by(30).map(|n| format!("resource \"t\" \"n{n}\" {{\n  a = local.l{n}\n}}\n"));
        let scene = limited(&[("main.tf", &format!("{locals}{}", asking.collect::<String>()))]);
        let all: Vec<_> = scene.configuration.declarations().map(|declaration| declaration.instance(None)).collect();
        assert_eq!(all.len(), 67);
    }
}

#[test]
fn instances_without_number_are_given_up() {
    for meta in
        ["count = 1e9", "for_each = toset(flatten([for a in range(40) : [for b in range(40) : \"${a}-${b}\"]]))"]
    {
        let text = format!("resource \"t\" \"n\" {{\n  {meta}\n  a = 1\n}}\n");
        let scene = limited(&[("main.tf", &text)]);
        let keys = scene.configuration.declarations().last().unwrap().keys();
        let why = keys.unwrap_err();
        assert_eq!((why.cause, &*why.text), (Cause::Limit, "more than 1000 instances"), "{meta}");
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
    let locals = chain(1_000, "1", |before| format!("{before} + 1"));
    let (cause, text) = refused("local.l999", &locals);
    assert_eq!((cause, text.contains("200 levels deep")), (Cause::Limit, true), "{text}");
    let short = chain(30, "1", |before| format!("{before} + 1"));
    let text = format!("{short}resource \"t\" \"n\" {{\n  a = local.l29\n}}\n");
    assert!(said(&[("main.tf", &text)]).why_not_wholly_known().is_none());
}

/// As they are outside of tests: a definition that leads through a hundred others is what people write.
#[test]
fn the_limits_do_not_bite_on_a_long_chain_of_large_values() {
    let first = "[for n in range(1000) : { name = \"user-${n}\", groups = [\"a\", \"b\"] }]";
    let locals = chain(100, first, |before| format!("concat({before}, [{{ name = \"x\", groups = [] }}])"));
    let scene = scene(&[("main.tf", &format!("{locals}resource \"t\" \"n\" {{\n  a = length(local.l99)\n}}\n"))]);
    let declaration = scene.configuration.declarations().last().unwrap();
    let said = declaration.instance(None);
    assert!(said[0].value.why_not_wholly_known().is_none());
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
    let mut files = vec![("main.tf".to_owned(), "module \"m\" {\n  source = \"./m0\"\n  count  = 20\n}\n".to_owned())];
    for level in 0..8 {
        let call = format!("module \"m\" {{\n  source = \"../m{}\"\n  count  = 20\n}}\n", level + 1);
        files.push((format!("m{level}/main.tf"), call));
    }
    files.push(("m8/main.tf".to_owned(), "resource \"t\" \"n\" {\n  a = 1\n}\n".to_owned()));
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let scene = limited(&files);
    let limited = |declaration: &super::super::Declaration<'_>| {
        declaration.module_unknown.as_ref().is_some_and(|why| why.cause == Cause::Limit)
    };
    assert!(scene.configuration.declarations().any(|declaration| limited(&declaration)));
    let instances = scene.configuration.instances(Mode::Managed, &|_| true);
    assert!(instances.known.len() <= SMALL.listed);
    assert!(instances.open.iter().any(|open| open.reason.contains("instances are not gone through")));
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
