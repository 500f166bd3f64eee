//! A bound on memory that says how much of it is used.

use wasmtime::{ResourceLimiter, Result};

use crate::raw::MEMORY;

/// Lets a memory grow to [`MEMORY`], and keeps its size.
#[derive(Clone, Copy, Debug, Default)]
pub struct Bounded {
    /// Bytes of the largest memory.
    pub bytes: usize,
}

impl ResourceLimiter for Bounded {
    fn memory_growing(&mut self, _: usize, desired: usize, _: Option<usize>) -> Result<bool> {
        let is_allowed = desired <= MEMORY;
        if is_allowed {
            self.bytes = self.bytes.max(desired);
        }
        Ok(is_allowed)
    }

    fn table_growing(&mut self, _: usize, _: usize, _: Option<usize>) -> Result<bool> {
        Ok(true)
    }
}
