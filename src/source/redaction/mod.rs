//! Finds credentials in text, which must never be shown.
//!
//! Every excerpt, diff, and message passes through here before it quotes an input. Text is searched as it
//! stands, in any format, because what does not parse is quoted too:
//!
//! - values of the kubelet's settings that hold credentials (`settings`), also behind YAML aliases and
//!   escapes (`document`),
//! - values whose name says that they are credentials, and texts that have the form of one (`credentials`),
//! - base64 that hides any of these (`encoded`).

mod credentials;
mod document;
mod encoded;
mod settings;
#[cfg(test)]
mod tests;

use std::ops::Range;

/// What stands in the place of a credential.
pub const HIDDEN: &str = "(hidden)";

/// Returns the byte ranges of `text` with credentials, in order and apart from each other.
///
/// If the end of a value is ambiguous, the range is too long rather than too short.
pub fn secret_ranges(text: &str) -> Vec<Range<usize>> {
    let mut ranges = readable(text);
    encoded::find(text, &|decoded| !merged(readable(decoded)).is_empty(), &mut ranges);
    merged(ranges)
}

/// Finds what needs no decoding.
fn readable(text: &str) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    settings::find(text, &mut ranges);
    credentials::find(text, &mut ranges);
    document::find(text, &mut ranges);
    ranges
}

/// Puts ranges in order and joins those that touch.
fn merged(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.retain(|range| !range.is_empty());
    ranges.sort_by_key(|range| range.start);
    let mut merged: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match merged.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}
