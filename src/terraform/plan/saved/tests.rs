//! Saved plans of a real Terraform, held against what its `show -json` printed of the same; and what is no such plan.

#![allow(clippy::unwrap_used)]

use super::archive::Archive;
use super::planned::is_marked;
use super::{inside, msgpack, open, wire};
use crate::model::Value;
use crate::terraform::plan::{Change, Drift, Plan, read};
use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};
use proptest::prelude::*;
use serde_json::json;
use std::io::Write;

fn no_masks(_: &str) -> &'static [&'static str] {
    &[]
}

fn file(name: &str) -> Vec<u8> {
    std::fs::read(format!("testdata/terraform/plan/{name}")).unwrap()
}

fn plan(name: &str) -> Plan {
    read(file(name), name, &no_masks).unwrap()
}

/// Everything that is asked of a change, in the order of addresses.
fn changes(plan: &Plan) -> Vec<String> {
    let mut all: Vec<String> = plan.changes().map(said).collect();
    all.sort();
    all
}

fn said(change: &Change) -> String {
    let Change { address, previous_address, provider, deposed, action, importing, .. } = change;
    let (recorded, desired) = (change.recorded().unwrap(), change.desired().unwrap());
    format!(
        "{address} {previous_address:?} {provider:?} {deposed:?} {action:?} {importing} {recorded:?} {desired:?} {:?}",
        change.drift().unwrap()
    )
}

#[test]
fn a_saved_plan_says_what_show_prints_of_it() {
    for name in ["drift", "moved_removed_import", "errored"] {
        let (saved, shown) = (plan(&format!("{name}.tfplan")), plan(&format!("{name}.json")));
        let (ours, theirs) = (changes(&saved), changes(&shown));
        assert!(ours.len() > 3);
        for (ours, theirs) in ours.iter().zip(&theirs) {
            assert_eq!(ours, theirs, "{name}");
        }
        assert_eq!(ours.len(), theirs.len());
        let head = |plan: &Plan| (plan.errored, plan.complete, plan.refresh_only, plan.terraform_version.clone());
        assert_eq!(head(&saved), head(&shown), "{name}");
        // Defaults stand in the source alone.
        assert!(saved.variables.0.iter().all(|(name, value)| shown.variables.0.get(name) == Some(value)), "{name}");
    }
}

#[test]
fn beside_the_plan_stand_the_state_before_the_refresh_and_the_source() {
    let plan = plan("drift.tfplan");
    let beside = plan.saved.unwrap();
    let state: serde_json::Value = serde_json::from_slice(&beside.state).unwrap();
    assert_eq!(state["version"], 4);
    let names: Vec<_> = beside.sources.files.keys().map(String::as_str).collect();
    assert_eq!(names, ["main.tf", "modules/squad/main.tf"]);
    assert!(beside.sources.manifest.contains(r#"{"Key":"squad","Source":"./modules/squad","Dir":"modules/squad"}"#));
    assert_eq!(beside.workspace.as_deref(), Some("default"));
    assert!(!format!("{:?}", beside.sources.files.keys()).contains("s3cret"));
}

/// A zip of these files.
fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut zip, mut directory) = (Vec::new(), Vec::new());
    for (name, content) in files {
        let mut crc = Crc::new();
        crc.update(content);
        let mut packed = DeflateEncoder::new(Vec::new(), Compression::fast());
        packed.write_all(content).unwrap();
        let packed = packed.finish().unwrap();
        let size = |bytes: &[u8]| u32::try_from(bytes.len()).unwrap().to_le_bytes();
        let name_length = u16::try_from(name.len()).unwrap().to_le_bytes();
        let about =
            [&[0; 2][..], &8_u16.to_le_bytes(), &[0; 4], &crc.sum().to_le_bytes(), &size(&packed), &size(content)]
                .concat();
        let at = size(&zip);
        zip.extend([b"PK\x03\x04\x14\x00", &about[..], &name_length, &[0; 2], name.as_bytes(), &packed].concat());
        let entry = [b"PK\x01\x02\x14\x00\x14\x00", &about[..], &name_length, &[0; 12], &at, name.as_bytes()].concat();
        directory.extend(entry);
    }
    let count = u16::try_from(files.len()).unwrap().to_le_bytes();
    let size = |length: usize| u32::try_from(length).unwrap().to_le_bytes();
    let start = size(zip.len());
    zip.extend(&directory);
    zip.extend([b"PK\x05\x06\0\0\0\0", &count[..], &count, &size(directory.len()), &start, &[0; 2]].concat());
    zip
}

