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

/// A number of 32 bits that is not negative. As in Rust it may have a plus.
pub(crate) fn uint32(text: &str) -> Option<u32> {
    u32::try_from(magnitude(text.strip_prefix('+').unwrap_or(text), 10)?).ok()
}
