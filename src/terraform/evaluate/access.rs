//! Names, and the steps into a value.

use super::{Evaluated, Fault, Scope, Stepped};
use crate::source::Span;
use crate::terraform::config::syntax::tree::{Traverse, TraverseStep};
use crate::terraform::value::{Cause, Data, Number, Origin, Type, Val, Why};

/// Names whose values are there already; an object, or all instances of one, is made where it is named.
const REMEMBERED: &[&str] = &["var", "local", "each", "count", "path", "terraform", "tofu", "module"];

impl Scope<'_> {
    /// The value of a name, and how many of the steps after it belong to the name.
    pub(super) fn named(&self, name: &str, steps: &[Traverse], span: Span) -> Result<(Val, usize), Fault> {
        let mut frame = self.frame;
        while let Some(found) = frame {
            if let Some((_, value)) = found.names.iter().rev().find(|(own, _)| *own == name) {
                return Ok((value.clone(), 0));
            }
            frame = found.outer;
        }
        let mut stepped = Vec::new();
        for step in steps {
            stepped.push(match &step.step {
                TraverseStep::Attribute(name) => Stepped::Name(name.as_str().into()),
                TraverseStep::LegacyIndex(digits) => match Number::parse(digits) {
                    Some(number) => Stepped::Key(Val::number(number)),
                    None => break,
                },
                TraverseStep::Index(key) => Stepped::Key(self.value(key)?),
                TraverseStep::AttributeSplat | TraverseStep::Splat => break,
            });
        }
        let place = self.place(span);
        let (value, taken) = super::budget::with_stack(|| self.names.look_up(name, &stepped, &place))?;
        if !REMEMBERED.contains(&name) {
            self.budget.walk(&value, || self.place(span))?;
        }
        Ok((value, taken))
    }

    /// The value that the steps lead to; `whole` is the expression that they belong to.
    pub(super) fn stepped(&self, value: Val, steps: &[Traverse], whole: Span) -> Evaluated {
        let mut value = value;
        let mut rest = steps;
        while let Some((step, after)) = rest.split_first() {
            let span = step.span;
            rest = after;
            value = match &step.step {
                TraverseStep::Attribute(name) => self.attribute(&value, name, span)?,
                TraverseStep::Index(key) => {
                    let key = self.value(key)?;
                    self.index(&value, &key, span)?
                }
                TraverseStep::LegacyIndex(digits) => {
                    let number = Number::parse(digits).ok_or_else(|| self.too_large(span))?;
                    self.index(&value, &Val::number(number), span)?
                }
                TraverseStep::Splat => return self.splat(&value, after, whole),
                TraverseStep::AttributeSplat => {
                    let of_each = after.iter().take_while(|step| {
                        matches!(step.step, TraverseStep::Attribute(_) | TraverseStep::LegacyIndex(_))
                    });
                    let (of_each, of_all) = after.split_at(of_each.count());
                    rest = of_all;
                    self.splat(&value, of_each, whole)?
                }
            };
        }
        Ok(value)
    }

    fn attribute(&self, value: &Val, name: &str, span: Span) -> Evaluated {
        let made =
            |of: Type, why| Ok(Val::unknown_like(of, why).with_origin(value.origin.clone()).marked(value.sensitive));
        if let Some(said) = value.said(name) {
            return Ok(said);
        }
        match &value.data {
            Data::Null(_) => Err(self.fault(span, format!("the value is null and has no attribute `{name}`"))),
            Data::Unknown(Type::Dynamic, why) => made(Type::Dynamic, why),
            Data::Unknown(Type::Map(of), why) => made((**of).clone(), why),
            Data::Unknown(Type::Object(attributes), why) => match attributes.get(name) {
                Some(attribute) => made(attribute.of.clone(), why),
                None => Err(self.fault(span, format!("there is no attribute `{name}`"))),
            },
            Data::Map(..) | Data::Object(_) => {
                value.get(name).ok_or_else(|| self.fault(span, format!("there is no attribute `{name}`")))
            }
            _ => Err(self.fault(span, format!("a {} has no attributes", value.noun()))),
        }
    }

    /// The element under a key.
    pub(super) fn index(&self, value: &Val, key: &Val, span: Span) -> Evaluated {
        let fault = |message: &str| Err(self.fault(span, message));
        if value.is_null() {
            return fault("the value is null and has no elements");
        }
        if key.is_null() {
            return fault("an index must not be null");
        }
        let unknown = |of: Type| {
            let why = value.why_unknown().or(key.why_unknown()).cloned();
            let why = why.unwrap_or_else(|| Why::new(Cause::Error, "the index is not known").into());
            Val::unknown_like(of, &why).with_origin(value.origin.clone()).marked(value.sensitive || key.sensitive)
        };
        let key_type = match &value.data {
            Data::Unknown(Type::Dynamic, _) => {
                let said = key.as_str().and_then(|name| value.said(name));
                return Ok(said.map_or_else(|| unknown(Type::Dynamic), |said| said.marked(key.sensitive)));
            }
            Data::List(..) | Data::Tuple(_) | Data::Unknown(Type::List(_) | Type::Tuple(_), _) => Type::Number,
            Data::Map(..) | Data::Object(_) | Data::Unknown(Type::Map(_) | Type::Object(_), _) => Type::String,
            Data::Set(..) | Data::Unknown(Type::Set(_), _) => return fault("elements of a set have no index"),
            _ => return fault("the value has no elements"),
        };
        let key = match self.converted(key, &key_type, span)? {
            Ok(key) => key,
            Err(_) if key_type == Type::Number => return fault("an index of a list must be a whole number"),
            Err(_) => return fault("a key must be a string"),
        };
        if value.why_unknown().is_some() || key.why_unknown().is_some() {
            return match (&value.data, key.as_str()) {
                (Data::List(of, _) | Data::Map(of, _), _) => Ok(unknown(of.clone())),
                (Data::Unknown(Type::List(of) | Type::Map(of), _), _) => Ok(unknown((**of).clone())),
                (Data::Unknown(Type::Object(attributes), _), Some(name)) => match attributes.get(name) {
                    Some(attribute) => Ok(unknown(attribute.of.clone())),
                    None => fault("there is no such attribute"),
                },
                _ => Ok(unknown(Type::Dynamic)),
            };
        }
        let found = match &key.data {
            Data::Number(number) if !number.is_whole() => return fault("an index of a list must be a whole number"),
            Data::Number(number) => number.to_usize().and_then(|index| value.element(index)),
            Data::String(name) => value.get(name),
            _ => None,
        };
        let found = found.ok_or_else(|| self.fault(span, "there is no such element"))?;
        let origin = Origin::chosen(self.place(span), &key.origin, "key", &found.origin);
        Ok(found.with_origin(origin).marked(key.sensitive))
    }

    /// The steps taken from each element; from the value itself when it is no list.
    fn splat(&self, value: &Val, steps: &[Traverse], span: Span) -> Evaluated {
        let origin = Origin::made(self.place(span), vec![value.origin.clone()]);
        if let Some(why) = value.why_unknown().filter(|_| !value.is_known_in_part()) {
            let unknown = Val::unknown_like(Type::Dynamic, why);
            return Ok(unknown.with_origin(origin).marked(value.sensitive));
        }
        let elements = match &value.data {
            Data::Null(Type::List(_) | Type::Set(_) | Type::Tuple(_)) => {
                return Err(self.fault(span, "the value is null and has no elements"));
            }
            Data::Null(_) => Vec::new(),
            _ => value.elements().unwrap_or_else(|| vec![value.clone()]),
        };
        self.budget.spend(elements.len(), || self.place(span))?;
        let each: Vec<Val> =
            elements.into_iter().map(|element| self.stepped(element, steps, span)).collect::<Result<_, _>>()?;
        let each = match &value.data {
            Data::List(..) | Data::Set(..) if each.is_empty() => Val::list(Type::Dynamic, each),
            Data::List(..) | Data::Set(..) => self
                .converted(&Val::tuple(each), &Type::list(Type::Dynamic), span)?
                .map_err(|message| self.fault(span, message))?,
            _ => Val::tuple(each),
        };
        Ok(each.with_origin(origin).marked(value.sensitive))
    }
}
