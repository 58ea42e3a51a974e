//! The document that OpenTofu writes in place of a state that it encrypts.

use crate::model::Problem;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The key that only such a document has at its top level.
const MARK: &[u8] = b"\"encrypted_data\"";

/// Within this many bytes that key stands: `serial`, `lineage` and `meta` are before it.
const HEAD_BYTES: usize = 64 * 1024;

/// An encrypted document.
pub(super) struct Envelope {
    serial: Option<u64>,
    lineage: Option<String>,
    meta: BTreeMap<String, String>,
    data: Vec<u8>,
}

/// What the file says of a key that is derived from a passphrase.
#[derive(Deserialize)]
pub(super) struct AboutKey {
    /// In Base64.
    pub(super) salt: String,
    pub(super) iterations: u32,
    pub(super) hash_function: String,
    /// In bytes.
    pub(super) key_length: usize,
}

#[derive(Deserialize)]
struct Written {
    serial: Option<u64>,
    lineage: Option<String>,
    #[serde(default)]
    meta: BTreeMap<String, String>,
    encrypted_data: String,
    encryption_version: String,
}

/// What a state says of itself, to be held against the envelope.
#[derive(Deserialize)]
struct Inside {
    serial: Option<u64>,
    lineage: Option<String>,
}

impl Envelope {
    /// `None` for anything else than an encrypted document of the one version there is.
    pub(super) fn read(bytes: &[u8]) -> Option<Envelope> {
        // The keys before it are short: a state of many megabytes is not parsed here.
        let head = bytes.get(..HEAD_BYTES).unwrap_or(bytes);
        if !head.windows(MARK.len()).any(|window| window == MARK) {
            return None;
        }
        let written: Written = serde_json::from_slice(bytes).ok()?;
        let data = BASE64_STANDARD.decode(&written.encrypted_data).ok()?;
        let Written { serial, lineage, meta, encryption_version, .. } = written;
        (encryption_version == "v0").then_some(Envelope { serial, lineage, meta, data })
    }

    pub(super) fn data(&self) -> &[u8] {
        &self.data
    }

    /// What is kept under this name, or the only entry there is.
    pub(super) fn about_key(&self, name: &str) -> Result<AboutKey, String> {
        let only = || self.meta.values().next().filter(|_| self.meta.len() == 1);
        let kept = self.meta.get(name).or_else(only);
        let kept = kept.ok_or_else(|| format!("the file says nothing of the key under `{name}`"))?;
        let json = BASE64_STANDARD.decode(kept).map_err(|_| format!("what the file says under `{name}` is damaged"))?;
        serde_json::from_slice(&json)
            .map_err(|_| format!("what the file says under `{name}` is of another kind of key"))
    }

    /// The text, when serial and lineage outside are those inside: else somebody has laid one state over another.
    pub(super) fn checked(&self, text: Vec<u8>) -> Result<Vec<u8>, Problem> {
        let inside: Option<Inside> = serde_json::from_slice(&text).ok();
        match inside {
            Some(inside) if inside.serial == self.serial && inside.lineage == self.lineage => Ok(text),
            _ => Err(Problem::new("the encrypted state has another serial or lineage outside than inside")
                .help("somebody changed the file: restore it from the backend's versions")),
        }
    }
}
