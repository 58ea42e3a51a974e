//! Numbers as Terraform has them: binary floating point with a mantissa of 512 bits, rounded half to even
//! (`math/big.Float` as `cty` sets it up).

use num_bigint::{BigInt, BigUint, Sign};
use std::cmp::Ordering;
use std::fmt;

/// Bits of the mantissa.
const PRECISION: u64 = 512;

/// Largest power of ten that is read: beyond it a number only costs memory.
const MAX_EXPONENT: i64 = 100_000;

/// `mantissa` times two to the power of `exponent`; the mantissa is odd, or all is zero.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Number {
    mantissa: BigInt,
    exponent: i64,
}

impl Number {
    /// A number as it is written in configuration, JSON or a string that is converted; `None` when it is none.
    pub fn parse(text: &str) -> Option<Number> {
        let (negative, digits) = match text.as_bytes().first()? {
            b'-' => (true, &text[1..]),
            b'+' => (false, &text[1..]),
            _ => (false, text),
        };
        let (mantissa, exponent) = match digits.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i64>().ok()?),
            None => (digits, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = format!("{whole}{fraction}");
        if all.is_empty() || !all.bytes().all(|b| b.is_ascii_digit()) || exponent.abs() > MAX_EXPONENT {
            return None;
        }
        let value = BigInt::parse_bytes(all.as_bytes(), 10)?;
        let value = if negative { -value } else { value };
        let power = exponent - i64::try_from(fraction.len()).ok()?;
        let ten = |power: i64| BigInt::from(10).pow(u32::try_from(power.unsigned_abs()).unwrap_or(u32::MAX));
        if power >= 0 { Some(Number::rounded(value * ten(power), 0)) } else { Number::quotient(value, ten(power), 0) }
    }

    /// The nearest number with a mantissa that is short enough.
    fn rounded(mantissa: BigInt, exponent: i64) -> Number {
        let (sign, mut magnitude) = mantissa.into_parts();
        let mut exponent = exponent;
        if sign == Sign::NoSign {
            return Number { mantissa: BigInt::ZERO, exponent: 0 };
        }
        let excess = magnitude.bits().saturating_sub(PRECISION);
        if excess > 0 {
            let half = magnitude.bit(excess - 1);
            let exact_half = half && magnitude.trailing_zeros() == Some(excess - 1);
            magnitude >>= excess;
            exponent += excess as i64;
            if half && (!exact_half || magnitude.bit(0)) {
                magnitude += 1u32;
            }
        }
        let zeros = magnitude.trailing_zeros().unwrap_or(0);
        magnitude >>= zeros;
        Number { mantissa: BigInt::from_biguint(sign, magnitude), exponent: exponent + zeros as i64 }
    }

    fn quotient(above: BigInt, below: BigInt, exponent: i64) -> Option<Number> {
        if below == BigInt::ZERO {
            return None;
        }
        // Two bits more than needed, and the rest in a last bit, so that rounding sees what it must.
        let missing = (PRECISION + 2 + below.bits()).saturating_sub(above.bits());
        let above = above << missing;
        let quotient = &above / &below;
        let rest = above - &quotient * &below;
        let sticky = i64::from(rest != BigInt::ZERO) * if quotient.sign() == Sign::Minus { -1 } else { 1 };
        Some(Number::rounded((quotient << 1u32) + sticky, exponent - missing as i64 - 1))
    }

    pub fn add(&self, other: &Number) -> Number {
        let exponent = self.exponent.min(other.exponent);
        Number::rounded(self.at(exponent) + other.at(exponent), exponent)
    }

    pub fn subtract(&self, other: &Number) -> Number {
        self.add(&other.negate())
    }

    pub fn multiply(&self, other: &Number) -> Number {
        Number::rounded(&self.mantissa * &other.mantissa, self.exponent + other.exponent)
    }

    /// `None` when the divisor is zero.
    pub fn divide(&self, by: &Number) -> Option<Number> {
        Number::quotient(self.mantissa.clone(), by.mantissa.clone(), self.exponent - by.exponent)
    }

