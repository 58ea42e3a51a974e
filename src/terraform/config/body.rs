//! A resource's block as one value: arguments, and nested blocks as lists of objects, those of `dynamic` blocks too.

use super::module::Layers;
use super::resolve::Seen;
use super::syntax::Kind;
use crate::terraform::evaluate::Fault;
use crate::terraform::value::{Cause, Data, Entries, Origin, Place, Type, Val, Why};

/// Arguments and blocks that are Terraform's own and not the resource's.
const META_ARGUMENTS: [&str; 4] = ["count", "for_each", "depends_on", "provider"];
const META_BLOCKS: [&str; 3] = ["lifecycle", "connection", "provisioner"];

/// What a resource's block says, for the instance that `seen` stands for.
pub(super) fn of_resource(block: &Layers<'_>, seen: &Seen<'_>) -> Val {
    let body = of_block(block, seen);
    let Data::Object(entries) = &body.data else { return body };
    let entries: Entries =
        entries.iter().filter(|(name, _)| !is_meta(name)).map(|(name, entry)| (name.clone(), entry.clone())).collect();
    Val::object(entries).with_origin(body.origin)
}

/// Whether an argument or block is Terraform's own.
pub(super) fn is_meta(name: &str) -> bool {
    META_ARGUMENTS.contains(&name) || META_BLOCKS.contains(&name)
}

/// What a block says.
pub(super) fn of_block(block: &Layers<'_>, seen: &Seen<'_>) -> Val {
    let mut entries = Entries::new();
    for name in block.attribute_names() {
        let Some((file, attribute)) = block.attribute(name) else { continue };
        let value = seen.scope(file).value(&attribute.value).unwrap_or_else(Fault::into_unknown);
        let origin = Origin::passed(Place::new(file, attribute.span), "argument", &value.origin);
        entries.insert(name.into(), value.with_origin(origin).into());
    }
    for kind in block.nested_kinds() {
        entries.insert(kind.into(), nested(block, kind, seen).into());
    }
    let origin = block.base().map(|(file, base)| Origin::block(Place::new(file, base.header)));
    Val::object(entries).with_origin(origin.unwrap_or_default())
}

/// The blocks of one type inside of a block.
fn nested(block: &Layers<'_>, kind: &str, seen: &Seen<'_>) -> Val {
    let mut made = Vec::new();
    for inner in block.nested(kind) {
        let is_dynamic = inner.base().is_some_and(|(_, base)| base.kind.text == "dynamic");
        if !is_dynamic {
            made.push(of_block(&inner, seen));
            continue;
        }
        match dynamic(&inner, kind, seen) {
            Ok(blocks) => made.extend(blocks),
            // How many there are is not known: neither are those beside it.
            Err(why) => return Val::unknown(Type::Dynamic, why),
        }
    }
    let origin = match block.nested(kind).as_slice() {
        [only] => only.base().map(|(file, base)| Origin::block(Place::new(file, base.header))),
        _ => None,
    };
    Val::tuple(made).with_origin(origin.unwrap_or_default())
}

/// The blocks that a `dynamic` block makes.
fn dynamic(block: &Layers<'_>, kind: &str, seen: &Seen<'_>) -> Result<Vec<Val>, Why> {
    let missing = |what: &str| Why::new(Cause::Error, format!("the `dynamic` block has no `{what}`"));
    let (file, for_each) = block.attribute("for_each").ok_or_else(|| missing("for_each"))?;
    let iterator = match block.attribute("iterator").map(|(_, attribute)| &attribute.value) {
        None => kind.to_owned(),
        Some(expression) => match &expression.kind {
            Kind::Variable(name) => name.clone(),
            _ => expression.literal_text().ok_or_else(|| missing("iterator"))?.into_owned(),
        },
    };
    let contents = block.nested("content");
    let content = contents.first().ok_or_else(|| missing("content"))?;
    let collection = seen.scope(file).value(&for_each.value).map_err(Fault::into_why)?;
    let passed = Origin::passed(Place::new(file, for_each.span), "for_each", &collection.origin);
    let elements =
        seen.scope(file).elements(&collection.with_origin(passed), for_each.span).map_err(Fault::into_why)?;
    let header = block.base().map(|(file, base)| Origin::block(Place::new(file, base.header)));
    let each = elements.map_err(|why| (*why).clone())?.into_iter().map(|(key, value)| {
        let iterated = [("key", key), ("value", value)].map(|(name, value)| (name.into(), value.into()));
        let made = of_block(content, &seen.with(&iterator, Val::object(iterated.into_iter().collect())));
        made.with_origin(header.clone().unwrap_or_default())
    });
    Ok(each.collect())
}
