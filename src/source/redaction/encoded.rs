//! Credentials in base64, such as user data or the files of an Ignition configuration.

use std::ops::Range;

use base64::Engine;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// Encoded text shorter than this is shown: a name, a hash, or a path looks alike.
const SHORTEST: usize = 24;

/// How often base64 within base64 is decoded.
const DEEPEST: usize = 3;

/// Adds every run of base64 that hides a credential. `is_secret` tells whether a decoded text holds one.
pub(super) fn find(text: &str, is_secret: &dyn Fn(&str) -> bool, ranges: &mut Vec<Range<usize>>) {
    find_at(text, DEEPEST, is_secret, ranges);
}

fn find_at(text: &str, depth: usize, is_secret: &dyn Fn(&str) -> bool, ranges: &mut Vec<Range<usize>>) {
    let mut from = 0;
    while let Some(start) =
        text.get(from..).and_then(|rest| rest.find(is_digit)).map(|at| from.saturating_add(at))
    {
        let (end, digits) = run(text, start);
        if digits.len() >= SHORTEST
            && decoded(&digits).is_some_and(|inner| hides_secret(&inner, depth, is_secret))
        {
            ranges.push(start..end);
        }
        from = end;
    }
}

fn is_digit(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '-' | '_')
}

/// Returns the end of the run that starts at `start`, and its digits. Long texts are broken into lines.
fn run(text: &str, start: usize) -> (usize, String) {
    /// Lines of base64 are at least this long.
    const LINE: usize = 60;
    let mut digits = String::new();
    let mut end = start;
    loop {
        let rest = text.get(end..).unwrap_or("");
        let length = rest.find(|c| !is_digit(c)).unwrap_or(rest.len());
        digits.push_str(rest.get(..length).unwrap_or(""));
        end = end.saturating_add(length);
        let after = text.get(end..).unwrap_or("");
        let next = after.trim_start();
        let is_broken = after.starts_with(['\r', '\n']) && next.starts_with(is_digit);
        if length < LINE || !is_broken {
            return (end, digits);
        }
        end = text.len().saturating_sub(next.len());
    }
}

fn decoded(digits: &str) -> Option<String> {
    const CONFIG: GeneralPurposeConfig = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    let alphabet =
        if digits.contains(['-', '_']) { &base64::alphabet::URL_SAFE } else { &base64::alphabet::STANDARD };
    // One digit alone holds no byte; such a run is cut or is none.
    let digits = if digits.len() % 4 == 1 { digits.get(..digits.len().saturating_sub(1))? } else { digits };
    String::from_utf8(GeneralPurpose::new(alphabet, CONFIG).decode(digits).ok()?).ok()
}

fn hides_secret(text: &str, depth: usize, is_secret: &dyn Fn(&str) -> bool) -> bool {
    if is_secret(text) {
        return true;
    }
    let mut ranges = Vec::new();
    if let Some(depth) = depth.checked_sub(1) {
        find_at(text, depth, is_secret, &mut ranges);
    }
    !ranges.is_empty()
}
