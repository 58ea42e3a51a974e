//! Values as a plan holds them: MessagePack, with what is not known yet as an extension and the type beside a value whose
//! type is not fixed.
//!
//! Rules: the MessagePack specification; `cty/msgpack` of zclconf/go-cty (`marshal.go`, `unknown.go`, `dynamic.go`).

use serde_json::{Map, Number, Value as Json};

/// Deeper than any schema nests.
const MAX_DEPTH: usize = 200;

/// A value with the mirror of what in it is not known: `false`, `true`, or its shape.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Decoded {
    pub(super) value: Json,
    pub(super) unknown: Json,
}

impl Decoded {
    fn known(value: Json) -> Self {
        Decoded { value, unknown: Json::Bool(false) }
    }
}

/// The one value that the bytes are.
pub(super) fn decoded(bytes: &[u8]) -> Result<Decoded, String> {
    let mut reader = Reader { rest: bytes };
    match reader.item(0)? {
        Item::Value(decoded) if reader.rest.is_empty() => Ok(decoded),
        Item::Value(_) => Err("a value with something behind it".to_owned()),
        Item::Type => Err("a type where a value is expected".to_owned()),
    }
}

enum Item {
    Value(Decoded),
    /// Bytes hold nothing but types.
    Type,
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn item(&mut self, depth: usize) -> Result<Item, String> {
        if depth > MAX_DEPTH {
            return Err(format!("values nested more than {MAX_DEPTH} deep"));
        }
        let value = match self.byte()? {
            0xc0 => Json::Null,
            0xc2 => Json::Bool(false),
            0xc3 => Json::Bool(true),
            byte @ 0x00..=0x7f => Json::from(byte),
            byte @ 0xe0..=0xff => Json::from(i8::from_be_bytes([byte])),
            0xcc => Json::from(self.byte()?),
            0xcd => Json::from(u16::from_be_bytes(self.array()?)),
            0xce => Json::from(u32::from_be_bytes(self.array()?)),
            0xcf => Json::from(u64::from_be_bytes(self.array()?)),
            0xd0 => Json::from(i8::from_be_bytes(self.array()?)),
            0xd1 => Json::from(i16::from_be_bytes(self.array()?)),
            0xd2 => Json::from(i32::from_be_bytes(self.array()?)),
            0xd3 => Json::from(i64::from_be_bytes(self.array()?)),
            0xca => float(f32::from_be_bytes(self.array()?).into()),
            0xcb => float(f64::from_be_bytes(self.array()?)),
            byte @ 0xa0..=0xbf => self.text(usize::from(byte & 0x1f))?,
            0xd9 => self.sized(1).and_then(|length| self.text(length))?,
            0xda => self.sized(2).and_then(|length| self.text(length))?,
            0xdb => self.sized(4).and_then(|length| self.text(length))?,
            byte @ 0xc4..=0xc6 => {
                let length = self.sized(1 << (byte - 0xc4))?;
                self.take(length)?;
                return Ok(Item::Type);
            }
            byte @ 0x90..=0x9f => return self.list(usize::from(byte & 0x0f), depth).map(Item::Value),
            0xdc => return self.sized(2).and_then(|length| self.list(length, depth)).map(Item::Value),
            0xdd => return self.sized(4).and_then(|length| self.list(length, depth)).map(Item::Value),
            byte @ 0x80..=0x8f => return self.map(usize::from(byte & 0x0f), depth).map(Item::Value),
            0xde => return self.sized(2).and_then(|length| self.map(length, depth)).map(Item::Value),
            0xdf => return self.sized(4).and_then(|length| self.map(length, depth)).map(Item::Value),
            // Every extension stands for what is not known; some say a little about it.
            byte @ 0xd4..=0xd8 => return self.unknown(1 << (byte - 0xd4)),
            byte @ 0xc7..=0xc9 => {
                let length = self.sized(1 << (byte - 0xc7))?;
                return self.unknown(length);
            }
            byte => return Err(format!("a value of a kind that is not known (0x{byte:02x})")),
        };
        Ok(Item::Value(Decoded::known(value)))
    }

    fn unknown(&mut self, length: usize) -> Result<Item, String> {
        self.take(length.saturating_add(1))?;
        Ok(Item::Value(Decoded { value: Json::Null, unknown: Json::Bool(true) }))
    }

    /// A list, set or tuple; or a value behind its type.
    fn list(&mut self, length: usize, depth: usize) -> Result<Decoded, String> {
        let (mut values, mut unknown) = (Vec::new(), Vec::new());
        for at in 0..length {
            match self.item(depth + 1)? {
                Item::Value(item) => {
                    values.push(item.value);
                    unknown.push(item.unknown);
                }
                Item::Type if at == 0 && length == 2 => {
                    return match self.item(depth + 1)? {
                        Item::Value(item) => Ok(item),
                        Item::Type => Err("a type behind a type".to_owned()),
                    };
                }
                Item::Type => return Err("a type where a value is expected".to_owned()),
            }
        }
        let all_known = unknown.iter().all(|mark| *mark == Json::Bool(false));
        let unknown = if all_known { Json::Bool(false) } else { Json::Array(unknown) };
        Ok(Decoded { value: Json::Array(values), unknown })
    }

    fn map(&mut self, length: usize, depth: usize) -> Result<Decoded, String> {
        let (mut values, mut unknown) = (Map::new(), Map::new());
        for _ in 0..length {
            let Item::Value(Decoded { value: Json::String(name), .. }) = self.item(depth + 1)? else {
                return Err("a key that is no text".to_owned());
            };
            let Item::Value(item) = self.item(depth + 1)? else {
                return Err("a type where a value is expected".to_owned());
            };
            if item.unknown != Json::Bool(false) {
                unknown.insert(name.clone(), item.unknown);
            }
            values.insert(name, item.value);
        }
        let unknown = if unknown.is_empty() { Json::Bool(false) } else { Json::Object(unknown) };
        Ok(Decoded { value: Json::Object(values), unknown })
    }

    fn text(&mut self, length: usize) -> Result<Json, String> {
        let bytes = self.take(length)?;
        let text = std::str::from_utf8(bytes).map_err(|_| "a text that is not UTF-8".to_owned())?;
        Ok(Json::from(text))
    }

    fn sized(&mut self, bytes: usize) -> Result<usize, String> {
        Ok(self.take(bytes)?.iter().fold(0, |length, byte| length << 8 | usize::from(*byte)))
    }

    fn byte(&mut self) -> Result<u8, String> {
        self.array::<1>().map(|[byte]| byte)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], String> {
        self.take(N)?.try_into().map_err(|_| cut())
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], String> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or_else(cut)?;
        self.rest = rest;
        Ok(taken)
    }
}

/// JSON has no infinity.
fn float(number: f64) -> Json {
    Number::from_f64(number).map_or(Json::Null, Json::Number)
}

fn cut() -> String {
    "a value breaks off".to_owned()
}
