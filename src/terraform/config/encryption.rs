//! `terraform { encryption { … } }`: what opens an encrypted state or plan, with `TF_ENCRYPTION` laid over it.
//!
//! Rules: "State and Plan Encryption" of OpenTofu; `internal/encryption/config` of OpenTofu 1.12 (`config_load.go`,
//! `config_merge.go`).

use super::module::Layers;
use super::resolve::{Repetition, Seen, View};
use super::syntax::tree::TraverseStep;
use super::syntax::{Block, Expression, Kind, parse_json, parse_native};
use crate::model::Problem;
use crate::source::{SourceFile, Span};
use crate::terraform::encryption::{Encryption, KeyProvider, Method, Passphrase, Pbkdf2};
use std::collections::BTreeMap;

/// How people know the environment variable's text in messages.
const VARIABLE: &str = "TF_ENCRYPTION";

/// What the root module says, with the environment variable laid over it argument by argument.
pub(super) fn of(view: View<'_>, variable: Option<&str>) -> Result<Encryption, Problem> {
    let Some(root) = view.root() else { return Ok(Encryption::default()) };
    let of_variable = variable.map(of_variable).transpose()?;
    let written = root.reached().module.all("terraform").flat_map(|terraform| terraform.view().nested("encryption"));
    let given = of_variable.iter().map(|(file, block)| Layers::of(file, block));
    let mut said = Said::default();
    written.chain(given).for_each(|block| said.lay_over(&block));
    let reader = Reader { seen: root.seen(Repetition::default()) };
    let keys = said.keys.iter().map(|(address, block)| (address.clone(), reader.key_provider(block)));
    let methods = said.methods.iter().map(|(address, block)| (address.clone(), reader.method(block)));
    let (keys, methods) = (keys.collect(), methods.collect());
    let Said { for_states, for_plans, .. } = said;
    Ok(Encryption { keys, methods, for_states, for_plans })
}

/// Blocks by their addresses.
#[derive(Default)]
struct Said<'b> {
    keys: BTreeMap<String, Layers<'b>>,
    methods: BTreeMap<String, Layers<'b>>,
    for_states: Vec<String>,
    for_plans: Vec<String>,
}

impl<'b> Said<'b> {
    fn lay_over(&mut self, block: &Layers<'b>) {
        for (kind, into) in [("key_provider", &mut self.keys), ("method", &mut self.methods)] {
            for inner in block.nested(kind) {
                if let Some(address) = address(&inner) {
                    into.entry(address).or_default().lay_over(inner);
                }
            }
        }
        for (target, into) in [("state", &mut self.for_states), ("plan", &mut self.for_plans)] {
            if let Some(block) = block.nested(target).last() {
                *into = tried(block);
            }
        }
    }
}

/// The variable's text as the block it stands for: native syntax or JSON.
fn of_variable(text: &str) -> Result<(SourceFile, Block), Problem> {
    let file = SourceFile::new(VARIABLE, text);
    let is_json = text.trim_start().starts_with('{');
    // In JSON it is what a file would say, and where it would say it tells which keys are blocks.
    let written = if is_json { format!("{{\"terraform\":{{\"encryption\":{text}}}}}") } else { String::new() };
    let (mut body, errors) = if is_json { parse_json(&written) } else { parse_native(text) };
    if let Some(error) = errors.first() {
        // The text holds passphrases, so no part of it is shown.
        let at = if is_json { VARIABLE.to_owned() } else { file.place(error.span.start) };
        return Err(Problem::new(format!("the variable cannot be read: {}", error.message))
            .at(at)
            .help("write in it what would stand inside of the `encryption` block, in HCL or JSON"));
    }
    if is_json {
        let inner = body.blocks.pop().and_then(|mut terraform| terraform.body.blocks.pop());
        let file = SourceFile::new(VARIABLE, written);
        return inner.map(|block| (file, block)).ok_or_else(|| {
            Problem::new("the variable's JSON is no object").at(VARIABLE).help("write one object in it")
        });
    }
    let span = Span::new(0, text.len());
    let kind = super::syntax::tree::Ident { text: "encryption".to_owned(), span };
    Ok((file, Block { kind, labels: Vec::new(), body, header: span, span }))
}

