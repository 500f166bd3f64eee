//! What the npm package's library calls. The functions are for its own wrapper (`js/src/core.js`), which
//! checks what it passes on and brings the answers into the form that its users see.
//!
//! Requests come and reports leave as JSON text: JavaScript reads and writes it faster than calls from here
//! would, member by member.

#![expect(unreachable_pub, reason = "the generator exports public functions alone, wherever they are")]

use wasm_bindgen::prelude::*;

use crate::render::json::render;
use crate::request::{ConfigInput, Request};

/// Audits a config that is text, and no more.
#[wasm_bindgen(js_name = auditText)]
pub fn audit_text(config: String) -> String {
    render(&crate::audit(&Request { config: Some(ConfigInput::Text(config)), ..Request::default() }))
}

/// Audits a request that is JSON text.
#[wasm_bindgen(js_name = auditJson)]
pub fn audit_json(request: &str) -> String {
    crate::audit_json(request)
}
