//! `webhook-authentication`

use crate::controls::{
    Control, Docs, Example, FixSafety, Metadata, Requirement, RunningKubelet, Setting, Statements,
    TargetValue,
};
use crate::kubelet::fields::id;
use crate::report::{Effect, Severity, Status};
#[cfg(test)]
use crate::tests::cases::{
    Case,
    CaseInput::{File, Flags},
};

const SETTING: Setting = Setting::Field(id::WEBHOOK_ENABLED);

pub(super) struct WebhookAuthentication;

static METADATA: Metadata = Metadata {
    slug: "webhook-authentication",
    title: "The API server verifies bearer tokens",
    failure_title: "Bearer tokens are not accepted",
    severity: Severity::Medium,
    why: "If the kubelet accepts no tokens, monitoring tends to get access by weaker means.",
    field: "authentication.webhook.enabled",
    settings: &[SETTING],
    statements: Statements {
        whether: "the API server verifies bearer tokens",
        yes: "The API server verifies bearer tokens.",
        no: "Bearer tokens are not accepted.",
        partly: "",
    },
    requirements: &[Requirement { setting: SETTING, value: TargetValue::Bool(true) }],
    fix_safety: &[FixSafety::needs_review(
        "the API server verifies tokens, so the kubelet needs a \
                                           kubeconfig",
    )],
    docs: Docs {
        checks: "authentication.webhook.enabled, or --authentication-token-webhook, is true.",
        matters: "Service accounts authenticate with tokens, which only the API server can verify. \
                  Without the webhook, clients use the read-only port or anonymous access instead.",
        edition: "strict",
        compliant: Example::config("authentication:\n  webhook:\n    enabled: true\n", Status::Pass),
        violating: Example::config("authentication:\n  webhook:\n    enabled: false\n", Status::Fail),
        remediation: "Set authentication.webhook.enabled: true. The kubelet needs a kubeconfig for this.",
        edge_cases: &[
            "The default is true with --config. It is false without a config file, or with --config-dir \
             alone.",
        ],
        references: &["https://kubernetes.io/docs/reference/access-authn-authz/kubelet-authn-authz/"],
    },
};

impl Control for WebhookAuthentication {
    fn metadata(&self) -> &'static Metadata {
        &METADATA
    }

    fn effect(&self, kubelet: &RunningKubelet<'_>) -> Effect {
        if kubelet.configuration.bool(id::WEBHOOK_ENABLED) { Effect::Yes } else { Effect::No }
    }

    #[cfg(test)]
    fn cases(&self) -> &'static [Case] {
        &[
            ("strict", File(""), "pass/yes"),
            ("strict", File("authentication: {webhook: {enabled: false}}\n"), "fail/no"),
            ("strict", Flags(""), "fail/no"),
        ]
    }
}
