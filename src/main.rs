//! The `driftline` binary: everything is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    driftline::commands::main(std::env::args_os())
}
