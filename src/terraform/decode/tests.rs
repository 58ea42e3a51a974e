//! Holds decoded texts against the recorded answers of Terraform, and every place against what stands there.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod answers;
mod hostile;
mod places;
mod random;

use super::FUNCTIONS;
use crate::source::{SourceFile, Span};
use crate::terraform::functions::files::Files;
use crate::terraform::functions::{self, Failure};
use crate::terraform::value::{Data, Origin, Place, Type, Val, convert};
use std::path::Path;

/// What a function makes of a text of this origin.
fn call(name: &str, text: &str, origin: Origin) -> Result<Val, Failure> {
    let function = FUNCTIONS.iter().find(|function| function.name == name).unwrap();
    let files = Files::new(Path::new("."), "");
    let at = Place::new(&SourceFile::new("main.tf", "x"), Span::new(0, 1));
    functions::call(function, vec![Val::string(text).with_origin(origin)], &files, at, &functions::Meter::default())
}

/// What a function makes of the text of a file.
fn of_file(name: &str, text: &str) -> Result<Val, Failure> {
    call(name, text, Origin::written(&SourceFile::new("data", text), Span::new(0, text.len())))
}

/// A value in words, so that two are alike when Terraform calls them so; types of null apart.
fn shown(value: &Val) -> String {
    let list = |parts: Vec<String>| parts.join(",");
    match &value.data {
        Data::Null(_) => "null".to_owned(),
        Data::Unknown(_, why) => format!("unknown: {}", why.text),
        Data::Bool(value) => value.to_string(),
        Data::Number(_) => convert::convert(value, &Type::String).unwrap().as_str().unwrap().to_owned(),
        Data::String(text) => format!("{text:?}"),
        Data::List(_, items) | Data::Set(_, items) | Data::Tuple(items) => {
            format!("[{}]", list(items.iter().map(shown).collect()))
        }
        Data::Map(_, entries) | Data::Object(entries) => {
            let entries = entries.iter().map(|(key, entry)| format!("{key:?}:{}", shown(&entry.value)));
            format!("{{{}}}", list(entries.collect()))
        }
    }
}
