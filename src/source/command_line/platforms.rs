//! Units, drop-ins and environment files as platforms write them, and each rule on its own.

use proptest::prelude::*;

use super::*;
use crate::diagnostic::Weight;

const AKS_UNIT: &str = r#"[Unit]
Description=Kubelet
ConditionPathExists=/opt/bin/kubelet
Wants=network-online.target

[Service]
Restart=always
EnvironmentFile=/etc/default/kubelet
SuccessExitStatus=143
# Comments stand between settings
ExecStartPre=/bin/bash -c "if [ $(mount | grep \"/var/lib/kubelet\" | wc -l) -le 0 ] ; then /bin/mount --bind /var/lib/kubelet /var/lib/kubelet ; fi"
ExecStartPre=-/sbin/iptables -t nat --numeric --list
ExecStart=/opt/bin/kubelet \
        --enable-server \
        --node-labels="${KUBELET_NODE_LABELS}" \
        --v=2 \
        --volume-plugin-dir=/etc/kubernetes/volumeplugins \
        $KUBELET_TLS_BOOTSTRAP_FLAGS \
        $KUBELET_CONFIG_FILE_FLAGS \
        $KUBELET_CONTAINERD_FLAGS \
        $KUBELET_FLAGS

[Install]
WantedBy=multi-user.target
"#;
const AKS_BOOTSTRAP: &str = "[Service]\nEnvironment=KUBELET_TLS_BOOTSTRAP_FLAGS=\"--kubeconfig /var/lib/kubelet/kubeconfig --bootstrap-kubeconfig /var/lib/kubelet/bootstrap-kubeconfig\"\n";
const AKS_COMPONENT: &str =
    "[Service]\nEnvironment=\"KUBELET_CONFIG_FILE_FLAGS=--config /etc/default/kubeletconfig.json\"\n";
const AKS_DEFAULT: &str = "KUBELET_FLAGS=--anonymous-auth=false --event-qps=0 --eviction-hard=memory.available<750Mi,nodefs.available<10%,nodefs.inodesFree<5% --feature-gates=RotateKubeletServerCertificate=true\nKUBELET_REGISTER_SCHEDULABLE=true\nNETWORK_POLICY=\nKUBELET_NODE_LABELS=agentpool=np,kubernetes.azure.com/role=agent\n";

const KUBEADM_UNIT: &str = "[Unit]\nDescription=kubelet: The Kubernetes Node Agent\n\n[Service]\nExecStart=/usr/bin/kubelet\nRestart=always\n\n[Install]\nWantedBy=multi-user.target\n";
const KUBEADM_DROP_IN: &str = r#"# Note: This dropin only works with kubeadm and kubelet v1.11+
[Service]
Environment="KUBELET_KUBECONFIG_ARGS=--bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubelet.conf --kubeconfig=/etc/kubernetes/kubelet.conf"
Environment="KUBELET_CONFIG_ARGS=--config=/var/lib/kubelet/config.yaml"
# This is a file that "kubeadm init" and "kubeadm join" generates at runtime, populating the KUBELET_KUBEADM_ARGS variable dynamically
EnvironmentFile=-/var/lib/kubelet/kubeadm-flags.env
EnvironmentFile=-/etc/default/kubelet
ExecStart=
ExecStart=/usr/bin/kubelet $KUBELET_KUBECONFIG_ARGS $KUBELET_CONFIG_ARGS $KUBELET_KUBEADM_ARGS $KUBELET_EXTRA_ARGS
"#;
const KUBEADM_FLAGS: &str = "KUBELET_KUBEADM_ARGS=\"--container-runtime-endpoint=unix:///run/containerd/containerd.sock --pod-infra-container-image=registry.k8s.io/pause:3.9\"\n";

const EKS_UNIT: &str = "[Unit]\nDescription=Kubernetes Kubelet\n\n[Service]\nSlice=runtime.slice\nEnvironmentFile=/etc/eks/kubelet/environment\nExecStartPre=/sbin/iptables -P FORWARD ACCEPT -w 5\nExecStart=/usr/bin/kubelet $NODEADM_KUBELET_ARGS\n";
const EKS_ENVIRONMENT: &str = "NODEADM_KUBELET_ARGS='--config=/etc/kubernetes/kubelet/config.json --config-dir=/etc/kubernetes/kubelet/config.json.d --node-labels=a=b'\n";

fn read(texts: &[(&str, &str)]) -> Result<CommandLine, Diagnostic> {
    let texts: Vec<Text<'_>> =
        (0..).zip(texts).map(|(i, (name, text))| Text { source: SourceId(i), name, text }).collect();
    from_texts(&texts)
}

fn words(line: &CommandLine) -> Vec<&str> {
    line.words.iter().map(|w| w.text.as_str()).collect()
}

/// The words of one unit with the given lines under `[Service]`.
fn service(lines: &str) -> CommandLine {
    read(&[("kubelet.service", &format!("[Service]\n{lines}\n"))]).unwrap()
}

