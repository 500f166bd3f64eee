//! What the npm package's library calls. The functions are for its own wrapper (`js/src/core.js`), which
//! checks what it passes on and brings the answers into the form that its users see.
//!
//! Requests come and reports leave as JSON text: JavaScript reads and writes it faster than calls from here
//! would, member by member.

#![expect(unreachable_pub, reason = "the generator exports public functions alone, wherever they are")]

use serde::de::DeserializeSeed as _;
use wasm_bindgen::prelude::*;

use super::js_object::JsonText;
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

/// Audits a request that is an object, its config already parsed.
#[wasm_bindgen(js_name = auditObject)]
pub fn audit_object(request: JsValue) -> Result<String, JsValue> {
    let mut text = String::new();
    JsonText(&mut text).deserialize(serde_wasm_bindgen::Deserializer::from(request))?;
    Ok(crate::audit_json(&text))
}

/// Makes the fixes of a report, which is JSON text as the options are, in the text of its config.
#[wasm_bindgen(js_name = applyFixesJson)]
pub fn apply_fixes_json(text: &str, report: &str, options: &str) -> String {
    crate::fix::apply_fixes_json(text, report, options)
}
