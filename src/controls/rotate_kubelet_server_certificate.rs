//! `rotate-kubelet-server-certificate`

use crate::benchmark::Row;
use crate::effective::{Configuration, MissingLayer};
use crate::kubelet::fields::id;
use crate::kubelet::gates::ROTATE_KUBELET_SERVER_CERTIFICATE as GATE;
use crate::report::{
    CommandStep, Effect, OriginLayer, Purpose, Route, RouteKind, Setting, Severity, Stage, Status, Step,
};
use crate::request::ServingCertificates;

use super::subject::{Entry, Subject};
use super::{Control, Outcome};

/// The control this product began with: CIS AKS 1.7, 3.2.9.
pub(super) const CONTROL: Control = Control {
    slug: "rotate-kubelet-server-certificate",
    title: "Serving certificates are rotated",
    severity: Severity::Medium,
    why: "a kubelet that does not rotate its serving certificate ends up with an expired or a self-signed one, \
          which clients can no longer tell from an impostor's",
    field: "featureGates.RotateKubeletServerCertificate",
    evaluate,
};

/// The entry as the configuration file has it.
const ENTRY: &str = "featureGates.RotateKubeletServerCertificate";

fn evaluate(subject: &Subject<'_>, _row: &Row) -> Outcome {
    let entry = subject.gate_entry(GATE);
    let effect = effect(subject);
    let mut outcome = Outcome {
        benchmark: benchmark(subject, entry),
        effective: effect.verdict,
        missing: effect.missing,
        notes: effect.notes,
        message: String::new(),
        fix: String::new(),
        evidence: subject.spoken_gate(GATE),
        routes: Vec::new(),
        commands: Vec::new(),
    };
    outcome.evidence.extend(misplaced(subject));
    for field in [id::SERVER_TLS_BOOTSTRAP, id::TLS_CERT_FILE, id::TLS_PRIVATE_KEY_FILE] {
        let spoken = subject.spoken(field);
        let counts = field == id::SERVER_TLS_BOOTSTRAP || spoken.iter().any(|one| one.written.is_some());
        outcome.evidence.extend(spoken.into_iter().filter(|_| counts));
    }
    outcome.message = message(subject, entry, &outcome);
    outcome.fix = fix(subject, entry, &outcome);
    if !outcome.fix.is_empty() && outcome.benchmark != Status::NotApplicable {
        outcome.routes = routes(subject, &outcome);
        outcome.commands = commands();
    }
    outcome
}

