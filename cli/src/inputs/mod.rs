//! What is named on the command line, made into targets one at a time: nothing holds more than one.

pub(crate) mod directories;
pub(crate) mod layers;
pub(crate) mod nodes;
pub(crate) mod part;
pub(crate) mod recognise;
pub(crate) mod rows;
pub(crate) mod stream;
pub(crate) mod texts;

use std::collections::VecDeque;

use kubelet_audit::objects;
use kubelet_audit::report::{Issue, IssueSeverity, Location, Point, Range};
use kubelet_audit::request::{DropIn, Request};
use kubelet_audit::source::Limits;
use kubelet_audit::source::diagnostic::Code;

use crate::args::node::NodeArgs;
use crate::host::{Host, HostError, HostErrorKind};
use crate::inputs::directories::FoundFile;
use crate::inputs::layers::Layers;
use crate::inputs::part::Part;
use crate::inputs::recognise::{Found, looks_like};
use crate::inputs::rows::Row;
use crate::inputs::stream::{Fault, Form, Record, Stream};

/// One target: what is asked, and why it cannot be.
#[derive(Debug)]
pub(crate) struct Input {
    /// The request, complete where `errors` is empty.
    pub(crate) request: Request,
    /// What could not be read. A verdict without a layer that was named would be about another node.
    pub(crate) errors: Vec<Issue>,
    /// Where the config's text stands, where it is a part of a file.
    pub(crate) part: Option<Part>,
    /// One of many, of which a person wants a line each: a record, a file of a directory, a live node.
    pub(crate) is_one_of_many: bool,
}

/// Everything that is named, in order.
pub(crate) struct Inputs<'n> {
    node: &'n NodeArgs,
    /// The layers that belong to every target.
    pub(crate) layers: Layers,
    waiting: VecDeque<Origin>,
    records: Option<Records>,
    nodes_are_answering: bool,
    /// Files of directories that were passed over, with the reason, until somebody asks.
    pub(crate) skipped: Vec<(String, String)>,
    /// Files that were named and carry nothing for a kubelet.
    pub(crate) notices: Vec<Issue>,
}

/// Where targets come from.
enum Origin {
    /// A path as typed.
    Named(String),
    /// A file found below a directory.
    Found(FoundFile),
    /// The nodes of `--live`, `--all-nodes`, `--selector`.
    Nodes,
    /// No file: the layers alone.
    Layers,
}

/// A file of records that is being read.
struct Records {
    path: String,
    stream: Stream,
    count: u32,
    /// Whether nobody named the file.
    is_found: bool,
    /// Records before the first of a node: the file may be about something else.
    strangers: Vec<Input>,
    has_nodes: bool,
    /// Records that are known to belong to nodes.
    ready: VecDeque<Input>,
}

/// The most records without a node that are kept until one has a node.
const MOST_STRANGERS: usize = 100;

impl<'n> Inputs<'n> {
    /// Reads the layers; of the files nothing yet.
    pub(crate) fn new(node: &'n NodeArgs, host: &mut dyn Host) -> Self {
        let layers = Layers::read(node, host);
        let mut waiting: VecDeque<_> = node.files.iter().cloned().map(Origin::Named).collect();
        if node.live.is_some() {
            waiting.push_back(Origin::Nodes);
        }
        if waiting.is_empty() && node.has_layers() {
            waiting.push_back(Origin::Layers);
        }
        Self {
            node,
            layers,
            waiting,
            records: None,
            nodes_are_answering: false,
            skipped: Vec::new(),
            notices: Vec::new(),
        }
    }

