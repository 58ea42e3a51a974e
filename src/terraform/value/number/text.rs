//! Numbers from and to decimal text.

use super::{Number, Size, WRITTEN};
use num_bigint::BigUint;
use std::fmt;

/// Largest power of ten that is read: beyond it a number only costs memory.
const MAX_EXPONENT: i64 = 100_000;

/// Bits that a power of five has beyond those of the number that it scales.
const GUARD: u64 = 64;

/// Largest power of five that a machine word holds.
const WORD_OF_FIVES: u64 = 27;

/// How a number is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notation {
    /// `1.5e+03`
    Exponent,
    /// `1500`
    Fixed,
    /// With an exponent where that is large or small.
    General,
}

impl Number {
    /// A number as it is written in configuration, JSON or a string that is converted; `None` when it is none.
    pub fn parse(text: &str) -> Option<Number> {
        let negative = text.starts_with('-');
        let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
        if unsigned == "Inf" || unsigned == "inf" {
            return Some(Number::infinite(negative, WRITTEN));
        }
        let (digits, exponent, of_two) = match unsigned.find(['e', 'E', 'p', 'P']) {
            Some(at) => (&unsigned[..at], whole(&unsigned[at + 1..])?, unsigned[at..].starts_with(['p', 'P'])),
            None => (unsigned, 0, false),
        };
        let (before, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let all = format!("{before}{fraction}");
        if all.is_empty() || !all.bytes().all(|b| b.is_ascii_digit()) || exponent.abs() > MAX_EXPONENT {
            return None;
        }
        let mantissa = BigUint::parse_bytes(all.as_bytes(), 10)?;
        let shift = -i64::try_from(fraction.len()).ok()?;
        let (fives, twos) = if of_two { (shift, shift + exponent) } else { (shift + exponent, shift + exponent) };
        // Scaled exactly by two, and by a power of five that is itself rounded: so the last bit comes out.
        let exact = Number::rounded(negative, mantissa.clone(), twos, WRITTEN.max(mantissa.bits()));
        let power = power_of_five(fives.unsigned_abs(), WRITTEN + GUARD)?;
        if fives < 0 { exact.divide_to(&power, WRITTEN) } else { exact.multiply_to(&power, WRITTEN) }
    }

    /// The number without its sign, in decimal digits: as many after the point as `digits` says (in general notation:
    /// as many in all), or without it the fewest that no other number of its precision has.
    pub fn unsigned_text(&self, notation: Notation, digits: Option<usize>) -> String {
        let Size::Finite { mantissa, exponent } = &self.size else { return "Inf".to_owned() };
        let mut decimal = Decimal::of(mantissa, *exponent);
        let Some(digits) = digits else {
            self.shorten(&mut decimal);
            return match notation {
                Notation::Exponent => decimal.exponent(decimal.digits.len().saturating_sub(1)),
                Notation::Fixed => decimal.fixed(decimal.after_point()),
                Notation::General => decimal.general(decimal.digits.len(), 6),
            };
        };
        match notation {
            Notation::Exponent => {
                decimal.round(digits as i64 + 1);
                decimal.exponent(digits)
            }
            Notation::Fixed => {
                decimal.round(decimal.point + digits as i64);
                decimal.fixed(digits)
            }
            Notation::General => {
                let digits = digits.max(1);
                decimal.round(digits as i64);
                let length = decimal.digits.len();
                let least = if digits > length && length as i64 >= decimal.point { length } else { digits };
                decimal.general(digits, least)
            }
        }
    }

    /// Whether it has a minus sign, which zero can have too.
    pub fn has_minus(&self) -> bool {
        self.negative
    }

    /// Cuts the exact digits to the fewest that lie nearer to this number than half way to its neighbours.
    fn shorten(&self, decimal: &mut Decimal) {
        let Size::Finite { mantissa, exponent } = &self.size else { return };
        if decimal.digits.is_empty() {
            return;
        }
        // One bit more than the precision, so that half of a last place is a whole number.
        let shift = (self.precision + 1).saturating_sub(mantissa.bits());
        let (mantissa, exponent) = (mantissa << shift, exponent - shift as i64);
        let inclusive = !mantissa.bit(1);
        let lower = Decimal::of(&(&mantissa - 1u32), exponent);
        let upper = Decimal::of(&(&mantissa + 1u32), exponent);
        for (index, &digit) in decimal.digits.iter().enumerate() {
            let (low, high) = (lower.at(index as i64), upper.at(index as i64));
            let down = low != digit || (inclusive && index + 1 == lower.digits.len());
            let up = digit != high && (inclusive || digit + 1 < high || index + 1 < upper.digits.len());
            let count = index as i64 + 1;
            match (down, up) {
                (true, true) => return decimal.round(count),
                (true, false) => return decimal.cut(count),
                (false, true) => return decimal.raise(count),
                (false, false) => {}
            }
        }
    }
}

/// A whole number with an optional sign, as it stands after `e`.
fn whole(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

/// By squaring, each step rounded, as the numbers that are compared with were made.
fn power_of_five(power: u64, precision: u64) -> Option<Number> {
    let word = |power: u64| Number::rounded(false, BigUint::from(5u32).pow(power as u32), 0, precision);
    let mut product = word(power.min(WORD_OF_FIVES));
    let mut left = power.saturating_sub(WORD_OF_FIVES);
    let mut factor = Number::rounded(false, BigUint::from(5u32), 0, precision + GUARD);
    while left > 0 {
        if left & 1 == 1 {
            product = product.multiply_to(&factor, precision)?;
        }
        factor = factor.multiply_to(&factor, precision + GUARD)?;
        left >>= 1;
    }
    Some(product)
}

/// Decimal digits, without zeros at the end, with the place of the point in them.
struct Decimal {
    digits: Vec<u8>,
    point: i64,
}

impl Decimal {
    /// Exactly `mantissa` times two to the power of `exponent`.
    fn of(mantissa: &BigUint, exponent: i64) -> Decimal {
        if *mantissa == BigUint::ZERO {
            return Decimal { digits: Vec::new(), point: 0 };
        }
        let (scaled, places) = if exponent >= 0 {
            (mantissa << exponent.unsigned_abs(), 0)
        } else {
            let five = BigUint::from(5u32).pow(u32::try_from(exponent.unsigned_abs()).unwrap_or(u32::MAX));
            (mantissa * five, -exponent)
        };
        let digits = scaled.to_string().into_bytes();
        let point = digits.len() as i64 - places;
        let mut decimal = Decimal { digits, point };
        decimal.trim();
        decimal
    }

    fn at(&self, index: i64) -> u8 {
        usize::try_from(index).ok().and_then(|index| self.digits.get(index).copied()).unwrap_or(b'0')
    }

    fn after_point(&self) -> usize {
        usize::try_from(self.digits.len() as i64 - self.point).unwrap_or(0)
    }

    fn trim(&mut self) {
        while self.digits.last() == Some(&b'0') {
            self.digits.pop();
        }
        if self.digits.is_empty() {
            self.point = 0;
        }
    }

    /// The index that a count of digits stands for, when there are more.
    fn within(&self, count: i64) -> Option<usize> {
        usize::try_from(count).ok().filter(|count| *count < self.digits.len())
    }

    /// To so many digits: half to even.
    fn round(&mut self, count: i64) {
        let Some(index) = self.within(count) else { return };
        let half = self.digits[index] == b'5' && index + 1 == self.digits.len();
        let up = if half { index > 0 && (self.digits[index - 1] - b'0') % 2 == 1 } else { self.digits[index] >= b'5' };
        if up { self.raise(count) } else { self.cut(count) }
    }

    fn cut(&mut self, count: i64) {
        if let Some(index) = self.within(count) {
            self.digits.truncate(index);
            self.trim();
        }
    }

    fn raise(&mut self, count: i64) {
        let Some(index) = self.within(count) else { return };
        let kept = self.digits[..index].iter().rposition(|digit| *digit < b'9');
        match kept {
            Some(last) => {
                self.digits[last] += 1;
                self.digits.truncate(last + 1);
            }
            None => {
                self.digits = vec![b'1'];
                self.point += 1;
            }
        }
    }

    fn exponent(&self, places: usize) -> String {
        let mut text = String::new();
        text.push(char::from(self.at(0)));
        if places > 0 {
            text.push('.');
            text.extend((1..=places).map(|index| char::from(self.at(index as i64))));
        }
        let exponent = if self.digits.is_empty() { 0 } else { self.point - 1 };
        let sign = if exponent < 0 { '-' } else { '+' };
        format!("{text}e{sign}{:02}", exponent.abs())
    }

    fn fixed(&self, places: usize) -> String {
        let mut text = String::new();
        if self.point > 0 {
            text.extend((0..self.point).map(|index| char::from(self.at(index))));
        } else {
            text.push('0');
        }
        if places > 0 {
            text.push('.');
            text.extend((0..places).map(|index| char::from(self.at(self.point + index as i64))));
        }
        text
    }

    /// With an exponent when that is small, or at least `least`.
    fn general(&self, digits: usize, least: usize) -> String {
        let exponent = self.point - 1;
        if exponent < -4 || exponent >= least as i64 {
            return self.exponent(digits.min(self.digits.len()).saturating_sub(1));
        }
        let digits = if digits as i64 > self.point { self.digits.len() } else { digits };
        self.fixed(usize::try_from(digits as i64 - self.point).unwrap_or(0))
    }
}

/// As a string that it is converted to.
impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = match (self.negative, self.is_infinite()) {
            (true, _) => "-",
            (false, true) => "+",
            (false, false) => "",
        };
        f.write_str(sign)?;
        match &self.size {
            // What fits needs all its digits: no need to look at the neighbours.
            Size::Finite { mantissa, exponent }
                if *exponent >= 0 && mantissa.bits() as i64 + exponent <= self.precision as i64 =>
            {
                write!(f, "{}", mantissa << exponent.unsigned_abs())
            }
            _ => f.write_str(&self.unsigned_text(Notation::Fixed, None)),
        }
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
