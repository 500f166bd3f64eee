//! The input of plans: the layers, the resolved configuration and the settings to change.

use serde::Deserialize;

use super::arguments::Arguments;
use super::platform::Platform;
use crate::report::Setting;
use crate::resolve::{Layers, Resolved};
use crate::source::{Limits, Sources};

/// Where to write settings that no flag overrides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Route {
    /// The file that sets the effective value, else the config file.
    #[default]
    InPlace,
    /// A new drop-in that overrides all files.
    DropIn,
}

pub(super) struct Planner<'s> {
    pub(super) layers: &'s Layers<'s>,
    pub(super) sources: &'s Sources<'s>,
    pub(super) resolved: &'s Resolved,
    pub(super) arguments: &'s Arguments<'s>,
    pub(super) limits: &'s Limits,
    pub(super) platform: Option<&'static Platform>,
    pub(super) route: Route,
}

/// A setting to write, by its names in files and on the command line.
pub(super) struct Wish<'f> {
    /// The field or gate; `None` for a setting that is only a flag.
    pub(super) field: Option<&'f Setting>,
    /// The flag.
    pub(super) flag: Option<&'f Setting>,
}

impl Wish<'_> {
    pub(super) fn setting(&self) -> Option<&Setting> {
        self.field.or(self.flag)
    }

    pub(super) fn gate(&self) -> Option<&str> {
        self.field?.name.strip_prefix("featureGates.")
    }
}

impl Planner<'_> {
    /// Whether a flag overrides one of the settings or is the only way to set it.
    pub(super) fn is_by_flag(&self, wishes: &[Wish<'_>]) -> bool {
        wishes.iter().any(|wish| {
            let flag = wish.flag.map_or("", |flag| flag.name.trim_start_matches('-'));
            wish.field.is_none() || self.arguments.has(flag, wish.gate())
        })
    }
}
