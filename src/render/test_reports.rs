//! Reports for tests.

use crate::report::*;

pub(crate) const NODE: &str =
    "kind: KubeletConfiguration\nfeatureGates:\n  RotateKubeletServerCertificate: false\nextra: 1\n";

/// Returns the range of the first `marked` in `text`.
pub(crate) fn range_of(text: &str, marked: &str) -> Range {
    let start = text.find(marked).expect("the text contains the marked text");
    let index = crate::source::LineIndex::new(text);
    let point = |offset: usize| {
        let offset = u32::try_from(offset).unwrap();
        let position = index.position(offset);
        Point { offset, line: position.line, column: position.column }
    };
    Range { start: point(start), end: point(start + marked.len()) }
}

pub(crate) fn at(source: &str, text: &str, marked: &str) -> Option<Location> {
    Some(Location { source: source.into(), range: Some(range_of(text, marked)) })
}

pub(crate) fn kubelet() -> Kubelet {
    Kubelet {
        version: "1.36".into(),
        version_assumed: true,
        version_source: VersionSource::Assumed,
        rules: RulesFrom::Vectors,
        layers: vec!["config".into()],
        starts: Some(true),
        stage: None,
        panics: false,
        lenient: false,
        errors: vec![],
        warnings: vec![Issue {
            code: "unknown-field".into(),
            severity: IssueSeverity::Warning,
            message: "the kubelet knows no field `extra`".into(),
            help: "remove it".into(),
            location: at("node.yaml", NODE, "extra"),
        }],
        missing_layers: vec![],
        effective: None,
        origins: None,
        flags: None,
    }
}

pub(crate) fn target(findings: Vec<Finding>) -> Target {
    Target {
        source: "node.yaml".into(),
        node: Some("aks-1".into()),
        object: None,
        kubelet: Some(kubelet()),
        findings,
        errors: vec![],
    }
}

/// Returns a finding that passes both verdicts.
pub(crate) fn pass() -> Finding {
    Finding {
        control: "rotate-kubelet-server-certificate".into(),
        title: "The kubelet rotates its serving certificate".into(),
        failure_title: "The kubelet does not rotate its serving certificate".into(),
        status: Status::Pass,
        severity: Severity::Medium,
        benchmark: BenchmarkVerdict {
            id: "cis-aks-1.7".into(),
            number: "3.2.9".into(),
            title: "Ensure that the RotateKubeletServerCertificate argument is set to true".into(),
            level: Some(1),
            assessment: Assessment::Automated,
            verdict: Status::Pass,
        },
        effective: EffectiveVerdict { verdict: Effect::Yes, missing: vec![], notes: vec![] },
        message: "The gate is true.".into(),
        why: "An expired serving certificate cuts the node off.".into(),
        fix: String::new(),
        evidence: vec![],
        remediation: None,
        fixes: Vec::new(),
        fingerprint: "f".into(),
        waived: None,
        baseline_state: None,
    }
}

pub(crate) fn fail() -> Finding {
    let gate = "featureGates.RotateKubeletServerCertificate";
    let mut finding = pass();
    finding.status = Status::Fail;
    finding.benchmark.verdict = Status::Fail;
    finding.effective = EffectiveVerdict {
        verdict: Effect::No,
        missing: vec!["serverTLSBootstrap: true".into()],
        notes: vec![],
    };
    finding.message = format!("{gate} is false in node.yaml.");
    finding.fix = format!("set {gate} to true in node.yaml");
    finding.evidence = vec![
        Evidence {
            path: gate.into(),
            layer: OriginLayer::Config,
            value: Some("false".into()),
            decided: true,
            location: at("node.yaml", NODE, "false"),
        },
        Evidence {
            path: "serverTLSBootstrap".into(),
            layer: OriginLayer::Default,
            value: None,
            decided: false,
            location: None,
        },
    ];
    finding.remediation = Some(Remediation {
        routes: vec![
            Route {
                kind: RouteKind::ConfigFile,
                summary: "write both fields into the file named by --config".into(),
                settings: vec![
                    Setting { name: gate.into(), value: true.into(), purpose: Purpose::Both },
                    Setting {
                        name: "serverTLSBootstrap".into(),
                        value: true.into(),
                        purpose: Purpose::Effective,
                    },
                ],
                file: None,
                variable: None,
            },
            Route {
                kind: RouteKind::Arguments,
                summary: "add the flag to the unit's drop-in".into(),
                settings: vec![Setting {
                    name: "--feature-gates".into(),
                    value: "RotateKubeletServerCertificate=true".into(),
                    purpose: Purpose::Benchmark,
                }],
                file: Some("/etc/systemd/system/kubelet.service.d/10-kubeadm.conf".into()),
                variable: Some("KUBELET_EXTRA_ARGS".into()),
            },
        ],
        commands: vec![CommandStep {
            step: Step::Apply,
            summary: "restart the kubelet".into(),
            commands: vec!["systemctl daemon-reload\nsystemctl restart kubelet".into()],
        }],
    });
    finding
}
