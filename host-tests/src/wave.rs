//! Strings of WAVE, in which `wasmtime run --invoke` takes arguments and prints results.

/// A text as WAVE writes it.
pub fn written(text: &str) -> String {
    let mut out = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            letter if letter.is_control() => out.extend(letter.escape_unicode()),
            letter => out.push(letter),
        }
    }
    out.push('"');
    out
}

/// The text of a string of WAVE; none where it is no string.
pub fn read(text: &str) -> Option<String> {
    let mut out = String::new();
    let mut letters = text.strip_prefix('"')?.strip_suffix('"')?.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => out.push(match letters.next()? {
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'u' => {
                    let rest = letters.as_str().strip_prefix('{')?;
                    let (code, rest) = rest.split_once('}')?;
                    letters = rest.chars();
                    char::from_u32(u32::from_str_radix(code, 16).ok()?)?
                }
                other => other,
            }),
            letter => out.push(letter),
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::{read, written};

    #[test]
    fn what_is_written_is_read() {
        for text in ["", "a \"b\" 'c' \\ \n\r\t", "\u{0}\u{1b}\u{7f}\u{85}", "é😀"] {
            assert_eq!(read(&written(text)).as_deref(), Some(text));
        }
        for text in ["", "a", "\"a", "\"\\u{110000}\"", "\"\\\""] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
