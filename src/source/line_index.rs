//! Converts byte offsets to lines and columns.

/// A position as editors and SARIF use it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// 1-based line. Lines end with LF, CR LF or CR.
    pub line: u32,
    /// 1-based column in UTF-16 code units.
    pub column: u32,
}

/// Where each line of a text starts.
#[derive(Debug)]
pub struct LineIndex<'t> {
    text: &'t str,
    starts: Vec<u32>,
    /// Offsets of characters with the number of code units before them, one for every [`STRIDE`] bytes.
    ///
    /// INVARIANT: every column costs the same, because a hostile text can be one line of megabytes.
    checkpoints: Vec<(usize, usize)>,
}

/// The minimum number of bytes between two checkpoints.
const STRIDE: usize = 256;

impl<'t> LineIndex<'t> {
    /// Indexes the line breaks of `text`.
    pub fn new(text: &'t str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for (at, byte) in bytes.iter().enumerate() {
            let ends_line = match byte {
                b'\n' => true,
                b'\r' => bytes.get(at.saturating_add(1)) != Some(&b'\n'),
                _ => false,
            };
            if ends_line {
                starts.push(clamp(at.saturating_add(1)));
            }
        }
        let mut checkpoints = Vec::new();
        let (mut next, mut units) = (0, 0_usize);
        for (at, c) in text.char_indices() {
            if at >= next {
                checkpoints.push((at, units));
                next = at.saturating_add(STRIDE);
            }
            units = units.saturating_add(c.len_utf16());
        }
        Self { text, starts, checkpoints }
    }

    /// The position of the byte at `offset`, or of the end of the text if the offset is past it.
    pub fn position(&self, offset: u32) -> Position {
        let offset = (offset as usize).min(self.text.len());
        let line = self.starts.partition_point(|start| *start as usize <= offset);
        let start = self.starts.get(line.saturating_sub(1)).map_or(0, |start| *start as usize);
        let column = self.units_before(offset).saturating_sub(self.units_before(start)).saturating_add(1);
        Position { line: clamp(line.max(1)), column: clamp(column) }
    }

    /// The number of code units of the characters that end at or before `offset`.
    fn units_before(&self, offset: usize) -> usize {
        let after = self.checkpoints.partition_point(|(at, _)| *at <= offset);
        let last = after.checked_sub(1).and_then(|last| self.checkpoints.get(last));
        let (at, units) = last.copied().unwrap_or_default();
        let rest = self.text.get(at..self.text.floor_char_boundary(offset)).unwrap_or_default();
        units.saturating_add(code_units(rest))
    }
}

/// The length in UTF-16 code units.
fn code_units(text: &str) -> usize {
    // Most configurations are ASCII, which is told many bytes at a time.
    if text.is_ascii() { text.len() } else { text.chars().map(char::len_utf16).sum() }
}

fn clamp(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::{LineIndex, Position};

    #[test]
    fn columns_count_utf16_units_and_every_line_break_counts_once() {
        let index = LineIndex::new("a\r\né😀x\rz\n");
        assert_eq!(index.position(0), Position { line: 1, column: 1 });
        assert_eq!(index.position(3), Position { line: 2, column: 1 });
        assert_eq!(index.position(5), Position { line: 2, column: 2 });
        assert_eq!(index.position(9), Position { line: 2, column: 4 });
        assert_eq!(index.position(11), Position { line: 3, column: 1 });
        assert_eq!(index.position(99), Position { line: 4, column: 1 });
    }
    #[test]
    fn columns_of_a_long_line_are_counted_right() {
        let text = format!("é\n{}", "aé😀".repeat(1000));
        let index = LineIndex::new(&text);
        let mut column = 1;
        for (at, c) in text.char_indices().skip(2) {
            let position = index.position(u32::try_from(at).unwrap());
            assert_eq!(position, Position { line: 2, column });
            column += u32::try_from(c.len_utf16()).unwrap();
        }
    }
}
