//! `rotate-kubelet-server-certificate`

use std::borrow::Cow;

use serde_json::Value as Json;
#[cfg(test)]
use serde_json::json;

use crate::benchmark::{Absent, Row, Rule};
use crate::controls::details::{layer_name, notes, stop, unknown};
use crate::controls::evidence::Mention;
use crate::controls::remediation::{SettingChange, commands, routes};
use crate::controls::serving_certificates::{
    approver, has_static_pair, is_own_pair, renewal_of_static_pair, rotates,
};
use crate::controls::{
    AuditedKubelet, Control, Details, Docs, Example, FixSafety, GateEntry, Judgment, Metadata, Requirement,
    RuleOutcome, RunningKubelet, Setting, Statements, TargetValue, evaluate_setting,
};
use crate::kubelet::fields::{FieldId, id};
use crate::kubelet::gates::ROTATE_KUBELET_SERVER_CERTIFICATE as GATE;
use crate::report::{CommandStep, Effect, OriginLayer, Purpose, Severity, Status, Step};
use crate::request::ServingCertificates;
use crate::resolve::Resolved;
#[cfg(test)]
use crate::tests::cases::{Case, CaseInput::File, RuleInput};

const SETTING: Setting = Setting::Gate(GATE);
/// The gate that lets a node without an IP address request a certificate.
const DNS_ONLY: &str = "AllowDNSOnlyNodeCSR";
const BOOTSTRAP: Setting = Setting::Field(id::SERVER_TLS_BOOTSTRAP);

/// The commands that approve the request for a serving certificate.
const APPROVE: &[&str] = &[
    "kubectl get csr --field-selector spec.signerName=kubernetes.io/kubelet-serving",
    "kubectl certificate approve CSR",
];

/// The control that this project began with: CIS AKS 1.7, 3.2.9.
pub(super) struct RotateKubeletServerCertificate;

static METADATA: Metadata = Metadata {
    slug: "rotate-kubelet-server-certificate",
    title: "Serving certificates are rotated",
    failure_title: "Serving certificates are not rotated",
    severity: Severity::Medium,
    why: "A kubelet that does not rotate its serving certificate ends up with an expired or self-signed \
          one, which clients cannot tell from an impostor's.",
    field: "featureGates.RotateKubeletServerCertificate",
    settings: &[SETTING],
    statements: Statements {
        whether: "the kubelet rotates its serving certificate",
        yes: "The kubelet rotates its serving certificate.",
        no: "The kubelet does not rotate its serving certificate.",
        partly: "The kubelet rotates its serving certificate, but not for all clients.",
    },
    requirements: &[
        Requirement { setting: SETTING, value: TargetValue::Bool(true) },
        Requirement { setting: BOOTSTRAP, value: TargetValue::Bool(true) },
    ],
    fix_safety: &[
        FixSafety::needs_review(
            "something must approve the requests of signer kubernetes.io/kubelet-serving: without an \
             approver, the node has no serving certificate. AKS, EKS, GKE and Gardener approve them",
        )
        .of_setting(BOOTSTRAP)
        .changing(&["tlsCertFile", "tlsPrivateKeyFile"])
        .with_commands(
            &["kubectl get deployments -A | grep -i approver  # something must approve kubelet-serving requests"],
            APPROVE,
        ),
        FixSafety::safe(
            "the gate is on by default, so setting it changes nothing unless serverTLSBootstrap is on",
        )
        .of_setting(SETTING),
        FixSafety::needs_review("clients that pinned the current certificate may reject the new one"),
    ],
    docs: Docs {
        checks: "The feature gate RotateKubeletServerCertificate is set to true where the kubelet reads \
                 it: in featureGates of the config file or in --feature-gates. Benchmarks for plain \
                 Kubernetes, k3s and RKE2 allow it to be unset. Those for AKS, EKS and GKE do not.",
        matters: "A kubelet that does not request its serving certificate from the API server signs one \
                  itself and never renews it. The gate alone does not change that: it is on by default, \
                  and serverTLSBootstrap must be on too. So the two verdicts of this control often \
                  differ.",
        edition: "cis-aks-1.7",
        compliant: Example::config(
            "serverTLSBootstrap: true\nfeatureGates:\n  RotateKubeletServerCertificate: true\n",
            Status::Pass,
        ),
        violating: Example::config("serverTLSBootstrap: true\n", Status::Fail),
        remediation: "Set featureGates.RotateKubeletServerCertificate: true and serverTLSBootstrap: true, \
                      restart the kubelet, and make sure that the certificate requests get approved.",
        edge_cases: &[
            "--rotate-kubelet-server-certificate, which benchmark texts name, is not a flag, and the \
             kubelet exits.",
            "The gate at the top level of the file is an unknown field without effect.",
            "A quoted gate value stops the kubelet. A null value means false.",
            "With AllBeta=false, the gate is off unless it is set explicitly.",
            "Up to 1.35, if tlsCertFile is also set, clients that connect by IP address still get that \
             file.",
            "With certificates from outside the cluster the control does not apply, unless the gate is \
             set.",
            "Plain Kubernetes approves no request for a serving certificate. AKS, EKS, GKE and Gardener approve \
             them, and OpenShift those of nodes that have a Machine.",
            "Since 1.31 a node without an IP address requests no serving certificate, unless the feature gate \
             AllowDNSOnlyNodeCSR is on.",
        ],
        references: &[
            "https://kubernetes.io/docs/reference/access-authn-authz/kubelet-tls-bootstrapping/",
            "kubernetes/kubernetes#62352",
            "pkg/kubelet/kubelet.go",
            "pkg/kubelet/certificate/kubelet.go, newGetTemplateFn (1.31)",
            "kubernetes/kubernetes#133654",
            "https://learn.microsoft.com/azure/aks/certificate-rotation",
            "https://docs.aws.amazon.com/eks/latest/userguide/cert-signing.html",
            "kubernetes/cloud-provider-gcp cmd/gcp-controller-manager",
            "gardener/gardener pkg/resourcemanager/controller/csrapprover",
            "openshift/cluster-machine-approver",
        ],
    },
};

