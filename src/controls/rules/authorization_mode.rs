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
    why: "With AlwaysAllow, every caller that can authenticate can run commands in any container on the \
          node.",
    field: "authorization.mode",
    settings: &[SETTING],
    statements: Statements {
        whether: "the API server authorizes requests",
        yes: "The API server authorizes every request.",
        no: "The kubelet allows every request.",
        partly: "",
    },
    requirements: &[Requirement { setting: SETTING, value: TargetValue::Text("Webhook") }],
    fix_safety: &[FixSafety::needs_review(
        "with Webhook, the kubelet needs a kubeconfig, and clients without permissions are rejected",
    )],
    docs: Docs {
        checks: "authorization.mode, or --authorization-mode, is set and is not AlwaysAllow.",
        matters: "The kubelet API can reach every container on its node. With Webhook, the API server \
                  authorizes each request. With AlwaysAllow, nothing does.",
        edition: "cis-1.12",
        compliant: Example::config("authorization:\n  mode: Webhook\n", Status::Pass),
        violating: Example::config("authorization:\n  mode: AlwaysAllow\n", Status::Fail),
        remediation: "Set authorization.mode: Webhook in the config file and remove --authorization-mode \
                      from the command line. The kubelet needs a kubeconfig for this.",
        edge_cases: &[
            "The mode is one case-sensitive value, not a list: webhook or Webhook,AlwaysAllow stops the \
             kubelet.",
            "The default is Webhook with --config. It is AlwaysAllow without a config file, or with \
             --config-dir alone.",
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
                vec!["the input has no authorization mode, which is impossible for a running kubelet".into()]
            }
            Effect::No if kubelet.configuration.bool(id::ANONYMOUS_ENABLED) => {
                vec!["anonymous requests are accepted too, so anyone has access".into()]
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
