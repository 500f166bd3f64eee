//! Documentation of a control's fixes, generated from its examples by the code that applies fixes.

use serde::Serialize;

use super::apply::fix_with_valid_options;
use super::platform::{PLATFORMS, flag_of};
use super::{Options, Route, fixes};
use crate::controls::{FixSafety, control};
use crate::json::json_text;
use crate::report::{Applicability, FixTarget, PatchOperation, PlatformChange, Setting};
use crate::request::{ArgsInput, ConfigInput, Request};
use crate::resolve::to_json;
use crate::source::{Limits, SourceId, document};

/// Whether a fix of a control's setting can be applied without review.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Safety {
    /// The setting; empty for all settings without a row of their own.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub setting: String,
    /// Whether the fix is safe.
    pub applicability: Applicability,
    /// The reason.
    pub reason: &'static str,
    /// Fields whose effective values also change, if the kubelet generates them.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub also_changes: &'static [&'static str],
}

/// Returns the rows of a control, those of single settings first.
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

/// The fix of a control's violating example.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Shown {
    /// The safety of each setting's fix.
    pub safety: Vec<Safety>,
    /// The diff that `check --diff --unsafe-fixes` prints; empty if no setting fixes the control.
    pub diff: String,
    /// The change as an RFC 6902 JSON Patch, for a config in JSON.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub patch: Vec<PatchOperation>,
    /// The change as a drop-in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drop_in: Option<DropIn>,
    /// The change as command-line flags.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub arguments: Vec<String>,
    /// Commands to run before applying it.
    pub before: Vec<String>,
    /// Commands to run after applying it.
    pub after: Vec<String>,
    /// The change on each platform.
    pub platforms: Vec<PlatformChange>,
}

/// A new drop-in.
#[derive(Clone, Debug, Serialize)]
pub struct DropIn {
    /// The file name.
    pub name: String,
    /// The text.
    pub text: String,
}

/// Returns the fix of a control's example; `None` if the slug is unknown.
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
    let fixed = fix_with_valid_options(&request, &options);
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
    // The first fix again, as a JSON Patch and as a drop-in.
    let planned = |request: &Request| {
        let target = crate::assess::target(request);
        let all = fixes(request, &target, Route::InPlace);
        all.into_iter().filter(|fix| fix.control.as_deref() == Some(slug)).collect::<Vec<_>>()
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
