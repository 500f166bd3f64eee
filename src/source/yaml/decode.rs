//! Converts nodes to JSON values: the decoder part of go-yaml v2 `decode.go`, then
//! `convertToJSONableObject` of `sigs.k8s.io/yaml`.

use std::borrow::Cow;

use super::compose::{Kind, Tree};
use super::number;
use super::resolve::{Resolved, is_merge, resolve};
use super::scalar::Scalar;
use super::syntax_error::syntax;
use crate::source::diagnostic::Code;
use crate::source::duplicates::repeats;
use crate::source::read_error::{ReadError, error, too_deep, too_many_nodes};
use crate::source::tree::{DuplicateKey, Member, Node, NodeValue};
use crate::source::{Limits, Place, SourceId, Span};

/// Expands the tree from `root`. Returns it with the duplicate keys, in the order they were found.
pub(super) fn decode<'a>(
    tree: &Tree<'a>,
    root: u32,
    source: SourceId,
    limits: &Limits,
) -> Result<(Node<'a>, Vec<DuplicateKey>), ReadError> {
    let mut decoder = Decoder {
        tree,
        source,
        depth: limits.levels(),
        nodes: limits.nodes,
        // go-yaml counts the document node.
        decoded: 1,
        aliased: 0,
        copied: 0,
        active: Vec::new(),
        duplicates: Vec::new(),
    };
    let value = decoder.value(root, 0)?;
    match value.fault {
        Some(fault) => Err(fault),
        None => Ok((value.node, decoder.duplicates)),
    }
}

/// A value, and why JSON cannot represent it. This is an error only if the value remains in the result:
/// go-yaml drops the earlier of two equal keys before the conversion to JSON.
struct Value<'a> {
    node: Node<'a>,
    fault: Option<ReadError>,
}

/// An entry of a mapping, in the order in which go-yaml sets them.
struct Entry<'a> {
    /// The identity of a key that is not a string, by the equality of Go map keys. The key of `member` is
    /// the identity of a string.
    other: Option<String>,
    member: Member<'a>,
    fault: Option<ReadError>,
}

/// The identity of a key.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Identity<'k> {
    Text(&'k str),
    Other(&'k str),
}

impl Entry<'_> {
    fn identity(&self) -> Identity<'_> {
        match &self.other {
            Some(other) => Identity::Other(other),
            None => Identity::Text(&self.member.key),
        }
    }
}

struct Decoder<'t, 'a> {
    tree: &'t Tree<'a>,
    source: SourceId,
    depth: usize,
    nodes: usize,
    /// go-yaml's `decodeCount` and `aliasCount`; its `aliasDepth` is the length of `active`.
    decoded: usize,
    aliased: usize,
    /// Bytes of text that were copied for aliases. Go shares them.
    copied: usize,
    /// Aliases that are being expanded, at most one for each level.
    active: Vec<u32>,
    duplicates: Vec<DuplicateKey>,
}

