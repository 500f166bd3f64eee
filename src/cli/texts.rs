//! The texts of a run, for the renderer to show lines of.

use std::borrow::Cow;

use super::layers::{ARGS_NAME, Run};
use crate::render::{SourceText, SourceTexts};
use crate::request::{ArgsInput, ConfigInput, Request};
use crate::secret::secret_ranges;

impl SourceTexts for Run {
    fn find(&self, target: usize, name: &str) -> Option<SourceText<'_>> {
        let request = &self.inputs.get(self.origins.get(target).copied()?)?.request;
        let mut found = texts(request).filter(|(other, text)| *other == name && !text.is_empty());
        let (name, text) = found.next()?;
        // Two layers of one name: rather no line than the wrong one.
        if found.next().is_some() {
            return None;
        }
        // The report knows a drop-in by its name below the directory, the reader by its path.
        let path = self.drop_in_paths.iter().find(|(other, _)| other == name).map_or(name, |(_, path)| path);
        Some(SourceText { path: Cow::Borrowed(path), text, hidden: secret_ranges(text) })
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
