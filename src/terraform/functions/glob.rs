//! Files whose paths match a pattern, for `fileset`.
//!
//! Rules: `doublestar` of bmatcuk, version 1, as Terraform uses it: `**` stands for any directories, links to directories
//! are followed, and a name that begins with a point is like any other.

use super::files::{Files, Unread};
use super::{Meter, paths};
use std::fs;
use std::path::Path;

/// Entries of directories, and steps of matching, after which it is given up.
const MAX_STEPS: usize = 1_000_000;

/// How many directories one path may lead through: links may lead in a circle.
const MAX_DEPTH: usize = 200;

/// The files below `directory` that match, as their paths from it.
pub(super) fn files(files: &Files, directory: &str, pattern: &str, meter: &Meter) -> Result<Vec<String>, Unread> {
    let directory = paths::clean(directory);
    let joined = paths::clean(&format!("{directory}/{pattern}"));
    let components = components(&joined);
    let mut search = Search { files, steps_left: MAX_STEPS, found: Vec::new() };
    let start = if joined.starts_with('/') { "/" } else { "." };
    let searched = search.below(start, &components, 0);
    meter.count(MAX_STEPS - search.steps_left);
    searched?;
    let mut relative = Vec::new();
    for path in search.found {
        relative.push(between(&directory, &path).ok_or(Unread::Outside)?);
    }
    relative.sort();
    relative.dedup();
    Ok(relative)
}

/// The names between slashes that are not escaped.
fn components(path: &str) -> Vec<&str> {
    split(path.strip_prefix('/').unwrap_or(path), '/')
}

fn split(text: &str, separator: char) -> Vec<&str> {
    let (mut parts, mut start, mut escaped) = (Vec::new(), 0, false);
    for (at, c) in text.char_indices() {
        if c == separator && !escaped {
            parts.push(&text[start..at]);
            start = at + c.len_utf8();
        }
        escaped = c == '\\';
    }
    parts.push(&text[start..]);
    parts
}

/// The path from one place to another, both without detours and both relative or both not.
fn between(from: &str, to: &str) -> Option<String> {
    let names = |path: &str| -> Vec<String> {
        path.split('/').filter(|name| !name.is_empty() && *name != ".").map(str::to_owned).collect()
    };
    let (from_names, to_names) = (names(from), names(to));
    let shared = from_names.iter().zip(&to_names).take_while(|(a, b)| a == b).count();
    if from.starts_with('/') != to.starts_with('/') || from_names[shared..].iter().any(|name| name == "..") {
        return None;
    }
    let up = std::iter::repeat_n("..", from_names.len() - shared);
    Some(up.chain(to_names[shared..].iter().map(String::as_str)).collect::<Vec<_>>().join("/"))
}

struct Search<'a> {
    files: &'a Files,
    steps_left: usize,
    found: Vec<String>,
}

