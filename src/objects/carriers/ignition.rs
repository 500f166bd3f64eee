//! Ignition and Butane.
//!
//! Sources: coreos/ignition `docs/configuration-v3_4.md`; coreos/butane `docs/config-fcos-v1_5.md`,
//! `docs/config-flatcar-v1_0.md`.

use crate::source::tree::Node;

use super::super::carrier::{Carrier, Read, Shape};
use super::super::context::{Context, Object, below};
use super::super::kubelet::ConfiguredKubelet;
use super::super::machine::{File, Machine};

pub(in super::super) const CARRIERS: &[Carrier] = &[
    Carrier {
        name: "Ignition",
        settings: "`storage.files` with `data:` URLs (plain, base64, gzip) and `systemd.units` with `dropins`",
        version: "",
        source: "coreos/ignition docs/configuration-v3_4.md",
        otherwise: "audit the files that it leaves on the node",
        shape: Shape::Members("Ignition configuration", is_ignition),
        read: Read::Each(read),
    },
    Carrier {
        name: "Butane",
        settings: "`storage.files[].contents.inline` or `source`, and `systemd.units`",
        version: "",
        source: "coreos/butane docs/config-fcos-v1_5.md",
        otherwise: "audit the files that it leaves on the node",
        shape: Shape::Members("Butane configuration", is_butane),
        read: Read::Each(read),
    },
];

fn is_ignition(root: &Node<'_>) -> bool {
    below(root, "ignition.version").is_some()
}

fn is_butane(root: &Node<'_>) -> bool {
    root.get("variant").is_some() && root.get("version").is_some()
}

fn read(cx: &Context<'_>, object: &Object<'_>) -> Vec<ConfiguredKubelet> {
    let mut machine = Machine::default();
    add(cx, object.root, &mut machine);
    machine.kubelets(cx, object.kind, 1)
}

/// Adds the files and units of a configuration.
pub(super) fn add(cx: &Context<'_>, root: &Node<'_>, machine: &mut Machine) {
    for file in below(root, "storage.files").and_then(Node::as_array).unwrap_or_default() {
        let Some(path) = file.get("path").and_then(Node::as_str) else { continue };
        let contents = below(file, "contents");
        let inline =
            contents.and_then(|contents| contents.get("inline")).and_then(|value| cx.inner(value)?.ok());
        let source =
            contents.and_then(|contents| contents.get("source")).and_then(|value| cx.data_url(value));
        if let Some(content) = inline.or(source) {
            machine.files.push(File { path: path.to_owned(), content });
        }
    }
    for unit in below(root, "systemd.units").and_then(Node::as_array).unwrap_or_default() {
        let Some(name) = unit.get("name").and_then(Node::as_str) else { continue };
        if let Some(Ok(content)) = unit.get("contents").and_then(|contents| cx.inner(contents)) {
            machine.unit(name, None, content);
        }
        for drop_in in unit.get("dropins").and_then(Node::as_array).unwrap_or_default() {
            let drop_in_name = drop_in.get("name").and_then(Node::as_str).unwrap_or("10.conf");
            if let Some(Ok(content)) = drop_in.get("contents").and_then(|contents| cx.inner(contents)) {
                machine.unit(name, Some(drop_in_name), content);
            }
        }
    }
}
