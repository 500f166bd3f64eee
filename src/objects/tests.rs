use crate::audit;
use crate::report::{Effect, Evidence, OriginLayer, Report, Status, Target};
use crate::request::{ArgsInput, ConfigInput, Request};
use crate::source::diagnostic::Code;
use crate::source::{Limits, document};

fn report(text: &str) -> Report {
    audit(&Request {
        config: Some(ConfigInput::Text(text.to_owned())),
        source: Some("f.yaml".to_owned()),
        benchmark: Some("cis-1.8".to_owned()),
        ..Request::default()
    })
    .unwrap()
}

fn names(text: &str) -> Vec<String> {
    let targets = report(text).targets;
    targets
        .into_iter()
        .map(|target| target.source.strip_prefix("f.yaml: ").unwrap_or("").to_owned())
        .collect()
}

/// What decided on a control, and the status.
fn decided<'t>(target: &'t Target, control: &str) -> (Status, Option<&'t Evidence>) {
    let finding = target.findings.iter().find(|finding| finding.control == control).unwrap();
    (finding.status, finding.evidence.iter().find(|one| one.decided && one.value.is_some()))
}

/// The text at the place that decided on a control.
fn written<'t>(text: &'t str, target: &Target, control: &str) -> &'t str {
    let range = decided(target, control).1.unwrap().location.as_ref().unwrap().range.unwrap();
    let before = text.get(..range.start.offset as usize).unwrap();
    assert_eq!(range.start.line as usize, before.split('\n').count());
    text.get(range.start.offset as usize..range.end.offset as usize).unwrap()
}

const CONFIG_MAP: &str = "\
# kubeadm's
apiVersion: v1
kind: ConfigMap
metadata:
  name: kubelet-config
  namespace: kube-system
data:
  kubelet: |
    apiVersion: kubelet.config.k8s.io/v1beta1
    kind: KubeletConfiguration
    authentication:
      anonymous:
        enabled: no   # YAML 1.1

    readOnlyPort: 010
    podPidsLimit: \"many\"
";

#[test]
fn a_block_inside_a_config_map_keeps_its_places() {
    let text = CONFIG_MAP.replace("    podPidsLimit: \"many\"\n", "");
    let report = report(&text);
    let [target] = report.targets.as_slice() else { panic!("{:?}", report.targets) };
    assert_eq!(target.source, "f.yaml: ConfigMap kube-system/kubelet-config");
    assert!(target.errors.is_empty());
    assert_eq!(written(&text, target, "anonymous-auth"), "no");
    assert_eq!(written(&text, target, "read-only-port"), "010");
    assert_eq!(decided(target, "read-only-port").0, Status::Fail);
    let kubelet = target.kubelet.as_ref().unwrap();
    assert_eq!((kubelet.starts, kubelet.missing_layers.len()), (Some(true), 0));
    let location = &serde_json::to_value(kubelet).unwrap()["origins"]["readOnlyPort"]["location"];
    assert_eq!((&location["source"], &location["range"]["start"]["line"]), (&"f.yaml".into(), &15.into()));
}

#[test]
fn errors_inside_a_block_are_where_they_are_written() {
    for (text, at) in [
        (CONFIG_MAP.to_owned(), "\"many\""),
        (CONFIG_MAP.replace("\"many\"", "@1"), "@1"),
        (CONFIG_MAP.replace('\n', "\r\n"), "\"many\""),
    ] {
        let report = report(&text);
        let kubelet = report.targets[0].kubelet.as_ref().unwrap();
        let range = kubelet.errors[0].location.as_ref().unwrap().range.unwrap();
        assert_eq!(range.start.offset as usize, text.find(at).unwrap(), "{text}");
        assert_eq!((range.start.line, range.start.column), (16, 19));
    }
}

#[test]
fn escapes_of_json_are_counted() {
    let inner = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n# \u{1F600} \\ \"é\"\u{2028}\ntlsCertFile: \"a\\tb\"\nauthentication:\n  anonymous: {enabled: true}\n";
    let object = serde_json::json!({
        "apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "kubelet-config-1.23"}, "data": {"kubelet": inner},
    });
    for text in [
        object.to_string(),
        object.to_string().replace('\u{1F600}', "\\ud83d\\ude00").replace('é', "\\u00e9"),
        serde_json::to_string_pretty(&object).unwrap(),
        // The same in YAML, whose double quotes know these escapes too.
        format!("# a\n{object}"),
        format!("# a\n{}", object.to_string().replace("\"apiVersion\": ", "!!str \"apiVersion\": ")),
    ] {
        let report = report(&text);
        assert_eq!(written(&text, &report.targets[0], "anonymous-auth"), "true", "{text}");
    }
}

