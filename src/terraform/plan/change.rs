//! One object in a plan: what was recorded of it, what is wanted of it.

use super::configuration::Configuration;
use super::{DAMAGED, Entry};
use crate::model::{Address, Problem, ProviderRef, Value};
use crate::terraform::state::text::{self, Text};
use crate::terraform::state::{Masks, mirror, secrets};
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

/// What a plan says of one managed object.
#[derive(Debug, Clone)]
pub struct Change {
    pub address: Address,
    /// Where the state has it, when a `moved` block renames it.
    pub previous_address: Option<Address>,
    /// The alias is missing when the plan's configuration does not hold the resource any more, and for a module that
    /// Terraform before 1.1 passed a provider to.
    pub provider: ProviderRef,
    /// Key of a deposed object; `None` for the current one.
    pub deposed: Option<String>,
    /// `None` for an object that nothing is planned for.
    pub action: Option<Action>,
    /// An `import` block brings it under management: it is live, and no state has recorded it yet.
    pub importing: bool,
    text: Arc<Text>,
    /// Attributes that are secret whether or not the plan marks them so.
    secrets: &'static [&'static str],
    /// Whether what the provider's schema calls sensitive is marked.
    is_marked: bool,
    recorded: Option<Side>,
    seen: Option<Seen>,
    wanted: Wanted,
}

/// What an apply would do to an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    NoOp,
    Create,
    Update,
    Delete,
    /// In either order.
    Replace,
    /// Out of the state, not out of the system.
    Forget,
    /// Made anew, and the old object left to itself.
    CreateForget,
}

/// What is wanted of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Desired {
    /// The attributes after the apply; what the apply decides is [`Value::Unknown`].
    Value(Value),
    /// Not to be there any more, or not to be managed any more.
    Gone,
    /// The plan does not say.
    NotPlanned,
}

/// What the refresh before the plan saw of an object that was changed outside of Terraform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Drift {
    /// It is not there any more.
    Gone,
    Changed(Vec<Changed>),
}

/// An attribute that differs. What is secret on one side is hidden on all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    pub name: String,
    pub recorded: Value,
    pub seen: Value,
    /// `None` when the plan does not say, or will know only by applying.
    pub wanted: Option<Value>,
    pub wants: Wants,
}

/// What a plan wants of an attribute that was changed outside of Terraform: told before secrets are hidden.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wants {
    NotSaid,
    WhatIsRecorded,
    WhatIsSeen,
    Another,
}

/// As the refresh saw it.
#[derive(Debug, Clone)]
enum Seen {
    Gone,
    Value(Side),
}

/// Attributes and the marks of their secrets, as they stand in the text.
#[derive(Debug, Clone)]
struct Side {
    value: Range<usize>,
    sensitive: Option<Range<usize>>,
}

#[derive(Debug, Clone)]
enum Wanted {
    Value { after: Side, unknown: Option<Range<usize>> },
    Gone,
    NotPlanned,
}

impl Change {
    /// The attributes that the last apply left in the state; `None` when it recorded no such object. A plan's `before`
    /// is the refreshed object, so for one that was found changed they are those that `resource_drift` begins with.
    pub fn recorded(&self) -> Result<Option<Value>, Problem> {
        self.recorded.as_ref().map(|side| self.attributes(side, None)).transpose()
    }

    /// What is wanted, with secrets masked.
    pub fn desired(&self) -> Result<Desired, Problem> {
        Ok(match &self.wanted {
            Wanted::Value { after, unknown } => Desired::Value(self.attributes(after, unknown.as_ref())?),
            Wanted::Gone => Desired::Gone,
            Wanted::NotPlanned => Desired::NotPlanned,
        })
    }

