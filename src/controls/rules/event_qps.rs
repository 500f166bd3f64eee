//! `event-qps`

#[cfg(test)]
use serde_json::json;

use crate::controls::{
    Control, Docs, Example, FixSafety, Metadata, Requirement, RunningKubelet, Setting, Statements,
    TargetValue,
};
use crate::kubelet::fields::{FieldId, id};
use crate::report::{Effect, Severity, Status};
#[cfg(test)]
use crate::tests::cases::{Case, CaseInput::File, RuleInput};

const SETTING: Setting = Setting::Field(id::EVENT_RECORD_QPS);
/// What client-go takes for zero, and the default up to 1.26.
const OLD_DEFAULT: i64 = 5;

pub(super) struct EventQps;

static METADATA: Metadata = Metadata {
    slug: "event-qps",
    title: "Events are recorded at a sufficient rate",
    failure_title: "The event rate is too low",
    severity: Severity::Low,
    why: "Events beyond the limit wait in a queue of 1,000. When it is full, events are lost, and with them \
          evidence of what happened on the node.",
    field: "eventRecordQPS",
    settings: &[SETTING],
    statements: Statements {
        whether: "events are recorded at a sufficient rate",
        yes: "Events are recorded at least at the default rate of Kubernetes.",
        no: "Events are not recorded.",
        partly: "At most 5 events per second are sent. Others wait in a queue of 1,000, and are lost when it is full.",
    },
    requirements: &[Requirement { setting: SETTING, value: TargetValue::Int(50) }],
    fix_safety: &[
        FixSafety::needs_review(
            "to the benchmark 0 means unlimited, but up to 1.36 the kubelet sends only 5 events per second",
        )
        .of_value(SETTING, TargetValue::Int(0)),
        FixSafety::safe("only the rate at which the kubelet records events changes"),
    ],
    docs: Docs {
        checks: "eventRecordQPS, or --event-qps. Older benchmarks and those for AKS and GKE require 0. \
                 Later ones allow any value from 0 up. Some require it to be set explicitly.",
        matters: "The setting limits how many events the kubelet sends per second. Benchmarks treat 0 as \
                  unlimited. Up to 1.36 it is not: the client library uses its own limit of 5 per second.",
        edition: "cis-1.12",
        compliant: Example::config("eventRecordQPS: 50\n", Status::Pass),
        violating: Example::config("eventRecordQPS: -1\n", Status::Fail),
        remediation: "Set eventRecordQPS to a rate that suits the node, for example 50. If a benchmark \
                      requires 0, be aware that this lowers the rate to 5.",
        edge_cases: &[
            "0 means unlimited to the benchmark and, up to 1.36, 5 to the kubelet, so the two verdicts differ.",
            "The client throttles events. They are lost only when its queue of 1,000 is full.",
            "--eventRecordQPS, which some benchmark texts name, is not a flag, and the kubelet exits. The \
             flag is --event-qps.",
            "A negative number stops the kubelet.",
            "The OpenShift benchmarks name kubeAPIQPS, which limits other requests. This control reads \
             eventRecordQPS.",
        ],
        references: &[
            "kubernetes/kubernetes#117101",
            "kubernetes/kubernetes#117119",
            "cmd/kubelet/app/server.go (1.36, 1.37)",
            "client-go rest/config.go (DefaultQPS) and tools/record/event.go (maxQueuedEvents)",
        ],
    },
};

impl Control for EventQps {
    fn metadata(&self) -> &'static Metadata {
        &METADATA
    }

    // Zero does not mean without limit up to 1.36: client-go falls back to 5 a second (kubernetes#117101). From 1.37
    // on cmd/kubelet/app/server.go turns the limit off. The default was 5 up to 1.26.
    fn effect(&self, kubelet: &RunningKubelet<'_>) -> Effect {
        match kubelet.configuration.int(id::EVENT_RECORD_QPS) {
            OLD_DEFAULT if !kubelet.version.at_least(27) => Effect::Yes,
            0 if kubelet.version.at_least(37) => Effect::Yes,
            0..=OLD_DEFAULT => Effect::Partly,
            _ => Effect::Yes,
        }
    }

    fn related_fields(&self) -> &'static [FieldId] {
        &[id::EVENT_BURST]
    }

    fn notes(&self, kubelet: &RunningKubelet<'_>, _: Effect) -> Vec<String> {
        if kubelet.configuration.int(id::EVENT_RECORD_QPS) == 0 && !kubelet.version.at_least(37) {
            vec!["0 does not mean unlimited: up to 1.36 the kubelet then sends 5 events per second".into()]
        } else {
            Vec::new()
        }
    }

    #[cfg(test)]
    fn cases(&self) -> &'static [Case] {
        &[
            ("cis-aks-1.7", File("eventRecordQPS: 0\n"), "pass/partly"),
            ("cis-aks-1.7", File("eventRecordQPS: 5\n"), "fail/partly"),
            ("cis-aks-1.7", File(""), "fail/yes"),
            ("cis-1.12", File("eventRecordQPS: 5\n"), "pass/partly"),
            ("cis-1.12", File("eventRecordQPS: -1\n"), "fail/does-not-start"),
            ("cis-1.12", File(""), "pass/yes"),
        ]
    }

    #[cfg(test)]
    fn rule_inputs(&self) -> Vec<RuleInput> {
        RuleInput::of_setting(
            "eventRecordQPS",
            "--event-qps",
            &[json!(-1), json!(0), json!(1), json!(5), json!(50)],
            &[json!("5"), json!(true)],
        )
    }
}
