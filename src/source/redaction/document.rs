//! Credentials behind YAML aliases and escapes, which only the parsed document shows.

use std::collections::BTreeSet;
use std::ops::Range;

use super::settings::NAMES;
use crate::source::tree::{Node, NodeValue};
use crate::source::{Limits, SourceId, document};

/// Values looked for in the text; with more, the whole text is hidden.
const MOST_VALUES: usize = 64;

/// Adds the values of the kubelet's settings with credentials.
pub(super) fn find(text: &str, ranges: &mut Vec<Range<usize>>) {
    // Without either, the text itself shows every name and every value.
    if !text.contains(['*', '\\']) {
        return;
    }
    let Ok(document) = document::read(text, SourceId(0), &Limits::for_bytes(Limits::MAX_BYTES)) else {
        return;
    };
    let mut found = Found::default();
    found.walk(&document.root, false);
    ranges.extend(found.spans);
    if found.values.len() > MOST_VALUES {
        ranges.push(0..text.len());
        return;
    }
    for value in &found.values {
        let before = ranges.len();
        ranges.extend(
            text.match_indices(value.as_str()).map(|(start, value)| start..start.saturating_add(value.len())),
        );
        // An anchor's text with escapes, or over several lines, does not stand there as it reads.
        if ranges.len() == before {
            ranges.push(0..text.len());
            return;
        }
    }
}

#[derive(Default)]
struct Found {
    spans: Vec<Range<usize>>,
    /// The texts of values: for an alias, the tree knows the place of the alias alone.
    values: BTreeSet<String>,
}

impl Found {
    fn walk(&mut self, node: &Node<'_>, is_secret: bool) {
        match &node.value {
            NodeValue::Object(members) => {
                for member in members {
                    let name = member.key.to_ascii_lowercase().replace('_', "-");
                    self.walk(&member.value, is_secret || NAMES.contains(&name.as_str()));
                }
            }
            NodeValue::Array(items) => items.iter().for_each(|item| self.walk(item, is_secret)),
            NodeValue::String(text) | NodeValue::Number(text) if is_secret => {
                let span = node.place.span;
                self.spans.push(span.start as usize..span.end as usize);
                if !text.trim().is_empty() {
                    self.values.insert(text.clone().into_owned());
                }
            }
            _ => {}
        }
    }
}
