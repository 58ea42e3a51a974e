//! Addresses: every form that Terraform prints is read, and what is printed reads as itself.

#![allow(clippy::unwrap_used)]

use super::*;
use proptest::prelude::*;

fn address(text: &str) -> Address {
    text.parse().unwrap()
}

fn complaint(text: &str) -> String {
    text.parse::<Address>().unwrap_err().message
}

#[test]
fn forms_that_terraform_prints_read_and_print_the_same() {
    for text in [
        "aws_iam_user.this",
        "aws_iam_user.this[0]",
        r#"aws_iam_user.this["a.b[0].\"q\""]"#,
        r#"data.aws_iam_user.lookup["x"]"#,
        "ephemeral.aws_secretsmanager_secret_version.s",
        r#"module.team["quo\"te$${x}"].module.inner.terraform_data.sink"#,
        r#"module.a[3].module.b["%%{if}"].aws_iam_role.r["back\\slash\n\r\t"]"#,
        r#"terraform_data.x["zero\u200bwidth\u00a0nbsp\U000e0001"]"#,
        "module.żółw.idp_user.名前",
        // As `terraform state list` (1.11.4) prints these keys.
        r#"terraform_data.k["bell\u0007"]"#,
        "terraform_data.k[\"e\u{301}combining 😀\"]",
        r#"terraform_data.k["soft\u00adhyphen\u2028\ufeff\ue000"]"#,
        r#"terraform_data.k["$$${y}"]"#,
    ] {
        assert_eq!(address(text).to_string(), text);
    }
}

#[test]
fn keys_are_unescaped() {
    let parsed = address(r#"module.m["a.b"].t.n["$${x} $$${y} $ %%{z} \u00e9 ${old}"]"#);
    assert_eq!(parsed.module.0[0].key, Some(InstanceKey::Str("a.b".to_owned())));
    assert_eq!(parsed.key, Some(InstanceKey::Str("${x} $${y} $ %{z} é ${old}".to_owned())));
}

#[test]
fn a_leading_resource_is_optional() {
    assert_eq!(address("resource.aws_iam_user.a"), address("aws_iam_user.a"));
}

#[test]
fn what_is_no_address_says_where_it_breaks() {
    assert_eq!(complaint(""), "`` is not a resource address: expected a resource type at character 1");
    assert!(complaint("aws_iam_user").ends_with("expected `.` and a resource name at character 13"));
    assert!(complaint("module.a").ends_with("expected `.` and what is in the module at character 9"));
    assert!(complaint("a.b[x]").ends_with("expected a whole number or a quoted key at character 5"));
    assert!(complaint("a.b[99999999999999999999]").contains("whole number"));
    assert!(complaint(r#"a.b["x"#).ends_with("the quoted key does not end at character 7"));
    assert!(complaint(r#"a.b["x"].c"#).ends_with("unexpected text at character 9"));
    assert!(complaint(r#"a.b["\q"]"#).contains("unknown escape"));
    assert!(complaint(r#"a.b["\ud800"]"#).contains("hex digits"));
    assert!(complaint(r#"a.b["\u12"]"#).contains("hex digits"));
    assert!("module.a.".parse::<ModulePath>().is_err());
    assert!("aws_iam_user.a".parse::<ModulePath>().is_err());
}

fn key() -> impl Strategy<Value = Option<InstanceKey>> {
    prop_oneof![
        Just(None),
        any::<i64>().prop_map(|n| Some(InstanceKey::Int(n))),
        any::<String>().prop_map(|s| Some(InstanceKey::Str(s))),
        r#"[$%{}\\"\[\].a]{0,8}"#.prop_map(|s| Some(InstanceKey::Str(s))),
    ]
}

fn module_path() -> impl Strategy<Value = ModulePath> {
    let step = ("[a-z_][a-z0-9_-]{0,6}", key()).prop_map(|(name, key)| ModuleStep { name, key });
    proptest::collection::vec(step, 0..4).prop_map(ModulePath)
}

fn any_address() -> impl Strategy<Value = Address> {
    let mode = prop_oneof![Just(Mode::Managed), Just(Mode::Data), Just(Mode::Ephemeral)];
    (module_path(), mode, "x_[a-z0-9_]{0,8}", "[A-Za-z_][A-Za-z0-9_-]{0,8}", key())
        .prop_map(|(module, mode, resource_type, name, key)| Address { module, mode, resource_type, name, key })
}

proptest! {
    #[test]
    fn printed_addresses_read_as_themselves(address in any_address()) {
        prop_assert_eq!(address.to_string().parse::<Address>(), Ok(address));
    }

    #[test]
    fn printed_module_paths_read_as_themselves(path in module_path()) {
        prop_assert_eq!(path.to_string().parse::<ModulePath>(), Ok(path));
    }

    #[test]
    fn nothing_makes_the_reader_panic(text in r#"(module\.|data\.|a|\.|\[|\]|"|\\|u|\$|\{|é|0){0,12}"#) {
        let _ = text.parse::<Address>();
        let _ = text.parse::<ModulePath>();
    }
}
