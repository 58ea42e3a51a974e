//! Any bytes as a state and as a plan: every object's attributes are read.
#![no_main]

use driftline::terraform::{plan, state};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(state) = state::read(bytes.to_vec(), "state", &|_| &[]) {
        for object in state.objects() {
            let _ = object.attributes();
        }
    }
    if let Ok(plan) = plan::read(bytes.to_vec(), "plan", &|_| &[]) {
        let _ = plan.changes().count();
    }
});
