//! Numbers as Terraform has them: binary floating point with a precision of their own, rounded half to even, with
//! infinities and a negative zero (`math/big.Float` as `cty` uses it).
//!
//! What is written in configuration, JSON or a string has 512 bits, what a function counts has 64, what a function
//! computes with doubles has 53. The precision shows: it decides how many digits a quotient is written with.

mod arithmetic;
mod text;

pub use text::Notation;

use num_bigint::{BigInt, BigUint, Sign};
use std::cmp::Ordering;

/// Bits of the mantissa of what is written out.
const WRITTEN: u64 = 512;

/// Bits of the mantissa of what is counted.
const COUNTED: u64 = 64;

/// Bits of the mantissa of a double.
const DOUBLE: u64 = 53;

/// Smallest exponent of a double that is not denormal, and largest, for a mantissa between 1/2 and 1.
const DOUBLE_EXPONENTS: (i64, i64) = (-1021, 1024);

/// A number. Two are `==` when Terraform calls them so, which is when they are written alike; [`Number::compare`] looks
/// at the last bit.
#[derive(Clone)]
pub struct Number {
    negative: bool,
    size: Size,
    /// Bits that a mantissa may have.
    precision: u64,
}

/// How large a number is without its sign.
#[derive(Clone)]
enum Size {
    /// `mantissa` times two to the power of `exponent`; the mantissa is odd, or all is zero.
    Finite {
        mantissa: BigUint,
        exponent: i64,
    },
    Infinite,
}

impl Number {
    /// The nearest number with a mantissa that is short enough.
    fn rounded(negative: bool, mantissa: BigUint, exponent: i64, precision: u64) -> Number {
        let (mut magnitude, mut exponent) = (mantissa, exponent);
        let excess = magnitude.bits().saturating_sub(precision);
        if excess > 0 {
            let half = magnitude.bit(excess - 1);
            let exact_half = half && magnitude.trailing_zeros() == Some(excess - 1);
            magnitude >>= excess;
            exponent += excess as i64;
            if half && (!exact_half || magnitude.bit(0)) {
                magnitude += 1u32;
            }
        }
        let size = match magnitude.trailing_zeros() {
            None => Size::Finite { mantissa: BigUint::ZERO, exponent: 0 },
            Some(zeros) => Size::Finite { mantissa: magnitude >> zeros, exponent: exponent + zeros as i64 },
        };
        Number { negative, size, precision }
    }

    fn zero(negative: bool, precision: u64) -> Number {
        Number { negative, size: Size::Finite { mantissa: BigUint::ZERO, exponent: 0 }, precision }
    }

    fn infinite(negative: bool, precision: u64) -> Number {
        Number { negative, size: Size::Infinite, precision }
    }

    /// The number that a computation with doubles gives; `None` when that is not a number.
    pub fn from_f64(value: f64) -> Option<Number> {
        if value.is_nan() {
            return None;
        }
        let negative = value.is_sign_negative();
        if value.is_infinite() {
            return Some(Number::infinite(negative, DOUBLE));
        }
        let bits = value.to_bits();
        let (raw_exponent, fraction) = ((bits >> 52 & 0x7ff) as i64, bits & ((1 << 52) - 1));
        let (mantissa, exponent) =
            if raw_exponent == 0 { (fraction, -1074) } else { (fraction | 1 << 52, raw_exponent - 1075) };
        Some(Number::rounded(negative, mantissa.into(), exponent, DOUBLE))
    }

    pub fn negate(&self) -> Number {
        Number { negative: !self.negative, ..self.clone() }
    }

    pub fn absolute(&self) -> Number {
        Number { negative: false, ..self.clone() }
    }

    pub fn is_zero(&self) -> bool {
        matches!(&self.size, Size::Finite { mantissa, .. } if *mantissa == BigUint::ZERO)
    }

    pub fn is_infinite(&self) -> bool {
        matches!(self.size, Size::Infinite)
    }

    /// Whether it is less than zero.
    pub fn is_negative(&self) -> bool {
        self.negative && !self.is_zero()
    }

    pub fn is_whole(&self) -> bool {
        matches!(&self.size, Size::Finite { exponent, .. } if *exponent >= 0)
    }

    /// The whole number at or towards zero from it; `None` for an infinite one.
    pub fn truncated(&self) -> Option<BigInt> {
        let Size::Finite { mantissa, exponent } = &self.size else { return None };
        let magnitude =
            if *exponent >= 0 { mantissa << exponent.unsigned_abs() } else { mantissa >> exponent.unsigned_abs() };
        Some(BigInt::from_biguint(if self.negative { Sign::Minus } else { Sign::Plus }, magnitude))
    }

    /// The whole number at or above it, with its precision.
    pub fn ceiling(&self) -> Number {
        self.whole_beside(|whole, below| if below { whole } else { whole + 1 })
    }

    /// The whole number at or below it, with its precision.
    pub fn floor(&self) -> Number {
        self.whole_beside(|whole, below| if below { whole - 1 } else { whole })
    }

