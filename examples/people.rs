//! What it costs to read, evaluate and locate what a root module says of people that it keeps in data, for
//! `scripts/bench` to measure: `people read|evaluate|locate DIR TIMES` does so from the start, so many times.

use driftline::model::{Address, AttrPath, Mode, ModulePath, Precision};
use driftline::terraform::config::{Configuration, Inputs};
use std::path::Path;

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [stage, dir, times] = arguments.as_slice() else {
        return Err("usage: people read|evaluate|locate DIR TIMES".into());
    };
    for _ in 0..times.parse()? {
        let (configuration, gaps) =
            Configuration::load(Path::new(dir), dir, None, &Inputs::default()).map_err(|problem| problem.message)?;
        if !gaps.is_empty() {
            return Err(format!("{} gaps", gaps.len()).into());
        }
        match stage.as_str() {
            "read" => {}
            "evaluate" => evaluate(&configuration)?,
            "locate" => locate(&configuration)?,
            other => return Err(format!("there is no stage `{other}`").into()),
        }
    }
    Ok(())
}

/// Every instance has every argument known.
fn evaluate(configuration: &Configuration) -> Result<(), Failure> {
    for declaration in configuration.declarations() {
        for key in declaration.keys().map_err(|why| why.to_string())? {
            for said in declaration.instance(key.as_ref()) {
                if let Some(why) = said.value.why_not_wholly_known() {
                    return Err(format!("`{}`: {why}", said.name).into());
                }
            }
        }
    }
    Ok(())
}

/// Every instance's role is where it is written.
fn locate(configuration: &Configuration) -> Result<(), Failure> {
    for declaration in configuration.declarations() {
        for key in declaration.keys().map_err(|why| why.to_string())? {
            let address = Address {
                module: ModulePath::default(),
                mode: Mode::Managed,
                resource_type: declaration.resource_type.clone(),
                name: declaration.name.clone(),
                key,
            };
            let located = configuration.locate(&address, &AttrPath::attr("role")).map_err(|not| not.reason)?;
            if located.location.precision != Precision::Value {
                return Err(format!("`{address}` is not known exactly").into());
            }
        }
    }
    Ok(())
}
