//! A tree into fields, as Go's JSON decoders do it.
//!
//! Two decoders take part. The main file goes through sigs.k8s.io/json: keys match exactly, unknown
//! ones are errors of strict decoding, after which the kubelet decodes again without them
//! (`pkg/kubelet/kubeletconfig/util/codec/codec.go`). Merged drop-ins go through encoding/json:
//! keys match without regard to case, unknown ones are silently dropped
//! (`cmd/kubelet/app/server.go`, `mergeKubeletConfigurations`).

use serde_json::{Map, Value as Json};

use crate::kubelet::fields::{FIELDS, FieldId, Item, Kind, OBJECTS, ObjectKind};
use crate::kubelet::{Minors, Version, duration, flags, gates};
use crate::source::Place;
use crate::source::diagnostic::{Code, Diagnostic};
use crate::source::go_float;
use crate::source::tree::{Member, Node, NodeValue};

use super::configuration::{Configuration, Slot};
use super::value::Value;

/// Whose keys and which rules a decoding follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keys {
    /// The main file, or a `/configz` dump: v1beta1 names, exact.
    Exact,
    /// Merged v1beta1 JSON (1.32 and later): any letter case.
    AnyCase,
    /// Merged JSON of the internal type (1.31 and earlier): Go's names, any letter case.
    Internal,
}

/// What decoding found besides values.
#[derive(Debug, Default)]
pub(super) struct Decoded {
    /// Values that their fields do not take: fatal.
    pub errors: Vec<Diagnostic>,
    /// Keys that were ignored; with exact keys each makes strict decoding fail.
    pub ignored: Vec<Diagnostic>,
}

/// Decodes `root`, an object, over what `into` holds already.
pub(super) fn decode(root: &Node<'_>, keys: Keys, version: Version, into: &mut Configuration) -> Decoded {
    let mut decoder = Decoder { keys, version, into, path: String::new(), out: Decoded::default() };
    if let NodeValue::Object(members) = &root.value {
        decoder.object(members);
    }
    decoder.out
}

struct Decoder<'c> {
    keys: Keys,
    version: Version,
    into: &'c mut Configuration,
    path: String,
    out: Decoded,
}

/// What a key leads to.
enum Target {
    Field(FieldId),
    Object(ObjectKind),
}

