//! Values whose name says that they are credentials, and texts that have the form of one.

use std::ops::Range;

use super::settings::{block_len, flag_len, indent_at};

/// How names of credentials end, in lower case and with dashes.
///
/// What follows must end the name, so `tokenFile` and `--authentication-token-webhook` are none.
const NAMES: &[&str] = &[
    "token",
    "password",
    "passwd",
    "passphrase",
    "secret",
    "credential",
    "credentials",
    "apikey",
    "api-key",
    "accesskey",
    "access-key",
    "secretkey",
    "secret-key",
    "certificatekey",
    "certificate-key",
    "key-data",
];

/// Names that are credentials only as a whole: `--anonymous-auth` is none.
const WHOLE_NAMES: &[&str] = &["auth", "authorization"];

/// The longest name whose start is looked for.
const LONGEST_NAME: usize = 128;

/// The longest header of a JSON web token that is looked for.
const LONGEST_HEADER: usize = 2048;

/// Adds every credential of this kind.
pub(super) fn find(text: &str, ranges: &mut Vec<Range<usize>>) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
        let found = match rest {
            [b':', b'/', b'/', ..] => user_info(text, at.saturating_add(3)),
            [b'-', b'-', b'-', b'-', b'-', b'B', b'E', b'G', b'I', b'N', ..] => private_key(text, at),
            [b'.', ..] => bootstrap_token(bytes, at),
            [b'e', b'y', b'J', ..] if starts_word(bytes, at) => web_token(rest, at),
            [b'b' | b'B', ..] if starts_word(bytes, at) => scheme(text, at),
            // The letters that names start with.
            [b'a' | b'c' | b'k' | b'p' | b's' | b't' | b'A' | b'C' | b'K' | b'P' | b'S' | b'T', ..] => {
                named(text, at)
            }
            _ => None,
        };
        at = match found {
            Some(range) => {
                let end = range.end;
                ranges.push(range);
                end.max(at.saturating_add(1))
            }
            None => at.saturating_add(1),
        };
    }
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

fn starts_word(bytes: &[u8], at: usize) -> bool {
    at.checked_sub(1).and_then(|before| bytes.get(before)).is_none_or(|byte| !byte.is_ascii_alphanumeric())
}

/// Compares without regard to letter case, and `_` like `-`.
fn starts_with(bytes: &[u8], name: &str) -> bool {
    bytes.get(..name.len()).is_some_and(|head| {
        head.iter()
            .zip(name.as_bytes())
            .all(|(byte, want)| byte.eq_ignore_ascii_case(want) || (*byte == b'_' && *want == b'-'))
    })
}

/// The value behind a name that ends at `at` and the following letters.
fn named(text: &str, at: usize) -> Option<Range<usize>> {
    let rest = text.as_bytes().get(at..)?;
    let ends = |name: &&&str| {
        starts_with(rest, name) && rest.get(name.len()).is_none_or(|next| !is_name(*next) && *next != b'.')
    };
    let first = name_start(text.as_bytes(), at);
    // A word that only ends alike, such as `mytoken`, is a name as well: better one too many.
    let name = NAMES.iter().find(ends).or_else(|| WHOLE_NAMES.iter().find(ends).filter(|_| first == at))?;
    let end = at.saturating_add(name.len());
    let is_flag = text.get(first..at).is_some_and(|head| head.starts_with("--"));
    value(text, first, end, is_flag)
}

/// Returns where the name that continues at `at` starts.
fn name_start(bytes: &[u8], at: usize) -> usize {
    let least = at.saturating_sub(LONGEST_NAME);
    let before = bytes.get(least..at).unwrap_or_default();
    let length = before.iter().rev().take_while(|byte| is_name(**byte)).count();
    at.saturating_sub(length)
}

/// The value assigned to the name at `name..end`: a scalar in YAML, JSON, TOML, a shell, or a unit.
fn value(text: &str, name: usize, end: usize, is_flag: bool) -> Option<Range<usize>> {
    let rest = text.get(end..)?;
    let after_quote = rest.trim_start_matches(['"', '\'', '\\']);
    let before = after_quote.trim_start_matches([' ', '\t']);
    let is_mapping = before.starts_with(':');
    let start = if before.starts_with([':', '=']) {
        before.get(1..)?.trim_start_matches([' ', '\t'])
    } else if is_flag && (before.len() < rest.len() || before.starts_with([',', '\n', '\r'])) {
        // The value is the next argument, or the next item of a list.
        let next = before.trim_start_matches([' ', '\t', '\r', '\n', ',', '"', '\'', '\\']);
        next.strip_prefix("- ").unwrap_or(next).trim_start_matches(['"', '\''])
    } else {
        return None;
    };
    let at = text.len().saturating_sub(start.len());
    let length = match start.as_bytes() {
        [] | [b'{' | b'[' | b'&' | b'*' | b'$' | b'\n' | b'\r' | b'#', ..] => return None,
        [b'-', b'-', ..] if is_flag => return None,
        [b'|' | b'>', ..] if is_mapping => block_len(start, indent_at(text, name)),
        [b'"', ..] => quoted(start, "\"")?,
        [b'\'', ..] => quoted(start, "'")?,
        [b'\\', b'"', ..] => quoted(start, "\\\"")?,
        _ => match text.get(..name).and_then(|head| head.chars().next_back()).filter(|_| !is_flag) {
            // The whole assignment is in quotes.
            Some(quote @ ('"' | '\'')) if !is_mapping => start.find([quote, '\n']).unwrap_or(start.len()),
            _ if is_flag => {
                let end = start.find(['"', '\'', ',', '\n']).unwrap_or(start.len());
                flag_len(start.get(..end)?)
            }
            _ => plain(start, is_mapping && is_first_of_line(text, name)),
        },
    };
    let value = start.get(..length)?.trim_end();
    let bare = value.trim_matches(['"', '\'', '\\']);
    let says_nothing =
        matches!(bare, "" | "true" | "false" | "null" | "~") || bare.starts_with(['$', '{', '<']);
    (!says_nothing).then(|| at..at.saturating_add(value.len()))
}

