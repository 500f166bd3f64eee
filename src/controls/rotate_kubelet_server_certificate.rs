//! `rotate-kubelet-server-certificate`

use std::borrow::Cow;

use crate::benchmark::{Row, Rule};
use crate::kubelet::fields::id;
use crate::kubelet::gates::ROTATE_KUBELET_SERVER_CERTIFICATE as GATE;
use crate::report::{Effect, OriginLayer, Purpose, Severity, Status};
use crate::request::ServingCertificates;

use super::judge::ask_one;
use super::remedy::{commands, routes};
use super::serving::{has_static_pair, is_own_pair, rotates};
use super::word::{Change, place_name};
use super::{
    Asked, Control, Docs, Entry, Example, Judgement, Notes, Outcome, Running, Says, Setting, Subject, Want,
    Wanted,
};

const SETTING: Setting = Setting::Gate(GATE);
const BOOTSTRAP: Setting = Setting::Field(id::SERVER_TLS_BOOTSTRAP);

/// The control this product began with: CIS AKS 1.7, 3.2.9.
pub(super) const CONTROL: Control = Control {
    slug: "rotate-kubelet-server-certificate",
    title: "Serving certificates are rotated",
    severity: Severity::Medium,
    why: "a kubelet that does not rotate its serving certificate ends up with an expired or a self-signed one, \
          which clients can no longer tell from an impostor's",
    field: "featureGates.RotateKubeletServerCertificate",
    settings: &[SETTING],
    also: &[id::SERVER_TLS_BOOTSTRAP, id::TLS_CERT_FILE, id::TLS_PRIVATE_KEY_FILE],
    says: Says {
        whether: "the kubelet rotates its serving certificate",
        yes: "the kubelet rotates its serving certificate",
        no: "the kubelet does not rotate its serving certificate",
        partly: "the kubelet rotates its serving certificate, but not for every client",
    },
    wants: &[
        Want { setting: SETTING, value: Wanted::Bool(true) },
        Want { setting: BOOTSTRAP, value: Wanted::Bool(true) },
    ],
    ask,
    effect,
    notes,
    word,
    docs: &Docs {
        checks: "The feature gate RotateKubeletServerCertificate is written true where the kubelet reads it: in \
                 featureGates of the config file or in --feature-gates. Editions for plain Kubernetes, k3s and RKE2 \
                 accept it absent; those for AKS, EKS and GKE do not.",
        matters: "A kubelet that does not get its serving certificate from the API server serves one that it signed \
                  itself and never renews. The gate alone does not change that: serverTLSBootstrap does, and the gate \
                  is on by default. So this control has two answers that often differ.",
        compliant: Example::config(
            "serverTLSBootstrap: true\nfeatureGates:\n  RotateKubeletServerCertificate: true\n",
        ),
        violating: Example::config("serverTLSBootstrap: true\n"),
        edition: "cis-aks-1.7",
        remediation: "Set featureGates.RotateKubeletServerCertificate: true and serverTLSBootstrap: true, restart the \
                      kubelet, and see to it that something approves the requests.",
        edge_cases: &[
            "--rotate-kubelet-server-certificate, which benchmark texts name, is no flag: the kubelet exits.",
            "The gate at the top level of the file is an unknown field without effect.",
            "A gate in quotes is refused; a gate that is null is false.",
            "With AllBeta=false the gate is off unless it is written itself.",
            "Up to 1.35, with tlsCertFile named as well, clients that connect by IP address keep getting that file.",
            "Certificates from outside make the control not applicable, unless the gate is written.",
        ],
        references: &[
            "https://kubernetes.io/docs/reference/access-authn-authz/kubelet-tls-bootstrapping/",
            "kubernetes/kubernetes#62352",
            "pkg/kubelet/kubelet.go",
        ],
        ..Docs::EMPTY
    },
    ..Control::BASE
};

