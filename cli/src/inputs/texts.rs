//! The texts of a target, for the renderer to show lines of.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use kubelet_audit::render::{SourceText, SourceTexts};
use kubelet_audit::request::{ArgsInput, ConfigInput, Request};
use kubelet_audit::source::redaction::secret_ranges;

use crate::inputs::Input;
use crate::inputs::layers::{ARGS_NAME, Layers};

/// The texts of one target.
pub(crate) struct InputTexts<'a> {
    input: &'a Input,
    /// What it shares with the others.
    layers: &'a Layers,
    /// Credentials by text: a report quotes one text many times.
    hidden: RefCell<HashMap<*const u8, Rc<[Range<usize>]>>>,
}

impl<'a> InputTexts<'a> {
    pub(crate) fn new(input: &'a Input, layers: &'a Layers) -> Self {
        Self { input, layers, hidden: RefCell::default() }
    }

    fn hidden(&self, text: &str) -> Rc<[Range<usize>]> {
        self.hidden.borrow_mut().entry(text.as_ptr()).or_insert_with(|| secret_ranges(text).into()).clone()
    }
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
            let hidden = self.hidden(text);
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
        Some(SourceText { path: Cow::Borrowed(path), text, offset: 0, hidden: self.hidden(text) })
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
