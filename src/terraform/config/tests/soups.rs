//! Configurations by chance: no text makes the evaluator panic or go on without end, and whatever it says of a value's
//! place lies in a file.

use super::super::{Said, precision};
use super::limits::limited;
use crate::model::Mode;
use crate::terraform::functions;
use crate::terraform::value::Val;
use proptest::prelude::*;

/// Pieces that make texts which come near expressions.
const PIECES: &[&str] = &[
    "local.a",
    "local.b",
    "var.v",
    "each.key",
    "each.value",
    "count.index",
    "module.m.o",
    "t.n",
    "t.n.a",
    "data.t.n.x",
    "path.module",
    "terraform.workspace",
    "self",
    "[*]",
    ".*",
    ".a",
    "[0]",
    "[\"a\"]",
    "[local.b]",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "{ a = 1 }",
    "[1, \"a\", null]",
    ",",
    "=",
    "=>",
    "...",
    "\"",
    "\"${",
    "}\"",
    "%{ for x in local.a }",
    "%{ endfor ~}",
    "%{ if true }",
    "%{ endif }",
    "for x in",
    "for k, v in",
    ":",
    "x",
    "k => v",
    "if",
    "?",
    "+",
    "-",
    "*",
    "/",
    "%",
    "!",
    "==",
    "!=",
    "<",
    ">=",
    "&&",
    "||",
    "1",
    "-0",
    "1e400",
    "0.1",
    "true",
    "null",
    "\"é\"",
    "\"$${a}\"",
    "<<-E\n    é ${local.b}\n  E\n",
    "try(",
    "can(",
    "templatestring(",
    "jsondecode(",
    "\n",
    " ",
];

/// Texts that are expressions.
fn expression() -> impl Strategy<Value = String> {
    let names = ["local.a", "local.b", "var.v", "each.value", "count.index", "module.m.o", "t.n.a", "t.n[*].a", "x"];
    let literals =
        ["1", "-2.5", "true", "null", "\"a\"", "\"é$${\"", "[]", "{}", "\"10.0.0.0/8\"", "\"[1, {}]\"", "1e9"];
    let leaf = prop::sample::select([names.as_slice(), literals.as_slice()].concat()).prop_map(str::to_owned);
    let functions: Vec<&str> = functions::all().map(|function| function.name).collect();
    leaf.prop_recursive(5, 30, 4, move |inner| {
        let (one, two) = (inner.clone(), (inner.clone(), inner.clone()));
        let three = (inner.clone(), inner.clone(), inner.clone());
        let some = prop::collection::vec(inner.clone(), 0..4);
        let operator = prop::sample::select(vec!["+", "-", "*", "/", "%", "==", "!=", "<", "&&", "||"]);
        prop_oneof![
            (operator, two.clone()).prop_map(|(operator, (a, b))| format!("({a} {operator} {b})")),
            three.clone().prop_map(|(a, b, c)| format!("({a} ? {b} : {c})")),
            two.clone().prop_map(|(a, b)| format!("[for x in {a} : {b}]")),
            three.prop_map(|(a, b, c)| format!("{{ for k, x in {a} : \"${{k}}\" => {b} if {c} }}")),
            two.clone().prop_map(|(a, b)| format!("{{ for x in {a} : {b} => x... }}")),
            two.clone().prop_map(|(a, b)| format!("{{ a = {a}, (\"b\") = {b} }}")),
            two.clone().prop_map(|(a, b)| format!("({a})[{b}]")),
            two.prop_map(|(a, b)| format!("\"a${{{a}}}é%{{ for x in {b} }}${{x}}%{{ endfor }}\"")),
            one.clone().prop_map(|a| format!("({a})[*].a")),
            one.clone().prop_map(|a| format!("!{a}")),
            one.prop_map(|a| format!("<<-E\n    a\n  b ${{{a}}}\n  E\n")),
            some.clone().prop_map(|all| format!("[{}]", all.join(", "))),
            (prop::sample::select(functions.clone()), some)
                .prop_map(|(function, arguments)| format!("{function}({})", arguments.join(", "))),
        ]
    })
}

/// Reads and evaluates everything that these expressions are put into.
fn evaluate(expressions: &[String]) {
    let at = |index: usize| expressions.get(index).map_or("null", String::as_str);
    let main = format!(
        "locals {{\n  a = {}\n  b = {}\n}}\nvariable \"v\" {{\n  type = map(object({{ a = optional(string, \"d\") }}))\n  \
         default = {}\n}}\nmodule \"m\" {{\n  source = \"./m\"\n  for_each = {}\n  i = {}\n}}\n\
         resource \"t\" \"n\" {{\n  for_each = {}\n  a = {}\n  dynamic \"b\" {{\n    for_each = {}\n    content {{\n      \
         c = {}\n    }}\n  }}\n}}\nresource \"t\" \"o\" {{\n  count = {}\n  a = {}\n}}\n",
        at(0),
        at(1),
        at(2),
        at(3),
        at(4),
        at(5),
        at(6),
        at(7),
        at(8),
        at(9),
        at(10),
    );
    let module = format!(
        "variable \"i\" {{\n  type = list(string)\n}}\noutput \"o\" {{\n  value = {}\n}}\nresource \"t\" \"n\" {{\n  a = {}\n}}\n",
        at(1),
        at(11),
    );
    let scene = limited(&[("main.tf", &main), ("m/main.tf", &module)]);
    for declaration in scene.configuration.declarations() {
        let mut said: Vec<Said> = declaration.any_instance();
        for key in declaration.keys().unwrap_or_default().iter().take(3) {
            said.extend(declaration.instance(key.as_ref()));
        }
        for said in said {
            precision(&said.value);
            said.value.to_value();
            places(&said.value, &main);
        }
    }
    scene.configuration.instances(Mode::Managed, &|_| true);
}

fn places(value: &Val, main: &str) {
    let trail = value.origin.trail();
    let through = trail.through.iter().map(|(place, _)| place);
    for place in trail.end.iter().map(|end| &end.place).chain(&trail.sources).chain(through) {
        let text = place.file.text().get(place.span.start..place.span.end);
        assert!(text.is_some(), "{place:?} is in no text, of {main}");
    }
    value.elements().unwrap_or_default().iter().for_each(|element| places(element, main));
    value.entries().unwrap_or_default().iter().for_each(|(_, entry)| places(&entry.value, main));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn expressions_in_any_place_are_evaluated_without_panic(all in prop::collection::vec(expression(), 12)) {
        evaluate(&all);
    }

    #[test]
    fn pieces_in_any_order_are_evaluated_without_panic(
        all in prop::collection::vec(prop::collection::vec(prop::sample::select(PIECES), 1..8), 12),
    ) {
        evaluate(&all.iter().map(|pieces| pieces.join(" ")).collect::<Vec<_>>());
    }
}
