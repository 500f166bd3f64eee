//! A source line with a range of it underlined.
//!
//! The look is rustc's. annotate-snippets is not used, because it adds 110 KB to the WebAssembly module.

use std::ops::Range as Bytes;

use super::SourceText;
use super::page::{Page, Style};
use crate::report::Range;
use crate::source::visible::push_visible;
use unicode_width::UnicodeWidthStr as _;

/// A range to underline, and its label.
pub(crate) struct Mark<'a> {
    /// The source's name in the report, shown if the text is not available.
    pub(crate) name: &'a str,
    /// The text, if available.
    pub(crate) source: Option<SourceText<'a>>,
    /// The range, if known.
    pub(crate) range: Option<Range>,
    /// The label beside the underline; omitted if it does not fit.
    pub(crate) label: &'a str,
    /// The style of the underline.
    pub(crate) style: Style,
}

/// Writes `--> file:line:column` and, if the text is available, the line with the range underlined and the
/// line before it.
pub(crate) fn write(page: &mut Page, indent: usize, mark: &Mark<'_>) {
    let path = mark.source.as_ref().map_or(mark.name, |source| &source.path);
    let Some(range) = mark.range else {
        page.pad(indent);
        page.push(Style::Accent, "--> ");
        page.place(Style::Plain, path, path);
        page.end_line();
        return;
    };
    let number = range.start.line.to_string();
    let gutter = indent.saturating_add(number.len());
    let place = format!("{path}:{}:{}", range.start.line, range.start.column);
    page.pad(gutter);
    page.push(Style::Accent, "--> ");
    page.place(Style::Plain, &place, path);
    page.end_line();
    let Some((source, lines)) = mark.source.as_ref().and_then(|s| Some((s, Lines::around(s, range)?))) else {
        return;
    };

    // The columns to the right of `12 | `.
    let room = page.width().saturating_sub(gutter.saturating_add(3)).max(8);
    let view = View { source, room };
    bar(page, gutter);
    page.end_line();
    // A cut line starts at another column than the line before it, so the latter is left out.
    let cut = lines.line.len() > room;
    if let Some(before) = lines.before.clone().filter(|_| !cut) {
        let number = range.start.line.saturating_sub(1).to_string();
        page.pad(gutter.saturating_sub(number.len()));
        page.push(Style::Accent, &number);
        bar(page, gutter);
        page.push(Style::Dim, &view.cut_end(before));
        page.end_line();
    }
    let [head, marked, tail] = view.cut(&lines);
    page.pad(indent);
    page.push(Style::Accent, &number);
    bar(page, gutter);
    page.push(Style::Plain, &head);
    page.push(Style::Strong, &marked);
    page.push(Style::Plain, &tail);
    page.end_line();

    bar(page, gutter);
    page.pad(gutter.saturating_add(3).saturating_add(head.width()));
    page.push(mark.style, &"^".repeat(marked.width().max(1)));
    page.push(mark.style, if lines.goes_on { "..." } else { "" });
    if !mark.label.is_empty() && page.has_room(mark.label.width().saturating_add(1)) {
        page.push(mark.style, " ");
        page.push(mark.style, mark.label);
    }
    page.end_line();
}

fn bar(page: &mut Page, gutter: usize) {
    page.pad(gutter);
    page.push(Style::Accent, " |");
    page.push(Style::Plain, " ");
}

/// The lines around a range.
struct Lines {
    /// The line before, if it is not blank.
    before: Option<Bytes<usize>>,
    /// The line on which the range starts, without its line break.
    line: Bytes<usize>,
    /// The part of the range on that line.
    marked: Bytes<usize>,
    /// Whether the range continues after that line.
    goes_on: bool,
}

impl Lines {
    /// Returns the lines; `None` if the range is not inside the text.
    fn around(source: &SourceText<'_>, range: Range) -> Option<Self> {
        const BREAKS: [char; 2] = ['\n', '\r'];
        let text = source.text;
        let inside = |offset: u32| offset.checked_sub(source.offset).map(|offset| offset as usize);
        let (start, end) = (inside(range.start.offset)?, inside(range.end.offset)?);
        let (head, tail) = (text.get(..start)?, text.get(start..)?);
        text.get(start..end)?;
        let line_start = head.rfind(BREAKS).map_or(0, |at| at.saturating_add(1));
        let line_end = tail.find(BREAKS).map_or(text.len(), |at| start.saturating_add(at));
        let above = head.get(..line_start)?;
        let above = above.strip_suffix('\n').unwrap_or(above);
        let above = above.strip_suffix('\r').unwrap_or(above);
        let above_start = above.rfind(BREAKS).map_or(0, |at| at.saturating_add(1));
        let before = above_start..above.len();
        Some(Self {
            before: text.get(before.clone()).filter(|line| !line.trim().is_empty()).map(|_| before),
            line: line_start..line_end,
            marked: start..end.min(line_end),
            goes_on: end > line_end && !text.get(line_end..end)?.trim().is_empty(),
        })
    }
}

/// Cuts lines to the page width and hides credentials.
struct View<'a> {
    source: &'a SourceText<'a>,
    room: usize,
}

