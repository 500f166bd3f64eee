//! Nodes of a cluster that are asked while the command runs.

use kubelet_audit::report::Issue;
use kubelet_audit::source::diagnostic::Code;

use crate::host::{HostError, HostErrorKind};
use crate::inputs::layers;

/// What the nodes are called as a source; one node is `nodes/NAME`, as kubectl has it.
pub(crate) const NODES: &str = "nodes";

/// Why no node could be asked.
pub(crate) fn not_asked(error: &HostError) -> Issue {
    let help = match error.kind {
        HostErrorKind::Unsupported => {
            "pipe the answers in: kubectl get --raw /api/v1/nodes/NODE/proxy/configz | kubelet-audit -"
        }
        _ => "the cluster, the context and the rights are kubectl's: try `kubectl get nodes`",
    };
    Issue {
        help: help.to_owned(),
        ..layers::issue(Code::NoAnswer, NODES, format!("the nodes cannot be asked: {}", error.message))
    }
}
