//! Which name means what.

use super::{BlockName, Inside, Seen};
use crate::model::Mode;
use crate::terraform::evaluate::{Fault, Names, Stepped};
use crate::terraform::value::{Origin, Place, Val};

impl Names for Seen<'_> {
    fn look_up(&self, root: &str, steps: &[Stepped], at: &Place) -> Result<(Val, usize), Fault> {
        let fault = |message: String| Err(Fault::new(at.clone(), message));
        let first = match steps.first() {
            Some(Stepped::Name(name)) => Some(&**name),
            _ => None,
        };
        if let Some((_, value)) = self.iterators.iter().rev().find(|(name, _)| name == root) {
            return Ok((value.clone(), 0));
        }
        let inside = self.inside;
        let one = |value: Option<Val>| match value {
            Some(value) => Ok((value, 1)),
            None => Err(Fault::new(at.clone(), format!("`{root}` has no such name"))),
        };
        match (root, first) {
            ("var", Some(name)) => Ok((inside.variable(name), 1)),
            ("local", Some(name)) => Ok((inside.local(name), 1)),
            ("path", Some(name)) => one(inside.path_value(name).map(|value| value.with_origin(reference(at)))),
            ("terraform" | "tofu", Some("workspace")) => {
                let workspace = Val::string(inside.view.resolver.workspace.as_str());
                Ok((workspace.with_origin(reference(at)), 1))
            }
            ("each", Some(name)) => one(self.repetition.each.as_ref().and_then(|(key, value)| match name {
                "key" => Some(key.clone()),
                "value" => Some(value.clone()),
                _ => None,
            })),
            ("count", Some("index")) => one(self.repetition.count.clone()),
            ("module", Some(name)) => {
                let (value, taken) = inside.module_call(name, &steps[1..], at)?;
                Ok((value, taken + 1))
            }
            ("data", Some(kind)) => self.resource(Mode::Data, kind, &steps[1..], at).map(|(value, n)| (value, n + 1)),
            ("resource", Some(kind)) => {
                self.resource(Mode::Managed, kind, &steps[1..], at).map(|(value, n)| (value, n + 1))
            }
            ("ephemeral", Some(kind)) => {
                self.resource(Mode::Ephemeral, kind, &steps[1..], at).map(|(value, n)| (value, n + 1))
            }
            ("var" | "local" | "path" | "terraform" | "tofu" | "each" | "count" | "module" | "data" | "self", _) => {
                fault(format!("`{root}` has no value here"))
            }
            (kind, Some(_)) => self.resource(Mode::Managed, kind, steps, at),
            (name, None) => fault(format!("`{name}` means nothing here")),
        }
    }
}

impl Seen<'_> {
    /// A resource; the name is the first step.
    fn resource(&self, mode: Mode, kind: &str, steps: &[Stepped], at: &Place) -> Result<(Val, usize), Fault> {
        let Some((Stepped::Name(name), rest)) = steps.split_first() else {
            return Err(Fault::new(at.clone(), format!("`{kind}` must be followed by a name")));
        };
        let block = BlockName::Resource(mode, kind.to_owned(), name.to_string());
        let (value, taken) = self.inside.resource(&block, rest, at)?;
        Ok((value, taken + 1))
    }
}

impl Inside<'_> {
    /// `path.module`, `path.root`, `path.cwd`.
    fn path_value(&self, name: &str) -> Option<Val> {
        Some(match name {
            "root" => Val::string("."),
            "cwd" => Val::string(self.view.resolver.files.root().to_string_lossy()),
            "module" => {
                let root = self.view.calls.root().map_or("", |root| root.module.shown.as_str());
                Val::string(relative(root, &self.reached.module.shown))
            }
            _ => return None,
        })
    }
}

/// The origin of a value that a reference fetches from where nothing is written.
fn reference(at: &Place) -> Origin {
    Origin::reference(at.clone(), Origin::none())
}

/// The way from one directory to another, both shown the same way.
fn relative(from: &str, to: &str) -> String {
    let parts = |path: &str| path.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    let (from, to) = (parts(from), parts(to));
    let same = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = std::iter::repeat_n("..".to_owned(), from.len() - same);
    let way: Vec<String> = up.chain(to.into_iter().skip(same)).collect();
    if way.is_empty() { ".".to_owned() } else { way.join("/") }
}
