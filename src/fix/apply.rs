//! Making fixes, each proved by an audit of what it leaves.

use super::diff::unified;
use super::plan::fixes;
use super::text::{Edit, Patched};
use crate::audit::audit_target;
use crate::report::{
    Applicability, AppliedFix, Effect, Finding, Fix, Fixed, FixedFile, OriginLayer, Purpose, Report,
    SkippedFix, Status, Target,
};
use crate::request::{ArgsInput, ConfigInput, Request};

/// What may be made.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Unsafe fixes as well.
    pub unsafe_fixes: bool,
    /// Fixes of these controls alone; of all where empty.
    pub controls: Vec<String>,
    /// Only fixes that change nothing but the config, for layers that several nodes share.
    pub config_only: bool,
}

/// Makes the fixes of one node's findings, as far as `options` allow.
///
/// A fix is made only if the finding then passes, the kubelet starts, no other finding gets worse, and
/// no effective value changes but those that the fix names. Otherwise it is skipped and nothing of it
/// is made.
pub fn fix(request: &Request, options: &Options) -> Fixed {
    let mut now = Request { effective: Some(true), ..request.clone() };
    let mut target = audit_target(&now);
    if now.kubelet_version.is_none()
        && let Some(kubelet) = target.kubelet.as_ref().filter(|kubelet| kubelet.starts != Some(false))
    {
        // A fix must not move the question to another version.
        now.kubelet_version = Some(kubelet.version.clone());
        target = audit_target(&now);
    }
    let started = starts(&target);
    let mut texts: Vec<Text> = Text::all(request);
    let mut out = Fixed { files: Vec::new(), applied: Vec::new(), skipped: Vec::new(), target };
    let mut tried: Vec<(String, bool)> = Vec::new();
    let mut made = 0_usize;
    // Every fix is planned on what the ones before it left.
    loop {
        let is_new = |fix: &Fix| {
            !fix.alternative
                && (options.controls.is_empty() || options.controls.contains(&fix.control))
                && !tried.iter().any(|(control, effective)| {
                    *control == fix.control && *effective == (fix.purpose == Purpose::Effective)
                })
        };
        let Some(fix) = fixes(&now, &out.target).into_iter().find(is_new) else {
            if out.applied.len() == made {
                break;
            }
            // What was refused may have waited for another: the kubelet to start, for one.
            made = out.applied.len();
            tried.retain(|(control, effective)| {
                let is_refused = |skip: &SkippedFix| {
                    skip.control == *control && (skip.purpose == Purpose::Effective) == *effective
                };
                !out.skipped.iter().any(is_refused)
            });
            out.skipped.clear();
            continue;
        };
        tried.push((fix.control.clone(), fix.purpose == Purpose::Effective));
        if let Some(reason) = &fix.refused {
            out.skipped.push(skipped(&fix, reason, false));
            continue;
        }
        if fix.applicability == Applicability::Unsafe && !options.unsafe_fixes {
            out.skipped.push(skipped(&fix, &fix.reason, true));
            continue;
        }
        if options.config_only && fix.changes.iter().any(|change| change.layer != Some(OriginLayer::Config)) {
            let reason = "it changes a file that several targets share: audit one at a time";
            out.skipped.push(skipped(&fix, reason, false));
            continue;
        }
        let mut next = texts.clone();
        if !make(&mut next, &fix) {
            out.skipped.push(skipped(&fix, "its text was not given", false));
            continue;
        }
        let candidate = with_texts(&now, &next);
        let after = audit_target(&candidate);
        match refuse(&out.target, &after, &fix) {
            Some(reason) => out.skipped.push(skipped(&fix, reason, false)),
            None => {
                (now, texts, out.target) = (candidate, next, after);
                out.applied.push(applied(fix));
            }
        }
    }
    if starts(&out.target) == Some(false) && started != Some(true) && !out.applied.is_empty() {
        // Each took away one reason not to start, and not all could be.
        let reason = "the kubelet would still not start";
        let undone = std::mem::take(&mut out.applied);
        out.skipped.extend(undone.into_iter().map(|fix| SkippedFix {
            control: fix.control,
            purpose: fix.purpose,
            title: fix.title,
            reason: reason.into(),
            is_unsafe: false,
        }));
        texts = Text::all(request);
        out.target = audit_target(&Request { effective: Some(true), ..request.clone() });
    }
    if request.effective == Some(false)
        && let Some(kubelet) = &mut out.target.kubelet
    {
        (kubelet.effective, kubelet.origins) = (None, None);
    }
    out.files = texts.iter().filter_map(Text::fixed).collect();
    out
}

