//! Floating-point numbers as Go parses and prints them.
//!
//! Rust and Go both print the fewest digits that parse as the number again. Of two texts that are equally
//! near, Go chooses the one with the even last digit and Rust the upper one. Go also has its own rules for
//! choosing between plain and scientific notation and for padding the exponent.

use std::fmt::LowerExp;
use std::str::FromStr;

/// The finite number nearest to a decimal text: a sign, digits with or without a point, an exponent.
/// `None` if there is none or the text has another format.
pub(crate) fn parse(text: &str) -> Option<f64> {
    // The standard library also parses `inf` and `nan`.
    let is_decimal = |byte| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-');
    let value: f64 = text.parse().ok()?;
    (value.is_finite() && text.bytes().all(is_decimal)).then_some(value)
}

/// The shortest digits that parse as a number, and the power of ten of the first digit.
pub(crate) struct Shortest {
    digits: String,
    exponent: i32,
    is_negative: bool,
}

impl Shortest {
    /// Returns the shortest digits of a finite `f32` or `f64`.
    pub(crate) fn of<T: LowerExp + FromStr + PartialEq>(value: T) -> Self {
        let shortest = format!("{value:e}");
        let (mantissa, _) = shortest.split_once('e').unwrap_or((&shortest, ""));
        let decimals = mantissa.split_once('.').map_or(0, |(_, decimals)| decimals.len());
        // With a precision, the standard library rounds half to even, but below a power of two the nearest
        // text of this length may parse as the number before.
        let rounded = format!("{value:.decimals$e}");
        let text = if rounded.parse().is_ok_and(|read: T| read == value) { rounded } else { shortest };
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, ""));
        let unsigned = mantissa.trim_start_matches('-');
        Self {
            digits: unsigned.replace('.', ""),
            exponent: exponent.parse().unwrap_or(0),
            is_negative: unsigned.len() < mantissa.len(),
        }
    }

    /// The power of ten of the first digit.
    pub(crate) fn exponent(&self) -> i32 {
        self.exponent
    }

    /// The number without an exponent: `0.001`, `5`, `12300`.
    pub(crate) fn plain(&self) -> String {
        let sign = self.sign();
        let Ok(exponent) = usize::try_from(self.exponent) else {
            let zeros = self.exponent.unsigned_abs() as usize;
            return format!("{sign}0.{}{}", "0".repeat(zeros - 1), self.digits);
        };
        match self.digits.split_at_checked(exponent + 1) {
            Some((whole, fraction)) if !fraction.is_empty() => format!("{sign}{whole}.{fraction}"),
            _ => format!("{sign}{:0<width$}", self.digits, width = exponent + 1),
        }
    }

    /// The number in scientific notation, `1.5e+300`, with at least `width` digits in the exponent.
    pub(crate) fn scientific(&self, width: usize) -> String {
        let (first, rest) = self.digits.split_at_checked(1).unwrap_or((&self.digits, ""));
        let point = if rest.is_empty() { "" } else { "." };
        let exponent_sign = if self.exponent < 0 { '-' } else { '+' };
        let exponent = self.exponent.unsigned_abs();
        format!("{}{first}{point}{rest}e{exponent_sign}{exponent:0width$}", self.sign())
    }

    fn sign(&self) -> &'static str {
        if self.is_negative { "-" } else { "" }
    }
}

#[cfg(test)]
mod tests {
    use super::{Shortest, parse};
    use proptest::prelude::*;

    #[test]
    fn of_two_equally_near_texts_the_even_one_is_taken() {
        for (value, text) in [(0.25, "1347433277679763.2"), (0.75, "1347433277679763.8")] {
            assert_eq!(Shortest::of(1_347_433_277_679_763.0 + value).plain(), text);
        }
        // The nearest text of 16 digits is read as the number before.
        assert_eq!(Shortest::of(2_f64.powi(-44)).scientific(2), "5.684341886080802e-14");
    }

    /// The text has as many digits as the standard library's and differs in the last at most.
    fn assert_same(ours: &str, theirs: &str) {
        let different = ours.bytes().zip(theirs.bytes()).filter(|(a, b)| a != b).count();
        assert!(ours.len() == theirs.len() && different <= 1, "{ours} and {theirs}");
    }

    fn check(value: f64) {
        let shortest = Shortest::of(value);
        assert_same(&shortest.plain(), &value.to_string());
        let scientific = format!("{value:e}").replace('e', "e+").replace("+-", "-");
        assert_same(&shortest.scientific(1), &scientific);
        assert_eq!(parse(&shortest.plain()).map(f64::to_bits), Some(value.to_bits()));
        assert_eq!(parse(&shortest.scientific(2)).map(f64::to_bits), Some(value.to_bits()));
        let single = value as f32;
        if single.is_finite() {
            assert_same(&Shortest::of(single).plain(), &single.to_string());
        }
    }

    #[test]
    fn the_edges_are_exact() {
        for value in [0.0, 5e-324, 2.225073858507201e-308, f64::MAX, f64::EPSILON, 0.3, 1e22, 1e23, 5e-45] {
            check(value);
            check(-value);
        }
        (-1074..1024).for_each(|power| check(2_f64.powi(power)));
        for text in
            ["", ".", "e5", "1e", "1e+", "1.2.3", "inf", "nan", "3.6e308", "1e999", "0x1", "+-1", "1 "]
        {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_number_is_read_back_from_the_fewest_digits(bits in any::<u64>()) {
            let value = f64::from_bits(bits);
            prop_assume!(value.is_finite());
            check(value);
        }
    }
}