impl View<'_> {
    /// Returns the line in three parts: before the range, the range, after it. If the line is too long, the
    /// range stays visible; configz dumps are one line of thousands of characters.
    fn cut(&self, lines: &Lines) -> [String; 3] {
        let marked = self.first(lines.marked.clone(), self.room.saturating_sub(2));
        let room = self.room.saturating_sub(marked.width());
        let (before, after) = (lines.line.start..lines.marked.start, lines.marked.end..lines.line.end);
        // If the line is too long on both sides, two thirds of the room go to the text before the range.
        let kept_free = self.first(after.clone(), room / 3).width();
        let head = self.last(before, room.saturating_sub(kept_free));
        let tail = self.first(after, room.saturating_sub(head.width()));
        [head, marked, tail]
    }

    fn cut_end(&self, line: Bytes<usize>) -> String {
        self.first(line, self.room)
    }

    /// Returns the start of a range, with an ellipsis if it is cut.
    fn first(&self, range: Bytes<usize>, room: usize) -> String {
        let mut shown = String::new();
        // Stops at the width: a line can be megabytes long.
        for piece in self.pieces(range) {
            if shown.width().saturating_add(piece.width()) > room {
                while shown.width() >= room.max(1) {
                    shown.pop();
                }
                shown.push('…');
                break;
            }
            shown.push_str(&piece);
        }
        shown
    }

    /// Returns the end of a range, with an ellipsis if it is cut.
    fn last(&self, range: Bytes<usize>, room: usize) -> String {
        let text = self.source.text.get(range.clone()).unwrap_or("");
        let start = text.char_indices().rev().nth(room).map_or(0, |(at, _)| at);
        let all: Vec<String> = self.pieces(range.start.saturating_add(start)..range.end).collect();
        let whole = start == 0 && all.iter().map(|piece| piece.width()).sum::<usize>() <= room;
        if whole {
            return all.concat();
        }
        let mut free = room.saturating_sub(1);
        let fitting = all.iter().rev().take_while(|piece| {
            let fits = piece.width() <= free;
            free = free.saturating_sub(piece.width());
            fits
        });
        let from = all.len().saturating_sub(fitting.count());
        format!("…{}", all.get(from..).unwrap_or(&[]).concat())
    }

    /// Returns the characters of a range as shown; a hidden range is one piece.
    fn pieces(&self, range: Bytes<usize>) -> impl Iterator<Item = String> {
        let text = self.source.text.get(range.clone()).unwrap_or("");
        let hidden = &self.source.hidden;
        let hidden_at = move |at: usize| {
            let number = hidden.partition_point(|hidden| hidden.end <= at);
            hidden.get(number).is_some_and(|hidden| hidden.contains(&at)).then_some(number)
        };
        let mut last_hidden = None;
        text.char_indices().filter_map(move |(at, c)| {
            let hidden = hidden_at(range.start.saturating_add(at));
            let repeats = hidden.is_some() && hidden == last_hidden;
            last_hidden = hidden;
            match (hidden, c) {
                (Some(_), _) if repeats => None,
                (Some(_), _) => Some("***".to_owned()),
                (None, '\t') => Some("    ".to_owned()),
                (None, c) => {
                    let mut shown = String::new();
                    push_visible(&mut shown, c);
                    Some(shown)
                }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::page::{Color, Page, Style};
    use super::super::{SourceText, test_reports::range_of};
    use super::{Mark, write};

    fn shown(width: usize, text: &str, marked: &str) -> String {
        let mut page = Page::new(width, Color::Off);
        let hidden = crate::source::redaction::secret_ranges(text).into();
        let source = Some(SourceText { path: "a.json".into(), text, offset: 0, hidden });
        let range = Some(range_of(text, marked));
        write(&mut page, 2, &Mark { name: "a", source, range, label: "here", style: Style::Bad });
        page.finish()
    }

    #[test]
    fn the_range_is_underlined_below_its_line() {
        assert_eq!(
            shown(60, "featureGates:\r\n\tGate: false\r\n", "false"),
            "   --> a.json:2:8\n    |\n  1 | featureGates:\n  2 |     Gate: false\n    |           ^^^^^ here\n"
        );
    }

    #[test]
    fn a_long_line_is_cut_around_the_range() {
        let text = format!("{{\"a\":\"{}\",\"gate\":false,\"b\":\"{}\"}}", "x".repeat(500), "y".repeat(500));
        assert_eq!(
            shown(40, &text, "false"),
            "   --> a.json:1:516\n    |\n  1 | …xxxxxxxxxx\",\"gate\":false,\"b\":\"yy…\n    |                     ^^^^^ here\n"
        );
    }

    #[test]
    fn control_characters_and_credentials_are_not_shown() {
        let text = "{\"staticPodURLHeader\":{\"A\":[\"s3cret\"]},\"k\":\"\x1b[2Jx\"}";
        let all = shown(90, text, "\"\x1b[2Jx\"");
        assert!(all.contains("{\"staticPodURLHeader\":***,\"k\":\"\\x1b[2Jx\"}"), "{all}");
        assert!(shown(90, text, "s3cret").contains("^^^ here"));
        assert!(!shown(90, text, "s3cret").contains("s3cret"));
    }

    #[test]
    fn a_range_over_several_lines_says_that_it_goes_on() {
        let all = shown(60, "a: {\n  b: 1\n}", "{\n  b: 1\n}");
        assert!(all.ends_with("  1 | a: {\n    |    ^... here\n"), "{all}");
    }
}
