//! What a resource block's `lifecycle` says about differences.

use super::module::Layers;
use super::syntax::{Expression, Kind};
use std::collections::BTreeSet;

/// The arguments whose differences Terraform leaves alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ignored {
    All,
    /// `tags["team"]` covers a part of `tags`; that counts, since which part differs is not looked at here.
    These(BTreeSet<String>),
}

impl Ignored {
    /// Whether an apply does not put this argument back.
    pub fn covers(&self, argument: &str) -> bool {
        match self {
            Ignored::All => true,
            Ignored::These(arguments) => arguments.contains(argument),
        }
    }
}

/// What `ignore_changes` of a block covers.
pub(super) fn ignored(block: &Layers<'_>) -> Ignored {
    let mut these = BTreeSet::new();
    for lifecycle in block.nested("lifecycle") {
        let Some((_, attribute)) = lifecycle.attribute("ignore_changes") else { continue };
        match &attribute.value.kind {
            Kind::Tuple(items) => these.extend(items.iter().filter_map(root)),
            Kind::Variable(word) if word == "all" => return Ignored::All,
            _ if attribute.value.literal_text().as_deref() == Some("all") => return Ignored::All,
            _ => {}
        }
    }
    Ignored::These(these)
}

/// The argument that an element names: `tags`, `tags["team"]`, and in JSON the same in quotes.
fn root(item: &Expression) -> Option<String> {
    match &item.kind {
        Kind::Variable(name) => Some(name.clone()),
        Kind::Traversal { root: first, .. } => root(first),
        _ => item.literal_text().map(|text| text.split(['.', '[']).next().unwrap_or_default().to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use crate::terraform::config::{Configuration, Inputs};

    #[test]
    fn what_the_lifecycle_names_is_ignored() {
        let dir = tempfile::tempdir().unwrap();
        let native = "resource \"aws_iam_user\" \"some\" {\n  lifecycle {\n    ignore_changes = [tags[\"team\"], path]\n  }\n}\n\
            resource \"aws_iam_user\" \"all\" {\n  lifecycle {\n    ignore_changes = all\n  }\n}\n";
        let json = r#"{"resource":{"aws_iam_user":{"json":{"lifecycle":{"ignore_changes":["path"]}}}}}"#;
        std::fs::write(dir.path().join("main.tf"), native).unwrap();
        std::fs::write(dir.path().join("more.tf.json"), json).unwrap();
        let (configuration, gaps) = Configuration::load(dir.path(), "", None, &Inputs::default()).unwrap();
        assert!(gaps.is_empty());
        let ignores =
            |name: &str, argument| configuration.ignores(&format!("aws_iam_user.{name}").parse().unwrap(), argument);
        let cases = [
            ("some", "tags", true),
            ("some", "path", true),
            ("some", "name", false),
            ("all", "name", true),
            ("json", "path", true),
            ("json", "tags", false),
            ("none", "path", false),
        ];
        for (name, argument, expected) in cases {
            assert_eq!(ignores(name, argument), expected, "{name} {argument}");
        }
    }
}
