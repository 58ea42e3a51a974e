//! Writes an observation as a snapshot.

use super::v1;
use crate::model::{self, Kind, Observation, Precision, Problem};
use serde::Serialize;
use std::collections::BTreeMap;

/// The text of a snapshot file. `kinds` are those that were asked for: what is not among them was not looked at.
///
/// The order of facts and gaps does not matter: the same observation gives the same bytes.
pub fn save(
    observation: &Observation,
    kinds: &[&'static Kind],
    taken_at: &str,
    tool_version: &str,
) -> Result<String, Problem> {
    write(observation, kinds, taken_at, tool_version)
        .map_err(|error| Problem::new(format!("the snapshot cannot be written: {error}")))
}

fn write(
    observation: &Observation,
    kinds: &[&'static Kind],
    taken_at: &str,
    tool_version: &str,
) -> Result<String, serde_json::Error> {
    let kinds = coverage(kinds);
    let scopes = in_order(observation.scopes.iter().map(scope))?;
    let facts = in_order(observation.facts.iter().map(fact))?;
    let gaps = in_order(observation.gaps.iter().map(gap))?;
    let content = v1::Content { taken_at, tool_version, kinds: &kinds, scopes: &scopes, facts: &facts, gaps: &gaps };
    let fields = [
        ("format", serde_json::to_string(v1::FORMAT)?),
        ("version", v1::VERSION.to_string()),
        ("sha256", serde_json::to_string(&content.sha256()?)?),
        ("taken_at", serde_json::to_string(taken_at)?),
        ("tool_version", serde_json::to_string(tool_version)?),
        ("kinds", serde_json::to_string(&kinds)?),
        ("scopes", by_lines(&scopes)?),
        ("facts", by_lines(&facts)?),
        ("gaps", by_lines(&gaps)?),
    ];
    let fields: Vec<_> = fields.iter().map(|(name, value)| format!("\"{name}\": {value}")).collect();
    Ok(format!("{{\n{}\n}}\n", fields.join(",\n")))
}

/// Which kinds were asked for, and what this version reads of them.
fn coverage(kinds: &[&'static Kind]) -> BTreeMap<String, v1::Coverage> {
    let of = |kind: &Kind| v1::Coverage {
        key: kind.key.iter().map(|field| (*field).to_owned()).collect(),
        properties: kind.properties.iter().map(|property| property.name.to_owned()).collect(),
    };
    kinds.iter().map(|kind| (kind.id.to_owned(), of(kind))).collect()
}

/// Sorted by what is written of each: facts begin with their kind, their scope and their key.
fn in_order<T: Serialize>(items: impl Iterator<Item = T>) -> Result<Vec<T>, serde_json::Error> {
    let mut items: Vec<_> =
        items.map(|item| Ok((serde_json::to_string(&item)?, item))).collect::<Result<_, serde_json::Error>>()?;
    items.sort_by(|(a, _), (b, _)| a.cmp(b));
    Ok(items.into_iter().map(|(_, item)| item).collect())
}

/// A list with one item on each line, so that two snapshots can be compared by `diff`.
fn by_lines<T: Serialize>(items: &[T]) -> Result<String, serde_json::Error> {
    let lines: Vec<_> = items.iter().map(serde_json::to_string).collect::<Result<_, _>>()?;
    Ok(if lines.is_empty() { "[]".to_owned() } else { format!("[\n  {}\n]", lines.join(",\n  ")) })
}

fn scope(scope: &model::Scope) -> v1::Scope {
    v1::Scope {
        system: scope.system.clone(),
        id: scope.id.to_string(),
        identity: scope.identity.clone(),
        facts: scope.facts,
        requests: scope.requests,
        complete: scope.complete,
    }
}

fn fact(fact: &model::Fact) -> v1::Fact {
    let saved = |(name, value): (&&str, &model::Value)| ((*name).to_owned(), v1::Saved(value.clone()));
    v1::Fact {
        kind: fact.kind.id.to_owned(),
        scope: fact.scope.to_string(),
        key: fact.key.values().to_vec(),
        properties: fact.properties.iter().map(saved).collect(),
        unique_id: fact.unique_id.clone(),
        import_id: fact.import_id.clone(),
        created: fact.created.clone(),
        last_used: fact.last_used.clone(),
        vendor_made: fact.vendor_made.clone(),
        privilege: privilege(&fact.privilege),
        holder: fact
            .holder
            .as_ref()
            .map(|(kind, key)| v1::Holder { kind: kind.id.to_owned(), key: key.values().to_vec() }),
    }
}

fn privilege(privilege: &model::Privilege) -> v1::Privilege {
    match privilege {
        model::Privilege::None => v1::Privilege::None,
        model::Privilege::Some(reason) => v1::Privilege::Some(reason.clone()),
        model::Privilege::Admin(reason) => v1::Privilege::Admin(reason.clone()),
        model::Privilege::Public(reason) => v1::Privilege::Public(reason.clone()),
    }
}

fn gap(gap: &model::Gap) -> v1::Gap {
    v1::Gap {
        code: gap.code.to_string(),
        system: gap.system.clone(),
        scope: gap.scope.as_ref().map(ToString::to_string),
        hides: hides(&gap.hides),
        reason: gap.reason.clone(),
        hint: gap.hint.clone(),
        location: gap.location.as_ref().map(location),
    }
}

fn hides(hides: &model::Hides) -> v1::Hides {
    let ids = |kinds: &[&'static Kind]| kinds.iter().map(|kind| kind.id.to_owned()).collect();
    let texts = |fixed: &[(&'static str, String)]| {
        fixed.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
    };
    match hides {
        model::Hides::Facts { kinds, fixed } => v1::Hides::Facts { kinds: ids(kinds), fixed: texts(fixed) },
        model::Hides::Properties { kind, properties, fixed } => v1::Hides::Properties {
            kind: kind.id.to_owned(),
            properties: properties.iter().map(|name| (*name).to_owned()).collect(),
            fixed: texts(fixed),
        },
        model::Hides::Claims { kinds } => v1::Hides::Claims { kinds: ids(kinds) },
        model::Hides::Desired => v1::Hides::Desired,
        model::Hides::Unread(what) => v1::Hides::Unread { what: what.clone() },
        model::Hides::Lines => v1::Hides::Lines,
    }
}

fn location(location: &model::Location) -> v1::Location {
    v1::Location {
        path: location.path.clone(),
        line: location.line,
        column: location.column,
        end_line: location.end_line,
        end_column: location.end_column,
        precision: match location.precision {
            Precision::Value => v1::Precision::Value,
            Precision::Attribute => v1::Precision::Attribute,
            Precision::Block => v1::Precision::Block,
            Precision::ModuleCall => v1::Precision::ModuleCall,
            Precision::State => v1::Precision::State,
        },
        excerpt: location.excerpt.clone(),
    }
}
