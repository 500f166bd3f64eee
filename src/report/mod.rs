//! The report: what every host gets. These are the wire types; nothing inside the crate depends on
//! their form. Within one major `schemaVersion` fields are only added.
//!
//! Offsets are 0-based bytes, end exclusive; lines and columns are 1-based, columns in UTF-16 code
//! units.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The version of the report's form.
pub const SCHEMA_VERSION: &str = "1.0";

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

pub use finding::*;
pub use fix::*;
pub use locate::report_of;

pub use crate::resolve::Stage;

wire! {
    /// The answer to one request or one run of the command.
    #[serde(rename_all = "camelCase")]
    pub struct Report {
        /// Version of this form: `1.0`.
        pub schema_version: String,
        /// What made the report.
        pub tool: Tool,
        /// One entry for every node or file asked about, in the order asked.
        pub targets: Vec<Target>,
        /// Counts over all targets.
        pub summary: Summary,
        /// What concerns the run and no target: waivers that have expired or are of no use, findings of
        /// the baseline that are gone.
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
    #[derive(Default)]
    pub struct Summary {
        /// Targets in the report.
        pub targets: u32,
        /// Targets that could not be read.
        pub unreadable: u32,
        /// Findings by status.
        pub pass: u32,
        /// Findings by status.
        pub fail: u32,
        /// Findings by status.
        pub manual: u32,
        /// Findings by status.
        pub not_applicable: u32,
        /// Findings by status.
        pub error: u32,
        /// Findings that are waived; they are counted by their status as well. Absent where there are none.
        #[serde(default, skip_serializing_if = "is_zero")]
        #[cfg_attr(feature = "schema", ts(optional, as = "Option<u32>"))]
        pub waived: u32,
        /// Findings that the baseline has too; they are counted by their status as well. Absent where
        /// there are none.
        #[serde(default, skip_serializing_if = "is_zero")]
        #[cfg_attr(feature = "schema", ts(optional, as = "Option<u32>"))]
        pub unchanged: u32,
        /// Equal answers of several targets, the most frequent first; there where the command audited
        /// more than one target, or one of a directory, a file of records or a cluster.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", ts(optional))]
        pub groups: Option<Vec<Group>>,
    }

    /// One answer that is not met, and how many targets have it.
    #[serde(rename_all = "camelCase")]
    pub struct Group {
        /// Slug of the control; absent where the targets could not be read.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", ts(optional))]
        pub control: Option<String>,
        /// Number and title of the control in the edition; for targets that could not be read the code of
        /// the trouble.
        pub title: String,
        /// `fail`, `manual` or `error`.
        pub status: Status,
        /// What the edition's audit says; absent where the targets could not be read.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", ts(optional))]
        pub benchmark: Option<Status>,
        /// What the kubelet would do; absent where the targets could not be read.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", ts(optional))]
        pub effective: Option<Effect>,
        /// What was found; empty where there are more answers to this control than are told apart.
        pub message: String,
        /// What to do.
        pub fix: String,
        /// Targets that have this answer.
        pub targets: u32,
        /// The first of them: names of nodes, or else of sources.
        pub examples: Vec<String>,
    }

    /// One node, or one file that stands for one.
    #[serde(rename_all = "camelCase")]
    pub struct Target {
        /// Name of the input: a path, `-`, or what the request called it.
        pub source: String,
        /// Name of the node, where given.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", ts(optional))]
        pub node: Option<String>,
        /// What the kubelet makes of the input; absent where nothing could be read.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", ts(optional))]
        pub kubelet: Option<Kubelet>,
        /// One finding for every control asked for, in the benchmark's order.
        pub findings: Vec<Finding>,
        /// Why the input could not be read. Never empty where `kubelet` is absent.
        pub errors: Vec<Issue>,
    }

    /// What a kubelet of this version makes of the input.
    #[serde(rename_all = "camelCase")]
    pub struct Kubelet {
        /// Kubernetes minor version, `1.36`.
        pub version: String,
        /// True where the version was not given; then it is the newest at which the input starts.
        pub version_assumed: bool,
        /// Where the rules of this version come from: `vectors` (the kubelet's own code was run at
        /// this version) or `tables` (read from its source).
        pub rules: RulesFrom,
        /// What the layers were: `config`, `dropIns`, `args`, `configz`.
        pub layers: Vec<String>,
        /// Whether it gets past loading, flags, gates, validation, TLS and authorization set-up and
        /// listening. Null where a layer that takes part was not given.
        pub starts: Option<bool>,
        /// Where it stops.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", ts(optional))]
        pub stage: Option<Stage>,
        /// True where it stops by a Go panic instead of an error.
        pub panics: bool,
        /// True where strict decoding of the config file failed and the kubelet went on leniently.
        pub lenient: bool,
        /// Why it stops; empty where it starts.
        pub errors: Vec<Issue>,
        /// What it ignores, reads otherwise than written, or reads otherwise in another version.
        pub warnings: Vec<Issue>,
        /// Layers that take part but were not given.
        pub missing_layers: Vec<String>,
        /// The configuration it would run with, by field path, as `/configz` would show it (absent
        /// is zero). Left out where the request says `effective: false`, and where it stops before
        /// the configuration is complete.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", ts(optional, type = "Record<string, unknown>"))]
        pub effective: Option<Map<String, Value>>,
        /// Where each value of `effective` comes from; single gates as `featureGates.NAME`.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", ts(optional))]
        pub origins: Option<BTreeMap<String, Origin>>,
    }

    /// Where the rules of a version come from.
    #[serde(rename_all = "kebab-case")]
    #[derive(Copy, Eq)]
    pub enum RulesFrom {
        /// The kubelet's own code was run at this version.
        Vectors,
        /// Read from the kubelet's source.
        Tables,
    }

    /// Where a value comes from.
    #[serde(rename_all = "camelCase")]
    pub struct Origin {
        /// The layer.
        pub layer: OriginLayer,
        /// Where it is written, for layers with text.
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
        /// Set by the kubelet itself at start (the self-signed certificate pair).
        Generated,
    }

    /// A range in a text.
    #[serde(rename_all = "camelCase")]
    pub struct Location {
        /// Which text: the file's name, the request's `source`, a drop-in's name.
        pub source: String,
        /// Start and end; absent for input that came without text of its own (parsed object, argv).
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
        /// The one after the last.
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

    /// Something wrong with, or worth knowing of, an input.
    #[serde(rename_all = "camelCase")]
    pub struct Issue {
        /// Stable kebab-case name of the kind of trouble.
        pub code: String,
        /// Its weight.
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

    /// The weight of an [`Issue`].
    #[serde(rename_all = "kebab-case")]
    #[derive(Copy, Eq)]
    pub enum IssueSeverity {
        /// The input cannot be used, or the kubelet would stop.
        Error,
        /// The kubelet goes on, but not as the text seems to ask.
        Warning,
        /// Worth knowing.
        Note,
    }
}

/// Whether a count need not be written.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands out references")]
fn is_zero(count: &u32) -> bool {
    *count == 0
}

impl Point {
    /// The first character of a text.
    pub const START: Self = Self { offset: 0, line: 1, column: 1 };

    /// A point that is counted from this one, counted from where this one is.
    pub fn then(self, point: Self) -> Self {
        // Only on the first line do columns count on.
        let before = if point.line == 1 { self.column.saturating_sub(1) } else { 0 };
        Self {
            offset: self.offset.saturating_add(point.offset),
            line: self.line.saturating_add(point.line).saturating_sub(1),
            column: before.saturating_add(point.column),
        }
    }
}

impl Summary {
    /// One target's counts.
    pub fn of(target: &Target) -> Self {
        let mut summary = Self::default();
        summary.add(target);
        summary
    }

    /// Adds one target's counts.
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
    }
}
