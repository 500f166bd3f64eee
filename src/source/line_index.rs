//! Byte offsets to lines and columns.

/// A position as editors and SARIF name it.
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
}

impl<'t> LineIndex<'t> {
    /// Reads `text` once for its line breaks.
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
                starts.push(u32::try_from(at.saturating_add(1)).unwrap_or(u32::MAX));
            }
        }
        Self { text, starts }
    }

    /// The position of the byte at `offset`; an offset past the end is the end.
    pub fn position(&self, offset: u32) -> Position {
        let offset = (offset as usize).min(self.text.len());
        let line = self.starts.partition_point(|start| *start as usize <= offset);
        let start = self.starts.get(line.saturating_sub(1)).map_or(0, |s| *s as usize);
        let mut column = 1_usize;
        let mut end = start;
        for c in self.text.get(start..).unwrap_or("").chars() {
            end = end.saturating_add(c.len_utf8());
            if end > offset {
                break;
            }
            column = column.saturating_add(c.len_utf16());
        }
        let clamp = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Position { line: clamp(line.max(1)), column: clamp(column) }
    }
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
}
