//! Exit codes: told from the report, here and nowhere else.

use kubelet_audit::report::{Summary, Target};

/// Nothing found, or nothing at or above the threshold.
pub(crate) const CLEAN: u8 = 0;
/// Findings that fail or could not be judged; a kubelet that does not start.
pub(crate) const FINDINGS: u8 = 1;
/// Wrong usage, or something that could not be read.
pub(crate) const UNUSABLE: u8 = 2;
/// Nothing to audit.
pub(crate) const NOTHING: u8 = 3;
/// A mistake of this program. In Node, `js/src/cli.js` exits with it.
#[cfg(not(all(target_arch = "wasm32", target_os = "unknown")))]
pub(crate) const INTERNAL: u8 = 101;

/// Lines of the help.
pub(crate) const HELP: &[(&str, &str)] = &[
    ("0", "nothing found, or only what --fail-on, --waivers and --baseline let pass"),
    ("1", "findings (fail or error); for `effective`: the kubelet does not start"),
    ("2", "wrong usage, a document that cannot be read, a bad waiver, a report that cannot be written"),
    ("3", "nothing to audit"),
    ("101", "a mistake of this program"),
];

/// The code of a run. What could not be read weighs more than what was found: the findings are not all
/// there. `fails` tells whether there is a finding at or above the threshold.
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

/// The code of one target's effective configuration.
pub(crate) fn of_effective(target: &Target) -> u8 {
    match &target.kubelet {
        _ if !target.errors.is_empty() => UNUSABLE,
        None => UNUSABLE,
        Some(kubelet) if kubelet.starts == Some(false) => FINDINGS,
        Some(_) => CLEAN,
    }
}
