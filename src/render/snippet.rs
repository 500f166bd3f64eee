//! A source line with a range of it underlined.

use std::ops::Range as Bytes;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use super::SourceText;
use super::page::{Page, Style};
use crate::report::Range;
use crate::source::visible::push_visible;

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
    let (place, gutter) = match mark.range {
        Some(Range { start, .. }) => (
            format!("{path}:{}:{}", start.line, start.column),
            indent.saturating_add(start.line.to_string().len()),
        ),
        None => (path.to_owned(), indent),
    };
    page.pad(gutter);
    page.push(Style::Accent, "--> ");
    page.place(Style::Plain, &place, path);
    page.end_line();

    let (Some(source), Some(range)) = (&mark.source, mark.range) else { return };
    // The columns to the right of `12 | `.
    let room = page.width().saturating_sub(gutter.saturating_add(3));
    let Some(excerpt) = Excerpt::new(source, range, room) else { return };
    let label = if excerpt.goes_on { format!("... {}", mark.label) } else { mark.label.to_owned() };
    let label =
        Some(label.trim_end()).filter(|label| !label.is_empty() && label.width() < excerpt.label_room);
    let snippet = Snippet::source(&excerpt.text)
        .line_start(excerpt.first_line)
        .fold(false)
        .annotation(AnnotationKind::Primary.span(excerpt.marked.clone()).label(label));
    let renderer = Renderer::plain()
        .term_width(page.width().saturating_sub(indent))
        .line_num(page.ansi(Style::Accent))
        .error(page.ansi(mark.style));
    page.rendered(indent, &renderer.render(&[Group::with_level(Level::ERROR).element(snippet)]));
}

/// The line on which a range starts, as shown, after the line before it.
struct Excerpt {
    text: String,
    /// The number of the first line of `text`.
    first_line: usize,
    /// The part of `text` to underline.
    marked: Bytes<usize>,
    /// The columns for a label that leave half of the page to what is before the range.
    label_room: usize,
    /// Whether the range continues after the line.
    goes_on: bool,
}

impl Excerpt {
    /// Returns the excerpt for a page with `room` columns; `None` if the range is not inside the text.
    ///
    /// A line can be megabytes long: a configz dump is one line. The renderer cuts lines to the page, so twice
    /// what fits is enough on either side. It never cuts the range itself.
    fn new(source: &SourceText<'_>, range: Range, room: usize) -> Option<Self> {
        const BREAKS: [char; 2] = ['\n', '\r'];
        let text = source.text;
        let inside = |offset: u32| offset.checked_sub(source.offset).map(|offset| offset as usize);
        let (start, end) = (inside(range.start.offset)?, inside(range.end.offset)?);
        text.get(start..end)?;
        let line_end = text.get(start..)?.find(BREAKS).map_or(text.len(), |at| start.saturating_add(at));
        let goes_on = end > line_end && !text.get(line_end..end)?.trim().is_empty();
        let end = end.min(line_end);

        let enough = room.saturating_mul(2);
        let above = text.get(..start)?;
        let head = above.rsplit(BREAKS).next().unwrap_or("");
        let head_len =
            head.char_indices().rev().nth(enough).map_or(head.len(), |(at, _)| head.len().saturating_sub(at));
        let above = above.strip_suffix(head)?;
        let above = above.strip_suffix('\n').unwrap_or(above);
        let above = above.strip_suffix('\r').unwrap_or(above);
        let before = above.rsplit(BREAKS).next().unwrap_or("");

        let mut shown = String::new();
        let mut first_line = range.start.line as usize;
        // A cut line starts at another column than the line before it, so the latter is left out.
        if head_len == head.len() && !before.trim().is_empty() {
            first_line = first_line.saturating_sub(1);
            let before_start = above.len().saturating_sub(before.len());
            shown.push_str(&source.shown(before_start..above.len(), enough));
            shown.push('\n');
        }
        let shown_head = source.shown(start.saturating_sub(head_len)..start, enough);
        shown.push_str(&shown_head);
        let marked_start = shown.len();
        // The renderer keeps six columns free on both sides of the range.
        let marked = cut(source.shown(start..end, enough), room.saturating_sub(12));
        shown.push_str(&marked);
        let marked_end = shown.len();
        let tail = source.shown(end..line_end, enough);
        shown.push_str(&tail);
        let (head_width, marked_width) = (shown_head.width(), marked.width());
        let is_cut = head_width.saturating_add(marked_width).saturating_add(tail.width()) > room;
        let kept = if is_cut { head_width.min(room / 2) } else { head_width };
        Some(Self {
            text: shown,
            first_line,
            marked: marked_start..marked_end,
            label_room: room.saturating_sub(kept.saturating_add(marked_width)),
            goes_on,
        })
    }
}

