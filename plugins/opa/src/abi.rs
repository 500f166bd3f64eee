//! The exports, as the ABI names them.
//!
//! A value is the text of a JSON document: parsing checks and copies, dumping copies. Source:
//! <https://www.openpolicyagent.org/docs/wasm>, and `wasm/src/{context,json,value,malloc}.c` of OPA.

#![expect(unsafe_code, reason = "a host passes addresses; nothing above this file does")]

use std::alloc::{Layout, alloc};

use crate::document::{PathError, from_go, put, read, remove};
use crate::entrypoint::{ENTRYPOINTS, result};
use crate::heap;

/// A value: a JSON document.
#[repr(C)]
#[derive(Clone, Copy)]
struct Value {
    text: *const u8,
    len: usize,
}

// SAFETY: there is one thread; the only statics of this type are constant.
unsafe impl Sync for Value {}

impl Value {
    const fn of(text: &'static str) -> Self {
        Self { text: text.as_ptr(), len: text.len() }
    }

    /// A value that stays until the host lowers the heap pointer.
    fn new(text: &str) -> *mut Self {
        let copy: &'static mut str = Box::leak(text.into());
        Box::into_raw(Box::new(Self { text: copy.as_ptr(), len: copy.len() }))
    }
}

/// What an evaluation is about.
#[repr(C)]
struct Context {
    input: *const Value,
    data: *const Value,
    entrypoint: usize,
    result: *const Value,
}

#[link(wasm_import_module = "env")]
unsafe extern "C" {
    /// Ends the call with a message that the host shows. NUL ends the message.
    fn opa_abort(message: *const u8);
}

/// Ends the call.
fn abort(message: &'static core::ffi::CStr) -> ! {
    // SAFETY: a constant that ends with NUL.
    unsafe { opa_abort(message.as_ptr().cast()) };
    // The host does not come back from it.
    core::arch::wasm32::unreachable()
}

/// The text of a value; `null` for none.
///
/// # Safety
///
/// `value` is null or came from this module, and the heap pointer was not lowered below it since.
unsafe fn text<'a>(value: *const Value) -> Option<&'a str> {
    // SAFETY: the caller's promise.
    let value = unsafe { value.as_ref() }?;
    // SAFETY: as above; texts of values are UTF-8, for they come from `str`.
    Some(unsafe { std::str::from_utf8_unchecked(std::slice::from_raw_parts(value.text, value.len)) })
}

/// Bytes that the host has written, if they lie inside the memory. Some hosts count the NUL behind a
/// text as part of it.
///
/// # Safety
///
/// Nothing writes to them while they are in use.
unsafe fn written<'a>(start: *const u8, len: usize) -> Option<&'a str> {
    if start.is_null() || (start as usize).checked_add(len)? > heap::memory_bytes() {
        return None;
    }
    // SAFETY: not null, inside the memory, every byte of which is initialised.
    let bytes = unsafe { std::slice::from_raw_parts(start, len) };
    Some(std::str::from_utf8(bytes).ok()?.trim_end_matches('\0'))
}

/// A copy with a NUL behind it.
fn c_string(text: &str) -> *const u8 {
    let mut bytes = Vec::with_capacity(text.len() + 1);
    bytes.extend_from_slice(text.as_bytes());
    bytes.push(0);
    bytes.leak().as_ptr()
}

/// The entrypoints' numbers by name.
#[unsafe(no_mangle)]
extern "C" fn entrypoints() -> *const Value {
    static ALL: Value = Value::of(
        r#"{"kubelet_audit/report":0,"kubelet_audit/allow":1,"kubelet_audit/deny":2,"kubelet_audit/findings":3}"#,
    );
    &ALL
}

/// The functions that the host must have: none.
#[unsafe(no_mangle)]
extern "C" fn builtins() -> *const Value {
    static NONE: Value = Value::of("{}");
    &NONE
}

/// Memory for the host to write to.
#[unsafe(no_mangle)]
extern "C" fn opa_malloc(len: usize) -> *mut u8 {
    let Ok(layout) = Layout::from_size_align(len.max(1), 8) else { return std::ptr::null_mut() };
    // SAFETY: the layout is not of size zero.
    unsafe { alloc(layout) }
}

