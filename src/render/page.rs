//! Lines of styled text, wrapped at a width.

use std::fmt::Write as _;

use anstyle::AnsiColor;

use super::spot::uri;
use crate::source::visible::{push_visible, visible};
use unicode_width::UnicodeWidthStr as _;

/// The style of a piece of text, if colors are on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Style {
    /// The terminal's default.
    #[default]
    Plain,
    /// Text to find first.
    Strong,
    /// Text that can be skipped.
    Dim,
    /// A good result.
    Good,
    /// A bad result.
    Bad,
    /// A result that is neither good nor bad.
    Caution,
    /// Locations and labels.
    Accent,
}

impl Style {
    /// Returns the terminal's style. Every terminal theme makes the 16 basic colors readable.
    const fn ansi(self) -> anstyle::Style {
        let plain = anstyle::Style::new();
        match self {
            Self::Plain => plain,
            Self::Strong => plain.bold(),
            Self::Dim => plain.dimmed(),
            Self::Good => AnsiColor::Green.on_default().bold(),
            Self::Bad => AnsiColor::Red.on_default().bold(),
            Self::Caution => AnsiColor::Yellow.on_default().bold(),
            Self::Accent => AnsiColor::Cyan.on_default(),
        }
    }
}

/// Whether to write styles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Color {
    /// Styled text.
    On,
    /// Plain text.
    #[default]
    Off,
}

/// A piece of text with one style.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Piece<'a>(pub(crate) Style, pub(crate) &'a str);

/// A text under construction. All content passes through [`Page::push`], which makes control characters of
/// the input visible.
pub(crate) struct Page {
    out: String,
    /// The number of bytes of `out` that were already taken.
    taken: usize,
    width: usize,
    color: Color,
    style: Style,
    column: usize,
    /// The base directory of relative paths, if locations are links.
    links: Option<String>,
}

impl Page {
    /// Returns an empty page, at least 20 columns wide, because nothing fits a narrower one.
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

    /// Returns the page with locations as links (OSC 8), if a base directory is given.
    #[must_use]
    pub(crate) fn linking(mut self, directory: Option<&str>) -> Self {
        self.links = directory.map(str::to_owned);
        self
    }

    /// Adds a location in a file.
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

    /// Returns the width in columns.
    pub(crate) fn width(&self) -> usize {
        self.width
    }

    /// Takes the text written since the last call. The page continues as if the text were still there.
    pub(crate) fn take(&mut self) -> String {
        // The kept line breaks show that the page is not empty and whether it ends with an empty line.
        let end = if self.out.ends_with("\n\n") { "\n\n" } else { "\n" };
        let kept = if self.out.is_empty() { "" } else { end };
        let text = self.out.split_off(self.taken);
        kept.clone_into(&mut self.out);
        self.taken = kept.len();
        text
    }

    /// Returns the text.
    pub(crate) fn finish(self) -> String {
        self.out
    }

    /// Adds text to the line.
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

    /// Returns the terminal style of text that is written with [`Page::rendered`].
    pub(crate) fn ansi(&self, style: Style) -> anstyle::Style {
        match self.color {
            Color::On => style.ansi(),
            Color::Off => Style::Plain.ansi(),
        }
    }

    /// Writes lines that already have their styles and no control characters of the input.
    pub(crate) fn rendered(&mut self, indent: usize, text: &str) {
        for line in text.lines() {
            self.pad(indent);
            self.out.push_str(line);
            self.end_line();
        }
    }

    /// Ends the line and trims trailing spaces.
    pub(crate) fn end_line(&mut self) {
        self.set(Style::Plain);
        let len = self.out.trim_end_matches(' ').len();
        self.out.truncate(len);
        self.out.push('\n');
        self.column = 0;
    }

    /// Writes an empty line, unless the page is empty or already ends with one.
    pub(crate) fn gap(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }

    /// Writes a line without wrapping it.
    pub(crate) fn line(&mut self, indent: usize, pieces: &[Piece<'_>]) {
        self.pad(indent);
        for Piece(style, text) in pieces {
            self.push(*style, text);
        }
        self.end_line();
    }

    /// Writes `lead`, then `pieces` wrapped beside it. Lines break at spaces. A word wider than the page stays
    /// whole, so that it can be copied and searched for.
    pub(crate) fn wrapped(&mut self, indent: usize, lead: &[Piece<'_>], pieces: &[Piece<'_>]) {
        self.pad(indent);
        for Piece(style, text) in lead {
            self.push(*style, text);
        }
        // A lead wider than half of the page does not set the margin.
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

    /// Writes spaces up to `column`.
    pub(crate) fn pad(&mut self, column: usize) {
        let missing = column.saturating_sub(self.column);
        if missing > 0 {
            self.push(Style::Plain, &" ".repeat(missing));
        }
    }

    /// Writes escape sequences only if the style changes, so plain text has none.
    fn set(&mut self, style: Style) {
        if self.color == Color::Off || style == self.style {
            return;
        }
        // `{:#}` ends a style; the plain one writes nothing.
        let _ = write!(self.out, "{:#}{}", self.style.ansi(), style.ansi());
        self.style = style;
    }
}

/// Splits pieces into words. A word can have several styles. The flag is false only for the first word, which
/// has no space before it.
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
        assert_eq!(text, "\x1b[1m\x1b[31mFAIL\x1b[0m x \x1b[2my\\x1b[2J\x1b[0m\n");
    }
}
