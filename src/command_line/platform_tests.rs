//! Units, drop-ins and environment files as platforms write them.

use super::systemd_tests::{read, words};
use super::*;
use crate::source::SourceId;

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

pub(super) const KUBEADM_UNIT: &str = "[Unit]\nDescription=kubelet: The Kubernetes Node Agent\n\n[Service]\nExecStart=/usr/bin/kubelet\nRestart=always\n\n[Install]\nWantedBy=multi-user.target\n";
pub(super) const KUBEADM_DROP_IN: &str = r#"# Note: This dropin only works with kubeadm and kubelet v1.11+
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

pub(super) const EKS_UNIT: &str = "[Unit]\nDescription=Kubernetes Kubelet\n\n[Service]\nSlice=runtime.slice\nEnvironmentFile=/etc/eks/kubelet/environment\nExecStartPre=/sbin/iptables -P FORWARD ACCEPT -w 5\nExecStart=/usr/bin/kubelet $NODEADM_KUBELET_ARGS\n";
pub(super) const EKS_ENVIRONMENT: &str = "NODEADM_KUBELET_ARGS='--config=/etc/kubernetes/kubelet/config.json --config-dir=/etc/kubernetes/kubelet/config.json.d --node-labels=a=b'\n";

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
    assert!(line.is_complete(), "{:?}", line.missing);
    let at = |text: &str| line.arguments.iter().find(|w| w.text.starts_with(text)).unwrap().place;
    assert_eq!(at("--event-qps").source_id(), Some(SourceId(2)));
    assert_eq!(at("--event-qps").span.slice(AKS_DEFAULT), "--event-qps=0");
    assert_eq!(at("--kubeconfig").span.slice(AKS_BOOTSTRAP), "--kubeconfig");
    assert_eq!(at("--node-labels").span.slice(AKS_UNIT), "--node-labels=\"${KUBELET_NODE_LABELS}\"");

    let with_config = [texts[0], texts[1], ("10-componentconfig.conf", AKS_COMPONENT), texts[2]];
    let line = read(&with_config).unwrap();
    assert!(
        line.is_complete()
            && words(&line).windows(2).any(|w| w == ["--config", "/etc/default/kubeletconfig.json"])
    );
}

#[test]
fn an_aks_unit_without_its_other_files_is_incomplete() {
    let line = read(&[("kubelet.service", AKS_UNIT)]).unwrap();
    assert_eq!(
        (line.is_complete(), line.missing),
        (false, vec!["EnvironmentFile /etc/default/kubelet".into()])
    );

    let line = read(&[("kubelet.service", AKS_UNIT), ("kubelet", AKS_DEFAULT)]).unwrap();
    assert!(!line.is_complete());
    assert!(
        line.missing.contains(&"a definition of KUBELET_CONFIG_FILE_FLAGS".to_owned()),
        "{:?}",
        line.missing
    );

    let line = read(&[("kubelet", AKS_DEFAULT)]).unwrap();
    assert_eq!((line.form, line.is_complete()), (Form::Environment, false));
    assert_eq!(line.missing, ["the unit that uses the variables"]);
    assert_eq!(words(&line).first(), Some(&"--anonymous-auth=false"));
    assert_eq!(line.arguments.len(), 4, "labels and switches are not arguments");
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
    assert!(line.is_complete(), "{:?}", line.missing);
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
    assert_eq!(line.arguments[4].place.span.slice(KUBEADM_FLAGS), words(&line)[4]);

    // An optional file may or may not be on the node: an empty text says that it is not.
    let line = read(&texts[..3]).unwrap();
    assert_eq!(line.missing, ["EnvironmentFile /etc/default/kubelet"]);
    let line = read(&[texts[0], texts[1], texts[2], ("/etc/default/kubelet", "")]).unwrap();
    assert!(line.is_complete() && line.arguments.len() == 5);

    let line = read(&texts[..1]).unwrap();
    assert!(
        line.is_complete() && line.arguments.is_empty(),
        "the unit alone starts a kubelet without arguments"
    );
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
    assert!(line.is_complete(), "{:?}", line.missing);
    assert_eq!(line.arguments.len(), 5);
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
        assert!(line.is_complete(), "{name}: {:?}", line.missing);
    }
    let line = read(&[("environment", EKS_ENVIRONMENT)]).unwrap();
    assert_eq!((words(&line), line.is_complete()), (expected.to_vec(), false));
}

#[test]
fn a_drop_in_that_only_sets_variables_is_a_fragment() {
    let text = "[Service]\nEnvironment=\"KUBELET_ARGS=--feature-gates=A=true --v=2\"\n";
    let line = read(&[("10-args.conf", text)]).unwrap();
    assert_eq!(words(&line), ["--feature-gates=A=true", "--v=2"]);
    assert_eq!((line.form, line.is_complete()), (Form::Unit, false));
    assert_eq!(line.missing, ["ExecStart of kubelet.service"]);
    assert_eq!(line.arguments[0].place.span.slice(text), "--feature-gates=A=true");
}
