//! Reading addresses: `FromStr` of [`Address`] and [`ModulePath`], on a cursor that provider addresses are read with too.

use super::{Address, InstanceKey, Mode, ModulePath, ModuleStep};
use crate::model::{PathStep, Problem};
use std::str::FromStr;

impl FromStr for Address {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let mut cursor = Cursor::new("resource address", text);
        let address = cursor.address()?;
        cursor.end()?;
        Ok(address)
    }
}

impl Address {
    /// Reads an address and the path into the resource that may follow it: `aws_iam_user.a["x"].tags["team"]`.
    pub fn with_path(text: &str) -> Result<(Address, Vec<PathStep>), Problem> {
        let mut cursor = Cursor::new("resource address", text);
        let address = cursor.address()?;
        let mut path = Vec::new();
        while !cursor.rest().is_empty() {
            if cursor.eat(".") {
                path.push(PathStep::Name(cursor.name("an attribute")?.to_owned()));
                continue;
            }
            path.push(match cursor.key()? {
                Some(InstanceKey::Str(name)) => PathStep::Name(name),
                Some(InstanceKey::Int(index)) => {
                    PathStep::Index(usize::try_from(index).map_err(|_| cursor.wrong("expected an index from 0"))?)
                }
                None => return Err(cursor.wrong("expected `.` or `[`")),
            });
        }
        Ok((address, path))
    }
}

impl Cursor<'_> {
    fn address(&mut self) -> Result<Address, Problem> {
        let module = self.module_path()?;
        // A resource type of one of these names cannot exist, so the first word decides
        // (`parseResourceInstanceUnderModule`).
        let mode = if self.eat("data.") {
            Mode::Data
        } else if self.eat("ephemeral.") {
            Mode::Ephemeral
        } else {
            self.eat("resource.");
            Mode::Managed
        };
        let resource_type = self.name("a resource type")?.to_owned();
        if !self.eat(".") {
            return Err(self.wrong("expected `.` and a resource name"));
        }
        let name = self.name("a resource name")?.to_owned();
        let key = self.key()?;
        Ok(Address { module, mode, resource_type, name, key })
    }
}

impl FromStr for ModulePath {
    type Err = Problem;

    /// The empty text is the root module.
    fn from_str(text: &str) -> Result<Self, Problem> {
        let mut cursor = Cursor::new("module address", text);
        let mut steps = Vec::new();
        while !cursor.rest().is_empty() {
            if !steps.is_empty() && !cursor.eat(".") {
                return Err(cursor.wrong("expected `.`"));
            }
            if !cursor.eat("module.") {
                return Err(cursor.wrong("expected `module.`"));
            }
            steps.push(cursor.module_step()?);
        }
        Ok(ModulePath(steps))
    }
}

/// A place in an address that is being read.
pub(crate) struct Cursor<'a> {
    /// What is read, for messages.
    what: &'static str,
    text: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(what: &'static str, text: &'a str) -> Self {
        Cursor { what, text, at: 0 }
    }

    pub(crate) fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Steps over `token` when it is next.
    pub(crate) fn eat(&mut self, token: &str) -> bool {
        let next = self.rest().starts_with(token);
        if next {
            self.at += token.len();
        }
        next
    }

    /// The leading `module.NAME[KEY].` steps.
    pub(crate) fn module_path(&mut self) -> Result<ModulePath, Problem> {
        let mut steps = Vec::new();
        while self.eat("module.") {
            steps.push(self.module_step()?);
            if !self.eat(".") {
                return Err(self.wrong("expected `.` and what is in the module"));
            }
        }
        Ok(ModulePath(steps))
    }

    fn module_step(&mut self) -> Result<ModuleStep, Problem> {
        let name = self.name("a module name")?.to_owned();
        Ok(ModuleStep { name, key: self.key()? })
    }

    /// A name as HCL has them. Names that begin with a digit, which old states hold, and every letter of every script
    /// with its marks are let through: this reads what Terraform has checked already.
    pub(crate) fn name(&mut self, wanted: &str) -> Result<&'a str, Problem> {
        let is_part =
            |c: char| c.is_alphanumeric() || matches!(c, '_' | '-') || (!c.is_ascii() && super::is_printable(c));
        let rest = self.rest();
        let name = rest.find(|c| !is_part(c)).map_or(rest, |end| &rest[..end]);
        if name.is_empty() {
            return Err(self.wrong(&format!("expected {wanted}")));
        }
        self.at += name.len();
        Ok(name)
    }

    /// An instance key, if one is next.
    pub(crate) fn key(&mut self) -> Result<Option<InstanceKey>, Problem> {
        if !self.eat("[") {
            return Ok(None);
        }
        let key = if self.eat("\"") {
            InstanceKey::Str(self.quoted()?)
        } else {
            let rest = self.rest();
            let digits = rest.find(']').map_or(rest, |end| &rest[..end]);
            let number = digits.parse().map_err(|_| self.wrong("expected a whole number or a quoted key"))?;
            self.at += digits.len();
            InstanceKey::Int(number)
        };
        if !self.eat("]") {
            return Err(self.wrong("expected `]`"));
        }
        Ok(Some(key))
    }

    /// A quoted text whose opening mark has been read. A bare `${` stands for itself: Terraform before 0.13 did not
    /// escape it.
    pub(crate) fn quoted(&mut self) -> Result<String, Problem> {
        let mut text = String::new();
        loop {
            if self.eat("$${") {
                text.push_str("${");
                continue;
            }
            if self.eat("%%{") {
                text.push_str("%{");
                continue;
            }
            let Some(c) = self.rest().chars().next() else { return Err(self.wrong("the quoted key does not end")) };
            match c {
                '\\' => text.push(self.escape()?),
                c => {
                    self.at += c.len_utf8();
                    if c == '"' {
                        return Ok(text);
                    }
                    text.push(c);
                }
            }
        }
    }

    fn escape(&mut self) -> Result<char, Problem> {
        for (token, meant) in [("\\n", '\n'), ("\\r", '\r'), ("\\t", '\t'), ("\\\"", '"'), ("\\\\", '\\')] {
            if self.eat(token) {
                return Ok(meant);
            }
        }
        for (token, digits) in [("\\u", 4), ("\\U", 8)] {
            if self.rest().starts_with(token) {
                let code = self.rest().get(2..2 + digits).filter(|code| code.bytes().all(|b| b.is_ascii_hexdigit()));
                let meant = code.and_then(|code| u32::from_str_radix(code, 16).ok()).and_then(char::from_u32);
                let Some(meant) = meant else {
                    return Err(self.wrong(&format!("expected `{token}` and the {digits} hex digits of a character")));
                };
                self.at += 2 + digits;
                return Ok(meant);
            }
        }
        Err(self.wrong("unknown escape"))
    }

    /// Fails unless everything has been read.
    pub(crate) fn end(&self) -> Result<(), Problem> {
        if self.rest().is_empty() { Ok(()) } else { Err(self.wrong("unexpected text")) }
    }

    /// What is wrong at this place.
    pub(crate) fn wrong(&self, why: &str) -> Problem {
        let column = self.text.get(..self.at).unwrap_or_default().chars().count() + 1;
        Problem::new(format!("`{}` is not a {}: {why} at character {column}", self.text, self.what))
    }
}
