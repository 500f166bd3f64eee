//! The threshold, waivers and baselines, and where reports go.

use kubelet_audit_cli::host::Terminal;

use crate::machine::{FAILS, Machine, PASSES, json, machine, run};

const DAY: u64 = 86_400;
/// 2026-11-24
const TODAY: u64 = 20_781 * DAY;

fn waived(waivers: &'static str, line: &str) -> (u8, Machine) {
    let mut machine = machine(&[("bad", FAILS), ("ok", PASSES), ("w", waivers)]);
    machine.now = Some(TODAY);
    let code = run(&mut machine, &format!("{line} --waivers w"));
    (code, machine)
}

#[test]
fn the_threshold_decides_the_exit_code_and_nothing_else() {
    // The finding's severity is medium.
    for (line, code) in [
        ("bad", 1),
        ("bad --fail-on info", 1),
        ("bad --fail-on medium", 1),
        ("bad --fail-on high", 0),
        ("bad --fail-on never", 0),
        ("bad --exit-zero", 0),
        ("bad lost --exit-zero", 2),
        ("bad lost --fail-on never", 2),
        ("--fail-on never", 3),
    ] {
        let mut machine = machine(&[("bad", FAILS)]);
        assert_eq!(run(&mut machine, line), code, "{line}");
        assert_eq!(machine.stdout.contains("1 fail"), line.starts_with("bad"), "{line}");
    }
}

#[test]
fn a_waiver_marks_and_lets_pass_up_to_its_last_day() {
    let waiver =
        "- control: rotate-kubelet-server-certificate\n  target: b*\n  reason: until the new image\n";
    for (expires, code) in [("2026-11-24", 0), ("2026-11-25", 0), ("2026-11-23", 1)] {
        let by_number = waiver.replace("rotate-kubelet-server-certificate", "3.2.9");
        for form in [
            format!("{waiver}  expires: {expires}\n"),
            format!("{waiver}  expires: '{expires}'\n"),
            format!("{by_number}  expires: {expires}\n"),
        ] {
            let (got, machine) = waived(form.clone().leak(), "bad --format json");
            assert_eq!(got, code, "{form} {}", machine.stderr);
            let report = json(&machine);
            let finding = &report["targets"][0]["findings"][0];
            assert_eq!(finding["status"], "fail");
            assert_eq!(report["summary"]["fail"], 1);
            if code == 0 {
                let want = serde_json::json!({"reason": "until the new image", "expires": expires});
                assert_eq!((&finding["waived"], &report["summary"]["waived"]), (&want, &1.into()));
                assert_eq!((machine.stderr.as_str(), &report["notices"]), ("", &serde_json::Value::Null));
            } else {
                assert_eq!(finding["waived"], serde_json::Value::Null);
                assert_eq!(report["notices"][0]["code"], "expired-waiver");
                assert!(machine.stderr.starts_with("warning: w:1: the waiver of "), "{}", machine.stderr);
            }
        }
    }
}

#[test]
fn the_date_is_the_environments_before_the_hosts() {
    let waiver = r#"{"waivers": [{"control": "rotate-kubelet-server-certificate", "target": "n?de", "reason": "r", "expires": "2026-11-24"}]}"#;
    for (epoch, now, code, stderr) in [
        ("", Some(TODAY), 0, ""),
        ("", Some(TODAY + DAY), 1, "warning: w:1: "),
        ("1800000000", Some(TODAY), 1, "warning: w:1: "),
        ("1000000000", None, 0, ""),
        ("", None, 2, "error: waivers expire, but this host has no clock"),
        (
            "tomorrow",
            Some(TODAY),
            2,
            "error: SOURCE_DATE_EPOCH must be a number of seconds since 1970, not \"tomorrow\"",
        ),
    ] {
        let mut machine = machine(&[("bad", FAILS), ("w", waiver)]);
        machine.now = now;
        machine.environment.insert("SOURCE_DATE_EPOCH", epoch);
        assert_eq!(run(&mut machine, "bad --node node --waivers w --format json"), code, "{epoch}");
        assert!(machine.stderr.starts_with(stderr), "{}", machine.stderr);
    }
}

#[test]
fn waivers_of_no_use_are_reported() {
    let waivers = "- {control: rotate-kubelet-server-certificate, target: ok, reason: r, expires: 2027-01-01}\n\
                   - {control: event-qps, target: '*', reason: r, expires: 2027-01-01}\n\
                   - {control: event-qps, target: '*', reason: r, expires: 2020-01-01}\n";
    let (code, machine) = waived(waivers, "ok --format json");
    assert_eq!(code, 0);
    let notices: Vec<String> = json(&machine)["notices"]
        .as_array()
        .unwrap()
        .iter()
        .map(|notice| {
            format!("{} {}", notice["code"].as_str().unwrap(), notice["location"]["range"]["start"]["line"])
        })
        .collect();
    assert_eq!(notices, ["unused-waiver 1", "unused-waiver 2", "expired-waiver 3"]);
    let (_, machine) = waived(waivers, "ok");
    assert!(
        machine.stdout.contains("the waiver of event-qps for * matched no finding (w:2:3)"),
        "{}",
        machine.stdout
    );
    assert_eq!(machine.stderr, "");
}

