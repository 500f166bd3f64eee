//! A request in, a report out: typed, as a JSON value and as JSON text, all by the same function.

use std::borrow::Cow;

use crate::assess;
use crate::benchmark::Edition;
use crate::controls::AuditedKubelet;
use crate::diagnostic::{Code, Diagnostic};
use crate::effective::{Layers, NamedDocument};
use crate::json::json_text;
use crate::kubelet::Version;
use crate::objects;
use crate::report::{Report, Target};
use crate::request::{ArgsInput, ConfigInput, Request};
use crate::source::command_line::{self, CommandLine};
use crate::source::tree::{Document, Format, ReadError};
use crate::source::{Layer, Limits, Place, Source, SourceId, Sources, document};
use crate::wire::{Wire, report_of};

/// Audits one node, or every kubelet that the Kubernetes objects in the config speak of.
pub fn audit(request: &Request) -> Report {
    let mut targets = audit_targets(request);
    if request.fixes == Some(true) {
        // Fixes are of whole documents: what an object says of a kubelet is a part of one.
        let whole = source_of(request);
        for target in targets.iter_mut().filter(|target| target.source == whole) {
            crate::fix::attach(request, target);
        }
    }
    report_of(targets)
}

/// Audits one node; a string is the config's text, an object a [`Request`].
pub fn audit_value(request: serde_json::Value) -> Report {
    match Request::from_value(request) {
        Ok(request) => audit(&request),
        Err(reason) => invalid_request(&reason),
    }
}

/// Audits one node; the text is JSON as [`audit_value`] takes it. The answer is the report as compact JSON.
pub fn audit_json(request: &str) -> String {
    json_text(&audit_json_report(request))
}

/// As [`audit_json`], for those who look into the report.
pub fn audit_json_report(request: &str) -> Report {
    match Request::from_json(request) {
        Ok(request) => audit(&request),
        Err(reason) => invalid_request(&reason),
    }
}

/// The report for what is no request, for this reason.
pub fn invalid_request(reason: &str) -> Report {
    let sources = Sources::default();
    let wire = Wire::new(&sources);
    let error = Diagnostic::error(Code::InvalidRequest, format!("the request is not of the form it must have: {reason}"))
        .help("hand over the config's text, or an object with config, dropIns, args, kubeletVersion, benchmark, basis, node, source");
    report_of(vec![Target {
        source: "request".into(),
        node: None,
        kubelet: None,
        findings: Vec::new(),
        errors: vec![wire.issue(&error)],
    }])
}

/// Audits what a request holds and gives its part of a report: one node, or every kubelet that the
/// Kubernetes objects in its config speak of.
pub(crate) fn audit_targets(request: &Request) -> Vec<Target> {
    targets_of(request, false)
}

/// The same, but a config that is a document of another kind is no mistake: where no object in it speaks
/// of a kubelet there is no target.
pub(crate) fn audit_objects(request: &Request) -> Vec<Target> {
    targets_of(request, true)
}

/// The edition and the version asked for, or the target that says what is wrong with them.
fn options(request: &Request) -> Result<(Option<&'static Edition>, Option<Version>), Box<Target>> {
    crate::options::options(request)
        .map_err(|errors| Box::new(unreadable(request, source_of(request), &Sources::default(), &errors)))
}

fn targets_of(request: &Request, is_object: bool) -> Vec<Target> {
    let source = source_of(request);
    let (edition, version) = match options(request) {
        Ok(options) => options,
        Err(target) => return vec![*target],
    };
    let texts = Texts::of(request);
    let audit = Audit { request, edition, version, texts: &texts, limits: limits_of(request), source };
    let config = texts.read_config(&audit.limits);
    let carried = texts.objects(config.as_ref(), &audit.limits);
    if carried.is_empty() {
        let is_readable = config.as_ref().is_some_and(Result::is_ok);
        return if is_object && is_readable { Vec::new() } else { vec![audit.node(config)] };
    }
    carried.into_iter().map(|carried| audit.carried(carried)).collect()
}

