//! Validates the logging configuration (`logsapi.ValidateAndApplyAsField`).
//!
//! Source: component-base `logs/api/v1/options.go`, 1.25 to 1.37.

use serde_json::Value as Json;

use crate::kubelet::Version;
use crate::kubelet::fields::{FieldId, id};
use crate::kubelet::quantity::Quantity;
use crate::source::diagnostic::{Code, Diagnostic};

use super::configuration::Configuration;
use super::outcome::Stop;
use super::stage::Stage;

/// The greatest level that klog accepts.
const MAX_VERBOSITY: i64 = i32::MAX as i64;

/// The stop at the logging configuration, if the kubelet rejects it. Up to 1.34, a period that is not positive is a
/// panic of Go's timer instead of an error.
pub(super) fn check(configuration: &Configuration, version: Version) -> Result<(), Stop> {
    let errors = errors(configuration, version);
    if !errors.is_empty() {
        return Err(Stop::new(Stage::Logging, errors));
    }
    let slot = configuration.slot(id::LOGGING_FLUSH_FREQUENCY);
    if configuration.nanos(id::LOGGING_FLUSH_FREQUENCY) <= 0 {
        let message = "logging.flushFrequency must be greater than 0; the kubelet panics";
        let error =
            Diagnostic::error(Code::Validation, message).help("use a duration such as 5s").at(slot.place);
        return Err(Stop::panic(Stage::Logging, vec![error]));
    }
    Ok(())
}

/// Every error about logging (`Validate`).
fn errors(configuration: &Configuration, version: Version) -> Vec<Diagnostic> {
    let mut errors = Vec::new();
    let mut refuse = |field: FieldId, complaint: &str, help: &str| {
        errors.push(
            Diagnostic::error(Code::Validation, format!("{} {complaint}", field.field().path))
                .help(help)
                .at(configuration.slot(field).place),
        );
    };
    let is_on = |gate: &str| configuration.is_gate_enabled(gate, version);

    if version.at_least(35) && configuration.nanos(id::LOGGING_FLUSH_FREQUENCY) <= 0 {
        refuse(id::LOGGING_FLUSH_FREQUENCY, "must be greater than 0", "use a duration such as 5s");
    }
    let format = configuration.str(id::LOGGING_FORMAT);
    match format {
        "text" => {}
        "json" if is_on("LoggingBetaOptions") => {}
        "json" => refuse(
            id::LOGGING_FORMAT,
            "must not be json while the feature gate LoggingBetaOptions is off",
            "enable the gate, or use text",
        ),
        _ => {
            refuse(id::LOGGING_FORMAT, &format!("must be text or json, not {format:?}"), "use text or json");
        }
    }
    let verbosity = configuration.int(id::LOGGING_VERBOSITY);
    if verbosity > MAX_VERBOSITY {
        refuse(id::LOGGING_VERBOSITY, &format!("must be at most 2147483647, not {verbosity}"), "use 0 to 10");
    }
    let patterns = configuration.items(id::LOGGING_VMODULE);
    if !patterns.is_empty() && !matches!(format, "" | "text") {
        refuse(id::LOGGING_VMODULE, "requires the format text", "set logging.format to text, or remove it");
    }
    if let Some(complaint) = patterns.iter().find_map(pattern_complaint) {
        refuse(id::LOGGING_VMODULE, &complaint, "use a file pattern such as kubelet, and a verbosity");
    }
    if !is_on("LoggingAlphaOptions") {
        for field in alpha_options(version) {
            let value = configuration.str(*field);
            let is_zero = Quantity::parse(value).is_none_or(|quantity| quantity.is_zero());
            if configuration.bool(*field) || !is_zero {
                refuse(
                    *field,
                    "requires the feature gate LoggingAlphaOptions, which is off",
                    "enable the gate, or remove the field",
                );
            }
        }
    }
    errors
}

fn pattern_complaint(item: &Json) -> Option<String> {
    let pattern = item.get("filePattern").and_then(Json::as_str).unwrap_or_default();
    let verbosity = item.get("verbosity").and_then(Json::as_i64).unwrap_or(0);
    if pattern.is_empty() {
        Some("has an entry without filePattern".into())
    } else if pattern.contains(['=', ',']) {
        Some(format!("must not have an equals sign or a comma in {pattern:?}"))
    } else if verbosity > MAX_VERBOSITY {
        Some(format!("must have a verbosity of at most 2147483647, not {verbosity}"))
    } else {
        None
    }
}

/// Options of the text format exist since 1.30.
fn alpha_options(version: Version) -> &'static [FieldId] {
    const ALL: [FieldId; 4] = [
        id::LOGGING_JSON_SPLIT_STREAM,
        id::LOGGING_JSON_BUFFER_SIZE,
        id::LOGGING_TEXT_SPLIT_STREAM,
        id::LOGGING_TEXT_BUFFER_SIZE,
    ];
    if version.at_least(30) { &ALL } else { ALL.split_at(2).0 }
}
