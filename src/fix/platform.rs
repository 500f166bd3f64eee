//! Platforms that manage the kubelet's files, and the object to change instead.
//!
//! Sources for what each accepts and does:
//!
//! - AKS: the custom node configuration reference (learn.microsoft.com/azure/aks/custom-node-configuration-reference);
//!   for rotation Azure/AKS#4986 (from Kubernetes 1.27 on, with the first upgrade) and Azure/AKS#5539 (the tag ends
//!   on 2027-04-01), and the page on certificate rotation (clusters with Kubernetes RBAC).
//! - GKE: `NodeKubeletConfig` of the API (cloud.google.com/kubernetes-engine/docs/reference/rest/v1/NodeKubeletConfig).
//! - EKS: amazon-eks-ami's nodeadm.
//! - Karpenter: the page on node classes (karpenter.sh/docs/concepts/nodeclasses); its generated NodeConfig follows
//!   the one in `userData`, and nodeadm merges them in that order. For Azure, `AKSNodeClass` of
//!   karpenter-provider-azure.
//! - OpenShift: `validateUserKubeletConfig` in machine-config-operator, pkg/controller/kubelet-config/helpers.go.
//! - k3s: docs.k3s.io/installation/configuration#kubelet-configuration-files. RKE2: docs.rke2.io, the page on
//!   advanced options.
//! - kubeadm: kubernetes.io, "Reconfiguring a kubeadm cluster". Cluster API: its book.

use serde_json::Value as Json;

use super::edit::value::{self, Layout};
use crate::benchmark::{self, Platform as Family, auto};
use crate::json::json_text;
use crate::kubelet::fields::FieldId;
use crate::kubelet::flags;
use crate::report::{PlatformChange, Setting};
use crate::request::Request;
use crate::resolve::Layers;
use crate::source::Sources;

/// A platform and the kubelet settings that its users can change.
#[derive(Debug)]
pub struct Platform {
    /// The name.
    pub name: &'static str,
    /// The object to change.
    pub object: &'static str,
    /// What happens to an edited file, and what to do instead: a clause without a final period.
    pub advice: &'static str,
    /// Commands that apply the object.
    pub commands: &'static [&'static str],
    /// Texts in a node's files or arguments that identify it, in addition to those of its benchmarks.
    marks: &'static [&'static str],
    family: Option<Family>,
    takes: Takes,
    /// Settings that are changed in another way, with that way as a clause.
    elsewhere: &'static [(&'static str, &'static str)],
    shape: Shape,
}

/// Which settings a platform accepts.
#[derive(Clone, Copy, Debug)]
enum Takes {
    /// All except these, and the reason.
    Except(&'static [&'static str], &'static str),
    /// Only these, each with the platform's own name and a replacement for the value; `None` keeps the value.
    Only(&'static [(&'static str, &'static str, Option<&'static str>)]),
}