fn problem(bytes: &[u8]) -> String {
    open(bytes, "p").unwrap_err().message
}

const STATE: &[u8] = br#"{"version":4,"resources":[]}"#;

#[test]
fn what_is_no_saved_plan_is_named() {
    assert_eq!(problem(&zip(&[("a", b"b")])), "the saved plan cannot be read: it is a zip without `tfplan`");
    let of = |plan: &[u8]| problem(&zip(&[("tfplan", plan), ("tfstate", STATE), ("tfstate-prev", STATE)]));
    assert_eq!(of(b""), "the saved plan cannot be read: `tfplan` in it: it is of version 0, and 3 is known");
    assert_eq!(of(b"\x08\x04"), "the saved plan cannot be read: `tfplan` in it: it is of version 4, and 3 is known");
    assert_eq!(of(b"\x08"), "the saved plan cannot be read: `tfplan` in it: it breaks off");
    assert!(of(b"\x08\x03\x0b").contains("a kind that is not known"));
    let twice = zip(&[("tfplan", b"a"), ("tfplan", b"b")]);
    assert_eq!(problem(&twice), "the saved plan cannot be read: it holds `tfplan` twice");
}

#[test]
fn one_that_breaks_off_or_was_damaged_is_an_error_and_never_a_panic() {
    let whole = file("drift.tfplan");
    assert!(open(&whole, "p").is_ok());
    for length in 0..whole.len() {
        assert!(open(&whole[..length], "p").is_err(), "{length}");
    }
    assert!(problem(&whole[..whole.len() / 2]).contains("it breaks off"));
    let mut refused = 0;
    for at in 0..whole.len() {
        let mut damaged = whole.clone();
        damaged[at] ^= 0x55;
        refused += usize::from(open(&damaged, "p").is_err());
    }
    assert!(refused > whole.len() / 2, "{refused}");
}

#[test]
fn what_unpacks_to_more_than_is_allowed_is_refused_on_the_way() {
    let bomb = zip(&[("tfplan", &vec![0; 3 << 20])]);
    assert!(bomb.len() < 32 << 10);
    let archive = Archive::read(&bomb).unwrap();
    assert_eq!(archive.content_up_to("tfplan", 2 << 20).unwrap().unwrap_err(), "it unpacks to more than 2 MiB");
    assert_eq!(archive.content_up_to("tfplan", 3 << 20).unwrap().unwrap().len(), 3 << 20);
}

#[test]
fn no_name_inside_leads_anywhere() {
    let manifest = json!([
        {"Key": "", "Dir": "."}, {"Key": "up", "Dir": "../../etc"}, {"Key": "abs", "Dir": "/etc"},
        {"Key": "drive", "Dir": "C:\\x"}, {"Key": "fine", "Dir": "./modules//fine"},
    ]);
    let manifest = manifest.to_string();
    let files: Vec<(&str, &[u8])> = vec![
        ("tfplan", b"\x08\x03"),
        ("tfstate", STATE),
        ("tfstate-prev", STATE),
        ("tfconfig/modules.json", manifest.as_bytes()),
        ("tfconfig/m-/main.tf", b"# root"),
        ("tfconfig/m-/../../evil.tf", b"# out"),
        ("tfconfig/m-/..", b"# out"),
        ("tfconfig/m-/a\\b.tf", b"# out"),
        ("tfconfig/m-up/a.tf", b""),
        ("tfconfig/m-abs/a.tf", b""),
        ("tfconfig/m-drive/a.tf", b""),
        ("tfconfig/m-fine/a.tf", b""),
        ("/etc/passwd", b"x"),
    ];
    let sources = open(&zip(&files), "p").unwrap().sources;
    let names: Vec<_> = sources.files.keys().map(String::as_str).collect();
    assert_eq!(names, ["main.tf", "module-1/a.tf", "module-2/a.tf", "module-3/a.tf", "modules/fine/a.tf"]);
    assert_eq!((inside("a/../b"), inside(""), inside("./a/")), (None, Some(String::new()), Some("a".to_owned())));
}

