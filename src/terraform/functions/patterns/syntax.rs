//! Regular expressions as Go reads them, written so that the `regex` crate matches the same.
//!
//! Rules: Go's `regexp/syntax` with Perl's flags. Where the two differ: classes such as `\d` are of ASCII, braces that are
//! no repetition stand for themselves, escaped signs always do, `\Q...\E` quotes, and a repetition is not repeated.

use regex::Regex;

/// Repetitions that a pattern may ask for.
const MAX_REPEAT: u32 = 1000;

/// A pattern in the crate's syntax.
#[derive(Debug)]
pub(super) struct Pattern {
    pub(super) text: String,
    /// The groups in order, with their names.
    pub(super) groups: Vec<Option<String>>,
}

/// Why a pattern is not used.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// It is an error.
    Invalid(&'static str),
    /// It cannot be followed here.
    NotHere(&'static str),
}

use Refusal::{Invalid, NotHere};

const DIGIT: &str = "0-9";
const SPACE: &str = r"\t\n\x0C\r ";
const WORD: &str = "0-9A-Za-z_";

/// Classes with names, which the crate knows too.
const NAMED: &[&str] = &[
    "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct", "space", "upper", "word",
    "xdigit",
];

pub(super) fn translate(pattern: &str) -> Result<Pattern, Refusal> {
    let mut reader = Reader { rest: pattern, text: String::new(), groups: Vec::new(), depth: 0 };
    reader.read()?;
    Ok(Pattern { text: reader.text, groups: reader.groups })
}

struct Reader<'a> {
    rest: &'a str,
    text: String,
    groups: Vec<Option<String>>,
    depth: usize,
}

