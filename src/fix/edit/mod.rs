//! Edits of a document's text.
//!
//! Every change is made in steps, and the text is parsed again after each step. At the end the document is
//! compared with the expected one: a change that would affect any other value, for example through an anchor, is
//! refused.

mod block;
mod flow;
mod path;
mod style;
#[cfg(test)]
mod tests;
pub(super) mod text;
pub(super) mod tree;
pub(super) mod value;

use serde_json::Value as Json;

use crate::source::tree::{Document, Member, NodeValue};
use crate::source::{Limits, SourceId, Span, document};

use path::{Way, range, walk};
use style::{anchor, is_alias, is_flow};
use text::{Edit, Patched};
use tree::{put, same, take, to_json};

/// A change at a field path such as `authentication.anonymous.enabled`.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// Sets the value and adds missing parent objects. Replaces the old value, such as a quoted boolean or a
    /// repeated key. List items that stay keep their order.
    Set {
        /// The path.
        path: String,
        /// The value.
        value: Json,
    },
    /// Removes the key.
    Remove {
        /// The path.
        path: String,
    },
    /// Renames the key.
    Rename {
        /// The path.
        path: String,
        /// The new name, without the path.
        to: String,
    },
}

/// The maximum number of steps of one change. Each repeated key and each list item takes one.
const MOST_STEPS: usize = 200;

/// Returns the edits that make the changes.
///
/// # Errors
///
/// The reason if a change cannot be made without changing anything else.
pub fn edit(text: &str, changes: &[Change], limits: &Limits) -> Result<Vec<Edit>, String> {
    patch(text, changes, limits).map(|patched| patched.edits())
}

pub(in crate::fix) fn patch<'t>(
    text: &'t str,
    changes: &[Change],
    limits: &Limits,
) -> Result<Patched<'t>, String> {
    let mut patched = Patched::new(text);
    for change in changes {
        let first = patched.text();
        let mut now = first.clone();
        let mut steps = 0_usize;
        loop {
            let document = read(&now, limits)?;
            let edits = step(&now, &document, change)?;
            if edits.is_empty() {
                break;
            }
            steps = steps.saturating_add(1);
            if steps > MOST_STEPS {
                return Err("the change requires too many edits".into());
            }
            patched.apply(&edits);
            now = patched.text();
        }
        if steps > 0 {
            check(&read(&first, limits)?, &read(&now, limits)?, change)?;
        }
    }
    Ok(patched)
}

fn read<'a>(text: &'a str, limits: &Limits) -> Result<Document<'a>, String> {
    // Added text is exempt from the size limit.
    let limits = Limits { bytes: limits.bytes.saturating_add(64 * 1024), ..*limits };
    document::read(text, SourceId(0), &limits)
        .map_err(|error| format!("the text is not readable: {}", error.message))
}

/// Returns the next edits of a change; none if it is complete.
fn step(text: &str, document: &Document<'_>, change: &Change) -> Result<Vec<Edit>, String> {
    let path: Vec<&str> = match change {
        Change::Set { path, .. } | Change::Remove { path } | Change::Rename { path, .. } => {
            path.split('.').collect()
        }
    };
    if document.root.as_object().is_none() {
        return Err("the document is not an object".into());
    }
    let at = Way { text, document, chain: walk(&document.root, &path), path: &path };
    match change {
        Change::Set { value, .. } => set(&at, value),
        Change::Remove { .. } => match at.leaf() {
            None => Ok(Vec::new()),
            Some(_) if at.inherited().is_some() => Err("the value comes from an alias or a merge key".into()),
            Some(member) => remove(&at, member),
        },
        Change::Rename { to, .. } => Ok(match at.leaf() {
            Some(member) if member.key != *to => {
                let span = range(member.key_place.span);
                let quote = text.get(span.clone()).and_then(|key| key.chars().next());
                let quote = quote.filter(|c| matches!(c, '"' | '\''));
                vec![Edit::new(span.start, span.end, value::scalar(&to.as_str().into(), quote))]
            }
            _ => Vec::new(),
        }),
    }
}

fn set(at: &Way<'_, '_>, value: &Json) -> Result<Vec<Edit>, String> {
    if let Some(number) = at.inherited() {
        let (Some(member), Some(key)) = (at.chain.get(number), at.path.get(number)) else {
            return Ok(Vec::new());
        };
        if at.leaf().is_some_and(|leaf| same(&to_json(&leaf.value), value)) {
            return Ok(Vec::new());
        }
        let mut whole = to_json(&member.value);
        put(&mut whole, at.path.get(number.saturating_add(1)..).unwrap_or(&[]), value);
        return insert(at, number, key, &whole);
    }
    let number = at.chain.len();
    if let Some(key) = at.path.get(number) {
        let mut whole = Json::Null;
        put(&mut whole, at.path.get(number.saturating_add(1)..).unwrap_or(&[]), value);
        return insert(at, number, key, &whole);
    }
    let Some(leaf) = at.leaf() else { return Ok(Vec::new()) };
    if let Some(edits) = drop_repeated(at, leaf)? {
        return Ok(edits);
    }
    if same(&to_json(&leaf.value), value) {
        return Ok(Vec::new());
    }
    replace(at, leaf, value)
}

