//! What `show -json` prints of a state: modules within modules.
//!
//! Rules: `internal/command/jsonstate/state.go` of Terraform 1.11.

use super::object::{self, Content, Object, Shelf};
use super::provider;
use crate::model::{Address, ModulePath, Problem, ProviderRef};
use serde::Deserialize;
use serde_json::value::RawValue;

#[derive(Deserialize)]
pub(super) struct Values<'a> {
    #[serde(borrow)]
    root_module: Option<Module<'a>>,
}

#[derive(Deserialize)]
struct Module<'a> {
    address: Option<String>,
    #[serde(borrow)]
    resources: Option<Vec<Resource<'a>>>,
    #[serde(borrow)]
    child_modules: Option<Vec<Module<'a>>>,
}

#[derive(Deserialize)]
struct Resource<'a> {
    mode: String,
    #[serde(rename = "type")]
    resource_type: String,
    name: String,
    #[serde(borrow)]
    index: Option<&'a RawValue>,
    provider_name: String,
    #[serde(borrow)]
    values: Option<&'a RawValue>,
    #[serde(borrow)]
    sensitive_values: Option<&'a RawValue>,
    tainted: Option<bool>,
    deposed_key: Option<String>,
}

/// The managed objects and those of data sources.
pub(super) fn objects(values: Option<Values<'_>>, shelf: &Shelf<'_>) -> Result<Vec<Object>, Problem> {
    let mut objects = Vec::new();
    if let Some(root) = values.and_then(|values| values.root_module) {
        add_module(&root, shelf, &mut objects)?;
    }
    Ok(objects)
}

fn add_module(module: &Module<'_>, shelf: &Shelf<'_>, objects: &mut Vec<Object>) -> Result<(), Problem> {
    // A resource's own `address` was relative to its module in Terraform 0.12; the module's never was.
    let path = module.address.as_deref().unwrap_or_default().parse::<ModulePath>();
    let path = path.map_err(|problem| problem.at(shelf.text.path()))?;
    for resource in module.resources.iter().flatten() {
        let broken = |why| shelf.broken(module.address.as_deref(), &resource.resource_type, &resource.name, why);
        let mode = object::mode(&resource.mode).map_err(broken)?;
        let address = Address {
            module: path.clone(),
            mode,
            resource_type: resource.resource_type.clone(),
            name: resource.name.clone(),
            key: resource.index.map(|raw| object::key(raw.get())).transpose().map_err(broken)?,
        };
        let provider = ProviderRef { source: provider::source(&resource.provider_name), ..ProviderRef::default() };
        let content = resource.values.map_or(Content::Empty, |values| Content::Shown {
            attributes: shelf.text.range(values),
            sensitive: resource.sensitive_values.map(|raw| shelf.text.range(raw)),
        });
        let tainted = resource.tainted.unwrap_or_default();
        objects.push(shelf.object(address, provider, tainted, resource.deposed_key.clone(), content));
    }
    module.child_modules.iter().flatten().try_for_each(|child| add_module(child, shelf, objects))
}

/// The first resource that cannot be read, and why.
pub(super) fn broken(values: &RawValue) -> Option<(String, serde_json::Error)> {
    #[derive(Deserialize)]
    struct Rough<'a> {
        #[serde(borrow)]
        resources: Option<Vec<&'a RawValue>>,
        #[serde(borrow)]
        child_modules: Option<Vec<Rough<'a>>>,
    }

    #[derive(Deserialize)]
    struct Root<'a> {
        #[serde(borrow)]
        root_module: Rough<'a>,
    }

    let mut modules = vec![serde_json::from_str::<Root<'_>>(values.get()).ok()?.root_module];
    while let Some(module) = modules.pop() {
        for raw in module.resources.into_iter().flatten() {
            if let Err(error) = serde_json::from_str::<Resource<'_>>(raw.get()) {
                return Some((object::rough_name(raw), error));
            }
        }
        modules.extend(module.child_modules.into_iter().flatten());
    }
    None
}