#[test]
fn a_bad_waiver_is_an_error_with_its_place_and_nothing_is_audited() {
    for (text, errors) in [
        ("", "error: w:1:1: the document is empty\n"),
        ("a: [", "error: w:1:"),
        ("x: 1", "error: w:1:1: x: unknown field `x`, expected `waivers`\n"),
        ("waivers: []\nmore: 1\n", "error: w:2:1: more: unknown field `more`, expected `waivers`\n"),
        ("- 1\n", "error: w:1:3: invalid type: integer `1`, expected a waiver: "),
        (
            "- control: event-qsp\n  target: ''\n  reason: 3\n  expires: 2026-02-30\n  onwer: me\n",
            "error: w:1:12: control: unknown control \"event-qsp\"; did you mean event-qps?\n",
        ),
        (
            "- control: event-qps\n  contrl: x\n",
            "error: w:2:3: contrl: unknown field `contrl`, expected one of `control`, `target`, `reason`, `expires`\n",
        ),
        ("[[event-qps, '*', r, 2027-01-01]]", "error: w:1:2: invalid type: null, expected a waiver: "),
        (
            "- {control: event-qps, target: '', reason: r, expires: 2027-01-01}\n\
             - {control: event-qps, target: '[a', reason: r, expires: 2027-01-01}\n\
             - {control: event-qps, target: x, reason: 3, expires: 2027-01-01}\n\
             - {control: event-qps, target: x, reason: r, expires: 2026-02-30}\n\
             - {control: event-qps, target: x, reason: r}\n",
            "error: w:1:32: target: must not be empty\n\
             error: w:2:32: target: invalid pattern \"[a\": unclosed character class; missing ']'\n\
             error: w:3:43: reason: invalid type: integer `3`, expected a string\n\
             error: w:4:55: expires: expected a date such as 2027-01-31, found \"2026-02-30\"\n\
             error: w:5:3: missing field `expires`\n",
        ),
        (
            "[{\"control\":\"event-qps\",\"control\":\"event-qps\",\"target\":\"*\",\"reason\":\"r\",\"expires\":\"2027-01-01\"}]",
            "error: w:1:25: duplicate field `control`\n",
        ),
    ] {
        let (code, machine) = waived(text, "ok --format json");
        assert_eq!((code, machine.stdout.as_str()), (2, ""), "{text}");
        assert!(machine.stderr.starts_with(errors), "{text}: {}", machine.stderr);
    }
    let mut machine = machine(&[("ok", PASSES)]);
    machine.now = Some(TODAY);
    assert_eq!(run(&mut machine, "ok --waivers lost"), 2);
    assert_eq!(machine.stderr, "error: cannot read lost: no such file or directory\n");
}

#[test]
fn a_baseline_lets_pass_what_it_has_and_tells_what_is_gone() {
    let mut first = machine(&[("a", FAILS)]);
    assert_eq!(run(&mut first, "a --write-baseline b.json --format json --output r.json"), 1);
    let (baseline, report) = (first.written["b.json"].clone(), first.written["r.json"].clone());
    let fingerprint = serde_json::from_str::<serde_json::Value>(&report).unwrap()["targets"][0]["findings"]
        [0]["fingerprint"]
        .clone();
    assert_eq!(
        baseline,
        format!(
            "{{\"baselineVersion\":\"1.0\",\"findings\":[\n\
         {{\"fingerprint\":{fingerprint},\"control\":\"rotate-kubelet-server-certificate\",\"target\":\"a\"}}\n]}}\n"
        )
    );
    for known in [baseline, report] {
        let known: &'static str = known.leak();
        let run = |config: &'static str| {
            let mut machine = machine(&[("a", config), ("b", known)]);
            (run(&mut machine, "a --baseline b --format json"), json(&machine), machine)
        };
        let (code, report, _) = run(FAILS);
        assert_eq!((code, &report["targets"][0]["findings"][0]["baselineState"]), (0, &"unchanged".into()));
        assert_eq!(
            (&report["summary"]["unchanged"], &report["notices"]),
            (&1.into(), &serde_json::Value::Null)
        );
        let (code, report, machine) = run(PASSES);
        assert_eq!((code, report["notices"][0]["code"].as_str()), (0, Some("mended")));
        // Worth knowing, but no warning.
        assert_eq!(machine.stderr, "");
    }
    // Another finding is new.
    let mut machine = machine(&[("a", FAILS), ("b", "{\"baselineVersion\":\"1.0\",\"findings\":[]}")]);
    assert_eq!(run(&mut machine, "a --baseline b --format json"), 1);
    assert_eq!(json(&machine)["targets"][0]["findings"][0]["baselineState"], "new");
}

