//! The command on a machine in memory: arguments in, output and exit code out.

#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where something is not as it should be, in its helpers too"
)]

mod carriers;
mod gate;
mod inputs;
mod machine;

use kubelet_audit::request::{ConfigInput, Request};
use kubelet_audit_cli::host::Terminal;

use machine::{CONTROL, FAILS, PASSES, STOPS, json, machine, run};

#[test]
fn exit_codes_tell_of_the_report() {
    for (line, code) in [
        ("ok", 0),
        ("check ok bad", 1),
        ("bad lost", 2),
        ("ok --format", 2),
        ("", 3),
        ("effective ok", 0),
        ("effective stops", 1),
        ("effective lost", 2),
        ("help", 0),
        ("version", 0),
    ] {
        let mut machine = machine(&[("ok", PASSES), ("bad", FAILS), ("stops", STOPS)]);
        assert_eq!(run(&mut machine, line), code, "{line}: {}", machine.stderr);
        // Standard output is the report only, and wrong usage has none.
        assert_eq!(machine.stdout.is_empty(), line == "ok --format", "{line}");
    }
}

#[test]
fn one_broken_file_hides_none_of_the_others() {
    let mut machine = machine(&[("a", FAILS), ("c", PASSES)]);
    machine.files.insert("b", b"kind: \xff".to_vec());
    assert_eq!(run(&mut machine, "--format json a b lost c/.. c"), 2);
    let report = json(&machine);
    let sources: Vec<_> =
        report["targets"].as_array().unwrap().iter().map(|t| t["source"].as_str().unwrap()).collect();
    assert_eq!(sources, ["a", "b", "lost", "c/..", "c"]);
    assert_eq!(report["summary"]["unreadable"], 3);
    assert_eq!((&report["summary"]["fail"], &report["summary"]["pass"]), (&1.into(), &1.into()));
    let undecodable = &report["targets"][1]["errors"][0];
    assert_eq!(undecodable["code"], "invalid-utf8");
    assert_eq!(
        undecodable["location"]["range"]["start"],
        serde_json::json!({"offset": 6, "line": 1, "column": 7})
    );
    assert_eq!(report["targets"][2]["errors"][0]["message"], "cannot read lost: no such file or directory");
    assert_eq!(report["targets"][2]["findings"], serde_json::json!([]));
}

#[test]
fn json_is_what_the_library_gives_and_a_line_break() {
    let mut machine = machine(&[("a", FAILS)]);
    assert_eq!(run(&mut machine, "check a --format json --node n"), 1);
    let request = Request {
        config: Some(ConfigInput::Text(FAILS.into())),
        source: Some("a".into()),
        node: Some("n".into()),
        controls: Some(vec![CONTROL.into()]),
        ..Request::default()
    };
    assert_eq!(
        machine.stdout,
        serde_json::to_string(&kubelet_audit::audit(&request).unwrap()).unwrap() + "\n"
    );
    assert_eq!(machine.stderr, "");
}

#[test]
fn layers_are_read_and_belong_to_every_file() {
    let drop_in = |field: &str| {
        let head = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n";
        String::leak(format!("{head}{field}\n"))
    };
    let mut machine = machine(&[
        ("a", drop_in("maxPods: 1")),
        ("b", drop_in("maxPods: 2")),
        ("d/20.conf", drop_in("podsPerCore: 3")),
        ("d/sub/10.conf", drop_in("registryBurst: 4")),
        ("d/readme.md", "never read"),
        ("else/30.conf", drop_in("registryPullQPS: 5")),
        ("u", "[Service]\nExecStart=/usr/bin/kubelet $MORE\n"),
    ]);
    machine.stdin = b"MORE=--event-burst=6\n".to_vec();
    let line = "a b --config-dir d/ --drop-in else/30.conf --args-from u --args-from - --format json";
    assert_eq!(run(&mut machine, line), 1, "{}", machine.stderr);
    let report = json(&machine);
    for (target, pods) in [(0, 1), (1, 2)] {
        let kubelet = &report["targets"][target]["kubelet"];
        let values = ["maxPods", "podsPerCore", "registryBurst", "registryPullQPS", "eventBurst"]
            .map(|field| kubelet["effective"][field].clone());
        assert_eq!(values, [pods, 3, 4, 5, 6].map(serde_json::Value::from), "{kubelet}");
    }
}

