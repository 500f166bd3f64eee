//! The texts of a target, for the renderer to show lines of.

use std::borrow::Cow;

use kubelet_audit::render::{SourceText, SourceTexts};
use kubelet_audit::request::{ArgsInput, ConfigInput, Request};
use kubelet_audit::source::redaction::secret_ranges;

use crate::inputs::Input;
use crate::inputs::layers::{ARGS_NAME, Layers};

/// The texts of one target.
pub(crate) struct InputTexts<'a> {
    /// What is asked.
    pub(crate) input: &'a Input,
    /// What it shares with the others.
    pub(crate) layers: &'a Layers,
}

impl SourceTexts for InputTexts<'_> {
    fn find(&self, _: usize, name: &str) -> Option<SourceText<'_>> {
        let Input { request, part, .. } = self.input;
        let mut found = texts(request).filter(|(other, text)| *other == name && !text.is_empty());
        // The report knows a part of a file by the name of the file.
        if let Some(part) = part
            && part.file == name
            && let Some(ConfigInput::Text(text)) = &request.config
        {
            let hidden = secret_ranges(text);
            return Some(SourceText {
                path: Cow::Borrowed(&part.file),
                text,
                offset: part.start.offset,
                hidden,
            });
        }
        let (name, text) = found.next()?;
        // Two layers of one name: rather no line than the wrong one.
        if found.next().is_some() {
            return None;
        }
        // The report knows a drop-in by its name below the directory, the reader by its path.
        let path =
            self.layers.drop_in_paths.iter().find(|(other, _)| other == name).map_or(name, |(_, path)| path);
        Some(SourceText { path: Cow::Borrowed(path), text, offset: 0, hidden: secret_ranges(text) })
    }
}

/// Every text of a request by the name it has in locations.
fn texts(request: &Request) -> impl Iterator<Item = (&str, &str)> {
    let config = match (&request.config, &request.source) {
        (Some(ConfigInput::Text(text)), Some(source)) => Some((source.as_str(), text.as_str())),
        _ => None,
    };
    let drop_ins = request.drop_ins.iter().flatten().map(|file| (file.name.as_str(), file.text.as_str()));
    let (args, files) = match &request.args {
        Some(ArgsInput::Text(text)) => (Some((ARGS_NAME, text.as_str())), None),
        Some(ArgsInput::Files(files)) => (None, Some(files)),
        Some(ArgsInput::Argv(_)) | None => (None, None),
    };
    let files = files.into_iter().flatten().map(|file| (file.name.as_str(), file.text.as_str()));
    config.into_iter().chain(drop_ins).chain(args).chain(files)
}
