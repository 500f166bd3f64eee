//! The settings of a policy.

use crate::options::options;
use crate::report::Severity;
use crate::request::{self, ConfigInput, Request};
use crate::source::Limits;
use crate::source::tree::{Node, NodeValue};

use super::SOURCE;

/// What becomes of an object that leaves to its platform what a control asks about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum OnUnknown {
    /// It is accepted, with a warning.
    #[default]
    Warn,
    /// It is refused.
    Deny,
}

/// Checked settings.
#[derive(Debug)]
pub(super) struct Settings {
    /// What of them a request has as well.
    options: Request,
    /// Failing findings below this severity are warnings.
    pub(super) fail_on: Severity,
    pub(super) on_unknown: OnUnknown,
}

/// Members of a request that say how to judge, and not what.
const OPTIONS: &[&str] = &[
    "benchmark",
    "controls",
    "level",
    "severity",
    "basis",
    "kubeletVersion",
    "servingCertificates",
    "maxBytes",
];

impl Settings {
    /// Reads settings; none are the defaults. The error says which member is wrong, and what it takes.
    pub(super) fn decode(node: Option<&Node<'_>>) -> Result<Self, String> {
        let mut settings =
            Self { options: Request::default(), fail_on: Severity::Info, on_unknown: OnUnknown::Warn };
        let members = match node.map(|node| &node.value) {
            None | Some(NodeValue::Null) => &[][..],
            Some(NodeValue::Object(members)) => members,
            Some(other) => return Err(format!("they are a {}, not an object", other.kind())),
        };
        for member in members {
            let (key, value) = (&*member.key, &member.value);
            match key {
                "failOn" => {
                    let words = "info, low, medium, high or critical";
                    settings.fail_on = request::word(key, value, Severity::from_word, words)?;
                }
                "onUnknown" => {
                    let word = |word: &str| match word {
                        "warn" => Some(OnUnknown::Warn),
                        "deny" => Some(OnUnknown::Deny),
                        _ => None,
                    };
                    settings.on_unknown = request::word(key, value, word, "warn or deny")?;
                }
                _ if OPTIONS.contains(&key) => settings.options.set(key, value)?,
                _ => {
                    let known = OPTIONS.join(", ");
                    return Err(format!("there is no member {key:?}; known are {known}, failOn, onUnknown"));
                }
            }
        }
        // What the reading above takes can still be nothing that is known.
        match options(&settings.options).err().and_then(|errors| errors.into_iter().next()) {
            Some(wrong) => Err(format!("{}; {}", wrong.message, wrong.help)),
            None => Ok(settings),
        }
    }

    /// The request to audit an object.
    pub(super) fn request_for(&self, object: String) -> Request {
        Request {
            config: Some(ConfigInput::Text(object)),
            source: Some(SOURCE.to_owned()),
            effective: Some(false),
            // An API server takes no more than a fraction of it.
            max_bytes: self.options.max_bytes.or(u32::try_from(Limits::MAX_BYTES).ok()),
            ..self.options.clone()
        }
    }

    /// The request that a payload without object is: a request of the library, or a configuration.
    pub(super) fn raw_request(&self, node: &Node<'_>, text: String) -> Result<Request, String> {
        let is_request = ["config", "dropIns", "args"].iter().any(|key| node.get(key).is_some());
        let mut request = self.request_for(text);
        if is_request {
            request.config = None;
            // The engine's own, and no part of what is asked.
            let members = node.as_object().unwrap_or_default().iter().filter(|member| member.key != "uid");
            members.into_iter().try_for_each(|member| request.set(&member.key, &member.value))?;
            request.effective = Some(false);
        }
        Ok(request)
    }
}
