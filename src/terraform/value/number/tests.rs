//! Numbers, as `terraform console` writes them.

use super::*;

fn number(text: &str) -> Number {
    Number::parse(text).unwrap()
}

#[test]
fn numbers_are_written_with_the_fewest_digits() {
    for text in ["0", "1", "-1", "0.1", "123.456", "-0.001", "100000000000000000000000", "0.30000000000000004", "-0"] {
        assert_eq!(number(text).to_string(), text);
    }
    assert_eq!(number("1.50").to_string(), "1.5");
    assert_eq!(number("1e3").to_string(), "1000");
    assert_eq!(number("1p5").to_string(), "32");
    assert_eq!(number("0.1").add(&number("0.2")).unwrap().to_string(), "0.3");
    let third = number("1").divide(&number("3")).unwrap().to_string();
    assert_eq!(third, format!("0.{}5", "3".repeat(154)));
    assert_eq!(number("1e1000").to_string(), format!("1{}", "0".repeat(1000)));
    assert_eq!(number("1e-400").to_string(), format!("0.{}1", "0".repeat(399)));
}

#[test]
fn what_is_counted_or_computed_with_doubles_has_fewer_bits() {
    let third = Number::from(1i64).divide(&Number::from(3i64)).unwrap();
    assert_eq!(third.to_string(), "0.33333333333333333334");
    let root = Number::from_f64(2f64.sqrt()).unwrap();
    assert_eq!(root.to_string(), "1.4142135623730951");
    let written = root.multiply(&number("1")).unwrap();
    assert_eq!(written.to_string(), "1.4142135623730951454746218587388284504413604736328125");
    assert_eq!(root.multiply(&root).unwrap().to_string(), "2.00000000000000027343234630647693");
    assert_eq!(root.add(&root).unwrap().to_string(), "2.8284271247461903");
}

#[test]
fn numbers_are_the_same_when_written_alike() {
    let (root, written) = (Number::from_f64(2f64.sqrt()).unwrap(), number("1.4142135623730951"));
    assert!(root == written && root.compare(&written) == Ordering::Greater);
    assert!(number("0") == number("-0") && number("1") != number("-1"));
}

#[test]
fn infinities_are_numbers_until_they_meet() {
    let infinite = number("1").divide(&number("0")).unwrap();
    assert_eq!(infinite.to_string(), "+Inf");
    assert_eq!(infinite.negate().to_string(), "-Inf");
    assert!(infinite.compare(&number("1e1000")) == Ordering::Greater);
    assert!(infinite.subtract(&infinite).is_none() && infinite.multiply(&number("0")).is_none());
    assert!(number("0").divide(&number("0")).is_none() && number("1").divide(&infinite).unwrap().is_zero());
    assert!(infinite.to_i64().is_none() && infinite.truncated().is_none());
}

#[test]
fn remainder_has_the_sign_of_the_dividend() {
    assert_eq!(number("-7").remainder(&number("3")).unwrap().to_string(), "-1");
    assert_eq!(number("5.5").remainder(&number("2")).unwrap().to_string(), "1.5");
    assert_eq!(number("1").remainder(&number("0")).unwrap().to_string(), "1");
}

#[test]
fn doubles_go_there_and_back() {
    for value in [0.0, -0.0, 1.5, -2.75, f64::MAX, f64::MIN_POSITIVE, 5e-324, 1.2e-310, 0.1, 1e22, f64::INFINITY] {
        assert_eq!(Number::from_f64(value).unwrap().to_f64().to_bits(), value.to_bits(), "{value}");
    }
    assert_eq!(number("1e400").to_f64(), f64::INFINITY);
    assert_eq!(number("2e-324").to_f64(), 0.0);
    assert_eq!(number("3e-324").to_f64(), 5e-324);
    assert_eq!(number("0.1").to_f64(), 0.1);
    assert!(Number::from_f64(f64::NAN).is_none());
}

#[test]
fn numbers_are_what_a_state_is_read_as() {
    for text in ["0", "-0", "7", "-9223372036854775808", "9223372036854775808", "18446744073709551615", "1e25", "0.1"] {
        assert_eq!(number(text).to_json(), serde_json::from_str(text).ok(), "{text}");
    }
    assert_eq!(number("1e400").to_json(), None);
    assert_eq!(number("1").divide(&number("0")).unwrap().to_json(), None);
}

#[test]
fn numbers_are_written_in_every_notation() {
    let text = |number: &str, notation, digits| super::Number::parse(number).unwrap().unsigned_text(notation, digits);
    assert_eq!(text("1500", Notation::Exponent, Some(6)), "1.500000e+03");
    assert_eq!(text("0", Notation::Exponent, None), "0e+00");
    assert_eq!(text("2.5", Notation::Fixed, Some(0)), "2");
    assert_eq!(text("0.999", Notation::Fixed, Some(2)), "1.00");
    assert_eq!(text("1000000", Notation::General, None), "1e+06");
    assert_eq!(text("100000", Notation::General, None), "100000");
    assert_eq!(text("0.00001", Notation::General, None), "1e-05");
    assert_eq!(text("1234.5678", Notation::General, Some(6)), "1234.57");
}

#[test]
fn what_is_no_number_is_refused() {
    for text in
        ["", "-", "0x10", "1_000", " 5", "5 ", "1e", "1.2.3", "NaN", "infinity", ".", "e5", "--5", "1e999999999"]
    {
        assert!(Number::parse(text).is_none(), "{text}");
    }
}