#[test]
fn where_folding_hides_places_the_value_is_pointed_to_and_said() {
    let head = "kind: ConfigMap\napiVersion: v1\nmetadata: {name: kubelet-config}\ndata:\n  kubelet: ";
    let folded = ">\n    {\"kind\": \"KubeletConfiguration\",\n    \"apiVersion\": \"kubelet.config.k8s.io/v1beta1\",\n    \"readOnlyPort\": 7}\n";
    let escaped =
        "\"apiVersion: kubelet.config.k8s.io/v1beta1\\nkind: KubeletConfigu\\x72ation\\nreadOnlyPort: 7\"";
    for value in [folded, escaped] {
        let text = format!("{head}{value}");
        let report = report(&text);
        let target = &report.targets[0];
        let (status, evidence) = decided(target, "read-only-port");
        let evidence = evidence.unwrap();
        assert_eq!((status, evidence.value.as_deref()), (Status::Fail, Some("7")));
        let range = evidence.location.as_ref().unwrap().range.unwrap();
        assert_eq!((range.start.offset as usize, range.start), (head.len(), range.end));
        let warnings = &target.kubelet.as_ref().unwrap().warnings;
        assert!(warnings.iter().any(|note| note.code == "inside-value"), "{warnings:?}");
    }
}

#[test]
fn kubeadm_arguments_are_read_as_map_and_as_list() {
    let map = "{anonymous-auth: \"false\", read-only-port: \"10255\"}";
    let list = "[{name: anonymous-auth, value: \"false\"}, {name: read-only-port, value: \"10255\"}]";
    for args in [map, list] {
        for (kind, before, after) in [
            ("apiVersion: kubeadm.k8s.io/v1beta4\nkind: JoinConfiguration", "", ""),
            (
                "apiVersion: bootstrap.cluster.x-k8s.io/v1beta1\nkind: KubeadmConfig",
                "spec: {joinConfiguration: {",
                "}}",
            ),
            (
                "apiVersion: bootstrap.cluster.x-k8s.io/v1beta2\nkind: KubeadmConfigTemplate",
                "spec: {template: {spec: {initConfiguration: {",
                "}}}}",
            ),
            (
                "apiVersion: controlplane.cluster.x-k8s.io/v1beta1\nkind: KubeadmControlPlane",
                "spec: {kubeadmConfigSpec: {joinConfiguration: {",
                "}}}",
            ),
            (
                "apiVersion: controlplane.cluster.x-k8s.io/v1beta1\nkind: KubeadmControlPlaneTemplate",
                "spec: {template: {spec: {kubeadmConfigSpec: {joinConfiguration: {",
                "}}}}}",
            ),
        ] {
            let text = format!("{kind}\n{before}nodeRegistration: {{kubeletExtraArgs: {args}}}{after}\n");
            let report = report(&text);
            let [target] = report.targets.as_slice() else { panic!("{text}\n{:?}", report.targets) };
            assert_eq!(decided(target, "anonymous-auth").0, Status::Pass, "{text}");
            assert_eq!(decided(target, "read-only-port").0, Status::Fail);
            assert_eq!(decided(target, "read-only-port").1.unwrap().layer, OriginLayer::Flag);
            assert_eq!(written(&text, target, "read-only-port"), "\"10255\"");
            // `kubeadm join` takes the config file from a cluster of which nothing is known. Cluster API
            // makes the cluster itself.
            let missing = &target.kubelet.as_ref().unwrap().missing_layers;
            if kind.contains("kubeadm.k8s.io") {
                assert_eq!(decided(target, "client-ca-file").0, Status::Error);
                assert_eq!(*missing, ["the config file /var/lib/kubelet/config.yaml"]);
            } else {
                assert_eq!(decided(target, "client-ca-file").1.unwrap().layer, OriginLayer::Platform);
                assert!(missing.is_empty(), "{missing:?}");
            }
        }
    }
}

