//! Exit codes, derived from the report.

use kubelet_audit::report::{Summary, Target};

/// No findings, or none at or above the threshold.
pub(crate) const CLEAN: u8 = 0;
/// Findings that fail or cannot be judged; a kubelet that does not start.
pub(crate) const FINDINGS: u8 = 1;
/// Wrong usage, or unreadable input.
pub(crate) const UNUSABLE: u8 = 2;
/// Nothing to audit.
pub(crate) const NOTHING: u8 = 3;
/// An internal error. In Node, `js/src/cli.js` exits with it.
#[cfg(not(all(target_arch = "wasm32", target_os = "unknown")))]
pub(crate) const INTERNAL: u8 = 101;

/// The codes with their meanings, for the help.
pub(crate) const HELP: &[(&str, &str)] = &[
    ("0", "no findings, or none that fails by --fail-on, --waivers and --baseline"),
    ("1", "findings (fail or error); with effective: the kubelet does not start"),
    ("2", "wrong usage, an unreadable document, a bad waiver, a report that cannot be written"),
    ("3", "nothing to audit"),
    ("101", "internal error (please report it)"),
];

/// Returns the code of a run. Unreadable input outranks findings, because the findings are incomplete. `fails` is
/// whether there is a finding at or above the threshold.
pub(crate) fn of_run(summary: &Summary, fails: bool) -> u8 {
    if summary.targets == 0 {
        NOTHING
    } else if summary.unreadable > 0 {
        UNUSABLE
    } else if fails {
        FINDINGS
    } else {
        CLEAN
    }
}

/// Returns the code for the effective configuration of one target.
pub(crate) fn of_effective(target: &Target) -> u8 {
    match &target.kubelet {
        _ if !target.errors.is_empty() => UNUSABLE,
        None => UNUSABLE,
        Some(kubelet) if kubelet.starts == Some(false) => FINDINGS,
        Some(_) => CLEAN,
    }
}
