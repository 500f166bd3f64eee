//! Lines of styled text, wrapped at a width.

use super::spot::uri;
use crate::source::visible::{push_visible, visible};
use unicode_width::UnicodeWidthStr as _;

/// How a piece of text looks where colours are on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Style {
    /// As the terminal has it.
    #[default]
    Plain,
    /// What a reader looks for first.
    Strong,
    /// What may be skipped.
    Dim,
    /// A good answer.
    Good,
    /// A bad answer.
    Bad,
    /// Neither good nor bad.
    Caution,
    /// Names of places.
    Accent,
}

impl Style {
    /// Parameters of the terminal's SGR sequence; the 16 colours, which every theme makes readable.
    const fn sgr(self) -> &'static str {
        match self {
            Self::Plain => "0",
            Self::Strong => "1",
            Self::Dim => "2",
            Self::Good => "1;32",
            Self::Bad => "1;31",
            Self::Caution => "1;33",
            Self::Accent => "36",
        }
    }
}

/// Whether styles are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Color {
    /// They are.
    On,
    /// Plain text.
    #[default]
    Off,
}

/// A piece of text with one style.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Piece<'a>(pub(crate) Style, pub(crate) &'a str);

/// A text in the making. Everything goes through [`Page::push`], which lets no control character of
/// an input through.
pub(crate) struct Page {
    out: String,
    /// Bytes of `out` that were handed out before.
    taken: usize,
    width: usize,
    color: Color,
    style: Style,
    column: usize,
    /// The directory that relative paths start from, where places are links.
    links: Option<String>,
}

impl Page {
    /// An empty page. Under 20 columns nothing can be laid out, so that is the least.
    pub(crate) fn new(width: usize, color: Color) -> Self {
        Self {
            out: String::new(),
            taken: 0,
            width: width.max(20),
            color,
            style: Style::Plain,
            column: 0,
            links: None,
        }
    }

    /// The same page, on which places are links (OSC 8) where `directory` tells what they start from.
    #[must_use]
    pub(crate) fn linking(mut self, directory: Option<&str>) -> Self {
        self.links = directory.map(str::to_owned);
        self
    }

    /// Adds the name of a place in a file.
    pub(crate) fn place(&mut self, style: Style, name: &str, path: &str) {
        let url = self.links.as_deref().filter(|_| !path.is_empty() && path != "-").map(|directory| {
            if path.starts_with('/') {
                uri(path)
            } else {
                uri(&format!("{}/{}", directory.trim_end_matches('/'), path))
            }
        });
        self.set(style);
        if let Some(url) = &url {
            self.out.push_str("\x1b]8;;");
            self.out.push_str(url);
            self.out.push_str("\x1b\\");
        }
        self.push(style, name);
        if url.is_some() {
            self.out.push_str("\x1b]8;;\x1b\\");
        }
    }

    /// Its width in columns.
    pub(crate) fn width(&self) -> usize {
        self.width
    }

    /// Whether `columns` more fit on the line.
    pub(crate) fn has_room(&self, columns: usize) -> bool {
        self.column.saturating_add(columns) <= self.width
    }

    /// The text since the last time. The page goes on as if it were still there.
    pub(crate) fn take(&mut self) -> String {
        // What is kept tells whether the page is empty, and whether an empty line stands at its end.
        let end = if self.out.ends_with("\n\n") { "\n\n" } else { "\n" };
        let kept = if self.out.is_empty() { "" } else { end };
        let text = self.out.split_off(self.taken);
        kept.clone_into(&mut self.out);
        self.taken = kept.len();
        text
    }

    /// The text.
    pub(crate) fn finish(self) -> String {
        self.out
    }

    /// Adds to the line.
    pub(crate) fn push(&mut self, style: Style, text: &str) {
        if text.is_empty() {
            return;
        }
        self.set(style);
        let from = self.out.len();
        for c in text.chars() {
            push_visible(&mut self.out, c);
        }
        self.column = self.column.saturating_add(self.out.get(from..).unwrap_or("").width());
    }

    /// Ends the line; no line ends in spaces.
    pub(crate) fn end_line(&mut self) {
        self.set(Style::Plain);
        let len = self.out.trim_end_matches(' ').len();
        self.out.truncate(len);
        self.out.push('\n');
        self.column = 0;
    }

