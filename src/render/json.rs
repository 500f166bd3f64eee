//! Reports as JSON.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use super::effective::{Shown, is_written};
use crate::report::{Issue, Kubelet, Origin, Report, SCHEMA_VERSION, Target, Tool};

/// How JSON is laid out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum JsonStyle {
    /// On one line: the same bytes as every other door gives.
    #[default]
    Compact,
    /// Indented by two spaces.
    Pretty,
}

/// The report and a line break.
pub fn report(report: &Report, style: JsonStyle) -> Result<String, serde_json::Error> {
    print(report, style)
}

/// What `kubelet-audit effective` prints: the target of a report without its findings, and a line
/// break.
pub fn effective(
    tool: &Tool,
    target: &Target,
    shown: Shown,
    style: JsonStyle,
) -> Result<String, serde_json::Error> {
    let Target { source, node, kubelet, errors, findings: _ } = target;
    let kubelet = kubelet.clone().map(|kubelet| match shown {
        Shown::Everything => kubelet,
        Shown::Written => written_only(kubelet),
    });
    print(
        &EffectiveDocument {
            schema_version: SCHEMA_VERSION,
            tool,
            source,
            node: node.as_deref(),
            kubelet,
            errors,
        },
        style,
    )
}

fn print<T: Serialize>(value: &T, style: JsonStyle) -> Result<String, serde_json::Error> {
    let mut text = match style {
        JsonStyle::Compact => serde_json::to_string(value)?,
        JsonStyle::Pretty => serde_json::to_string_pretty(value)?,
    };
    text.push('\n');
    Ok(text)
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct EffectiveDocument<'a> {
    schema_version: &'a str,
    tool: &'a Tool,
    source: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    node: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kubelet: Option<Kubelet>,
    errors: &'a [Issue],
}

/// Drops what nobody wrote; of an object some of whose members have origins of their own, those.
fn written_only(mut kubelet: Kubelet) -> Kubelet {
    let origins = kubelet.origins.take().unwrap_or_default();
    let kept: BTreeMap<String, Origin> =
        origins.into_iter().filter(|(_, origin)| is_written(origin)).collect();
    if let Some(values) = &mut kubelet.effective {
        values.retain(|path, value| {
            if kept.contains_key(path) {
                return true;
            }
            let Value::Object(members) = value else { return false };
            members.retain(|name, _| kept.contains_key(&format!("{path}.{name}")));
            !members.is_empty()
        });
    }
    kubelet.origins = Some(kept);
    kubelet
}
