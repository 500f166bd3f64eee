//! The start of a kubelet, step by step.

use crate::kubelet::Version;
use crate::kubelet::fields::id;
use crate::kubelet::flags::FlagKind;
use crate::source::diagnostic::{Code, Diagnostic, Weight};
use crate::source::{MissingLayer, Place, ReadError, SourceId, Span};

use super::configuration::{Configuration, Slot};
use super::layers::{Layers, NamedDocument, is_drop_in_name};
use super::outcome::{Resolved, Stop};
use super::parse_flags::{self, Flags, GivenFlag, ParsedArguments};
use super::stage::Stage;
use super::startup::{self, Surroundings};
use super::value::{MapEntry, Value};
use super::{check_gates, defaults, flag_value, kubelet_flags, load, logging, tls, validation};

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
            Ok(configuration) => {
                let surroundings = Surroundings {
                    version,
                    flags: &flags,
                    has_all_flags: layers.has_full_command_line(),
                    machine: layers.machine,
                };
                finish(configuration, surroundings, &mut out);
            }
            Err(stop) => out.stop = Some(stop),
        }
    }
    if out.stop.as_ref().is_some_and(|stop| may_be_completed(stop.stage, &out.missing)) {
        let errors = out.stop.take().map(|stop| stop.errors).unwrap_or_default();
        out.warnings.extend(errors.into_iter().map(|mut error| {
            error.weight = Weight::Warning;
            error.message = format!("unless a layer that is missing here changes it: {}", error.message);
            error
        }));
    }
    // Flags that could be parsed are evidence even if the kubelet exits.
    out.flags = flags;
    out
}

/// Whether a layer that was not supplied may set what the kubelet stops for lack of. Components need settings
/// that platforms make, such as reservations; and without the values of a template's placeholders, what belongs
/// together is not complete.
fn may_be_completed(stage: Stage, missing: &[MissingLayer]) -> bool {
    match stage {
        Stage::StartUp => missing.iter().any(|missing| {
            matches!(missing, MissingLayer::Base(_) | MissingLayer::Value(_) | MissingLayer::Config(_))
        }),
        Stage::Validation | Stage::Tls | Stage::Authorization => missing
            .iter()
            .any(|missing| matches!(missing, MissingLayer::Value(value) if value.place.is_some())),
        _ => false,
    }
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

    kubelet_flags::check_repeats(flags)?;
    let of_flags: Vec<MapEntry> = flags.gates().cloned().collect();
    check_gates::check(&[&of_flags], version).map_err(|errors| Stop::new(Stage::FeatureGates, errors))?;
    check_gates::add_unproved(flags.gates(), version, &mut out.warnings);
    let errors = kubelet_flags::check(flags, layers.has_full_command_line(), version);
    if !errors.is_empty() {
        return Err(Stop::new(Stage::FlagValidation, errors));
    }

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
            apply_flags(&mut configuration, &flags.given.iter().collect::<Vec<_>>(), flags, version);
            configuration
        }
    };
    if let Some(drop_ins) = &layers.drop_ins {
        configuration = merge_drop_ins(configuration, drop_ins, version, flags, out)?;
    }
    if layers.config.is_some() || layers.drop_ins.is_some() {
        reset_by_flags(&mut configuration, version, &mut out.warnings);
        apply_flags(&mut configuration, &kubelet_flags::seen_again(flags)?, flags, version);
    }
    check_gates::check(&[&of_flags, configuration.gates()], version)
        .map_err(|errors| Stop::new(Stage::FeatureGates, errors))?;
    let set_by_config = configuration.gates().iter().filter(|entry| flags.gate(&entry.key).is_none());
    check_gates::add_unproved(set_by_config, version, &mut out.warnings);
    Ok(configuration)
}

/// Where drop-ins lie unless `--config-dir` says otherwise.
const DROP_IN_DIRECTORY: &str = "/etc/kubernetes/kubelet.conf.d";

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
    if !version.at_least(29) {
        let directory = flags.text("config-dir").unwrap_or(DROP_IN_DIRECTORY).trim_end_matches('/');
        let loaded = load::whole_drop_ins(base, &read, directory, version, flags)?;
        out.lenient |= loaded.lenient;
        out.warnings.extend(loaded.warnings);
        return Ok(loaded.configuration);
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
    if layers.command_line.as_ref().is_some_and(|line| line.gap.is_some()) {
        missing.push(MissingLayer::Variables);
    }
    out.missing = missing;
}

