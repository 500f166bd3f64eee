//! The kubelet's own settings with credentials, found in any format, even in text that does not parse.

use std::ops::Range;

/// Names whose values are credentials, in lower case and with dashes: HTTP headers for fetching static
/// pods, which can contain bearer tokens.
pub(super) const NAMES: &[&str] = &["staticpodurlheader", "manifest-url-header"];

/// Adds the values of these settings, in order.
///
/// If the end of a value is ambiguous, the range is too long rather than too short.
pub(super) fn find(text: &str, ranges: &mut Vec<Range<usize>>) {
    let mut from = 0;
    while let Some(name) = find_name(text, from) {
        let range = value_range(text, &name);
        // A name inside a value that is already hidden must not end the range early.
        from = range.end.max(name.end);
        ranges.push(range);
    }
}

/// The next name at or after `from`.
fn find_name(text: &str, from: usize) -> Option<Range<usize>> {
    let bytes = text.as_bytes().get(from..)?;
    let at = (0..bytes.len()).find_map(|at| {
        let rest = bytes.get(at..)?;
        let name = NAMES.iter().find(|name| starts_with(rest, name.as_bytes()))?;
        Some((at, name.len()))
    });
    let (at, len) = at?;
    let start = from.saturating_add(at);
    Some(start..start.saturating_add(len))
}

/// Compares without regard to letter case; flags may have underscores instead of dashes.
fn starts_with(bytes: &[u8], name: &[u8]) -> bool {
    bytes.get(..name.len()).is_some_and(|head| {
        head.iter()
            .zip(name)
            .all(|(byte, want)| byte.eq_ignore_ascii_case(want) || (*byte == b'_' && *want == b'-'))
    })
}

fn value_range(text: &str, name: &Range<usize>) -> Range<usize> {
    let rest = text.get(name.end..).unwrap_or("");
    let mut value = rest.trim_start_matches(SEPARATORS);
    // In JSON, the colon and the value may be on later lines, at any indentation.
    while value.trim_start().starts_with([':', '{', '[']) && !value.starts_with(['{', '[']) {
        value = value.trim_start().trim_start_matches(SEPARATORS);
    }
    let start = text.len().saturating_sub(value.len());
    let len = if is_flag(text, name) {
        flag_len(value)
    } else if value.starts_with(['{', '[']) {
        bracketed_len(value)
    } else {
        block_len(value, indent_at(text, name.start))
    };
    start..start.saturating_add(len)
}

/// Characters allowed between a name and its value on one line.
const SEPARATORS: [char; 7] = ['"', '\'', ' ', '\t', ':', '=', '\\'];

fn is_flag(text: &str, name: &Range<usize>) -> bool {
    text.get(..name.start).is_some_and(|before| before.ends_with('-'))
}

/// The length up to the next flag. A header may contain spaces: `Authorization:Bearer x`.
pub(super) fn flag_len(value: &str) -> usize {
    let is_end = |(at, byte): (usize, u8)| match byte {
        b' ' | b'\t' => value.as_bytes().get(at.saturating_add(1)) == Some(&b'-'),
        // A backslash at the end of a line continues the line in a unit.
        b'\n' => !value.get(..at).unwrap_or("").trim_end_matches('\r').ends_with('\\'),
        _ => false,
    };
    value.bytes().enumerate().position(is_end).unwrap_or(value.len())
}

/// The length through the bracket that closes the first one, or to the end if none does.
fn bracketed_len(value: &str) -> usize {
    let (mut depth, mut quote, mut escaped) = (0_u32, None, false);
    for (at, c) in value.char_indices() {
        match (quote, c) {
            (Some(_), _) if escaped => escaped = false,
            (Some('"'), '\\') => escaped = true,
            (Some(open), _) if open == c => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            (None, '{' | '[') => depth = depth.saturating_add(1),
            (None, '}' | ']') => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at.saturating_add(1);
                }
            }
            (None, _) => {}
        }
    }
    value.len()
}

/// The length through the last line that is blank, indented deeper than `indent`, or a list item at `indent`.
pub(super) fn block_len(value: &str, indent: usize) -> usize {
    let mut lines = value.split_inclusive('\n');
    let first = lines.next().map_or(0, str::len);
    lines
        .take_while(|line| {
            let content = line.trim_start_matches([' ', '\t']);
            let depth = line.len().saturating_sub(content.len());
            depth > indent || content.trim_end().is_empty() || (depth == indent && content.starts_with('-'))
        })
        .fold(first, |len, line| len.saturating_add(line.len()))
}

pub(super) fn indent_at(text: &str, offset: usize) -> usize {
    let before = text.get(..offset).unwrap_or("");
    let line = before.rsplit('\n').next().unwrap_or("");
    line.len().saturating_sub(line.trim_start_matches([' ', '\t']).len())
}
