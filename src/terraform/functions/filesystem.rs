//! Functions that read files.

use super::super::value::{Cause, Origin, Type, Val};
use super::files::Unread;
use super::{Call, Failure, Function, Parameter, Takes, crypto, glob, takes};
use crate::source::Span;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// How many bytes of a file are read in one step.
const BYTES_A_STEP: usize = 16;

const PATH: Parameter = takes(Takes::String);

const fn of_path(name: &'static str, returns: Takes, run: fn(&Call<'_>) -> Result<Val, Failure>) -> Function {
    Function { name, parameters: &[PATH], rest: None, returns, run }
}

pub(super) const TABLE: &[Function] = &[
    of_path("file", Takes::String, text),
    of_path("filebase64", Takes::String, |call| made(call, |bytes| STANDARD.encode(bytes))),
    of_path("filebase64sha256", Takes::String, |call| made(call, crypto::base64_sha256)),
    of_path("filebase64sha512", Takes::String, |call| made(call, crypto::base64_sha512)),
    of_path("fileexists", Takes::Bool, exists),
    of_path("filemd5", Takes::String, |call| made(call, crypto::md5)),
    Function { name: "fileset", parameters: &[PATH, PATH], rest: None, returns: Takes::SetOfString, run: set },
    of_path("filesha1", Takes::String, |call| made(call, crypto::sha1)),
    of_path("filesha256", Takes::String, |call| made(call, crypto::sha256)),
    of_path("filesha512", Takes::String, |call| made(call, crypto::sha512)),
];

/// What a function gives for a file that was not read.
fn unread(call: &Call<'_>, of: Type, why: Unread) -> Result<Val, Failure> {
    match why {
        Unread::Outside => Ok(call.unknown(of, Cause::File, "the file lies outside of the repository")),
        Unread::Limit => Ok(call.unknown(of, Cause::Limit, "there are too many files to look at")),
        Unread::Missing => Err(Failure::of(0, "there is no such file")),
        Unread::Broken(reason) => Err(Failure::of(0, reason)),
    }
}

/// The path of a file; `Err` when only who runs Terraform could say where it leads.
fn path<'c>(call: &'c Call<'_>) -> Result<&'c str, Unread> {
    let path = call.text(0);
    if path.starts_with('~') { Err(Unread::Outside) } else { Ok(path) }
}

fn text(call: &Call<'_>) -> Result<Val, Failure> {
    match path(call).and_then(|path| call.files.text(path)) {
        Ok(file) => {
            let whole = Origin::verbatim(&file, Span::new(0, file.text().len()));
            let text = Val::string_from(file.text(), &whole);
            let origin = Origin::passed(call.at.clone(), "file", &text.origin);
            Ok(text.with_origin(origin))
        }
        Err(why) => unread(call, Type::String, why),
    }
}

/// A text made of the bytes of a file.
fn made(call: &Call<'_>, make: fn(&[u8]) -> String) -> Result<Val, Failure> {
    match path(call).and_then(|path| call.files.bytes(path)) {
        Ok(bytes) => {
            call.meter.count(bytes.len() / BYTES_A_STEP);
            Ok(Val::string(make(&bytes)))
        }
        Err(why) => unread(call, Type::String, why),
    }
}

fn exists(call: &Call<'_>) -> Result<Val, Failure> {
    match path(call).and_then(|path| call.files.is_file(path)) {
        Ok(true) => Ok(Val::bool(true)),
        Ok(false) => Err(Failure::of(0, "is something else than a file")),
        Err(Unread::Missing) => Ok(Val::bool(false)),
        Err(why) => unread(call, Type::Bool, why),
    }
}

fn set(call: &Call<'_>) -> Result<Val, Failure> {
    match glob::files(call.files, call.text(0), call.text(1), call.meter) {
        Ok(found) => Ok(Val::set(Type::String, found.into_iter().map(Val::string).collect())),
        Err(Unread::Missing) => Ok(Val::set(Type::String, Vec::new())),
        Err(why) => unread(call, Type::set(Type::String), why),
    }
}
