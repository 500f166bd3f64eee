//! Text to trees with spans: the only part of the crate that sees raw text.
//!
//! A [`Sources`] table owns every text of one audit (config file, drop-ins, command line). Trees
//! carry a [`Place`] (which source, which bytes) on every node; a place becomes line and column
//! once, when the report is written.

pub mod bytes;
pub mod diagnostic;
pub mod document;
pub(crate) mod go_float;
pub(crate) mod go_integer;
pub mod json;
pub mod limits;
mod line_index;
pub mod redaction;
pub mod tree;
pub mod visible;
pub mod yaml;

pub use limits::Limits;
pub use line_index::{LineIndex, Position};

/// A range of bytes in one source: 0-based, end exclusive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// The byte after the last one.
    pub end: u32,
}

impl Span {
    /// The span from `start` to `end`; offsets past 4 GiB saturate (texts are limited to 16 MiB).
    pub fn new(start: usize, end: usize) -> Self {
        let clamp = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self { start: clamp(start), end: clamp(end) }
    }

    /// The empty span at `offset`.
    pub fn at(offset: usize) -> Self {
        Self::new(offset, offset)
    }

    /// The text under the span, or `""` where the span does not lie on character boundaries of `text`.
    pub fn slice(self, text: &str) -> &str {
        text.get(self.start as usize..self.end as usize).unwrap_or("")
    }
}

/// Which text of an audit a [`Place`] lies in: an index into [`Sources`], or one of the two
/// origins that have no text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SourceId(pub u16);

impl SourceId {
    /// A default of the kubelet.
    pub const DEFAULT: Self = Self(u16::MAX);
    /// A value the kubelet puts into its configuration itself at start (the self-signed pair).
    pub const GENERATED: Self = Self(u16::MAX - 1);
}

/// Where something stands: a span in a source, or an origin without text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    /// The source, or [`SourceId::DEFAULT`], [`SourceId::GENERATED`].
    pub source: SourceId,
    /// The bytes; empty for origins without text.
    pub span: Span,
}

impl Place {
    /// A default of the kubelet.
    pub const DEFAULT: Self = Self { source: SourceId::DEFAULT, span: Span { start: 0, end: 0 } };
    /// Set by the kubelet itself at start.
    pub const GENERATED: Self = Self { source: SourceId::GENERATED, span: Span { start: 0, end: 0 } };

    /// A place in `source`.
    pub fn new(source: SourceId, span: Span) -> Self {
        Self { source, span }
    }
}

/// A layer of a kubelet's configuration, weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Layer {
    /// The file named by `--config`.
    Config,
    /// A file under `--config-dir`.
    DropIn,
    /// A flag on the command line.
    Flag,
    /// A `/configz` dump, which already holds all layers merged.
    Configz,
}

/// One text (or already parsed object) of an audit.
#[derive(Debug)]
pub struct Source<'a> {
    /// Name as the caller gave it; shown in locations.
    pub name: String,
    /// The layer it belongs to.
    pub layer: Layer,
    /// The text; for an already parsed object its canonical JSON, from which written values are cut.
    pub text: std::borrow::Cow<'a, str>,
    /// False where `text` is ours and not the caller's (object door, argv): no position is reported.
    pub has_positions: bool,
}

/// Every source of one audit.
#[derive(Debug, Default)]
pub struct Sources<'a> {
    list: Vec<Source<'a>>,
}

impl<'a> Sources<'a> {
    /// Adds a source and says under which number it is known.
    pub fn add(&mut self, source: Source<'a>) -> SourceId {
        // INVARIANT: the two highest numbers are the origins without text.
        let id = SourceId(u16::try_from(self.list.len()).unwrap_or(u16::MAX).min(u16::MAX - 2));
        self.list.push(source);
        id
    }

    /// Changes the layer of a source: what a document is shows only once it is read.
    pub fn set_layer(&mut self, id: SourceId, layer: Layer) {
        if let Some(source) = self.list.get_mut(usize::from(id.0)) {
            source.layer = layer;
        }
    }

    /// The source, or `None` for an origin without text.
    pub fn get(&self, id: SourceId) -> Option<&Source<'a>> {
        self.list.get(usize::from(id.0))
    }

    /// The text as written at `place`; empty for origins without text.
    pub fn written(&self, place: Place) -> &str {
        self.get(place.source).map_or("", |s| place.span.slice(&s.text))
    }

    /// All sources in the order they were added.
    pub fn iter(&self) -> impl Iterator<Item = (SourceId, &Source<'a>)> {
        self.list.iter().enumerate().map(|(i, s)| (SourceId(u16::try_from(i).unwrap_or(u16::MAX)), s))
    }
}
