//! `driftline explain ADDRESS[.attribute]`: what the source says there, with the whole chain that leads to it.

use super::block_on;
use super::inputs::Variables;
use super::terminal::{self, Color, say};
use crate::check::{self, Request, StateAt};
use crate::model::value::PathStep;
use crate::model::{Address, Problem, Secret, Value};
use crate::report::ExitStatus;
use crate::report::table::{Look, said};
use crate::terraform::edit::is_secret_name;
use std::ffi::OsString;
use std::path::PathBuf;

/// Which source is asked.
#[derive(clap::Args)]
pub(super) struct Source {
    /// The root module that an address is of
    #[arg(long, value_name = "DIR", default_value = ".")]
    dir: PathBuf,

    /// Its state, where it is not the root module's own
    #[arg(long, value_name = "PATH", env = "DRIFTLINE_STATE")]
    state: Option<OsString>,

    /// Look at the source alone
    #[arg(long, conflicts_with = "state", env = "DRIFTLINE_NO_STATE")]
    no_state: bool,

    #[command(flatten)]
    variables: Variables,

    /// When to colour
    #[arg(long, value_enum, default_value_t = Color::Auto, env = "DRIFTLINE_COLOR")]
    color: Color,
}

pub(super) fn run(name: &str, source: &Source) -> Result<ExitStatus, Problem> {
    let (address, path) = Address::with_path(name)?;
    let request = Request {
        command: "explain".to_owned(),
        roots: vec![(source.dir.clone(), source.state.as_deref().map(StateAt::new))],
        no_state: source.no_state,
        variables: source.variables.given(),
        ..Request::default()
    };
    let (configuration, gaps, without_state) = block_on(check::source_of(&request))?;
    for gap in &gaps {
        say(&format!("{}: {}", gap.code, gap.reason));
    }
    let explained = configuration.explain(&address, &path).map_err(|not| Problem::new(not.reason).help(not.hint))?;
    let mut notes: Vec<_> = explained.unknown.iter().map(|why| format!("not wholly known: {why}")).collect();
    notes.extend(explained.outside);
    if let Some(problem) = without_state.filter(|_| explained.unknown.is_some()) {
        notes.push(format!("no state was read: {}", problem.message));
    }
    let named = path.iter().rev().find_map(|step| match step {
        PathStep::Name(name) => Some(name.as_str()),
        PathStep::Index(_) => None,
    });
    let said = said::Said {
        name: name.to_owned(),
        value: &shown(named.unwrap_or_default(), &explained.value),
        location: &check::without_secrets(&explained.located.location),
        related: &explained.located.related,
        notes,
    };
    terminal::out(|out| said::write(&said, Look { width: terminal::width(), colour: source.color.on() }, out))?;
    Ok(ExitStatus::Clean)
}

/// The value without what is a secret by its name.
fn shown(name: &str, value: &Value) -> Value {
    match value {
        Value::Null | Value::Bool(_) | Value::Unknown => value.clone(),
        _ if is_secret_name(name) => Value::Secret(Secret::present()),
        Value::Map(fields) => {
            Value::Map(fields.iter().map(|(name, value)| (name.clone(), shown(name, value))).collect())
        }
        Value::List(items) => Value::List(items.iter().map(|item| shown(name, item)).collect()),
        value => value.clone(),
    }
}
