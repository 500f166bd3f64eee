//! Loads configurations from documents: the config file, the drop-ins or a `/configz` dump.

use crate::kubelet::Version;
use crate::kubelet::fields::{FieldId, Kind, id};
use crate::source::diagnostic::{Code, Diagnostic, Weight};
use crate::source::tree::{Document, Member, Node, NodeValue};
use crate::source::{Place, merge_patch};

use super::configuration::Configuration;
use super::decode::{Keys, decode};
use super::outcome::Stop;
use super::parse_flags::Flags;
use super::read_value::{clip, same_folded};
use super::stage::Stage;
use super::value::{MapEntry, Value};
use super::{check_gates, defaults, merge};

/// The apiVersion that a kubelet accepts.
const API_VERSION: &str = "kubelet.config.k8s.io/v1beta1";
/// The apiVersion of the type that a kubelet uses itself.
const INTERNAL_VERSION: &str = "kubelet.config.k8s.io/__internal";
/// The kind that a kubelet accepts as `--config`.
const KIND: &str = "KubeletConfiguration";

/// The configuration of the config file.
pub(super) struct Loaded {
    pub(super) configuration: Configuration,
    /// Whether strict decoding failed and the kubelet decoded again without strictness.
    pub(super) lenient: bool,
    pub(super) warnings: Vec<Diagnostic>,
}

/// Loads the file named by `--config`.
pub(super) fn config_file(
    document: &Document<'_>,
    directory: &str,
    version: Version,
    flags: &Flags,
) -> Result<Loaded, Stop> {
    let stop = |errors| Stop::new(Stage::ConfigFile, errors);
    let meta = type_meta(document).map_err(|error| stop(vec![*error]))?;
    if meta.is_internal {
        return Ok(internal(&document.root, version, meta.warnings));
    }
    let mut configuration = Configuration::default();
    let decoded = decode(&document.root, Keys::Exact, version, &mut configuration);
    if !decoded.errors.is_empty() {
        return Err(stop(decoded.errors));
    }
    let mut warnings = duplicate_keys(document, Weight::Warning, winner(document));
    warnings.extend(decoded.ignored);
    warnings.extend(meta.warnings);
    let lenient = !warnings.is_empty();
    if version.at_least(32) {
        // The defaults depend on the gates of the configuration, and panic if those cannot be set.
        check_local_gates(&configuration, version, flags)
            .map_err(|errors| Stop::panic(Stage::ConfigFile, errors))?;
    }
    defaults::set_defaults(&mut configuration, version, flags);
    defaults::set_eviction_hard(&mut configuration, version);
    resolve_paths(&mut configuration, directory);
    Ok(Loaded { configuration, lenient, warnings })
}

/// Loads a file whose apiVersion is that of the kubelet's internal type. It takes no defaults, and no key is the
/// name of a field, so the kubelet stops at the next stage that needs a value.
fn internal(root: &Node<'_>, version: Version, mut warnings: Vec<Diagnostic>) -> Loaded {
    let others = root
        .as_object()
        .into_iter()
        .flatten()
        .filter(|member| !META.iter().any(|(name, _)| *name == member.key));
    let lenient = others.count() > 0 || !warnings.is_empty();
    warnings.push(
        Diagnostic::warning(
            Code::WrongKind,
            format!(
                "apiVersion {INTERNAL_VERSION} is the kubelet's own: no default applies, and no field is read"
            ),
        )
        .help(format!("use apiVersion: {API_VERSION}"))
        .at(root.get("apiVersion").map_or(root.place, |node| node.place)),
    );
    let mut configuration = Configuration::default();
    // What is a pointer in v1beta1 is a value in the internal type, with few exceptions.
    for field in FieldId::iter().filter(|field| !INTERNAL_POINTERS.contains(field)) {
        let zero = match field.field().kind {
            Kind::PtrBool => Value::Bool(false),
            Kind::PtrInt32 | Kind::PtrInt64 | Kind::TimeOrDuration => Value::Int(0),
            Kind::PtrDuration => Value::Nanos(0),
            Kind::PtrStr => Value::Str(String::new()),
            _ => continue,
        };
        configuration.set(field, zero, Place::DEFAULT);
    }
    // Up to 1.25 it is one of the defaults of v1beta1.
    if version.at_least(26) {
        defaults::set_eviction_hard(&mut configuration, version);
    }
    Loaded { configuration, lenient, warnings }
}

