//! Expressions and where their values were written.

use super::*;
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
    assert!(end.exact);
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