/// Certificates from outside make the control not applicable unless the entry is written. OpenShift's
/// rows look at the client's rotation besides.
fn ask(subject: &Subject<'_>, rule: Rule) -> Option<Asked> {
    if subject.gate_entry(GATE) == Entry::Absent && is_external(subject) {
        return Some(Asked::NotApplicable);
    }
    let Rule::WithClient { both } = rule else { return None };
    let is_true = Rule::Is { value: true, absent: crate::benchmark::Absent::Fails };
    let gate = ask_one(subject, SETTING, is_true);
    let client = ask_one(subject, Setting::Field(id::ROTATE_CERTIFICATES), is_true);
    Some(match (gate, client) {
        (Asked::Met, Asked::Met) => Asked::Met,
        (Asked::Met, _) | (_, Asked::Met) if !both => Asked::Met,
        (Asked::NotMet, _) | (_, Asked::Met) => gate,
        _ => client,
    })
}

fn word(subject: &Subject<'_>, control: &Control, row: &Row, judgement: &Judgement) -> Outcome {
    let entry = subject.gate_entry(GATE);
    let lacks = match (judgement.effective, subject.running()) {
        (Effect::No | Effect::Partly, Some(running)) => Lacks::of(&running),
        _ => Lacks::default(),
    };
    let mut outcome = Outcome {
        missing: lacks.missing(),
        notes: subject.notes(control, judgement.effective),
        evidence: subject.heard(SETTING),
        ..Outcome::default()
    };
    for field in control.also {
        let mut spoken = subject.spoken(*field);
        if *field == id::SERVER_TLS_BOOTSTRAP || spoken.iter().any(|one| one.written.is_some()) {
            outcome.evidence.append(&mut spoken);
        }
    }
    outcome.message = message(subject, row, entry, judgement, &outcome, &lacks);
    outcome.fix = fix(subject, row, entry, judgement, &lacks).into_owned();
    if !outcome.fix.is_empty() && judgement.benchmark != Status::NotApplicable {
        outcome.routes = routes(subject, &changes(row, judgement, &lacks), true);
        outcome.commands = commands(true);
    }
    outcome
}

/// What is missing for a yes.
#[derive(Default)]
struct Lacks {
    bootstrap: bool,
    /// The gate, and why it is off.
    gate: Option<&'static str>,
}

impl Lacks {
    fn of(running: &Running<'_>) -> Self {
        let is_on = running.configuration.is_gate_enabled(GATE, running.version);
        let reason = match running.configuration.gate(GATE) {
            Some(_) => "it is set to false",
            None => "AllBeta turns it off",
        };
        Self {
            bootstrap: !running.configuration.bool(id::SERVER_TLS_BOOTSTRAP),
            gate: (!is_on).then_some(reason),
        }
    }

    fn missing(&self) -> Vec<String> {
        let mut missing = Vec::new();
        if self.bootstrap {
            missing.push("serverTLSBootstrap: true".to_owned());
        }
        if let Some(reason) = self.gate {
            missing.push(format!("the feature gate {GATE}; {reason}"));
        }
        missing
    }

    /// The same in a sentence, without reasons.
    fn words(&self) -> &'static str {
        match (self.bootstrap, self.gate) {
            (true, Some(_)) => "serverTLSBootstrap: true and the feature gate RotateKubeletServerCertificate",
            (true, None) => "serverTLSBootstrap: true",
            (false, _) => "the feature gate RotateKubeletServerCertificate",
        }
    }
}

/// Whether the row asks for the entry to be written, and it is not as asked.
fn needs_gate(row: &Row, judgement: &Judgement) -> bool {
    judgement.benchmark != Status::Pass
        && !matches!(row.rule, Rule::Effective | Rule::Unstated)
        && judgement.asked != Asked::Met
}