/// Audits one node, whatever objects its config holds.
pub(crate) fn audit_target(request: &Request) -> Target {
    match options(request) {
        Ok((edition, version)) => {
            let texts = Texts::of(request);
            let source = source_of(request);
            let audit =
                Audit { request, edition, version, texts: &texts, limits: limits_of(request), source };
            audit.node(texts.read_config(&audit.limits))
        }
        Err(target) => *target,
    }
}

/// What the request calls its config.
fn source_of(request: &Request) -> &str {
    request.source.as_deref().unwrap_or("config")
}

fn limits_of(request: &Request) -> Limits {
    request.max_bytes.map_or_else(Limits::default, |bytes| Limits::for_bytes(bytes as usize))
}

/// The target of what could not be read.
fn unreadable(request: &Request, source: &str, sources: &Sources<'_>, errors: &[Diagnostic]) -> Target {
    Target {
        source: source.to_owned(),
        node: request.node.clone(),
        kubelet: None,
        findings: Vec::new(),
        errors: Wire::new(sources).issues(errors),
    }
}

/// A request that can be answered.
struct Audit<'r> {
    request: &'r Request,
    edition: Option<&'static Edition>,
    version: Option<Version>,
    texts: &'r Texts<'r>,
    limits: Limits,
    source: &'r str,
}

impl<'r> Audit<'r> {
    /// One node, from its layers.
    fn node(&self, config: Option<Result<Document<'r>, ReadError>>) -> Target {
        let mut sources = Sources::default();
        let mut heard = Heard::default();
        let layers = self.layers(config, &mut sources, &mut heard);
        let is_empty = layers.config.is_none() && layers.drop_ins.is_none() && !layers.has_words;
        if is_empty && heard.errors.is_empty() {
            heard.errors.push(
                Diagnostic::error(
                    Code::InvalidRequest,
                    "there is nothing to audit: no config, no drop-ins, no command line",
                )
                .help("hand over at least one of config, dropIns, args"),
            );
        }
        if is_empty {
            return unreadable(self.request, self.source, &sources, &heard.errors);
        }
        self.assess(&layers, &sources, heard, self.source.to_owned())
    }