impl<'a> Decoder<'_, 'a> {
    fn value(&mut self, at: u32, depth: usize) -> Result<Value<'a>, ReadError> {
        let tree = self.tree;
        let Some(item) = tree.item(at) else { return Err(lost()) };
        self.count(item.span)?;
        let place = Place::new(self.source, item.span);
        match &item.kind {
            Kind::Alias(target) => {
                self.enter_alias(at, item.span)?;
                let mut value = self.value(*target, depth)?;
                self.leave_alias();
                value.node.place = place;
                Ok(value)
            }
            Kind::Scalar(scalar) => self.scalar(scalar, place),
            Kind::Sequence(start, end) => {
                self.check_depth(depth, item.span)?;
                let children = tree.children(*start, *end);
                let mut items = Vec::with_capacity(children.len());
                let mut fault = None;
                for child in children {
                    let value = self.value(*child, depth.saturating_add(1))?;
                    fault = fault.or(value.fault);
                    items.push(value.node);
                }
                Ok(Value { node: Node::new(place, NodeValue::Array(items)), fault })
            }
            Kind::Mapping(start, end) => {
                self.check_depth(depth, item.span)?;
                let mut entries = Vec::with_capacity(tree.children(*start, *end).len() / 2);
                self.entries(tree.children(*start, *end), depth.saturating_add(1), &mut entries)?;
                let (members, fault) = self.members(entries);
                Ok(Value { node: Node::new(place, NodeValue::Object(members)), fault })
            }
        }
    }

    fn scalar(&mut self, scalar: &Scalar<'a>, place: Place) -> Result<Value<'a>, ReadError> {
        let mut fault = None;
        let value = match self.resolve(scalar, place.span)? {
            Resolved::Null => NodeValue::Null,
            Resolved::Bool(value) => NodeValue::Bool(value),
            Resolved::Int(value) => NodeValue::Number(canonical(&scalar.value, value.to_string())),
            Resolved::Uint(value) => NodeValue::Number(canonical(&scalar.value, value.to_string())),
            Resolved::Float(value) if value.is_finite() => {
                NodeValue::Number(canonical(&scalar.value, number::json_float(value)))
            }
            Resolved::Float(_) => {
                fault = Some(syntax(
                    place.span,
                    format!("found {}, a number that JSON cannot represent", scalar.value),
                    "use a finite number, or quote it",
                ));
                NodeValue::Null
            }
            Resolved::Text => NodeValue::String(self.text(&scalar.value, place.span)?),
            Resolved::Bytes(text) => NodeValue::String(Cow::Owned(text)),
        };
        Ok(Value { node: Node::new(place, value), fault })
    }

    fn resolve(&self, scalar: &Scalar<'a>, span: Span) -> Result<Resolved, ReadError> {
        resolve(scalar)
            .map_err(|message| syntax(span, message, "use a value of the type of the tag, or remove the tag"))
    }

    /// A copy of the text of a scalar. Owned texts are counted inside an alias, where one text can be copied
    /// any number of times.
    fn text(&mut self, text: &Cow<'a, str>, span: Span) -> Result<Cow<'a, str>, ReadError> {
        if let (Cow::Owned(owned), true) = (text, !self.active.is_empty()) {
            self.copied = self.copied.saturating_add(owned.len());
            if self.copied > Limits::MAX_BYTES {
                return Err(excessive(span));
            }
        }
        Ok(text.clone())
    }

    /// Adds the entries of a mapping (`decoder.mapping`), with those of merge keys in their place.
    fn entries(
        &mut self,
        children: &[u32],
        depth: usize,
        entries: &mut Vec<Entry<'a>>,
    ) -> Result<(), ReadError> {
        let tree = self.tree;
        for pair in children.chunks_exact(2) {
            let [key, value] = *pair else { continue };
            let merges = matches!(tree.item(key).map(|item| &item.kind), Some(Kind::Scalar(scalar)) if is_merge(scalar));
            if merges {
                self.merge(value, depth, entries)?;
                continue;
            }
            let mut entry = self.key(key)?;
            let value = self.value(value, depth)?;
            entry.member.value = value.node;
            entry.fault = entry.fault.or(value.fault);
            entries.push(entry);
        }
        Ok(())
    }

    /// Adds the entries of a merge key (`decoder.merge`): a mapping, or a list of mappings, of which the first
    /// wins because it is set last.
    fn merge(&mut self, at: u32, depth: usize, entries: &mut Vec<Entry<'a>>) -> Result<(), ReadError> {
        let tree = self.tree;
        let Some(item) = tree.item(at) else { return Err(lost()) };
        if let Kind::Sequence(start, end) = item.kind {
            for child in tree.children(start, end).iter().rev() {
                self.merge_one(*child, depth, entries)?;
            }
            return Ok(());
        }
        self.merge_one(at, depth, entries)
    }

    fn merge_one(&mut self, at: u32, depth: usize, entries: &mut Vec<Entry<'a>>) -> Result<(), ReadError> {
        let tree = self.tree;
        let Some(item) = tree.item(at) else { return Err(lost()) };
        let target = if let Kind::Alias(target) = item.kind { target } else { at };
        let Some((Kind::Mapping(start, end), target_span)) = tree.item(target).map(|t| (&t.kind, t.span))
        else {
            return Err(syntax(
                item.span,
                "found a merge key '<<' whose value is neither a mapping nor a list of mappings",
                "set it to a mapping, or quote the key if it is meant as a string",
            ));
        };
        // A merge adds no level to the tree, but a chain of merges recurses.
        self.check_depth(depth, item.span)?;
        self.count(item.span)?;
        if target != at {
            self.enter_alias(at, item.span)?;
            self.count(target_span)?;
        }
        self.entries(tree.children(*start, *end), depth.saturating_add(1), entries)?;
        if target != at {
            self.leave_alias();
        }
        Ok(())
    }

    /// An entry with its key (`convertToJSONableObject`) and a null value.
    fn key(&mut self, at: u32) -> Result<Entry<'a>, ReadError> {
        let tree = self.tree;
        let Some(item) = tree.item(at) else { return Err(lost()) };
        self.count(item.span)?;
        let place = Place::new(self.source, item.span);
        let mut kind = &item.kind;
        if let Kind::Alias(target) = kind {
            self.enter_alias(at, item.span)?;
            kind = match tree.item(*target) {
                Some(target) => &target.kind,
                None => return Err(lost()),
            };
            self.count(item.span)?;
        }
        let Kind::Scalar(scalar) = kind else {
            return Err(invalid_key(item.span, "a mapping or list"));
        };
        let resolved = self.resolve(scalar, item.span)?;
        let is_text = matches!(resolved, Resolved::Text | Resolved::Bytes(_));
        let mut fault = None;
        let mut other = None;
        let text = match resolved {
            Resolved::Null => {
                fault = Some(invalid_key(item.span, "null"));
                Cow::Borrowed("null")
            }
            Resolved::Bool(value) => Cow::Borrowed(if value { "true" } else { "false" }),
            Resolved::Int(value) => Cow::Owned(value.to_string()),
            Resolved::Uint(value) => {
                fault = Some(invalid_key(item.span, "an integer above 9223372036854775807"));
                Cow::Owned(value.to_string())
            }
            Resolved::Float(value) => {
                // NaN is not equal to itself, and 0 equals -0.
                other = Some(if value.is_nan() {
                    format!("nan {}", item.span.start)
                } else {
                    format!("float {}", (value + 0.0).to_bits())
                });
                Cow::Owned(number::key_float(value))
            }
            Resolved::Text => self.text(&scalar.value, item.span)?,
            Resolved::Bytes(text) => Cow::Owned(text),
        };
        if !is_text && other.is_none() {
            other = Some(text.to_string());
        }
        if matches!(item.kind, Kind::Alias(_)) {
            self.leave_alias();
        }
        let value = Node::new(place, NodeValue::Null);
        Ok(Entry { other, member: Member { key: text, key_place: place, value }, fault })
    }

    /// The entries that remain after later ones replaced earlier ones with the same key.
    fn members(&mut self, entries: Vec<Entry<'a>>) -> (Vec<Member<'a>>, Option<ReadError>) {
        let mut dead = vec![false; entries.len()];
        let repeated = repeats(entries.iter().map(Entry::identity).enumerate());
        for (first, again) in &repeated {
            if let (Some(first), Some(again)) = (entries.get(*first), entries.get(*again)) {
                self.duplicates.push(DuplicateKey::new(&first.member, &again.member));
            }
        }
        keep_last(&mut dead, &repeated);
        // `true` and `"true"` are two keys for go-yaml and one for JSON. Go keeps one of them at random, and
        // strict decoding does not notice; here the last one remains.
        if entries.iter().any(|entry| entry.other.is_some()) {
            let living = entries.iter().zip(&dead).enumerate().filter(|(_, (_, dead))| !**dead);
            let by_text = repeats(living.map(|(at, (entry, _))| (at, &entry.member.key)));
            keep_last(&mut dead, &by_text);
        }
        let mut members = Vec::new();
        let mut fault = None;
        for (entry, dead) in entries.into_iter().zip(dead) {
            if !dead {
                fault = fault.or(entry.fault);
                members.push(entry.member);
            }
        }
        (members, fault)
    }

    /// Counts a node and checks for excessive aliasing, as in go-yaml's `unmarshal`, and for our own limit.
    fn count(&mut self, span: Span) -> Result<(), ReadError> {
        self.decoded = self.decoded.saturating_add(1);
        if !self.active.is_empty() {
            self.aliased = self.aliased.saturating_add(1);
        }
        let ratio = || self.aliased as f64 / self.decoded as f64;
        if self.aliased > 100 && self.decoded > 1000 && ratio() > allowed_ratio(self.decoded) {
            return Err(excessive(span));
        }
        // `decoded` also counts keys, and the nodes of the tree were counted when it was built.
        if self.aliased > self.nodes {
            return Err(too_many_nodes(span, self.nodes));
        }
        Ok(())
    }

    fn enter_alias(&mut self, at: u32, span: Span) -> Result<(), ReadError> {
        if self.active.contains(&at) {
            return Err(error(
                Code::ExcessiveAliasing,
                span,
                "found an alias to a value that contains the alias",
                "replace the alias with its value",
            ));
        }
        self.active.push(at);
        Ok(())
    }

    fn leave_alias(&mut self) {
        self.active.pop();
    }

    fn check_depth(&self, depth: usize, span: Span) -> Result<(), ReadError> {
        if depth < self.depth { Ok(()) } else { Err(too_deep(span, self.depth)) }
    }
}

