//! Bounds on what one document may cost.

/// Bounds on one document. Reaching one is an error with its own code, never a truncated reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of text. Default 1 MiB; at most [`Limits::MAX_BYTES`].
    pub bytes: usize,
    /// Nesting of objects and lists.
    pub depth: usize,
    /// Nodes of one document, alias expansions included.
    pub nodes: usize,
}

impl Limits {
    /// The most bytes a caller can ask for: 16 MiB.
    pub const MAX_BYTES: usize = 16 * 1024 * 1024;

    /// Limits for documents of up to `bytes` bytes (clamped to [`Self::MAX_BYTES`]); nodes grow with it.
    pub fn for_bytes(bytes: usize) -> Self {
        let bytes = bytes.min(Self::MAX_BYTES);
        // A node takes at least two bytes of text (`1,`), expanded aliases excepted.
        Self { bytes, depth: 100, nodes: bytes.max(64 * 1024) }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::for_bytes(1024 * 1024)
    }
}
