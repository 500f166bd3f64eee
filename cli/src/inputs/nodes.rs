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
            "pipe the output of kubectl: kubectl get --raw /api/v1/nodes/NODE/proxy/configz | kubelet-audit -"
        }
        _ => "check that kubectl get nodes works",
    };
    Issue {
        help: help.to_owned(),
        ..layers::issue(Code::NoAnswer, NODES, format!("cannot query nodes: {}", error.message))
    }
}
