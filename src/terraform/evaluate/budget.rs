//! What one evaluation may cost: an end for what a configuration would make without end.

use super::Fault;
use crate::terraform::limits::{Limits, size};
use crate::terraform::value::{Cause, Place, TEXT, Val};
use std::cell::Cell;

/// How deep values may stand in one another: going through them takes stack, of which [`RED_ZONE`] is sure.
const MAX_NESTED: usize = 250;

/// How many of them are made, or gone through, in one step.
const VALUES_A_STEP: usize = 16;

/// How many bytes of a text are gone through in one step.
pub(super) const BYTES_A_STEP: usize = 16;

/// Stack that must be left, and how much is added when it is not.
const RED_ZONE: usize = 1024 * 1024;
const STACK: usize = 8 * 1024 * 1024;

/// What is left of the steps and levels of one evaluation.
#[derive(Debug)]
pub struct Budget {
    limits: Limits,
    steps: Cell<u64>,
    levels: Cell<u32>,
}

impl Default for Budget {
    fn default() -> Self {
        Budget::of(Limits::default())
    }
}

/// One level, given back when it is dropped.
pub(super) struct Level<'b>(&'b Budget);

impl Drop for Level<'_> {
    fn drop(&mut self) {
        self.0.levels.set(self.0.levels.get() + 1);
    }
}

impl Budget {
    /// For evaluations that may make so much.
    pub fn of(limits: Limits) -> Self {
        Budget { limits, steps: Cell::new(limits.steps), levels: Cell::new(limits.levels) }
    }

    pub fn limits(&self) -> Limits {
        self.limits
    }

    /// As new, for the next question.
    pub fn renew(&self) {
        self.steps.set(self.limits.steps);
    }

    /// Steps that were taken since it was new.
    #[cfg(test)]
    pub(super) fn taken(&self) -> u64 {
        self.limits.steps - self.steps.get()
    }

    /// Takes a step and a level.
    pub(super) fn enter(&self, at: impl FnOnce() -> Place) -> Result<Level<'_>, Fault> {
        let Some(levels) = self.levels.get().checked_sub(1) else {
            return Err(limit(at(), format!("evaluated more than {} levels deep", self.limits.levels)));
        };
        self.spend(1, at)?;
        self.levels.set(levels);
        Ok(Level(self))
    }

    /// Takes steps for what stands in a value that was just made, which must not be too much.
    pub(super) fn hold(&self, value: Val, at: impl Fn() -> Place) -> Result<Val, Fault> {
        let most = self.limits.values;
        let Some(left) = value.takes_of(most, MAX_NESTED) else {
            let text = size(most * TEXT);
            let message = format!(
                "more than {most} values in one or {text} of text, or nested more than {MAX_NESTED} levels deep"
            );
            return Err(limit(at(), message));
        };
        self.spend((most - left) / VALUES_A_STEP, at)?;
        Ok(value)
    }

    /// Takes steps for what goes through a value that is there already.
    pub(super) fn walk(&self, value: &Val, at: impl FnOnce() -> Place) -> Result<(), Fault> {
        let most = self.limits.values;
        let left = value.takes_of(most, MAX_NESTED).unwrap_or(0);
        self.spend((most - left) / VALUES_A_STEP, at)
    }

    /// Takes steps.
    pub fn spend(&self, steps: usize, at: impl FnOnce() -> Place) -> Result<(), Fault> {
        match self.steps.get().checked_sub(steps as u64) {
            Some(left) => {
                self.steps.set(left);
                Ok(())
            }
            None => Err(limit(at(), format!("evaluated more than {} steps", self.limits.steps))),
        }
    }
}

/// Runs what may go deep, with more stack when little is left.
pub(super) fn with_stack<T>(run: impl FnOnce() -> T) -> T {
    stacker::maybe_grow(RED_ZONE, STACK, run)
}

fn limit(at: Place, message: String) -> Fault {
    Fault { message, at, cause: Cause::Limit }
}
