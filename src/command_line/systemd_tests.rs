//! Each rule of reading units and environment files on its own.
//!
//! The rules were compared with systemd 252 (what its unit loader prints, and `load_env_file`
//! and `replace_env_argv` of its library).

use proptest::prelude::*;

use super::platform_tests::{EKS_ENVIRONMENT, EKS_UNIT, KUBEADM_DROP_IN, KUBEADM_UNIT};
use super::*;
use crate::source::SourceId;
use crate::source::diagnostic::{Code, Diagnostic, Weight};

pub(super) fn read(texts: &[(&str, &str)]) -> Result<CommandLine, Diagnostic> {
    let texts: Vec<Text<'_>> =
        (0..).zip(texts).map(|(i, (name, text))| Text { source: SourceId(i), name, text }).collect();
    from_texts(&texts)
}

pub(super) fn words(line: &CommandLine) -> Vec<&str> {
    line.arguments.iter().map(|w| w.text.as_str()).collect()
}

/// The words of one unit with the given lines under `[Service]`.
fn service(lines: &str) -> CommandLine {
    read(&[("kubelet.service", &format!("[Service]\n{lines}\n"))]).unwrap()
}

fn service_words(lines: &str) -> Vec<String> {
    service(lines).arguments.into_iter().map(|w| w.text).collect()
}

#[test]
fn exec_start_is_read_with_its_prefixes_quotes_and_continuations() {
    for (lines, want) in [
        ("ExecStart=-/usr/bin/kubelet --a", vec!["--a"]),
        ("ExecStart=@/usr/bin/kubelet name --a", vec!["--a"]),
        ("ExecStart=+/usr/bin/kubelet --a", vec!["--a"]),
        ("ExecStart=!!/usr/bin/kubelet --a", vec!["--a"]),
        ("ExecStart=-@!/usr/bin/kubelet name --a", vec!["--a"]),
        ("ExecStart=:/usr/bin/kubelet $A ${B} $$", vec!["$A", "${B}", "$$"]),
        ("ExecStart = \"/usr/bin/kubelet\" '--a b' --c=\"d\"", vec!["--a b", "--c=d"]),
        ("ExecStart=/usr/bin/hyperkube kubelet --a", vec!["--a"]),
        ("ExecStart=/usr/bin/kubelet \\\n  --a \\\n# comment\n  ; comment\n  --b", vec!["--a", "--b"]),
        ("ExecStart=/usr/bin/kubelet --a\\\n--b", vec!["--a", "--b"]),
        ("ExecStart=/usr/bin/kubelet --a \\\n\n--b=c", vec!["--a"]),
        ("ExecStart=/usr/bin/kubelet --a \\\r\n--b\r", vec!["--a", "--b"]),
        ("ExecStart=/usr/bin/kubelet --a \\", vec!["--a"]),
        (r"ExecStart=/usr/bin/kubelet --a \; --b", vec!["--a", ";", "--b"]),
        ("ExecStart=/usr/bin/kubelet a%%b 5%, x%", vec!["a%b", "5%,", "x%"]),
        ("ExecStart=/usr/bin/kubelet a\rb", vec!["a"]),
        ("ExecStart=/usr/bin/kubelet \"a\\\n   b\" --c\\\n--d", vec!["a    b", "--c", "--d"]),
        ("ExecStart=/usr/bin/kubelet a ;", vec!["a"]),
        ("ExecStart=/usr/bin/other\nExecStart=\nExecStart=/usr/bin/kubelet --a", vec!["--a"]),
        ("Type=oneshot\nExecStart=/bin/true ; /usr/bin/kubelet --a", vec!["--a"]),
        ("ExecStart=/usr/bin/kubelet --a\n[Install]\nExecStart=/usr/bin/kubelet --b", vec!["--a"]),
    ] {
        assert_eq!(service_words(lines), want, "{lines}");
        assert!(service(lines).is_complete(), "{lines}");
    }
}

#[test]
fn variables_are_put_in_place_as_systemd_does() {
    let set = "Environment=\"A=b c\" D=e 'Q=x \"y z\"' E=\n";
    for (command, want) in [
        ("$A", vec!["b", "c"]),
        ("${A}", vec!["b c"]),
        ("x${A}y", vec!["xb cy"]),
        ("x$A", vec!["x$A"]),
        ("\"$A\"", vec!["b", "c"]),
        ("$Q", vec!["x", "y z"]),
        ("${Q}", vec!["x \"y z\""]),
        ("$E end", vec!["end"]),
        ("${E}", vec![""]),
        ("$$A a$$b $${A}", vec!["$A", "a$b", "${A}"]),
        ("${A", vec!["${A"]),
        ("${A:-x}", vec!["${A:-x}"]),
        ("$A-x end", vec!["end"]),
        ("$ end", vec!["end"]),
        ("$D$D", vec![]),
    ] {
        let got = service_words(&format!("{set}ExecStart=/usr/bin/kubelet {command}"));
        assert_eq!(got, want, "{command}");
    }
}

