//! `import`: what is live already becomes Terraform's, with a block made from the live values.

use super::{About, Root, block, note, remove, revert};
use crate::compare::equal;
use crate::model::{Address, Finding, NewFile, RunMode, StepTo, TerraformRun, Value};
use crate::providers::remedy::{self, shell_word};
use std::path::Path;

/// Declared, and live before the first apply.
pub(super) fn of_declared(finding: &Finding, address: &Address, about: &About<'_>) -> StepTo {
    step(finding, &address.to_string(), None, about.root, "import it, so that the apply takes it over")
}

/// Live, and declared by nobody.
pub(super) fn of_unmanaged(finding: &Finding, resource_type: &str, about: &About<'_>) -> StepTo {
    let name = &about.block_name;
    let block = written(resource_type, name, about);
    step(
        finding,
        &format!("{resource_type}.{name}"),
        Some(block),
        about.root,
        "declare it and import it if it is wanted",
    )
}

/// Live, and to be listed beside others of its kind by a patch of the source, under this address.
pub fn listed(finding: &Finding, address: &Address, root: &Root) -> StepTo {
    let why = "list it beside the others of its kind and import it, if it is wanted";
    step(finding, &address.to_string(), None, Some(root), why)
}

fn step(finding: &Finding, to: &str, block: Option<String>, known: Option<&Root>, why: &str) -> StepTo {
    let root = known.cloned().unwrap_or_default();
    let Some(id) = &finding.import_id else {
        let file = block.as_ref().map(|block| file(&root, to, block));
        let why = "declare it if it is wanted; there is nothing to import it by";
        return StepTo { hcl: block, file, ..note("adopt", why) };
    };
    let command = format!("{} {}", revert::command(Some(&root), "import", to), shell_word(id));
    if !root.knows_import() {
        let file = block.as_ref().map(|block| file(&root, to, block));
        return StepTo { command: Some(command), hcl: block, file, ..note("import", why) };
    }
    let import = format!("import {{\n  to = {to}\n  id = {}\n}}\n", block::text(id));
    let hcl = block.map_or_else(|| import.clone(), |block| format!("{import}\n{block}"));
    let run = known.zip(to.parse::<Address>().ok()).map(|(root, address)| TerraformRun {
        dir: root.dir.clone(),
        binary: root.binary.clone(),
        mode: RunMode::Apply,
        address,
        meant: &[&["no-op"], &["update"]],
        brings: Vec::new(),
        variables: root.variables.clone(),
    });
    StepTo { command: Some(command), file: Some(file(&root, to, &hcl)), hcl: Some(hcl), run, ..note("import", why) }
}

/// A file of its own, named for what is in it: so nothing that stands somewhere is moved.
fn file(root: &Root, to: &str, text: &str) -> NewFile {
    let name: String =
        to.chars().map(|c| if c.is_ascii_alphanumeric() || c == '_' || c == '-' { c } else { '_' }).collect();
    let name = format!("imported_{}.tf", name.chars().take(100).collect::<String>());
    let path = if root.dir == "." { name } else { Path::new(&root.dir).join(name).display().to_string() };
    NewFile { path, text: text.to_owned() }
}

/// The resource block with everything that the kind knows of the live thing.
fn written(resource_type: &str, name: &str, about: &About<'_>) -> String {
    let mut arguments: Vec<(String, block::Written)> = Vec::new();
    if let Some(provider) = &about.provider {
        arguments.push(("provider".to_owned(), block::Written::Expression(provider.clone())));
    }
    let Some(fact) = about.fact else { return block::resource(resource_type, name, &arguments) };
    for said in remedy::arguments(remove::row(fact), fact) {
        let is_default = said.compare.is_some_and(|compare| equal(compare, &said.value, &Value::Null, &[]));
        if !is_default {
            arguments.push((said.name.to_owned(), block::written(&said.value, said.compare)));
        }
    }
    if !about.member_of.is_empty() {
        let roles = about.member_of.iter().map(|name| Value::from(name.as_str())).collect();
        arguments.push(("roles".to_owned(), block::written(&Value::List(roles), None)));
    }
    block::resource(resource_type, name, &arguments)
}

/// A block name made from the key: letters, digits, `_` and `-`, never empty and never beginning with a digit.
pub fn block_name(finding: &Finding) -> String {
    let words: Vec<_> =
        finding.key.values().iter().map(|value| value.rsplit(['/', ':']).next().unwrap_or(value)).collect();
    let mut name: String =
        words.join("_").chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' }).collect();
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        name.insert_str(0, "imported_");
    }
    name
}
