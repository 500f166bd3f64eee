//! The defaults of fields, with and without a config file.

use crate::kubelet::Version;
use crate::kubelet::fields::{FieldId, id};
use crate::source::Place;

use super::configuration::Configuration;
use super::parse_flags::Flags;
use super::value::Value;

/// Sets the defaults of fields that are not set (`pkg/kubelet/apis/config/v1beta1/defaults.go`,
/// `SetDefaults_KubeletConfiguration`). Since 1.32 they depend on the feature gates of the configuration and
/// of the flags.
pub(super) fn set_defaults(configuration: &mut Configuration, version: Version, flags: &Flags) {
    let setting = |name: &str| {
        let gate = configuration.gate(name).or_else(|| flags.gate(name));
        gate.map(|(value, _)| value)
    };
    let mut defaults = Vec::new();
    // Only the loader of the config file sets the default of evictionHard.
    let fields = FieldId::iter().filter(|id| *id != id::EVICTION_HARD && id.field().exists_in(version));
    for field in fields {
        let kind = field.field().kind;
        let value = configuration.value(field);
        // An empty list or map is not nil, so it is kept.
        let is_set = match value {
            Value::Absent => false,
            Value::List(_) | Value::Map(_) | Value::Items(_) => true,
            _ => kind.is_pointer() || !value.is_zero(),
        };
        if is_set && !(field == id::POD_PIDS_LIMIT && configuration.int(field) < 0) {
            continue;
        }
        let default = Value::from_default(field.default(version, setting));
        // A value that equals the default keeps its place.
        let is_zero = default.is_zero() && value.is_zero() && (default.is_absent() || !value.is_absent());
        let is_same = matches!((&default, value), (Value::Int(a), Value::Int(b)) if a == b);
        if !is_zero && !is_same {
            defaults.push((field, default));
        }
    }
    for (field, default) in defaults {
        configuration.set(field, default, Place::DEFAULT);
    }
}

/// Sets the default of the eviction thresholds, as the loader of the config file does if the file has none
/// (`cmd/kubelet/app/server.go`, `loadConfigFile`).
pub(super) fn set_eviction_hard(configuration: &mut Configuration, version: Version) {
    if configuration.value(id::EVICTION_HARD).is_absent() {
        let default = id::EVICTION_HARD.default(version, |_| None);
        configuration.set(id::EVICTION_HARD, Value::from_default(default), Place::DEFAULT);
    }
}

/// Sets the four fields whose defaults differ without a `--config` file
/// (`cmd/kubelet/app/options/options.go`, `applyLegacyDefaults`).
pub(super) fn apply_legacy_defaults(configuration: &mut Configuration) {
    configuration.set(id::ANONYMOUS_ENABLED, Value::Bool(true), Place::DEFAULT);
    configuration.set(id::WEBHOOK_ENABLED, Value::Bool(false), Place::DEFAULT);
    configuration.set(id::AUTHORIZATION_MODE, Value::Str("AlwaysAllow".into()), Place::DEFAULT);
    configuration.set(id::READ_ONLY_PORT, Value::Int(10255), Place::DEFAULT);
}
