//! The Kubewarden policy: waPC by hand, for Kubewarden's own runtime and any other waPC host.
//!
//! # The contract
//!
//! The host calls `__guest_call(operation's length, message's length)`. The guest has it write both with
//! `wapc.__guest_request`, and answers with `__guest_response` and 1, or `__guest_error` and 0.
//!
//! | operation | message | answer |
//! | --- | --- | --- |
//! | `protocol_version` | | `"v1"` |
//! | `validate_settings` | the settings | `{"valid": ..., "message": ...}` |
//! | `validate` | `{"request": AdmissionRequest, "settings": {...}}` | `{"accepted": ..., "code": ..., "message": ..., "warnings": [...]}` |
//!
//! What is decided, and the settings, are described at [`kubelet_audit::admission`]. The objects that the
//! policy is registered for are in `metadata.json`, which the module carries as a custom section.

#![cfg_attr(
    target_arch = "wasm32",
    expect(unsafe_code, reason = "a host takes and gives addresses; nothing above this file does")
)]

use kubelet_audit::admission;

/// The answer to one operation; the error is for the host's log.
pub fn answer(operation: &[u8], message: &[u8]) -> Result<String, &'static str> {
    let text = || std::str::from_utf8(message).map_err(|_| "the message is not UTF-8");
    match operation {
        b"protocol_version" => Ok("\"v1\"".to_owned()),
        b"validate_settings" => text().map(admission::validate_settings),
        b"validate" => text().map(admission::validate),
        _ => Err("there are the operations protocol_version, validate_settings and validate"),
    }
}

/// Addresses are 32 bits wide here, and the host is there: this part exists for that machine alone.
#[cfg(target_arch = "wasm32")]
mod wapc {
    #[link(wasm_import_module = "wapc")]
    unsafe extern "C" {
        fn __guest_request(operation: *mut u8, message: *mut u8);
        fn __guest_response(text: *const u8, len: usize);
        fn __guest_error(text: *const u8, len: usize);
    }

    /// For the host to read without running anything.
    #[used]
    #[unsafe(link_section = "io.kubewarden.metadata")]
    static METADATA: [u8; include_bytes!("metadata.json").len()] = *include_bytes!("metadata.json");

    /// Hosts call it once, before anything else. There is nothing to prepare.
    #[unsafe(no_mangle)]
    extern "C" fn wapc_init() {}

    #[unsafe(no_mangle)]
    extern "C" fn __guest_call(operation_len: usize, message_len: usize) -> i32 {
        let (mut operation, mut message) = (vec![0; operation_len], vec![0; message_len]);
        // SAFETY: the host writes as many bytes to each as it has announced.
        unsafe { __guest_request(operation.as_mut_ptr(), message.as_mut_ptr()) };
        match super::answer(&operation, &message) {
            Ok(text) => {
                // SAFETY: the host copies the text before it returns.
                unsafe { __guest_response(text.as_ptr(), text.len()) };
                1
            }
            Err(text) => {
                // SAFETY: as above.
                unsafe { __guest_error(text.as_ptr(), text.len()) };
                0
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::answer;

    #[test]
    fn each_operation_has_its_answer() {
        assert_eq!(answer(b"protocol_version", b"").as_deref(), Ok("\"v1\""));
        assert_eq!(answer(b"validate_settings", b"{}").as_deref(), Ok("{\"valid\":true}"));
        assert_eq!(
            answer(b"validate", b"{\"request\":{\"object\":null}}").as_deref(),
            Ok("{\"accepted\":true}")
        );
        assert!(answer(b"validate", b"\xFF").is_err());
        assert!(answer(b"mutate", b"{}").is_err());
    }
}