impl Decoder<'_> {
    fn object(&mut self, members: &[Member<'_>]) {
        let parent = self.path.len();
        for member in members {
            if parent == 0 && is_type_meta(&member.key, self.keys) {
                continue;
            }
            if parent > 0 {
                self.path.push('.');
            }
            let at = self.path.len();
            self.path.push_str(&member.key);
            match self.target(at) {
                Some(Target::Field(field)) => self.field(field, member),
                Some(Target::Object(kind)) => self.nested(kind, member),
                None if self.keys == Keys::Exact => self.ignored(member, at),
                None => {}
            }
            self.path.truncate(parent);
        }
    }

    /// What the key at the end of the path leads to; the path then has that name's own spelling.
    fn target(&mut self, at: usize) -> Option<Target> {
        let find = |path: &str| -> Option<Target> {
            if let Some(field) = FieldId::find(path) {
                return field.field().exists_in(self.version).then_some(Target::Field(field));
            }
            let at = OBJECTS.binary_search_by(|(name, _)| (*name).cmp(path)).ok()?;
            let (_, kind) = OBJECTS.get(at)?;
            object_exists(path, self.version).then_some(Target::Object(*kind))
        };
        if self.keys != Keys::Internal
            && let Some(target) = find(&self.path)
        {
            return Some(target);
        }
        if self.keys == Keys::Exact {
            return None;
        }
        let (parent, key) = self.path.split_at_checked(at)?;
        let name = child(parent, |name| same_folded(go_name(parent, name, self.keys), key))?;
        self.path.truncate(at);
        self.path.push_str(name);
        find(&self.path)
    }

    fn nested(&mut self, kind: ObjectKind, member: &Member<'_>) {
        match &member.value.value {
            NodeValue::Object(members) => self.object(members),
            NodeValue::Null => {
                if kind == ObjectKind::Pointer {
                    let prefix = format!("{}.", self.path);
                    for field in FieldId::iter().filter(|id| id.field().path.starts_with(&prefix)) {
                        self.into.set(field, Value::Absent, member.value.place);
                    }
                }
            }
            _ => self.wrong_type(&member.value, "an object"),
        }
    }

    fn field(&mut self, field: FieldId, member: &Member<'_>) {
        let kind = field.field().kind;
        let place = member.value.place;
        // A null leaves what a non-pointer holds; it empties a pointer, a list and a map.
        if matches!(member.value.value, NodeValue::Null) {
            match kind {
                Kind::Duration => self.wrong_type(&member.value, kind.expects()),
                Kind::Bool | Kind::Int32 | Kind::Int64 | Kind::Uint32 | Kind::Str | Kind::TimeOrDuration => {}
                _ => self.into.set(field, Value::Absent, place),
            }
            return;
        }
        let Some(slot) = self.into.slot_mut(field) else { return };
        let mut problems = Vec::new();
        read(kind, &member.value, slot, &mut problems);
        if let (Keys::Exact, Kind::Objects(shape)) = (self.keys, kind) {
            self.unknown_members(&member.value, shape.members());
        }
        for (node_place, found, expects) in problems {
            self.type_error(node_place, &found, expects);
        }
    }

    /// Members of listed objects that strict decoding does not know.
    fn unknown_members(&mut self, list: &Node<'_>, shape: &[(&'static str, Item)]) {
        let NodeValue::Array(items) = &list.value else { return };
        for member in items.iter().filter_map(Node::as_object).flatten() {
            if !shape.iter().any(|(name, _)| *name == member.key) {
                let message = format!(
                    "{}: {:?} is not one of its members and is ignored",
                    self.path,
                    clip(&member.key)
                );
                self.out.ignored.push(
                    Diagnostic::warning(Code::UnknownField, message)
                        .help("remove it, or check its spelling")
                        .at(member.key_place),
                );
            }
        }
    }

    fn wrong_type(&mut self, node: &Node<'_>, expects: &str) {
        self.type_error(node.place, &describe(node), expects);
    }

    fn type_error(&mut self, place: Place, found: &str, expects: &str) {
        let path = &self.path;
        // Header values carry credentials: not even a refused one is shown.
        let found = if path == "staticPodURLHeader" { "something else" } else { found };
        self.out.errors.push(
            Diagnostic::error(Code::WrongType, format!("{path} is {found}, and takes {expects}"))
                .help(format!("write {expects}; the kubelet refuses the whole document as it is"))
                .at(place),
        );
    }

    fn ignored(&mut self, member: &Member<'_>, at: usize) {
        let place = member.key_place;
        let path = self.path.clone();
        let (parent, key) = path.split_at_checked(at).unwrap_or(("", &path));
        let other_case = child(parent, |name| name.eq_ignore_ascii_case(key));
        let (code, message, help) = if let Some(name) = other_case {
            let exact = format!("{parent}{name}");
            if name == key {
                let help = FieldId::find(&exact).map_or_else(String::new, |id| {
                    let Minors { first, last } = id.field().minors;
                    format!("the field exists from 1.{first} to 1.{last}")
                });
                (
                    Code::FieldNotInVersion,
                    format!("{exact} is not a field of Kubernetes {} and is ignored", self.version),
                    help,
                )
            } else {
                (
                    Code::WrongCase,
                    format!("{path} is ignored: the field is spelled {exact}, and case counts"),
                    format!("write {exact}"),
                )
            }
        } else if let Some(elsewhere) = elsewhere(key) {
            (
                Code::MisplacedKey,
                format!("{path} has no effect here: the kubelet reads {elsewhere}"),
                format!("move it to {elsewhere}"),
            )
        } else {
            (
                Code::UnknownField,
                format!("{path} is not a field of the kubelet and is ignored"),
                unknown_field_help(key).into(),
            )
        };
        self.out.ignored.push(Diagnostic::warning(code, message).help(help).at(place));
    }
}

/// `apiVersion` and `kind`: read before, by the type they name. encoding/json takes any case.
fn is_type_meta(key: &str, keys: Keys) -> bool {
    match keys {
        Keys::Exact => key == "kind" || key == "apiVersion",
        Keys::AnyCase | Keys::Internal => same_folded(key, "kind") || same_folded(key, "apiVersion"),
    }
}

fn object_exists(path: &str, version: Version) -> bool {
    let prefix_len = path.len();
    FIELDS.iter().any(|field| {
        field.path.as_bytes().get(prefix_len) == Some(&b'.')
            && field.path.starts_with(path)
            && field.exists_in(version)
    })
}