    /// The remainder with the sign of the dividend; `None` when the divisor is zero.
    pub fn remainder(&self, by: &Number) -> Option<Number> {
        if by.is_zero() {
            return None;
        }
        let exponent = self.exponent.min(by.exponent);
        Some(Number::rounded(self.at(exponent) % by.at(exponent), exponent))
    }

    pub fn negate(&self) -> Number {
        Number { mantissa: -&self.mantissa, exponent: self.exponent }
    }

    pub fn is_zero(&self) -> bool {
        self.mantissa == BigInt::ZERO
    }

    pub fn is_negative(&self) -> bool {
        self.mantissa.sign() == Sign::Minus
    }

    pub fn is_whole(&self) -> bool {
        self.exponent >= 0 || self.is_zero()
    }

    /// The whole number at or towards zero from it.
    pub fn truncated(&self) -> BigInt {
        self.at_whole()
    }

    /// As a machine's whole number; `None` when it is none or does not fit.
    pub fn to_i64(&self) -> Option<i64> {
        if !self.is_whole() || self.exponent > 64 {
            return None;
        }
        i64::try_from(self.at_whole()).ok()
    }

    pub fn to_usize(&self) -> Option<usize> {
        usize::try_from(self.to_i64()?).ok()
    }

    /// The nearest double.
    pub fn to_f64(&self) -> f64 {
        self.to_string().parse().unwrap_or(f64::NAN)
    }

    /// As JSON libraries hold numbers: exact for whole numbers of 64 bits, else the nearest double.
    pub fn to_json(&self) -> serde_json::Number {
        if let Some(whole) = self.to_i64() {
            return whole.into();
        }
        serde_json::Number::from_f64(self.to_f64()).unwrap_or_else(|| 0.into())
    }

    /// The mantissa for a smaller exponent.
    fn at(&self, exponent: i64) -> BigInt {
        &self.mantissa << u64::try_from(self.exponent - exponent).unwrap_or(0)
    }

    fn at_whole(&self) -> BigInt {
        if self.exponent >= 0 {
            return self.at(0);
        }
        let (sign, magnitude) = self.mantissa.clone().into_parts();
        BigInt::from_biguint(sign, magnitude >> self.exponent.unsigned_abs())
    }

    /// The shortest digits that no other number has nearer, with how many of them stand before the point.
    fn shortest(&self) -> (String, i64) {
        let magnitude = self.mantissa.magnitude();
        let shift = PRECISION.saturating_sub(magnitude.bits());
        let mantissa = magnitude << shift;
        let exponent = self.exponent - shift as i64;
        let is_power = mantissa.trailing_zeros() == Some(PRECISION - 1);
        // In quarters of the last bit, so that the neighbours' middles are whole.
        let value = &mantissa * 4u32;
        let below = if is_power { &value - 1u32 } else { &value - 2u32 };
        let above = &value + 2u32;
        let exponent = exponent - 2;
        let digits = |value: BigUint| {
            if exponent >= 0 {
                (value << exponent.unsigned_abs()).to_string()
            } else {
                let five = BigUint::from(5u32).pow(u32::try_from(exponent.unsigned_abs()).unwrap_or(u32::MAX));
                (value * five).to_string()
            }
        };
        let point = exponent.min(0);
        let (value, below, above) = (digits(value), digits(below), digits(above));
        let length = above.len();
        let padded = |digits: String| format!("{digits:0>length$}").into_bytes();
        let (value, below, above) = (padded(value), padded(below), padded(above));
        let inclusive = !mantissa.bit(0);
        let digits = first_distinct(&value, &below, &above, inclusive);
        (digits, length as i64 + point)
    }
}

