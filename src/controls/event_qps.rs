//! `event-qps`

use crate::kubelet::fields::id;
use crate::report::{Effect, Severity};

use super::{Control, Docs, Example, Says, Setting, Want, Wanted};

const SETTING: Setting = Setting::Field(id::EVENT_RECORD_QPS);
/// What client-go takes for zero, and the default up to 1.26.
const OLD_DEFAULT: i64 = 5;

pub(super) const CONTROL: Control = Control {
    slug: "event-qps",
    title: "Events are recorded at a sufficient rate",
    severity: Severity::Low,
    why: "events beyond the rate are dropped, and with them traces of what happened on the node",
    field: "eventRecordQPS",
    settings: &[SETTING],
    also: &[id::EVENT_BURST],
    says: Says {
        whether: "events are recorded at a sufficient rate",
        yes: "events are recorded at least at the rate that Kubernetes has by default",
        no: "events are not recorded",
        partly: "events are recorded at 5 a second or less, and dropped beyond",
    },
    wants: &[Want { setting: SETTING, value: Wanted::Int(50) }],
    // Zero does not mean without limit: client-go falls back to 5 a second (kubernetes#117101), up to
    // 1.36; the default was 5 up to 1.26.
    effect: |running| match running.configuration.int(id::EVENT_RECORD_QPS) {
        OLD_DEFAULT if !running.version.at_least(27) => Effect::Yes,
        0..=OLD_DEFAULT => Effect::Partly,
        _ => Effect::Yes,
    },
    notes: |running, _| {
        if running.configuration.int(id::EVENT_RECORD_QPS) == 0 {
            vec!["0 does not mean without limit: up to 1.36 the kubelet then sends 5 events a second".into()]
        } else {
            Vec::new()
        }
    },
    docs: &Docs {
        checks: "eventRecordQPS, or --event-qps. Older editions and those for AKS and GKE ask for 0, later ones for any \
                 level from 0 on; some ask for it to be written.",
        matters: "The rate limits how many events the kubelet sends. Benchmarks take 0 for no limit. Up to 1.36 it is \
                  not: the client library falls back to 5 a second.",
        compliant: Example::config("eventRecordQPS: 50\n"),
        violating: Example::config("eventRecordQPS: -1\n"),
        remediation: "Set eventRecordQPS to a rate that fits the node, 50 for example. Where an edition insists on 0, \
                      know that this lowers the rate to 5.",
        edge_cases: &[
            "The benchmark's 0 and the kubelet's 0 differ, so the two verdicts do, too.",
            "--eventRecordQPS, as some benchmark texts have it, is no flag: the kubelet exits. It is --event-qps.",
            "A negative number stops the kubelet.",
            "OpenShift's rows read kubeAPIQPS, which limits other requests; we read eventRecordQPS.",
        ],
        references: &["kubernetes/kubernetes#117101", "kubernetes/kubernetes#117119"],
        ..Docs::EMPTY
    },
    ..Control::BASE
};
