//! Decodes bytes to text.
//!
//! Offsets in the text are offsets in the file, including a byte order mark, unless the bytes had to be
//! rewritten: UTF-16, and JSON with invalid UTF-8.

use std::borrow::Cow;

use super::diagnostic::Code;
use super::read_error::{ReadError, check_size, error};
use super::{Limits, Span};

/// The number of bytes that are checked for signs of a binary file.
const BINARY_PROBE: usize = 512;

/// Decodes `bytes` as the kubelet's readers do.
///
/// go-yaml v2 (`readerc.go`) accepts UTF-8 with or without a byte order mark, and UTF-16 with one.
/// Go's `encoding/json` replaces each byte that is not UTF-8 with U+FFFD.
///
/// # Errors
///
/// If the bytes are not text, or too many.
pub fn decode<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Cow<'a, str>, ReadError> {
    check_size(bytes.len(), limits)?;
    if let Some(units) = bytes.strip_prefix(&[0xFF, 0xFE]) {
        return utf16(units, u16::from_le_bytes).map(Cow::Owned);
    }
    if let Some(units) = bytes.strip_prefix(&[0xFE, 0xFF]) {
        return utf16(units, u16::from_be_bytes).map(Cow::Owned);
    }
    if let Some(at) = bytes.iter().position(|byte| *byte == 0) {
        return Err(binary(at, "found a NUL byte, so the file is not text"));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(Cow::Borrowed(text)),
        Err(_) if starts_like_json(bytes) => Ok(Cow::Owned(replace_invalid(bytes))),
        Err(err) => Err(invalid_utf8(bytes, err.valid_up_to())),
    }
}

/// Whether apimachinery would send these bytes to its JSON reader (`IsJSONBuffer`).
fn starts_like_json(bytes: &[u8]) -> bool {
    bytes.utf8_chunks().next().is_some_and(|chunk| chunk.valid().trim_start().starts_with('{'))
}

/// The text with one U+FFFD for each invalid byte, as in Go. Rust's lossy conversion uses one for a run.
pub(super) fn replace_invalid(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| char::REPLACEMENT_CHARACTER));
    }
    text
}

/// Decodes UTF-16. The byte order mark stays as U+FEFF, so that the text is never parsed as JSON.
fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, ReadError> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let mut text = String::with_capacity(bytes.len().saturating_add(3));
    text.push('\u{FEFF}');
    let mut at = 2_usize;
    for decoded in char::decode_utf16(pairs.iter().map(|pair| unit(*pair))) {
        match decoded {
            Ok('\0') => return Err(binary(at, "found a NUL character, so the file is not text")),
            Ok(c) => {
                text.push(c);
                at = at.saturating_add(c.len_utf16().saturating_mul(2));
            }
            Err(err) => {
                let half = err.unpaired_surrogate();
                return Err(broken_utf16(at, format!("found half a surrogate pair ({half:#06x}) in UTF-16")));
            }
        }
    }
    if rest.is_empty() {
        Ok(text)
    } else {
        Err(broken_utf16(at, "the UTF-16 text ends inside a character".to_owned()))
    }
}

fn broken_utf16(at: usize, message: String) -> ReadError {
    error(Code::InvalidUtf8, Span::new(at, at.saturating_add(2)), message, "save the file as UTF-8")
}

fn binary(at: usize, message: &str) -> ReadError {
    error(
        Code::Binary,
        Span::new(at, at.saturating_add(1)),
        message,
        "pass the configuration as UTF-8 text (UTF-16 requires a byte order mark)",
    )
}

fn invalid_utf8(bytes: &[u8], at: usize) -> ReadError {
    let control = bytes
        .iter()
        .take(BINARY_PROBE)
        .position(|byte| *byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0C | 0x1B));
    if let Some(at) = control {
        return binary(at, "found control characters and bytes that are not UTF-8");
    }
    let found = bytes.get(at).copied().unwrap_or_default();
    error(
        Code::InvalidUtf8,
        Span::new(at, at.saturating_add(1)),
        format!("invalid UTF-8: found byte {found:#04x}"),
        "save the file as UTF-8; the kubelet rejects it",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    type Case<'a> = (&'a [u8], Result<&'a str, (Code, u32)>);

    fn read(bytes: &[u8]) -> Result<String, (Code, u32)> {
        decode(bytes, &Limits::default()).map(Cow::into_owned).map_err(|e| (e.code, e.span.start))
    }

    #[test]
    fn utf8_is_borrowed_and_keeps_its_byte_order_mark() {
        let bytes = "\u{FEFF}a: é".as_bytes();
        assert!(matches!(decode(bytes, &Limits::default()), Ok(Cow::Borrowed("\u{FEFF}a: é"))));
    }

    #[test]
    fn utf16_needs_its_byte_order_mark() {
        let table: &[Case<'_>] = &[
            (b"\xFF\xFEa\0\x3D\xD8\x00\xDE", Ok("\u{FEFF}a😀")),
            (b"\xFE\xFF\0a\0\n", Ok("\u{FEFF}a\n")),
            (b"a\0:\0", Err((Code::Binary, 1))),
            (b"\xFF\xFEa\0\0\0", Err((Code::Binary, 4))),
            (b"\xFF\xFEa\0\x3D\xD8", Err((Code::InvalidUtf8, 4))),
            (b"\xFF\xFEa\0b", Err((Code::InvalidUtf8, 4))),
        ];
        for (bytes, want) in table {
            assert_eq!(read(bytes), want.map(str::to_owned), "{bytes:?}");
        }
    }

    #[test]
    fn broken_utf8_is_replaced_in_json_alone() {
        let table: &[Case<'_>] = &[
            (b" \n{\"a\":\"\xE2\x82\"}", Ok(" \n{\"a\":\"\u{FFFD}\u{FFFD}\"}")),
            (b"a: \xFFb\n", Err((Code::InvalidUtf8, 3))),
            (b"\x1F\x8B\x08\x01", Err((Code::Binary, 0))),
            (b"k8s\0\n", Err((Code::Binary, 3))),
        ];
        for (bytes, want) in table {
            assert_eq!(read(bytes), want.map(str::to_owned), "{bytes:?}");
        }
    }

    #[test]
    fn more_bytes_than_the_limit_are_refused() {
        assert_eq!(decode(b"abcd", &Limits::for_bytes(3)).map_err(|e| e.code), Err(Code::TooLarge));
    }
}
