//! Functions on points in time.

use super::super::value::{Cause, Type, Val};
use super::{Call, Failure, Function, Parameter, Takes, takes};
use jiff::SignedDuration;
use jiff::civil::DateTime;
use std::iter::Peekable;
use std::str::Chars;

const TEXT: Parameter = takes(Takes::String);

const fn now(name: &'static str) -> Function {
    Function {
        name,
        parameters: &[],
        rest: None,
        returns: Takes::String,
        run: |call| Ok(call.unknown(Type::String, Cause::Changing, "the time is another at each run")),
    }
}

pub(super) const TABLE: &[Function] = &[
    Function { name: "formatdate", parameters: &[TEXT, TEXT], rest: None, returns: Takes::String, run: format_date },
    now("plantimestamp"),
    Function { name: "timeadd", parameters: &[TEXT, TEXT], rest: None, returns: Takes::String, run: time_add },
    Function { name: "timecmp", parameters: &[TEXT, TEXT], rest: None, returns: Takes::Number, run: time_compare },
    now("timestamp"),
];

/// A point in time as RFC 3339 writes it: the time on the clock, and how far that is ahead of UTC, in seconds.
struct Moment {
    clock: DateTime,
    ahead: i64,
}

impl Moment {
    /// Strictly as RFC 3339 has it, but with years from 0.
    fn parse(text: &str) -> Option<Moment> {
        let bytes = text.as_bytes();
        let number = |from: usize, to: usize| {
            let digits = bytes.get(from..to).filter(|digits| digits.iter().all(u8::is_ascii_digit))?;
            std::str::from_utf8(digits).ok()?.parse::<i32>().ok()
        };
        let marks = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')];
        if marks.iter().any(|(at, mark)| bytes.get(*at) != Some(mark)) {
            return None;
        }
        let rest = bytes.get(19..)?;
        let fraction = match rest {
            [b'.', digits @ ..] => digits.iter().take_while(|byte| byte.is_ascii_digit()).count() + 1,
            _ => 0,
        };
        if fraction == 1 {
            return None;
        }
        let zone = 19 + fraction;
        let ahead = match rest.get(fraction..)? {
            b"Z" => 0,
            [sign @ (b'+' | b'-'), _, _, b':', _, _] => {
                let (hours, minutes) = (number(zone + 1, zone + 3)?, number(zone + 4, zone + 6)?);
                if hours > 23 || minutes > 59 {
                    return None;
                }
                i64::from(hours * 60 + minutes) * if *sign == b'-' { -60 } else { 60 }
            }
            _ => return None,
        };
        // A second of 60 is none here.
        let second = number(17, 19).filter(|second| *second < 60)?;
        let digits = text.get(20..zone).unwrap_or("");
        let nanos = format!("{digits:0<9}").get(..9)?.parse().ok()?;
        let small = |from| number(from, from + 2).and_then(|number| i8::try_from(number).ok());
        let year = i16::try_from(number(0, 4)?).ok()?;
        let second = i8::try_from(second).ok()?;
        let clock = DateTime::new(year, small(5)?, small(8)?, small(11)?, small(14)?, second, nanos).ok()?;
        Some(Moment { clock, ahead })
    }

    /// `+07:00`, or with `zulu` a `Z` for none.
    fn zone(&self, colon: &str, zulu: &str) -> String {
        if self.ahead == 0 && !zulu.is_empty() {
            return zulu.to_owned();
        }
        let (sign, minutes) = (if self.ahead < 0 { '-' } else { '+' }, self.ahead.abs() / 60);
        format!("{sign}{:02}{colon}{:02}", minutes / 60, minutes % 60)
    }
}

fn moment(call: &Call<'_>, index: usize) -> Result<Moment, Failure> {
    let moment = Moment::parse(call.text(index));
    moment.ok_or_else(|| Failure::of(index, "must be a time as RFC 3339 writes it"))
}

fn time_compare(call: &Call<'_>) -> Result<Val, Failure> {
    let utc = |moment: Moment| moment.clock.checked_sub(SignedDuration::from_secs(moment.ahead));
    let (a, b) = (moment(call, 0)?, moment(call, 1)?);
    let (Ok(a), Ok(b)) = (utc(a), utc(b)) else {
        return Ok(call.unknown(Type::Number, Cause::Limit, "the time is too far away"));
    };
    Ok(Val::number(a.cmp(&b) as i64))
}

fn time_add(call: &Call<'_>) -> Result<Val, Failure> {
    let moment = moment(call, 0)?;
    let duration = duration(call.text(1)).ok_or_else(|| Failure::of(1, "must be a duration such as `1h30m`"))?;
    let clock = moment.clock.checked_add(SignedDuration::from_nanos(duration));
    let Ok(clock) = clock else {
        return Ok(call.unknown(Type::String, Cause::Limit, "the time is too far away"));
    };
    let later = Moment { clock, ..moment };
    if clock.year() < 0 {
        return Ok(call.unknown(Type::String, Cause::Limit, "the time is too far away"));
    }
    let zone = later.zone(":", "Z");
    Ok(Val::string(format!("{}{zone}", clock.strftime("%Y-%m-%dT%H:%M:%S"))))
}

