//! Directives, anchors and tags of YAML.

use super::super::tree::Problem;
use super::scan::{Scanner, TokenKind};

/// What may stand in a tag besides letters, digits, `_` and `-`; `%` begins an escape.
const IN_TAG: &[u8] = b";/?:@&=+$,.!~*'()[]%";

/// What may follow a name besides blanks and line breaks.
const AFTER_NAME: &[u8] = b"?:,]}%@`";

impl Scanner<'_> {
    /// Letters, digits, `_` and `-`.
    fn name(&mut self) -> String {
        let start = self.here.at;
        while self.byte(0).is_ascii_alphanumeric() || matches!(self.byte(0), b'_' | b'-') {
            self.skip();
        }
        self.since(start).to_owned()
    }

    pub(super) fn directive(&mut self) -> Result<TokenKind, Problem> {
        self.skip();
        let name = self.name();
        if !self.is_blank_or_end(0) {
            return self.problem("this is no directive");
        }
        self.skip_blanks();
        let kind = match name.as_str() {
            "YAML" => self.version()?,
            "TAG" => self.tag_directive()?,
            _ => return self.problem("there is no such directive"),
        };
        self.skip_blanks();
        self.skip_comment();
        if !self.is_break_or_end(0) {
            return self.problem("nothing may follow a directive");
        }
        self.skip_line();
        Ok(kind)
    }

    fn version(&mut self) -> Result<TokenKind, Problem> {
        let major = self.version_number()?;
        if self.byte(0) != b'.' {
            return self.problem("a version has two numbers");
        }
        self.skip();
        Ok(TokenKind::Version(major, self.version_number()?))
    }

    fn version_number(&mut self) -> Result<u8, Problem> {
        let start = self.here.at;
        while self.byte(0).is_ascii_digit() {
            self.skip();
        }
        match self.since(start).parse() {
            Ok(number) if self.here.at - start <= 2 => Ok(number),
            _ => self.problem("a version has two numbers"),
        }
    }

    fn tag_directive(&mut self) -> Result<TokenKind, Problem> {
        let handle = self.tag_handle()?;
        if !(handle == "!" || handle.ends_with('!')) || !self.is_blank(0) {
            return self.problem("`%TAG` needs a handle and a prefix");
        }
        self.skip_blanks();
        let prefix = self.tag_text(String::new(), false)?;
        if !self.is_blank_or_end(0) {
            return self.problem("`%TAG` needs a handle and a prefix");
        }
        Ok(TokenKind::TagDirective(handle, prefix))
    }

    /// The name after `&` or `*`.
    pub(super) fn anchor(&mut self) -> Result<String, Problem> {
        self.skip();
        let name = self.name();
        if name.is_empty() || !(self.is_blank_or_end(0) || AFTER_NAME.contains(&self.byte(0))) {
            return self.problem("the name of an anchor has letters, digits, `_` and `-`");
        }
        Ok(name)
    }

    pub(super) fn tag(&mut self) -> Result<TokenKind, Problem> {
        let (handle, suffix) = if self.byte(1) == b'<' {
            self.skip();
            self.skip();
            let suffix = self.tag_text(String::new(), false)?;
            if self.byte(0) != b'>' {
                return self.problem("a tag that begins with `!<` ends with `>`");
            }
            self.skip();
            (String::new(), suffix)
        } else {
            let handle = self.tag_handle()?;
            if handle.len() > 1 && handle.ends_with('!') {
                let suffix = self.tag_text(String::new(), false)?;
                (handle, suffix)
            } else {
                let suffix = self.tag_text(handle[1..].to_owned(), true)?;
                if suffix.is_empty() { (String::new(), "!".to_owned()) } else { ("!".to_owned(), suffix) }
            }
        };
        if !self.is_blank_or_end(0) {
            return self.problem("this cannot stand in a tag");
        }
        Ok(TokenKind::Tag(handle, suffix))
    }

    /// `!`, `!!`, `!name!`, or the beginning of a tag without a handle.
    fn tag_handle(&mut self) -> Result<String, Problem> {
        if self.byte(0) != b'!' {
            return self.problem("expected `!`");
        }
        self.skip();
        let mut handle = format!("!{}", self.name());
        if self.byte(0) == b'!' {
            self.skip();
            handle.push('!');
        }
        Ok(handle)
    }

    fn tag_text(&mut self, head: String, may_be_empty: bool) -> Result<String, Problem> {
        let mut bytes = head.into_bytes();
        let start = self.here.at;
        while self.byte(0).is_ascii_alphanumeric()
            || matches!(self.byte(0), b'_' | b'-')
            || (self.byte(0) != 0 && IN_TAG.contains(&self.byte(0)))
        {
            if self.byte(0) == b'%' {
                let digit = |byte: u8| char::from(byte).to_digit(16);
                let octet = digit(self.byte(1)).zip(digit(self.byte(2))).map(|(high, low)| (high << 4 | low) as u8);
                let Some(octet) = octet else { return self.problem("`%` in a tag needs two hexadecimal digits") };
                bytes.push(octet);
                self.skip();
                self.skip();
            } else {
                bytes.push(self.byte(0));
            }
            self.skip();
        }
        if self.here.at == start && !may_be_empty {
            return self.problem("the tag is empty");
        }
        String::from_utf8(bytes).or_else(|_| self.problem("the tag does not hold UTF-8"))
    }
}
