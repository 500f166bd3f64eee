//! What would mend findings, and what became of it. The wire types of [`crate::fix`].

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::{OriginLayer, Purpose, Range, Report, Setting, Target};

wire! {
    /// A change that would mend a finding.
    #[serde(rename_all = "camelCase")]
    pub struct Fix {
        /// Slug of the control.
        pub control: String,
        /// What it is for: the benchmark's entry, the real effect, or both.
        pub purpose: Purpose,
        /// What it does, in one sentence.
        pub title: String,
        /// Whether it may be made without anybody looking.
        pub applicability: Applicability,
        /// Why.
        pub reason: String,
        /// Where it is made.
        pub target: FixTarget,
        /// True for another way to do what the fix before it does; never made on its own.
        pub alternative: bool,
        /// What it sets: field paths and flags; null takes one out.
        pub settings: Vec<Setting>,
        /// The changes, one for each text.
        pub changes: Vec<FileChange>,
        /// Fields whose effective values change with it.
        pub also_changes: Vec<String>,
        /// What to run before.
        pub before: Vec<String>,
        /// What to run after.
        pub after: Vec<String>,
        /// Why it cannot be made here; then there are no changes.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", ts(optional))]
        pub refused: Option<String>,
    }

    /// Whether a fix may be made without anybody looking.
    #[serde(rename_all = "kebab-case")]
    #[derive(Copy, Eq)]
    pub enum Applicability {
        /// It can neither stop the kubelet nor cut off access.
        Safe,
        /// It needs something that the files do not show.
        Unsafe,
    }

    /// Where a fix is made.
    #[serde(rename_all = "kebab-case")]
    #[derive(Copy, Eq)]
    pub enum FixTarget {
        /// The file named by `--config`.
        ConfigFile,
        /// A file under `--config-dir`.
        DropIn,
        /// The command line.
        Arguments,
        /// An object of the platform that makes the node.
        Platform,
    }

    /// A change of one text, or a new one.
    #[serde(rename_all = "camelCase")]
    pub struct FileChange {
        /// Which: the config's name, a drop-in's, that of a text of the command line, an object.
        pub source: String,
        /// True for a text that shows how the kubelet runs and is no file to write: an argument vector
        /// (here one argument a line), a process listing. The change is to be made where the arguments
        /// are kept.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        #[cfg_attr(feature = "schema", ts(optional, as = "Option<bool>"))]
        pub by_hand: bool,
        /// Its layer; absent for an object of a platform.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", ts(optional))]
        pub layer: Option<OriginLayer>,
        /// Edits of the text as it is, in order.
        pub edits: Vec<TextEdit>,
        /// The same as RFC 6902 JSON Patch, for a config in JSON.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[cfg_attr(feature = "schema", ts(optional, as = "Option<Vec<PatchOperation>>"))]
        pub patch: Vec<PatchOperation>,
        /// The whole text, where it is a new one.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", ts(optional))]
        pub content: Option<String>,
    }

    /// An edit: what stands in the range becomes `text`.
    #[serde(rename_all = "camelCase")]
    pub struct TextEdit {
        /// What is replaced; empty for an insertion.
        pub range: Range,
        /// What stands there instead.
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

    /// What became of fixes.
    #[serde(rename_all = "camelCase")]
    pub struct Fixed {
        /// The texts that changed.
        pub files: Vec<FixedFile>,
        /// The fixes that were made.
        pub applied: Vec<AppliedFix>,
        /// Those that were not, with the reason.
        pub skipped: Vec<SkippedFix>,
        /// What to do where the platform keeps these settings, if it does.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", ts(optional))]
        pub platform: Option<PlatformChange>,
        /// The report on the texts as they are then.
        pub target: Target,
    }

    /// The answer of `applyFixes`.
    #[serde(rename_all = "camelCase")]
    pub struct Applied {
        /// The config's text with the fixes in it.
        pub text: String,
        /// What changed in it, as a unified diff; empty where nothing did.
        pub diff: String,
        /// The other texts that changed, or came to be: drop-ins, arguments.
        pub files: Vec<FixedFile>,
        /// The fixes that were made.
        pub applied: Vec<AppliedFix>,
        /// Those that were not, with the reason.
        pub skipped: Vec<SkippedFix>,
        /// What to do where the platform keeps these settings, if it does.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", ts(optional))]
        pub platform: Option<PlatformChange>,
        /// The report on the texts as they are then.
        pub report: Report,
    }

    /// The same settings where a platform keeps them, because it writes the files anew.
    #[serde(rename_all = "camelCase")]
    pub struct PlatformChange {
        /// The platform.
        pub platform: String,
        /// The object to change.
        pub object: String,
        /// What becomes of an edited file, and what to do instead.
        pub advice: String,
        /// Commands that put the object into force; words in capitals stand for names.
        pub commands: Vec<String>,
        /// The object, or the part of it to merge; absent where it takes none of the settings.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", ts(optional))]
        pub content: Option<String>,
        /// Settings that it does not take, each with the reason.
        pub left_out: Vec<String>,
    }

    /// A text that changed.
    #[serde(rename_all = "camelCase")]
    pub struct FixedFile {
        /// Which.
        pub source: String,
        /// Its layer.
        pub layer: OriginLayer,
        /// True where it was not there before.
        pub is_new: bool,
        /// True where it is no file to write; see [`FileChange::by_hand`].
        pub by_hand: bool,
        /// The text.
        pub text: String,
        /// What changed, as a unified diff.
        pub diff: String,
    }

    /// A fix that was made.
    #[serde(rename_all = "camelCase")]
    pub struct AppliedFix {
        /// Slug of the control.
        pub control: String,
        /// What it is for.
        pub purpose: Purpose,
        /// What it did.
        pub title: String,
        /// Whether it was one that may be made without anybody looking.
        pub applicability: Applicability,
        /// Why.
        pub reason: String,
        /// What it set.
        pub settings: Vec<Setting>,
        /// Fields whose effective values changed with it.
        pub also_changes: Vec<String>,
        /// What to run before it goes into force.
        pub before: Vec<String>,
        /// What to run then.
        pub after: Vec<String>,
    }

    /// A fix that was not made.
    #[serde(rename_all = "camelCase")]
    pub struct SkippedFix {
        /// Slug of the control.
        pub control: String,
        /// What it is for.
        pub purpose: Purpose,
        /// What it would do.
        pub title: String,
        /// Why it was not made.
        pub reason: String,
        /// True where asking for unsafe fixes would do.
        pub is_unsafe: bool,
    }
}

/// Reads a member that is there: a null is the value null, and not its absence.
fn some<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}
