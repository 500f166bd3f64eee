//! Quantities such as `100Mi`, parsed and printed as apimachinery does.
//!
//! Source: `pkg/api/resource/{quantity,amount,suffix}.go` of k8s.io/apimachinery, 1.25 to 1.37.

use std::cmp::Ordering;

/// The smallest unit, as a power of ten.
const NANO: i32 = -9;

/// A quantity.
#[derive(Clone, Debug, PartialEq)]
pub struct Quantity {
    amount: Amount,
    format: Format,
    /// The text, if it is in canonical form.
    text: Option<String>,
}

/// A number times a power of ten.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Amount {
    /// Fits the Kubernetes type `int64Amount`.
    Int { value: i64, scale: i32 },
    /// Needs the Kubernetes type `infDecAmount`. A number of more than 38 digits is rounded up.
    Decimal { unscaled: i128, scale: i32 },
}

/// How a quantity is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    /// With a suffix such as `M`.
    DecimalSi,
    /// With a suffix such as `Mi`.
    BinarySi,
    /// With an exponent such as `e6`.
    DecimalExponent,
}

/// The parts of a text.
struct Parts<'t> {
    is_negative: bool,
    /// The digits before the point, without leading zeros.
    whole: &'t str,
    /// The digits after the point.
    fraction: &'t str,
    suffix: &'t str,
}

impl Quantity {
    /// Parses a quantity. `None` if Kubernetes returns an error.
    pub fn parse(text: &str) -> Option<Self> {
        if text.is_empty() {
            return None;
        }
        let parts = split(text)?;
        let (base, exponent, format) = interpret(parts.suffix)?;
        if let Some((value, scale, is_canonical)) = small(&parts, exponent, format) {
            let value = if parts.is_negative { value.checked_neg()? } else { value };
            let text = is_canonical.then(|| text.to_owned());
            return Some(Self { amount: Amount::Int { value, scale }, format, text });
        }
        large(&parts, base, exponent, format)
    }

    /// Whether it is negative, zero or positive.
    pub fn sign(&self) -> Ordering {
        match self.amount {
            Amount::Int { value, .. } => value.cmp(&0),
            Amount::Decimal { unscaled, .. } => unscaled.cmp(&0),
        }
    }

    /// Whether it is zero.
    pub fn is_zero(&self) -> bool {
        self.sign() == Ordering::Equal
    }

    /// The number, if the Kubernetes type holds it as an integer of 64 bits (`AsInt64`): `1.5Mi` is an integer
    /// but not held as one.
    pub fn as_i64(&self) -> Option<i64> {
        match self.amount {
            Amount::Int { value, scale } => {
                let factor = 10_i64.checked_pow(u32::try_from(scale).ok()?);
                if value == 0 { Some(0) } else { value.checked_mul(factor?) }
            }
            Amount::Decimal { .. } => None,
        }
    }

    /// The number in units of 10^-9, at most the maximum of 128 bits.
    pub fn nanos(&self) -> i128 {
        let (unscaled, scale) = match self.amount {
            Amount::Int { value, scale } => (i128::from(value), scale),
            Amount::Decimal { unscaled, scale } => (unscaled, scale),
        };
        let (value, _) = rescale(unscaled, scale, NANO);
        value
    }

    /// The canonical text (`CanonicalizeBytes`).
    pub fn canonical(&self) -> String {
        if let Some(text) = &self.text {
            return text.clone();
        }
        if self.is_zero() {
            return "0".into();
        }
        let (unscaled, scale) = match self.amount {
            Amount::Int { value, scale } => (i128::from(value), scale),
            Amount::Decimal { unscaled, scale } => (unscaled, scale),
        };
        let (whole, is_exact) = rescale(unscaled, scale, 0);
        if self.format == Format::BinarySi && is_exact && !(-1024 < whole && whole < 1024) {
            let (number, exponent) = strip(whole, 1024);
            const SUFFIXES: [&str; 7] = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
            let suffix = usize::try_from(exponent).ok().and_then(|at| SUFFIXES.get(at));
            return format!("{number}{}", suffix.unwrap_or(&""));
        }
        let (number, times) = strip(unscaled, 10);
        let exponent = scale.saturating_add(times);
        let above = exponent.rem_euclid(3);
        let number = number.saturating_mul(10_i128.pow(above.unsigned_abs()));
        let exponent = exponent - above;
        match self.format {
            Format::DecimalExponent if exponent == 0 => number.to_string(),
            Format::DecimalExponent => format!("{number}e{exponent}"),
            _ => {
                let suffix = DECIMAL_SUFFIXES.iter().find(|(_, power)| *power == exponent);
                format!("{number}{}", suffix.map_or("", |(suffix, _)| suffix))
            }
        }
    }
}