    /// The layers of one node.
    fn layers(
        &self,
        config: Option<Result<Document<'r>, ReadError>>,
        sources: &mut Sources<'r>,
        heard: &mut Heard,
    ) -> Layers<'r> {
        let mut layers = Layers::default();
        if let Some(document) = config {
            let id = self.texts.add_config(self.source, Layer::Config, sources);
            if is_configz(&document) {
                sources.set_layer(id, Layer::Configz);
            }
            note_unreadable(&document, id, &mut heard.errors);
            layers.config = Some(NamedDocument { name: self.source.to_owned(), source: id, document });
        }
        self.other_layers(&mut layers, sources, heard);
        layers
    }

    /// One kubelet, from what an object says of it.
    fn carried(&self, carried: objects::Carried) -> Target {
        let mut sources = Sources::default();
        // INVARIANT: in this order the two have the numbers that places of objects have.
        self.texts.add_config(self.source, Layer::Config, &mut sources);
        self.texts.add_config(self.source, Layer::Flag, &mut sources);
        let name = format!("{}: {}", self.source, carried.name);
        let mut heard = Heard { errors: Vec::new(), notes: carried.notes };
        if let Some(error) = carried.unreadable {
            note_unreadable(&Err(error), objects::CONFIG, &mut heard.errors);
            return unreadable(self.request, &name, &sources, &heard.errors);
        }
        let mut layers = Layers { missing: carried.lacks, ..Layers::default() };
        if let Some(document) = carried.config {
            note_unreadable(&document, objects::CONFIG, &mut heard.errors);
            let name = self.source.to_owned();
            layers.config = Some(NamedDocument { name, source: objects::CONFIG, document });
        }
        self.other_layers(&mut layers, &mut sources, &mut heard);
        if let Some(words) = carried.words {
            if layers.has_words {
                heard.notes.push(
                    Diagnostic::warning(
                        Code::IgnoredLayer,
                        "the object has kubelet arguments of its own: the command line was not used",
                    )
                    .help("audit the command line without the object, or the object without it"),
                );
            }
            layers.has_words = true;
            layers.words_complete = true;
            layers.words_missing.clear();
            layers.words = words;
        }
        self.assess(&layers, &sources, heard, name)
    }

    fn assess(&self, layers: &Layers<'_>, sources: &Sources<'_>, heard: Heard, source: String) -> Target {
        let Heard { errors, notes } = heard;
        let (request, edition, version) = (self.request, self.edition, self.version);
        assess::assess(&assess::Task { request, edition, version, layers, sources, errors, notes, source })
    }

    /// The drop-ins and the command line of the request.
    fn other_layers(&self, layers: &mut Layers<'r>, sources: &mut Sources<'r>, heard: &mut Heard) {
        if self.texts.is_object {
            heard.notes.push(
                Diagnostic::note(
                    Code::ObjectInput,
                    "the config came as an already parsed object: positions, repeated keys and the spelling of values were not visible",
                )
                .help("hand over the text itself to have them checked"),
            );
        }
        if let Some(drop_ins) = &self.request.drop_ins {
            let mut documents = Vec::with_capacity(drop_ins.len());
            for drop_in in drop_ins {
                let id = sources.add(Source {
                    name: drop_in.name.clone(),
                    layer: Layer::DropIn,
                    text: Cow::Borrowed(&drop_in.text),
                    has_positions: true,
                });
                let document = document::read(&drop_in.text, id, &self.limits);
                if crate::effective::is_drop_in_name(&drop_in.name) {
                    note_unreadable(&document, id, &mut heard.errors);
                }
                documents.push(NamedDocument { name: drop_in.name.clone(), source: id, document });
            }
            layers.drop_ins = Some(documents);
            layers.sort_drop_ins();
        }
        match command_line_of(self.request, sources, &self.limits) {
            None => {}
            Some(Ok(line)) => {
                layers.has_words = true;
                layers.words_complete = line.complete;
                layers.words = line.words;
                layers.words_missing = line.missing;
                heard.notes.extend(line.diagnostics);
            }
            Some(Err(error)) => heard.errors.push(error),
        }
    }
}

/// What reading found.
#[derive(Default)]
struct Heard {
    /// Texts that could not be read.
    errors: Vec<Diagnostic>,
    /// What is worth knowing.
    notes: Vec<Diagnostic>,
}

/// The request's texts, held so that trees can borrow from them.
pub(crate) struct Texts<'r> {
    config: Option<Cow<'r, str>>,
    is_object: bool,
}

impl<'r> Texts<'r> {
    pub(crate) fn of(request: &'r Request) -> Self {
        match &request.config {
            Some(ConfigInput::Text(text)) => Self { config: Some(Cow::Borrowed(text)), is_object: false },
            Some(ConfigInput::Object(value)) => {
                let text = json_text(value);
                Self { config: Some(Cow::Owned(text)), is_object: true }
            }
            None => Self { config: None, is_object: false },
        }
    }

