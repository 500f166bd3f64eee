//! Clusters of k0s, k0sctl and k0smotron.
//!
//! Sources: k0sproject/k0s `docs/worker-node-config.md`; k0sproject/k0sctl README (`spec.hosts[].installFlags`,
//! `spec.k0s`); k0sproject/k0smotron `api/bootstrap`, `api/controlplane`.

use crate::source::tree::Node;

use super::super::carrier::{Carrier, Read, Shape};
use super::super::context::{Context, Object, below, items};
use super::super::draft::Draft;
use super::super::embedded::Embedded;
use super::super::kubelet::ConfiguredKubelet;
use super::super::shell::{Script, Word, option};

pub(in super::super) const CARRIERS: &[Carrier] = &[
    Carrier {
        name: "k0s ClusterConfig",
        settings: "`spec.workerProfiles[].values`",
        version: "",
        source: "k0sproject/k0s docs/worker-node-config.md",
        otherwise: "add a worker profile, or audit /configz of a node",
        shape: Shape::Kinds(&[("k0s.k0sproject.io", "ClusterConfig")]),
        read: Read::Each(cluster_config),
    },
    Carrier {
        name: "k0sctl cluster",
        settings: "`--kubelet-extra-args` and `--profile` in `spec.hosts[].installFlags`, and the worker profiles of `spec.k0s.config`",
        version: "`spec.k0s.version`",
        source: "k0sproject/k0sctl README",
        otherwise: "add installFlags or worker profiles, or audit /configz of a node",
        shape: Shape::Kinds(&[("k0sctl.k0sproject.io", "Cluster")]),
        read: Read::Each(k0sctl),
    },
    Carrier {
        name: "k0smotron",
        settings: "`args` with `--kubelet-extra-args`, and the worker profiles of `k0sConfigSpec.k0s`",
        version: "`spec.version`",
        source: "k0sproject/k0smotron api/bootstrap, api/controlplane",
        otherwise: "add --kubelet-extra-args, or audit /configz of a node",
        shape: Shape::Kinds(&[
            ("bootstrap.cluster.x-k8s.io", "K0sWorkerConfig"),
            ("bootstrap.cluster.x-k8s.io", "K0sWorkerConfigTemplate"),
            ("bootstrap.cluster.x-k8s.io", "K0sControllerConfig"),
            ("controlplane.cluster.x-k8s.io", "K0sControlPlane"),
            ("controlplane.cluster.x-k8s.io", "K0sControlPlaneTemplate"),
        ]),
        read: Read::Each(k0smotron),
    },
];

const BASE: &str = "the kubelet configuration that k0s writes";

fn cluster_config(cx: &Context<'_>, object: &Object<'_>) -> Vec<ConfiguredKubelet> {
    let profiles = items(object.root, "spec.workerProfiles");
    let build = |(profile, label): (&Node<'_>, String)| {
        let mut draft = Draft::of(cx, object, object.part(&label));
        draft.config(below(profile, "values")).missing(BASE);
        draft.build()
    };
    profiles.into_iter().filter_map(build).collect()
}

fn k0sctl(cx: &Context<'_>, object: &Object<'_>) -> Vec<ConfiguredKubelet> {
    let profiles = items(object.root, "spec.k0s.config.spec.workerProfiles");
    let version = object.at("spec.k0s.version");
    let mut used: Vec<&str> = Vec::new();
    let mut found = Vec::new();
    for (number, (host, _)) in items(object.root, "spec.hosts").into_iter().enumerate() {
        let address = ["hostname", "ssh.address", "openSSH.address", "localhost.address"];
        let address = address.iter().find_map(|path| below(host, path)).and_then(Node::as_str);
        let label = address.map_or_else(|| format!("hosts[{number}]"), |address| format!("hosts[{address}]"));
        let mut draft = Draft::of(cx, object, object.part(&label));
        let flags = flags(cx, below(host, "installFlags"));
        let name = flags.iter().find_map(|(_, words)| option(words, "--profile")).map(|word| word.text);
        let profile = profiles.iter().find(|(profile, _)| {
            profile.get("name").and_then(Node::as_str).is_some_and(|other| Some(other) == name.as_deref())
        });
        if let Some((profile, _)) = profile {
            used.extend(profile.get("name").and_then(Node::as_str));
            draft.config(below(profile, "values"));
        }
        extra_args(&flags, &mut draft);
        draft.version(version).missing(BASE);
        found.extend(draft.build());
    }
    for (profile, label) in &profiles {
        if profile.get("name").and_then(Node::as_str).is_some_and(|name| used.contains(&name)) {
            continue;
        }
        let mut draft = Draft::of(cx, object, object.part(label));
        draft.config(below(profile, "values")).version(version).missing(BASE);
        found.extend(draft.build());
    }
    found
}

fn k0smotron(cx: &Context<'_>, object: &Object<'_>) -> Vec<ConfiguredKubelet> {
    let spec = if object.kind.ends_with("Template") { "spec.template.spec" } else { "spec" };
    let Some(spec) = object.at(spec) else { return Vec::new() };
    let version = below(spec, "version").or_else(|| object.at("spec.version"));
    let mut draft = Draft::of(cx, object, object.name());
    for path in ["args", "k0sConfigSpec.args"] {
        extra_args(&flags(cx, below(spec, path)), &mut draft);
    }
    draft.version(version).missing(BASE);
    let mut found: Vec<_> = draft.build().into_iter().collect();
    for path in ["k0s.spec.workerProfiles", "k0sConfigSpec.k0s.spec.workerProfiles"] {
        for (profile, label) in items(spec, path) {
            let mut draft = Draft::of(cx, object, object.part(&label));
            draft.config(below(profile, "values")).version(version).missing(BASE);
            found.extend(draft.build());
        }
    }
    found
}

/// The words of each flag in a list. A flag may quote its value as in a shell, or not at all.
fn flags(cx: &Context<'_>, list: Option<&Node<'_>>) -> Vec<(Embedded, Vec<Word>)> {
    let list = list.and_then(Node::as_array).unwrap_or_default();
    let of = |flag| {
        let text = cx.inner(flag)?.ok()?;
        let is_bare = !text.text.contains(['"', '\'']);
        let words = if is_bare && text.text.starts_with("--kubelet-extra-args=") {
            vec![Word::whole(&text.text)]
        } else {
            Script::read(&text).commands.into_iter().flatten().collect()
        };
        Some((text, words))
    };
    list.iter().filter_map(of).collect()
}

fn extra_args(flags: &[(Embedded, Vec<Word>)], draft: &mut Draft<'_, '_>) {
    for (text, words) in flags {
        if let Some(extra) = option(words, "--kubelet-extra-args") {
            draft.more_arguments(extra.unquoted().split(text));
        }
    }
}
