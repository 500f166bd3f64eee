//! `streaming-connection-idle-timeout`

#[cfg(test)]
use serde_json::json;

use crate::controls::{Control, Docs, Example, FixSafety, Metadata, RunningKubelet, Setting, Statements};
use crate::kubelet::fields::id;
use crate::report::{Effect, Severity, Status};
#[cfg(test)]
use crate::tests::cases::{
    Case,
    CaseInput::{File, Flags},
    RuleInput,
};

const SETTING: Setting = Setting::Field(id::STREAMING_IDLE_TIMEOUT);

pub(super) struct StreamingConnectionIdleTimeout;

static METADATA: Metadata = Metadata {
    slug: "streaming-connection-idle-timeout",
    title: "Idle streaming connections have a timeout",
    failure_title: "Idle streaming connections never time out",
    severity: Severity::Low,
    why: "connections of exec, attach and port-forward that never time out use up a node's ports and memory",
    field: "streamingConnectionIdleTimeout",
    settings: &[SETTING],
    statements: Statements {
        whether: "the kubelet closes idle streaming connections",
        yes: "the kubelet closes idle streaming connections",
        no: "the setting has no effect: the container runtime serves these connections",
        partly: "",
    },
    requirements: &[],
    fix_safety: &[FixSafety::needs_review(
        "sessions of exec, attach and port-forward that stay idle longer are closed",
    )],
    docs: Docs {
        checks: "streamingConnectionIdleTimeout, or --streaming-connection-idle-timeout, is not a zero duration; \
                 absent is accepted by most editions.",
        matters: "Connections of exec, attach and port-forward should not stay open for ever. Since the container \
                  runtime serves them, the kubelet's setting no longer does anything about it.",
        edition: "cis-1.12",
        compliant: Example::config("streamingConnectionIdleTimeout: 4h0m0s\n", Status::Pass),
        violating: Example::config("streamingConnectionIdleTimeout: 0s\n", Status::Fail),
        remediation: "Take a zero out, or write a duration such as 4h0m0s. For a real timeout set that of the runtime \
                      (containerd: stream_idle_timeout).",
        edge_cases: &[
            "0, 0s, 0m and 0h0m0s are one and the same zero.",
            "A zero in the config file is replaced by four hours; by flag it stays zero. Neither has an effect.",
            "rh-0.7 asks for five minutes: 5m, 300s and 5m0s all meet it.",
        ],
        references: &["staging/src/k8s.io/kubelet/config/v1beta1/types.go (1.34)"],
    },
};

impl Control for StreamingConnectionIdleTimeout {
    fn metadata(&self) -> &'static Metadata {
        &METADATA
    }

    // Stored and not used from 1.25 on at the latest; dropped from the kubelet's struct in 1.34, whose
    // field documentation says that it no longer has any effect.
    fn effect(&self, _: &RunningKubelet<'_>) -> Effect {
        Effect::No
    }

    fn advice(&self) -> &'static str {
        "set the idle timeout of the container runtime's streaming server, for the kubelet's own does nothing"
    }

    fn notes(&self, kubelet: &RunningKubelet<'_>, _: Effect) -> Vec<String> {
        vec![if kubelet.version.at_least(34) {
            "from 1.34 on the kubelet has dropped the value".into()
        } else {
            "the kubelet stores the value and no longer uses it".into()
        }]
    }

    #[cfg(test)]
    fn cases(&self) -> &'static [Case] {
        &[
            ("cis-aks-1.7", File("streamingConnectionIdleTimeout: 5m\n"), "pass/no"),
            ("cis-aks-1.7", File("streamingConnectionIdleTimeout: 0s\n"), "fail/no"),
            ("cis-aks-1.7", File(""), "pass/no"),
            ("cis-aks-1.7", Flags("--streaming-connection-idle-timeout=0"), "fail/no"),
        ]
    }

    #[cfg(test)]
    fn rule_inputs(&self) -> Vec<RuleInput> {
        let durations = ["0s", "0m", "0h0m0s", "0", "1s", "300s", "5m0s", "4h0m0s"].map(|text| json!(text));
        RuleInput::of_setting(
            "streamingConnectionIdleTimeout",
            "--streaming-connection-idle-timeout",
            &durations,
            &[json!(0), json!(300), json!("5")],
        )
    }
}