/// The leading digits of `value` that keep it strictly between (or, when `inclusive`, not outside of) the two others,
/// the last one rounded; all of the same length.
fn first_distinct(value: &[u8], below: &[u8], above: &[u8], inclusive: bool) -> String {
    let rest_is_zero = |digits: &[u8]| digits.iter().all(|digit| *digit == b'0');
    for count in 1..=value.len() {
        let (head, tail) = value.split_at(count);
        // Rounded down: still above `below`?
        let down = match head.cmp(&below[..count]) {
            Ordering::Greater => true,
            Ordering::Equal => rest_is_zero(&below[count..]) && (inclusive || !rest_is_zero(tail)),
            Ordering::Less => false,
        };
        let mut up_digits = head.to_vec();
        let carried = increment(&mut up_digits);
        let up = !carried
            && match up_digits.as_slice().cmp(&above[..count]) {
                Ordering::Less => true,
                Ordering::Equal => inclusive || !rest_is_zero(&above[count..]),
                Ordering::Greater => false,
            };
        let nearer_up = match tail.first() {
            Some(digit) if *digit == b'5' && rest_is_zero(&tail[1..]) => {
                head.last().is_some_and(|d| (d - b'0') % 2 == 1)
            }
            Some(digit) => *digit >= b'5',
            None => false,
        };
        let chosen = match (down, up) {
            (true, true) if nearer_up => up_digits,
            (true, _) => head.to_vec(),
            (false, true) => up_digits,
            (false, false) => continue,
        };
        return String::from_utf8(chosen).unwrap_or_default();
    }
    String::from_utf8(value.to_vec()).unwrap_or_default()
}

/// Adds one to the last digit; `true` when that would need a digit more.
fn increment(digits: &mut [u8]) -> bool {
    for digit in digits.iter_mut().rev() {
        if *digit == b'9' {
            *digit = b'0';
        } else {
            *digit += 1;
            return false;
        }
    }
    true
}

impl From<i64> for Number {
    fn from(value: i64) -> Self {
        Number::rounded(BigInt::from(value), 0)
    }
}

impl From<usize> for Number {
    fn from(value: usize) -> Self {
        Number::rounded(BigInt::from(value), 0)
    }
}

impl From<BigInt> for Number {
    fn from(value: BigInt) -> Self {
        Number::rounded(value, 0)
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        let exponent = self.exponent.min(other.exponent);
        self.at(exponent).cmp(&other.at(exponent))
    }
}

/// As a string that it is converted to.
impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_whole() && self.mantissa.bits() as i64 + self.exponent <= PRECISION as i64 {
            return write!(f, "{}", self.at(0));
        }
        if self.is_negative() {
            f.write_str("-")?;
        }
        let (digits, point) = self.shortest();
        let digits = digits.trim_start_matches('0');
        let leading = point - (self.shortest().0.len() as i64 - digits.len() as i64);
        let digits = digits.trim_end_matches('0');
        match usize::try_from(leading) {
            Ok(0) | Err(_) => {
                let zeros = usize::try_from(-leading).unwrap_or(0);
                write!(f, "0.{}{digits}", "0".repeat(zeros))
            }
            Ok(before) if before >= digits.len() => write!(f, "{digits}{}", "0".repeat(before - digits.len())),
            Ok(before) => write!(f, "{}.{}", &digits[..before], &digits[before..]),
        }
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Number {
        Number::parse(text).unwrap()
    }

    #[test]
    fn numbers_are_written_with_the_fewest_digits() {
        for text in ["0", "1", "-1", "0.1", "123.456", "-0.001", "100000000000000000000000", "0.30000000000000004"] {
            assert_eq!(number(text).to_string(), text);
        }
        assert_eq!(number("1.50").to_string(), "1.5");
        assert_eq!(number("1e3").to_string(), "1000");
        assert_eq!(number("0.1").add(&number("0.2")).to_string(), "0.3");
        let third = number("1").divide(&number("3")).unwrap().to_string();
        assert!(third.starts_with("0.3333333333") && third.len() > 150, "{third}");
    }

    #[test]
    fn remainder_has_the_sign_of_the_dividend() {
        assert_eq!(number("-7").remainder(&number("3")).unwrap().to_string(), "-1");
        assert_eq!(number("5.5").remainder(&number("2")).unwrap().to_string(), "1.5");
        assert!(number("1").divide(&number("0")).is_none());
    }
}
