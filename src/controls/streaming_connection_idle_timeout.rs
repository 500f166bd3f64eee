//! `streaming-connection-idle-timeout`

use crate::kubelet::fields::id;
use crate::report::{Effect, Severity};

use super::{Control, Docs, Example, Says, Setting};

const SETTING: Setting = Setting::Field(id::STREAMING_IDLE_TIMEOUT);

pub(super) const CONTROL: Control = Control {
    slug: "streaming-connection-idle-timeout",
    title: "Idle streaming connections have a timeout",
    severity: Severity::Low,
    why: "connections of exec, attach and port-forward that never time out use up a node's ports and memory",
    field: "streamingConnectionIdleTimeout",
    settings: &[SETTING],
    says: Says {
        whether: "the kubelet closes idle streaming connections",
        yes: "the kubelet closes idle streaming connections",
        no: "the setting has no effect: the container runtime serves these connections",
        partly: "",
    },
    advice: "set the idle timeout of the container runtime's streaming server, for the kubelet's own does nothing",
    // Stored and not used from 1.25 on at the latest; dropped from the kubelet's struct in 1.34, whose
    // field documentation says that it no longer has any effect.
    effect: |_| Effect::No,
    notes: |running, _| {
        vec![if running.version.at_least(34) {
            "from 1.34 on the kubelet has dropped the value".to_owned()
        } else {
            "the kubelet stores the value and no longer uses it".into()
        }]
    },
    docs: &Docs {
        checks: "streamingConnectionIdleTimeout, or --streaming-connection-idle-timeout, is not a zero duration; \
                 absent is accepted by most editions.",
        matters: "Connections of exec, attach and port-forward should not stay open for ever. Since the container \
                  runtime serves them, the kubelet's setting no longer does anything about it.",
        compliant: Example::config("streamingConnectionIdleTimeout: 4h0m0s\n"),
        violating: Example::config("streamingConnectionIdleTimeout: 0s\n"),
        remediation: "Take a zero out, or write a duration such as 4h0m0s. For a real timeout set that of the runtime \
                      (containerd: stream_idle_timeout).",
        edge_cases: &[
            "0, 0s, 0m and 0h0m0s are one and the same zero.",
            "A zero in the config file is replaced by four hours; by flag it stays zero. Neither has an effect.",
            "rh-0.7 asks for five minutes: 5m, 300s and 5m0s all meet it.",
        ],
        references: &["staging/src/k8s.io/kubelet/config/v1beta1/types.go (1.34)"],
        ..Docs::EMPTY
    },
    ..Control::BASE
};