#[test]
fn documents_of_one_kubeadm_file_belong_together() {
    let init = "apiVersion: kubeadm.k8s.io/v1beta3\nkind: InitConfiguration\nnodeRegistration:\n  kubeletExtraArgs: {read-only-port: \"0\"}\n";
    let cluster = "---\napiVersion: kubeadm.k8s.io/v1beta3\nkind: ClusterConfiguration\n";
    let kubelet = "--- # c\napiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\nreadOnlyPort: 10255\n";
    let text = format!("{init}{cluster}{kubelet}");
    let all = report(&text);
    let [target] = all.targets.as_slice() else { panic!("{:?}", all.targets) };
    assert_eq!(target.source, "f.yaml: InitConfiguration with KubeletConfiguration");
    assert_eq!(decided(target, "read-only-port").0, Status::Pass);
    assert!(target.kubelet.as_ref().unwrap().missing_layers.is_empty());
    assert_eq!(decided(target, "client-ca-file").1.unwrap().layer, OriginLayer::Platform);

    let text = format!("{kubelet}{cluster}");
    let all = report(&text);
    let [target] = all.targets.as_slice() else { panic!("{:?}", all.targets) };
    assert_eq!(target.source, "f.yaml: KubeletConfiguration");
    assert_eq!(written(&text, target, "read-only-port"), "10255");
    // kubeadm writes what the file leaves out.
    assert_eq!(decided(target, "client-ca-file").0, Status::Pass);

    let join = init.replace("Init", "Join");
    let all = report(&format!("{join}{kubelet}"));
    let [target] = all.targets.as_slice() else { panic!("{:?}", all.targets) };
    assert_eq!(target.source, "f.yaml: JoinConfiguration");
    let warnings = &target.kubelet.as_ref().unwrap().warnings;
    assert!(warnings.iter().any(|warning| warning.code == "ignored-layer"), "{warnings:?}");
}

#[test]
fn a_text_for_the_kubelet_is_read_by_its_rules() {
    let one = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\nreadOnlyPort: 1\n";
    for text in [
        one.to_owned(),
        format!("{one}---\n{}", one.replace('1', "2")),
        format!("{one}---\nnot: [even yaml\n"),
        format!("{one}---\nsome: thing\n"),
    ] {
        let report = report(&text);
        assert_eq!(report.targets.len(), 1, "{text}");
        assert_eq!(report.targets[0].source, "f.yaml");
        assert_eq!(report.targets[0].kubelet.as_ref().unwrap().starts, Some(true));
    }
    for text in
        ["apiVersion: v1\nkind: Pod\n", "apiVersion: v1\nkind: ConfigMap\ndata: {a: b}\n---\nkind: Pod\n"]
    {
        let report = report(text);
        assert_eq!((report.targets.len(), report.notices.len()), (0, 1), "{text}");
    }
}

#[test]
fn settings_of_platforms_are_known_in_part() {
    for (text, name, missing) in [
        (
            "apiVersion: machineconfiguration.openshift.io/v1\nkind: KubeletConfig\nmetadata: {name: a}\nspec:\n  kubeletConfig: {podPidsLimit: 4096}\n",
            "KubeletConfig a",
            "Machine Config Operator",
        ),
        (
            "apiVersion: karpenter.k8s.aws/v1\nkind: EC2NodeClass\nmetadata: {name: a}\nspec:\n  kubelet: {podPidsLimit: 4096}\n",
            "EC2NodeClass a",
            "AMI",
        ),
        (
            "apiVersion: k0s.k0sproject.io/v1beta1\nkind: ClusterConfig\nspec:\n  workerProfiles: [{name: a, values: {podPidsLimit: 4096}}]\n",
            "ClusterConfig, workerProfiles[a]",
            "k0s",
        ),
        (
            "apiVersion: kops.k8s.io/v1alpha2\nkind: Cluster\nspec:\n  kubelet: {podMaxPids: 4096, kubeReserved: {cpu: 100m}, networkPluginName: cni}\n",
            "Cluster",
            "kops",
        ),
        (
            "apiVersion: core.gardener.cloud/v1beta1\nkind: Shoot\nspec:\n  kubernetes: {kubelet: {podPidsLimit: 4096, evictionHard: {memoryAvailable: 5%}}}\n",
            "Shoot",
            "Gardener",
        ),
    ] {
        assert_eq!(names(text), [name]);
        let report = report(text);
        let target = &report.targets[0];
        let kubelet = target.kubelet.as_ref().unwrap();
        assert!(kubelet.errors.is_empty(), "{text}\n{:?}", kubelet.errors);
        assert_eq!(kubelet.starts, None, "{text}");
        assert!(kubelet.missing_layers[0].contains(missing), "{:?}", kubelet.missing_layers);
        // What the object says is known.
        let (status, evidence) = decided(target, "pod-max-pids");
        assert!(evidence.unwrap().value.as_ref().unwrap().contains("4096"));
        assert_ne!(status, Status::Error);
        let known = target.findings.iter().find(|finding| finding.control == "pod-max-pids").unwrap();
        assert_eq!(known.effective.verdict, Effect::Yes, "{text}");
        // What the object does not say is not known, whatever the control accepts where it is absent.
        let others = target.findings.iter().filter(|f| f.evidence.iter().all(|one| one.value.is_none()));
        assert!(
            others.clone().map(|f| f.status).all(|status| matches!(status, Status::Error | Status::Manual)),
            "{text}"
        );
        assert!(others.map(|f| f.effective.verdict).all(|verdict| verdict == Effect::Unknown), "{text}");
    }
}