    /// The next target; `None` behind the last.
    pub(crate) fn next(&mut self, host: &mut dyn Host) -> Option<Input> {
        loop {
            if let Some(input) = self.next_record(host) {
                return Some(input);
            }
            if let Some(input) = self.next_node(host) {
                return Some(input);
            }
            let input = match self.waiting.pop_front()? {
                Origin::Named(path) => self.open(path, None, host),
                Origin::Found(file) => self.open(file.path, Some(file.drop_ins), host),
                Origin::Nodes => self.ask_nodes(host),
                Origin::Layers => {
                    let name = layers::name_without_file(self.node);
                    Some(self.input(self.layers.request(self.node, None, name), Vec::new()))
                }
            };
            if input.is_some() {
                return input;
            }
        }
    }

    /// A target that is a document of its own; `None` where the path leads to others, or to none. `found` has the
    /// drop-ins of a file that nobody named.
    fn open(&mut self, path: String, found: Option<Vec<String>>, host: &mut dyn Host) -> Option<Input> {
        let is_found = found.is_some();
        let stream = match Stream::open(&path, host) {
            Ok(stream) => stream,
            Err(error) if error.kind == HostErrorKind::IsADirectory && !is_found => {
                return self.walk(&path, host);
            }
            Err(error) => return Some(self.unreadable(&path, &error)),
        };
        let path = self.node.source(&path).to_owned();
        if stream.form() != Form::Whole {
            self.records = Some(Records {
                path,
                stream,
                count: 0,
                is_found,
                strangers: Vec::new(),
                has_nodes: false,
                ready: VecDeque::new(),
            });
            return None;
        }
        let data = match stream.whole(host) {
            Ok(data) => data,
            Err(error) => return Some(self.unreadable(&path, &error)),
        };
        let mut text = layers::decoded(&path, &data, &self.limits());
        let mut path = path;
        let mut drop_ins = self.drop_ins(found.unwrap_or_default(), text.as_deref().ok(), host);
        // A file of K3s that says nothing of the kubelet leaves it to its drop-ins.
        if let (Some(files), Ok(text)) = (&mut drop_ins, &mut text)
            && files.iter().all(|file| !file.name.ends_with(".conf"))
            && !objects::is_k3s_config(text, &layers::limits(self.node))
            && !files.is_empty()
        {
            let first = files.remove(0);
            (path, *text) = (first.name, first.text);
        }
        if is_found && drop_ins.is_none() && !self.is_worth_it(&path, &data, text.as_deref().ok()) {
            return None;
        }
        let mut input = match text {
            Ok(text) => self.of_text(&path, text, None),
            Err(error) => self.input(self.layers.request(self.node, None, &path), vec![*error]),
        };
        if drop_ins.is_some() {
            input.request.drop_ins = drop_ins;
        }
        Some(Input { is_one_of_many: is_found, ..input })
    }

    /// The drop-ins that stand beside a file: of the kubelet for a kubelet's config file, of K3s and RKE2 for
    /// theirs. Files that are neither are left to be looked at by themselves. None where the user names drop-ins.
    fn drop_ins(
        &mut self,
        paths: Vec<String>,
        text: Option<&str>,
        host: &mut dyn Host,
    ) -> Option<Vec<DropIn>> {
        let is_config = text.is_some_and(|text| {
            text.contains("KubeletConfiguration") && looks_like(text, &self.limits()) == Found::Kubelet
        });
        let mut drop_ins = Vec::new();
        let mut others = Vec::new();
        for path in paths {
            let is_conf = is_config && path.ends_with(".conf");
            let may_be_k3s = !is_config && (path.ends_with(".yaml") || path.ends_with(".yml"));
            let read = (is_conf || may_be_k3s).then(|| self.layers.text_of(&path, &self.limits(), host));
            match read.flatten() {
                Some(text) if is_conf || objects::is_k3s_config(&text, &self.limits()) => {
                    drop_ins.push(DropIn { name: path, text });
                }
                _ => others.push(path),
            }
        }
        for path in others.into_iter().rev() {
            self.waiting.push_front(Origin::Found(FoundFile { path, drop_ins: Vec::new() }));
        }
        let is_given = self.node.config_dir.is_some() || !self.node.drop_ins.is_empty();
        (!drop_ins.is_empty() && !is_given).then_some(drop_ins)
    }