#[test]
fn layers_alone_are_one_target() {
    let mut machine = machine(&[("u", "[Service]\nExecStart=/usr/bin/kubelet --v=2\n")]);
    assert_eq!(run(&mut machine, "--args-from u --format json"), 1);
    assert_eq!(json(&machine)["targets"][0]["source"], "u");
    assert_eq!(run(&mut machine, "--args=--max-pods=7 --format json"), 1);
    assert_eq!(json(&machine)["targets"][0]["kubelet"]["effective"]["maxPods"], 7);
}

#[test]
fn a_layer_that_cannot_be_read_leaves_nothing_judged() {
    let mut machine = machine(&[("a", PASSES), ("x/1.conf", "1"), ("y/1.conf", "2")]);
    assert_eq!(
        run(&mut machine, "a --config-dir lost --drop-in x/1.conf --drop-in y/1.conf --format json"),
        2
    );
    let report = json(&machine);
    let target = &report["targets"][0];
    assert_eq!((&target["findings"], &target["kubelet"]), (&serde_json::json!([]), &serde_json::Value::Null));
    let codes: Vec<_> =
        target["errors"].as_array().unwrap().iter().map(|issue| issue["code"].clone()).collect();
    assert_eq!(codes, ["unreadable", "invalid-request"]);
}

#[test]
fn a_mistyped_command_is_told_from_a_lost_file() {
    let mut machine = machine(&[]);
    assert_eq!(run(&mut machine, "effectve a"), 2);
    assert_eq!(
        machine.stdout,
        "effectve\nnot audited\n  error: cannot read effectve: no such file or directory [unreadable]\n    help did you mean the command `effective`?\n\na\nnot audited\n  error: cannot read a: no such file or directory [unreadable]\n\n2 targets: 2 \
         unreadable\n"
    );
}

#[test]
fn documents_are_limited_and_the_limit_can_be_raised() {
    let large = format!("{PASSES}#{}", "x".repeat(1024 * 1024));
    let mut machine = machine(&[("a", &large)]);
    assert_eq!(run(&mut machine, "a --format json"), 2);
    assert_eq!(json(&machine)["targets"][0]["errors"][0]["code"], "too-large");
    assert_eq!(run(&mut machine, "a --max-bytes 2M"), 0);
}

#[test]
fn text_shows_the_line_and_the_path_of_a_drop_in() {
    let mut machine = machine(&[("config", PASSES), ("sub/node.conf", FAILS)]);
    assert_eq!(run(&mut machine, "config --drop-in sub/node.conf"), 1);
    assert!(machine.stdout.contains("--> sub/node.conf:3:48"), "{}", machine.stdout);
    assert!(
        machine.stdout.contains("  3 | featureGates: {RotateKubeletServerCertificate: false}\n"),
        "{}",
        machine.stdout
    );
    let next = "For step-by-step remediation: kubelet-audit check --verbose --drop-in sub/node.conf config\n";
    assert!(machine.stdout.ends_with(next), "{}", machine.stdout);
}

#[test]
fn credentials_on_the_command_line_are_not_repeated() {
    let mut machine = machine(&[("a", FAILS)]);
    run(&mut machine, "a --args=--manifest-url-header=A:s3cret");
    assert!(machine.stdout.contains("1 fail") && !machine.stdout.contains("s3cret"), "{}", machine.stdout);
}

#[test]
fn wrong_options_are_reported_once_before_any_file_is_opened() {
    for option in ["--benchmark=cis-aks-17", "--kubelet-version=2", "--node=a --node=b", "--nope\x1b[2J"] {
        let mut machine = machine(&[]);
        assert_eq!(run(&mut machine, &format!("lost1 lost2 {option}")), 2, "{option}");
        assert_eq!(machine.stdout, "");
        assert_eq!(machine.stderr.matches("error: ").count(), 1, "{}", machine.stderr);
        assert!(
            !machine.stderr.contains(['\x1b', '`']) && !machine.stderr.contains("lost"),
            "{}",
            machine.stderr
        );
    }
}

#[test]
fn the_manual_page_is_printed() {
    let mut machine = machine(&[]);
    assert_eq!(run(&mut machine, "man"), 0);
    assert!(machine.stdout.contains(".TH kubelet-audit 1"), "{}", machine.stdout);
    assert!(machine.stdout.contains("write\\-baseline"), "{}", machine.stdout);
}

#[test]
fn nothing_to_audit_is_said() {
    let mut machine = machine(&[]);
    assert_eq!(run(&mut machine, ""), 3);
    assert_eq!(machine.stdout, "nothing to audit\n");
    assert!(machine.stderr.starts_with("error: nothing to audit: pass a FILE"), "{}", machine.stderr);
}

