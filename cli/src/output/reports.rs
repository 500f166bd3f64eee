//! The reports of a run: each form to its place, target by target.

use kubelet_audit::render::{self, At, Color, End, Layout, ReportForm, Writer};
use kubelet_audit::report::Target;

use crate::args::OutputArgs;
use crate::args::options::ColorChoice;
use crate::args::reports::ReportArgs;
use crate::failure::Failure;
use crate::host::{Host, OutputId};
use crate::output::put;
use crate::output::screen;

/// What has to be known for writers that lay out text.
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
            detail: self.output.detail,
            next: None,
            links: self.links.as_deref(),
        };
        match path {
            None => here,
            // A file is no terminal, whatever standard output is.
            Some(_) => Layout {
                width: screen::PIPE_COLUMNS,
                color: if self.output.color == ColorChoice::Always { Color::On } else { Color::Off },
                links: None,
                ..here
            },
        }
    }
}

/// The reports.
pub(crate) struct Reports {
    outputs: Vec<Output>,
}

struct Output {
    form: ReportForm,
    /// Absent for standard output.
    file: Option<OutputFile>,
    writer: Box<dyn Writer>,
}

struct OutputFile {
    id: OutputId,
    path: String,
}

impl Reports {
    /// Begins the files and writes what stands first.
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

    /// Whether any shows the effective configuration: the largest part of a report.
    pub(crate) fn show_effective(&self) -> bool {
        use ReportForm::{Json, JsonPretty, Ndjson};
        self.outputs.iter().any(|output| matches!(output.form, Json | JsonPretty | Ndjson))
    }

    /// Writes a target.
    pub(crate) fn target(&mut self, target: &Target, at: At<'_>, host: &mut dyn Host) -> Result<(), Failure> {
        self.each(host, |output| output.writer.target(target, at))
    }

    /// Writes what stands last, and puts the files in their places.
    pub(crate) fn end(&mut self, end: &End<'_>, host: &mut dyn Host) -> Result<(), Failure> {
        self.each(host, |output| {
            // What to run next is for people, and they sit where standard output is.
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
