//! Edits of YAML in block style.

use serde_json::Value as Json;

use super::path::{Way, is_within, range};
use super::style::{anchor, is_flow, unit};
use super::text::{self, Edit, cut};
use super::tree::to_json;
use super::value::{self, Layout};
use crate::source::tree::{Member, Node, NodeValue};

/// Returns the edits that add a member at the end of a mapping.
pub(super) fn insert(
    at: &Way<'_, '_>,
    node: &Node<'_>,
    key: &str,
    value: &Json,
) -> Result<Vec<Edit>, String> {
    let text = at.text;
    let span = range(node.place.span);
    let first = node.as_object().unwrap_or(&[]).iter().find(|member| is_within(member, node));
    let first = match first {
        Some(member) => member.key_place.span.start as usize,
        // The mapping has only merge keys.
        None => match cut(text, span.clone()).find("<<") {
            Some(found) => span.start.saturating_add(found),
            None => return Err("the mapping has no key of its own".into()),
        },
    };
    let indent = " ".repeat(text::column(text, first));
    let layout =
        Layout { eol: text::line_break(text), unit: unit(at), quote: None, colon: ": ", multiline: false };
    Ok(vec![new_line(text, span.end, &indent, &value::block(key, value, &layout, &indent))])
}

/// Returns the edit that inserts a line after the line of `at`.
fn new_line(text: &str, at: usize, indent: &str, line: &str) -> Edit {
    let end = text::line_end(text, at);
    let eol = text::break_at(text, end);
    if eol.is_empty() {
        // Without a final line break, the new last line has none either.
        Edit::insert(end, format!("{}{indent}{line}", text::line_break(text)))
    } else {
        Edit::insert(end.saturating_add(eol.len()), format!("{indent}{line}{eol}"))
    }
}

/// Returns the edits that add the first member under a key without a value or with null.
pub(super) fn fill_null(
    at: &Way<'_, '_>,
    member: &Member<'_>,
    key: &str,
    value: &Json,
) -> Result<Vec<Edit>, String> {
    let text = at.text;
    let span = range(member.value.place.span);
    let name_end = member.key_place.span.end as usize;
    let layout =
        Layout { eol: text::line_break(text), unit: unit(at), quote: None, colon: ": ", multiline: false };
    let indent =
        format!("{}{}", " ".repeat(text::column(text, member.key_place.span.start as usize)), layout.unit);
    let line = value::block(key, value, &layout, &indent);
    let mut edits = Vec::new();
    let mut behind = span.end;
    if !span.is_empty() {
        let Some(colon) = cut(text, name_end..span.start).find(':') else {
            return Err("the key is not followed by a colon".into());
        };
        let after = name_end.saturating_add(colon).saturating_add(1);
        let (properties, _) = anchor(cut(text, span.clone()));
        if !cut(text, after..span.start).trim().is_empty() || properties.contains('&') {
            return Err("the null has a comment or an anchor before it".into());
        }
        edits.push(Edit::delete(after..span.end));
        behind = span.end;
    }
    edits.push(new_line(text, behind, &indent, &line));
    Ok(edits)
}

/// Replaces an alias by a mapping that merges it and overrides one member. The anchor and its other uses stay
/// unchanged.
pub(super) fn override_alias(at: &Way<'_, '_>, node: &Node<'_>, key: &str, value: &Json) -> Vec<Edit> {
    let span = range(node.place.span);
    let layout = Layout { eol: "", unit: "", quote: None, colon: ": ", multiline: false };
    let new = format!(
        "{{<<: {}, {}: {}}}",
        cut(at.text, span.clone()),
        value::scalar(&key.into(), None),
        value::flow(value, &layout, "")
    );
    vec![Edit::new(span.start, span.end, new)]
}

/// Returns the edits that remove a member from a mapping.
pub(super) fn remove(
    at: &Way<'_, '_>,
    parent: &Node<'_>,
    outer: Option<&Member<'_>>,
    member: &Member<'_>,
) -> Result<Vec<Edit>, String> {
    let mut edits = remove_entry_at(at.text, member.key_place.span.start as usize)?;
    let alone = parent.as_object().is_some_and(|members| members.len() == 1);
    if alone && let Some(outer) = outer {
        // Without `{}` the value would become null.
        let name_end = outer.key_place.span.end as usize;
        let Some(colon) = cut(at.text, name_end..at.text.len()).find(':') else {
            return Err("the key is not followed by a colon".into());
        };
        edits.insert(0, Edit::insert(name_end.saturating_add(colon).saturating_add(1), " {}"));
    }
    Ok(edits)
}

/// Returns the edits that remove the entry whose key is at `key`, with all of its lines. Comments stay.
pub(super) fn remove_entry_at(text: &str, key: usize) -> Result<Vec<Edit>, String> {
    if !text::is_first_on_line(text, key) {
        return Err("the key is not at the start of its line".into());
    }
    let column = text::column(text, key);
    let start = text::line_start(text, key);
    let mut end = text::next_line(text, key);
    let mut at = end;
    // Comments and blank lines belong to the entry if more of it follows.
    while at < text.len() {
        let line = cut(text, at..text::line_end(text, at));
        let body = line.trim_start_matches([' ', '\t']);
        let width = line.len().saturating_sub(body.len());
        let next = text::next_line(text, at);
        let is_item = width == column && (body == "-" || body.starts_with("- "));
        if body.is_empty() || body.starts_with('#') {
            at = next;
        } else if width > column || is_item {
            (at, end) = (next, next);
        } else {
            break;
        }
    }
    Ok(without(text, start, end))
}