impl Control for RotateKubeletServerCertificate {
    fn metadata(&self) -> &'static Metadata {
        &METADATA
    }

    fn effect(&self, kubelet: &RunningKubelet<'_>) -> Effect {
        if !rotates(kubelet.configuration, kubelet.version) {
            Effect::No
        } else if has_static_pair(kubelet.configuration) && !kubelet.version.at_least(36) {
            Effect::Partly
        } else {
            Effect::Yes
        }
    }

    fn related_fields(&self) -> &'static [FieldId] {
        &[id::SERVER_TLS_BOOTSTRAP, id::TLS_CERT_FILE, id::TLS_PRIVATE_KEY_FILE]
    }

    fn depends_on(&self) -> &'static [FieldId] {
        self.related_fields()
    }

    /// Certificates from outside make the control not applicable unless the entry is configured.
    /// OpenShift's rows look at the client's rotation besides.
    fn evaluate_rule(&self, kubelet: &AuditedKubelet<'_>, rule: Rule) -> Option<RuleOutcome> {
        if kubelet.gate_entry(GATE) == GateEntry::Absent && has_external_certificates(kubelet) {
            return Some(RuleOutcome::NotApplicable);
        }
        let needs_both = match rule {
            Rule::GateAndClientRotation => true,
            Rule::GateOrClientRotation => false,
            _ => return None,
        };
        let is_true = Rule::Is { value: true, absent: Absent::Fails };
        let gate = evaluate_setting(kubelet, SETTING, is_true);
        let client = evaluate_setting(kubelet, Setting::Field(id::ROTATE_CERTIFICATES), is_true);
        Some(match (gate, client) {
            (RuleOutcome::Met, RuleOutcome::Met) => RuleOutcome::Met,
            (RuleOutcome::Met, _) | (_, RuleOutcome::Met) if !needs_both => RuleOutcome::Met,
            (RuleOutcome::NotMet, _) | (_, RuleOutcome::Met) => gate,
            _ => client,
        })
    }

    fn notes(&self, kubelet: &RunningKubelet<'_>, _: Effect) -> Vec<String> {
        let RunningKubelet { audited, configuration, version } = *kubelet;
        let rotates = rotates(configuration, version);
        let has_static_pair = has_static_pair(configuration);
        let mut notes: Vec<String> = Vec::new();
        if rotates && audited.has_no_api_server() {
            notes.push(
                "the command line has no --kubeconfig, and a kubelet without an API server requests no certificate"
                    .into(),
            );
        } else if rotates {
            notes.push(approver(audited).into());
            // Before 1.31 a host name was enough (pkg/kubelet/certificate/kubelet.go).
            if version.at_least(31) && !configuration.is_gate_enabled(DNS_ONLY, version) {
                notes.push(
                    "a node without an IP address requests no certificate, because AllowDNSOnlyNodeCSR is off".into(),
                );
            }
            if has_static_pair && version.at_least(36) {
                notes.push(
                    "tlsCertFile and tlsPrivateKeyFile serve only until the first certificate is issued"
                        .into(),
                );
            } else if has_static_pair {
                notes.push(
                    "tlsCertFile and tlsPrivateKeyFile are set too: up to 1.35 clients that connect by IP address \
                     keep getting that file, the rotated certificate goes to clients that connect by name"
                        .into(),
                );
            }
        } else if !configuration.bool(id::SERVER_TLS_BOOTSTRAP) {
            let (cert, key) =
                (configuration.str(id::TLS_CERT_FILE), configuration.str(id::TLS_PRIVATE_KEY_FILE));
            notes.push(if has_static_pair && !is_own_pair(audited, cert, key) {
                format!(
                    "the kubelet serves the certificate of tlsCertFile, which the operator must renew; {}",
                    renewal_of_static_pair(configuration, version)
                )
            } else {
                "the kubelet serves a self-signed certificate, which it never renews".into()
            });
        }
        if !configuration.bool(id::ENABLE_SERVER) {
            notes.push("enableServer is false: nothing serves the certificate".into());
        }
        notes
    }

    fn details(&self, kubelet: &AuditedKubelet<'_>, row: &Row, judgment: &Judgment) -> Option<Details> {
        let finding = RotationFinding::new(kubelet, row, judgment);
        let notes = notes(kubelet, self, judgment.effective);
        let mut evidence = kubelet.mentions(SETTING);
        for field in self.related_fields() {
            let mentions = kubelet.mentions_of_field(*field);
            if *field == id::SERVER_TLS_BOOTSTRAP || mentions.iter().any(|mention| mention.value.is_some()) {
                evidence.extend(mentions);
            }
        }
        let mut details = Details {
            missing: finding.gap.missing(),
            message: finding.message(&notes, &evidence),
            fix: finding.fix().into_owned(),
            notes,
            evidence,
            ..Details::default()
        };
        if !details.fix.is_empty() && judgment.benchmark != Status::NotApplicable {
            details.routes = routes(kubelet, &finding.changes(), true);
            details.commands = commands(Some(CommandStep {
                step: Step::Approve,
                summary: "after serverTLSBootstrap is turned on, approve the pending serving certificate, unless an \
                          approver runs"
                    .into(),
                commands: APPROVE.iter().map(|command| (*command).into()).collect(),
            }));
        }
        Some(details)
    }

    /// If everything else is on, the gate alone starts rotation.
    fn fix_safety(&self, kubelet: &Resolved, setting: &str, value: &Json) -> &'static FixSafety {
        let is_last = kubelet.configuration.as_ref().is_none_or(|configuration| {
            configuration.bool(id::SERVER_TLS_BOOTSTRAP)
                && !configuration.is_gate_enabled(GATE, kubelet.version)
        });
        if setting.ends_with(GATE) && is_last {
            METADATA.fix_safety_of(&BOOTSTRAP.name(), &Json::Bool(true))
        } else {
            METADATA.fix_safety_of(setting, value)
        }
    }

    #[cfg(test)]
    fn cases(&self) -> &'static [Case] {
        &[
            (
                "cis-aks-1.7",
                File("serverTLSBootstrap: true\nfeatureGates: {RotateKubeletServerCertificate: true}\n"),
                "pass/yes",
            ),
            ("cis-aks-1.7", File(""), "fail/no"),
            ("cis-1.12", File(""), "pass/no"),
            ("cis-1.12", File("serverTLSBootstrap: true\n"), "pass/yes"),
        ]
    }

    #[cfg(test)]
    fn rule_inputs(&self) -> Vec<RuleInput> {
        let mut inputs = RuleInput::of_gate(GATE, METADATA.field);
        for (gate, client) in [(true, true), (true, false), (false, true), (false, false)] {
            inputs.push(RuleInput::fields([
                (METADATA.field, json!(gate)),
                ("rotateCertificates", json!(client)),
            ]));
        }
        inputs
    }
}

