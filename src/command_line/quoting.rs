//! Splits text into words as systemd does: quotes, escapes and specifiers.
//!
//! Sources: systemd.syntax(7) "Quoting", systemd.unit(5) "Specifiers", and for what those leave
//! open `extract_first_word` (extract-word.c), `cunescape_one` (escape.c), `specifier_printf`.

use crate::source::Span;

/// One byte of a value, with the bytes of the source that it comes from.
///
/// Values are lists of these, because quotes, escapes and continuation lines make them differ from the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Letter {
    pub(super) byte: u8,
    /// The number of bytes in the source; more than one for an escape.
    len: u8,
    at: u32,
}

impl Letter {
    fn new(byte: u8, at: usize) -> Self {
        Self { byte, len: 1, at: u32::try_from(at).unwrap_or(u32::MAX) }
    }

    fn end(self) -> u32 {
        self.at.saturating_add(u32::from(self.len))
    }

    pub(super) fn as_byte(self, byte: u8) -> Self {
        Self { byte, ..self }
    }
}

/// The bytes of `text`, which starts at the offset `start` of its source.
pub(super) fn letters(text: &str, start: usize) -> impl Iterator<Item = Letter> {
    text.bytes().zip(start..).map(|(byte, at)| Letter::new(byte, at))
}

/// The text of a value. Invalid UTF-8 from escapes is replaced.
pub(super) fn text_of(letters: &[Letter]) -> String {
    let bytes: Vec<u8> = letters.iter().map(|l| l.byte).collect();
    String::from_utf8(bytes).unwrap_or_else(|e| String::from_utf8_lossy(e.as_bytes()).into_owned())
}

/// The span from the first to the last byte of a value.
pub(super) fn span_of(letters: &[Letter]) -> Span {
    match (letters.first(), letters.last()) {
        (Some(first), Some(last)) => Span { start: first.at, end: last.end() },
        _ => Span::default(),
    }
}

/// Whether the byte is in systemd's `WHITESPACE`.
pub(super) fn is_white(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

pub(super) fn trim(mut letters: &[Letter]) -> &[Letter] {
    while let [first, rest @ ..] = letters
        && is_white(first.byte)
    {
        letters = rest;
    }
    while let [rest @ .., last] = letters
        && is_white(last.byte)
    {
        letters = rest;
    }
    letters
}

/// The rules by which systemd splits words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rules {
    /// `ExecStart=`: C escapes; an unknown escape is kept.
    Command,
    /// `Environment=`: C escapes; an unknown escape ends the line.
    Assignment,
    /// The value of a variable, split for `$VAR`: a backslash makes the next byte literal, and an unterminated
    /// quote extends to the end.
    Value,
}

#[derive(Debug)]
pub(super) struct Piece {
    pub(super) letters: Vec<Letter>,
    /// From the first to the last byte of the word, its quotes included.
    pub(super) span: Span,
    pub(super) unknown_escape: bool,
}

/// An unterminated quote, or an unknown escape with [`Rules::Assignment`].
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Malformed;

