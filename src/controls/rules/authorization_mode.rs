//! `authorization-mode`

#[cfg(test)]
use serde_json::json;

use crate::controls::{
    Control, Docs, Example, FixSafety, Metadata, Requirement, RunningKubelet, Setting, Statements,
    TargetValue,
};
use crate::kubelet::fields::{FieldId, id};
use crate::report::{Effect, Severity, Status};
#[cfg(test)]
use crate::tests::cases::{
    Case,
    CaseInput::{File, Flags},
    RuleInput,
};

const SETTING: Setting = Setting::Field(id::AUTHORIZATION_MODE);

pub(super) struct AuthorizationMode;

static METADATA: Metadata = Metadata {
    slug: "authorization-mode",
    title: "Requests are authorized",
    failure_title: "Requests are not authorized",
    severity: Severity::Critical,
    why: "with AlwaysAllow every caller that is let in may run commands in any container of the node",
    field: "authorization.mode",
    settings: &[SETTING],
    statements: Statements {
        whether: "the kubelet asks the API server what a caller may do",
        yes: "the kubelet asks the API server what a caller may do",
        no: "the kubelet lets every caller do everything",
        partly: "",
    },
    requirements: &[Requirement { setting: SETTING, value: TargetValue::Text("Webhook") }],
    fix_safety: &[FixSafety::needs_review(
        "with Webhook the API server is asked about every request: it needs a kubeconfig, and clients without rights are refused",
    )],
    docs: Docs {
        checks: "authorization.mode, or --authorization-mode, is written and is not AlwaysAllow.",
        matters: "The kubelet's API reaches every container of its node. Webhook leaves each decision to the API \
                  server's own rules; AlwaysAllow makes none.",
        edition: "cis-1.12",
        compliant: Example::config("authorization:\n  mode: Webhook\n", Status::Pass),
        violating: Example::config("authorization:\n  mode: AlwaysAllow\n", Status::Fail),
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
    },
};

impl Control for AuthorizationMode {
    fn metadata(&self) -> &'static Metadata {
        &METADATA
    }

    fn effect(&self, kubelet: &RunningKubelet<'_>) -> Effect {
        match kubelet.configuration.str(id::AUTHORIZATION_MODE) {
            "Webhook" => Effect::Yes,
            "AlwaysAllow" => Effect::No,
            _ => Effect::Unknown,
        }
    }

    fn related_fields(&self) -> &'static [FieldId] {
        &[id::ANONYMOUS_ENABLED]
    }

    fn notes(&self, kubelet: &RunningKubelet<'_>, effect: Effect) -> Vec<String> {
        match effect {
            Effect::Unknown => {
                vec!["no authorization mode shows, which a running kubelet cannot have".into()]
            }
            Effect::No if kubelet.configuration.bool(id::ANONYMOUS_ENABLED) => {
                vec!["anonymous requests are let in too, so nobody is kept out".into()]
            }
            _ => Vec::new(),
        }
    }

    #[cfg(test)]
    fn cases(&self) -> &'static [Case] {
        &[
            ("cis-aks-1.7", File("authorization: {mode: Webhook}\n"), "pass/yes"),
            ("cis-aks-1.7", File("authorization: {mode: AlwaysAllow}\n"), "fail/no"),
            ("cis-aks-1.7", File(""), "fail/yes"),
            ("cis-aks-1.7", Flags(""), "fail/no"),
            ("cis-aks-1.7", File("authorization: {mode: webhook}\n"), "error/does-not-start"),
        ]
    }

    #[cfg(test)]
    fn rule_inputs(&self) -> Vec<RuleInput> {
        RuleInput::of_setting(
            "authorization.mode",
            "--authorization-mode",
            &[json!("AlwaysAllow"), json!("Webhook"), json!("AlwaysDeny")],
            &[json!(1), json!(["Webhook"])],
        )
    }
}
