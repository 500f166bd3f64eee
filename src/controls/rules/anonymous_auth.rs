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
    title: "Requests without credentials are refused",
    failure_title: "Anonymous requests are accepted",
    severity: Severity::Critical,
    why: "the kubelet's API runs commands in containers and reads their logs, so a caller who need not say \
          who they are is the shortest way into a node",
    field: "authentication.anonymous.enabled",
    settings: &[SETTING],
    statements: Statements {
        whether: "requests without credentials are refused",
        yes: "requests without credentials are refused",
        no: "requests without credentials are let in as system:anonymous",
        partly: "",
    },
    requirements: &[Requirement { setting: SETTING, value: TargetValue::Bool(false) }],
    fix_safety: &[FixSafety::needs_review(
        "whatever asks the kubelet without credentials, a health check or a scraper, is refused from then on",
    )],
    docs: Docs {
        checks: "authentication.anonymous.enabled, or --anonymous-auth, is false. Most editions ask for it to be \
                 written.",
        matters: "With anonymous authentication on, a request without a certificate or token gets the name \
                  system:anonymous. What it may then do is left to authorization alone, and with AlwaysAllow that \
                  is everything.",
        edition: "cis-1.12",
        compliant: Example::config("authentication:\n  anonymous:\n    enabled: false\n", Status::Pass),
        violating: Example::config("authentication:\n  anonymous:\n    enabled: true\n", Status::Fail),
        remediation: "Set authentication.anonymous.enabled: false in the config file, take --anonymous-auth out of \
                      the arguments, and restart the kubelet.",
        edge_cases: &[
            "The default depends on how the kubelet is run: false with --config, true with flags alone or with \
             --config-dir alone.",
            "AKS writes an empty anonymous object, which is false but not written.",
            "A probe of /healthz on the secure port needs credentials once this is off.",
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
                "authorization.mode is AlwaysAllow, so anybody who reaches the port may do everything".into()
            } else {
                "authorization still asks what system:anonymous may do".into()
            });
        }
        if !kubelet.configuration.bool(id::ENABLE_SERVER) && !kubelet.audited.resolved.is_configz {
            notes.push("enableServer is false: the secure port is not served".into());
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
