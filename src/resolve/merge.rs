//! Merges drop-ins into the config file.
//!
//! Up to 1.31 the kubelet encodes its internal type as JSON (Go's names, including zero values), patches that,
//! and decodes it with encoding/json. Since 1.32 it does so with the defaulted v1beta1 type and applies the
//! defaults again (`cmd/kubelet/app/server.go`, `mergeKubeletConfigurations`; PR #127421). This module follows
//! the same steps, to handle zero values, nulls, letter case and `resolvConf` in the same way.

use std::borrow::Cow;

use crate::kubelet::Version;
use crate::kubelet::fields::{FieldId, Kind, id};
use crate::source::Place;
use crate::source::tree::{Member, Node, NodeValue};
use serde_json::Value as Json;

use super::configuration::Configuration;
use super::decode::Keys;
use super::value::Value;

/// Encodes a configuration as the tree that drop-ins are merged into.
pub(super) fn encode(configuration: &Configuration, version: Version, keys: Keys) -> Node<'static> {
    let mut root = Node::new(Place::DEFAULT, NodeValue::Object(Vec::new()));
    for field in FieldId::iter().filter(|id| id.field().exists_in(version)) {
        let slot = configuration.slot(field);
        let internal = keys == Keys::Internal;
        // The internal type is encoded with every key; v1beta1 with the fields that `/configz` shows.
        if !internal && !configuration.is_shown(field) {
            continue;
        }
        if internal && slot.value.is_absent() && !matches!(field.field().kind, Kind::Bool | Kind::Str) {
            continue;
        }
        let value = node_of(&slot.value, field.field().kind, slot.place);
        insert(&mut root, field.field().path, value, internal);
    }
    root
}

/// Overrides values of the internal type with those that are not zero; a pointer of that type replaces even with a
/// zero, and a map key by key.
pub(super) fn override_with(configuration: &mut Configuration, with: &Configuration) {
    for field in FieldId::iter() {
        let new = with.slot(field);
        // `tracing` is a pointer to an object, which replaces the object before.
        let is_replaced = with.tracing.is_some() && field.field().path.starts_with("tracing.");
        let is_pointer = [id::MAX_PARALLEL_IMAGE_PULLS, id::MEMORY_THROTTLING_FACTOR].contains(&field)
            && !new.value.is_absent();
        // Of a quantity, mergo sees the format alone.
        if matches!(field.field().kind, Kind::Quantity) {
            continue;
        }
        let Some(slot) = configuration.slot_mut(field) else { continue };
        match (&mut slot.value, &new.value) {
            _ if is_replaced || is_pointer => *slot = new.clone(),
            (_, new) if new.is_zero() => {}
            (Value::Map(map), Value::Map(entries)) => {
                entries.entries().iter().for_each(|entry| map.put(entry.clone()));
                slot.place = new.place;
            }
            _ => *slot = new.clone(),
        }
    }
    configuration.tracing = with.tracing.or(configuration.tracing);
}

fn node_of(value: &Value, kind: Kind, place: Place) -> Node<'static> {
    let Value::Map(entries) = value else { return from_json(&value.to_json(kind), place) };
    let members = entries
        .entries()
        .iter()
        .map(|entry| Member {
            key: Cow::Owned(entry.key.clone()),
            key_place: entry.name_place,
            value: node_of(&entry.value, kind, entry.place),
        })
        .collect();
    Node::new(place, NodeValue::Object(members))
}

/// A JSON value as a tree whose nodes all have the same place.
fn from_json(json: &Json, place: Place) -> Node<'static> {
    let value = match json {
        Json::Null => NodeValue::Null,
        Json::Bool(b) => NodeValue::Bool(*b),
        Json::Number(number) => NodeValue::Number(Cow::Owned(number.to_string())),
        Json::String(s) => NodeValue::String(Cow::Owned(s.clone())),
        Json::Array(items) => NodeValue::Array(items.iter().map(|item| from_json(item, place)).collect()),
        Json::Object(members) => NodeValue::Object(
            members
                .iter()
                .map(|(key, value)| Member {
                    key: Cow::Owned(key.to_owned()),
                    key_place: place,
                    value: from_json(value, place),
                })
                .collect(),
        ),
    };
    Node::new(place, value)
}

/// Inserts a value at a path, and creates the objects on the way.
fn insert(root: &mut Node<'static>, path: &str, value: Node<'static>, internal: bool) {
    let mut at = root;
    let mut rest = path;
    loop {
        let NodeValue::Object(members) = &mut at.value else { return };
        let (name, below) = rest.split_once('.').map_or((rest, None), |(name, below)| (name, Some(below)));
        // Inside `logging` and `tracing` the internal type has the same JSON tags as v1beta1.
        let tagged = path.starts_with("logging.") || path.starts_with("tracing.");
        let key =
            if internal && !(tagged && path.len() != rest.len()) { go_field_name(name) } else { name.into() };
        let Some(below) = below else {
            members.push(Member { key: key.into(), key_place: value.place, value });
            return;
        };
        let index = match members.iter().position(|m| m.key == key) {
            Some(index) => index,
            None => {
                members.push(Member {
                    key: key.into(),
                    key_place: Place::DEFAULT,
                    value: Node::new(Place::DEFAULT, NodeValue::Object(Vec::new())),
                });
                members.len().saturating_sub(1)
            }
        };
        let Some(member) = members.get_mut(index) else { return };
        at = &mut member.value;
        rest = below;
    }
}

/// The name of a field in the internal Go type. Its first letter is upper-case, which affects how merged keys
/// sort.
fn go_field_name(name: &str) -> String {
    // Initialisms are upper-case in Go: `TLSCertFile`, `KubeAPIQPS`, `CPUCFSQuota`.
    const STARTS: [(&str, &str); 8] = [
        ("resolvConf", "ResolverConfig"),
        ("tls", "TLS"),
        ("cpu", "CPU"),
        ("http", "HTTP"),
        ("ids", "IDs"),
        ("oom", "OOM"),
        ("qos", "QOS"),
        ("iptables", "IPTables"),
    ];
    for (start, go) in STARTS {
        if let Some(rest) = name.strip_prefix(start) {
            return format!("{go}{rest}");
        }
    }
    let mut key = name.to_owned();
    if let Some(first) = key.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    key
}

/// Sorts keys by bytes at every level, as encoding/json does for maps. Of several spellings of one name, the
/// last one wins.
pub(super) fn sort_keys(node: &mut Node<'static>) {
    match &mut node.value {
        NodeValue::Object(members) => {
            members.sort_by(|a, b| a.key.cmp(&b.key));
            for member in members {
                sort_keys(&mut member.value);
            }
        }
        NodeValue::Array(items) => items.iter_mut().for_each(sort_keys),
        _ => {}
    }
}
