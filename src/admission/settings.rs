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

/// What to do if a control has no clear verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Reaction {
    /// Accept it with a warning.
    Warn,
    /// Refuse it.
    Deny,
}

/// What is refused besides what cannot be read and what stops the kubelet. Where a reaction is `None`, nothing is
/// said.
#[derive(Clone, Copy, Debug)]
pub(super) struct Policy {
    /// Failing findings below this severity are warnings.
    pub(super) fail_on: Severity,
    /// A control depends on settings that the input does not include.
    pub(super) on_unknown: Reaction,
    /// A benchmark leaves the control to a person.
    pub(super) on_manual: Option<Reaction>,
    /// A control passes the benchmark and has no effect.
    pub(super) on_no_effect: Option<Reaction>,
}

/// Valid settings: the options of a request and the members of [`Policy`].
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
    fail_on: Severity,
    on_unknown: Option<Reaction>,
    on_manual: Option<Reaction>,
    on_no_effect: Option<Reaction>,
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
            on_unknown: None,
            on_manual: None,
            on_no_effect: None,
        }
    }
}

impl Settings {
    /// Reads settings from JSON text; null means the defaults.
    ///
    /// # Errors
    ///
    /// The invalid field and the reason.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        let settings = read_json::<Option<Self>>(text)?.unwrap_or_default();
        // Valid JSON can still name an unknown benchmark, control or version.
        options(&settings.request()).map(|_| settings).map_err(|error| error.to_string())
    }

    /// Returns the policy on objects. They rarely hold everything, so what they leave open is a warning.
    pub(super) fn on_objects(&self) -> Policy {
        Policy {
            fail_on: self.fail_on,
            on_unknown: self.on_unknown.unwrap_or(Reaction::Warn),
            on_manual: self.on_manual,
            on_no_effect: self.on_no_effect,
        }
    }

    /// Returns the policy on whole nodes.
    pub(super) fn on_nodes(&self) -> Policy {
        Policy {
            on_unknown: self.on_unknown.unwrap_or(Reaction::Deny),
            on_manual: Some(self.on_manual.unwrap_or(Reaction::Deny)),
            ..self.on_objects()
        }
    }

    /// Returns a request with the settings and without input.
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
            // API servers accept far smaller objects.
            max_bytes: self.max_bytes.or(u32::try_from(Limits::MAX_BYTES).ok()),
            ..Request::default()
        }
    }

    /// Returns the request to audit an object.
    pub(super) fn request_for(&self, object: String) -> Request {
        Request { config: Some(ConfigInput::Text(object)), ..self.request() }
    }

    /// Returns the request for a payload without an object: a request of the library, or a configuration.
    pub(super) fn raw_request(&self, node: &Node<'_>, text: String) -> Result<Request, String> {
        let is_request = ["config", "dropIns", "args"].iter().any(|key| node.get(key).is_some());
        if !is_request {
            return Ok(self.request_for(text));
        }
        let mut request = json!(self.request());
        if let (Value::Object(request), Value::Object(given)) = (&mut request, to_json(node)) {
            // The policy engine adds the uid.
            request.extend(given.into_iter().filter(|(key, _)| key != "uid"));
        }
        Ok(Request { effective: Some(false), ..read_value(&request)? })
    }
}
