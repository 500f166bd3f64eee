//! The layers that stand beside a target's own file, and how files become texts.

use kubelet_audit::report::{Issue, IssueSeverity, Location, Point, Range};
use kubelet_audit::request::{ArgsFile, ArgsInput, ConfigInput, DropIn, Request};
use kubelet_audit::resolve::is_drop_in_name;
use kubelet_audit::source::diagnostic::Code;
use kubelet_audit::source::{Limits, LineIndex, ReadError, Span, bytes};

use crate::args::nearest_command;
use crate::args::node::NodeArgs;
use crate::host::{Entry, EntryKind, Host, HostError, HostErrorKind};

/// What `--args` is called where it stands beside files, and as the name of a run that has nothing
/// but a command line.
pub(crate) const ARGS_NAME: &str = "args";

/// The layers that belong to every target, read once.
#[derive(Debug)]
pub(crate) struct Layers {
    drop_ins: Option<Vec<DropIn>>,
    args: Option<ArgsInput>,
    /// What could not be read. A verdict without a layer that was named would be about another node.
    pub(crate) errors: Vec<Issue>,
    /// Name and path of each drop-in that was read.
    pub(crate) drop_in_paths: Vec<(String, String)>,
}

impl Layers {
    /// Reads everything that is named beside the files.
    pub(crate) fn read(node: &NodeArgs, host: &mut dyn Host) -> Self {
        let limits = limits(node);
        let mut reader = Reader { host, limits, errors: Vec::new(), drop_in_paths: Vec::new() };
        let drop_ins = reader.drop_ins(node);
        let args = reader.args(node);
        Self { drop_ins, args, errors: reader.errors, drop_in_paths: reader.drop_in_paths }
    }

    /// The text of a file that is a layer of one target alone.
    pub(crate) fn text_of(&self, path: &str, limits: &Limits, host: &mut dyn Host) -> Option<String> {
        let data = host.read_file(path, Limits::MAX_BYTES.saturating_add(1)).ok()?;
        decoded(path, &data, limits).ok()
    }

    /// The request for one target.
    pub(crate) fn request(&self, node: &NodeArgs, config: Option<String>, source: &str) -> Request {
        Request {
            config: config.map(ConfigInput::Text),
            drop_ins: self.drop_ins.clone(),
            args: self.args.clone(),
            source: Some(source.to_owned()),
            ..node.options()
        }
    }
}

/// The limits of each document.
pub(crate) fn limits(node: &NodeArgs) -> Limits {
    node.max_bytes.map_or_else(Limits::default, |bytes| Limits::for_bytes(bytes as usize))
}

/// What a run without a config file is called.
pub(crate) fn name_without_file(node: &NodeArgs) -> &str {
    let named = node.args_from.first().or(node.config_dir.as_ref()).or(node.drop_ins.first());
    named.map_or(ARGS_NAME, String::as_str)
}

/// Files and directories below one directory; more are a mistake, such as a whole disk.
pub(crate) const MOST_ENTRIES: usize = 10_000;

struct Reader<'h> {
    host: &'h mut dyn Host,
    limits: Limits,
    errors: Vec<Issue>,
    drop_in_paths: Vec<(String, String)>,
}

