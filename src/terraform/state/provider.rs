//! The provider strings of states and plans, in every form that Terraform and OpenTofu have written.
//!
//! Rules: `addrs.AbsProviderConfig` (`ParseAbsProviderConfigStr`, `ParseLegacyAbsProviderConfigStr`) of Terraform, and
//! OpenTofu's trailing instance key.

use crate::model::address::Cursor;
use crate::model::{InstanceKey, Problem, ProviderRef};

/// Reads `[module.NAME.]provider["SOURCE"][.ALIAS][["KEY"]]`, or with `provider.NAME` as Terraform before 0.13 wrote it.
pub(in crate::terraform) fn parse(text: &str) -> Result<ProviderRef, Problem> {
    let mut cursor = Cursor::new("provider address", text);
    let module = cursor.module_path()?.names().map(str::to_owned).collect();
    let source = if cursor.eat("provider[\"") {
        let source = source(&cursor.quoted()?);
        if !cursor.eat("]") {
            return Err(cursor.wrong("expected `]`"));
        }
        source
    } else if cursor.eat("provider.") {
        source(cursor.name("a provider name")?)
    } else {
        return Err(cursor.wrong("expected `provider`"));
    };
    let alias = if cursor.eat(".") { Some(cursor.name("an alias")?.to_owned()) } else { None };
    let key = cursor.key()?.map(|key| match key {
        InstanceKey::Str(text) => text,
        InstanceKey::Int(number) => number.to_string(),
    });
    cursor.end()?;
    Ok(ProviderRef { source, module, alias, key })
}

/// `NAMESPACE/NAME` of a provider address: every host serves the same provider, `-` was the namespace of providers
/// that Terraform 0.12 knew without one, and a bare name is one of HashiCorp's.
pub(in crate::terraform) fn source(address: &str) -> String {
    let mut parts = address.rsplit('/');
    let name = parts.next().unwrap_or(address);
    let namespace = parts.next().filter(|namespace| *namespace != "-").unwrap_or("hashicorp");
    format!("{namespace}/{name}")
}