/// Nothing: memory comes back with the heap pointer.
#[unsafe(no_mangle)]
extern "C" fn opa_free(_: *mut u8) {}

/// Nothing: memory comes back with the heap pointer.
#[unsafe(no_mangle)]
extern "C" fn opa_value_free(_: *const Value) {}

/// The value of a JSON text, or 0 where it is none.
///
/// # Safety
///
/// Nothing writes to these bytes during the call.
#[unsafe(no_mangle)]
unsafe extern "C" fn opa_json_parse(start: *const u8, len: usize) -> *const Value {
    // SAFETY: the caller's promise.
    match unsafe { written(start, len) } {
        Some(text) if read(text).is_some() => Value::new(text),
        _ => std::ptr::null(),
    }
}

/// The value of a Rego term, as far as JSON has it, or 0 where it has not.
///
/// # Safety
///
/// Nothing writes to these bytes during the call.
#[unsafe(no_mangle)]
unsafe extern "C" fn opa_value_parse(start: *const u8, len: usize) -> *const Value {
    // SAFETY: the caller's promise.
    match unsafe { written(start, len) } {
        Some(text) if read(text).is_some() => Value::new(text),
        Some(text) => from_go(text).map_or(std::ptr::null(), |text| Value::new(&text).cast_const()),
        None => std::ptr::null(),
    }
}

/// The text of a value, with a NUL behind it.
///
/// # Safety
///
/// `value` is null or a value of this module that was not given back.
#[unsafe(no_mangle)]
unsafe extern "C" fn opa_json_dump(value: *const Value) -> *const u8 {
    // SAFETY: the caller's promise.
    c_string(unsafe { text(value) }.unwrap_or("null"))
}

/// The text of a value, which is a Rego term too.
///
/// # Safety
///
/// As [`opa_json_dump`].
#[unsafe(no_mangle)]
unsafe extern "C" fn opa_value_dump(value: *const Value) -> *const u8 {
    // SAFETY: the caller's promise.
    unsafe { opa_json_dump(value) }
}

/// The heap pointer.
#[unsafe(no_mangle)]
extern "C" fn opa_heap_ptr_get() -> usize {
    heap::top()
}

/// Sets the heap pointer: all above it is given back.
#[unsafe(no_mangle)]
extern "C" fn opa_heap_ptr_set(top: usize) {
    heap::set_top(top);
}

/// Nothing: there are no free blocks to be put aside.
#[unsafe(no_mangle)]
extern "C" fn opa_heap_blocks_stash() {}

/// Nothing: there are no free blocks to be put back.
#[unsafe(no_mangle)]
extern "C" fn opa_heap_blocks_restore() {}

/// Nothing: there are no free blocks to be forgotten.
#[unsafe(no_mangle)]
extern "C" fn opa_heap_stash_clear() {}

/// Changes a value; 0, or the number of what is wrong, and then nothing was changed.
///
/// # Safety
///
/// `base` is null or a value of this module that was not given back.
unsafe fn change(base: *mut Value, change: impl FnOnce(&str) -> Result<String, PathError>) -> i32 {
    // SAFETY: the caller's promise.
    let changed = match unsafe { text(base) } {
        Some(base) => change(base),
        None => Err(PathError::Type),
    };
    match changed {
        Ok(text) => {
            let text: &'static str = String::leak(text);
            // SAFETY: not null, or there would have been no text.
            unsafe { *base = Value { text: text.as_ptr(), len: text.len() } };
            0
        }
        Err(error) => error as i32,
    }
}

/// Puts a value into another.
///
/// # Safety
///
/// All three are null or values of this module that were not given back.
#[unsafe(no_mangle)]
unsafe extern "C" fn opa_value_add_path(base: *mut Value, path: *const Value, value: *const Value) -> i32 {
    // SAFETY: the caller's promise.
    let (path, value) = unsafe { (text(path), text(value)) };
    // SAFETY: the caller's promise.
    unsafe { change(base, |base| put(base, path.unwrap_or("null"), value.unwrap_or("null"))) }
}

