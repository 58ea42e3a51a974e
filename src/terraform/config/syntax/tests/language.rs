//! What is in the language, and what it means.

use super::*;
use crate::terraform::config::syntax::MAX_DEPTH;

#[test]
fn accepts_what_terraform_accepts() {
    for text in [
        "",
        "a = 1.e5\n",
        "a = 1e400000000\n",
        "a { b = 1 }",
        "a { }\n",
        "a {}",
        "a \"x\" y \"z\" {}\n",
        "a = {null = 1, a.b = 2}\n",
        "\u{feff}a = 1\n",
        "\u{e9} = 1\n",
        "e\u{301} = 1\n",
        "a = {for a in b : a => b ... if c}\n",
        "a = {for x in y : \n x\n=>\n x}\n",
        "a = {\nfor x in y : x => x}\n",
        "a = [for x in y : { b = x\n c=1}]\n",
        "a = \"%{if x}y%{else}z%{endif}\"\n",
        "a = (\n1\n+\n2\n)\n",
        "a = x[\"${1}\"]\n",
        "a = a.*.b[0].c\n",
        "a = a . b\n",
        "a = x. 0\n",
        "a = 1 # x",
        "a = 1 /* \n */ \n",
        "a = !!x\n",
        "a = a :: b(1)\n",
        "a = f(b...)\n",
        "a = { (x) : 1, \"y${z}\" = 2 }\n",
        "a = \"~}\"\n",
        "a = \"${~ x ~}\"\n",
        "a = \"${{a=1}.a}\"\n",
        "a = <<X\r\nfoo\r\nX\r\n",
        "a = {b = 1, b = 2}\n",
    ] {
        assert_eq!(parse_native(text).1, [], "{text:?}");
    }
}

#[test]
fn refuses_what_terraform_refuses() {
    for text in [
        "a = <<X\nfoo\nX",
        "a = <<X \nX\n",
        "a = <<X\nfoo\rbar\nX\n",
        "a = foo[\n*]\n",
        "a = 1..2\n",
        "a { b {} }\n",
        "a { b = 1, c = 2 }\n",
        "a = \"x\n",
        "a = b.0.1\n",
        "a = -\n1\n",
        "a =\n1\n",
        "a = \"\\q\"\n",
        "a = \"\\ud800\"\n",
        "a = [for a in b : a...]\n",
        "a = [for a in b : a => a]\n",
        "a = {for a in b : a}\n",
        "a = \"%{if x}y\"\n",
        "a = \"%{endfor}\"\n",
        "a = f(a...,)\n",
        "a = [1,,2]\n",
        "a = { b = 1, \n\n c = 2\n,d=3}\n",
        "a = 1 ? 2\n: 3\n",
        "a = {\nb = 1 c = 2}\n",
        "a = { b = x\n? 1 : 2 }\n",
        "a = \"${\"\n",
        "a = a.*.b.*.c\n",
        "a\r = 1\n",
        "a = 1 /* \n */ b = 2\n",
        "a {\n} b {\n}\n",
        "\"a\" = 1\n",
        "a = 1\na = 2\n",
        "resource \"${x}\" {}\n",
        "a = ~b\n",
        "a = 'x'\n",
        "a = 1;\n",
        "a",
        "a {",
        "}",
        "a = /* x\n",
    ] {
        assert_ne!(parse_native(text).1, [], "{text:?}");
    }
}

/// The text of a template whose interpolations are literals and whose conditions are `true` or `false`.
fn rendered(parts: &[Part]) -> String {
    let one = |part: &Part| match part {
        Part::Literal { text, .. } => text.clone(),
        Part::Interpolation { value, .. } => value.literal_text().unwrap().into_owned(),
        Part::If { condition, when_true, when_false, .. } => {
            rendered(if condition.kind == Kind::Bool(true) { when_true } else { when_false })
        }
        Part::For { .. } => "(for)".to_owned(),
    };
    parts.iter().map(one).collect()
}

