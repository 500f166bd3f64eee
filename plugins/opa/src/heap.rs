//! The heap: a stack of blocks whose top is the ABI's heap pointer.

#![expect(unsafe_code, reason = "an allocator hands out addresses")]

use std::alloc::{GlobalAlloc, Layout};
use std::sync::atomic::{AtomicUsize, Ordering};

const PAGE: usize = 64 * 1024;

/// Where the next block starts; 0 before the first.
static TOP: AtomicUsize = AtomicUsize::new(0);

unsafe extern "C" {
    /// The linker's: where the module's data end.
    static __heap_base: u8;
}

/// The heap pointer.
pub(crate) fn top() -> usize {
    match TOP.load(Ordering::Relaxed) {
        0 => (&raw const __heap_base) as usize,
        top => top,
    }
}

/// Gives back every block above `top`, or skips what the host itself has put below it.
pub(crate) fn set_top(top: usize) {
    TOP.store(top, Ordering::Relaxed);
}

/// Bytes of memory.
pub(crate) fn memory_bytes() -> usize {
    core::arch::wasm32::memory_size(0).saturating_mul(PAGE)
}

/// Raises the heap pointer to `end`; false where the host gives no more memory.
fn raise(end: usize) -> bool {
    let missing = end.saturating_sub(memory_bytes());
    if missing > 0 && core::arch::wasm32::memory_grow(0, missing.div_ceil(PAGE)) == usize::MAX {
        return false;
    }
    set_top(end);
    true
}

/// Blocks of the stack.
struct Stack;

#[global_allocator]
static HEAP: Stack = Stack;

// SAFETY: a block starts at the top, aligned, and the top is raised behind it, so that no two overlap and
// none lies outside the memory. A block above a top that was lowered is nobody's any more: the ABI lets
// the host lower it between calls alone, and nothing in this module lives that long.
unsafe impl GlobalAlloc for Stack {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let Some(start) = top().checked_next_multiple_of(layout.align()) else { return std::ptr::null_mut() };
        match start.checked_add(layout.size()) {
            Some(end) if raise(end) => start as *mut u8,
            _ => std::ptr::null_mut(),
        }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // Blocks below others come back with the heap pointer.
        if block as usize + layout.size() == top() {
            set_top(block as usize);
        }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if block as usize + layout.size() == top() {
            return match (block as usize).checked_add(size) {
                Some(end) if raise(end) => block,
                _ => std::ptr::null_mut(),
            };
        }
        if size <= layout.size() {
            return block;
        }
        // SAFETY: the caller's promise that the layout with this size is one.
        let grown = unsafe { self.alloc(Layout::from_size_align_unchecked(size, layout.align())) };
        if !grown.is_null() {
            // SAFETY: two blocks, of which the new one is the longer.
            unsafe { std::ptr::copy_nonoverlapping(block, grown, layout.size()) };
        }
        grown
    }
}