    /// An empty line, unless one stands there already or the page is empty.
    pub(crate) fn gap(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }

    /// A line that is never wrapped.
    pub(crate) fn line(&mut self, indent: usize, pieces: &[Piece<'_>]) {
        self.pad(indent);
        for Piece(style, text) in pieces {
            self.push(*style, text);
        }
        self.end_line();
    }

    /// `lead`, then `pieces` wrapped beside it. Pieces flow into each other; breaks come at spaces,
    /// and a word wider than the page stays whole, so that it can still be copied and searched for.
    pub(crate) fn wrapped(&mut self, indent: usize, lead: &[Piece<'_>], pieces: &[Piece<'_>]) {
        self.pad(indent);
        for Piece(style, text) in lead {
            self.push(*style, text);
        }
        // A lead that leaves next to nothing of a narrow page does not set the margin.
        let margin =
            if self.column.saturating_mul(2) > self.width { indent.saturating_add(2) } else { self.column };
        let mut space: Option<Style> = None;
        for (word_start, word) in words(pieces) {
            if word_start && self.column > margin {
                let len: usize = word.iter().map(|Piece(_, text)| shown_width(text)).sum();
                if self.column.saturating_add(len).saturating_add(1) > self.width {
                    self.end_line();
                    self.pad(margin);
                } else if let Some(style) = space {
                    self.push(style, " ");
                }
            }
            for Piece(style, text) in &word {
                self.push(*style, text);
                space = Some(*style);
            }
        }
        self.end_line();
    }

    /// Spaces up to `column`.
    pub(crate) fn pad(&mut self, column: usize) {
        let missing = column.saturating_sub(self.column);
        if missing > 0 {
            self.push(Style::Plain, &" ".repeat(missing));
        }
    }

    /// Styles change only where they differ, so plain text has no sequences in it.
    fn set(&mut self, style: Style) {
        if self.color == Color::Off || style == self.style {
            return;
        }
        if self.style != Style::Plain {
            self.out.push_str("\x1b[0m");
        }
        if style != Style::Plain {
            self.out.push_str("\x1b[");
            self.out.push_str(style.sgr());
            self.out.push('m');
        }
        self.style = style;
    }
}

/// Words of a run of pieces; a word may have several styles. The flag tells whether a space came
/// before it, which all but the first word have.
fn words<'a>(pieces: &[Piece<'a>]) -> Vec<(bool, Vec<Piece<'a>>)> {
    let mut words: Vec<(bool, Vec<Piece<'a>>)> = Vec::new();
    let mut open = false;
    for Piece(style, text) in pieces {
        for (n, part) in text.split(' ').enumerate() {
            open &= n == 0;
            if part.is_empty() {
                continue;
            }
            match words.last_mut() {
                Some((_, word)) if open => word.push(Piece(*style, part)),
                _ => words.push((!words.is_empty(), vec![Piece(*style, part)])),
            }
            open = true;
        }
    }
    words
}

fn shown_width(text: &str) -> usize {
    visible(text).width()
}

#[cfg(test)]
mod tests {
    use super::{Color, Page, Piece, Style};

    fn page(width: usize, color: Color, write: impl Fn(&mut Page)) -> String {
        let mut page = Page::new(width, color);
        write(&mut page);
        page.finish()
    }

    #[test]
    fn text_wraps_beside_its_lead_and_long_words_stay_whole() {
        let text = page(20, Color::Off, |page| {
            page.wrapped(
                2,
                &[Piece(Style::Dim, "why ")],
                &[
                    Piece(Style::Plain, "one two three "),
                    Piece(Style::Strong, "featureGates.RotateKubelet"),
                    Piece(Style::Plain, ", end"),
                ],
            );
        });
        assert_eq!(text, "  why one two three\n      featureGates.RotateKubelet,\n      end\n");
    }

    #[test]
    fn styles_close_before_the_line_ends() {
        let text = page(40, Color::On, |page| {
            page.line(
                0,
                &[Piece(Style::Bad, "FAIL"), Piece(Style::Plain, " x "), Piece(Style::Dim, "y\x1b[2J")],
            );
        });
        assert_eq!(text, "\x1b[1;31mFAIL\x1b[0m x \x1b[2my\\x1b[2J\x1b[0m\n");
    }
}