impl Reader<'_> {
    fn drop_ins(&mut self, node: &NodeArgs) -> Option<Vec<DropIn>> {
        if node.config_dir.is_none() && node.drop_ins.is_empty() {
            return None;
        }
        let mut drop_ins = Vec::new();
        if let Some(directory) = &node.config_dir {
            self.walk(directory, &mut drop_ins);
        }
        for path in &node.drop_ins {
            let name = path.rsplit(['/', '\\']).next().unwrap_or(path).to_owned();
            if drop_ins.iter().any(|other| other.name == name) {
                let message = "another drop-in has the same name, but the directory of the kubelet can contain only one";
                self.errors.push(issue(Code::InvalidRequest, path, message.to_owned()));
            } else if let Some(text) = self.text(path) {
                self.drop_in_paths.push((name.clone(), path.clone()));
                drop_ins.push(DropIn { name, text });
            }
        }
        Some(drop_ins)
    }

    /// Every file below `root`, by its path below it.
    fn walk(&mut self, root: &str, drop_ins: &mut Vec<DropIn>) {
        let mut below = vec![String::new()];
        let mut count = 0_usize;
        while let Some(prefix) = below.pop() {
            let directory = join(root, &prefix);
            let entries = match self.host.list_directory(&directory) {
                Ok(entries) => in_order(entries),
                Err(error) => {
                    self.errors.push(unreadable(&directory, &error));
                    continue;
                }
            };
            count = count.saturating_add(entries.len());
            if count > MOST_ENTRIES {
                let message = format!("more than {MOST_ENTRIES} files below {root}");
                self.errors.push(issue(Code::TooLarge, root, message));
                return;
            }
            for entry in entries {
                let name = format!("{prefix}{}", entry.name);
                if entry.kind == EntryKind::Directory {
                    below.push(format!("{name}/"));
                } else if !is_drop_in_name(&name) {
                    // The core names it; whatever lies beside the drop-ins may be large or not
                    // readable, so it is not read.
                    drop_ins.push(DropIn { name, text: String::new() });
                } else if let EntryKind::Special(kind) = entry.kind {
                    // The kubelet would wait for it or fail, and with it all that the drop-in says is unknown.
                    let path = join(root, &name);
                    self.errors.push(issue(
                        Code::Unreadable,
                        &path,
                        format!("cannot read {path}: it is {kind}"),
                    ));
                } else {
                    let path = join(root, &name);
                    if let Some(text) = self.text(&path) {
                        self.drop_in_paths.push((name.clone(), path));
                        drop_ins.push(DropIn { name, text });
                    }
                }
            }
        }
    }

    fn args(&mut self, node: &NodeArgs) -> Option<ArgsInput> {
        if node.args_from.is_empty() {
            return node.args.clone().map(ArgsInput::Text);
        }
        let read = node.args_from.iter().filter_map(|path| {
            let text = self.text(path)?;
            Some(ArgsFile { name: path.clone(), text })
        });
        let typed = node.args.iter().map(|text| ArgsFile { name: ARGS_NAME.to_owned(), text: text.clone() });
        Some(ArgsInput::Files(read.chain(typed).collect()))
    }

    /// The text of a file, or `None` with the reason among the errors.
    fn text(&mut self, path: &str) -> Option<String> {
        // One byte more than any document may have: whether it is too large, and for which limit, is
        // for the decoder to say, in the same words for every host.
        let most = Limits::MAX_BYTES.saturating_add(1);
        let read = if path == "-" { self.host.read_stdin(most) } else { self.host.read_file(path, most) };
        let data = match read {
            Ok(data) => data,
            Err(error) => {
                self.errors.push(unreadable(path, &error));
                return None;
            }
        };
        decoded(path, &data, &self.limits).map_err(|error| self.errors.push(*error)).ok()
    }
}

/// The entries by name: hosts list in any order, and errors must come in the same one everywhere.
pub(crate) fn in_order(mut entries: Vec<Entry>) -> Vec<Entry> {
    entries.sort_by(|a, b| a.name.cmp(&b.name));
    entries
}

pub(crate) fn join(directory: &str, name: &str) -> String {
    let separator = if directory.ends_with('/') || directory.is_empty() { "" } else { "/" };
    format!("{directory}{separator}{name}")
}

pub(crate) fn issue(code: Code, source: &str, message: String) -> Issue {
    Issue {
        code: code.as_str().to_owned(),
        severity: IssueSeverity::Error,
        message,
        help: String::new(),
        location: Some(Location { source: source.to_owned(), range: None }),
    }
}

/// The host's failure in words that do not depend on the host, as far as that goes.
pub(crate) fn unreadable(path: &str, error: &HostError) -> Issue {
    let (code, reason, help) = match error.kind {
        HostErrorKind::NotFound => {
            let command = nearest_command(path);
            let help = command.map(|name| format!("did you mean the command `{name}`?")).unwrap_or_default();
            (Code::Unreadable, error.reason(), help)
        }
        HostErrorKind::IsADirectory => {
            (Code::Unreadable, error.reason(), "use --config-dir for a directory of drop-ins".to_owned())
        }
        HostErrorKind::TooLarge => (Code::TooLarge, "larger than 16 MiB", String::new()),
        _ => (Code::Unreadable, error.reason(), String::new()),
    };
    Issue { help, ..issue(code, path, format!("cannot read {path}: {reason}")) }
}

/// The text of these bytes.
pub(crate) fn decoded(path: &str, data: &[u8], limits: &Limits) -> Result<String, Box<Issue>> {
    match bytes::decode(data, limits) {
        Ok(text) => Ok(text.into_owned()),
        Err(error) => Err(Box::new(undecodable(path, data, &error))),
    }
}

fn undecodable(path: &str, data: &[u8], error: &ReadError) -> Issue {
    let range = range_of(data, error.span);
    let location = Some(Location { source: path.to_owned(), range });
    Issue { help: error.help.clone(), location, ..issue(error.code, path, error.message.clone()) }
}

/// The place of a span in bytes that are not text as a whole but are up to the span.
fn range_of(data: &[u8], span: Span) -> Option<Range> {
    let before = String::from_utf8_lossy(data.get(..span.start as usize)?);
    let position = LineIndex::new(&before).position(u32::MAX);
    let start = Point { offset: span.start, line: position.line, column: position.column };
    Some(Range { start, end: Point { offset: span.end, column: position.column.saturating_add(1), ..start } })
}