const DECIMAL_SUFFIXES: [(&str, i32); 10] =
    [("n", -9), ("u", -6), ("m", -3), ("", 0), ("k", 3), ("M", 6), ("G", 9), ("T", 12), ("P", 15), ("E", 18)];

const BINARY_SUFFIXES: [(&str, i32); 6] =
    [("Ki", 10), ("Mi", 20), ("Gi", 30), ("Ti", 40), ("Pi", 50), ("Ei", 60)];

/// Splits a text (`parseQuantityString`). A text without digits, such as `Ki` or `+`, is zero.
fn split(text: &str) -> Option<Parts<'_>> {
    let is_negative = text.starts_with('-');
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, rest) = digits(unsigned.trim_start_matches('0'));
    let (fraction, suffix) = rest.strip_prefix('.').map_or(("", rest), digits);
    let after_letters = suffix.trim_start_matches(|c| "eEinumkKMGTP".contains(c));
    let exponent = after_letters.strip_prefix(['-', '+']).unwrap_or(after_letters);
    let is_suffix = exponent.bytes().all(|byte| byte.is_ascii_digit());
    is_suffix.then_some(Parts { is_negative, whole, fraction, suffix })
}

fn digits(text: &str) -> (&str, &str) {
    let end = text.bytes().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, ""))
}

/// The base, exponent and format of a suffix.
fn interpret(suffix: &str) -> Option<(i32, i32, Format)> {
    let find =
        |table: &[(&str, i32)]| table.iter().find(|(name, _)| *name == suffix).map(|(_, power)| *power);
    if let Some(power) = find(&DECIMAL_SUFFIXES) {
        return Some((10, power, Format::DecimalSi));
    }
    if let Some(power) = find(&BINARY_SUFFIXES) {
        return Some((2, power, Format::BinarySi));
    }
    let exponent: i64 = suffix.strip_prefix(['e', 'E'])?.parse().ok()?;
    // Kubernetes truncates the exponent to 32 bits.
    #[expect(clippy::cast_possible_truncation, reason = "as Kubernetes does")]
    Some((10, exponent as i32, Format::DecimalExponent))
}

/// The value, the scale and whether the text is canonical, for a number that Kubernetes holds in 64 bits.
fn small(parts: &Parts<'_>, exponent: i32, format: Format) -> Option<(i64, i32, bool)> {
    let whole = if parts.whole.is_empty() { "0" } else { parts.whole };
    let length = |digits: &str| i32::try_from(digits.len()).unwrap_or(i32::MAX);
    let (mantissa, scale, precision) = match format {
        Format::BinarySi if parts.fraction.is_empty() => {
            let precision = 15 - length(whole).min(100) - exponent * 3 / 10 - 1;
            (1_i64.checked_shl(exponent.unsigned_abs())?, 0, precision)
        }
        Format::BinarySi => return None,
        _ => (1, exponent, 18 - length(whole).min(100) - length(parts.fraction).min(100)),
    };
    let scale = scale.checked_sub(length(parts.fraction))?;
    if precision < 0 || scale < NANO {
        return None;
    }
    let shifted = format!("{whole}{}", parts.fraction);
    let number: i64 = shifted.parse().ok()?;
    let value = number.checked_mul(mantissa)?;
    let is_canonical = match format {
        Format::BinarySi => exponent % 10 == 0 && number & 7 != 0,
        _ => scale % 3 == 0 && !shifted.ends_with("000") && !shifted.starts_with('0'),
    };
    Some((value, scale, is_canonical))
}

