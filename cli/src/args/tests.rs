use kubelet_audit::render::{Detail, ReportForm};
use kubelet_audit::report::Severity;
use kubelet_audit::request::{Basis, ServingCertificates};

use super::check::{CheckArgs, FixRoute};
use super::{Invocation, definition, parse};

const WIDTH: usize = 100;

fn parsed(line: &str) -> Result<Invocation, String> {
    let args: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
    parse(&args, WIDTH).map_err(|error| error.to_string())
}

fn check(line: &str) -> CheckArgs {
    match parsed(line) {
        Ok(Invocation::Check(args)) => *args,
        other => panic!("{line}: {other:?}"),
    }
}

#[test]
fn the_definition_is_consistent() {
    definition(WIDTH).debug_assert();
}

#[test]
fn the_first_word_is_a_command_or_else_a_file() {
    for (line, files) in [
        ("node.json", vec!["node.json"]),
        ("check node.json -", vec!["node.json", "-"]),
        ("check check", vec!["check"]),
        ("a version", vec!["a", "version"]),
        ("-v version", vec!["version"]),
        ("-- --odd", vec!["--odd"]),
        ("", vec![]),
    ] {
        assert_eq!(check(line).node.files, files, "{line}");
    }
    assert!(matches!(parsed("effective a"), Ok(Invocation::Effective(args)) if args.node.files == ["a"]));
    assert!(matches!(parsed("version"), Ok(Invocation::Version)));
    for (line, start) in [
        ("-V", "kubelet-audit "),
        ("check -V", "kubelet-audit-check "),
        ("-h", "Audits "),
        ("--help", "Audits "),
        ("effective -h", "Show "),
        ("help check", "Audit nodes"),
    ] {
        let text = parsed(line).unwrap_err();
        assert!(text.starts_with(start), "{line}: {text}");
    }
}

#[test]
fn every_option_of_a_node_arrives() {
    let node = check(
        "check a --config-dir d --drop-in x.conf --drop-in=y.conf --args=--v=2 --args-from u --args-from - \
         --kubelet-version v1.31 --benchmark auto --basis both --node n --serving-certificates api-server \
         --max-bytes 2M --level 2 --severity low --with-fixes -v -v",
    )
    .node;
    assert_eq!(node.config_dir.as_deref(), Some("d"));
    assert_eq!(node.drop_ins, ["x.conf", "y.conf"]);
    assert_eq!(node.args.as_deref(), Some("--v=2"));
    assert_eq!(node.args_from, ["u", "-"]);
    assert_eq!((node.node.as_deref(), node.max_bytes), (Some("n"), Some(2 * 1024 * 1024)));
    assert_eq!(
        (node.kubelet_version.as_deref(), node.serving_certificates),
        (Some("v1.31"), ServingCertificates::ApiServer)
    );
    let selection = node.selection;
    assert_eq!((selection.benchmark.as_deref(), selection.basis), (Some("auto"), Basis::Both));
    assert_eq!((selection.level, selection.severity, selection.fixes), (Some(2), Some(Severity::Low), true));
}

#[test]
fn a_command_line_may_start_with_dashes() {
    assert_eq!(check("--args --v=2").node.args.as_deref(), Some("--v=2"));
    assert_eq!(check("--args --help").node.args.as_deref(), Some("--help"));
}

#[test]
fn sizes_have_units() {
    for (text, size) in [("1", 1), ("64K", 65_536), ("2m", 2_097_152), ("16M", 16_777_216)] {
        assert_eq!(check(&format!("--max-bytes {text}")).node.max_bytes, Some(size));
    }
    for text in ["0", "17M", "4096M", "1G", "+1", "M", "1.5M"] {
        assert!(parsed(&format!("--max-bytes {text}")).is_err(), "{text}");
    }
}

#[test]
fn controls_are_a_list() {
    let controls = |value: &str| {
        let args = ["--control", value].map(str::to_owned);
        match parse(&args, WIDTH) {
            Ok(Invocation::Check(args)) => args.node.selection.controls,
            _ => None,
        }
    };
    let two = Some(vec!["event-qps".to_owned(), "read-only-port".to_owned()]);
    assert_eq!(controls("event-qps,read-only-port"), two);
    assert_eq!(controls(" event-qps,, read-only-port,"), two);
    // A list of none would pass every node.
    assert_eq!((controls(""), controls(","), controls("event")), (None, None, None));
}

#[test]
fn fixes_are_shown_or_applied() {
    for (line, diff, unsafe_fixes, route) in [
        ("a --diff --unsafe-fixes", true, true, FixRoute::ConfigFile),
        ("a --fix --fix-route drop-in --format json", false, false, FixRoute::DropIn),
    ] {
        let fixes = check(line).fixes;
        assert_eq!(
            (fixes.diff, fixes.fix, fixes.unsafe_fixes, fixes.fix_route),
            (diff, !diff, unsafe_fixes, route)
        );
    }
    for line in [
        "a --fix --diff",
        "a --diff --format json",
        "a --diff --with-fixes",
        "a --unsafe-fixes",
        "a --fix-route drop-in",
        "a --fix-route flag",
        "--live n --fix",
        "--all-nodes --diff",
    ] {
        assert!(parsed(line).is_err(), "{line}");
    }
}

