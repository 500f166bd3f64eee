//! The start of a kubelet, step by step.

use crate::kubelet::Version;
use crate::kubelet::fields::id;
use crate::kubelet::flags::FlagKind;
use crate::source::diagnostic::{Code, Diagnostic};
use crate::source::{MissingLayer, Place, ReadError, SourceId, Span};

use super::configuration::{Configuration, Slot};
use super::layers::{Layers, NamedDocument, is_drop_in_name};
use super::outcome::{Resolved, Stop};
use super::parse_flags::{self, Flags, ParsedArguments};
use super::stage::Stage;
use super::value::Value;
use super::{check_gates, defaults, flag_value, load, tls, validate};

/// Resolves the layers as a kubelet of this version does when it starts.
pub fn resolve(layers: &Layers<'_>, version: Version) -> Resolved {
    let mut out = Resolved {
        version,
        stop: None,
        listen: None,
        lenient: false,
        warnings: Vec::new(),
        configuration: None,
        flags: Flags::default(),
        missing: Vec::new(),
        is_configz: false,
        is_garbled: layers.has_garbled_command_line(),
    };
    let ParsedArguments { flags, errors } = parse_flags::parse(layers.arguments(), version);
    if let Some(inner) = layers.configz() {
        out.is_configz = true;
        if layers.drop_ins.is_some() || layers.command_line.is_some() {
            out.warnings.push(
                Diagnostic::warning(
                    Code::IgnoredLayer,
                    "the config is a /configz dump, which already contains every layer; drop-ins and the command line are ignored, except for flags that a dump never shows",
                )
                .help("pass the dump alone, or the config file with its layers"),
            );
        }
        match load::configz(inner, version) {
            Ok((configuration, warnings)) => {
                out.warnings.extend(warnings);
                out.configuration = Some(configuration);
            }
            Err(errors) => out.stop = Some(Stop::new(Stage::ConfigFile, errors)),
        }
    } else if !errors.is_empty() {
        out.stop = Some(Stop::new(Stage::CommandLine, errors));
    } else {
        match load_all(layers, version, &flags, &mut out) {
            Ok(configuration) => finish(configuration, version, &flags, &mut out),
            Err(stop) => out.stop = Some(stop),
        }
    }
    // Flags that could be parsed are evidence even if the kubelet exits.
    out.flags = flags;
    out
}

fn load_all(
    layers: &Layers<'_>,
    version: Version,
    flags: &Flags,
    out: &mut Resolved,
) -> Result<Configuration, Stop> {
    if layers.drop_ins.is_some() && !version.at_least(28) {
        return Err(Stop::new(
            Stage::CommandLine,
            vec![
                Diagnostic::error(
                    Code::FlagNotInVersion,
                    format!(
                        "drop-ins require the flag --config-dir, which Kubernetes {version} does not have"
                    ),
                )
                .help("remove the drop-ins, or use Kubernetes 1.28 or later"),
            ],
        ));
    }
    find_missing(layers, flags, out);

    check_gates::check(flags.gates(), version).map_err(|errors| Stop::new(Stage::FeatureGates, errors))?;
    check_gates::add_unproved(flags.gates(), version, &mut out.warnings);

    let mut configuration = match &layers.config {
        Some(config) => {
            let document = config
                .document
                .as_ref()
                .map_err(|error| unreadable(Stage::ConfigFile, config.source, error))?;
            let directory = flags.text("config").and_then(directory_of).unwrap_or("/var/lib/kubelet");
            let loaded = load::config_file(document, directory, version, flags)?;
            out.lenient = loaded.lenient;
            out.warnings.extend(loaded.warnings);
            loaded.configuration
        }
        None => {
            // The kubelet creates the base object before it parses flags, so no gate is set yet.
            let mut configuration = Configuration::default();
            defaults::set_defaults(&mut configuration, version, &Flags::default());
            defaults::apply_legacy_defaults(&mut configuration);
            configuration
        }
    };
    if let Some(drop_ins) = &layers.drop_ins {
        configuration = merge_drop_ins(configuration, drop_ins, version, flags, out)?;
    }
    apply_flags(&mut configuration, flags, version);
    if !version.at_least(32) {
        check_gates::check(configuration.gates(), version)
            .map_err(|errors| Stop::new(Stage::FeatureGates, errors))?;
    }
    let set_by_config = configuration.gates().iter().filter(|entry| flags.gate(&entry.key).is_none());
    check_gates::add_unproved(set_by_config, version, &mut out.warnings);
    Ok(configuration)
}

