//! The objects that contain kubelet configuration.
//!
//! Sources: kubeadm `cmd/kubeadm/app/apis/kubeadm` (v1beta3 a map, v1beta4 a list), Cluster API
//! `bootstrap/kubeadm/api` and its book, page "Kubelet Configuration"; openshift/machine-config-operator
//! `machineconfiguration.openshift.io/v1`; karpenter-provider-aws and -azure `pkg/apis`; amazon-eks-ami
//! `nodeadm/api/v1alpha1`; k0s `docs/worker-node-config.md`; Talos `v1alpha1.Config`; kops
//! `pkg/apis/kops`; gardener `pkg/apis/core/v1beta1`; cluster-api-provider-rke2 and rancher's
//! `provisioning.cattle.io/v1`.

/// A part of an object that configures a kubelet.
pub(super) struct Rule {
    /// The API group, without the version.
    pub(super) group: &'static str,
    pub(super) kind: &'static str,
    /// The path that the other two paths start from; `[]` means every item of a list.
    pub(super) at: &'static str,
    pub(super) config: Option<(&'static str, ConfigForm)>,
    pub(super) args: Option<(&'static str, ArgsForm)>,
    /// The name of the part, if an object can have several.
    pub(super) part: &'static str,
    pub(super) platform_layer: PlatformLayer,
}

/// How an object contains a configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ConfigForm {
    /// As an object, usually without kind and apiVersion.
    Object,
    /// As an object, except for these members, which differ from those of the kubelet.
    ObjectWithout(&'static [&'static str]),
    /// As the Ignition file with this `path`: a `data:` URL.
    File(&'static str),
}

/// How an object contains arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ArgsForm {
    /// Flags without dashes: a map from name to value, or a list of `{name, value}`.
    Pairs,
    /// A list of strings, `--name=value` or `name=value`.
    Texts,
    /// Flags in camel case as fields of an object.
    Fields,
}

/// The layer that the platform adds outside of the object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PlatformLayer {
    /// No relevant one.
    None,
    /// The config file that kubeadm writes.
    KubeadmConfig,
    /// Settings of the platform below those of the object.
    Settings(&'static str),
}

/// The config file of a node that kubeadm has set up.
pub(super) const KUBEADM_CONFIG: &str = "/var/lib/kubelet/config.yaml";
/// The settings that kubeadm adds to a KubeletConfiguration.
pub(super) const KUBEADM_BASE: &str = "the settings that kubeadm adds";

const BASE: Rule = Rule {
    group: "",
    kind: "",
    at: "",
    config: None,
    args: None,
    part: "",
    platform_layer: PlatformLayer::None,
};

const BOOTSTRAP: &str = "bootstrap.cluster.x-k8s.io";
const CONTROL_PLANE: &str = "controlplane.cluster.x-k8s.io";
const OPENSHIFT: &str = "machineconfiguration.openshift.io";
const RKE2: PlatformLayer = PlatformLayer::Settings("the kubelet arguments that RKE2 or K3s sets itself");
const KOPS: PlatformLayer = PlatformLayer::Settings("the kubelet settings that kops adds");
const GARDENER: PlatformLayer = PlatformLayer::Settings("the kubelet settings that Gardener adds");

/// The rule for kubeadm's extra arguments of the first node, or of nodes that join.
const fn kubeadm(group: &'static str, kind: &'static str, at: &'static str, is_init: bool) -> Rule {
    let (path, part) = if is_init {
        ("initConfiguration.nodeRegistration.kubeletExtraArgs", "initConfiguration")
    } else {
        ("joinConfiguration.nodeRegistration.kubeletExtraArgs", "joinConfiguration")
    };
    Rule {
        group,
        kind,
        at,
        args: Some((path, ArgsForm::Pairs)),
        part,
        platform_layer: PlatformLayer::KubeadmConfig,
        ..BASE
    }
}

const fn settings(
    group: &'static str,
    kind: &'static str,
    at: &'static str,
    form: ConfigForm,
    platform_layer: PlatformLayer,
) -> Rule {
    Rule { group, kind, at, config: Some(("", form)), platform_layer, ..BASE }
}

const fn arguments(
    group: &'static str,
    kind: &'static str,
    (at, path): (&'static str, &'static str),
    form: ArgsForm,
    platform_layer: PlatformLayer,
) -> Rule {
    Rule { group, kind, at, args: Some((path, form)), platform_layer, ..BASE }
}

/// A configuration without the members that Gardener defines in its own format.
const GARDENER_FORM: ConfigForm = ConfigForm::ObjectWithout(&[
    "evictionHard",
    "evictionSoft",
    "evictionSoftGracePeriod",
    "evictionMinimumReclaim",
    "kubeReserved",
    "systemReserved",
    "memorySwap",
]);

