//! Offsets of the characters of a text inside a value, in the outer text.

use crate::source::Span;

/// Converts offsets of an inner text to offsets of the outer text.
#[derive(Clone, Debug)]
pub(super) enum OffsetMap {
    /// Pairs `(inner, outer)`. Between one inner offset and the next, both texts are equal.
    Exact(Vec<(usize, usize)>),
    /// The start of the value, for every offset: escapes or folding prevent an exact conversion.
    Value(usize),
}

impl OffsetMap {
    /// The map for a part that starts at `start`.
    pub(super) fn shifted(start: usize) -> Self {
        Self::Exact(vec![(0, start)])
    }

    /// The map for `inner`, the string value at `span` of `text`.
    pub(super) fn of_value(text: &str, span: Span, inner: &str) -> Self {
        let raw = span.slice(text);
        let base = span.start as usize;
        // A tag and an anchor precede the value.
        let mut body = raw;
        while body.starts_with(['!', '&']) {
            body = body.trim_start_matches(|c: char| !c.is_ascii_whitespace()).trim_ascii_start();
        }
        let base = base.saturating_add(raw.len().saturating_sub(body.len()));
        let found = match body.chars().next() {
            Some('|' | '>') => lines(body, base, inner),
            Some(quote @ ('"' | '\'')) => characters(body, base, inner, Some(quote)),
            _ => characters(body, base, inner, None),
        };
        found.map_or(Self::Value(base), Self::Exact)
    }

    /// The map for the part of the inner text from `start` to `end`.
    pub(super) fn part(&self, start: usize, end: usize) -> Self {
        let Self::Exact(runs) = self else { return self.clone() };
        let from = runs.partition_point(|(inner, _)| *inner <= start);
        let within = runs.iter().skip(from).take_while(|(inner, _)| *inner <= end);
        let moved = within.map(|(inner, outer)| (inner.saturating_sub(start), *outer));
        Self::Exact(std::iter::once((0, self.point(start))).chain(moved).collect())
    }

    fn point(&self, offset: usize) -> usize {
        match self {
            Self::Value(start) => *start,
            Self::Exact(runs) => {
                let after = runs.partition_point(|(inner, _)| *inner <= offset);
                let (inner, outer) =
                    after.checked_sub(1).and_then(|at| runs.get(at)).copied().unwrap_or_default();
                outer.saturating_add(offset.saturating_sub(inner))
            }
        }
    }

    /// The span in the outer text.
    pub(super) fn span(&self, span: Span) -> Span {
        Span::new(self.point(span.start as usize), self.point(span.end as usize))
    }
}

/// The map of a block scalar, whose lines are indented in the outer text.
fn lines(raw: &str, base: usize, inner: &str) -> Option<Vec<(usize, usize)>> {
    let header = raw.find('\n')?.saturating_add(1);
    let mut outer = raw.get(header..)?.split_inclusive('\n');
    let mut outer_at = base.saturating_add(header);
    let mut inner_at = 0_usize;
    let mut runs = Vec::new();
    for line in inner.split_inclusive('\n') {
        let written = outer.next().unwrap_or_default();
        let (text, content) = (line.trim_end_matches('\n'), written.trim_end_matches(['\n', '\r']));
        let indent = match content.strip_suffix(text) {
            Some(indent) if indent.bytes().all(|byte| byte == b' ') => indent.len(),
            _ => return None,
        };
        runs.push((inner_at, outer_at.saturating_add(indent)));
        inner_at = inner_at.saturating_add(line.len());
        outer_at = outer_at.saturating_add(written.len());
    }
    runs.push((inner.len(), base.saturating_add(raw.len())));
    Some(runs)
}

