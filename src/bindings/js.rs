//! The library's functions for JavaScript. They are for the package's own wrapper (`js/src/core.js`), which
//! checks what it passes on and brings the answers into the form that its users see.
//!
//! Callers' objects are read by serde_wasm_bindgen, which keeps integers of 64 bits (`BigInt`). Reports leave as
//! JSON text: made by serde_wasm_bindgen, an audit with a report of 30 KB takes 0.68 ms instead of 0.80, but a
//! member named `__proto__`, which a config may have, is lost.

#![expect(unreachable_pub, reason = "the generator exports public functions alone, wherever they are")]

use wasm_bindgen::prelude::*;

use crate::json::json_text;
use crate::report::{OptionError, Report};
use crate::request::{ConfigInput, Request};

/// Audits a config that is text, and no more.
#[wasm_bindgen(js_name = auditText)]
pub fn audit_text(config: &str) -> Result<String, JsValue> {
    let request = Request { config: Some(ConfigInput::Text(config.to_owned())), ..Request::default() };
    written(crate::audit(&request))
}

/// Audits a request that is an object. Throws an [`OptionError`] as JSON text.
#[wasm_bindgen(js_name = auditObject)]
pub fn audit_object(request: JsValue) -> Result<String, JsValue> {
    let request: serde_json::Value = serde_wasm_bindgen::from_value(request)?;
    written(crate::audit_value(request))
}

fn written(report: Result<Report, OptionError>) -> Result<String, JsValue> {
    report.map(|report| json_text(&report)).map_err(|error| json_text(&error.to_json()).into())
}

/// Makes the fixes of a report, which is JSON text, in the text of its config.
#[wasm_bindgen(js_name = applyFixes)]
pub fn apply_fixes(text: &str, report: &str, options: JsValue) -> Result<String, JsValue> {
    let options: serde_json::Value = serde_wasm_bindgen::from_value(options)?;
    Ok(json_text(&crate::fix::apply_fixes_json(text, report, options)?))
}

/// Writes a report, which is JSON text, in one of the command's formats.
#[wasm_bindgen]
pub fn render(report: &str, format: &str) -> Result<String, String> {
    crate::render::report_json(report, format)
}

/// Tells all about one control, as JSON; nothing where there is none of this name.
#[wasm_bindgen(js_name = explainJson)]
pub fn explain_json(control: &str) -> Option<String> {
    crate::controls::explain(control).map(|explanation| json_text(&explanation))
}
