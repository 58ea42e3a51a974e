//! States and plans that OpenTofu encrypted: what the configuration says about keys, and the text behind the envelope.
//!
//! Rules: `internal/encryption` of OpenTofu 1.12 (`base_encryption.go`, `keyprovider/pbkdf2`, `method/aesgcm`), and states
//! that its binary wrote.

mod envelope;
mod key;
#[cfg(test)]
mod tests;

use crate::model::Problem;
use envelope::Envelope;
use std::collections::BTreeMap;

/// What a configuration says about encryption, as far as a state or plan is read by it. Holds passphrases: it cannot be printed.
#[derive(Default)]
pub struct Encryption {
    /// By address: `pbkdf2.team`.
    pub keys: BTreeMap<String, KeyProvider>,
    /// By address: `aes_gcm.team`.
    pub methods: BTreeMap<String, Method>,
    /// Addresses of the methods for states in the order in which they are tried: the method, then the fallbacks.
    pub for_states: Vec<String>,
    /// As `for_states`, for saved plans.
    pub for_plans: Vec<String>,
}

/// What is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    State,
    Plan,
}

impl Of {
    fn name(self) -> &'static str {
        match self {
            Of::State => "state",
            Of::Plan => "plan",
        }
    }

    /// What prints the text of it in the root module.
    fn printed_by(self) -> &'static str {
        match self {
            Of::State => "tofu state pull",
            Of::Plan => "tofu show -json PLAN",
        }
    }
}

/// Whether this is an encrypted document.
pub fn is_encrypted(bytes: &[u8]) -> bool {
    Envelope::read(bytes).is_some()
}

/// Where a key comes from.
pub enum KeyProvider {
    Pbkdf2(Pbkdf2),
    /// One that asks somebody: `aws_kms`, `external`, …
    Other,
}

/// A key derived from a passphrase; how is said by the encrypted file.
pub struct Pbkdf2 {
    /// `Err` says why it is not known.
    pub passphrase: Result<Passphrase, String>,
    /// The name under which the file keeps what belongs to the key, where it is not the address.
    pub alias: Option<String>,
}

/// A text that nothing prints.
pub struct Passphrase(pub String);

/// How a text is encrypted.
pub enum Method {
    AesGcm {
        /// Address of the key provider; `None` where that is not written as a reference.
        keys: Option<String>,
        /// Bytes that the tag covers, too. `Err` says why they are not known.
        also_covered: Result<Vec<u8>, String>,
    },
    Unencrypted,
    /// One that is done by another program.
    Other,
}

/// Why a text stays closed.
pub enum Closed {
    /// Only OpenTofu itself can ask for the key.
    NeedsTofu(String),
    Problem(Problem),
}

impl Encryption {
    /// The content of a state or plan, decrypted where it is encrypted.
    pub fn open(&self, bytes: Vec<u8>, of: Of) -> Result<Vec<u8>, Closed> {
        let Some(envelope) = Envelope::read(&bytes) else { return Ok(bytes) };
        let (what, printed_by) = (of.name(), of.printed_by());
        let tried = match of {
            Of::State => &self.for_states,
            Of::Plan => &self.for_plans,
        };
        if tried.is_empty() {
            return Err(Closed::Problem(
                Problem::new(format!(
                    "the {what} is encrypted by OpenTofu, and the configuration at hand names no method for {what}s"
                ))
                .help(format!(
                    "name the root module that says how (with `TF_ENCRYPTION` set as for `tofu`, if it does not say \
                     it all), or give what `{printed_by}` prints"
                )),
            ));
        }
        let mut reasons = Vec::new();
        let mut needs_tofu = false;
        for name in tried {
            match self.open_by(name, &envelope, what) {
                Ok(text) if of == Of::Plan => return Ok(text),
                Ok(text) => return envelope.checked(text).map_err(Closed::Problem),
                Err(Unopened { reason, is_for_tofu }) => {
                    needs_tofu |= is_for_tofu;
                    reasons.push(format!("method `{name}`: {reason}"));
                }
            }
        }
        let reasons = reasons.join("; ");
        Err(if needs_tofu {
            Closed::NeedsTofu(reasons)
        } else {
            Closed::Problem(
                Problem::new(format!("the {what} is encrypted by OpenTofu and cannot be opened: {reasons}")).help(format!(
                    "give the passphrase as for `tofu` (a variable, or `TF_ENCRYPTION`), or what `{printed_by}` prints"
                )),
            )
        })
    }

    fn open_by(&self, name: &str, envelope: &Envelope, what: &str) -> Result<Vec<u8>, Unopened> {
        let (keys, also_covered) = match self.methods.get(name) {
            None => return Err(Unopened::because("it is declared nowhere")),
            Some(Method::Unencrypted) => return Err(Unopened::because(format!("the {what} is encrypted"))),
            Some(Method::Other) => return Err(Unopened::for_tofu("another program decrypts it")),
            Some(Method::AesGcm { keys, also_covered }) => (keys, also_covered),
        };
        let also_covered = also_covered.as_ref().map_err(Unopened::because)?;
        let Some(address) = keys else { return Err(Unopened::because("its `keys` name no key provider")) };
        match self.keys.get(address) {
            None => Err(Unopened::because(format!("key provider `{address}` is declared nowhere"))),
            Some(KeyProvider::Other) => {
                Err(Unopened::for_tofu(format!("key provider `{address}` has to be asked for the key")))
            }
            Some(KeyProvider::Pbkdf2(provider)) => {
                let passphrase = provider.passphrase.as_ref().map_err(|why| {
                    Unopened::because(format!("the passphrase of key provider `{address}` is not known: {why}"))
                })?;
                let name = provider.alias.clone().unwrap_or_else(|| format!("key_provider.{address}"));
                let about = envelope.about_key(&name).map_err(Unopened::because)?;
                let key = key::derived(passphrase, &about).map_err(Unopened::because)?;
                key::decrypted(&key, envelope.data(), also_covered)
                    .ok_or_else(|| Unopened::because("the key does not fit: another passphrase, or a damaged file"))
            }
        }
    }
}

struct Unopened {
    reason: String,
    is_for_tofu: bool,
}

impl Unopened {
    fn because(reason: impl Into<String>) -> Self {
        Unopened { reason: reason.into(), is_for_tofu: false }
    }

    fn for_tofu(reason: impl Into<String>) -> Self {
        Unopened { reason: reason.into(), is_for_tofu: true }
    }
}
