//! Function calls, and the functions that deal with expressions and not with their values.

use super::budget::BYTES_A_STEP;
use super::{Evaluated, Fault, Frame, NoNames, Scope};
use crate::source::{SourceFile, Span};
use crate::terraform::config::syntax::tree::{Call, Template};
use crate::terraform::config::syntax::{self, Expression, Kind};
use crate::terraform::functions::files::Unread;
use crate::terraform::functions::{self, Function, Meter};
use crate::terraform::value::{Cause, Data, Origin, Type, Val, Why, convert};
use std::sync::Arc;

/// Longest text that is read as a template, in bytes, and how many of them in one step.
const MAX_TEMPLATE: usize = 4 * 1024 * 1024;
const BYTES_PARSED_A_STEP: usize = 4;

impl Scope<'_> {
    pub(super) fn call(&self, call: &Call, span: Span) -> Evaluated {
        let name = call.name.text.as_str();
        let plain = name.strip_prefix("core::").unwrap_or(name);
        match plain {
            "try" => return self.first_without_fault(&call.arguments, span),
            "can" => return self.can(&call.arguments, span),
            _ => {}
        }
        let arguments = match self.arguments(call, span)? {
            Ok(arguments) => arguments,
            Err(why) => return Ok(Val::unknown_like(Type::Dynamic, &why)),
        };
        match plain {
            "templatefile" => return self.template_file(&arguments, span),
            "templatestring" => {
                let is_reference = call.arguments.first().is_some_and(is_reference);
                return self.template_string(&arguments, is_reference, span);
            }
            _ => {}
        }
        if name.starts_with("provider::") {
            let why = Why::new(Cause::Provider, format!("`{name}` is a function of a provider")).at(self.place(span));
            return Ok(Val::unknown(Type::Dynamic, why).with_origin(Origin::made(self.place(span), Vec::new())));
        }
        let function = functions::named(name)
            .ok_or_else(|| self.fault(call.name.span, format!("there is no function `{name}`")))?;
        self.gone_through(function, &arguments, span)?;
        let meter = Meter::within(self.budget.limits());
        let result = functions::call(function, arguments, self.files, self.place(span), &meter);
        self.budget.spend(meter.steps(), || self.place(span))?;
        let result = result.map_err(|failure| {
            let at =
                failure.argument.and_then(|index| call.arguments.get(index)).map_or(span, |argument| argument.span);
            self.fault(at, format!("`{name}`: {}", failure.message))
        })?;
        let size = result.as_str().map_or(0, |text| text.len() / BYTES_A_STEP);
        self.budget.spend(size, || self.place(span))?;
        Ok(result)
    }

    /// Takes steps for the arguments that a function surely goes through; of the others it says itself what it does.
    fn gone_through(&self, function: &Function, arguments: &[Val], span: Span) -> Result<(), Fault> {
        for (index, argument) in arguments.iter().enumerate() {
            match argument.as_str() {
                Some(text) => self.budget.spend(text.len() / BYTES_A_STEP, || self.place(span))?,
                None if function.parameter(index).is_some_and(|parameter| !parameter.marked) => {
                    self.budget.walk(argument, || self.place(span))?;
                }
                None => {}
            }
        }
        Ok(())
    }

    /// The arguments, the last one spread where `...` says so; `Err` within when it is not known how many there are.
    fn arguments(&self, call: &Call, span: Span) -> Result<Result<Vec<Val>, Arc<Why>>, Fault> {
        let mut values: Vec<Val> =
            call.arguments.iter().map(|argument| self.value(argument)).collect::<Result<_, _>>()?;
        if !call.expand_last {
            return Ok(Ok(values));
        }
        let Some(last) = values.pop() else { return Ok(Ok(values)) };
        if let Some(why) = last.why_unknown() {
            return Ok(Err(why.clone()));
        }
        match last.elements() {
            Some(elements) => {
                self.budget.spend(elements.len(), || self.place(span))?;
                values.extend(elements);
                Ok(Ok(values))
            }
            None => Err(self.fault(span, "`...` needs a list, a set or a tuple")),
        }
    }

    fn first_without_fault(&self, arguments: &[Expression], span: Span) -> Evaluated {
        for argument in arguments {
            match self.value(argument) {
                Err(fault) if fault.cause == Cause::Error => continue,
                Err(fault) => return Err(fault),
                // Whether it would be a fault is not known either.
                Ok(value) => {
                    self.budget.walk(&value, || self.place(span))?;
                    return Ok(match value.why_not_wholly_known().cloned() {
                        Some(why) => Val::unknown_like(Type::Dynamic, &why).with_origin(value.origin),
                        None => value,
                    });
                }
            }
        }
        Err(self.fault(span, "no argument of `try` has a value"))
    }

    fn can(&self, arguments: &[Expression], span: Span) -> Evaluated {
        let [argument] = arguments else { return Err(self.fault(span, "`can` takes 1 argument")) };
        let result = match self.value(argument) {
            Err(fault) if fault.cause == Cause::Error => Val::bool(false),
            Err(fault) => return Err(fault),
            Ok(value) => {
                self.budget.walk(&value, || self.place(span))?;
                match value.why_not_wholly_known() {
                    Some(why) => Val::unknown_like(Type::Bool, why),
                    None => Val::bool(true),
                }
            }
        };
        Ok(result.with_origin(Origin::made(self.place(span), Vec::new())))
    }

    fn template_file(&self, arguments: &[Val], span: Span) -> Evaluated {
        let [path, variables] = arguments else { return Err(self.fault(span, "`templatefile` takes 2 arguments")) };
        let sensitive = path.sensitive;
        let path = match self.text_argument(path, "the path", span)? {
            Ok(path) => path,
            Err(unknown) => return Ok(unknown),
        };
        let file = match self.files.text(&path) {
            Ok(file) => file,
            Err(Unread::Outside) => {
                let why = Why::new(Cause::File, "the template file lies outside of the repository");
                return Ok(Val::unknown(Type::Dynamic, why.at(self.place(span))));
            }
            Err(Unread::Missing | Unread::Limit) => return Err(self.fault(span, "there is no such template file")),
            Err(Unread::Broken(reason)) => return Err(self.fault(span, format!("the template file: {reason}"))),
        };
        let template = self.parsed(&file, span)?;
        let value = self.with_template(&file, &template, variables, span)?;
        let origin = Origin::passed(self.place(span), "template file", &value.origin);
        Ok(value.with_origin(origin).marked(sensitive))
    }

    /// OpenTofu allows more here than Terraform: a template that is no reference, whose result then keeps its type, and
    /// one that calls for another.
    fn template_string(&self, arguments: &[Val], is_reference: bool, span: Span) -> Evaluated {
        let [text, variables] = arguments else { return Err(self.fault(span, "`templatestring` takes 2 arguments")) };
        if variables.sensitive && !is_reference {
            return Err(self.fault(span, "the variables of a template that is no reference must not be sensitive"));
        }
        let sensitive = text.sensitive;
        let text = match self.text_argument(text, "the template", span)? {
            Ok(text) => text,
            Err(unknown) => return Ok(unknown),
        };
        let file = SourceFile::new(self.file.path(), text);
        let template = self.parsed(&file, span)?;
        // Its places would be those of a text that stands in no file.
        let value = self.with_template(&file, &template, variables, span)?;
        let value = match convert::convert(&value, &Type::String) {
            Ok(text) if is_reference => text,
            _ => value,
        };
        Ok(value.with_origin(Origin::made(self.place(span), Vec::new())).marked(sensitive))
    }

    /// A text as a template.
    fn parsed(&self, file: &SourceFile, span: Span) -> Result<Template, Fault> {
        let length = file.text().len();
        self.budget.spend(length / BYTES_PARSED_A_STEP, || self.place(span))?;
        if length > MAX_TEMPLATE {
            let message = format!("the template is longer than {} MiB", MAX_TEMPLATE / 1024 / 1024);
            return Err(Fault { cause: Cause::Limit, ..self.fault(span, message) });
        }
        syntax::parse_template(file.text()).map_err(|error| Fault::new(self.place(span), error.message))
    }

    fn with_template(&self, file: &SourceFile, template: &Template, variables: &Val, span: Span) -> Evaluated {
        if let Some(why) = variables.why_unknown() {
            return Ok(Val::unknown_like(Type::Dynamic, why));
        }
        if !matches!(variables.data, Data::Object(_) | Data::Map(..)) {
            return Err(self.fault(span, "the variables of a template must be an object or a map"));
        }
        self.budget.walk(variables, || self.place(span))?;
        let entries = variables.without_marks().entries().unwrap_or_default();
        let names = entries.iter().map(|(name, entry)| (&**name, entry.value.clone())).collect();
        let frame = Frame { names, outer: None };
        let scope = Scope { names: &NoNames, file, frame: Some(&frame), ..*self };
        let value = scope.template(template, Span::new(0, file.text().len()))?;
        if value.is_null() {
            return Err(self.fault(span, "the template gives null"));
        }
        Ok(value.marked(variables.is_sensitive_within()))
    }

    fn text_argument(&self, value: &Val, what: &str, span: Span) -> Result<Result<String, Val>, Fault> {
        if value.is_null() {
            return Err(self.fault(span, format!("{what} must not be null")));
        }
        if let Some(why) = value.why_unknown() {
            return Ok(Err(Val::unknown_like(Type::Dynamic, why)));
        }
        let text = self.converted(value, &Type::String, span)?.map_err(|message| self.fault(span, message))?;
        Ok(Ok(text.as_str().unwrap_or_default().to_owned()))
    }
}

/// Whether an expression only leads to what is elsewhere.
fn is_reference(expression: &Expression) -> bool {
    match &expression.kind {
        Kind::Variable(_) => true,
        Kind::Traversal { root, .. } => is_reference(root),
        _ => false,
    }
}