    /// The layers of one node; what is wrong with them is left to who audits.
    pub(crate) fn layers<'t>(
        &'t self,
        request: &'t Request,
        source: &'t str,
        limits: Limits,
        sources: &mut Sources<'t>,
    ) -> Layers<'t> {
        let config = self.read_config(&limits);
        let audit = Audit { request, edition: None, version: None, texts: self, limits, source };
        audit.layers(config, sources, &mut Heard::default())
    }

    fn read_config(&self, limits: &Limits) -> Option<Result<Document<'_>, ReadError>> {
        let mut document = document::read(self.config.as_deref()?, objects::CONFIG, limits);
        if let (true, Ok(document)) = (self.is_object, &mut document) {
            document.format = Format::Object;
        }
        Some(document)
    }

    /// What Kubernetes objects in the config say of kubelets.
    fn objects(
        &self,
        config: Option<&Result<Document<'_>, ReadError>>,
        limits: &Limits,
    ) -> Vec<objects::Carried> {
        match (self.config.as_deref(), config) {
            (Some(text), Some(first)) => objects::find(text, first, limits),
            _ => Vec::new(),
        }
    }

    /// The config as a source. It is the first one that is added.
    fn add_config<'t>(&'t self, name: &str, layer: Layer, sources: &mut Sources<'t>) -> SourceId {
        let text = Cow::Borrowed(self.config.as_deref().unwrap_or_default());
        sources.add(Source { name: name.to_owned(), layer, text, has_positions: !self.is_object })
    }
}

fn is_configz(document: &Result<Document<'_>, ReadError>) -> bool {
    document
        .as_ref()
        .is_ok_and(|d| d.root.get("kubeletconfig").is_some_and(|inner| inner.as_object().is_some()))
}

fn note_unreadable(document: &Result<Document<'_>, ReadError>, id: SourceId, errors: &mut Vec<Diagnostic>) {
    if let Err(error) = document {
        errors.push(
            Diagnostic::error(error.code, error.message.clone())
                .help(error.help.clone())
                .at(Place::new(id, error.span)),
        );
    }
}

fn command_line_of<'t>(
    request: &'t Request,
    sources: &mut Sources<'t>,
    limits: &Limits,
) -> Option<Result<CommandLine, Diagnostic>> {
    match request.args.as_ref()? {
        ArgsInput::Argv(args) => {
            let id = sources.add(Source {
                name: "args".to_owned(),
                layer: Layer::Flag,
                text: Cow::Owned(args.join("\n")),
                has_positions: false,
            });
            Some(Ok(command_line::from_argv(args, id)))
        }
        ArgsInput::Text(text) => command_line_in(&[("args", text)], sources, limits),
        ArgsInput::Files(files) => {
            let texts: Vec<(&str, &str)> =
                files.iter().map(|file| (file.name.as_str(), file.text.as_str())).collect();
            command_line_in(&texts, sources, limits)
        }
    }
}

fn command_line_in<'t>(
    texts: &[(&'t str, &'t str)],
    sources: &mut Sources<'t>,
    limits: &Limits,
) -> Option<Result<CommandLine, Diagnostic>> {
    let texts: Vec<command_line::Text<'t>> = texts
        .iter()
        .map(|(name, text)| {
            let text: &'t str = text;
            let source = sources.add(Source {
                name: (*name).to_owned(),
                layer: Layer::Flag,
                text: Cow::Borrowed(text),
                has_positions: true,
            });
            command_line::Text { source, name, text }
        })
        .collect();
    if let Some(long) = texts.iter().find(|text| text.text.len() > limits.bytes) {
        let message =
            format!("{} has {} bytes, and {} are allowed", long.name, long.text.len(), limits.bytes);
        return Some(Err(Diagnostic::error(Code::TooLarge, message)
            .help("hand over the kubelet's unit and environment files alone, or raise the limit")
            .at(Place::new(long.source, crate::source::Span::at(0)))));
    }
    Some(command_line::from_texts(&texts))
}

/// The kubelet that controls judge, at one version.
pub(crate) fn audited_kubelet<'a>(
    layers: &'a Layers<'a>,
    sources: &'a Sources<'a>,
    (version, resolved): (Version, &'a crate::effective::Resolved),
    request: &Request,
) -> AuditedKubelet<'a> {
    AuditedKubelet { version, resolved, layers, sources, serving_certificates: request.serving_certificates }
}
