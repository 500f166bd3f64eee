//! A request in, a report out: the three doors, all to the same function.

use std::borrow::Cow;

use crate::assess;
use crate::benchmark::{self, AUTO, DEFAULT_EDITION, Edition, editions};
use crate::controls::{CONTROLS, Subject, control};
use crate::diagnostic::{Code, Diagnostic};
use crate::effective::{Layers, NamedDocument};
use crate::json_text::json_text;
use crate::kubelet::Version;
use crate::list::{ToList, join};
use crate::quoted::quoted;
use crate::report::{Report, Target};
use crate::request::{ArgsInput, ConfigInput, Request};
use crate::source::command_line::{self, CommandLine, Text};
use crate::source::tree::{Document, Format, Node, ReadError};
use crate::source::{Layer, Limits, Place, Source, SourceId, Sources, Span, document, json};
use crate::wire::{Wire, report_of};

/// Audits one node.
pub fn audit(request: &Request) -> Report {
    report_of(vec![audit_target(request)])
}

/// Audits one node; a string is the config's text, an object a [`Request`].
pub fn audit_value(request: serde_json::Value) -> Report {
    audit_node(&crate::effective::from_json(&request, Place::DEFAULT))
}

fn audit_node(request: &Node<'_>) -> Report {
    match Request::decode(request) {
        Ok(request) => audit(&request),
        Err(reason) => invalid_request(&reason),
    }
}

/// Audits one node; the text is JSON as [`audit_value`] takes it. The answer is the report as compact JSON.
pub fn audit_json(request: &str) -> String {
    // The texts in it have limits of their own; so has an object, once it is read.
    let limits = Limits { bytes: usize::MAX, nodes: usize::MAX, depth: 256 };
    let report = match json::read(request, SourceId(0), &limits) {
        Ok(document) => audit_node(&document.root),
        Err(error) => invalid_request(&format!("at byte {}: {}", error.span.start, error.message)),
    };
    crate::render::json::render(&report)
}

fn invalid_request(reason: &str) -> Report {
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

/// Audits one node and gives its part of a report.
pub(crate) fn audit_target(request: &Request) -> Target {
    let limits = request.max_bytes.map_or_else(Limits::default, |bytes| Limits::for_bytes(bytes as usize));
    let texts = Texts::of(request);
    let mut sources = Sources::default();
    let mut errors = Vec::new();
    let source = request.source.clone().unwrap_or_else(|| "config".into());

    let selected = edition(request).and_then(|edition| check_selection(request, edition).map(|()| edition));
    let (edition, version) = match (selected, version(request)) {
        (Ok(edition), Ok(version)) => (edition, version),
        (edition, version) => {
            let wire = Wire::new(&sources);
            let errors =
                edition.err().into_iter().chain(version.err()).map(|error| wire.issue(&error)).to_list();
            return Target {
                source,
                node: request.node.clone(),
                kubelet: None,
                findings: Vec::new(),
                errors,
            };
        }
    };
    let mut notes = Vec::new();
    let layers = texts.layers(request, &source, &limits, &mut sources, &mut errors, &mut notes);
    let is_empty = layers.config.is_none() && layers.drop_ins.is_none() && !layers.has_words;
    if is_empty && errors.is_empty() {
        errors.push(
            Diagnostic::error(
                Code::InvalidRequest,
                "there is nothing to audit: no config, no drop-ins, no command line",
            )
            .help("hand over at least one of config, dropIns, args"),
        );
    }
    if is_empty {
        let wire = Wire::new(&sources);
        let errors = errors.iter().map(|error| wire.issue(error)).to_list();
        return Target { source, node: request.node.clone(), kubelet: None, findings: Vec::new(), errors };
    }
    assess::assess(&assess::Task {
        request,
        edition,
        version,
        layers: &layers,
        sources: &sources,
        errors,
        notes,
        source,
    })
}

/// The edition asked for; `None` for `auto`.
fn edition(request: &Request) -> Result<Option<&'static Edition>, Diagnostic> {
    let name = request.benchmark.as_deref().unwrap_or(DEFAULT_EDITION);
    if name == AUTO {
        return Ok(None);
    }
    let Some(edition) = benchmark::edition(name) else {
        let known: Vec<&str> = editions().map(|edition| edition.id).to_list();
        return Err(Diagnostic::error(
            Code::UnknownBenchmark,
            format!("no benchmark edition {} is known", quoted(name)),
        )
        .help(format!("known are auto, {}", join(&known, ", "))));
    };
    if edition.is_empty() {
        return Err(Diagnostic::error(
            Code::NoKubeletRows,
            format!("{} has no row on the kubelet: it leaves nodes to the provider", edition.id),
        )
        .help(format!("choose {}, or auto", benchmark::auto::newest_of(edition.platform))));
    }
    Ok(Some(edition))
}

/// Selections that name what does not exist would leave out findings silently.
fn check_selection(request: &Request, edition: Option<&Edition>) -> Result<(), Diagnostic> {
    if let Some(level) = request.level
        && !(1..=2).contains(&level)
    {
        return Err(Diagnostic::error(Code::InvalidRequest, format!("there is no level {level}"))
            .help("levels are 1 and 2; 2 holds both"));
    }
    for slug in request.controls.iter().flatten() {
        if control(slug).is_none() {
            let known: Vec<&str> = CONTROLS.iter().map(|control| control.slug).to_list();
            return Err(Diagnostic::error(
                Code::UnknownControl,
                format!("no control {} is known", quoted(slug)),
            )
            .help(format!("known are {}", join(&known, ", "))));
        }
        if let Some(edition) = edition
            && !edition.rows().any(|row| row.control == slug)
        {
            let others: Vec<&str> = editions()
                .filter(|other| other.rows().any(|row| row.control == slug))
                .map(|other| other.id)
                .to_list();
            return Err(Diagnostic::error(
                Code::UnknownControl,
                format!("{} has no control {slug}", edition.id),
            )
            .help(format!("editions that have it: {}", join(&others, ", "))));
        }
    }
    Ok(())
}

