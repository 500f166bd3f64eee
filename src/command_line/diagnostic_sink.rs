//! A bounded list of diagnostics.

use crate::source::diagnostic::Diagnostic;

/// The first hundred diagnostics of a command line. A hostile text can cause one for each of its lines.
#[derive(Debug, Default)]
pub(super) struct DiagnosticSink {
    pub(super) list: Vec<Diagnostic>,
}

impl DiagnosticSink {
    /// Adds a diagnostic, unless the list is full.
    pub(super) fn push(&mut self, diagnostic: Diagnostic) {
        const MOST: usize = 100;
        if self.list.len() < MOST {
            self.list.push(diagnostic);
        }
    }
}
