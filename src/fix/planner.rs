//! What plans are made from: the layers, the resolved configuration and the settings to change.

use serde::Deserialize;

use super::arguments::Arguments;
use super::platform::Platform;
use crate::report::Setting;
use crate::resolve::{Layers, Resolved};
use crate::source::{Limits, Sources};

/// Where settings go that no flag decides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Route {
    /// Where they are kept: into the strongest file that writes them, else the config file.
    #[default]
    InPlace,
    /// A drop-in of our own, which wins.
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

/// A setting to write, under the names it has in files and on the command line.
pub(super) struct Wish<'f> {
    /// The field or gate; `None` for what is only a flag.
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
    /// Whether a flag decides one of the settings, or is the only way to make it.
    pub(super) fn is_by_flag(&self, wishes: &[Wish<'_>]) -> bool {
        wishes.iter().any(|wish| {
            let flag = wish.flag.map_or("", |flag| flag.name.trim_start_matches('-'));
            wish.field.is_none() || self.arguments.has(flag, wish.gate())
        })
    }
}
