//! The remediation of a finding: which settings to change, in one sentence and by the routes and
//! commands to change them.

use std::borrow::Cow;

use crate::benchmark::{Row, Rule};
use crate::report::{CommandStep, Effect, Purpose, Route, RouteKind, Setting as ReportSetting, Status, Step};

use super::audited_kubelet::AuditedKubelet;
use super::control::{Control, Judgment};
use super::evaluate::{RuleOutcome, evaluate_setting};
use super::requirement::{Requirement, TargetValue};
use super::setting::Setting;

/// A setting to change.
#[derive(Clone, Copy, Debug)]
pub(super) struct SettingChange {
    pub(super) setting: Setting,
    pub(super) value: TargetValue,
    pub(super) purpose: Purpose,
}

/// Returns the settings to change: those that the row demands, and those that the effect needs where
/// the row allows them.
pub(super) fn changes(
    kubelet: &AuditedKubelet<'_>,
    control: &dyn Control,
    row: &Row,
    judgment: &Judgment,
) -> Vec<SettingChange> {
    let metadata = control.metadata();
    let is_insecure = matches!(judgment.effective, Effect::No | Effect::Partly);
    let mut changes: Vec<SettingChange> = Vec::new();
    if matches!(judgment.rule, RuleOutcome::NotMet | RuleOutcome::Unreadable)
        && !matches!(row.rule, Rule::Effective)
    {
        for setting in metadata.settings {
            if evaluate_setting(kubelet, *setting, row.rule) == RuleOutcome::Met {
                continue;
            }
            let Some(value) = demanded_value(metadata.requirements, *setting, row.rule) else { continue };
            let is_required = metadata.requirements.contains(&Requirement { setting: *setting, value });
            let purpose = if is_insecure && is_required { Purpose::Both } else { Purpose::Benchmark };
            changes.push(SettingChange { setting: *setting, value, purpose });
        }
    }
    if judgment.rule == RuleOutcome::NotMet && metadata.settings.is_empty() {
        // A control that evaluates rules in its own way states what they demand as requirements.
        let required = metadata.requirements.iter();
        changes.extend(required.map(|Requirement { setting, value }| SettingChange {
            setting: *setting,
            value: *value,
            purpose: Purpose::Benchmark,
        }));
    }
    if is_insecure && judgment.rule != RuleOutcome::NotApplicable {
        let running = kubelet.running();
        for requirement in metadata.requirements {
            let Requirement { setting, value } = *requirement;
            let is_met = running.as_ref().is_some_and(|running| requirement.is_met_by(running));
            let is_changed = changes.iter().any(|change| change.setting == setting);
            // A fix of the effect must not break the rule of the row.
            let is_allowed = !metadata.settings.contains(&setting) || value.satisfies(row.rule);
            if !is_met && !is_changed && is_allowed {
                changes.push(SettingChange { setting, value, purpose: Purpose::Effective });
            }
        }
    }
    changes
}

/// Returns the value that a rule demands of a setting.
fn demanded_value(requirements: &[Requirement], setting: Setting, rule: Rule) -> Option<TargetValue> {
    let required = requirements.iter().find(|one| one.setting == setting).map(|one| one.value);
    Some(match rule {
        Rule::Is { value, .. } => TargetValue::Bool(value),
        Rule::GateAndClientRotation | Rule::GateOrClientRotation => TargetValue::Bool(true),
        Rule::Text { is, .. } => TargetValue::Text(is),
        Rule::Number { is, .. } => TargetValue::Int(is),
        Rule::DurationIs { .. } => TargetValue::Text("5m0s"),
        Rule::DurationIsNotZero { .. } => TargetValue::Text("4h0m0s"),
        Rule::Absent => TargetValue::Removed,
        Rule::AtLeast { number, .. } => {
            required.filter(|value| value.satisfies(rule)).unwrap_or(TargetValue::Int(number))
        }
        _ => return required,
    })
}

/// Returns what to do, in one sentence; empty where there is nothing to do.
pub(super) fn fix(
    kubelet: &AuditedKubelet<'_>,
    control: &dyn Control,
    row: &Row,
    judgment: &Judgment,
    changes: &[SettingChange],
) -> Cow<'static, str> {
    match (judgment.benchmark, judgment.rule, judgment.effective) {
        (_, RuleOutcome::NotApplicable, _) if matches!(row.rule, Rule::NotApplicable) => "".into(),
        (_, RuleOutcome::NotApplicable | RuleOutcome::NotKubeletSetting, _) => control.advice().into(),
        (Status::Error, ..) if !kubelet.resolved.missing.is_empty() => {
            kubelet.request_for_missing_layers().into()
        }
        (_, RuleOutcome::Unreadable, _) if !changes.is_empty() => sentence(kubelet, changes).into(),
        (_, _, Effect::DoesNotStart) => kubelet.help_to_start().into(),
        (_, RuleOutcome::Hidden, _) => "also pass the kubelet's command line (--args or --args-from)".into(),
        (Status::Pass | Status::Manual, _, Effect::Yes | Effect::Unknown) => "".into(),
        _ if changes.is_empty() => control.advice().into(),
        _ => sentence(kubelet, changes).into(),
    }
}