/// What the edition's audit says: the entry is written and true, the strongest layer deciding.
fn benchmark(subject: &Subject<'_>, entry: Entry) -> Status {
    if entry == Entry::Absent && is_external(subject) {
        return Status::NotApplicable;
    }
    let by_flag = subject.resolved.flags.gate(GATE).is_some();
    // A flag decides over every other layer, but only where the whole command line is known.
    let undecided =
        subject.resolved.missing.iter().any(|layer| matches!(layer, MissingLayer::CommandLine) || !by_flag);
    if undecided {
        return Status::Error;
    }
    match entry {
        Entry::Is(true) if !subject.resolved.starts() => Status::Error,
        Entry::Is(true) => Status::Pass,
        Entry::Is(false) | Entry::Absent => Status::Fail,
        Entry::Unreadable | Entry::Unknown => Status::Error,
    }
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

/// Pairs that are not an operator's: what the kubelet generates in its certificate directory, and
/// what AKS writes at node bootstrap (AgentBaker, `kubeletserver.crt`).
fn is_own_pair(subject: &Subject<'_>, cert: &str, key: &str) -> bool {
    let directory = subject.resolved.flags.text("cert-dir").unwrap_or("/var/lib/kubelet/pki");
    let directory = directory.trim_end_matches('/');
    let generated = |path: &str, name: &str| path.strip_prefix(directory).is_some_and(|rest| rest == name);
    (generated(cert, "/kubelet.crt") && generated(key, "/kubelet.key"))
        || (cert == "/etc/kubernetes/certs/kubeletserver.crt"
            && key == "/etc/kubernetes/certs/kubeletserver.key")
}

struct Effectiveness {
    verdict: Effect,
    missing: Vec<String>,
    notes: Vec<String>,
}

/// Whether this kubelet would rotate its serving certificate (`pkg/kubelet/kubelet.go`: the
/// certificate manager is made if and only if `serverTLSBootstrap` and the gate are on).
fn effect(subject: &Subject<'_>) -> Effectiveness {
    let resolved = subject.resolved;
    let only = |verdict, note: String| Effectiveness { verdict, missing: Vec::new(), notes: vec![note] };
    if resolved.is_undecided() {
        return only(Effect::Unknown, "the input was not read to its end".into());
    }
    if !resolved.starts() {
        let reason = subject.stop_reason().unwrap_or("it stops");
        return only(Effect::DoesNotStart, reason.to_owned());
    }
    if !resolved.missing.is_empty() {
        let layers: Vec<String> = resolved.missing.iter().map(MissingLayer::describe).collect();
        return only(Effect::Unknown, format!("not given: {}", layers.join(", ")));
    }
    if resolved.version.minor() == 28 && subject.layers.drop_ins.as_ref().is_some_and(|list| !list.is_empty())
    {
        return only(
            Effect::Unknown,
            "at 1.28 drop-ins are an alpha feature that merges in its own way, which is not modelled".into(),
        );
    }
    let Some(configuration) = subject.configuration() else {
        return only(Effect::Unknown, "no configuration was resolved".into());
    };
    let mut missing = Vec::new();
    if !configuration.bool(id::SERVER_TLS_BOOTSTRAP) {
        missing.push("serverTLSBootstrap: true".to_owned());
    }
    if resolved.is_gate_enabled(GATE) == Some(false) {
        let through = match configuration.gate(GATE) {
            Some(_) => "it is set to false",
            None => "AllBeta turns it off",
        };
        missing.push(format!("the feature gate {GATE}; {through}"));
    }
    let notes = notes(subject, configuration, missing.is_empty());
    let verdict = if !missing.is_empty() {
        Effect::No
    } else if has_static_pair(configuration) && !resolved.version.at_least(36) {
        Effect::Partly
    } else {
        Effect::Yes
    };
    Effectiveness { verdict, missing, notes }
}

fn has_static_pair(configuration: &Configuration) -> bool {
    !configuration.str(id::TLS_CERT_FILE).is_empty()
        && !configuration.str(id::TLS_PRIVATE_KEY_FILE).is_empty()
}

fn notes(subject: &Subject<'_>, configuration: &Configuration, rotates: bool) -> Vec<String> {
    let mut notes = Vec::new();
    let version = subject.resolved.version;
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

/// The entry where benchmark texts seem to put it, and where the kubelet has no such field.
fn misplaced(subject: &Subject<'_>) -> Vec<super::Spoken> {
    subject.written_at(GATE)
}

fn place_name(layer: OriginLayer) -> &'static str {
    match layer {
        OriginLayer::Flag => "--feature-gates",
        OriginLayer::DropIn => "a drop-in",
        OriginLayer::Configz => "the running configuration",
        OriginLayer::Config | OriginLayer::Default | OriginLayer::Generated => "the config file",
    }
}

fn message(subject: &Subject<'_>, entry: Entry, outcome: &Outcome) -> String {
    let decided = outcome
        .evidence
        .iter()
        .find(|one| one.decided && (one.path == ENTRY || one.path == "--feature-gates"))
        .map_or("the configuration", |one| place_name(one.layer));
    let rotation = match outcome.effective {
        Effect::Yes => "the kubelet rotates its serving certificate".to_owned(),
        Effect::Partly => "the kubelet rotates its serving certificate, but not for every client".to_owned(),
        Effect::No => {
            let missing: Vec<&str> =
                outcome.missing.iter().map(|m| m.split(';').next().unwrap_or(m)).collect();
            format!(
                "the kubelet does not rotate its serving certificate: {} is missing",
                missing.join(" and ")
            )
        }
        Effect::DoesNotStart => match subject.stage() {
            Some(stage) => format!("the kubelet would not start ({})", stage_words(stage)),
            None => "the kubelet would not start".to_owned(),
        },
        Effect::Unknown => {
            format!(
                "whether the kubelet rotates its serving certificate cannot be said: {}",
                outcome.notes.join("; ")
            )
        }
    };
    let lead = match (outcome.benchmark, entry) {
        (Status::NotApplicable, _) => {
            return format!(
                "serving certificates come from outside, so the control does not apply; {rotation}"
            );
        }
        (_, Entry::Is(value)) => format!("{decided} sets {GATE} to {value}"),
        (_, Entry::Unreadable) => format!("the entry {ENTRY} is not a boolean"),
        (_, Entry::Unknown) => "the document that would hold the entry could not be read".to_owned(),
        (_, Entry::Absent) if !misplaced(subject).is_empty() => {
            format!(
                "{GATE} stands at the top level, where the kubelet has no such field, and not under featureGates"
            )
        }
        (Status::Error, Entry::Absent) => format!("{ENTRY} is not written in what was given"),
        (_, Entry::Absent) => {
            format!(
                "{ENTRY} is not written; the gate is on by default, but this edition asks for it to be explicit"
            )
        }
    };
    format!("{lead}; {rotation}")
}

fn stage_words(stage: Stage) -> &'static str {
    match stage {
        Stage::CommandLine => "it refuses its command line",
        Stage::FeatureGates => "it refuses a feature gate",
        Stage::ConfigFile => "it refuses its config file",
        Stage::DropIn => "it refuses a drop-in",
        Stage::Validation => "its configuration is not valid",
        Stage::Tls => "its TLS settings are refused",
        Stage::Authorization => "its authorization settings are refused",
        Stage::Listen => "it exits when it starts to listen",
    }
}

