//! Variables and locals.

use super::constraint::Constraint;
use super::inputs::Raw;
use super::{Inside, Repetition, Symbol};
use crate::model::Value;
use crate::source::SourceFile;
use crate::terraform::config::module::Layers;
use crate::terraform::config::syntax;
use crate::terraform::evaluate::{NoNames, Scope};
use crate::terraform::value::{Cause, Origin, Place, Type, Val, Why};
use std::collections::BTreeMap;

impl<'c> Inside<'c> {
    pub(super) fn local(self, name: &str) -> Val {
        let Some((file, attribute)) = self.reached.module.local(name) else {
            return missing(format!("no `locals` block has `{name}`"));
        };
        let symbol = Symbol::Local(name.to_owned());
        self.view.resolver.remembered(self.module, symbol, || {
            let seen = self.seen(Repetition::default());
            let value = seen.scope(file).value(&attribute.value);
            let value = value.unwrap_or_else(|fault| fault.into_unknown());
            let origin = Origin::passed(Place::new(file, attribute.span), "local", &value.origin);
            value.with_origin(origin)
        })
    }

    pub(super) fn variable(self, name: &str) -> Val {
        let [declared] = self.reached.module.named("variable", &[name]) else {
            return missing(format!("no block declares the variable `{name}`"));
        };
        let block = declared.view();
        let symbol = Symbol::Variable(name.to_owned());
        self.view.resolver.remembered(self.module, symbol, || {
            let value = self.typed(name, &block).unwrap_or_else(|why| Val::unknown(Type::Dynamic, why));
            value.marked(self.flag(&block, "sensitive") == Some(true))
        })
    }

    /// The module's variables, and whether each is declared to be sensitive.
    pub(in crate::terraform::config) fn variables(self) -> BTreeMap<String, bool> {
        let declared = self.reached.module.all("variable");
        let named = declared.filter_map(|declared| Some((declared.label(0)?, declared.view())));
        named.map(|(name, block)| (name.to_owned(), self.flag(&block, "sensitive") == Some(true))).collect()
    }

    /// The values of those that are.
    pub(in crate::terraform::config) fn sensitive_variables(self) -> Vec<Val> {
        let sensitive = self.variables().into_iter().filter(|(_, is_sensitive)| *is_sensitive);
        sensitive.map(|(name, _)| self.variable(&name)).collect()
    }

    /// The value of a variable as its type has it.
    fn typed(self, name: &str, block: &Layers<'c>) -> Result<Val, Why> {
        let constraint = match block.attribute("type") {
            Some((file, attribute)) => {
                Constraint::read(&attribute.value, &self.literal_scope(file)).map_err(|message| {
                    let at = Place::new(file, attribute.value.span);
                    Why::new(Cause::Error, format!("the type of `{name}`: {message}")).at(at)
                })?
            }
            None => Constraint::any(),
        };
        let default = block.attribute("default").map(|(file, attribute)| {
            let value = self.literal_scope(file).value(&attribute.value);
            value.unwrap_or_else(|fault| fault.into_unknown())
        });
        let given = match self.own().parent {
            None => self.given_to_root(name, &constraint),
            Some(_) => self.argument(name),
        };
        let refuses_null = self.flag(block, "nullable") == Some(false);
        let value = match (given, default) {
            (Some(given), Some(default)) if given.is_null() && refuses_null => default,
            (Some(given), _) => given,
            (None, Some(default)) => default,
            (None, None) => return Err(Why::new(Cause::NotGiven, format!("the variable `{name}` has no value here"))),
        };
        constraint
            .convert(&value)
            .map_err(|message| Why::new(Cause::Error, format!("the value of the variable `{name}`: {message}")))
    }

    /// What the root module is given for a variable.
    fn given_to_root(self, name: &str, constraint: &Constraint) -> Option<Val> {
        let resolver = self.view.resolver;
        let given = resolver.given.get(name).map(|raw| match raw {
            Raw::Value(value) => value.clone(),
            Raw::Text { text, from } => self.given_as_text(text, from, constraint),
        });
        let Some(planned) = resolver.planned.get(name) else { return given };
        let planned = Val::from_value(&Value::from_json(planned.clone()));
        // What the plan was made with counts; where it was written is known when it is still given so.
        match given.and_then(|given| constraint.convert(&given).ok()) {
            Some(given) if given.to_value() == planned.to_value() => Some(given),
            _ => Some(planned.with_origin(Origin::outside("the variables of the plan"))),
        }
    }

    /// A value given as text: of a simple type it is taken as it stands, else it is an expression.
    fn given_as_text(self, text: &str, from: &str, constraint: &Constraint) -> Val {
        let value = if constraint.takes_text() {
            Val::string(text)
        } else {
            let file = SourceFile::new(from, text);
            match syntax::parse_expression(text) {
                Ok(expression) => {
                    let value = self.literal_scope(&file).value(&expression);
                    value.unwrap_or_else(|fault| fault.into_unknown())
                }
                Err(_) => Val::unknown(Type::Dynamic, Why::new(Cause::Error, format!("`{from}` is no expression"))),
            }
        };
        value.without_origins().with_origin(Origin::outside(from))
    }

    /// What the call of this module gives for a variable.
    fn argument(self, name: &str) -> Option<Val> {
        let own = self.own();
        let (parent, step) = (self.parent()?, own.path.0.last()?);
        let [call] = parent.reached.module.named("module", &[&step.name]) else { return None };
        let (file, attribute) = call.view().attribute(name)?;
        let seen = parent.seen(own.repetition.clone());
        let value = seen.scope(file).value(&attribute.value);
        let value = value.unwrap_or_else(|fault| fault.into_unknown());
        let origin = Origin::passed(Place::new(file, attribute.span), "module argument", &value.origin);
        Some(value.with_origin(origin))
    }

    /// Arguments of a variable's block use no names.
    pub(in super::super) fn literal_scope<'s>(self, file: &'s SourceFile) -> Scope<'s>
    where
        'c: 's,
    {
        Scope::new(&NoNames, &self.view.resolver.files, &self.view.resolver.budget, file)
    }

    /// A truth value that a block sets.
    pub(super) fn flag(self, block: &Layers<'c>, name: &str) -> Option<bool> {
        let (file, attribute) = block.attribute(name)?;
        self.literal_scope(file).value(&attribute.value).ok()?.as_bool()
    }
}

fn missing(text: String) -> Val {
    Val::unknown(Type::Dynamic, Why::new(Cause::Error, text))
}
