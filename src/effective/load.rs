//! Documents to configurations: the file, the drop-ins, a `/configz` dump.

use crate::diagnostic::{Code, Diagnostic};
use crate::kubelet::Version;
use crate::kubelet::fields::{FieldId, id};
use crate::list::ToList;
use crate::quoted::quoted;
use crate::report::Stage;
use crate::source::Place;
use crate::source::tree::{Document, Member, Node, NodeValue};

use super::decode::{Keys, decode, same_folded};
use super::start::Stop;
use super::value::{Configuration, Value};
use super::{defaults, gates, merge};

/// The API version that a kubelet takes.
const API_VERSION: &str = "kubelet.config.k8s.io/v1beta1";
/// The kind that a kubelet takes as `--config`.
const KIND: &str = "KubeletConfiguration";

/// A configuration read from the main file.
pub(super) struct Loaded {
    pub(super) configuration: Configuration,
    /// Strict decoding failed and the kubelet went on.
    pub(super) lenient: bool,
    pub(super) warnings: Vec<Diagnostic>,
}

type FlagGates<'g> = &'g dyn Fn(&str) -> Option<bool>;

/// Loads the file named by `--config`.
pub(super) fn config_file(
    document: &Document<'_>,
    directory: &str,
    version: Version,
    flag_gates: FlagGates<'_>,
) -> Result<Loaded, Stop> {
    let stop = |errors| Stop::new(Stage::ConfigFile, errors);
    let meta = type_meta(&document.root, true).map_err(|error| stop(vec![*error]))?;
    let mut configuration = Configuration::default();
    let decoded = decode(&document.root, Keys::Exact, version, &mut configuration);
    if !decoded.errors.is_empty() {
        return Err(stop(decoded.errors));
    }
    let mut warnings: Vec<Diagnostic> = duplicate_keys(document)
        .map(|(key, place)| {
            Diagnostic::warning(
                Code::DuplicateKey,
                format!("the key {} is written more than once; {}", quoted(key), winner(document)),
            )
            .help("keep one of them")
            .at(place)
        })
        .to_list();
    warnings.extend(decoded.ignored);
    warnings.extend(meta);
    let lenient = !warnings.is_empty();
    if version.at_least(32) {
        // The defaults look at the gates of the configuration and panic where they cannot be set.
        gates::check(&configuration.gates(), version)
            .map_err(|errors| Stop::panic(Stage::FeatureGates, errors))?;
    }
    defaults::set_defaults(&mut configuration, version, flag_gates);
    defaults::set_eviction_hard(&mut configuration, version);
    resolve_paths(&mut configuration, directory);
    Ok(Loaded { configuration, lenient, warnings })
}

/// Which of several entries with one key counts, in words.
fn winner(document: &Document<'_>) -> &'static str {
    match document.format {
        crate::source::tree::Format::Json => "objects merge, of anything else the last counts",
        _ => "the last one counts",
    }
}

fn duplicate_keys<'d>(document: &'d Document<'_>) -> impl Iterator<Item = (&'d str, Place)> {
    let source = document.root.place.source;
    document.duplicates.iter().map(move |d| (d.key.as_str(), Place::new(source, d.again)))
}

