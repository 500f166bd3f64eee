//! `webhook-authentication`

use crate::kubelet::fields::id;
use crate::report::{Effect, Severity};

use super::{Control, Docs, Example, Says, Setting, Want, Wanted};

const SETTING: Setting = Setting::Field(id::WEBHOOK_ENABLED);

pub(super) const CONTROL: Control = Control {
    slug: "webhook-authentication",
    title: "Bearer tokens are checked by the API server",
    severity: Severity::Medium,
    why: "without it no token is accepted, and monitoring tends to be let in by weaker means",
    field: "authentication.webhook.enabled",
    settings: &[SETTING],
    says: Says {
        whether: "bearer tokens are checked by the API server",
        yes: "bearer tokens are checked by the API server",
        no: "bearer tokens are not accepted",
        partly: "",
    },
    wants: &[Want { setting: SETTING, value: Wanted::Bool(true) }],
    effect: |running| {
        if running.configuration.bool(id::WEBHOOK_ENABLED) { Effect::Yes } else { Effect::No }
    },
    docs: &Docs {
        checks: "authentication.webhook.enabled, or --authentication-token-webhook, is true.",
        matters: "Service accounts prove themselves with tokens. The kubelet can only check them by asking the API \
                  server; without, the read-only port or anonymous access get used instead.",
        compliant: Example::config("authentication:\n  webhook:\n    enabled: true\n"),
        violating: Example::config("authentication:\n  webhook:\n    enabled: false\n"),
        edition: "strict",
        remediation: "Set authentication.webhook.enabled: true; the kubelet needs a kubeconfig for it.",
        edge_cases: &[
            "The default is true with --config, and false with flags alone or with --config-dir alone.",
        ],
        references: &["https://kubernetes.io/docs/reference/access-authn-authz/kubelet-authn-authz/"],
        ..Docs::EMPTY
    },
    ..Control::BASE
};