#[test]
fn later_settings_win_files_beat_environment_and_unset_beats_both() {
    let file = [("/e1", "A=file1"), ("/e2", "A=file2")];
    for (lines, want, complete) in [
        ("Environment=A=1\nEnvironment=A=2", vec!["2"], true),
        ("Environment=A=1\nEnvironment=", vec![], false),
        ("EnvironmentFile=/e1\nEnvironment=A=1", vec!["file1"], true),
        ("EnvironmentFile=/e1\nEnvironmentFile=-/e2", vec!["file2"], true),
        ("EnvironmentFile=-/e2\nEnvironmentFile=/e1", vec!["file1"], true),
        ("EnvironmentFile=/e1\nEnvironmentFile=\nEnvironmentFile=/e2", vec!["file2"], true),
        ("EnvironmentFile=/e1\nUnsetEnvironment=A", vec![], true),
        ("EnvironmentFile=/e1\nUnsetEnvironment=A=other", vec!["file1"], true),
        ("EnvironmentFile=/e1\nUnsetEnvironment=A=file1", vec![], true),
        ("Environment=A=1\nUnsetEnvironment=A\nUnsetEnvironment=", vec!["1"], true),
        ("PassEnvironment=A", vec![], false),
        ("PassEnvironment=A\nEnvironment=A=1", vec!["1"], true),
        ("Environment=A=1\nEnvironmentFile=/gone", vec!["1"], false),
        ("EnvironmentFile=/gone\nEnvironmentFile=/e1", vec!["file1"], true),
        ("EnvironmentFile=/e1\nEnvironmentFile=-/gone", vec!["file1"], false),
    ] {
        let unit = format!("[Service]\n{lines}\nExecStart=/usr/bin/kubelet $A");
        let mut texts = vec![("kubelet.service", unit.as_str())];
        texts.extend(file.iter().filter(|(path, _)| lines.contains(path)));
        let line = read(&texts).unwrap();
        assert_eq!(words(&line), want, "{lines}");
        assert_eq!(line.is_complete(), complete, "{lines}: {:?}", line.missing);
    }
}

#[test]
fn environment_files_are_read_as_systemd_does() {
    for (value, want) in [
        ("--a b  --c  ", vec!["--a", "b", "--c"]),
        ("\"--a b\"", vec!["--a", "b"]),
        ("'--a \"b c\"'", vec!["--a", "b c"]),
        ("--a=\"b c\" 'd e'", vec!["--a=b c", "d e"]),
        ("\"--a \\\"b c\\\"\"", vec!["--a", "b c"]),
        ("\"--a \\\n--b\"", vec!["--a", "--b"]),
        ("--a \\\n--b", vec!["--a", "--b"]),
        ("--a\\\n--b", vec!["--a--b"]),
        ("\"--a\"'=b'  c", vec!["--a=bc"]),
        ("'--a\n--b'", vec!["--a", "--b"]),
        ("--a # b", vec!["--a", "#", "b"]),
        ("--a\r", vec!["--a"]),
        ("\\\n--a", vec!["--a"]),
        ("\\", vec![]),
        ("--a\nKUBELET_ARGS=--b", vec!["--b"]),
        ("--a\n# KUBELET_ARGS=--b\n;KUBELET_ARGS=--c\nwithout\n  KUBELET_ARGS = --d", vec!["--d"]),
    ] {
        let line = read(&[("kubelet", &format!("KUBELET_ARGS={value}"))]).unwrap();
        assert_eq!(words(&line), want, "{value:?}");
    }
}

#[test]
fn export_is_a_shells_word_and_not_systemds() {
    let line = read(&[("kubelet", "export KUBELET_ARGS=--a\n")]).unwrap();
    assert_eq!((words(&line), line.diagnostics.len()), (vec!["--a"], 1));
    let unit =
        "[Service]\nEnvironmentFile=/etc/default/kubelet\nExecStart=/usr/bin/kubelet --b $KUBELET_ARGS\n";
    let line = read(&[("kubelet.service", unit), ("kubelet", "export KUBELET_ARGS=--a\n")]).unwrap();
    assert_eq!((words(&line), line.is_complete()), (vec!["--b"], false));
}

#[test]
fn several_environment_files_without_a_unit_are_one_fragment() {
    let line = read(&[("a", "KUBELET_ARGS=--a\nKUBELET_OPTS=--b"), ("b", "KUBELET_ARGS=--c")]).unwrap();
    assert_eq!(words(&line), ["--b", "--c"]);
    assert_eq!(line.arguments[1].place.source_id(), Some(SourceId(1)));
}

