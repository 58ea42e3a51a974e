//! The `backend` or `cloud` block of the root module with what it says.

use super::module::Layers;
use super::providers::{Reader, settings};
use super::resolve::{Repetition, View};
use crate::model::{ModulePath, Setting};
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
                settings: settings(block, &reader),
            })
        };
        if let Some(cloud) = around.nested("cloud").last() {
            return read(cloud, Some("cloud"));
        }
        read(around.nested("backend").last()?, None)
    })
}
