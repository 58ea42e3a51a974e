//! What driftline makes of expressions, held against what `terraform console` made of them (`scripts/live-console`
//! records that). No value may differ; what is not known here is listed with its reason.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a panic is how a test fails, and its output is read")]

use driftline::terraform::evaluate::expression;
use driftline::terraform::functions::files::Files;
use driftline::terraform::value::{Cause, Val};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// A line of the record.
#[derive(Deserialize)]
struct Line {
    expression: String,
    #[serde(flatten)]
    answer: Answer,
    /// OpenTofu's answer, where it is another.
    opentofu: Option<Answer>,
}

impl Line {
    /// What is held against it. Where Terraform 1.11 refuses what OpenTofu gives a value to, the value counts: later
    /// versions of Terraform do the same for the most part, and with an error nothing was applied.
    fn answer(&self) -> &Answer {
        self.opentofu.as_ref().filter(|_| self.answer.error).unwrap_or(&self.answer)
    }
}

#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    error: bool,
    #[serde(default)]
    changing: bool,
    #[serde(rename = "type")]
    of: Option<String>,
    json: Option<String>,
    #[serde(default)]
    sensitive: bool,
    #[serde(default, rename = "sensitive within")]
    sensitive_within: bool,
}

/// How an expression compares with its record.
enum Outcome {
    Same,
    /// Nothing is said about it, for this reason.
    Unknown(String),
    Differs(String),
}

fn compare(line: &Line, files: &Files) -> Outcome {
    let recorded = line.answer();
    let value = match expression(&line.expression, files) {
        Err(fault) if fault.cause != Cause::Error => return Outcome::Unknown(fault.message),
        Err(_) if recorded.error => return Outcome::Same,
        Err(fault) if fault.message.starts_with("there is no function") => return Outcome::Unknown(fault.message),
        Err(fault) => return Outcome::Differs(format!("fault: {}", fault.message)),
        Ok(value) => value,
    };
    if let Some(why) = value.why_not_wholly_known() {
        return Outcome::Unknown(why.text.clone());
    }
    let json = json(&line.expression, files);
    let shown = format!("{} {}{}", value.type_of(), json.clone().unwrap_or_default(), marks(&value));
    let same = !recorded.error
        && !recorded.changing
        && Some(value.type_of().to_string()) == recorded.of
        && json == recorded.json
        && value.sensitive == recorded.sensitive
        && (value.sensitive || value.is_sensitive_within() == recorded.sensitive_within);
    if same { Outcome::Same } else { Outcome::Differs(shown) }
}

/// What `jsonencode` makes of the expression.
fn json(text: &str, files: &Files) -> Option<String> {
    let value = expression(&format!("jsonencode((\n{text}\n))"), files).ok()?;
    value.as_str().map(str::to_owned)
}

fn marks(value: &Val) -> &'static str {
    match (value.sensitive, value.is_sensitive_within()) {
        (true, _) => " sensitive",
        (_, true) => " sensitive within",
        _ => "",
    }
}

fn described(recorded: &Answer) -> String {
    match recorded {
        Answer { error: true, .. } => "an error".to_owned(),
        Answer { of, json, sensitive, sensitive_within, .. } => format!(
            "{} {}{}{}",
            of.clone().unwrap_or_default(),
            json.clone().unwrap_or_default(),
            if *sensitive { " sensitive" } else { "" },
            if *sensitive_within { " sensitive within" } else { "" }
        ),
    }
}

fn records() -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir("testdata/console")
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "jsonl"))
        .collect();
    paths.sort();
    paths
}

#[test]
fn expressions_have_the_values_that_the_console_gives_them() {
    let files = Files::new(Path::new("testdata/console/files"), "");
    let (mut all, mut differences) = (0, Vec::new());
    let mut unknown: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for path in records() {
        let text = fs::read_to_string(&path).unwrap();
        let mut lines = 0;
        for line in text.lines() {
            let line: Line = serde_json::from_str(line).unwrap();
            lines += 1;
            match compare(&line, &files) {
                Outcome::Same => {}
                Outcome::Unknown(why) => unknown.entry(why).or_default().push(line.expression),
                Outcome::Differs(shown) => differences.push(format!(
                    "{}: {}\n  here {shown}\n  there {}",
                    path.display(),
                    line.expression,
                    described(line.answer())
                )),
            }
        }
        println!("{}: {lines} expressions", path.display());
        all += lines;
    }
    let listed: String = unknown
        .iter()
        .map(|(why, expressions)| {
            format!("{why}\n{}", expressions.iter().map(|one| format!("    {one:?}\n")).collect::<String>())
        })
        .collect();
    let count: usize = unknown.values().map(Vec::len).sum();
    println!("{all} expressions, {count} not known here:\n{listed}");
    assert!(differences.is_empty(), "{} of {all} differ:\n{}", differences.len(), differences.join("\n"));
    assert!(all >= 3_000, "only {all} expressions are recorded");
    insta::assert_snapshot!("not_known", listed);
}
