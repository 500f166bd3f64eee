//! `ocp-garbage-collection`

use crate::kubelet::fields::id;
use crate::report::{Effect, Severity};

use super::{Control, Docs, Example, Running, Says, Setting};

pub(super) const CONTROL: Control = Control {
    slug: "ocp-garbage-collection",
    title: "Garbage collection is configured",
    severity: Severity::Low,
    why: "a node whose disk fills up with images and dead containers stops running pods",
    field: "evictionHard",
    settings: &[
        Setting::Field(id::EVICTION_HARD),
        Setting::Field(id::IMAGE_GC_HIGH),
        Setting::Field(id::IMAGE_GC_LOW),
        Setting::Field(id::IMAGE_MINIMUM_GC_AGE),
    ],
    says: Says {
        whether: "images are collected and pods evicted in time",
        yes: "images are collected and pods evicted before the node runs out",
        no: "neither images are collected nor pods evicted",
        partly: "only one of image collection and eviction is on",
    },
    advice: "write evictionHard, imageGCHighThresholdPercent, imageGCLowThresholdPercent and imageMinimumGCAge",
    effect,
    docs: &Docs {
        checks: "evictionHard, imageGCHighThresholdPercent, imageGCLowThresholdPercent and imageMinimumGCAge are all \
                 written.",
        matters: "Red Hat's guide wants thresholds to be chosen and not left to defaults. The defaults work, too, which \
                  the effective verdict says.",
        compliant: Example::config(
            "evictionHard:\n  memory.available: 200Mi\nimageGCHighThresholdPercent: 85\nimageGCLowThresholdPercent: 80\nimageMinimumGCAge: 2m0s\n",
        ),
        violating: Example::config("imageGCHighThresholdPercent: 85\n"),
        edition: "cis-openshift-1.8",
        remediation: "Set the four through a KubeletConfig resource for the machine config pool.",
        edge_cases: &[
            "imageGCHighThresholdPercent: 100 switches image collection off.",
            "evictionHard in the file replaces the defaults as a whole, so signals that are not named have no threshold.",
        ],
        references: &["https://kubernetes.io/docs/concepts/architecture/garbage-collection/"],
        ..Docs::EMPTY
    },
    ..Control::BASE
};

fn effect(running: &Running<'_>) -> Effect {
    let images = running.configuration.int(id::IMAGE_GC_HIGH) != 100;
    let eviction = !running.configuration.value(id::EVICTION_HARD).is_zero();
    match (images, eviction) {
        (true, true) => Effect::Yes,
        (false, false) => Effect::No,
        _ => Effect::Partly,
    }
}
