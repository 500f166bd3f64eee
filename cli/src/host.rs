//! The interface between the command and the machine it runs on.
//!
//! The command is written once, above this interface. std implements it for native programs and WASI, and
//! wasm-bindgen for Node.

/// A failed operation of the host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostError {
    /// The kind of failure.
    pub kind: HostErrorKind,
    /// The host's message, without the path.
    pub message: String,
}

impl HostError {
    /// Returns the reason, with the same text on every host where the kind is known.
    pub(crate) fn reason(&self) -> &str {
        match self.kind {
            HostErrorKind::NotFound => "no such file or directory",
            HostErrorKind::PermissionDenied => "permission denied",
            HostErrorKind::IsADirectory => "is a directory",
            HostErrorKind::NotADirectory => "not a directory",
            HostErrorKind::TooLarge => "too large",
            HostErrorKind::BrokenPipe | HostErrorKind::Unsupported | HostErrorKind::Other => &self.message,
        }
    }
}

/// The kinds of failure that the command distinguishes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostErrorKind {
    /// No such file or directory.
    NotFound,
    /// No permission to read the file.
    PermissionDenied,
    /// A directory in place of a file.
    IsADirectory,
    /// A file in place of a directory, or as the parent of a path.
    NotADirectory,
    /// Larger than the limit.
    TooLarge,
    /// The reader closed the pipe.
    BrokenPipe,
    /// The host does not support the operation.
    Unsupported,
    /// Anything else.
    Other,
}

/// One entry of a directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name, without the directory. U+FFFD replaces bytes that are not UTF-8.
    pub name: String,
    /// Its kind.
    pub kind: EntryKind,
}

/// The kind of a directory entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// A file, or a link to one.
    File,
    /// A directory. Symbolic links are not followed here: the kubelet walks `--config-dir` by Go's
    /// `filepath.WalkDir`, which does not follow them either, and so the walk ends.
    Directory,
    /// Not readable as a file, with a description: `a FIFO`, `a socket`, `a device`, `a link to nothing`.
    Special(&'static str),
}

/// An unfinished output file, from [`Host::create_output`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutputId(pub usize);

/// The machine.
pub trait Host {
    /// Returns the bytes of a file. A file longer than `limit` is [`HostErrorKind::TooLarge`].
    fn read_file(&mut self, path: &str, limit: usize) -> Result<Vec<u8>, HostError>;
    /// Returns the bytes of standard input up to its end, with the same limit.
    fn read_stdin(&mut self, limit: usize) -> Result<Vec<u8>, HostError>;
    /// Opens a file, or standard input for `-`, for [`Self::read`]. Only one file is open at a time.
    fn open(&mut self, path: &str) -> Result<(), HostError>;
    /// Returns the next bytes of the open file, as many as are available; none at its end.
    fn read(&mut self) -> Result<Vec<u8>, HostError>;
    /// Returns the entries of a directory, in any order.
    fn list_directory(&mut self, path: &str) -> Result<Vec<Entry>, HostError>;
    /// Whether the path names a directory.
    fn is_directory(&mut self, path: &str) -> bool;
    /// Replaces a file that contains `expected` by `new`, as a whole or not at all, and keeps its permissions.
    /// Fails if the file has changed or is a link to another directory. Without `expected`, creates the file, and
    /// fails if it exists.
    fn replace_file(&mut self, path: &str, expected: Option<&[u8]>, new: &[u8]) -> Result<(), HostError> {
        let _ = (path, expected, new);
        let message =
            "this build cannot write files; run with --diff and apply the output with patch".to_owned();
        Err(HostError { kind: HostErrorKind::Other, message })
    }

    /// Begins a file. [`Self::finish_output`] puts it in place as a whole; otherwise it is removed.
    ///
    /// A file that this host read, by whatever path, is not replaced, except for `may_replace`.
    fn create_output(&mut self, _path: &str, _may_replace: Option<&str>) -> Result<OutputId, HostError> {
        Err(HostError {
            kind: HostErrorKind::Unsupported,
            message: "this host cannot write files".to_owned(),
        })
    }
    /// Appends text to an output.
    fn write_output(&mut self, _: OutputId, _text: &str) -> Result<(), HostError> {
        Err(HostError {
            kind: HostErrorKind::Unsupported,
            message: "this host cannot write files".to_owned(),
        })
    }
    /// Puts an output in place.
    fn finish_output(&mut self, _: OutputId) -> Result<(), HostError> {
        Err(HostError {
            kind: HostErrorKind::Unsupported,
            message: "this host cannot write files".to_owned(),
        })
    }
    /// Writes to standard output.
    fn write_stdout(&mut self, text: &str) -> Result<(), HostError>;
    /// Writes to standard error.
    fn write_stderr(&mut self, text: &str);
    /// Returns an environment variable.
    fn variable(&self, name: &str) -> Option<String>;
    /// Returns the seconds since 1970-01-01 UTC; `None` if the host has no clock.
    fn now(&self) -> Option<u64> {
        None
    }
    /// Returns the terminal of standard output; `None` if it is not one.
    fn stdout_terminal(&self) -> Option<Terminal>;
    /// Starts to query nodes of a cluster for their configuration.
    fn ask_nodes(&mut self, _: &NodeQuery) -> Result<(), HostError> {
        Err(HostError {
            kind: HostErrorKind::Unsupported,
            message: "--live, --all-nodes and --selector need the npm build (npx kubelet-audit)".to_owned(),
        })
    }
    /// Returns the answer of the next node, in the order of their names; `None` after the last.
    fn next_node(&mut self) -> Result<Option<NodeAnswer>, HostError> {
        Ok(None)
    }
}

/// Which nodes to query, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeQuery {
    /// Names of nodes.
    pub names: Vec<String>,
    /// Every node of the cluster; with `selector` those that it selects.
    pub all: bool,
    /// A label selector, with the syntax of kubectl.
    pub selector: Option<String>,
    /// Context of the kubeconfig; `None` for the current one.
    pub context: Option<String>,
    /// Number of nodes queried at a time.
    pub concurrency: u32,
    /// Seconds to wait for the answer of a node, for each attempt.
    pub timeout: u32,
    /// Number of retries for a node that fails.
    pub retries: u32,
}

/// The result of querying a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeAnswer {
    /// Name of the node.
    pub name: String,
    /// Version of its kubelet, if the API server reports it.
    pub version: Option<String>,
    /// The answer, which is not validated, or why there is none.
    pub answer: Result<String, String>,
}

/// A terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terminal {
    /// Its width in columns, if known.
    pub columns: Option<u16>,
}
