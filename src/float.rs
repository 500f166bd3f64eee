//! Floating-point numbers, exactly: decimal text to the nearest one, and to the shortest text that is
//! read as the same one.
//!
//! The algorithms of the standard library are far faster, and with their tables 40 KB of the module;
//! a kubelet configuration has one field that holds such a number.

use crate::whole::sign;

/// A whole number of any size, its lowest 32 bits first.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Big(Vec<u32>);

impl Big {
    fn new(value: u64) -> Self {
        let mut big = Self(vec![value as u32, (value >> 32) as u32]);
        big.trim();
        big
    }

    /// INVARIANT: the highest word is never zero.
    fn trim(&mut self) {
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
    }

    /// `self * factor + more`
    fn multiply(&mut self, factor: u32, more: u32) {
        let mut carry = u64::from(more);
        for word in &mut self.0 {
            carry += u64::from(*word) * u64::from(factor);
            *word = carry as u32;
            carry >>= 32;
        }
        if carry > 0 {
            self.0.push(carry as u32);
        }
    }

    fn power(&mut self, base: u32, exponent: u32) {
        (0..exponent).for_each(|_| self.multiply(base, 0));
    }

    fn shift(&mut self, bits: u32) {
        self.power(1 << 31, bits / 31);
        self.multiply(1 << (bits % 31), 0);
    }

    fn scale(&mut self, tens: u32) {
        self.power(1_000_000_000, tens / 9);
        self.power(10, tens % 9);
    }

    fn bits(&self) -> u32 {
        self.0.last().map_or(0, |top| self.0.len() as u32 * 32 - top.leading_zeros())
    }

    fn word(&self, at: usize) -> u32 {
        self.0.get(at).copied().unwrap_or(0)
    }

    fn less(&self, other: &Self) -> bool {
        let count = self.0.len().max(other.0.len());
        let different = (0..count).rev().find(|at| self.word(*at) != other.word(*at));
        different.is_some_and(|at| self.word(at) < other.word(at))
    }

    fn plus(&self, other: &Self) -> Self {
        let mut carry = 0;
        let mut sum = Self(Vec::new());
        for at in 0..=self.0.len().max(other.0.len()) {
            carry += u64::from(self.word(at)) + u64::from(other.word(at));
            sum.0.push(carry as u32);
            carry >>= 32;
        }
        sum.trim();
        sum
    }

    /// Takes `other` away if it is not larger, and says whether it was not.
    fn take(&mut self, other: &Self) -> bool {
        if self.less(other) {
            return false;
        }
        let mut borrow = 0_i64;
        for (at, word) in self.0.iter_mut().enumerate() {
            borrow += i64::from(*word) - i64::from(other.word(at));
            *word = borrow as u32;
            borrow >>= 32;
        }
        self.trim();
        true
    }
}

/// The finite number nearest to a decimal text: a sign, digits with or without a point, an exponent.
/// `None` where there is none or the text is not of that form.
pub(crate) fn parse(text: &str) -> Option<f64> {
    /// More digits than this cannot change the answer, but for not being zeros.
    const MOST: i64 = 800;
    let (is_negative, unsigned) = sign(text);
    let mut over = Big::new(0);
    // Digits since the first that is not zero, and whether there were digits at all.
    let (mut count, mut is_number) = (0, false);
    let (mut tens, mut is_fraction, mut is_more) = (0, false, false);
    for (at, byte) in unsigned.bytes().enumerate() {
        match byte {
            b'0'..=b'9' => {
                let digit = u32::from(byte & 15);
                is_number = true;
                tens -= i64::from(is_fraction);
                if count < MOST {
                    over.multiply(10, digit);
                    count += i64::from(count > 0 || digit > 0);
                } else {
                    tens += 1;
                    is_more |= digit > 0;
                }
            }
            b'.' if !is_fraction => is_fraction = true,
            b'e' | b'E' if is_number => {
                tens += exponent(unsigned.get(at + 1..)?)?;
                break;
            }
            _ => return None,
        }
    }
    if is_more {
        over.multiply(10, 1);
        (count, tens) = (count + 1, tens - 1);
    }
    if !is_number {
        return None;
    }
    let magnitude = nearest(over, count, tens)?;
    Some(if is_negative { -magnitude } else { magnitude })
}

/// A written exponent; how large it is beyond all numbers does not count.
fn exponent(text: &str) -> Option<i64> {
    let (is_negative, digits) = sign(text);
    let mut value = None;
    for byte in digits.bytes() {
        if !byte.is_ascii_digit() {
            return None;
        }
        value = Some((value.unwrap_or(0) * 10 + i64::from(byte & 15)).min(1 << 40));
    }
    if is_negative { value.map(|value: i64| -value) } else { value }
}

