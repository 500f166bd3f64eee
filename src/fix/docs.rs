//! What a reader is told of a control's fixes: made here from the same examples and by the same code.

use serde::Serialize;

use super::platform::{PLATFORMS, flag_of};
use super::{Options, Route, fix, fixes};
use crate::controls::{FixSafety, control};
use crate::json::json_text;
use crate::report::{Applicability, FixTarget, PatchOperation, PlatformChange, Setting};
use crate::request::{ArgsInput, ConfigInput, Request};
use crate::resolve::to_json;
use crate::source::{Limits, SourceId, document};

/// Whether a setting of a control may be made without anybody looking.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Safety {
    /// The setting; empty for all that have no row of their own.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub setting: String,
    /// Whether it may.
    pub applicability: Applicability,
    /// Why.
    pub reason: &'static str,
    /// Fields that change with it, if their values are the kubelet's own.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub also_changes: &'static [&'static str],
}

/// The rows of a control, those of single settings first.
pub fn safety_of(slug: &str) -> Vec<Safety> {
    let entries = control(slug).map_or(&[][..], |control| control.metadata().fix_safety);
    let setting = |entry: &FixSafety| match (entry.setting, entry.value) {
        (None, _) => String::new(),
        (Some(setting), None) => setting.name(),
        (Some(setting), Some(value)) => format!("{}: {}", setting.name(), json_text(&value.to_json())),
    };
    let entries = entries.iter().map(|entry| Safety {
        setting: setting(entry),
        applicability: entry.applicability,
        reason: entry.reason,
        also_changes: entry.also_changes,
    });
    entries.collect()
}

/// What fixing a control's violating example does.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Shown {
    /// The rows of the table.
    pub safety: Vec<Safety>,
    /// The diff that `check --diff --unsafe-fixes` prints; empty where no setting mends the control.
    pub diff: String,
    /// The same as RFC 6902 JSON Patch, were the file in JSON.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub patch: Vec<PatchOperation>,
    /// The same as a drop-in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drop_in: Option<DropIn>,
    /// The same as arguments.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub arguments: Vec<String>,
    /// What to run before.
    pub before: Vec<String>,
    /// What to run after.
    pub after: Vec<String>,
    /// Where platforms keep the settings.
    pub platforms: Vec<PlatformChange>,
}

/// A new drop-in.
#[derive(Clone, Debug, Serialize)]
pub struct DropIn {
    /// Its name.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// What there is to tell of the control of this slug.
pub fn shown(slug: &str) -> Option<Shown> {
    let docs = &control(slug)?.metadata().docs;
    let example = docs.violating;
    let name = if example.config.is_some() { "config.yaml" } else { "args" };
    let request = Request {
        config: example.document().map(ConfigInput::Text),
        args: (!example.args.is_empty())
            .then(|| ArgsInput::Argv(example.args.iter().map(|arg| (*arg).to_owned()).collect())),
        benchmark: Some(docs.edition.to_owned()),
        source: Some(name.to_owned()),
        ..Request::default()
    };
    let options = Options { unsafe_fixes: true, controls: vec![slug.to_owned()], ..Options::default() };
    let fixed = fix(&request, &options);
    let mut out = Shown {
        safety: safety_of(slug),
        diff: fixed.files.iter().map(|file| file.diff.as_str()).collect(),
        patch: Vec::new(),
        drop_in: None,
        arguments: Vec::new(),
        before: Vec::new(),
        after: Vec::new(),
        platforms: Vec::new(),
    };
    let mut settings: Vec<Setting> = Vec::new();
    for made in &fixed.applied {
        settings.extend(made.settings.iter().cloned());
        for (to, from) in [(&mut out.before, &made.before), (&mut out.after, &made.after)] {
            let new: Vec<String> = from.iter().filter(|line| !to.contains(line)).cloned().collect();
            to.extend(new);
        }
    }
    if settings.is_empty() {
        return Some(out);
    }
    for setting in settings.iter().filter(|setting| !setting.value.is_null()) {
        out.arguments.extend(flag_of(setting).map(|(flag, value)| format!("--{flag}={value}")));
    }
    out.platforms = PLATFORMS.iter().map(|platform| platform.change(&settings)).collect();
    // The first fix again, in the forms that other files would have it in.
    let planned = |request: &Request| {
        let target = crate::assess::target(request);
        let all = fixes(request, &target, Route::InPlace);
        all.into_iter().filter(|fix| fix.control == slug).collect::<Vec<_>>()
    };
    if let Some(text) = example.document() {
        let limits = Limits::default();
        let json =
            document::read(&text, SourceId(0), &limits).ok().map(|read| json_text(&to_json(&read.root)));
        let in_json = Request { config: json.map(ConfigInput::Text), ..request.clone() };
        let first = planned(&in_json).into_iter().next();
        out.patch = first.into_iter().flat_map(|fix| fix.changes).flat_map(|change| change.patch).collect();
        let with_directory = Request { drop_ins: Some(Vec::new()), ..request.clone() };
        let drop_in = planned(&with_directory).into_iter().find(|fix| fix.target == FixTarget::DropIn);
        out.drop_in = drop_in
            .and_then(|fix| fix.changes.into_iter().next())
            .and_then(|change| Some(DropIn { name: change.source, text: change.content? }));
    }
    Some(out)
}