/// Splits the next word off `rest`. Quotes may start and end inside a word.
pub(super) fn next_word(rest: &mut &[Letter], rules: Rules) -> Result<Option<Piece>, Malformed> {
    let all = *rest;
    let blanks = all.iter().take_while(|l| is_white(l.byte)).count();
    let mut i = blanks;
    let Some(first) = all.get(i) else {
        *rest = &[];
        return Ok(None);
    };
    let mut piece =
        Piece { letters: Vec::new(), span: Span { start: first.at, end: first.at }, unknown_escape: false };
    let mut quote = None;
    while let Some(&letter) = all.get(i) {
        if quote.is_none() && is_white(letter.byte) {
            break;
        }
        i += 1;
        piece.span.end = letter.end();
        if letter.byte == b'\\' {
            let Some(&next) = all.get(i) else {
                match rules {
                    Rules::Command => piece.letters.push(letter),
                    Rules::Assignment => return Err(Malformed),
                    Rules::Value => {}
                }
                break;
            };
            let escape = all.get(i..).filter(|_| rules != Rules::Value).and_then(unescape);
            match (escape, rules) {
                (Some(escape), _) => {
                    let len = u8::try_from(escape.taken + 1).unwrap_or(u8::MAX);
                    let whole = Letter { len, ..letter };
                    piece.letters.extend(escape.bytes().map(|b| whole.as_byte(b)));
                    piece.span.end = whole.end();
                    i += escape.taken;
                    continue;
                }
                (None, Rules::Assignment) => return Err(Malformed),
                (None, Rules::Command) => {
                    piece.letters.push(letter);
                    piece.unknown_escape = true;
                }
                (None, Rules::Value) => {}
            }
            piece.letters.push(next);
            piece.span.end = next.end();
            i += 1;
            continue;
        }
        match quote {
            Some(q) if q == letter.byte => quote = None,
            None if matches!(letter.byte, b'"' | b'\'') => quote = Some(letter.byte),
            _ => piece.letters.push(letter),
        }
    }
    if quote.is_some() && rules != Rules::Value {
        return Err(Malformed);
    }
    // INVARIANT: blanks after a word are skipped, so that `rest` starts with the next word.
    i += all.get(i..).unwrap_or_default().iter().take_while(|l| is_white(l.byte)).count();
    *rest = all.get(i..).unwrap_or_default();
    Ok(Some(piece))
}

struct Escape {
    encoded: [u8; 4],
    len: usize,
    /// The number of bytes after the backslash.
    taken: usize,
}

impl Escape {
    fn byte(byte: u8, taken: usize) -> Self {
        Self { encoded: [byte, 0, 0, 0], len: 1, taken }
    }

    fn bytes(&self) -> impl Iterator<Item = u8> {
        self.encoded.into_iter().take(self.len)
    }
}

/// The escape at the start of the text after a backslash, as in systemd.syntax(7). NUL is not allowed.
fn unescape(rest: &[Letter]) -> Option<Escape> {
    let (first, digits) = rest.split_first()?;
    let number = |radix: u32, skip: usize, count: usize| {
        let slice = rest.get(skip..skip + count)?;
        slice.iter().try_fold(0u32, |n, l| {
            let digit = char::from(l.byte).to_digit(radix)?;
            n.checked_mul(radix)?.checked_add(digit)
        })
    };
    let simple = match first.byte {
        b'a' => 7,
        b'b' => 8,
        b'f' => 12,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'v' => 11,
        b's' => b' ',
        b'\\' | b'"' | b'\'' => first.byte,
        b'x' => return Some(Escape::byte(u8::try_from(number(16, 1, 2)?).ok().filter(|&b| b > 0)?, 3)),
        b'0'..=b'7' => {
            return Some(Escape::byte(u8::try_from(number(8, 0, 3)?).ok().filter(|&b| b > 0)?, 3));
        }
        b'u' | b'U' => {
            let count = if first.byte == b'u' { 4 } else { 8 };
            let code = number(16, 1, count).filter(|&n| n > 0 && digits.len() >= count)?;
            let mut encoded = [0; 4];
            let len = char::from_u32(code)?.encode_utf8(&mut encoded).len();
            return Some(Escape { encoded, len, taken: count + 1 });
        }
        _ => return None,
    };
    Some(Escape::byte(simple, 1))
}

/// A letter or digit that is not a specifier of systemd.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct UnknownSpecifier(pub(super) char);