/// What came before, for what a repetition may follow.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    Nothing,
    Item,
    Repetition,
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Option<char> {
        let c = self.rest.chars().next()?;
        self.rest = &self.rest[c.len_utf8()..];
        Some(c)
    }

    fn eat(&mut self, prefix: &str) -> bool {
        match self.rest.strip_prefix(prefix) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn read(&mut self) -> Result<(), Refusal> {
        let mut last = Last::Nothing;
        while let Some(c) = self.next() {
            last = match c {
                '(' => self.open()?,
                ')' => {
                    self.depth = self.depth.checked_sub(1).ok_or(Invalid("has a closing parenthesis too many"))?;
                    self.text.push(')');
                    Last::Item
                }
                '|' => {
                    self.text.push('|');
                    Last::Nothing
                }
                '*' | '+' | '?' => self.repeat(c.to_string(), last)?,
                '{' => match self.counts()? {
                    Some(counts) => self.repeat(counts, last)?,
                    None => self.literal('{'),
                },
                '[' => {
                    self.class()?;
                    Last::Item
                }
                '.' | '^' | '$' => {
                    self.text.push(c);
                    Last::Item
                }
                '\\' => self.escape(last)?,
                c => self.literal(c),
            };
        }
        if self.depth > 0 { Err(Invalid("has an open parenthesis")) } else { Ok(()) }
    }

    fn literal(&mut self, c: char) -> Last {
        self.text.push_str(&regex::escape(c.encode_utf8(&mut [0; 4])));
        Last::Item
    }

    /// A group with or without a name, or flags.
    fn open(&mut self) -> Result<Last, Refusal> {
        if !self.eat("?") {
            self.groups.push(None);
            self.depth += 1;
            self.text.push('(');
            return Ok(Last::Nothing);
        }
        if self.eat("P<") || self.eat("<") {
            let (name, rest) = self.rest.split_once('>').ok_or(Invalid("has an open group name"))?;
            let word = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
            if !word {
                return Err(Invalid("has a group name that is wrong"));
            }
            self.groups.push(Some(name.to_owned()));
            self.rest = rest;
            self.depth += 1;
            self.text.push('(');
            return Ok(Last::Nothing);
        }
        let end = self.rest.find([':', ')']).ok_or(Invalid("has an open group"))?;
        let flags = &self.rest[..end];
        let (on, off) = flags.split_once('-').unwrap_or((flags, "i"));
        let known = |flags: &str| flags.bytes().all(|flag| b"imsU".contains(&flag));
        if !known(on) || !known(off) || off.is_empty() {
            return Err(Invalid("has a group of no known kind"));
        }
        let grouped = self.rest[end..].starts_with(':');
        self.rest = &self.rest[end + 1..];
        if grouped {
            self.depth += 1;
            self.text.push_str(&format!("(?{}:", unique(flags)));
        } else if !flags.is_empty() {
            self.text.push_str(&format!("(?{})", unique(flags)));
        }
        Ok(Last::Nothing)
    }

    fn repeat(&mut self, operator: String, last: Last) -> Result<Last, Refusal> {
        match last {
            Last::Nothing => return Err(Invalid("has a repetition of nothing")),
            Last::Repetition => return Err(Invalid("has a repetition of a repetition")),
            Last::Item => self.text.push_str(&operator),
        }
        if self.eat("?") {
            self.text.push('?');
        }
        Ok(Last::Repetition)
    }

    /// What stands after an opening brace, when that is a repetition.
    fn counts(&mut self) -> Result<Option<String>, Refusal> {
        let Some((inner, rest)) = self.rest.split_once('}') else { return Ok(None) };
        let (least, most) = inner.split_once(',').unwrap_or((inner, inner));
        let number = |text: &str| {
            let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
            (digits && (text.len() == 1 || !text.starts_with('0'))).then(|| text.parse().unwrap_or(u32::MAX))
        };
        let (Some(least), most) = (number(least), most) else { return Ok(None) };
        let most = match most {
            "" => None,
            most => match number(most) {
                Some(most) => Some(most),
                None => return Ok(None),
            },
        };
        if least > MAX_REPEAT || most.is_some_and(|most| most > MAX_REPEAT || most < least) {
            return Err(Invalid("repeats too often"));
        }
        self.rest = rest;
        Ok(Some(format!("{{{inner}}}")))
    }

    fn escape(&mut self, last: Last) -> Result<Last, Refusal> {
        let c = self.rest.chars().next().ok_or(Invalid("ends in a backslash"))?;
        let text = match c {
            'A' | 'z' => format!("\\{c}"),
            'b' => r"(?-u:\b)".to_owned(),
            'B' => return Err(NotHere("`\\B` is not followed here")),
            'C' => return Err(NotHere("`\\C` is not followed here")),
            'Q' => {
                let quoted = &self.rest[1..];
                let (quoted, rest) = quoted.split_once("\\E").unwrap_or((quoted, ""));
                self.rest = rest;
                self.text.push_str(&regex::escape(quoted));
                return Ok(if quoted.is_empty() { last } else { Last::Item });
            }
            _ => {
                if let Some(class) = self.letter_class()? {
                    self.text.push_str(&format!("[{class}]"));
                    return Ok(Last::Item);
                }
                let c = self.escaped_char()?;
                return Ok(self.literal(c));
            }
        };
        self.next();
        self.text.push_str(&text);
        Ok(Last::Item)
    }

    /// A class that a letter after a backslash stands for, as it is written inside brackets.
    fn letter_class(&mut self) -> Result<Option<String>, Refusal> {
        let simple = match self.rest.chars().next() {
            Some('d') => DIGIT.to_owned(),
            Some('D') => format!("[^{DIGIT}]"),
            Some('s') => SPACE.to_owned(),
            Some('S') => format!("[^{SPACE}]"),
            Some('w') => WORD.to_owned(),
            Some('W') => format!("[^{WORD}]"),
            Some('p' | 'P') => return self.property().map(Some),
            _ => return Ok(None),
        };
        self.next();
        Ok(Some(simple))
    }

    /// A class of Unicode: a general category of one or two letters, or a script.
    fn property(&mut self) -> Result<String, Refusal> {
        let wrong = Invalid("has a class of characters that is not known");
        let mut negated = self.next() == Some('P');
        let name = if self.eat("{") {
            let (name, rest) = self.rest.split_once('}').ok_or(Invalid("has an open class name"))?;
            self.rest = rest;
            name.to_owned()
        } else {
            self.next().ok_or(Invalid("has an open class name"))?.to_string()
        };
        let name = match name.strip_prefix('^') {
            Some(name) => {
                negated = !negated;
                name.to_owned()
            }
            None => name,
        };
        let letter = if negated { 'P' } else { 'p' };
        let class = match name.len() {
            0 => return Err(wrong),
            1 | 2 => format!("\\{letter}{{gc={name}}}"),
            _ if name == "Any" => format!("\\{letter}{{Any}}"),
            _ => format!("\\{letter}{{Script={name}}}"),
        };
        let written = name.starts_with(|c: char| c.is_ascii_uppercase());
        if written && Regex::new(&class).is_ok() { Ok(class) } else { Err(wrong) }
    }

    /// The character that stands after a backslash, however it is written.
    fn escaped_char(&mut self) -> Result<char, Refusal> {
        let wrong = Invalid("has an escape that means nothing");
        let c = self.next().ok_or(Invalid("ends in a backslash"))?;
        Ok(match c {
            '0'..='7' => {
                let octal = |reader: &Self| reader.rest.chars().next().and_then(|c| c.to_digit(8));
                if c != '0' && octal(self).is_none() {
                    return Err(wrong);
                }
                let mut value = c.to_digit(8).unwrap_or(0);
                for _ in 0..2 {
                    let Some(digit) = octal(self) else { break };
                    value = value * 8 + digit;
                    self.next();
                }
                char::from_u32(value).ok_or(wrong)?
            }
            'x' => {
                let digits = if self.eat("{") {
                    let (digits, rest) = self.rest.split_once('}').ok_or(Invalid("has an open escape"))?;
                    self.rest = rest;
                    digits
                } else {
                    let digits = self.rest.get(..2).ok_or(Invalid("has an open escape"))?;
                    self.rest = &self.rest[2..];
                    digits
                };
                let hexadecimal = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_hexdigit());
                let value = if hexadecimal { u32::from_str_radix(digits, 16).ok() } else { None };
                value.and_then(char::from_u32).ok_or(wrong)?
            }
            'a' => '\u{7}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\u{b}',
            c if c.is_ascii() && !c.is_ascii_alphanumeric() => c,
            _ => return Err(wrong),
        })
    }

    /// What stands between brackets.
    fn class(&mut self) -> Result<(), Refusal> {
        let open = Invalid("has an open bracket");
        let mut class = String::from(if self.eat("^") { "[^" } else { "[" });
        let mut first = true;
        loop {
            if self.rest.starts_with(']') && !first {
                break;
            }
            first = false;
            if let Some(named) = self.named_class()? {
                class.push_str(&named);
                continue;
            }
            if self.rest.starts_with('\\') {
                let before = self.rest;
                self.next();
                if let Some(letters) = self.letter_class()? {
                    class.push_str(&letters);
                    continue;
                }
                self.rest = before;
            }
            let low = self.class_char()?;
            let mut high = low;
            if self.rest.starts_with('-') && !self.rest.starts_with("-]") && self.rest.len() > 1 {
                self.next();
                high = self.class_char()?;
                if high < low {
                    return Err(Invalid("has a range that runs backwards"));
                }
            }
            class.push_str(&format!("\\x{{{:X}}}-\\x{{{:X}}}", u32::from(low), u32::from(high)));
            if self.rest.is_empty() {
                return Err(open);
            }
        }
        self.next();
        class.push(']');
        self.text.push_str(&class);
        Ok(())
    }

    fn class_char(&mut self) -> Result<char, Refusal> {
        match self.next() {
            Some('\\') => self.escaped_char(),
            Some(c) => Ok(c),
            None => Err(Invalid("has an open bracket")),
        }
    }

    /// `[:alpha:]` and the like, inside brackets.
    fn named_class(&mut self) -> Result<Option<String>, Refusal> {
        let Some(inner) = self.rest.strip_prefix("[:") else { return Ok(None) };
        let Some((name, rest)) = inner.split_once(":]") else { return Ok(None) };
        if !NAMED.contains(&name.strip_prefix('^').unwrap_or(name)) {
            return Err(Invalid("has a class of characters that is not known"));
        }
        self.rest = rest;
        Ok(Some(format!("[:{name}:]")))
    }
}