/// The map of a quoted or plain scalar, which may contain escapes.
fn characters(raw: &str, base: usize, inner: &str, quote: Option<char>) -> Option<Vec<(usize, usize)>> {
    let mut at = usize::from(quote.is_some());
    let mut runs = vec![(0, base.saturating_add(at))];
    for (inner_at, wanted) in inner.char_indices() {
        let rest = raw.get(at..)?;
        let (length, found) = match (rest.chars().next()?, quote) {
            ('\\', Some('"')) => escape(rest)?,
            ('\'', Some('\'')) => (2, '\''),
            (plain, _) => (plain.len_utf8(), plain),
        };
        if found != wanted {
            return None;
        }
        at = at.saturating_add(length);
        if length != wanted.len_utf8() {
            let next = inner_at.saturating_add(wanted.len_utf8());
            runs.push((next, base.saturating_add(at)));
        }
    }
    Some(runs)
}

/// The length and the character of the escape at the start of `text`, if JSON and YAML share it.
fn escape(text: &str) -> Option<(usize, char)> {
    let plain = match text.as_bytes().get(1)? {
        b'n' => '\n',
        b't' => '\t',
        b'r' => '\r',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'u' => return unicode(text),
        other @ (b'"' | b'\\' | b'/') => char::from(*other),
        _ => return None,
    };
    Some((2, plain))
}

fn hexadecimal(digits: &str) -> Option<u32> {
    digits.chars().try_fold(0_u32, |value, digit| Some(value << 4 | digit.to_digit(16)?))
}

fn unicode(text: &str) -> Option<(usize, char)> {
    let unit = |at: usize| hexadecimal(text.get(at..)?.strip_prefix("\\u")?.get(..4)?);
    let first = unit(0)?;
    if let Some(c) = char::from_u32(first) {
        return Some((6, c));
    }
    let second = unit(6).filter(|second| (0xDC00..0xE000).contains(second))?;
    let code = (first.checked_sub(0xD800)? << 10).checked_add(second.checked_sub(0xDC00)?)?;
    Some((12, char::from_u32(code.checked_add(0x1_0000)?)?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::OffsetMap;
    use crate::source::Span;

    /// Every character of the inner text is found where the outer one has it, itself or behind an escape.
    fn check(outer: &str, value: &str, inner: &str) -> Result<(), TestCaseError> {
        let at = outer.find(value).unwrap_or_default();
        let offsets = OffsetMap::of_value(outer, Span::new(at, at + value.len()), inner);
        prop_assert!(matches!(offsets, OffsetMap::Exact(_)), "{outer:?}");
        for (offset, c) in inner.char_indices().filter(|(_, c)| *c != '\n') {
            let found = &outer[offsets.point(offset)..];
            prop_assert!(found.starts_with(c) || found.starts_with('\\'), "{c:?} {offset} {outer:?}");
        }
        Ok(())
    }

    proptest! {
        #[test]
        fn characters_of_json_are_found(inner in any::<String>()) {
            let value = serde_json::to_string(&inner).unwrap();
            check(&format!("{{\"é\": {value}}}"), &value, &inner)?;
        }

        #[test]
        fn characters_of_blocks_are_found(
            lines in proptest::collection::vec("[a-zé:{\"]( {0,2}[a-z😀'\\\\-]){0,3}|", 1..6),
            indent in 1_usize..5,
        ) {
            // Of nothing but blank lines there is nothing to find.
            let lines: Vec<&str> = ["a"].into_iter().chain(lines.iter().map(String::as_str)).collect();
            let inner: String = lines.iter().map(|line| format!("{line}\n")).collect();
            let pad = " ".repeat(indent);
            let block: String = lines.iter().map(|line| format!("{pad}{line}\n")).collect();
            let value = format!("!!str |{indent}\n{block}");
            check(&format!("a: {value}"), value.trim_end(), &inner)?;
        }

        #[test]
        fn a_span_of_any_inner_text_lies_in_the_value(
            raw in any::<String>(),
            inner in any::<String>(),
            start in 0_usize..40,
        ) {
            let start = (0..=start.min(raw.len())).rfind(|at| raw.is_char_boundary(*at)).unwrap_or_default();
            let found = OffsetMap::of_value(&raw, Span::new(start, raw.len()), &inner).span(Span::new(0, inner.len()));
            prop_assert!(start <= found.start as usize && found.start <= found.end, "{found:?}");
            prop_assert!(found.end as usize <= raw.len(), "{found:?}");
        }
    }
}
