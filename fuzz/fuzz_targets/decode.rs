//! Any text as YAML, JSON and CSV: what is read has no place outside of it.
#![no_main]

use driftline::source::{SourceFile, Span};
use driftline::terraform::decode::FUNCTIONS;
use driftline::terraform::functions::files::Files;
use driftline::terraform::functions::{self, Meter};
use driftline::terraform::value::{Origin, Place, Val};
use std::path::Path;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let file = SourceFile::new("data", text);
    let at = Place::new(&file, Span::new(0, 0));
    for function in FUNCTIONS {
        let origin = Origin::verbatim(&file, Span::new(0, text.len()));
        let argument = Val::string_from(text, &origin);
        let files = Files::new(Path::new("/nowhere"), "");
        let Ok(value) = functions::call(function, vec![argument], &files, at.clone(), &Meter::default()) else { continue };
        check(&value, text);
    }
});

fn check(value: &Val, text: &str) {
    if let Some(end) = value.origin.trail().end {
        assert!(text.get(end.place.span.start..end.place.span.end).is_some());
    }
    value.elements().unwrap_or_default().iter().for_each(|element| check(element, text));
    for (_, entry) in value.entries().unwrap_or_default() {
        check(&entry.value, text);
    }
}
