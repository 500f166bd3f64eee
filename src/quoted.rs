//! Texts in quotes, for messages.

use crate::texts::is_invisible;

/// The text in double quotes, with every character that is not seen as itself written as an escape.
///
/// `{:?}` does the same by tables of Unicode, which are 5 KB of the module.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        let escape = match c {
            '"' => "\\\"",
            '\\' => "\\\\",
            '\n' => "\\n",
            '\r' => "\\r",
            '\t' => "\\t",
            '\0' => "\\0",
            c if is_invisible(c) => {
                out.push_str("\\u{");
                push_code(&mut out, u32::from(c));
                "}"
            }
            c => {
                out.push(c);
                continue;
            }
        };
        out.push_str(escape);
    }
    out.push('"');
    out
}

/// Adds a number as hex digits.
fn push_code(out: &mut String, code: u32) {
    for shift in [20, 16, 12, 8, 4, 0] {
        if code >> shift > 0 {
            out.extend(char::from_digit(code >> shift & 15, 16));
        }
    }
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
