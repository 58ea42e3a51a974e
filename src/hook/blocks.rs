//! The resource blocks of a file, by the configuration language's own parser.

use crate::source::SourceFile;
use crate::terraform::config::syntax::{self, Body};
use std::ops::Range;

/// A `resource` block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Resource {
    pub(super) resource_type: String,
    pub(super) name: String,
    /// From 1, the end is exclusive.
    pub(super) lines: Range<usize>,
}

/// What a file of configuration or of values says; `None` for files in another language. A block that cannot be read is
/// left out: `terraform validate` is for that.
pub(super) fn body(file: &SourceFile) -> Option<Body> {
    let is = |endings: &[&str]| endings.iter().any(|ending| file.path().ends_with(ending));
    let read = match () {
        () if is(&[".tf.json", ".tofu.json"]) => syntax::parse_json(file.text()),
        () if is(&[".tfvars.json"]) => syntax::parse_json_values(file.text()),
        () if is(&[".tf", ".tofu", ".tfvars"]) => syntax::parse_native(file.text()),
        () => return None,
    };
    Some(read.0)
}

/// The resources that a file declares.
pub(super) fn resources(file: &SourceFile) -> Vec<Resource> {
    let body = body(file).unwrap_or_default();
    let of = |block: &syntax::Block| {
        let (start, end) = (file.position(block.span.start).line, file.position(block.span.end).line);
        Some(Resource {
            resource_type: block.label(0)?.to_owned(),
            name: block.label(1)?.to_owned(),
            lines: start..end + 1,
        })
    };
    body.blocks_of("resource").filter_map(of).collect()
}

impl Resource {
    /// Whether instances of the block have this address.
    pub(super) fn is_of(&self, address: &str) -> bool {
        let without_key = match address.strip_suffix(']') {
            Some(address) => address.rsplit_once('[').map_or(address, |(before, _)| before),
            None => address,
        };
        let own = format!("{}.{}", self.resource_type, self.name);
        without_key.strip_suffix(&own).is_some_and(|module| module.is_empty() || module.ends_with('.'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_knows_the_addresses_of_its_instances() {
        let file = SourceFile::new("a.tf", "locals {}\nresource \"aws_iam_user\" \"this\" {\n  name = \"x\"\n}\n");
        let [user] = resources(&file).try_into().unwrap();
        assert_eq!(user.lines, 2..5);
        for (address, is) in [
            ("aws_iam_user.this", true),
            ("module.a[\"x.y\"].aws_iam_user.this[\"a.b\"]", true),
            ("aws_iam_user.this2", false),
            ("data.aws_iam_user.this", true),
            ("my_aws_iam_user.this", false),
        ] {
            assert_eq!(user.is_of(address), is, "{address}");
        }
    }
}
