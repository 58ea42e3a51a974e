//! Any text as a file in native syntax: no panic, and every span lies in the text.
#![no_main]

use driftline::terraform::config::syntax;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let (body, errors) = syntax::parse_native(text);
    for attribute in &body.attributes {
        assert!(text.get(attribute.span.start..attribute.span.end).is_some());
    }
    for block in &body.blocks {
        assert!(text.get(block.span.start..block.span.end).is_some());
    }
    for error in &errors {
        assert!(text.get(error.span.start..error.span.end).is_some(), "{error:?}");
    }
});
