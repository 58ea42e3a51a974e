//! Any text as a file in JSON syntax, and as one of values.
#![no_main]

use driftline::terraform::config::syntax;

libfuzzer_sys::fuzz_target!(|text: &str| {
    for (_, errors) in [syntax::parse_json(text), syntax::parse_json_values(text)] {
        for error in &errors {
            assert!(text.get(error.span.start..error.span.end).is_some(), "{error:?}");
        }
    }
});
