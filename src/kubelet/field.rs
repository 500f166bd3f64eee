//! What a field of KubeletConfiguration is.

use super::{Minors, Version};

/// The type of a field. For `Ptr` kinds, absent differs from zero; for the others, zero means absent.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// `bool`
    Bool,
    /// `*bool`
    PtrBool,
    /// `int32`
    Int32,
    /// `*int32`
    PtrInt32,
    /// `int64`
    Int64,
    /// `*int64`
    PtrInt64,
    /// `uint32`
    Uint32,
    /// `string`
    Str,
    /// `*string`
    PtrStr,
    /// `metav1.Duration`: a string; `null` is rejected
    Duration,
    /// `*metav1.Duration`
    PtrDuration,
    /// component-base `TimeOrMetaDuration`: a duration string, or a number of nanoseconds
    TimeOrDuration,
    /// `[]string`
    StrList,
    /// `[]int32`
    Int32List,
    /// `map[string]string`
    StrMap,
    /// `map[string]bool`
    BoolMap,
    /// `map[string][]string`
    StrListMap,
    /// `*float64`
    PtrFloat64,
    /// `resource.QuantityValue`
    Quantity,
    /// A list of objects of this type.
    Objects(Shape),
}

/// The type of the objects in a list.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// `MemoryReservation`
    ReservedMemory,
    /// `ShutdownGracePeriodByPodPriority`
    ShutdownByPriority,
    /// `v1.Taint`
    Taint,
    /// component-base `VModuleItem`
    Vmodule,
}

impl Shape {
    /// The members of such an object.
    pub const fn members(self) -> &'static [(&'static str, Item)] {
        match self {
            Self::ReservedMemory => &[("numaNode", Item::Plain(Kind::Int32)), ("limits", Item::Resources)],
            Self::ShutdownByPriority => &[
                ("priority", Item::Plain(Kind::Int32)),
                ("shutdownGracePeriodSeconds", Item::Plain(Kind::Int64)),
            ],
            Self::Taint => &[
                ("key", Item::Plain(Kind::Str)),
                ("value", Item::Plain(Kind::Str)),
                ("effect", Item::Plain(Kind::Str)),
                ("timeAdded", Item::Time),
            ],
            Self::Vmodule => {
                &[("filePattern", Item::Plain(Kind::Str)), ("verbosity", Item::Plain(Kind::Uint32))]
            }
        }
    }
}

/// The type of a member of an object in a list.
#[derive(Clone, Copy, Debug)]
pub enum Item {
    /// A type of fields.
    Plain(Kind),
    /// `v1.ResourceList`: quantities by name.
    Resources,
    /// `*metav1.Time`
    Time,
}

impl Kind {
    /// Whether absent differs from zero: a Go pointer.
    pub const fn is_pointer(self) -> bool {
        matches!(
            self,
            Self::PtrBool
                | Self::PtrInt32
                | Self::PtrInt64
                | Self::PtrStr
                | Self::PtrDuration
                | Self::PtrFloat64
        )
    }

    /// The expected value as a noun phrase, for messages.
    pub const fn expects(self) -> &'static str {
        match self {
            Self::Bool | Self::PtrBool => "true or false",
            Self::Int32 | Self::PtrInt32 => "an integer (int32)",
            Self::Int64 | Self::PtrInt64 => "an integer (int64)",
            Self::Uint32 => "an integer from 0 to 4294967295",
            Self::Str | Self::PtrStr => "a string",
            Self::Duration | Self::PtrDuration => "a duration string such as 4h0m0s",
            Self::TimeOrDuration => "a duration string, or a number of nanoseconds",
            Self::StrList => "a list of strings",
            Self::Int32List => "a list of integers (int32)",
            Self::StrMap => "an object with string values",
            Self::BoolMap => "an object whose values are true or false",
            Self::StrListMap => "an object whose values are lists of strings",
            Self::PtrFloat64 => "a number",
            Self::Quantity => "a quantity such as 0 or 64Ki",
            Self::Objects(_) => "a list of objects",
        }
    }
}

/// The default of a field.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum DefaultValue {
    /// No default: the zero value, or absent for a pointer.
    Zero,
    /// A boolean.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A number.
    Float(f64),
    /// A duration in nanoseconds.
    Nanos(i64),
    /// A string.
    Str(&'static str),
    /// Strings.
    List(&'static [&'static str]),
    /// Strings by key, sorted.
    Map(&'static [(&'static str, &'static str)]),
}

/// A field with a value. Its path names the objects around it.
#[derive(Debug)]
pub struct Field {
    /// Its path in v1beta1, such as `authentication.anonymous.enabled`.
    pub path: &'static str,
    /// Its type.
    pub kind: Kind,
    /// Whether `/configz` omits it if it is zero.
    pub omit_zero: bool,
    /// The minor versions that have it.
    pub minors: Minors,
    /// Its default with a config file, in the newest version.
    pub(super) default: DefaultValue,
    /// Other defaults, each up to and including a minor version, newest first.
    pub(super) earlier: &'static [(u8, DefaultValue)],
}

impl Field {
    /// Whether this version has the field.
    pub const fn exists_in(&self, version: Version) -> bool {
        self.minors.contains(version)
    }

    /// The default in this version.
    pub(super) fn default_in(&self, version: Version) -> DefaultValue {
        let earlier = self.earlier.iter().rev().find(|(last, _)| version.minor() <= *last);
        earlier.map_or(self.default, |(_, default)| *default)
    }
}

/// Whether an object is a Go struct or a pointer. For a pointer, absent differs from empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObjectKind {
    /// A struct, which always exists.
    Plain,
    /// A pointer to a struct.
    Pointer,
}