/// The first name directly below `parent`, which is empty or ends with a dot, that is wanted.
fn child(parent: &str, is_wanted: impl Fn(&str) -> bool) -> Option<&'static str> {
    let is_child = |path: &&'static str| {
        let name = path.strip_prefix(parent);
        name.is_some_and(|name| !name.contains('.') && is_wanted(name))
    };
    let paths = FIELDS.iter().map(|field| field.path).find(is_child);
    let path = paths.or_else(|| OBJECTS.iter().map(|(path, _)| *path).find(is_child))?;
    path.strip_prefix(parent)
}

/// A name as the type decoded into has it. The internal type differs by more than case in one
/// field alone: `ResolverConfig` (`pkg/kubelet/apis/config/types.go`).
fn go_name<'n>(parent: &str, name: &'n str, keys: Keys) -> &'n str {
    if keys == Keys::Internal && parent.is_empty() && name == "resolvConf" { "ResolverConfig" } else { name }
}

/// Whether encoding/json takes the names for the same (`foldName`: simple folding, by which K is
/// also the Kelvin sign and s also the long s).
pub(super) fn same_folded(a: &str, b: &str) -> bool {
    let fold = |c: char| match c {
        '\u{212a}' => 'k',
        '\u{17f}' => 's',
        _ => c.to_ascii_lowercase(),
    };
    a.chars().map(fold).eq(b.chars().map(fold))
}

/// Where a key that stands in the wrong place belongs.
fn elsewhere(key: &str) -> Option<String> {
    if key == "rotateServerCertificates" {
        return Some("serverTLSBootstrap".into());
    }
    if let Some(field) = flags::lookup(key).and_then(|flag| flag.field(Version::NEWEST)) {
        return Some(field.field().path.into());
    }
    if gates::known_in(key).next().is_some() {
        return Some(format!("featureGates.{key}"));
    }
    FIELDS
        .iter()
        .find(|field| field.path.rsplit_once('.').is_some_and(|(_, name)| name == key))
        .filter(|_| !matches!(key, "enabled" | "mode" | "format" | "endpoint" | "verbosity"))
        .map(|field| field.path.into())
}

fn unknown_field_help(key: &str) -> &'static str {
    match key {
        "IPAddressDeny" => "IPAddressDeny is an option of the systemd unit, not of the kubelet",
        "hostnameOverride" => "there is only the flag --hostname-override",
        "eventQPS" => "the field is eventRecordQPS",
        _ => "remove it, or check its spelling",
    }
}

fn describe(node: &Node<'_>) -> String {
    match &node.value {
        NodeValue::String(text) => format!("the text {:?}", clip(text)),
        NodeValue::Number(text) => format!("the number {}", clip(text)),
        NodeValue::Bool(b) => format!("{b}"),
        NodeValue::Null => "null".into(),
        NodeValue::Array(_) => "a list".into(),
        NodeValue::Object(_) => "an object".into(),
    }
}

/// The first characters of a text that may be long.
pub(crate) fn clip(text: &str) -> String {
    const MOST: usize = 80;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}...", text.get(..end).unwrap_or("")),
        None => text.into(),
    }
}

type Problem = (Place, String, &'static str);

/// The value of one node, read as a field of this kind; `None` where the field does not take it.
pub(crate) fn value_of(kind: Kind, node: &Node<'_>) -> Option<Value> {
    let mut slot = Slot { value: Value::Absent, place: node.place };
    let mut problems = Vec::new();
    read(kind, node, &mut slot, &mut problems);
    problems.is_empty().then_some(slot.value)
}

/// Reads a value that is not null.
fn read(kind: Kind, node: &Node<'_>, slot: &mut Slot, problems: &mut Vec<Problem>) {
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
        (Kind::TimeOrDuration, NodeValue::Number(text)) => text.parse().ok().map(Value::Nanos),
        (Kind::Quantity, NodeValue::String(text) | NodeValue::Number(text)) => {
            is_quantity(text).then(|| Value::Str(text.as_ref().to_owned()))
        }
        (Kind::StrList, NodeValue::Array(items)) => texts_of(items, problems).map(Value::List),
        (Kind::Int32List, NodeValue::Array(items)) => whole_numbers(items).map(Value::Items),
        (Kind::StrMap | Kind::BoolMap | Kind::StrListMap, NodeValue::Object(members)) => {
            let mut map = slot.value.take_map();
            for member in members {
                if let Some(value) = entry_of(kind, member, problems) {
                    map.set(&member.key, value, member.value.place);
                }
            }
            Some(Value::Map(map))
        }
        (Kind::Objects(shape), NodeValue::Array(items)) => {
            Some(Value::Items(items.iter().map(|item| object_of(item, shape.members(), problems)).collect()))
        }
        _ => None,
    };
    match value {
        Some(value) => *slot = Slot { value, place: node.place },
        None if problems.is_empty() => problems.push((node.place, describe(node), kind.expects())),
        None => {}
    }
}

