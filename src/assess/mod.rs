//! From a request to its targets: reads the texts, assembles the layers of each kubelet, resolves and judges
//! it.

mod node;
pub(crate) mod options;
mod secrets;
mod texts;

use crate::kubelet::Version;
use crate::objects::{self, ConfiguredKubelet, Stranger};
use crate::report::locate::Locator;
use crate::report::{Issue, OptionError, Target, VersionSource};
use crate::request::{ArgsFile, ArgsInput, ConfigInput, Request};
use crate::resolve::{Layers, NamedDocument};
use crate::source::diagnostic::{Code, Diagnostic, Weight};
use crate::source::tree::Document;
use crate::source::{Layer, Limits, Place, ReadError, Source, SourceId, Sources, Span, document};
use std::borrow::Cow;

use options::{Options, node_version};
pub(crate) use texts::Texts;
use texts::command_line_of;
pub(crate) use texts::limits_of;

/// What an audit found: kubelets, and what the config is if it configures none.
#[derive(Default)]
pub(crate) struct Outcome {
    pub(crate) targets: Vec<Target>,
    pub(crate) notices: Vec<Issue>,
}

impl Outcome {
    fn of(targets: Vec<Target>) -> Self {
        Self { targets, notices: Vec::new() }
    }
}

/// Returns the targets of a request: one node, or each kubelet that the objects in its config configure. A
/// config that carries nothing for a kubelet has no target; a notice says what it is.
///
/// # Errors
///
/// An option names something that does not exist.
pub(crate) fn outcome(request: &Request) -> Result<Outcome, OptionError> {
    let command_line = as_command_line(request);
    outcome_or(command_line.as_ref().unwrap_or(request), |audit, config| {
        match audit.texts.stranger(config.as_ref()) {
            Some(stranger) => audit.stranger(stranger),
            None => Outcome::of(vec![audit.node(config)]),
        }
    })
}

/// Returns the request with the config as its command line, if the config is one: a unit, an environment file or
/// the line of a process.
fn as_command_line(request: &Request) -> Option<Request> {
    let Some(ConfigInput::Text(text)) = &request.config else { return None };
    if request.args.is_some() {
        return None;
    }
    let texts = Texts::of(request);
    if !objects::is_command_line(text, &texts.read_config(&limits_of(request))?) {
        return None;
    }
    let file = ArgsFile { name: source_of(request).to_owned(), text: text.clone() };
    Some(Request { config: None, args: Some(ArgsInput::Files(vec![file])), ..request.clone() })
}

/// Like `targets`, but for any Kubernetes object: one that configures no kubelet has no target and is not an
/// error.
///
/// # Errors
///
/// Like [`outcome`].
pub(crate) fn object_targets(request: &Request) -> Result<Vec<Target>, OptionError> {
    let found = outcome_or(request, |audit, config| match config {
        Some(Ok(_)) => Outcome::default(),
        _ => Outcome::of(vec![audit.node(config)]),
    });
    Ok(found?.targets)
}

/// The config of a request, as read.
type Config<'t> = Option<Result<Document<'t>, ReadError>>;

/// Returns the targets of the kubelets that objects configure, or what `otherwise` makes of the config if there are
/// none.
fn outcome_or(
    request: &Request,
    otherwise: impl for<'t> FnOnce(&Audit<'t>, Config<'t>) -> Outcome,
) -> Result<Outcome, OptionError> {
    let texts = Texts::of(request);
    let audit = Audit::new(request, options::options(request)?, &texts);
    let config = texts.read_config(&audit.limits);
    let drop_ins = request.drop_ins.as_deref().unwrap_or_default();
    let kubelets = texts.objects(config.as_ref(), drop_ins, &audit.limits);
    let mut outcome = if kubelets.is_empty() {
        otherwise(&audit, config)
    } else {
        let of = |kubelet: ConfiguredKubelet| {
            let object = Some(kubelet.name.clone());
            Target { object, ..audit.configured_kubelet(kubelet) }
        };
        Outcome::of(kubelets.into_iter().map(of).collect())
    };
    secrets::hide(request, &texts, &mut outcome.targets);
    Ok(outcome)
}

/// Returns the target of one node. Kubernetes objects in its config are not searched. The target has an error if
/// an option names something that does not exist.
pub(crate) fn target(request: &Request) -> Target {
    let texts = Texts::of(request);
    match options::options(request) {
        Ok(options) => {
            let audit = Audit::new(request, options, &texts);
            let mut target = audit.node(texts.read_config(&audit.limits));
            secrets::hide(request, &texts, std::slice::from_mut(&mut target));
            target
        }
        Err(error) => {
            let error = Diagnostic::error(Code::InvalidRequest, error.message).help(error.help);
            unreadable(request, source_of(request), &Sources::default(), &[error])
        }
    }
}