/// Every part of an object that configures a kubelet.
pub(super) const RULES: &[Rule] = &[
    arguments(
        "kubeadm.k8s.io",
        "InitConfiguration",
        ("nodeRegistration", "kubeletExtraArgs"),
        ArgsForm::Pairs,
        PlatformLayer::KubeadmConfig,
    ),
    arguments(
        "kubeadm.k8s.io",
        "JoinConfiguration",
        ("nodeRegistration", "kubeletExtraArgs"),
        ArgsForm::Pairs,
        PlatformLayer::KubeadmConfig,
    ),
    kubeadm(BOOTSTRAP, "KubeadmConfig", "spec", true),
    kubeadm(BOOTSTRAP, "KubeadmConfig", "spec", false),
    kubeadm(BOOTSTRAP, "KubeadmConfigTemplate", "spec.template.spec", true),
    kubeadm(BOOTSTRAP, "KubeadmConfigTemplate", "spec.template.spec", false),
    kubeadm(CONTROL_PLANE, "KubeadmControlPlane", "spec.kubeadmConfigSpec", true),
    kubeadm(CONTROL_PLANE, "KubeadmControlPlane", "spec.kubeadmConfigSpec", false),
    kubeadm(CONTROL_PLANE, "KubeadmControlPlaneTemplate", "spec.template.spec.kubeadmConfigSpec", true),
    kubeadm(CONTROL_PLANE, "KubeadmControlPlaneTemplate", "spec.template.spec.kubeadmConfigSpec", false),
    settings(
        OPENSHIFT,
        "KubeletConfig",
        "spec.kubeletConfig",
        ConfigForm::Object,
        PlatformLayer::Settings("the kubelet configuration that the Machine Config Operator renders"),
    ),
    settings(
        OPENSHIFT,
        "MachineConfig",
        "spec.config.storage.files[]",
        ConfigForm::File("/etc/kubernetes/kubelet.conf"),
        PlatformLayer::None,
    ),
    settings(
        "karpenter.k8s.aws",
        "EC2NodeClass",
        "spec.kubelet",
        ConfigForm::Object,
        PlatformLayer::Settings("the kubelet configuration of the AMI"),
    ),
    settings(
        "karpenter.azure.com",
        "AKSNodeClass",
        "spec.kubelet",
        ConfigForm::Object,
        PlatformLayer::Settings("the kubelet configuration of AKS"),
    ),
    Rule {
        group: "node.eks.aws",
        kind: "NodeConfig",
        at: "spec.kubelet",
        config: Some(("config", ConfigForm::Object)),
        args: Some(("flags", ArgsForm::Texts)),
        platform_layer: PlatformLayer::Settings("the kubelet configuration that nodeadm writes"),
        ..BASE
    },
    settings(
        "k0s.k0sproject.io",
        "ClusterConfig",
        "spec.workerProfiles[].values",
        ConfigForm::Object,
        PlatformLayer::Settings("the kubelet configuration that k0s writes"),
    ),
    // A machine configuration of Talos has neither kind nor apiVersion.
    Rule {
        group: "",
        kind: TALOS,
        at: "machine.kubelet",
        config: Some(("extraConfig", ConfigForm::Object)),
        args: Some(("extraArgs", ArgsForm::Pairs)),
        platform_layer: PlatformLayer::Settings("the kubelet configuration that Talos writes"),
        ..BASE
    },
    arguments(
        "provisioning.cattle.io",
        "Cluster",
        ("spec.rkeConfig.machineGlobalConfig", "kubelet-arg"),
        ArgsForm::Texts,
        RKE2,
    ),
    arguments(
        "provisioning.cattle.io",
        "Cluster",
        ("spec.rkeConfig.machineSelectorConfig[].config", "kubelet-arg"),
        ArgsForm::Texts,
        RKE2,
    ),
    arguments(
        CONTROL_PLANE,
        "RKE2ControlPlane",
        ("spec.agentConfig.kubelet", "extraArgs"),
        ArgsForm::Texts,
        RKE2,
    ),
    arguments(
        CONTROL_PLANE,
        "RKE2ControlPlaneTemplate",
        ("spec.template.spec.agentConfig.kubelet", "extraArgs"),
        ArgsForm::Texts,
        RKE2,
    ),
    arguments(
        BOOTSTRAP,
        "RKE2ConfigTemplate",
        ("spec.template.spec.agentConfig.kubelet", "extraArgs"),
        ArgsForm::Texts,
        RKE2,
    ),
    arguments(BOOTSTRAP, "RKE2Config", ("spec.agentConfig.kubelet", "extraArgs"), ArgsForm::Texts, RKE2),
    arguments("kops.k8s.io", "Cluster", ("spec", "kubelet"), ArgsForm::Fields, KOPS),
    Rule {
        part: "controlPlaneKubelet",
        ..arguments("kops.k8s.io", "Cluster", ("spec", "controlPlaneKubelet"), ArgsForm::Fields, KOPS)
    },
    Rule {
        part: "masterKubelet",
        ..arguments("kops.k8s.io", "Cluster", ("spec", "masterKubelet"), ArgsForm::Fields, KOPS)
    },
    arguments("kops.k8s.io", "InstanceGroup", ("spec", "kubelet"), ArgsForm::Fields, KOPS),
    settings("core.gardener.cloud", "Shoot", "spec.kubernetes.kubelet", GARDENER_FORM, GARDENER),
    settings(
        "core.gardener.cloud",
        "Shoot",
        "spec.provider.workers[].kubernetes.kubelet",
        GARDENER_FORM,
        GARDENER,
    ),
];

/// The name for a machine configuration of Talos, which has no kind.
pub(super) const TALOS: &str = "Talos machine configuration";
