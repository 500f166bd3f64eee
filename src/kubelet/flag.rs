//! What a flag is.

use super::fields::FieldId;
use super::{Minors, Version};

/// The type of the value of a flag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlagKind {
    /// `strconv.ParseBool`; needs no value, and never takes the next argument as one
    Bool,
    /// `strconv.ParseInt` with base prefix, 32 bits
    Int32,
    /// the same, 64 bits
    Int64,
    /// `strconv.ParseUint` with base prefix, 64 bits
    Uint64,
    /// `time.ParseDuration`
    Duration,
    /// any string
    Str,
    /// an IP address, or an empty string
    Ip,
    /// comma list (CSV); repeats append
    StrSlice,
    /// `key=value` list; repeats add
    StrMap,
    /// `key<value` list; repeats add
    LangleMap,
    /// one `key=value`, not split at commas; repeats add
    StrMapNoSplit,
    /// `key=value` or `key` list; repeats add
    Labels,
    /// `key=bool` list; repeats add
    BoolMap,
    /// a resource quantity
    Quantity,
    /// `name:value` list, whose values are secrets
    Headers,
    /// taints
    Taints,
    /// memory reservations by NUMA node
    ReservedMemory,
    /// log level
    Level,
    /// `pattern=N` list
    Vmodule,
    /// a severity of klog, by name or number
    Severity,
    /// `file.go:line`, for klog's traces
    TraceLocation,
    /// prints the version and exits, unless it is false
    Version,
}

impl FlagKind {
    /// Whether the flag needs no value. It then never takes the next argument as one (pflag `NoOptDefVal`).
    pub const fn needs_no_value(self) -> bool {
        matches!(self, Self::Bool | Self::Version)
    }

    /// The expected value as a noun phrase, for messages.
    pub const fn expects(self) -> &'static str {
        match self {
            Self::Bool => "true or false (also 1, t, T, TRUE, True, 0, f, F, FALSE, False)",
            Self::Int32 => "an integer (int32)",
            Self::Int64 => "an integer (int64)",
            Self::Uint64 => "an integer that is not negative",
            Self::Duration => "a duration with a unit, such as 5m or 4h0m0s",
            Self::Str => "a string",
            Self::Ip => "an IP address",
            Self::StrSlice => "a comma-separated list",
            Self::StrMap | Self::StrMapNoSplit => "key=value",
            Self::Labels => "a comma-separated list of key=value",
            Self::LangleMap => "signal<quantity",
            Self::BoolMap => "a comma-separated list of name=true or name=false",
            Self::Quantity => "a quantity such as 0 or 64Ki",
            Self::Headers => "a comma-separated list of name:value",
            Self::Taints => "a comma-separated list of key=value:effect",
            Self::ReservedMemory => "a semicolon-separated list of numa:type=quantity",
            Self::Level => "an integer",
            Self::Vmodule => "a comma-separated list of pattern=number",
            Self::Severity => "INFO, WARNING, ERROR, FATAL or an integer",
            Self::TraceLocation => "file.go:line",
            Self::Version => "true, false or raw",
        }
    }
}

/// A flag.
#[derive(Debug)]
pub struct Flag {
    /// Its name without dashes.
    pub name: &'static str,
    /// The type of its value.
    pub kind: FlagKind,
    /// The minor versions that have it.
    pub minors: Minors,
    /// The field it sets.
    pub(super) field: Option<FieldId>,
    /// The minor versions that print a warning for it.
    deprecated: Option<Minors>,
}

impl Flag {
    /// A flag that sets no field.
    pub(super) const fn new(name: &'static str, kind: FlagKind, minors: Minors) -> Self {
        Self { name, kind, minors, field: None, deprecated: None }
    }

    /// The same flag, setting the field at this path.
    pub(super) const fn sets(self, path: &str) -> Self {
        Self { field: Some(FieldId::of(path)), ..self }
    }

    /// The same flag, deprecated in these versions.
    pub(super) const fn deprecated(self, minors: Minors) -> Self {
        Self { deprecated: Some(minors), ..self }
    }

    /// Whether a kubelet of this version warns that the flag is deprecated.
    pub fn is_deprecated_in(&self, version: Version) -> bool {
        self.deprecated.is_some_and(|minors| minors.contains(version))
    }

    /// The field it sets in this version.
    pub fn field(&self, version: Version) -> Option<FieldId> {
        self.field.filter(|id| id.field().exists_in(version))
    }

    /// The type of its value in a version. Up to 1.30 one flag does not split its value at commas.
    pub fn kind_in(&self, version: Version) -> FlagKind {
        if self.name == "topology-manager-policy-options" && !version.at_least(31) {
            return FlagKind::StrMapNoSplit;
        }
        self.kind
    }

    /// Whether this version has the flag.
    pub const fn exists_in(&self, version: Version) -> bool {
        self.minors.contains(version)
    }
}