/// The number nearest to `over * 10^tens`, where `over` has `count` digits; of two equally near the
/// even one.
fn nearest(mut over: Big, count: i64, tens: i64) -> Option<f64> {
    let size = count + tens;
    if count == 0 || size < -330 {
        return Some(0.0);
    }
    if size > 310 {
        return None;
    }
    let mut under = Big::new(1);
    if tens < 0 { &mut under } else { &mut over }.scale(tens.unsigned_abs() as u32);
    // As a number from 1 to 2, times a power of two.
    let mut power = over.bits() as i32 - under.bits() as i32;
    if power < 0 { &mut over } else { &mut under }.shift(power.unsigned_abs());
    if over.less(&under) {
        power -= 1;
        over.shift(1);
    }
    // Below 2^-1022 there are fewer bits than 53.
    let bits = (53 + (power + 1022).min(0)).max(0);
    let mut mantissa = 0_u64;
    for _ in 0..bits {
        mantissa = mantissa << 1 | u64::from(over.take(&under));
        over.shift(1);
    }
    let is_half = over.take(&under);
    // With no bit left `power` may be so low that the half is far from being one.
    if is_half && (bits > 0 || power == -1075) && (!over.0.is_empty() || mantissa & 1 == 1) {
        mantissa += 1;
    }
    // A carry out of the mantissa is one to the exponent, as it has to be.
    let exponent = u64::from((power + 1022).max(0).unsigned_abs()) << 52;
    let value = f64::from_bits(exponent + mantissa);
    value.is_finite().then_some(value)
}

/// The shortest digits that are read as a number, and the power of ten that `0.digits` is multiplied
/// with. Of several the nearest.
pub(crate) struct Shortest {
    digits: String,
    point: i32,
    is_negative: bool,
}

impl Shortest {
    /// Of a finite number.
    pub(crate) fn of(value: f64) -> Self {
        let bits = value.to_bits();
        let fraction = bits & ((1 << 52) - 1);
        Self::of_parts(value < 0.0 || bits >> 63 == 1, fraction, (bits >> 52 & 0x7FF) as i32, 52)
    }

    /// Of a finite number of 32 bits.
    pub(crate) fn of_single(value: f32) -> Self {
        let bits = value.to_bits();
        let fraction = u64::from(bits & ((1 << 23) - 1));
        Self::of_parts(bits >> 31 == 1, fraction, (bits >> 23 & 0xFF) as i32, 23)
    }

    /// Steele and White's way, with the numbers of Dragon4.
    fn of_parts(is_negative: bool, fraction: u64, biased: i32, bits: i32) -> Self {
        let bias = if bits == 52 { 1023 } else { 127 };
        let (mantissa, power) = match biased {
            0 => (fraction, 1 - bias - bits),
            biased => (fraction | 1 << bits, biased - bias - bits),
        };
        if mantissa == 0 {
            return Self { digits: "0".into(), point: 1, is_negative };
        }
        // Below a power of two the next number is half as far away.
        let is_closer = fraction == 0 && biased > 1;
        let is_even = mantissa & 1 == 0;
        let scale = 1 + u32::from(is_closer);
        let (mut rest, mut unit) = (Big::new(mantissa), Big::new(1));
        rest.shift(scale);
        unit.shift(scale);
        let (mut below, mut above) = (Big::new(1), Big::new(scale.into()));
        if power < 0 {
            unit.shift(power.unsigned_abs());
        } else {
            for big in [&mut rest, &mut below, &mut above] {
                big.shift(power.unsigned_abs());
            }
        }
        // The power of ten, perhaps one too low: 77/256 is a little less than log10(2).
        let log2 = power + 64 - mantissa.leading_zeros() as i32 - 1;
        let mut point = (log2 * 77).div_euclid(256);
        if point > 0 {
            unit.scale(point.unsigned_abs());
        } else {
            for big in [&mut rest, &mut below, &mut above] {
                big.scale(point.unsigned_abs());
            }
        }
        let reaches = |rest: &Big, above: &Big, unit: &Big| {
            let end = rest.plus(above);
            unit.less(&end) || (is_even && !end.less(unit))
        };
        while reaches(&rest, &above, &unit) {
            point += 1;
            unit.multiply(10, 0);
        }
        let mut digits = String::new();
        loop {
            for big in [&mut rest, &mut below, &mut above] {
                big.multiply(10, 0);
            }
            let mut digit = 0;
            while rest.take(&unit) {
                digit += 1;
            }
            let low = rest.less(&below) || (is_even && !below.less(&rest));
            let high = reaches(&rest, &above, &unit);
            // Both ends will do: the nearer one, and of two equally near the even one.
            let twice = rest.plus(&rest);
            let is_tie = !twice.less(&unit) && !unit.less(&twice);
            let is_nearer_up = unit.less(&twice) || (is_tie && digit & 1 == 1);
            if high && (!low || is_nearer_up) {
                digit += 1;
            }
            digits.push(char::from(b'0' + digit));
            if low || high {
                return Self { digits, point, is_negative };
            }
        }
    }

