//! Errors, warnings and notes about the input.

use std::ops::{Deref, DerefMut};

use crate::source::Place;

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident = $text:literal,)+) => {
        /// The kind of a [`Diagnostic`]. Its text form is stable.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Code { $($(#[doc = $doc])+ $name,)+ }

        impl Code {
            /// Every code, in the order of the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The stable text form, such as `wrong-type`.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }

            /// One line that explains the code.
            pub const fn summary(self) -> &'static str {
                match self { $(Self::$name => concat!($($doc),+).trim_ascii(),)+ }
            }
        }
    };
}

codes! {
    // ---- parsing
    /// the document is empty
    Empty = "empty",
    /// the text is larger than the limit
    TooLarge = "too-large",
    /// objects and lists are nested deeper than the limit
    TooDeep = "too-deep",
    /// the document has more values than the limit
    TooManyNodes = "too-many-nodes",
    /// aliases expand to far more values than the document contains
    ExcessiveAliasing = "excessive-aliasing",
    /// the bytes are not valid UTF-8
    InvalidUtf8 = "invalid-utf8",
    /// the bytes are not text
    Binary = "binary",
    /// the text starts with `{`, so it is parsed as JSON, and is not valid JSON
    JsonSyntax = "json-syntax",
    /// the text is not valid YAML
    YamlSyntax = "yaml-syntax",
    /// a mapping key has a type that the kubelet cannot convert to a string
    InvalidKey = "invalid-key",
    // ---- kind of document
    /// the document is not an object
    NotAnObject = "not-an-object",
    /// apiVersion or kind is missing
    MissingKind = "missing-kind",
    /// apiVersion and kind are not those of a KubeletConfiguration
    WrongKind = "wrong-kind",
    // ---- decoding
    /// the value has a type or format that its field does not accept
    WrongType = "wrong-type",
    /// the kubelet does not know the field and ignores it
    UnknownField = "unknown-field",
    /// the field name differs from a known field in letter case, so the kubelet ignores it
    WrongCase = "wrong-case",
    /// the key is set more than once
    DuplicateKey = "duplicate-key",
    /// the key is in a place where the kubelet does not read it
    MisplacedKey = "misplaced-key",
    /// the field exists, but not in this version
    FieldNotInVersion = "field-not-in-version",
    // ---- command line
    /// the kubelet does not know the flag
    UnknownFlag = "unknown-flag",
    /// the flag exists, but not in this version
    FlagNotInVersion = "flag-not-in-version",
    /// the flag does not accept the value
    InvalidFlagValue = "invalid-flag-value",
    /// an argument is not a flag, and the kubelet accepts only flags
    UnexpectedArgument = "unexpected-argument",
    /// the text contains no kubelet command line
    NoKubeletCommand = "no-kubelet-command",
    /// systemd ignores or rejects a part of a unit or environment file
    UnitSyntax = "unit-syntax",
    /// a variable or specifier has no known value
    UnresolvedVariable = "unresolved-variable",
    // ---- feature gates
    /// this version of the kubelet does not have the feature gate
    UnknownFeatureGate = "unknown-feature-gate",
    /// the feature gate is locked to the other value
    LockedFeatureGate = "locked-feature-gate",
    /// the feature gate requires another one that is off
    FeatureGateDependency = "feature-gate-dependency",
    // ---- start
    /// the kubelet's validation rejects the value
    Validation = "validation",
    /// the kubelet rejects the TLS settings
    Tls = "tls",
    /// the kubelet rejects the authorization settings
    Authorization = "authorization",
    /// the kubelet rejects the value after it has validated its configuration
    StartUp = "start-up",
    /// the kubelet server cannot start with these certificates or cipher suites
    Listen = "listen",
    // ---- the request
    /// the kubelet's whole command line does not name the config file or the drop-ins, so it does not read them
    ConfigNotRead = "config-not-read",
    /// the command line names another path than that of the config file
    OtherConfigPath = "other-config-path",
    /// a layer that the kubelet uses was not supplied
    IncompleteInput = "incomplete-input",
    /// an already parsed object does not show positions, duplicate keys and spelling
    ObjectInput = "object-input",
    /// the configuration is inside a value with escapes or folding, so exact positions are unknown
    InsideValue = "inside-value",
    /// no version was given; the newest one that accepts the input is used
    VersionAssumed = "version-assumed",
    /// the result differs in another supported version
    DiffersByVersion = "differs-by-version",
    /// the rules of this version come from its source code and are not verified against a kubelet
    NotProvedByVectors = "not-proved-by-vectors",
    /// the value is a placeholder of a template or is set elsewhere
    UnknownValue = "unknown-value",
    /// the platform's documented settings are part of the result
    PlatformSettings = "platform-settings",
    /// the document configures no kubelet
    NoKubelet = "no-kubelet",
    /// the Kubernetes version is not supported
    UnsupportedVersion = "unsupported-version",
    /// the benchmark edition does not exist
    UnknownBenchmark = "unknown-benchmark",
    /// the input is from another platform than the edition
    OtherPlatform = "other-platform",
    /// the edition was selected from the input
    BenchmarkChosen = "benchmark-chosen",
    /// the edition has no kubelet recommendations
    NoKubeletRows = "no-kubelet-rows",
    /// the control does not exist, or not in this edition
    UnknownControl = "unknown-control",
    /// the request is not valid
    InvalidRequest = "invalid-request",
    /// the kubelet does not read the file
    IgnoredFile = "ignored-file",
    /// the kubelet reads the value and does not use it
    IgnoredValue = "ignored-value",
    /// a layer has no effect with this input
    IgnoredLayer = "ignored-layer",
    /// a file or directory could not be read
    Unreadable = "unreadable",
    /// a node did not return its configuration
    NoAnswer = "no-answer",
    /// internal error
    Internal = "internal",
    // ---- the run of the command
    /// the waiver has expired
    ExpiredWaiver = "expired-waiver",
    /// the waiver matched no finding
    UnusedWaiver = "unused-waiver",
    /// a finding of the baseline is resolved
    Mended = "mended",
}

