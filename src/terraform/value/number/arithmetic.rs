//! Sums, products, quotients and remainders of numbers. `None` is what is not a number, like zero divided by zero.

use super::{Number, Size, WRITTEN};
use num_bigint::{BigInt, BigUint, Sign};

impl Number {
    /// `None` for opposing infinities.
    pub fn add(&self, other: &Number) -> Option<Number> {
        self.add_to(other, self.precision.max(other.precision))
    }

    fn add_to(&self, other: &Number, precision: u64) -> Option<Number> {
        let (a, m, b, n) = match (&self.size, &other.size) {
            (Size::Infinite, Size::Infinite) if self.negative != other.negative => return None,
            (Size::Infinite, _) => return Some(Number::infinite(self.negative, precision)),
            (_, Size::Infinite) => return Some(Number::infinite(other.negative, precision)),
            (Size::Finite { mantissa: a, exponent: m }, Size::Finite { mantissa: b, exponent: n }) => (a, m, b, n),
        };
        if self.is_zero() && other.is_zero() {
            return Some(Number::zero(self.negative && other.negative, precision));
        }
        let least = *m.min(n);
        let signed = |negative: bool, mantissa: &BigUint, exponent: i64| {
            let sign = if negative { Sign::Minus } else { Sign::Plus };
            BigInt::from_biguint(sign, mantissa << (exponent - least).unsigned_abs())
        };
        let sum = signed(self.negative, a, *m) + signed(other.negative, b, *n);
        Some(Number::rounded(sum.sign() == Sign::Minus, sum.into_parts().1, least, precision))
    }

    /// `None` for an infinity from itself.
    pub fn subtract(&self, other: &Number) -> Option<Number> {
        self.add(&other.negate())
    }

    /// `None` for zero times infinity. The product has all the bits that it needs, up to those of what is written out.
    pub fn multiply(&self, other: &Number) -> Option<Number> {
        let mut product = self.multiply_to(other, WRITTEN)?;
        let needed = match &product.size {
            Size::Finite { mantissa, .. } => mantissa.bits(),
            Size::Infinite => 0,
        };
        product.precision = self.precision.max(other.precision).max(needed);
        Some(product)
    }

    pub(super) fn multiply_to(&self, other: &Number, precision: u64) -> Option<Number> {
        let negative = self.negative != other.negative;
        match (&self.size, &other.size) {
            (Size::Finite { mantissa: a, exponent: m }, Size::Finite { mantissa: b, exponent: n }) => {
                Some(Number::rounded(negative, a * b, m + n, precision))
            }
            _ if self.is_zero() || other.is_zero() => None,
            _ => Some(Number::infinite(negative, precision)),
        }
    }

    /// `None` for zero by zero and infinity by infinity; anything else by zero is infinite.
    pub fn divide(&self, by: &Number) -> Option<Number> {
        self.divide_to(by, self.precision.max(by.precision))
    }

    pub(super) fn divide_to(&self, by: &Number, precision: u64) -> Option<Number> {
        let negative = self.negative != by.negative;
        let (above, m, below, n) = match (&self.size, &by.size) {
            (Size::Infinite, Size::Infinite) => return None,
            (Size::Infinite, _) => return Some(Number::infinite(negative, precision)),
            (_, Size::Infinite) => return Some(Number::zero(negative, precision)),
            (Size::Finite { mantissa: a, exponent: m }, Size::Finite { mantissa: b, exponent: n }) => (a, m, b, n),
        };
        if by.is_zero() {
            return if self.is_zero() { None } else { Some(Number::infinite(negative, precision)) };
        }
        // Two bits more than needed, and the rest in a last bit, so that rounding sees what it must.
        let missing = (precision + 2 + below.bits()).saturating_sub(above.bits());
        let above = above << missing;
        let quotient = &above / below;
        let rest = above - &quotient * below;
        let sticky = u32::from(rest != BigUint::ZERO);
        Some(Number::rounded(negative, (quotient << 1u32) + sticky, m - n - missing as i64 - 1, precision))
    }

    /// The remainder with the sign of the dividend, as exact as the quotient is: the number itself when the divisor is
    /// zero. `None` where an infinity takes part.
    pub fn remainder(&self, by: &Number) -> Option<Number> {
        if by.is_zero() {
            return Some(self.clone());
        }
        let whole = Number::of_whole(&self.divide(by)?.truncated()?, self.precision);
        let taken = by.multiply_to(&whole, self.precision)?;
        self.add_to(&taken.negate(), self.precision)
    }
}
