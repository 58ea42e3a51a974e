//! `moved` blocks: where the object that a state knows by an old address is declared now.
//!
//! Rules: `internal/refactoring` and `addrs.MoveEndpoint` of Terraform 1.11.

use super::calls::{Callee, Calls};
use super::module::{Declared, Module};
use super::syntax::tree::{Traverse, TraverseStep};
use super::syntax::{self, Expression, Kind};
use crate::model::address::ModuleStep;
use crate::model::{Address, InstanceKey, Mode, ModulePath, Related};
use crate::source::SourceFile;
use crate::source::Span;
use std::collections::HashSet;

/// One end of a `moved` block, relative to the module it stands in.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Endpoint {
    modules: Vec<ModuleStep>,
    /// `None` when a module is moved.
    resource: Option<(Mode, String, String)>,
    key: Option<InstanceKey>,
}

/// How many `moved` blocks are followed from one address: a module that is moved into itself never comes to an end.
const MAX_STEPS: usize = 500;

/// One `moved` block.
#[derive(Debug)]
pub(super) struct Statement {
    from: Endpoint,
    to: Endpoint,
    file: SourceFile,
    header: Span,
}

/// Where following an address has led.
pub(super) struct Followed {
    pub(super) address: Address,
    /// The `moved` blocks on the way, the first one first.
    pub(super) through: Vec<Related>,
}

/// Follows the `moved` blocks from an address to the last one; `Err` when they lead in a circle or never end.
pub(super) fn follow(calls: &Calls, address: &Address) -> Result<Followed, Vec<Related>> {
    let mut seen = HashSet::from([address.clone()]);
    let mut followed = Followed { address: address.clone(), through: Vec::new() };
    while let Some((next, through)) = step(calls, &followed.address) {
        followed.through.push(through);
        if !seen.insert(next.clone()) || seen.len() > MAX_STEPS {
            return Err(followed.through);
        }
        followed.address = next;
    }
    Ok(followed)
}

/// The address after one `moved` block, tried from the root module inwards.
fn step(calls: &Calls, address: &Address) -> Option<(Address, Related)> {
    let mut module = calls.root();
    let mut path = address.module.0.iter();
    while let Some(reached) = module {
        let next = reached.module.moved().iter().find_map(|statement| {
            let next = statement.apply(reached.path.len(), address)?;
            Some((next, super::related(&statement.file, statement.header, "moved")))
        });
        if next.is_some() {
            return next;
        }
        module = match path.next().and_then(|step| calls.callee(reached, &step.name)) {
            Some(Callee::Module(node)) => calls.reached(node),
            _ => None,
        };
    }
    None
}

/// The `moved` blocks of a module whose ends can be read.
pub(super) fn statements(module: &Module) -> Vec<Statement> {
    let read = |moved: &Declared| {
        let view = moved.view();
        let (file, block) = view.base()?;
        let end = |name: &str| endpoint(&block.body.attribute(name)?.value);
        Some(Statement { from: end("from")?, to: end("to")?, file: file.clone(), header: block.header })
    };
    module.all("moved").filter_map(read).collect()
}

impl Statement {
    /// The new address, when this statement moves the old one. `above` is how many modules stand above the statement.
    fn apply(&self, above: usize, address: &Address) -> Option<Address> {
        let (outer, inner) = address.module.0.split_at_checked(above)?;
        match (&self.from.resource, &self.to.resource) {
            (Some(from), Some((mode, resource_type, name))) => {
                let (mode_then, type_then, name_then) = from;
                let here =
                    *mode_then == address.mode && *type_then == address.resource_type && *name_then == address.name;
                if !here || inner != self.from.modules {
                    return None;
                }
                let mut moved = address.clone();
                // Without a key on either side the whole resource is moved, and the instances keep their keys.
                if self.from.key.is_some() || self.to.key.is_some() {
                    if self.from.key != address.key {
                        return None;
                    }
                    moved.key = self.to.key.clone();
                }
                (moved.mode, moved.resource_type, moved.name) = (*mode, resource_type.clone(), name.clone());
                moved.module = ModulePath(outer.iter().chain(&self.to.modules).cloned().collect());
                Some(moved)
            }
            (None, None) => {
                let (last_from, before_from) = self.from.modules.split_last()?;
                let (last_to, before_to) = self.to.modules.split_last()?;
                let (before, rest) = inner.split_at_checked(before_from.len())?;
                let (moving, rest) = rest.split_first()?;
                if before != before_from || moving.name != last_from.name {
                    return None;
                }
                let mut landed = last_to.clone();
                if last_from.key.is_none() && last_to.key.is_none() {
                    landed.key = moving.key.clone();
                } else if last_from.key != moving.key {
                    return None;
                }
                let path = outer.iter().chain(before_to).chain([&landed]).chain(rest);
                Some(Address { module: ModulePath(path.cloned().collect()), ..address.clone() })
            }
            _ => None,
        }
    }
}

/// What `from` or `to` names; in JSON it is written as a string.
fn endpoint(value: &Expression) -> Option<Endpoint> {
    if let Kind::Template(template) = &value.kind {
        let parsed = syntax::parse_expression(&template.literal_text()?).ok()?;
        return endpoint_of(&parsed);
    }
    endpoint_of(value)
}

fn endpoint_of(expression: &Expression) -> Option<Endpoint> {
    let Kind::Traversal { root, steps } = &expression.kind else { return None };
    let Kind::Variable(first) = &root.kind else { return None };
    let mut steps = steps.as_slice();
    let mut word = first.as_str();
    let mut modules = Vec::new();
    while word == "module" {
        let name = attribute(&mut steps)?.to_owned();
        modules.push(ModuleStep { name, key: index(&mut steps)? });
        if steps.is_empty() {
            return Some(Endpoint { modules, resource: None, key: None });
        }
        word = attribute(&mut steps)?;
    }
    let mode = match word {
        "data" => Mode::Data,
        "ephemeral" => Mode::Ephemeral,
        _ => Mode::Managed,
    };
    let resource_type = if mode == Mode::Managed { word } else { attribute(&mut steps)? }.to_owned();
    let name = attribute(&mut steps)?.to_owned();
    let key = index(&mut steps)?;
    steps.is_empty().then_some(Endpoint { modules, resource: Some((mode, resource_type, name)), key })
}

fn attribute<'a>(steps: &mut &'a [Traverse]) -> Option<&'a str> {
    let (first, rest) = steps.split_first()?;
    let TraverseStep::Attribute(name) = &first.step else { return None };
    *steps = rest;
    Some(name)
}

/// The instance key, when the next step is one. `None` when it is no literal.
fn index(steps: &mut &[Traverse]) -> Option<Option<InstanceKey>> {
    let Some((Traverse { step: TraverseStep::Index(key), .. }, rest)) = steps.split_first() else { return Some(None) };
    *steps = rest;
    match &key.kind {
        Kind::Number(digits) => Some(Some(InstanceKey::Int(digits.parse().ok()?))),
        Kind::Template(template) => Some(Some(InstanceKey::Str(template.literal_text()?.into_owned()))),
        _ => None,
    }
}
