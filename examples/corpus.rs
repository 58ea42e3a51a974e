//! What driftline makes of configurations, for `scripts/corpus` to count: `corpus parse` reads paths of files from
//! standard input and says which of them it can read and which modules they call, `corpus evaluate DIR` says of each
//! resource block of a root module what is known. Both print one JSON object a line.

use driftline::model::Precision;
use driftline::terraform::config::{Configuration, Declaration, Inputs, Said, precision, syntax};
use driftline::terraform::value::{Cause, Why};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{BufRead, Write};
use std::path::Path;
use std::time::Instant;

type Failure = Box<dyn std::error::Error>;

/// How many instances of one block are evaluated.
const MAX_INSTANCES: usize = 1_000;

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["parse"] => parse(),
        ["evaluate", dir] => evaluate(dir),
        _ => Err("usage: corpus parse < PATHS, or corpus evaluate DIR".into()),
    }
}

fn print(line: &Value) -> Result<(), Failure> {
    Ok(writeln!(std::io::stdout().lock(), "{line}")?)
}

fn parse() -> Result<(), Failure> {
    let mut total = (0, 0.0);
    for path in std::io::stdin().lock().lines() {
        let path = path?;
        let bytes = std::fs::read(&path)?;
        let Ok(text) = String::from_utf8(bytes) else {
            print(&json!({ "path": path, "error": "not UTF-8", "bytes": 0, "calls": [] }))?;
            continue;
        };
        let started = Instant::now();
        let (body, errors) = if path.ends_with(".tfvars.json") {
            syntax::parse_json_values(&text)
        } else if path.ends_with(".json") {
            syntax::parse_json(&text)
        } else {
            syntax::parse_native(&text)
        };
        total = (total.0 + text.len(), total.1 + started.elapsed().as_secs_f64());
        let error = errors.first().map(|error| {
            let line = text.as_bytes().iter().take(error.span.start).filter(|byte| **byte == b'\n').count() + 1;
            format!("line {line}: {}", error.message)
        });
        let calls = body.blocks.iter().filter(|block| block.kind.text == "module");
        let sources = calls.filter_map(|call| Some(call.body.attribute("source")?.value.literal_text()?.into_owned()));
        print(&json!({ "path": path, "error": error, "bytes": text.len(), "calls": sources.collect::<Vec<_>>() }))?;
    }
    print(&json!({ "seconds": total.1, "bytes": total.0 }))
}

fn evaluate(dir: &str) -> Result<(), Failure> {
    let started = Instant::now();
    let (mut configuration, gaps) = match Configuration::load(Path::new(dir), dir, None, &Inputs::default()) {
        Ok(loaded) => loaded,
        Err(problem) => return print(&json!({ "refused": problem.message })),
    };
    configuration.compute(driftline::providers::computed());
    let blocks: Vec<Value> = configuration.declarations().map(|declaration| block(&declaration)).collect();
    let seconds = started.elapsed().as_secs_f64();
    let mut codes: BTreeMap<String, usize> = BTreeMap::new();
    for gap in &gaps {
        *codes.entry(gap.code.to_string()).or_default() += 1;
    }
    for block in &blocks {
        print(block)?;
    }
    print(&json!({ "seconds": seconds, "gaps": codes }))
}

/// An argument over all instances of its block.
struct Argument {
    /// The first reason why something of it is not known.
    unknown: Option<(Cause, String)>,
    /// Whether every part of it leads to the very value.
    exact: bool,
}

fn block(declaration: &Declaration<'_>) -> Value {
    let mut arguments: BTreeMap<String, Argument> = BTreeMap::new();
    let keys = declaration.keys();
    let (instances, why) = match (&keys, &declaration.module_unknown) {
        (Ok(keys), None) => (Some(keys.len()), None),
        (Ok(_), Some(why)) | (Err(why), _) => (None, Some(reason(why))),
    };
    match &keys {
        Ok(keys) => {
            for key in keys.iter().take(MAX_INSTANCES) {
                add(&mut arguments, declaration.instance(key.as_ref()));
            }
        }
        Err(_) => add(&mut arguments, declaration.any_instance()),
    }
    let unknown = arguments.values().filter_map(|argument| argument.unknown.as_ref());
    json!({
        "type": declaration.resource_type,
        "block": format!("{}:{}", declaration.location.path, declaration.location.line),
        "instances": instances,
        "why": why.as_ref().map(shown),
        "arguments": arguments.len(),
        "known": arguments.values().filter(|argument| argument.unknown.is_none()).count(),
        "exact": arguments.values().filter(|argument| argument.unknown.is_none() && argument.exact).count(),
        "unknown": unknown.map(shown).collect::<Vec<_>>(),
    })
}

fn add(arguments: &mut BTreeMap<String, Argument>, said: Vec<Said>) {
    for Said { name, value } in said {
        let argument = arguments.entry(name).or_insert(Argument { unknown: None, exact: true });
        if argument.unknown.is_none() {
            argument.unknown = value.why_not_wholly_known().map(|why| reason(why));
        }
        argument.exact = argument.exact && precision(&value) == Some(Precision::Value);
    }
}

fn reason(why: &Why) -> (Cause, String) {
    (why.cause, why.text.clone())
}

fn shown((cause, text): &(Cause, String)) -> Value {
    json!([cause.words(), text])
}