#[test]
fn documented_settings_of_platforms_are_a_layer() {
    for (text, name, source) in [
        (
            "apiVersion: karpenter.azure.com/v1beta1\nkind: AKSNodeClass\nmetadata: {name: a}\nspec:\n  kubelet: {podPidsLimit: 4096}\n",
            "AKSNodeClass a",
            "AgentBaker",
        ),
        (
            "apiVersion: node.eks.aws/v1alpha1\nkind: NodeConfig\nspec:\n  kubelet: {config: {podPidsLimit: 4096}, flags: [--read-only-port=0]}\n",
            "NodeConfig",
            "amazon-eks-ami",
        ),
        (
            "apiVersion: provisioning.cattle.io/v1\nkind: Cluster\nspec:\n  rkeConfig: {machineSelectorConfig: [{config: {kubelet-arg: [pod-max-pids=4096]}}]}\n",
            "Cluster",
            "k3s-io/k3s",
        ),
        (
            "apiVersion: controlplane.cluster.x-k8s.io/v1beta1\nkind: RKE2ControlPlane\nspec: {agentConfig: {kubelet: {extraArgs: [\"--pod-max-pids=4096\"]}}}\n",
            "RKE2ControlPlane",
            "k3s-io/k3s",
        ),
        (
            "version: v1alpha1\nmachine:\n  kubelet: {extraConfig: {podPidsLimit: 4096}, extraArgs: {read-only-port: 0}}\n",
            "Talos machine configuration",
            "siderolabs/talos",
        ),
    ] {
        assert_eq!(names(text), [name]);
        let report = report(text);
        let target = &report.targets[0];
        let kubelet = target.kubelet.as_ref().unwrap();
        assert!(kubelet.errors.is_empty(), "{text}\n{:?}", kubelet.errors);
        let notes = kubelet.warnings.iter().filter(|note| note.code == "platform-settings");
        assert!(
            notes.clone().all(|note| note.help.contains(source)) && notes.count() == 1,
            "{:?}",
            kubelet.warnings
        );
        assert!(decided(target, "pod-max-pids").1.unwrap().value.as_ref().unwrap().contains("4096"));
        let (status, evidence) = decided(target, "anonymous-auth");
        let evidence = evidence.unwrap();
        assert_eq!((status, evidence.layer), (Status::Pass, OriginLayer::Platform), "{text}");
        assert!(evidence.location.is_none());
        let origins = kubelet.origins.as_ref().unwrap();
        assert_eq!(origins["authorization.mode"].layer, OriginLayer::Platform);
    }
}