#[test]
fn values_with_types_and_unknown_parts() {
    let decoded = |bytes: &[u8]| msgpack::decoded(bytes).map(|decoded| (decoded.value, decoded.unknown));
    // {"a": unknown, "b": [type, "x"], "c": [1, refined unknown]}
    let text = b"\x83\xa1a\xd4\0\0\xa1b\x92\xc4\x08\"string\"\xa1x\xa1c\x92\x01\xc7\x01\x0c\x80";
    assert_eq!(
        decoded(text).unwrap(),
        (json!({"a": null, "b": "x", "c": [1, null]}), json!({"a": true, "c": [false, true]}))
    );
    assert_eq!(decoded(b"\xcb\x3f\xf8\0\0\0\0\0\0").unwrap().0, json!(1.5));
    assert_eq!(decoded(b"\xd3\xff\xff\xff\xff\xff\xff\xff\xfe").unwrap().0, json!(-2));
    for bad in [&b"\xc1"[..], b"", b"\xa5ab", b"\x81\x01\x02", b"\xdd\xff\xff\xff\xff\x01", b"\x01\x02", b"\xc4\x01a"] {
        assert!(decoded(bad).is_err(), "{bad:?}");
    }
    assert!(decoded(&[0x91; 5000]).unwrap_err().contains("nested"));
}

#[test]
fn what_is_sensitive_in_the_file_is_hidden() {
    let saved = plan("drift.tfplan");
    let all: Vec<_> = saved.changes().map(|change| (change.recorded().unwrap(), change.drift().unwrap())).collect();
    let text = format!("{saved:?}{all:?}");
    for secret in ["s3cret-value", "not-var", "rotated"] {
        assert!(!text.contains(secret), "{secret}");
    }
    let alice = saved.changes().find(|change| change.address.to_string() == "idp_user.alice").unwrap();
    assert!(matches!(alice.recorded().unwrap().unwrap().get("password"), Some(Value::Secret(_))));
}

/// Where nobody says what the provider's schema calls sensitive, any text may be it.
#[test]
fn without_marks_of_the_schema_no_text_that_changed_is_shown() {
    let shown = |version: &str, host: &str| {
        let provider = format!("provider[\"{host}/a/b\"]");
        json!({"terraform_version": version, "resource_drift": [{ "provider_name": provider }]})
    };
    assert!(is_marked(&shown("1.11.4", "registry.terraform.io")) && is_marked(&shown("1.15.0", "example.com")));
    for (version, host) in [("1.9.8", "registry.terraform.io"), ("1.11.4", "registry.opentofu.org"), ("", "x")] {
        assert!(!is_marked(&shown(version, host)), "{version} {host}");
    }
    let saved = open(&file("drift.tfplan"), "p").unwrap();
    let unmarked = crate::terraform::plan::read_shown(saved.json, "p", &no_masks, false).unwrap();
    let alice = unmarked.changes().find(|change| change.address.to_string() == "idp_user.alice").unwrap();
    let Some(Drift::Changed(changed)) = alice.drift().unwrap() else { panic!("no drift") };
    let shown: Vec<_> = changed.iter().map(|one| (one.name.as_str(), one.seen.has_secret())).collect();
    assert_eq!(shown, [("admin", false), ("email", true), ("groups", true), ("password", true), ("tags", true)]);
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = msgpack::decoded(&bytes);
        let _ = wire::fields(&bytes);
        let _ = open(&[&b"PK\x03\x04"[..], &bytes, b"PK\x05\x06", &bytes].concat(), "p");
    }
}

#[test]
fn a_refresh_only_plan_lists_no_changes() {
    // `version` 3, `ui_mode` refresh-only.
    let plan = zip(&[("tfplan", b"\x08\x03\x88\x01\x02"), ("tfstate", STATE), ("tfstate-prev", STATE)]);
    let json: serde_json::Value = serde_json::from_slice(&open(&plan, "p").unwrap().json).unwrap();
    assert!(json.get("resource_changes").is_none() && json["resource_drift"].is_array());
}
