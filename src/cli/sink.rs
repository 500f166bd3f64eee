//! Where targets go: the report, written while it is made.

use super::inputs::{Input, Inputs};
use super::options::CheckFormat;
use super::texts::InputTexts;
use super::{Failure, Host, put};
use crate::json_text::json_text;
use crate::render::json::{self, Indenter};
use crate::render::{Layout, Length, TextReport};
use crate::report::{Summary, Target};

/// Writes a report in one form.
pub(crate) enum Sink {
    /// For people.
    Text(Box<TextReport>),
    /// The report; with an indenter laid out in lines.
    Json { is_first: bool, indenter: Option<Indenter> },
    /// A target on each line, nothing else.
    Ndjson,
}

impl Sink {
    /// Before the first target.
    pub(crate) fn new(format: CheckFormat, layout: &Layout<'_>) -> Self {
        match format {
            CheckFormat::Text => Self::Text(Box::new(TextReport::new(layout))),
            CheckFormat::Json => Self::Json { is_first: true, indenter: None },
            CheckFormat::JsonPretty => Self::Json { is_first: true, indenter: Some(Indenter::default()) },
            CheckFormat::Ndjson => Self::Ndjson,
        }
    }

    /// Whether it shows the effective configuration: the largest part of a report.
    pub(crate) fn shows_effective(&self) -> bool {
        !matches!(self, Self::Text(_))
    }

    /// Writes a target.
    pub(crate) fn target(
        &mut self,
        target: &Target,
        input: &Input,
        inputs: &Inputs<'_>,
        host: &mut dyn Host,
    ) -> Result<(), Failure> {
        let text = match self {
            Self::Text(report) => {
                let texts = InputTexts { input, layers: &inputs.layers };
                let length = if input.is_one_of_many { Length::Line } else { Length::Full };
                report.target(target, &texts, 0, length);
                report.take()
            }
            Self::Json { is_first, indenter } => {
                let lead = if *is_first { json::frame(&Summary::default()).0 } else { ",".to_owned() };
                *is_first = false;
                laid_out(indenter, lead + &json_text(target))
            }
            Self::Ndjson => json_text(target) + "\n",
        };
        put(host, &text)
    }

    /// Writes what stands behind the last target.
    pub(crate) fn end(
        self,
        summary: &Summary,
        next: Option<(&str, &str)>,
        host: &mut dyn Host,
    ) -> Result<(), Failure> {
        let text = match self {
            Self::Text(mut report) => {
                report.end(summary, next);
                report.take()
            }
            Self::Json { is_first, mut indenter } => {
                let (head, tail) = json::frame(summary);
                laid_out(&mut indenter, if is_first { head + &tail } else { tail }) + "\n"
            }
            Self::Ndjson => return Ok(()),
        };
        put(host, &text)
    }
}

fn laid_out(indenter: &mut Option<Indenter>, text: String) -> String {
    match indenter {
        Some(indenter) => indenter.more(&text),
        None => text,
    }
}
