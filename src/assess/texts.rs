//! The texts of a request.

use std::borrow::Cow;

use crate::command_line::{self, CommandLine};
use crate::json::json_text;
use crate::objects::{self, Beside};
use crate::request::{ArgsInput, ConfigInput, DropIn, Request};
use crate::source::diagnostic::{Code, Diagnostic};
use crate::source::template::{self, Masked};
use crate::source::tree::{Document, Format};
use crate::source::{Layer, Limits, Place, ReadError, Source, SourceId, Sources, document};

/// The texts of a request, from which the trees borrow.
pub(crate) struct Texts<'r> {
    config: Option<Cow<'r, str>>,
    /// The config with its expressions masked, if it is a template.
    pub(super) masked: Option<Masked>,
    pub(super) is_object: bool,
}

impl<'r> Texts<'r> {
    pub(crate) fn of(request: &'r Request) -> Self {
        match &request.config {
            Some(ConfigInput::Text(text)) => {
                let masked = template::mask(text, &limits_of(request));
                Self { config: Some(Cow::Borrowed(text)), masked, is_object: false }
            }
            Some(ConfigInput::Object(value)) => {
                let text = json_text(value);
                Self { config: Some(Cow::Owned(text)), masked: None, is_object: true }
            }
            None => Self { config: None, masked: None, is_object: false },
        }
    }

    /// Returns the text of the config.
    pub(super) fn config_text(&self) -> Option<&str> {
        self.config.as_deref()
    }

    pub(super) fn read_config(&self, limits: &Limits) -> Option<Result<Document<'_>, ReadError>> {
        let text = self.masked.as_ref().map(|masked| masked.text.as_str()).or(self.config.as_deref())?;
        let mut document = document::read(text, objects::CONFIG, limits);
        if let (true, Ok(document)) = (self.is_object, &mut document) {
            document.format = Format::Object;
        }
        Some(document)
    }

    /// Returns the kubelets that Kubernetes objects in the config configure.
    pub(super) fn objects(
        &self,
        config: Option<&Result<Document<'_>, ReadError>>,
        drop_ins: &[DropIn],
        limits: &Limits,
    ) -> Vec<objects::ConfiguredKubelet> {
        let (Some(text), Some(first)) = (self.config.as_deref(), config) else { return Vec::new() };
        // INVARIANT: drop-ins are the sources behind the two of the config, in the order of the request.
        let sources = (2..).map(SourceId);
        let beside: Vec<_> = drop_ins
            .iter()
            .zip(sources)
            .map(|(drop_in, source)| Beside { name: &drop_in.name, text: &drop_in.text, source })
            .collect();
        objects::find(text, first, self.masked.as_ref(), limits, &beside)
    }

    /// Returns what the config is, if it configures no kubelet.
    pub(super) fn stranger(
        &self,
        config: Option<&Result<Document<'_>, ReadError>>,
    ) -> Option<objects::Stranger> {
        objects::describe(self.config.as_deref()?, config?)
    }

    /// Adds the config to the sources. It has to be the first source.
    pub(super) fn add_config<'t>(&'t self, name: &str, layer: Layer, sources: &mut Sources<'t>) -> SourceId {
        let text = Cow::Borrowed(self.config.as_deref().unwrap_or_default());
        sources.add(Source { name: name.to_owned(), layer, text, has_positions: !self.is_object })
    }
}

/// Returns the limits on each text of a request.
pub(crate) fn limits_of(request: &Request) -> Limits {
    request.max_bytes.map_or_else(Limits::default, |bytes| Limits::for_bytes(bytes as usize))
}

pub(super) fn command_line_of<'t>(
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
            format!("{} is {} bytes long; the limit is {}", long.name, long.text.len(), limits.bytes);
        return Some(Err(Diagnostic::error(Code::TooLarge, message)
            .help("pass only the kubelet's unit and environment files, or raise the limit")
            .at(Place::new(long.source, crate::source::Span::at(0)))));
    }
    Some(command_line::from_texts(&texts))
}
