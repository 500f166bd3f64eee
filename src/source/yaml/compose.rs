//! Builds nodes from events: the parser part of go-yaml v2 `decode.go`.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::mem::take;

use libyaml_safer::{Encoding, Event, EventData, MappingStyle, Parser, ScalarStyle, SequenceStyle};

use super::input::{Chunks, needs_pad};
use super::mark::{BOM, offset};
use super::scalar::{Scalar, Tag};
use super::syntax_error::{failure, syntax};
use crate::source::read_error::{ReadError, too_deep, too_many_nodes};
use crate::source::{Limits, Span};

/// The nodes of one document, before aliases are expanded.
pub(super) struct Tree<'a> {
    items: Vec<Item<'a>>,
    /// The children of all collections; each collection has a range of this list.
    children: Vec<u32>,
    /// `None` for a text without a document.
    pub(super) root: Option<u32>,
}

/// A node.
pub(super) struct Item<'a> {
    pub(super) span: Span,
    pub(super) kind: Kind<'a>,
}

/// The content of a node. Ranges are indices into [`Tree::children`].
pub(super) enum Kind<'a> {
    Scalar(Scalar<'a>),
    Alias(u32),
    Sequence(u32, u32),
    /// Alternating keys and values.
    Mapping(u32, u32),
}

impl<'a> Tree<'a> {
    pub(super) fn item(&self, at: u32) -> Option<&Item<'a>> {
        self.items.get(at as usize)
    }

    pub(super) fn children(&self, start: u32, end: u32) -> &[u32] {
        self.children.get(start as usize..end as usize).unwrap_or(&[])
    }
}

/// Reads the events of the first document.
pub(super) fn compose<'a>(text: &'a str, limits: &Limits) -> Result<Tree<'a>, ReadError> {
    let body = text.strip_prefix(BOM).unwrap_or(text);
    let mut parser = Parser::new();
    // Set explicitly, so that U+F000 to U+FFFF at the start is not taken for a broken byte order mark.
    parser.set_encoding(Encoding::Utf8);
    parser.set_input(Chunks::new(body));
    let mut composer = Composer {
        text,
        base: text.len().saturating_sub(body.len()),
        padded: needs_pad(body),
        depth: limits.levels(),
        nodes: limits.nodes,
        tree: Tree { items: Vec::new(), children: Vec::new(), root: None },
        pending: Vec::new(),
        open: Vec::new(),
        flow: 0,
        anchors: BTreeMap::new(),
        last_end: 0,
    };
    loop {
        let mut event = parser.parse().map_err(|err| failure(text, &err))?;
        if !composer.event(&mut event)? {
            return Ok(composer.tree);
        }
    }
}

/// A collection that is not closed yet.
struct Open {
    item: u32,
    /// Where its children start in `pending`.
    base: usize,
    flow: bool,
    mapping: bool,
}

struct Composer<'a> {
    text: &'a str,
    /// The length of the byte order mark, which the parser does not receive.
    base: usize,
    /// Whether the parser receives an additional line break after the text.
    padded: bool,
    depth: usize,
    nodes: usize,
    tree: Tree<'a>,
    /// Children of open collections.
    pending: Vec<u32>,
    open: Vec<Open>,
    /// How many of `open` are flow collections.
    flow: usize,
    /// Nodes by their anchors. INVARIANT: not a hash map, because a hostile text can choose 100,000 names.
    anchors: BTreeMap<String, u32>,
    /// The end of the last token of the document.
    last_end: usize,
}

