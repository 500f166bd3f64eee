//! Pods and workloads whose container runs a kubelet.
//!
//! Source: the Kubernetes API, `command` and `args` of a container.

use crate::command_line::{Argument, CommandLine, Extent, arguments_of_kubelet};
use crate::source::tree::Node;

use super::super::arguments::of_arguments;
use super::super::carrier::{Carrier, Read, Shape};
use super::super::context::{Context, Object, below, items};
use super::super::draft::Draft;
use super::super::kubelet::ConfiguredKubelet;
use super::super::shell::Script;

pub(in super::super) const CARRIERS: &[Carrier] = &[Carrier {
    name: "Pod or workload that runs a kubelet",
    settings: "`command` and `args` of a container whose program is the kubelet",
    version: "the tag of the container's image",
    source: "Kubernetes API, Container",
    otherwise: "it runs no kubelet: audit the file that the kubelet's --config names, or /configz of a node",
    shape: Shape::Kinds(&[
        ("", "Pod"),
        ("", "PodTemplate"),
        ("", "ReplicationController"),
        ("apps", "DaemonSet"),
        ("apps", "Deployment"),
        ("apps", "ReplicaSet"),
        ("apps", "StatefulSet"),
        ("batch", "Job"),
    ]),
    read: Read::Each(read),
}];

fn read(cx: &Context<'_>, object: &Object<'_>) -> Vec<ConfiguredKubelet> {
    let spec = match object.kind {
        "Pod" => "spec",
        "PodTemplate" => "template.spec",
        _ => "spec.template.spec",
    };
    let Some(spec) = object.at(spec) else { return Vec::new() };
    let mut found = Vec::new();
    for list in ["containers", "initContainers"] {
        for (container, label) in items(spec, list) {
            let Some(line) = command_line(cx, container) else { continue };
            let mut draft = Draft::of(cx, object, object.part(&label));
            draft.command_line(line).version(below(container, "image"));
            found.extend(draft.build());
        }
    }
    found
}

/// The command line of a container, if its program is the kubelet, run directly or by a shell.
fn command_line(cx: &Context<'_>, container: &Node<'_>) -> Option<CommandLine> {
    let mut list: Vec<Argument> = Vec::new();
    let mut script = None;
    for key in ["command", "args"] {
        for item in below(container, key).and_then(Node::as_array).unwrap_or_default() {
            let text = item.as_str()?;
            list.push(Argument { text: text.to_owned(), place: of_arguments(item.place) });
            script = Some(item);
        }
    }
    let texts: Vec<String> = list.iter().map(|argument| argument.text.clone()).collect();
    if let Some(skipped) = arguments_of_kubelet(&texts) {
        list.drain(..skipped);
        return Some(CommandLine::of_arguments(list, Extent::Full));
    }
    let is_shell =
        texts.first().is_some_and(|program| program.ends_with("sh")) && texts.iter().any(|text| text == "-c");
    let text = script.filter(|_| is_shell).and_then(|script| cx.inner(script)?.ok())?;
    let read = Script::read(&text);
    let words = read.arguments_of(|word| word == "kubelet" || word.ends_with("/kubelet")).last()?;
    words.first().filter(|word| word.text.starts_with("--"))?;
    Some(CommandLine::of_arguments(words.iter().map(|word| word.argument(&text)).collect(), Extent::Full))
}
