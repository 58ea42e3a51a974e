//! Functions on paths as texts.

use super::super::value::{Cause, Type, Val};
use super::{Call, Failure, Function, Parameter, Takes, takes};

const PATH: Parameter = takes(Takes::String);

const fn of_path(name: &'static str, run: fn(&Call<'_>) -> Result<Val, Failure>) -> Function {
    Function { name, parameters: &[PATH], rest: None, returns: Takes::String, run }
}

pub(super) const TABLE: &[Function] = &[
    of_path("abspath", |call| {
        let path = call.text(0);
        let root = call.files.root().to_string_lossy();
        Ok(Val::string(if path.starts_with('/') { clean(path) } else { clean(&format!("{root}/{path}")) }))
    }),
    of_path("basename", |call| Ok(Val::string(base(call.text(0))))),
    of_path("dirname", |call| {
        let path = call.text(0);
        let directory = path.rfind('/').map_or("", |slash| &path[..=slash]);
        Ok(Val::string(clean(directory)))
    }),
    of_path("pathexpand", |call| {
        let path = call.text(0);
        match path.strip_prefix('~') {
            None => Ok(call.part_of(0, 0..path.len())),
            Some(rest) if rest.is_empty() || rest.starts_with('/') => {
                let text = "the home directory is that of whoever runs Terraform";
                Ok(call.unknown(Type::String, Cause::File, text))
            }
            Some(_) => Err(Failure::of(0, "names the home directory of another user")),
        }
    }),
];

/// The last name of a path.
fn base(path: &str) -> &str {
    let trimmed = path.trim_end_matches('/');
    match (trimmed, path) {
        ("", "") => ".",
        ("", _) => "/",
        (trimmed, _) => trimmed.rsplit('/').next().unwrap_or(trimmed),
    }
}

/// The shortest path of the same meaning, without looking at what is there.
pub(super) fn clean(path: &str) -> String {
    let rooted = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/').filter(|part| !part.is_empty() && *part != ".") {
        match (part, parts.last()) {
            ("..", Some(last)) if *last != ".." => {
                parts.pop();
            }
            ("..", None) if rooted => {}
            (part, _) => parts.push(part),
        }
    }
    let joined = parts.join("/");
    match (rooted, joined.is_empty()) {
        (true, _) => format!("/{joined}"),
        (false, true) => ".".to_owned(),
        (false, false) => joined,
    }
}
