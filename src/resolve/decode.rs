//! Decodes a tree into fields, as Go's JSON decoders do.
//!
//! The kubelet uses two decoders. sigs.k8s.io/json decodes the config file: keys match exactly, and an unknown
//! key is an error of strict decoding, after which the kubelet decodes again without strictness
//! (`pkg/kubelet/kubeletconfig/util/codec/codec.go`). encoding/json decodes merged drop-ins: keys match in any
//! letter case, and unknown keys are silently dropped (`cmd/kubelet/app/server.go`,
//! `mergeKubeletConfigurations`).

use crate::kubelet::fields::{FIELDS, FieldId, Item, Kind, OBJECTS, ObjectKind};
use crate::kubelet::{Minors, Version, flags, gates};
use crate::source::diagnostic::{Code, Diagnostic};
use crate::source::nearest::nearest;
use crate::source::tree::{Member, Node, NodeValue};

use super::configuration::Configuration;
use super::read_value::{Mismatch, Part, clip, read, same_folded};
use super::value::Value;

/// The rules for matching keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keys {
    /// The config file or a `/configz` dump: exact v1beta1 names.
    Exact,
    /// Merged v1beta1 JSON (1.32 and later): any letter case.
    AnyCase,
    /// Merged JSON of the internal type (1.31 and earlier): Go's names, any letter case.
    Internal,
}

/// The diagnostics of decoding.
#[derive(Debug, Default)]
pub(super) struct Decoded {
    /// Values that their fields do not accept: fatal.
    pub errors: Vec<Diagnostic>,
    /// Ignored keys. With [`Keys::Exact`] each of them makes strict decoding fail.
    pub ignored: Vec<Diagnostic>,
}

/// Decodes `root`, an object, over the values in `into`.
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

/// The field or object of a key.
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

    /// The field or object of the key at the end of the path. Corrects the letter case of the key in the path.
    fn target(&mut self, at: usize) -> Option<Target> {
        // A dot in a key is no path.
        if self.path.get(at..).is_none_or(|key| key.contains('.')) {
            return None;
        }
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
        if self.path == "tracing" {
            let is_object = matches!(member.value.value, NodeValue::Object(_));
            self.into.tracing = is_object.then_some(member.value.place);
        }
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
        // A null does not change a value type; it clears a pointer, a list and a map.
        if matches!(member.value.value, NodeValue::Null) {
            match kind {
                Kind::Duration => self.wrong_type(&member.value, kind.expects()),
                Kind::Bool | Kind::Int32 | Kind::Int64 | Kind::Uint32 | Kind::Str | Kind::TimeOrDuration => {}
                _ => self.into.set(field, Value::Absent, place),
            }
            return;
        }
        // Up to 1.27 the type of `logging.flushFrequency` is a number of nanoseconds.
        if matches!(kind, Kind::TimeOrDuration)
            && !self.version.at_least(28)
            && matches!(member.value.value, NodeValue::String(_))
        {
            return self.wrong_type(&member.value, "an integer (nanoseconds)");
        }
        let Some(slot) = self.into.slot_mut(field) else { return };
        let mut mismatches = Vec::new();
        read(kind, &member.value, slot, self.keys != Keys::Exact, &mut mismatches);
        if let (Keys::Exact, Kind::Objects(shape)) = (self.keys, kind) {
            self.unknown_members(&member.value, shape.members());
        }
        for mismatch in mismatches {
            self.type_error(&mismatch);
        }
    }

    /// Reports unknown members of objects in a list, which make strict decoding fail.
    fn unknown_members(&mut self, list: &Node<'_>, shape: &[(&'static str, Item)]) {
        let NodeValue::Array(items) = &list.value else { return };
        for member in items.iter().filter_map(Node::as_object).flatten() {
            if !shape.iter().any(|(name, _)| *name == member.key) {
                let message =
                    format!("unknown field {:?} in {}; the kubelet ignores it", clip(&member.key), self.path);
                self.out.ignored.push(
                    Diagnostic::warning(Code::UnknownField, message)
                        .help("check the spelling, or remove it")
                        .at(member.key_place),
                );
            }
        }
    }

    fn wrong_type(&mut self, node: &Node<'_>, expected: &'static str) {
        self.type_error(&Mismatch::new(node, expected));
    }

    fn type_error(&mut self, mismatch: &Mismatch) {
        let path = &self.path;
        let Mismatch { part, found, expected, .. } = mismatch;
        // Header values are credentials, so not even a rejected one is shown.
        let message = if path == "staticPodURLHeader" {
            format!("{path} must be {}", Kind::StrListMap.expects())
        } else {
            let subject = match part {
                Part::Whole => path.clone(),
                Part::Key(key) => format!("{path}.{key}"),
                Part::Item => format!("an item of {path}"),
                Part::Member(name) => format!("{path}[].{name}"),
            };
            format!("{subject} must be {expected}, not {found}")
        };
        let help =
            if mismatch.is_only_quoted { "remove the quotes".to_owned() } else { format!("use {expected}") };
        self.out.errors.push(Diagnostic::error(Code::WrongType, message).help(help).at(mismatch.place));
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
                    format!("{exact} does not exist in Kubernetes {}; the kubelet ignores it", self.version),
                    help,
                )
            } else {
                (
                    Code::WrongCase,
                    format!("{path} is ignored: field names are case-sensitive, and this field is {exact}"),
                    format!("rename it to {exact}"),
                )
            }
        } else if let Some(elsewhere) = elsewhere(key) {
            (
                Code::MisplacedKey,
                format!("{path} has no effect here: the kubelet reads {elsewhere}"),
                format!("move it to {elsewhere}"),
            )
        } else {
            let near = nearest(key, children(parent, self.version));
            let help = match (unknown_field_help(key), near) {
                (Some(help), _) => help.to_owned(),
                (None, Some(name)) => format!("did you mean {parent}{name}?"),
                (None, None) => "remove it".to_owned(),
            };
            (Code::UnknownField, format!("unknown field {path}; the kubelet ignores it"), help)
        };
        self.out.ignored.push(Diagnostic::warning(code, message).help(help).at(place));
    }
}

