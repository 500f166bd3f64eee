//! Texts in quotes, for messages.

use crate::texts::is_invisible;

/// The text in double quotes, with every character that is not seen as itself written as an escape.
///
/// `{:?}` does the same by tables of Unicode, which are 5 KB of the module.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\0' => out.push_str("\\0"),
            c if is_invisible(c) => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn texts_are_quoted_as_for_debugging() {
        for text in ["", "a b", "a\"b\\c", "\n\r\t\0\x1b\x7f", "é日本😀", "a\u{200b}b\u{202e}", "'"] {
            assert_eq!(quoted(text), format!("{text:?}"));
        }
    }
}