    /// The power of ten of the first digit.
    pub(crate) fn exponent(&self) -> i32 {
        self.point - 1
    }

    /// Without exponent: `0.001`, `5`, `12300`.
    pub(crate) fn plain(&self) -> String {
        let mut out = self.sign();
        let before = usize::try_from(self.point).unwrap_or(0);
        if before == 0 {
            out.push_str("0.");
            (self.point..0).for_each(|_| out.push('0'));
        }
        let (whole, fraction) = self.digits.split_at_checked(before).unwrap_or((&self.digits, ""));
        out.push_str(whole);
        (whole.len()..before).for_each(|_| out.push('0'));
        if before > 0 && !fraction.is_empty() {
            out.push('.');
        }
        out.push_str(fraction);
        out
    }

    /// `1.5e+300`, the exponent with at least `width` digits.
    pub(crate) fn scientific(&self, width: usize) -> String {
        let mut out = self.sign();
        let (first, rest) = self.digits.split_at_checked(1).unwrap_or((&self.digits, ""));
        out.push_str(first);
        if !rest.is_empty() {
            out.push('.');
            out.push_str(rest);
        }
        out.push_str(if self.exponent() < 0 { "e-" } else { "e+" });
        let exponent = self.exponent().unsigned_abs().to_string();
        if exponent.len() < width {
            out.push('0');
        }
        out.push_str(&exponent);
        out
    }

    fn sign(&self) -> String {
        if self.is_negative { "-".into() } else { String::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::{Shortest, parse};
    use proptest::prelude::*;

    /// The standard library's text, or one that differs in the last digit alone: of two equally near
    /// texts it takes the upper, Go and we the even one.
    fn assert_same(ours: &str, theirs: &str) {
        let different = ours.bytes().zip(theirs.bytes()).filter(|(a, b)| a != b).count();
        assert!(ours.len() == theirs.len() && different <= 1, "{ours} and {theirs}");
    }

    #[test]
    fn of_two_equally_near_texts_the_even_one_is_taken() {
        assert_eq!(Shortest::of(1_347_433_277_679_763.0 + 0.25).plain(), "1347433277679763.2");
        assert_eq!(Shortest::of(1_347_433_277_679_763.0 + 0.75).plain(), "1347433277679763.8");
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
            assert_same(&Shortest::of_single(single).plain(), &single.to_string());
        }
    }

    #[test]
    fn the_edges_are_exact() {
        for value in [
            0.0,
            -0.0,
            5e-324,
            1e-323,
            2.2250738585072014e-308,
            2.225073858507201e-308,
            f64::MAX,
            f64::EPSILON,
            0.3,
            1e22,
            1e23,
            9007199254740993.0,
            5e-45,
            1.1754944e-38,
        ] {
            check(value);
            check(-value);
        }
        (-1074..1024).for_each(|power| check(2_f64.powi(power)));
        (-320..309).for_each(|power| check(format!("1e{power}").parse().unwrap()));
        for text in [
            "2.4703282292062327e-324",
            "2.4703282292062328e-324",
            "1e-330",
            "1e-99999999999999999999",
            "1.7976931348623158e308",
            "1.7976931348623159e308",
            "9007199254740992.99999999999999999999",
            "9007199254740993.00000000000000000000",
            "9007199254740993.00000000000000000001",
        ] {
            assert_eq!(parse(text), text.parse().ok().filter(|value: &f64| value.is_finite()), "{text}");
        }
        let long = format!("9007199254740993.{}1", "0".repeat(2000));
        assert_eq!(parse(&long), Some(9007199254740994.0));
        for text in ["", ".", "e5", "1e", "1e+", "1.2.3", "inf", "1e999", "0x1", "+-1", "1 "] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_number_is_printed_as_the_standard_library_does(bits in any::<u64>()) {
            let value = f64::from_bits(bits);
            prop_assume!(value.is_finite());
            check(value);
        }

        #[test]
        fn any_text_is_read_as_the_standard_library_does(text in "[+-]?[0-9]{0,25}\\.?[0-9]{0,25}(e[+-]?[0-9]{1,3})?") {
            let want = text.parse().ok().filter(|value: &f64| value.is_finite());
            prop_assert_eq!(parse(&text).map(f64::to_bits), want.map(f64::to_bits));
        }
    }
}