#[test]
fn openshift_files_and_texts_in_config_maps_are_found() {
    let config = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\nreadOnlyPort: 7\n";
    let encoded = "YXBpVmVyc2lvbjoga3ViZWxldC5jb25maWcuazhzLmlvL3YxYmV0YTEKa2luZDogS3ViZWxldENvbmZpZ3VyYXRpb24KcmVhZE9ubHlQb3J0OiA3Cg==";
    let percent = config.replace('\n', "%0A").replace(' ', "%20");
    for source in [format!("data:text/plain;charset=utf-8;base64,{encoded}"), format!("data:,{percent}")] {
        let text = format!(
            "apiVersion: machineconfiguration.openshift.io/v1\nkind: MachineConfig\nmetadata: {{name: m}}\nspec:\n  config:\n    storage:\n      files:\n      - path: /etc/other\n        contents: {{source: \"data:,x\"}}\n      - path: /etc/kubernetes/kubelet.conf\n        contents:\n          source: {source}\n"
        );
        assert_eq!(names(&text), ["MachineConfig m"]);
        let (status, evidence) = (decided(&report(&text).targets[0], "read-only-port").0, 12);
        assert_eq!(status, Status::Fail);
        let range =
            decided(&report(&text).targets[0], "read-only-port").1.unwrap().location.as_ref().unwrap().range;
        assert_eq!(range.unwrap().start.line, evidence);
    }
    let text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n  readme: |\n    about a KubeletConfig: none here\n  config: |\n    apiVersion: machineconfiguration.openshift.io/v1\n    kind: KubeletConfig\n    metadata: {name: k}\n    spec:\n      kubeletConfig:\n        readOnlyPort: 7\n";
    assert_eq!(names(text), ["ConfigMap c, data.config: KubeletConfig k"]);
    assert_eq!(written(text, &report(text).targets[0], "read-only-port"), "7");
}

#[test]
fn cluster_api_can_put_the_config_file_on_the_node() {
    let text = "\
apiVersion: bootstrap.cluster.x-k8s.io/v1beta1
kind: KubeadmConfig
spec:
  files:
  - path: /etc/kubelet.yaml
    content: |
      apiVersion: kubelet.config.k8s.io/v1beta1
      kind: KubeletConfiguration
      readOnlyPort: 7
  joinConfiguration:
    nodeRegistration:
      kubeletExtraArgs:
        config: /etc/kubelet.yaml
";
    let first = report(text);
    assert_eq!(written(text, &first.targets[0], "read-only-port"), "7");
    assert!(first.targets[0].kubelet.as_ref().unwrap().missing_layers.is_empty());
    assert_eq!(first.targets.len(), 1);

    // Or a patch, which kubeadm puts over its own settings.
    let patch = text.replace("        config: /etc/kubelet.yaml\n", "        v: \"2\"\n");
    assert_eq!(
        names(&patch),
        ["KubeadmConfig, joinConfiguration", "KubeadmConfig, files[/etc/kubelet.yaml]"]
    );
    let kubelet = report(&patch).targets.pop().unwrap().kubelet.unwrap();
    assert!(kubelet.missing_layers.is_empty(), "{:?}", kubelet.missing_layers);
}

#[test]
fn lists_are_walked_and_nothing_is_lost() {
    let items: Vec<String> = (0..600)
        .map(|n| format!("{{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{{\"name\":\"kubelet-config\",\"namespace\":\"n{}\"}},\"data\":{{\"kubelet\":\"x\"}}}}", n % 2))
        .collect();
    let text = format!("{{\"apiVersion\":\"v1\",\"kind\":\"List\",\"items\":[{}]}}", items.join(","));
    let limits = Limits::default();
    let found = super::find(&text, &document::read(&text, super::CONFIG, &limits), None, &limits, &[]);
    assert_eq!(found.len(), 501);
    let names: Vec<_> = found.iter().take(3).map(|kubelet| kubelet.name.as_str()).collect();
    assert_eq!(
        names,
        ["ConfigMap n0/kubelet-config", "ConfigMap n1/kubelet-config", "ConfigMap n0/kubelet-config (2)"]
    );
    let last = found.last().and_then(|kubelet| kubelet.unreadable.as_ref()).unwrap();
    assert!(last.message.starts_with("100 more"), "{last:?}");

    let text = format!(
        "{CONFIG_MAP}---\na: [\n---\n{}",
        CONFIG_MAP.replace("kubelet: |", "kubelet: 5\n  other: |").replace("KubeletC", "Other")
    );
    let report = report(&text);
    let errors: Vec<_> = report
        .targets
        .iter()
        .flat_map(|target| target.errors.iter().map(|error| error.code.as_str()))
        .collect();
    assert_eq!(report.targets.len(), 3);
    assert_eq!(errors, ["wrong-type", "yaml-syntax"]);
    assert_eq!(report.summary.unreadable, 2);
}