/// A quantity that needs more than 64 bits, or has a fraction of a binary unit: rounded up to 10^-9, and
/// limited to 64 bits if it is binary.
fn large(parts: &Parts<'_>, base: i32, exponent: i32, format: Format) -> Option<Quantity> {
    if parts.whole.is_empty() && parts.fraction.is_empty() {
        return None;
    }
    // 38 digits fit 128 bits. Further ones matter only in that they are not zero.
    let all = format!("{}{}", parts.whole, parts.fraction);
    let all = all.trim_start_matches('0');
    let (kept, dropped) = all.split_at_checked(18).unwrap_or((all, ""));
    let mut unscaled: i128 = if kept.is_empty() { 0 } else { kept.parse().ok()? };
    if dropped.bytes().any(|digit| digit != b'0') {
        unscaled += 1;
    }
    let dropped = i32::try_from(dropped.len()).ok()?;
    let mut scale = dropped.checked_sub(i32::try_from(parts.fraction.len()).ok()?)?;
    if base == 2 {
        unscaled = unscaled.checked_shl(exponent.unsigned_abs())?;
    } else {
        scale = scale.checked_add(exponent)?;
    }
    if scale < NANO {
        (unscaled, _) = rescale(unscaled, scale, NANO);
        scale = NANO;
    }
    let mut format = format;
    if format == Format::BinarySi {
        let (nanos, _) = rescale(unscaled, scale, NANO);
        let most = i128::from(i64::MAX);
        if nanos > most.saturating_mul(1_000_000_000) {
            (unscaled, scale) = (most, 0);
        } else if 0 < nanos && nanos < 1_000_000_000 {
            format = Format::DecimalSi;
        }
    }
    let unscaled = if parts.is_negative { -unscaled } else { unscaled };
    Some(Quantity { amount: Amount::Decimal { unscaled, scale }, format, text: None })
}

/// A number in units of another power of ten, rounded away from zero, and whether it is exact. A number that
/// does not fit becomes the maximum.
fn rescale(unscaled: i128, from: i32, to: i32) -> (i128, bool) {
    let shift = from.saturating_sub(to);
    match 10_i128.checked_pow(shift.unsigned_abs()) {
        _ if unscaled == 0 => (0, true),
        Some(factor) if shift >= 0 => (unscaled.saturating_mul(factor), true),
        Some(factor) => {
            let rest = unscaled % factor;
            (unscaled / factor + rest.signum(), rest == 0)
        }
        None if shift >= 0 => (if unscaled < 0 { i128::MIN } else { i128::MAX }, true),
        None => (unscaled.signum(), false),
    }
}

/// Divides by a base as long as nothing remains; returns how often.
fn strip(mut number: i128, base: i128) -> (i128, i32) {
    let mut times = 0;
    while number.abs() >= base && number % base == 0 {
        number /= base;
        times += 1;
    }
    (number, times)
}

#[cfg(test)]
mod tests {
    use super::Quantity;

    /// Cases of `quantity_test.go`, and others run through the kubelet's own parser.
    #[test]
    fn quantities_are_printed_in_canonical_form() {
        for (text, canonical) in [
            ("0", "0"),
            ("0Ki", "0"),
            ("+", "0"),
            ("Ki", "0"),
            ("1Ki", "1Ki"),
            ("8Ki", "8Ki"),
            ("1024Ki", "1Mi"),
            ("1000k", "1M"),
            ("100m", "100m"),
            ("1500m", "1500m"),
            ("1000m", "1"),
            ("1.5", "1500m"),
            ("0.5Mi", "512Ki"),
            ("100.035Ki", "102435840m"),
            ("1e3", "1e3"),
            ("12e4", "120e3"),
            ("9223372036854775807Ki", "9223372036854775807"),
            ("12E", "12E"),
            ("1e-12", "1e-9"),
            ("-5Gi", "-5Gi"),
            ("1023", "1023"),
        ] {
            assert_eq!(Quantity::parse(text).map(|q| q.canonical()).as_deref(), Some(canonical), "{text}");
        }
        for text in [
            "",
            "x",
            "1x",
            "1 Gi",
            "10MB",
            "1Gb",
            "1.2.3",
            "1e",
            "--1",
            "1Ki5",
            "0x10",
            "1e99999999999999999999",
        ] {
            assert_eq!(Quantity::parse(text), None, "{text}");
        }
    }

    #[test]
    fn only_whole_numbers_without_a_binary_fraction_are_integers() {
        for (text, value) in [
            ("10Mi", Some(10_485_760)),
            ("1.5M", Some(1_500_000)),
            ("1.5Mi", None),
            ("1000m", None),
            ("9Ei", None),
        ] {
            assert_eq!(Quantity::parse(text).unwrap().as_i64(), value, "{text}");
        }
    }
}
