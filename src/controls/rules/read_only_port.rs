//! `read-only-port`

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
    CaseInput::{Dump, File, Flags},
    RuleInput,
};

const SETTING: Setting = Setting::Field(id::READ_ONLY_PORT);

pub(super) struct ReadOnlyPort;

static METADATA: Metadata = Metadata {
    slug: "read-only-port",
    title: "The read-only port is closed",
    failure_title: "The read-only port is open",
    severity: Severity::High,
    why: "The read-only port serves every pod spec on the node, including environment variables, over \
          plain HTTP with no authentication.",
    field: "readOnlyPort",
    settings: &[SETTING],
    statements: Statements {
        whether: "the read-only port is closed",
        yes: "The read-only port is closed.",
        no: "The read-only port is open.",
        partly: "",
    },
    requirements: &[Requirement { setting: SETTING, value: TargetValue::Int(0) }],
    fix_safety: &[FixSafety::needs_review("scrapers and agents that still use port 10255 lose access")],
    docs: Docs {
        checks: "readOnlyPort, or --read-only-port, is 0. Benchmarks for managed clusters require it to \
                 be set explicitly. Others allow it to be unset.",
        matters: "The port has neither TLS nor authentication. The pod specs and metrics that it serves \
                  help an attacker plan further steps.",
        edition: "cis-aks-1.7",
        compliant: Example::config("readOnlyPort: 0\n", Status::Pass),
        violating: Example::config("readOnlyPort: 10255\n", Status::Fail),
        remediation: "Set readOnlyPort: 0 in the config file and remove --read-only-port from the command \
                      line.",
        edge_cases: &[
            "The default is 0 with --config. It is 10255 without a config file, or with --config-dir \
             alone, which is how k3s and RKE2 1.32 opened the port.",
            "/configz omits zero, so a missing port there is a closed port.",
            "enableServer: false does not close the port (pkg/kubelet/server/server.go).",
        ],
        references: &[
            "https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/",
            "k3s-io/k3s#12164",
        ],
    },
};

impl Control for ReadOnlyPort {
    fn metadata(&self) -> &'static Metadata {
        &METADATA
    }

    fn effect(&self, kubelet: &RunningKubelet<'_>) -> Effect {
        if kubelet.configuration.int(id::READ_ONLY_PORT) == 0 { Effect::Yes } else { Effect::No }
    }

    fn related_fields(&self) -> &'static [FieldId] {
        &[id::ENABLE_SERVER]
    }

    fn notes(&self, kubelet: &RunningKubelet<'_>, effect: Effect) -> Vec<String> {
        if effect == Effect::No
            && !kubelet.configuration.bool(id::ENABLE_SERVER)
            && !kubelet.audited.resolved.is_configz
        {
            vec!["enableServer is false, but that closes only the secure port".into()]
        } else {
            Vec::new()
        }
    }

    #[cfg(test)]
    fn cases(&self) -> &'static [Case] {
        &[
            ("cis-aks-1.7", File("readOnlyPort: 0\n"), "pass/yes"),
            ("cis-aks-1.7", File("readOnlyPort: 10255\n"), "fail/no"),
            ("cis-aks-1.7", File(""), "fail/yes"),
            ("cis-1.12", File(""), "pass/yes"),
            ("cis-1.12", Flags(""), "pass/no"),
            ("cis-aks-1.7", Dump("\"port\":10250"), "pass/yes"),
            ("cis-1.12", File("readOnlyPort: 10255\nenableServer: false\n"), "fail/no"),
        ]
    }

    #[cfg(test)]
    fn rule_inputs(&self) -> Vec<RuleInput> {
        RuleInput::of_setting(
            "readOnlyPort",
            "--read-only-port",
            &[json!(0), json!(1), json!(10255), json!(65535), json!(-1)],
            &[json!("0"), json!(false)],
        )
    }
}
