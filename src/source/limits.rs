//! Bounds on what one document may cost.

/// Bounds on one document. Reaching one is an error with its own code, never a truncated reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of text. Default [`Limits::DEFAULT_BYTES`]; at most [`Limits::MAX_BYTES`].
    pub bytes: usize,
    /// Nesting of objects and lists.
    pub depth: usize,
    /// Nodes of one document, alias expansions included.
    pub nodes: usize,
}

impl Limits {
    /// Bytes of a document unless the caller asks for another limit: 1 MiB.
    pub const DEFAULT_BYTES: usize = 1024 * 1024;
    /// The most bytes a caller can ask for: 16 MiB.
    pub const MAX_BYTES: usize = 16 * 1024 * 1024;
    /// The deepest nesting that is read whatever the limits are. Trees are dropped recursively, and the
    /// stack of a WebAssembly module is small.
    pub(super) const MAX_DEPTH: usize = 256;
    /// Levels of nesting.
    const DEPTH: usize = 100;
    /// Nodes of a document whose limit in bytes is smaller than that.
    const MIN_NODES: usize = 64 * 1024;

    /// Limits for documents of up to `bytes` bytes (clamped to [`Self::MAX_BYTES`]); nodes grow with it.
    pub fn for_bytes(bytes: usize) -> Self {
        let bytes = bytes.min(Self::MAX_BYTES);
        // A node takes at least two bytes of text (`1,`), expanded aliases excepted.
        Self { bytes, depth: Self::DEPTH, nodes: bytes.max(Self::MIN_NODES) }
    }

    /// The number of levels of objects and lists that are read.
    pub(super) fn levels(&self) -> usize {
        self.depth.min(Self::MAX_DEPTH)
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::for_bytes(Self::DEFAULT_BYTES)
    }
}