impl<'a> Composer<'a> {
    /// Adds the content of one event. Returns false at the end of the document.
    fn event(&mut self, event: &mut Event) -> Result<bool, ReadError> {
        let start = self.at(offset(event.start_mark));
        let end = self.at(offset(event.end_mark));
        match &mut event.data {
            EventData::StreamStart { .. } => {}
            EventData::StreamEnd | EventData::DocumentEnd { .. } => return Ok(false),
            EventData::DocumentStart { version_directive, implicit, .. } => {
                // libyaml-safer also accepts 1.2 (go-yaml v2 `parserc.go`: only 1.1).
                if version_directive.is_some_and(|version| (version.major, version.minor) != (1, 1)) {
                    return Err(syntax(
                        Span::new(start, end),
                        "found a %YAML directive for a version other than 1.1",
                        "remove the %YAML line; the kubelet supports only YAML 1.1",
                    ));
                }
                if !*implicit {
                    self.last_end = end;
                }
            }
            EventData::Alias { anchor } => {
                let span = Span::new(start, end);
                let Some(target) = self.anchors.get(anchor).copied() else {
                    return Err(syntax(
                        span,
                        format!("found alias '*{anchor}' without an anchor '&{anchor}' before it"),
                        "define the anchor before its first alias, or quote a string that starts with '*'",
                    ));
                };
                self.last_end = end;
                self.add(span, Kind::Alias(target), None)?;
            }
            EventData::Scalar { anchor, tag, value, plain_implicit, style, .. } => {
                let (span, value) = self.scalar(start, end, take(value), *style)?;
                self.last_end = self.last_end.max(span.end as usize);
                let tag = tag.as_deref().and_then(Tag::named);
                let scalar = Scalar { value, tag, plain: *plain_implicit };
                self.add(span, Kind::Scalar(scalar), anchor.take())?;
            }
            EventData::SequenceStart { anchor, style, .. } => {
                self.enter(start, end, *style == SequenceStyle::Flow, false, anchor.take())?;
            }
            EventData::MappingStart { anchor, style, .. } => {
                self.enter(start, end, *style == MappingStyle::Flow, true, anchor.take())?;
            }
            EventData::SequenceEnd | EventData::MappingEnd => self.leave(start, end),
        }
        Ok(true)
    }

    fn add(&mut self, span: Span, kind: Kind<'a>, anchor: Option<String>) -> Result<u32, ReadError> {
        if self.tree.items.len() >= self.nodes {
            return Err(too_many_nodes(span, self.nodes));
        }
        let at = u32::try_from(self.tree.items.len()).map_err(|_| too_many_nodes(span, self.nodes))?;
        self.tree.items.push(Item { span, kind });
        if self.tree.root.is_none() {
            self.tree.root = Some(at);
        } else {
            self.pending.push(at);
        }
        if let Some(anchor) = anchor {
            // A collection gets its anchor before its content, so it can contain an alias to itself.
            self.anchors.insert(anchor, at);
        }
        Ok(at)
    }

    fn enter(
        &mut self,
        start: usize,
        end: usize,
        flow: bool,
        mapping: bool,
        anchor: Option<String>,
    ) -> Result<(), ReadError> {
        let span = Span::new(start, end);
        if self.open.len() >= self.depth {
            return Err(too_deep(span, self.depth));
        }
        let item =
            self.add(span, if mapping { Kind::Mapping(0, 0) } else { Kind::Sequence(0, 0) }, anchor)?;
        self.open.push(Open { item, base: self.pending.len(), flow, mapping });
        self.flow = self.flow.saturating_add(usize::from(flow));
        // A block collection has no opening bracket.
        self.last_end = self.last_end.max(if flow { end } else { start });
        Ok(())
    }

    fn leave(&mut self, start: usize, end: usize) {
        let Some(open) = self.open.pop() else { return };
        let bracket = if open.mapping { b'}' } else { b']' };
        // The end of a block collection, and of the pair in `[a: b]`, is the next token, which can be lines
        // below.
        if open.flow && self.text.as_bytes().get(start) == Some(&bracket) {
            self.last_end = end;
        }
        self.flow = self.flow.saturating_sub(usize::from(open.flow));
        let clamp = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let first = clamp(self.tree.children.len());
        self.tree.children.extend_from_slice(self.pending.get(open.base..).unwrap_or(&[]));
        self.pending.truncate(open.base);
        let last = clamp(self.tree.children.len());
        if let Some(item) = self.tree.items.get_mut(open.item as usize) {
            item.span.end = clamp(self.last_end).max(item.span.start);
            item.kind = if open.mapping { Kind::Mapping(first, last) } else { Kind::Sequence(first, last) };
        }
    }

