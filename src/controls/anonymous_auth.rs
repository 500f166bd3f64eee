//! `anonymous-auth`

use crate::kubelet::fields::id;
use crate::report::{Effect, Severity};

use super::{Control, Docs, Example, Running, Says, Setting, Want, Wanted};

const SETTING: Setting = Setting::Field(id::ANONYMOUS_ENABLED);

pub(super) const CONTROL: Control = Control {
    slug: "anonymous-auth",
    title: "Requests without credentials are refused",
    severity: Severity::Critical,
    why: "the kubelet's API runs commands in containers and reads their logs, so a caller who need not say \
          who they are is the shortest way into a node",
    field: "authentication.anonymous.enabled",
    settings: &[SETTING],
    also: &[id::AUTHORIZATION_MODE],
    says: Says {
        whether: "requests without credentials are refused",
        yes: "requests without credentials are refused",
        no: "requests without credentials are let in as system:anonymous",
        partly: "",
    },
    wants: &[Want { setting: SETTING, value: Wanted::Bool(false) }],
    effect: |running| {
        if running.configuration.bool(id::ANONYMOUS_ENABLED) { Effect::No } else { Effect::Yes }
    },
    notes,
    docs: &Docs {
        checks: "authentication.anonymous.enabled, or --anonymous-auth, is false. Most editions ask for it to be \
                 written.",
        matters: "With anonymous authentication on, a request without a certificate or token gets the name \
                  system:anonymous. What it may then do is left to authorization alone, and with AlwaysAllow that \
                  is everything.",
        compliant: Example::config("authentication:\n  anonymous:\n    enabled: false\n"),
        violating: Example::config("authentication:\n  anonymous:\n    enabled: true\n"),
        remediation: "Set authentication.anonymous.enabled: false in the config file, take --anonymous-auth out of \
                      the arguments, and restart the kubelet.",
        edge_cases: &[
            "The default depends on how the kubelet is run: false with --config, true with flags alone or with \
             --config-dir alone.",
            "AKS writes an empty anonymous object, which is false but not written.",
            "A probe of /healthz on the secure port needs credentials once this is off.",
        ],
        references: &[
            "https://kubernetes.io/docs/reference/access-authn-authz/kubelet-authn-authz/",
            "cmd/kubelet/app/options/options.go, applyLegacyDefaults",
        ],
        ..Docs::EMPTY
    },
    ..Control::BASE
};

fn notes(running: &Running<'_>, effect: Effect) -> Vec<String> {
    let mut notes = Vec::new();
    if effect == Effect::No {
        notes.push(if running.configuration.str(id::AUTHORIZATION_MODE) == "AlwaysAllow" {
            "authorization.mode is AlwaysAllow, so anybody who reaches the port may do everything".to_owned()
        } else {
            "authorization still asks what system:anonymous may do".into()
        });
    }
    if !running.configuration.bool(id::ENABLE_SERVER) && !running.subject.resolved.is_configz {
        notes.push("enableServer is false: the secure port is not served".into());
    }
    notes
}