    /// Whether a file that nobody named is to be audited.
    fn is_worth_it(&mut self, path: &str, data: &[u8], text: Option<&str>) -> bool {
        let lossy;
        let text = match text {
            Some(text) => text,
            None => {
                lossy = String::from_utf8_lossy(data);
                &lossy
            }
        };
        match looks_like(text, &self.limits()) {
            Found::Kubelet => true,
            Found::Other(reason) => {
                self.skipped.push((path.to_owned(), reason));
                false
            }
        }
    }

    fn walk(&mut self, path: &str, host: &mut dyn Host) -> Option<Input> {
        let mut found = directories::Walk::default();
        directories::walk(path, &self.node.exclude, host, &mut found);
        self.skipped.append(&mut found.skipped);
        for file in found.files.into_iter().rev() {
            self.waiting.push_front(Origin::Found(file));
        }
        let request = || self.layers.request(self.node, None, path);
        (!found.errors.is_empty()).then(|| self.input(request(), found.errors))
    }

    fn next_record(&mut self, host: &mut dyn Host) -> Option<Input> {
        loop {
            let records = self.records.as_mut()?;
            if let Some(input) = records.ready.pop_front() {
                return Some(input);
            }
            let path = records.path.clone();
            match records.stream.next(host) {
                Ok(Some(record)) => {
                    records.count = records.count.saturating_add(1);
                    let source = format!("{path}#{}", records.count);
                    let (has_nodes, is_found) = (records.has_nodes, records.is_found);
                    let is_stranger = !has_nodes && self.is_stranger(&record, is_found);
                    let input = self.of_record(path, &source, record);
                    let records = self.records.as_mut()?;
                    if is_stranger {
                        if records.strangers.len() < MOST_STRANGERS {
                            records.strangers.push(input);
                        }
                        continue;
                    }
                    // Among nodes, a record without a configuration is one that is missing.
                    records.has_nodes = true;
                    records.ready.extend(records.strangers.drain(..));
                    records.ready.push_back(input);
                }
                Ok(None) => {
                    let records = self.records.take()?;
                    if !records.has_nodes && records.count > 0 {
                        self.pass_over(&path, records.is_found);
                    }
                    return None;
                }
                Err(error) => {
                    self.records = None;
                    return Some(self.unreadable(&path, &error));
                }
            }
        }
    }

    /// Whether a record is about something else than a node's kubelet.
    fn is_stranger(&self, record: &Record, is_found: bool) -> bool {
        if record.fault.is_some() {
            return false;
        }
        let Ok(text) = std::str::from_utf8(&record.bytes) else { return is_found };
        let is_json = kubelet_audit::source::json::read(
            text,
            kubelet_audit::source::SourceId(0),
            &Limits::for_bytes(Limits::MAX_BYTES),
        )
        .is_ok();
        (is_json || is_found) && matches!(looks_like(text, &self.limits()), Found::Other(_))
    }

    /// Says that no record of a file is about a node.
    fn pass_over(&mut self, path: &str, is_found: bool) {
        let reason = "its JSON records are about something else than kubelets".to_owned();
        if is_found {
            self.skipped.push((path.to_owned(), reason));
            return;
        }
        self.notices.push(Issue {
            severity: IssueSeverity::Warning,
            help: "pass answers of /configz, or records with a node's name and its configuration".to_owned(),
            ..layers::issue(Code::NoKubelet, path, format!("{path} was not audited: {reason}"))
        });
    }

