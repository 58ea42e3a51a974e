//! `provider` blocks.

use super::*;
use crate::model::{ProviderConfiguration, Setting, Value};

fn known<'a>(configuration: &'a ProviderConfiguration, name: &str) -> Option<&'a Value> {
    match configuration.settings.get(name) {
        Some(Setting::Known(value)) => Some(value),
        _ => None,
    }
}

#[test]
fn settings_are_read_as_far_as_they_are_written_out() {
    let scene = scene(&[
        (
            "main.tf",
            "terraform {\n  required_providers {\n    \
             aws = { source = \"hashicorp/aws\" }\n    gh = { source = \"registry.opentofu.org/integrations/github\" }\n  \
             }\n}\n\
             provider \"aws\" {\n  region = \"eu-west-1\"\n  allowed_account_ids = [\"1\", var.x]\n}\n\
             provider \"aws\" {\n  alias = \"b\"\n  profile = var.p\n  max_retries = 5\n  assume_role {\n    \
             role_arn = \"arn\"\n    external_id = local.id\n  }\n  default_tags {\n    tags = { a = \"b\" }\n  }\n}\n\
             provider \"gh\" {}\nmodule \"m\" {\n  source = \"./m\"\n}\n",
        ),
        ("m/main.tf.json", r#"{"provider": {"google": [{"project": "p", "batching": {"send_after": "${var.s}"}}]}}"#),
        ("override.tf", "provider \"aws\" {\n  alias = \"b\"\n  profile = \"q\"\n}\n"),
    ]);
    assert!(scene.gaps.is_empty(), "{:?}", scene.gaps);
    let found = scene.configuration.provider_configurations();
    let names: Vec<_> = found
        .iter()
        .map(|one| (one.provider.source.as_str(), one.provider.alias.as_deref(), one.provider.module.join(".")))
        .collect();
    assert_eq!(
        names,
        [
            ("hashicorp/aws", None, String::new()),
            ("hashicorp/aws", Some("b"), String::new()),
            ("integrations/github", None, String::new()),
            ("hashicorp/google", None, "m".to_owned()),
        ]
    );
    let [plain, aliased, _, google] = found.as_slice() else { panic!() };
    assert_eq!(plain.place, "main.tf:7");
    assert_eq!(plain.text("region"), Some("eu-west-1"));
    assert!(matches!(&plain.settings["allowed_account_ids"], Setting::Unresolved(text) if text == "[\"1\", var.x]"));
    assert_eq!(aliased.text("profile"), Some("q"));
    assert_eq!(known(aliased, "max_retries"), Some(&Value::from(5)));
    assert!(!aliased.settings.contains_key("alias"));
    let Setting::Blocks(roles) = &aliased.settings["assume_role"] else { panic!() };
    assert!(matches!(&roles[0]["role_arn"], Setting::Known(Value::String(arn)) if arn == "arn"));
    assert!(matches!(&roles[0]["external_id"], Setting::Unresolved(text) if text == "local.id"));
    let Setting::Blocks(tags) = &aliased.settings["default_tags"] else { panic!() };
    assert!(matches!(&tags[0]["tags"], Setting::Known(Value::Map(_))));
    assert_eq!(google.text("project"), Some("p"));
    let Setting::Blocks(batching) = &google.settings["batching"] else { panic!() };
    assert!(matches!(&batching[0]["send_after"], Setting::Unresolved(_)));
}
