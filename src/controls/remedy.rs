//! Routes of a remediation and the commands around them, made from the settings to change.

use crate::list::ToList;
use crate::report::{CommandStep, Route, RouteKind, Setting as WireSetting, Step};

use super::Wanted;
use super::subject::Subject;
use super::word::{Change, is_by_flag};
use super::written::Setting;

/// The three routes, best first: the config file, the arguments, `/configz`.
pub(super) fn routes(subject: &Subject<'_>, changes: &[Change]) -> Vec<Route> {
    let by_flag = changes.iter().any(|change| is_by_flag(subject, change.setting));
    let mut file = Vec::new();
    let mut arguments = Vec::new();
    for change in changes {
        let Change { setting, value, purpose } = *change;
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
    let is_gate = changes.iter().any(|change| matches!(change.setting, Setting::Gate(_)));
    let config_file = (!file.is_empty()).then(|| Route {
        kind: RouteKind::ConfigFile,
        summary: if by_flag && is_gate {
            "the command line overrides the config file here: take the entry out of --feature-gates first, then write it in the file".into()
        } else if by_flag {
            "the command line overrides the config file here: take the flag out first, then write the settings in the file".into()
        } else {
            "write the settings in the kubelet's config file, the one that --config names".into()
        },
        settings: file,
        file: None,
        variable: None,
    });
    let argument = (!arguments.is_empty()).then(|| Route {
        kind: RouteKind::Arguments,
        summary:
            "add the arguments in the kubelet's systemd drop-in; flags are deprecated but win over the file"
                .into(),
        settings: arguments,
        file: Some("/etc/systemd/system/kubelet.service.d/10-kubelet-args.conf".into()),
        variable: Some("KUBELET_ARGS".into()),
    });
    let configz = Route {
        kind: RouteKind::Configz,
        summary:
            "/configz is read-only, and configuration through a ConfigMap (dynamic kubelet config) is gone \
                  since 1.24: change the file or the arguments, restart, and read /configz again"
                .into(),
        settings: Vec::new(),
        file: None,
        variable: None,
    };
    let mut routes: Vec<Route> = [config_file, argument].into_iter().flatten().to_list();
    if by_flag {
        routes.reverse();
    }
    routes.push(configz);
    routes
}

/// The commands around a change.
pub(super) fn commands(rotates_serving: bool) -> Vec<CommandStep> {
    let step = |step, summary: &str, commands: &[&str]| CommandStep {
        step,
        summary: summary.into(),
        commands: commands.iter().map(|c| (*c).into()).to_list(),
    };
    let mut steps = vec![
        step(
            Step::Find,
            "on the node, find the config file that the running kubelet was given",
            &["ps -ef | grep kubelet | grep -e --config"],
        ),
        step(
            Step::Apply,
            "on the node, after the change, restart the kubelet and see that it runs",
            &["systemctl daemon-reload", "systemctl restart kubelet.service", "systemctl status kubelet -l"],
        ),
    ];
    if rotates_serving {
        steps.push(step(
            Step::Approve,
            "once serverTLSBootstrap is on, approve the pending serving certificate, unless an approver runs",
            &[
                "kubectl get csr --field-selector spec.signerName=kubernetes.io/kubelet-serving",
                "kubectl certificate approve CSR",
            ],
        ));
    }
    steps.push(step(
        Step::Verify,
        "read the running configuration again",
        &[
            "kubectl get --raw /api/v1/nodes/NODE/proxy/configz",
            "kubectl proxy --port=8001 & curl -sSL http://localhost:8001/api/v1/nodes/NODE/proxy/configz",
        ],
    ));
    steps
}
