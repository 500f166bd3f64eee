//! YAML 1.1 as go-yaml v2 reads it, turned into JSON's values with spans.
//!
//! The kubelet turns YAML into JSON first (`sigs.k8s.io/yaml` `YAMLToJSON`, on go-yaml v2), and so
//! do we, in go-yaml's own steps: `compose` makes nodes of libyaml's events, `decode` expands
//! aliases and merge keys, `resolve` says what a scalar is. libyaml-safer ports a newer libyaml
//! than go-yaml v2 does; `input` and `compose` level the differences.

mod compose;
mod decode;
mod input;
mod mark;
mod number;
#[cfg(test)]
mod properties;
mod resolve;
mod scalar;
mod syntax_error;
#[cfg(test)]
mod tests;

use super::read_error::{ReadError, check_size};
use super::tree::{Document, DuplicateKey, Format, Node, NodeValue};
use super::{Limits, Place, SourceId, Span};

/// Reads the first document of `text`; what follows it is not even looked at, as in go-yaml.
///
/// Spans hold a node as it is written, with its tag and anchor and without the white space after
/// it. A document without content is null.
pub fn read<'a>(text: &'a str, source: SourceId, limits: &Limits) -> Result<Document<'a>, ReadError> {
    check_size(text.len(), limits)?;
    input::guard(text)?;
    let tree = compose::compose(text, limits)?;
    let Some(root) = tree.root else {
        let root = Node::new(Place::new(source, Span::at(0)), NodeValue::Null);
        return Ok(Document { root, format: Format::Yaml, duplicates: Vec::new() });
    };
    let (root, mut duplicates) = decode::decode(&tree, root, source, limits)?;
    // Merge keys and aliases are not met in document order, and an alias repeats what its anchor has.
    let place = |duplicate: &DuplicateKey| (duplicate.again.start, duplicate.first.start);
    duplicates.sort_by_key(place);
    duplicates.dedup();
    Ok(Document { root, format: Format::Yaml, duplicates })
}