#[test]
fn strings_mean_what_terraform_makes_of_them() {
    for (text, expected) in [
        (r#""$$${1}""#, "$${1}"),
        (r#""$$$${1}""#, "$$${1}"),
        (r#""$${a} %%{b} $$ %% $x %x cost$""#, "${a} %{b} $$ %% $x %x cost$"),
        ("<<X\n$1 $HOME\n$X\n$${x} $$\n%x\nX", "$1 $HOME\n$X\n${x} $$\n%x\n"),
        ("<<-X\n    a\n      b\n\n  $x\n\ttab\n    X", "   a\n     b\n\n $x\ntab\n"),
        ("<<-X\n    a\n   \n    b\n  X", "a\n   \nb\n"),
        ("<<-X\n    ${1}\n  ${2}\n  X", "  1\n2\n"),
        ("<<-X\n    a\n    ${~ 1 ~}\n    b\n  X", "    a\n1    b\n"),
        ("<<X\n  X", ""),
        ("<<-X\n    %{ if true ~}\n    yes\n    %{ endif ~}\n    end\n  X", "    yes\n    end\n"),
        (r#""a ${~ "b" ~} c""#, "abc"),
        (r#""%{if true}a\tb\"%{else}c%{endif}""#, "a\tb\""),
        (r#""\u00e9\U0001F600""#, "\u{e9}\u{1f600}"),
        ("<<-X\n    a\n\n      ${1}\nx ${2}\n    X", "    a\n\n      1\nx 2\n"),
        ("<<X\r\na\r\nX\r", "a\r\n"),
        (r#""""#, ""),
    ] {
        let value = value(&format!("a = {text}\n"));
        let Kind::Template(template) = &value.kind else { panic!("{text}") };
        assert_eq!(rendered(&template.parts), expected, "{text}");
    }
}

#[test]
fn an_empty_heredoc_takes_nothing_of_what_follows() {
    let (body, errors) = parse_native("a = <<X\nX\nb = <<X\nX\n");
    assert_eq!(errors, []);
    assert_eq!(body.attributes.len(), 2);
}

#[test]
fn operators_bind_as_in_terraform() {
    let Kind::Operation { first, rest } = value("a = 1 + 2 * -3 - 4 == 5\n").kind else { panic!() };
    assert_eq!(rest.len(), 1);
    let Kind::Operation { rest, .. } = first.kind else { panic!() };
    let operators: Vec<_> = rest.iter().map(|(operator, _)| *operator).collect();
    assert_eq!(operators, [BinaryOperator::Add, BinaryOperator::Subtract]);
    let Kind::Operation { rest, .. } = &rest[0].1.kind else { panic!() };
    assert!(matches!(rest[0].1.kind, Kind::Unary { operator: UnaryOperator::Negate, .. }));
}

#[test]
fn traversals_and_calls() {
    let Kind::Traversal { root, steps } = value("a = b.c[\"d\"].0[*].e\n").kind else { panic!() };
    assert_eq!(root.kind, Kind::Variable("b".to_owned()));
    let steps: Vec<_> = steps.into_iter().map(|step| step.step).collect();
    assert_eq!(steps.len(), 5);
    assert_eq!(steps[0], TraverseStep::Attribute("c".to_owned()));
    assert_eq!(steps[2], TraverseStep::LegacyIndex("0".to_owned()));
    assert_eq!(steps[3], TraverseStep::Splat);
    let Kind::Call(call) = value("a = provider::aws::f(1, x...)\n").kind else { panic!() };
    assert_eq!((call.name.text.as_str(), call.arguments.len(), call.expand_last), ("provider::aws::f", 2, true));
}

#[test]
fn depth_has_a_limit_and_length_has_none() {
    for (open, close) in
        [("(", ")"), ("[", "]"), ("{a=", "}"), ("\"${", "}\""), ("!", ""), ("f(", ")"), ("b[", "]"), ("1 ? 1 : ", "")]
    {
        let nested = |depth: usize| format!("a = {}1{}\n", open.repeat(depth), close.repeat(depth));
        assert_eq!(parse_native(&nested(MAX_DEPTH / 3)).1, [], "{open}");
        let (_, errors) = parse_native(&nested(100_000));
        assert!(errors[0].message.contains("levels deep"), "{open}: {errors:?}");
    }
    let (_, errors) = parse_native(&"a {\n".repeat(100_000));
    assert!(errors[0].message.contains("levels deep"), "{errors:?}");
    let directives = format!("a = \"{}\"\n", "%{if x}".repeat(10_000));
    assert!(parse_native(&directives).1[0].message.contains("levels deep"));
    for long in ["1 + ", "x && ", "1 * 2 - "] {
        assert_eq!(parse_native(&format!("a = {}1\n", long.repeat(50_000))).1, []);
    }
    assert_eq!(parse_native(&format!("a = b{}\n", ".c[0]".repeat(50_000))).1, []);
}

/// Quadratic reading would take minutes.
#[test]
fn time_grows_with_length_and_no_faster() {
    let entries: String = (0..50_000).map(|n| format!("  k{n} = {n}\n")).collect();
    assert_eq!(parse_native(&format!("a = {{\n{entries}}}\n")).1, []);
    assert_eq!(parse_native(&format!("a {{\n{entries}}}\n")).1, []);
    assert_eq!(parse_native(&format!("a = \"{}\"\n", "$".repeat(1_000_000))).1, []);
    assert_eq!(parse_native(&format!("a = <<X\n{}\nX\n", "$%".repeat(500_000))).1, []);
    for broken in ["/*", "a = <<X\n", "a = \"${\n", "a {\n", "}\n", "a = [\nresource \"x\" {\n"] {
        assert_ne!(parse_native(&broken.repeat(100_000)).1, []);
    }
}