/// Fields that are pointers in the internal type as well (`pkg/kubelet/apis/config/types.go`).
const INTERNAL_POINTERS: [FieldId; 7] = [
    id::CRASH_LOOP_MAX,
    id::IDS_PER_POD,
    id::MAX_PARALLEL_IMAGE_PULLS,
    id::MEMORY_THROTTLING_FACTOR,
    id::SINGLE_PROCESS_OOM_KILL,
    id::TRACING_ENDPOINT,
    id::TRACING_SAMPLING_RATE,
];

/// What `apiVersion` and `kind` of a config file say.
struct TypeMeta {
    /// Whether the file is of the kubelet's internal type.
    is_internal: bool,
    warnings: Vec<Diagnostic>,
}

/// Checks the gates of a configuration on top of those of the flags.
fn check_local_gates(
    configuration: &Configuration,
    version: Version,
    flags: &Flags,
) -> Result<(), Vec<Diagnostic>> {
    let of_flags: Vec<MapEntry> = flags.gates().cloned().collect();
    check_gates::check(&[&of_flags, configuration.gates()], version)
}

/// The clause that says which of several entries with one key wins.
fn winner(document: &Document<'_>) -> &'static str {
    match document.format {
        crate::source::tree::Format::Json => "objects are merged, and of other values the last one wins",
        _ => "the last one wins",
    }
}

fn duplicate_keys(document: &Document<'_>, weight: Weight, then: &str) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    for duplicate in &document.duplicates {
        let message = format!("duplicate key {:?}; {then}", duplicate.key);
        let mut diagnostic = Diagnostic::error(Code::DuplicateKey, message)
            .help("remove all but one")
            .at(document.root.place.with_span(duplicate.again));
        diagnostic.weight = weight;
        out.push(diagnostic);
    }
    out
}