/// Whether serving certificates come from outside: the operator says so, or the configuration names a
/// pair of files that is neither the platform's nor the kubelet's own and does not request one from the
/// API server.
fn has_external_certificates(kubelet: &AuditedKubelet<'_>) -> bool {
    match kubelet.serving_certificates {
        ServingCertificates::External => true,
        ServingCertificates::ApiServer => false,
        ServingCertificates::Auto => kubelet.configuration().is_some_and(|configuration| {
            let (cert, key) =
                (configuration.str(id::TLS_CERT_FILE), configuration.str(id::TLS_PRIVATE_KEY_FILE));
            !configuration.bool(id::SERVER_TLS_BOOTSTRAP)
                && !cert.is_empty()
                && !key.is_empty()
                && !is_own_pair(kubelet, cert, key)
        }),
    }
}

/// The settings that rotation needs and the kubelet does not have.
#[derive(Default)]
struct RotationGap {
    bootstrap: bool,
    /// The gate, with the reason why it is off.
    gate: Option<&'static str>,
}

impl RotationGap {
    fn of(kubelet: &RunningKubelet<'_>) -> Self {
        let is_on = kubelet.configuration.is_gate_enabled(GATE, kubelet.version);
        let reason = match kubelet.configuration.gate(GATE) {
            Some(_) => "it is set to false",
            None => "AllBeta turns it off",
        };
        Self {
            bootstrap: !kubelet.configuration.bool(id::SERVER_TLS_BOOTSTRAP),
            gate: (!is_on).then_some(reason),
        }
    }

