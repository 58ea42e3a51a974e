//! The raw state file of version 4.
//!
//! Rules: `internal/states/statefile/version4.go` of Terraform 1.11; OpenTofu adds the provider on the instance.

use super::object::{self, Content, Object, Shelf};
use super::provider;
use crate::model::{Address, ModulePath, Problem, ProviderRef};
use serde::Deserialize;
use serde_json::value::RawValue;

#[derive(Deserialize)]
pub(super) struct Resource<'a> {
    module: Option<String>,
    mode: String,
    #[serde(rename = "type")]
    resource_type: String,
    name: String,
    provider: Option<String>,
    #[serde(borrow)]
    instances: Option<Vec<Instance<'a>>>,
}

#[derive(Deserialize)]
struct Instance<'a> {
    #[serde(borrow)]
    index_key: Option<&'a RawValue>,
    status: Option<String>,
    deposed: Option<String>,
    provider: Option<String>,
    #[serde(borrow)]
    attributes: Option<&'a RawValue>,
    #[serde(borrow)]
    attributes_flat: Option<&'a RawValue>,
    #[serde(borrow)]
    sensitive_attributes: Option<&'a RawValue>,
    #[serde(borrow)]
    dependencies: Option<&'a RawValue>,
}

/// The managed objects and those of data sources.
pub(super) fn objects(resources: Vec<Resource<'_>>, shelf: &Shelf<'_>) -> Result<Vec<Object>, Problem> {
    let mut objects = Vec::with_capacity(resources.iter().filter_map(|r| r.instances.as_ref()).map(Vec::len).sum());
    for resource in resources {
        let broken =
            |why: String| shelf.broken(resource.module.as_deref(), &resource.resource_type, &resource.name, why);
        let mode = object::mode(&resource.mode).map_err(&broken)?;
        let module = resource.module.as_deref().unwrap_or_default().parse::<ModulePath>();
        let module = module.map_err(|problem| broken(problem.message))?;
        let shared = resource.provider.as_deref().map(provider::parse).transpose();
        let shared = shared.map_err(|problem| broken(problem.message))?;
        for instance in resource.instances.iter().flatten() {
            let own = instance.provider.as_deref().map(provider::parse).transpose();
            let provider = own.map_err(|problem| broken(problem.message))?.or_else(|| shared.clone());
            let provider = provider.ok_or_else(|| broken("it names no provider".to_owned()))?;
            let key = instance.index_key.map(|raw| object::key(raw.get())).transpose().map_err(&broken)?;
            let address = Address {
                module: module.clone(),
                mode,
                resource_type: resource.resource_type.clone(),
                name: resource.name.clone(),
                key,
            };
            objects.push(object_of(instance, address, provider, shelf).map_err(&broken)?);
        }
    }
    Ok(objects)
}

fn object_of(
    instance: &Instance<'_>,
    address: Address,
    provider: ProviderRef,
    shelf: &Shelf<'_>,
) -> Result<Object, String> {
    let tainted = match instance.status.as_deref() {
        None | Some("") => false,
        Some("tainted") => true,
        Some(status) => return Err(format!("`{status}` is not a status of objects")),
    };
    let content = match (instance.attributes, instance.attributes_flat) {
        (Some(attributes), _) => Content::Raw {
            attributes: shelf.text.range(attributes),
            sensitive: instance.sensitive_attributes.map(|raw| shelf.text.range(raw)),
        },
        (None, Some(attributes)) => Content::Flat {
            attributes: shelf.text.range(attributes),
            sensitive: instance.sensitive_attributes.map(|raw| shelf.text.range(raw)),
        },
        // Terraform takes such an object for an empty one.
        (None, None) => Content::Empty,
    };
    let deposed = instance.deposed.clone().filter(|key| !key.is_empty());
    let dependencies = instance.dependencies.map(|raw| shelf.text.range(raw));
    let mut object = shelf.object(address, provider, tainted, deposed, content);
    object.dependencies = dependencies;
    Ok(object)
}

/// The first resource that cannot be read, and why.
pub(super) fn broken(resources: &RawValue) -> Option<(String, serde_json::Error)> {
    let resources: Vec<&RawValue> = serde_json::from_str(resources.get()).ok()?;
    resources.into_iter().find_map(|raw| {
        let error = serde_json::from_str::<Resource<'_>>(raw.get()).err()?;
        Some((object::rough_name(raw), error))
    })
}
