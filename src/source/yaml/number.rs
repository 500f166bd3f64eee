//! Numbers as Go parses and prints them.

use crate::source::go_float::{self, Shortest};
use crate::source::go_integer::{magnitude, signed, split_base, split_sign};

/// The result of `strconv.ParseInt` or `strconv.ParseUint`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Integer {
    Signed(i64),
    /// Above `i64::MAX`.
    Unsigned(u64),
}

/// An integer as in go-yaml v2 `resolve.go`: `ParseInt(text, 0, 64)`, then `ParseUint(text, 0, 64)`, then its
/// own parser for `0b`, which accepts a sign after the prefix. `text` must not contain underscores.
pub(super) fn integer(text: &str) -> Option<Integer> {
    let (is_negative, unsigned) = split_sign(text);
    let (radix, digits) = split_base(unsigned);
    let Some(magnitude) = magnitude(digits, radix) else {
        return i64::from_str_radix(text.strip_prefix("0b")?, 2).ok().map(Integer::Signed);
    };
    match signed(is_negative, magnitude) {
        Some(signed) => Some(Integer::Signed(signed)),
        // `ParseUint` accepts no sign.
        None => (unsigned.len() == text.len()).then_some(Integer::Unsigned(magnitude)),
    }
}

/// A float as in go-yaml v2: `yamlStyleFloat`, then `strconv.ParseFloat`, which rejects values out of range.
pub(super) fn float(text: &str) -> Option<f64> {
    go_float::parse(text)
}

/// A finite float as `encoding/json` prints it (`floatEncoder`).
pub(super) fn json_float(value: f64) -> String {
    let shortest = Shortest::of(value);
    let is_plain = value == 0.0 || (1e-6..1e21).contains(&value.abs());
    if is_plain { shortest.plain() } else { shortest.scientific(1) }
}

/// A float as a key: `sigs.k8s.io/yaml` prints it with `strconv.FormatFloat(value, 'g', -1, 32)`.
pub(super) fn key_float(value: f64) -> String {
    let value = value as f32;
    if value.is_nan() {
        return ".nan".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { ".inf" } else { "-.inf" }.to_owned();
    }
    let shortest = Shortest::of(value);
    // 'g' with the shortest precision decides as if the precision were 6 (`formatDigits`).
    if (-4..6).contains(&shortest.exponent()) { shortest.plain() } else { shortest.scientific(2) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_follow_go_base_prefixes() {
        use Integer::{Signed, Unsigned};
        let table = [
            ("0", Some(Signed(0))),
            ("-0", Some(Signed(0))),
            ("+7", Some(Signed(7))),
            ("010", Some(Signed(8))),
            ("0777", Some(Signed(511))),
            ("0o10", Some(Signed(8))),
            ("0O10", Some(Signed(8))),
            ("0x10", Some(Signed(16))),
            ("-0X1f", Some(Signed(-31))),
            ("0b101", Some(Signed(5))),
            ("-0b101", Some(Signed(-5))),
            ("0b-101", Some(Signed(-5))),
            ("0b+1", Some(Signed(1))),
            ("-0b-1", None),
            ("08", None),
            ("0x", None),
            ("0b", None),
            ("0o", None),
            ("", None),
            ("-", None),
            ("--5", None),
            ("0-5", None),
            ("9223372036854775807", Some(Signed(i64::MAX))),
            ("-9223372036854775808", Some(Signed(i64::MIN))),
            ("-9223372036854775809", None),
            ("9223372036854775808", Some(Unsigned(1 << 63))),
            ("+9223372036854775808", None),
            ("18446744073709551616", None),
        ];
        for (text, want) in table {
            assert_eq!(integer(text), want, "{text:?}");
        }
    }

    #[test]
    fn floats_follow_the_yaml_pattern() {
        for (text, want) in [
            ("5.0", Some(5.0)),
            ("5.", Some(5.0)),
            (".5", Some(0.5)),
            ("-.5e1", Some(-5.0)),
            ("1e1", Some(10.0)),
            ("08", Some(8.0)),
            (".", None),
            (".e5", None),
            ("1e", None),
            ("1e999", None),
            ("1:30", None),
            ("inf", None),
            ("1.2.3", None),
            ("0x1p4", None),
        ] {
            assert_eq!(float(text), want, "{text:?}");
        }
    }

    #[test]
    fn floats_print_as_go_prints_them() {
        for (value, want) in [
            (5.0, "5"),
            (5.5, "5.5"),
            (-0.0, "-0"),
            (1e20, "100000000000000000000"),
            (1e21, "1e+21"),
            (1.5e300, "1.5e+300"),
            (1e-6, "0.000001"),
            (1e-7, "1e-7"),
            (1.25e-12, "1.25e-12"),
        ] {
            assert_eq!(json_float(value), want);
        }
        for (value, want) in [
            (1.5, "1.5"),
            (5.0, "5"),
            (0.1, "0.1"),
            (123_456.0, "123456"),
            (1e6, "1e+06"),
            (1e-5, "1e-05"),
            (1e30, "1e+30"),
            (f64::INFINITY, ".inf"),
            (1e300, ".inf"),
        ] {
            assert_eq!(key_float(value), want);
        }
    }
}
