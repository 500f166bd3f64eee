//! A kubelet's start, step by step.

use crate::command_line::Word;
use crate::kubelet::Version;
use crate::kubelet::fields::id;
use crate::kubelet::flags::FlagKind;
use crate::report::Stage;
use crate::source::diagnostic::{Code, Diagnostic};
use crate::source::tree::{Document, Node, ReadError};
use crate::source::{Place, SourceId};

use super::flags::{self, Flags, Parsed};
use super::value::{Configuration, Slot, Value};
use super::{defaults, flag_value, gates, load, tls, validate};

/// A document that was given, readable or not.
#[derive(Debug)]
pub struct NamedDocument<'a> {
    /// Its name: for a drop-in its path below the directory.
    pub name: String,
    /// Where its places point.
    pub source: SourceId,
    /// The document, or why it could not be read.
    pub document: Result<Document<'a>, ReadError>,
}

/// What a kubelet is given.
#[derive(Debug, Default)]
pub struct Layers<'a> {
    /// The file named by `--config`.
    pub config: Option<NamedDocument<'a>>,
    /// The files under `--config-dir`, in the order of [`Layers::sort_drop_ins`].
    pub drop_ins: Option<Vec<NamedDocument<'a>>>,
    /// The arguments after the program's name.
    pub words: Vec<Word>,
    /// False where the words are only part of a command line.
    pub words_complete: bool,
    /// Whether a command line was given at all.
    pub has_words: bool,
    /// What a partial command line lacks, in words.
    pub words_missing: Vec<String>,
    /// Layers that take part but were not given, as far as the caller knows of them.
    pub missing: Vec<MissingLayer>,
}

impl<'a> Layers<'a> {
    /// The documents, readable or not, weakest first.
    pub(crate) fn documents(&self) -> Vec<&NamedDocument<'a>> {
        let mut documents = Vec::new();
        if let Some(config) = &self.config {
            documents.push(config);
        }
        if let Some(drop_ins) = &self.drop_ins {
            documents.extend(drop_ins);
        }
        documents
    }

    /// Puts drop-ins into the order in which the kubelet reads them.
    pub fn sort_drop_ins(&mut self) {
        // The order of `filepath.WalkDir`: names of one directory by bytes, a directory's files in
        // its place.
        if let Some(drop_ins) = &mut self.drop_ins {
            drop_ins.sort_by(|a, b| a.name.split('/').cmp(b.name.split('/')));
        }
    }
}

/// A layer that takes part but was not given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MissingLayer {
    /// The file named by `--config`.
    Config(String),
    /// The directory named by `--config-dir`.
    DropIns(String),
    /// The rest of the command line.
    CommandLine,
    /// Settings of a platform, under those that are given.
    Base(&'static str),
}

impl MissingLayer {
    /// The layer in words.
    pub fn describe(&self) -> String {
        match self {
            Self::Config(path) => format!("the config file {path}"),
            Self::DropIns(path) => format!("the drop-ins under {path}"),
            Self::CommandLine => "the rest of the kubelet's command line".into(),
            Self::Base(what) => (*what).into(),
        }
    }
}

/// Why and where a kubelet stops.
#[derive(Clone, Debug)]
pub struct Stop {
    /// The step.
    pub stage: Stage,
    /// Whether it is a Go panic.
    pub panics: bool,
    /// The reasons; never empty.
    pub errors: Vec<Diagnostic>,
}

impl Stop {
    pub(super) fn new(stage: Stage, errors: Vec<Diagnostic>) -> Self {
        Self { stage, panics: false, errors }
    }

    pub(super) fn panic(stage: Stage, errors: Vec<Diagnostic>) -> Self {
        Self { stage, panics: true, errors }
    }
}

