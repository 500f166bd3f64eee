//! The raw module: no imports, a small memory ABI, for any WebAssembly runtime.
//!
//! # The ABI, version 1
//!
//! | export | |
//! | --- | --- |
//! | `memory` | the linear memory |
//! | `kubelet_audit_abi_version() -> i32` | `1` |
//! | `kubelet_audit_alloc(len: i32) -> i32` | `len` zeroed bytes for the caller to write to; 0 where `len` is 0 or memory is short |
//! | `kubelet_audit_evaluate(ptr: i32, len: i32) -> i64` | audits; the report's place, `ptr << 32 \| len`, both unsigned |
//! | `kubelet_audit_free(ptr: i32, len: i32)` | gives back what `alloc` or `evaluate` handed out, with the same `len` |
//!
//! `evaluate` takes JSON in UTF-8: a string is the text of a config, an object a request (its schema is
//! `schema/request-2.json`). It answers with the report as compact JSON in UTF-8
//! (`schema/report-2.json`). What is wrong with an input is part of the report. An option that names a benchmark,
//! control, level or Kubernetes version that does not exist has no report: the answer is
//! `{"error": {"code", "option", "message", "help"}}`. An answer of 0 means only that `ptr` and `len` do not lie
//! inside the memory, a mistake of the host.
//!
//! The caller owns both the request and the report and frees both. Nothing is kept between calls. A
//! `len` of 0 is an empty request, whatever `ptr` is. JavaScript sees `evaluate`'s answer as a signed
//! BigInt: `BigInt.asUintN(64, answer)`.
//!
//! `__data_end` and `__heap_base` are exported too, by the toolchain; they mean nothing to a host.
//!
//! The same file also holds user-defined functions of ClickHouse, with four exports of their own; see
//! the module `clickhouse`.
//!
//! A trap (out of fuel, out of memory) leaves the instance unusable: make a new one, it is cheap.

mod clickhouse;

pub use clickhouse::{block, findings, report};

use kubelet_audit::report::{Issue, IssueSeverity, Location, OptionError, Point, Range, Report, Target};

/// The version of the ABI.
pub const ABI_VERSION: i32 = 1;

/// The answer to one request.
pub fn answer(request: &[u8]) -> String {
    match std::str::from_utf8(request) {
        Ok(text) => kubelet_audit::audit_json(text).unwrap_or_else(|error| error_text(&error)),
        Err(error) => kubelet_audit::render::json::render(&not_utf8_report(request, &error)),
    }
}

/// What stands in place of a report if an option cannot be used: `{"error": {...}}`.
fn error_text(error: &OptionError) -> String {
    error.to_json().to_string()
}

/// The report for a request that is not text. The other hosts have strings, so that this is theirs to
/// refuse; here it is ours.
fn not_utf8_report(bytes: &[u8], error: &std::str::Utf8Error) -> Report {
    let valid = String::from_utf8_lossy(bytes.get(..error.valid_up_to()).unwrap_or_default());
    let line = valid.rsplit('\n').next().unwrap_or_default();
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let start = Point {
        offset: number(valid.len()),
        line: number(valid.split('\n').count()),
        column: number(line.encode_utf16().count().saturating_add(1)),
    };
    let end = Point {
        offset: start.offset.saturating_add(1),
        line: start.line,
        column: start.column.saturating_add(1),
    };
    let error = Issue {
        code: "invalid-utf8".to_owned(),
        severity: IssueSeverity::Error,
        message: "the request is not UTF-8".to_owned(),
        help: "pass the request as JSON in UTF-8".to_owned(),
        location: Some(Location { source: "request".to_owned(), range: Some(Range { start, end }) }),
    };
    kubelet_audit::report_of(vec![Target {
        source: "request".to_owned(),
        node: None,
        object: None,
        kubelet: None,
        findings: Vec::new(),
        errors: vec![error],
    }])
}

/// Addresses are 32 bits wide here, so this part exists for that machine alone.
#[cfg(target_arch = "wasm32")]
mod abi {
    #![expect(unsafe_code, reason = "a host passes addresses; nothing above this module does")]

    use std::collections::BTreeMap;
    use std::sync::{Mutex, MutexGuard, PoisonError};

    const PAGE: u64 = 64 * 1024;

    /// The memory that the host has, by address. Only this is taken back, with the length it had: any other
    /// `free` does nothing.
    static BLOCKS: Mutex<BTreeMap<usize, Box<[u8]>>> = Mutex::new(BTreeMap::new());

    fn blocks() -> MutexGuard<'static, BTreeMap<usize, Box<[u8]>>> {
        BLOCKS.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the address and the length of bytes that the host owns from now on.
    fn hand_out(bytes: Vec<u8>) -> (usize, usize) {
        let bytes = bytes.into_boxed_slice();
        let place = (bytes.as_ptr() as usize, bytes.len());
        blocks().insert(place.0, bytes);
        place
    }

    /// Which ABI this is.
    #[unsafe(no_mangle)]
    extern "C" fn kubelet_audit_abi_version() -> i32 {
        super::ABI_VERSION
    }

    /// Memory for the caller to write to; 0 if `len` is 0 or memory is short.
    #[unsafe(no_mangle)]
    extern "C" fn kubelet_audit_alloc(len: usize) -> usize {
        let mut bytes = Vec::new();
        if len == 0 || bytes.try_reserve_exact(len).is_err() {
            return 0;
        }
        bytes.resize(len, 0);
        hand_out(bytes).0
    }

    /// Takes memory back.
    #[unsafe(no_mangle)]
    extern "C" fn kubelet_audit_free(ptr: usize, len: usize) {
        let mut blocks = blocks();
        if blocks.get(&ptr).is_some_and(|block| block.len() == len) {
            blocks.remove(&ptr);
        }
    }

    /// Audits the request at `ptr`.
    ///
    /// # Safety
    ///
    /// Nothing writes to these bytes during the call.
    #[unsafe(no_mangle)]
    unsafe extern "C" fn kubelet_audit_evaluate(ptr: *const u8, len: usize) -> u64 {
        let memory = core::arch::wasm32::memory_size(0) as u64 * PAGE;
        let request: &[u8] = if len == 0 {
            &[]
        } else if ptr.is_null() || ptr as u64 + len as u64 > memory {
            return 0;
        } else {
            // SAFETY: not null, inside the memory, of an alignment of one, and every byte of linear
            // memory is initialised; that nothing writes to it is the caller's promise.
            unsafe { std::slice::from_raw_parts(ptr, len) }
        };
        let (ptr, len) = hand_out(super::answer(request).into_bytes());
        (ptr as u64) << 32 | len as u64
    }
}

#[cfg(test)]
mod tests {
    use super::answer;

    #[test]
    fn bytes_that_are_not_text_are_an_error_with_a_position() {
        let report: serde_json::Value =
            serde_json::from_str(&answer(b"{\"config\":\n\"\xC3\xA9\xF0\x9F\x98\x80\xFF\"}")).unwrap();
        let error = &report["targets"][0]["errors"][0];
        assert_eq!(error["code"], "invalid-utf8");
        assert_eq!(
            error["location"]["range"]["start"],
            serde_json::json!({"offset": 18, "line": 2, "column": 5})
        );
        assert_eq!(report["summary"]["unreadable"], 1);
    }
}
