//! Calls with texts, and what the functions make of them.

use super::*;
use crate::source::{SourceFile, Span};
use std::path::Path;

fn called(name: &str, arguments: &[&str]) -> Result<Val, Failure> {
    let at = Place::new(&SourceFile::new("call", name), Span::new(0, name.len()));
    let arguments = arguments.iter().map(|text| Val::string(*text)).collect();
    call(named(name).unwrap(), arguments, &Files::new(Path::new("."), ""), at)
}

/// The result of a call with texts.
pub(super) fn value(name: &str, arguments: &[&str]) -> Val {
    called(name, arguments).unwrap()
}

/// The text that a call with texts gives.
pub(super) fn text(name: &str, arguments: &[&str]) -> String {
    value(name, arguments).as_str().unwrap().to_owned()
}

/// Why a call with texts cannot be done.
pub(super) fn failure(name: &str, arguments: &[&str]) -> Failure {
    called(name, arguments).unwrap_err()
}

#[test]
fn each_name_is_that_of_one_function() {
    let mut names: Vec<&str> = TABLES.iter().copied().flatten().map(|function| function.name).collect();
    names.sort_unstable();
    let all = names.len();
    names.dedup();
    assert_eq!(names.len(), all);
}
