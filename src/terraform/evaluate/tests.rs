//! Expressions and where their values were written.

use super::*;
use crate::terraform::limits::Limits;
use std::path::Path;

fn evaluated(text: &str) -> Evaluated {
    expression(text, &Files::new(Path::new("."), ""))
}

fn shown(text: &str) -> String {
    match evaluated(text) {
        Ok(value) => format!("{:?}", value.to_value()),
        Err(fault) => format!("fault: {}", fault.message),
    }
}

#[test]
fn expressions_have_the_values_that_terraform_gives_them() {
    assert_eq!(shown("1 + 2 * 3"), "Number(Number(7))");
    assert_eq!(shown("\"a${1 + 1}b\""), "String(\"a2b\")");
    assert_eq!(shown("{ for k, v in { b = 1, a = 2 } : k => v * 2 if v > 1 }[\"a\"]"), "Number(Number(4))");
    assert_eq!(shown("true ? 1 : \"a\""), "String(\"1\")");
    assert_eq!(shown("[{ a = 1 }, { a = 2 }][*].a"), "List([Number(Number(1)), Number(Number(2))])");
    assert_eq!(shown("try({}.a, [][0], \"last\")"), "String(\"last\")");
    assert_eq!(shown("\"%{ for x in [\"a\", \"b\"] }<${x}>%{ endfor }\""), "String(\"<a><b>\")");
    assert!(shown("{}.a").starts_with("fault"));
}

#[test]
fn an_element_is_where_it_was_written() {
    let text = "[for u in [{ n = \"ann\" }, { n = \"bob\" }] : u.n][1]";
    let end = evaluated(text).unwrap().origin.trail().end.unwrap();
    assert_eq!(end.kind, crate::terraform::value::origin::EndKind::Written);
    assert_eq!(end.place.file.slice(end.place.span), "\"bob\"");
}

#[test]
fn a_part_of_a_text_is_where_it_was_written() {
    let text = "\"x-${\"ann\"}-y\"";
    let value = evaluated(text).unwrap();
    let part = value.origin.part(2..5).unwrap().trail().end.unwrap();
    assert_eq!(part.place.file.slice(part.place.span), "ann");
    let part = value.origin.part(6..7).unwrap().trail().end.unwrap();
    assert_eq!(part.place.file.slice(part.place.span), "y");
}

#[test]
fn what_never_ends_is_given_up() {
    let deep = format!("{}1{}", "(".repeat(90), ")".repeat(90));
    assert_eq!(shown(&deep), "Number(Number(1))");
    let wide = "[for a in [for b in [1,2,3,4,5,6,7,8,9,10] : b] : a]";
    assert!(evaluated(wide).is_ok());
}

/// One step of a loop may go through all of a large value: that counts.
#[test]
fn loops_over_much_are_given_up() {
    for expression in [
        "[for a in range(1000) : contains(flat, -1)]",
        "[for a in range(1000) : flat == flat]",
        "[for a in range(1000) : true ? objects : objects]",
        "[for a in range(1000) : length(true ? flat : flat)]",
        "[for a in range(1000) : can(objects)]",
        "[for a in range(1000) : can(flat + 1)]",
        "[for a in range(1000) : can(\"${flat}\")]",
        "[for a in range(1000) : length(try(objects, 1))]",
        "[for a in range(1000) : length(jsonencode(flat))]",
        "[for a in range(1000) : length(yamlencode(flat))]",
        "[for a in range(1000) : length(flatten(many))]",
        "[for a in range(1000) : length(concat(flat, []))]",
        "[for a in range(1000) : length(distinct(flat))]",
        "[for a in range(1000) : length(toset(flat))]",
        "[for a in range(1000) : length(sort(flat))]",
        "[for a in range(1000) : length(reverse(flat))]",
        "[for a in range(1000) : length(merge(objects, {}))]",
        "[for a in range(1000) : length(setintersection(flat, flat))]",
        "[for a in range(1000) : sum(flat)]",
        "[for a in range(1000) : max(flat...)]",
        "[for a in range(1000) : length(text)]",
        "[for a in range(1000) : sha512(text)]",
        "[for a in range(1000) : length(split(\"a\", text))]",
        "[for a in range(1000) : length(regexall(\"b\", text))]",
        "[for a in range(1000) : length(regexall(\".*[^a-b]|[a-b]\", text))]",
        "[for a in range(1000) : length(replace(text, \"/a/\", \"b\"))]",
        "[for a in range(1000) : length(templatestring(text, {}))]",
        "[for a in range(1000) : length(format(\"%100000d\", a))]",
        "[for a in range(1000) : can(regex(\"(a{50}){${a}}\", \"\"))]",
        "[for a in range(1000) : can(formatlist(text, flat))]",
        "[for a in range(1000) : length(flat[*])]",
    ] {
        let text = format!(
            "[for many in [[for a in range(20) : range(25)]] : [for flat in [flatten(many)] : [for objects in [{{ for a in \
             range(20) : \"k${{a}}\" => range(25) }}] : [for text in [join(\"\", [for a in flat : \"ab\"])] : {expression}]]]]"
        );
        let file = SourceFile::new("expression", text.as_str());
        let (files, budget) =
            (Files::new(Path::new("."), ""), Budget::of(Limits { steps: 15_000, ..Limits::default() }));
        let scope = Scope::new(&NoNames, &files, &budget, &file);
        let parsed = syntax::parse_expression(&text).unwrap();
        let cause = match scope.value(&parsed) {
            Ok(value) => value.why_not_wholly_known().map(|why| why.cause),
            Err(fault) => Some(fault.cause),
        };
        assert_eq!(cause, Some(Cause::Limit), "{expression}");
    }
}

/// How many steps an index into a value of so many elements takes.
fn steps_of_an_index(elements: usize) -> u64 {
    let text = format!(
        "[for list in [flatten([for a in range({elements} / 10) : range(10)])] : [for a in range(100) : list[a]]]"
    );
    let file = SourceFile::new("expression", text.as_str());
    let (files, budget) = (Files::new(Path::new("."), ""), Budget::default());
    let scope = Scope::new(&NoNames, &files, &budget, &file);
    let parsed = syntax::parse_expression(&text).unwrap();
    assert!(scope.value(&parsed).is_ok());
    budget.taken() / elements as u64
}

#[test]
fn what_an_index_costs_does_not_depend_on_how_much_is_beside_it() {
    assert!(steps_of_an_index(10_000) <= steps_of_an_index(1_000));
}