    /// Of what is not whole, what `pick` makes of the whole number towards zero and of whether the number is negative.
    fn whole_beside(&self, pick: impl Fn(BigInt, bool) -> BigInt) -> Number {
        match self.truncated() {
            Some(whole) if self.is_whole() => Number::of_whole(&whole, self.precision),
            Some(whole) => Number::of_whole(&pick(whole, self.negative), self.precision),
            None => self.clone(),
        }
    }

    fn of_whole(whole: &BigInt, precision: u64) -> Number {
        Number::rounded(whole.sign() == Sign::Minus, whole.magnitude().clone(), 0, precision)
    }

    /// The whole number that it is; `None` when it is none.
    pub fn to_whole(&self) -> Option<BigInt> {
        if self.is_whole() { self.truncated() } else { None }
    }

    /// As a machine's whole number; `None` when it is none or does not fit.
    pub fn to_i64(&self) -> Option<i64> {
        self.to_machine()
    }

    fn to_machine<T: TryFrom<BigInt>>(&self) -> Option<T> {
        match &self.size {
            Size::Finite { mantissa, exponent } if *exponent >= 0 && *exponent + mantissa.bits() as i64 <= 64 => {
                T::try_from(self.truncated()?).ok()
            }
            _ => None,
        }
    }

    pub fn to_usize(&self) -> Option<usize> {
        usize::try_from(self.to_i64()?).ok()
    }

    /// The nearest double.
    pub fn to_f64(&self) -> f64 {
        let sign = if self.negative { -1.0 } else { 1.0 };
        let Size::Finite { mantissa, exponent } = &self.size else { return sign * f64::INFINITY };
        let top = exponent + mantissa.bits() as i64;
        if top < DOUBLE_EXPONENTS.0 - DOUBLE as i64 {
            return sign * 0.0;
        }
        // Below the normal doubles each power of two costs a bit; what is left of one bit less than none still rounds.
        let denormal = (DOUBLE_EXPONENTS.0 - top).max(0) as u64;
        let short = if denormal > DOUBLE - 1 {
            let above_half = mantissa.bits() > 1 && denormal == DOUBLE;
            return if above_half { sign * f64::from_bits(1) } else { sign * 0.0 };
        } else {
            Number::rounded(false, mantissa.clone(), *exponent, DOUBLE - denormal)
        };
        let Size::Finite { mantissa, exponent } = &short.size else { return sign * f64::INFINITY };
        if exponent + mantissa.bits() as i64 > DOUBLE_EXPONENTS.1 {
            return sign * f64::INFINITY;
        }
        let whole = mantissa.iter_u64_digits().next().unwrap_or(0) as f64;
        let half = (*exponent / 2) as i32;
        sign * whole * f64::powi(2.0, half) * f64::powi(2.0, *exponent as i32 - half)
    }

    /// As JSON libraries read it from a state: exact for whole numbers of 64 bits, with or without a sign, else the
    /// nearest double, which zero with a sign is, too; `None` for what is beyond doubles.
    pub fn to_json(&self) -> Option<serde_json::Number> {
        if self.is_zero() && self.negative {
            return serde_json::Number::from_f64(-0.0);
        }
        let large = || self.to_machine::<u64>().map(Into::into);
        let exact = self.to_i64().map(Into::into).or_else(large);
        exact.or_else(|| serde_json::Number::from_f64(self.to_f64()))
    }

    /// Which of two numbers is larger, to the last bit.
    pub fn compare(&self, other: &Number) -> Ordering {
        let sign = |number: &Number| match number.is_zero() {
            true => 0,
            false if number.negative => -1,
            false => 1,
        };
        let (ours, theirs) = (sign(self), sign(other));
        if ours != theirs {
            return ours.cmp(&theirs);
        }
        let sizes = match (&self.size, &other.size) {
            (Size::Infinite, Size::Infinite) => Ordering::Equal,
            (Size::Infinite, _) => Ordering::Greater,
            (_, Size::Infinite) => Ordering::Less,
            (Size::Finite { mantissa: a, exponent: m }, Size::Finite { mantissa: b, exponent: n }) => {
                let tops = (m + a.bits() as i64).cmp(&(n + b.bits() as i64));
                tops.then_with(|| {
                    let least = *m.min(n);
                    (a << (m - least).unsigned_abs()).cmp(&(b << (n - least).unsigned_abs()))
                })
            }
        };
        if ours < 0 { sizes.reverse() } else { sizes }
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        if self.is_whole() || other.is_whole() || self.is_infinite() || other.is_infinite() {
            return self.compare(other) == Ordering::Equal;
        }
        self.negative == other.negative
            && (self.compare(other) == Ordering::Equal || self.to_string() == other.to_string())
    }
}

impl Eq for Number {}

impl From<i64> for Number {
    fn from(value: i64) -> Self {
        Number::rounded(value < 0, value.unsigned_abs().into(), 0, COUNTED)
    }
}

impl From<usize> for Number {
    fn from(value: usize) -> Self {
        Number::rounded(false, value.into(), 0, COUNTED)
    }
}

impl From<BigInt> for Number {
    fn from(value: BigInt) -> Self {
        Number::of_whole(&value, value.bits().max(COUNTED))
    }
}

#[cfg(test)]
mod tests;
