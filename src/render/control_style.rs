//! The style of control pages: Markdown or plain text.

use std::fmt::Write as _;

/// The style of a page.
pub(super) struct Style {
    pub(super) is_markdown: bool,
}

impl Style {
    pub(super) fn heading(&self, out: &mut String, text: &str) {
        let _ = if self.is_markdown { write!(out, "\n## {text}\n\n") } else { write!(out, "\n{text}\n") };
    }

    /// Writes the empty line that Markdown requires between blocks.
    pub(super) fn gap(&self, out: &mut String) {
        if self.is_markdown {
            out.push('\n');
        }
    }

    pub(super) fn code(&self, out: &mut String, language: &str, text: &str) {
        if self.is_markdown {
            let _ = write!(out, "```{language}\n{}\n```\n", text.trim_end());
        } else {
            for line in text.lines() {
                let _ = writeln!(out, "    {line}");
            }
        }
    }

    pub(super) fn text(&self, out: &mut String, text: &str) {
        let indent = if self.is_markdown { "" } else { "  " };
        let _ = writeln!(out, "{indent}{text}");
    }

    pub(super) fn items<'t>(&self, out: &mut String, items: impl IntoIterator<Item = &'t str>) {
        let indent = if self.is_markdown { "- " } else { "  - " };
        for item in items {
            let _ = writeln!(out, "{indent}{item}");
        }
    }
}