/// Merges drop-ins, in order, over `base`.
pub(super) fn drop_ins(
    base: Configuration,
    documents: &[&Document<'_>],
    version: Version,
    flags: &Flags,
) -> Result<Configuration, Stop> {
    let stop = |errors| Stop::new(Stage::DropIn, errors);
    let keys = if version.at_least(32) { Keys::AnyCase } else { Keys::Internal };
    let mut merged = merge::encode(&base, version, keys);
    for document in documents {
        drop_in_meta(&document.root, version).map_err(|error| stop(vec![*error]))?;
        let duplicates = duplicate_keys(document, Weight::Error, "the kubelet rejects the drop-in");
        if !duplicates.is_empty() {
            return Err(stop(duplicates));
        }
        if let NodeValue::Object(members) = &document.root.value {
            merge_patch::patch(&mut merged, members);
        }
    }
    merge::sort_keys(&mut merged);
    // An empty object is not encoded; no drop-in takes it away without a null.
    let mut configuration = Configuration::default();
    configuration.tracing = base.tracing;
    let decoded = decode(&merged, keys, version, &mut configuration);
    if !decoded.errors.is_empty() {
        return Err(stop(decoded.errors));
    }
    if version.at_least(32) {
        check_local_gates(&configuration, version, flags)
            .map_err(|errors| Stop::panic(Stage::DropIn, errors))?;
        defaults::set_defaults(&mut configuration, version, flags);
    }
    Ok(configuration)
}

/// Merges drop-ins as 1.28 does: each is loaded as a config file, with the defaults, and every value of it that is
/// not zero replaces the value before, a default too (`mergeKubeletConfigurations`, with mergo 0.3.6).
pub(super) fn whole_drop_ins(
    base: Configuration,
    documents: &[&Document<'_>],
    directory: &str,
    version: Version,
    flags: &Flags,
) -> Result<Loaded, Stop> {
    let mut merged = Loaded { configuration: base, lenient: false, warnings: Vec::new() };
    for document in documents {
        let loaded = config_file(document, directory, version, flags)
            .map_err(|stop| Stop { stage: Stage::DropIn, ..stop })?;
        merged.lenient |= loaded.lenient;
        merged.warnings.extend(loaded.warnings);
        let before = merged.configuration.clone();
        merge::override_with(&mut merged.configuration, &loaded.configuration);
        merged.warnings.extend(set_back(&before, &merged.configuration));
    }
    Ok(merged)
}

/// A warning for each value that a default of a drop-in replaced.
fn set_back(before: &Configuration, after: &Configuration) -> Vec<Diagnostic> {
    let is_set_back = |field: &FieldId| {
        let (old, new) = (before.slot(*field), after.slot(*field));
        old.place != Place::DEFAULT && new.place == Place::DEFAULT && old.value != new.value
    };
    FieldId::iter()
        .filter(is_set_back)
        .map(|field| {
            let path = field.field().path;
            let message = format!("{path} is ignored: a drop-in without it sets it back to its default");
            Diagnostic::warning(Code::IgnoredValue, message)
                .help("repeat it in the last drop-in, or use Kubernetes 1.29 or later")
                .at(before.slot(field).place)
        })
        .collect()
}

/// Loads a `/configz` dump, in which absent fields are zero. The errors are about values that no kubelet can
/// have returned.
pub(super) fn configz(
    inner: &Node<'_>,
    version: Version,
) -> Result<(Configuration, Vec<Diagnostic>), Vec<Diagnostic>> {
    let mut configuration = Configuration::default();
    let decoded = decode(inner, Keys::Exact, version, &mut configuration);
    if decoded.errors.is_empty() { Ok((configuration, decoded.ignored)) } else { Err(decoded.errors) }
}

/// The type meta of a document: keys with the values that a kubelet accepts.
const META: [(&str, &str); 2] = [("apiVersion", API_VERSION), ("kind", KIND)];

/// Checks `apiVersion` and `kind` of the config file. Their keys match in any letter case, because encoding/json
/// decodes their struct; their values are case-sensitive. Returns a warning for a key in another letter case,
/// with which strict decoding fails.
fn type_meta(document: &Document<'_>) -> Result<TypeMeta, Box<Diagnostic>> {
    let root = &document.root;
    let members = object(root)?;
    let mut is_internal = false;
    for (name, expected) in META {
        // The last one wins; of YAML, keys are sorted first.
        let mut named = members.iter().filter(|member| same_folded(&member.key, name));
        let last = match document.format {
            crate::source::tree::Format::Json => named.next_back(),
            _ => named.max_by(|a, b| a.key.cmp(&b.key)),
        };
        let value = last.map(|member| &member.value);
        if name == "apiVersion" && value.and_then(Node::as_str) == Some(INTERNAL_VERSION) {
            is_internal = true;
            continue;
        }
        check_meta(root, value, name, expected)?;
    }
    let mut warnings = Vec::new();
    for member in members {
        for (name, _) in META {
            if member.key != name && same_folded(&member.key, name) {
                warnings.push(
                    Diagnostic::warning(
                        Code::WrongCase,
                        format!("{} must be spelled {name}; strict decoding fails", member.key),
                    )
                    .help(format!("rename it to {name}"))
                    .at(member.key_place),
                );
            }
        }
    }
    Ok(TypeMeta { is_internal, warnings })
}

fn drop_in_meta(root: &Node<'_>, version: Version) -> Result<(), Box<Diagnostic>> {
    object(root)?;
    if version.at_least(32) {
        return META
            .into_iter()
            .try_for_each(|(name, expected)| check_meta(root, root.get(name), name, expected));
    }
    // Up to 1.31 a drop-in may be of any kind, and its apiVersion is only parsed.
    let text = |name| root.get(name).and_then(Node::as_str).unwrap_or_default();
    if text("kind").is_empty() {
        return Err(missing_kind(root, "kind", KIND));
    }
    match root.get("apiVersion") {
        Some(node) if text("apiVersion").matches('/').count() > 1 => {
            Err(wrong_kind(node, "apiVersion", API_VERSION))
        }
        _ => Ok(()),
    }
}

fn check_meta(
    root: &Node<'_>,
    found: Option<&Node<'_>>,
    name: &str,
    expected: &str,
) -> Result<(), Box<Diagnostic>> {
    match found {
        Some(node) if node.as_str() == Some(expected) => Ok(()),
        Some(node) if node.as_str() != Some("") => Err(wrong_kind(node, name, expected)),
        _ => Err(missing_kind(root, name, expected)),
    }
}

fn object<'n, 'a>(root: &'n Node<'a>) -> Result<&'n [Member<'a>], Box<Diagnostic>> {
    match &root.value {
        NodeValue::Object(members) => Ok(members),
        NodeValue::Null => Err(Box::new(
            Diagnostic::error(Code::MissingKind, "the document has no content")
                .help(format!("start with apiVersion: {API_VERSION} and kind: {KIND}"))
                .at(root.place),
        )),
        other => Err(Box::new(
            Diagnostic::error(
                Code::NotAnObject,
                format!("the document must be an object, not a {}", other.kind()),
            )
            .help("a kubelet configuration is an object with apiVersion and kind")
            .at(root.place),
        )),
    }
}

fn missing_kind(root: &Node<'_>, name: &str, expected: &str) -> Box<Diagnostic> {
    Box::new(
        Diagnostic::error(Code::MissingKind, format!("{name} is missing; the kubelet rejects the document"))
            .help(format!(
                "add {name}: {expected}; pass /configz output whole, as {{\"kubeletconfig\": {{...}}}}"
            ))
            .at(start_of(root)),
    )
}

fn wrong_kind(node: &Node<'_>, name: &str, expected: &str) -> Box<Diagnostic> {
    let found = match node.as_str() {
        Some(text) => format!("{:?}", clip(text)),
        None => format!("of type {}", node.value.kind()),
    };
    Box::new(
        Diagnostic::error(Code::WrongKind, format!("unsupported {name} {found}; expected {expected}"))
            .help(format!("pass a document with apiVersion: {API_VERSION} and kind: {KIND}"))
            .at(node.place),
    )
}

fn start_of(root: &Node<'_>) -> Place {
    let mut place = root.place;
    place.span.end = place.span.start;
    place
}

/// Makes relative paths absolute against the file's directory
/// (`pkg/kubelet/kubeletconfig/configfiles/configfiles.go`, `resolveRelativePaths`).
fn resolve_paths(configuration: &mut Configuration, directory: &str) {
    const PATHS: [FieldId; 7] = [
        id::STATIC_POD_PATH,
        id::CLIENT_CA_FILE,
        id::TLS_CERT_FILE,
        id::TLS_PRIVATE_KEY_FILE,
        id::RESOLV_CONF,
        id::VOLUME_PLUGIN_DIR,
        id::POD_LOGS_DIR,
    ];
    for field in PATHS {
        let slot = configuration.slot(field);
        if let Value::Str(path) = &slot.value
            && !path.is_empty()
            && !path.starts_with('/')
        {
            let (joined, place) = (join(directory, path), slot.place);
            configuration.set(field, Value::Str(joined), place);
        }
    }
}

/// Joins and cleans paths as Go's `filepath.Join` does.
pub(super) fn join(directory: &str, path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in directory.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    format!("/{}", parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::join;

    #[test]
    fn joined_paths_are_clean() {
        assert_eq!(join("/var/lib/kubelet", "./a.crt"), "/var/lib/kubelet/a.crt");
        assert_eq!(join("/var/lib/kubelet", "../pki//a.crt"), "/var/lib/pki/a.crt");
        assert_eq!(join("/", "../../a"), "/a");
    }
}
