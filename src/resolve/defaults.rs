//! The defaults of fields, with and without a config file.

use crate::kubelet::fields::{FieldId, id};
use crate::kubelet::{Version, gates};
use crate::source::Place;

use super::configuration::{Configuration, Slot};
use super::parse_flags::Flags;
use super::value::Value;

/// Sets the defaults of fields that are not set (`pkg/kubelet/apis/config/v1beta1/defaults.go`,
/// `SetDefaults_KubeletConfiguration`). Since 1.32 they depend on the feature gates of the configuration and
/// of the flags.
pub(super) fn set_defaults(configuration: &mut Configuration, version: Version, flags: &Flags) {
    let of_flags = |name: &str| flags.gate(name).map(|(value, _)| value);
    let mut defaults = Vec::new();
    {
        let of_files = |name: &str| configuration.gate(name).map(|(value, _)| value);
        let is_on = |name: &str| gates::is_enabled_in_turn(name, version, &[&of_flags, &of_files]);
        for field in FieldId::iter().filter(|id| id.field().exists_in(version)) {
            // From 1.26 on, only the loader of the config file sets the default of evictionHard.
            if field == id::EVICTION_HARD && version.at_least(26) || is_set(configuration, field) {
                continue;
            }
            let value = configuration.value(field);
            let default = dependent(configuration, field, version)
                .unwrap_or_else(|| Value::from_default(field.default(version, is_on)));
            // A value that equals the default keeps its place.
            let is_zero = default.is_zero() && value.is_zero() && (default.is_absent() || !value.is_absent());
            let is_same = matches!((&default, value), (Value::Int(a), Value::Int(b)) if a == b);
            if !is_zero && !is_same {
                defaults.push((field, default));
            }
        }
    }
    for (field, default) in defaults {
        configuration.set(field, default, Place::DEFAULT);
    }
}

/// Whether a field has a value for which no default is taken.
fn is_set(configuration: &Configuration, field: FieldId) -> bool {
    match configuration.value(field) {
        Value::Absent => false,
        // An empty list or map is not nil, so it is kept.
        Value::List(_) | Value::Map(_) | Value::Items(_) => true,
        Value::Int(limit) if field == id::POD_PIDS_LIMIT => *limit >= 0,
        value => field.field().kind.is_pointer() || !value.is_zero(),
    }
}

/// A default that depends on other fields.
fn dependent(configuration: &Configuration, field: FieldId, version: Version) -> Option<Value> {
    match field {
        id::NODE_STATUS_REPORT_FREQUENCY => {
            let update = configuration.nanos(id::NODE_STATUS_UPDATE_FREQUENCY);
            (update != 0).then_some(Value::Nanos(update))
        }
        id::SERIALIZE_IMAGE_PULLS if version.at_least(27) => {
            Some(Value::Bool(configuration.int(id::MAX_PARALLEL_IMAGE_PULLS) < 2))
        }
        _ => None,
    }
}

/// Sets the default of the eviction thresholds, as the loader of the config file does if the file has none, or, from
/// 1.33 on, adds it to them (`cmd/kubelet/app/server.go`, `loadConfigFile`).
pub(super) fn set_eviction_hard(configuration: &mut Configuration, version: Version) {
    let default = Value::from_default(id::EVICTION_HARD.default(version, |_| false));
    let merges = version.at_least(33) && configuration.bool(id::MERGE_DEFAULT_EVICTION);
    match (configuration.slot_mut(id::EVICTION_HARD), default) {
        (Some(slot), default) if slot.value.is_absent() => {
            *slot = Slot { value: default, place: Place::DEFAULT };
        }
        (Some(Slot { value: Value::Map(map), .. }), Value::Map(defaults)) if merges => {
            for entry in defaults
                .entries()
                .iter()
                .filter(|entry| map.get(&entry.key).is_none())
                .cloned()
                .collect::<Vec<_>>()
            {
                map.put(entry);
            }
        }
        _ => {}
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
