//! JSON patches (RFC 6902) on trees whose nodes keep their places.

use crate::source::tree::{Member, Node, NodeValue};
use crate::source::{Place, Span};

/// The most operations of one patch that are applied: each looks through an object.
const MOST: usize = 10_000;

/// Applies the operations in `patch`, a list, and creates the objects on the way to a value that is added.
/// An operation that cannot be applied is left out: `test`, `move` and `copy`, and a path that leads nowhere.
pub(super) fn apply(root: &mut Node<'static>, patch: &Node<'_>) {
    for operation in patch.as_array().unwrap_or_default().iter().take(MOST) {
        let text = |key: &str| operation.get(key).and_then(Node::as_str);
        let (Some(kind), Some(path)) = (text("op"), text("path")) else { continue };
        match (kind, operation.get("value")) {
            ("add" | "replace", Some(value)) => put(root, path, value.to_static(), kind == "add"),
            ("remove", _) => remove(root, path),
            _ => {}
        }
    }
}

/// Puts a value at a JSON pointer. In a list, it is inserted before the item at the index, or replaces it.
pub(super) fn put(root: &mut Node<'static>, pointer: &str, value: Node<'static>, inserts: bool) {
    let mut keys = pointer.split('/').skip(1).map(unescaped).peekable();
    let place = value.place;
    let mut value = Some(value);
    let mut at = root;
    while let Some(key) = keys.next() {
        let is_last = keys.peek().is_none();
        if let (NodeValue::Array(items), true) = (&mut at.value, is_last) {
            let Some(value) = value.take() else { return };
            match key.parse::<usize>() {
                Ok(index) if inserts && index <= items.len() => items.insert(index, value),
                Ok(index) => {
                    if let Some(item) = items.get_mut(index) {
                        *item = value;
                    }
                }
                Err(_) => items.push(value),
            }
            return;
        }
        let holds_list = keys.peek().is_some_and(|next| next == "-" || next == "0");
        let Some(next) = child(at, &key, place, holds_list) else { return };
        at = next;
        if is_last && let Some(value) = value.take() {
            *at = value;
        }
    }
    if let (Some(value), "") = (value, pointer) {
        *at = value;
    }
}

/// The value of a key or index, created if it is absent from an object.
fn child<'n>(
    node: &'n mut Node<'static>,
    key: &str,
    place: Place,
    holds_list: bool,
) -> Option<&'n mut Node<'static>> {
    match &mut node.value {
        NodeValue::Array(items) => items.get_mut(key.parse::<usize>().ok()?),
        NodeValue::Object(members) => {
            if !members.iter().any(|member| member.key == key) {
                let value =
                    if holds_list { NodeValue::Array(Vec::new()) } else { NodeValue::Object(Vec::new()) };
                members.push(Member {
                    key: key.to_owned().into(),
                    key_place: place.with_span(Span::at(place.span.start as usize)),
                    value: Node::new(place, value),
                });
            }
            members.iter_mut().rfind(|member| member.key == key).map(|member| &mut member.value)
        }
        _ => None,
    }
}

fn remove(root: &mut Node<'static>, pointer: &str) {
    let Some((parent, last)) = pointer.rsplit_once('/') else { return };
    let mut at = root;
    for key in parent.split('/').skip(1).map(unescaped) {
        let next = match &mut at.value {
            NodeValue::Array(items) => key.parse::<usize>().ok().and_then(|index| items.get_mut(index)),
            NodeValue::Object(members) => {
                members.iter_mut().rfind(|member| member.key == key).map(|member| &mut member.value)
            }
            _ => None,
        };
        let Some(next) = next else { return };
        at = next;
    }
    let last = unescaped(last);
    match &mut at.value {
        NodeValue::Array(items) => {
            if let Some(index) = last.parse::<usize>().ok().filter(|index| *index < items.len()) {
                items.remove(index);
            }
        }
        NodeValue::Object(members) => members.retain(|member| member.key != last),
        _ => {}
    }
}

fn unescaped(key: &str) -> String {
    key.replace("~1", "/").replace("~0", "~")
}

#[cfg(test)]
mod tests {
    use super::apply;
    use crate::source::tree::{Node, NodeValue};
    use crate::source::{Limits, SourceId, document};

    fn json(node: &Node<'_>) -> String {
        match &node.value {
            NodeValue::Object(members) => {
                let members: Vec<_> = members
                    .iter()
                    .map(|member| format!("{:?}:{}", member.key, json(&member.value)))
                    .collect();
                format!("{{{}}}", members.join(","))
            }
            NodeValue::Array(items) => {
                format!("[{}]", items.iter().map(json).collect::<Vec<_>>().join(","))
            }
            NodeValue::Number(text) | NodeValue::String(text) => text.to_string(),
            other => other.kind().to_owned(),
        }
    }

    #[test]
    fn operations_are_applied_in_order() {
        let read = |text: &'static str| document::read(text, SourceId(0), &Limits::default()).unwrap().root;
        let mut root = read("{\"a\": {\"b\": [1, 3]}, \"c\": 1}").to_static();
        let patch = "- {op: add, path: /a/b/1, value: 2}\n- {op: add, path: /a/b/-, value: 4}\n- {op: replace, path: /c, value: {x/y: 1}}\n- {op: remove, path: /c/x~1y}\n- {op: add, path: /d/e/f, value: 5}\n- {op: remove, path: /none/here}\n- {op: replace, path: /a/b/9, value: 9}\n- {op: add, path: /l/-, value: 6}\n";
        apply(&mut root, &read(patch));
        assert_eq!(json(&root), "{\"a\":{\"b\":[1,2,3,4]},\"c\":{},\"d\":{\"e\":{\"f\":5}},\"l\":[6]}");
    }
}
