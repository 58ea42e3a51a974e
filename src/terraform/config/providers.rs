//! `provider` blocks with what they say, and which of them manages a resource.
//!
//! Rules: "Providers Within Modules" of Terraform; `configs.providerConfig` and `addrs.ImpliedProviderForUnqualifiedType`.

use super::calls::{Callee, Reached};
use super::module::Layers;
use super::resolve::{Inside, Repetition, Seen, View, word};
use super::syntax::tree::{ObjectKey, TraverseStep};
use super::syntax::{Expression, Kind};
use crate::model::{Address, ModulePath, ProviderConfiguration, ProviderRef, Setting};
use crate::source::{SourceFile, Span};
use crate::terraform::value::Val;
use std::collections::BTreeMap;

/// Arguments that configure Terraform and not the provider.
const META: [&str; 3] = ["alias", "version", "for_each"];

/// The provider configurations that the modules declare.
pub(super) fn configurations(view: View<'_>) -> Vec<ProviderConfiguration> {
    view.calls.all().flat_map(|reached| configurations_of(view, &reached)).collect()
}

fn configurations_of(view: View<'_>, reached: &Reached<'_>) -> Vec<ProviderConfiguration> {
    let sources = required(reached);
    let inside = view.module(&ModulePath::without_keys(reached.path));
    let reader = Reader { seen: inside.map(|inside| inside.seen(Repetition::default())), root: view.root() };
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
        let mut settings = settings(&block, &reader);
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

/// How the blocks of a module see names.
pub(super) struct Reader<'c> {
    /// `None` where the module has several instances, or none that is known: then only what is written out counts.
    pub(super) seen: Option<Seen<'c>>,
    pub(super) root: Option<Inside<'c>>,
}

impl Reader<'_> {
    fn value(&self, file: &SourceFile, expression: &Expression) -> Option<Val> {
        match &self.seen {
            Some(seen) => seen.scope(file).value(expression).ok(),
            None => self.root?.literal_scope(file).value(expression).ok(),
        }
    }
}

/// What a block says.
pub(super) fn settings(block: &Layers<'_>, reader: &Reader<'_>) -> BTreeMap<String, Setting> {
    let mut settings = BTreeMap::new();
    for name in block.attribute_names() {
        if let Some((file, attribute)) = block.attribute(name) {
            settings.insert(name.to_owned(), setting(file, &attribute.value, reader));
        }
    }
    for kind in block.nested_kinds() {
        let nested = block.nested(kind);
        let dynamic = nested.iter().filter_map(Layers::base).find(|(_, block)| block.kind.text == "dynamic");
        let made = match dynamic {
            Some((file, block)) => unresolved(file, block.span),
            None => Setting::Blocks(nested.iter().map(|block| self::settings(block, reader)).collect()),
        };
        settings.insert(kind.to_owned(), made);
    }
    settings
}

/// A setting written as an argument. In JSON a nested block looks like one, too: an object or a list of objects.
fn setting(file: &SourceFile, value: &Expression, reader: &Reader<'_>) -> Setting {
    if file.path().ends_with(".json") {
        let objects = match &value.kind {
            Kind::Tuple(elements) => elements.as_slice(),
            _ => std::slice::from_ref(value),
        };
        let blocks: Option<Vec<_>> = objects.iter().map(|object| fields(file, object, reader)).collect();
        if let Some(blocks) = blocks.filter(|blocks| !blocks.is_empty()) {
            return Setting::Blocks(blocks);
        }
    }
    known(file, value, reader)
}

fn fields(file: &SourceFile, object: &Expression, reader: &Reader<'_>) -> Option<BTreeMap<String, Setting>> {
    let Kind::Object(items) = &object.kind else { return None };
    items.iter().map(|item| Some((item.key.literal()?.into_owned(), known(file, &item.value, reader)))).collect()
}

