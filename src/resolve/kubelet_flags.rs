//! Validates flags that set no field (`ValidateKubeletFlags`).
//!
//! Source: `cmd/kubelet/app/options/options.go`, 1.25 to 1.37.

use crate::kubelet::flags::FlagKind;
use crate::kubelet::{Version, gates, label};
use crate::source::diagnostic::{Code, Diagnostic};

use super::outcome::Stop;
use super::parse_flags::{Flags, GivenFlag};
use super::stage::Stage;
use super::value::Value;

/// Every error about such flags; `is_complete` is whether they are all flags of the kubelet.
pub(super) fn check(flags: &Flags, is_complete: bool, version: Version) -> Vec<Diagnostic> {
    let mut errors = node_labels(flags);
    if version.at_least(27) {
        return errors;
    }
    let mut refuse = |name: &str, message: String, help: &str| {
        let place = flags.last(name).map(|given| given.place);
        let error = Diagnostic::error(Code::InvalidFlagValue, message).help(help);
        errors.push(match place {
            Some(place) => error.at(place),
            None => error,
        });
    };
    let setting = |gate: &str| flags.gate(gate).map(|(value, _)| value);
    if flags.bool("seccomp-default") == Some(true) && !gates::is_enabled("SeccompDefault", version, setting) {
        refuse(
            "seccomp-default",
            "--seccomp-default requires the feature gate SeccompDefault, which is off; the kubelet exits"
                .into(),
            "enable the gate, or remove the flag",
        );
    }
    if let Some(given) = flags.last("container-runtime")
        && given.value != Value::Str("remote".into())
    {
        refuse(
            "container-runtime",
            "--container-runtime must be remote; the kubelet exits".into(),
            "use remote, or remove the flag",
        );
    }
    // Up to 1.25 the endpoint has a default.
    let has_endpoint = flags.text("container-runtime-endpoint").is_some();
    let is_known = is_complete || flags.last("container-runtime-endpoint").is_some();
    if version.at_least(26) && is_known && !has_endpoint {
        refuse(
            "container-runtime-endpoint",
            "--container-runtime-endpoint must be set; the kubelet exits".into(),
            "set it to the socket of the container runtime",
        );
    }
    errors
}

/// The stop at a flag that is set after an occurrence with an empty value, for the two types that such a value
/// leaves without a target (`pkg/util/flag/flags.go`).
pub(super) fn check_repeats(flags: &Flags) -> Result<(), Stop> {
    let mut empty = Vec::new();
    for given in &flags.given {
        let (is_empty, panics) = match (given.flag.kind, &given.value) {
            (FlagKind::Ip, Value::Str(text)) => (text.is_empty(), true),
            (FlagKind::ReservedMemory, Value::Items(items)) => (items.is_empty(), false),
            _ => continue,
        };
        let name = given.flag.name;
        if empty.contains(&name) && (!is_empty || !panics) {
            let message = format!("--{name} cannot be set after --{name}= ; the kubelet exits");
            let error = Diagnostic::error(Code::InvalidFlagValue, message)
                .help("remove the flag without a value")
                .at(given.place);
            let new = if panics { Stop::panic } else { Stop::new };
            return Err(new(Stage::CommandLine, vec![error]));
        }
        if is_empty {
            empty.push(name);
        }
    }
    Ok(())
}

/// The flags that the kubelet sees when it parses the command line again, over files. To the global flags, which
/// it then ignores, the next argument is the value even if they are boolean (`newFakeFlagSet` of
/// `cmd/kubelet/app/server.go`), and `--help` is unknown to it, which prints the help.
pub(super) fn seen_again(flags: &Flags) -> Result<Vec<&GivenFlag>, Stop> {
    let stop = |place, flag: &str, reason: &str, help: &str| {
        let message =
            format!("the kubelet parses its flags again over the files, and with {flag} {reason} and exits");
        let error = Diagnostic::error(Code::InvalidFlagValue, message).help(help).at(place);
        Stop::new(Stage::CommandLine, vec![error])
    };
    if let Some(place) = flags.help {
        return Err(stop(place, "--help", "prints its help", "remove the flag"));
    }
    let mut seen = Vec::new();
    let mut given = flags.given.iter();
    while let Some(flag) = given.next() {
        let takes_next = GLOBAL_BOOLEANS.contains(&flag.flag.name) && !flag.text.contains('=');
        if takes_next && given.next().is_none() {
            let name = format!("--{}", flag.flag.name);
            return Err(stop(flag.flag_place, &name, "misses a value", &format!("write {name}=true")));
        }
        seen.push(flag);
    }
    Ok(seen)
}

/// The boolean flags of `options.AddGlobalFlags` (`cmd/kubelet/app/options/globalflags.go`).
const GLOBAL_BOOLEANS: &[&str] = &[
    "add-dir-header",
    "alsologtostderr",
    "enable-load-reader",
    "log-cadvisor-usage",
    "logtostderr",
    "one-output",
    "skip-headers",
    "skip-log-headers",
    "storage-driver-secure",
    "version",
];

fn node_labels(flags: &Flags) -> Vec<Diagnostic> {
    let mut errors = Vec::new();
    for given in flags.given.iter().filter(|given| given.flag.name == "node-labels") {
        let Value::Map(labels) = &given.value else { continue };
        for entry in labels.entries() {
            let value = if let Value::Str(value) = &entry.value { value.as_str() } else { "" };
            let (problem, help) = if !label::is_allowed_on_node(&entry.key) {
                (
                    "is reserved for Kubernetes",
                    "use another prefix than kubernetes.io and k8s.io, or node.kubernetes.io",
                )
            } else if !label::is_qualified_name(&entry.key) || !label::is_value(value) {
                (
                    "is not valid",
                    "use a key such as example.com/role, and a value of letters, digits, -, _ and .",
                )
            } else {
                continue;
            };
            let label = format!("{}={value}", entry.key);
            errors.push(
                Diagnostic::error(
                    Code::InvalidFlagValue,
                    format!("the label {label} of --node-labels {problem}; the kubelet exits"),
                )
                .help(help)
                .at(entry.place),
            );
        }
    }
    errors
}