    /// The span of a scalar without trailing white space, and its value as in go-yaml.
    fn scalar(
        &self,
        start: usize,
        end: usize,
        mut value: String,
        style: ScalarStyle,
    ) -> Result<(Span, Cow<'a, str>), ReadError> {
        if start == end {
            return Ok((Span::at(self.empty_at(start)), Cow::Borrowed("")));
        }
        let raw = self.text.get(start..end).unwrap_or("").trim_end_matches(BREAKS_AND_BLANKS);
        let span = Span::new(start, start.saturating_add(raw.len()));
        match style {
            ScalarStyle::Plain if self.flow > 0 && value.contains('?') => {
                // libyaml changed this after go-yaml v2 was ported from it.
                return Err(syntax(
                    span,
                    "found '?' in an unquoted string between brackets",
                    "quote the string; for the kubelet's YAML parser this '?' starts a key",
                ));
            }
            ScalarStyle::DoubleQuoted if has_escaped_slash(raw) => {
                return Err(syntax(
                    span,
                    "found unknown escape character '/' in a double-quoted string",
                    "remove the backslash; the kubelet's YAML parser does not support this escape",
                ));
            }
            ScalarStyle::Literal | ScalarStyle::Folded
                if self.reaches_pad(end)
                    && value.ends_with('\n')
                    && !self.break_is_written(raw, style, &value) =>
            {
                value.pop();
            }
            _ => {}
        }
        let inner = match style {
            ScalarStyle::SingleQuoted => raw.strip_suffix('\'').unwrap_or(raw),
            ScalarStyle::DoubleQuoted => raw.strip_suffix('"').unwrap_or(raw),
            _ => raw,
        };
        let written =
            inner.len().checked_sub(value.len()).and_then(|at| inner.get(at..)).filter(|tail| *tail == value);
        Ok((span, written.map_or(Cow::Owned(value), Cow::Borrowed)))
    }

    fn reaches_pad(&self, end: usize) -> bool {
        self.padded && end >= self.text.len()
    }

    /// Whether the last line break of a block scalar at the end of the text is part of the text and not
    /// the one that was added.
    fn break_is_written(&self, raw: &str, style: ScalarStyle, value: &str) -> bool {
        let before_blanks = self.text.trim_end_matches(' ');
        let last_line_is_blank = before_blanks.is_empty() || before_blanks.ends_with(['\n', '\r']);
        let content_is_blank = value.trim_end_matches('\n').ends_with(' ');
        // With `+` every line break is part of the value, so the added one is too many.
        let indicator = if style == ScalarStyle::Literal { '|' } else { '>' };
        let header = raw.split_once(indicator).map_or("", |(_, rest)| rest);
        let keep = header.chars().take_while(|c| matches!(c, '+' | '-' | '0'..='9')).any(|c| c == '+');
        last_line_is_blank && !keep && !content_is_blank
    }

    /// The offset of an empty scalar: directly after the indicator that it belongs to.
    ///
    /// libyaml reports some of them at the next token, after white space and comments.
    fn empty_at(&self, mark: usize) -> usize {
        let before = mark.checked_sub(1).and_then(|at| self.text.as_bytes().get(at));
        if mark > self.last_end && matches!(before, Some(b':' | b'-' | b'?')) {
            return mark;
        }
        let gap = self.text.get(self.last_end..mark).unwrap_or("");
        let lead = gap.trim_start_matches(BREAKS_AND_BLANKS);
        if !lead.starts_with(':') {
            return self.last_end.min(mark);
        }
        self.last_end.saturating_add(gap.len().saturating_sub(lead.len())).saturating_add(1)
    }

    /// Converts an offset of the parser to an offset of the text.
    fn at(&self, offset: usize) -> usize {
        offset.saturating_add(self.base).min(self.text.len())
    }
}

/// Space, tab and the line breaks of YAML 1.1.
const BREAKS_AND_BLANKS: [char; 7] = [' ', '\t', '\n', '\r', '\u{85}', '\u{2028}', '\u{2029}'];

fn has_escaped_slash(raw: &str) -> bool {
    let mut escaped = false;
    raw.bytes().any(|byte| {
        let hit = escaped && byte == b'/';
        escaped = !escaped && byte == b'\\';
        hit
    })
}
