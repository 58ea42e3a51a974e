//! The ledger: one `[[exception]]` for each accepted difference, each with its place in the file.

use super::matching::Matching;
use crate::model::{Location, Precision, Problem};
use crate::source::{SourceFile, Span};
use jiff::civil::Date;
use std::collections::BTreeSet;
use std::ops::Range;
use std::path::{Path, PathBuf};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The file's name.
pub const NAME: &str = "driftline.exceptions.toml";

/// An accepted difference.
#[derive(Debug, Clone)]
pub struct Entry {
    pub id: String,
    pub matching: Matching,
    pub owner: String,
    pub reason: String,
    /// `None` for a comment in the source: whoever reviewed the line approved it.
    pub approved_by: Option<String>,
    /// The last day on which it holds, in UTC.
    pub expires: Date,
    /// The exact difference that is meant, as [`super::delta`] gives it.
    pub delta: Option<String>,
    pub ticket: Option<String>,
    pub at: Location,
}

/// Why an exception, or the whole ledger, covers nothing.
#[derive(Debug, Clone)]
pub struct Fault {
    /// What the exception is known by, as far as that is known.
    pub id: String,
    pub message: String,
    pub help: String,
    pub at: Location,
}

/// What a ledger holds.
#[derive(Debug, Clone, Default)]
pub struct Ledger {
    pub entries: Vec<Entry>,
    pub faults: Vec<Fault>,
    /// The root modules that it belongs to, by their places; it accepts nothing that another one declares.
    pub roots: BTreeSet<usize>,
}

/// Keys of an exception; the first five are required.
const KEYS: [&str; 8] = ["id", "owner", "reason", "approved_by", "expires", "match", "delta", "ticket"];

impl Ledger {
    /// Reads a ledger.
    ///
    /// # Errors
    /// When the file cannot be read. What is wrong in it is a fault, and covers nothing.
    pub fn read(path: &Path) -> Result<Ledger, Problem> {
        let shown = shown(path);
        let text = std::fs::read_to_string(path)
            .map_err(|error| Problem::new(format!("cannot read the exceptions: {error}")).at(&shown))?;
        Ok(Ledger::of(&SourceFile::new(shown, text)))
    }

    pub fn of(file: &SourceFile) -> Ledger {
        let mut ledger = Ledger::default();
        let table = match DeTable::parse(file.text()) {
            Ok(table) => table.into_inner(),
            Err(error) => {
                let at = place(file, error.span().unwrap_or(0..0));
                let message = format!("the ledger is no TOML: {}", error.message());
                let help = "mend the line; until then nothing in the file covers anything".to_owned();
                ledger.faults.push(Fault { id: NAME.to_owned(), message, help, at });
                return ledger;
            }
        };
        for (key, value) in &table {
            match (key.get_ref().as_ref(), value.get_ref()) {
                ("exception", DeValue::Array(items)) => items.iter().for_each(|item| ledger.add(file, item)),
                (name, _) => ledger.faults.push(Fault {
                    id: name.to_owned(),
                    message: format!("`{name}` is nothing that a ledger holds"),
                    help: "write each exception as `[[exception]]`".to_owned(),
                    at: place(file, key.span()),
                }),
            }
        }
        ledger.refuse_namesakes();
        ledger
    }

    /// Whether it is for what this root module declares; what no root module declares is anybody's to accept.
    pub(super) fn is_for(&self, root: Option<usize>) -> bool {
        root.is_none_or(|root| self.roots.contains(&root))
    }

    fn add(&mut self, file: &SourceFile, item: &Spanned<DeValue<'_>>) {
        let reader = Reader { file, span: item.span() };
        match item.get_ref() {
            DeValue::Table(table) => match reader.entry(table) {
                Ok(entry) => self.entries.push(entry),
                Err(fault) => self.faults.push(*fault),
            },
            _ => self.faults.push(*reader.fault("exception", item.span(), "an exception is a table")),
        }
    }

    /// Two of one id could not be told apart: neither covers anything.
    fn refuse_namesakes(&mut self) {
        let mut seen = BTreeSet::new();
        let twice: BTreeSet<String> =
            self.entries.iter().filter(|entry| !seen.insert(entry.id.clone())).map(|entry| entry.id.clone()).collect();
        let (refused, kept) =
            std::mem::take(&mut self.entries).into_iter().partition(|entry| twice.contains(&entry.id));
        self.entries = kept;
        let refused: Vec<Entry> = refused;
        self.faults.extend(refused.into_iter().map(|entry| Fault {
            message: format!("another exception has the id `{}`, too", entry.id),
            help: "give each an id of its own".to_owned(),
            id: entry.id,
            at: entry.at,
        }));
    }
}

/// A path as people see it: from where driftline runs.
fn shown(path: &Path) -> String {
    let Some(here) = std::env::current_dir().ok().and_then(|dir| dir.canonicalize().ok()) else {
        return path.display().to_string();
    };
    let up = here.ancestors().enumerate().find_map(|(levels, above)| Some((levels, path.strip_prefix(above).ok()?)));
    match up {
        Some((levels, below)) => {
            std::iter::repeat_n("..", levels).collect::<PathBuf>().join(below).display().to_string()
        }
        None => path.display().to_string(),
    }
}

fn place(file: &SourceFile, range: Range<usize>) -> Location {
    Location::of(file, Span::new(range.start, range.end), Precision::Value)
}

struct Reader<'a> {
    file: &'a SourceFile,
    /// Of the whole exception.
    span: Range<usize>,
}

