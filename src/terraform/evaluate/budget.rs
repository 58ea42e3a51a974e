//! What one evaluation may cost: an end for what a configuration would make without end.

use super::Fault;
use crate::terraform::value::{Cause, Place, TEXT, Val};
use std::cell::Cell;

/// How many steps one evaluation may take: an expression, an element of a loop and some bytes of a text are one each.
const MAX_STEPS: u64 = 10_000_000;

/// How many values may stand in one value, at any depth: one that is named twice counts twice, because whoever goes
/// through it meets it twice. Parts of types and stretches of text count, too.
const MAX_VALUES: usize = 1_000_000;

/// How deep values may stand in one another: going through them takes stack, of which [`RED_ZONE`] is sure.
const MAX_NESTED: usize = 250;

/// How many of them are made, or gone through, in one step.
const VALUES_A_STEP: usize = 16;

/// How many bytes of a text are gone through in one step.
pub(super) const BYTES_A_STEP: usize = 16;

/// How many expressions may be evaluated inside of one another, through definitions too.
const MAX_LEVELS: u32 = 2_000;

/// Stack that must be left, and how much is added when it is not.
const RED_ZONE: usize = 1024 * 1024;
const STACK: usize = 8 * 1024 * 1024;

/// What is left of the steps and levels of one evaluation.
#[derive(Debug)]
pub struct Budget {
    most: u64,
    steps: Cell<u64>,
    levels: Cell<u32>,
}

impl Default for Budget {
    fn default() -> Self {
        Budget::of(MAX_STEPS)
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
    /// For evaluations that may take so many steps.
    pub(super) fn of(most: u64) -> Self {
        Budget { most, steps: Cell::new(most), levels: Cell::new(MAX_LEVELS) }
    }

    /// As new, for the next question.
    pub fn renew(&self) {
        self.steps.set(self.most);
    }

    /// Steps that were taken since it was new.
    #[cfg(test)]
    pub(super) fn taken(&self) -> u64 {
        self.most - self.steps.get()
    }

    /// Takes a step and a level.
    pub(super) fn enter(&self, at: impl FnOnce() -> Place) -> Result<Level<'_>, Fault> {
        let Some(levels) = self.levels.get().checked_sub(1) else {
            return Err(limit(at(), format!("evaluated more than {MAX_LEVELS} levels deep")));
        };
        self.spend(1, at)?;
        self.levels.set(levels);
        Ok(Level(self))
    }

    /// Takes steps for what stands in a value that was just made, which must not be too much.
    pub(super) fn hold(&self, value: Val, at: impl Fn() -> Place) -> Result<Val, Fault> {
        let Some(left) = value.takes_of(MAX_VALUES, MAX_NESTED) else {
            let text = MAX_VALUES * TEXT / 1024 / 1024;
            let message = format!(
                "more than {MAX_VALUES} values in one or {text} MiB of text, or nested more than {MAX_NESTED} levels deep"
            );
            return Err(limit(at(), message));
        };
        self.spend((MAX_VALUES - left) / VALUES_A_STEP, at)?;
        Ok(value)
    }

    /// Takes steps for what goes through a value that is there already.
    pub(super) fn walk(&self, value: &Val, at: impl FnOnce() -> Place) -> Result<(), Fault> {
        let left = value.takes_of(MAX_VALUES, MAX_NESTED).unwrap_or(0);
        self.spend((MAX_VALUES - left) / VALUES_A_STEP, at)
    }

    /// Takes steps.
    pub fn spend(&self, steps: usize, at: impl FnOnce() -> Place) -> Result<(), Fault> {
        match self.steps.get().checked_sub(steps as u64) {
            Some(left) => {
                self.steps.set(left);
                Ok(())
            }
            None => Err(limit(at(), format!("evaluated more than {} steps", self.most))),
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
