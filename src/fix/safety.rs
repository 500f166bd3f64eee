//! Whether a fix can be applied without review, according to its control.

use serde_json::Value as Json;

use crate::controls::{FixSafety, Setting, control};

/// The safety of settings without an entry.
static UNKNOWN: FixSafety = FixSafety::needs_review("its effects outside the file are not known");

/// Returns the safety of giving a setting of a control this value.
pub fn of(slug: &str, setting: &str, value: &Json) -> &'static FixSafety {
    let fits = |entry: &&FixSafety| {
        entry.setting.is_none_or(|known| is_named(known, setting))
            && entry.value.is_none_or(|known| known.to_json() == *value)
    };
    let entries = control(slug).map_or(&[][..], |control| control.metadata().fix_safety);
    entries.iter().find(fits).unwrap_or(&UNKNOWN)
}

/// Whether this is the name of a setting, as a field or as the flag that sets the field.
fn is_named(setting: Setting, name: &str) -> bool {
    match (setting, name.strip_prefix("--")) {
        (Setting::Field(_), Some(flag)) => setting.flag() == Some(flag),
        _ => setting.name() == name,
    }
}
