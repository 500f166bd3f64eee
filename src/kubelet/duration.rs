//! Go's durations: 64-bit nanoseconds, parsed and printed as in Go's `time` package.

use crate::source::go_integer::{signed, split_sign};

const UNITS: [(&str, u64); 8] = [
    ("ns", 1),
    ("us", 1_000),
    ("µs", 1_000),
    ("μs", 1_000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("m", 60_000_000_000),
    ("h", 3_600_000_000_000),
];

/// Parses a duration as Go's `time.ParseDuration`: a sign, then numbers with units. `0` needs no unit. `None` if
/// Go returns an error.
pub fn parse(text: &str) -> Option<i64> {
    let (is_negative, mut rest) = split_sign(text);
    if rest == "0" {
        return Some(0);
    }
    if rest.is_empty() {
        return None;
    }
    let mut total: u64 = 0;
    while !rest.is_empty() {
        let (digits, mut after) = split(rest, |byte| byte.is_ascii_digit())?;
        let mut fraction = "";
        if let Some(behind) = after.strip_prefix('.') {
            (fraction, after) = split(behind, |byte| byte.is_ascii_digit())?;
        }
        if digits.is_empty() && fraction.is_empty() {
            return None;
        }
        let (unit, after) = split(after, |byte| byte != b'.' && !byte.is_ascii_digit())?;
        let (_, scale) = UNITS.iter().find(|(name, _)| *name == unit)?;
        // A number that does not fit is more than 2^63 nanoseconds in any unit.
        let count: u64 = if digits.is_empty() { 0 } else { digits.parse().ok()? };
        total = total.checked_add(count.checked_mul(*scale)?)?;
        total = total.checked_add(part_of(*scale, fraction))?;
        rest = after;
    }
    signed(is_negative, total)
}

/// Splits the text at the first byte that does not match.
fn split(text: &str, is_inside: fn(u8) -> bool) -> Option<(&str, &str)> {
    text.split_at_checked(text.bytes().position(|byte| !is_inside(byte)).unwrap_or(text.len()))
}

/// The nanoseconds of `0.digits` units, rounded down.
///
/// Six digits at a time, the last ones first, fit into 64 bits. Digits past the eighteenth are below a
/// nanosecond, even for hours.
fn part_of(scale: u64, digits: &str) -> u64 {
    let digit = |at: usize| digits.as_bytes().get(at).map_or(0, |digit| u64::from(digit & 15));
    let mut part = 0;
    for start in [12, 6, 0] {
        let group = (start..start + 6).fold(0_u64, |group, at| group * 10 + digit(at));
        part = (group * scale + part) / 1_000_000;
    }
    part
}

/// Prints a duration as Go's `Duration.String`: `4h0m0s`, `100ms`, `1.5s`, `0s`.
pub fn format(nanos: i64) -> String {
    let sign = if nanos < 0 { "-" } else { "" };
    let value = nanos.unsigned_abs();
    // The unit of the part below a minute, and the maximum number of digits after the point.
    let (unit, name, digits) = match value {
        1..1_000 => (1, "ns", 0),
        1_000..1_000_000 => (1_000, "µs", 3),
        1_000_000..1_000_000_000 => (1_000_000, "ms", 6),
        _ => (1_000_000_000, "s", 9),
    };
    let (minutes, rest) = (value / 60_000_000_000, value % 60_000_000_000);
    let before = match (minutes / 60, minutes % 60) {
        (0, 0) => String::new(),
        (0, minutes) => format!("{minutes}m"),
        (hours, minutes) => format!("{hours}h{minutes}m"),
    };
    let fraction = match rest % unit {
        0 => String::new(),
        part => format!(".{part:0digits$}").trim_end_matches('0').to_owned(),
    };
    format!("{sign}{before}{}{fraction}{name}", rest / unit)
}

#[cfg(test)]
mod tests {
    use super::{format, parse};

    #[test]
    fn durations_are_read_as_go_reads_them() {
        for (text, nanos) in [
            ("0", 0),
            ("0s", 0),
            ("-0", 0),
            ("5m", 300_000_000_000),
            ("1h30m", 5_400_000_000_000),
            ("1.5h", 5_400_000_000_000),
            (".5s", 500_000_000),
            ("5.s", 5_000_000_000),
            ("-5m", -300_000_000_000),
            ("+3us", 3_000),
            ("2µs", 2_000),
            ("9223372036854775807ns", i64::MAX),
            ("-9223372036854775808ns", i64::MIN),
        ] {
            assert_eq!(parse(text), Some(nanos), "{text}");
        }
        for text in [
            "",
            "5",
            "300",
            "1d",
            "5 m",
            "s",
            ".s",
            "-",
            "∞",
            "1h-2m",
            "9223372036854775808ns",
            "99999999999999999999999999999999999999999h",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn durations_are_printed_as_go_prints_them() {
        for (nanos, text) in [
            (0, "0s"),
            (1, "1ns"),
            (1_100, "1.1µs"),
            (100_000_000, "100ms"),
            (1_500_000_000, "1.5s"),
            (60_000_000_000, "1m0s"),
            (14_400_000_000_000, "4h0m0s"),
            (-300_000_000_000, "-5m0s"),
            (3_605_000_000_001, "1h0m5.000000001s"),
        ] {
            assert_eq!(format(nanos), text);
        }
    }
}