/// Length of a quoted text with both quotes; up to the end of the text if it is not closed.
fn quoted(text: &str, quote: &str) -> Option<usize> {
    let inner = text.get(quote.len()..)?;
    let mut escaped = false;
    for (at, c) in inner.char_indices() {
        if escaped {
            escaped = false;
        } else if inner.get(at..)?.starts_with(quote) {
            return Some(quote.len().saturating_mul(2).saturating_add(at));
        } else if c == '\\' && quote == "\"" {
            escaped = true;
        }
    }
    Some(text.len())
}

/// Length of a text without quotes: the rest of the line in a block of YAML, one word elsewhere.
fn plain(text: &str, is_line: bool) -> usize {
    let line = text.find(['\n', '\r']).unwrap_or(text.len());
    let line = text.get(..line).unwrap_or(text);
    if is_line {
        return line.find(" #").unwrap_or(line.len());
    }
    line.find([' ', '\t', ',', '"', '\'', ';', '}', ']', '\\']).unwrap_or(line.len())
}

/// Whether nothing but indentation and list marks stands before.
fn is_first_of_line(text: &str, at: usize) -> bool {
    let head = text.get(..at).unwrap_or("");
    // A quote belongs to the key.
    let head = head.trim_end_matches(['"', '\'']);
    let head = head.trim_end_matches([' ', '\t', '-']);
    head.is_empty() || head.ends_with(['\n', '\r'])
}

/// The user info of a URL whose authority starts at `at`.
fn user_info(text: &str, at: usize) -> Option<Range<usize>> {
    let rest = text.get(at..)?;
    let ends = |c: char| c.is_whitespace() || matches!(c, '/' | '?' | '#' | '"' | '\'' | ',');
    let authority = rest.split(ends).next()?;
    Some(at..at.saturating_add(authority.rfind('@')?))
}

/// A PEM block with a private key.
fn private_key(text: &str, at: usize) -> Option<Range<usize>> {
    let rest = text.get(at..)?;
    let label = rest.get("-----BEGIN".len()..)?;
    let label = label.get(..label.find("-----")?)?;
    if !label.trim_end().ends_with("PRIVATE KEY") || label.contains('\n') {
        return None;
    }
    let end = rest.find("-----END").and_then(|end| {
        let close = rest.get(end.saturating_add("-----END".len())..)?.find("-----")?;
        Some(end.saturating_add("-----END".len()).saturating_add(close).saturating_add("-----".len()))
    });
    Some(at..at.saturating_add(end.unwrap_or(rest.len())))
}

/// What follows `Bearer` or `Basic`, the schemes of the `Authorization` header.
fn scheme(text: &str, at: usize) -> Option<Range<usize>> {
    let rest = text.get(at..)?;
    let name = ["bearer", "basic"].into_iter().find(|name| starts_with(rest.as_bytes(), name))?;
    let value = rest.get(name.len()..)?.trim_start_matches("%20").trim_start_matches([' ', '+']);
    let start = text.len().saturating_sub(value.len());
    let length = value
        .find(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ',' | ']' | '}' | '\\'))
        .unwrap_or(value.len());
    (start > at.saturating_add(name.len()) && length >= 6).then(|| start..start.saturating_add(length))
}

/// A JSON web token at the start of `rest`.
fn web_token(rest: &[u8], at: usize) -> Option<Range<usize>> {
    let is_digit = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let header = rest.iter().take(LONGEST_HEADER).take_while(|byte| is_digit(byte)).count();
    if header < 10 || rest.get(header) != Some(&b'.') {
        return None;
    }
    let length = rest.iter().take_while(|byte| is_digit(byte) || **byte == b'.').count();
    Some(at..at.saturating_add(length))
}

/// A bootstrap token (`abcdef.0123456789abcdef`) around the dot at `dot`.
fn bootstrap_token(bytes: &[u8], dot: usize) -> Option<Range<usize>> {
    let (start, end) = (dot.checked_sub(6)?, dot.saturating_add(17));
    let is_part = |part: &[u8]| part.iter().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    let is_token = is_part(bytes.get(start..dot)?) && is_part(bytes.get(dot.saturating_add(1)..end)?);
    let goes_on =
        bytes.get(end).is_some_and(|next| next.is_ascii_alphanumeric() || matches!(next, b'.' | b'-'));
    (is_token && starts_word(bytes, start) && !goes_on).then_some(start..end)
}

#[cfg(test)]
mod tests {
    use super::NAMES;

    #[test]
    fn the_search_stops_at_the_first_letter_of_each_name() {
        assert!(NAMES.iter().all(|name| name.starts_with(['a', 'c', 'k', 'p', 's', 't'])));
    }
}
