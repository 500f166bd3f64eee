use insta::assert_snapshot;

use super::super::test_reports::{NODE, fail, pass, target};
use super::super::{Color, Detail, Layout, NoTexts, ReportForm, SourceText, SourceTexts};
use crate::report::*;

/// The text of `node.yaml`.
struct Node<'a>(&'a str);

impl SourceTexts for Node<'_> {
    fn find(&self, _: usize, name: &str) -> Option<SourceText<'_>> {
        let hidden = crate::source::redaction::secret_ranges(self.0).into();
        (name == "node.yaml").then_some(SourceText {
            path: "node.yaml".into(),
            text: self.0,
            offset: 0,
            hidden,
        })
    }
}

fn layout(width: usize, detail: Detail) -> Layout<'static> {
    Layout {
        width,
        color: Color::Off,
        detail,
        next: Some(("kubelet-audit check -v node.yaml", "For step-by-step remediation")),
        links: None,
    }
}

fn render(targets: Vec<Target>, layout: &Layout<'_>) -> String {
    text(&crate::report_of(targets), &Node(NODE), layout)
}

fn text(report: &Report, texts: &dyn SourceTexts, layout: &Layout<'_>) -> String {
    super::super::report(report, ReportForm::Text, texts, layout)
}

#[test]
fn a_failure_at_100_columns() {
    assert_snapshot!(render(vec![target(vec![fail()])], &layout(100, Detail::Normal)));
}

#[test]
fn a_failure_at_40_columns() {
    assert_snapshot!(render(vec![target(vec![fail()])], &layout(40, Detail::Normal)));
}

#[test]
fn a_failure_in_full() {
    assert_snapshot!(render(vec![target(vec![fail()])], &layout(100, Detail::Verbose)));
}

#[test]
fn colors_change_nothing_else() {
    let plain = render(vec![target(vec![fail()])], &layout(60, Detail::Verbose));
    let colored =
        render(vec![target(vec![fail()])], &Layout { color: Color::On, ..layout(60, Detail::Verbose) });
    assert!(colored.contains("\x1b[1m\x1b[31mFAIL\x1b[0m \x1b[1m3.2.9 Serving certificates"), "{colored}");
    let mut stripped = String::new();
    for (n, part) in colored.split("\x1b[").enumerate() {
        stripped.push_str(if n == 0 { part } else { part.split_once('m').unwrap().1 });
    }
    assert_eq!(stripped, plain);
}

#[test]
fn a_plain_pass_is_short_and_a_pass_without_effect_says_why() {
    let mut hollow = pass();
    hollow.effective = EffectiveVerdict {
        verdict: Effect::No,
        missing: vec!["serverTLSBootstrap: true".into()],
        notes: vec!["an approver has to sign the requests".into()],
    };
    assert_snapshot!(render(vec![target(vec![pass()]), target(vec![hollow])], &layout(100, Detail::Normal)));
}

#[test]
fn a_kubelet_that_stops_says_where_and_why() {
    let mut stopped = target(vec![]);
    let kubelet = stopped.kubelet.as_mut().unwrap();
    (kubelet.starts, kubelet.stage, kubelet.version_assumed) = (Some(false), Some(Stage::Validation), false);
    let mut error = kubelet.warnings.remove(0);
    (error.severity, error.code) = (IssueSeverity::Error, "validation".into());
    kubelet.errors.push(error);
    assert_snapshot!(render(vec![stopped], &layout(100, Detail::Normal)));
}

#[test]
fn a_missing_layer_is_named() {
    let mut partial = target(vec![]);
    let kubelet = partial.kubelet.as_mut().unwrap();
    kubelet.starts = None;
    kubelet.missing_layers.push("/var/lib/kubelet/config.yaml".into());
    kubelet.warnings.clear();
    assert!(render(vec![partial], &layout(140, Detail::Normal)).contains(
        "Evaluated as kubelet 1.36 (no --kubelet-version given): the result is incomplete; not supplied: /var/lib/kubelet/config.yaml\n"
    ));
}

#[test]
fn nothing_from_an_input_steers_the_terminal() {
    let evil = "\x1b]0;owned\x07\x1b[2J\u{202e}\r";
    let mut finding = fail();
    finding.message = evil.into();
    finding.fix = evil.into();
    finding.evidence[0].value = Some(evil.into());
    finding.evidence[0].path = evil.into();
    let mut target = target(vec![finding]);
    target.source = evil.into();
    target.node = Some(evil.into());
    target.errors.push(Issue {
        code: "unreadable".into(),
        severity: IssueSeverity::Error,
        message: evil.into(),
        help: evil.into(),
        location: Some(Location { source: evil.into(), range: None }),
    });
    for detail in [Detail::Quiet, Detail::Normal, Detail::Verbose] {
        for texts in [&Node(evil) as &dyn SourceTexts, &NoTexts] {
            let layout = Layout { next: Some((evil, evil)), ..layout(60, detail) };
            let shown = text(&crate::report_of(vec![target.clone()]), texts, &layout);
            let steers = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
            assert!(!shown.contains(steers), "{shown:?}");
        }
    }
}

#[test]
fn quiet_is_one_line_for_what_is_wrong() {
    let shown = render(vec![target(vec![pass(), fail()])], &layout(40, Detail::Quiet));
    assert_eq!(
        shown,
        "node.yaml:3:35: fail 3.2.9: featureGates.RotateKubeletServerCertificate is false in node.yaml.\n"
    );
    assert_eq!(render(vec![target(vec![pass()])], &layout(40, Detail::Quiet)), "");
}

#[test]
fn a_report_that_does_not_fit_its_texts_is_still_shown() {
    let shown = text(&crate::report_of(vec![target(vec![fail()])]), &Node("é"), &layout(60, Detail::Verbose));
    assert!(shown.contains("--> node.yaml:3:35\n\n"), "{shown}");
}
