//! A machine in memory, and a library that says what a test asks it to.

use std::collections::{BTreeMap, VecDeque};

use kubelet_audit::report::{Report, Target};
use kubelet_audit::request::{ArgsInput, ConfigInput, Request};

use crate::host::{Entry, Host, HostError, HostErrorKind, NodeAnswer, NodeQuery, Terminal};
use crate::run_with;

/// A machine in memory.
#[derive(Default)]
pub(crate) struct Machine {
    pub(crate) files: BTreeMap<&'static str, Vec<u8>>,
    pub(crate) stdin: Vec<u8>,
    /// What is being read, and how many bytes of it come at once; 0 for all.
    pub(crate) open: VecDeque<u8>,
    pub(crate) piece: usize,
    /// What nodes answer.
    pub(crate) nodes: VecDeque<NodeAnswer>,
    pub(crate) asked: Option<NodeQuery>,
    pub(crate) environment: BTreeMap<&'static str, &'static str>,
    pub(crate) terminal: Option<Terminal>,
    pub(crate) reader_left: bool,
    pub(crate) written: BTreeMap<String, String>,
    pub(crate) now: Option<u64>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

fn error(kind: HostErrorKind) -> HostError {
    HostError { kind, message: "os words".into() }
}

impl Host for Machine {
    fn read_file(&mut self, path: &str, limit: usize) -> Result<Vec<u8>, HostError> {
        if self.is_directory(path) {
            return Err(error(HostErrorKind::IsADirectory));
        }
        let data = self.files.get(path).ok_or_else(|| error(HostErrorKind::NotFound))?;
        if data.len() > limit { Err(error(HostErrorKind::TooLarge)) } else { Ok(data.clone()) }
    }
    fn read_stdin(&mut self, _: usize) -> Result<Vec<u8>, HostError> {
        Ok(std::mem::take(&mut self.stdin))
    }
    fn open(&mut self, path: &str) -> Result<(), HostError> {
        let data = if path == "-" { self.read_stdin(0) } else { self.read_file(path, usize::MAX) };
        self.open = data?.into();
        Ok(())
    }
    fn read(&mut self) -> Result<Vec<u8>, HostError> {
        let count = self.open.len().min(if self.piece == 0 { usize::MAX } else { self.piece });
        Ok(self.open.drain(..count).collect())
    }
    fn list_directory(&mut self, path: &str) -> Result<Vec<Entry>, HostError> {
        let prefix = format!("{}/", path.trim_end_matches('/'));
        let mut entries: Vec<Entry> = Vec::new();
        for below in self.files.keys().rev().filter_map(|file| file.strip_prefix(&prefix)) {
            let (name, is_directory) = below.split_once('/').map_or((below, false), |(name, _)| (name, true));
            if entries.iter().all(|entry| entry.name != name) {
                entries.push(Entry { name: name.into(), is_directory });
            }
        }
        if entries.is_empty() { Err(error(HostErrorKind::NotFound)) } else { Ok(entries) }
    }
    fn is_directory(&mut self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        self.files.keys().any(|file| file.strip_prefix(path).is_some_and(|rest| rest.starts_with('/')))
    }
    fn create_file(&mut self, path: &str) -> Result<(), HostError> {
        if path.starts_with("read-only/") {
            return Err(error(HostErrorKind::PermissionDenied));
        }
        self.written.insert(path.to_owned(), String::new());
        Ok(())
    }
    fn append_file(&mut self, path: &str, text: &str) -> Result<(), HostError> {
        let file = self.written.get_mut(path).ok_or_else(|| error(HostErrorKind::NotFound))?;
        file.push_str(text);
        Ok(())
    }
    fn now(&self) -> Option<u64> {
        self.now
    }
    fn write_stdout(&mut self, text: &str) -> Result<(), HostError> {
        if self.reader_left {
            return Err(error(HostErrorKind::BrokenPipe));
        }
        self.stdout.push_str(text);
        Ok(())
    }
    fn write_stderr(&mut self, text: &str) {
        self.stderr.push_str(text);
    }
    fn variable(&self, name: &str) -> Option<String> {
        self.environment.get(name).map(|value| (*value).to_owned())
    }
    fn stdout_terminal(&self) -> Option<Terminal> {
        self.terminal
    }
    fn ask_nodes(&mut self, query: &NodeQuery) -> Result<(), HostError> {
        if self.nodes.is_empty() {
            return Err(HostError { kind: HostErrorKind::Unsupported, message: "no kubectl here".into() });
        }
        self.asked = Some(query.clone());
        Ok(())
    }
    fn next_node(&mut self) -> Result<Option<NodeAnswer>, HostError> {
        Ok(self.nodes.pop_front())
    }
}

pub(crate) fn machine(files: &[(&'static str, &str)]) -> Machine {
    let files = files.iter().map(|(path, text)| (*path, text.as_bytes().to_vec())).collect();
    Machine { files, ..Machine::default() }
}

/// A config whose finding fails.
pub(crate) const NODE: &str = "\
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
featureGates: {RotateKubeletServerCertificate: false}
extra: 1
";

/// A config whose finding passes.
const GOOD: &str = "\
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
featureGates: {RotateKubeletServerCertificate: true}
serverTLSBootstrap: true
";

/// What the library says of a config called `node.yaml`, with one finding.
pub(crate) fn target(config: &str) -> Target {
    let report = kubelet_audit::audit(&Request {
        config: Some(ConfigInput::Text(config.to_owned())),
        source: Some("node.yaml".to_owned()),
        kubelet_version: Some("1.36".to_owned()),
        benchmark: Some("cis-aks-1.7".to_owned()),
        controls: Some(vec!["rotate-kubelet-server-certificate".to_owned()]),
        ..Request::default()
    });
    let mut target = report.targets.into_iter().next().unwrap();
    target.findings[0].fingerprint = "f".to_owned();
    target
}

/// Stands in for the library: the file's text says what the findings are.
pub(crate) fn audit(request: &Request) -> Report {
    let text = match &request.config {
        Some(ConfigInput::Text(text)) => text.as_str(),
        _ => "pass",
    };
    let mut target = match text {
        "none" => return kubelet_audit::report_of(vec![]),
        "fail" => target(NODE),
        _ => target(GOOD),
    };
    if let Some(kubelet) = &mut target.kubelet {
        kubelet.starts = Some(text != "stops");
        kubelet.layers = seen(request);
    }
    target.source = request.source.clone().unwrap_or_default();
    target.node.clone_from(&request.node);
    kubelet_audit::report_of(vec![target])
}

/// What a request holds, in a form to compare.
fn seen(request: &Request) -> Vec<String> {
    let mut seen = Vec::new();
    if let Some(ConfigInput::Text(text)) = &request.config {
        seen.push(format!("config {text}"));
    }
    for file in request.drop_ins.iter().flatten() {
        seen.push(format!("drop-in {} {}", file.name, file.text));
    }
    match &request.args {
        Some(ArgsInput::Text(text)) => seen.push(format!("args {text}")),
        Some(ArgsInput::Files(files)) => {
            seen.extend(files.iter().map(|file| format!("args {} {}", file.name, file.text)));
        }
        _ => {}
    }
    seen
}

pub(crate) fn run(machine: &mut Machine, line: &str) -> u8 {
    let args: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
    run_with(&args, machine, &audit)
}

pub(crate) fn json(machine: &Machine) -> serde_json::Value {
    serde_json::from_str(&machine.stdout).unwrap_or_else(|error| panic!("{error}: {}", machine.stdout))
}
