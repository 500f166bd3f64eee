//! Integers as Go's `strconv` parses them with base 0, where a prefix selects the base.
//!
//! Rust's parser accepts no such prefix, and accepts a sign in places where Go does not.

/// Splits off the sign of a number. Returns whether it is negative, and the rest.
pub(crate) fn split_sign(text: &str) -> (bool, &str) {
    match text.strip_prefix('-') {
        Some(unsigned) => (true, unsigned),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    }
}

/// Splits off the prefix that selects the base of an unsigned number; a leading zero alone means octal.
/// Returns the base and the digits.
pub(crate) fn split_base(text: &str) -> (u32, &str) {
    let (radix, prefix) = match text.as_bytes() {
        [b'0', b'b' | b'B', _, ..] => (2, 2),
        [b'0', b'o' | b'O', _, ..] => (8, 2),
        [b'0', b'x' | b'X', _, ..] => (16, 2),
        [b'0', _, ..] => (8, 1),
        _ => (10, 0),
    };
    (radix, text.get(prefix..).unwrap_or_default())
}

/// The value of digits in a base. `None` if there is a sign, or the value does not fit.
pub(crate) fn magnitude(digits: &str, radix: u32) -> Option<u64> {
    if digits.starts_with('+') { None } else { u64::from_str_radix(digits, radix).ok() }
}

/// The number with this sign and magnitude, if it fits.
pub(crate) fn signed(is_negative: bool, magnitude: u64) -> Option<i64> {
    if is_negative { 0_i64.checked_sub_unsigned(magnitude) } else { i64::try_from(magnitude).ok() }
}
