//! The zip around a saved plan: which files it holds, and the content of one. Sizes are not believed: what unpacks to more
//! than any plan holds is refused while it is unpacked.
//!
//! Rules: APPNOTE 6.3 of PKWARE, as far as Go's `archive/zip` writes it (stored and deflated files, no zip64).

use flate2::Crc;
use flate2::bufread::DeflateDecoder;
use std::collections::BTreeMap;
use std::io::Read;

/// What one file may unpack to.
const MAX_FILE: u64 = 256 << 20;

/// A directory of more entries than this is none of a plan.
const MAX_ENTRIES: usize = 20_000;

const END: &[u8] = b"PK\x05\x06";
const END_BYTES: usize = 22;
/// A comment may follow the end record.
const MAX_COMMENT: usize = 0xffff;
const CENTRAL: &[u8] = b"PK\x01\x02";
const CENTRAL_BYTES: usize = 46;
const LOCAL: &[u8] = b"PK\x03\x04";
const LOCAL_BYTES: usize = 30;

/// A zip's directory over its bytes.
pub(super) struct Archive<'a> {
    bytes: &'a [u8],
    entries: BTreeMap<String, Entry>,
}

struct Entry {
    method: u16,
    flags: u16,
    crc: u32,
    packed: usize,
    local: usize,
}

impl<'a> Archive<'a> {
    pub(super) fn read(bytes: &'a [u8]) -> Result<Archive<'a>, String> {
        let cut = || "it breaks off: the directory at its end is missing".to_owned();
        let tail = bytes.len().saturating_sub(END_BYTES + MAX_COMMENT);
        let end = bytes.get(tail..).unwrap_or_default();
        let at = end.windows(END.len()).rposition(|window| window == END).ok_or_else(cut)?;
        let end = end.get(at..).ok_or_else(cut)?;
        if u16_at(end, 20).is_none_or(|comment| end.len() != END_BYTES + usize::from(comment)) {
            return Err(cut());
        }
        let (count, start) = (u16_at(end, 10).ok_or_else(cut)?, u32_at(end, 16).ok_or_else(cut)?);
        let damaged = || "its directory is damaged".to_owned();
        if usize::from(count) > MAX_ENTRIES {
            return Err(format!("it says that it holds {count} files"));
        }
        let mut entries = BTreeMap::new();
        let mut rest = bytes.get(start..).ok_or_else(damaged)?;
        for _ in 0..count {
            let (name, entry, length) = central(rest).ok_or_else(damaged)?;
            if entries.insert(name.clone(), entry).is_some() {
                return Err(format!("it holds `{name}` twice"));
            }
            rest = rest.get(length..).ok_or_else(damaged)?;
        }
        Ok(Archive { bytes, entries })
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.keys().map(String::as_str)
    }

    /// The content of a file; `None` when there is no such file.
    pub(super) fn content(&self, name: &str) -> Option<Result<Vec<u8>, String>> {
        self.content_up_to(name, MAX_FILE)
    }

    /// As [`Self::content`], for another bound than the usual one.
    pub(super) fn content_up_to(&self, name: &str, most: u64) -> Option<Result<Vec<u8>, String>> {
        self.entries.get(name).map(|entry| self.unpacked(entry, most))
    }

    fn unpacked(&self, entry: &Entry, most: u64) -> Result<Vec<u8>, String> {
        let packed = self.packed(entry).ok_or("it stands outside of the file, which breaks off or is damaged")?;
        if entry.flags & 1 == 1 {
            return Err("it is encrypted".to_owned());
        }
        let mut content = Vec::new();
        let read = match entry.method {
            0 => packed.take(most + 1).read_to_end(&mut content),
            8 => DeflateDecoder::new(packed).take(most + 1).read_to_end(&mut content),
            method => return Err(format!("it is packed by a method that is not known ({method})")),
        };
        read.map_err(|_| "it is damaged".to_owned())?;
        if content.len() as u64 > most {
            return Err(format!("it unpacks to more than {} MiB", most >> 20));
        }
        let mut crc = Crc::new();
        crc.update(&content);
        if crc.sum() != entry.crc {
            return Err("it is damaged: its checksum is another".to_owned());
        }
        Ok(content)
    }

    fn packed(&self, entry: &Entry) -> Option<&'a [u8]> {
        let local = self.bytes.get(entry.local..)?.strip_prefix(LOCAL)?;
        let at = LOCAL_BYTES - LOCAL.len();
        let (name, extra) = (u16_at(local, 22)?, u16_at(local, 24)?);
        let start = at + usize::from(name) + usize::from(extra);
        local.get(start..start.checked_add(entry.packed)?)
    }
}

/// An entry of the directory, with its name and its own length.
fn central(bytes: &[u8]) -> Option<(String, Entry, usize)> {
    if !bytes.starts_with(CENTRAL) {
        return None;
    }
    let name = usize::from(u16_at(bytes, 28)?);
    let length = CENTRAL_BYTES + name + usize::from(u16_at(bytes, 30)?) + usize::from(u16_at(bytes, 32)?);
    let entry = Entry {
        flags: u16_at(bytes, 8)?,
        method: u16_at(bytes, 10)?,
        crc: u32::try_from(u32_at(bytes, 16)?).ok()?,
        packed: u32_at(bytes, 20)?,
        local: u32_at(bytes, 42)?,
    };
    let name = bytes.get(CENTRAL_BYTES..CENTRAL_BYTES + name)?;
    Some((String::from_utf8_lossy(name).into_owned(), entry, length))
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<usize> {
    usize::try_from(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?)).ok()
}
