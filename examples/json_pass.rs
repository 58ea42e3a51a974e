//! The least that reading a JSON file can cost: its bytes, and one pass over them that keeps nothing. `scripts/bench`
//! measures driftline against it.

use std::io::Write;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args_os().nth(1).ok_or("usage: json_pass FILE")?;
    let bytes = std::fs::read(path)?;
    serde_json::from_slice::<serde::de::IgnoredAny>(&bytes)?;
    writeln!(std::io::stdout(), "{} bytes", bytes.len())?;
    Ok(())
}