/// The outcome of [`apply_fixes`].
#[derive(Clone, Debug, PartialEq)]
pub struct Applied {
    /// The config's text with the fixes in it.
    pub text: String,
    /// What changed, as a unified diff.
    pub diff: String,
    /// The fixes that were made.
    pub applied: Vec<AppliedFix>,
    /// Those that were not, with the reason.
    pub skipped: Vec<SkippedFix>,
}

/// Makes the fixes of a report in the text of the config it is about. The other layers of the node, if
/// the report had any, come in `layers`.
///
/// # Errors
///
/// Where the report has no target for a config.
pub fn apply_fixes(
    text: &str,
    report: &Report,
    layers: &Request,
    options: &Options,
) -> Result<Applied, String> {
    let Some(target) = report.targets.first() else { return Err("the report has no target".into()) };
    let Some(kubelet) = &target.kubelet else { return Err("the report's target could not be read".into()) };
    let finding = target.findings.first();
    let request = Request {
        config: Some(ConfigInput::Text(text.to_owned())),
        kubelet_version: layers
            .kubelet_version
            .clone()
            .or_else(|| (!kubelet.version_assumed).then(|| kubelet.version.clone())),
        benchmark: layers.benchmark.clone().or_else(|| finding.map(|finding| finding.benchmark.id.clone())),
        source: Some(target.source.clone()),
        node: target.node.clone(),
        ..layers.clone()
    };
    let mut fixed = fix(&request, options);
    let at = fixed.files.iter().position(|file| file.layer == OriginLayer::Config);
    let file = at.map(|at| fixed.files.swap_remove(at));
    let (text, diff) = file.map_or_else(|| (text.to_owned(), String::new()), |file| (file.text, file.diff));
    Ok(Applied { text, diff, applied: fixed.applied, skipped: fixed.skipped })
}

/// One text of a request, with what was done to it.
#[derive(Clone)]
struct Text<'r> {
    name: &'r str,
    layer: OriginLayer,
    original: &'r str,
    patched: Patched<'r>,
}

impl<'r> Text<'r> {
    /// All texts: the config, the drop-ins, those of the command line.
    fn all(request: &'r Request) -> Vec<Self> {
        let mut texts = Vec::new();
        let mut add = |name, layer, original| {
            texts.push(Text { name, layer, original, patched: Patched::new(original) });
        };
        if let Some(ConfigInput::Text(text)) = &request.config {
            add(request.source.as_deref().unwrap_or("config"), OriginLayer::Config, text.as_str());
        }
        for drop_in in request.drop_ins.iter().flatten() {
            add(&drop_in.name, OriginLayer::DropIn, &drop_in.text);
        }
        match &request.args {
            Some(ArgsInput::Text(text)) => add("args", OriginLayer::Flag, text),
            Some(ArgsInput::Files(files)) => {
                files.iter().for_each(|file| add(&file.name, OriginLayer::Flag, &file.text));
            }
            _ => {}
        }
        texts
    }

    fn fixed(&self) -> Option<FixedFile> {
        let edits = self.patched.edits();
        let text = self.patched.text();
        (text != self.original).then(|| FixedFile {
            source: self.name.to_owned(),
            layer: self.layer,
            text,
            diff: unified(self.name, self.original, &edits),
        })
    }
}

/// Makes a fix in the texts; false where one of them is not there.
fn make(texts: &mut [Text<'_>], fix: &Fix) -> bool {
    fix.changes.iter().all(|change| {
        let text =
            texts.iter_mut().find(|text| Some(text.layer) == change.layer && text.name == change.source);
        let Some(text) = text else { return false };
        let edits: Vec<Edit> = change
            .edits
            .iter()
            .map(|edit| Edit::new(edit.start as usize, edit.end as usize, edit.text.clone()))
            .collect();
        text.patched.apply(&edits);
        true
    })
}

/// The request with the texts as they are by now.
fn with_texts(request: &Request, texts: &[Text<'_>]) -> Request {
    let mut next = request.clone();
    let mut texts = texts.iter().map(|text| text.patched.text());
    if let Some(ConfigInput::Text(text)) = &mut next.config {
        *text = texts.next().unwrap_or_default();
    }
    for drop_in in next.drop_ins.iter_mut().flatten() {
        drop_in.text = texts.next().unwrap_or_default();
    }
    match &mut next.args {
        Some(ArgsInput::Text(text)) => *text = texts.next().unwrap_or_default(),
        Some(ArgsInput::Files(files)) => {
            files.iter_mut().for_each(|file| file.text = texts.next().unwrap_or_default());
        }
        _ => {}
    }
    next
}

fn starts(target: &Target) -> Option<bool> {
    target.kubelet.as_ref().and_then(|kubelet| kubelet.starts)
}

fn finding<'t>(target: &'t Target, control: &str) -> Option<&'t Finding> {
    target.findings.iter().find(|finding| finding.control == control)
}