/// Returns the edits that delete whole lines but keep their comments.
fn without(text: &str, start: usize, end: usize) -> Vec<Edit> {
    let mut kept = String::new();
    let mut at = start;
    while at < end {
        let next = text::next_line(text, at);
        let line = cut(text, at..text::line_end(text, at));
        if let Some(comment) = comment_of(line) {
            kept.push_str(text::indent(text, at));
            kept.push_str(comment);
            kept.push_str(cut(text, at.saturating_add(line.len())..next));
        }
        at = next;
    }
    let mut start = start;
    let broken = cut(text, 0..end).ends_with(['\n', '\r']);
    if end >= text.len() && !broken {
        // Without a final line break, the break of the previous line is deleted too, unless a comment is kept.
        if kept.is_empty() {
            let before = cut(text, 0..start);
            let eol = if before.ends_with("\r\n") { 2 } else { usize::from(start > 0) };
            start = start.saturating_sub(eol);
        }
    }
    vec![Edit::new(start, end, kept)]
}

/// Returns the comment on a line. Only quotes that open on the same line are recognized.
fn comment_of(line: &str) -> Option<&str> {
    let mut quote = None;
    let mut before = ' ';
    let mut is_escaped = false;
    for (at, c) in line.char_indices() {
        if std::mem::take(&mut is_escaped) {
            continue;
        }
        match (quote, c) {
            (Some('"'), '\\') => is_escaped = true,
            (None, '#') if matches!(before, ' ' | '\t') => return line.get(at..),
            (None, '"' | '\'') if !before.is_alphanumeric() => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            _ => {}
        }
        before = c;
    }
    None
}

/// Returns the next edit on the way to the wanted list. Items that stay keep their places, and a surplus item is
/// replaced by a missing one.
pub(super) fn edit_list(
    at: &Way<'_, '_>,
    list: &Node<'_>,
    items: &[Node<'_>],
    wanted: &[Json],
) -> Result<Vec<Edit>, String> {
    let text = at.text;
    let outer = list.place.span;
    if items.iter().any(|item| item.place.span.start < outer.start || item.place.span.end > outer.end) {
        return Err("the list is an alias".into());
    }
    let is_flow = at.is_json() || is_flow(text, list);
    let has = |value: &Json, items: &[Node<'_>]| items.iter().any(|item| to_json(item) == *value);
    let values: Vec<Json> = items.iter().map(to_json).collect();
    let surplus = values.iter().enumerate().position(|(number, value)| {
        !wanted.contains(value) || values.get(..number).unwrap_or(&[]).contains(value)
    });
    let missing = wanted.iter().find(|value| !has(value, items));
    let quote = items.first().and_then(|item| {
        let (_, bare) = anchor(cut(text, range(item.place.span)));
        bare.chars().next().filter(|c| matches!(c, '"' | '\''))
    });
    let quote = quote.or(at.is_json().then_some('"'));
    let item_at = |number: usize| items.get(number).map(|item| range(item.place.span));
    match (surplus.and_then(item_at), missing) {
        (Some(span), Some(value)) => Ok(vec![Edit::new(span.start, span.end, value::scalar(value, quote))]),
        (None, Some(value)) => {
            let Some(last) = items.last().map(|item| range(item.place.span)) else { return Ok(Vec::new()) };
            let new = value::scalar(value, quote);
            if is_flow {
                let number = items.len().saturating_sub(2);
                let gap = item_at(number).filter(|before| before.end < last.start);
                let gap = gap.map_or(", ", |before| cut(text, before.end..last.start));
                let gap = if gap.trim() == "," { gap } else { ", " };
                return Ok(vec![Edit::insert(last.end, format!("{gap}{new}"))]);
            }
            let line = text::line_start(text, last.start);
            let lead = cut(text, line..last.start);
            if lead.trim() != "-" {
                return Err("an item is not on its own line".into());
            }
            Ok(vec![new_line(text, last.end, "", &format!("{lead}{new}"))])
        }
        (Some(span), None) if is_flow => {
            let number = surplus.unwrap_or(0);
            let before = number.checked_sub(1).and_then(item_at);
            let hull = match (before, item_at(number.saturating_add(1))) {
                (Some(before), _) => before.end..span.end,
                (None, Some(after)) => span.start..after.start,
                (None, None) => span,
            };
            if cut(text, hull.clone()).contains('#') {
                return Err("there is a comment between the items".into());
            }
            Ok(vec![Edit::delete(hull)])
        }
        (Some(span), None) => {
            let line = text::line_start(text, span.start);
            if cut(text, line..span.start).trim() != "-" {
                return Err("an item is not on its own line".into());
            }
            Ok(without(text, line, text::next_line(text, span.end)))
        }
        // No item is missing or surplus.
        (None, None) => match list.value {
            NodeValue::Array(_) => Ok(Vec::new()),
            _ => Err("the value is not a list".into()),
        },
    }
}