/// Marks every entry that a later one with the same key replaces. No entry of a group may be marked before.
fn keep_last(dead: &mut [bool], repeated: &[(usize, usize)]) {
    // INVARIANT: pairs are ordered by `again`, so in reverse order the first of a group is the one to keep.
    for (first, again) in repeated.iter().rev() {
        let is_met = dead.get(*first).copied().unwrap_or(false);
        if let Some(dead) = dead.get_mut(if is_met { *again } else { *first }) {
            *dead = true;
        }
    }
}

/// The allowed share of aliased nodes (`allowedAliasRatio`).
fn allowed_ratio(decoded: usize) -> f64 {
    const LOW: usize = 400_000;
    const HIGH: usize = 4_000_000;
    if decoded <= LOW {
        return 0.99;
    }
    if decoded >= HIGH {
        return 0.10;
    }
    let part = (decoded.saturating_sub(LOW)) as f64 / (HIGH - LOW) as f64;
    0.99 - 0.89 * part
}

/// The number as Go prints it, borrowed if the original text is the same.
fn canonical<'a>(written: &Cow<'a, str>, printed: String) -> Cow<'a, str> {
    match written {
        Cow::Borrowed(text) if *text == printed => Cow::Borrowed(text),
        _ => Cow::Owned(printed),
    }
}

fn excessive(span: Span) -> ReadError {
    error(
        Code::ExcessiveAliasing,
        span,
        "the document consists almost entirely of aliases",
        "replace aliases with their values; the kubelet rejects such a document",
    )
}

fn invalid_key(span: Span, found: &str) -> ReadError {
    error(
        Code::InvalidKey,
        span,
        format!("found {found} as a key, expected a string, a number or a boolean"),
        "use a string, in quotes if necessary",
    )
}

/// The error for a missing node. INVARIANT: every index in a tree is one of its own items.
fn lost() -> ReadError {
    error(
        Code::Internal,
        Span::at(0),
        "internal error: a node was lost while parsing",
        "please report this document",
    )
}
