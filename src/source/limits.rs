//! Limits on the size of one document.

/// Limits on one document. Exceeding one is an error with its own code; a document is never truncated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Maximum bytes of text. Default [`Limits::DEFAULT_BYTES`]; at most [`Limits::MAX_BYTES`].
    pub bytes: usize,
    /// Maximum nesting of objects and lists.
    pub depth: usize,
    /// Maximum number of nodes, including the expansions of aliases.
    pub nodes: usize,
}

impl Limits {
    /// The default limit on the bytes of a document: 1 MiB.
    pub const DEFAULT_BYTES: usize = 1024 * 1024;
    /// The largest limit on the bytes of a document: 16 MiB.
    pub const MAX_BYTES: usize = 16 * 1024 * 1024;
    /// The deepest nesting that is read whatever the limits are. Trees are dropped recursively, and the
    /// stack of a WebAssembly module is small.
    pub(super) const MAX_DEPTH: usize = 256;
    /// The limit on nesting.
    const DEPTH: usize = 100;
    /// The smallest limit on nodes.
    const MIN_NODES: usize = 64 * 1024;

    /// Limits for documents of up to `bytes` bytes, at most [`Self::MAX_BYTES`]. The limit on nodes grows with
    /// them.
    pub fn for_bytes(bytes: usize) -> Self {
        let bytes = bytes.min(Self::MAX_BYTES);
        // A node has at least two bytes of text (`1,`), unless it is the expansion of an alias.
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
