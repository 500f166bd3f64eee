//! Changes as an RFC 6902 JSON Patch.

use serde_json::Value as Json;

use super::edit::Change;
use super::edit::tree::{put, same, take, to_json};
use crate::report::PatchOperation;
use crate::source::tree::Node;

/// Returns the changes as JSON Patch operations.
pub(super) fn patch(root: &Node<'_>, changes: &[Change]) -> Vec<PatchOperation> {
    let mut document = to_json(root);
    let mut operations = Vec::new();
    let mut add = |op: &str, path: String, value: Option<Json>| {
        operations.push(PatchOperation { op: op.into(), path, value });
    };
    for change in changes {
        match change {
            Change::Set { path, value } => {
                let keys: Vec<&str> = path.split('.').collect();
                let mut at = &document;
                let mut known = 0_usize;
                while let Some(below) = keys.get(known).and_then(|key| at.get(*key)) {
                    at = below;
                    known = known.saturating_add(1);
                }
                if known == keys.len() && same(at, value) {
                    continue;
                }
                // A null on the path is replaced by an object.
                let is_there = known == keys.len() || at.is_null();
                let depth = if is_there { known } else { known.saturating_add(1) };
                let mut new = Json::Null;
                put(&mut new, keys.get(depth..).unwrap_or(&[]), value);
                add(if is_there { "replace" } else { "add" }, pointer(&keys, depth), Some(new));
                put(&mut document, &keys, value);
            }
            Change::Remove { path } => {
                let keys: Vec<&str> = path.split('.').collect();
                if take(&mut document, &keys).is_some() {
                    add("remove", pointer(&keys, keys.len()), None);
                }
            }
            Change::Rename { path, to } => {
                let mut keys: Vec<&str> = path.split('.').collect();
                if let Some(value) = take(&mut document, &keys) {
                    add("remove", pointer(&keys, keys.len()), None);
                    keys.pop();
                    keys.push(to);
                    put(&mut document, &keys, &value);
                    add("add", pointer(&keys, keys.len()), Some(value));
                }
            }
        }
    }
    operations
}

/// Returns the JSON Pointer (RFC 6901) of the first `depth` keys.
fn pointer(keys: &[&str], depth: usize) -> String {
    keys.iter().take(depth).map(|key| format!("/{}", key.replace('~', "~0").replace('/', "~1"))).collect()
}