struct Reader<'c> {
    seen: Seen<'c>,
}

impl Reader<'_> {
    fn key_provider(&self, block: &Layers<'_>) -> KeyProvider {
        match block.base().and_then(|(_, base)| base.label(0)) {
            Some("pbkdf2") => self.pbkdf2(block),
            _ => KeyProvider::Other,
        }
    }

    fn method(&self, block: &Layers<'_>) -> Method {
        match block.base().and_then(|(_, base)| base.label(0)) {
            Some("aes_gcm") => self.aes_gcm(block),
            Some("unencrypted") => Method::Unencrypted,
            _ => Method::Other,
        }
    }

    fn pbkdf2(&self, block: &Layers<'_>) -> KeyProvider {
        // A key that another provider's key feeds is asked for by OpenTofu.
        if block.attribute("chain").is_some() {
            return KeyProvider::Other;
        }
        let passphrase = match self.text(block, "passphrase") {
            Some(known) => known.map(Passphrase),
            None => Err("it is not written".to_owned()),
        };
        KeyProvider::Pbkdf2(Pbkdf2 {
            passphrase,
            alias: self.text(block, "encrypted_metadata_alias").and_then(Result::ok),
        })
    }

    fn aes_gcm(&self, block: &Layers<'_>) -> Method {
        let keys = block.attribute("keys").and_then(|(_, keys)| reference(&keys.value, "key_provider"));
        let also_covered = match block.attribute("aad") {
            None => Ok(Vec::new()),
            Some((file, aad)) => self.bytes(file, &aad.value).ok_or_else(|| "its `aad` is not known".to_owned()),
        };
        Method::AesGcm { keys, also_covered }
    }

    /// Bytes are written as a list of numbers.
    fn bytes(&self, file: &SourceFile, list: &Expression) -> Option<Vec<u8>> {
        let value = self.seen.scope(file).value(list).ok()?;
        value.elements()?.iter().map(|byte| u8::try_from(byte.as_number()?.to_i64()?).ok()).collect()
    }

    /// A text that the block sets, or why it is not known; `None` when it sets none.
    fn text(&self, block: &Layers<'_>, name: &str) -> Option<Result<String, String>> {
        let (file, attribute) = block.attribute(name)?;
        let value = match self.seen.scope(file).value(&attribute.value) {
            Ok(value) => value,
            Err(_) => return Some(Err(format!("`{name}` has no value"))),
        };
        Some(match (value.as_str(), value.why_unknown()) {
            (Some(text), _) => Ok(text.to_owned()),
            (None, Some(why)) => Err(why.to_string()),
            (None, None) => Err(format!("`{name}` is no text")),
        })
    }
}

fn address(block: &Layers<'_>) -> Option<String> {
    let (_, block) = block.base()?;
    Some(format!("{}.{}", block.label(0)?, block.label(1)?))
}

/// The method of a target and those of its fallbacks, which may have fallbacks of their own.
fn tried(target: &Layers<'_>) -> Vec<String> {
    let mut names: Vec<String> =
        target.attribute("method").and_then(|(_, method)| reference(&method.value, "method")).into_iter().collect();
    for fallback in target.nested("fallback") {
        names.extend(tried(&fallback));
    }
    names
}

/// `key_provider.pbkdf2.team` as `pbkdf2.team`; in JSON the same inside of a template or as it stands.
fn reference(expression: &Expression, of: &str) -> Option<String> {
    if let Some(text) = expression.literal_text() {
        return text.strip_prefix(of)?.strip_prefix('.').map(str::to_owned);
    }
    let Kind::Traversal { root, steps } = &expression.bare().kind else { return None };
    let Kind::Variable(name) = &root.kind else { return None };
    match steps.iter().map(|step| &step.step).collect::<Vec<_>>().as_slice() {
        [TraverseStep::Attribute(kind), TraverseStep::Attribute(label)] if name == of => {
            Some(format!("{kind}.{label}"))
        }
        _ => None,
    }
}
