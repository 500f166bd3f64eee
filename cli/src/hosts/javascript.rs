//! The entry point of the npm package's command (`js/src/cli.js`), and the host in Node.

#![expect(unreachable_pub, reason = "the generator exports public functions alone, wherever they are")]

use wasm_bindgen::prelude::*;

use crate::host::{
    Entry, EntryKind, Host, HostError, HostErrorKind, NodeAnswer, NodeQuery, OutputId, Terminal,
};

/// Runs the command and returns its exit code. `args` does not include the program name.
#[wasm_bindgen]
pub fn run(args: Vec<String>, host: &JsHost) -> u8 {
    crate::run(&args, &mut Bridge(host))
}

#[wasm_bindgen]
extern "C" {
    /// The host, from `js/src/host.js`.
    pub type JsHost;

    #[wasm_bindgen(method, catch, js_name = readFile)]
    fn read_file(this: &JsHost, path: &str, limit: u32) -> Result<Vec<u8>, Failure>;
    #[wasm_bindgen(method, catch, js_name = readStdin)]
    fn read_stdin(this: &JsHost, limit: u32) -> Result<Vec<u8>, Failure>;
    /// Opens a file, or standard input for `-`.
    #[wasm_bindgen(method, catch)]
    fn open(this: &JsHost, path: &str) -> Result<(), Failure>;
    /// Returns the next bytes of the open file; none at its end.
    #[wasm_bindgen(method, catch)]
    fn read(this: &JsHost) -> Result<Vec<u8>, Failure>;
    /// Names and kinds, in turn: `file`, `directory`, or what else it is.
    #[wasm_bindgen(method, catch, js_name = listDirectory)]
    fn list_directory(this: &JsHost, path: &str) -> Result<Vec<String>, Failure>;
    #[wasm_bindgen(method, js_name = isDirectory)]
    fn is_directory(this: &JsHost, path: &str) -> bool;
    #[wasm_bindgen(method, catch, js_name = replaceFile)]
    fn replace_file(this: &JsHost, path: &str, expected: Option<&[u8]>, new: &[u8]) -> Result<(), Failure>;
    /// Begins a file, and returns its number.
    #[wasm_bindgen(method, catch, js_name = createOutput)]
    fn create_output(this: &JsHost, path: &str, may_replace: Option<&str>) -> Result<u32, Failure>;
    #[wasm_bindgen(method, catch, js_name = writeOutput)]
    fn write_output(this: &JsHost, output: u32, text: &str) -> Result<(), Failure>;
    #[wasm_bindgen(method, catch, js_name = finishOutput)]
    fn finish_output(this: &JsHost, output: u32) -> Result<(), Failure>;
    #[wasm_bindgen(method, catch, js_name = writeStdout)]
    fn write_stdout(this: &JsHost, text: &str) -> Result<(), Failure>;
    #[wasm_bindgen(method, js_name = writeStderr)]
    fn write_stderr(this: &JsHost, text: &str);
    #[wasm_bindgen(method)]
    fn variable(this: &JsHost, name: &str) -> Option<String>;
    /// Seconds since 1970-01-01 UTC.
    #[wasm_bindgen(method)]
    fn now(this: &JsHost) -> f64;
    /// Returns the width of the terminal, 0 if it is unknown; `undefined` if standard output is not a terminal.
    #[wasm_bindgen(method, js_name = stdoutColumns)]
    fn stdout_columns(this: &JsHost) -> Option<u16>;

    /// Starts to query nodes.
    #[wasm_bindgen(method, catch, js_name = askNodes)]
    fn ask_nodes(
        this: &JsHost,
        names: Vec<String>,
        all: bool,
        selector: Option<String>,
        context: Option<String>,
        concurrency: u32,
        timeout: u32,
        retries: u32,
    ) -> Result<(), Failure>;
    /// Returns the next node: name, version or nothing, answer or nothing, why there is none. Empty after the
    /// last.
    #[wasm_bindgen(method, catch, js_name = nextNode)]
    fn next_node(this: &JsHost) -> Result<Vec<String>, Failure>;

    /// What the host throws: an object with these two fields.
    type Failure;

    #[wasm_bindgen(method, getter)]
    fn kind(this: &Failure) -> String;
    #[wasm_bindgen(method, getter)]
    fn message(this: &Failure) -> String;
}

