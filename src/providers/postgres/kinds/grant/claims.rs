//! What `postgresql_grant` declares: rules of `resource_postgresql_grant.go` of the provider.

use super::{column, database, foreign_data_wrapper, foreign_server, function, schema, sequence, table};
use crate::model::{AttrPath, Claim, Claims, Instance, Key, Kind, Strength, Value};
use crate::providers::ResourceType;
use crate::providers::claiming::{elements, key_text};

pub static TYPES: &[ResourceType] = &[ResourceType {
    name: "postgresql_grant",
    claims,
    kinds: &[
        &table::KIND,
        &sequence::KIND,
        &function::KIND,
        &schema::KIND,
        &database::KIND,
        &column::KIND,
        &foreign_data_wrapper::KIND,
        &foreign_server::KIND,
    ],
    secrets: &[],
    fills_in: &[],
    about: "declares all privileges of one role on the named objects, or on every object of a schema where it names none: a \
            privilege that it does not list is drift, and so is an object of the schema that lacks one. Without \
            `privileges` it declares that the role has none. On columns it declares its one privilege. The provider records \
            `ALL` as it is written",
}];

/// Every object of the sort in a schema.
const EVERY: &str = "every";
/// Every function of the schema, every procedure, and both.
pub(in crate::providers::postgres) const ALL_FUNCTIONS: &str = "functions";
pub(in crate::providers::postgres) const ALL_PROCEDURES: &str = "procedures";
const ALL_ROUTINES: &str = "routines";
/// A function, or all of a name, as a person wrote it.
pub(in crate::providers::postgres) const NAMED_FUNCTION: &str = "named function";

fn claims(instance: &Instance, out: &mut Claims) {
    match instance.attributes.text("object_type") {
        Some("database") => whole(instance, &database::KIND, &["database", "role"], out),
        Some("schema") => whole(instance, &schema::KIND, &["database", "schema", "role"], out),
        Some("foreign_data_wrapper") => objects(instance, &foreign_data_wrapper::KIND, &["database"], None, out),
        Some("foreign_server") => objects(instance, &foreign_server::KIND, &["database"], None, out),
        Some("table") => objects(instance, &table::KIND, &["database", "schema"], Some(EVERY), out),
        Some("sequence") => objects(instance, &sequence::KIND, &["database", "schema"], Some(EVERY), out),
        Some("function") => objects(instance, &function::KIND, &["database", "schema"], Some(ALL_FUNCTIONS), out),
        Some("procedure") => objects(instance, &function::KIND, &["database", "schema"], Some(ALL_PROCEDURES), out),
        Some("routine") => objects(instance, &function::KIND, &["database", "schema"], Some(ALL_ROUTINES), out),
        Some("column") => columns(instance, out),
        _ => drop(key_text(instance, "object_type", &table::KIND, out)),
    }
}

/// The values of these attributes; `None`, with a gap where one should be there, when not all are known.
fn texts(instance: &Instance, names: &[&str], kind: &'static Kind, out: &mut Claims) -> Option<Vec<String>> {
    names.iter().map(|name| key_text(instance, name, kind, out)).collect()
}

/// A grant on the one thing that these attributes name.
fn whole(instance: &Instance, kind: &'static Kind, names: &[&str], out: &mut Claims) {
    let Some(key) = texts(instance, names, kind, out) else { return };
    if grants_nothing(instance) {
        return rules(instance, kind, &key, out);
    }
    say(instance, out.claim(instance, kind, Key::new(key)));
}

