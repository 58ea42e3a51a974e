//! A file that was named on the command line, or standard input for `-`.

use super::StateBytes;
use crate::model::Problem;
use std::io::Read;

/// Reads the file at `path`, or `stdin` to its end when the path is `-`.
pub fn input(path: &str, stdin: &mut dyn Read) -> Result<StateBytes, Problem> {
    let read = if path == "-" {
        let mut bytes = Vec::new();
        stdin.read_to_end(&mut bytes).map(|_| bytes)
    } else {
        std::fs::read(path)
    };
    let bytes = read.map_err(|error| {
        let what = if path == "-" { "standard input" } else { "the file" };
        Problem::new(format!("{what} cannot be read: {error}"))
            .at(path)
            .help("give a readable file, or `-` for standard input")
    })?;
    Ok(StateBytes { bytes, path: path.to_owned() })
}
