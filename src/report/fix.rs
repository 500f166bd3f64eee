//! Fixes as data, and the result of applying them; see [`crate::fix`].

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::{OriginLayer, Purpose, Range, Report, Setting, Target};

wire! {
    /// A change that fixes a finding or an issue.
    #[serde(rename_all = "camelCase")]
    pub struct Fix {
        /// Slug of the control; absent for a fix of an issue.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", ts(optional))]
        pub control: Option<String>,
        /// Code of the issue; absent for a fix of a finding.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", ts(optional))]
        pub code: Option<String>,
        /// What the fix is for: passing the benchmark, taking effect, or both.
        pub purpose: Purpose,
        /// What it does, in one sentence.
        pub title: String,
        /// Whether it can be applied without review.
        pub applicability: Applicability,
        /// Why.
        pub reason: String,
        /// What it changes.
        pub target: FixTarget,
        /// True for an alternative to the previous fix; never applied automatically.
        pub alternative: bool,
        /// The settings: field paths and flags; null removes a setting.
        pub settings: Vec<Setting>,
        /// The changes, one for each file.
        pub changes: Vec<FileChange>,
        /// Other fields whose effective values change.
        pub also_changes: Vec<String>,
        /// Commands to run before applying it.
        pub before: Vec<String>,
        /// Commands to run after applying it.
        pub after: Vec<String>,
        /// Why it cannot be applied here; there are no changes then.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", ts(optional))]
        pub refused: Option<String>,
    }

    /// Whether a fix can be applied without review.
    #[serde(rename_all = "kebab-case")]
    #[derive(Copy, Eq)]
    pub enum Applicability {
        /// It can neither stop the kubelet nor cut off access.
        Safe,
        /// It may stop the kubelet or cut off access, or depends on something outside the files.
        Unsafe,
    }

    /// What a fix changes.
    #[serde(rename_all = "kebab-case")]
    #[derive(Copy, Eq)]
    pub enum FixTarget {
        /// The file named by `--config`.
        ConfigFile,
        /// A file under `--config-dir`.
        DropIn,
        /// The command line.
        Arguments,
        /// An object of the platform that manages the node.
        Platform,
    }

    /// A change to one file, or a new file.
    #[serde(rename_all = "camelCase")]
    pub struct FileChange {
        /// Name of the config, a drop-in, a file with the command line, or an object.
        pub source: String,
        /// True if the text only shows how the kubelet runs: an argument list (one argument per line here) or
        /// a process listing. Make the change where the arguments are configured.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        #[cfg_attr(feature = "schema", ts(optional, as = "Option<bool>"))]
        pub by_hand: bool,
        /// Its layer; absent for an object of a platform.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", ts(optional))]
        pub layer: Option<OriginLayer>,
        /// Edits to the current text, in order.
        pub edits: Vec<TextEdit>,
        /// The same edits as an RFC 6902 JSON Patch, for a config in JSON.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[cfg_attr(feature = "schema", ts(optional, as = "Option<Vec<PatchOperation>>"))]
        pub patch: Vec<PatchOperation>,
        /// The whole text of a new file.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", ts(optional))]
        pub content: Option<String>,
    }

    /// An edit: `text` replaces the range.
    #[serde(rename_all = "camelCase")]
    pub struct TextEdit {
        /// The range to replace; empty for an insertion.
        pub range: Range,
        /// The replacement.
        pub text: String,
    }

    /// One operation of a JSON Patch.
    #[serde(rename_all = "camelCase")]
    pub struct PatchOperation {
        /// `add`, `replace` or `remove`.
        pub op: String,
        /// JSON Pointer.
        pub path: String,
        /// The value, except for `remove`.
        #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "some")]
        #[cfg_attr(feature = "schema", ts(optional, type = "unknown"))]
        pub value: Option<Value>,
    }

    /// The result of applying fixes.
    #[serde(rename_all = "camelCase")]
    pub struct Fixed {
        /// The changed files.
        pub files: Vec<FixedFile>,
        /// The fixes that were applied.
        pub applied: Vec<AppliedFix>,
        /// The fixes that were skipped, with the reason.
        pub skipped: Vec<SkippedFix>,
        /// What to change on the platform, if it manages these settings.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", ts(optional))]
        pub platform: Option<PlatformChange>,
        /// The report on the fixed texts.
        pub target: Target,
    }

    /// The result of `applyFixes`.
    #[serde(rename_all = "camelCase")]
    pub struct Applied {
        /// The text of the config with the fixes applied.
        pub text: String,
        /// The changes as a unified diff; empty if there are none.
        pub diff: String,
        /// Other changed or new files: drop-ins, arguments.
        pub files: Vec<FixedFile>,
        /// The fixes that were applied.
        pub applied: Vec<AppliedFix>,
        /// The fixes that were skipped, with the reason.
        pub skipped: Vec<SkippedFix>,
        /// What to change on the platform, if it manages these settings.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", ts(optional))]
        pub platform: Option<PlatformChange>,
        /// The report on the fixed texts.
        pub report: Report,
    }

    /// The settings in the object of a platform that generates the files.
    #[serde(rename_all = "camelCase")]
    pub struct PlatformChange {
        /// The platform.
        pub platform: String,
        /// The object to change.
        pub object: String,
        /// What happens to an edited file, and what to do instead.
        pub advice: String,
        /// Commands that apply the object; words in capitals are placeholders.
        pub commands: Vec<String>,
        /// The object, or the part of it to merge; absent if it supports none of the settings.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", ts(optional))]
        pub content: Option<String>,
        /// Settings that it does not support, each with the reason.
        pub left_out: Vec<String>,
    }

    /// A changed file.
    #[serde(rename_all = "camelCase")]
    pub struct FixedFile {
        /// Its name.
        pub source: String,
        /// Its layer.
        pub layer: OriginLayer,
        /// True if the file is new.
        pub is_new: bool,
        /// True if there is no file to write; see [`FileChange::by_hand`].
        pub by_hand: bool,
        /// The text.
        pub text: String,
        /// The changes as a unified diff.
        pub diff: String,
    }

    /// A fix that was applied.
    #[serde(rename_all = "camelCase")]
    pub struct AppliedFix {
        /// Slug of the control; absent for a fix of an issue.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", ts(optional))]
        pub control: Option<String>,
        /// Code of the issue; absent for a fix of a finding.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", ts(optional))]
        pub code: Option<String>,
        /// What the fix is for.
        pub purpose: Purpose,
        /// What it did.
        pub title: String,
        /// Whether it can be applied without review.
        pub applicability: Applicability,
        /// Why.
        pub reason: String,
        /// The settings.
        pub settings: Vec<Setting>,
        /// Other fields whose effective values changed.
        pub also_changes: Vec<String>,
        /// Commands to run before it takes effect.
        pub before: Vec<String>,
        /// Commands to run after that.
        pub after: Vec<String>,
    }

    /// A fix that was skipped.
    #[serde(rename_all = "camelCase")]
    pub struct SkippedFix {
        /// Slug of the control; absent for a fix of an issue.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", ts(optional))]
        pub control: Option<String>,
        /// Code of the issue; absent for a fix of a finding.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", ts(optional))]
        pub code: Option<String>,
        /// What the fix is for.
        pub purpose: Purpose,
        /// What it would do.
        pub title: String,
        /// Why it was skipped.
        pub reason: String,
        /// True if allowing unsafe fixes would apply it.
        pub is_unsafe: bool,
    }
}

/// The slug of the control, or the code of the issue.
fn subject<'f>(control: Option<&'f String>, code: Option<&'f String>) -> &'f str {
    control.or(code).map_or("", String::as_str)
}

impl Fix {
    /// Returns what it fixes: the slug of a control, or the code of an issue.
    pub fn subject(&self) -> &str {
        subject(self.control.as_ref(), self.code.as_ref())
    }
}

impl AppliedFix {
    /// Returns what it fixed: the slug of a control, or the code of an issue.
    pub fn subject(&self) -> &str {
        subject(self.control.as_ref(), self.code.as_ref())
    }
}

impl SkippedFix {
    /// Returns what it would fix: the slug of a control, or the code of an issue.
    pub fn subject(&self) -> &str {
        subject(self.control.as_ref(), self.code.as_ref())
    }
}

/// Reads a member that is present: null is a value, not a missing member.
fn some<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}
