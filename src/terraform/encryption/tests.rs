//! What opens a state, and what is said where nothing does. The scenarios `state-of-opentofu*` hold states that `tofu`
//! wrote.

use super::*;
use crate::terraform::config::{Configuration, Inputs};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use std::path::Path;

const STATE: &str = "testdata/scenarios/state-of-opentofu/terraform.tfstate";

fn state() -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(STATE)).unwrap()
}

/// The root module of that state with one file's text changed.
fn configured(change: impl Fn(String) -> String, variable: Option<&str>) -> Result<Encryption, Problem> {
    let dir = tempfile::tempdir().unwrap();
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/scenarios/state-of-opentofu");
    let text = std::fs::read_to_string(from.join("encryption.tofu")).unwrap();
    std::fs::write(dir.path().join("encryption.tofu"), change(text)).unwrap();
    std::fs::copy(from.join("terraform.tfvars"), dir.path().join("terraform.tfvars")).unwrap();
    let (configuration, _) = Configuration::load(dir.path(), "", None, &Inputs::default()).unwrap();
    configuration.encryption(variable)
}

fn closed(encryption: &Encryption, bytes: Vec<u8>) -> String {
    match encryption.open(bytes, Of::State) {
        Ok(_) => "open".to_owned(),
        Err(Closed::Problem(problem)) => problem.message,
        Err(Closed::NeedsTofu(why)) => format!("tofu: {why}"),
    }
}

/// The document with one of its keys changed.
fn changed(key: &str, value: serde_json::Value) -> Vec<u8> {
    let mut document: serde_json::Value = serde_json::from_slice(&state()).unwrap();
    document[key] = value;
    serde_json::to_vec(&document).unwrap()
}

fn about_key(json: &str) -> serde_json::Value {
    serde_json::json!({ "team-key": BASE64_STANDARD.encode(json) })
}

#[test]
fn what_is_not_encrypted_stays_as_it_is() {
    let plain = br#"{"version":4,"serial":1,"lineage":"x","resources":[]}"#.to_vec();
    assert_eq!(Encryption::default().open(plain.clone(), Of::State).ok(), Some(plain));
}

#[test]
fn the_text_of_a_state_that_tofu_wrote() {
    let text = configured(|text| text, None).unwrap().open(state(), Of::State).ok().unwrap();
    let read: serde_json::Value = serde_json::from_slice(&text).unwrap();
    assert_eq!((read["version"].as_u64(), read["resources"][0]["name"].as_str()), (Some(4), Some("person")));
}

#[test]
fn each_mistake_is_named() {
    let not_opened = |why: &str| format!("the state is encrypted by OpenTofu and cannot be opened: {why}");
    let of = "method `aes_gcm.covered`: ";
    let cases: &[(&str, &str, &str)] = &[
        ("-and-pepper", "-and-salt", "the key does not fit: another passphrase, or a damaged file"),
        ("[1, 2, 3]", "[1, 2]", "the key does not fit: another passphrase, or a damaged file"),
        ("[1, 2, 3]", "[1, 256]", "its `aad` is not known"),
        ("key_provider.pbkdf2.short\n", "key_provider.pbkdf2.long\n", "key provider `pbkdf2.long` is declared nowhere"),
        ("key_provider.pbkdf2.short\n", "[]\n", "its `keys` name no key provider"),
        ("method   = method.aes_gcm.covered", "method   = method.aes_gcm.bare", "it is declared nowhere"),
    ];
    for (from, to, why) in cases {
        let encryption = configured(|text| text.replace(from, to), None).unwrap();
        let of = if *why == "it is declared nowhere" { "method `aes_gcm.bare`: " } else { of };
        assert_eq!(closed(&encryption, state()), not_opened(&format!("{of}{why}")), "{from} -> {to}");
    }
    let unset = configured(|text| text.replace("local.peppered", "var.unset"), None).unwrap();
    let said = closed(&unset, state());
    assert!(said.contains("the passphrase of key provider `pbkdf2.short` is not known"), "{said}");
}

#[test]
fn a_key_that_somebody_has_to_be_asked_for_is_left_to_tofu() {
    let asked_for =
        |of: &str| format!("tofu: method `aes_gcm.covered`: key provider `{of}` has to be asked for the key");
    let kms = |text: String| text.replace("\"pbkdf2\"", "\"aws_kms\"").replace("provider.pbkdf2", "provider.aws_kms");
    assert_eq!(closed(&configured(kms, None).unwrap(), state()), asked_for("aws_kms.short"));
    let chained = |text: String| text.replace("passphrase               =", "chain =");
    assert_eq!(closed(&configured(chained, None).unwrap(), state()), asked_for("pbkdf2.short"));
    let external =
        |text: String| text.replace("\"aes_gcm\"", "\"external\"").replace("method.aes_gcm", "method.external");
    let said = closed(&configured(external, None).unwrap(), state());
    assert_eq!(said, "tofu: method `external.covered`: another program decrypts it");
}

