//! Corrections of misspelled, misplaced and repeated settings.

use super::edit::Change;
use crate::report::Setting;
use crate::source::tree::Node;

/// Adds the changes that write a setting to a document once, correctly spelled and placed.
pub(super) fn document_changes(root: &Node<'_>, setting: &Setting, is_main: bool, list: &mut Vec<Change>) {
    let path = &setting.name;
    if setting.value.is_null() {
        list.push(Change::Remove { path: path.clone() });
        return;
    }
    let mut node = Some(root);
    let mut way = String::new();
    for key in path.split('.') {
        let exact = node.and_then(|node| node.get(key));
        // Keys are case-sensitive in the main file, but not in drop-ins.
        let other = exact.is_none().then(|| node.and_then(|node| folded_key(node, key))).flatten();
        if let Some(other) = other.filter(|_| is_main) {
            let change = Change::Rename { path: format!("{way}{other}"), to: key.to_owned() };
            if !list.contains(&change) {
                list.push(change);
            }
        }
        node = exact.or_else(|| node.and_then(|node| folded(node, key)));
        way.push_str(key);
        way.push('.');
    }
    if let Some(gate) = path.strip_prefix("featureGates.")
        && root.get(gate).is_some()
    {
        // Benchmark documents show the gate at the top level.
        list.push(Change::Remove { path: gate.to_owned() });
    }
    list.push(Change::Set { path: path.clone(), value: setting.value.clone() });
}

/// Returns the value of a key in any letter case, the exact spelling first.
pub(super) fn folded<'n, 'a>(node: &'n Node<'a>, key: &str) -> Option<&'n Node<'a>> {
    node.get(key).or_else(|| folded_key(node, key).and_then(|other| node.get(other)))
}

fn folded_key<'n>(node: &'n Node<'_>, key: &str) -> Option<&'n str> {
    let members = node.as_object()?.iter().rev();
    members.map(|member| &*member.key).find(|other| other.eq_ignore_ascii_case(key))
}
