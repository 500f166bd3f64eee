//! `cadvisor-port`

use crate::benchmark::Rule;
use crate::report::{Effect, Severity};

use super::{Asked, Control, Docs, Example, Says, Setting, Subject, Want, Wanted};

const FLAG: &str = "--cadvisor-port";

pub(super) const CONTROL: Control = Control {
    slug: "cadvisor-port",
    title: "The cAdvisor port is closed",
    severity: Severity::Low,
    why: "the port showed every container of the node to anybody who asked",
    field: "cadvisor-port",
    says: Says {
        whether: "the cAdvisor port is closed",
        yes: "the kubelet has had no such port since 1.12",
        no: "",
        partly: "",
    },
    wants: &[Want { setting: Setting::Flag("cadvisor-port"), value: Wanted::Removed }],
    advice: "remove --cadvisor-port",
    ask: |subject, _: Rule| {
        Some(match given(subject) {
            None => Asked::Met,
            Some(value) if value.parse() == Ok(0_i64) => Asked::Met,
            Some(_) => Asked::NotMet,
        })
    },
    effect: |_| Effect::Yes,
    docs: &Docs {
        checks: "--cadvisor-port is not given, or is 0 (OpenShift 3.10 and 3.11).",
        matters: "The port served container statistics without authentication. It is gone since Kubernetes 1.12, and \
                  the flag stops any kubelet of today.",
        compliant: Example::args(&["--kubeconfig=/var/lib/kubelet/kubeconfig"]),
        violating: Example::args(&["--kubeconfig=/var/lib/kubelet/kubeconfig", "--cadvisor-port=4194"]),
        edition: "cis-openshift-0.7",
        remediation: "Take --cadvisor-port out of the arguments.",
        edge_cases: &[
            "Even --cadvisor-port=0, which meets the rule, stops the kubelet: the flag is not known any more.",
        ],
        references: &["kubernetes/kubernetes#65707"],
        ..Docs::EMPTY
    },
    ..Control::BASE
};

/// The value given to the flag, which no supported kubelet knows: its last occurrence, by `=` or as
/// the next word.
fn given<'s>(subject: &'s Subject<'_>) -> Option<&'s str> {
    let words = &subject.layers.words;
    let at = words.iter().rposition(|word| {
        word.text.strip_prefix(FLAG).is_some_and(|rest| rest.is_empty() || rest.starts_with('='))
    })?;
    let word = words.get(at)?;
    word.text
        .split_once('=')
        .map(|(_, value)| value)
        .or_else(|| words.get(at.saturating_add(1)).map(|next| next.text.as_str()))
        .or(Some(""))
}