#[test]
fn the_environment_variable_goes_before_the_block() {
    let pepper = |text: String| text.replace("local.peppered", "\"not-the-passphrase\"");
    let given = "key_provider \"pbkdf2\" \"short\" {\n  passphrase = local.peppered\n}\n";
    assert_eq!(closed(&configured(pepper, Some(given)).unwrap(), state()), "open");
    let json = r#"{"key_provider":{"pbkdf2":{"short":{"passphrase":"${local.peppered}"}}}}"#;
    assert_eq!(closed(&configured(pepper, Some(json)).unwrap(), state()), "open");
}

#[test]
fn a_variable_that_cannot_be_read_is_not_printed() {
    for text in ["passphrase = \"hunter2", "{\"passphrase\": hunter2"] {
        let problem = configured(|text| text, Some(text)).err().unwrap();
        assert!(problem.place.as_deref().is_some_and(|place| place.starts_with("TF_ENCRYPTION")), "{problem}");
        assert!(!problem.to_string().contains("hunter2"), "{problem}");
    }
}

/// The file says how the key is made: it is not trusted with the reader's time.
#[test]
fn the_files_parameters_have_limits() {
    let encryption = configured(|text| text, None).unwrap();
    let asks = |length: &str, iterations: &str, hash: &str| {
        let json =
            format!(r#"{{"salt":"AAAA","iterations":{iterations},"hash_function":"{hash}","key_length":{length}}}"#);
        closed(&encryption, changed("meta", about_key(&json)))
    };
    assert!(asks("15", "1", "sha256").contains("a key of 15 bytes"));
    assert!(asks("32", "4000000000", "sha256").contains("4000000000 iterations"));
    assert!(asks("32", "1", "md5").contains("`md5`"));
    assert!(asks("32", "1", "sha512").contains("does not fit"));
    assert!(closed(&encryption, changed("meta", serde_json::json!({}))).contains("says nothing of the key"));
    assert!(closed(&encryption, changed("encrypted_data", "AAAA".into())).contains("does not fit"));
}

#[test]
fn a_state_laid_over_another_is_refused() {
    let encryption = configured(|text| text, None).unwrap();
    let said = closed(&encryption, changed("serial", 99.into()));
    assert_eq!(said, "the encrypted state has another serial or lineage outside than inside");
}

/// A plan in an envelope, as OpenTofu puts it in one: without serial and lineage.
fn encrypted_plan(plan: &[u8], passphrase: &str) -> Vec<u8> {
    let about = r#"{"salt":"AAAAAAAAAAAAAAAAAAAAAA==","iterations":1000,"hash_function":"sha256","key_length":16}"#;
    let key = key::derived(&Passphrase(passphrase.to_owned()), &serde_json::from_str(about).unwrap()).unwrap();
    let cipher = <aes_gcm::Aes128Gcm as aes_gcm::KeyInit>::new_from_slice(&key).unwrap();
    let nonce = [7; 12];
    let payload = aes_gcm::aead::Payload { msg: plan, aad: &[1, 2, 3] };
    let text = aes_gcm::aead::Aead::encrypt(&cipher, &nonce.into(), payload).unwrap();
    let data = BASE64_STANDARD.encode([&nonce[..], &text].concat());
    serde_json::json!({ "meta": about_key(about), "encrypted_data": data, "encryption_version": "v0" }).to_string().into()
}

#[test]
fn a_saved_plan_is_opened_by_the_method_for_plans() {
    let for_plans = |text: String| {
        text.replace("    state {", "    plan {\n      method = method.aes_gcm.covered\n    }\n\n    state {")
    };
    let plan = encrypted_plan(b"PK\x03\x04", "correct-horse-battery-staple-and-pepper");
    assert!(is_encrypted(&plan));
    let opened = configured(for_plans, None).unwrap().open(plan.clone(), Of::Plan);
    assert_eq!(opened.ok().as_deref(), Some(&b"PK\x03\x04"[..]));
    let message = |encryption: Encryption| match encryption.open(plan.clone(), Of::Plan) {
        Err(Closed::Problem(problem)) => problem.message,
        _ => "open".to_owned(),
    };
    let of_states = configured(|text| text, None).unwrap();
    assert!(message(of_states).contains("names no method for plans"));
    let other = configured(|text| for_plans(text).replace("-and-pepper", "-and-salt"), None).unwrap();
    assert!(message(other).starts_with("the plan is encrypted by OpenTofu and cannot be opened: "));
}
