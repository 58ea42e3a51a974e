//! Hashes, and what is made with secrets or by chance.

use super::super::value::{Cause, Type, Val};
use super::{Call, Failure, Function, Parameter, Takes, takes};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::Digest;

const TEXT: Parameter = takes(Takes::String);

/// Namespaces of UUIDs that have names, by the byte in which they differ.
const NAMESPACES: &[(&str, u8)] = &[("dns", 0x10), ("url", 0x11), ("oid", 0x12), ("x500", 0x14)];

/// All of them but that byte.
const NAMESPACE: [u8; 16] =
    [0x6b, 0xa7, 0xb8, 0x10, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8];

/// Costs that `bcrypt` takes.
const COSTS: std::ops::RangeInclusive<i64> = 4..=31;

const fn hash(name: &'static str, run: fn(&Call<'_>) -> Result<Val, Failure>) -> Function {
    Function { name, parameters: &[TEXT], rest: None, returns: Takes::String, run }
}

pub(super) const TABLE: &[Function] = &[
    hash("base64sha256", |call| Ok(Val::string(base64_sha256(call.text(0).as_bytes())))),
    hash("base64sha512", |call| Ok(Val::string(base64_sha512(call.text(0).as_bytes())))),
    Function {
        name: "bcrypt",
        parameters: &[TEXT],
        rest: Some(takes(Takes::Number)),
        returns: Takes::String,
        run: bcrypt,
    },
    hash("md5", |call| Ok(Val::string(md5(call.text(0).as_bytes())))),
    Function { name: "rsadecrypt", parameters: &[TEXT, TEXT], rest: None, returns: Takes::String, run: rsa_decrypt },
    hash("sha1", |call| Ok(Val::string(sha1(call.text(0).as_bytes())))),
    hash("sha256", |call| Ok(Val::string(sha256(call.text(0).as_bytes())))),
    hash("sha512", |call| Ok(Val::string(sha512(call.text(0).as_bytes())))),
    Function {
        name: "uuid",
        parameters: &[],
        rest: None,
        returns: Takes::String,
        run: |call| Ok(call.unknown(Type::String, Cause::Changing, "`uuid` makes another one each time")),
    },
    Function { name: "uuidv5", parameters: &[TEXT, TEXT], rest: None, returns: Takes::String, run: uuid_v5 },
];

pub(super) fn base64_sha256(bytes: &[u8]) -> String {
    STANDARD.encode(sha2::Sha256::digest(bytes))
}

pub(super) fn base64_sha512(bytes: &[u8]) -> String {
    STANDARD.encode(sha2::Sha512::digest(bytes))
}

pub(super) fn md5(bytes: &[u8]) -> String {
    hex(&md5::Md5::digest(bytes))
}

pub(super) fn sha1(bytes: &[u8]) -> String {
    hex(&sha1::Sha1::digest(bytes))
}

pub(super) fn sha256(bytes: &[u8]) -> String {
    hex(&sha2::Sha256::digest(bytes))
}

pub(super) fn sha512(bytes: &[u8]) -> String {
    hex(&sha2::Sha512::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn bcrypt(call: &Call<'_>) -> Result<Val, Failure> {
    if call.arguments.len() > 2 {
        return Err(Failure::new("takes no more than two arguments"));
    }
    if call.arguments.len() == 2 && call.integer(1)? > *COSTS.end() {
        return Err(Failure::of(1, "must be at most 31"));
    }
    if call.text(0).len() > 72 {
        return Err(Failure::of(0, "must be at most 72 bytes long"));
    }
    Ok(call.unknown(Type::String, Cause::Changing, "`bcrypt` makes another hash each time"))
}

fn rsa_decrypt(call: &Call<'_>) -> Result<Val, Failure> {
    super::encoding::decode_base64(call.text(0)).ok_or_else(|| Failure::of(0, "must be Base64"))?;
    if !call.text(1).contains("-----BEGIN ") {
        return Err(Failure::of(1, "must be a private key in PEM"));
    }
    Ok(call.unknown(Type::String, Cause::Limit, "nothing is decrypted here"))
}

fn uuid_v5(call: &Call<'_>) -> Result<Val, Failure> {
    let namespace = namespace(call.text(0)).ok_or_else(|| Failure::of(0, "must be a namespace or a UUID"))?;
    let mut hash = sha1::Sha1::new();
    hash.update(namespace);
    hash.update(call.text(1));
    let mut bytes = hash.finalize();
    bytes[6] = bytes[6] & 0x0f | 0x50;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let digits = hex(&bytes[..16]);
    let parts = [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]];
    Ok(Val::string(parts.join("-")))
}

fn namespace(text: &str) -> Option<[u8; 16]> {
    if let Some((_, byte)) = NAMESPACES.iter().find(|(name, _)| *name == text) {
        let mut namespace = NAMESPACE;
        namespace[3] = *byte;
        return Some(namespace);
    }
    let text = match text.len() {
        45 if text.is_char_boundary(9) && text[..9].eq_ignore_ascii_case("urn:uuid:") => &text[9..],
        38 => text.get(1..37)?,
        32 | 36 => text,
        _ => return None,
    };
    let dashes = [8, 13, 18, 23];
    let dashed = text.len() == 36;
    if dashed && dashes.iter().any(|at| text.as_bytes()[*at] != b'-') {
        return None;
    }
    let digits: Vec<u8> =
        text.bytes().enumerate().filter(|(at, _)| !dashed || !dashes.contains(at)).map(|(_, byte)| byte).collect();
    let mut namespace = [0; 16];
    for (byte, pair) in namespace.iter_mut().zip(digits.chunks(2)) {
        let digit = |digit: u8| char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok());
        *byte = digit(*pair.first()?)? << 4 | digit(*pair.get(1)?)?;
    }
    Some(namespace)
}
