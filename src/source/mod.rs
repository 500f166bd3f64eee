//! Parses texts into trees with spans. No other part of the crate sees raw text.
//!
//! A [`Sources`] table owns every text of one audit: config file, drop-ins and command line. Every node
//! of a tree has a [`Place`], the source and the bytes it was parsed from. A place is converted to a line
//! and a column once, when the report is written.

pub mod bytes;
pub mod diagnostic;
pub mod document;
mod duplicates;
pub(crate) mod go_float;
pub(crate) mod go_integer;
pub mod json;
pub mod limits;
mod line_index;
pub(crate) mod merge_patch;
pub mod nearest;
mod place;
mod read_error;
pub mod redaction;
mod sources;
pub(crate) mod template;
pub mod tree;
pub mod visible;
pub mod yaml;

pub use limits::Limits;
pub use line_index::{LineIndex, Position};
pub use place::{Place, SourceId, Span, ValueSource};
pub use read_error::{ReadError, ReadFault};
pub use sources::{Layer, MissingLayer, Source, Sources, UnknownValue};