fn version(request: &Request) -> Result<Option<Version>, Diagnostic> {
    let Some(text) = request.kubelet_version.as_deref() else { return Ok(None) };
    Version::parse(text).map(Some).ok_or_else(|| {
        Diagnostic::error(
            Code::UnsupportedVersion,
            format!(
                "{} is not a Kubernetes version from {} to {}",
                quoted(text),
                Version::OLDEST,
                Version::NEWEST
            ),
        )
        .help("write it like 1.31 or v1.31.4, or leave it out")
    })
}

/// The request's texts, held so that trees can borrow from them.
struct Texts<'r> {
    config: Option<Cow<'r, str>>,
    is_object: bool,
}

impl<'r> Texts<'r> {
    fn of(request: &'r Request) -> Self {
        match &request.config {
            Some(ConfigInput::Text(text)) => Self { config: Some(Cow::Borrowed(text)), is_object: false },
            Some(ConfigInput::Object(value)) => {
                Self { config: Some(Cow::Owned(json_text(value))), is_object: true }
            }
            None => Self { config: None, is_object: false },
        }
    }

    fn layers<'t>(
        &'t self,
        request: &'t Request,
        source: &str,
        limits: &Limits,
        sources: &mut Sources<'t>,
        errors: &mut Vec<Diagnostic>,
        notes: &mut Vec<Diagnostic>,
    ) -> Layers<'t> {
        let mut layers = Layers::default();
        if let Some(text) = self.config.as_deref() {
            let id = sources.add(Source {
                name: source.to_owned(),
                layer: Layer::Config,
                text: Cow::Borrowed(text),
                has_positions: !self.is_object,
            });
            let mut document = document::read(text, id, limits);
            if self.is_object {
                if let Ok(document) = &mut document {
                    document.format = Format::Object;
                }
                notes.push(Diagnostic::note(
                    Code::ObjectInput,
                    "the config came as an already parsed object: positions, repeated keys and the spelling of values were not visible",
                ).help("hand over the text itself to have them checked"));
            }
            if is_configz(&document) {
                sources.set_layer(id, Layer::Configz);
            }
            note_unreadable(&document, id, errors);
            layers.config = Some(NamedDocument { name: source.to_owned(), source: id, document });
        }
        if let Some(drop_ins) = &request.drop_ins {
            layers.drop_ins = Some(
                drop_ins
                    .iter()
                    .map(|drop_in| {
                        let id = sources.add(Source {
                            name: drop_in.name.clone(),
                            layer: Layer::DropIn,
                            text: Cow::Borrowed(&drop_in.text),
                            has_positions: true,
                        });
                        let document = document::read(&drop_in.text, id, limits);
                        if crate::effective::is_drop_in_name(&drop_in.name) {
                            note_unreadable(&document, id, errors);
                        }
                        NamedDocument { name: drop_in.name.clone(), source: id, document }
                    })
                    .to_list(),
            );
            layers.sort_drop_ins();
        }
        match command_line_of(request, sources, limits) {
            None => {}
            Some(Ok(line)) => {
                layers.has_words = true;
                layers.words_complete = line.complete;
                layers.words = line.words;
                layers.words_missing = line.missing;
                notes.extend(line.diagnostics);
            }
            Some(Err(error)) => errors.push(error),
        }
        layers
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
    let mut add = |name: &str, text: Cow<'t, str>, has_positions| {
        sources.add(Source { name: name.to_owned(), layer: Layer::Flag, text, has_positions })
    };
    let texts: Vec<(SourceId, &str, &str)> = match request.args.as_ref()? {
        ArgsInput::Argv(args) => {
            let id = add("args", Cow::Owned(join(args, "\n")), false);
            return Some(Ok(command_line::from_argv(args, id)));
        }
        ArgsInput::Text(text) => vec![(add("args", Cow::Borrowed(text), true), "args", text)],
        ArgsInput::Files(files) => files
            .iter()
            .map(|file| {
                (add(&file.name, Cow::Borrowed(&file.text), true), file.name.as_str(), file.text.as_str())
            })
            .to_list(),
    };
    if let Some((id, name, text)) = texts.iter().find(|(_, _, text)| text.len() > limits.bytes) {
        let message = format!("{name} has {} bytes, and {} are allowed", text.len(), limits.bytes);
        return Some(Err(Diagnostic::error(Code::TooLarge, message)
            .help("hand over the kubelet's unit and environment files alone, or raise the limit")
            .at(Place::new(*id, Span::at(0)))));
    }
    let texts: Vec<Text<'_>> =
        texts.into_iter().map(|(source, name, text)| Text { source, name, text }).to_list();
    Some(command_line::from_texts(&texts))
}

/// What a control looks at, for one version.
pub(crate) fn subject<'a>(
    layers: &'a Layers<'a>,
    sources: &'a Sources<'a>,
    (version, resolved): (Version, &'a crate::effective::Resolved),
    request: &Request,
) -> Subject<'a> {
    Subject { version, resolved, layers, sources, serving_certificates: request.serving_certificates }
}