/// Nanoseconds of a duration such as `-1h30.5m`.
fn duration(text: &str) -> Option<i64> {
    /// Units with their nanoseconds; longer names first.
    const UNITS: &[(&str, i128)] = &[
        ("ns", 1),
        ("us", 1_000),
        ("µs", 1_000),
        ("μs", 1_000),
        ("ms", 1_000_000),
        ("s", 1_000_000_000),
        ("m", 60_000_000_000),
        ("h", 3_600_000_000_000),
    ];
    let negative = text.starts_with('-');
    let mut rest = text.strip_prefix(['-', '+']).unwrap_or(text);
    if rest == "0" {
        return Some(0);
    }
    if rest.is_empty() {
        return None;
    }
    let mut total: i128 = 0;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, after) = rest.split_at(end);
        let end = after.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(after.len());
        let (name, next) = after.split_at(end);
        let unit = UNITS.iter().find(|(known, _)| *known == name)?.1;
        total += amount(number, unit)?;
        rest = next;
        if total > 1 << 63 {
            return None;
        }
    }
    i64::try_from(if negative { -total } else { total }).ok()
}

/// A decimal number of a unit, in nanoseconds, what is less than one of them cut off.
fn amount(number: &str, unit: i128) -> Option<i128> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if (whole.is_empty() && fraction.is_empty()) || fraction.contains('.') {
        return None;
    }
    let whole: i128 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    // As many digits as the part of a unit is computed with.
    let digits = &fraction[..fraction.len().min(18)];
    let part: f64 = if digits.is_empty() { 0.0 } else { digits.parse::<f64>().ok()? };
    let scale = (0..digits.len()).fold(1.0, |scale: f64, _| scale * 10.0);
    Some(whole.checked_mul(unit)? + (part * (unit as f64 / scale)) as i128)
}

fn format_date(call: &Call<'_>) -> Result<Val, Failure> {
    let moment = moment(call, 1)?;
    let mut text = String::new();
    let mut format = call.text(0).chars().peekable();
    while let Some(c) = format.next() {
        match c {
            '\'' => text.push_str(&quoted(&mut format).ok_or_else(|| Failure::of(0, "has an open quote"))?),
            c if c.is_ascii_alphabetic() => {
                let mut count = 1;
                while format.next_if_eq(&c).is_some() {
                    count += 1;
                }
                let part = verb(&moment, c, count);
                text.push_str(&part.ok_or_else(|| Failure::of(0, format!("has letters `{c}` that mean nothing")))?);
            }
            other => text.push(other),
        }
    }
    Ok(Val::string(text))
}

/// What stands between quotes, the first of which is read; two quotes are one, also without anything between.
fn quoted(format: &mut Peekable<Chars<'_>>) -> Option<String> {
    if format.next_if_eq(&'\'').is_some() {
        return Some("'".to_owned());
    }
    let mut text = String::new();
    loop {
        match format.next()? {
            '\'' if format.next_if_eq(&'\'').is_some() => text.push('\''),
            '\'' => return Some(text),
            c => text.push(c),
        }
    }
}

/// What a letter that stands `count` times means.
fn verb(moment: &Moment, letter: char, count: usize) -> Option<String> {
    let clock = &moment.clock;
    let number = |number: i8| match count {
        1 => Some(number.to_string()),
        2 => Some(format!("{number:02}")),
        _ => None,
    };
    let half = if clock.hour() < 12 { "am" } else { "pm" };
    match (letter, count) {
        ('Y', 2) => Some(format!("{:02}", clock.year() % 100)),
        ('Y', 4) => Some(format!("{:04}", clock.year())),
        ('M', 3) => Some(clock.strftime("%b").to_string()),
        ('M', 4) => Some(clock.strftime("%B").to_string()),
        ('M', _) => number(clock.month()),
        ('D', _) => number(clock.day()),
        ('E', 3) => Some(clock.strftime("%a").to_string()),
        ('E', 4) => Some(clock.strftime("%A").to_string()),
        ('h', _) => number(clock.hour()),
        ('H', _) => number((clock.hour() + 11) % 12 + 1),
        ('A', 2) => Some(half.to_ascii_uppercase()),
        ('a', 2) => Some(half.to_owned()),
        ('m', _) => number(clock.minute()),
        ('s', _) => number(clock.second()),
        ('Z', 1) => Some(moment.zone(":", "Z")),
        ('Z', 3) => Some(moment.zone("", "UTC")),
        ('Z', 4) => Some(moment.zone("", "")),
        ('Z', 5) => Some(moment.zone(":", "")),
        _ => None,
    }
}
