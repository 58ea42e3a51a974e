//! State: the raw file of version 4, and what `show -json` prints of one.
//!
//! A state may be hundreds of megabytes of which a few types matter, so its text is kept once and read in one pass that
//! steps over the attributes; they are parsed when [`Object::attributes`] asks for them.

mod document;
mod dynamic;
mod flatmap;
mod raw;
mod shown;
#[cfg(test)]
mod tests;

// Plans are the same sort of text: their pieces are read with the same tools.
pub(in crate::terraform) mod form;
pub(in crate::terraform) mod mirror;
pub(in crate::terraform) mod object;
pub(in crate::terraform) mod provider;
pub(in crate::terraform) mod secrets;
pub(in crate::terraform) mod text;

pub use object::Object;

use crate::model::{Mode, Problem, StateRef};
use document::Document;
use form::Form;
use std::sync::Arc;
use text::Text;

/// Gives the attributes of a resource type that are secret whether or not the state marks them so.
pub type Masks<'a> = &'a dyn Fn(&str) -> &'static [&'static str];

/// What a state records.
#[derive(Debug)]
pub struct State {
    pub reference: Arc<StateRef>,
    /// Whether the file says which configuration of a provider manages an object. What `show -json` prints does not:
    /// there the alias in [`Object::provider`] is missing, not absent.
    pub names_aliases: bool,
    /// The version of Terraform or OpenTofu that wrote it last.
    pub written_by: Option<String>,
    objects: Vec<Object>,
}

impl State {
    /// The managed objects in the order of the file: current ones and deposed ones.
    pub fn objects(&self) -> impl Iterator<Item = &Object> {
        self.objects.iter().filter(|object| object.address.mode == Mode::Managed)
    }

    /// The current objects, those of data sources too: what references in the source lead to.
    pub fn current(&self) -> impl Iterator<Item = &Object> {
        self.objects.iter().filter(|object| object.deposed.is_none())
    }
}

/// Reads a state; `path` is what findings name it by.
pub fn read(bytes: Vec<u8>, path: &str, masks: Masks<'_>) -> Result<State, Problem> {
    let text = Arc::new(Text::new(bytes, path)?);
    let mut document = match serde_json::from_str::<Document<'_>>(text.json()) {
        Ok(document) => document,
        Err(error) if error.is_data() => return Err(document::misshapen(&text, &error)),
        Err(error) => return Err(text.not_json(&error)),
    };
    let form = form::of(&document).map_err(|problem| problem.at(path))?;
    let reference = Arc::new(document.reference(path));
    let shelf = object::Shelf { text: &text, masks };
    let objects = match form {
        Form::Raw => raw::objects(document.resources.take().unwrap_or_default(), &shelf)?,
        Form::Shown => shown::objects(document.values.take(), &shelf)?,
        Form::Plan => return Err(form::plan_given().at(path)),
    };
    let written_by = document.written_by();
    Ok(State { reference, names_aliases: form == Form::Raw, written_by, objects })
}
