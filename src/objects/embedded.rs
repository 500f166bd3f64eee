//! Texts inside values.

use crate::source::diagnostic::{Code, Diagnostic};
use crate::source::tree::{Document, Node};
use crate::source::{Limits, Place, ReadError, SourceId, Span, document};

use super::encoding;
use super::kubelet::CONFIG;
use super::offsets::OffsetMap;

/// A text, and where its characters stand in the outermost text.
#[derive(Clone, Debug)]
pub(super) struct Embedded {
    pub(super) text: String,
    offsets: OffsetMap,
    /// The text that the offsets lead to.
    source: SourceId,
}

impl Embedded {
    /// A text that is the outermost itself.
    pub(super) fn whole(text: &str, source: SourceId) -> Self {
        Self { text: text.to_owned(), offsets: OffsetMap::shifted(0), source }
    }

    /// The string at `value` of the outermost text `outer`.
    pub(super) fn of_value(outer: &str, value: &Node<'_>) -> Option<Self> {
        let text = value.as_str()?.to_owned();
        let source = value.place.source_id().unwrap_or(CONFIG);
        Some(Self { offsets: OffsetMap::of_value(outer, value.place.span, &text), text, source })
    }

    /// A text that is encoded in a value. Its places are the start of the value.
    pub(super) fn decoded(bytes: Vec<u8>, value: &Node<'_>) -> Option<Self> {
        let text = String::from_utf8(encoding::unpacked(bytes)?).ok()?;
        let source = value.place.source_id().unwrap_or(CONFIG);
        Some(Self { text, offsets: OffsetMap::Value(value.place.span.start as usize), source })
    }

    /// The part of the text from `start` to `end`.
    pub(super) fn part(&self, start: usize, end: usize) -> Self {
        let text = self.text.get(start..end).unwrap_or_default().to_owned();
        Self { text, offsets: self.offsets.part(start, end), source: self.source }
    }

    /// What was decoded from this text. Its places are the start of the text.
    pub(super) fn opaque(self, text: String) -> Self {
        let start = self.offsets.span(Span::at(0)).start as usize;
        Self { text, offsets: OffsetMap::Value(start), source: self.source }
    }

    /// Reads the text as YAML, also if it starts like JSON, as kubeadm reads a patch.
    pub(super) fn read_yaml(&self, limits: &Limits) -> Result<Document<'static>, ReadError> {
        self.mapped(crate::source::yaml::read(&self.text, self.source, limits))
    }

    /// The place of a span of this text.
    pub(super) fn place(&self, span: Span) -> Place {
        Place::new(self.source, self.offsets.span(span))
    }

    /// Reads the text as a document.
    pub(super) fn read(&self, limits: &Limits) -> Result<Document<'static>, ReadError> {
        self.mapped(document::read(&self.text, self.source, limits))
    }

    fn mapped(&self, read: Result<Document<'_>, ReadError>) -> Result<Document<'static>, ReadError> {
        match read {
            Ok(mut read) => {
                let to = |span| self.offsets.span(span);
                read.root.map_spans(&to);
                for duplicate in &mut read.duplicates {
                    duplicate.first = to(duplicate.first);
                    duplicate.again = to(duplicate.again);
                }
                Ok(Document { root: read.root.to_static(), format: read.format, duplicates: read.duplicates })
            }
            Err(mut error) => {
                error.span = self.offsets.span(error.span);
                Err(error)
            }
        }
    }

    /// A note if places inside the text are not exact.
    pub(super) fn note(&self) -> Option<Diagnostic> {
        let OffsetMap::Value(start) = self.offsets else { return None };
        Some(
            Diagnostic::note(
                Code::InsideValue,
                "the configuration contains escapes or is folded, so locations point to the start of the value",
            )
            .help("use a literal block (`|`) to get exact locations")
            .at(Place::new(self.source, Span::at(start))),
        )
    }
}
