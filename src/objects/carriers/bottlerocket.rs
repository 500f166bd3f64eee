//! Settings of Bottlerocket.
//!
//! Source: bottlerocket-os/bottlerocket-core-kit `packages/kubernetes-*/kubelet-config`, which makes the kubelet's
//! config file of `settings.kubernetes`.

use crate::source::Span;
use crate::source::diagnostic::Code;
use crate::source::tree::{Format, Member, Node, NodeValue};

use toml::de::{DeTable, DeValue};

use super::super::arguments::fault;
use super::super::carrier::{Carrier, Read, Shape};
use super::super::context::{Context, Reading, below};
use super::super::draft::Draft;
use super::super::embedded::Embedded;
use super::super::kubelet::ConfiguredKubelet;
use super::super::platform;

pub(in super::super) const CARRIERS: &[Carrier] = &[Carrier {
    name: "Bottlerocket user data",
    settings: "`[settings.kubernetes]` in TOML",
    version: "",
    source: "bottlerocket-os/bottlerocket-core-kit packages/kubernetes-1.31/kubelet-config",
    otherwise: "add [settings.kubernetes], or audit /configz of a node",
    shape: Shape::Text(is_toml),
    read: Read::Text(read),
}];

/// Whether a text is Bottlerocket's TOML: its first line that says something opens a table of settings.
pub(super) fn is_toml(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let first = lines.next().unwrap_or_default();
    let is_setting = |line: &str| {
        let line = line.trim_start_matches('[').trim_start();
        line.starts_with("settings.") || line.starts_with("settings]")
    };
    is_setting(first)
}

fn read(cx: &Context<'_>, text: &Embedded) -> Vec<ConfiguredKubelet> {
    let reading = Reading { format: Format::Yaml, duplicates: &[] };
    let mut draft = Draft::new(cx, reading, "settings.kubernetes".to_owned());
    into_draft(text, &mut draft);
    draft.build().into_iter().collect()
}

/// Adds the settings in a TOML text.
pub(super) fn into_draft(text: &Embedded, draft: &mut Draft<'_, '_>) {
    match tree(text) {
        Ok(root) => {
            if let Some(settings) = below(&root, "settings") {
                settings_into(settings, draft);
            }
        }
        Err((span, message)) => {
            let place = text.place(span);
            draft.fail(fault(Code::YamlSyntax, place.span, format!("not valid TOML: {message}")));
        }
    }
}

/// Adds Bottlerocket's settings.
pub(super) fn settings_into(settings: &Node<'_>, draft: &mut Draft<'_, '_>) {
    let Some(kubernetes) = below(settings, "kubernetes") else { return };
    draft.used().over(&platform::BOTTLEROCKET).on("eks");
    if let Some(alone) = below(kubernetes, "standalone-mode")
        && is_true(alone)
    {
        let value = |value| Node::new(alone.place, value);
        draft.field("address", &value(NodeValue::String("127.0.0.1".into())));
        draft.field("authentication.anonymous.enabled", &value(NodeValue::Bool(true)));
        draft.field("authentication.webhook.enabled", &value(NodeValue::Bool(false)));
        draft.field("authentication.x509.clientCAFile", &value(NodeValue::String("".into())));
        draft.field("authorization.mode", &value(NodeValue::String("AlwaysAllow".into())));
    }
    let given = |key: &str| below(kubernetes, key).is_some();
    if given("server-certificate")
        && given("server-key")
        && let Some(certificate) = below(kubernetes, "server-certificate")
    {
        let value = |text: &'static str| Node::new(certificate.place, NodeValue::String(text.into()));
        draft.field("tlsCertFile", &value("/etc/kubernetes/pki/kubelet-server.crt"));
        draft.field("tlsPrivateKeyFile", &value("/etc/kubernetes/pki/private/kubelet-server.key"));
        draft.field("serverTLSBootstrap", &Node::new(certificate.place, NodeValue::Bool(false)));
    }
    for member in kubernetes.as_object().unwrap_or_default() {
        let Some((_, path, form)) = FIELDS.iter().find(|(key, ..)| *key == member.key) else { continue };
        draft.field(path, &value(&member.value, *form));
    }
}

/// How a setting becomes a field.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// As it is; a number or boolean may be in quotes.
    Plain,
    /// As a string.
    Text,
    /// As a map of strings.
    Map,
    /// As a list, also of one value.
    List,
}

