//! The settings of a policy.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::assess::options::options;
use crate::json::{read_json, read_value};
use crate::report::Severity;
use crate::request::{Basis, ConfigInput, Request, ServingCertificates};
use crate::resolve::to_json;
use crate::source::Limits;
use crate::source::tree::Node;

/// The name of the object in reports.
pub(super) const SOURCE: &str = "object";

/// What becomes of an object that leaves to its platform what a control asks about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum OnUnknown {
    /// It is accepted, with a warning.
    #[default]
    Warn,
    /// It is refused.
    Deny,
}

/// Checked settings: the members of a request that say how to judge, and two of their own.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(super) struct Settings {
    benchmark: Option<String>,
    controls: Option<Vec<String>>,
    level: Option<u8>,
    severity: Option<Severity>,
    basis: Basis,
    kubelet_version: Option<String>,
    serving_certificates: ServingCertificates,
    max_bytes: Option<u32>,
    /// Failing findings below this severity are warnings.
    pub(super) fail_on: Severity,
    pub(super) on_unknown: OnUnknown,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            benchmark: None,
            controls: None,
            level: None,
            severity: None,
            basis: Basis::default(),
            kubelet_version: None,
            serving_certificates: ServingCertificates::default(),
            max_bytes: None,
            fail_on: Severity::Info,
            on_unknown: OnUnknown::default(),
        }
    }
}

impl Settings {
    /// Reads settings from their JSON text; null are the defaults. The error says which member is wrong, and
    /// why.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        let settings = read_json::<Option<Self>>(text)?.unwrap_or_default();
        // What serde takes can still be nothing that is known.
        match options(&settings.request()).err().and_then(|errors| errors.into_iter().next()) {
            Some(wrong) => Err(format!("{}; {}", wrong.message, wrong.help)),
            None => Ok(settings),
        }
    }

    /// A request that has the settings and no input.
    fn request(&self) -> Request {
        Request {
            benchmark: self.benchmark.clone(),
            controls: self.controls.clone(),
            level: self.level,
            severity: self.severity,
            basis: self.basis,
            kubelet_version: self.kubelet_version.clone(),
            serving_certificates: self.serving_certificates,
            source: Some(SOURCE.to_owned()),
            effective: Some(false),
            // An API server takes no more than a fraction of it.
            max_bytes: self.max_bytes.or(u32::try_from(Limits::MAX_BYTES).ok()),
            ..Request::default()
        }
    }

    /// The request to audit an object.
    pub(super) fn request_for(&self, object: String) -> Request {
        Request { config: Some(ConfigInput::Text(object)), ..self.request() }
    }

    /// The request that a payload without object is: a request of the library, or a configuration.
    pub(super) fn raw_request(&self, node: &Node<'_>, text: String) -> Result<Request, String> {
        let is_request = ["config", "dropIns", "args"].iter().any(|key| node.get(key).is_some());
        if !is_request {
            return Ok(self.request_for(text));
        }
        let mut request = json!(self.request());
        if let (Value::Object(request), Value::Object(given)) = (&mut request, to_json(node)) {
            // The uid is the engine's own, and no part of what is asked.
            request.extend(given.into_iter().filter(|(key, _)| key != "uid"));
        }
        Ok(Request { effective: Some(false), ..read_value(request)? })
    }
}
