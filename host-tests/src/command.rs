//! The command, in every host that runs it as a program.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{self, Stdio};

use crate::place;

/// One run of the command.
#[derive(Clone, Debug, Default)]
pub struct Command {
    /// Arguments, without the program's name.
    pub args: Vec<String>,
    /// Standard input.
    pub stdin: String,
    /// Files in the directory where it runs.
    pub files: Vec<(String, String)>,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
    /// Exit code.
    pub code: i32,
}

impl Command {
    /// A run without files.
    pub fn new(args: &[&str]) -> Self {
        Self { args: args.iter().map(|arg| (*arg).to_owned()).collect(), ..Self::default() }
    }

    /// Adds an option in front of what may be file names.
    pub fn option(&mut self, name: &str, value: &str) {
        let at = self.args.len().min(1);
        self.args.splice(at..at, [format!("{name}={value}")]);
    }

    /// Adds an option without a value.
    pub fn flag(&mut self, name: &str) {
        let at = self.args.len().min(1);
        self.args.insert(at, name.to_owned());
    }

    /// Writes its files below a directory.
    ///
    /// # Panics
    ///
    /// If a file cannot be written.
    #[expect(clippy::expect_used, reason = "a test without its data has to end")]
    pub fn write_files(&self, directory: &Path) {
        for (name, text) in &self.files {
            let path = directory.join(name);
            fs::create_dir_all(path.parent().unwrap_or(directory)).expect("a directory can be made");
            fs::write(path, text).expect("a file can be written");
        }
    }

    /// Runs the program in a directory with the files.
    ///
    /// # Panics
    ///
    /// If the program cannot be started, or if its output is not UTF-8.
    #[expect(clippy::expect_used, reason = "a test without what it tests has to end")]
    pub fn run(&self, program: &Program, directory: &Path) -> Output {
        let mut child = process::Command::new(&program.path)
            .args(&program.args)
            .args(&self.args)
            .current_dir(directory)
            .env_remove("NO_COLOR")
            .env_remove("FORCE_COLOR")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut stdin = child.stdin.take().expect("stdin is piped");
        let text = self.stdin.clone();
        // A program may answer before it has read everything.
        let writer = std::thread::spawn(move || drop(stdin.write_all(text.as_bytes())));
        let output = child.wait_with_output().expect("the program ends");
        writer.join().expect("the writer ends");
        Output {
            stdout: String::from_utf8(output.stdout).expect("standard output is text"),
            stderr: String::from_utf8(output.stderr).expect("standard error is text"),
            code: output.status.code().unwrap_or(-1),
        }
    }
}

/// A host that runs the command.
#[derive(Clone, Debug)]
pub struct Program {
    /// The executable.
    pub path: PathBuf,
    /// Its arguments, before those of the command.
    pub args: Vec<String>,
}

impl Program {
    /// The native command.
    ///
    /// # Panics
    ///
    /// If it was not built.
    #[expect(clippy::expect_used, reason = "a test without what it tests has to end")]
    pub fn native() -> Self {
        let path = place::tool("KUBELET_AUDIT", &[place::root().join("target/debug/kubelet-audit")]);
        let path = path.expect("no native command found: run cargo x build, or name it in KUBELET_AUDIT");
        Self { path, args: Vec::new() }
    }

    /// The npm package's, in Node.
    pub fn node() -> Self {
        let cli = place::pkg("cli.js").display().to_string();
        Self { path: "node".into(), args: vec![cli] }
    }

    /// The WASI command under wasmtime's own command.
    ///
    /// # Panics
    ///
    /// If wasmtime is not installed.
    pub fn wasmtime() -> Self {
        let module = place::pkg("plugins/kubelet-audit.wasi.wasm").display().to_string();
        Self { path: place::wasmtime(), args: ["run", "--dir", ".", &module].map(str::to_owned).into() }
    }

    /// The WASI command under Node's own WASI.
    pub fn node_wasi() -> Self {
        let script = place::root().join("js/tests/hosts/wasi.js").display().to_string();
        let module = place::pkg("plugins/kubelet-audit.wasi.wasm").display().to_string();
        Self { path: "node".into(), args: vec!["--no-warnings".to_owned(), script, module] }
    }
}
