//! Reads what one database shows of itself, in a session of its own.

use super::kinds::{
    INSIDE, default_privileges, foreign_server, function, grant, owner, publication, schema, security_label,
    user_mapping,
};
use super::queries::{Query, inside};
use super::reading::{Reading, lost};
use super::session::Unreadable;
use super::templates::Templates;
use crate::model::{Fact, Gap, Hides, Key, Kind, Privilege, Value};
use crate::providers::Ask;
use grant::{Access, Object};
use std::collections::BTreeSet;
use std::sync::Arc;
use tokio_postgres::Row;

/// Where something is found.
pub(super) struct Place<'a> {
    pub cluster: &'a Arc<str>,
    pub database: &'a str,
}

/// One question: what it feeds, and how a row of the answer becomes facts.
struct Part {
    query: &'static Query,
    feeds: &'static [&'static Kind],
    read: Reader,
}

type Reader = fn(&Row, &Place<'_>, &Templates, &mut Vec<Fact>) -> Read;

static PARTS: &[Part] = &[
    Part { query: &inside::SCHEMAS, feeds: &[&schema::KIND, &grant::schema::KIND, &owner::KIND], read: schemas },
    Part {
        query: &inside::RELATIONS,
        feeds: &[&grant::table::KIND, &grant::sequence::KIND, &owner::KIND],
        read: relations,
    },
    Part { query: &inside::COLUMNS, feeds: &[&grant::column::KIND], read: columns },
    Part {
        query: &inside::FUNCTIONS,
        feeds: &[&function::KIND, &grant::function::KIND, &owner::KIND],
        read: functions,
    },
    Part { query: &inside::TYPES, feeds: &[&grant::types::KIND, &owner::KIND], read: types },
    Part { query: &inside::LANGUAGES, feeds: &[&grant::language::KIND, &owner::KIND], read: languages },
    Part { query: &inside::WRAPPERS, feeds: &[&grant::foreign_data_wrapper::KIND, &owner::KIND], read: wrappers },
    Part { query: &inside::SERVERS, feeds: &[&foreign_server::KIND, &grant::foreign_server::KIND], read: servers },
    Part { query: &inside::LARGE_OBJECTS, feeds: &[&grant::large_object::KIND], read: large_objects },
    Part { query: &inside::USER_MAPPINGS, feeds: &[&user_mapping::KIND], read: user_mappings },
    Part { query: &inside::PUBLICATIONS, feeds: &[&publication::KIND], read: publications },
    Part { query: &inside::LABELS, feeds: &[&security_label::KIND], read: labels },
];

/// Adds everything of the database at one moment.
pub(super) async fn read(
    reading: &mut Reading,
    place: &Place<'_>,
    ask: &Ask,
    facts: &mut Vec<Fact>,
    gaps: &mut Vec<Gap>,
) {
    if !ask.wants(INSIDE) {
        return;
    }
    let hidden = |kinds: &[&'static Kind]| Hides::Facts {
        kinds: kinds.to_vec(),
        fixed: vec![("database", place.database.to_owned())],
    };
    // Default privileges come first: they explain grants on what was made under them.
    let first = facts.len();
    let mut templates = Templates::default();
    let mut said = true;
    match reading.all(&inside::DEFAULT_PRIVILEGES, default_privileges::read).await {
        Err(error) => {
            said = false;
            lost(&error, hidden(&[&default_privileges::KIND]), place.cluster, gaps);
        }
        Ok(all) => {
            for one in all {
                default_privileges::facts(&one, place.database, place.cluster, facts);
                templates.add(&one.owner, &one.schema, one.object_type, one.held);
            }
        }
    }
    // Schemas tell which sets of objects there are.
    let wanted = |part: &&Part| ask.wants(part.feeds) || std::ptr::eq(part.query, &inside::SCHEMAS);
    for part in PARTS.iter().filter(wanted) {
        let before = facts.len();
        if let Err(error) = reading.each(part.query, |row| (part.read)(row, place, &templates, facts)).await {
            facts.truncate(before);
            lost(&error, hidden(part.feeds), place.cluster, gaps);
        }
    }
    if said {
        for owner in owners(&facts[first..], place, ask) {
            let says = |object_type| templates.say(&owner, object_type);
            default_privileges::unsaid(&owner, says, place.database, place.cluster, facts);
        }
    }
}

/// Everybody who owns something here, and those of whom something is declared.
fn owners(facts: &[Fact], place: &Place<'_>, ask: &Ask) -> BTreeSet<String> {
    let owning = facts.iter().filter(|fact| fact.properties.get("owner") == Some(&Value::Bool(true)));
    let mut owners: BTreeSet<_> = owning.filter_map(|fact| fact.key.values().last().cloned()).collect();
    let of = |key: &Key, name| key.field(&default_privileges::KIND, name).unwrap_or_default().to_owned();
    let declared = ask.claimed.iter().filter(|(id, _)| *id == default_privileges::KIND.id);
    let here = declared.filter(|(_, key)| of(key, "database") == place.database);
    owners.extend(here.map(|(_, key)| of(key, "owner")));
    owners
}

type Read = Result<(), Unreadable>;

fn schemas(row: &Row, place: &Place<'_>, templates: &Templates, out: &mut Vec<Fact>) -> Read {
    let one = schema::read(row)?;
    out.push(schema::fact(&one, place.database, place.cluster));
    let path = [place.database, &one.name];
    let object = Object { access: one.access, ..Object::new(&grant::schema::KIND, &path) };
    object.facts(templates, place.cluster, out);
    Ok(())
}

fn relations(row: &Row, place: &Place<'_>, templates: &Templates, out: &mut Vec<Fact>) -> Read {
    let (schema, name, kind): (String, String, String) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
    let path = [place.database, &schema, &name];
    let of = if kind == "S" { &grant::sequence::KIND } else { &grant::table::KIND };
    let object = Object {
        access: Access::read(row, 3)?,
        sort: grant::table::sort(&kind),
        gives: grant::table::telling(&schema, &name).map(|what| Privilege::Admin(format!("it shows {what}"))),
        listed: true,
        follows: row.try_get(6)?,
        ..Object::new(of, &path)
    };
    object.facts(templates, place.cluster, out);
    Ok(())
}

fn columns(row: &Row, place: &Place<'_>, _: &Templates, out: &mut Vec<Fact>) -> Read {
    let (schema, table, column): (String, String, String) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
    let path = [place.database, &schema, &table, &column];
    grant::column::facts(path, &Access::read(row, 3)?, place.cluster, out);
    Ok(())
}

fn functions(row: &Row, place: &Place<'_>, templates: &Templates, out: &mut Vec<Fact>) -> Read {
    let one = function::read(row)?;
    if !one.of_initdb() {
        out.push(function::fact(&one, place.database, place.cluster));
    }
    let signature = one.signature();
    let path = [place.database, &one.schema, &signature];
    let object = Object {
        access: one.access,
        sort: one.sort,
        gives: grant::function::powerful(&one.schema, &one.name),
        listed: true,
        unwritten: one.unwritten,
        follows: one.of_extension,
        ..Object::new(&grant::function::KIND, &path)
    };
    object.facts(templates, place.cluster, out);
    Ok(())
}

fn types(row: &Row, place: &Place<'_>, templates: &Templates, out: &mut Vec<Fact>) -> Read {
    let (schema, name): (String, String) = (row.try_get(0)?, row.try_get(1)?);
    let path = [place.database, &schema, &name];
    let object = Object {
        access: Access::read(row, 2)?,
        listed: true,
        unwritten: row.try_get(5)?,
        follows: row.try_get(6)?,
        ..Object::new(&grant::types::KIND, &path)
    };
    object.facts(templates, place.cluster, out);
    Ok(())
}

/// An object that only its name and database tell.
fn named(kind: &'static Kind, row: &Row, place: &Place<'_>, templates: &Templates, out: &mut Vec<Fact>) -> Read {
    let name: String = row.try_get(0)?;
    let path = [place.database, &name];
    let object = Object { access: Access::read(row, 1)?, listed: true, ..Object::new(kind, &path) };
    object.facts(templates, place.cluster, out);
    Ok(())
}

fn languages(row: &Row, place: &Place<'_>, templates: &Templates, out: &mut Vec<Fact>) -> Read {
    named(&grant::language::KIND, row, place, templates, out)
}

fn wrappers(row: &Row, place: &Place<'_>, templates: &Templates, out: &mut Vec<Fact>) -> Read {
    named(&grant::foreign_data_wrapper::KIND, row, place, templates, out)
}

fn large_objects(row: &Row, place: &Place<'_>, templates: &Templates, out: &mut Vec<Fact>) -> Read {
    named(&grant::large_object::KIND, row, place, templates, out)
}

fn servers(row: &Row, place: &Place<'_>, templates: &Templates, out: &mut Vec<Fact>) -> Read {
    let one = foreign_server::read(row)?;
    out.push(foreign_server::fact(&one, place.database, place.cluster));
    let path = [place.database, &one.name];
    let object = Object { access: one.access, ..Object::new(&grant::foreign_server::KIND, &path) };
    object.facts(templates, place.cluster, out);
    Ok(())
}

fn user_mappings(row: &Row, place: &Place<'_>, _: &Templates, out: &mut Vec<Fact>) -> Read {
    let (server, user) = user_mapping::read(row)?;
    out.push(user_mapping::fact(&server, &user, place.database, place.cluster));
    Ok(())
}

fn publications(row: &Row, place: &Place<'_>, _: &Templates, out: &mut Vec<Fact>) -> Read {
    out.push(publication::fact(publication::read(row)?, place.database, place.cluster));
    Ok(())
}

fn labels(row: &Row, place: &Place<'_>, _: &Templates, out: &mut Vec<Fact>) -> Read {
    out.push(security_label::fact(row, place.database, place.cluster)?);
    Ok(())
}
