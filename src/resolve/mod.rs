//! From layers to the configuration a kubelet would run with, and whether it would start.
//!
//! The order is the kubelet's own (`cmd/kubelet/app/server.go`, `NewKubeletCommand` and `run`): flags
//! are parsed, their feature gates set, the file loaded, drop-ins merged, flags applied again, gates
//! set, the whole validated, TLS and authorization set up.

mod by_version;
mod configz;
mod decode;
mod defaults;
mod flag_value;
mod flags;
mod gates;
mod load;
mod map;
mod merge;
mod start;
mod tls;
mod validate;
mod value;

pub use by_version::ByVersion;
pub use flags::{Flags, Given};
pub use map::{MapEntry, ValueMap};
pub use start::{Layers, MissingLayer, NamedDocument, Resolved, Stop, is_drop_in_name, resolve};
pub use tls::{CIPHER_SUITES, CipherSuite, cipher_suite};
pub use value::{Configuration, Slot, Value};

pub(crate) use decode::{clip, to_json, value_of};
pub(crate) use merge::owned;
