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
    text.split('.').count() == 4 && text.split('.').all(is_part)
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
    let mut rest = text.split(':').peekable();
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
    use super::{has, is_ip_address};
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
        fn any_short_text_is_found(text in "[ab]{0,9}", needle in "[ab]{1,3}") {
            prop_assert_eq!(has(&text, &needle), text.contains(&needle));
        }
    }
}