/// What becomes of a kubelet of one version.
#[derive(Clone, Debug)]
pub struct Resolved {
    /// The version.
    pub version: Version,
    /// Why it stops, if it does before it listens.
    pub stop: Option<Stop>,
    /// Why it stops when it starts to listen: one step beyond what the vectors know.
    pub listen: Option<Stop>,
    /// Whether strict decoding of the config file failed and it went on.
    pub lenient: bool,
    /// What it ignores or reads otherwise than written.
    pub warnings: Vec<Diagnostic>,
    /// The configuration, where it became complete: always unless it stops at `command-line`,
    /// `feature-gates`, `config-file` or `drop-in`.
    pub configuration: Option<Configuration>,
    /// The flags, where they could be parsed.
    pub flags: Flags,
    /// Layers that take part but were not given.
    pub missing: Vec<MissingLayer>,
    /// Whether the layers were a `/configz` dump.
    pub is_configz: bool,
}

impl Resolved {
    /// Whether the feature gate is on in the configuration that became complete.
    pub fn is_gate_enabled(&self, name: &str) -> Option<bool> {
        Some(self.configuration.as_ref()?.is_gate_enabled(name, self.version))
    }

    /// Whether what the kubelet would do is not known: our own limits ended the reading, or a dump
    /// holds what no kubelet can have shown.
    pub fn is_undecided(&self) -> bool {
        (self.is_configz && self.stop.is_some())
            || self
                .stop
                .iter()
                .flat_map(|stop| &stop.errors)
                .any(|error| matches!(error.code, Code::TooLarge | Code::TooDeep | Code::TooManyNodes))
    }

    /// Whether the kubelet gets as far as serving, as far as the layers tell.
    pub fn starts(&self) -> bool {
        self.stop.is_none() && self.listen.is_none()
    }
}

/// Starts a kubelet of this version with these layers.
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
    };
    let Parsed { flags, errors } = flags::parse(&layers.words, version);
    if let Some(inner) = configz_of(layers) {
        out.is_configz = true;
        if layers.drop_ins.is_some() || layers.has_words {
            out.warnings.push(
                Diagnostic::warning(
                    Code::IgnoredLayer,
                    "the config is a /configz dump, which holds every layer already: drop-ins and the command line were not used, but for flags that a dump never shows",
                )
                .help("hand over the dump alone, or the config file with its layers"),
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
    // What could be taken apart counts for what is written, even where the kubelet exits.
    out.flags = flags;
    out
}

/// The object inside `{"kubeletconfig": {...}}`, if the config is a `/configz` dump.
pub(super) fn configz_of<'l, 'a>(layers: &'l Layers<'a>) -> Option<&'l Node<'a>> {
    let document = layers.config.as_ref()?.document.as_ref().ok()?;
    document.root.get("kubeletconfig").filter(|inner| inner.as_object().is_some())
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
                        "the kubelet of Kubernetes {version} has no flag --config-dir, which drop-ins need"
                    ),
                )
                .help("1.28 is the first version that takes it"),
            ],
        ));
    }
    find_missing(layers, flags, out);

    gates::check(flags.gates(), version).map_err(|errors| Stop::new(Stage::FeatureGates, errors))?;
    gates::add_unproved(flags.gates(), version, &mut out.warnings);

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
            // The base object is made before flags are parsed, so no gate is set yet.
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
        gates::check(configuration.gates(), version)
            .map_err(|errors| Stop::new(Stage::FeatureGates, errors))?;
    }
    let set_by_config = configuration.gates().iter().filter(|entry| flags.gate(&entry.key).is_none());
    gates::add_unproved(set_by_config, version, &mut out.warnings);
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
                    format!("{} is not read: a drop-in's name ends with .conf", drop_in.name),
                )
                .help("rename it to end with .conf; case counts")
                .at(Place::new(drop_in.source, crate::source::Span::at(0))),
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

/// Whether the kubelet reads a file of this name under `--config-dir` (`filepath.Ext`).
pub fn is_drop_in_name(name: &str) -> bool {
    name.ends_with(".conf")
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
    if layers.has_words && !layers.words_complete && layers.config.is_none() {
        missing.push(MissingLayer::CommandLine);
    }
    out.missing = missing;
}

/// Parses the command line a second time, onto the merged configuration; gates that no flag sets
/// stay as they are (`kubeletConfigFlagPrecedence`).
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
    // A map that flags set is theirs as a whole: of the last of them.
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
    // A value of its own, OR-ed with the field (`cmd/kubelet/app/server.go`, `run`).
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
