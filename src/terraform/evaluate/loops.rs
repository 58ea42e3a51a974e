//! `for` expressions, and going through the elements of a value.

use super::{Evaluated, Fault, Frame, Scope};
use crate::source::Span;
use crate::terraform::config::syntax::Expression;
use crate::terraform::config::syntax::tree::{For, Ident};
use crate::terraform::value::{Data, Entries, Entry, Origin, Type, Val, Why};
use std::sync::Arc;

/// Keys with their elements, in Terraform's order.
type KeyedElements = Vec<(Val, Val)>;

/// What a loop goes through.
pub(super) enum Walk {
    Elements(KeyedElements),
    Unknown(Arc<Why>),
}

impl Scope<'_> {
    /// The elements of a collection by their keys; `Err` within when it is not known which there are.
    pub fn elements(&self, collection: &Val, span: Span) -> Result<Result<KeyedElements, Arc<Why>>, Fault> {
        Ok(match self.walk(collection, span)? {
            Walk::Elements(elements) => Ok(elements),
            Walk::Unknown(why) => Err(why),
        })
    }

    /// The elements of a collection; of a set each is its own key.
    pub(super) fn walk(&self, collection: &Val, span: Span) -> Result<Walk, Fault> {
        if let Some(why) = collection.why_unknown() {
            return Ok(Walk::Unknown(why.clone()));
        }
        let walked = match &collection.data {
            Data::Null(_) => return Err(self.fault(span, "a null value cannot be gone through")),
            Data::Set(..) => {
                let elements = collection.elements().unwrap_or_default();
                elements.into_iter().map(|element| (element.clone(), element)).collect()
            }
            Data::List(..) | Data::Tuple(_) => {
                let elements = collection.elements().unwrap_or_default().into_iter();
                elements.enumerate().map(|(index, element)| (Val::number(index), element)).collect()
            }
            Data::Map(..) | Data::Object(_) => {
                let entries = collection.entries().unwrap_or_default().into_iter();
                entries
                    .map(|(key, entry)| (Val::string(key).with_origin(entry.key_origin), entry.value))
                    .collect::<Vec<_>>()
            }
            _ => return Err(self.fault(span, format!("a {} cannot be gone through", collection.noun()))),
        };
        self.budget.spend(walked.len(), || self.place(span))?;
        Ok(Walk::Elements(walked))
    }

    /// Runs `each` with the loop's variables set.
    pub(super) fn with_variables<T>(
        &self,
        key_variable: Option<&Ident>,
        value_variable: &Ident,
        (key, value): (Val, Val),
        each: impl FnOnce(&Scope<'_>) -> T,
    ) -> T {
        let mut names = Vec::with_capacity(2);
        if let Some(key_variable) = key_variable {
            names.push((key_variable.text.as_str(), key));
        }
        names.push((value_variable.text.as_str(), value));
        let frame = Frame { names, outer: self.frame };
        each(&Scope { frame: Some(&frame), ..*self })
    }

    pub(super) fn for_expression(&self, of: &For, span: Span) -> Evaluated {
        let collection = self.value(&of.collection)?;
        let origin = Origin::made(self.place(span), vec![collection.origin.clone()]);
        let mut made = Made { sensitive: collection.sensitive, ..Made::default() };
        let elements = match self.walk(&collection, of.collection.span)? {
            Walk::Elements(elements) => elements,
            Walk::Unknown(why) => {
                return Ok(Val::unknown_like(Type::Dynamic, &why).with_origin(origin).marked(made.sensitive));
            }
        };
        for element in elements {
            self.with_variables(of.key_variable.as_ref(), &of.value_variable, element, |scope| {
                scope.one(of, &mut made)
            })?;
        }
        let value = match (made.unknown, &of.key) {
            (Some(why), _) => Val::unknown_like(Type::Dynamic, &why),
            (None, None) => Val::tuple(made.elements),
            (None, Some(_)) if of.group => Val::object(
                made.groups
                    .into_iter()
                    .map(|(key, (key_origin, group))| {
                        let value = Val::tuple(group).with_origin(origin.clone());
                        (key, Entry { key_origin, value })
                    })
                    .collect(),
            ),
            (None, Some(_)) => Val::object(made.entries),
        };
        Ok(value.with_origin(origin).marked(made.sensitive))
    }

    /// What one element gives.
    fn one(&self, of: &For, made: &mut Made) -> Result<(), Fault> {
        if let Some(condition) = &of.condition {
            let kept = self.condition(condition)?;
            made.sensitive |= kept.sensitive;
            match (kept.why_unknown(), kept.as_bool()) {
                (Some(why), _) => {
                    made.unknown.get_or_insert(why.clone());
                    return Ok(());
                }
                (None, Some(true)) => {}
                _ => return Ok(()),
            }
        }
        let Some(key) = &of.key else {
            made.elements.push(self.value(&of.value)?);
            return Ok(());
        };
        let key_value = self.text_key(key)?;
        made.sensitive |= key_value.sensitive;
        let value = self.value(&of.value)?;
        let Some(name) = key_value.as_str() else {
            made.unknown = made.unknown.take().or_else(|| key_value.why_unknown().cloned());
            return Ok(());
        };
        let (name, key_origin): (Arc<str>, _) = (name.into(), key_value.origin.clone());
        if of.group {
            made.groups.entry(name).or_insert_with(|| (key_origin, Vec::new())).1.push(value);
        } else if made.entries.insert(name, Entry { key_origin, value }).is_some() {
            return Err(self.fault(key.span, "two elements have the same key; group them with `...`"));
        }
        Ok(())
    }

    fn condition(&self, condition: &Expression) -> Evaluated {
        let value = self.value(condition)?;
        if value.is_null() {
            return Err(self.fault(condition.span, "a condition must not be null"));
        }
        self.converted(&value, &Type::Bool, condition.span)?.map_err(|message| self.fault(condition.span, message))
    }
}

/// What a `for` expression has made so far.
#[derive(Default)]
struct Made {
    elements: Vec<Val>,
    entries: Entries,
    groups: std::collections::BTreeMap<Arc<str>, (Origin, Vec<Val>)>,
    /// Why it is not known how many elements there are.
    unknown: Option<Arc<Why>>,
    sensitive: bool,
}