/// A grant on objects, or on the set `every` of them where none is named.
fn objects(instance: &Instance, kind: &'static Kind, names: &[&str], every: Option<&'static str>, out: &mut Claims) {
    let Some(path) = texts(instance, names, kind, out) else { return };
    let Some(grantee) = key_text(instance, "role", kind, out) else { return };
    if instance.attributes.get("objects").is_some_and(Value::has_unknown) {
        return;
    }
    let Some(named) = elements(instance, "objects", kind, out) else { return };
    let key = |object: &str| path.iter().cloned().chain([object.to_owned(), grantee.clone()]).collect::<Vec<_>>();
    let strength = if named.len() == 1 { Strength::Own } else { Strength::Listed };
    if named.is_empty()
        && let Some(every) = every
    {
        let claim = out.sweep(instance, kind, Key::new(key("")), every);
        say(instance, claim.strength(strength));
    }
    for object in named {
        let at = AttrPath::element("objects", object);
        if *kind == function::KIND {
            let claim = out.sweep(instance, kind, Key::new(key(object)), NAMED_FUNCTION);
            say(instance, claim.at(at).strength(strength));
            // With arguments a name is none that the provider finds again.
            claim.unseen = object.contains('(');
        } else if grants_nothing(instance) {
            rules(instance, kind, &key(object), out);
        } else {
            say(instance, out.claim(instance, kind, Key::new(key(object))).at(at).strength(strength));
        }
    }
}

/// One privilege on columns of one table.
fn columns(instance: &Instance, out: &mut Claims) {
    let kind = &column::KIND;
    let Some(path) = texts(instance, &["database", "schema"], kind, out) else { return };
    let Some(grantee) = key_text(instance, "role", kind, out) else { return };
    let unknown = |name| instance.attributes.get(name).is_some_and(Value::has_unknown);
    if ["objects", "columns", "privileges"].into_iter().any(unknown) {
        return;
    }
    let Some(tables) = elements(instance, "objects", kind, out) else { return };
    let Some(columns) = elements(instance, "columns", kind, out) else { return };
    let Some(privileges) = elements(instance, "privileges", kind, out) else { return };
    let option = instance.attributes.get("with_grant_option").cloned().unwrap_or(Value::Null);
    let strength = if columns.len() == 1 { Strength::Own } else { Strength::Listed };
    for table in &tables {
        for column in &columns {
            for privilege in privileges.iter().copied().flat_map(spelled_out) {
                let end = [*table, *column, privilege, &grantee].map(str::to_owned);
                let claim = out.claim(instance, kind, Key::new(path.iter().cloned().chain(end)));
                claim.at(AttrPath::element("columns", column)).strength(strength).repeatable();
                claim
                    .set_at("grant_option", option.clone(), AttrPath::attr("with_grant_option"))
                    .unseen("grant_option");
            }
        }
    }
}

/// The privileges on a column that a word stands for.
fn spelled_out(privilege: &str) -> Vec<&str> {
    if privilege == "ALL" { crate::providers::postgres::acl::COLUMN.all.to_vec() } else { vec![privilege] }
}

/// Whether it is there to keep the role from having any privilege.
pub(in crate::providers::postgres) fn grants_nothing(instance: &Instance) -> bool {
    instance.attributes.get("privileges").is_none_or(is_nothing)
}

/// No privileges at all; the provider records `null` for them.
pub(in crate::providers::postgres) fn is_nothing(privileges: &Value) -> bool {
    privileges.is_null() || matches!(privileges, Value::List(all) if all.is_empty())
}

fn rules(instance: &Instance, kind: &'static Kind, key: &[String], out: &mut Claims) {
    let fixed = kind.key.iter().copied().zip(key.iter().cloned()).collect();
    out.authority(instance, kind, fixed, AttrPath::attr("privileges"));
}

/// The privileges, and that they may be handed on: the provider does not look at that.
pub(in crate::providers::postgres) fn say<'a>(instance: &Instance, claim: &'a mut Claim) -> &'a mut Claim {
    let privileges = instance.attributes.get("privileges").cloned().unwrap_or(Value::Null);
    let options = match instance.attributes.get("with_grant_option") {
        Some(Value::Bool(true)) => privileges.clone(),
        Some(Value::Unknown) => Value::Unknown,
        _ => Value::List(Vec::new()),
    };
    // `CREATE` of the provider takes everything away and grants what is declared.
    claim.repeatable().set("privileges", privileges);
    claim.set_at("grant_options", options, AttrPath::attr("with_grant_option")).unseen("grant_options")
}
