//! Strings: literal text with values and directives in between.

use super::budget::BYTES_A_STEP;
use super::loops::Walk;
use super::{Evaluated, Fault, Scope};
use crate::source::Span;
use crate::terraform::config::syntax::tree::{Part, Template};
use crate::terraform::limits::size;
use crate::terraform::value::origin::Piece;
use crate::terraform::value::{Origin, Type, Val, Why};
use std::sync::Arc;

/// A text under way.
#[derive(Default)]
struct Text {
    text: String,
    pieces: Vec<Piece>,
    unknown: Option<Arc<Why>>,
    sensitive: bool,
}

impl Scope<'_> {
    pub(super) fn template(&self, template: &Template, span: Span) -> Evaluated {
        match template.parts.as_slice() {
            // Nothing around it: the value stays what it is.
            [Part::Interpolation { value, .. }] => return self.value(value),
            [Part::Literal { text, .. }] if self.file.slice(span).starts_with('"') => {
                return Ok(Val::string_from(text.as_str(), &Origin::literal(self.file, span, text)));
            }
            _ => {}
        }
        let mut made = Text::default();
        self.parts(&template.parts, &mut made)?;
        let origin = Origin::spliced(self.place(span), made.pieces);
        let value = match &made.unknown {
            Some(why) => Val::unknown_like(Type::String, why).with_origin(origin),
            None => Val::string_from(made.text, &origin),
        };
        Ok(value.marked(made.sensitive))
    }

    fn parts(&self, parts: &[Part], made: &mut Text) -> Result<(), Fault> {
        for part in parts {
            match part {
                Part::Literal { text, span } => {
                    self.push(made, text, Origin::literal(self.file, *span, text), true, *span)?;
                }
                Part::Interpolation { value, span } => {
                    let value = self.value(value)?;
                    self.interpolate(&value, *span, made)?;
                }
                Part::If { condition, when_true, when_false, span } => {
                    let value = self.value(condition)?;
                    if value.is_null() {
                        return Err(self.fault(*span, "a condition must not be null"));
                    }
                    let decided = self.converted(&value, &Type::Bool, *span)?;
                    let decided = decided.map_err(|message| self.fault(*span, message))?;
                    made.sensitive |= decided.sensitive;
                    match (decided.why_unknown(), decided.as_bool()) {
                        (Some(why), _) => {
                            made.unknown.get_or_insert(why.clone());
                        }
                        (None, Some(true)) => self.parts(when_true, made)?,
                        (None, _) => self.parts(when_false, made)?,
                    }
                }
                Part::For { key_variable, value_variable, collection, body, span } => {
                    let value = self.value(collection)?;
                    made.sensitive |= value.sensitive;
                    match self.walk(&value, *span)? {
                        Walk::Unknown(why) => {
                            made.unknown.get_or_insert(why);
                        }
                        Walk::Elements(elements) => {
                            for element in elements {
                                self.with_variables(key_variable.as_ref(), value_variable, element, |scope| {
                                    scope.parts(body, made)
                                })?;
                            }
                        }
                    }
                }
            }
        }
        Ok(())
    }

    fn interpolate(&self, value: &Val, span: Span, made: &mut Text) -> Result<(), Fault> {
        if value.is_null() {
            return Err(self.fault(span, "a null value cannot be part of a string"));
        }
        let text = self.converted(value, &Type::String, span)?;
        let text = text.map_err(|_| self.fault(span, format!("a {} cannot be part of a string", value.noun())))?;
        made.sensitive |= text.sensitive;
        match (text.why_unknown(), text.as_str()) {
            (Some(why), _) => {
                made.unknown.get_or_insert(why.clone());
                Ok(())
            }
            (None, text) => self.push(made, text.unwrap_or_default(), value.origin.clone(), false, span),
        }
    }

    fn push(&self, made: &mut Text, text: &str, origin: Origin, literal: bool, span: Span) -> Result<(), Fault> {
        self.budget.spend(1 + text.len() / BYTES_A_STEP, || self.place(span))?;
        let most = self.budget.limits().text;
        if made.text.len() + text.len() > most {
            let message = format!("the text is longer than {}", size(most));
            return Err(Fault { cause: crate::terraform::value::Cause::Limit, ..self.fault(span, message) });
        }
        let start = made.text.len();
        made.text.push_str(text);
        made.pieces.push(Piece { range: start..made.text.len(), origin, literal });
        Ok(())
    }
}
