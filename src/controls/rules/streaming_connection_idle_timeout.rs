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
    title: "Idle streaming connections time out",
    failure_title: "Idle streaming connections never time out",
    severity: Severity::Low,
    why: "Connections of exec, attach and port-forward that never time out use up the node's ports and \
          memory.",
    field: "streamingConnectionIdleTimeout",
    settings: &[SETTING],
    statements: Statements {
        whether: "the kubelet closes idle streaming connections",
        yes: "The kubelet closes idle streaming connections.",
        no: "The setting has no effect, because the container runtime serves these connections.",
        partly: "",
    },
    requirements: &[],
    fix_safety: &[FixSafety::safe("the kubelet does not use the value, so no session is closed")],
    docs: Docs {
        checks: "streamingConnectionIdleTimeout, or --streaming-connection-idle-timeout, is not a zero \
                 duration. Most benchmarks allow it to be unset.",
        matters: "Connections of exec, attach and port-forward should not stay open forever. The \
                  container runtime serves them now, so the kubelet's setting no longer has any effect.",
        edition: "cis-1.12",
        compliant: Example::config("streamingConnectionIdleTimeout: 4h0m0s\n", Status::Pass),
        violating: Example::config("streamingConnectionIdleTimeout: 0s\n", Status::Fail),
        remediation: "Remove a zero, or set a duration such as 4h0m0s. For a timeout that works, \
                      configure the runtime (containerd: stream_idle_timeout).",
        edge_cases: &[
            "0, 0s, 0m and 0h0m0s all mean zero.",
            "In the config file, a zero is replaced by four hours. As a flag, it stays zero. Neither has \
             an effect.",
            "rh-0.7 requires five minutes: 5m, 300s and 5m0s all pass.",
        ],
        references: &[
            "staging/src/k8s.io/kubelet/config/v1beta1/types.go (1.34)",
            "pkg/kubelet/kubelet.go (1.25), where no code reads the stored value",
            "https://github.com/containerd/containerd/blob/main/docs/cri/config.md (stream_idle_timeout)",
        ],
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
        "set the idle timeout of the container runtime's streaming server, because the kubelet's has no \
         effect"
    }

    fn notes(&self, kubelet: &RunningKubelet<'_>, _: Effect) -> Vec<String> {
        vec![if kubelet.version.at_least(34) {
            "since 1.34 the kubelet ignores this field".into()
        } else {
            "the kubelet accepts this field but no longer uses it".into()
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