#[test]
fn live_nodes_are_named_or_selected() {
    let query = check("--live a --live b --retries 0").node.live.unwrap();
    assert_eq!(query.names, ["a", "b"]);
    assert_eq!((query.all, query.concurrency, query.timeout, query.retries), (false, 8, 30, 0));
    let query = check("--all-nodes --selector x=y --context c").node.live.unwrap();
    assert!(query.all && query.selector.is_some() && query.context.is_some());
    assert_eq!(check("a").node.live, None);
    for line in ["--live a --all-nodes", "--live a --selector b", "a --timeout 5", "--all-nodes --timeout 0"]
    {
        assert!(parsed(line).is_err(), "{line}");
    }
}

#[test]
fn an_output_belongs_to_the_format_before_it() {
    use ReportForm::{Json, JsonPretty, Junit, Sarif, Text};
    for (line, want) in [
        ("a", vec![(Text, "")]),
        ("a -v --format json-pretty", vec![(JsonPretty, "")]),
        ("a --output x", vec![(Text, "x")]),
        ("a --output -", vec![(Text, "")]),
        ("check a --format sarif --output s", vec![(Sarif, "s")]),
        ("a --output s --format sarif", vec![(Sarif, "s")]),
        ("a --format text --format sarif --output s", vec![(Text, ""), (Sarif, "s")]),
        ("a --format sarif --output s --format text", vec![(Sarif, "s"), (Text, "")]),
        ("a --format=junit --output j --format json --output -", vec![(Junit, "j"), (Json, "")]),
    ] {
        let reports = check(line).reports.reports;
        let got: Vec<_> = reports.iter().map(|(form, path)| (*form, path.as_deref().unwrap_or(""))).collect();
        assert_eq!(got, want, "{line}");
    }
    for (line, message) in [
        ("a --output x --output y", "'--output y' has no --format of its own: 'x' already has it"),
        ("a --format json --format sarif", "only one report can go to standard output"),
        ("a --format json --output x --format sarif --output x", "only one report can go to x"),
    ] {
        let error = parsed(line).unwrap_err();
        assert!(error.contains(message), "{line}: {error}");
    }
}

#[test]
fn the_threshold_is_a_severity_or_never() {
    for (line, want) in [
        ("a", Some(Severity::Info)),
        ("a --fail-on critical", Some(Severity::Critical)),
        ("a --fail-on never", None),
    ] {
        assert_eq!(check(line).gate.fail_on.0, want, "{line}");
    }
    assert_eq!(check("a -q").output.detail(), Detail::Quiet);
}

#[test]
fn inputs_are_read_once_and_not_overwritten() {
    for line in [
        "- -",
        "- --args-from -",
        "a --drop-in -",
        "a.yaml --output ./a.yaml",
        "a --waivers w --write-baseline w",
        "a --baseline b --format json --output b",
    ] {
        assert!(parsed(line).is_err(), "{line}");
    }
    assert!(parsed("a --baseline b --write-baseline b").is_ok());
}

#[test]
fn wrong_usage_names_the_error_and_a_similar_name() {
    for (line, parts) in [
        ("a --kubelet-verson 1", ["'--kubelet-verson'", "'--kubelet-version'"]),
        ("a --basis efective", ["'efective'", "'effective'"]),
        ("a --benchmark cis-aks-17", ["'cis-aks-17'", "'cis-aks-1.7'"]),
        ("a --control event-qsp", ["'event-qsp'", "'event-qps'"]),
        ("explain read-only-prt", ["'read-only-prt'", "'read-only-port'"]),
        ("explain x", ["'x'", "possible values: anonymous-auth, "]),
        ("a --control ocp-garbage-collection", ["cis-aks-1.7 has no control", "cis-openshift-1.8"]),
        ("schema reprt", ["'reprt'", "'report'"]),
        ("completions powrshell", ["'powrshell'", "'powershell'"]),
        ("a --kubelet-version 9", ["'9'", "1.31"]),
        ("a --node", ["a value is required", "--node <NAME>"]),
        ("a --node a --node b", ["--node <NAME>", "multiple times"]),
        ("a -q -v", ["'--quiet'", "'--verbose'"]),
        ("effective a b", ["'b'", "Usage: kubelet-audit effective"]),
        ("effective", ["FILE", "required"]),
        ("version a", ["'a'", "Usage: kubelet-audit version"]),
        ("help chek", ["unrecognized", "'chek'"]),
        ("a --verbose=1", ["'1'", "--verbose"]),
        ("a --\x1b[2Jx", ["'--\\x1b[2Jx'", "unexpected"]),
        ("a --benchmark \u{202e}x", ["'\\u{202e}x'", "--benchmark"]),
    ] {
        let error = parsed(line).unwrap_err();
        assert!(
            error.starts_with("error: ") && parts.iter().all(|part| error.contains(part)),
            "{line}: {error}"
        );
    }
}