    fn missing(&self) -> Vec<String> {
        let bootstrap = self.bootstrap.then(|| "serverTLSBootstrap: true".to_owned());
        let gate = self.gate.map(|reason| format!("the feature gate {GATE}; {reason}"));
        bootstrap.into_iter().chain(gate).collect()
    }

    /// Returns the same as part of a sentence, without reasons.
    fn clause(&self) -> &'static str {
        match (self.bootstrap, self.gate) {
            (true, Some(_)) => "serverTLSBootstrap: true and the feature gate RotateKubeletServerCertificate",
            (true, None) => "serverTLSBootstrap: true",
            (false, _) => "the feature gate RotateKubeletServerCertificate",
        }
    }
}

/// What the message and the fix of a finding depend on.
struct RotationFinding<'a> {
    kubelet: &'a AuditedKubelet<'a>,
    row: &'a Row,
    judgment: &'a Judgment,
    entry: GateEntry,
    gap: RotationGap,
}

impl<'a> RotationFinding<'a> {
    fn new(kubelet: &'a AuditedKubelet<'a>, row: &'a Row, judgment: &'a Judgment) -> Self {
        let gap = match (judgment.effective, kubelet.running()) {
            (Effect::No | Effect::Partly, Some(running)) => RotationGap::of(&running),
            _ => RotationGap::default(),
        };
        Self { kubelet, row, judgment, entry: kubelet.gate_entry(GATE), gap }
    }

    /// Whether the row demands that the gate is configured, and it is not.
    fn needs_gate(&self) -> bool {
        self.judgment.benchmark != Status::Pass
            && !matches!(self.row.rule, Rule::Effective | Rule::Unstated)
            && self.judgment.rule != RuleOutcome::Met
    }

    /// Whether the gate is at the top level of a document, where the kubelet has no such field.
    fn has_misplaced_gate(&self) -> bool {
        !self.kubelet.mentions_in_documents(GATE).is_empty()
    }

    fn changes(&self) -> Vec<SettingChange> {
        let value = TargetValue::Bool(true);
        let mut changes = Vec::new();
        let gate_purpose = match (self.needs_gate(), self.gap.gate) {
            (true, Some(_)) => Some(Purpose::Both),
            (true, None) => Some(Purpose::Benchmark),
            (false, Some(_)) => Some(Purpose::Effective),
            (false, None) => None,
        };
        changes.extend(gate_purpose.map(|purpose| SettingChange { setting: SETTING, value, purpose }));
        if self.gap.bootstrap {
            changes.push(SettingChange { setting: BOOTSTRAP, value, purpose: Purpose::Effective });
        }
        changes
    }

