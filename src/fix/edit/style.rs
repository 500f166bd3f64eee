//! The style of a document: indentation, flow style, anchors and aliases.

use super::path::{Way, is_within, range};
use super::text::{self, cut};
use crate::source::tree::Node;

/// Splits a value into its tag and anchor with the blanks after them, and the value itself.
pub(super) fn anchor(written: &str) -> (&str, &str) {
    let mut rest = written;
    while rest.starts_with(['&', '!']) {
        let word = rest.find([' ', '\t', '\n', '\r']).unwrap_or(rest.len());
        rest = cut(rest, word..rest.len()).trim_start();
    }
    (cut(written, 0..written.len().saturating_sub(rest.len())), rest)
}

/// Whether the value is an alias.
pub(super) fn is_alias(text: &str, node: &Node<'_>) -> bool {
    cut(text, range(node.place.span)).starts_with('*')
}

/// Whether the object or list is in flow style.
pub(super) fn is_flow(text: &str, node: &Node<'_>) -> bool {
    let (_, bare) = anchor(cut(text, range(node.place.span)));
    bare.starts_with(['{', '['])
}

/// Returns one step of the document's indentation: that of the first nested object, else two blanks.
pub(super) fn unit<'t>(at: &Way<'t, '_>) -> &'t str {
    const BLANKS: &str = "                ";
    let width = step_of(at.text, &at.document.root).unwrap_or(2);
    BLANKS.get(..width).unwrap_or("  ")
}

fn step_of(text: &str, node: &Node<'_>) -> Option<usize> {
    let members = node.as_object()?;
    let first = members.iter().find(|member| is_within(member, node))?;
    let column = text::column(text, first.key_place.span.start as usize);
    members.iter().filter(|member| !is_flow(text, &member.value)).find_map(|member| {
        let below = member.value.as_object()?.iter().find(|below| is_within(below, &member.value))?;
        let at = below.key_place.span.start as usize;
        text::column(text, at)
            .checked_sub(column)
            .filter(|step| *step > 0 && text::is_first_on_line(text, at))
    })
}
