//! `rotate-kubelet-server-certificate`

use crate::benchmark::{Row, Rule};
use crate::kubelet::fields::id;
use crate::kubelet::gates::ROTATE_KUBELET_SERVER_CERTIFICATE as GATE;
use crate::list::{ToList, add_all, join};
use crate::report::{Effect, OriginLayer, Purpose, Severity, Status};
use crate::request::ServingCertificates;

use super::judge::ask_one;
use super::remedy::{commands, routes};
use super::serving::{has_static_pair, is_own_pair, rotates};
use super::word::{Change, place_name};
use super::{
    Asked, Control, Docs, Entry, Example, Judgement, Outcome, Running, Says, Setting, Subject, Want, Wanted,
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
    word: Some(word),
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

/// The entry as the configuration file has it.
const ENTRY: &str = "featureGates.RotateKubeletServerCertificate";

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

fn word(subject: &Subject<'_>, row: &Row, judgement: &Judgement) -> Outcome {
    let entry = subject.gate_entry(GATE);
    let mut missing = Vec::new();
    let notes = match subject.why_unknown(judgement.effective) {
        Some(note) => vec![note],
        None => subject.running().map_or_else(Vec::new, |running| {
            missing = lacking(&running);
            notes(&running, missing.is_empty())
        }),
    };
    let mut outcome = Outcome {
        missing,
        notes,
        message: String::new(),
        fix: String::new(),
        evidence: subject.heard(SETTING),
        routes: Vec::new(),
        commands: Vec::new(),
    };
    for field in [id::SERVER_TLS_BOOTSTRAP, id::TLS_CERT_FILE, id::TLS_PRIVATE_KEY_FILE] {
        let spoken = subject.spoken(field);
        let counts = field == id::SERVER_TLS_BOOTSTRAP || spoken.iter().any(|one| one.written.is_some());
        add_all(&mut outcome.evidence, spoken.into_iter().filter(|_| counts));
    }
    outcome.message = message(subject, row, entry, judgement, &outcome);
    outcome.fix = fix(subject, row, entry, judgement, &outcome);
    if !outcome.fix.is_empty() && judgement.benchmark != Status::NotApplicable {
        outcome.routes = routes(subject, &changes(row, judgement, &outcome));
        outcome.commands = commands(true);
    }
    outcome
}

/// Whether the row asks for the entry to be written, and it is not as asked.
fn needs_gate(row: &Row, judgement: &Judgement) -> bool {
    judgement.benchmark != Status::Pass
        && !matches!(row.rule, Rule::Effective | Rule::Unstated)
        && judgement.asked != Asked::Met
}

fn changes(row: &Row, judgement: &Judgement, outcome: &Outcome) -> Vec<Change> {
    let lacks_gate = outcome.missing.iter().any(|m| m.contains(GATE));
    let mut changes = Vec::new();
    if needs_gate(row, judgement) {
        let purpose = if lacks_gate { Purpose::Both } else { Purpose::Benchmark };
        changes.push(Change { setting: SETTING, value: Wanted::Bool(true), purpose });
    } else if lacks_gate {
        changes.push(Change { setting: SETTING, value: Wanted::Bool(true), purpose: Purpose::Effective });
    }
    if outcome.missing.iter().any(|m| m.starts_with("serverTLSBootstrap")) {
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

fn lacking(running: &Running<'_>) -> Vec<String> {
    let mut missing = Vec::new();
    if !running.configuration.bool(id::SERVER_TLS_BOOTSTRAP) {
        missing.push("serverTLSBootstrap: true".to_owned());
    }
    if !running.configuration.is_gate_enabled(GATE, running.version) {
        let through = match running.configuration.gate(GATE) {
            Some(_) => "it is set to false",
            None => "AllBeta turns it off",
        };
        missing.push(format!("the feature gate {GATE}; {through}"));
    }
    missing
}

fn notes(running: &Running<'_>, rotates: bool) -> Vec<String> {
    let (subject, configuration, version) = (running.subject, running.configuration, running.version);
    let mut notes = Vec::new();
    if rotates {
        notes.push(
            "somebody must approve the requests of signer kubernetes.io/kubelet-serving: no controller of \
             Kubernetes does it by itself"
                .into(),
        );
        if has_static_pair(configuration) {
            notes.push(if version.at_least(36) {
                "tlsCertFile and tlsPrivateKeyFile serve only until the first certificate is issued".into()
            } else {
                "tlsCertFile and tlsPrivateKeyFile are set too: up to 1.35 clients that connect by IP address \
                 keep getting that file, the rotated certificate goes to clients that connect by name"
                    .into()
            });
        }
    } else if !configuration.bool(id::SERVER_TLS_BOOTSTRAP) {
        let is_pair_own = is_own_pair(
            subject,
            configuration.str(id::TLS_CERT_FILE),
            configuration.str(id::TLS_PRIVATE_KEY_FILE),
        );
        notes.push(if has_static_pair(configuration) && !is_pair_own {
            "the kubelet serves the certificate of tlsCertFile; rotating it is the operator's own job".into()
        } else {
            "the kubelet serves a self-signed certificate, which it never renews".to_owned()
        });
    }
    if !configuration.bool(id::ENABLE_SERVER) {
        notes.push("enableServer is false: nothing serves the certificate".into());
    }
    let flags = &subject.resolved.flags;
    if rotates
        && subject.layers.has_words
        && subject.layers.words_complete
        && !flags.given.is_empty()
        && flags.text("kubeconfig").is_none()
    {
        notes.push(
            "the command line has no --kubeconfig: a kubelet without an API server requests nothing".into(),
        );
    }
    notes
}

fn message(
    subject: &Subject<'_>,
    row: &Row,
    entry: Entry,
    judgement: &Judgement,
    outcome: &Outcome,
) -> String {
    let decided = outcome
        .evidence
        .iter()
        .find(|one| one.decided && (one.path == ENTRY || one.path == "--feature-gates"))
        .map_or("the configuration", |one| match one.layer {
            OriginLayer::Flag => "--feature-gates",
            layer => place_name(layer),
        });
    let rotation = match judgement.effective {
        Effect::Yes => "the kubelet rotates its serving certificate".to_owned(),
        Effect::Partly => "the kubelet rotates its serving certificate, but not for every client".to_owned(),
        Effect::No => {
            let missing: Vec<&str> =
                outcome.missing.iter().map(|m| m.split(';').next().unwrap_or(m)).to_list();
            format!(
                "the kubelet does not rotate its serving certificate: {} is missing",
                join(&missing, " and ")
            )
        }
        Effect::DoesNotStart => subject.stop_words(),
        Effect::Unknown => {
            format!(
                "whether the kubelet rotates its serving certificate cannot be said: {}",
                join(&outcome.notes, "; ")
            )
        }
    };
    let lead = match (judgement.benchmark, entry) {
        (Status::NotApplicable, _) if row.rule == Rule::NotApplicable => {
            "this edition says that the control does not apply".to_owned()
        }
        (Status::NotApplicable, _) => {
            return format!(
                "serving certificates come from outside, so the control does not apply; {rotation}"
            );
        }
        (_, Entry::Is(value)) => format!("{decided} sets {GATE} to {value}"),
        (_, Entry::Unreadable) => format!("the entry {ENTRY} is not a boolean"),
        (_, Entry::Unknown) => "the document that would hold the entry could not be read".to_owned(),
        (_, Entry::Absent) if !subject.written_at(GATE).is_empty() => {
            format!(
                "{GATE} stands at the top level, where the kubelet has no such field, and not under featureGates"
            )
        }
        (Status::Error, Entry::Absent) => format!("{ENTRY} is not written in what was given"),
        (Status::Fail, Entry::Absent) if row.rule != Rule::Effective => format!(
            "{ENTRY} is not written; the gate is on by default, but this edition asks for it to be explicit"
        ),
        (_, Entry::Absent) => format!("{ENTRY} is not written, and the gate is on by default"),
    };
    format!("{lead}; {rotation}")
}

fn fix(subject: &Subject<'_>, row: &Row, entry: Entry, judgement: &Judgement, outcome: &Outcome) -> String {
    match (judgement.benchmark, judgement.effective) {
        (Status::NotApplicable, _) if row.rule == Rule::NotApplicable => String::new(),
        (Status::NotApplicable, _) => {
            "rotate the certificate where it is issued, or set serverTLSBootstrap: true to get it from the API server"
                .into()
        }
        (Status::Error, _) if !subject.resolved.missing.is_empty() => {
            format!("hand over {} as well, or audit the output of /configz", subject.lacking(" and "))
        }
        (Status::Error, _) if matches!(entry, Entry::Unreadable) => {
            format!("write {ENTRY}: true, without quotes")
        }
        (_, Effect::DoesNotStart) => subject.start_help(),
        (Status::Pass | Status::Manual, Effect::Yes | Effect::Unknown) => String::new(),
        (_, Effect::Partly) if !needs_gate(row, judgement) => "remove tlsCertFile and tlsPrivateKeyFile".into(),
        (_, Effect::No) if !needs_gate(row, judgement) && !outcome.missing.iter().any(|m| m.contains(GATE)) => "set serverTLSBootstrap: true as well, after making sure that something approves the requests".into(),
        (_, effect) => {
            let by_flag = entry == Entry::Is(false) && subject.resolved.flags.gate(GATE).is_some();
            let gate = if by_flag {
                format!("change --feature-gates to {GATE}=true, for it overrides the file")
            } else if !subject.written_at(GATE).is_empty() && entry == Entry::Absent {
                format!("move {GATE} under featureGates")
            } else {
                format!("set {ENTRY}: true")
            };
            if effect == Effect::No && outcome.missing.iter().any(|m| m.starts_with("serverTLSBootstrap")) {
                format!("{gate}, and serverTLSBootstrap: true to make rotation happen")
            } else {
                gate
            }
        }
    }
}