/// Removes a value from another.
///
/// # Safety
///
/// Both are null or values of this module that were not given back.
#[unsafe(no_mangle)]
unsafe extern "C" fn opa_value_remove_path(base: *mut Value, path: *const Value) -> i32 {
    // SAFETY: the caller's promise.
    let path = unsafe { text(path) };
    // SAFETY: the caller's promise.
    unsafe { change(base, |base| remove(base, path.unwrap_or("null"))) }
}

/// A new evaluation.
#[unsafe(no_mangle)]
extern "C" fn opa_eval_ctx_new() -> *mut Context {
    let none = std::ptr::null();
    Box::into_raw(Box::new(Context { input: none, data: none, entrypoint: 0, result: none }))
}

/// Its input.
///
/// # Safety
///
/// `context` came from [`opa_eval_ctx_new`] and was not given back; likewise in the functions below.
#[unsafe(no_mangle)]
unsafe extern "C" fn opa_eval_ctx_set_input(context: *mut Context, input: *const Value) {
    // SAFETY: the caller's promise.
    unsafe { (*context).input = input };
}

/// Its data document.
///
/// # Safety
///
/// As [`opa_eval_ctx_set_input`].
#[unsafe(no_mangle)]
unsafe extern "C" fn opa_eval_ctx_set_data(context: *mut Context, data: *const Value) {
    // SAFETY: the caller's promise.
    unsafe { (*context).data = data };
}

/// Its entrypoint.
///
/// # Safety
///
/// As [`opa_eval_ctx_set_input`].
#[unsafe(no_mangle)]
unsafe extern "C" fn opa_eval_ctx_set_entrypoint(context: *mut Context, entrypoint: usize) {
    // SAFETY: the caller's promise.
    unsafe { (*context).entrypoint = entrypoint };
}

/// What came of it: a list that holds the result.
///
/// # Safety
///
/// As [`opa_eval_ctx_set_input`].
#[unsafe(no_mangle)]
unsafe extern "C" fn opa_eval_ctx_get_result(context: *const Context) -> *const Value {
    // SAFETY: the caller's promise.
    unsafe { (*context).result }
}

/// The result of an entrypoint between `before` and `after`.
fn answer(entrypoint: usize, input: &str, data: Option<&str>, (before, after): (&str, &str)) -> String {
    let Some((_, entrypoint)) = ENTRYPOINTS.get(entrypoint) else {
        abort(c"there is no such entrypoint: 0 is the report, 1 allow, 2 deny, 3 findings")
    };
    [before, &result(*entrypoint, input, data), after].concat()
}

const JSON: (&str, &str) = (r#"[{"result":"#, "}]");
const REGO: (&str, &str) = (r#"{{"result":"#, "}}");

/// Evaluates.
///
/// # Safety
///
/// As [`opa_eval_ctx_set_input`]; its values were not given back.
#[unsafe(no_mangle)]
unsafe extern "C" fn eval(context: *mut Context) -> i32 {
    // SAFETY: the caller's promise.
    let context = unsafe { &mut *context };
    // SAFETY: the caller's promise.
    let (input, data) = unsafe { (text(context.input), text(context.data)) };
    context.result = Value::new(&answer(context.entrypoint, input.unwrap_or("null"), data, JSON));
    0
}

/// Evaluates in one call. The host has written the input itself, below `heap`.
///
/// # Safety
///
/// Nothing writes to the input during the call; `data` is null or a value that was not given back.
#[unsafe(no_mangle)]
unsafe extern "C" fn opa_eval(
    _reserved: usize,
    entrypoint: usize,
    data: *const Value,
    input: *const u8,
    len: usize,
    heap: usize,
    format: i32,
) -> *const u8 {
    heap::set_top(heap);
    let input = match len {
        0 => "null",
        // SAFETY: the caller's promise.
        _ => match unsafe { written(input, len) } {
            Some(text) => text,
            None => abort(c"the input is not UTF-8 inside the memory"),
        },
    };
    let from_go = if read(input).is_none() { from_go(input) } else { None };
    // SAFETY: the caller's promise.
    let data = unsafe { text(data) };
    let around = if format == 0 { JSON } else { REGO };
    c_string(&answer(entrypoint, from_go.as_deref().unwrap_or(input), data, around))
}
