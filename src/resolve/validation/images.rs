//! Images: garbage collection, parallel pulls and the verification of pull credentials.

use crate::kubelet::fields::id;
use crate::kubelet::image_name;

use super::super::value::Value;
use super::check::Check;

pub(super) fn garbage_collection(check: &mut Check<'_>) {
    let (high, low) = (check.configuration.int(id::IMAGE_GC_HIGH), check.configuration.int(id::IMAGE_GC_LOW));
    check.require(
        low < high,
        id::IMAGE_GC_LOW,
        &format!("must be below imageGCHighThresholdPercent ({high}), not {low}"),
        "make it lower",
    );
    if !check.has(id::IMAGE_MAXIMUM_GC_AGE) {
        return;
    }
    let (minimum, maximum) = (
        check.configuration.nanos(id::IMAGE_MINIMUM_GC_AGE),
        check.configuration.nanos(id::IMAGE_MAXIMUM_GC_AGE),
    );
    if maximum != 0 && !check.is_on("ImageMaximumGCAge") {
        check.refuse_without_gate(id::IMAGE_MAXIMUM_GC_AGE, "ImageMaximumGCAge");
    }
    check.require(maximum >= 0, id::IMAGE_MAXIMUM_GC_AGE, "must not be negative", "use 0s to disable it");
    check.require(
        maximum <= 0 || maximum > minimum,
        id::IMAGE_MAXIMUM_GC_AGE,
        "must be longer than imageMinimumGCAge",
        "use 0s to disable it, or a longer duration",
    );
}

pub(super) fn parallel_pulls(check: &mut Check<'_>) {
    const FIELD: crate::kubelet::fields::FieldId = id::MAX_PARALLEL_IMAGE_PULLS;
    let Value::Int(pulls) = check.configuration.value(FIELD) else { return };
    let is_serial = check.configuration.bool(id::SERIALIZE_IMAGE_PULLS);
    check.require(*pulls >= 1, FIELD, &format!("must be 1 or more, not {pulls}"), "use 1 or more");
    check.require(
        *pulls <= 1 || !is_serial,
        FIELD,
        "must be 1 unless serializeImagePulls is false",
        "set serializeImagePulls to false",
    );
}

/// From 1.33 on. The default of the policy depends on the gate, but is applied before a drop-in or a flag can
/// change the gate.
pub(super) fn credential_verification(check: &mut Check<'_>) {
    const POLICY: crate::kubelet::fields::FieldId = id::IMAGE_PULL_POLICY;
    const LIST: crate::kubelet::fields::FieldId = id::PRELOADED_IMAGES_ALLOWLIST;
    if !check.has(POLICY) {
        return;
    }
    let (policy, list) = (check.configuration.str(POLICY), check.configuration.list(LIST));
    if !check.is_on("KubeletEnsureSecretPulledImages") {
        for (field, is_set) in [(POLICY, !policy.is_empty()), (LIST, !list.is_empty())] {
            check.require(
                !is_set,
                field,
                "must not be set while the feature gate KubeletEnsureSecretPulledImages is off",
                "enable KubeletEnsureSecretPulledImages, or disable it in the config file itself, before defaults are applied",
            );
        }
        return;
    }
    const POLICIES: [&str; 4] =
        ["NeverVerify", "NeverVerifyPreloadedImages", "NeverVerifyAllowlistedImages", "AlwaysVerify"];
    check.require(
        POLICIES.contains(&policy),
        POLICY,
        &format!("does not allow {policy:?}"),
        "use NeverVerify, NeverVerifyPreloadedImages, NeverVerifyAllowlistedImages or AlwaysVerify",
    );
    if !list.is_empty() && policy != "NeverVerifyAllowlistedImages" {
        check.refuse(
            LIST,
            "requires imagePullCredentialsVerificationPolicy: NeverVerifyAllowlistedImages",
            "set the policy, or remove the list",
        );
    } else if let Some(pattern) =
        list.iter().find(|pattern| !image_name::is_allowlist_pattern(pattern, check.version))
    {
        check.refuse(
            LIST,
            &format!("does not allow {pattern:?}"),
            "use an image name with its registry and without tag, or a prefix with /* at its end",
        );
    }
}
