//! From an address to the block that declares it, and to the line in it.

use super::calls::{Callee, Calls};
use super::in_block::{Spot, in_block};
use super::module::{Declared, Layers, Module};
use super::syntax::Block;
use super::{Located, NotLocated, keys, moved, related};
use crate::model::{Address, AttrPath, Location, Mode, Precision, Related};
use crate::source::SourceFile;

/// What an address leads to.
pub(super) enum Target<'a> {
    Block {
        block: Layers<'a>,
        related: Vec<Related>,
    },
    /// A module call whose module is not at hand.
    Call {
        file: &'a SourceFile,
        call: &'a Block,
        related: Vec<Related>,
    },
}

/// The block that declares the instance.
pub(super) fn find<'a>(calls: &'a Calls, address: &Address) -> Result<Target<'a>, NotLocated> {
    let followed = moved::follow(calls, address).map_err(|near| NotLocated {
        reason: format!("the `moved` blocks from `{address}` never come to an end"),
        hint: "remove those that are done with".to_owned(),
        near,
    })?;
    let address = &followed.address;
    let mut reached = calls.root().ok_or_else(|| not_declared(address, None))?;
    // Innermost first in the end.
    let mut passed = Vec::new();
    for step in &address.module.0 {
        let declared = one_of(reached.module.named("module", &[&step.name]), address, reached.module)?;
        let call = declared.view();
        let (file, block) = call.base().ok_or_else(|| not_declared(address, Some(reached.module)))?;
        let entry = keys::declares(declared, step.key.as_ref(), false).map_err(|why| {
            let step =
                format!("module.{}{}", step.name, step.key.as_ref().map(ToString::to_string).unwrap_or_default());
            without_instance(&step, &why, Some(related(file, block.header, "module call")))
        })?;
        match calls.callee(reached, &step.name) {
            Some(Callee::Module(node)) => {
                passed.push((related(file, block.header, "module call"), entry));
                reached = calls.reached(node).ok_or_else(|| not_declared(address, Some(reached.module)))?;
            }
            Some(Callee::Missing) | None => {
                return Ok(Target::Call { file, call: block, related: chain(entry, passed, followed.through) });
            }
        }
    }
    let kind = match address.mode {
        Mode::Managed => "resource",
        Mode::Data => "data",
        Mode::Ephemeral => "ephemeral",
    };
    let declared =
        one_of(reached.module.named(kind, &[&address.resource_type, &address.name]), address, reached.module)?;
    let block = declared.view();
    let entry = keys::declares(declared, address.key.as_ref(), true)
        .map_err(|why| without_instance(&address.to_string(), &why, header(&block, "block")))?;
    Ok(Target::Block { block, related: chain(entry, passed, followed.through) })
}

/// The place in what was found.
pub(super) fn place(target: Target<'_>, path: &AttrPath) -> Option<Located> {
    let (Spot { file, span, precision }, related) = match target {
        Target::Block { block, related } => (in_block(&block, &path.0)?, related),
        Target::Call { file, call, related } => {
            (Spot { file, span: call.header, precision: Precision::ModuleCall }, related)
        }
    };
    Some(Located { location: Location::of(file, span, precision), related })
}

/// The related places: the instance's own key, then the calls from the innermost outwards with their keys, then the
/// `moved` blocks.
fn chain(entry: Option<Related>, passed: Vec<(Related, Option<Related>)>, moved: Vec<Related>) -> Vec<Related> {
    let calls = passed.into_iter().rev().flat_map(|(call, entry)| std::iter::once(call).chain(entry));
    entry.into_iter().chain(calls).chain(moved).collect()
}

/// The only block among these.
fn one_of<'a>(declared: &'a [Declared], address: &Address, within: &Module) -> Result<&'a Declared, NotLocated> {
    match declared {
        [only] => Ok(only),
        [] => Err(not_declared(address, Some(within))),
        several => Err(NotLocated {
            reason: format!("`{address}` is ambiguous: {} blocks declare it", several.len()),
            hint: "keep one of them".to_owned(),
            near: several.iter().filter_map(|declared| header(&declared.view(), "block")).collect(),
        }),
    }
}

fn header(block: &Layers<'_>, role: &str) -> Option<Related> {
    block.base().map(|(file, block)| related(file, block.header, role))
}

fn not_declared(address: &Address, within: Option<&Module>) -> NotLocated {
    let directory = within.map(|module| module.shown.as_str()).filter(|shown| !shown.is_empty()).unwrap_or(".");
    let reason = format!("no block in `{directory}` declares `{address}`");
    let (reason, hint) = match within.map_or(0, |module| module.unread) {
        0 => (reason, "the block was removed or renamed, or the state belongs to another root module"),
        unread => (
            format!("{reason}; {unread} of its blocks or files could not be read"),
            "correct what could not be read, see the gaps",
        ),
    };
    NotLocated { reason, hint: hint.to_owned(), near: Vec::new() }
}

fn without_instance(what: &str, why: &str, near: Option<Related>) -> NotLocated {
    NotLocated {
        reason: format!("the block is there but does not declare `{what}`: {why}"),
        hint: "the next apply removes this instance unless a `moved` block says where it went".to_owned(),
        near: near.into_iter().collect(),
    }
}
