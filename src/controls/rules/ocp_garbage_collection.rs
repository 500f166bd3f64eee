//! `ocp-garbage-collection`

#[cfg(test)]
use serde_json::json;

use crate::controls::{Control, Docs, Example, FixSafety, Metadata, RunningKubelet, Setting, Statements};
use crate::kubelet::fields::id;
use crate::report::{Effect, Severity, Status};
#[cfg(test)]
use crate::tests::cases::{Case, CaseInput::File, RuleInput};

pub(super) struct OcpGarbageCollection;

static METADATA: Metadata = Metadata {
    slug: "ocp-garbage-collection",
    title: "Garbage collection is configured",
    failure_title: "Garbage collection is not configured",
    severity: Severity::Low,
    why: "A node whose disk fills up with images and dead containers stops running pods.",
    field: "evictionHard",
    settings: &[
        Setting::Field(id::EVICTION_HARD),
        Setting::Field(id::IMAGE_GC_HIGH),
        Setting::Field(id::IMAGE_GC_LOW),
        Setting::Field(id::IMAGE_MINIMUM_GC_AGE),
    ],
    statements: Statements {
        whether: "images are collected and pods are evicted in time",
        yes: "Images are collected and pods are evicted before the node runs out of resources.",
        no: "Images are not collected and pods are not evicted.",
        partly: "Either image collection or eviction is off.",
    },
    requirements: &[],
    fix_safety: &[FixSafety::needs_review("images and pods are removed at different thresholds")],
    docs: Docs {
        checks: "evictionHard, imageGCHighThresholdPercent, imageGCLowThresholdPercent and \
                 imageMinimumGCAge are all set.",
        matters: "The Red Hat guide expects explicit thresholds instead of defaults. The defaults work \
                  too, which the effective verdict shows.",
        edition: "cis-openshift-1.8",
        compliant: Example::config(
            "evictionHard:\n  memory.available: 200Mi\nimageGCHighThresholdPercent: 85\nimageGCLowThresholdPercent: 80\nimageMinimumGCAge: 2m0s\n",
            Status::Pass,
        ),
        violating: Example::config("imageGCHighThresholdPercent: 85\n", Status::Fail),
        remediation: "Set all four with a KubeletConfig resource for the machine config pool.",
        edge_cases: &[
            "imageGCHighThresholdPercent: 100 disables image collection.",
            "evictionHard in the file replaces all defaults, so signals that it does not name have no \
             threshold.",
        ],
        references: &["https://kubernetes.io/docs/concepts/architecture/garbage-collection/"],
    },
};

impl Control for OcpGarbageCollection {
    fn metadata(&self) -> &'static Metadata {
        &METADATA
    }

    fn effect(&self, kubelet: &RunningKubelet<'_>) -> Effect {
        let collects_images = kubelet.configuration.int(id::IMAGE_GC_HIGH) != 100;
        let evicts_pods = !kubelet.configuration.value(id::EVICTION_HARD).is_zero();
        match (collects_images, evicts_pods) {
            (true, true) => Effect::Yes,
            (false, false) => Effect::No,
            _ => Effect::Partly,
        }
    }

    fn advice(&self) -> &'static str {
        "set evictionHard, imageGCHighThresholdPercent, imageGCLowThresholdPercent and imageMinimumGCAge"
    }

    #[cfg(test)]
    fn cases(&self) -> &'static [Case] {
        &[
            ("rh-1.8", File(""), "fail/yes"),
            (
                "rh-1.8",
                File(
                    "evictionHard: {memory.available: 100Mi, nodefs.available: 10%, nodefs.inodesFree: 5%, imagefs.available: 15%}\n",
                ),
                "fail/yes",
            ),
            ("rh-1.8", File("evictionHard: {}\n"), "fail/partly"),
            (
                "rh-1.8",
                File(
                    "evictionSoft: {memory.available: 500Mi}\nevictionSoftGracePeriod: {memory.available: 1m30s}\nevictionHard: {memory.available: 200Mi}\nimageGCHighThresholdPercent: 80\nimageGCLowThresholdPercent: 75\nimageMinimumGCAge: 5m\n",
                ),
                "pass/yes",
            ),
        ]
    }

    #[cfg(test)]
    fn rule_inputs(&self) -> Vec<RuleInput> {
        let all = [
            ("evictionHard", json!({"memory.available": "200Mi"})),
            ("imageGCHighThresholdPercent", json!(85)),
            ("imageGCLowThresholdPercent", json!(80)),
            ("imageMinimumGCAge", json!("2m0s")),
        ];
        let mut inputs = vec![RuleInput::default(), RuleInput::fields(all.clone())];
        for left_out in 0..all.len() {
            let mut fields = all.to_vec();
            fields.remove(left_out);
            inputs.push(RuleInput::fields(fields));
        }
        inputs
    }

    #[cfg(test)]
    fn unfixable(&self) -> Option<&'static str> {
        Some("the thresholds are the operator's to choose")
    }
}