/// Returns the layers of one node. Their errors are left to the caller's audit.
pub(crate) fn layers<'t>(
    texts: &'t Texts<'t>,
    request: &'t Request,
    sources: &mut Sources<'t>,
) -> Layers<'t> {
    let audit = Audit::new(request, Options { edition: None, version: None }, texts);
    audit.layers(texts.read_config(&audit.limits), sources, &mut ReadProblems::default())
}

/// Returns the name of the config in reports.
pub(crate) fn source_of(request: &Request) -> &str {
    request.source.as_deref().unwrap_or("config")
}

/// Returns the target of an input that could not be read.
fn unreadable(request: &Request, source: &str, sources: &Sources<'_>, errors: &[Diagnostic]) -> Target {
    Target {
        source: source.to_owned(),
        node: request.node.clone(),
        object: None,
        kubelet: None,
        findings: Vec::new(),
        errors: Locator::new(sources).issues(errors),
    }
}

/// Returns the version that an object names, with a note if it is not supported.
fn stated_version(text: Option<&str>, problems: &mut ReadProblems) -> Option<Version> {
    let text = text?;
    let version = Version::parse(text);
    if version.is_none() {
        let message = format!("the input names Kubernetes {text}, which is not supported");
        problems.notes.push(Diagnostic::warning(Code::UnsupportedVersion, message).help(format!(
            "supported are {} to {}; the result is for the newest of them",
            Version::OLDEST,
            Version::NEWEST
        )));
    }
    version
}

/// A request with valid options.
struct Audit<'r> {
    request: &'r Request,
    options: Options,
    texts: &'r Texts<'r>,
    limits: Limits,
    source: &'r str,
}

impl<'r> Audit<'r> {
    fn new(request: &'r Request, options: Options, texts: &'r Texts<'r>) -> Self {
        Self { request, options, texts, limits: limits_of(request), source: source_of(request) }
    }

    /// Returns the target of the node that the layers of the request configure.
    fn node(&self, config: Option<Result<Document<'r>, ReadError>>) -> Target {
        let mut sources = Sources::default();
        let mut problems = ReadProblems::default();
        let layers = self.layers(config, &mut sources, &mut problems);
        let is_empty = layers.config.is_none() && layers.drop_ins.is_none() && layers.command_line.is_none();
        if is_empty && problems.errors.is_empty() {
            problems.errors.push(
                Diagnostic::error(
                    Code::InvalidRequest,
                    "nothing to audit: no config, no drop-ins and no command line",
                )
                .help("pass at least one of config, dropIns and args"),
            );
        }
        if is_empty {
            return unreadable(self.request, self.source, &sources, &problems.errors);
        }
        self.assess(&layers, &sources, problems, self.source.to_owned(), None)
    }

    /// Returns what is said of a config that configures no kubelet. Beside other layers, or with the name of a node,
    /// it is an error: it was to be the config of that node.
    fn stranger(&self, stranger: Stranger) -> Outcome {
        let mut sources = Sources::default();
        self.texts.add_config(self.source, Layer::Config, &mut sources);
        let request = self.request;
        let is_alone = request.args.is_none() && request.drop_ins.is_none() && request.node.is_none();
        let mut diagnostic = stranger.diagnostic.at(Place::new(objects::CONFIG, Span::at(0)));
        if is_alone && !stranger.is_failure {
            diagnostic.message = format!("{} was not audited: {}", self.source, diagnostic.message);
            let notices = vec![Locator::new(&sources).issue(&diagnostic)];
            return Outcome { targets: Vec::new(), notices };
        }
        diagnostic.weight = Weight::Error;
        let target = unreadable(self.request, self.source, &sources, &[diagnostic]);
        Outcome { targets: vec![target], notices: Vec::new() }
    }