    /// What was found changed outside of Terraform; `None` when nothing was.
    pub fn drift(&self) -> Result<Option<Drift>, Problem> {
        let (Some(recorded), Some(seen)) = (&self.recorded, &self.seen) else { return Ok(None) };
        let Seen::Value(seen) = seen else { return Ok(Some(Drift::Gone)) };
        let wanted = match &self.wanted {
            Wanted::Value { after, unknown } => Some((after, unknown.as_ref())),
            Wanted::Gone | Wanted::NotPlanned => None,
        };
        let (old, new) = (self.raw(recorded, None)?, self.raw(seen, None)?);
        let want = wanted.map(|(after, unknown)| self.raw(after, unknown)).transpose()?;
        let marks = [Some(recorded), Some(seen), wanted.map(|(after, _)| after)];
        let marks: Vec<_> = marks.into_iter().flatten().filter_map(|side| side.sensitive.as_ref()).collect();
        let hidden = |fields: &secrets::Fields| -> Result<secrets::Fields, Problem> {
            let mut fields = fields.clone();
            for range in &marks {
                mirror::hide(&mut fields, &self.parse(range)?);
            }
            secrets::hide_named(&mut fields, self.secrets);
            if self.is_marked {
                secrets::hide_telling(&mut fields);
            } else {
                fields.values_mut().for_each(secrets::hide_texts);
            }
            Ok(fields)
        };
        let (shown_old, shown_new) = (hidden(&old)?, hidden(&new)?);
        let shown_want = want.as_ref().map(hidden).transpose()?;
        let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
        let value = |fields: &secrets::Fields, name: &str| fields.get(name).cloned().unwrap_or(Value::Null);
        let changed = names.into_iter().filter(|name| !same(old.get(*name), new.get(*name))).map(|name| {
            let said = want.as_ref().map(|want| want.get(name)).filter(|said| !said.is_some_and(Value::has_unknown));
            Changed {
                name: name.clone(),
                recorded: value(&shown_old, name),
                seen: value(&shown_new, name),
                wanted: shown_want.as_ref().filter(|_| said.is_some()).map(|want| value(want, name)),
                wants: match said {
                    None => Wants::NotSaid,
                    Some(said) if same(said, old.get(name)) => Wants::WhatIsRecorded,
                    Some(said) if same(said, new.get(name)) => Wants::WhatIsSeen,
                    Some(_) => Wants::Another,
                },
            }
        });
        Ok(Some(Drift::Changed(changed.collect())))
    }

    fn attributes(&self, side: &Side, unknown: Option<&Range<usize>>) -> Result<Value, Problem> {
        let mut attributes = self.raw(side, unknown)?;
        if let Some(range) = &side.sensitive {
            mirror::hide(&mut attributes, &self.parse(range)?);
        }
        secrets::hide_named(&mut attributes, self.secrets);
        Ok(Value::Map(attributes))
    }

    /// With its secrets: for comparing alone.
    fn raw(&self, side: &Side, unknown: Option<&Range<usize>>) -> Result<secrets::Fields, Problem> {
        let fields: serde_json::Map<String, serde_json::Value> = self.parse(&side.value)?;
        let mut value = Value::Map(secrets::fields(fields));
        if let Some(range) = unknown {
            mirror::unknown(&mut value, &self.parse(range)?);
        }
        Ok(match value {
            Value::Map(attributes) => attributes,
            // Nothing is known of the whole object.
            _ => secrets::Fields::new(),
        })
    }

    fn parse<T: DeserializeOwned>(&self, range: &Range<usize>) -> Result<T, Problem> {
        serde_json::from_str(self.text.slice(range)).map_err(|error| {
            let (address, reason) = (&self.address, text::reason(&error));
            Problem::new(format!("the attributes of `{address}` in the plan cannot be read: {reason}"))
                .at(self.text.path())
                .help(DAMAGED)
        })
    }
}

/// Whether two values of an attribute are the same: providers give back an absent one as `null`, empty or not at all.
fn same(a: Option<&Value>, b: Option<&Value>) -> bool {
    let says = |value: &&Value| match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::List(items) => !items.is_empty(),
        Value::Map(fields) => !fields.is_empty(),
        _ => true,
    };
    a.filter(says) == b.filter(says)
}

