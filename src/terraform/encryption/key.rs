//! The key that a passphrase gives, and the text that it opens.

use super::Passphrase;
use super::envelope::AboutKey;
use aes_gcm::aead::consts::U12;
use aes_gcm::aead::{Aead, AeadCore, KeyInit, Nonce, Payload};
use aes_gcm::aes::Aes192;
use aes_gcm::{Aes128Gcm, Aes256Gcm, AesGcm};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Sha256, Sha512};

/// A file that asks for more is made to keep the reader busy; OpenTofu's default is 600,000.
const MAX_ITERATIONS: u32 = 10_000_000;

/// Of AES-GCM: the ciphertext follows it.
const NONCE_BYTES: usize = 12;

/// The key by the file's own parameters.
pub(super) fn derived(passphrase: &Passphrase, about: &AboutKey) -> Result<Vec<u8>, String> {
    if !matches!(about.key_length, 16 | 24 | 32) {
        return Err(format!("the file asks for a key of {} bytes; AES has 16, 24 or 32", about.key_length));
    }
    if about.iterations > MAX_ITERATIONS {
        return Err(format!("the file asks for {} iterations; up to {MAX_ITERATIONS} are done", about.iterations));
    }
    let salt = BASE64_STANDARD.decode(&about.salt).map_err(|_| "the salt in the file is damaged".to_owned())?;
    let mut key = vec![0; about.key_length];
    let (passphrase, rounds) = (passphrase.0.as_bytes(), about.iterations);
    match about.hash_function.as_str() {
        "sha256" => pbkdf2::pbkdf2_hmac::<Sha256>(passphrase, &salt, rounds, &mut key),
        "sha512" => pbkdf2::pbkdf2_hmac::<Sha512>(passphrase, &salt, rounds, &mut key),
        other => return Err(format!("the file names the hash function `{other}`; sha256 and sha512 are known")),
    }
    Ok(key)
}

/// The text behind nonce, ciphertext and tag; `None` when the key does not fit.
pub(super) fn decrypted(key: &[u8], data: &[u8], also_covered: &[u8]) -> Option<Vec<u8>> {
    match key.len() {
        16 => with::<Aes128Gcm>(key, data, also_covered),
        24 => with::<AesGcm<Aes192, U12>>(key, data, also_covered),
        _ => with::<Aes256Gcm>(key, data, also_covered),
    }
}

fn with<C: KeyInit + Aead + AeadCore>(key: &[u8], data: &[u8], also_covered: &[u8]) -> Option<Vec<u8>> {
    let cipher = C::new_from_slice(key).ok()?;
    let (nonce, text) = data.split_at_checked(NONCE_BYTES)?;
    let nonce = Nonce::<C>::try_from(nonce).ok()?;
    cipher.decrypt(&nonce, Payload { msg: text, aad: also_covered }).ok()
}
