//! Merge patches (RFC 7386) on trees. Every node of the result keeps its place.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::mem;

use super::go_float;
use super::tree::{Member, Node, NodeValue};

/// Applies a merge patch (RFC 7386; evanphx/json-patch v4 `MergePatch`): null removes a key, an
/// object merges, anything else replaces.
pub(crate) fn patch(target: &mut Node<'static>, patch_members: &[Member<'_>]) {
    let NodeValue::Object(members) = &mut target.value else { return };
    // INVARIANT: not a hash map, because a hostile drop-in can choose 100,000 keys.
    let mut merged: BTreeMap<String, Member<'static>> =
        mem::take(members).into_iter().map(|member| (member.key.clone().into_owned(), member)).collect();
    for change in patch_members {
        if matches!(change.value.value, NodeValue::Null) {
            merged.remove(&*change.key);
            continue;
        }
        match merged.get_mut(&*change.key) {
            Some(member) => match (&mut member.value.value, &change.value.value) {
                (NodeValue::Object(_), NodeValue::Object(inner)) => patch(&mut member.value, inner),
                _ => member.value = without_nulls(&change.value),
            },
            None => {
                let key = change.key.clone().into_owned();
                let member = Member {
                    key: Cow::Owned(key.clone()),
                    key_place: change.key_place,
                    value: without_nulls(&change.value),
                };
                merged.insert(key, member);
            }
        }
    }
    *members = merged.into_values().collect();
}

/// A copy of a value of a patch as it is added: without the nulls inside of objects, and with numbers as Go prints
/// them.
fn without_nulls(node: &Node<'_>) -> Node<'static> {
    fn drop_nulls(node: &mut Node<'_>) {
        match &mut node.value {
            NodeValue::Object(members) => {
                members.retain(|member| !matches!(member.value.value, NodeValue::Null));
                members.iter_mut().for_each(|member| drop_nulls(&mut member.value));
            }
            NodeValue::Array(items) => items.iter_mut().for_each(drop_nulls),
            NodeValue::Number(text) => {
                if let Some(plain) = plain_number(text) {
                    *text = Cow::Owned(plain);
                }
            }
            _ => {}
        }
    }
    let mut copy = node.to_static();
    drop_nulls(&mut copy);
    copy
}

/// A whole number without point and exponent, if it is written with one: the kubelet reads a drop-in as an object
/// without types, in which `5e1` is 50 (apimachinery `pkg/util/json`).
fn plain_number(text: &str) -> Option<String> {
    if text.parse::<i64>().is_ok() {
        return None;
    }
    let number = go_float::parse(text)?;
    (number.fract() == 0.0 && number.abs() < 1e21).then(|| go_float::Shortest::of(number).plain())
}
