//! Every control with cases that pass, fail and sit on an edge: `benchmark/effective` at 1.34.

use serde_json::json;

use super::cases::CaseInput;
use super::{HEAD, audit};
use crate::controls::CONTROLS;

fn answer(edition: &str, control: &str, input: &CaseInput) -> String {
    let config = match input {
        CaseInput::File(body) => Some(format!("{HEAD}{body}")),
        CaseInput::Flags(_) => None,
        CaseInput::Dump(fields) => Some(format!("{{\"kubeletconfig\":{{{fields}}}}}")),
    };
    let args = match input {
        CaseInput::Flags(flags) => Some(format!("kubelet --kubeconfig=/k {flags}")),
        _ => None,
    };
    let request = json!({
        "config": config, "args": args, "kubeletVersion": "1.34",
        "benchmark": edition, "controls": [control],
    });
    let target = audit(request);
    assert!(!target.findings.is_empty(), "{control}: {:?}", target.errors);
    let finding = &target.findings[0];
    let word = |value: serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    format!(
        "{}/{}",
        word(serde_json::to_value(finding.benchmark.verdict).unwrap()),
        word(serde_json::to_value(finding.effective.verdict).unwrap())
    )
}

#[test]
fn every_control_answers_its_cases() {
    let mut wrong = Vec::new();
    for control in CONTROLS {
        let slug = control.metadata().slug;
        for (edition, input, expected) in control.cases() {
            let got = answer(edition, slug, input);
            if got != *expected {
                wrong.push(format!("{slug} ({edition}) {input:?}: {got}, not {expected}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_control_has_cases_on_both_sides_and_an_edge() {
    for control in CONTROLS {
        let slug = control.metadata().slug;
        let answers: Vec<&str> = control.cases().iter().map(|(.., answer)| *answer).collect();
        let has = |side| answers.iter().any(|answer| answer.starts_with(side));
        let is_one_sided = control.one_sided().is_some();
        assert_eq!(has("pass") && has("fail"), !is_one_sided, "{slug}: {answers:?}");
        assert!(answers.len() >= if is_one_sided { 2 } else { 3 }, "{slug}: {answers:?}");
    }
}