#[test]
fn colours_follow_option_environment_and_terminal_in_that_order() {
    let terminal = Some(Terminal { columns: None });
    for (line, environment, terminal, coloured) in [
        ("a", vec![], None, false),
        ("a", vec![], terminal, true),
        ("a", vec![("TERM", "dumb")], terminal, false),
        ("a", vec![("NO_COLOR", "1")], terminal, false),
        ("a", vec![("NO_COLOR", "")], terminal, true),
        ("a", vec![("FORCE_COLOR", "1")], None, true),
        ("a", vec![("CLICOLOR_FORCE", "1"), ("TERM", "dumb")], None, true),
        ("a", vec![("FORCE_COLOR", "0")], terminal, false),
        ("a", vec![("CLICOLOR", "0")], terminal, false),
        ("a", vec![("CLICOLOR", "0"), ("CLICOLOR_FORCE", "1")], terminal, true),
        ("--help", vec![], terminal, true),
        ("--help", vec![], None, false),
        ("a", vec![("FORCE_COLOR", "1"), ("NO_COLOR", "1")], terminal, false),
        ("a --color always", vec![("NO_COLOR", "1")], None, true),
        ("a --color never", vec![("FORCE_COLOR", "1")], terminal, false),
    ] {
        let mut machine = machine(&[("a", FAILS)]);
        machine.environment = environment.iter().copied().collect();
        machine.terminal = terminal;
        run(&mut machine, line);
        assert_eq!(machine.stdout.contains('\x1b'), coloured, "{line} {environment:?} {terminal:?}");
    }
}

#[test]
fn lines_are_as_wide_as_the_terminal() {
    let widest = |columns: Option<u16>, environment: &[(&'static str, &'static str)]| {
        let mut machine = machine(&[]);
        machine.terminal = columns.map(|columns| Terminal { columns: Some(columns) });
        machine.environment = environment.iter().copied().collect();
        machine.environment.insert("NO_COLOR", "1");
        run(&mut machine, "help effective");
        // clap does not wrap the usage and headings.
        machine
            .stdout
            .lines()
            .filter(|line| !line.starts_with("Usage") && !line.ends_with(":"))
            .map(str::len)
            .max()
            .unwrap()
    };
    assert!((35..=40).contains(&widest(Some(40), &[])));
    assert!((60..=80).contains(&widest(Some(200), &[("COLUMNS", "80")])));
    assert!((80..=100).contains(&widest(None, &[])));
}

#[test]
fn a_reader_that_left_is_no_failure() {
    let mut machine = machine(&[("a", FAILS)]);
    machine.reader_left = true;
    assert_eq!(run(&mut machine, "a"), 1);
    assert_eq!(machine.stderr, "");
}

#[test]
fn help_states_every_option_with_its_default_and_values() {
    let mut machine = machine(&[]);
    run(&mut machine, "--help");
    // Written by: kubelet-audit --help > cli/tests/command/help.txt
    assert_eq!(machine.stdout, include_str!("help.txt"));
    run(&mut machine, "version");
    assert_eq!(machine.stdout, concat!("kubelet-audit ", env!("CARGO_PKG_VERSION"), "\n"));
}

/// A config for the real core, which makes the fixes.
const REAL: &str = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n# end\n";

#[test]
fn a_diff_shows_what_would_be_written_and_says_what_is_left_out() {
    let mut machine = machine(&[("/n.yaml", REAL)]);
    run(&mut machine, "/n.yaml --diff");
    assert!(machine.stdout.starts_with("--- a/n.yaml\n+++ b/n.yaml\n@@ -1,3 +1,"), "{}", machine.stdout);
    assert!(machine.stdout.contains("+  RotateKubeletServerCertificate: true\n"), "{}", machine.stdout);
    assert!(!machine.stdout.contains("serverTLSBootstrap"), "{}", machine.stdout);
    assert!(machine.stderr.contains("would fix: rotate-kubelet-server-certificate: "), "{}", machine.stderr);
    assert!(machine.stderr.contains("Use --unsafe-fixes to apply."), "{}", machine.stderr);
}

#[test]
fn arguments_as_they_run_are_shown_and_not_patched() {
    let mut machine = machine(&[
        ("n.yaml", REAL),
        ("ps", "/usr/bin/kubelet --config=/c --kubeconfig=/k --anonymous-auth=true\n"),
    ]);
    run(&mut machine, "n.yaml --args-from ps --diff --unsafe-fixes --control anonymous-auth");
    assert_eq!(machine.stdout, "");
    let shown = "at their source:\n  --- a/ps\n  +++ b/ps\n  @@ -1,1 +1,1 @@\n  -/usr/bin/kubelet --config=/c --kubeconfig=/k --anonymous-auth=true\n  +/usr/bin/kubelet --config=/c --kubeconfig=/k --anonymous-auth=false\n";
    assert!(machine.stderr.ends_with(shown), "{}", machine.stderr);
}

