use kubelet_audit::render::{Detail, ReportForm};
use kubelet_audit::report::Severity;
use kubelet_audit::request::{Basis, ServingCertificates};

use super::{FixArgs, GateArgs, Invocation, parse};
use crate::args::options::{self, CommandName, OptionId, Takes};

fn parsed(line: &str) -> Result<Invocation, String> {
    let args: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
    parse(&args).map_err(|error| error.text())
}

fn checked(line: &str) -> super::NodeArgs {
    match parsed(line) {
        Ok(Invocation::Check { node, .. }) => node,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_first_word_is_a_command_or_else_a_file() {
    assert_eq!(checked("node.json").files, ["node.json"]);
    assert_eq!(checked("check node.json -").files, ["node.json", "-"]);
    assert_eq!(checked("check check").files, ["check"]);
    assert_eq!(checked("-- --odd").files, ["--odd"]);
    assert_eq!(checked("").files, [""; 0]);
    assert!(matches!(parsed("effective node.json"), Ok(Invocation::Effective { .. })));
    assert_eq!(parsed("version"), Ok(Invocation::Version));
    assert_eq!(parsed("-V"), Ok(Invocation::Version));
    assert_eq!(parsed("--help"), Ok(Invocation::Help(None)));
    assert_eq!(parsed("effective -h"), Ok(Invocation::Help(Some(CommandName::Effective))));
    assert_eq!(parsed("help check"), Ok(Invocation::Help(Some(CommandName::Check))));
}

#[test]
fn every_option_of_a_node_arrives() {
    let node = checked(
        "check a --config-dir d --drop-in x.conf --drop-in=y.conf --args=--v=2 --args-from u --args-from - \
         --kubelet-version v1.31 --benchmark b --basis both --node n --serving-certificates api-server --max-bytes 2M",
    );
    assert_eq!(node.config_dir.as_deref(), Some("d"));
    assert_eq!(node.drop_ins, ["x.conf", "y.conf"]);
    assert_eq!(node.args.as_deref(), Some("--v=2"));
    assert_eq!(node.args_from, ["u", "-"]);
    assert_eq!((node.kubelet_version.as_deref(), node.benchmark.as_deref()), (Some("v1.31"), Some("b")));
    assert_eq!((node.basis, node.serving_certificates), (Basis::Both, ServingCertificates::ApiServer));
    assert_eq!((node.node.as_deref(), node.max_bytes), (Some("n"), Some(2 * 1024 * 1024)));
}

#[test]
fn a_value_may_start_with_dashes() {
    assert_eq!(checked("--args --v=2").args.as_deref(), Some("--v=2"));
}

#[test]
fn every_word_of_the_table_is_one_that_the_request_takes() {
    for option in options::of(CommandName::Check) {
        let Takes::OneOf(words) = option.takes else { continue };
        for (n, word) in words.iter().enumerate() {
            let more = if option.id == OptionId::FixRoute { "--diff" } else { "" };
            let line = format!("{more} --{} {word}", option.long);
            let Ok(Invocation::Check { node, gate, reports, fixes, .. }) = parsed(line.trim_start()) else {
                panic!("{line}")
            };
            let is_default = match option.id {
                OptionId::Basis => node.basis == Basis::default(),
                OptionId::ServingCertificates => node.serving_certificates == ServingCertificates::default(),
                OptionId::Format => reports.on_stdout() == Some(ReportForm::Text),
                OptionId::FailOn => gate.fail_on == Some(Severity::Info),
                OptionId::FixRoute => fixes.is_some_and(|how| !how.drop_in),
                _ => n == 0,
            };
            assert_eq!(is_default, n == 0, "--{} {word}", option.long);
        }
    }
}

#[test]
fn fixes_are_shown_or_made() {
    let how = |line: &str| match parsed(line) {
        Ok(Invocation::Check { fixes, node, .. }) => (fixes, node.fixes),
        other => panic!("{line}: {other:?}"),
    };
    let some = |write, unsafe_fixes, drop_in| Some(FixArgs { write, unsafe_fixes, drop_in });
    assert_eq!(how("a"), (None, false));
    assert_eq!(how("a --with-fixes"), (None, true));
    assert_eq!(how("a --diff --unsafe-fixes"), (some(false, true, false), false));
    assert_eq!(how("a --fix --fix-route drop-in --format json"), (some(true, false, true), false));
    for line in [
        "a --fix --diff",
        "a --diff --format json",
        "a --diff --with-fixes",
        "a --unsafe-fixes",
        "a --fix-route drop-in",
        "a --fix-route flag",
    ] {
        assert!(parsed(line).is_err(), "{line}");
    }
}

#[test]
fn output_options() {
    let Ok(Invocation::Check { reports, output, .. }) = parsed("a -v --format json-pretty") else { panic!() };
    assert_eq!((reports.on_stdout(), output.detail), (Some(ReportForm::JsonPretty), Detail::Verbose));
}

#[test]
fn an_output_belongs_to_the_format_before_it() {
    use ReportForm::{Json, Junit, Sarif, Text};
    let reports = |line: &str| {
        let Ok(Invocation::Check { reports, .. }) = parsed(line) else { panic!("{line}") };
        reports.reports.into_iter().map(|(form, path)| (form, path.unwrap_or_default())).collect::<Vec<_>>()
    };
    for (line, want) in [
        ("a", vec![(Text, "")]),
        ("a --output x", vec![(Text, "x")]),
        ("a --format sarif --output s", vec![(Sarif, "s")]),
        ("a --output s --format sarif", vec![(Sarif, "s")]),
        ("a --format text --format sarif --output s", vec![(Text, ""), (Sarif, "s")]),
        ("a --format sarif --output s --format text", vec![(Sarif, "s"), (Text, "")]),
        ("a --format junit --output j --format json --output -", vec![(Junit, "j"), (Json, "")]),
    ] {
        let want: Vec<_> = want.into_iter().map(|(form, path)| (form, path.to_owned())).collect();
        assert_eq!(reports(line), want, "{line}");
    }
}

#[test]
fn what_makes_the_command_fail() {
    let gate = |line: &str| {
        let Ok(Invocation::Check { gate, .. }) = parsed(line) else { panic!("{line}") };
        gate
    };
    assert_eq!(gate("a"), GateArgs { fail_on: Some(Severity::Info), ..GateArgs::default() });
    assert_eq!(
        gate("a --fail-on never --waivers w --baseline b --write-baseline c"),
        GateArgs {
            fail_on: None,
            waivers: Some("w".into()),
            baseline: Some("b".into()),
            write_baseline: Some("c".into())
        }
    );
}

#[test]
fn wrong_usage_says_what_is_wrong_and_what_was_meant() {
    for (line, message) in [
        (
            "a --kubelet-verson 1",
            "there is no option `--kubelet-verson`\n  did you mean `--kubelet-version`?\n",
        ),
        ("a --written", "there is no option `--written`\n  `--written` is an option of `effective`\n"),
        ("a -x", "there is no option `-x`\n"),
        (
            "a --basis efective",
            "`--basis` takes benchmark, effective or both, not `efective`\n  did you mean `effective`?\n",
        ),
        ("a --node", "`--node` needs NAME behind it\n"),
        ("a --basis", "`--basis` needs benchmark|effective|both behind it\n"),
        ("a --verbose=1", "`--verbose` takes no value\n"),
        ("a --node a --node b", "`--node` is given more than once\n"),
        ("a -q -v", "`--quiet` and `--verbose` exclude each other\n"),
        ("a --max-bytes 1G", "`--max-bytes` takes a number such as 4M, not `1G`\n"),
        ("a --max-bytes 17M", "`--max-bytes` is from 1 to 16M, not `17M`\n"),
        ("a --max-bytes 0", "`--max-bytes` is from 1 to 16M, not `0`\n"),
        ("a --max-bytes +1", "`--max-bytes` takes a number such as 4M, not `+1`\n"),
        ("- -", "standard input (`-`) can be read only once\n"),
        ("- --args-from -", "standard input (`-`) can be read only once\n"),
        ("a --drop-in -", "`--drop-in` takes no `-`: a drop-in is known by its file name\n"),
        ("effective a b", "`effective` takes one FILE\n  `kubelet-audit check` takes several\n"),
        ("effective", "name a FILE, - for standard input, or another layer\n"),
        ("version a", "`version` does not take the argument `a`\n"),
        ("help chek", "there is no command `chek`\n  did you mean `check`?\n"),
        (
            "a --output x --output y",
            "`--output y` has no `--format` of its own: `x` has it\n  put each --output behind its --format: \
             --format text --format sarif --output PATH\n",
        ),
        (
            "a --format json --format sarif",
            "two reports go to standard output\n  put --output PATH behind all --format but one\n",
        ),
        (
            "a --format json --output x --format sarif --output x",
            "two reports go to x\n  put --output PATH behind all --format but one\n",
        ),
        ("a.yaml --output ./a.yaml", "`./a.yaml` is read in this run, so nothing is written to it\n"),
        ("a --waivers w --write-baseline w", "`w` is read in this run, so nothing is written to it\n"),
        ("a --baseline b --format json --output b", "`b` is read in this run, so nothing is written to it\n"),
        (
            "schema reprt",
            "`schema` takes report, request, waivers or baseline, not `reprt`\n  did you mean `report`?\n",
        ),
        ("schema report request", "`schema` takes one argument\n"),
        ("completions", "`completions` needs bash, zsh, fish\n"),
        ("completions powershell", "`completions` takes bash, zsh or fish, not `powershell`\n"),
        ("a --\x1b[2J", "there is no option `--\\x1b[2J`\n"),
    ] {
        let error = parsed(line).unwrap_err();
        let tail =
            error.strip_prefix(&format!("error: {message}")).unwrap_or_else(|| panic!("{line}: {error}"));
        assert!(tail.starts_with("  `kubelet-audit ") && tail.ends_with(" --help` tells more\n"), "{error}");
    }
}