/// The form of the settings in the platform's object.
#[derive(Clone, Copy, Debug)]
enum Shape {
    /// A kubelet configuration with this indentation, between two texts.
    Configuration(&'static str, usize, &'static str),
    /// Names and values below a header.
    Lines(&'static str, usize),
    /// A JSON object.
    Json,
    /// Flags as a list of names and values.
    NamedFlags(&'static str, usize),
    /// Flags as a list of strings without their dashes.
    Flags(&'static str),
}

/// How serving certificates come to rotate on AKS.
const AKS_ROTATION: &[(&str, &str)] = &[(
    "serverTLSBootstrap",
    "AKS sets it. Upgrade the cluster and the node pool to Kubernetes 1.27 or later, with Kubernetes RBAC, and remove \
     the tag aks-disable-kubelet-serving-certificate-rotation from the node pool",
)];

const ALL: Takes = Takes::Except(&[], "");

/// All platforms. Those that run on top of others come first.
#[rustfmt::skip]
pub const PLATFORMS: &[Platform] = &[
    Platform { name: "Karpenter", object: "EC2NodeClass (karpenter.k8s.aws), spec.userData",
        marks: &["karpenter.k8s.aws/"], family: None, takes: ALL, elsewhere: &[],
        shape: Shape::Configuration(
            "apiVersion: karpenter.k8s.aws/v1\nkind: EC2NodeClass\nspec:\n  userData: |\n    MIME-Version: 1.0\n    Content-Type: multipart/mixed; boundary=\"BOUNDARY\"\n\n    --BOUNDARY\n    Content-Type: application/node.eks.aws\n\n    apiVersion: node.eks.aws/v1alpha1\n    kind: NodeConfig\n    spec:\n      kubelet:\n        config:\n",
            10, "\n    --BOUNDARY--\n"),
        advice: "Karpenter creates every node from its EC2NodeClass. Its spec.kubelet accepts reservations, eviction thresholds, image garbage collection, CPU quota, pod counts and clusterDNS, and newer releases accept more. On Amazon Linux 2023, put all other settings in a NodeConfig in spec.userData. Karpenter adds a NodeConfig of its own after it, which wins where both have a setting",
        commands: &["kubectl patch ec2nodeclass NAME --type merge --patch-file FILE", "kubectl get nodeclaims -w  # drift replaces the nodes"] },
    Platform { name: "Karpenter on AKS", object: "AKSNodeClass (karpenter.azure.com), spec.kubelet",
        marks: &["karpenter.azure.com/"], family: None,
        takes: Takes::Only(&[
            ("podPidsLimit", "podPidsLimit", None),
            ("imageGCHighThresholdPercent", "imageGCHighThresholdPercent", None),
            ("imageGCLowThresholdPercent", "imageGCLowThresholdPercent", None),
        ]),
        elsewhere: AKS_ROTATION,
        shape: Shape::Lines("apiVersion: karpenter.azure.com/v1beta1\nkind: AKSNodeClass\nspec:\n  kubelet:\n", 4),
        advice: "Karpenter creates every node from its AKSNodeClass, whose spec.kubelet accepts only a few settings",
        commands: &["kubectl patch aksnodeclass NAME --type merge --patch-file FILE", "kubectl get nodeclaims -w  # drift replaces the nodes"] },
    Platform { name: "Cluster API", object: "KubeadmConfigTemplate (bootstrap.cluster.x-k8s.io); for control planes KubeadmControlPlane",
        marks: &["cluster.x-k8s.io/"], family: None, takes: ALL, elsewhere: &[],
        shape: Shape::NamedFlags("apiVersion: bootstrap.cluster.x-k8s.io/v1beta2\nkind: KubeadmConfigTemplate\nspec:\n  template:\n    spec:\n      joinConfiguration:\n        nodeRegistration:\n          kubeletExtraArgs:\n", 12),
        advice: "Machines are created from a template. Do not edit the template; create one with a new name. kubeletExtraArgs is a list in v1beta2 and a map in v1beta1, and its flags override the file",
        commands: &["kubectl apply -f FILE  # under a new name", "kubectl patch machinedeployment NAME --type merge -p '{\"spec\":{\"template\":{\"spec\":{\"bootstrap\":{\"configRef\":{\"name\":\"NEW\"}}}}}}'"] },
    Platform { name: "AKS", object: "kubelet configuration of the node pool (az aks nodepool add --kubelet-config)", marks: &[], family: Some(Family::Aks),
        takes: Takes::Only(&[
            ("podPidsLimit", "podMaxPids", None),
            ("seccompDefault", "seccompDefault", Some("RuntimeDefault")),
            ("imageGCHighThresholdPercent", "imageGcHighThreshold", None),
            ("imageGCLowThresholdPercent", "imageGcLowThreshold", None),
        ]),
        elsewhere: AKS_ROTATION, shape: Shape::Json,
        advice: "AKS writes the kubelet's files when it creates a node, so edits are lost with the next node image. A node pool accepts only a few settings, and most of them only when it is created. AKS rotates serving certificates in clusters with Kubernetes RBAC, in node pools that were created with Kubernetes 1.27 or later or upgraded to it since 2025. The tag aks-disable-kubelet-serving-certificate-rotation prevents that until 2027-04-01",
        commands: &["az aks nodepool add --resource-group GROUP --cluster-name CLUSTER --name POOL --kubelet-config FILE"] },
    Platform { name: "EKS", object: "NodeConfig (node.eks.aws) in the user data of the launch template", marks: &[], family: Some(Family::Eks), takes: ALL, elsewhere: &[],
        shape: Shape::Configuration("apiVersion: node.eks.aws/v1alpha1\nkind: NodeConfig\nspec:\n  kubelet:\n    config:\n", 6, ""),
        advice: "nodeadm rewrites the file on every boot. It writes the settings of the NodeConfig to the drop-in config.json.d/40-nodeadm.conf, which overrides the file",
        commands: &["aws eks update-nodegroup-version --cluster-name CLUSTER --nodegroup-name GROUP --launch-template name=TEMPLATE,version=VERSION"] },
    Platform { name: "GKE", object: "node system configuration of the node pool", marks: &[], family: Some(Family::Gke),
        takes: Takes::Only(&[
            ("readOnlyPort", "insecureKubeletReadonlyPortEnabled", Some("false")),
            ("podPidsLimit", "podPidsLimit", None),
            ("imageGCHighThresholdPercent", "imageGcHighThresholdPercent", None),
            ("imageGCLowThresholdPercent", "imageGcLowThresholdPercent", None),
            ("imageMinimumGCAge", "imageMinimumGcAge", None),
            ("imageMaximumGCAge", "imageMaximumGcAge", None),
        ]),
        elsewhere: &[], shape: Shape::Lines("kubeletConfig:\n", 2),
        advice: "GKE writes the file when it creates a node, so edits are lost. A node system configuration accepts only a few settings, among them image garbage collection and soft eviction thresholds",
        commands: &["gcloud container node-pools update POOL --cluster CLUSTER --system-config-from-file FILE"] },
    Platform { name: "OpenShift", object: "KubeletConfig (machineconfiguration.openshift.io)", marks: &[], family: Some(Family::Openshift),
        takes: Takes::Except(&["featureGates", "staticPodPath"], "OpenShift rejects a KubeletConfig that sets it"),
        elsewhere: &[("staticPodPath", "OpenShift accepts only staticPodPath: \"\", in a KubeletConfig of worker nodes")],
        shape: Shape::Configuration("apiVersion: machineconfiguration.openshift.io/v1\nkind: KubeletConfig\nmetadata:\n  name: kubelet-audit\nspec:\n  machineConfigPoolSelector:\n    matchLabels:\n      pools.operator.machineconfiguration.openshift.io/worker: \"\"\n  kubeletConfig:\n", 4, ""),
        advice: "The Machine Config Operator rewrites the file and rolls the object out to the pool, one node at a time. Set feature gates in the cluster's FeatureGate; its CustomNoUpgrade feature set permanently prevents upgrades",
        commands: &["oc apply -f FILE", "oc get machineconfigpool -w"] },
    Platform { name: "k3s", object: "/etc/rancher/k3s/config.yaml", marks: &[], family: Some(Family::K3s), takes: ALL, elsewhere: &[], shape: Shape::Flags("kubelet-arg:\n"),
        advice: "k3s rewrites the kubelet's files and arguments when it starts. Since 1.32, it also reads drop-ins in /var/lib/rancher/k3s/agent/etc/kubelet.conf.d/, which kubelet-arg overrides",
        commands: &["systemctl restart k3s-agent  # on a server: k3s"] },
    Platform { name: "RKE2", object: "/etc/rancher/rke2/config.yaml", marks: &[], family: Some(Family::Rke2), takes: ALL, elsewhere: &[], shape: Shape::Flags("kubelet-arg:\n"),
        advice: "RKE2 rewrites the kubelet's files and arguments when it starts. Since 1.32, it also reads drop-ins in /var/lib/rancher/rke2/agent/etc/kubelet.conf.d/, which kubelet-arg overrides",
        commands: &["systemctl restart rke2-agent  # on a server: rke2-server"] },
    Platform { name: "kubeadm", object: "ConfigMap kube-system/kubelet-config, key kubelet", marks: &["kubeadm-flags.env", "/etc/kubernetes/bootstrap-kubelet.conf"], family: None, takes: ALL, elsewhere: &[],
        shape: Shape::Configuration("", 0, ""),
        advice: "kubeadm rewrites the node's file from this ConfigMap when it joins or upgrades a node. Add the settings to the text under its key too",
        commands: &["kubectl -n kube-system edit configmap kubelet-config", "kubeadm upgrade node phase kubelet-config  # on each node", "systemctl restart kubelet"] },
];

/// Returns the platform that the node's files or the requested benchmark identify.
pub(super) fn of(request: &Request, layers: &Layers<'_>, sources: &Sources<'_>) -> Option<&'static Platform> {
    let marked = |platform: &&Platform| {
        let has = |text: &str| platform.marks.iter().any(|mark| text.contains(mark));
        sources.iter().any(|(_, source)| has(&source.name) || has(&source.text))
    };
    let sign = auto::detect(layers, sources, request.kubelet_version.as_deref());
    let certain = sign.as_ref().filter(|sign| sign.is_certain).map(|sign| sign.platform);
    let edition = request.benchmark.as_deref().and_then(benchmark::edition).map(|edition| edition.platform);
    let family = |family: Option<Family>| {
        PLATFORMS.iter().find(|platform| family.is_some() && platform.family == family)
    };
    let layered = PLATFORMS.iter().take_while(|platform| platform.family.is_none()).find(marked);
    layered
        .or_else(|| family(certain))
        .or_else(|| PLATFORMS.iter().find(marked))
        .or_else(|| family(edition))
        .or_else(|| family(sign.map(|sign| sign.platform)))
}

impl Platform {
    /// Returns the settings in the platform's form, and those it does not accept with the reason.
    pub(super) fn change(&self, settings: &[Setting]) -> PlatformChange {
        let mut left_out = Vec::new();
        let mut taken: Vec<(String, Json)> = Vec::new();
        let mut flags: Vec<(&str, String)> = Vec::new();
        for setting in settings {
            if let Some((name, way)) = self.elsewhere.iter().find(|(name, _)| *name == setting.name) {
                left_out.push(format!("{name}: {way}"));
                continue;
            }
            if setting.value.is_null() {
                left_out.push(format!("{}: remove it where it is set", setting.name));
                continue;
            }
            match self.takes {
                Takes::Except(names, reason) => {
                    let top = setting.name.split('.').next().unwrap_or("");
                    if names.contains(&top) {
                        left_out.push(format!("{}: {reason}", setting.name));
                    } else if matches!(self.shape, Shape::NamedFlags(..) | Shape::Flags(_)) {
                        match flag_of(setting) {
                            Some(flag) => add_flag(&mut flags, flag),
                            None => left_out.push(format!("{}: there is no flag for it", setting.name)),
                        }
                    } else if setting.name.starts_with('-') {
                        left_out.push(format!("{}: it can only be set by a flag", setting.name));
                    } else {
                        taken.push((setting.name.clone(), setting.value.clone()));
                    }
                }
                Takes::Only(names) => match names.iter().find(|(path, ..)| *path == setting.name) {
                    Some((_, name, None)) => {
                        taken.push(((*name).to_owned(), setting.value.clone()));
                    }
                    Some((_, name, Some("false"))) => taken.push(((*name).to_owned(), Json::Bool(false))),
                    Some((_, name, Some(text))) => taken.push(((*name).to_owned(), (*text).into())),
                    None => {
                        left_out.push(format!("{}: {} does not accept this setting", setting.name, self.name))
                    }
                },
            }
        }
        let content = (!taken.is_empty() || !flags.is_empty()).then(|| self.write(&taken, &flags));
        PlatformChange {
            platform: self.name.to_owned(),
            object: self.object.to_owned(),
            advice: self.advice.to_owned(),
            commands: self.commands.iter().map(|command| (*command).to_owned()).collect(),
            content,
            left_out,
        }
    }

    fn write(&self, taken: &[(String, Json)], flags: &[(&str, String)]) -> String {
        let mut text = String::new();
        match self.shape {
            Shape::Configuration(head, depth, tail) => {
                text.push_str(head);
                lines(&mut text, &tree(taken), depth);
                text.push_str(tail);
            }
            Shape::Lines(head, depth) => {
                text.push_str(head);
                lines(&mut text, taken, depth);
            }
            Shape::Json => {
                let layout = Layout { quote: Some('"'), multiline: true, ..BLOCK };
                let mut object = Json::Null;
                for (key, value) in taken {
                    super::edit::tree::put(&mut object, &[key], value);
                }
                text.push_str(&value::flow(&object, &layout, ""));
                text.push('\n');
            }
            Shape::NamedFlags(head, depth) => {
                text.push_str(head);
                for (name, value) in flags {
                    let indent = " ".repeat(depth);
                    text.push_str(&format!(
                        "{indent}- name: {name}\n{indent}  value: {}\n",
                        json_text(value)
                    ));
                }
            }
            Shape::Flags(head) => {
                text.push_str(head);
                for (name, value) in flags {
                    text.push_str(&format!("  - {}\n", json_text(&format!("{name}={value}"))));
                }
            }
        }
        text
    }
}

/// The layout of new YAML.
pub(super) const BLOCK: Layout<'static> =
    Layout { eol: "\n", unit: "  ", quote: None, colon: ": ", multiline: false };

fn lines(text: &mut String, members: &[(String, Json)], depth: usize) {
    let indent = " ".repeat(depth);
    for (key, value) in members {
        text.push_str(&indent);
        text.push_str(&value::block(key, value, &BLOCK, &indent));
        text.push('\n');
    }
}

/// Returns the flag for a setting, with the value.
pub(super) fn flag_of(setting: &Setting) -> Option<(&str, String)> {
    let value = match &setting.value {
        Json::String(text) => text.clone(),
        Json::Array(items) => items.iter().filter_map(Json::as_str).collect::<Vec<_>>().join(","),
        other => json_text(other),
    };
    if let Some(flag) = setting.name.strip_prefix("--") {
        return Some((flag, value));
    }
    if let Some(gate) = setting.name.strip_prefix("featureGates.") {
        return Some(("feature-gates", format!("{gate}={value}")));
    }
    if setting.name == "seccompDefault" {
        return Some(("seccomp-default", value));
    }
    FieldId::find(&setting.name).and_then(flags::of_field).map(|flag| (flag.name, value))
}

/// Adds a flag. All gates share one flag, because a second one replaces the first in a map of flags.
fn add_flag<'s>(flags: &mut Vec<(&'s str, String)>, (name, value): (&'s str, String)) {
    match flags.iter_mut().find(|(known, _)| *known == name) {
        Some((_, known)) if name == "feature-gates" => {
            known.push(',');
            known.push_str(&value);
        }
        Some((_, known)) => *known = value,
        None => flags.push((name, value)),
    }
}

/// Returns values by path as members of an object, in order.
pub(super) fn tree(settings: &[(String, Json)]) -> Vec<(String, Json)> {
    let mut members: Vec<(String, Json)> = Vec::new();
    for (name, set) in settings {
        let mut path = name.split('.');
        let Some(first) = path.next() else { continue };
        let rest: Vec<&str> = path.collect();
        let at = members.iter().position(|(key, _)| key == first).unwrap_or(members.len());
        if at == members.len() {
            members.push((first.to_owned(), Json::Null));
        }
        if let Some((_, value)) = members.get_mut(at) {
            super::edit::tree::put(value, &rest, set);
        }
    }
    members
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::report::Purpose;
    use crate::source::{Limits, SourceId, document};

    fn setting(name: &str, value: Json) -> Setting {
        Setting { name: name.into(), value, purpose: Purpose::Both }
    }

    fn settings() -> Vec<Setting> {
        vec![
            setting("featureGates.RotateKubeletServerCertificate", json!(true)),
            setting("serverTLSBootstrap", json!(true)),
            setting("readOnlyPort", json!(0)),
            setting("podPidsLimit", json!(4096)),
            setting("seccompDefault", json!(true)),
            setting("staticPodPath", Json::Null),
        ]
    }

    /// Returns a platform's content, parsed as the kubelet parses YAML.
    fn content(name: &str) -> (Json, Vec<String>) {
        let platform = PLATFORMS.iter().find(|platform| platform.name == name).unwrap();
        let change = platform.change(&settings());
        let text = change.content.unwrap();
        let document = document::read(&text, SourceId(0), &Limits::default()).unwrap();
        (super::super::edit::tree::to_json(&document.root), change.left_out)
    }

    #[test]
    fn every_platform_gets_what_it_takes_and_no_more() {
        let whole = json!({
            "featureGates": {"RotateKubeletServerCertificate": true}, "serverTLSBootstrap": true,
            "readOnlyPort": 0, "podPidsLimit": 4096, "seccompDefault": true,
        });
        assert_eq!(content("EKS").0["spec"]["kubelet"]["config"], whole);
        assert_eq!(content("kubeadm").0, whole);
        let (openshift, left_out) = content("OpenShift");
        let kubelet = &openshift["spec"]["kubeletConfig"];
        assert_eq!((kubelet["featureGates"].clone(), &kubelet["readOnlyPort"]), (Json::Null, &json!(0)));
        assert!(left_out[0].starts_with("featureGates.RotateKubeletServerCertificate: OpenShift rejects"));
        assert_eq!(
            content("GKE").0,
            json!({"kubeletConfig": {"insecureKubeletReadonlyPortEnabled": false, "podPidsLimit": 4096}})
        );
        let (aks, left_out) = content("AKS");
        assert_eq!(aks, json!({"podMaxPids": 4096, "seccompDefault": "RuntimeDefault"}));
        assert!(
            left_out
                .iter()
                .any(|line| line.starts_with("serverTLSBootstrap: AKS sets it. Upgrade the cluster"))
        );
        assert!(left_out.contains(&"readOnlyPort: AKS does not accept this setting".to_owned()));
        assert_eq!(
            content("k3s").0["kubelet-arg"],
            json!([
                "feature-gates=RotateKubeletServerCertificate=true",
                "rotate-server-certificates=true",
                "read-only-port=0",
                "pod-max-pids=4096",
                "seccomp-default=true"
            ])
        );
        let args = content("Cluster API").0["spec"]["template"]["spec"]["joinConfiguration"]["nodeRegistration"]
            ["kubeletExtraArgs"]
            .clone();
        assert_eq!(args[1], json!({"name": "rotate-server-certificates", "value": "true"}));
        let karpenter = content("Karpenter").0["spec"]["userData"].as_str().unwrap().to_owned();
        let config = karpenter.split("\n\n").nth(2).unwrap();
        let config = document::read(config, SourceId(0), &Limits::default()).unwrap();
        assert_eq!(super::super::edit::tree::to_json(&config.root)["spec"]["kubelet"]["config"], whole);
    }

    #[test]
    fn thresholds_of_image_collection_have_the_names_of_the_platform() {
        let settings = [
            setting("imageGCHighThresholdPercent", json!(80)),
            setting("imageGCLowThresholdPercent", json!(70)),
            setting("imageMinimumGCAge", json!("5m0s")),
        ];
        let change = |name: &str| {
            let platform = PLATFORMS.iter().find(|platform| platform.name == name).unwrap();
            platform.change(&settings)
        };
        let gke = change("GKE");
        assert!(gke.left_out.is_empty(), "{:?}", gke.left_out);
        assert!(gke.content.unwrap().contains("  imageMinimumGcAge: 5m0s"));
        let aks = change("AKS");
        assert_eq!(aks.left_out, ["imageMinimumGCAge: AKS does not accept this setting"]);
        assert!(aks.content.unwrap().contains("\"imageGcHighThreshold\": 80"));
    }

    #[test]
    fn static_pods_of_openshift_workers_are_turned_off_by_an_empty_path() {
        let openshift = PLATFORMS.iter().find(|platform| platform.name == "OpenShift").unwrap();
        let change = openshift.change(&[setting("staticPodPath", Json::Null)]);
        assert!(change.left_out[0].contains("accepts only staticPodPath: \"\""));
    }

    /// The platform of a config file with these further lines.
    fn platform_of(lines: &str) -> Option<&'static str> {
        let text = format!("apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n{lines}");
        let request = Request::from_value(json!({ "config": text })).unwrap();
        let texts = crate::assess::Texts::of(&request);
        let mut sources = Sources::default();
        let layers = crate::assess::layers(&texts, &request, &mut sources);
        of(&request, &layers, &sources).map(|platform| platform.name)
    }

