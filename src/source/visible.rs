//! Text from inputs made safe to show: no character of it can steer a terminal or hide another.

use std::borrow::Cow;

/// `text` with every character that is not seen as itself written as an escape, `\x1b`, `\u{202e}`.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_invisible) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        push_visible(&mut out, c);
    }
    Cow::Owned(out)
}

/// Control characters, and those that reorder or hide what stands around them.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Adds one character as [`visible`] shows it.
pub fn push_visible(out: &mut String, c: char) {
    match c {
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        c if c.is_ascii_control() => out.push_str(&format!("\\x{:02x}", u32::from(c))),
        c if is_invisible(c) => out.extend(c.escape_unicode()),
        c => out.push(c),
    }
}

#[cfg(test)]
mod tests {
    use super::visible;

    #[test]
    fn nothing_that_steers_a_terminal_comes_through() {
        assert_eq!(visible("a\x1b[31m\u{9b}2J\x07\x7f\r\n\t"), "a\\x1b[31m\\u{9b}2J\\x07\\x7f\\r\\n\\t");
        assert_eq!(visible("pass\u{202e}liaf\u{200d}\u{feff}"), "pass\\u{202e}liaf\\u{200d}\\u{feff}");
        assert_eq!(visible("naïve 日本 ok"), "naïve 日本 ok");
    }
}
