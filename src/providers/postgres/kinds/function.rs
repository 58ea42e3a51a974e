//! Functions, for the ones that run with their owner's rights.

use super::FIRST_NORMAL;
use super::grant;
use super::shared::{located, said};
use crate::model::{Claims, Class, Compare, Fact, Instance, Key, Kind, Privilege, Property, Value, Weight};
use crate::providers::ResourceType;
use crate::providers::claiming::key_text;
use crate::providers::postgres::session::Unreadable;
use std::sync::Arc;
use tokio_postgres::Row;

pub static KIND: Kind = Kind {
    id: "postgres/function",
    noun: "function",
    title: "function `{schema}.{function}` of `{database}`",
    class: Class::Grant,
    key: &["database", "schema", "function"],
    properties: &[
        Property { name: "security_definer", compare: Compare::Flag(false), weight: Weight::Access },
        // No resource type says it.
        Property { name: "owner", compare: Compare::Exact, weight: Weight::Metadata },
    ],
    declared_by: &["postgresql_function"],
    about: "A function, from pg_proc, and whether it runs with the rights of its owner (`SECURITY DEFINER`). Functions that \
            run with the rights of who calls them give nobody anything, so those are expected of nobody to declare, nor are \
            those of extensions. Bodies, languages and the like are no access and are not compared.",
};

pub static TYPES: &[ResourceType] = &[ResourceType {
    name: "postgresql_function",
    claims,
    kinds: &[&KIND],
    secrets: &[],
    fills_in: &["schema", "database"],
    about: "declares one function and whose rights it runs with",
}];

fn claims(instance: &Instance, out: &mut Claims) {
    let Some(name) = key_text(instance, "name", &KIND, out) else { return };
    let Some(schema) = said(instance, "schema") else { return };
    let schema = schema.and_then(Value::as_str).filter(|name| !name.is_empty()).unwrap_or("public").to_owned();
    let arguments = instance.attributes.get("arg");
    if arguments.is_some_and(Value::has_unknown) {
        return;
    }
    let goes_in = |argument: &&Value| argument.text("mode").is_none_or(|mode| !mode.eq_ignore_ascii_case("OUT"));
    let types: Vec<_> = arguments
        .map(Value::items)
        .unwrap_or_default()
        .iter()
        .filter(goes_in)
        .map(|argument| argument.text("type").unwrap_or_default())
        .collect();
    let signature = format!("{name}({})", types.join(", "));
    // The types are as a person writes them: the live side tells which function it is.
    let Some(claim) = located(instance, &KIND, [schema, signature], out) else { return };
    claim.copy(instance, &["security_definer"]);
}

/// One function, as the server shows it.
pub(in crate::providers::postgres) struct Function {
    pub schema: String,
    pub name: String,
    arguments: String,
    pub sort: Option<&'static str>,
    definer: bool,
    pub oid: i64,
    pub of_extension: bool,
    of_superuser: bool,
    pub access: grant::Access,
    /// Whether nothing is written of who may call it.
    pub unwritten: bool,
}

/// The columns of `queries::inside::FUNCTIONS`.
pub(in crate::providers::postgres) fn read(row: &Row) -> Result<Function, Unreadable> {
    let kind: String = row.try_get(3)?;
    Ok(Function {
        schema: row.try_get(0)?,
        name: row.try_get(1)?,
        arguments: row.try_get(2)?,
        sort: grant::function::sort(&kind),
        definer: row.try_get(4)?,
        oid: row.try_get(5)?,
        of_extension: row.try_get(6)?,
        of_superuser: row.try_get(7)?,
        access: grant::Access::read(row, 8)?,
        unwritten: row.try_get(11)?,
    })
}

impl Function {
    /// The name with the types of its arguments.
    pub(in crate::providers::postgres) fn signature(&self) -> String {
        format!("{}({})", self.name, self.arguments)
    }

    /// Whether it is one of the server's own.
    pub(in crate::providers::postgres) fn of_initdb(&self) -> bool {
        self.oid < FIRST_NORMAL
    }
}

pub(in crate::providers::postgres) fn fact(one: &Function, database: &str, cluster: &Arc<str>) -> Fact {
    let owner = &one.access.owner;
    let mut fact = Fact::new(&KIND, cluster.clone(), Key::new([database, &one.schema, &one.signature()]))
        .with("security_definer", one.definer)
        .with("owner", owner.as_str());
    if one.definer {
        let superuser = if one.of_superuser { ", a superuser" } else { "" };
        fact.privilege = Privilege::Some(format!("the rights of `{owner}`{superuser}, to whoever may call it"));
    }
    let plain = [database, &one.schema, &one.name].iter().all(|name| !name.contains(['.', '(']));
    fact.import_id = plain.then(|| format!("{database}.{}.{}", one.schema, one.signature()));
    fact.vendor_made = if one.of_extension {
        Some("made by an extension".to_owned())
    } else {
        (!one.definer).then(|| "it runs with the rights of who calls it".to_owned())
    };
    fact
}