/// What all changes of one plan share while they are taken apart.
pub(super) struct Shelf<'a> {
    pub(super) text: &'a Arc<Text>,
    pub(super) configuration: &'a Configuration,
    pub(super) masks: Masks<'a>,
    /// Whether what a provider's schema calls sensitive is marked.
    pub(super) is_marked: bool,
}

impl Shelf<'_> {
    /// An entry of `resource_changes`, with what was found changed of the same object.
    pub(super) fn planned(
        &self,
        address: Address,
        entry: &Entry<'_>,
        drift: Option<&Entry<'_>>,
    ) -> Result<Change, Problem> {
        let action = self.action(entry)?;
        let mut change = match drift {
            Some(drift) => self.drifted(address, drift)?,
            None => self.not_planned(address, entry)?,
        };
        change.previous_address = self.previous(entry)?;
        change.action = Some(action);
        change.importing = entry.change.importing.is_some();
        if change.importing {
            change.recorded = None;
        }
        change.wanted = match action {
            Action::Delete | Action::Forget => Wanted::Gone,
            Action::NoOp | Action::Create | Action::Update | Action::Replace | Action::CreateForget => {
                match self.side(entry.change.after, entry.change.after_sensitive) {
                    Some(after) => Wanted::Value { after, unknown: self.range(entry.change.after_unknown) },
                    None => return Err(self.broken(entry, "it has no `after`")),
                }
            }
        };
        Ok(change)
    }

    /// An entry of `resource_drift`.
    pub(super) fn drifted(&self, address: Address, entry: &Entry<'_>) -> Result<Change, Problem> {
        let seen = match self.side(entry.change.after, entry.change.after_sensitive) {
            Some(side) => Seen::Value(side),
            None => Seen::Gone,
        };
        Ok(Change { seen: Some(seen), ..self.not_planned(address, entry)? })
    }

    /// An entry of an object that nothing is planned for.
    pub(super) fn not_planned(&self, address: Address, entry: &Entry<'_>) -> Result<Change, Problem> {
        Ok(Change {
            previous_address: self.previous(entry)?,
            provider: self.configuration.provider(&address, entry.provider_name.as_deref().unwrap_or_default()),
            deposed: entry.deposed.clone(),
            action: None,
            importing: false,
            text: self.text.clone(),
            secrets: (self.masks)(&address.resource_type),
            is_marked: self.is_marked,
            recorded: self.side(entry.change.before, entry.change.before_sensitive),
            seen: None,
            wanted: Wanted::NotPlanned,
            address,
        })
    }

    fn action(&self, entry: &Entry<'_>) -> Result<Action, Problem> {
        let actions: Vec<&str> = entry.change.actions.iter().map(String::as_str).collect();
        match actions.as_slice() {
            ["no-op"] => Ok(Action::NoOp),
            ["create"] => Ok(Action::Create),
            ["update"] => Ok(Action::Update),
            ["delete"] => Ok(Action::Delete),
            ["delete", "create"] | ["create", "delete"] => Ok(Action::Replace),
            ["forget"] => Ok(Action::Forget),
            ["create", "forget"] | ["forget", "create"] => Ok(Action::CreateForget),
            actions => Err(self.broken(entry, &format!("its actions `{}` are not known", actions.join("`, `")))),
        }
    }

    fn previous(&self, entry: &Entry<'_>) -> Result<Option<Address>, Problem> {
        let parsed = entry.previous_address.as_deref().map(str::parse).transpose();
        parsed.map_err(|problem: Problem| self.broken(entry, &problem.message))
    }

    fn side(&self, value: Option<&RawValue>, sensitive: Option<&RawValue>) -> Option<Side> {
        value.map(|value| Side { value: self.text.range(value), sensitive: self.range(sensitive) })
    }

    fn range(&self, raw: Option<&RawValue>) -> Option<Range<usize>> {
        raw.map(|raw| self.text.range(raw))
    }

    fn broken(&self, entry: &Entry<'_>, why: &str) -> Problem {
        Problem::new(format!("resource `{}` in the plan cannot be read: {why}", entry.address))
            .at(self.text.path())
            .help("use a newer driftline if a newer Terraform or OpenTofu made the plan")
    }
}
