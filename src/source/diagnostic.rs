//! One shape for everything that can be wrong with an input.

use std::ops::{Deref, DerefMut};

use crate::source::Place;

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident = $text:literal,)+) => {
        /// What kind of trouble a [`Diagnostic`] tells of. The text form is stable.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Code { $($(#[doc = $doc])+ $name,)+ }

        impl Code {
            /// Every code, in the order of their documentation.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The stable text form.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }

            /// One line on what the code means.
            pub const fn summary(self) -> &'static str {
                match self { $(Self::$name => concat!($($doc),+).trim_ascii(),)+ }
            }
        }
    };
}

codes! {
    // ---- reading a text
    /// the document holds nothing
    Empty = "empty",
    /// the text is larger than the limit
    TooLarge = "too-large",
    /// objects and lists are nested deeper than the limit
    TooDeep = "too-deep",
    /// the document has more values than the limit
    TooManyNodes = "too-many-nodes",
    /// aliases expand to far more than is written
    ExcessiveAliasing = "excessive-aliasing",
    /// the bytes are not valid UTF-8
    InvalidUtf8 = "invalid-utf8",
    /// the bytes are not text
    Binary = "binary",
    /// the text is not JSON, and its first character is `{`, so it is not read as YAML
    JsonSyntax = "json-syntax",
    /// the text is not YAML
    YamlSyntax = "yaml-syntax",
    /// a mapping key is of a kind the kubelet cannot turn into text
    InvalidKey = "invalid-key",
    // ---- what the document is
    /// the document is not an object
    NotAnObject = "not-an-object",
    /// apiVersion or kind is missing
    MissingKind = "missing-kind",
    /// apiVersion and kind are not those of a kubelet configuration
    WrongKind = "wrong-kind",
    // ---- decoding
    /// the value has a type or form that its field does not take
    WrongType = "wrong-type",
    /// the kubelet knows no such field and ignores it
    UnknownField = "unknown-field",
    /// a field of that name exists only in another letter case, so this one is ignored
    WrongCase = "wrong-case",
    /// the key is written more than once
    DuplicateKey = "duplicate-key",
    /// the entry stands where the kubelet does not look for it
    MisplacedKey = "misplaced-key",
    /// the field exists, but not in this version
    FieldNotInVersion = "field-not-in-version",
    // ---- command line
    /// the kubelet has no such flag
    UnknownFlag = "unknown-flag",
    /// the flag exists, but not in this version
    FlagNotInVersion = "flag-not-in-version",
    /// the flag does not take such a value
    InvalidFlagValue = "invalid-flag-value",
    /// a word stands where the kubelet takes flags only
    UnexpectedArgument = "unexpected-argument",
    /// no kubelet command line was found in the text
    NoKubeletCommand = "no-kubelet-command",
    /// a unit or environment file is not written as systemd reads it
    UnitSyntax = "unit-syntax",
    /// a variable or specifier that the text does not define
    UnresolvedVariable = "unresolved-variable",
    // ---- feature gates
    /// this kubelet knows no such feature gate
    UnknownFeatureGate = "unknown-feature-gate",
    /// the feature gate is locked to the other value
    LockedFeatureGate = "locked-feature-gate",
    /// the feature gate needs another one that is off
    FeatureGateDependency = "feature-gate-dependency",
    // ---- start
    /// the value is refused by the kubelet's validation
    Validation = "validation",
    /// the TLS settings are refused
    Tls = "tls",
    /// the authorization settings are refused
    Authorization = "authorization",
    /// the server cannot listen with this certificate pair
    Listen = "listen",
    // ---- the request
    /// a layer that takes part was not given
    IncompleteInput = "incomplete-input",
    /// positions, duplicates and spelling are not visible in an already parsed object
    ObjectInput = "object-input",
    /// the configuration is written inside a value in a way that hides where its parts stand
    InsideValue = "inside-value",
    /// the version was not given; the newest at which the input starts was taken
    VersionAssumed = "version-assumed",
    /// the answer differs in another supported version
    DiffersByVersion = "differs-by-version",
    /// the rules of this version are known from tables alone
    NotProvedByVectors = "not-proved-by-vectors",
    /// no such Kubernetes version is supported
    UnsupportedVersion = "unsupported-version",
    /// no such benchmark edition is known
    UnknownBenchmark = "unknown-benchmark",
    /// the input looks like another platform than the edition's
    OtherPlatform = "other-platform",
    /// the edition was chosen by what the input shows
    BenchmarkChosen = "benchmark-chosen",
    /// the edition has no row on the kubelet
    NoKubeletRows = "no-kubelet-rows",
    /// no such control is known, or the edition does not have it
    UnknownControl = "unknown-control",
    /// the request is not of the form it must have
    InvalidRequest = "invalid-request",
    /// the file is not read by the kubelet
    IgnoredFile = "ignored-file",
    /// a layer was given that the input makes pointless
    IgnoredLayer = "ignored-layer",
    /// a file or directory could not be read
    Unreadable = "unreadable",
    /// a node was asked for its configuration and did not answer with one
    NoAnswer = "no-answer",
    /// a mistake of this program
    Internal = "internal",
    // ---- what concerns a run of the command
    /// a waiver's last day is over, so it waives nothing
    ExpiredWaiver = "expired-waiver",
    /// a waiver covers no finding of this run
    UnusedWaiver = "unused-waiver",
    /// a finding of the baseline is gone
    Mended = "mended",
}

/// How much a [`Diagnostic`] weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Weight {
    /// The input cannot be used, or the kubelet would stop.
    Error,
    /// The kubelet goes on, but not as the text seems to ask.
    Warning,
    /// Worth knowing.
    Note,
}

/// Something wrong with, or worth knowing of, an input. In a box, for it is passed on by whoever finds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic(Box<Trouble>);

/// What a [`Diagnostic`] holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// Its kind.
    pub code: Code,
    /// Its weight.
    pub weight: Weight,
    /// What is wrong: lower-case, no full stop.
    pub message: String,
    /// What to do; may be empty.
    pub help: String,
    /// Where, if it has a place.
    pub place: Option<Place>,
}

impl Deref for Diagnostic {
    type Target = Trouble;

    fn deref(&self) -> &Trouble {
        &self.0
    }
}

impl DerefMut for Diagnostic {
    fn deref_mut(&mut self) -> &mut Trouble {
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
        Self(Box::new(Trouble { code, weight, message, help: String::new(), place: None }))
    }

    /// The same with a place.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    /// The same with help.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }
}
