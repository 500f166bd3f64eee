//! Documents as JSON values, changed and compared by path.

use serde_json::Value as Json;

use crate::source::tree::{Node, NodeValue};

/// Whether two values are equal, ignoring the order of list items.
pub(in crate::fix) fn same(a: &Json, b: &Json) -> bool {
    match (a, b) {
        (Json::Array(a), Json::Array(b)) => {
            a.len() == b.len()
                && a.iter().all(|item| b.contains(item))
                && b.iter().all(|item| a.contains(item))
        }
        (a, b) => a == b,
    }
}

/// Sets a value below `root`. Non-objects on the path become objects.
pub(in crate::fix) fn put(root: &mut Json, path: &[&str], value: &Json) {
    let Some((key, rest)) = path.split_first() else {
        *root = value.clone();
        return;
    };
    if !root.is_object() {
        *root = Json::Object(serde_json::Map::new());
    }
    if let Some(members) = root.as_object_mut() {
        put(members.entry(*key).or_insert(Json::Null), rest, value);
    }
}

/// Removes and returns a value.
pub(in crate::fix) fn take(root: &mut Json, path: &[&str]) -> Option<Json> {
    let (key, rest) = path.split_first()?;
    let members = root.as_object_mut()?;
    if rest.is_empty() { members.remove(*key) } else { take(members.get_mut(*key)?, rest) }
}

/// Returns a tree as a JSON value. Repeated objects are merged, as the kubelet's JSON decoder does.
pub(in crate::fix) fn to_json(node: &Node<'_>) -> Json {
    match &node.value {
        NodeValue::Object(members) => {
            let mut object = serde_json::Map::new();
            for member in members {
                let value = to_json(&member.value);
                match (object.get_mut(&*member.key), value) {
                    (Some(known @ Json::Object(_)), Json::Object(value)) => merge(known, value),
                    (_, value) => {
                        object.insert(member.key.to_string(), value);
                    }
                }
            }
            Json::Object(object)
        }
        _ => crate::resolve::to_json(node),
    }
}

fn merge(into: &mut Json, from: serde_json::Map<String, Json>) {
    for (key, value) in from {
        put(into, &[&key], &value);
    }
}
