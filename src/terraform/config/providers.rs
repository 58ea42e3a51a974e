//! `provider` blocks, as far as they can be read without evaluating anything.

use super::calls::Reached;
use super::module::Layers;
use super::syntax::{Expression, Kind};
use crate::model::{ProviderConfiguration, ProviderRef, Setting, Value};
use crate::source::{SourceFile, Span};
use std::collections::BTreeMap;

/// Arguments that configure Terraform and not the provider.
const META: [&str; 3] = ["alias", "version", "for_each"];

/// The provider configurations that a module declares.
pub(super) fn configurations(reached: &Reached<'_>) -> Vec<ProviderConfiguration> {
    let sources = required(reached);
    let mut found = Vec::new();
    for declared in reached.module.all("provider") {
        let (Some(name), block) = (declared.label(0), declared.view()) else { continue };
        let Some((file, base)) = block.base() else { continue };
        let provider = ProviderRef {
            source: sources.get(name).cloned().unwrap_or_else(|| format!("hashicorp/{name}")),
            module: reached.path.to_vec(),
            alias: block.attribute("alias").and_then(|(_, alias)| Some(alias.value.literal_text()?.into_owned())),
            key: None,
        };
        let mut settings = settings(&block);
        settings.retain(|name, _| !META.contains(&name.as_str()));
        let place = format!("{}:{}", file.path(), file.position(base.header.start).line);
        found.push(ProviderConfiguration { provider, place, settings });
    }
    found
}

/// Sources of the providers by their local names, from `required_providers`; without the host, since both registries
/// serve the same provider.
fn required(reached: &Reached<'_>) -> BTreeMap<String, String> {
    let mut sources = BTreeMap::new();
    for terraform in reached.module.all("terraform") {
        for required in terraform.view().nested("required_providers") {
            for name in required.attribute_names() {
                let Some((_, attribute)) = required.attribute(name) else { continue };
                let Kind::Object(items) = &attribute.value.bare().kind else { continue };
                let source = items.iter().rfind(|item| item.key.literal().is_some_and(|key| key == "source"));
                if let Some(source) = source.and_then(|source| source.value.literal_text()) {
                    sources.insert(name.to_owned(), without_host(&source));
                }
            }
        }
    }
    sources
}

fn without_host(source: &str) -> String {
    match source.split('/').collect::<Vec<_>>().as_slice() {
        [_, namespace, name] => format!("{namespace}/{name}"),
        [name] => format!("hashicorp/{name}"),
        _ => source.to_owned(),
    }
}

fn settings(block: &Layers<'_>) -> BTreeMap<String, Setting> {
    let mut settings = BTreeMap::new();
    for name in block.attribute_names() {
        if let Some((file, attribute)) = block.attribute(name) {
            settings.insert(name.to_owned(), setting(file, &attribute.value));
        }
    }
    for kind in block.nested_kinds() {
        let nested = block.nested(kind);
        let dynamic = nested.iter().filter_map(Layers::base).find(|(_, block)| block.kind.text == "dynamic");
        let made = match dynamic {
            Some((file, block)) => unresolved(file, block.span),
            None => Setting::Blocks(nested.iter().map(self::settings).collect()),
        };
        settings.insert(kind.to_owned(), made);
    }
    settings
}

/// A setting written as an argument. In JSON a nested block looks like one, too: an object or a list of objects.
fn setting(file: &SourceFile, value: &Expression) -> Setting {
    if file.path().ends_with(".json") {
        let objects = match &value.kind {
            Kind::Tuple(elements) => elements.as_slice(),
            _ => std::slice::from_ref(value),
        };
        let blocks: Option<Vec<_>> = objects.iter().map(|object| fields(file, object)).collect();
        if let Some(blocks) = blocks.filter(|blocks| !blocks.is_empty()) {
            return Setting::Blocks(blocks);
        }
    }
    known(file, value)
}

fn fields(file: &SourceFile, object: &Expression) -> Option<BTreeMap<String, Setting>> {
    let Kind::Object(items) = &object.kind else { return None };
    items.iter().map(|item| Some((item.key.literal()?.into_owned(), known(file, &item.value)))).collect()
}

fn known(file: &SourceFile, value: &Expression) -> Setting {
    literal(value).map_or_else(|| unresolved(file, value.span), Setting::Known)
}

fn unresolved(file: &SourceFile, span: Span) -> Setting {
    Setting::Unresolved(file.slice(span).to_owned())
}

/// The value, when all of it is written out.
fn literal(value: &Expression) -> Option<Value> {
    let value = value.bare();
    Some(match &value.kind {
        Kind::Null => Value::Null,
        Kind::Bool(truth) => Value::Bool(*truth),
        Kind::Number(digits) => Value::Number(serde_json::from_str(digits).ok()?),
        Kind::Unary { .. } => Value::Number(serde_json::from_str(&value.literal_text()?).ok()?),
        Kind::Tuple(elements) => Value::List(elements.iter().map(literal).collect::<Option<_>>()?),
        Kind::Object(items) => {
            let fields = items.iter().map(|item| Some((item.key.literal()?.into_owned(), literal(&item.value)?)));
            Value::Map(fields.collect::<Option<_>>()?)
        }
        _ => Value::String(value.literal_text()?.into_owned()),
    })
}
