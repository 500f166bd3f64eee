//! Which platform an input looks like, and the edition that goes with it.

use crate::kubelet::Version;
use crate::resolve::Layers;
use crate::source::Sources;
use crate::source::tree::{Node, NodeValue};

use super::catalog::of_version;
use super::edition::{Edition, Platform};
use super::table;

/// A platform with what gave it away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sign {
    /// The platform.
    pub platform: Platform,
    /// What was seen.
    pub seen: &'static str,
    /// Whether only this platform writes it.
    pub is_certain: bool,
}

/// What gives a platform away, wherever it stands in a value, an argument, a key or a file's name.
/// Certificates and directories are what the platforms' own node set-up writes (AgentBaker,
/// amazon-eks-ami, k3s and RKE2 agents, OpenShift's machine config templates).
const SIGNS: &[(&str, Platform)] = &[
    ("/var/lib/rancher/k3s/", Platform::K3s),
    ("/var/lib/rancher/rke2/", Platform::Rke2),
    ("/var/snap/microk8s/", Platform::Microk8s),
    ("/var/vcap/", Platform::Tkgi),
    ("/etc/kubernetes/ssl/kube-ca.pem", Platform::Rke),
    ("/etc/kubernetes/kubelet-ca.crt", Platform::Openshift),
    ("node.openshift.io/", Platform::Openshift),
    ("/etc/kubernetes/certs/", Platform::Aks),
    ("kubernetes.azure.com/", Platform::Aks),
    ("/etc/kubernetes/kubelet/", Platform::Eks),
    ("/etc/eks/", Platform::Eks),
    ("eks.amazonaws.com/", Platform::Eks),
    ("/etc/srv/kubernetes/", Platform::Gke),
    ("/home/kubernetes/", Platform::Gke),
    ("cloud.google.com/gke", Platform::Gke),
    ("alibabacloud.com/", Platform::Ack),
    ("kops.k8s.io/", Platform::Kubernetes),
];

/// What points to a platform if nothing else does: kops writes these values of `providerID` too
/// (`nodeup/pkg/model/kubelet.go`).
const WEAK_SIGNS: &[(&str, Platform)] =
    &[("azure:///", Platform::Aks), ("aws:///", Platform::Eks), ("gce://", Platform::Gke)];

/// Endings of versions as platforms print them.
const VERSION_SIGNS: &[(&str, Platform)] =
    &[("+k3s", Platform::K3s), ("+rke2", Platform::Rke2), ("-gke.", Platform::Gke), ("-eks-", Platform::Eks)];

/// The platform that an input looks like; `None` where nothing gives one away.
pub fn detect(layers: &Layers<'_>, sources: &Sources<'_>, version: Option<&str>) -> Option<Sign> {
    let by_version = version.and_then(|version| {
        VERSION_SIGNS.iter().find(|(needle, _)| version.contains(needle)).map(|(seen, platform)| Sign {
            platform: *platform,
            seen,
            is_certain: true,
        })
    });
    // The earliest entry of the table wins, whatever the place: the table is in order of certainty.
    let signs = || SIGNS.iter().chain(WEAK_SIGNS);
    let mut best: Option<usize> = None;
    let mut look = |text: &str| {
        let upto = best.unwrap_or(SIGNS.len() + WEAK_SIGNS.len());
        let may_have_sign = text.contains('/');
        if may_have_sign && let Some(at) = signs().take(upto).position(|(needle, _)| text.contains(needle)) {
            best = Some(at);
        }
    };
    for (_, source) in sources.iter() {
        look(&source.name);
    }
    for argument in layers.arguments() {
        look(&argument.text);
    }
    for named in layers.documents() {
        if let Ok(document) = &named.document {
            visit(&document.root, &mut look);
        }
    }
    let by_input = best.and_then(|at| {
        let (seen, platform) = signs().nth(at)?;
        Some(Sign { platform: *platform, seen, is_certain: at < SIGNS.len() })
    });
    let by_object = CARRIERS
        .iter()
        .find(|(name, ..)| *name == layers.platform)
        .map(|(_, seen, platform)| Sign { platform: *platform, seen, is_certain: true });
    by_version.or(by_object).or(by_input)
}

/// Platforms of carriers, with what they are.
const CARRIERS: &[(&str, &str, Platform)] = &[
    ("aks", "settings of an AKS node", Platform::Aks),
    ("eks", "settings of an EKS node", Platform::Eks),
    ("gke", "settings of a GKE node", Platform::Gke),
    ("k3s", "settings of K3s", Platform::K3s),
    ("openshift", "an object of OpenShift", Platform::Openshift),
    ("rke", "settings of RKE1", Platform::Rke),
    ("rke2", "settings of RKE2", Platform::Rke2),
];

