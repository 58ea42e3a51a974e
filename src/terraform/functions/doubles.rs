//! Logarithm and power of doubles, to the last bit as Terraform computes them: a system's own differ in it.
//!
//! Rules: Go's `math.Log`, `math.Exp` (amd64) and `math.Pow`, which follow FreeBSD's `e_log.c`, Shibata's evaluation by
//! Taylor series, and squaring.

#![allow(clippy::excessive_precision, reason = "the digits are those of the rules, so that a reader can compare them")]

/// The mantissa, from 1/2 up to 1, and the power of two.
fn split(x: f64) -> (f64, i32) {
    if x == 0.0 || !x.is_finite() {
        return (x, 0);
    }
    // A denormal is scaled up first.
    let (x, shift) = if x.abs() < f64::MIN_POSITIVE { (x * f64::powi(2.0, 52), -52) } else { (x, 0) };
    let bits = x.to_bits();
    let exponent = (bits >> 52 & 0x7ff) as i32 - 1022;
    (f64::from_bits(bits & !(0x7ff << 52) | 1022 << 52), exponent + shift)
}

/// `mantissa` times two to the power of `exponent`.
fn scale(mantissa: f64, exponent: i32) -> f64 {
    if mantissa == 0.0 || !mantissa.is_finite() {
        return mantissa;
    }
    let (fraction, own) = split(mantissa);
    let exponent = own.saturating_add(exponent);
    match exponent {
        1025.. => f64::INFINITY.copysign(mantissa),
        -1021.. => fraction * 2.0 * f64::powi(2.0, exponent - 1),
        -1074.. => fraction * f64::powi(2.0, exponent + 60) * f64::powi(2.0, -60),
        _ => 0f64.copysign(mantissa),
    }
}

/// The natural logarithm.
pub(super) fn log(x: f64) -> f64 {
    const LN2_HIGH: f64 = 6.931_471_803_691_238_164_90e-01;
    const LN2_LOW: f64 = 1.908_214_929_270_587_700_02e-10;
    const ODD: [f64; 4] = [
        6.666_666_666_666_735_130e-01,
        2.857_142_874_366_239_149e-01,
        1.818_357_216_161_805_012e-01,
        1.479_819_860_511_658_591e-01,
    ];
    const EVEN: [f64; 3] =
        [3.999_999_999_940_941_908e-01, 2.222_219_843_214_978_396e-01, 1.531_383_769_920_937_332e-01];
    if x.is_nan() || x == f64::INFINITY {
        return x;
    }
    if x <= 0.0 {
        return if x < 0.0 { f64::NAN } else { f64::NEG_INFINITY };
    }
    let (mut fraction, mut power) = split(x);
    if fraction < std::f64::consts::FRAC_1_SQRT_2 {
        fraction *= 2.0;
        power -= 1;
    }
    let (f, k) = (fraction - 1.0, f64::from(power));
    let s = f / (2.0 + f);
    let s2 = s * s;
    let s4 = s2 * s2;
    let odd = s2 * (ODD[0] + s4 * (ODD[1] + s4 * (ODD[2] + s4 * ODD[3])));
    let even = s4 * (EVEN[0] + s4 * (EVEN[1] + s4 * EVEN[2]));
    let rest = odd + even;
    let half_square = 0.5 * f * f;
    k * LN2_HIGH - ((half_square - (s * (half_square + rest) + k * LN2_LOW)) - f)
}

/// e to the power of `x`.
fn exp(x: f64) -> f64 {
    const LN2_UPPER: f64 = 0.693_147_180_559_662_956_511_601_805_686_950_683_593_75;
    const LN2_LOWER: f64 = 0.282_352_905_630_315_771_225_884_481_750_134_360_255_254_120_68e-12;
    const OVERFLOW: f64 = 7.097_827_128_933_84e+02;
    /// One over the factorials of 7, 6, 5, 4, 3, 2 and 1; that of 8 comes first.
    const TAYLOR: [f64; 7] = [
        1.984_126_984_126_984_127_0e-4,
        1.388_888_888_888_888_888_9e-3,
        8.333_333_333_333_333_333_3e-3,
        4.166_666_666_666_666_666_7e-2,
        1.666_666_666_666_666_666_7e-1,
        0.5,
        1.0,
    ];
    if !x.is_finite() {
        return if x == f64::NEG_INFINITY { 0.0 } else { x };
    }
    if x > OVERFLOW {
        return f64::INFINITY;
    }
    let power = (x * std::f64::consts::LOG2_E).round_ties_even();
    let reduced = (-power).mul_add(LN2_LOWER, (-power).mul_add(LN2_UPPER, x)) * 0.0625;
    let series = TAYLOR.iter().fold(2.480_158_730_158_730_158_7e-5, |sum: f64, term| sum.mul_add(reduced, *term));
    // The series of a sixteenth, less one; four squarings bring it back.
    let mut less_one = reduced * series;
    for _ in 0..3 {
        less_one *= less_one + 2.0;
    }
    let result = (less_one + 2.0).mul_add(less_one, 1.0);
    scale(result, power as i32)
}

/// `x` to the power of `y`.
pub(super) fn pow(x: f64, y: f64) -> f64 {
    if y == 0.0 || x == 1.0 {
        return 1.0;
    }
    if y == 1.0 {
        return x;
    }
    let special = x == 0.0 || x.is_infinite() || y.is_infinite() || x.is_nan() || y.is_nan();
    if special {
        return x.powf(y);
    }
    if y.abs() == 0.5 {
        return if y > 0.0 { x.sqrt() } else { 1.0 / x.sqrt() };
    }
    let (mut whole, mut fraction) = (y.abs().trunc(), y.abs().fract());
    if fraction != 0.0 && x < 0.0 {
        return f64::NAN;
    }
    if whole >= 9_223_372_036_854_775_808.0 {
        return x.powf(y);
    }
    let mut result = 1.0;
    if fraction != 0.0 {
        if fraction > 0.5 {
            fraction -= 1.0;
            whole += 1.0;
        }
        result = exp(fraction * log(x));
    }
    let (mut factor, mut factor_power) = split(x);
    let (mut left, mut power) = (whole as i64, 0i32);
    while left != 0 {
        if !(-4096..=4096).contains(&factor_power) {
            power += factor_power;
            break;
        }
        if left & 1 == 1 {
            result *= factor;
            power += factor_power;
        }
        factor *= factor;
        factor_power <<= 1;
        if factor < 0.5 {
            factor += factor;
            factor_power -= 1;
        }
        left >>= 1;
    }
    if y < 0.0 { scale(1.0 / result, -power) } else { scale(result, power) }
}
