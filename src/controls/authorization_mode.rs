//! `authorization-mode`

use crate::kubelet::fields::id;
use crate::report::{Effect, Severity};

use super::{Control, Docs, Example, Running, Says, Setting, Want, Wanted};

const SETTING: Setting = Setting::Field(id::AUTHORIZATION_MODE);

pub(super) const CONTROL: Control = Control {
    slug: "authorization-mode",
    title: "Requests are authorized",
    severity: Severity::Critical,
    why: "with AlwaysAllow every caller that is let in may run commands in any container of the node",
    field: "authorization.mode",
    settings: &[SETTING],
    also: &[id::ANONYMOUS_ENABLED],
    says: Says {
        whether: "the kubelet asks the API server what a caller may do",
        yes: "the kubelet asks the API server what a caller may do",
        no: "the kubelet lets every caller do everything",
        partly: "",
    },
    wants: &[Want { setting: SETTING, value: Wanted::Text("Webhook") }],
    effect: |running| match running.configuration.str(id::AUTHORIZATION_MODE) {
        "Webhook" => Effect::Yes,
        "AlwaysAllow" => Effect::No,
        _ => Effect::Unknown,
    },
    notes,
    docs: &Docs {
        checks: "authorization.mode, or --authorization-mode, is written and is not AlwaysAllow.",
        matters: "The kubelet's API reaches every container of its node. Webhook leaves each decision to the API \
                  server's own rules; AlwaysAllow makes none.",
        compliant: Example::config("authorization:\n  mode: Webhook\n"),
        violating: Example::config("authorization:\n  mode: AlwaysAllow\n"),
        remediation: "Set authorization.mode: Webhook in the config file and take --authorization-mode out of the \
                      arguments. The kubelet needs a kubeconfig for it.",
        edge_cases: &[
            "It is one value, not a list, and case counts: webhook or Webhook,AlwaysAllow stop the kubelet.",
            "The default is Webhook with --config, and AlwaysAllow with flags alone or with --config-dir alone.",
        ],
        references: &[
            "https://kubernetes.io/docs/reference/access-authn-authz/kubelet-authn-authz/",
            "cmd/kubelet/app/auth.go, BuildAuth",
        ],
        ..Docs::EMPTY
    },
    ..Control::BASE
};

fn notes(running: &Running<'_>, effect: Effect) -> Vec<String> {
    match effect {
        Effect::Unknown => vec!["no authorization mode shows, which a running kubelet cannot have".into()],
        Effect::No if running.configuration.bool(id::ANONYMOUS_ENABLED) => {
            vec!["anonymous requests are let in too, so nobody is kept out".into()]
        }
        _ => Vec::new(),
    }
}