fn merge_drop_ins(
    base: Configuration,
    drop_ins: &[NamedDocument<'_>],
    version: Version,
    flags: &Flags,
    out: &mut Resolved,
) -> Result<Configuration, Stop> {
    let mut read = Vec::new();
    for drop_in in drop_ins {
        if !is_drop_in_name(&drop_in.name) {
            out.warnings.push(
                Diagnostic::warning(
                    Code::IgnoredFile,
                    format!("{} is ignored: the name of a drop-in must end with .conf", drop_in.name),
                )
                .help("rename it to end with .conf (case-sensitive)")
                .at(Place::new(drop_in.source, Span::at(0))),
            );
            continue;
        }
        read.push(
            drop_in.document.as_ref().map_err(|error| unreadable(Stage::DropIn, drop_in.source, error))?,
        );
    }
    if read.is_empty() {
        return Ok(base);
    }
    load::drop_ins(base, &read, version, flags)
}

fn unreadable(stage: Stage, source: SourceId, error: &ReadError) -> Stop {
    Stop::new(
        stage,
        vec![
            Diagnostic::error(error.code, error.message.clone())
                .help(error.help.clone())
                .at(Place::new(source, error.span)),
        ],
    )
}

fn directory_of(path: &str) -> Option<&str> {
    let (directory, _) = path.rsplit_once('/')?;
    path.starts_with('/').then_some(if directory.is_empty() { "/" } else { directory })
}

fn find_missing(layers: &Layers<'_>, flags: &Flags, out: &mut Resolved) {
    let mut missing = layers.missing.clone();
    if layers.config.is_none()
        && let Some(path) = flags.text("config")
    {
        missing.push(MissingLayer::Config(path.into()));
    }
    if layers.drop_ins.is_none()
        && let Some(path) = flags.text("config-dir")
    {
        missing.push(MissingLayer::DropIns(path.into()));
    }
    if layers.has_partial_command_line() && layers.config.is_none() || layers.has_garbled_command_line() {
        missing.push(MissingLayer::CommandLine);
    }
    out.missing = missing;
}

/// Applies the flags a second time, to the merged configuration. Gates that no flag sets do not change
/// (`kubeletConfigFlagPrecedence`).
fn apply_flags(configuration: &mut Configuration, flags: &Flags, version: Version) {
    let mut seen = Vec::new();
    for given in &flags.given {
        if given.flag.kind == FlagKind::BoolMap {
            continue;
        }
        let Some(field) = given.flag.field(version) else { continue };
        let Some(slot) = configuration.slot_mut(field) else { continue };
        if !seen.contains(&field) {
            seen.push(field);
            slot.value = Value::Absent;
        }
        flag_value::add(&mut slot.value, &given.value, given.place);
        slot.place = given.place;
    }
    // Flags replace a map as a whole; its place is that of the last flag.
    for field in seen {
        if let Some(Slot { value: Value::Map(map), place }) = configuration.slot_mut(field) {
            map.set_place(*place);
        }
    }
    if let (Some(last), Some(slot)) = (flags.gates().last(), configuration.slot_mut(id::FEATURE_GATES)) {
        let mut all = slot.value.take_map();
        for gate in flags.gates() {
            all.set(&gate.key, gate.value.clone(), gate.place);
        }
        *slot = Slot { value: Value::Map(all), place: last.place };
    }
}

fn finish(mut configuration: Configuration, version: Version, flags: &Flags, out: &mut Resolved) {
    let errors = validate::validate(&configuration, version);
    let mut stop = (!errors.is_empty()).then(|| Stop::new(Stage::Validation, errors));
    let cert_dir = flags.text("cert-dir").unwrap_or("/var/lib/kubelet/pki").to_owned();
    tls::generate_pair(&mut configuration, &cert_dir);
    if stop.is_none() {
        let errors = tls::check(&configuration);
        stop = (!errors.is_empty()).then(|| Stop::new(Stage::Tls, errors));
    }
    if stop.is_none() {
        let errors = tls::check_authorization(&configuration);
        stop = (!errors.is_empty()).then(|| Stop::new(Stage::Authorization, errors));
    }
    // The flag is separate from the field and combined with it by OR (`cmd/kubelet/app/server.go`, `run`).
    if flags.bool("seccomp-default") == Some(true) && !configuration.bool(id::SECCOMP_DEFAULT) {
        let place = flags.last("seccomp-default").map_or(Place::DEFAULT, |given| given.place);
        configuration.set(id::SECCOMP_DEFAULT, Value::Bool(true), place);
    }
    if stop.is_none() {
        out.listen = tls::check_listen(&configuration, version).map(|e| Stop::new(Stage::Listen, vec![e]));
    }
    out.stop = stop;
    out.configuration = Some(configuration);
}
