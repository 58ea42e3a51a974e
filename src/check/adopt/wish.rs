//! What an instance is to say: the value that it has then, from the one that it has now.

use crate::compare::Said;
use crate::model::{AttrPath, Change, Compare, Finding, SeenBy, Step, Value};
use crate::policy;

/// One change of what an instance says.
#[derive(Debug, Clone, PartialEq)]
pub enum Wish {
    /// This value at the path; `Null` for none.
    Set(AttrPath, Value),
    /// One more element in the list at the path.
    Add(AttrPath, Value),
    /// One less.
    Drop(AttrPath, Value),
    /// A policy document at the path that means the same as this one.
    Document(AttrPath, String),
    /// The list at the path is to have these elements; the others are those that it is recorded with.
    Elements(AttrPath, Vec<Value>, Vec<Value>),
    /// The instance is to be declared no more.
    Gone,
    /// Several, one after the other.
    All(Vec<Wish>),
}

impl Wish {
    /// What would make the source agree with what is live, the likeliest first.
    ///
    /// # Errors
    /// Why that cannot be said.
    pub fn of(finding: &Finding, said: &Said<'_>) -> Result<Vec<Wish>, String> {
        let one = match finding.change {
            Change::Added => return added(finding, said),
            Change::Removed => match said.at.0.split_last() {
                Some((Step::Element(text), list)) => Wish::Drop(AttrPath(list.to_vec()), text.as_str().into()),
                _ => return Err("it is one of several things that its argument says".to_owned()),
            },
            Change::Missing => Wish::Gone,
            Change::Modified if finding.seen_by() == SeenBy::Terraform => seen(finding, said)?,
            Change::Modified => modified(finding, said)?,
            // The others are about no value that the source could say.
            _ => return Err("there is no value to take over".to_owned()),
        };
        Ok(vec![one])
    }
}

/// A member that an authority does not list: a field of its key names it, the likeliest the one that the list is named for.
/// Which one it is the resource type tells, once it is listed.
fn added(finding: &Finding, said: &Said<'_>) -> Result<Vec<Wish>, String> {
    let listed = match said.at.0.last() {
        Some(Step::Attr(name)) => name.trim_end_matches('s'),
        _ => return Err("what is live takes more than one element of a list".to_owned()),
    };
    let named = |field: &str| listed.contains(field) || field.contains(listed);
    let fields = || finding.kind.key.iter().zip(finding.key.values());
    let likely = fields().filter(|(field, _)| named(field));
    let mut members: Vec<&String> =
        likely.chain(fields().rev().filter(|(field, _)| !named(field))).map(|(_, v)| v).collect();
    let mut seen = Vec::new();
    members.retain(|member| {
        let is_new = !seen.contains(member);
        seen.push(*member);
        is_new
    });
    Ok(members.into_iter().map(|member| Wish::Add(said.at.clone(), member.as_str().into())).collect())
}

/// What Terraform saw changed stands by the names of attributes: one that the source sets can be taken over.
fn seen(finding: &Finding, said: &Said<'_>) -> Result<Wish, String> {
    let live = match said.at.0.as_slice() {
        [Step::Attr(name)] => finding.live.as_ref().and_then(|live| live.get(name)),
        _ => None,
    };
    let live = live.ok_or("it is more than one argument of the source that differs")?;
    told(live)?;
    Ok(Wish::Set(said.at.clone(), live.clone()))
}

fn told(live: &Value) -> Result<(), String> {
    if live.has_secret() || live.has_unknown() {
        return Err("the live value is secret or not known".to_owned());
    }
    Ok(())
}

fn modified(finding: &Finding, said: &Said<'_>) -> Result<Wish, String> {
    let live = finding.live.as_ref().ok_or("the live value is not known")?;
    told(live)?;
    let declared = finding.recorded.as_ref().or(finding.desired.as_ref()).unwrap_or(&Value::Null);
    let compare = finding.property.and_then(|name| finding.kind.property(name)).map(|property| property.compare);
    let at = match (compare, said.at.0.split_last()) {
        (Some(Compare::Set), Some((Step::Element(_), rest))) | (Some(Compare::Map), Some((Step::Key(_), rest))) => {
            AttrPath(rest.to_vec())
        }
        _ => said.at.clone(),
    };
    Ok(match (compare, declared, live) {
        (Some(Compare::PolicyDocument), Value::String(_), Value::String(text)) => Wish::Document(at, text.clone()),
        (Some(Compare::Map), Value::Map(was), Value::Map(is)) => {
            let gone = was.keys().filter(|key| !is.contains_key(*key)).map(|key| (key, &Value::Null));
            let other = is.iter().filter(|(key, value)| was.get(*key) != Some(value));
            let set =
                |(key, value): (&String, &Value)| Wish::Set(at.clone().then(Step::Key(key.clone())), value.clone());
            Wish::All(gone.chain(other).map(set).collect())
        }
        (Some(Compare::Set), Value::List(was), Value::List(is)) => Wish::Elements(at, is.clone(), was.clone()),
        _ => Wish::Set(at, live.clone()),
    })
}