fn changes(row: &Row, judgement: &Judgement, lacks: &Lacks) -> Vec<Change> {
    let needs_gate = needs_gate(row, judgement);
    let mut changes = Vec::new();
    if needs_gate || lacks.gate.is_some() {
        let purpose = match (needs_gate, lacks.gate) {
            (true, Some(_)) => Purpose::Both,
            (true, None) => Purpose::Benchmark,
            (false, _) => Purpose::Effective,
        };
        changes.push(Change { setting: SETTING, value: Wanted::Bool(true), purpose });
    }
    if lacks.bootstrap {
        changes.push(Change { setting: BOOTSTRAP, value: Wanted::Bool(true), purpose: Purpose::Effective });
    }
    changes
}

/// Whether serving certificates come from outside: the operator says so, or names a pair of files
/// that is neither the platform's nor the kubelet's own and does not ask the API server for one.
fn is_external(subject: &Subject<'_>) -> bool {
    match subject.serving_certificates {
        ServingCertificates::External => true,
        ServingCertificates::ApiServer => false,
        ServingCertificates::Auto => subject.configuration().is_some_and(|configuration| {
            let (cert, key) =
                (configuration.str(id::TLS_CERT_FILE), configuration.str(id::TLS_PRIVATE_KEY_FILE));
            !configuration.bool(id::SERVER_TLS_BOOTSTRAP)
                && !cert.is_empty()
                && !key.is_empty()
                && !is_own_pair(subject, cert, key)
        }),
    }
}

/// Whether this kubelet would rotate its serving certificate.
fn effect(running: &Running<'_>) -> Effect {
    if !rotates(running.configuration, running.version) {
        Effect::No
    } else if has_static_pair(running.configuration) && !running.version.at_least(36) {
        Effect::Partly
    } else {
        Effect::Yes
    }
}

fn notes(running: &Running<'_>, _: Effect, notes: &mut Notes) {
    let (subject, configuration, version) = (running.subject, running.configuration, running.version);
    let rotates = rotates(configuration, version);
    if rotates {
        notes.add(
            "somebody must approve the requests of signer kubernetes.io/kubelet-serving: no controller of \
             Kubernetes does it by itself",
        );
        if has_static_pair(configuration) {
            notes.add(if version.at_least(36) {
                "tlsCertFile and tlsPrivateKeyFile serve only until the first certificate is issued"
            } else {
                "tlsCertFile and tlsPrivateKeyFile are set too: up to 1.35 clients that connect by IP address \
                 keep getting that file, the rotated certificate goes to clients that connect by name"
            });
        }
    } else if !configuration.bool(id::SERVER_TLS_BOOTSTRAP) {
        let is_pair_own = is_own_pair(
            subject,
            configuration.str(id::TLS_CERT_FILE),
            configuration.str(id::TLS_PRIVATE_KEY_FILE),
        );
        notes.add(if has_static_pair(configuration) && !is_pair_own {
            "the kubelet serves the certificate of tlsCertFile; rotating it is the operator's own job"
        } else {
            "the kubelet serves a self-signed certificate, which it never renews"
        });
    }
    if !configuration.bool(id::ENABLE_SERVER) {
        notes.add("enableServer is false: nothing serves the certificate");
    }
    if rotates && subject.has_no_api_server() {
        notes.add("the command line has no --kubeconfig: a kubelet without an API server requests nothing");
    }
}