/// Returns the edits that add a member to the `number`th object of the path.
fn insert(at: &Way<'_, '_>, number: usize, key: &str, value: &Json) -> Result<Vec<Edit>, String> {
    let node = at.parent(number);
    match &node.value {
        NodeValue::Object(_) if at.is_json() || is_flow(at.text, node) => flow::insert(at, node, key, value),
        NodeValue::Object(_) if is_alias(at.text, node) => Ok(block::override_alias(at, node, key, value)),
        NodeValue::Object(_) => block::insert(at, node, key, value),
        NodeValue::Null => {
            let outer = at.parent(number.saturating_sub(1));
            let Some(member) = number.checked_sub(1).and_then(|above| at.chain.get(above)) else {
                return Err("the document is not an object".into());
            };
            if at.is_json() || is_flow(at.text, outer) {
                Ok(flow::fill_null(at, outer, member, key, value))
            } else {
                block::fill_null(at, member, key, value)
            }
        }
        other => Err(format!(
            "{} is a {}, not an object",
            at.path.get(..number).unwrap_or(&[]).join("."),
            other.kind()
        )),
    }
}

fn remove(at: &Way<'_, '_>, member: &Member<'_>) -> Result<Vec<Edit>, String> {
    let parent = at.parent(at.chain.len().saturating_sub(1));
    if at.is_json() || is_flow(at.text, parent) {
        flow::remove(at.text, parent, member)
    } else {
        let outer = at.chain.len().checked_sub(2).and_then(|above| at.chain.get(above));
        block::remove(at, parent, outer.copied(), member)
    }
}

/// Returns the edits that remove one of the ineffective entries of a repeated key; `None` if there is none.
fn drop_repeated(at: &Way<'_, '_>, leaf: &Member<'_>) -> Result<Option<Vec<Edit>>, String> {
    let parent = at.parent(at.chain.len().saturating_sub(1));
    if at.is_json() {
        let members = parent.as_object().unwrap_or(&[]);
        let loser =
            members.iter().find(|member| member.key == leaf.key && member.key_place != leaf.key_place);
        return loser.map(|loser| flow::remove(at.text, parent, loser)).transpose();
    }
    let outer = parent.place.span;
    let inside = |span: Span| outer.start <= span.start && span.end <= outer.end;
    let counts = leaf.key_place.span;
    // All pairs of a group share their first entry.
    let pairs = &at.document.duplicates;
    let Some(group) = pairs.iter().find(|pair| pair.key == leaf.key && pair.again == counts) else {
        return Ok(None);
    };
    let loser = pairs
        .iter()
        .filter(|pair| pair.first == group.first && pair.key == leaf.key)
        .flat_map(|pair| [pair.first, pair.again])
        .find(|span| *span != counts && inside(*span));
    match loser {
        None => Ok(None),
        Some(_) if is_flow(at.text, parent) => Err("a key is repeated in flow style".into()),
        Some(span) => block::remove_entry_at(at.text, span.start as usize).map(Some),
    }
}

fn replace(at: &Way<'_, '_>, leaf: &Member<'_>, value: &Json) -> Result<Vec<Edit>, String> {
    let span = range(leaf.value.place.span);
    let written = at.text.get(span.clone()).unwrap_or("");
    let is_scalar = !matches!(leaf.value.value, NodeValue::Array(_) | NodeValue::Object(_));
    if let (NodeValue::Array(items), Json::Array(wanted), false) =
        (&leaf.value.value, value, is_alias(at.text, &leaf.value))
        && !items.is_empty()
        && !wanted.is_empty()
    {
        return block::edit_list(at, &leaf.value, items, wanted);
    }
    let is_one_line = is_scalar || at.is_json() || is_flow(at.text, &leaf.value) || written == "[]";
    if !is_one_line && !is_alias(at.text, &leaf.value) {
        return Err(format!("the current {} spans several lines", leaf.value.value.kind()));
    }
    let (anchor, bare) = anchor(written);
    let layout = flow::layout(at, at.parent(at.chain.len().saturating_sub(1)));
    let quote = match (value, bare.chars().next()) {
        (Json::String(_), Some(quote @ ('"' | '\''))) => Some(quote),
        _ => layout.quote,
    };
    let layout = value::Layout { quote, ..layout };
    let new = value::flow(value, &layout, text::indent(at.text, span.start));
    let space =
        if span.is_empty() && !at.text.get(..span.start).unwrap_or("").ends_with(' ') { " " } else { "" };
    // The anchor stays, because aliases may refer to it. The tag describes the old value, so it is removed.
    let anchor = anchor.split_ascii_whitespace().find(|word| word.starts_with('&')).unwrap_or("");
    let behind = if anchor.is_empty() { "" } else { " " };
    Ok(vec![Edit::new(span.start, span.end, format!("{space}{anchor}{behind}{new}"))])
}

/// Returns an error if the edits changed anything but the requested value.
fn check(before: &Document<'_>, after: &Document<'_>, change: &Change) -> Result<(), String> {
    let (mut expected, mut found) = (to_json(&before.root), to_json(&after.root));
    match change {
        Change::Set { path, value } => {
            let path: Vec<&str> = path.split('.').collect();
            if !take(&mut found, &path).is_some_and(|found| same(&found, value)) {
                return Err("the edit would not have the intended effect".into());
            }
            put(&mut expected, &path, value);
            take(&mut expected, &path);
        }
        Change::Remove { path } => {
            take(&mut expected, &path.split('.').collect::<Vec<_>>());
        }
        Change::Rename { path, to } => {
            let mut path: Vec<&str> = path.split('.').collect();
            if let Some(value) = take(&mut expected, &path) {
                path.pop();
                path.push(to);
                put(&mut expected, &path, &value);
            }
        }
    }
    if expected == found { Ok(()) } else { Err("the edit would also change other values".into()) }
}
