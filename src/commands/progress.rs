//! Progress on standard error: only on a terminal, and only when the work takes longer than half a second.

use crate::providers::Progress;
use crate::source::clean;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A line that tells what is being read; gone when it is dropped.
pub(super) struct Line {
    bar: ProgressBar,
}

impl Line {
    /// `quiet` shows nothing at all.
    pub(super) fn new(quiet: bool) -> Self {
        let bar = ProgressBar::new_spinner();
        bar.set_style(
            ProgressStyle::with_template("{spinner} {msg} ({elapsed})")
                .unwrap_or_else(|_| ProgressStyle::default_spinner()),
        );
        // indicatif draws on standard error, and nothing when that is no terminal.
        bar.set_draw_target(if quiet { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() });
        Line { bar }
    }

    /// What the work calls with each step.
    pub(super) fn teller(&self) -> Progress {
        let (bar, started) = (self.bar.clone(), Instant::now());
        Arc::new(move |what: &str| {
            if started.elapsed() >= Duration::from_millis(500) {
                bar.set_message(clean::for_terminal(what, false));
                bar.tick();
            }
        })
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