/// The severity of a [`Diagnostic`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Weight {
    /// The input cannot be used, or the kubelet would stop.
    Error,
    /// The kubelet continues, but not as the input suggests.
    Warning,
    /// Information about how the input was read.
    Note,
}

/// An error, warning or note about the input. Boxed to keep `Result<_, Diagnostic>` small.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic(Box<DiagnosticContent>);

/// The content of a [`Diagnostic`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiagnosticContent {
    /// Its code.
    pub code: Code,
    /// Its severity.
    pub weight: Weight,
    /// What is wrong: lower-case, without a final period.
    pub message: String,
    /// What to do; may be empty.
    pub help: String,
    /// Where the problem is, if it has a place.
    pub place: Option<Place>,
}

impl Deref for Diagnostic {
    type Target = DiagnosticContent;

    fn deref(&self) -> &DiagnosticContent {
        &self.0
    }
}

impl DerefMut for Diagnostic {
    fn deref_mut(&mut self) -> &mut DiagnosticContent {
        &mut self.0
    }
}

impl Diagnostic {
    /// An error.
    pub fn error(code: Code, message: impl Into<String>) -> Self {
        Self::new(code, Weight::Error, message.into())
    }

    /// A warning.
    pub fn warning(code: Code, message: impl Into<String>) -> Self {
        Self::new(code, Weight::Warning, message.into())
    }

    /// A note.
    pub fn note(code: Code, message: impl Into<String>) -> Self {
        Self::new(code, Weight::Note, message.into())
    }

    fn new(code: Code, weight: Weight, message: String) -> Self {
        Self(Box::new(DiagnosticContent { code, weight, message, help: String::new(), place: None }))
    }

    /// Returns the diagnostic with a place.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    /// Returns the diagnostic with help.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }
}