/// Settings and their fields.
const FIELDS: &[(&str, &str, Form)] = &[
    ("cluster-domain", "clusterDomain", Form::Text),
    ("cluster-dns-ip", "clusterDNS", Form::List),
    ("eviction-hard", "evictionHard", Form::Map),
    ("eviction-soft", "evictionSoft", Form::Map),
    ("eviction-soft-grace-period", "evictionSoftGracePeriod", Form::Map),
    ("eviction-max-pod-grace-period", "evictionMaxPodGracePeriod", Form::Plain),
    ("allowed-unsafe-sysctls", "allowedUnsafeSysctls", Form::List),
    ("registry-qps", "registryPullQPS", Form::Plain),
    ("registry-burst", "registryBurst", Form::Plain),
    ("event-qps", "eventRecordQPS", Form::Plain),
    ("event-burst", "eventBurst", Form::Plain),
    ("kube-api-qps", "kubeAPIQPS", Form::Plain),
    ("kube-api-burst", "kubeAPIBurst", Form::Plain),
    ("kube-reserved", "kubeReserved", Form::Map),
    ("system-reserved", "systemReserved", Form::Map),
    ("cpu-cfs-quota-enforced", "cpuCFSQuota", Form::Plain),
    ("cpu-manager-policy", "cpuManagerPolicy", Form::Text),
    ("cpu-manager-reconcile-period", "cpuManagerReconcilePeriod", Form::Text),
    ("topology-manager-scope", "topologyManagerScope", Form::Text),
    ("topology-manager-policy", "topologyManagerPolicy", Form::Text),
    ("pod-pids-limit", "podPidsLimit", Form::Plain),
    ("image-gc-high-threshold-percent", "imageGCHighThresholdPercent", Form::Plain),
    ("image-gc-low-threshold-percent", "imageGCLowThresholdPercent", Form::Plain),
    ("image-minimum-gc-age", "imageMinimumGCAge", Form::Text),
    ("provider-id", "providerID", Form::Text),
    ("seccomp-default", "seccompDefault", Form::Plain),
    ("server-tls-bootstrap", "serverTLSBootstrap", Form::Plain),
    ("max-pods", "maxPods", Form::Plain),
    ("container-log-max-size", "containerLogMaxSize", Form::Text),
    ("container-log-max-files", "containerLogMaxFiles", Form::Plain),
    ("container-log-max-workers", "containerLogMaxWorkers", Form::Plain),
    ("container-log-monitor-interval", "containerLogMonitorInterval", Form::Text),
    ("shutdown-grace-period", "shutdownGracePeriod", Form::Text),
    ("shutdown-grace-period-for-critical-pods", "shutdownGracePeriodCriticalPods", Form::Text),
    ("memory-manager-policy", "memoryManagerPolicy", Form::Text),
    ("memory-swap-behavior", "memorySwap.swapBehavior", Form::Text),
    ("reserved-cpus", "reservedSystemCPUs", Form::Text),
];

fn value(node: &Node<'_>, form: Form) -> Node<'static> {
    let mut node = node.to_static();
    match form {
        // The template writes the setting without quotes, so YAML reads what is in them.
        Form::Plain => {
            if let NodeValue::String(text) = &node.value {
                let plain = match text.as_ref() {
                    "true" => Some(NodeValue::Bool(true)),
                    "false" => Some(NodeValue::Bool(false)),
                    text if text.parse::<i64>().is_ok() => Some(NodeValue::Number(text.to_owned().into())),
                    _ => None,
                };
                node.value = plain.unwrap_or(node.value);
            }
        }
        Form::Text => text(&mut node),
        Form::Map => {
            if let NodeValue::Object(members) = &mut node.value {
                members.iter_mut().for_each(|member| text(&mut member.value));
            }
        }
        Form::List => {
            if node.as_array().is_none() {
                node = Node::new(node.place, NodeValue::Array(vec![node]));
            }
        }
    }
    node
}

fn text(node: &mut Node<'static>) {
    if let NodeValue::Number(number) = &node.value {
        node.value = NodeValue::String(number.clone());
    }
}

fn is_true(node: &Node<'_>) -> bool {
    matches!(node.value, NodeValue::Bool(true)) || node.as_str() == Some("true")
}

/// The tree of a TOML text.
fn tree(text: &Embedded) -> Result<Node<'static>, (Span, String)> {
    let table = DeTable::parse(&text.text).map_err(|error| {
        let span = error.span().map_or_else(|| Span::at(0), |span| Span::new(span.start, span.end));
        (span, error.message().to_owned())
    })?;
    let span = table.span();
    Ok(of_table(table.get_ref(), Span::new(span.start, span.end), text))
}

fn of_table(table: &DeTable<'_>, span: Span, text: &Embedded) -> Node<'static> {
    let members = table.iter().map(|(key, value)| {
        let (key_span, value_span) = (key.span(), value.span());
        Member {
            key: key.get_ref().to_string().into(),
            key_place: text.place(Span::new(key_span.start, key_span.end)),
            value: of_value(value.get_ref(), Span::new(value_span.start, value_span.end), text),
        }
    });
    Node::new(text.place(span), NodeValue::Object(members.collect()))
}

fn of_value(value: &DeValue<'_>, span: Span, text: &Embedded) -> Node<'static> {
    let value = match value {
        DeValue::String(string) => NodeValue::String(string.to_string().into()),
        DeValue::Integer(number) => match i64::from_str_radix(number.as_str(), number.radix()) {
            Ok(number) => NodeValue::Number(number.to_string().into()),
            Err(_) => NodeValue::String(number.as_str().to_owned().into()),
        },
        DeValue::Float(number) => NodeValue::Number(number.as_str().to_owned().into()),
        DeValue::Boolean(value) => NodeValue::Bool(*value),
        DeValue::Datetime(time) => NodeValue::String(time.to_string().into()),
        DeValue::Array(items) => {
            let items = items.iter().map(|item| {
                let span = item.span();
                of_value(item.get_ref(), Span::new(span.start, span.end), text)
            });
            NodeValue::Array(items.collect())
        }
        DeValue::Table(table) => return of_table(table, span, text),
    };
    Node::new(text.place(span), value)
}
