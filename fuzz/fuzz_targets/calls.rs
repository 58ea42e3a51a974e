//! Any text as an expression that uses no names, and any two lines as arguments of every function.
#![no_main]

use driftline::source::{SourceFile, Span};
use driftline::terraform::evaluate::expression;
use driftline::terraform::functions::files::Files;
use driftline::terraform::functions::{self, Meter};
use driftline::terraform::value::{Place, Val};
use std::path::Path;

const NAMES: &[&str] = &[
    "format", "formatlist", "replace", "regex", "regexall", "split", "substr", "indent", "title", "trim", "parseint",
    "cidrsubnet", "cidrhost", "cidrsubnets", "formatdate", "timeadd", "timecmp", "base64decode", "urldecode",
    "textdecodebase64", "tonumber", "setproduct", "concat", "merge", "jsonencode", "yamlencode",
];

libfuzzer_sys::fuzz_target!(|text: &str| {
    let files = Files::new(Path::new("/nowhere"), "");
    let _ = expression(text, &files);
    let at = Place::new(&SourceFile::new("call", text), Span::new(0, text.len()));
    let arguments: Vec<Val> = text.split('\n').take(4).map(Val::string).collect();
    for function in NAMES.iter().filter_map(|name| functions::named(name)) {
        let _ = functions::call(function, arguments.clone(), &files, at.clone(), &Meter::default());
    }
});
