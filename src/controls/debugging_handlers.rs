//! `debugging-handlers`

use crate::kubelet::fields::id;
use crate::report::{Effect, Severity, Status};

use super::{Control, Docs, Example, Says, Setting, Want, Wanted};

const SETTING: Setting = Setting::Field(id::ENABLE_DEBUGGING_HANDLERS);

pub(super) const CONTROL: Control = Control {
    slug: "debugging-handlers",
    title: "Debugging handlers are off where nobody needs them",
    severity: Severity::Low,
    why: "the handlers behind exec, attach, logs and port-forward are the ones that reach into containers",
    field: "enableDebuggingHandlers",
    settings: &[SETTING],
    says: Says {
        whether: "the debugging handlers are off",
        yes: "the debugging handlers are off, and with them exec, logs, port-forward and /configz",
        no: "the debugging handlers are on, which kubectl exec, logs and port-forward need",
        partly: "",
    },
    wants: &[Want { setting: SETTING, value: Wanted::Bool(false) }],
    effect: |running| {
        // A dump proves that they are on: /configz is one of them.
        if running.configuration.bool(id::ENABLE_DEBUGGING_HANDLERS) || running.subject.resolved.is_configz {
            Effect::No
        } else {
            Effect::Yes
        }
    },
    docs: &Docs {
        checks: "enableDebuggingHandlers, or --enable-debugging-handlers: whether it can be off is for the operator to \
                 weigh.",
        matters: "Off, nobody can run commands in containers through the kubelet, whoever they are. But kubectl exec, \
                  attach, logs and port-forward stop working, too.",
        compliant: Example::config("enableDebuggingHandlers: false\n"),
        violating: Example::config("enableDebuggingHandlers: true\n"),
        edition: "strict",
        expects: (Status::Pass, Status::Manual),
        remediation: "On nodes where nobody debugs, set enableDebuggingHandlers: false; elsewhere rely on authorization.",
        edge_cases: &["Off, /configz is gone as well, and the node can only be audited by its files."],
        references: &["pkg/kubelet/server/server.go, InstallAuthRequiredHandlers"],
    },
    ..Control::BASE
};
