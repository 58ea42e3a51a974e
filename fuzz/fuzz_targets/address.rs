//! Any text as an address: what is read is printed as it reads again.
#![no_main]

use driftline::model::Address;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let Ok(address) = text.parse::<Address>() else { return };
    let printed = address.to_string();
    assert_eq!(printed.parse::<Address>().ok(), Some(address), "{printed}");
});
