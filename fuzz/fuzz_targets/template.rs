//! Any text as a template file, and as an expression.
#![no_main]

use driftline::terraform::config::syntax;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let _ = syntax::parse_template(text);
    let _ = syntax::parse_expression(text);
});
