//! What the npm package's library calls. The functions are for its own wrapper (`js/src/core.js`), which
//! checks what it passes on and brings the answers into the form that its users see.
//!
//! Requests come and reports leave as JSON text: JavaScript reads and writes it faster than calls from here
//! would, member by member.
//!
//! These two are all that the small module has. Both of the package's modules have them, and answer them
//! alike where they answer; nothing (`undefined`) means that the full module has to be asked.

#![expect(unreachable_pub, reason = "the generator exports public functions alone, wherever they are")]

use wasm_bindgen::prelude::*;

use crate::request::{ConfigInput, Request};

/// Audits a config that is text, and no more.
#[wasm_bindgen(js_name = auditText)]
pub fn audit_text(config: &str) -> Option<String> {
    let request = Request { config: Some(ConfigInput::Text(config.to_owned())), ..Request::default() };
    #[cfg(feature = "full")]
    let answer = Some(crate::json::json_text(&crate::audit(&request)));
    #[cfg(not(feature = "full"))]
    let answer = crate::audit::answer_core(&request);
    answer
}

/// Audits a request that is JSON text.
#[wasm_bindgen(js_name = auditJson)]
pub fn audit_json(request: &str) -> Option<String> {
    #[cfg(feature = "full")]
    let answer = Some(crate::audit_json(request));
    #[cfg(not(feature = "full"))]
    let answer = crate::audit::audit_core_json(request);
    answer
}
