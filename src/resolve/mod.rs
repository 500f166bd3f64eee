//! Resolves layers to the configuration that a kubelet runs with, and whether it starts.
//!
//! The order is the kubelet's own (`cmd/kubelet/app/server.go`, `NewKubeletCommand` and `run`): it parses
//! flags, sets their feature gates, loads the config file, merges drop-ins, applies the flags again, sets
//! feature gates, validates the configuration, and sets up TLS and authorization.

mod by_version;
mod check_gates;
mod configuration;
mod configz;
mod decode;
mod defaults;
mod flag_value;
mod kubelet_flags;
mod layers;
mod load;
mod logging;
mod merge;
mod outcome;
mod parse_flags;
mod read_value;
mod stage;
mod start;
mod startup;
mod tls;
mod validation;
mod value;

pub use by_version::ByVersion;
pub use configuration::{Configuration, Slot};
pub use layers::{Layers, NamedDocument, is_drop_in_name};
pub use outcome::{Resolved, Stop};
pub use parse_flags::{Flags, GivenFlag};
pub use stage::Stage;
pub use start::resolve;
pub use startup::Machine;
pub use tls::{CIPHER_SUITES, CipherSuite, cipher_suite};
pub use value::{MapEntry, Value, ValueMap};

pub(crate) use read_value::{clip, to_json, value_of};
