//! Edits of JSON and of YAML in flow style.

use serde_json::{Value as Json, json};

use super::path::{Way, is_within, range};
use super::style::{anchor, is_flow, unit};
use super::text::{self, Edit, cut};
use super::value::{self, Layout};
use crate::source::tree::{Member, Node};

/// Returns the layout of an object, or of the document if the object is empty.
pub(super) fn layout<'t>(at: &Way<'t, '_>, node: &Node<'_>) -> Layout<'t> {
    let text = at.text;
    let eol = text::line_break(text);
    if !at.is_json() && !is_flow(text, node) {
        return Layout { eol, unit: unit(at), quote: None, colon: ": ", multiline: false };
    }
    let sample =
        |node: &Node<'_>| written(node).last().map(|member| (quote(text, member), colon(text, member)));
    let root = &at.document.root;
    let (quote, colon) = sample(node)
        .or_else(|| at.is_json().then(|| sample(root)).flatten())
        .unwrap_or((at.is_json().then_some('"'), ": "));
    // The text before the first key shows the layout of the document.
    let lead = written(root).next().filter(|_| at.is_json()).map_or("", |first| {
        cut(text, root.place.span.start as usize + 1..first.key_place.span.start as usize)
    });
    let unit = lead.rsplit(['\n', '\r']).next().unwrap_or("");
    let base = text::indent(text, root.place.span.start as usize);
    let unit = unit.strip_prefix(base).unwrap_or(unit);
    Layout { eol, unit, quote, colon, multiline: lead.contains(['\n', '\r']) }
}

/// Returns the members that are inside the object itself, in order.
fn written<'n, 'a>(node: &'n Node<'a>) -> impl DoubleEndedIterator<Item = &'n Member<'a>> {
    node.as_object().unwrap_or(&[]).iter().filter(|member| is_within(member, node))
}

fn quote(text: &str, member: &Member<'_>) -> Option<char> {
    cut(text, range(member.key_place.span)).chars().next().filter(|c| matches!(c, '"' | '\''))
}

/// Returns the text between key and value, if it is a colon with blanks.
fn colon<'t>(text: &'t str, member: &Member<'_>) -> &'t str {
    let between = cut(text, member.key_place.span.end as usize..member.value.place.span.start as usize);
    // YAML requires a blank between a plain key and its value; a key without a value may have none.
    let is_wide = between.ends_with(' ') || quote(text, member).is_some();
    if is_wide && between.trim() == ":" && !between.contains(['\n', '\r']) { between } else { ": " }
}

/// Returns the edits that add a member at the end of an object.
pub(super) fn insert(
    at: &Way<'_, '_>,
    node: &Node<'_>,
    key: &str,
    value: &Json,
) -> Result<Vec<Edit>, String> {
    let text = at.text;
    let layout = layout(at, node);
    let span = range(node.place.span);
    let written_node = cut(text, span.clone());
    let (properties, bare) = anchor(written_node);
    if !bare.starts_with('{') || !bare.ends_with('}') {
        return Err("the object is not enclosed in braces".into());
    }
    let open = span.start.saturating_add(properties.len()).saturating_add(1);
    let close = span.end.saturating_sub(1);
    let inner = cut(text, open..close);
    let content = inner.trim_end();
    let last = written(node).last();
    if content.trim_start().is_empty() {
        let member = single(key, value);
        let new = value::flow(&member, &layout, text::indent(text, span.start));
        return Ok(vec![Edit::new(open.saturating_sub(1), span.end, new)]);
    }
    let separator = last.map_or_else(|| ", ".to_owned(), |last| separator(text, node, last, &layout));
    let on_new_line = separator.contains(['\n', '\r']);
    let indent = separator.rsplit(['\n', '\r']).next().unwrap_or("").to_owned();
    let layout = Layout { multiline: layout.multiline && on_new_line, ..layout };
    let name = value::scalar(&key.into(), layout.quote);
    let value = value::flow(value, &layout, if on_new_line { &indent } else { "" });
    let entry = format!("{name}{}{value}", layout.colon);
    if inner.contains('#') {
        // A comment can follow the last value, so the comma goes directly after the value.
        let Some(last) = last else { return Err("there are comments between the brackets".into()) };
        return Ok(vec![Edit::insert(last.value.place.span.end as usize, format!("{separator}{entry}"))]);
    }
    let end = open.saturating_add(content.len());
    if content.ends_with(',') {
        let before = separator.replacen(',', "", 1);
        return Ok(vec![Edit::insert(
            end,
            format!("{}{entry}", if before.is_empty() { " " } else { &before }),
        )]);
    }
    Ok(vec![Edit::insert(end, format!("{separator}{entry}"))])
}

/// Returns the separator between two members.
fn separator(text: &str, node: &Node<'_>, last: &Member<'_>, layout: &Layout<'_>) -> String {
    let start = last.key_place.span.start as usize;
    let before = written(node).rfind(|member| (member.key_place.span.start as usize) < start);
    let gap = match before {
        Some(before) => cut(text, before.value.place.span.end as usize..start).to_owned(),
        None => {
            let (properties, _) = anchor(cut(text, range(node.place.span)));
            let open = (node.place.span.start as usize).saturating_add(properties.len()).saturating_add(1);
            format!(",{}", cut(text, open..start))
        }
    };
    if gap.trim() != "," {
        return ", ".into();
    }
    // `{"a": 1}` has no blank before its key, but a second key should still follow a blank.
    if gap == "," && before.is_none() && layout.colon.ends_with(' ') { ", ".into() } else { gap }
}

/// Returns the edits that replace a null in flow style by an object.
pub(super) fn fill_null(
    at: &Way<'_, '_>,
    outer: &Node<'_>,
    member: &Member<'_>,
    key: &str,
    value: &Json,
) -> Vec<Edit> {
    let layout = layout(at, outer);
    let object = single(key, value);
    let span = range(member.value.place.span);
    let new = value::flow(&object, &layout, text::indent(at.text, member.key_place.span.start as usize));
    let before = cut(at.text, 0..span.start);
    // `{a}` and `{a: }` have no value to replace.
    let lead = match span.is_empty() {
        true if before.ends_with(':') => " ",
        true if !before.ends_with(' ') => ": ",
        _ => "",
    };
    vec![Edit::new(span.start, span.end, format!("{lead}{new}"))]
}

/// Returns the edits that remove a member and one of the commas around it.
pub(super) fn remove(text: &str, parent: &Node<'_>, member: &Member<'_>) -> Result<Vec<Edit>, String> {
    let start = member.key_place.span.start as usize;
    let end = member.value.place.span.end as usize;
    let before = written(parent).rfind(|other| (other.key_place.span.start as usize) < start);
    let after = written(parent).find(|other| (other.key_place.span.start as usize) > start);
    let hull = match (before, after) {
        (Some(before), _) => before.value.place.span.end as usize..end,
        (None, Some(after)) => start..after.key_place.span.start as usize,
        (None, None) => start..end,
    };
    let around = [cut(text, hull.start..start.max(hull.start)), cut(text, end..hull.end.max(end))];
    if around.iter().any(|gap| gap.contains('#')) {
        return Err("there is a comment between the values".into());
    }
    if before.is_none() && after.is_none() {
        // Blanks inside the brackets stay, but a comma must not.
        let rest = cut(text, end..parent.place.span.end as usize).trim_start();
        if rest.starts_with(',') {
            return Err("there is a comma after the only value".into());
        }
    }
    Ok(vec![Edit::delete(hull)])
}

fn single(key: &str, value: &Json) -> Json {
    json!({ key: value })
}
