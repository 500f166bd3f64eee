//! The texts of a request, edited by fixes.

use std::borrow::Cow;

use super::diff::unified;
use super::edit::text::{Edit, Patched};
use crate::report::{Fix, FixedFile, OriginLayer};
use crate::request::{ArgsInput, ConfigInput, DropIn, Request};

/// One text of a request with its edits.
#[derive(Clone)]
pub(super) struct EditedText<'r> {
    name: Cow<'r, str>,
    layer: OriginLayer,
    patched: Patched<'r>,
    is_new: bool,
    by_hand: bool,
}

impl<'r> EditedText<'r> {
    /// Returns all texts: the config, the drop-ins and those of the command line.
    pub(super) fn all(request: &'r Request) -> Vec<Self> {
        let mut texts = Vec::new();
        let mut add = |name: &'r str, layer, original: Cow<'r, str>| {
            let patched = Patched::new(original);
            texts.push(EditedText { name: name.into(), layer, patched, is_new: false, by_hand: false });
        };
        if let Some(ConfigInput::Text(text)) = &request.config {
            add(request.source.as_deref().unwrap_or("config"), OriginLayer::Config, text.into());
        }
        for drop_in in request.drop_ins.iter().flatten() {
            add(&drop_in.name, OriginLayer::DropIn, (&*drop_in.text).into());
        }
        match &request.args {
            Some(ArgsInput::Text(text)) => add("args", OriginLayer::Flag, text.into()),
            Some(ArgsInput::Argv(args)) => add("args", OriginLayer::Flag, args.join("\n").into()),
            Some(ArgsInput::Files(files)) => {
                files.iter().for_each(|file| add(&file.name, OriginLayer::Flag, (&*file.text).into()));
            }
            None => {}
        }
        texts
    }

    /// Returns the fixed file; `None` if it is unchanged.
    pub(super) fn fixed(&self) -> Option<FixedFile> {
        let text = self.patched.text();
        (text != self.patched.original()).then(|| FixedFile {
            source: self.name.clone().into_owned(),
            layer: self.layer,
            is_new: self.is_new,
            by_hand: self.by_hand,
            diff: unified(&self.name, self.patched.original(), &text, self.is_new),
            text,
        })
    }
}

/// Applies a fix to the texts; false if one of them is missing.
pub(super) fn make(texts: &mut Vec<EditedText<'_>>, fix: &Fix) -> bool {
    fix.changes.iter().all(|change| {
        let Some(layer) = change.layer else { return false };
        if let Some(content) = &change.content {
            let mut patched = Patched::new(Cow::Borrowed(""));
            patched.apply(&[Edit::insert(0, content.clone())]);
            let name = Cow::Owned(change.source.clone());
            texts.push(EditedText { name, layer, patched, is_new: true, by_hand: false });
            return true;
        }
        let text = texts.iter_mut().find(|text| text.layer == layer && text.name == change.source);
        let Some(text) = text else { return false };
        let offsets = |edit: &crate::report::TextEdit| {
            Edit::new(edit.range.start.offset as usize, edit.range.end.offset as usize, edit.text.clone())
        };
        text.by_hand |= change.by_hand;
        text.patched.apply(&change.edits.iter().map(offsets).collect::<Vec<_>>());
        true
    })
}

/// Returns the request with the edited texts.
pub(super) fn request_with(request: &Request, texts: &[EditedText<'_>]) -> Request {
    let mut next = request.clone();
    let of = |layer| texts.iter().filter(move |text| text.layer == layer);
    if let (Some(ConfigInput::Text(config)), Some(text)) = (&mut next.config, of(OriginLayer::Config).next())
    {
        *config = text.patched.text();
    }
    let drop_ins: Vec<DropIn> = of(OriginLayer::DropIn)
        .map(|text| DropIn { name: text.name.clone().into_owned(), text: text.patched.text() })
        .collect();
    if next.drop_ins.is_some() || !drop_ins.is_empty() {
        next.drop_ins = Some(drop_ins);
    }
    let mut flags = of(OriginLayer::Flag).map(|text| text.patched.text());
    match &mut next.args {
        Some(ArgsInput::Text(text)) => *text = flags.next().unwrap_or_default(),
        Some(ArgsInput::Argv(args)) => {
            let joined = flags.next().unwrap_or_default();
            if joined != args.join("\n") {
                *args = joined.split('\n').map(str::to_owned).collect();
            }
        }
        Some(ArgsInput::Files(files)) => {
            files.iter_mut().for_each(|file| file.text = flags.next().unwrap_or_default());
        }
        None => {}
    }
    next
}