/// The flags, each once on either side, as the crate wants them.
fn unique(flags: &str) -> String {
    let once = |flags: &str| {
        let mut seen = String::new();
        for flag in flags.chars().filter(|flag| !flags.is_empty() && *flag != '-') {
            if !seen.contains(flag) {
                seen.push(flag);
            }
        }
        seen
    };
    match flags.split_once('-') {
        None => once(flags),
        Some((on, off)) => {
            let off = once(off);
            let on: String = once(on).chars().filter(|flag| !off.contains(*flag)).collect();
            format!("{on}-{off}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_keep_their_meaning() {
        let text = |pattern| translate(pattern).unwrap().text;
        assert_eq!(text("a{,2}"), r"a\{,2\}");
        assert_eq!(text(r"\d+\<"), r"[0-9]+<");
        assert_eq!(text(r"\Qa.b\E."), r"a\.b.");
        assert_eq!(text(r"(?P<x>a)(?i:b)"), r"(a)(?i:b)");
        assert_eq!(text(r"[]a-c\w[]"), r"[\x{5D}-\x{5D}\x{61}-\x{63}0-9A-Za-z_\x{5B}-\x{5B}]");
        assert_eq!(text(r"\012"), "\n");
    }

    #[test]
    fn what_is_no_pattern_is_refused() {
        for pattern in
            ["(", ")", "[", "[a", "*", "a**", "a{2}{3}", "(?x)", r"\1", r"\Z", "a{1001}", "[z-a]", r"\p{Letter}"]
        {
            assert!(matches!(translate(pattern), Err(Invalid(_))), "{pattern}");
        }
        assert!(matches!(translate(r"\Ba"), Err(NotHere(_))));
    }
}
