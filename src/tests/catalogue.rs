//! The catalogue as a whole: controls, editions, documentation.

use std::collections::BTreeSet;

use serde_json::json;

use super::audit;
use crate::benchmark::editions;
use crate::controls::{CONTROLS, Docs, Example, control, controls, explain};
use crate::report::Status;

fn judged(example: &Example, docs: &Docs, slug: &str) -> Status {
    let mut args = vec!["kubelet".to_owned(), "--kubeconfig=/k".into()];
    args.extend(example.config.map(|_| "--config=/c".to_owned()));
    args.extend(example.args.iter().map(|arg| (*arg).to_owned()));
    let target = audit(json!({
        "config": example.document(), "args": args, "benchmark": docs.edition, "controls": [slug], "kubeletVersion": "1.36",
    }));
    assert!(!target.findings.is_empty(), "{slug}: {:?}", target.errors);
    target.findings[0].benchmark.verdict
}

#[test]
fn examples_are_what_the_documentation_says() {
    for control in CONTROLS {
        let metadata = control.metadata();
        for example in [&metadata.docs.compliant, &metadata.docs.violating] {
            let verdict = judged(example, &metadata.docs, metadata.slug);
            assert_eq!(verdict, example.verdict, "{}: {example:?}", metadata.slug);
        }
    }
}

#[test]
fn controls_are_whole() {
    let mut slugs = BTreeSet::new();
    for control in CONTROLS {
        let metadata = control.metadata();
        let slug = metadata.slug;
        assert!(slugs.insert(slug), "{slug} twice");
        assert!(slug.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'), "{slug}");
        for title in [metadata.title, metadata.failure_title] {
            assert!(title.starts_with(char::is_uppercase) && !title.ends_with('.'), "{slug}: {title}");
        }
        assert_ne!(metadata.title, metadata.failure_title, "{slug}");
        assert!(!metadata.field.is_empty(), "{slug}");
        let statements = &metadata.statements;
        assert!(!statements.whether.is_empty() && !statements.whether.ends_with('.'), "{slug}");
        for text in [metadata.why, statements.yes, statements.no, statements.partly] {
            let is_sentence = text.starts_with(char::is_uppercase) && text.ends_with('.');
            assert!(is_sentence || text.is_empty(), "{slug}: {text}");
        }
        assert!(!metadata.why.is_empty(), "{slug}");
        for entry in metadata.fix_safety {
            assert!(entry.reason.len() > 20 && !entry.reason.ends_with('.'), "{slug}: {}", entry.reason);
        }
        let last = metadata.fix_safety.last().unwrap();
        assert!(last.setting.is_none() && last.value.is_none(), "{slug}: no entry for all settings");
        let docs = &metadata.docs;
        for text in [docs.checks, docs.matters, docs.remediation] {
            assert!(text.ends_with('.') && !text.contains("  "), "{slug}: {text}");
        }
        assert!(!docs.edge_cases.is_empty() && !docs.references.is_empty(), "{slug}");
        let file = slug.replace('-', "_");
        let path = format!("{}/src/controls/rules/{file}.rs", env!("CARGO_MANIFEST_DIR"));
        assert!(std::path::Path::new(&path).is_file(), "{path}");
        assert!(
            editions().any(|edition| edition.rows.iter().any(|row| row.control == slug)),
            "{slug} is in no edition"
        );
        assert_eq!(explain(slug).unwrap().listed.control, slug);
    }
    assert_eq!(controls().len(), CONTROLS.len());
}

#[test]
fn editions_are_whole() {
    let mut names = BTreeSet::new();
    let mut rows = 0;
    for edition in editions() {
        for name in std::iter::once(&edition.id).chain(edition.aliases) {
            assert!(names.insert(*name), "{name} twice");
            assert_eq!(crate::benchmark::edition(name).map(|e| e.id), Some(edition.id), "{name}");
        }
        let mut numbers = BTreeSet::new();
        for row in edition.rows {
            rows += 1;
            assert!(control(row.control).is_some(), "{} {}: {}", edition.id, row.number, row.control);
            assert!(numbers.insert(row.number), "{} {} twice", edition.id, row.number);
            assert!(!row.title.is_empty());
        }
    }
    // A row that goes missing is found by the comparison with the source.
    assert!(rows > 500, "{rows} rows");
    let strict = crate::benchmark::edition("strict").unwrap();
    for row in strict.rows {
        assert_eq!(
            strict.reasons.iter().filter(|reason| reason.control == row.control).count(),
            1,
            "{}",
            row.control
        );
    }
    assert_eq!(strict.rows.len(), strict.reasons.len());
}

#[test]
fn every_edition_reports_each_row_once_and_in_order() {
    for edition in editions().filter(|edition| !edition.is_empty()) {
        for config in ["", "readOnlyPort: 1\nprotectKernelDefaults: false\n", "readOnlyPort: \"x\"\n"] {
            let target = audit(json!({
                "config": format!("{}{config}", super::HEAD),
                "benchmark": edition.id,
                "kubeletVersion": "1.31",
            }));
            let got: Vec<(&str, &str)> = target
                .findings
                .iter()
                .map(|finding| (finding.benchmark.number.as_str(), finding.control.as_str()))
                .collect();
            let expected: Vec<(&str, &str)> =
                edition.rows.iter().map(|row| (row.number, row.control)).collect();
            assert_eq!(got, expected, "{}", edition.id);
            for finding in &target.findings {
                let message = &finding.message;
                assert!(message.ends_with('.') && !message.contains("  "), "{}: {message}", finding.control);
                for text in std::iter::once(&finding.fix).chain(&finding.effective.notes) {
                    assert!(!text.ends_with('.') && !text.contains("  "), "{}: {text}", finding.control);
                    let first = text.split(' ').next().unwrap_or("");
                    let is_name = first.contains(['-', '.']) || first.chars().skip(1).any(char::is_uppercase);
                    assert!(is_name || !first.starts_with(char::is_uppercase), "{}: {text}", finding.control);
                }
                assert!(!finding.message.is_empty() && !finding.why.is_empty());
                if finding.benchmark.verdict == Status::Fail {
                    assert!(!finding.fix.is_empty(), "{} {}", edition.id, finding.control);
                }
            }
        }
    }
}
