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
    why: "events beyond the rate are dropped, and with them traces of what happened on the node",
    field: "eventRecordQPS",
    settings: &[SETTING],
    statements: Statements {
        whether: "events are recorded at a sufficient rate",
        yes: "events are recorded at least at the rate that Kubernetes has by default",
        no: "events are not recorded",
        partly: "events are recorded at 5 a second or less, and dropped beyond",
    },
    requirements: &[Requirement { setting: SETTING, value: TargetValue::Int(50) }],
    fix_safety: &[
        FixSafety::needs_review(
            "the edition means no limit by it, but up to 1.36 the kubelet takes 0 for 5 events a second, and \
             drops those beyond",
        )
        .of_value(SETTING, TargetValue::Int(0)),
        FixSafety::safe("only the rate at which the kubelet records events changes"),
    ],
    docs: Docs {
        checks: "eventRecordQPS, or --event-qps. Older editions and those for AKS and GKE ask for 0, later ones for any \
                 level from 0 on; some ask for it to be written.",
        matters: "The rate limits how many events the kubelet sends. Benchmarks take 0 for no limit. Up to 1.36 it is \
                  not: the client library falls back to 5 a second.",
        edition: "cis-1.12",
        compliant: Example::config("eventRecordQPS: 50\n", Status::Pass),
        violating: Example::config("eventRecordQPS: -1\n", Status::Fail),
        remediation: "Set eventRecordQPS to a rate that fits the node, 50 for example. Where an edition insists on 0, \
                      know that this lowers the rate to 5.",
        edge_cases: &[
            "The benchmark's 0 and the kubelet's 0 differ, so the two verdicts do, too.",
            "--eventRecordQPS, as some benchmark texts have it, is no flag: the kubelet exits. It is --event-qps.",
            "A negative number stops the kubelet.",
            "OpenShift's rows read kubeAPIQPS, which limits other requests; we read eventRecordQPS.",
        ],
        references: &["kubernetes/kubernetes#117101", "kubernetes/kubernetes#117119"],
    },
};

impl Control for EventQps {
    fn metadata(&self) -> &'static Metadata {
        &METADATA
    }

    // Zero does not mean without limit: client-go falls back to 5 a second (kubernetes#117101), up to
    // 1.36; the default was 5 up to 1.26.
    fn effect(&self, kubelet: &RunningKubelet<'_>) -> Effect {
        match kubelet.configuration.int(id::EVENT_RECORD_QPS) {
            OLD_DEFAULT if !kubelet.version.at_least(27) => Effect::Yes,
            0..=OLD_DEFAULT => Effect::Partly,
            _ => Effect::Yes,
        }
    }

    fn related_fields(&self) -> &'static [FieldId] {
        &[id::EVENT_BURST]
    }

    fn notes(&self, kubelet: &RunningKubelet<'_>, _: Effect) -> Vec<String> {
        if kubelet.configuration.int(id::EVENT_RECORD_QPS) == 0 {
            vec!["0 does not mean without limit: up to 1.36 the kubelet then sends 5 events a second".into()]
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
