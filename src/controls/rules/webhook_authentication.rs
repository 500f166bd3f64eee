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
    title: "Bearer tokens are checked by the API server",
    failure_title: "Bearer tokens are not accepted",
    severity: Severity::Medium,
    why: "without it no token is accepted, and monitoring tends to be let in by weaker means",
    field: "authentication.webhook.enabled",
    settings: &[SETTING],
    statements: Statements {
        whether: "bearer tokens are checked by the API server",
        yes: "bearer tokens are checked by the API server",
        no: "bearer tokens are not accepted",
        partly: "",
    },
    requirements: &[Requirement { setting: SETTING, value: TargetValue::Bool(true) }],
    fix_safety: &[FixSafety::needs_review("tokens are reviewed by the API server: it needs a kubeconfig")],
    docs: Docs {
        checks: "authentication.webhook.enabled, or --authentication-token-webhook, is true.",
        matters: "Service accounts prove themselves with tokens. The kubelet can only check them by asking the API \
                  server; without, the read-only port or anonymous access get used instead.",
        edition: "strict",
        compliant: Example::config("authentication:\n  webhook:\n    enabled: true\n", Status::Pass),
        violating: Example::config("authentication:\n  webhook:\n    enabled: false\n", Status::Fail),
        remediation: "Set authentication.webhook.enabled: true; the kubelet needs a kubeconfig for it.",
        edge_cases: &[
            "The default is true with --config, and false with flags alone or with --config-dir alone.",
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