#[test]
fn a_file_that_no_setting_names_is_not_read_where_all_are_given() {
    let other = ("other", "NODEADM_KUBELET_ARGS=--other");
    let line = read(&[("u", EKS_UNIT), ("environment", EKS_ENVIRONMENT), other]).unwrap();
    assert!(line.is_complete() && line.arguments.len() == 3);
    assert!(line.diagnostics.iter().any(|d| d.code == Code::IgnoredFile));
    let line = read(&[("u", "[Service]\nExecStart=/usr/bin/kubelet $NODEADM_KUBELET_ARGS"), other]).unwrap();
    assert_eq!((words(&line), line.is_complete()), (vec!["--other"], false));
}

#[test]
fn what_runs_the_kubelet_cannot_be_followed() {
    for command in [
        "/bin/sh -c 'exec kubelet $KUBELET_ARGS'",
        "/bin/bash /opt/azure/containers/kubelet.sh",
        "|/usr/bin/kubelet --a",
        "/usr/local/bin/kubelet-wrapper",
    ] {
        let line = service(&format!("Environment=KUBELET_ARGS=--x\nExecStart={command}"));
        assert_eq!(
            (words(&line), line.is_complete(), line.missing.len()),
            (vec!["--x"], false, 1),
            "{command}"
        );
        assert!(line.diagnostics.iter().any(|d| d.code == Code::UnresolvedVariable), "{command}");
    }
}

#[test]
fn a_program_that_runs_the_kubelet_is_passed_over() {
    for command in ["/usr/bin/nice -n 5 /usr/bin/kubelet", "/usr/local/bin/kubenswrapper /usr/bin/kubelet"] {
        let line = service(&format!("ExecStart={command} --a $B --c=1"));
        assert_eq!((words(&line), line.gap), (vec!["--a", "--c=1"], Some(1)), "{command}");
    }
}

#[test]
fn what_may_follow_an_undefined_variable_is_open() {
    for (text, gap) in [
        ("ExecStart=/usr/bin/kubelet --a", None),
        ("ExecStart=/usr/bin/kubelet --a $B", Some(1)),
        ("EnvironmentFile=-/e\nEnvironment=B=--b\nExecStart=/usr/bin/kubelet --a $B --c", Some(2)),
        ("Environment=B=--b\nExecStart=/usr/bin/kubelet --a $B --c", None),
    ] {
        assert_eq!(service(text).gap, gap, "{text}");
    }
}

#[test]
fn specifiers_of_the_node_stay_and_are_told_of() {
    let line = service("ExecStart=/usr/bin/kubelet --hostname-override=%H --root-dir=%S/kubelet");
    assert_eq!(words(&line), ["--hostname-override=%H", "--root-dir=/var/lib/kubelet"]);
    assert_eq!(line.diagnostics.len(), 1);
    assert_eq!(line.diagnostics[0].code, Code::UnresolvedVariable);
}

#[test]
fn beside_a_unit_an_environment_file_may_begin_with_lines_that_systemd_skips() {
    let unit = "[Service]\nEnvironmentFile=/e\nExecStart=/usr/bin/kubelet $A";
    let line = read(&[("u", unit), ("/e", "not an assignment\nA=--a\u{1}\n")]).unwrap();
    assert_eq!((words(&line), line.is_complete()), (vec!["--a\u{1}"], true));
}

#[test]
fn an_unknown_specifier_is_refused_in_a_command_and_skipped_in_an_environment() {
    let line = service("Environment=A=5%z B=2\nExecStart=/usr/bin/kubelet $B");
    assert_eq!((words(&line), line.is_complete()), (vec!["2"], true));
    let refused = "[Service]\nEnvironment=KUBELET_ARGS=--x\nExecStart=/usr/bin/kubelet 5%z\n";
    let line = read(&[("u", refused)]).unwrap();
    assert!(!line.is_complete() && line.diagnostics.iter().any(|d| d.weight == Weight::Error));
}

#[test]
fn a_unit_that_systemd_refuses_is_no_whole_command_line() {
    for lines in [
        "ExecStart=/usr/bin/kubelet --a\nExecStart=/usr/bin/kubelet \"--b",
        "[Service\nExecStart=/usr/bin/kubelet",
    ] {
        let result = read(&[("u", &format!("[Service]\n{lines}\n"))]);
        assert!(
            result.is_err()
                || result.is_ok_and(|line| {
                    !line.is_complete() && line.diagnostics.iter().any(|d| d.weight == Weight::Error)
                }),
            "{lines}"
        );
    }
    let twice = "[Service]\nExecStart=/usr/bin/kubelet --a\nExecStart=/usr/bin/kubelet --b\n";
    assert_eq!(read(&[("u", twice)]).unwrap_err().code, Code::UnitSyntax);
    assert_eq!(read(&[("d", KUBEADM_DROP_IN), ("u", KUBEADM_UNIT)]).unwrap_err().code, Code::UnitSyntax);
}