fn fix(subject: &Subject<'_>, entry: Entry, outcome: &Outcome) -> String {
    match (outcome.benchmark, outcome.effective) {
        (Status::NotApplicable, _) => {
            "rotate the certificate where it is issued, or set serverTLSBootstrap: true to get it from the API server"
                .into()
        }
        (Status::Error, _) if !subject.resolved.missing.is_empty() => {
            let layers: Vec<String> = subject.resolved.missing.iter().map(MissingLayer::describe).collect();
            format!("hand over {} as well, or audit the output of /configz", layers.join(" and "))
        }
        (Status::Error, _) if matches!(entry, Entry::Unreadable) => {
            format!("write {ENTRY}: true, without quotes")
        }
        (_, Effect::DoesNotStart) => {
            let help = subject
                .resolved
                .stop
                .as_ref()
                .or(subject.resolved.listen.as_ref())
                .and_then(|stop| stop.errors.first())
                .map_or("", |error| error.help.as_str());
            if help.is_empty() { "mend what stops the kubelet first".into() } else { format!("mend what stops the kubelet first: {help}") }
        }
        (Status::Pass, Effect::Yes | Effect::Unknown) => String::new(),
        (Status::Pass, Effect::Partly) => "remove tlsCertFile and tlsPrivateKeyFile".into(),
        (Status::Pass, _) => "set serverTLSBootstrap: true as well, after making sure that something approves the requests".into(),
        (_, effect) => {
            let by_flag = entry == Entry::Is(false) && subject.resolved.flags.gate(GATE).is_some();
            let gate = if by_flag {
                format!("change --feature-gates to {GATE}=true, for it overrides the file")
            } else if !misplaced(subject).is_empty() && entry == Entry::Absent {
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

/// The three routes of the seed, best first.
fn routes(subject: &Subject<'_>, outcome: &Outcome) -> Vec<Route> {
    let needs_gate = outcome.benchmark != Status::Pass;
    let needs_bootstrap = outcome.missing.iter().any(|m| m.starts_with("serverTLSBootstrap"));
    let mut file = Vec::new();
    let mut arguments = Vec::new();
    if needs_gate {
        let purpose =
            if outcome.missing.iter().any(|m| m.contains(GATE)) { Purpose::Both } else { Purpose::Benchmark };
        file.push(Setting { name: ENTRY.into(), value: true.into(), purpose });
        arguments.push(Setting {
            name: "--feature-gates".into(),
            value: format!("{GATE}=true").into(),
            purpose,
        });
    }
    if needs_bootstrap {
        file.push(Setting {
            name: "serverTLSBootstrap".into(),
            value: true.into(),
            purpose: Purpose::Effective,
        });
        arguments.push(Setting {
            name: "--rotate-server-certificates".into(),
            value: true.into(),
            purpose: Purpose::Effective,
        });
    }
    let by_flag = subject.resolved.flags.gate(GATE).is_some_and(|(value, _)| !value);
    let config_file = Route {
        kind: RouteKind::ConfigFile,
        summary: if by_flag {
            "the command line overrides the config file here: take the entry out of --feature-gates first, then write it in the file".into()
        } else {
            "write the settings in the kubelet's config file, the one that --config names".into()
        },
        settings: file,
        file: None,
        variable: None,
    };
    let argument = Route {
        kind: RouteKind::Arguments,
        summary:
            "add the arguments in the kubelet's systemd drop-in; flags are deprecated but win over the file"
                .into(),
        settings: arguments,
        file: Some("/etc/systemd/system/kubelet.service.d/10-kubelet-args.conf".into()),
        variable: Some("KUBELET_ARGS".into()),
    };
    let configz = Route {
        kind: RouteKind::Configz,
        summary:
            "/configz is read-only, and configuration through a ConfigMap (dynamic kubelet config) is gone \
                  since 1.24: change the file or the arguments, restart, and read /configz again"
                .into(),
        settings: Vec::new(),
        file: None,
        variable: None,
    };
    if by_flag { vec![argument, config_file, configz] } else { vec![config_file, argument, configz] }
}

fn commands() -> Vec<CommandStep> {
    let step = |step, summary: &str, commands: &[&str]| CommandStep {
        step,
        summary: summary.into(),
        commands: commands.iter().map(|c| (*c).into()).collect(),
    };
    vec![
        step(
            Step::Find,
            "on the node, find the config file that the running kubelet was given",
            &["ps -ef | grep kubelet | grep -e --config"],
        ),
        step(
            Step::Apply,
            "on the node, after the change, restart the kubelet and see that it runs",
            &["systemctl daemon-reload", "systemctl restart kubelet.service", "systemctl status kubelet -l"],
        ),
        step(
            Step::Approve,
            "once serverTLSBootstrap is on, approve the pending serving certificate, unless an approver runs",
            &[
                "kubectl get csr --field-selector spec.signerName=kubernetes.io/kubelet-serving",
                "kubectl certificate approve CSR",
            ],
        ),
        step(
            Step::Verify,
            "read the running configuration again",
            &[
                "kubectl get --raw /api/v1/nodes/NODE/proxy/configz",
                "kubectl proxy --port=8001 & curl -sSL http://localhost:8001/api/v1/nodes/NODE/proxy/configz",
            ],
        ),
    ]
}