    fn of_record(&self, file: String, source: &str, record: Record) -> Input {
        let part = Part { file, start: record.start };
        let error = match record.fault {
            Some(Fault::TooLarge) => {
                let message = "the record is larger than 16 MiB".to_owned();
                Err(Box::new(layers::issue(Code::TooLarge, source, message)))
            }
            Some(Fault::Unfinished) => {
                let message = "the list ends without `]`; the rest is missing".to_owned();
                Err(Box::new(layers::issue(Code::JsonSyntax, source, message)))
            }
            None => layers::decoded(source, &record.bytes, &self.limits()),
        };
        let input = match error {
            Ok(text) => self.of_text(source, text, Some(part)),
            Err(mut error) => {
                if let Some(location) = &mut error.location {
                    location.range.get_or_insert(Range { start: Point::START, end: Point::START });
                    part.shift(location, source);
                }
                self.input(self.layers.request(self.node, None, source), vec![*error])
            }
        };
        Input { is_one_of_many: true, ..input }
    }

    /// The target of a text, which may say which node it is of.
    fn of_text(&self, source: &str, text: String, part: Option<Part>) -> Input {
        let Some(row) = Row::read(&text) else {
            let input = self.input(self.layers.request(self.node, Some(text), source), Vec::new());
            return Input { part, ..input };
        };
        let (config, part) = match row.inner.and_then(|(range, start)| Some((text.get(range)?, start))) {
            Some((inner, start)) => {
                let outer = part.unwrap_or_else(|| Part { file: source.to_owned(), start: Point::START });
                (inner.to_owned(), Some(Part { start: outer.start.then(start), ..outer }))
            }
            None => (text, part),
        };
        let mut request = self.layers.request(self.node, Some(config), source);
        request.node = request.node.or(row.node);
        request.node_version = row.version;
        let errors = match row.error {
            Some(reason) => {
                let node = request.node.as_deref().unwrap_or(source);
                let range = Some(Range { start: Point::START, end: Point::START });
                let mut at = Location { source: source.to_owned(), range };
                part.iter().for_each(|part| part.shift(&mut at, source));
                vec![Issue { location: Some(at), ..Row::no_answer(node, &reason) }]
            }
            None => Vec::new(),
        };
        Input { part, ..self.input(request, errors) }
    }

    fn ask_nodes(&mut self, host: &mut dyn Host) -> Option<Input> {
        let query = self.node.live.as_ref()?;
        match host.ask_nodes(query) {
            Ok(()) => {
                self.nodes_are_answering = true;
                None
            }
            Err(error) => {
                let request = self.layers.request(self.node, None, nodes::NODES);
                Some(self.input(request, vec![nodes::not_asked(&error)]))
            }
        }
    }

    fn next_node(&mut self, host: &mut dyn Host) -> Option<Input> {
        if !self.nodes_are_answering {
            return None;
        }
        let answer = match host.next_node() {
            Ok(Some(answer)) => answer,
            Ok(None) => {
                self.nodes_are_answering = false;
                return None;
            }
            Err(error) => {
                self.nodes_are_answering = false;
                let request = self.layers.request(self.node, None, nodes::NODES);
                return Some(self.input(request, vec![nodes::not_asked(&error)]));
            }
        };
        let source = format!("{}/{}", nodes::NODES, answer.name);
        let (config, errors) = match answer.answer {
            Ok(text) => (Some(text), Vec::new()),
            Err(reason) => (None, vec![Row::no_answer(&answer.name, &reason)]),
        };
        let mut request = self.layers.request(self.node, config, &source);
        request.node = Some(answer.name);
        request.node_version = answer.version;
        Some(Input { is_one_of_many: true, ..self.input(request, errors) })
    }

    fn unreadable(&self, path: &str, error: &HostError) -> Input {
        self.input(self.layers.request(self.node, None, path), vec![layers::unreadable(path, error)])
    }

    fn input(&self, request: Request, mut errors: Vec<Issue>) -> Input {
        errors.extend(self.layers.errors.iter().cloned());
        Input { request, errors, part: None, is_one_of_many: false }
    }

    fn limits(&self) -> Limits {
        layers::limits(self.node)
    }
}