impl AuditedKubelet<'_> {
    /// Returns the names of the layers that were not given.
    pub(super) fn missing_layers(&self, separator: &str) -> String {
        let layers: Vec<String> = self.resolved.missing.iter().map(|layer| layer.describe()).collect();
        layers.join(separator)
    }

    /// Returns the fix for a kubelet with missing layers.
    pub(super) fn request_for_missing_layers(&self) -> String {
        format!("also pass {}, or audit the output of /configz", self.missing_layers(" and "))
    }

    /// Returns the fix for a kubelet that does not start.
    pub(super) fn help_to_start(&self) -> String {
        let stop = self.resolved.stop.as_ref().or(self.resolved.listen.as_ref());
        match stop.and_then(|stop| stop.errors.first()).map_or("", |error| error.help.as_str()) {
            "" => "first fix the error that stops the kubelet".into(),
            help => format!("first fix the error that stops the kubelet: {help}"),
        }
    }
}

fn sentence(kubelet: &AuditedKubelet<'_>, changes: &[SettingChange]) -> String {
    let clauses: Vec<String> = changes.iter().map(|change| clause(kubelet, *change)).collect();
    clauses.join(", and ")
}

fn clause(kubelet: &AuditedKubelet<'_>, change: SettingChange) -> String {
    let SettingChange { setting, value, .. } = change;
    let name = setting.name();
    let flag = setting.flag().unwrap_or_default();
    let is_set_by_flag = kubelet.is_set_by_flag(setting);
    match (setting, value) {
        (Setting::Flag(_), TargetValue::Removed) => format!("remove {name}"),
        (_, TargetValue::Removed) if is_set_by_flag => format!("remove --{flag}"),
        (_, TargetValue::Removed) => format!("remove {name}"),
        (Setting::Gate(gate), value) if is_set_by_flag => {
            format!(
                "change --feature-gates to {gate}={}, because it overrides the config file",
                value.to_text()
            )
        }
        (_, value) if is_set_by_flag => {
            format!("change --{flag} to {}, because it overrides the config file", value.to_text())
        }
        (_, TargetValue::Example(text)) => format!("set {name}, for example to {text}"),
        (_, value) => format!("set {name}: {}", value.to_text()),
    }
}

/// Returns the three routes, best first: the config file, the arguments, `/configz`. Where `fixes_row` is
/// false they leave out what the row alone demands, and there are none where nothing remains.
pub(super) fn routes(kubelet: &AuditedKubelet<'_>, changes: &[SettingChange], fixes_row: bool) -> Vec<Route> {
    let is_set_by_flag = changes.iter().any(|change| kubelet.is_set_by_flag(change.setting));
    let has_gate = changes.iter().any(|change| matches!(change.setting, Setting::Gate(_)));
    let mut file = Vec::new();
    let mut arguments = Vec::new();
    for SettingChange { setting, value, purpose } in changes.iter().copied() {
        if !fixes_row && purpose == Purpose::Benchmark {
            continue;
        }
        if !matches!(setting, Setting::Flag(_)) {
            file.push(ReportSetting { name: setting.name(), value: value.to_json(), purpose });
        }
        if let Some(flag) = setting.flag() {
            let value = match (setting, value) {
                (Setting::Gate(gate), value) => format!("{gate}={}", value.to_text()).into(),
                (_, TargetValue::List(_)) => value.to_text().into(),
                (_, value) => value.to_json(),
            };
            arguments.push(ReportSetting { name: format!("--{flag}"), value, purpose });
        }
    }
    let file_summary = if is_set_by_flag && has_gate {
        "the command line overrides the config file: first remove the entry from --feature-gates, then set it in the file"
    } else if is_set_by_flag {
        "the command line overrides the config file: first remove the flag, then set these in the file"
    } else {
        "set these in the kubelet's config file, which --config names"
    };
    let mut routes = Vec::new();
    if !file.is_empty() {
        routes.push(route(RouteKind::ConfigFile, file_summary, file));
    }
    if !arguments.is_empty() {
        let mut arguments = route(
            RouteKind::Arguments,
            "add these to the kubelet's systemd drop-in; flags are deprecated, but they override the config file",
            arguments,
        );
        arguments.file = Some("/etc/systemd/system/kubelet.service.d/10-kubelet-args.conf".into());
        arguments.variable = Some("KUBELET_ARGS".into());
        let at = if is_set_by_flag { 0 } else { routes.len() };
        routes.insert(at, arguments);
    }
    if fixes_row || !routes.is_empty() {
        routes.push(route(
            RouteKind::Configz,
            "/configz is read-only, and dynamic kubelet configuration was removed in 1.24: change the config file \
             or the flags, restart the kubelet, then check /configz again",
            Vec::new(),
        ));
    }
    routes
}

fn route(kind: RouteKind, summary: &str, settings: Vec<ReportSetting>) -> Route {
    Route { kind, summary: summary.into(), settings, file: None, variable: None }
}

/// Returns the commands before and after a change, with a control's own step after the change.
pub(super) fn commands(own: Option<CommandStep>) -> Vec<CommandStep> {
    let step = |step, summary: &str, commands: &[&str]| CommandStep {
        step,
        summary: summary.into(),
        commands: commands.iter().map(|command| (*command).into()).collect(),
    };
    let find = step(
        Step::Find,
        "on the node, find the config file of the running kubelet",
        &["ps -ef | grep kubelet | grep -e --config"],
    );
    let apply = step(
        Step::Apply,
        "on the node, after the change, restart the kubelet and check that it runs",
        &["systemctl daemon-reload", "systemctl restart kubelet.service", "systemctl status kubelet -l"],
    );
    let verify = step(
        Step::Verify,
        "read the running configuration again",
        &[
            "kubectl get --raw /api/v1/nodes/NODE/proxy/configz",
            "kubectl proxy --port=8001 & curl -sSL http://localhost:8001/api/v1/nodes/NODE/proxy/configz",
        ],
    );
    [find, apply].into_iter().chain(own).chain([verify]).collect()
}