fn service_words(lines: &str) -> Vec<String> {
    service(lines).words.into_iter().map(|w| w.text).collect()
}

#[test]
fn aks_with_flags_and_with_a_config_file() {
    let texts = [
        ("/etc/systemd/system/kubelet.service", AKS_UNIT),
        ("/etc/systemd/system/kubelet.service.d/10-tlsbootstrap.conf", AKS_BOOTSTRAP),
        ("/etc/default/kubelet", AKS_DEFAULT),
    ];
    let line = read(&texts).unwrap();
    let flags = [
        "--enable-server",
        "--node-labels=agentpool=np,kubernetes.azure.com/role=agent",
        "--v=2",
        "--volume-plugin-dir=/etc/kubernetes/volumeplugins",
        "--kubeconfig",
        "/var/lib/kubelet/kubeconfig",
        "--bootstrap-kubeconfig",
        "/var/lib/kubelet/bootstrap-kubeconfig",
        "--anonymous-auth=false",
        "--event-qps=0",
        "--eviction-hard=memory.available<750Mi,nodefs.available<10%,nodefs.inodesFree<5%",
        "--feature-gates=RotateKubeletServerCertificate=true",
    ];
    assert_eq!(words(&line), flags);
    assert!(line.complete, "{:?}", line.missing);
    let at = |text: &str| line.words.iter().find(|w| w.text.starts_with(text)).unwrap().place;
    assert_eq!(at("--event-qps").source, SourceId(2));
    assert_eq!(at("--event-qps").span.slice(AKS_DEFAULT), "--event-qps=0");
    assert_eq!(at("--kubeconfig").span.slice(AKS_BOOTSTRAP), "--kubeconfig");
    assert_eq!(at("--node-labels").span.slice(AKS_UNIT), "--node-labels=\"${KUBELET_NODE_LABELS}\"");

    let with_config = [texts[0], texts[1], ("10-componentconfig.conf", AKS_COMPONENT), texts[2]];
    let line = read(&with_config).unwrap();
    assert!(
        line.complete
            && words(&line).windows(2).any(|w| w == ["--config", "/etc/default/kubeletconfig.json"])
    );
}

#[test]
fn an_aks_unit_without_its_other_files_is_incomplete() {
    let line = read(&[("kubelet.service", AKS_UNIT)]).unwrap();
    assert_eq!((line.complete, line.missing), (false, vec!["EnvironmentFile /etc/default/kubelet".into()]));

    let line = read(&[("kubelet.service", AKS_UNIT), ("kubelet", AKS_DEFAULT)]).unwrap();
    assert!(!line.complete);
    assert!(
        line.missing.contains(&"a definition of KUBELET_CONFIG_FILE_FLAGS".to_owned()),
        "{:?}",
        line.missing
    );

    let line = read(&[("kubelet", AKS_DEFAULT)]).unwrap();
    assert_eq!((line.form, line.complete), (Form::Environment, false));
    assert_eq!(line.missing, ["the unit that uses them"]);
    assert_eq!(words(&line).first(), Some(&"--anonymous-auth=false"));
    assert_eq!(line.words.len(), 4, "labels and switches are not arguments");
}

#[test]
fn kubeadm_with_its_drop_in() {
    let texts = [
        ("kubelet.service", KUBEADM_UNIT),
        ("10-kubeadm.conf", KUBEADM_DROP_IN),
        ("kubeadm-flags.env", KUBEADM_FLAGS),
        ("/etc/default/kubelet", "KUBELET_EXTRA_ARGS=--anonymous-auth=true\n"),
    ];
    let line = read(&texts).unwrap();
    assert!(line.complete, "{:?}", line.missing);
    assert_eq!(
        words(&line),
        [
            "--bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubelet.conf",
            "--kubeconfig=/etc/kubernetes/kubelet.conf",
            "--config=/var/lib/kubelet/config.yaml",
            "--container-runtime-endpoint=unix:///run/containerd/containerd.sock",
            "--pod-infra-container-image=registry.k8s.io/pause:3.9",
            "--anonymous-auth=true",
        ]
    );
    assert_eq!(line.words[4].place.span.slice(KUBEADM_FLAGS), words(&line)[4]);

    // An optional file may or may not be on the node: an empty text says that it is not.
    let line = read(&texts[..3]).unwrap();
    assert_eq!(line.missing, ["EnvironmentFile /etc/default/kubelet"]);
    let line = read(&[texts[0], texts[1], texts[2], ("/etc/default/kubelet", "")]).unwrap();
    assert!(line.complete && line.words.len() == 5);

    let line = read(&texts[..1]).unwrap();
    assert!(line.complete && line.words.is_empty(), "the unit alone starts a kubelet without arguments");
}

