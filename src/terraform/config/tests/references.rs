//! What references to resources and data sources lead to when no state records them: their arguments and nothing else.

use super::*;
use crate::terraform::value::{Cause, Val};

const RESOURCES: &str = r#"
resource "t" "each" {
  for_each = { a = "x", b = "y" }
  name     = each.value
  path     = null
  inner {
    text = "in a block"
  }
}

resource "t" "one" {
  name       = "one"
  depends_on = [t.each]
}

resource "t" "none" {
  count = 0
}

data "d" "found" {
  name = "found"
}

module "m" {
  source = "./m"
  t      = t.one
}
"#;

const MODULE: &str = r#"
variable "t" {}

resource "t" "made" {
  name = "${var.t.name}-made"
}

output "made" {
  value = t.made
}
"#;

fn value(expression: &str) -> Val {
    let text = format!("{RESOURCES}resource \"t\" \"n\" {{\n  a = {expression}\n}}\n");
    let scene = scene(&[("main.tf", &text), ("m/main.tf", MODULE)]);
    let says = scene.configuration.says(&address("t.n"));
    let crate::terraform::config::Says::Declared { value, .. } = says else { panic!("it is declared") };
    value.get("a").unwrap()
}

#[test]
fn arguments_are_known_through_all_that_passes_them_on() {
    for (expression, expected) in [
        ("t.one.name", r#""one""#),
        ("t.one[\"name\"]", r#""one""#),
        ("t.one[*].name", r#"["one"]"#),
        ("t.none[*].name", "[]"),
        ("[for t in t.each : t.name]", r#"["x","y"]"#),
        ("values(t.each)[*].name", r#"["x","y"]"#),
        ("{ for key, t in t.each : t.name => key }", r#"{"x":"a","y":"b"}"#),
        ("flatten([[t.one], values(t.each)])[*].name", r#"["one","x","y"]"#),
        ("concat(values(t.each), [t.one])[2].name", r#""one""#),
        ("(true ? t.one : null).name", r#""one""#),
        ("one(t.none[*]) == null && t.one != null", "true"),
        ("length([for t in t.each : t if t.name != \"x\"])", "1"),
        ("module.m.made.name", r#""one-made""#),
        ("data.d.found[*].name", r#"["found"]"#),
    ] {
        let value = value(&format!("jsonencode({expression})"));
        assert_eq!(value.as_str(), Some(expected), "{expression}: {:?}", value.why_not_wholly_known());
    }
}

#[test]
fn what_is_no_argument_is_not_known() {
    for (expression, cause) in [
        ("t.one", Cause::Resource),
        ("jsonencode(t.one)", Cause::Resource),
        ("t.one.id", Cause::Resource),
        ("t.each[\"a\"].path", Cause::Resource),
        ("t.each[\"a\"].inner", Cause::Resource),
        ("[for t in t.each : t.id]", Cause::Resource),
        ("[for name, argument in t.one : name]", Cause::Resource),
        ("keys(t.one)", Cause::Resource),
        ("length(t.one)", Cause::Resource),
        ("can(t.one.more) ? 1 : 2", Cause::Resource),
        ("try(t.one.id, \"none\")", Cause::Resource),
        ("merge(t.one, { id = 1 }).name", Cause::Resource),
        ("t.one == { name = \"one\" }", Cause::Resource),
        ("t.one.depends_on", Cause::Resource),
        ("module.m.made.id", Cause::Resource),
        ("data.d.found[*].id", Cause::Data),
    ] {
        let value = value(expression);
        let why = value.why_not_wholly_known().unwrap_or_else(|| panic!("`{expression}` has a value"));
        assert_eq!(why.cause, cause, "{expression}: {}", why.text);
    }
}

#[test]
fn an_argument_leads_to_where_it_is_written() {
    let text = format!("{RESOURCES}resource \"t\" \"n\" {{\n  a = [for t in t.each : t.name][1]\n}}\n");
    let scene = scene(&[("main.tf", &text), ("m/main.tf", MODULE)]);
    assert_eq!(scene.says("t.n", AttrPath::attr("a")), (r#""y""#.to_owned(), Precision::Value));
}
