//! `debugging-handlers`

use crate::controls::{
    Control, Docs, Example, FixSafety, Metadata, Requirement, RunningKubelet, Setting, Statements,
    TargetValue,
};
use crate::kubelet::fields::id;
use crate::report::{Effect, Severity, Status};
#[cfg(test)]
use crate::tests::cases::{Case, CaseInput::File};

const SETTING: Setting = Setting::Field(id::ENABLE_DEBUGGING_HANDLERS);

pub(super) struct DebuggingHandlers;

static METADATA: Metadata = Metadata {
    slug: "debugging-handlers",
    title: "Debugging handlers are disabled where they are not needed",
    failure_title: "Debugging handlers are enabled",
    severity: Severity::Low,
    why: "The handlers for exec, attach, logs and port-forward give access to containers.",
    field: "enableDebuggingHandlers",
    settings: &[SETTING],
    statements: Statements {
        whether: "the debugging handlers are disabled",
        yes: "The debugging handlers are disabled, including exec, logs, port-forward and /configz.",
        no: "The debugging handlers are enabled. kubectl exec, logs and port-forward need them.",
        partly: "",
    },
    requirements: &[Requirement { setting: SETTING, value: TargetValue::Bool(false) }],
    fix_safety: &[FixSafety::needs_review("logs, exec, attach, port-forward and /configz stop working")],
    docs: Docs {
        checks: "enableDebuggingHandlers, or --enable-debugging-handlers. The operator must decide \
                 whether the handlers can be disabled.",
        matters: "With the handlers disabled, nobody can run commands in containers through the kubelet. \
                  However, kubectl exec, attach, logs and port-forward stop working too.",
        edition: "strict",
        compliant: Example::config("enableDebuggingHandlers: false\n", Status::Pass),
        violating: Example::config("enableDebuggingHandlers: true\n", Status::Manual),
        remediation: "On nodes where nobody debugs, set enableDebuggingHandlers: false. On other nodes, \
                      rely on authorization.",
        edge_cases: &[
            "Disabling the handlers also disables /configz, so the node can only be audited by its files.",
        ],
        references: &["pkg/kubelet/server/server.go, InstallAuthRequiredHandlers"],
    },
};

impl Control for DebuggingHandlers {
    fn metadata(&self) -> &'static Metadata {
        &METADATA
    }

    fn effect(&self, kubelet: &RunningKubelet<'_>) -> Effect {
        // A dump proves that they are on: /configz is one of them.
        if kubelet.configuration.bool(id::ENABLE_DEBUGGING_HANDLERS) || kubelet.audited.resolved.is_configz {
            Effect::No
        } else {
            Effect::Yes
        }
    }

    #[cfg(test)]
    fn cases(&self) -> &'static [Case] {
        &[
            ("strict", File("enableDebuggingHandlers: false\n"), "pass/yes"),
            ("strict", File("enableDebuggingHandlers: true\n"), "manual/no"),
            ("strict", File(""), "manual/no"),
        ]
    }

    #[cfg(test)]
    fn one_sided(&self) -> Option<&'static str> {
        Some("a person decides where it is not met")
    }
}