/// Merges drop-ins, in order, over `base`.
pub(super) fn drop_ins(
    base: Configuration,
    documents: &[&Document<'_>],
    version: Version,
    flag_gates: FlagGates<'_>,
) -> Result<Configuration, Stop> {
    let stop = |errors| Stop::new(Stage::DropIn, errors);
    let keys = if version.at_least(32) { Keys::AnyCase } else { Keys::Internal };
    let mut merged = merge::encode(&base, version, keys);
    for document in documents {
        // Up to 1.31 the API version of a drop-in is not looked at.
        drop_in_meta(&document.root, version).map_err(|error| stop(vec![*error]))?;
        let duplicates: Vec<Diagnostic> = duplicate_keys(document)
            .map(|(key, place)| {
                Diagnostic::error(
                    Code::DuplicateKey,
                    format!("the key {} is written more than once; a drop-in may not", quoted(key)),
                )
                .help("keep one of them")
                .at(place)
            })
            .to_list();
        if !duplicates.is_empty() {
            return Err(stop(duplicates));
        }
        if let NodeValue::Object(members) = &document.root.value {
            merge::patch(&mut merged, members);
        }
    }
    merge::sort_keys(&mut merged);
    let mut configuration = Configuration::default();
    let decoded = decode(&merged, keys, version, &mut configuration);
    if !decoded.errors.is_empty() {
        return Err(stop(decoded.errors));
    }
    if version.at_least(32) {
        gates::check(&configuration.gates(), version)
            .map_err(|errors| Stop::panic(Stage::FeatureGates, errors))?;
        defaults::set_defaults(&mut configuration, version, flag_gates);
    }
    Ok(configuration)
}

/// Reads a `/configz` dump: what it does not show is zero. The errors are values that no kubelet
/// can have shown.
pub(super) fn configz(
    inner: &Node<'_>,
    version: Version,
) -> Result<(Configuration, Vec<Diagnostic>), Vec<Diagnostic>> {
    let mut configuration = Configuration::default();
    let decoded = decode(inner, Keys::Exact, version, &mut configuration);
    if decoded.errors.is_empty() { Ok((configuration, decoded.ignored)) } else { Err(decoded.errors) }
}

/// `apiVersion` and `kind` of the main file: their keys are taken in any letter case (their struct
/// goes through encoding/json), their values are not. A key in another case is returned as a
/// warning, for strict decoding does not know it.
fn type_meta(root: &Node<'_>, is_main: bool) -> Result<Vec<Diagnostic>, Box<Diagnostic>> {
    let members = object(root)?;
    let mut warnings = Vec::new();
    let mut found = [("apiVersion", API_VERSION, None::<&Member<'_>>), ("kind", KIND, None)];
    for member in members {
        for (name, _, slot) in &mut found {
            if same_folded(&member.key, name) {
                *slot = Some(member);
                if member.key != *name && is_main {
                    warnings.push(
                        Diagnostic::warning(
                            Code::WrongCase,
                            format!("{} is spelled {name}; strict decoding fails on it", member.key),
                        )
                        .help(format!("write {name}"))
                        .at(member.key_place),
                    );
                }
            }
        }
    }
    for (name, expected, member) in found {
        let Some(member) = member else { return Err(missing_kind(root, name, expected)) };
        match member.value.as_str() {
            Some(value) if value == expected => {}
            Some("") => return Err(missing_kind(root, name, expected)),
            _ => return Err(wrong_kind(&member.value, name, expected)),
        }
    }
    Ok(warnings)
}

fn drop_in_meta(root: &Node<'_>, version: Version) -> Result<(), Box<Diagnostic>> {
    object(root)?;
    for (name, expected) in [("apiVersion", API_VERSION), ("kind", KIND)] {
        let needed = name == "kind" || version.at_least(32);
        match root.get(name) {
            Some(node) if node.as_str() == Some(expected) => {}
            Some(_) | None if !needed => {}
            Some(node) if node.as_str().is_none_or(|s| !s.is_empty()) => {
                return Err(wrong_kind(node, name, expected));
            }
            _ => return Err(missing_kind(root, name, expected)),
        }
    }
    Ok(())
}

fn object<'n, 'a>(root: &'n Node<'a>) -> Result<&'n [Member<'a>], Box<Diagnostic>> {
    match &root.value {
        NodeValue::Object(members) => Ok(members),
        NodeValue::Null => Err(Box::new(
            Diagnostic::error(Code::MissingKind, "the document holds no object, so it has no kind")
                .help(format!("begin with apiVersion: {API_VERSION} and kind: {KIND}"))
                .at(root.place),
        )),
        other => Err(Box::new(
            Diagnostic::error(
                Code::NotAnObject,
                format!("the document is a {}, not an object", other.kind()),
            )
            .help("a kubelet configuration is an object with apiVersion and kind")
            .at(root.place),
        )),
    }
}

fn missing_kind(root: &Node<'_>, name: &str, expected: &str) -> Box<Diagnostic> {
    Box::new(
        Diagnostic::error(
            Code::MissingKind,
            format!("{name} is missing, so the kubelet refuses the document"),
        )
        .help(format!("add {name}: {expected}; output of /configz is read as {{\"kubeletconfig\": {{...}}}}"))
        .at(start_of(root)),
    )
}

fn wrong_kind(node: &Node<'_>, name: &str, expected: &str) -> Box<Diagnostic> {
    let found = match node.as_str() {
        Some(text) => quoted(&super::clip(text)),
        None => format!("a {}", node.value.kind()),
    };
    Box::new(
        Diagnostic::error(
            Code::WrongKind,
            format!("{name} is {found}, and the kubelet takes {} alone", quoted(expected)),
        )
        .help(format!("hand over a document with apiVersion: {API_VERSION} and kind: {KIND}"))
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
    let fields: [Option<FieldId>; 7] = [
        Some(id::STATIC_POD_PATH),
        Some(id::CLIENT_CA_FILE),
        Some(id::TLS_CERT_FILE),
        Some(id::TLS_PRIVATE_KEY_FILE),
        Some(id::RESOLV_CONF),
        Some(id::VOLUME_PLUGIN_DIR),
        Some(id::POD_LOGS_DIR),
    ];
    for field in fields.into_iter().flatten() {
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

/// Go's `filepath.Join`: the path is cleaned.
fn join(directory: &str, path: &str) -> String {
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
    format!("/{}", crate::list::join(&parts, "/"))
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
