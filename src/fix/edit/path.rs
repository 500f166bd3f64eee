//! Paths into a document.

use crate::source::Span;
use crate::source::tree::{Document, Format, Member, Node};

/// A path in a document, resolved as far as it exists.
pub(super) struct Way<'n, 'a> {
    pub(super) text: &'n str,
    pub(super) document: &'n Document<'a>,
    /// The members found, outermost first.
    pub(super) chain: Vec<&'n Member<'a>>,
    pub(super) path: &'n [&'n str],
}

impl<'n, 'a> Way<'n, 'a> {
    pub(super) fn is_json(&self) -> bool {
        self.document.format == Format::Json
    }

    /// Returns the member at the end of the path, if it exists.
    pub(super) fn leaf(&self) -> Option<&'n Member<'a>> {
        (self.chain.len() == self.path.len()).then(|| self.chain.last().copied()).flatten()
    }

    /// Returns the object that contains the `number`th member of the chain.
    pub(super) fn parent(&self, number: usize) -> &'n Node<'a> {
        let above = number.checked_sub(1).and_then(|above| self.chain.get(above));
        above.map_or(&self.document.root, |member| &member.value)
    }

    /// Returns the index of the first member of the chain that is not inside its parent, but comes from an alias or a
    /// merge key.
    pub(super) fn inherited(&self) -> Option<usize> {
        (0..self.chain.len()).find(|number| {
            self.chain.get(*number).is_some_and(|member| !is_within(member, self.parent(*number)))
        })
    }
}

/// Whether the member is inside the object's own text.
pub(super) fn is_within(member: &Member<'_>, parent: &Node<'_>) -> bool {
    let (inner, outer) = (member.key_place.span, parent.place.span);
    outer.start <= inner.start && inner.end <= outer.end
}

/// Returns the members on a path. If an object is repeated in JSON, its members are merged, so the last one that
/// contains the rest of the path is taken.
pub(super) fn walk<'n, 'a>(root: &'n Node<'a>, path: &[&str]) -> Vec<&'n Member<'a>> {
    let Some((key, rest)) = path.split_first() else { return Vec::new() };
    let named = root.as_object().unwrap_or(&[]).iter().rev().filter(|member| member.key == *key);
    let mut best: Vec<&Member<'_>> = Vec::new();
    for member in named {
        let below = walk(&member.value, rest);
        if best.is_empty() || below.len().saturating_add(1) > best.len() {
            best = vec![member];
            best.extend(below);
        }
    }
    best
}

/// Returns a span as a range.
pub(super) fn range(span: Span) -> std::ops::Range<usize> {
    span.start as usize..span.end as usize
}
