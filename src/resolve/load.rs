//! Loads configurations from documents: the config file, the drop-ins or a `/configz` dump.

use crate::kubelet::Version;
use crate::kubelet::fields::{FieldId, id};
use crate::source::diagnostic::{Code, Diagnostic, Weight};
use crate::source::tree::{Document, Member, Node, NodeValue};
use crate::source::{Place, merge_patch};

use super::configuration::Configuration;
use super::decode::{Keys, decode};
use super::outcome::Stop;
use super::parse_flags::Flags;
use super::read_value::{clip, same_folded};
use super::stage::Stage;
use super::value::Value;
use super::{check_gates, defaults, merge};

/// The apiVersion that a kubelet accepts.
const API_VERSION: &str = "kubelet.config.k8s.io/v1beta1";
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
    let meta = type_meta(&document.root).map_err(|error| stop(vec![*error]))?;
    let mut configuration = Configuration::default();
    let decoded = decode(&document.root, Keys::Exact, version, &mut configuration);
    if !decoded.errors.is_empty() {
        return Err(stop(decoded.errors));
    }
    let mut warnings = duplicate_keys(document, Weight::Warning, winner(document));
    warnings.extend(decoded.ignored);
    warnings.extend(meta);
    let lenient = !warnings.is_empty();
    if version.at_least(32) {
        // The defaults depend on the gates of the configuration, and panic if those cannot be set.
        check_gates::check(configuration.gates(), version)
            .map_err(|errors| Stop::panic(Stage::FeatureGates, errors))?;
    }
    defaults::set_defaults(&mut configuration, version, flags);
    defaults::set_eviction_hard(&mut configuration, version);
    resolve_paths(&mut configuration, directory);
    Ok(Loaded { configuration, lenient, warnings })
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
    let mut configuration = Configuration::default();
    let decoded = decode(&merged, keys, version, &mut configuration);
    if !decoded.errors.is_empty() {
        return Err(stop(decoded.errors));
    }
    if version.at_least(32) {
        check_gates::check(configuration.gates(), version)
            .map_err(|errors| Stop::panic(Stage::FeatureGates, errors))?;
        defaults::set_defaults(&mut configuration, version, flags);
    }
    Ok(configuration)
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
fn type_meta(root: &Node<'_>) -> Result<Vec<Diagnostic>, Box<Diagnostic>> {
    let members = object(root)?;
    for (name, expected) in META {
        let last = members.iter().rev().find(|member| same_folded(&member.key, name));
        check_meta(root, last.map(|member| &member.value), name, expected)?;
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
    Ok(warnings)
}

fn drop_in_meta(root: &Node<'_>, version: Version) -> Result<(), Box<Diagnostic>> {
    object(root)?;
    for (name, expected) in META {
        // Up to 1.31 the apiVersion of a drop-in is not checked.
        if name == "kind" || version.at_least(32) {
            check_meta(root, root.get(name), name, expected)?;
        }
    }
    Ok(())
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