/// Whether the key is `apiVersion` or `kind`, which are decoded before. encoding/json accepts any letter case.
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

/// The first matching name directly below `parent`, which is empty or ends with a dot.
fn child(parent: &str, is_wanted: impl Fn(&str) -> bool) -> Option<&'static str> {
    let is_child = |path: &&'static str| {
        let name = path.strip_prefix(parent);
        name.is_some_and(|name| !name.contains('.') && is_wanted(name))
    };
    let paths = FIELDS.iter().map(|field| field.path).find(is_child);
    let path = paths.or_else(|| OBJECTS.iter().map(|(path, _)| *path).find(is_child))?;
    path.strip_prefix(parent)
}

/// The fields and objects of this version in `parent`, a path with its dot.
fn children(parent: &str, version: Version) -> impl Iterator<Item = &'static str> {
    let fields = FIELDS.iter().filter(move |field| field.exists_in(version)).map(|field| field.path);
    let objects = OBJECTS.iter().map(|(path, _)| *path).filter(move |path| object_exists(path, version));
    let names = fields.chain(objects).filter_map(move |path| path.strip_prefix(parent));
    names.filter(|name| !name.contains('.'))
}

/// A name in the type that is decoded into. Only one field of the internal type differs in more than letter
/// case: `ResolverConfig` (`pkg/kubelet/apis/config/types.go`).
fn go_name<'n>(parent: &str, name: &'n str, keys: Keys) -> &'n str {
    if keys == Keys::Internal && parent.is_empty() && name == "resolvConf" { "ResolverConfig" } else { name }
}

/// The correct path of a misplaced key.
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

fn unknown_field_help(key: &str) -> Option<&'static str> {
    Some(match key {
        "IPAddressDeny" => "IPAddressDeny is a setting of the systemd unit, not of the kubelet",
        "hostnameOverride" => "use the flag --hostname-override; no field sets it",
        "eventQPS" => "use eventRecordQPS",
        _ => return None,
    })
}
