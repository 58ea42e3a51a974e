//! A command with the user's own terminal, and the signals on the way to it.
//!
//! On a terminal Ctrl-C reaches the whole process group: sent on, it would arrive twice, and Terraform takes the second
//! for "stop at once", which leaves locks behind. Without one the command has a group of its own, and one signal is
//! sent to all of it, since what is started may be a shim in front of the real binary.

use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use std::io::IsTerminal;
use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;
use tokio::process::{Child, Command};
use tokio::signal::unix::{Signal as Signals, SignalKind, signal};

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    WithCode(u8),
    /// It, or driftline while it waited, was told to stop by the signal of this number.
    BySignal(u8),
}

pub(super) async fn run(mut command: Command) -> std::io::Result<Ended> {
    let on_terminal =
        std::io::stdin().is_terminal() || std::io::stdout().is_terminal() || std::io::stderr().is_terminal();
    // Before the command starts: no signal is to find driftline without them.
    let mut interrupts = signal(SignalKind::interrupt())?;
    let mut terminations = signal(SignalKind::terminate())?;
    if !on_terminal {
        command.process_group(0);
    }
    let mut child = command.spawn()?;
    let mut told = None;
    let status = loop {
        let number = tokio::select! {
            status = child.wait() => break status?,
            number = next(&mut interrupts, SignalKind::interrupt()) => number,
            number = next(&mut terminations, SignalKind::terminate()) => number,
        };
        told = Some(number);
        pass_on(&child, number, on_terminal);
    };
    Ok(ended(status, told))
}

async fn next(signals: &mut Signals, kind: SignalKind) -> i32 {
    match signals.recv().await {
        Some(()) => kind.as_raw_value(),
        None => std::future::pending().await,
    }
}

fn pass_on(child: &Child, number: i32, on_terminal: bool) {
    let pid = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
    let Some(pid) = pid else { return };
    // One that cannot be told has ended, which is what it was to be told.
    let _ = match (on_terminal, number == SignalKind::interrupt().as_raw_value()) {
        (true, true) => Ok(()),
        (true, false) => kill_process(pid, Signal::TERM),
        (false, _) => kill_process_group(pid, Signal::INT),
    };
}

fn ended(status: ExitStatus, told: Option<i32>) -> Ended {
    let number = |signal: i32| u8::try_from(signal).unwrap_or(u8::MAX);
    match (told, status.signal(), status.code()) {
        (Some(signal), ..) | (None, Some(signal), _) => Ended::BySignal(number(signal)),
        (None, None, code) => Ended::WithCode(code.and_then(|code| u8::try_from(code).ok()).unwrap_or(1)),
    }
}
