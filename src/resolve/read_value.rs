//! Reads the values of fields from nodes, as Go's JSON decoders do.

use std::iter;

use serde_json::{Map, Value as Json};

use crate::kubelet::fields::{Item, Kind};
use crate::kubelet::quantity::Quantity;
use crate::kubelet::{duration, time};
use crate::source::tree::{Member, Node, NodeValue};
use crate::source::{Place, go_float};

use super::configuration::Slot;
use super::value::{MapEntry, Value};

/// Whether encoding/json considers the names equal (`foldName`: simple folding, in which K matches the Kelvin
/// sign and s matches the long s).
pub(super) fn same_folded(a: &str, b: &str) -> bool {
    let fold = |c: char| match c {
        '\u{212a}' => 'k',
        '\u{17f}' => 's',
        _ => c.to_ascii_lowercase(),
    };
    a.chars().map(fold).eq(b.chars().map(fold))
}

fn describe(node: &Node<'_>) -> String {
    match &node.value {
        NodeValue::String(text) => format!("the string {:?}", clip(text)),
        NodeValue::Number(text) => format!("the number {}", clip(text)),
        NodeValue::Bool(b) => format!("{b}"),
        NodeValue::Null => "null".into(),
        NodeValue::Array(_) => "a list".into(),
        NodeValue::Object(_) => "an object".into(),
    }
}

/// The text, truncated if it is long.
pub(crate) fn clip(text: &str) -> String {
    const MOST: usize = 80;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}...", text.get(..end).unwrap_or("")),
        None => text.into(),
    }
}

/// A value that its field does not accept.
pub(super) struct Mismatch {
    pub(super) place: Place,
    pub(super) part: Part,
    pub(super) found: String,
    pub(super) expected: &'static str,
    /// Whether the field accepts the value without its quotes.
    pub(super) is_only_quoted: bool,
}

/// The part of a field that a value is.
pub(super) enum Part {
    Whole,
    /// The value of a key of a map.
    Key(String),
    /// An item of a list.
    Item,
    /// A member of an object in a list.
    Member(&'static str),
}

impl Mismatch {
    pub(super) fn new(node: &Node<'_>, expected: &'static str) -> Self {
        Self { place: node.place, part: Part::Whole, found: describe(node), expected, is_only_quoted: false }
    }

    fn of_part(self, part: Part) -> Self {
        Self { part, ..self }
    }

