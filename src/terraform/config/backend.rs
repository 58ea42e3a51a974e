//! The `backend` or `cloud` block of the root module with what it says.

use super::module::Layers;
use super::providers::{Reader, settings};
use super::resolve::{Repetition, View};
use crate::model::{ModulePath, Setting, Value};
use std::collections::BTreeMap;

/// Where the root module keeps its state.
#[derive(Debug, Clone)]
pub struct Backend {
    /// The backend's type; `cloud` for a `cloud` block.
    pub kind: String,
    /// `path:line` of the block.
    pub place: String,
    /// Values of literals, and of variables and locals, which OpenTofu allows here.
    pub settings: BTreeMap<String, Setting>,
}

/// The block that the root module declares; a `cloud` block goes before the others, as it excludes them.
pub(super) fn of(view: View<'_>) -> Option<Backend> {
    let root = view.calls.root()?;
    let inside = view.module(&ModulePath::without_keys(root.path));
    let reader = Reader { seen: inside.map(|inside| inside.seen(Repetition::default())), root: view.root() };
    root.module.all("terraform").find_map(|terraform| {
        let around = terraform.view();
        let read = |block: &Layers<'_>, kind: Option<&str>| {
            let (file, base) = block.base()?;
            Some(Backend {
                kind: kind.or_else(|| base.label(0)).unwrap_or("backend").to_owned(),
                place: format!("{}:{}", file.path(), file.position(base.header.start).line),
                settings: said(block, &reader),
            })
        };
        if let Some(cloud) = around.nested("cloud").last() {
            return read(cloud, Some("cloud"));
        }
        read(around.nested("backend").last()?, None)
    })
}

/// What the block says. In JSON, Terraform takes a text with `${` as it stands and OpenTofu what it comes to: it is not
/// known.
fn said(block: &Layers<'_>, reader: &Reader<'_>) -> BTreeMap<String, Setting> {
    let mut said = settings(block, reader);
    for (name, setting) in &mut said {
        if let Some((file, argument)) = block.attribute(name).filter(|(file, _)| file.path().ends_with(".json")) {
            leave_open(setting, file.slice(argument.value.span));
        }
    }
    said
}

/// `source` is how it is written.
fn leave_open(setting: &mut Setting, source: &str) {
    match setting {
        Setting::Known(value) if holds_template(value) => *setting = Setting::Unresolved(source.to_owned()),
        Setting::Blocks(blocks) => {
            blocks.iter_mut().flat_map(BTreeMap::values_mut).for_each(|inner| leave_open(inner, source));
        }
        Setting::Known(_) | Setting::Unresolved(_) => {}
    }
}

fn holds_template(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains("${") || text.contains("%{"),
        Value::List(items) => items.iter().any(holds_template),
        Value::Map(fields) => fields.values().any(holds_template),
        _ => false,
    }
}