/// The value of a map's entry. A null is the zero value of the map's element, an explicit false for one.
fn entry_of(kind: Kind, member: &Member<'_>, problems: &mut Vec<Problem>) -> Option<Value> {
    let node = &member.value;
    let value = match (kind, &node.value) {
        (Kind::BoolMap, NodeValue::Bool(b)) => Some(Value::Bool(*b)),
        (Kind::BoolMap, NodeValue::Null) => Some(Value::Bool(false)),
        (Kind::StrListMap, NodeValue::Array(items)) => texts_of(items, problems).map(Value::List),
        (Kind::StrListMap, NodeValue::Null) => Some(Value::List(Vec::new())),
        (Kind::BoolMap | Kind::StrListMap, _) => None,
        _ => return text_of(node, problems).map(Value::Str),
    };
    if value.is_none() {
        let found = describe(node);
        problems.push(match kind {
            Kind::BoolMap => (
                node.place,
                format!("{} = {found}", clip(&member.key)),
                "true or false, without quotes, for each gate",
            ),
            _ => (node.place, found, kind.expects()),
        });
    }
    value
}

/// Up to the first item that is no text.
fn texts_of(items: &[Node<'_>], problems: &mut Vec<Problem>) -> Option<Vec<String>> {
    let mut texts = Vec::new();
    for item in items {
        texts.push(text_of(item, problems)?);
    }
    Some(texts)
}

fn whole_numbers(items: &[Node<'_>]) -> Option<Vec<Json>> {
    let mut numbers = Vec::new();
    for item in items {
        numbers.push(match &item.value {
            NodeValue::Number(text) => i64::from(text.parse::<i32>().ok()?).into(),
            NodeValue::Null => 0.into(),
            _ => return None,
        });
    }
    Some(numbers)
}

fn text_of(node: &Node<'_>, problems: &mut Vec<Problem>) -> Option<String> {
    match &node.value {
        NodeValue::String(text) => Some(text.as_ref().to_owned()),
        NodeValue::Null => Some(String::new()),
        _ => {
            problems.push((node.place, describe(node), "text"));
            None
        }
    }
}

fn object_of(node: &Node<'_>, shape: &[(&'static str, Item)], problems: &mut Vec<Problem>) -> Json {
    let mut out = Map::new();
    match &node.value {
        NodeValue::Object(members) => {
            for member in members {
                let Some((name, item)) = shape.iter().find(|(name, _)| same_folded(name, &member.key)) else {
                    continue;
                };
                if matches!(member.value.value, NodeValue::Null) {
                    continue;
                }
                let json = match item {
                    Item::Plain(kind) => {
                        let mut slot = Slot { value: Value::Absent, place: member.value.place };
                        read(*kind, &member.value, &mut slot, problems);
                        slot.value.to_json(*kind)
                    }
                    Item::Resources | Item::Time => to_json(&member.value),
                };
                out.insert((*name).to_owned(), json);
            }
        }
        NodeValue::Null => {}
        _ => problems.push((node.place, describe(node), "an object")),
    }
    Json::Object(out)
}

/// A tree as a JSON value; numbers that do not fit become text.
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

/// Whether a text is a Kubernetes quantity: sign, digits with a point, a suffix
/// (apimachinery `resource/quantity.go`).
fn is_quantity(text: &str) -> bool {
    const SUFFIXES: &[&str] =
        &["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei", "n", "u", "m", "k", "M", "G", "T", "P", "E"];
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let is_part = |byte: u8| byte.is_ascii_digit() || byte == b'.';
    let end = unsigned.bytes().position(|byte| !is_part(byte)).unwrap_or(unsigned.len());
    let (digits, suffix) = unsigned.split_at_checked(end).unwrap_or((unsigned, ""));
    let points = digits.bytes().filter(|byte| *byte == b'.').count();
    let exponent = suffix.strip_prefix(['e', 'E']).and_then(|e| e.parse::<i16>().ok());
    points <= 1 && digits.len() > points && (SUFFIXES.contains(&suffix) || exponent.is_some())
}