impl From<Failure> for HostError {
    fn from(failure: Failure) -> Self {
        let kind = match failure.kind().as_str() {
            "not-found" => HostErrorKind::NotFound,
            "permission-denied" => HostErrorKind::PermissionDenied,
            "is-a-directory" => HostErrorKind::IsADirectory,
            "not-a-directory" => HostErrorKind::NotADirectory,
            "too-large" => HostErrorKind::TooLarge,
            "broken-pipe" => HostErrorKind::BrokenPipe,
            "unsupported" => HostErrorKind::Unsupported,
            _ => HostErrorKind::Other,
        };
        Self { kind, message: failure.message() }
    }
}

/// The host over the JavaScript one.
struct Bridge<'a>(&'a JsHost);

impl Host for Bridge<'_> {
    fn read_file(&mut self, path: &str, limit: usize) -> Result<Vec<u8>, HostError> {
        Ok(self.0.read_file(path, narrow(limit))?)
    }

    fn read_stdin(&mut self, limit: usize) -> Result<Vec<u8>, HostError> {
        Ok(self.0.read_stdin(narrow(limit))?)
    }

    fn open(&mut self, path: &str) -> Result<(), HostError> {
        Ok(self.0.open(path)?)
    }

    fn read(&mut self) -> Result<Vec<u8>, HostError> {
        Ok(self.0.read()?)
    }

    fn list_directory(&mut self, path: &str) -> Result<Vec<Entry>, HostError> {
        let entries = self.0.list_directory(path)?;
        Ok(entries
            .as_chunks()
            .0
            .iter()
            .map(|[name, kind]| Entry { name: name.clone(), kind: kind_of(kind) })
            .collect())
    }

    fn is_directory(&mut self, path: &str) -> bool {
        self.0.is_directory(path)
    }

    fn replace_file(&mut self, path: &str, expected: Option<&[u8]>, new: &[u8]) -> Result<(), HostError> {
        Ok(self.0.replace_file(path, expected, new)?)
    }

    fn create_output(&mut self, path: &str, may_replace: Option<&str>) -> Result<OutputId, HostError> {
        Ok(OutputId(self.0.create_output(path, may_replace)? as usize))
    }

    fn write_output(&mut self, output: OutputId, text: &str) -> Result<(), HostError> {
        Ok(self.0.write_output(narrow(output.0), text)?)
    }

    fn finish_output(&mut self, output: OutputId) -> Result<(), HostError> {
        Ok(self.0.finish_output(narrow(output.0))?)
    }

    fn write_stdout(&mut self, text: &str) -> Result<(), HostError> {
        Ok(self.0.write_stdout(text)?)
    }

    fn write_stderr(&mut self, text: &str) {
        self.0.write_stderr(text);
    }

    fn variable(&self, name: &str) -> Option<String> {
        self.0.variable(name)
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a cast of a number out of range gives the nearest"
    )]
    fn now(&self) -> Option<u64> {
        Some(self.0.now() as u64)
    }

    fn ask_nodes(&mut self, query: &NodeQuery) -> Result<(), HostError> {
        let NodeQuery { names, all, selector, context, concurrency, timeout, retries } = query.clone();
        Ok(self.0.ask_nodes(names, all, selector, context, concurrency, timeout, retries)?)
    }

    fn next_node(&mut self) -> Result<Option<NodeAnswer>, HostError> {
        let mut parts = self.0.next_node()?.into_iter();
        let Some(name) = parts.next() else { return Ok(None) };
        let version = parts.next().filter(|version| !version.is_empty());
        let (answer, reason) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let answer = if reason.is_empty() { Ok(answer) } else { Err(reason) };
        Ok(Some(NodeAnswer { name, version, answer }))
    }

    fn stdout_terminal(&self) -> Option<Terminal> {
        self.0.stdout_columns().map(|columns| Terminal { columns: (columns != 0).then_some(columns) })
    }
}

/// Returns the kind that the host names; what it does not know is read, and reading says what it is.
fn kind_of(name: &str) -> EntryKind {
    const SPECIAL: [&str; 6] = [
        "a FIFO",
        "a socket",
        "a device",
        "a link to nothing",
        "a link to a directory",
        "a name that is not UTF-8",
    ];
    match name {
        "directory" => EntryKind::Directory,
        _ => SPECIAL
            .iter()
            .find(|special| **special == name)
            .map_or(EntryKind::File, |name| EntryKind::Special(name)),
    }
}

/// This machine's addresses have 32 bits; the limit is far below.
fn narrow(limit: usize) -> u32 {
    u32::try_from(limit).unwrap_or(u32::MAX)
}
