//! YAML 1.1 as go-yaml v2 parses it, converted to JSON values with spans.
//!
//! The kubelet first converts YAML to JSON (`sigs.k8s.io/yaml` `YAMLToJSON`, on go-yaml v2). This module
//! follows the steps of go-yaml: `compose` builds nodes from the events of libyaml, `decode` expands aliases
//! and merge keys, `resolve` determines the type of a scalar. libyaml-safer ports a newer libyaml than
//! go-yaml v2 does; `input` and `compose` compensate for the differences.

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

/// Reads the first document of `text`. As in go-yaml, the text after it is not parsed.
///
/// The span of a node includes its tag and anchor, but not the white space after it. A document without
/// content is null.
///
/// # Errors
///
/// If the text is not valid YAML or exceeds a limit.
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
