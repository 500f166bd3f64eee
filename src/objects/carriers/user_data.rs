//! User data of machines: MIME archives, cloud-init and shell scripts.
//!
//! Sources: canonical/cloud-init `cloudinit/config/cc_write_files.py` (encodings) and its documentation, "User data
//! formats"; awslabs/amazon-eks-ami `nodeadm/internal/configprovider/mime.go` and `nodeadm/internal/api/merge.go`.

use crate::source::tree::{Format, Node};

use super::super::carrier::{Carrier, Read, Shape};
use super::super::context::{Context, Object, Reading, below};
use super::super::draft::Draft;
use super::super::embedded::Embedded;
use super::super::kubelet::ConfiguredKubelet;
use super::super::machine::{File, Machine, bootstrap};
use super::super::mime;
use super::super::platform;
use super::super::shell::Script;
use super::{bottlerocket, eks};

pub(in super::super) const CARRIERS: &[Carrier] = &[
    Carrier {
        name: "MIME user data",
        settings: "NodeConfig parts, cloud-init parts and shell scripts, put together to one kubelet",
        version: "",
        source: "awslabs/amazon-eks-ami nodeadm/internal/configprovider/mime.go",
        otherwise: "add a part of type application/node.eks.aws, or audit /configz of a node",
        shape: Shape::Text(mime::is_archive),
        read: Read::Text(archive),
    },
    Carrier {
        name: "Shell script",
        settings: "`--kubelet-extra-args` of bootstrap.sh and k0s, `--kubelet-arg` of k3s and rke2, files written with here-documents",
        version: "",
        source: "awslabs/amazon-eks-ami templates/al2/runtime/bootstrap.sh",
        otherwise: "audit the kubelet's command line: ps -eww -o args",
        shape: Shape::Text(is_script),
        read: Read::Text(script),
    },
    Carrier {
        name: "cloud-init",
        settings: "`write_files` (plain, base64, gzip): the kubelet's config file, unit, drop-ins and variables, files of K3s and kubeadm; `runcmd`",
        version: "",
        source: "canonical/cloud-init cloudinit/config/cc_write_files.py",
        otherwise: "audit the files that it leaves on the node",
        shape: Shape::Members("cloud-init user data", is_cloud_init),
        read: Read::Each(cloud_init),
    },
];

fn is_script(text: &str) -> bool {
    text.starts_with("#!")
}

fn is_cloud_init(root: &Node<'_>) -> bool {
    let is_list = |key: &str| root.get(key).is_some_and(|list| list.as_array().is_some());
    let has_files = is_list("write_files")
        && root
            .get("write_files")
            .and_then(Node::as_array)
            .is_some_and(|files| files.iter().any(|file| file.get("path").is_some()));
    has_files || is_list("runcmd") || is_list("bootcmd")
}

fn archive(cx: &Context<'_>, text: &Embedded) -> Vec<ConfiguredKubelet> {
    let reading = Reading { format: Format::Yaml, duplicates: &[] };
    let mut draft = Draft::new(cx, reading, "user data".to_owned());
    into_draft(cx, text, &mut draft);
    if let Some(kubelet) = draft.build() {
        return vec![kubelet];
    }
    machine_of(cx, text).kubelets(cx, "user data", 1)
}

fn script(cx: &Context<'_>, text: &Embedded) -> Vec<ConfiguredKubelet> {
    Machine { scripts: vec![text.clone()], ..Machine::default() }.kubelets(cx, "script", 1)
}

fn cloud_init(cx: &Context<'_>, object: &Object<'_>) -> Vec<ConfiguredKubelet> {
    let mut machine = Machine::default();
    add_cloud_init(cx, object.root, &mut machine);
    machine.kubelets(cx, object.kind, 1)
}

/// Adds what user data says about a kubelet that is known by other settings as well: NodeConfigs, Bottlerocket's
/// settings, and what a script hands to bootstrap.sh.
pub(super) fn into_draft(cx: &Context<'_>, text: &Embedded, draft: &mut Draft<'_, '_>) {
    if bottlerocket::is_toml(&text.text) {
        return bottlerocket::into_draft(text, draft);
    }
    if mime::is_archive(&text.text) {
        for part in mime::parts(text) {
            into_draft(cx, &part.content, draft);
        }
        return;
    }
    if let Ok(document) = text.read(cx.limits) {
        let object = Object::new(&document.root, (&document).into(), 0);
        if object.kind == "NodeConfig" {
            draft.over(&platform::EKS).on("eks");
            eks::node_config_into(&object, draft);
            return;
        }
        if document.root.as_object().is_some() {
            return;
        }
    }
    bootstrap(text, &Script::read(text), draft);
}

/// The files and scripts of an archive.
fn machine_of(cx: &Context<'_>, text: &Embedded) -> Machine {
    let mut machine = Machine::default();
    for part in mime::parts(text) {
        let is_script = part.kind == "text/x-shellscript" || is_script(part.content.text.trim_start());
        if is_script {
            machine.scripts.push(part.content);
        } else if let Ok(document) = part.content.read(cx.limits)
            && is_cloud_init(&document.root)
        {
            add_cloud_init(cx, &document.root, &mut machine);
        } else {
            machine.files.push(File { path: part.kind, content: part.content });
        }
    }
    machine
}

fn add_cloud_init(cx: &Context<'_>, root: &Node<'_>, machine: &mut Machine) {
    for file in below(root, "write_files").and_then(Node::as_array).unwrap_or_default() {
        let text = |key: &str| file.get(key).and_then(Node::as_str);
        let (Some(path), Some(content)) = (text("path"), file.get("content")) else { continue };
        let content = match text("encoding").unwrap_or_default() {
            "b64" | "base64" | "gz+b64" | "gz+base64" | "gzip+b64" | "gzip+base64" => cx.decoded(content),
            _ => cx.inner(content).and_then(Result::ok),
        };
        let Some(content) = content else { continue };
        machine.files.push(File { path: path.to_owned(), content });
    }
    for key in ["bootcmd", "runcmd"] {
        for command in below(root, key).and_then(Node::as_array).unwrap_or_default() {
            if let Some(Ok(text)) = cx.inner(command) {
                machine.scripts.push(text);
            } else if let Some(last) = command.as_array().and_then(<[_]>::last)
                && let Some(Ok(text)) = cx.inner(last)
            {
                // [sh, -c, "..."]
                machine.scripts.push(text);
            }
        }
    }
}
