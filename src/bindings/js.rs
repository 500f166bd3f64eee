//! What the npm package's library calls. The functions are for its own wrapper (`js/src/core.js`), which
//! checks what it passes on and brings the answers into the form that its users see.
//!
//! Reports leave as JSON text: `JSON.parse` builds the objects faster than calls from here would.

#![expect(unreachable_pub, reason = "the generator exports public functions alone, wherever they are")]

use serde_json::Value;
use wasm_bindgen::prelude::*;

/// Audits a config that is text, and no more.
#[wasm_bindgen(js_name = auditText)]
pub fn audit_text(config: &str) -> String {
    to_json(Value::String(config.to_owned()))
}

/// Audits a request that is JSON text.
#[wasm_bindgen(js_name = auditJson)]
pub fn audit_json(request: &str) -> String {
    crate::audit_json(request)
}

/// Audits a request that is an object, its config already parsed.
#[wasm_bindgen(js_name = auditObject)]
pub fn audit_object(request: JsValue) -> Result<String, JsValue> {
    serde_wasm_bindgen::from_value(request).map(to_json).map_err(JsValue::from)
}

fn to_json(request: Value) -> String {
    // The report is made of strings, numbers and lists: there is nothing in it that cannot be written.
    serde_json::to_string(&crate::audit_value(request)).unwrap_or_default()
}

/// Makes the fixes of a report, which is JSON text as the options are, in the text of its config.
#[wasm_bindgen(js_name = applyFixesJson)]
pub fn apply_fixes_json(text: &str, report: &str, options: &str) -> String {
    crate::fix::apply_fixes_json(text, report, options)
}
