//! The report: the types that every host receives, as they are serialized. Within a major version of
//! `schemaVersion`, fields are only added.
//!
//! Offsets are 0-based bytes, end exclusive; lines and columns are 1-based, columns in UTF-16 code
//! units.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The version of the report format.
pub const SCHEMA_VERSION: &str = "2.0";

macro_rules! wire {
    ($($(#[$meta:meta])* pub $kind:ident $name:ident { $($body:tt)* })+) => {
        $(
            #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
            #[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
            $(#[$meta])*
            pub $kind $name { $($body)* }
        )+
    };
}

mod finding;
pub(crate) mod fingerprint;
mod fix;
pub(crate) mod locate;
mod option_error;
mod remediation;

pub use finding::*;
pub use fix::*;
pub use locate::report_of;
pub use option_error::OptionError;
pub use remediation::*;

pub use crate::resolve::Stage;

wire! {
    /// The result of one request or one run of the command.
    #[serde(rename_all = "camelCase")]
    pub struct Report {
        /// Version of the report format: `2.0`.
        pub schema_version: String,
        /// The program that made the report.
        pub tool: Tool,
        /// One entry for each node or file, in the order of the input.
        pub targets: Vec<Target>,
        /// Counts over all targets.
        pub summary: Summary,
        /// Notices about the run as a whole: expired and unused waivers, findings that are resolved since the
        /// baseline.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[cfg_attr(feature = "schema", ts(optional, as = "Option<Vec<Issue>>"))]
        pub notices: Vec<Issue>,
    }

    /// The program that made a report.
    #[serde(rename_all = "camelCase")]
    pub struct Tool {
        /// `kubelet-audit`
        pub name: String,
        /// Its version.
        pub version: String,
    }

    /// Counts over all targets.
    #[serde(rename_all = "camelCase")]
    pub struct Summary {
        /// True if no finding failed, none could not be checked, and every target could be read.
        pub ok: bool,
        /// Number of targets.
        pub targets: u32,
        /// Number of targets that could not be read.
        pub unreadable: u32,
        /// Number of findings that pass.
        pub pass: u32,
        /// Number of findings that fail.
        pub fail: u32,
        /// Number of findings that a person has to decide.
        pub manual: u32,
        /// Number of findings that do not apply.
        pub not_applicable: u32,
        /// Number of findings that could not be checked.
        pub error: u32,
        /// Number of waived findings; they are also counted by status. Absent if there are none.
        #[serde(default, skip_serializing_if = "is_zero")]
        #[cfg_attr(feature = "schema", ts(optional, as = "Option<u32>"))]
        pub waived: u32,
        /// Number of findings that are in the baseline; they are also counted by status. Absent if there are
        /// none.
        #[serde(default, skip_serializing_if = "is_zero")]
        #[cfg_attr(feature = "schema", ts(optional, as = "Option<u32>"))]
        pub unchanged: u32,
        /// Findings that several targets share, the most frequent first. Present when the command audited
        /// several targets, a directory, a file of node records or a cluster.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", ts(optional))]
        pub groups: Option<Vec<Group>>,
    }

    /// One finding that does not pass, and the number of targets that share it.
    #[serde(rename_all = "camelCase")]
    pub struct Group {
        /// Slug of the control; absent if the targets could not be read.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", ts(optional))]
        pub control: Option<String>,
        /// Number and title of the control in the edition; the error code for targets that could not be
        /// read.
        pub title: String,
        /// `fail`, `manual` or `error`.
        pub status: Status,
        /// What the edition's audit says; absent if the targets could not be read.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", ts(optional))]
        pub benchmark: Option<Status>,
        /// What the kubelet would do; absent if the targets could not be read.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", ts(optional))]
        pub effective: Option<Effect>,
        /// What was found; empty if the control has too many different messages to list.
        pub message: String,
        /// What to do.
        pub fix: String,
        /// Number of targets that share the finding.
        pub targets: u32,
        /// The first of these targets: node names, or source names.
        pub examples: Vec<String>,
    }

    /// One node, or one file that configures a node.
    #[serde(rename_all = "camelCase")]
    pub struct Target {
        /// Name of the input: a path, `-`, or the `source` of the request. For an object in it, that name and the
        /// object: `PATH: OBJECT`.
        pub source: String,
        /// The object in the input that configures this kubelet, with the part of it if it configures several.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", ts(optional))]
        pub object: Option<String>,
        /// Name of the node, if given.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", ts(optional))]
        pub node: Option<String>,
        /// How the kubelet reads the input; absent if nothing could be read.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", ts(optional))]
        pub kubelet: Option<Kubelet>,
        /// One finding for each selected control, in the benchmark's order.
        pub findings: Vec<Finding>,
        /// Why the input could not be read. Never empty if `kubelet` is absent.
        pub errors: Vec<Issue>,
    }

    /// How a kubelet of this version reads the input.
    #[serde(rename_all = "camelCase")]
    pub struct Kubelet {
        /// Kubernetes minor version, `1.36`.
        pub version: String,
        /// True if no version was given; the newest version at which the kubelet starts is then used.
        pub version_assumed: bool,
        /// Where the version comes from.
        pub version_source: VersionSource,
        /// Source of the rules for this version: `vectors` (checked by running the kubelet's own code at
        /// this version) or `tables` (read from its source code).
        pub rules: RulesFrom,
        /// The layers that were given: `config`, `dropIns`, `args`, `configz`.
        pub layers: Vec<String>,
        /// Whether the kubelet gets through flags, feature gates, loading, validation, TLS and authorization
        /// set-up, and listens. Null if that depends on a layer that was not given.
        pub starts: Option<bool>,
        /// The stage at which it stops.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", ts(optional))]
        pub stage: Option<Stage>,
        /// True if it stops with a Go panic instead of an error.
        pub panics: bool,
        /// True if strict decoding of the config file failed and the kubelet fell back to lenient decoding.
        pub lenient: bool,
        /// Why it stops; empty if it starts.
        pub errors: Vec<Issue>,
        /// Settings that it ignores or reads differently from their spelling, also at other versions.
        pub warnings: Vec<Issue>,
        /// Layers that the kubelet reads but that were not given.
        pub missing_layers: Vec<String>,
        /// The configuration it would run with, by field path: every field, zero or not, except pointers,
        /// lists and maps that are nil. Left out with `effective: false`, and if the kubelet stops before the
        /// configuration is complete.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", ts(optional, type = "Record<string, unknown>"))]
        pub effective: Option<Map<String, Value>>,
        /// The origin of each value of `effective`; feature gates one by one as `featureGates.NAME`.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", ts(optional))]
        pub origins: Option<BTreeMap<String, Origin>>,
        /// Settings that only flags have and that were given, by the name of the flag without dashes: `node-ip`.
        /// Left out with `effective: false`.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", ts(optional, type = "Record<string, unknown>"))]
        pub flags: Option<Map<String, Value>>,
    }

    /// Where the Kubernetes version of a kubelet comes from.
    #[serde(rename_all = "kebab-case")]
    #[derive(Copy, Eq)]
    pub enum VersionSource {
        /// The option `kubeletVersion`.
        Option,
        /// The record of the node: `nodeVersion`.
        Node,
        /// The object that configures the kubelet.
        Object,
        /// None was given: the newest version at which the kubelet starts.
        Assumed,
    }

    /// Source of the rules for a version.
    #[serde(rename_all = "kebab-case")]
    #[derive(Copy, Eq)]
    pub enum RulesFrom {
        /// Checked by running the kubelet's own code at this version.
        Vectors,
        /// Read from the kubelet's source code.
        Tables,
    }

    /// Where a value comes from.
    #[serde(rename_all = "camelCase")]
    pub struct Origin {
        /// The layer.
        pub layer: OriginLayer,
        /// Where the value is set, for layers with text.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", ts(optional))]
        pub location: Option<Location>,
    }

    /// A layer of the configuration.
    #[serde(rename_all = "kebab-case")]
    #[derive(Copy, Eq)]
    pub enum OriginLayer {
        /// The kubelet's own default.
        Default,
        /// The file named by `--config`.
        Config,
        /// A file under `--config-dir`.
        DropIn,
        /// A command-line flag.
        Flag,
        /// A `/configz` dump.
        Configz,
        /// Set by the kubelet itself at start: the self-signed certificate pair.
        Generated,
        /// A documented default of the platform that manages the node.
        Platform,
    }

    /// A range in a text.
    #[serde(rename_all = "camelCase")]
    pub struct Location {
        /// The text: a file name, the `source` of the request, or the name of a drop-in.
        pub source: String,
        /// Start and end; absent for input without text of its own (a parsed object, an argument list).
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", ts(optional))]
        pub range: Option<Range>,
    }

    /// Start and end of a range.
    #[serde(rename_all = "camelCase")]
    #[derive(Copy, Eq)]
    pub struct Range {
        /// First character.
        pub start: Point,
        /// The character after the last one.
        pub end: Point,
    }

    /// A point in a text.
    #[serde(rename_all = "camelCase")]
    #[derive(Copy, Eq)]
    pub struct Point {
        /// 0-based offset in bytes of UTF-8.
        pub offset: u32,
        /// 1-based line.
        pub line: u32,
        /// 1-based column in UTF-16 code units.
        pub column: u32,
    }

    /// An error, a warning or a note about an input.
    #[serde(rename_all = "camelCase")]
    pub struct Issue {
        /// Stable code in kebab-case.
        pub code: String,
        /// Severity.
        pub severity: IssueSeverity,
        /// What is wrong.
        pub message: String,
        /// What to do about it.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        #[cfg_attr(feature = "schema", ts(optional, as = "Option<String>"))]
        pub help: String,
        /// Where.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", ts(optional))]
        pub location: Option<Location>,
    }

    /// The severity of an [`Issue`].
    #[serde(rename_all = "kebab-case")]
    #[derive(Copy, Eq)]
    pub enum IssueSeverity {
        /// The input cannot be used, or the kubelet would stop.
        Error,
        /// The kubelet continues, but not as the text suggests.
        Warning,
        /// Additional information.
        Note,
    }
}

/// Whether serde leaves a count out.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands out references")]
fn is_zero(count: &u32) -> bool {
    *count == 0
}

impl Point {
    /// The first character of a text.
    pub const START: Self = Self { offset: 0, line: 1, column: 1 };

    /// Returns a point that is relative to this one as an absolute point.
    pub fn then(self, point: Self) -> Self {
        // Columns are relative on the first line alone.
        let before = if point.line == 1 { self.column.saturating_sub(1) } else { 0 };
        Self {
            offset: self.offset.saturating_add(point.offset),
            line: self.line.saturating_add(point.line).saturating_sub(1),
            column: before.saturating_add(point.column),
        }
    }
}

impl Report {
    /// Reads a report from JSON text. Ignores the fields that a later minor version added.
    ///
    /// # Errors
    ///
    /// The text is not a report of this major version, and why.
    pub fn from_json(text: &str) -> Result<Self, String> {
        // Without `read_json`: programs write reports, and tracking the path to a field through types of this size
        // adds 160 KB to a module.
        let report: Self = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let major = |version: &str| version.split('.').next().map(str::to_owned);
        if major(&report.schema_version) == major(SCHEMA_VERSION) {
            Ok(report)
        } else {
            let version = report.schema_version;
            Err(format!(
                "unsupported schemaVersion {version}; this version of kubelet-audit reads {SCHEMA_VERSION}"
            ))
        }
    }
}

impl Default for Summary {
    fn default() -> Self {
        Self {
            ok: true,
            targets: 0,
            unreadable: 0,
            pass: 0,
            fail: 0,
            manual: 0,
            not_applicable: 0,
            error: 0,
            waived: 0,
            unchanged: 0,
            groups: None,
        }
    }
}

impl Target {
    /// Returns the name of the input without the object: a path that exists, if the input is a file.
    pub fn file(&self) -> &str {
        let object = self.object.as_deref().and_then(|object| self.source.strip_suffix(object));
        object.and_then(|file| file.strip_suffix(": ")).unwrap_or(&self.source)
    }
}

impl Summary {
    /// Returns the counts of one target.
    pub fn of(target: &Target) -> Self {
        let mut summary = Self::default();
        summary.add(target);
        summary
    }

    /// Adds the counts of one target.
    pub fn add(&mut self, target: &Target) {
        let add = |count: &mut u32, is_one: bool| *count = count.saturating_add(u32::from(is_one));
        add(&mut self.targets, true);
        add(&mut self.unreadable, !target.errors.is_empty());
        for finding in &target.findings {
            add(
                match finding.status {
                    Status::Pass => &mut self.pass,
                    Status::Fail => &mut self.fail,
                    Status::Manual => &mut self.manual,
                    Status::NotApplicable => &mut self.not_applicable,
                    Status::Error => &mut self.error,
                },
                true,
            );
            add(&mut self.waived, finding.waived.is_some());
            add(&mut self.unchanged, finding.baseline_state == Some(BaselineState::Unchanged));
        }
        self.ok = (self.unreadable, self.fail, self.error) == (0, 0, 0);
    }
}