/// A value with its `%` specifiers replaced, and the first one that is known only on the node.
///
/// The directories are those of the system manager. Specifiers that depend on the host, unit or user are
/// kept, and so is a `%` that is not followed by a letter or digit.
pub(super) fn specifiers(letters: Vec<Letter>) -> Result<(Vec<Letter>, Option<char>), UnknownSpecifier> {
    if !letters.iter().any(|l| l.byte == b'%') {
        return Ok((letters, None));
    }
    let mut out = Vec::with_capacity(letters.len());
    let mut unknown = None;
    let mut iter = letters.iter().copied().peekable();
    while let Some(letter) = iter.next() {
        let next = iter.peek().copied().filter(|_| letter.byte == b'%');
        let Some(next) = next else {
            out.push(letter);
            continue;
        };
        let value = match next.byte {
            b'%' => "%",
            b't' => "/run",
            b'S' => "/var/lib",
            b'C' => "/var/cache",
            b'L' => "/var/log",
            b'E' => "/etc",
            b'T' => "/tmp",
            b'V' => "/var/tmp",
            other => {
                if b"aAbBcdDfgGhHiIjJlmMnNopPqrRsuUvwWyY".contains(&other) {
                    unknown = unknown.or(Some(char::from(other)));
                } else if other.is_ascii_alphanumeric() {
                    return Err(UnknownSpecifier(char::from(other)));
                }
                out.push(letter);
                continue;
            }
        };
        iter.next();
        let both = Letter { len: 2, ..letter };
        out.extend(value.bytes().map(|b| both.as_byte(b)));
    }
    Ok((out, unknown))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str, rules: Rules) -> Result<Vec<String>, Malformed> {
        let all: Vec<Letter> = letters(text, 0).collect();
        let mut rest = all.as_slice();
        let mut out = Vec::new();
        while let Some(piece) = next_word(&mut rest, rules)? {
            out.push(text_of(&piece.letters));
        }
        Ok(out)
    }

    #[test]
    fn a_command_is_unquoted_with_c_escapes() {
        for (text, want) in [
            (r#""a b"c 'x'"y""#, vec!["a bc", "xy"]),
            (r#"--gates="A=true,B=false" ''"#, vec!["--gates=A=true,B=false", ""]),
            (r"\x41\102\u00e9\U0001F600 \xc3\xa9", vec!["AB\u{e9}\u{1f600}", "\u{e9}"]),
            (r#"a\sb 'c\td' "e\"f" \\"#, vec!["a b", "c\td", "e\"f", "\\"]),
            (r"\q \x0 \x00 \400 \u12 a\", vec![r"\q", r"\x0", r"\x00", r"\400", r"\u12", r"a\"]),
            (r"a\ b", vec![r"a\ b"]),
        ] {
            assert_eq!(
                words(text, Rules::Command).as_ref(),
                Ok(&want.into_iter().map(String::from).collect())
            );
        }
    }

    #[test]
    fn a_quote_left_open_is_refused_except_in_a_value() {
        for text in ["\"a b", "'a", "\"a\\"] {
            assert_eq!(words(text, Rules::Command), Err(Malformed), "{text}");
            assert_eq!(words(text, Rules::Assignment), Err(Malformed), "{text}");
        }
        assert_eq!(words("\"a b", Rules::Value), Ok(vec!["a b".into()]));
        assert_eq!(words(r"a\q", Rules::Assignment), Err(Malformed));
    }

    #[test]
    fn in_a_value_a_backslash_makes_the_next_byte_literal() {
        assert_eq!(words(r#"a\nb "c d" 'e f' g\ h\"#, Rules::Value).unwrap(), ["anb", "c d", "e f", "g h"]);
    }

    #[test]
    fn the_span_of_a_word_includes_its_quotes_and_escapes() {
        let text = r#"  "a b"\x41  c"#;
        let all: Vec<Letter> = letters(text, 0).collect();
        let mut rest = all.as_slice();
        let word = next_word(&mut rest, Rules::Command).unwrap().unwrap();
        assert_eq!(word.span.slice(text), r#""a b"\x41"#);
        assert_eq!(span_of(rest).slice(text), "c");
    }

    #[test]
    fn specifiers_of_the_system_manager_are_replaced_and_those_of_the_host_stay() {
        for (text, want, unknown) in [
            ("100%%", "100%", None),
            ("%S/kubelet", "/var/lib/kubelet", None),
            ("--hostname-override=%H", "--hostname-override=%H", Some('H')),
            ("nodefs<10%,x<5%", "nodefs<10%,x<5%", None),
            ("%%n", "%n", None),
        ] {
            let (got, spec) = specifiers(letters(text, 0).collect()).unwrap();
            assert_eq!((text_of(&got).as_str(), spec), (want, unknown));
        }
        assert_eq!(specifiers(letters("5%z", 0).collect()), Err(UnknownSpecifier('z')));
        assert_eq!(specifiers(letters("5%1", 0).collect()), Err(UnknownSpecifier('1')));
    }
}