#[test]
fn lines_without_a_section_are_read_with_a_warning() {
    let line = read(&[("snippet", "ExecStart=/usr/bin/kubelet --a")]).unwrap();
    assert_eq!((words(&line), line.diagnostics.len()), (vec!["--a"], 1));
}

#[test]
fn texts_without_a_kubelet_are_errors() {
    for (texts, code) in [
        (vec![], Code::Empty),
        (vec![("a", " \n")], Code::Empty),
        (vec![("a", "# only a comment")], Code::Empty),
        (vec![("a", "OTHER=--x\n")], Code::NoKubeletCommand),
        (vec![("a", "[Service]\nExecStart=/usr/bin/containerd\n")], Code::NoKubeletCommand),
        (vec![("a", "hello world")], Code::NoKubeletCommand),
        (vec![("a", "kubelet --a"), ("b", "[Service]\n")], Code::InvalidRequest),
    ] {
        assert_eq!(read(&texts).unwrap_err().code, code, "{texts:?}");
    }
}

#[test]
fn hostile_texts_are_refused_or_stay_within_bounds() {
    let many = |s: &str| s.repeat((1 << 20) / s.len());
    let half = many("x").len() / 2;
    let texts = [
        format!(
            "[Service]\nEnvironment=A={}\nExecStart=/usr/bin/kubelet {}",
            "x".repeat(half),
            "${A}".repeat(half / 4)
        ),
        format!(
            "[Service]\nEnvironment='A={}'\nExecStart=/usr/bin/kubelet {}",
            " ".repeat(half),
            "$A ".repeat(half / 3)
        ),
        format!(
            "[Service]\nEnvironment='A={}'\nExecStart=/usr/bin/kubelet {}",
            "a ".repeat(half / 2),
            "$A ".repeat(half / 3)
        ),
        format!("[Service]\nExecStart=/usr/bin/kubelet {}", many("${")),
        format!("[Service]\nExecStart=/usr/bin/kubelet {}", many("\\\n")),
        format!("[Service]\nExecStart=/usr/bin/kubelet {}", many("\\")),
        format!("[Service]\nExecStart=/usr/bin/kubelet $A\n{}", many("EnvironmentFile=/a\n")),
        format!(
            "[Service]\nExecStart=/usr/bin/kubelet {}",
            (0..100_000).map(|i| format!("$A{i} ")).collect::<String>()
        ),
        format!("[Service]\nType=oneshot\nExecStart={}", many("/a ; ")),
        format!("[Service]\n{}", many("]\n")),
        format!("KUBELET_ARGS={}", many("\\\n")),
        many("KUBELET_A=-b\n"),
        many("\""),
        many("kubelet "),
        many("kubelet --x\n"),
        many("-\\\n"),
        many("\0"),
        many("└"),
    ];
    for text in &texts {
        for texts in [vec![("a", text.as_str())], vec![("a", text), ("b", "KUBELET_ARGS=--x")]] {
            let line = match read(&texts) {
                Ok(line) => line,
                Err(error) => {
                    assert_ne!(error.code, Code::Internal, "{:.60}", text);
                    continue;
                }
            };
            // What a text expands to is bounded: no more than a few times the text.
            let length: usize = line.arguments.iter().map(|word| word.text.len()).sum();
            assert!(length <= 4 * text.len(), "{length} bytes of {:.60}", text);
        }
    }
}

proptest! {
    #[test]
    fn every_place_lies_in_its_text(
        lines in prop::collection::vec(
            prop_oneof![
                ".*",
                "(ExecStart|Environment|EnvironmentFile|UnsetEnvironment|KUBELET_ARGS) ?=[-@/a-zA-Z$%{}\\\\\"' ;=é]*",
                Just("[Service]".to_owned()),
                Just("ExecStart=/kubelet $KUBELET_ARGS ${A} \\".to_owned()),
                "[0-9a-z:?/ ]*kubelet .*",
            ],
            0..8,
        ),
        second in "(KUBELET_ARGS=)?[-a-z$\\\\\"'\n =#\0é]*",
    ) {
        let first = lines.join("\n");
        for texts in [vec![("a", first.as_str())], vec![("a", first.as_str()), ("b", second.as_str())]] {
            let Ok(line) = read(&texts) else { continue };
            for place in line.arguments.iter().map(|w| w.place).chain(line.diagnostics.iter().filter_map(|d| d.place)) {
                let text = texts[place.source_id().unwrap().index()].1;
                prop_assert!(place.span.start <= place.span.end && place.span.end as usize <= text.len());
            }
        }
    }
}
