//! `driftline.toml` as defaults of the command line's own options: what is said on the command line or in the
//! environment wins, and an option is described in one place only.

use super::Cli;
use crate::model::Problem;
use crate::settings::{self, Entry};
use clap::{Arg, ArgMatches, Command, CommandFactory};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

// Which file the options of a run come from besides; [`file`] reads them. No documentation: it would become the help's.
#[derive(clap::Args)]
pub(super) struct FileOptions {
    /// The configuration file; by default the `driftline.toml` of the first DIR or of a directory above it, up to the
    /// repository's root
    #[arg(long, value_name = "FILE", env = "DRIFTLINE_CONFIG")]
    config: Option<PathBuf>,

    /// Read no configuration file
    #[arg(long, conflicts_with = "config", env = "DRIFTLINE_ISOLATED")]
    isolated: bool,
}

/// Options that a file cannot set: they say which file, or what this one run is about.
const NOT_IN_A_FILE: [&str; 13] = [
    "dirs",
    "config",
    "isolated",
    "help",
    "version",
    "output",
    "plan",
    "plan_file",
    "command",
    "as_of",
    "now",
    "from_ref",
    "to_ref",
];

/// The command line with the file's values as defaults.
///
/// # Errors
/// When the file cannot be read or has a key that no option has.
pub(super) fn command(arguments: &[OsString]) -> Result<Command, Problem> {
    let plain = Cli::command();
    // A command line that is wrong is told so by the second parsing, with everything in place.
    let Ok(matches) = plain.clone().try_get_matches_from(arguments) else { return Ok(plain) };
    let Some((name, of_subcommand)) = matches.subcommand() else { return Ok(plain) };
    let Some(file) = file(of_subcommand) else { return Ok(plain) };
    let mut command = plain;
    for entry in settings::read(&file)? {
        command = with_default(command, name, &entry)?;
        if let Err(error) = command.clone().try_get_matches_from(arguments) {
            return Err(refused(&entry, &error));
        }
    }
    Ok(command)
}

/// A value that its option does not take; without the file the command line was right.
fn refused(entry: &Entry, error: &clap::Error) -> Problem {
    let text = error.to_string();
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let message = lines.next().unwrap_or_default().trim_start_matches("error: ").to_owned();
    let problem = Problem::new(message).at(&entry.place);
    match lines.find_map(|line| line.strip_prefix("help: ")) {
        Some(help) => problem.help(help),
        None => problem,
    }
}

/// The file that this run goes by: the one that is named, or the one that belongs to the first root module.
fn file(matches: &ArgMatches) -> Option<PathBuf> {
    if matches.try_get_one::<bool>("isolated").ok()?.copied() == Some(true) {
        return None;
    }
    if let Some(file) = matches.try_get_one::<PathBuf>("config").ok()? {
        return Some(file.clone());
    }
    let first = matches.try_get_many::<PathBuf>("dirs").ok()?.and_then(|mut dirs| dirs.next().cloned());
    settings::find(first.as_deref().unwrap_or(Path::new(".")), settings::NAME)
}

fn with_default(command: Command, subcommand: &str, entry: &Entry) -> Result<Command, Problem> {
    let settable = |arg: &&Arg| !NOT_IN_A_FILE.contains(&arg.get_id().as_str());
    let has = |of: &Command| of.get_arguments().filter(settable).any(|arg| *arg.get_id() == entry.key.as_str());
    if command.get_subcommands().any(|of| of.get_name() == subcommand && has(of)) {
        let values = entry.values.clone();
        let key = entry.key.clone();
        return Ok(command.mut_subcommand(subcommand, |of| of.mut_arg(key, |arg| arg.default_values(values))));
    }
    // A key of another subcommand is right and does nothing here.
    if command.get_subcommands().any(has) {
        return Ok(command);
    }
    let check = command.get_subcommands().find(|of| of.get_name() == "check");
    let known: Vec<_> = check
        .into_iter()
        .flat_map(Command::get_arguments)
        .filter(settable)
        .map(|arg| format!("`{}`", arg.get_id()))
        .collect();
    Err(Problem::new(format!("`{}` is no setting", entry.key))
        .at(&entry.place)
        .help(format!("settings are {}", known.join(", "))))
}