impl Search<'_> {
    fn step(&mut self) -> Result<(), Unread> {
        self.steps_left = self.steps_left.checked_sub(1).ok_or(Unread::Limit)?;
        Ok(())
    }

    fn below(&mut self, directory: &str, pattern: &[&str], depth: usize) -> Result<(), Unread> {
        if depth > MAX_DEPTH {
            return Err(Unread::Limit);
        }
        let plain = pattern.iter().take_while(|component| !component.contains(['*', '?', '[', '{', '\\'])).count();
        let (names, pattern) = pattern.split_at(plain);
        let mut path = directory.to_owned();
        for name in names {
            path = join(&path, name);
        }
        let Some((component, rest)) = pattern.split_first() else {
            return self.take(&path);
        };
        let Some(entries) = self.entries(&path)? else { return Ok(()) };
        let mut here = (*component, rest);
        if *component == "**" {
            for (name, is_directory) in &entries {
                if *is_directory {
                    self.below(&join(&path, name), pattern, depth + 1)?;
                } else if rest.is_empty() {
                    self.take(&join(&path, name))?;
                }
            }
            match rest.split_first() {
                Some((next, after)) => here = (*next, after),
                None => return Ok(()),
            }
        }
        for (name, _) in &entries {
            if self.matches(here.0, name)? {
                let path = join(&path, name);
                if here.1.is_empty() { self.take(&path)? } else { self.below(&path, here.1, depth + 1)? }
            }
        }
        Ok(())
    }

    /// Notes a path when it is a file.
    fn take(&mut self, path: &str) -> Result<(), Unread> {
        self.step()?;
        let real = self.files.resolve(path)?;
        if fs::symlink_metadata(&real).is_err() {
            return Ok(());
        }
        let metadata = fs::metadata(&real).map_err(|_| Unread::Broken(String::from("a link leads nowhere")))?;
        if metadata.is_file() {
            self.found.push(paths::clean(path));
        }
        Ok(())
    }

    /// Names of what is in a directory, with whether each is a directory; `None` when it is none.
    fn entries(&mut self, path: &str) -> Result<Option<Vec<(String, bool)>>, Unread> {
        let real = self.files.resolve(path)?;
        let Ok(read) = fs::read_dir(&real) else { return Ok(None) };
        let mut entries = Vec::new();
        for entry in read.flatten() {
            self.step()?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let is_directory = Path::new(&real).join(&name).is_dir();
            entries.push((name, is_directory));
        }
        Ok(Some(entries))
    }

    /// Whether a name matches one component of a pattern.
    fn matches(&mut self, pattern: &str, name: &str) -> Result<bool, Unread> {
        self.step()?;
        let bad = || Unread::Broken(String::from("the pattern is wrong"));
        let Some(sign) = pattern.chars().next() else { return Ok(name.is_empty()) };
        let after = &pattern[sign.len_utf8()..];
        let first = name.chars().next();
        let rest = first.map(|c| &name[c.len_utf8()..]);
        match (sign, first, rest) {
            ('*', ..) => {
                if after.is_empty() {
                    return Ok(true);
                }
                for (at, _) in name.char_indices() {
                    if self.matches(after, &name[at..])? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            (_, None, _) | (_, _, None) => Ok(false),
            ('\\', Some(c), Some(rest)) => {
                let escaped = after.chars().next().ok_or_else(bad)?;
                if escaped == c { self.matches(&after[escaped.len_utf8()..], rest) } else { Ok(false) }
            }
            ('[', Some(c), Some(rest)) => {
                let end = unescaped(after, ']').ok_or_else(bad)?;
                let holds = in_class(&after[..end], c).ok_or_else(bad)?;
                if holds { self.matches(&after[end + 1..], rest) } else { Ok(false) }
            }
            ('{', ..) => {
                let end = unescaped(after, '}').ok_or_else(bad)?;
                for option in split(&after[..end], ',') {
                    if self.matches(&format!("{option}{}", &after[end + 1..]), name)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            (sign, Some(c), Some(rest)) => {
                if sign == '?' || sign == c {
                    self.matches(after, rest)
                } else {
                    Ok(false)
                }
            }
        }
    }
}

fn join(directory: &str, name: &str) -> String {
    match directory {
        "." => name.to_owned(),
        "/" => format!("/{name}"),
        _ => format!("{directory}/{name}"),
    }
}

/// Where a sign comes first without a backslash before it.
fn unescaped(text: &str, sign: char) -> Option<usize> {
    let mut escaped = false;
    text.char_indices().find_map(|(at, c)| {
        let found = c == sign && !escaped;
        escaped = c == '\\';
        found.then_some(at)
    })
}

/// Whether a character is in a class, given without its brackets; `None` when that is no class.
fn in_class(class: &str, c: char) -> Option<bool> {
    let negated = class.starts_with('^');
    let mut signs = class.chars().skip(usize::from(negated)).peekable();
    if class.is_empty() {
        return None;
    }
    let mut holds = false;
    while let Some(low) = signs.next() {
        let single = |sign: char, signs: &mut dyn Iterator<Item = char>| match sign {
            '-' => None,
            '\\' => signs.next(),
            sign => Some(sign),
        };
        let low = single(low, &mut signs)?;
        let high = if signs.next_if_eq(&'-').is_some() {
            let high = signs.next()?;
            single(high, &mut signs)?
        } else {
            low
        };
        holds |= (low..=high).contains(&c);
    }
    Some(holds != negated)
}