#[test]
fn the_requests_layers_go_with_the_object() {
    let request = Request {
        config: Some(ConfigInput::Text(CONFIG_MAP.replace("    podPidsLimit: \"many\"\n", ""))),
        args: Some(ArgsInput::Text("--read-only-port=0".to_owned())),
        benchmark: Some("cis-1.8".to_owned()),
        ..Request::default()
    };
    assert_eq!(decided(&audit(&request).unwrap().targets[0], "read-only-port").0, Status::Pass);

    let object = serde_json::json!({
        "apiVersion": "kubeadm.k8s.io/v1beta3", "kind": "JoinConfiguration",
        "nodeRegistration": {"kubeletExtraArgs": {"read-only-port": "0"}},
    });
    let request = Request { config: Some(ConfigInput::Object(object)), ..request };
    let report = audit(&request).unwrap();
    let kubelet = report.targets[0].kubelet.as_ref().unwrap();
    let codes: Vec<_> = kubelet.warnings.iter().map(|warning| warning.code.as_str()).collect();
    assert!(codes.contains(&"ignored-layer") && codes.contains(&"object-input"), "{codes:?}");
}

#[test]
fn fingerprints_tell_the_kubelets_of_a_file_apart() {
    let text = format!("{CONFIG_MAP}---\n{}", CONFIG_MAP.replace("kube-system", "other"));
    let report = report(&text);
    let print = |n: usize| report.targets[n].findings[0].fingerprint.clone();
    assert_ne!(print(0), print(1));
}

#[test]
fn aliases_cannot_make_much_of_little() {
    let config = format!("'{{\"kind\": \"{}\"}}'", "x".repeat(2000));
    let aliases = ["*a"; 400].join(", ");
    let text = format!(
        "kind: List\napiVersion: v1\nitems: [&a {{kind: ConfigMap, apiVersion: v1, metadata: {{name: kubelet-config}}, data: {{kubelet: {config}}}}}, {aliases}]\n"
    );
    let limits = Limits::default();
    let found = super::find(&text, &document::read(&text, super::CONFIG, &limits), None, &limits, &[]);
    assert_eq!(found.len(), 401);
    let refused = |kubelet: &super::ConfiguredKubelet| matches!(&kubelet.config, Some(Err(error)) if error.code == Code::ExcessiveAliasing);
    assert_eq!(
        found.iter().filter(|kubelet| refused(kubelet)).count(),
        401 - text.len() * 4 / (config.len() - 2)
    );

    let init = "---\napiVersion: kubeadm.k8s.io/v1beta3\nkind: JoinConfiguration\nnodeRegistration: {kubeletExtraArgs: {v: \"1\"}}\n";
    let cluster = "---\napiVersion: kubeadm.k8s.io/v1beta4\nkind: ClusterConfiguration\n";
    let text = format!(
        "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n{cluster}{}",
        init.repeat(5)
    );
    let found = super::find(&text, &document::read(&text, super::CONFIG, &limits), None, &limits, &[]);
    let is_shared = |kubelet: &&super::ConfiguredKubelet| kubelet.name.contains("with KubeletConfiguration");
    assert_eq!((found.len(), found.iter().filter(is_shared).count()), (5, 2));
}

/// Large texts that repeat what makes carriers and templates look again.
#[test]
fn large_texts_are_read_in_a_moment() {
    let repeat = |head: &str, line: &str| format!("{head}{}", line.repeat(100_000 / line.len()));
    for text in [
        repeat("", "{{ if a }}\n"),
        repeat("a: ", "${"),
        repeat("{", "\"a\": {{ b }}, "),
        repeat("MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n", "--b\n\na: 1\n"),
        repeat("#!/bin/sh\n", "cat <<E >/a\n"),
        repeat("kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\nnodes:\n", "- role: worker\n"),
        repeat(
            "",
            "---\napiVersion: kops.k8s.io/v1alpha2\nkind: InstanceGroup\nspec: {kubelet: {maxPods: 1}}\n",
        ),
        repeat("#cloud-config\nwrite_files:\n", "- {path: /etc/default/kubelet, content: A=1}\n"),
    ] {
        let begun = std::time::Instant::now();
        report(&text);
        assert!(begun.elapsed().as_secs() < 60, "{}", text.get(..80).unwrap());
    }
}