#[test]
fn a_host_that_cannot_write_says_so() {
    let mut machine = machine(&[("n.yaml", REAL)]);
    assert_eq!(run(&mut machine, "n.yaml --fix"), 2);
    let told = "error: n.yaml not written: this build cannot write files; run with --diff and apply the output with patch\n";
    assert!(machine.stderr.ends_with(told), "{}", machine.stderr);
    assert_eq!(run(&mut machine, "n.yaml --fix --diff"), 2);
    assert_eq!(run(&mut machine, "n.yaml --unsafe-fixes"), 2);
    assert_eq!(run(&mut machine, "n.yaml --diff --format json"), 2);
}

#[test]
fn the_catalogue_is_listed_and_explained() {
    let run = |line: &str| {
        let mut machine = machine(&[]);
        let code = run(&mut machine, line);
        (code, machine)
    };
    let (code, listed) = run("controls --format json");
    assert_eq!(code, 0);
    assert!(json(&listed).as_array().unwrap().iter().any(|one| one["control"] == "read-only-port"));
    let (code, told) = run("explain read-only-port --format markdown");
    assert_eq!(code, 0);
    assert!(told.stdout.starts_with("# "), "{}", told.stdout);
    for line in
        ["explain", "explain read-only", "explain a b", "controls x", "ok --level 3", "ok --severity worst"]
    {
        let (code, wrong) = run(line);
        assert_eq!((code, wrong.stdout.as_str()), (2, ""), "{line}");
        assert!(!wrong.stderr.is_empty(), "{line}");
    }
}

#[test]
fn controls_have_numbers() {
    let run = |line: &str| {
        let mut machine = machine(&[("a", FAILS)]);
        let code = run(&mut machine, line);
        (code, machine)
    };
    let (code, listed) = run("controls --benchmark cis-1.12");
    assert_eq!(code, 0);
    assert!(listed.stdout.contains("\n4.2.4   read-only-port "), "{}", listed.stdout);
    let (code, listed) = run("controls --benchmark eks-stig-v1r6 --format json");
    assert_eq!(code, 0);
    assert!(
        json(&listed).as_array().unwrap().iter().any(|row| row["number"] == "V-242397"),
        "{}",
        listed.stdout
    );
    let page = run("explain rotate-kubelet-server-certificate").1.stdout;
    assert_eq!(run("explain 3.2.9").1.stdout, page);
    assert_eq!(run("explain 4.2.4 --benchmark cis-1.12").1.stdout, run("explain read-only-port").1.stdout);
    let (code, wrong) = run("explain 9.9.9 --benchmark cis-1.12");
    assert_eq!((code, wrong.stdout.as_str()), (2, ""));
    let (code, report) = run("a --control 3.2.9 --format json");
    assert_eq!((code, &json(&report)["targets"][0]["findings"][0]["control"]), (1, &CONTROL.into()));
}

#[test]
fn standard_input_can_have_a_name() {
    let mut machine = machine(&[]);
    machine.stdin = FAILS.as_bytes().to_vec();
    assert_eq!(run(&mut machine, "- --stdin-filename conf/node.yaml"), 1);
    assert!(machine.stdout.contains("conf/node.yaml:3:48"), "{}", machine.stdout);
    // Nothing is written to a file that was not read.
    machine.stdin = FAILS.as_bytes().to_vec();
    assert_eq!(run(&mut machine, "- --stdin-filename conf/node.yaml --fix"), 2);
    assert!(machine.stderr.contains("conf/node.yaml not written: not a file"), "{}", machine.stderr);
}

#[test]
fn a_selection_reaches_the_request() {
    let mut machine = machine(&[("a", FAILS)]);
    let args = ["a", "--control", "event-qps, anonymous-auth", "--severity", "high", "--format", "json"];
    kubelet_audit_cli::run(&args.map(str::to_owned), &mut machine);
    let findings = json(&machine)["targets"][0]["findings"].clone();
    let controls: Vec<_> =
        findings.as_array().unwrap().iter().map(|finding| finding["control"].as_str().unwrap()).collect();
    assert_eq!(controls, ["anonymous-auth"]);
}
