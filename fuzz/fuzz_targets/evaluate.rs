//! Any text as a root module, and what follows a line of `%%` as its `terraform.tfvars`: everything that it declares is
//! evaluated and located.
#![no_main]

use driftline::terraform::config::{Configuration, Inputs, precision};
use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;

static ROOT: LazyLock<PathBuf> = LazyLock::new(|| tempfile::tempdir().expect("a directory can be made").keep());

libfuzzer_sys::fuzz_target!(|text: &str| {
    let (main, values) = text.split_once("\n%%\n").unwrap_or((text, ""));
    fs::write(ROOT.join("main.tf"), main).expect("the directory can be written to");
    fs::write(ROOT.join("terraform.tfvars"), values).expect("the directory can be written to");
    let Ok((mut configuration, _)) = Configuration::load(&ROOT, "", None, &Inputs::default()) else { return };
    configuration.compute(driftline::providers::computed());
    for declaration in configuration.declarations() {
        let said = match declaration.keys() {
            Ok(keys) => keys.iter().take(3).flat_map(|key| declaration.instance(key.as_ref())).collect(),
            Err(_) => declaration.any_instance(),
        };
        for said in said {
            let _ = precision(&said.value);
            let _ = said.value.to_value();
        }
    }
});
