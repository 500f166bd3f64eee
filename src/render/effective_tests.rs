use insta::assert_snapshot;
use serde_json::Value;

use super::super::test_reports::{NODE, at, target};
use super::super::{Color, Detail, Layout, NoTexts};
use super::{Shown, effective};
use crate::render::json::{self, JsonStyle};
use crate::report::{Origin, OriginLayer, Target};

fn resolved() -> Target {
    let mut target = target(vec![]);
    let kubelet = target.kubelet.as_mut().unwrap();
    kubelet.warnings.clear();
    let origin = |layer, location| Origin { layer, location };
    let value = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    kubelet.effective = Some(
        [
            ("featureGates", r#"{"RotateKubeletServerCertificate":false,"Other":true}"#),
            ("maxPods", "110"),
            ("nodeLeaseDurationSeconds", "40"),
            ("tlsCipherSuites", r#"["TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"]"#),
        ]
        .map(|(path, text)| (path.to_owned(), value(text)))
        .into_iter()
        .collect(),
    );
    kubelet.origins = Some(
        [
            ("featureGates.Other", origin(OriginLayer::Flag, None)),
            (
                "featureGates.RotateKubeletServerCertificate",
                origin(OriginLayer::Config, at("node.yaml", NODE, "false")),
            ),
            ("maxPods", origin(OriginLayer::Default, None)),
            ("nodeLeaseDurationSeconds", origin(OriginLayer::Default, None)),
            ("tlsCipherSuites", origin(OriginLayer::DropIn, at("10-a.conf", NODE, "extra"))),
        ]
        .map(|(path, origin)| (path.to_owned(), origin))
        .into_iter()
        .collect(),
    );
    target
}

fn render(width: usize, shown: Shown) -> String {
    let layout = Layout { width, color: Color::Off, detail: Detail::Normal, next: None, links: None };
    effective(&resolved(), &NoTexts, shown, &layout)
}

#[test]
fn a_table_on_wide_pages() {
    assert_snapshot!(render(100, Shown::Everything));
}

#[test]
fn a_list_on_narrow_pages_and_only_what_is_written() {
    assert_snapshot!(render(40, Shown::Written));
}

#[test]
fn json_holds_the_target_without_findings() {
    let report = crate::report_of(vec![resolved()]);
    let text = json::effective(report, Shown::Written, JsonStyle::Compact);
    let report: serde_json::Value = serde_json::from_str(&text).unwrap();
    let value = &report["targets"][0];
    assert!(text.ends_with("}\n") && !text.trim_end().contains('\n'));
    assert_eq!(value["source"], "node.yaml");
    assert_eq!(value["kubelet"]["effective"]["featureGates"]["RotateKubeletServerCertificate"], false);
    assert_eq!(value["kubelet"]["effective"]["maxPods"], serde_json::Value::Null);
    assert!(value["kubelet"]["origins"]["maxPods"].is_null() && value["findings"] == serde_json::json!([]));
}
