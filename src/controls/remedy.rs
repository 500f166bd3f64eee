//! Routes of a remediation and the commands around them, made from the settings to change.

use crate::report::{CommandStep, Purpose, Route, RouteKind, Setting as WireSetting, Step};

use super::Wanted;
use super::subject::Subject;
use super::word::{Change, is_by_flag};
use super::written::Setting;

/// The three routes, best first: the config file, the arguments, `/configz`. Without `mends_row` what the
/// row alone asks for is left out, and there are no routes where nothing remains.
pub(super) fn routes(subject: &Subject<'_>, changes: &[Change], mends_row: bool) -> Vec<Route> {
    let (mut by_flag, mut is_gate) = (false, false);
    let mut file = Vec::new();
    let mut arguments = Vec::new();
    for change in changes {
        let Change { setting, value, purpose } = *change;
        by_flag |= is_by_flag(subject, setting);
        is_gate |= matches!(setting, Setting::Gate(_));
        if !mends_row && purpose == Purpose::Benchmark {
            continue;
        }
        if !matches!(setting, Setting::Flag(_)) {
            file.push(WireSetting { name: setting.name(), value: value.json(), purpose });
        }
        if let Some(flag) = setting.flag() {
            let value = match (setting, value) {
                (Setting::Gate(gate), value) => format!("{gate}={}", value.show()).into(),
                (_, Wanted::List(_)) => value.show().into(),
                (_, value) => value.json(),
            };
            arguments.push(WireSetting { name: format!("--{flag}"), value, purpose });
        }
    }
    let of_file = if by_flag && is_gate {
        "the command line overrides the config file here: take the entry out of --feature-gates first, then write it in the file"
    } else if by_flag {
        "the command line overrides the config file here: take the flag out first, then write the settings in the file"
    } else {
        "write the settings in the kubelet's config file, the one that --config names"
    };
    let mut routes = Vec::new();
    if !file.is_empty() {
        routes.push(route(RouteKind::ConfigFile, of_file, file));
    }
    if !arguments.is_empty() {
        let mut arguments = route(
            RouteKind::Arguments,
            "add the arguments in the kubelet's systemd drop-in; flags are deprecated but win over the file",
            arguments,
        );
        arguments.file = Some("/etc/systemd/system/kubelet.service.d/10-kubelet-args.conf".into());
        arguments.variable = Some("KUBELET_ARGS".into());
        let at = if by_flag { 0 } else { routes.len() };
        routes.insert(at, arguments);
    }
    if mends_row || !routes.is_empty() {
        routes.push(route(
            RouteKind::Configz,
            "/configz is read-only, and configuration through a ConfigMap (dynamic kubelet config) is gone \
             since 1.24: change the file or the arguments, restart, and read /configz again",
            Vec::new(),
        ));
    }
    routes
}

fn route(kind: RouteKind, summary: &str, settings: Vec<WireSetting>) -> Route {
    Route { kind, summary: summary.into(), settings, file: None, variable: None }
}

/// The commands around a change.
pub(super) fn commands(rotates_serving: bool) -> Vec<CommandStep> {
    let mut steps = Vec::new();
    for (step, summary, commands) in STEPS {
        if rotates_serving || *step != Step::Approve {
            steps.push(CommandStep {
                step: *step,
                summary: (*summary).into(),
                commands: commands.iter().map(|command| (*command).into()).collect(),
            });
        }
    }
    steps
}

const STEPS: &[(Step, &str, &[&str])] = &[
    (
        Step::Find,
        "on the node, find the config file that the running kubelet was given",
        &["ps -ef | grep kubelet | grep -e --config"],
    ),
    (
        Step::Apply,
        "on the node, after the change, restart the kubelet and see that it runs",
        &["systemctl daemon-reload", "systemctl restart kubelet.service", "systemctl status kubelet -l"],
    ),
    (
        Step::Approve,
        "once serverTLSBootstrap is on, approve the pending serving certificate, unless an approver runs",
        &[
            "kubectl get csr --field-selector spec.signerName=kubernetes.io/kubelet-serving",
            "kubectl certificate approve CSR",
        ],
    ),
    (
        Step::Verify,
        "read the running configuration again",
        &[
            "kubectl get --raw /api/v1/nodes/NODE/proxy/configz",
            "kubectl proxy --port=8001 & curl -sSL http://localhost:8001/api/v1/nodes/NODE/proxy/configz",
        ],
    ),
];
