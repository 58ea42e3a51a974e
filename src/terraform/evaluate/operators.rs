//! Operators.

use super::{Evaluated, Scope};
use crate::source::Span;
use crate::terraform::config::syntax::Expression;
use crate::terraform::config::syntax::tree::{BinaryOperator, UnaryOperator};
use crate::terraform::value::{Cause, Origin, Type, Val, Why, equal};

impl Scope<'_> {
    pub(super) fn unary(&self, operator: UnaryOperator, operand: &Expression, span: Span) -> Evaluated {
        let of = match operator {
            UnaryOperator::Negate => Type::Number,
            UnaryOperator::Not => Type::Bool,
        };
        let value = self.value(operand)?;
        let converted = self.operand(&value, &of, operand.span)?;
        let result = match (operator, converted.why_unknown()) {
            (_, Some(why)) => Val::unknown_like(of, why),
            (UnaryOperator::Negate, None) => match converted.as_number() {
                Some(number) => Val::number(number.negate()),
                None => return Err(self.fault(span, "a number is required")),
            },
            (UnaryOperator::Not, None) => Val::bool(converted.as_bool() == Some(false)),
        };
        // A negative number that is written out is written as a whole.
        let origin = match operand.is_literal() {
            true => self.written(span),
            false => Origin::made(self.place(span), vec![value.origin.clone()]),
        };
        Ok(result.with_origin(origin).marked(value.sensitive))
    }

    pub(super) fn operation(&self, first: &Expression, rest: &[(BinaryOperator, Expression)], span: Span) -> Evaluated {
        let mut left = self.value(first);
        let mut left_span = first.span;
        for (operator, right) in rest {
            let value = self.value(right);
            let sides = || [&left, &value].into_iter().filter_map(|side| side.as_ref().ok());
            let sensitive = sides().any(|side| side.sensitive);
            let origin = Origin::made(self.place(span), sides().map(|side| side.origin.clone()).collect());
            let at = Sides { left: left_span, right: right.span, both: left_span.to(right.span) };
            let result = match operator {
                BinaryOperator::Or => self.logical(true, left, value, &at)?,
                BinaryOperator::And => self.logical(false, left, value, &at)?,
                _ => self.binary(*operator, &left?, &value?, &at)?,
            };
            left = Ok(result.with_origin(origin).marked(sensitive));
            left_span = at.both;
        }
        left
    }

    /// `||` and `&&`: a side that is `decisive` decides, whatever the other is, be it a fault. So since Terraform 1.12;
    /// before, what has a value here was an error. `null` counts as false when false decides.
    fn logical(&self, decisive: bool, left: Evaluated, right: Evaluated, at: &Sides) -> Evaluated {
        for side in [&left, &right] {
            if let Err(fault) = side
                && fault.cause == Cause::Limit
            {
                return Err(fault.clone());
            }
        }
        let as_bool = |side: Evaluated, span: Span| match side {
            Ok(value) => {
                let value = self.converted(&value, &Type::Bool, span)?.map_err(|message| self.fault(span, message))?;
                Ok(Ok(value))
            }
            Err(fault) => Ok(Err(fault)),
        };
        let (left, right) = (as_bool(left, at.left)?, as_bool(right, at.right)?);
        let decides = |side: &Evaluated| match side {
            Ok(value) if value.is_null() => !decisive,
            Ok(value) => value.as_bool() == Some(decisive),
            Err(_) => false,
        };
        if decides(&left) || decides(&right) {
            return Ok(Val::bool(decisive));
        }
        let (left, right) = match (left, right) {
            // A side that is not known makes a fault on the other one count for nothing, if it comes first.
            (Ok(left), right) if left.why_unknown().is_some() => match right {
                Ok(right) if right.why_unknown().is_none() => (left, right),
                _ => (left.clone(), left),
            },
            (left, right) => (left?, right?),
        };
        if let Some(why) = left.why_unknown().or(right.why_unknown()) {
            return Ok(Val::unknown_like(Type::Bool, why));
        }
        for (side, span) in [(left, at.left), (right, at.right)] {
            if side.is_null() {
                return Err(self.fault(span, "an operand must not be null"));
            }
        }
        Ok(Val::bool(!decisive))
    }

    fn binary(&self, operator: BinaryOperator, left: &Val, right: &Val, at: &Sides) -> Evaluated {
        use BinaryOperator::*;
        if matches!(operator, Equal | NotEqual) {
            for (side, span) in [(left, at.left), (right, at.right)] {
                self.budget.walk(side, || self.place(span))?;
            }
            let sensitive = left.is_sensitive_within() || right.is_sensitive_within();
            return Ok(match equal::equals(left, right) {
                Some(same) => Val::bool(same == (operator == Equal)),
                None => {
                    let why = left.why_not_wholly_known().or(right.why_not_wholly_known()).cloned();
                    let why = why.unwrap_or_else(|| Why::new(Cause::NotGiven, "it is not known").into());
                    Val::unknown_like(Type::Bool, &why)
                }
            }
            .marked(sensitive));
        }
        let (takes, gives) = match operator {
            Less | LessOrEqual | Greater | GreaterOrEqual => (Type::Number, Type::Bool),
            _ => (Type::Number, Type::Number),
        };
        let left = self.operand(left, &takes, at.left)?;
        let right = self.operand(right, &takes, at.right)?;
        if let Some(why) = left.why_unknown().or(right.why_unknown()) {
            return Ok(Val::unknown_like(gives, why));
        }
        let (Some(a), Some(b)) = (left.as_number(), right.as_number()) else {
            return Err(self.fault(at.both, "a number is required"));
        };
        let none = || self.fault(at.both, "the result is no number");
        let by_zero = || self.fault(at.right, "division by zero");
        Ok(match operator {
            Less => Val::bool(a.compare(b).is_lt()),
            LessOrEqual => Val::bool(a.compare(b).is_le()),
            Greater => Val::bool(a.compare(b).is_gt()),
            GreaterOrEqual => Val::bool(a.compare(b).is_ge()),
            Add => Val::number(a.add(b).ok_or_else(none)?),
            Subtract => Val::number(a.subtract(b).ok_or_else(none)?),
            Multiply => Val::number(a.multiply(b).ok_or_else(none)?),
            Divide => Val::number(a.divide(b).ok_or_else(by_zero)?),
            Modulo => Val::number(a.remainder(b).ok_or_else(by_zero)?),
            Or | And | Equal | NotEqual => return Err(self.fault(at.both, "no operator on numbers")),
        })
    }

    fn operand(&self, value: &Val, of: &Type, span: Span) -> Evaluated {
        if value.is_null() {
            return Err(self.fault(span, "an operand must not be null"));
        }
        self.converted(value, of, span)?.map_err(|message| self.fault(span, message))
    }
}

/// Where the operands stand.
struct Sides {
    left: Span,
    right: Span,
    both: Span,
}