    fn message(&self, notes: &[String], evidence: &[Mention]) -> String {
        let statements = METADATA.statements;
        let rotation: Cow<'static, str> = match self.judgment.effective {
            Effect::Yes => statements.yes.into(),
            Effect::Partly => statements.partly.into(),
            Effect::No => {
                let statement = statements.no.trim_end_matches('.');
                format!("{statement} because it needs {}.", self.gap.clause()).into()
            }
            Effect::DoesNotStart => stop(self.kubelet),
            Effect::Unknown => unknown(&RotateKubeletServerCertificate, notes).into(),
        };
        format!("{} {rotation}", self.configured(evidence))
    }

    /// Returns the first sentences of the message: what is configured.
    fn configured(&self, evidence: &[Mention]) -> Cow<'static, str> {
        match (self.judgment.benchmark, self.entry) {
            (Status::NotApplicable, _) if matches!(self.row.rule, Rule::NotApplicable) => {
                "This benchmark marks the control as not applicable.".into()
            }
            (Status::NotApplicable, _) => {
                "Serving certificates come from outside the cluster, so the control does not apply.".into()
            }
            (_, GateEntry::Is(value)) => {
                format!("featureGates.{GATE} is {value} in {}.", deciding_layer(evidence)).into()
            }
            (_, GateEntry::Unreadable) => {
                "featureGates.RotateKubeletServerCertificate is not a boolean.".into()
            }
            (_, GateEntry::Unknown) => "The document that would contain featureGates.RotateKubeletServerCertificate could not be read.".into(),
            (_, GateEntry::Absent) if self.has_misplaced_gate() => {
                "RotateKubeletServerCertificate is at the top level, where the kubelet has no such field, instead \
                 of under featureGates."
                    .into()
            }
            (Status::Error, GateEntry::Absent) => {
                "featureGates.RotateKubeletServerCertificate is not set in this input.".into()
            }
            (Status::Fail, GateEntry::Absent) if !matches!(self.row.rule, Rule::Effective) => {
                "featureGates.RotateKubeletServerCertificate is not set. The gate is on by default, but this \
                 benchmark requires it to be set explicitly."
                    .into()
            }
            (_, GateEntry::Absent) => {
                "featureGates.RotateKubeletServerCertificate is not set. The gate is on by default.".into()
            }
        }
    }

    fn fix(&self) -> Cow<'static, str> {
        let kubelet = self.kubelet;
        match (self.judgment.benchmark, self.judgment.effective) {
            (Status::NotApplicable, _) if matches!(self.row.rule, Rule::NotApplicable) => return "".into(),
            (Status::NotApplicable, _) => {
                return "rotate the certificate where it is issued, or set serverTLSBootstrap: true to get it from \
                        the API server"
                    .into();
            }
            (Status::Error, _) if !kubelet.resolved.missing.is_empty() => {
                return kubelet.request_for_missing_layers().into();
            }
            (Status::Error, _) if self.entry == GateEntry::Unreadable => {
                return "set featureGates.RotateKubeletServerCertificate: true, without quotes".into();
            }
            (_, Effect::DoesNotStart) => return kubelet.help_to_start().into(),
            (Status::Pass | Status::Manual, Effect::Yes | Effect::Unknown) => return "".into(),
            (_, Effect::Partly) if !self.needs_gate() => {
                return "remove tlsCertFile and tlsPrivateKeyFile".into();
            }
            (_, Effect::No) if !self.needs_gate() && self.gap.gate.is_none() => {
                return "also set serverTLSBootstrap: true, after making sure that something approves the requests"
                    .into();
            }
            _ => {}
        }
        let gate = if self.entry == GateEntry::Is(false) && kubelet.is_set_by_flag(SETTING) {
            "change --feature-gates to RotateKubeletServerCertificate=true, because it overrides the config file"
        } else if self.entry == GateEntry::Absent && self.has_misplaced_gate() {
            "move RotateKubeletServerCertificate under featureGates"
        } else {
            "set featureGates.RotateKubeletServerCertificate: true"
        };
        if self.gap.bootstrap {
            format!("{gate}, and serverTLSBootstrap: true so that rotation takes effect").into()
        } else {
            gate.into()
        }
    }
}

/// Returns the name of the layer whose entry counts.
fn deciding_layer(evidence: &[Mention]) -> &'static str {
    let decides =
        |one: &&Mention| one.decided && (one.path == METADATA.field || one.path == "--feature-gates");
    match evidence.iter().find(decides).map(|mention| mention.layer) {
        None => "the configuration",
        Some(OriginLayer::Flag) => "--feature-gates",
        Some(layer) => layer_name(layer),
    }
}
