//! Small questions about texts.

use crate::whole::magnitude;

/// Where `needle` first stands in `text`.
///
/// For needles of a few bytes. The standard library's search is made for long ones, and 4 KB of the
/// module.
pub(crate) fn find(text: &str, needle: &str) -> Option<usize> {
    text.as_bytes().windows(needle.len().max(1)).position(|window| window == needle.as_bytes())
}

/// Whether `needle` stands in `text`; as [`find`].
pub(crate) fn has(text: &str, needle: &str) -> bool {
    find(text, needle).is_some()
}

/// Control characters, and those that reorder or hide what stands around them.
pub(crate) fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

// What follows is for separators that are ASCII. The standard library's `split`, `split_once`, `rsplit` and
// `replace` search by machines that are 4 KB of the module, and each call sets one up.

/// What stands before the first `separator` and behind it.
#[inline(never)]
pub(crate) fn cut(text: &str, separator: u8) -> Option<(&str, &str)> {
    around(text, text.bytes().position(|byte| byte == separator)?)
}

/// What stands before the last `separator` and behind it.
#[inline(never)]
pub(crate) fn cut_last(text: &str, separator: u8) -> Option<(&str, &str)> {
    around(text, text.bytes().rposition(|byte| byte == separator)?)
}

/// What stands before the byte at `at` and behind it.
fn around(text: &str, at: usize) -> Option<(&str, &str)> {
    let (before, rest) = text.split_at_checked(at)?;
    Some((before, rest.get(1..)?))
}

/// What stands before the first `separator`; all of it where there is none.
pub(crate) fn first(text: &str, separator: u8) -> &str {
    cut(text, separator).map_or(text, |(first, _)| first)
}

/// What stands behind the last `separator`; all of it where there is none.
pub(crate) fn last(text: &str, separator: u8) -> &str {
    cut_last(text, separator).map_or(text, |(_, last)| last)
}

/// What stands before, between and behind the separators.
pub(crate) fn pieces(text: &str, separator: u8) -> Pieces<'_> {
    Pieces { rest: Some(text), separator }
}

/// See [`pieces`].
pub(crate) struct Pieces<'t> {
    rest: Option<&'t str>,
    separator: u8,
}

impl<'t> Iterator for Pieces<'t> {
    type Item = &'t str;

    #[inline(never)]
    fn next(&mut self) -> Option<&'t str> {
        let rest = self.rest.take()?;
        let Some((piece, rest)) = cut(rest, self.separator) else { return Some(rest) };
        self.rest = Some(rest);
        Some(piece)
    }
}

/// The text without the `start`s that it begins with.
pub(crate) fn trim_start(mut text: &str, start: u8) -> &str {
    while let Some(("", behind)) = cut(text, start) {
        text = behind;
    }
    text
}

/// The text without the `end`s that it ends in.
pub(crate) fn trim_end(mut text: &str, end: u8) -> &str {
    while let Some((before, "")) = cut_last(text, end) {
        text = before;
    }
    text
}

/// The name with dashes for underscores.
pub(crate) fn dashed(name: &str) -> String {
    let mut dashed = String::new();
    name.chars().for_each(|c| dashed.push(if c == '_' { '-' } else { c }));
    dashed
}

/// Whether `text` is an IP address as Rust reads them. The standard library's reader makes the
/// address as well, which nobody asks for here.
pub(crate) fn is_ip_address(text: &str) -> bool {
    is_ip4(text) || is_ip6(text)
}

fn is_ip4(text: &str) -> bool {
    let is_part = |part: &str| {
        part.len() <= 3
            && (part.len() == 1 || !part.starts_with('0'))
            && magnitude(part, 10).is_some_and(|n| n < 256)
    };
    pieces(text, b'.').count() == 4 && pieces(text, b'.').all(is_part)
}

fn is_ip6(text: &str) -> bool {
    match find(text, "::") {
        None => groups(text, true) == Some(8),
        Some(at) => {
            let (before, after) =
                (text.get(..at).unwrap_or(""), text.get(at.saturating_add(2)..).unwrap_or(""));
            let count = |text, is_end| if str::is_empty(text) { Some(0) } else { groups(text, is_end) };
            matches!((count(before, false), count(after, true)), (Some(a), Some(b)) if a + b < 8)
        }
    }
}

/// How many groups of 16 bits `text` has; at the end two of them may be written as an IPv4 address.
fn groups(text: &str, is_end: bool) -> Option<usize> {
    let mut count = 0_usize;
    let mut rest = pieces(text, b':').peekable();
    while let Some(group) = rest.next() {
        let is_last = is_end && rest.peek().is_none();
        let is_hex = (1..=4).contains(&group.len()) && group.bytes().all(|byte| byte.is_ascii_hexdigit());
        count = count.saturating_add(match (is_hex, is_last && is_ip4(group)) {
            (true, _) => 1,
            (false, true) => 2,
            (false, false) => return None,
        });
    }
    Some(count)
}

#[cfg(test)]
mod tests {
    use super::{cut, cut_last, dashed, has, is_ip_address, pieces, trim_end, trim_start};
    use proptest::prelude::*;
    use std::net::IpAddr;

    #[test]
    fn addresses_are_those_of_the_standard_library() {
        for text in [
            "0.0.0.0",
            "255.255.255.255",
            "256.0.0.1",
            "1.2.3",
            "1.2.3.4.5",
            "01.2.3.4",
            "1.2.3.",
            "",
            "::",
            "::1",
            "1::",
            "1:2:3:4:5:6:7:8",
            "1:2:3:4:5:6:7::",
            "::2:3:4:5:6:7:8",
            "1::2::3",
            ":::",
            ":1",
            "1:",
            "1:2:3:4:5:6:7",
            "1:2:3:4:5:6:7:8:9",
            "12345::",
            "::ffff:1.2.3.4",
            "1:2:3:4:5:6:1.2.3.4",
            "1:2:3:4:5:6:7:1.2.3.4",
            "1.2.3.4::",
            "::1.2.3.4:1",
            "g::",
            "fe80::1%eth0",
            "::ffff:1.2.3",
        ] {
            assert_eq!(is_ip_address(text), text.parse::<IpAddr>().is_ok(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_an_address_where_the_standard_library_says_so(text in "[0-9a-f:.]{0,24}") {
            prop_assert_eq!(is_ip_address(&text), text.parse::<IpAddr>().is_ok());
        }

        #[test]
        fn any_text_is_cut_as_the_standard_library_does(text in "[=aé_]{0,7}") {
            prop_assert_eq!(cut(&text, b'='), text.split_once('='));
            prop_assert_eq!(cut_last(&text, b'='), text.rsplit_once('='));
            prop_assert!(pieces(&text, b'=').eq(text.split('=')));
            prop_assert_eq!(trim_start(&text, b'='), text.trim_start_matches('='));
            prop_assert_eq!(trim_end(&text, b'='), text.trim_end_matches('='));
            prop_assert_eq!(dashed(&text), text.replace('_', "-"));
        }

        #[test]
        fn any_short_text_is_found(text in "[ab]{0,9}", needle in "[ab]{1,3}") {
            prop_assert_eq!(has(&text, &needle), text.contains(&needle));
        }
    }
}
