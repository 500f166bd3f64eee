//! What the npm package's library calls. The functions are for its own wrapper (`js/src/core.js`), which
//! checks what it passes on and brings the answers into the form that its users see.
//!
//! Requests come and reports leave as JSON text: JavaScript writes and reads it faster than calls across
//! the border would take objects apart and put them together.

#![expect(unreachable_pub, reason = "the generator exports public functions alone, wherever they are")]

use wasm_bindgen::prelude::*;

use crate::request::{ConfigInput, Request};

/// Audits a config that is text, and no more.
#[wasm_bindgen(js_name = auditText)]
pub fn audit_text(config: &str) -> String {
    let request = Request { config: Some(ConfigInput::Text(config.to_owned())), ..Request::default() };
    crate::render::json::render(&crate::audit(&request))
}

/// Audits a request that is JSON text.
#[wasm_bindgen(js_name = auditJson)]
pub fn audit_json(request: &str) -> String {
    crate::audit_json(request)
}
