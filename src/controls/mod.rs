//! Controls: what is checked, and the engine that judges and explains.
//!
//! [`control`](mod@control) has the trait that a control implements and is the guide to writing one; `rules/` has the
//! controls. A finding comes about in two steps: [`judge()`] returns the two verdicts, at every supported
//! version, and [`details()`] the texts and evidence of the one that is reported.

mod audited_kubelet;
mod catalog;
pub mod control;
mod details;
mod docs;
mod evaluate;
mod evidence;
mod judge;
mod remediation;
mod requirement;
mod rules;
mod serving_certificates;
mod setting;
// `cargo x new-control` copies this file, which must compile.
#[cfg(test)]
mod template;

pub(crate) use audited_kubelet::origin_layer;
pub use audited_kubelet::{AuditedKubelet, RunningKubelet};
pub use catalog::{ControlExample, ControlExplanation, ControlNumber, ControlSummary, controls, explain};
pub use control::{Control, Details, FixSafety, Judgment, Metadata, Statements};
pub use details::details;
pub use docs::{Docs, Example, HEAD};
pub use evaluate::{RuleOutcome, evaluate_setting};
pub use evidence::Mention;
pub use judge::judge;
pub use requirement::{Requirement, TargetValue};
pub use rules::{CONTROLS, control};
pub use setting::{Configured, ConfiguredValue, GateEntry, Setting};

#[cfg(test)]
mod tests {
    use super::template::NewControl;
    use super::{Control as _, control};

    #[test]
    fn the_template_is_no_control_until_it_is_filled_in() {
        let metadata = NewControl.metadata();
        assert!(control(metadata.slug).is_none());
        assert!(metadata.title.is_empty() && metadata.failure_title.is_empty() && metadata.why.is_empty());
    }
}
