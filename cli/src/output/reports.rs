//! The reports of a run, written target by target.

use clap::ColorChoice;
use kubelet_audit::render::{self, At, Color, End, Layout, ReportForm, Writer};
use kubelet_audit::report::Target;

use crate::args::output::OutputArgs;
use crate::args::reports::ReportArgs;
use crate::failure::Failure;
use crate::host::{Host, OutputId};
use crate::output::put;
use crate::output::screen;

/// The layout of text reports.
#[derive(Debug)]
pub(crate) struct Screen {
    width: usize,
    color: Color,
    links: Option<String>,
    output: OutputArgs,
}

impl Screen {
    pub(crate) fn of(output: OutputArgs, host: &dyn Host) -> Self {
        let color = screen::color(output.color, host);
        Self { width: screen::width(host), color, links: screen::links(color, host), output }
    }

    fn layout(&self, path: Option<&str>) -> Layout<'_> {
        let here = Layout {
            width: self.width,
            color: self.color,
            detail: self.output.detail(),
            next: None,
            links: self.links.as_deref(),
        };
        match path {
            None => here,
            // A file is not a terminal, whatever standard output is.
            Some(_) => Layout {
                width: screen::PIPE_COLUMNS,
                color: if self.output.color == ColorChoice::Always { Color::On } else { Color::Off },
                links: None,
                ..here
            },
        }
    }
}

/// The reports of a run.
pub(crate) struct Reports {
    outputs: Vec<Output>,
}

struct Output {
    form: ReportForm,
    /// `None` for standard output.
    file: Option<OutputFile>,
    writer: Box<dyn Writer>,
}

struct OutputFile {
    id: OutputId,
    path: String,
}

impl Reports {
    /// Creates the files and writes the start of each report.
    pub(crate) fn begin(args: &ReportArgs, screen: &Screen, host: &mut dyn Host) -> Result<Self, Failure> {
        let mut reports = Self { outputs: Vec::with_capacity(args.reports.len()) };
        for (form, path) in &args.reports {
            let writer = render::writer(*form, args.included, &screen.layout(path.as_deref()));
            let file = match path {
                None => None,
                Some(path) => {
                    let id =
                        host.create_output(path, None).map_err(|error| Failure::unwritable(path, &error))?;
                    Some(OutputFile { id, path: path.clone() })
                }
            };
            reports.outputs.push(Output { form: *form, file, writer });
        }
        reports.each(host, |output| output.writer.begin())?;
        Ok(reports)
    }

    /// Whether any report includes the effective configuration, the largest part.
    pub(crate) fn show_effective(&self) -> bool {
        use ReportForm::{Json, JsonPretty, Ndjson};
        self.outputs.iter().any(|output| matches!(output.form, Json | JsonPretty | Ndjson))
    }

    /// Writes a target.
    pub(crate) fn target(&mut self, target: &Target, at: At<'_>, host: &mut dyn Host) -> Result<(), Failure> {
        self.each(host, |output| output.writer.target(target, at))
    }

    /// Writes the end of each report, and puts the files in place.
    pub(crate) fn end(&mut self, end: &End<'_>, host: &mut dyn Host) -> Result<(), Failure> {
        self.each(host, |output| {
            // The next step is for the person at the terminal.
            let next = end.next.filter(|_| output.form == ReportForm::Text && output.file.is_none());
            output.writer.end(&End { next, ..*end })
        })?;
        for OutputFile { id, path } in self.outputs.iter().filter_map(|output| output.file.as_ref()) {
            host.finish_output(*id).map_err(|error| Failure::unwritable(path, &error))?;
        }
        Ok(())
    }

    fn each(
        &mut self,
        host: &mut dyn Host,
        mut text: impl FnMut(&mut Output) -> String,
    ) -> Result<(), Failure> {
        for output in &mut self.outputs {
            let text = text(output);
            if text.is_empty() {
                continue;
            }
            match &output.file {
                None => put(host, &text)?,
                Some(OutputFile { id, path }) => {
                    host.write_output(*id, &text).map_err(|error| Failure::unwritable(path, &error))?;
                }
            }
        }
        Ok(())
    }
}