/// What an instance says once the wish came true; `None` where the wish says nothing of it.
pub(super) fn fulfilled(value: &Value, wish: &Wish) -> Option<Value> {
    match wish {
        Wish::Set(path, to) => changed(value, &path.0, &|_| Some(to.clone())),
        Wish::Add(path, item) => changed(value, &path.0, &|list| {
            let items = list.map(Value::items).unwrap_or_default();
            Some(Value::List(items.iter().chain([item]).cloned().collect()))
        }),
        Wish::Drop(path, item) => changed(value, &path.0, &|list| {
            let items = list.map(Value::items).unwrap_or_default();
            Some(Value::List(items.iter().filter(|other| *other != item).cloned().collect()))
        }),
        Wish::Document(path, text) => changed(value, &path.0, &|_| Some(Value::String(text.clone()))),
        Wish::Elements(..) | Wish::Gone | Wish::All(_) => None,
    }
}

impl Wish {
    /// The single wishes, one after the other, of an instance that says this.
    pub(super) fn single(&self, said: &Value) -> Vec<Wish> {
        let (at, is, was) = match self {
            Wish::All(wishes) => return wishes.iter().flat_map(|wish| wish.single(said)).collect(),
            Wish::Elements(at, is, was) => (at, is, was),
            one => return vec![one.clone()],
        };
        let less = |from: &[Value], other: &[Value]| -> Vec<Value> {
            from.iter().filter(|item| !other.contains(item)).cloned().collect()
        };
        let written = value_at(said, &at.0).map(Value::items).unwrap_or_default();
        let (mut new, mut gone) = (less(is, was), less(was, is));
        // What is written may stand for what is recorded, as `ALL` does for every privilege: then it is told one by one.
        if gone.iter().any(|item| !written.contains(item)) {
            (new, gone) = (less(is, written), less(written, is));
        }
        let add = new.into_iter().map(|item| Wish::Add(at.clone(), item));
        add.chain(gone.into_iter().map(|item| Wish::Drop(at.clone(), item))).collect()
    }
}

/// The value that is set at a path now.
pub(super) fn value_at<'v>(value: &'v Value, steps: &[Step]) -> Option<&'v Value> {
    let Some((first, rest)) = steps.split_first() else { return Some(value) };
    match first {
        Step::Attr(name) | Step::Key(name) => match value {
            Value::List(items) if items.len() == 1 => value_at(items.first()?, steps),
            value => value_at(value.get(name)?, rest),
        },
        Step::Where { name, is } => value_at(value.items().iter().find(|item| item.text(name) == Some(is))?, rest),
        Step::Element(_) => None,
    }
}

fn changed(value: &Value, steps: &[Step], make: &dyn Fn(Option<&Value>) -> Option<Value>) -> Option<Value> {
    let Some((first, rest)) = steps.split_first() else { return make(Some(value)) };
    match (first, value) {
        (Step::Attr(name) | Step::Key(name), Value::Map(fields)) => {
            let mut fields = fields.clone();
            let inner = match (fields.get(name), rest) {
                (Some(inner), rest) => changed(inner, rest, make)?,
                (None, []) => make(None)?,
                (None, rest) => changed(&Value::Map(Default::default()), rest, make)?,
            };
            if inner.is_null() {
                fields.remove(name)
            } else {
                fields.insert(name.clone(), inner)
            };
            Some(Value::Map(fields))
        }
        (Step::Attr(_), Value::List(items)) if items.len() == 1 => {
            Some(Value::List(vec![changed(items.first()?, steps, make)?]))
        }
        (Step::Where { name, is }, Value::List(items)) => {
            let each = items.iter().map(|item| match item.text(name) == Some(is) {
                true => changed(item, rest, make),
                false => Some(item.clone()),
            });
            Some(Value::List(each.collect::<Option<_>>()?))
        }
        _ => None,
    }
}

/// Whether two values say the same to a provider: numbers and truth values may be texts, lists are sets, `null` is none.
pub(super) fn alike(a: &Value, b: &Value) -> bool {
    let text = |value: &Value| match value {
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) => Some(text.clone()),
        _ => None,
    };
    match (a, b) {
        (Value::List(a), Value::List(b)) => {
            let mut left: Vec<&Value> = b.iter().collect();
            a.len() == b.len()
                && a.iter().all(|item| {
                    let found = left.iter().position(|other| alike(item, other));
                    found.map(|at| left.swap_remove(at)).is_some()
                })
        }
        (Value::Map(a), Value::Map(b)) => {
            let set = |of: &std::collections::BTreeMap<String, Value>| of.values().filter(|v| !v.is_null()).count();
            set(a) == set(b)
                && a.iter().filter(|(_, v)| !v.is_null()).all(|(k, v)| b.get(k).is_some_and(|other| alike(v, other)))
        }
        (Value::String(a), Value::String(b)) if a != b && a.trim_start().starts_with('{') => {
            policy::same_by_meaning(a, b)
        }
        _ => match (text(a), text(b)) {
            (Some(a), Some(b)) => a == b,
            _ => a == b,
        },
    }
}