type Read<T> = Result<T, Box<Fault>>;

impl Reader<'_> {
    fn entry(&self, table: &DeTable<'_>) -> Read<Entry> {
        // The id first: every other message names it.
        let id = match table.get("id") {
            Some(_) => self.required(table, "exception", "id")?,
            None => return Err(self.missing("exception", "id")),
        };
        for (key, _) in table {
            if !KEYS.contains(&key.get_ref().as_ref()) {
                let message = format!("`{}` is no key of an exception", key.get_ref());
                return Err(self.fault(&id, key.span(), &message));
            }
        }
        let matching = match table.get("match") {
            None => return Err(self.missing(&id, "match")),
            Some(value) => self.matching(&id, value)?,
        };
        Ok(Entry {
            matching,
            owner: self.required(table, &id, "owner")?,
            reason: self.required(table, &id, "reason")?,
            approved_by: Some(self.required(table, &id, "approved_by")?),
            expires: self.date(table, &id)?,
            delta: self.digest(table, &id)?,
            ticket: self.optional(table, &id, "ticket")?,
            at: self.head(table),
            id,
        })
    }

    /// Where people look for an exception: its id.
    fn head(&self, table: &DeTable<'_>) -> Location {
        place(self.file, table.get("id").map_or_else(|| self.span.clone(), Spanned::span))
    }

    fn missing(&self, id: &str, key: &str) -> Box<Fault> {
        self.fault(id, self.span.clone(), &format!("`{key}` is missing"))
    }

    fn fault(&self, id: &str, span: Range<usize>, message: &str) -> Box<Fault> {
        Box::new(Fault {
            id: id.to_owned(),
            message: message.to_owned(),
            help: format!("an exception has {}", KEYS.map(|key| format!("`{key}`")).join(", ")),
            at: place(self.file, span),
        })
    }

    fn required(&self, table: &DeTable<'_>, id: &str, key: &str) -> Read<String> {
        self.optional(table, id, key)?.ok_or_else(|| self.missing(id, key))
    }

    fn optional(&self, table: &DeTable<'_>, id: &str, key: &str) -> Read<Option<String>> {
        let Some(value) = table.get(key) else { return Ok(None) };
        match value.get_ref() {
            DeValue::String(text) if text.trim().is_empty() => {
                Err(self.fault(id, value.span(), &format!("`{key}` is empty")))
            }
            // What `exceptions add` writes where it was not told.
            DeValue::String(text) if text.starts_with('<') => {
                Err(self.fault(id, value.span(), &format!("`{key}` is still to be filled in")))
            }
            DeValue::String(text) => Ok(Some(text.clone().into_owned())),
            _ => Err(self.fault(id, value.span(), &format!("`{key}` is no text"))),
        }
    }

    fn date(&self, table: &DeTable<'_>, id: &str) -> Read<Date> {
        let Some(value) = table.get("expires") else { return Err(self.missing(id, "expires")) };
        let text = match value.get_ref() {
            DeValue::Datetime(date) => date.to_string(),
            DeValue::String(text) => text.clone().into_owned(),
            _ => String::new(),
        };
        date(&text).ok_or_else(|| {
            self.fault(id, value.span(), "`expires` is no date: write the last day on which it holds, as 2026-12-31")
        })
    }

    fn digest(&self, table: &DeTable<'_>, id: &str) -> Read<Option<String>> {
        let Some(digest) = self.optional(table, id, "delta")? else { return Ok(None) };
        let is_digest = digest
            .strip_prefix("sha256:")
            .is_some_and(|hex| hex.len() == 64 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()));
        if is_digest {
            return Ok(Some(digest.to_ascii_lowercase()));
        }
        let span = table.get("delta").map_or_else(|| self.span.clone(), Spanned::span);
        Err(self.fault(
            id,
            span,
            "`delta` is `sha256:` and 64 hexadecimal digits; `driftline exceptions add` writes it",
        ))
    }

    fn matching(&self, id: &str, value: &Spanned<DeValue<'_>>) -> Read<Matching> {
        let DeValue::Table(table) = value.get_ref() else {
            return Err(self.fault(id, value.span(), "`match` is a table: `{ address = \"…\" }`"));
        };
        let mut matching = Matching::default();
        for (key, value) in table {
            let name = key.get_ref().as_ref();
            let text = || self.optional(table, id, name);
            match name {
                "finding" => matching.finding = text()?,
                "address" => matching.address = text()?,
                "kind" => matching.kind = text()?,
                "live_id" => matching.live_id = text()?,
                "property" => matching.property = text()?,
                "change" => matching.change = text()?,
                "key" => {
                    let DeValue::Table(fields) = value.get_ref() else {
                        return Err(self.fault(id, value.span(), "`key` is a table of the kind's key fields"));
                    };
                    for (field, value) in fields {
                        let text = self.optional(fields, id, field.get_ref())?;
                        let text = text.ok_or_else(|| self.fault(id, value.span(), "a key field is no text"))?;
                        matching.key.insert(field.get_ref().clone().into_owned(), text);
                    }
                }
                _ => return Err(self.fault(id, key.span(), &format!("`{name}` is nothing to match by"))),
            }
        }
        match matching.why_too_wide() {
            None => Ok(matching),
            Some(why) => Err(self.fault(id, value.span(), why)),
        }
    }
}

/// A day and nothing more: a time or an offset would be somebody's idea of when it ends.
pub(super) fn date(text: &str) -> Option<Date> {
    let is_day = text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    text.parse().ok().filter(|_| is_day)
}
