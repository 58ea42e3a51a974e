//! From a path inside of a block to its line.

use super::*;
use crate::model::{Configured, Step};

fn attr(name: &str) -> AttrPath {
    AttrPath::attr(name)
}

const ROLE: &str = r#"resource "aws_iam_role" "r" {
  name               = "deploy"
  path               = var.path
  max_session_duration = -1
  tags = {
    Team = "ops"
    Owner = var.owner
    (var.key) = "x"
  }
  labels = { team = "a", team = "b" }
  managed_policy_arns = concat(["arn:a", "arn:b", var.c], local.more)
  groups = toset(["dev", "ops", "ops"])
  permissions_boundary = null
  assume_role_policy = <<-EOT
    {}
  EOT

  inline_policy {
    name   = "one"
    policy = "{}"
  }
  inline_policy {
    name   = "two"
    policy = var.p
  }
  single {
    name = var.n
    value = "v"
  }
  dynamic "statement" {
    for_each = var.statements
    content {
      sid    = statement.key
      effect = "Allow"
    }
  }
}
"#;

#[test]
fn arguments_and_values() {
    let scene = one_file(ROLE);
    let says = |path| scene.says("aws_iam_role.r", path);
    assert_eq!(says(AttrPath::default()), ("resource \"aws_iam_role\" \"r\"".to_owned(), Precision::Block));
    assert_eq!(says(attr("name")), ("\"deploy\"".to_owned(), Precision::Value));
    assert_eq!(says(attr("path")), ("path               = var.path".to_owned(), Precision::Attribute));
    assert_eq!(says(attr("max_session_duration")), ("-1".to_owned(), Precision::Value));
    assert_eq!(says(attr("assume_role_policy")).1, Precision::Value);
    // What the block does not set is said nowhere in it.
    assert_eq!(says(attr("description")), ("resource \"aws_iam_role\" \"r\"".to_owned(), Precision::Block));
}

#[test]
fn keys_of_maps() {
    let scene = one_file(ROLE);
    let key = |name: &str, key: &str| scene.says("aws_iam_role.r", attr(name).then(Step::Key(key.to_owned())));
    // A computed key after them might be the same.
    assert_eq!(key("tags", "Team").1, Precision::Attribute);
    assert!(key("tags", "Team").0.starts_with("tags = {"));
    assert_eq!(key("labels", "team"), ("\"b\"".to_owned(), Precision::Value));
    let plain = one_file("resource \"t\" \"r\" {\n  tags = tomap({ A = \"1\", B = var.b })\n}\n");
    let key = |key: &str| plain.says("t.r", attr("tags").then(Step::Key(key.to_owned())));
    assert_eq!(key("A"), ("\"1\"".to_owned(), Precision::Value));
    assert_eq!(key("B"), ("B = var.b".to_owned(), Precision::Attribute));
    assert_eq!(key("C"), ("tags = tomap({ A = \"1\", B = var.b })".to_owned(), Precision::Attribute));
}

#[test]
fn elements_of_lists() {
    let scene = one_file(ROLE);
    let element = |name: &str, value: &str| scene.says("aws_iam_role.r", AttrPath::element(name, value));
    assert_eq!(element("managed_policy_arns", "arn:b"), ("\"arn:b\"".to_owned(), Precision::Value));
    assert_eq!(element("managed_policy_arns", "arn:c").1, Precision::Attribute);
    assert_eq!(element("groups", "dev"), ("\"dev\"".to_owned(), Precision::Value));
    // Written twice: which of them is meant is not certain.
    assert_eq!(element("groups", "ops").1, Precision::Attribute);
    assert_eq!(element("path", "x").1, Precision::Attribute);
}

#[test]
fn nested_blocks() {
    let scene = one_file(ROLE);
    let says = |path| scene.says("aws_iam_role.r", path);
    let two = AttrPath::block_where("inline_policy", "name", "two");
    assert_eq!(says(two.clone()), ("inline_policy".to_owned(), Precision::Block));
    assert_eq!(scene.locate("aws_iam_role.r", two.clone()).unwrap().location.line, 22);
    assert_eq!(says(two.then(Step::Attr("policy".to_owned()))), ("policy = var.p".to_owned(), Precision::Attribute));
    let one = AttrPath::block_where("inline_policy", "name", "one").then(Step::Attr("policy".to_owned()));
    assert_eq!(says(one), ("\"{}\"".to_owned(), Precision::Value));
    // None matches: the resource says nothing of it.
    let other = AttrPath::block_where("inline_policy", "name", "three");
    assert_eq!(says(other).0, "resource \"aws_iam_role\" \"r\"");
    // The only one, and its name is not written out.
    let single = AttrPath::block_where("single", "name", "x");
    assert_eq!(says(single.clone()), ("single".to_owned(), Precision::Block));
    assert_eq!(says(single.then(Step::Attr("value".to_owned()))), ("single".to_owned(), Precision::Block));
    let inside = attr("single").then(Step::Attr("value".to_owned()));
    assert_eq!(says(inside), ("\"v\"".to_owned(), Precision::Value));
    // Two of them, and nothing says which.
    assert_eq!(says(attr("inline_policy")).0, "resource \"aws_iam_role\" \"r\"");
}

