//! Controls: what is looked at, and what is made of it.
//!
//! A control sees the resolved kubelet and where each value was written, never raw text. Judging
//! gives two answers and no text, for it is done at every version; only the answer that is reported
//! is put into words. What every control must heed (missing layers, a kubelet that does not start, a
//! stopped reading) is done here once, so that none can forget it.

mod anonymous_auth;
mod authorization_mode;
mod cadvisor_port;
mod client_ca_file;
mod debugging_handlers;
pub mod docs;
mod event_qps;
mod hostname_override;
mod ip_address_deny;
mod judge;
mod make_iptables_util_chains;
mod ocp_garbage_collection;
mod pod_max_pids;
mod protect_kernel_defaults;
mod read_only_port;
mod remedy;
mod rotate_certificates;
mod rotate_kubelet_client_certificate_gate;
mod rotate_kubelet_server_certificate;
mod seccomp_default;
mod serving;
mod stig_dynamic_auditing;
mod stig_dynamic_kubelet_config;
mod stig_static_pod_path;
mod streaming_connection_idle_timeout;
mod subject;
mod tls_cert_key;
mod tls_cipher_suites;
mod tls_min_version;
mod webhook_authentication;
mod word;
mod written;

pub use docs::{Docs, Example, Explanation, controls, explain};
pub use judge::{Asked, Judgement, Running, judge};
pub(crate) use subject::origin_layer;
pub use subject::{Entry, Spoken, Subject};
pub use word::{Notes, Outcome, word};
pub use written::{Found, Setting, Written};

use crate::benchmark::{Row, Rule};
use crate::kubelet::fields::FieldId;
use crate::report::{Effect, Severity};

/// A control.
#[derive(Clone, Copy, Debug)]
pub struct Control {
    /// Its slug: kebab-case, stable over editions.
    pub slug: &'static str,
    /// Its title, in our words.
    pub title: &'static str,
    /// How bad a failure is.
    pub severity: Severity,
    /// Why it matters, in one sentence.
    pub why: &'static str,
    /// The field it is about, for the fingerprint.
    pub field: &'static str,
    /// What rows ask about; several must all hold.
    pub settings: &'static [Setting],
    /// What else decides the effect; shown as evidence where it is written.
    pub also: &'static [FieldId],
    /// What the kubelet does by effect.
    pub says: Says,
    /// What makes the effect a yes.
    pub wants: &'static [Want],
    /// What to do where no setting mends it; may be empty.
    pub advice: &'static str,
    /// Says on its own what becomes of a row; `None` leaves it to the row's rule.
    pub ask: fn(&Subject<'_>, Rule) -> Option<Asked>,
    /// What a kubelet does that starts and whose layers are all known.
    pub effect: fn(&Running<'_>) -> Effect,
    /// The catches.
    pub notes: fn(&Running<'_>, Effect, &mut Notes),
    /// Whether the routes of its remediation write what a row asks for and the effect does not need.
    pub mends_row: bool,
    /// Puts a judgement into words.
    pub word: Wording,
    /// All about it, for readers.
    pub docs: &'static Docs,
}

/// How a judgement is put into words.
pub type Wording = fn(&Subject<'_>, &Control, &Row, &Judgement) -> Outcome;

/// What the kubelet does, for messages: clauses, lower-case, no full stop.
#[derive(Clone, Copy, Debug)]
pub struct Says {
    /// `whether ...`
    pub whether: &'static str,
    /// The effect is a yes.
    pub yes: &'static str,
    /// It is a no.
    pub no: &'static str,
    /// It is partly so.
    pub partly: &'static str,
}

/// A setting that makes the effect a yes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Want {
    /// What to set.
    pub setting: Setting,
    /// To what.
    pub value: Wanted,
}

/// A value to write.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Wanted {
    /// A boolean.
    Bool(bool),
    /// A number.
    Int(i64),
    /// This text.
    Text(&'static str),
    /// A text of the operator's own, this one for example.
    Example(&'static str),
    /// These texts.
    List(&'static [&'static str]),
    /// Nothing: the setting is taken away.
    Removed,
}

impl Control {
    /// What a control has that says nothing special; for struct update syntax.
    const BASE: Self = Self {
        slug: "",
        title: "",
        severity: Severity::Medium,
        why: "",
        field: "",
        settings: &[],
        also: &[],
        says: Says { whether: "", yes: "", no: "", partly: "" },
        wants: &[],
        advice: "",
        ask: |_, _| None,
        effect: |_| Effect::Unknown,
        notes: |_, _, _| {},
        mends_row: true,
        word: word::shared,
        docs: &Docs::EMPTY,
    };
}

/// Every control, in the order in which benchmarks have them.
pub const CONTROLS: &[&Control] = &[
    &anonymous_auth::CONTROL,
    &authorization_mode::CONTROL,
    &client_ca_file::CONTROL,
    &read_only_port::CONTROL,
    &streaming_connection_idle_timeout::CONTROL,
    &protect_kernel_defaults::CONTROL,
    &make_iptables_util_chains::CONTROL,
    &hostname_override::CONTROL,
    &event_qps::CONTROL,
    &tls_cert_key::CONTROL,
    &rotate_certificates::CONTROL,
    &rotate_kubelet_server_certificate::CONTROL,
    &rotate_kubelet_client_certificate_gate::CONTROL,
    &tls_cipher_suites::CONTROL,
    &tls_min_version::CONTROL,
    &pod_max_pids::CONTROL,
    &seccomp_default::CONTROL,
    &ip_address_deny::CONTROL,
    &webhook_authentication::CONTROL,
    &debugging_handlers::CONTROL,
    &stig_static_pod_path::CONTROL,
    &stig_dynamic_auditing::CONTROL,
    &stig_dynamic_kubelet_config::CONTROL,
    &cadvisor_port::CONTROL,
    &ocp_garbage_collection::CONTROL,
];

/// The control of this slug.
pub fn control(slug: &str) -> Option<&'static Control> {
    CONTROLS.iter().copied().find(|control| control.slug == slug)
}