/// Sets back the fields whose flags are registered with a default of their own: to parse the command line again,
/// the kubelet registers them over the configuration (component-base `logs/api/v1/options.go`, `addFlags`).
fn reset_by_flags(configuration: &mut Configuration, version: Version, warnings: &mut Vec<Diagnostic>) {
    for field in [id::LOGGING_JSON_SPLIT_STREAM, id::LOGGING_TEXT_SPLIT_STREAM] {
        if !field.field().exists_in(version) || !configuration.bool(field) {
            continue;
        }
        let path = field.field().path;
        warnings.push(
            Diagnostic::warning(
                Code::IgnoredValue,
                format!("{path} is ignored: when the kubelet parses its flags, it sets the field to false"),
            )
            .help("use the flag --log-json-split-stream or --log-text-split-stream")
            .at(configuration.slot(field).place),
        );
        configuration.set(field, Value::Bool(false), Place::DEFAULT);
    }
}

/// Applies these flags to the base object, or again to the merged configuration. Gates that no flag sets do not
/// change (`kubeletConfigFlagPrecedence`).
fn apply_flags(configuration: &mut Configuration, given: &[&GivenFlag], flags: &Flags, version: Version) {
    let mut seen = Vec::new();
    for given in given {
        if given.flag.kind == FlagKind::BoolMap || sets_nothing(given) {
            continue;
        }
        let Some(field) = given.flag.field(version) else { continue };
        let Some(slot) = configuration.slot_mut(field) else { continue };
        // The first occurrence replaces a list or map. Those of `--vmodule` all add to it, and of
        // `--register-with-taints` the last one wins.
        let is_first = !seen.contains(&field);
        // A duration that is written as a number of nanoseconds stays one.
        let is_number = matches!(slot.value, Value::Int(_));
        if is_first {
            seen.push(field);
        }
        if is_first && given.flag.kind != FlagKind::Vmodule || given.flag.kind == FlagKind::Taints {
            slot.value = Value::Absent;
        }
        match &given.value {
            Value::Items(items) if items.is_empty() => {}
            Value::Nanos(nanos) if is_number => slot.value = Value::Int(*nanos),
            value => flag_value::add(&mut slot.value, value, given.place),
        }
        slot.place = given.place;
    }
    // Flags replace a map as a whole; its place is that of the last flag.
    for field in seen {
        if let Some(Slot { value: Value::Map(map), place }) = configuration.slot_mut(field) {
            map.set_place(*place);
        }
    }
    if let (Some(given), Some(slot)) =
        (flags.last("feature-gates"), configuration.slot_mut(id::FEATURE_GATES))
    {
        let place = flags.gates().last().map_or(given.place, |gate| gate.place);
        let mut all = slot.value.take_map();
        for gate in flags.gates() {
            all.put(gate.clone());
        }
        *slot = Slot { value: Value::Map(all), place };
    }
}

/// Whether a flag has a value that its type ignores (`pkg/util/flag/flags.go`).
fn sets_nothing(given: &GivenFlag) -> bool {
    match (given.flag.kind, &given.value) {
        (FlagKind::Ip, Value::Str(text)) => text.is_empty(),
        (FlagKind::ReservedMemory, Value::Items(items)) => items.is_empty(),
        _ => false,
    }
}

fn finish(mut configuration: Configuration, surroundings: Surroundings<'_>, out: &mut Resolved) {
    let result = run(&mut configuration, surroundings);
    // The flag is separate from the field and combined with it by OR (`cmd/kubelet/app/server.go`, `run`).
    if let Some(given) = surroundings.flags.last("seccomp-default")
        && given.value == Value::Bool(true)
        && !configuration.bool(id::SECCOMP_DEFAULT)
    {
        configuration.set(id::SECCOMP_DEFAULT, Value::Bool(true), given.place);
    }
    match result {
        Err(stop) if stop.stage == Stage::Listen => out.listen = Some(stop),
        Err(stop) => out.stop = Some(stop),
        Ok(()) => {}
    }
    out.configuration = Some(configuration);
}

/// The stages after the configuration is complete.
fn run(configuration: &mut Configuration, surroundings: Surroundings<'_>) -> Result<(), Stop> {
    let Surroundings { version, flags, .. } = surroundings;
    let check = |stage, errors: Vec<Diagnostic>| {
        if errors.is_empty() { Ok(()) } else { Err(Stop::new(stage, errors)) }
    };
    logging::check(configuration, version)?;
    check(Stage::Validation, validation::validate(configuration, version))?;
    check(Stage::Tls, tls::check(configuration, surroundings))?;
    check(Stage::StartUp, startup::tracing(configuration, surroundings))?;
    // `/configz`, which shows the generated pair, is registered late from 1.35 on.
    check(Stage::StartUp, startup::lock_file(configuration, surroundings))?;
    if !version.at_least(35) {
        tls::generate_pair(configuration, flags);
    }
    check(Stage::StartUp, startup::before_authorization(configuration, surroundings))?;
    check(Stage::Authorization, tls::check_authorization(configuration, surroundings))?;
    check(Stage::StartUp, startup::runtime_endpoints(configuration, surroundings))?;
    tls::generate_pair(configuration, flags);
    check(Stage::StartUp, startup::after_authorization(configuration, surroundings))?;
    check(Stage::Listen, tls::check_listen(configuration, version).into_iter().collect())
}
