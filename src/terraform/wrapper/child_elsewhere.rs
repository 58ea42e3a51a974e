//! A command with the user's own terminal, on systems without process groups and Unix signals.

use tokio::process::Command;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    WithCode(u8),
    /// It was told to stop by the signal of this number.
    BySignal(u8),
}

pub(super) async fn run(mut command: Command) -> std::io::Result<Ended> {
    let mut child = command.spawn()?;
    loop {
        tokio::select! {
            status = child.wait() => {
                return Ok(Ended::WithCode(status?.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1)));
            }
            // The console tells every program that is attached to it.
            _ = tokio::signal::ctrl_c() => {}
        }
    }
}