#[test]
fn what_is_no_baseline_is_refused() {
    for (text, error) in [
        ("{}", "error: b: expected a baseline (--write-baseline FILE) or a JSON report "),
        ("kind: KubeletConfiguration\n", "error: b: expected value at line 1 column 1\n"),
        (
            "{\"schemaVersion\":\"3.0\",\"targets\":[]}",
            "error: b: unsupported version \"3.0\"; expected 1.x or 2.x",
        ),
        (
            "{\"baselineVersion\":\"2.0\",\"findings\":[]}",
            "error: b: unsupported version \"2.0\"; expected 1.x",
        ),
        ("{\"schemaVersion\":\"2.0\"}", "error: b: missing field `targets`\n"),
        ("{\"schemaVersion\":\"1.7\"}", "error: b: missing field `targets`\n"),
        (
            "{\"baselineVersion\":\"1.0\",\"findings\":{}}",
            "error: b: findings: invalid type: map, expected a sequence\n",
        ),
        (
            "{\"schemaVersion\":\"1.0\",\"targets\":[{\"findings\":[{}]}]}",
            "error: b: targets[0].findings[0]: missing field `control`\n",
        ),
    ] {
        let mut machine = machine(&[("a", FAILS), ("b", text)]);
        assert_eq!(run(&mut machine, "a --baseline b"), 2, "{text}");
        assert!(machine.stderr.starts_with(error), "{text}: {}", machine.stderr);
        assert_eq!(machine.stdout, "");
    }
}

#[test]
fn what_is_waived_stays_out_of_a_written_baseline() {
    let waiver =
        "- {control: rotate-kubelet-server-certificate, target: bad, reason: r, expires: 2027-01-01}";
    let (code, machine) = waived(waiver, "bad --write-baseline b");
    assert_eq!(
        (code, machine.written["b"].as_str()),
        (0, "{\"baselineVersion\":\"1.0\",\"findings\":[\n]}\n")
    );
}

#[test]
fn every_report_goes_where_it_is_sent() {
    let mut machine = machine(&[("a", FAILS), ("b", PASSES)]);
    machine.terminal = Some(Terminal { columns: Some(60) });
    let line =
        "a b --format sarif --output s --format json --output j --format junit --output x --format text";
    assert_eq!(run(&mut machine, line), 1);
    assert!(machine.stdout.contains("\x1b[") && machine.stdout.contains("2 targets, "), "{}", machine.stdout);
    let read = |name: &str| serde_json::from_str::<serde_json::Value>(&machine.written[name]).unwrap();
    assert_eq!(read("s")["runs"][0]["results"].as_array().unwrap().len(), 1);
    assert_eq!(read("j")["targets"].as_array().unwrap().len(), 2);
    assert!(machine.written["x"].ends_with("</testsuites>\n"));

    let mut machine = crate::machine::machine(&[("a", FAILS)]);
    machine.terminal = Some(Terminal { columns: Some(60) });
    assert_eq!(run(&mut machine, "a --output t"), 1);
    assert_eq!((machine.stdout.as_str(), machine.written["t"].contains('\x1b')), ("", false));

    for line in ["a --output read-only/t", "a --write-baseline read-only/t"] {
        let mut machine = crate::machine::machine(&[("a", FAILS)]);
        assert_eq!(run(&mut machine, line), 2);
        assert_eq!(machine.stderr, "error: cannot write read-only/t: permission denied\n");
    }
}

#[test]
fn places_are_links_on_a_terminal_alone() {
    let link = "\x1b]8;;file:///home/me/d%20e/a\x1b\\a:3:48\x1b]8;;\x1b\\";
    for (columns, environment, linked) in [
        (Some(80), vec![("PWD", "/home/me/d e")], true),
        (None, vec![("PWD", "/home/me/d e"), ("FORCE_COLOR", "1")], false),
        (Some(80), vec![("PWD", "/home/me/d e"), ("NO_COLOR", "1")], false),
        (Some(80), vec![("PWD", "/home/me/d e"), ("TERM", "dumb")], false),
        (Some(80), vec![], false),
    ] {
        let mut machine = machine(&[("a", FAILS)]);
        machine.environment = environment.iter().copied().collect();
        machine.terminal = columns.map(|columns| Terminal { columns: Some(columns) });
        run(&mut machine, "a");
        assert_eq!(machine.stdout.contains("\x1b]8;;"), linked, "{environment:?}");
        assert_eq!(machine.stdout.contains(link), linked, "{environment:?} {}", machine.stdout);
    }
}

#[test]
fn schemas_and_completions_are_printed() {
    for (name, major) in [("report", 2), ("request", 2), ("waivers", 1), ("baseline", 1)] {
        let mut machine = machine(&[]);
        assert_eq!(run(&mut machine, &format!("schema {name}")), 0);
        assert_eq!(json(&machine)["$id"], format!("urn:kubelet-audit:schema:{name}:{major}"));
    }
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let mut machine = machine(&[]);
        assert_eq!(run(&mut machine, &format!("completions {shell}")), 0);
        assert!(machine.stdout.contains("write-baseline"), "{shell}");
        // clap_complete offers no values in these shells.
        let has_values = !["elvish", "powershell"].contains(&shell);
        for value in ["openreports", "event-qps", "cis-ack-1.0"] {
            assert_eq!(machine.stdout.contains(value), has_values, "{shell} {value}");
        }
    }
}
