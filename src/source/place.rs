//! Where a value stands in the input.

/// A range of bytes in one source: 0-based, end exclusive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Span {
    /// The first byte.
    pub start: u32,
    /// The byte after the last one.
    pub end: u32,
}

impl Span {
    /// The span from `start` to `end`. Offsets past 4 GiB saturate; texts are limited to 16 MiB.
    pub fn new(start: usize, end: usize) -> Self {
        let clamp = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self { start: clamp(start), end: clamp(end) }
    }

    /// The empty span at `offset`.
    pub fn at(offset: usize) -> Self {
        Self::new(offset, offset)
    }

    /// The text under the span, or `""` if the span does not lie on character boundaries of `text`.
    pub fn slice(self, text: &str) -> &str {
        text.get(self.start as usize..self.end as usize).unwrap_or("")
    }
}

/// One text of an audit: an index into [`Sources`](super::Sources).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SourceId(pub u32);

impl SourceId {
    /// The position in lists that run parallel to the sources of an audit.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// What set a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ValueSource {
    /// A text of the audit.
    Text(SourceId),
    /// A default of the kubelet.
    Default,
    /// A setting that the platform is documented to make: kubeadm, Talos, EKS and others.
    Platform,
    /// The kubelet itself, which sets the paths of its self-signed certificate at startup.
    Generated,
}

/// Where a value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    /// What set the value.
    pub source: ValueSource,
    /// The bytes of the value; empty unless a text set it.
    pub span: Span,
}

impl Place {
    /// The place of a kubelet default.
    pub const DEFAULT: Self = Self { source: ValueSource::Default, span: Span { start: 0, end: 0 } };
    /// The place of a value that the kubelet sets itself at startup.
    pub const GENERATED: Self = Self { source: ValueSource::Generated, span: Span { start: 0, end: 0 } };

    /// The place of a value that the platform sets.
    pub const PLATFORM: Self = Self { source: ValueSource::Platform, span: Span { start: 0, end: 0 } };

    /// A place in a text.
    pub fn new(source: SourceId, span: Span) -> Self {
        Self { source: ValueSource::Text(source), span }
    }

    /// Another place in the same source.
    #[must_use]
    pub fn with_span(self, span: Span) -> Self {
        Self { span, ..self }
    }

    /// The source that the place lies in; `None` for values that no text sets.
    pub const fn source_id(self) -> Option<SourceId> {
        match self.source {
            ValueSource::Text(id) => Some(id),
            ValueSource::Default | ValueSource::Platform | ValueSource::Generated => None,
        }
    }
}
