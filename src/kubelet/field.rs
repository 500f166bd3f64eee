//! What a field of KubeletConfiguration is.

use super::{Minors, Version};

/// What a field takes. `Ptr` kinds tell absent from zero; of the others zero means absent.
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
    /// `metav1.Duration`: text alone; `null` is refused
    Duration,
    /// `*metav1.Duration`
    PtrDuration,
    /// component-base `TimeOrMetaDuration`: duration text, or a number of nanoseconds
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
    /// A list of objects of this shape.
    Objects(Shape),
}

/// What the objects of a list are.
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
    /// The members that such an object has; any other is unknown.
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

/// What a member of a listed object takes.
#[derive(Clone, Copy, Debug)]
pub enum Item {
    /// A plain kind.
    Plain(Kind),
    /// `v1.ResourceList`: quantities by name.
    Resources,
    /// `*metav1.Time`
    Time,
}

impl Kind {
    /// Whether absent differs from zero (a Go pointer).
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

    /// Whether the value is a length of time.
    pub const fn is_duration(self) -> bool {
        matches!(self, Self::Duration | Self::PtrDuration | Self::TimeOrDuration)
    }

    /// What to write, for messages.
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

/// A value a field has by default.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum DefaultValue {
    /// Nothing: the zero value, or absent for a pointer.
    Zero,
    /// A boolean.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number.
    Float(f64),
    /// A duration in nanoseconds.
    Nanos(i64),
    /// Text.
    Str(&'static str),
    /// Texts.
    List(&'static [&'static str]),
    /// Texts by key, sorted.
    Map(&'static [(&'static str, &'static str)]),
}

/// A field that holds a value; the objects around it are told by its path.
#[derive(Debug)]
pub struct Field {
    /// Path in v1beta1, `authentication.anonymous.enabled`.
    pub path: &'static str,
    /// What it takes.
    pub kind: Kind,
    /// False where `/configz` shows it even when it is zero.
    pub omit_zero: bool,
    /// The minors that have it.
    pub minors: Minors,
    pub(super) default: DefaultValue,
}

impl Field {
    /// Whether this minor has the field.
    pub const fn exists_in(&self, version: Version) -> bool {
        self.minors.contains(version)
    }
}

/// What an object in the configuration is: plain, or behind a pointer (then absent differs from empty).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObjectKind {
    /// A struct: always there.
    Plain,
    /// A pointer to a struct.
    Pointer,
}