/// The value when it is known and no secret.
fn known(file: &SourceFile, value: &Expression, reader: &Reader<'_>) -> Setting {
    match reader.value(file, value) {
        Some(known) if known.why_not_wholly_known().is_none() && !known.is_sensitive_within() => {
            Setting::Known(known.to_value())
        }
        _ => unresolved(file, value.span),
    }
}

fn unresolved(file: &SourceFile, span: Span) -> Setting {
    Setting::Unresolved(file.slice(span).to_owned())
}

/// The provider configuration that manages a resource: what its `provider` argument names, passed on by the `providers`
/// of the module calls around it, up to the module that declares it. The key of one with `for_each` (OpenTofu) is not
/// told.
pub(super) fn of(view: View<'_>, address: &Address) -> ProviderRef {
    let around = modules_to(view, &address.module);
    let declared = around
        .last()
        .and_then(|leaf| leaf.module.named(word(address.mode), &[&address.resource_type, &address.name]).first());
    let said = declared.and_then(|declared| declared.view().attribute("provider").map(|(_, said)| &said.value));
    let implied = address.resource_type.split('_').next().unwrap_or(&address.resource_type);
    let mut name = said.and_then(named).unwrap_or_else(|| (implied.to_owned(), None));
    let source = around.last().and_then(|leaf| required(leaf).remove(&name.0));
    let source = source.unwrap_or_else(|| format!("hashicorp/{}", name.0));
    let mut module = address.module.names().map(str::to_owned).collect::<Vec<_>>();
    for at in (1..around.len()).rev() {
        let labels: Vec<&str> = std::iter::once(name.0.as_str()).chain(name.1.as_deref()).collect();
        let passed = passed_on(&around[at - 1], &address.module.0[at - 1].name, &name);
        let is_own = !around[at].module.named("provider", &labels).is_empty();
        name = match (passed, &name.1) {
            (Some(passed), _) => passed,
            (None, None) if !is_own => name,
            _ => break,
        };
        module.truncate(at - 1);
    }
    ProviderRef { source, module, alias: name.1, key: None }
}

/// The modules from the root to the one of this path, as far as they are at hand.
fn modules_to<'c>(view: View<'c>, path: &ModulePath) -> Vec<Reached<'c>> {
    let mut around: Vec<_> = view.calls.root().into_iter().collect();
    for step in &path.0 {
        let next = around.last().and_then(|last| match view.calls.callee(*last, &step.name) {
            Some(Callee::Module(node)) => view.calls.reached(node),
            _ => None,
        });
        match next {
            Some(next) => around.push(next),
            None => break,
        }
    }
    around
}

/// What the caller passes to a module under this name.
fn passed_on(caller: &Reached<'_>, call: &str, name: &LocalName) -> Option<LocalName> {
    let view = caller.module.named("module", &[call]).first()?.view();
    let (_, providers) = view.attribute("providers")?;
    let Kind::Object(items) = &providers.value.bare().kind else { return None };
    let is_asked = |key: &ObjectKey| match key {
        ObjectKey::Name(key) => name.1.is_none() && key.text == name.0,
        ObjectKey::Expression(key) => named(key).as_ref() == Some(name),
    };
    items.iter().rfind(|item| is_asked(&item.key)).and_then(|item| named(&item.value))
}

/// A provider's local name with the alias.
type LocalName = (String, Option<String>);

/// `aws` or `aws.east`, in JSON as a text.
fn named(expression: &Expression) -> Option<LocalName> {
    match &expression.bare().kind {
        Kind::Variable(name) => Some((name.clone(), None)),
        Kind::Traversal { root, steps } => {
            let Kind::Variable(name) = &root.kind else { return None };
            let TraverseStep::Attribute(alias) = &steps.first()?.step else { return None };
            Some((name.clone(), Some(alias.clone())))
        }
        _ => {
            let text = expression.literal_text()?;
            Some(match text.split_once('.') {
                Some((name, alias)) => (name.to_owned(), Some(alias.to_owned())),
                None => (text.into_owned(), None),
            })
        }
    }
}