    #[test]
    fn provider_ids_are_weak_signs() {
        assert_eq!(platform_of("providerID: aws:///zone/i-1\n"), Some("EKS"));
        let kops = "nodeLabels: {kops.k8s.io/instancegroup: nodes}\n";
        assert_eq!(platform_of(&format!("providerID: aws:///zone/i-1\n{kops}")), None);
        // Karpenter runs on several clouds.
        assert_eq!(platform_of("# karpenter.sh/nodepool=a\n"), None);
        assert_eq!(platform_of("# karpenter.k8s.aws/ec2nodeclass=a\n"), Some("Karpenter"));
        assert_eq!(platform_of("# karpenter.azure.com/aksnodeclass=a\n"), Some("Karpenter on AKS"));
        let mixed = "providerID: azure:///a\nclusterDomain: /etc/eks/\n";
        assert_eq!(platform_of(mixed), Some("EKS"));
    }

    #[test]
    fn what_a_platform_forbids_has_no_patch() {
        let gate = [setting("featureGates.RotateKubeletServerCertificate", json!(true))];
        for platform in PLATFORMS {
            assert!(!platform.advice.ends_with('.') && !platform.commands.is_empty(), "{}", platform.name);
            let change = platform.change(&gate);
            let forbidden = ["AKS", "GKE", "Karpenter on AKS", "OpenShift"].contains(&platform.name);
            assert_eq!(
                (change.content.is_none(), change.left_out.len()),
                (forbidden, usize::from(forbidden))
            );
        }
    }
}