fn message(
    subject: &Subject<'_>,
    row: &Row,
    entry: Entry,
    judgement: &Judgement,
    outcome: &Outcome,
    lacks: &Lacks,
) -> String {
    let rotation: Cow<'static, str> = match judgement.effective {
        Effect::Yes => "the kubelet rotates its serving certificate".into(),
        Effect::Partly => "the kubelet rotates its serving certificate, but not for every client".into(),
        Effect::No => {
            format!("the kubelet does not rotate its serving certificate: {} is missing", lacks.words())
                .into()
        }
        Effect::DoesNotStart => subject.stop_words(),
        Effect::Unknown => format!(
            "whether the kubelet rotates its serving certificate cannot be said: {}",
            outcome.notes.join("; ")
        )
        .into(),
    };
    let lead: Cow<'static, str> = match (judgement.benchmark, entry) {
        (Status::NotApplicable, _) if matches!(row.rule, Rule::NotApplicable) => {
            "this edition says that the control does not apply".into()
        }
        (Status::NotApplicable, _) => {
            "serving certificates come from outside, so the control does not apply".into()
        }
        (_, Entry::Is(value)) => format!("{} sets {GATE} to {value}", decided(outcome)).into(),
        (_, Entry::Unreadable) => {
            "the entry featureGates.RotateKubeletServerCertificate is not a boolean".into()
        }
        (_, Entry::Unknown) => "the document that would hold the entry could not be read".into(),
        (_, Entry::Absent) if !subject.written_at(GATE).is_empty() => {
            "RotateKubeletServerCertificate stands at the top level, where the kubelet has no such field, and \
             not under featureGates"
                .into()
        }
        (Status::Error, Entry::Absent) => {
            "featureGates.RotateKubeletServerCertificate is not written in what was given".into()
        }
        (Status::Fail, Entry::Absent) if !matches!(row.rule, Rule::Effective) => {
            "featureGates.RotateKubeletServerCertificate is not written; the gate is on by default, but this \
             edition asks for it to be explicit"
                .into()
        }
        (_, Entry::Absent) => {
            "featureGates.RotateKubeletServerCertificate is not written, and the gate is on by default".into()
        }
    };
    format!("{lead}; {rotation}")
}

/// What decides on the entry.
fn decided(outcome: &Outcome) -> &'static str {
    let decided = outcome
        .evidence
        .iter()
        .find(|one| one.decided && (one.path == CONTROL.field || one.path == "--feature-gates"));
    match decided.map(|one| one.layer) {
        None => "the configuration",
        Some(OriginLayer::Flag) => "--feature-gates",
        Some(layer) => place_name(layer),
    }
}

fn fix(
    subject: &Subject<'_>,
    row: &Row,
    entry: Entry,
    judgement: &Judgement,
    lacks: &Lacks,
) -> Cow<'static, str> {
    match (judgement.benchmark, judgement.effective) {
        (Status::NotApplicable, _) if matches!(row.rule, Rule::NotApplicable) => return "".into(),
        (Status::NotApplicable, _) => {
            return "rotate the certificate where it is issued, or set serverTLSBootstrap: true to get it from \
                    the API server"
                .into();
        }
        (Status::Error, _) if !subject.resolved.missing.is_empty() => return subject.hand_over().into(),
        (Status::Error, _) if entry == Entry::Unreadable => {
            return "write featureGates.RotateKubeletServerCertificate: true, without quotes".into();
        }
        (_, Effect::DoesNotStart) => return subject.start_help().into(),
        (Status::Pass | Status::Manual, Effect::Yes | Effect::Unknown) => return "".into(),
        (_, Effect::Partly) if !needs_gate(row, judgement) => {
            return "remove tlsCertFile and tlsPrivateKeyFile".into();
        }
        (_, Effect::No) if !needs_gate(row, judgement) && lacks.gate.is_none() => {
            return "set serverTLSBootstrap: true as well, after making sure that something approves the requests"
                .into();
        }
        _ => {}
    }
    let gate = if entry == Entry::Is(false) && subject.resolved.flags.gate(GATE).is_some() {
        "change --feature-gates to RotateKubeletServerCertificate=true, for it overrides the file"
    } else if entry == Entry::Absent && !subject.written_at(GATE).is_empty() {
        "move RotateKubeletServerCertificate under featureGates"
    } else {
        "set featureGates.RotateKubeletServerCertificate: true"
    };
    if lacks.bootstrap {
        format!("{gate}, and serverTLSBootstrap: true to make rotation happen").into()
    } else {
        gate.into()
    }
}
