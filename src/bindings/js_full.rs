//! What the full one of the npm package's modules has besides the small one's functions.

#![expect(unreachable_pub, reason = "the generator exports public functions alone, wherever they are")]

use serde::de::DeserializeSeed as _;
use wasm_bindgen::prelude::*;

use super::js_object::JsonText;

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