fn visit(node: &Node<'_>, look: &mut impl FnMut(&str)) {
    match &node.value {
        NodeValue::String(text) => look(text),
        NodeValue::Array(items) => items.iter().for_each(|item| visit(item, look)),
        NodeValue::Object(members) => members.iter().for_each(|member| {
            look(&member.key);
            visit(&member.value, look);
        }),
        NodeValue::Null | NodeValue::Bool(_) | NodeValue::Number(_) => {}
    }
}

/// The edition for what an input shows, and why it was taken.
pub fn choose(sign: Option<&Sign>, version: Version) -> (&'static Edition, String) {
    if let Some(sign) = sign.filter(|sign| sign.platform != Platform::Kubernetes) {
        let edition = newest_of(sign.platform);
        let name = platform_name(edition.platform);
        return (edition, format!("the input looks like {name}: it has {}", sign.seen));
    }
    let seen = match sign {
        Some(sign) => format!("the input looks like plain Kubernetes: it has {}", sign.seen),
        None => "nothing in the input points to a platform".to_owned(),
    };
    match of_version(version.minor()) {
        Some(edition) => {
            (edition, format!("{seen}, and {} is the edition for Kubernetes {version}", edition.id))
        }
        None => {
            let newest = newest_of(Platform::Kubernetes);
            (
                newest,
                format!(
                    "{seen}; no edition covers Kubernetes {version} yet, and {} is the newest",
                    newest.id
                ),
            )
        }
    }
}

/// The newest edition of a platform that has rows on the kubelet. A test looks them up among all.
pub fn newest_of(platform: Platform) -> &'static Edition {
    match platform {
        Platform::Kubernetes => &table::CIS_2_0_1,
        Platform::Ack => &table::CIS_ACK_1_0,
        Platform::Aks => &table::CIS_AKS_1_8,
        Platform::Eks => &table::CIS_EKS_1_8,
        Platform::Gke => &table::CIS_GKE_1_6,
        Platform::K3s => &table::CIS_K3S_1_12,
        Platform::Microk8s => &table::CIS_MICROK8S_1_24,
        Platform::Openshift => &table::CIS_OPENSHIFT_1_8,
        Platform::Rke => &table::CIS_RKE_1_7,
        Platform::Rke2 => &table::CIS_RKE2_1_12,
        Platform::Tkgi => &table::CIS_TKGI_1_2_53,
        Platform::Any => &table::STRICT,
    }
}

/// A platform as people call it.
pub const fn platform_name(platform: Platform) -> &'static str {
    match platform {
        Platform::Kubernetes => "plain Kubernetes",
        Platform::Ack => "ACK",
        Platform::Aks => "AKS",
        Platform::Eks => "EKS",
        Platform::Gke => "GKE",
        Platform::K3s => "k3s",
        Platform::Microk8s => "MicroK8s",
        Platform::Openshift => "OpenShift",
        Platform::Rke => "RKE",
        Platform::Rke2 => "RKE2",
        Platform::Tkgi => "TKGI",
        Platform::Any => "any platform",
    }
}

#[cfg(test)]
mod tests {
    use super::super::catalog::{editions, of_version};
    use super::{Platform, choose, newest_of};
    use crate::kubelet::Version;

    #[test]
    fn the_newest_editions_are_the_newest() {
        for platform in editions().map(|edition| edition.platform) {
            let newest = editions()
                .filter(|edition| edition.platform == platform && !edition.is_empty())
                .max_by_key(|edition| {
                    // k3s-cis-1.23 came before k3s-cis-1.7: those are Kubernetes versions, later ones are not.
                    let version = edition.id.rsplit('-').next().unwrap_or_default();
                    let mut parts = version.split('.').filter_map(|part| part.parse::<u16>().ok());
                    let (major, minor) = (parts.next().unwrap_or(0), parts.next().unwrap_or(0));
                    (major, if minor >= 20 { 0 } else { minor }, minor)
                });
            assert_eq!(newest.map(|edition| edition.id), Some(newest_of(platform).id), "{platform:?}");
        }
        let plain = editions().filter(|edition| edition.platform == Platform::Kubernetes);
        let known = plain.max_by_key(|edition| edition.minors.map(|(_, last)| last));
        assert_eq!(known.map(|edition| edition.id), Some(newest_of(Platform::Kubernetes).id));
    }

    #[test]
    fn every_covered_version_has_its_edition() {
        let id = |minor| of_version(minor).map(|edition| edition.id);
        assert_eq!([id(25), id(31), id(34)], [Some("cis-1.7"), Some("cis-1.11"), Some("cis-1.12")]);
        // kube-bench#2126: CIS 2.0.1 covers 1.34 and 1.35.
        assert_eq!([id(35), id(36)], [Some("cis-2.0.1"), None]);
        let (edition, reason) = choose(None, Version::from_minor(36).unwrap());
        assert_eq!(edition.id, "cis-2.0.1");
        assert!(reason.contains("no edition covers Kubernetes 1.36 yet"), "{reason}");
    }
}