#[test]
fn what_systemctl_cat_prints_is_every_drop_in() {
    let text = format!(
        "# /lib/systemd/system/kubelet.service\n{KUBEADM_UNIT}\n# /etc/systemd/system/kubelet.service.d/10-kubeadm.conf\n{KUBEADM_DROP_IN}"
    );
    let line = read(&[
        ("cat.txt", &text),
        ("kubeadm-flags.env", KUBEADM_FLAGS),
        ("/etc/default/kubelet", "# none\n"),
    ]);
    let line = line.unwrap();
    assert!(line.complete, "{:?}", line.missing);
    assert_eq!(line.words.len(), 5);
}

#[test]
fn eks_with_its_environment_file() {
    let expected = [
        "--config=/etc/kubernetes/kubelet/config.json",
        "--config-dir=/etc/kubernetes/kubelet/config.json.d",
        "--node-labels=a=b",
    ];
    for name in ["/etc/eks/kubelet/environment", "node-1/etc/eks/kubelet/environment", "environment", "-"] {
        let line = read(&[("kubelet.service", EKS_UNIT), (name, EKS_ENVIRONMENT)]).unwrap();
        assert_eq!(words(&line), expected);
        assert!(line.complete, "{name}: {:?}", line.missing);
    }
    let line = read(&[("environment", EKS_ENVIRONMENT)]).unwrap();
    assert_eq!((words(&line), line.complete), (expected.to_vec(), false));
}

#[test]
fn a_drop_in_that_only_sets_variables_is_a_fragment() {
    let text = "[Service]\nEnvironment=\"KUBELET_ARGS=--feature-gates=A=true --v=2\"\n";
    let line = read(&[("10-args.conf", text)]).unwrap();
    assert_eq!(words(&line), ["--feature-gates=A=true", "--v=2"]);
    assert_eq!((line.form, line.complete), (Form::Unit, false));
    assert_eq!(line.missing, ["ExecStart of kubelet.service"]);
    assert_eq!(line.words[0].place.span.slice(text), "--feature-gates=A=true");
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
        assert!(service(lines).complete, "{lines}");
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
        assert_eq!(line.complete, complete, "{lines}: {:?}", line.missing);
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
    assert_eq!((words(&line), line.complete), (vec!["--b"], false));
}

#[test]
fn several_environment_files_without_a_unit_are_one_fragment() {
    let line = read(&[("a", "KUBELET_ARGS=--a\nKUBELET_OPTS=--b"), ("b", "KUBELET_ARGS=--c")]).unwrap();
    assert_eq!(words(&line), ["--b", "--c"]);
    assert_eq!(line.words[1].place.source, SourceId(1));
}

#[test]
fn a_file_that_no_setting_names_is_not_read_where_all_are_given() {
    let other = ("other", "NODEADM_KUBELET_ARGS=--other");
    let line = read(&[("u", EKS_UNIT), ("environment", EKS_ENVIRONMENT), other]).unwrap();
    assert!(line.complete && line.words.len() == 3);
    assert!(line.diagnostics.iter().any(|d| d.code == Code::IgnoredFile));
    let line = read(&[("u", "[Service]\nExecStart=/usr/bin/kubelet $NODEADM_KUBELET_ARGS"), other]).unwrap();
    assert_eq!((words(&line), line.complete), (vec!["--other"], false));
}

#[test]
fn what_runs_the_kubelet_cannot_be_followed() {
    for command in [
        "/bin/sh -c 'exec kubelet $KUBELET_ARGS'",
        "/bin/bash /opt/azure/containers/kubelet.sh",
        "|/usr/bin/kubelet --a",
        "/usr/bin/nice -n 5 /usr/bin/kubelet",
        "/usr/local/bin/kubelet-wrapper",
    ] {
        let line = service(&format!("Environment=KUBELET_ARGS=--x\nExecStart={command}"));
        assert_eq!((words(&line), line.complete, line.missing.len()), (vec!["--x"], false, 1), "{command}");
        assert!(line.diagnostics.iter().any(|d| d.code == Code::UnresolvedVariable), "{command}");
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
fn a_unit_that_systemd_refuses_is_no_whole_command_line() {
    for lines in [
        "ExecStart=/usr/bin/kubelet --a\nExecStart=/usr/bin/kubelet \"--b",
        "[Service\nExecStart=/usr/bin/kubelet",
    ] {
        let result = read(&[("u", &format!("[Service]\n{lines}\n"))]);
        assert!(
            result.is_err()
                || result.is_ok_and(|line| {
                    !line.complete && line.diagnostics.iter().any(|d| d.weight == Weight::Error)
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
fn hostile_texts_end_soon() {
    let started = std::time::Instant::now();
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
        drop(read(&[("a", text), ("b", "KUBELET_ARGS=--x")]));
        drop(read(&[("a", text)]));
    }
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
}

proptest! {
    #[test]
    fn no_text_panics_and_every_place_lies_in_its_text(
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
            for place in line.words.iter().map(|w| w.place).chain(line.diagnostics.iter().filter_map(|d| d.place)) {
                let text = texts[usize::from(place.source.0)].1;
                prop_assert!(place.span.start <= place.span.end && place.span.end as usize <= text.len());
            }
        }
    }
}
