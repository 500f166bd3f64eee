//! A machine in memory.

use std::collections::{BTreeMap, VecDeque};

use kubelet_audit_cli::host::{
    Entry, EntryKind, Host, HostError, HostErrorKind, NodeAnswer, NodeQuery, OutputId, Terminal,
};

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
    /// Files that were begun, and those of them that were finished.
    pub(crate) outputs: Vec<(String, String)>,
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
            let (name, kind) = match below.split_once('/') {
                Some((name, _)) => (name, EntryKind::Directory),
                None => (below, EntryKind::File),
            };
            if entries.iter().all(|entry| entry.name != name) {
                entries.push(Entry { name: name.into(), kind });
            }
        }
        if entries.is_empty() { Err(error(HostErrorKind::NotFound)) } else { Ok(entries) }
    }
    fn is_directory(&mut self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        self.files.keys().any(|file| file.strip_prefix(path).is_some_and(|rest| rest.starts_with('/')))
    }
    fn create_output(&mut self, path: &str, _: Option<&str>) -> Result<OutputId, HostError> {
        if path.starts_with("read-only/") {
            return Err(error(HostErrorKind::PermissionDenied));
        }
        self.outputs.push((path.to_owned(), String::new()));
        Ok(OutputId(self.outputs.len() - 1))
    }
    fn write_output(&mut self, output: OutputId, text: &str) -> Result<(), HostError> {
        self.outputs[output.0].1.push_str(text);
        Ok(())
    }
    fn finish_output(&mut self, output: OutputId) -> Result<(), HostError> {
        let (path, text) = self.outputs[output.0].clone();
        self.written.insert(path, text);
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

/// The control that the tests are about.
pub(crate) const CONTROL: &str = "rotate-kubelet-server-certificate";

/// A config that passes it.
pub(crate) const PASSES: &str = "\
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
featureGates: {RotateKubeletServerCertificate: true}
serverTLSBootstrap: true
";

/// A config that fails it.
pub(crate) const FAILS: &str = "\
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
featureGates: {RotateKubeletServerCertificate: false}
";

/// A config with which the kubelet does not start.
pub(crate) const STOPS: &str = "\
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
readOnlyPort: -1
";

/// Runs a command line; `check` with [`CONTROL`] alone, unless it names others.
pub(crate) fn run(machine: &mut Machine, line: &str) -> u8 {
    const OTHERS: [&str; 8] =
        ["effective", "controls", "explain", "schema", "completions", "man", "version", "help"];
    let mut args: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
    let first = args.first().map_or("", String::as_str);
    if !OTHERS.contains(&first) && !line.contains("--control") {
        let at = usize::from(first == "check");
        args.insert(at, format!("--control={CONTROL}"));
    }
    machine.stdout.clear();
    machine.stderr.clear();
    kubelet_audit_cli::run(&args, machine)
}

pub(crate) fn json(machine: &Machine) -> serde_json::Value {
    serde_json::from_str(&machine.stdout).unwrap_or_else(|error| panic!("{error}: {}", machine.stdout))
}