    /// Reads the layers of one node.
    fn layers(
        &self,
        config: Option<Result<Document<'r>, ReadError>>,
        sources: &mut Sources<'r>,
        problems: &mut ReadProblems,
    ) -> Layers<'r> {
        let mut layers = Layers::default();
        if let Some(mut document) = config {
            if let Ok(document) = &mut document {
                let unknown = objects::take_unknown(document, self.texts.masked.as_ref());
                layers.missing.extend(unknown.missing);
                problems.notes.extend(unknown.notes);
            }
            let id = self.texts.add_config(self.source, Layer::Config, sources);
            if is_configz(&document) {
                sources.set_layer(id, Layer::Configz);
            }
            note_unreadable(&document, id, &mut problems.errors);
            layers.config = Some(NamedDocument { name: self.source.to_owned(), source: id, document });
        }
        self.other_layers(&mut layers, sources, problems);
        problems.notes.extend(layers.other_config_path());
        layers
    }

    /// Returns the target of a kubelet that a Kubernetes object configures.
    fn configured_kubelet(&self, kubelet: ConfiguredKubelet) -> Target {
        let mut sources = Sources::default();
        // INVARIANT: in this order the two have the numbers that places of objects have.
        self.texts.add_config(self.source, Layer::Config, &mut sources);
        self.texts.add_config(self.source, Layer::Flag, &mut sources);
        let name = format!("{}: {}", self.source, kubelet.name);
        let mut problems = ReadProblems { errors: Vec::new(), notes: kubelet.notes };
        if let Some(error) = kubelet.unreadable {
            note_unreadable(&Err(error), objects::CONFIG, &mut problems.errors);
            return unreadable(self.request, &name, &sources, &problems.errors);
        }
        let version = match self.options.version {
            Some(_) => None,
            None => stated_version(kubelet.version.as_deref(), &mut problems),
        };
        let mut layers = Layers { missing: kubelet.missing, platform: kubelet.platform, ..Layers::default() };
        if let Some(document) = kubelet.config {
            note_unreadable(&document, objects::CONFIG, &mut problems.errors);
            let name = self.source.to_owned();
            layers.config = Some(NamedDocument { name, source: objects::CONFIG, document });
        }
        self.other_layers(&mut layers, &mut sources, &mut problems);
        if kubelet.has_drop_ins {
            layers.drop_ins = None;
            problems.errors.clear();
            let ids: Vec<_> = sources.iter().map(|(id, _)| id).skip(2).collect();
            ids.into_iter().for_each(|id| sources.set_layer(id, Layer::Flag));
        }
        if let Some(mut line) = kubelet.command_line {
            if layers.command_line.is_some() {
                problems.notes.push(
                    Diagnostic::warning(
                        Code::IgnoredLayer,
                        "the object sets kubelet arguments, so the command line is ignored",
                    )
                    .help("audit the object and the command line separately"),
                );
            }
            problems.notes.append(&mut line.diagnostics);
            layers.command_line = Some(line);
        }
        self.assess(&layers, &sources, problems, name, version)
    }

    fn assess(
        &self,
        layers: &Layers<'_>,
        sources: &Sources<'_>,
        problems: ReadProblems,
        source: String,
        of_object: Option<Version>,
    ) -> Target {
        let ReadProblems { errors, notes } = problems;
        let (request, edition) = (self.request, self.options.edition);
        let of_option = self.options.version.map(|version| (version, VersionSource::Option));
        let version = match of_option.map_or_else(|| node_version(request), |version| Ok(Some(version))) {
            Ok(version) => version.or_else(|| Some((of_object?, VersionSource::Object))),
            Err(error) => return unreadable(request, &source, sources, &[error]),
        };
        node::assess(&node::Task { request, edition, version, layers, sources, errors, notes, source })
    }

    /// Reads the drop-ins and the command line of the request.
    fn other_layers(&self, layers: &mut Layers<'r>, sources: &mut Sources<'r>, problems: &mut ReadProblems) {
        if self.texts.is_object {
            problems.notes.push(
                Diagnostic::note(
                    Code::ObjectInput,
                    "the config is a parsed object, so positions, duplicate keys and the spelling of values are not available",
                )
                .help("pass the text of the config to check these as well"),
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
                if crate::resolve::is_drop_in_name(&drop_in.name) {
                    note_unreadable(&document, id, &mut problems.errors);
                }
                documents.push(NamedDocument { name: drop_in.name.clone(), source: id, document });
            }
            layers.drop_ins = Some(documents);
            layers.sort_drop_ins();
        }
        match command_line_of(self.request, sources, &self.limits) {
            None => {}
            Some(Ok(mut line)) => {
                problems.notes.append(&mut line.diagnostics);
                layers.command_line = Some(line);
            }
            Some(Err(error)) => problems.errors.push(error),
        }
        if !self.request.assume_config {
            problems.notes.extend(layers.set_aside_unread());
        }
    }
}

/// Diagnostics collected while the layers were read.
#[derive(Default)]
struct ReadProblems {
    /// Texts that could not be read.
    errors: Vec<Diagnostic>,
    /// Warnings and notes.
    notes: Vec<Diagnostic>,
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
