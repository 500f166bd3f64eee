//! `anonymous-auth`

use crate::controls::{
    Control, Docs, Example, FixSafety, Metadata, Requirement, RunningKubelet, Setting, Statements,
    TargetValue,
};
use crate::kubelet::fields::{FieldId, id};
use crate::report::{Effect, Severity, Status};
#[cfg(test)]
use crate::tests::cases::{
    Case,
    CaseInput::{Dump, File, Flags},
    RuleInput,
};

const SETTING: Setting = Setting::Field(id::ANONYMOUS_ENABLED);

pub(super) struct AnonymousAuth;

static METADATA: Metadata = Metadata {
    slug: "anonymous-auth",
    title: "Anonymous authentication is disabled",
    failure_title: "Anonymous requests are accepted",
    severity: Severity::Critical,
    why: "The kubelet API can run commands in containers and read their logs, so anonymous access is the \
          easiest way to compromise a node.",
    field: "authentication.anonymous.enabled",
    settings: &[SETTING],
    statements: Statements {
        whether: "anonymous requests are rejected",
        yes: "Anonymous requests are rejected.",
        no: "Anonymous requests are accepted as user system:anonymous.",
        partly: "",
    },
    requirements: &[Requirement { setting: SETTING, value: TargetValue::Bool(false) }],
    fix_safety: &[FixSafety::needs_review(
        "health checks and scrapers that send no credentials will be rejected",
    )],
    docs: Docs {
        checks: "authentication.anonymous.enabled, or --anonymous-auth, is false. Most benchmarks require \
                 it to be set explicitly.",
        matters: "If anonymous authentication is on, a request without a certificate or token gets the \
                  user name system:anonymous. Only authorization limits what it can do, and AlwaysAllow \
                  permits everything.",
        edition: "cis-1.12",
        compliant: Example::config("authentication:\n  anonymous:\n    enabled: false\n", Status::Pass),
        violating: Example::config("authentication:\n  anonymous:\n    enabled: true\n", Status::Fail),
        remediation: "Set authentication.anonymous.enabled: false in the config file, remove \
                      --anonymous-auth from the command line, and restart the kubelet.",
        edge_cases: &[
            "The default is false with --config. It is true without a config file, or with --config-dir \
             alone.",
            "AKS sets an empty anonymous object. The value is false, but it is not set explicitly.",
            "When anonymous authentication is off, a probe of /healthz on the secure port needs \
             credentials.",
        ],
        references: &[
            "https://kubernetes.io/docs/reference/access-authn-authz/kubelet-authn-authz/",
            "cmd/kubelet/app/options/options.go, applyLegacyDefaults",
        ],
    },
};

impl Control for AnonymousAuth {
    fn metadata(&self) -> &'static Metadata {
        &METADATA
    }

    fn effect(&self, kubelet: &RunningKubelet<'_>) -> Effect {
        if kubelet.configuration.bool(id::ANONYMOUS_ENABLED) { Effect::No } else { Effect::Yes }
    }

    fn related_fields(&self) -> &'static [FieldId] {
        &[id::AUTHORIZATION_MODE]
    }

    fn notes(&self, kubelet: &RunningKubelet<'_>, effect: Effect) -> Vec<String> {
        let mut notes = Vec::new();
        if effect == Effect::No {
            notes.push(if kubelet.configuration.str(id::AUTHORIZATION_MODE) == "AlwaysAllow" {
                "authorization.mode is AlwaysAllow, so anyone who can reach the port has full access".into()
            } else {
                "authorization still limits what system:anonymous can do".into()
            });
        }
        if !kubelet.configuration.bool(id::ENABLE_SERVER) && !kubelet.audited.resolved.is_configz {
            notes.push("enableServer is false, so the secure port is not served".into());
        }
        notes
    }

    #[cfg(test)]
    fn cases(&self) -> &'static [Case] {
        &[
            ("cis-aks-1.7", File("authentication: {anonymous: {enabled: false}}\n"), "pass/yes"),
            ("cis-aks-1.7", File("authentication: {anonymous: {enabled: true}}\n"), "fail/no"),
            ("cis-aks-1.7", File(""), "fail/yes"),
            ("cis-aks-1.7", Flags("--anonymous-auth=false"), "pass/yes"),
            ("cis-aks-1.7", Flags(""), "fail/no"),
            ("cis-aks-1.7", Dump("\"authentication\":{\"anonymous\":{\"enabled\":false}}"), "pass/yes"),
        ]
    }

    #[cfg(test)]
    fn rule_inputs(&self) -> Vec<RuleInput> {
        RuleInput::booleans("authentication.anonymous.enabled", "--anonymous-auth")
    }
}