/// Why a fix does not do what it should, or does more.
fn refuse(before: &Target, after: &Target, fix: &Fix) -> Option<&'static str> {
    let errors = |target: &Target| target.kubelet.as_ref().map_or(usize::MAX, |kubelet| kubelet.errors.len());
    let starts_now = starts(after) != Some(false);
    if after.kubelet.is_none() || after.errors.len() > before.errors.len() {
        return Some("the result could not be read");
    }
    if !starts_now && (starts(before) != Some(false) || errors(after) >= errors(before)) {
        return Some("the kubelet would not start with it");
    }
    let (Some(was), Some(is)) = (finding(before, &fix.control), finding(after, &fix.control)) else {
        return Some("the finding is gone");
    };
    if starts_now {
        let passes = match fix.purpose {
            Purpose::Benchmark | Purpose::Both => is.benchmark.verdict == Status::Pass,
            Purpose::Effective => effect_rank(is.effective.verdict) < effect_rank(was.effective.verdict),
        };
        if !passes && !is_open(was, is) {
            return Some("the finding would not pass: something else decides");
        }
    }
    let worse = before.findings.iter().zip(&after.findings).any(|(was, is)| {
        rank(is.benchmark.verdict) > rank(was.benchmark.verdict)
            || effect_rank(is.effective.verdict) > effect_rank(was.effective.verdict)
    });
    if worse {
        return Some("another finding would get worse");
    }
    if changes_others(before, after, fix) {
        return Some("other values would change as well");
    }
    None
}

/// Whether the benchmark leaves the answer to a person, and the kubelet does now what the control asks.
fn is_open(was: &Finding, is: &Finding) -> bool {
    is.benchmark.verdict == Status::Manual
        && (is.effective.verdict == Effect::Yes
            || effect_rank(is.effective.verdict) < effect_rank(was.effective.verdict))
}

fn rank(status: Status) -> u8 {
    match status {
        Status::Pass | Status::NotApplicable => 0,
        Status::Manual => 1,
        Status::Fail => 2,
        Status::Error => 3,
    }
}

fn effect_rank(effect: Effect) -> u8 {
    match effect {
        Effect::Yes => 0,
        Effect::Partly => 1,
        Effect::No | Effect::Unknown => 2,
        Effect::DoesNotStart => 3,
    }
}

/// Whether an effective value changed that the fix does not name.
fn changes_others(before: &Target, after: &Target, fix: &Fix) -> bool {
    let values = |target: &'_ Target| target.kubelet.as_ref().and_then(|kubelet| kubelet.effective.clone());
    // Before a kubelet that does not start there is nothing to compare with.
    let (Some(before), Some(after)) = (values(before), values(after)) else { return false };
    let is_named = |path: &str| {
        fix.also_changes.iter().any(|also| also == path)
            || fix.settings.iter().any(|setting| {
                let flag = crate::kubelet::flags::lookup(setting.name.trim_start_matches('-'));
                setting.name == path
                    || flag
                        .and_then(|flag| flag.field(crate::kubelet::Version::NEWEST))
                        .is_some_and(|field| field.field().path == path)
            })
    };
    let gates = |value: Option<&serde_json::Value>| {
        let mut value = value.cloned().unwrap_or(serde_json::Value::Null);
        for setting in &fix.settings {
            if let (Some(gate), Some(gates)) =
                (setting.name.strip_prefix("featureGates."), value.as_object_mut())
            {
                gates.remove(gate);
            }
        }
        if value.as_object().is_some_and(serde_json::Map::is_empty) { serde_json::Value::Null } else { value }
    };
    before.keys().chain(after.keys()).any(|path| {
        let (was, is) = (before.get(path), after.get(path));
        if path == "featureGates" { gates(was) != gates(is) } else { was != is && !is_named(path) }
    })
}

fn applied(fix: Fix) -> AppliedFix {
    let Fix { control, purpose, title, settings, also_changes, before, after, .. } = fix;
    AppliedFix { control, purpose, title, settings, also_changes, before, after }
}

fn skipped(fix: &Fix, reason: &str, is_unsafe: bool) -> SkippedFix {
    SkippedFix {
        control: fix.control.clone(),
        purpose: fix.purpose,
        title: fix.title.clone(),
        reason: reason.into(),
        is_unsafe,
    }
}
