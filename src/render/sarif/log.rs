//! The objects of a SARIF log that this format uses.

use serde::Serialize;

use crate::render::spot::Spot;
use crate::report::{BaselineState, Target};

/// `result`
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Outcome<'a> {
    pub(super) rule_id: &'a str,
    pub(super) rule_index: usize,
    pub(super) kind: &'static str,
    pub(super) level: &'static str,
    pub(super) message: Message,
    pub(super) locations: [Location; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) related_locations: Vec<Location>,
    pub(super) partial_fingerprints: PartialFingerprints<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) suppressions: Option<[Suppression; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) baseline_state: Option<BaselineState>,
    pub(super) properties: OutcomeProperties<'a>,
}

/// `result.partialFingerprints`
#[derive(Debug, Serialize)]
pub(super) struct PartialFingerprints<'a> {
    /// The only fingerprint that GitHub compares. GitHub would hash the line, which changes when the value is
    /// fixed.
    #[serde(rename = "primaryLocationLineHash")]
    pub(super) github: String,
    #[serde(rename = "kubeletAudit/v1")]
    pub(super) own: &'a str,
}

/// `suppression`
#[derive(Debug, Serialize)]
pub(super) struct Suppression {
    pub(super) kind: &'static str,
    pub(super) status: &'static str,
    pub(super) justification: String,
}

/// `result.properties`
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct OutcomeProperties<'a> {
    pub(super) benchmark: &'a str,
    pub(super) number: &'a str,
    pub(super) benchmark_verdict: &'static str,
    pub(super) effective_verdict: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) node: Option<&'a str>,
}

/// `location`
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Location {
    pub(super) physical_location: PhysicalLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) logical_locations: Option<[LogicalLocation; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) message: Option<Message>,
}

/// `logicalLocation`: the object in a file.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LogicalLocation {
    pub(super) fully_qualified_name: String,
}

/// `physicalLocation`
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PhysicalLocation {
    pub(super) artifact_location: ArtifactLocation,
    pub(super) region: Region,
}

/// `artifactLocation`
#[derive(Debug, Serialize)]
pub(super) struct ArtifactLocation {
    pub(super) uri: String,
}

/// `region`
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Region {
    pub(super) start_line: u32,
    #[serde(flatten)]
    pub(super) rest: Option<RegionRest>,
}

/// The properties of a region other than its first line.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RegionRest {
    pub(super) start_column: u32,
    pub(super) end_line: u32,
    pub(super) end_column: u32,
}

impl Location {
    pub(super) fn of(spot: &Spot, message: Option<String>) -> Self {
        // Code scanning rejects results without a region, so a whole file is shown at its first line.
        let region = Region {
            start_line: spot.line(),
            rest: spot.range.map(|range| RegionRest {
                start_column: range.start.column,
                end_line: range.end.line,
                end_column: range.end.column,
            }),
        };
        Self {
            physical_location: PhysicalLocation {
                artifact_location: ArtifactLocation { uri: spot.uri() },
                region,
            },
            logical_locations: None,
            message: message.map(Message::new),
        }
    }

    /// Adds the object of a target.
    pub(super) fn in_object(self, target: &Target) -> Self {
        let name = |object: &String| [LogicalLocation { fully_qualified_name: object.clone() }];
        Self { logical_locations: target.object.as_ref().map(name), ..self }
    }
}

/// `message`, `multiformatMessageString`
#[derive(Debug, Serialize)]
pub(super) struct Message {
    pub(super) text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) markdown: Option<String>,
}

impl Message {
    pub(super) fn new(text: String) -> Self {
        Self { text, markdown: None }
    }
}

/// `tool`
#[derive(Debug, Serialize)]
pub(super) struct Tool<'a> {
    pub(super) driver: Driver<'a>,
}

/// `toolComponent`
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Driver<'a> {
    pub(super) name: &'a str,
    pub(super) semantic_version: &'a str,
    pub(super) information_uri: &'static str,
    pub(super) rules: &'a [Rule],
}

/// `reportingDescriptor`
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Rule {
    pub(super) id: String,
    pub(super) short_description: Message,
    pub(super) full_description: Message,
    pub(super) help: Message,
    pub(super) default_configuration: DefaultConfiguration,
    pub(super) properties: RuleProperties,
}

/// `reportingConfiguration`
#[derive(Debug, Serialize)]
pub(super) struct DefaultConfiguration {
    pub(super) level: &'static str,
}

/// `reportingDescriptor.properties`
#[derive(Debug, Serialize)]
pub(super) struct RuleProperties {
    pub(super) tags: [String; 4],
    pub(super) precision: &'static str,
    #[serde(rename = "security-severity", skip_serializing_if = "Option::is_none")]
    pub(super) security_severity: Option<&'static str>,
}

/// `invocation`
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Invocation<'a> {
    pub(super) execution_successful: bool,
    pub(super) tool_execution_notifications: &'a [Notification],
}

/// `notification`
#[derive(Debug, Serialize)]
pub(super) struct Notification {
    pub(super) descriptor: Descriptor,
    pub(super) level: &'static str,
    pub(super) message: Message,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) locations: Option<[Location; 1]>,
}

/// `reportingDescriptorReference`, `runAutomationDetails`
#[derive(Debug, Serialize)]
pub(super) struct Descriptor {
    pub(super) id: String,
}
