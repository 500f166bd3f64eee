//! What the command asks of the machine it runs on.
//!
//! The command line is written once, above this interface: natively and under WASI through std, in
//! Node through wasm-bindgen.

/// Why the host could not do something, in its own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostError {
    /// What kind of failure, where the host can tell.
    pub kind: HostErrorKind,
    /// The host's message, without the path.
    pub message: String,
}

impl HostError {
    /// Why, in words that do not depend on the host, as far as that goes.
    pub(crate) fn reason(&self) -> &str {
        match self.kind {
            HostErrorKind::NotFound => "there is no such file or directory",
            HostErrorKind::PermissionDenied => "permission denied",
            HostErrorKind::IsADirectory => "it is a directory",
            HostErrorKind::NotADirectory => "not a directory",
            HostErrorKind::TooLarge => "it is too large",
            HostErrorKind::BrokenPipe | HostErrorKind::Unsupported | HostErrorKind::Other => &self.message,
        }
    }
}

/// Kinds of failure that the command tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostErrorKind {
    /// There is no such file or directory.
    NotFound,
    /// It is there but may not be read.
    PermissionDenied,
    /// A file was asked for and it is a directory.
    IsADirectory,
    /// A directory was asked for and it is none, or a file below what is none.
    NotADirectory,
    /// It is larger than what was allowed.
    TooLarge,
    /// Nobody reads what is written any more.
    BrokenPipe,
    /// This host cannot do such a thing.
    Unsupported,
    /// Anything else.
    Other,
}

/// One entry of a directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name, without the directory. Names that are not UTF-8 come with U+FFFD in place of what
    /// is not.
    pub name: String,
    /// What it is.
    pub kind: EntryKind,
}

/// What an entry of a directory is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// A file, or a link to one.
    File,
    /// A directory. Symbolic links are not followed here: the kubelet walks `--config-dir` by Go's
    /// `filepath.WalkDir`, which does not follow them either, and so the walk ends.
    Directory,
    /// What cannot be read as a file, with what it is: `a FIFO`, `a socket`, `a device`, `a link to nothing`.
    Special(&'static str),
}

/// A file in the making, as [`Host::create_output`] numbers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutputId(pub usize);

/// The machine.
pub trait Host {
    /// The bytes of a file, at most `limit` of them: a longer file is [`HostErrorKind::TooLarge`].
    fn read_file(&mut self, path: &str, limit: usize) -> Result<Vec<u8>, HostError>;
    /// The bytes of standard input up to its end, at most `limit` of them.
    fn read_stdin(&mut self, limit: usize) -> Result<Vec<u8>, HostError>;
    /// Opens a file, or standard input for `-`, to be read by [`Self::read`]. One thing at a time is
    /// open.
    fn open(&mut self, path: &str) -> Result<(), HostError>;
    /// The next bytes of what was opened, as many as come at once; none at its end.
    fn read(&mut self) -> Result<Vec<u8>, HostError>;
    /// The entries of a directory, in no order.
    fn list_directory(&mut self, path: &str) -> Result<Vec<Entry>, HostError>;
    /// Whether the path names a directory.
    fn is_directory(&mut self, path: &str) -> bool;
    /// Puts `new` in the place of a file that holds `expected`: whole or not at all, permissions kept,
    /// and refused where the file changed meanwhile or is a link to another directory. With nothing
    /// expected the file is made, and refused where there is one.
    fn replace_file(&mut self, path: &str, expected: Option<&[u8]>, new: &[u8]) -> Result<(), HostError> {
        let _ = (path, expected, new);
        let message = "files cannot be written here: use --diff, and apply it with patch".to_owned();
        Err(HostError { kind: HostErrorKind::Other, message })
    }

    /// Begins a file. It takes its place when [`Self::finish_output`] is called, whole, and is gone otherwise.
    ///
    /// A file that this host read, under whatever name, is not replaced, except for `may_replace`.
    fn create_output(&mut self, _path: &str, _may_replace: Option<&str>) -> Result<OutputId, HostError> {
        Err(HostError { kind: HostErrorKind::Unsupported, message: "this host writes no files".to_owned() })
    }
    /// Adds to a file that was begun.
    fn write_output(&mut self, _: OutputId, _text: &str) -> Result<(), HostError> {
        Err(HostError { kind: HostErrorKind::Unsupported, message: "this host writes no files".to_owned() })
    }
    /// Puts a file in its place.
    fn finish_output(&mut self, _: OutputId) -> Result<(), HostError> {
        Err(HostError { kind: HostErrorKind::Unsupported, message: "this host writes no files".to_owned() })
    }
    /// Writes to standard output.
    fn write_stdout(&mut self, text: &str) -> Result<(), HostError>;
    /// Writes to standard error.
    fn write_stderr(&mut self, text: &str);
    /// An environment variable.
    fn variable(&self, name: &str) -> Option<String>;
    /// Seconds since 1970-01-01 UTC; absent where the host has no clock.
    fn now(&self) -> Option<u64> {
        None
    }
    /// What standard output is.
    fn stdout_terminal(&self) -> Option<Terminal>;
    /// Starts to ask nodes of a cluster for their configuration.
    fn ask_nodes(&mut self, _: &NodeQuery) -> Result<(), HostError> {
        Err(HostError {
            kind: HostErrorKind::Unsupported,
            message: "only the command in Node (npx kubelet-audit) starts kubectl".to_owned(),
        })
    }
    /// The answer of the next node, in the order of their names; `None` behind the last.
    fn next_node(&mut self) -> Result<Option<NodeAnswer>, HostError> {
        Ok(None)
    }
}

/// Which nodes to ask, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeQuery {
    /// Nodes by name.
    pub names: Vec<String>,
    /// Every node of the cluster; with `selector` those that it selects.
    pub all: bool,
    /// A label selector, as kubectl takes it.
    pub selector: Option<String>,
    /// Context of the kubeconfig; the current one where absent.
    pub context: Option<String>,
    /// Nodes asked at a time.
    pub concurrency: u32,
    /// Seconds that a node has to answer, each time it is asked.
    pub timeout: u32,
    /// How often a node that fails is asked again.
    pub retries: u32,
}

/// What became of a node that was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeAnswer {
    /// The node.
    pub name: String,
    /// Version of its kubelet, where the API server told.
    pub version: Option<String>,
    /// What it answered, whatever that is, or why there is no answer.
    pub answer: Result<String, String>,
}

/// A terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terminal {
    /// Its width in columns, where known.
    pub columns: Option<u16>,
}
