//! Applies fixes, each verified by an audit of the result.

use super::edited_text::{self, EditedText};
use super::plan::{fixes, platform_change};
use super::planner::Route;
use super::proof::{refuse, starts};
use crate::assess;
use crate::report::{
    Applicability, AppliedFix, Fix, Fixed, OptionError, OriginLayer, Purpose, Setting, SkippedFix, Target,
};
use crate::request::Request;

/// Which fixes to apply, and where.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Whether to apply unsafe fixes.
    pub unsafe_fixes: bool,
    /// The controls to fix; empty for all.
    pub controls: Vec<String>,
    /// Whether to apply only fixes that change the config alone, because several nodes share the other layers.
    pub config_only: bool,
    /// Where to write settings that no flag overrides.
    pub route: Route,
    /// Whether to apply only fixes required by the benchmark, or only those required to take effect; absent for
    /// both.
    pub purpose: Option<Purpose>,
}

/// Applies the fixes of one node's findings that `options` allow.
///
/// A fix is applied only if afterward the finding passes, the kubelet starts, no other finding is worse, and no
/// other effective value has changed. Otherwise the whole fix is skipped.
///
/// # Errors
///
/// An option of the request names something that does not exist.
pub fn fix(request: &Request, options: &Options) -> Result<Fixed, OptionError> {
    assess::options::options(request)?;
    Ok(fix_with_valid_options(request, options))
}

/// Like [`fix`], for a request with valid options.
pub(super) fn fix_with_valid_options(request: &Request, options: &Options) -> Fixed {
    let mut now = Request { effective: Some(true), ..request.clone() };
    let mut target = assess::target(&now);
    if now.kubelet_version.is_none()
        && let Some(kubelet) = target.kubelet.as_ref().filter(|kubelet| kubelet.starts != Some(false))
    {
        // A fix must not change the assumed version.
        now.kubelet_version = Some(kubelet.version.clone());
        target = assess::target(&now);
    }
    let started = starts(&target);
    let mut texts: Vec<EditedText> = EditedText::all(request);
    let mut out =
        Fixed { files: Vec::new(), applied: Vec::new(), skipped: Vec::new(), platform: None, target };
    let mut tried: Vec<(String, bool)> = Vec::new();
    let mut made = 0_usize;
    // Every fix is planned on the result of the previous ones.
    loop {
        let is_new = |fix: &Fix| {
            let is_effective = fix.purpose == Purpose::Effective;
            let is_wanted = match options.purpose {
                None | Some(Purpose::Both) => true,
                Some(Purpose::Effective) => fix.purpose != Purpose::Benchmark,
                Some(Purpose::Benchmark) => !is_effective,
            };
            !fix.alternative
                && is_wanted
                && (options.controls.is_empty()
                    || options.controls.iter().any(|control| control == fix.subject()))
                && !tried
                    .iter()
                    .any(|(control, effective)| control == fix.subject() && *effective == is_effective)
        };
        let Some(fix) = fixes(&now, &out.target, options.route).into_iter().find(is_new) else {
            if out.applied.len() == made {
                break;
            }
            // A refused fix can succeed after another one, for example once the kubelet starts.
            made = out.applied.len();
            tried.retain(|(control, effective)| {
                let is_refused = |skip: &SkippedFix| {
                    skip.subject() == control && (skip.purpose == Purpose::Effective) == *effective
                };
                !out.skipped.iter().any(is_refused)
            });
            out.skipped.clear();
            continue;
        };
        tried.push((fix.subject().to_owned(), fix.purpose == Purpose::Effective));
        if let Some(reason) = &fix.refused {
            out.skipped.push(skipped(&fix, reason, false));
            continue;
        }
        if fix.applicability == Applicability::Unsafe && !options.unsafe_fixes {
            out.skipped.push(skipped(&fix, &fix.reason, true));
            continue;
        }
        if options.config_only && fix.changes.iter().any(|change| change.layer != Some(OriginLayer::Config)) {
            let reason = "it changes a file that several targets share; fix one target at a time";
            out.skipped.push(skipped(&fix, reason, false));
            continue;
        }
        let mut next = texts.clone();
        if !edited_text::make(&mut next, &fix) {
            out.skipped.push(skipped(&fix, NOT_SUPPLIED, false));
            continue;
        }
        let candidate = edited_text::request_with(&now, &next);
        let after = assess::target(&candidate);
        match refuse(&out.target, &after, &fix) {
            Some(reason) => out.skipped.push(skipped(&fix, reason, false)),
            None => {
                (now, texts, out.target) = (candidate, next, after);
                out.applied.push(applied(fix));
            }
        }
    }
    if starts(&out.target) == Some(false) && started != Some(true) && !out.applied.is_empty() {
        // Each fix removed one startup error, but some remain.
        let reason = "the kubelet would still fail to start";
        let undone = std::mem::take(&mut out.applied);
        out.skipped.extend(undone.into_iter().map(|fix| SkippedFix {
            control: fix.control,
            code: fix.code,
            purpose: fix.purpose,
            title: fix.title,
            reason: reason.into(),
            is_unsafe: false,
        }));
        texts = EditedText::all(request);
        out.target = assess::target(&Request { effective: Some(true), ..request.clone() });
    }
    let settings: Vec<Setting> = out.applied.iter().flat_map(|fix| fix.settings.iter().cloned()).collect();
    if !settings.is_empty() {
        out.platform = platform_change(request, &out.target, &settings);
    }
    if request.effective == Some(false)
        && let Some(kubelet) = &mut out.target.kubelet
    {
        (kubelet.effective, kubelet.origins, kubelet.flags) = (None, None, None);
    }
    out.files = texts.iter().filter_map(EditedText::fixed).collect();
    out
}

/// Adds to each finding its fixes. Fixes that fail the verification are marked as refused.
pub(crate) fn attach(request: &Request, target: &mut Target) {
    if target.kubelet.is_none() {
        return;
    }
    let now = Request {
        effective: Some(true),
        kubelet_version: target.kubelet.as_ref().map(|kubelet| kubelet.version.clone()),
        ..request.clone()
    };
    let before = assess::target(&now);
    let given = EditedText::all(request);
    for mut fix in fixes(request, target, Route::InPlace) {
        if fix.refused.is_none() && fix.changes.iter().all(|change| change.layer.is_some()) {
            let mut next = given.clone();
            let made = edited_text::make(&mut next, &fix);
            let reason = match made {
                true => refuse(&before, &assess::target(&edited_text::request_with(&now, &next)), &fix),
                false => Some(NOT_SUPPLIED),
            };
            if let Some(reason) = reason {
                fix.refused = Some(reason.into());
                fix.changes.clear();
            }
        }
        if let Some(finding) =
            target.findings.iter_mut().find(|finding| Some(&finding.control) == fix.control.as_ref())
        {
            finding.fixes.push(fix);
        }
    }
}

const NOT_SUPPLIED: &str = "the text of the file was not supplied";

fn applied(fix: Fix) -> AppliedFix {
    let Fix {
        control,
        code,
        purpose,
        title,
        applicability,
        reason,
        settings,
        also_changes,
        before,
        after,
        ..
    } = fix;
    AppliedFix { control, code, purpose, title, applicability, reason, settings, also_changes, before, after }
}

fn skipped(fix: &Fix, reason: &str, is_unsafe: bool) -> SkippedFix {
    SkippedFix {
        control: fix.control.clone(),
        code: fix.code.clone(),
        purpose: fix.purpose,
        title: fix.title.clone(),
        reason: reason.into(),
        is_unsafe,
    }
}
