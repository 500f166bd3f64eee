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
pub(crate) fn push_visible(out: &mut String, c: char) {
    match c {
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        c if c.is_ascii_control() => out.push_str(&format!("\\x{:02x}", u32::from(c))),
        c if is_invisible(c) => out.extend(c.escape_unicode()),
        c => out.push(c),
    }
}

/// Columns that [`visible`] text takes on a terminal.
pub(crate) fn width(text: &str) -> usize {
    text.chars().map(char_width).sum()
}

/// Columns of one character: 0, 1 or 2.
///
/// Blocks instead of the full tables of Unicode, which would take 12 KB of the module: wide are the
/// blocks of East Asian scripts and pictographs, without width the common combining marks. Where
/// that is not exact a line is cut or an underline set some columns off; nothing else hangs on it.
pub(crate) fn char_width(c: char) -> usize {
    match u32::from(c) {
        0x0300..=0x036f
        | 0x1ab0..=0x1aff
        | 0x1dc0..=0x1dff
        | 0x20d0..=0x20ff
        | 0xfe00..=0xfe0f
        | 0xfe20..=0xfe2f => 0,
        0x1100..=0x115f | 0x2e80..=0x303e | 0x3041..=0xa4cf | 0xac00..=0xd7a3 | 0xf900..=0xfaff => 2,
        0xfe30..=0xfe6f | 0xff00..=0xff60 | 0xffe0..=0xffe6 | 0x1f300..=0x1f64f | 0x1f680..=0x1f6ff => 2,
        0x1f900..=0x1faff | 0x20000..=0x3fffd => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::{visible, width};

    #[test]
    fn nothing_that_steers_a_terminal_comes_through() {
        assert_eq!(visible("a\x1b[31m\u{9b}2J\x07\x7f\r\n\t"), "a\\x1b[31m\\u{9b}2J\\x07\\x7f\\r\\n\\t");
        assert_eq!(visible("pass\u{202e}liaf\u{200d}\u{feff}"), "pass\\u{202e}liaf\\u{200d}\\u{feff}");
        assert_eq!(visible("naïve 日本 ok"), "naïve 日本 ok");
    }

    #[test]
    fn wide_characters_take_two_columns() {
        assert_eq!((width("abc"), width("日本"), width("e\u{301}"), width("😀")), (3, 4, 1, 2));
    }
}
