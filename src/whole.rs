//! Whole numbers in texts.
//!
//! The standard library's reader is compiled anew for every width, at 300 to 600 bytes of the module.

/// The number that digits of a base are: at least one of them, and nothing else. `None` too where it
/// does not fit.
pub(crate) fn magnitude(digits: &str, radix: u32) -> Option<u64> {
    let mut value = 0_u64;
    for digit in digits.bytes() {
        let digit = char::from(digit).to_digit(radix)?;
        value = value.checked_mul(radix.into())?.checked_add(digit.into())?;
    }
    if digits.is_empty() { None } else { Some(value) }
}

/// Whether a text starts with a minus, and what follows its sign if it has one.
pub(crate) fn sign(text: &str) -> (bool, &str) {
    match text.strip_prefix('-') {
        Some(unsigned) => (true, unsigned),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    }
}

/// A number with or without a sign, as `i64::from_str_radix` reads it.
pub(crate) fn signed(text: &str, radix: u32) -> Option<i64> {
    let (is_negative, digits) = sign(text);
    with_sign(is_negative, magnitude(digits, radix)?)
}

/// The number of that magnitude.
pub(crate) fn with_sign(is_negative: bool, magnitude: u64) -> Option<i64> {
    if is_negative { 0_i64.checked_sub_unsigned(magnitude) } else { i64::try_from(magnitude).ok() }
}

/// A number of 32 bits.
pub(crate) fn int32(text: &str) -> Option<i64> {
    signed(text, 10).filter(|number| i32::try_from(*number).is_ok())
}

/// A number of 32 bits that is not negative. As in Rust it may have a plus.
pub(crate) fn uint32(text: &str) -> Option<u32> {
    u32::try_from(magnitude(text.strip_prefix('+').unwrap_or(text), 10)?).ok()
}

#[cfg(test)]
mod tests {
    use super::{int32, magnitude, signed, uint32};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn numbers_are_those_of_the_standard_library(text in "[+-]{0,2}(0{0,3}[0-9a-f]{0,3}|(9223372036854775|1844674407370955)[0-9]{0,5})", radix in 2..17_u32) {
            prop_assert_eq!(signed(&text, radix), i64::from_str_radix(&text, radix).ok());
            prop_assert_eq!(int32(&text), text.parse::<i32>().ok().map(i64::from));
            prop_assert_eq!(uint32(&text), text.parse().ok());
            if !text.starts_with('+') {
                prop_assert_eq!(magnitude(&text, radix), u64::from_str_radix(&text, radix).ok());
            }
        }
    }
}
