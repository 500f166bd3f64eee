//! Text edits, edited texts and lines.

use std::borrow::Cow;
use std::ops::Range;

/// A change of a text: `text` replaces the bytes from `start` to `end`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The first byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
    /// The replacement.
    pub text: String,
}

impl Edit {
    pub(in crate::fix) fn new(start: usize, end: usize, text: impl Into<String>) -> Self {
        Self { start, end, text: text.into() }
    }

    pub(in crate::fix) fn insert(at: usize, text: impl Into<String>) -> Self {
        Self::new(at, at, text)
    }

    pub(in crate::fix) fn delete(range: Range<usize>) -> Self {
        Self::new(range.start, range.end, "")
    }
}

/// A text with successive edits. Unedited parts are kept as ranges of the original, so that all edits can be
/// expressed as edits of the original.
#[derive(Clone, Debug)]
pub(in crate::fix) struct Patched<'t> {
    original: Cow<'t, str>,
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug)]
enum Piece {
    /// A range of the original.
    Kept(usize, usize),
    New(String),
}

impl<'t> Patched<'t> {
    pub(in crate::fix) fn new(original: impl Into<Cow<'t, str>>) -> Self {
        let original = original.into();
        let pieces = vec![Piece::Kept(0, original.len())];
        Self { original, pieces }
    }

    /// Returns the original text.
    pub(in crate::fix) fn original(&self) -> &str {
        &self.original
    }

    /// Returns the current text.
    pub(in crate::fix) fn text(&self) -> String {
        let mut text = String::with_capacity(self.original.len().saturating_add(64));
        for piece in &self.pieces {
            text.push_str(match piece {
                Piece::Kept(start, end) => cut(&self.original, *start..*end),
                Piece::New(new) => new,
            });
        }
        text
    }

    /// Applies edits, which must be in order and not overlap.
    pub(in crate::fix) fn apply(&mut self, edits: &[Edit]) {
        for edit in edits.iter().rev() {
            self.replace(edit);
        }
    }

    fn replace(&mut self, edit: &Edit) {
        let (mut head, mut tail) = (Vec::new(), Vec::new());
        let mut at = 0_usize;
        for piece in &self.pieces {
            let end = at.saturating_add(piece.len());
            if at < edit.start {
                head.push(piece.part(0, end.min(edit.start).saturating_sub(at)));
            }
            if end > edit.end {
                tail.push(piece.part(edit.end.saturating_sub(at), end.saturating_sub(at)));
            }
            at = end;
        }
        head.push(Piece::New(edit.text.clone()));
        head.append(&mut tail);
        self.pieces = head;
    }

    /// Returns all edits as edits of the original, in order.
    pub(in crate::fix) fn edits(&self) -> Vec<Edit> {
        let mut edits = Vec::new();
        let (mut at, mut new) = (0_usize, String::new());
        for piece in self.pieces.iter().chain([&Piece::Kept(self.original.len(), self.original.len())]) {
            match piece {
                Piece::New(text) => new.push_str(text),
                Piece::Kept(start, end) => {
                    if *start > at || !new.is_empty() {
                        edits.push(Edit { start: at, end: *start, text: std::mem::take(&mut new) });
                    }
                    at = *end;
                }
            }
        }
        edits
    }
}

impl Piece {
    fn len(&self) -> usize {
        match self {
            Self::Kept(start, end) => end.saturating_sub(*start),
            Self::New(text) => text.len(),
        }
    }

    fn part(&self, from: usize, to: usize) -> Self {
        match self {
            Self::Kept(start, _) => Self::Kept(start.saturating_add(from), start.saturating_add(to)),
            Self::New(text) => Self::New(cut(text, from..to).to_owned()),
        }
    }
}

/// Returns a part of a text; empty if the range is not on character boundaries.
pub(in crate::fix) fn cut(text: &str, range: Range<usize>) -> &str {
    text.get(range).unwrap_or("")
}

/// The characters of line breaks: LF, CR LF and CR.
const BREAKS: [char; 2] = ['\n', '\r'];

/// Returns the start of the line of `at`, after a byte order mark.
pub(in crate::fix) fn line_start(text: &str, at: usize) -> usize {
    match cut(text, 0..at).rfind(BREAKS) {
        Some(found) => found.saturating_add(1),
        None if text.starts_with('\u{FEFF}') => '\u{FEFF}'.len_utf8().min(at),
        None => 0,
    }
}

/// Returns the end of the line of `at`, before its line break.
pub(in crate::fix) fn line_end(text: &str, at: usize) -> usize {
    cut(text, at..text.len()).find(BREAKS).map_or(text.len(), |found| at.saturating_add(found))
}

/// Returns the line break at `at`; empty at the end of the text.
pub(in crate::fix) fn break_at(text: &str, at: usize) -> &str {
    let rest = cut(text, at..text.len());
    let length = match rest.as_bytes() {
        [b'\r', b'\n', ..] => 2,
        [b'\r' | b'\n', ..] => 1,
        _ => 0,
    };
    cut(rest, 0..length)
}

/// Returns the start of the line after that of `at`.
pub(in crate::fix) fn next_line(text: &str, at: usize) -> usize {
    let end = line_end(text, at);
    end.saturating_add(break_at(text, end).len())
}

/// Returns the first line break of a text, or LF.
pub(in crate::fix) fn line_break(text: &str) -> &str {
    match text.find(BREAKS) {
        Some(at) => break_at(text, at),
        None => "\n",
    }
}

/// Returns the indentation of the line of `at`.
pub(in crate::fix) fn indent(text: &str, at: usize) -> &str {
    let line = cut(text, line_start(text, at)..line_end(text, at));
    cut(line, 0..line.len().saturating_sub(line.trim_start_matches([' ', '\t']).len()))
}

/// Whether the line contains only white space before `at`.
pub(in crate::fix) fn is_first_on_line(text: &str, at: usize) -> bool {
    cut(text, line_start(text, at)..at).bytes().all(|byte| matches!(byte, b' ' | b'\t'))
}

/// Returns the number of characters from the start of the line to `at`.
pub(in crate::fix) fn column(text: &str, at: usize) -> usize {
    cut(text, line_start(text, at)..at).chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn successive_edits_combine_into_edits_of_the_original() {
        let mut patched = Patched::new("abcdef");
        patched.apply(&[Edit::new(1, 2, "BB"), Edit::insert(4, "-")]);
        assert_eq!(patched.text(), "aBBcd-ef");
        patched.apply(&[Edit::new(2, 4, "x")]);
        assert_eq!(patched.text(), "aBxd-ef");
        let edits = patched.edits();
        assert_eq!(edits, [Edit::new(1, 3, "Bx"), Edit::insert(4, "-")]);
        let mut again = Patched::new("abcdef");
        again.apply(&edits);
        assert_eq!(again.text(), "aBxd-ef");
    }

    #[test]
    fn every_line_break_is_recognized_and_a_byte_order_mark_is_not_indentation() {
        let text = "\u{FEFF}a\r\n  b\rc";
        assert_eq!(line_start(text, 3), 3);
        assert_eq!(next_line(text, 3), 6);
        assert_eq!(indent(text, 8), "  ");
        assert_eq!(next_line(text, 8), 10);
        assert_eq!(line_break(text), "\r\n");
        assert_eq!(next_line(text, 10), 11);
    }
}