#[test]
fn dynamic_blocks() {
    let scene = one_file(ROLE);
    let says = |path| scene.says("aws_iam_role.r", path);
    let header = ("dynamic \"statement\"".to_owned(), Precision::Block);
    assert_eq!(says(AttrPath::block_where("statement", "sid", "a")), header);
    assert_eq!(says(attr("statement")), header);
    let effect = attr("statement").then(Step::Attr("effect".to_owned()));
    assert_eq!(says(effect), ("\"Allow\"".to_owned(), Precision::Attribute));
    assert_eq!(says(AttrPath::block_where("statement", "effect", "Deny")).0, "resource \"aws_iam_role\" \"r\"");
}

#[test]
fn lists_of_objects_are_blocks_too() {
    let json = r#"{"resource": {"t": {"r": {"inline_policy": [
  {"name": "one", "policy": "p1"},
  {"name": "two", "policy": "p2"}
]}}}}"#;
    let native = "resource \"t\" \"r\" {\n  inline_policy = [\n    { name = \"one\", policy = \"p1\" },\n    \
                  { name = \"two\", policy = \"p2\" },\n  ]\n}\n";
    for (file, text, line) in [("main.tf.json", json, 3), ("main.tf", native, 4)] {
        let scene = scene(&[(file, text)]);
        let two = AttrPath::block_where("inline_policy", "name", "two");
        let block = scene.locate("t.r", two.clone()).unwrap().location;
        assert_eq!((block.line, block.precision), (line, Precision::Block));
        let policy = two.then(Step::Attr("policy".to_owned()));
        assert_eq!(scene.says("t.r", policy), ("\"p2\"".to_owned(), Precision::Value));
        let none = AttrPath::block_where("inline_policy", "name", "three");
        assert_eq!(scene.locate("t.r", none).unwrap().location.precision, Precision::Attribute);
    }
}

#[test]
fn what_is_configured() {
    let scene = one_file(ROLE);
    let configured = scene.configuration.configured(&address("aws_iam_role.r"));
    for name in ["name", "tags", "inline_policy"] {
        assert_eq!(configured.sets(name), Some(true), "{name}");
    }
    assert_eq!(configured.sets("statement"), None, "a dynamic block may make none");
    for name in ["permissions_boundary", "dynamic", "description"] {
        assert_eq!(configured.sets(name), Some(false), "{name}");
    }
    assert_eq!(scene.configuration.configured(&address("aws_iam_role.other")), Configured::Unknown);
}

#[test]
fn what_may_turn_out_to_be_null_is_not_surely_set() {
    let cases = [
        ("[aws_iam_policy.a.arn]", Some(true)),
        ("toset([\"a\"])", Some(true)),
        ("concat(var.a, var.b)", Some(true)),
        ("aws_iam_policy.a[*].arn", Some(true)),
        ("[for p in var.policies : p.arn]", Some(true)),
        ("var.arns", None),
        ("toset(var.arns)", None),
        ("var.on ? [\"a\"] : null", None),
        ("try(var.arns, null)", None),
        ("null", Some(false)),
    ];
    for (value, expected) in cases {
        let scene = one_file(&format!("resource \"t\" \"r\" {{\n  arns = {value}\n}}\n"));
        assert_eq!(scene.configuration.configured(&address("t.r")).sets("arns"), expected, "{value}");
    }
}

#[test]
fn columns_are_terraforms() {
    let scene = scene(&[("main.tf", "\u{feff}resource \"t\" \"r\" {\r\n  x = [\"e\u{301}\", \"b\"]\r\n}\r\n")]);
    let location = scene.locate("t.r", AttrPath::element("x", "b")).unwrap().location;
    assert_eq!((location.line, location.column, location.end_column), (2, 13, 16));
    assert_eq!(location.excerpt, ["  x = [\"e\u{301}\", \"b\"]"]);
    let header = scene.locate("t.r", AttrPath::default()).unwrap().location;
    assert_eq!((header.line, header.column), (1, 1));
}