impl SourceText<'_> {
    /// Returns the first characters of a part as shown: credentials hidden, control characters visible.
    fn shown(&self, part: Bytes<usize>, characters: usize) -> String {
        let text = self.text.get(part.clone()).unwrap_or("");
        let mut shown = String::new();
        let mut last_hidden = None;
        for (at, c) in text.char_indices().take(characters.saturating_add(1)) {
            let at = part.start.saturating_add(at);
            let number = self.hidden.partition_point(|hidden| hidden.end <= at);
            let hidden = self.hidden.get(number).filter(|hidden| hidden.contains(&at)).map(|_| number);
            match (hidden, c) {
                (Some(_), _) if hidden == last_hidden => {}
                (Some(_), _) => shown.push_str("***"),
                (None, '\t') => shown.push_str("    "),
                (None, c) => push_visible(&mut shown, c),
            }
            last_hidden = hidden;
        }
        shown
    }
}

/// Cuts text to a width; an ellipsis stands for what is cut.
fn cut(mut text: String, room: usize) -> String {
    if text.width() > room {
        let mut width = 0_usize;
        let end = text.char_indices().find(|(_, c)| {
            width = width.saturating_add(c.width().unwrap_or(0));
            width >= room
        });
        text.truncate(end.map_or(0, |(at, _)| at));
        text.push('…');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::page::{Color, Page, Style};
    use super::super::{SourceText, test_reports::range_of};
    use super::{Mark, write};
    use insta::assert_snapshot;
    use proptest::{prop_assert, proptest};
    use unicode_width::UnicodeWidthStr as _;

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
        assert_snapshot!(shown(60, "featureGates:\r\n\tGate: false\r\n", "false"), @r"
           --> a.json:2:8
            |
          1 | featureGates:
          2 |     Gate: false
            |           ^^^^^ here
        ");
    }

    #[test]
    fn wide_characters_take_two_columns() {
        assert_snapshot!(shown(60, "日本: 値 # ok", "値"), @r"
           --> a.json:1:5
            |
          1 | 日本: 値 # ok
            |       ^^ here
        ");
    }

    #[test]
    fn a_long_line_is_cut_around_the_range() {
        let text = format!("{{\"a\":\"{}\",\"gate\":false,\"b\":\"{}\"}}", "x".repeat(500), "y".repeat(500));
        assert_snapshot!(shown(40, &text, "false"), @r#"
           --> a.json:1:516
            |
          1 | ...","gate":false,"b":"yyyyyyyy...
            |             ^^^^^ here
        "#);
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
        assert_snapshot!(shown(60, "a: {\n  b: 1\n}", "{\n  b: 1\n}"), @r"
           --> a.json:1:4
            |
          1 | a: {
            |    ^ ... here
        ");
    }

    proptest! {
        #[test]
        fn hostile_lines_stay_within_the_page(
            text in "([a-z:\\[\\]\",]|[\\x00-\\x1f]|[日\u{301}\u{202e}😀]|staticPodURLHeader: ){0,200}",
            width in 20_usize..200,
            at in (0_usize..400, 0_usize..400),
        ) {
            let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
            let (a, b) = (starts[at.0 % starts.len()], starts[at.1 % starts.len()]);
            let marked = text.get(a.min(b)..a.max(b)).unwrap();
            let all = shown(width, &text, marked);
            prop_assert!(!all.contains(|c: char| c.is_control() && c != '\n'), "{all:?}");
            for line in all.lines() {
                prop_assert!(line.width() <= width.max(40), "{line}");
            }
            prop_assert!(all.contains('^'), "{all}");
        }
    }
}
