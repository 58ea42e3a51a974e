//! Any text as an expression that uses no names, and its lines as the arguments of every function.
#![no_main]

use driftline::source::{SourceFile, Span};
use driftline::terraform::evaluate::expression;
use driftline::terraform::functions::files::Files;
use driftline::terraform::functions::{self, Meter};
use driftline::terraform::value::{Place, Type, Val};
use std::path::Path;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let files = Files::new(Path::new("/nowhere"), "");
    let _ = expression(text, &files);
    let at = Place::new(&SourceFile::new("call", text), Span::new(0, text.len()));
    let lines: Vec<Val> = text.split('\n').take(4).map(Val::string).collect();
    let list = Val::list(Type::String, lines.clone());
    for function in functions::all() {
        for arguments in [lines.clone(), vec![list.clone()], vec![list.clone(), lines[0].clone()], vec![lines[0].clone(), list.clone()]] {
            let _ = functions::call(function, arguments, &files, at.clone(), &Meter::default());
        }
    }
});
