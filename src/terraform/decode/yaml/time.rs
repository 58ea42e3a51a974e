//! Times in YAML, as Go's `time.Parse` reads them in the four forms that `go-cty-yaml` knows.

/// The time in RFC 3339 without fractions of a second; `None` for what is no time.
pub(super) fn rfc3339(text: &str) -> Option<String> {
    let mut rest = Rest(text);
    let year = rest.digits(4, 4)?;
    if text.as_bytes().get(4) != Some(&b'-') {
        return None;
    }
    let month = rest.after("-")?.digits(1, 2)?;
    let day = rest.after("-")?.digits(1, 2)?;
    if !(1..=12).contains(&month) || day < 1 || day > days(year, month) {
        return None;
    }
    let date = format!("{year:04}-{month:02}-{day:02}");
    match rest.0.as_bytes().first() {
        None => Some(format!("{date}T00:00:00Z")),
        Some(b' ') => {
            rest.0 = rest.0.trim_start_matches(' ');
            let time = rest.time()?;
            rest.0.is_empty().then(|| format!("{date}T{time}Z"))
        }
        Some(b'T' | b't') => {
            rest.0 = &rest.0[1..];
            let time = rest.time()?;
            let zone = rest.zone()?;
            rest.0.is_empty().then(|| format!("{date}T{time}{zone}"))
        }
        Some(_) => None,
    }
}

/// What is not read yet.
struct Rest<'a>(&'a str);

impl Rest<'_> {
    fn after(&mut self, sign: &str) -> Option<&mut Self> {
        self.0 = self.0.strip_prefix(sign)?;
        Some(self)
    }

    /// As many digits as there are, within bounds.
    fn digits(&mut self, least: usize, most: usize) -> Option<u32> {
        let count = self.0.bytes().take(most).take_while(u8::is_ascii_digit).count();
        let (digits, rest) = self.0.split_at(count);
        self.0 = rest;
        if count < least { None } else { digits.parse().ok() }
    }

    fn time(&mut self) -> Option<String> {
        let hour = self.digits(1, 2)?;
        let minute = self.after(":")?.digits(1, 2)?;
        let second = self.after(":")?.digits(1, 2)?;
        if hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        if let Some(fraction) = self.0.strip_prefix(['.', ',']) {
            let after = fraction.trim_start_matches(|digit: char| digit.is_ascii_digit());
            if after.len() < fraction.len() {
                self.0 = after;
            }
        }
        Some(format!("{hour:02}:{minute:02}:{second:02}"))
    }

    fn zone(&mut self) -> Option<String> {
        if self.after("Z").is_some() {
            return Some("Z".to_owned());
        }
        let sign = self.0.chars().next().filter(|sign| matches!(sign, '+' | '-'))?;
        self.0 = &self.0[1..];
        let hours = self.digits(2, 2)?;
        let minutes = self.after(":")?.digits(2, 2)?;
        if hours > 24 || minutes > 60 {
            return None;
        }
        let minutes = hours * 60 + minutes;
        Some(if minutes == 0 { "Z".to_owned() } else { format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60) })
    }
}

fn days(year: u32, month: u32) -> u32 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}
