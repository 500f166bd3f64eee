//! Go's durations: nanoseconds in 64 bits, read and printed as Go's `time` package does.

use crate::whole;

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

/// Reads a duration as Go's `time.ParseDuration`: a sign, then numbers with units; `0` alone needs
/// none. `None` where Go reports an error.
pub fn parse(text: &str) -> Option<i64> {
    let (negative, mut rest) = match text.as_bytes().first() {
        Some(b'-') => (true, text.get(1..)?),
        Some(b'+') => (false, text.get(1..)?),
        _ => (false, text),
    };
    if rest == "0" {
        return Some(0);
    }
    if rest.is_empty() {
        return None;
    }
    let mut total: u64 = 0;
    while !rest.is_empty() {
        let digits =
            |s: &str| s.len().saturating_sub(s.trim_start_matches(|c: char| c.is_ascii_digit()).len());
        let (whole, after) = rest.split_at_checked(digits(rest))?;
        let (fraction, after) = match after.strip_prefix('.') {
            Some(after) => after.split_at_checked(digits(after))?,
            None => ("", after),
        };
        if whole.is_empty() && fraction.is_empty() {
            return None;
        }
        let end = after.find(|c: char| c == '.' || c.is_ascii_digit()).unwrap_or(after.len());
        let (unit, after) = after.split_at_checked(end)?;
        let (_, scale) = UNITS.iter().find(|(name, _)| *name == unit)?;
        // More digits than fit are more than 2^63 nanoseconds in any unit.
        let whole: u64 = if whole.is_empty() { 0 } else { whole::magnitude(whole, 10)? };
        total = total.checked_add(whole.checked_mul(*scale)?)?;
        total = total.checked_add(part_of(*scale, fraction))?;
        if total > i64::MAX.unsigned_abs().saturating_add(negative.into()) {
            return None;
        }
        rest = after;
    }
    if negative { 0_i64.checked_sub_unsigned(total) } else { i64::try_from(total).ok() }
}

/// The whole nanoseconds of `0.digits` units.
///
/// Six digits at a time, the last ones first, which 64 bits can hold; digits past the eighteenth are
/// below a nanosecond even of an hour.
fn part_of(scale: u64, digits: &str) -> u64 {
    let mut digits = digits.bytes().map(|digit| u64::from(digit & 15)).chain(std::iter::repeat(0));
    let groups = [(); 3].map(|()| digits.by_ref().take(6).fold(0_u64, |group, digit| group * 10 + digit));
    groups.iter().rev().fold(0, |part, group| (group * scale + part) / 1_000_000)
}

/// Prints a duration as Go's `Duration.String`: `4h0m0s`, `100ms`, `1.5s`, `0s`.
pub fn format(nanos: i64) -> String {
    let sign = if nanos < 0 { "-" } else { "" };
    let magnitude = nanos.unsigned_abs();
    let decimal = |value: u64, unit: u64| {
        let (whole, part) = (value / unit, value % unit);
        let width = unit.ilog10() as usize;
        let digits = format!("{part:0width$}");
        let digits = digits.trim_end_matches('0');
        if digits.is_empty() { whole.to_string() } else { format!("{whole}.{digits}") }
    };
    match magnitude {
        0 => "0s".into(),
        1..1_000 => format!("{sign}{magnitude}ns"),
        1_000..1_000_000 => format!("{sign}{}µs", decimal(magnitude, 1_000)),
        1_000_000..1_000_000_000 => format!("{sign}{}ms", decimal(magnitude, 1_000_000)),
        _ => {
            let (minutes, seconds) = (magnitude / 60_000_000_000, magnitude % 60_000_000_000);
            let seconds = if seconds == 0 { "0".into() } else { decimal(seconds, 1_000_000_000) };
            match (minutes / 60, minutes % 60) {
                (0, 0) => format!("{sign}{seconds}s"),
                (0, m) => format!("{sign}{m}m{seconds}s"),
                (h, m) => format!("{sign}{h}h{m}m{seconds}s"),
            }
        }
    }
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