    fn only_quoted(self, is_only_quoted: bool) -> Self {
        Self { is_only_quoted, ..self }
    }
}

/// Whether a string is a value of this kind in quotes.
fn is_only_quoted(kind: Kind, node: &Node<'_>) -> bool {
    let NodeValue::String(text) = &node.value else { return false };
    match kind {
        Kind::Bool | Kind::PtrBool | Kind::BoolMap => matches!(&**text, "true" | "false"),
        Kind::Int32 | Kind::PtrInt32 => text.parse::<i32>().is_ok(),
        Kind::Int64 | Kind::PtrInt64 => text.parse::<i64>().is_ok(),
        Kind::Uint32 => text.parse::<u32>().is_ok(),
        Kind::PtrFloat64 => go_float::parse(text).is_some(),
        _ => false,
    }
}

/// The value of a node for a field of this kind; `None` if the field does not accept it.
pub(crate) fn value_of(kind: Kind, node: &Node<'_>) -> Option<Value> {
    let mut slot = Slot { value: Value::Absent, place: node.place };
    let mut mismatches = Vec::new();
    read(kind, node, &mut slot, true, &mut mismatches);
    mismatches.is_empty().then_some(slot.value)
}

/// Reads a value other than null into a slot. Names of members match in any letter case if `folds`.
pub(super) fn read(
    kind: Kind,
    node: &Node<'_>,
    slot: &mut Slot,
    folds: bool,
    mismatches: &mut Vec<Mismatch>,
) {
    let value = match (kind, &node.value) {
        (Kind::Bool | Kind::PtrBool, NodeValue::Bool(b)) => Some(Value::Bool(*b)),
        (Kind::Int32 | Kind::PtrInt32, NodeValue::Number(text)) => {
            text.parse::<i32>().ok().map(|number| Value::Int(number.into()))
        }
        (Kind::Int64 | Kind::PtrInt64, NodeValue::Number(text)) => text.parse().ok().map(Value::Int),
        (Kind::Uint32, NodeValue::Number(text)) => {
            text.parse::<u32>().ok().map(|number| Value::Int(number.into()))
        }
        (Kind::PtrFloat64, NodeValue::Number(text)) => go_float::parse(text).map(Value::Float),
        (Kind::Str | Kind::PtrStr, NodeValue::String(text)) => Some(Value::Str(text.as_ref().to_owned())),
        (Kind::Duration | Kind::PtrDuration | Kind::TimeOrDuration, NodeValue::String(text)) => {
            duration::parse(text).map(Value::Nanos)
        }
        (Kind::TimeOrDuration, NodeValue::Number(text)) => text.parse().ok().map(Value::Int),
        (Kind::Quantity, NodeValue::String(text) | NodeValue::Number(text)) => {
            Quantity::parse(text.trim()).map(|quantity| Value::Str(quantity.canonical()))
        }
        (Kind::StrList, NodeValue::Array(items)) => {
            let earlier = if let Value::List(earlier) = &slot.value { earlier.as_slice() } else { &[] };
            texts_of(items, earlier, mismatches).map(Value::List)
        }
        (Kind::Int32List, NodeValue::Array(items)) => {
            whole_numbers(items, earlier_items(slot)).map(Value::Items)
        }
        (Kind::StrMap | Kind::BoolMap | Kind::StrListMap, NodeValue::Object(members)) => {
            let mut map = slot.value.take_map();
            for member in members {
                if let Some(value) = entry_of(kind, member, mismatches) {
                    let (key, name_place) = (member.key.as_ref().to_owned(), member.key_place);
                    map.put(MapEntry { key, value, place: member.value.place, name_place });
                }
            }
            Some(Value::Map(map))
        }
        (Kind::Objects(shape), NodeValue::Array(items)) => {
            let earlier = earlier_items(slot).iter().map(Some).chain(iter::repeat(None));
            let items = items.iter().zip(earlier);
            let objects =
                items.map(|(item, earlier)| object_of(item, earlier, shape.members(), folds, mismatches));
            Some(Value::Items(objects.collect()))
        }
        _ => None,
    };
    match value {
        Some(value) => *slot = Slot { value, place: node.place },
        None if mismatches.is_empty() => {
            let mismatch = Mismatch::new(node, kind.expects());
            mismatches.push(mismatch.only_quoted(is_only_quoted(kind, node)));
        }
        None => {}
    }
}

/// The items that a list had before. Go decodes over them: what an item leaves out stays.
fn earlier_items(slot: &Slot) -> &[Json] {
    match &slot.value {
        Value::Items(items) => items,
        _ => &[],
    }
}

/// The value of an entry of a map. A null is the zero value of the element type, such as false.
fn entry_of(kind: Kind, member: &Member<'_>, mismatches: &mut Vec<Mismatch>) -> Option<Value> {
    let node = &member.value;
    let value = match (kind, &node.value) {
        (Kind::BoolMap, NodeValue::Bool(b)) => Some(Value::Bool(*b)),
        (Kind::BoolMap, NodeValue::Null) => Some(Value::Bool(false)),
        (Kind::StrListMap, NodeValue::Array(items)) => texts_of(items, &[], mismatches).map(Value::List),
        (Kind::StrListMap, NodeValue::Null) => Some(Value::Absent),
        (Kind::BoolMap | Kind::StrListMap, _) => None,
        _ => return text_of(node, Part::Key(clip(&member.key)), mismatches).map(Value::Str),
    };
    if value.is_none() {
        let expected = if matches!(kind, Kind::BoolMap) { "true or false" } else { "a list of strings" };
        let mismatch = Mismatch::new(node, expected).of_part(Part::Key(clip(&member.key)));
        mismatches.push(mismatch.only_quoted(is_only_quoted(kind, node)));
    }
    value
}

/// The strings of a list, or a mismatch for the first item that is not a string. A null leaves the earlier item.
fn texts_of(items: &[Node<'_>], earlier: &[String], mismatches: &mut Vec<Mismatch>) -> Option<Vec<String>> {
    let mut texts = Vec::new();
    for (at, item) in items.iter().enumerate() {
        texts.push(match (&item.value, earlier.get(at)) {
            (NodeValue::Null, Some(earlier)) => earlier.clone(),
            _ => text_of(item, Part::Item, mismatches)?,
        });
    }
    Some(texts)
}

fn whole_numbers(items: &[Node<'_>], earlier: &[Json]) -> Option<Vec<Json>> {
    let mut numbers = Vec::new();
    for (at, item) in items.iter().enumerate() {
        numbers.push(match &item.value {
            NodeValue::Number(text) => i64::from(text.parse::<i32>().ok()?).into(),
            NodeValue::Null => earlier.get(at).cloned().unwrap_or_else(|| 0.into()),
            _ => return None,
        });
    }
    Some(numbers)
}

fn text_of(node: &Node<'_>, part: Part, mismatches: &mut Vec<Mismatch>) -> Option<String> {
    match &node.value {
        NodeValue::String(text) => Some(text.as_ref().to_owned()),
        NodeValue::Null => Some(String::new()),
        _ => {
            mismatches.push(Mismatch::new(node, "a string").of_part(part));
            None
        }
    }
}

fn object_of(
    node: &Node<'_>,
    earlier: Option<&Json>,
    shape: &[(&'static str, Item)],
    folds: bool,
    mismatches: &mut Vec<Mismatch>,
) -> Json {
    let is_same = |name: &str, key: &str| if folds { same_folded(name, key) } else { name == key };
    let mut out: Map<String, Json> = match earlier {
        Some(Json::Object(earlier)) => earlier.clone(),
        // Members that are no pointers and maps are there even if they are not written.
        _ => shape
            .iter()
            .filter_map(|(name, item)| match item {
                Item::Plain(kind) => Some(((*name).to_owned(), Value::Absent.to_json(*kind))),
                Item::Resources | Item::Time => None,
            })
            .collect(),
    };
    match &node.value {
        NodeValue::Object(members) => {
            for member in members {
                let Some((name, item)) = shape.iter().find(|(name, _)| is_same(name, &member.key)) else {
                    continue;
                };
                if matches!(member.value.value, NodeValue::Null) {
                    if !matches!(item, Item::Plain(_)) {
                        out.remove(*name);
                    }
                    continue;
                }
                let json = match item {
                    Item::Plain(kind) => {
                        let mut slot = Slot { value: Value::Absent, place: member.value.place };
                        let before = mismatches.len();
                        read(*kind, &member.value, &mut slot, folds, mismatches);
                        for mismatch in mismatches.iter_mut().skip(before) {
                            mismatch.part = Part::Member(name);
                        }
                        slot.value.to_json(*kind)
                    }
                    Item::Resources => resources_of(name, &member.value, out.remove(*name), mismatches),
                    Item::Time => time_of(name, &member.value, mismatches),
                };
                out.insert((*name).to_owned(), json);
            }
        }
        NodeValue::Null => {}
        _ => mismatches.push(Mismatch::new(node, "an object").of_part(Part::Item)),
    }
    Json::Object(out)
}

/// Quantities by name, added to those of an earlier member of this name.
fn resources_of(
    name: &'static str,
    node: &Node<'_>,
    earlier: Option<Json>,
    mismatches: &mut Vec<Mismatch>,
) -> Json {
    let mut out = match earlier {
        Some(Json::Object(out)) => out,
        _ => Map::new(),
    };
    let Some(members) = node.as_object() else {
        mismatches.push(Mismatch::new(node, "an object with quantities").of_part(Part::Member(name)));
        return Json::Object(out);
    };
    for member in members {
        let quantity = match &member.value.value {
            NodeValue::Null => Quantity::parse("0"),
            NodeValue::String(text) | NodeValue::Number(text) => Quantity::parse(text.trim()),
            _ => None,
        };
        match quantity {
            Some(quantity) => {
                out.insert(member.key.clone().into_owned(), quantity.canonical().into());
            }
            None => mismatches
                .push(Mismatch::new(&member.value, Kind::Quantity.expects()).of_part(Part::Member(name))),
        }
    }
    Json::Object(out)
}

/// A time, in UTC.
fn time_of(name: &'static str, node: &Node<'_>, mismatches: &mut Vec<Mismatch>) -> Json {
    let time = node.as_str().and_then(time::in_utc);
    if time.is_none() {
        let expected = "a time such as 2026-01-01T00:00:00Z";
        mismatches.push(Mismatch::new(node, expected).of_part(Part::Member(name)));
    }
    time.map_or(Json::Null, Json::String)
}

/// A tree as a JSON value. Numbers that do not fit become strings.
pub(crate) fn to_json(node: &Node<'_>) -> Json {
    match &node.value {
        NodeValue::Null => Json::Null,
        NodeValue::Bool(b) => Json::Bool(*b),
        NodeValue::Number(text) => number(text).unwrap_or_else(|| Json::String(text.clone().into_owned())),
        NodeValue::String(text) => Json::String(text.clone().into_owned()),
        NodeValue::Array(items) => items.iter().map(to_json).collect(),
        NodeValue::Object(members) => {
            members.iter().map(|member| (member.key.clone().into_owned(), to_json(&member.value))).collect()
        }
    }
}

fn number(text: &str) -> Option<Json> {
    if let Ok(number) = text.parse::<i64>() {
        return Some(Json::from(number));
    }
    if let Ok(number) = text.parse::<u64>() {
        return Some(Json::from(number));
    }
    go_float::parse(text).map(Into::into)
}
