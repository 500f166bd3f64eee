//! All hosts that produce reports, behind one interface.

use std::io;
use std::path::PathBuf;
use std::process::Command;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::component::Plugin;
use crate::interpreter::Interpreter;
use crate::lines::Lines;
use crate::opa::Opa;
use crate::place;
use crate::raw::{MEMORY, Raw, RawInstance};
use crate::wave;

/// Any error of a host.
pub type Error = Box<dyn std::error::Error + Send + Sync>;

/// The answer of a host.
#[derive(Debug)]
pub enum Answer {
    /// The report's text.
    Text(String),
    /// The report as a value; its text is whatever the host makes of it.
    Value(Value),
    /// The host rejects the request with this message.
    Refused(String),
    /// The host cannot express the request.
    Unsupported,
}

/// A host with a plugin.
pub struct Host {
    /// Name, for the matrix.
    pub name: &'static str,
    kind: Kind,
}

enum Kind {
    Raw(Box<RawInstance>),
    Interpreter(Box<Interpreter>),
    Component(Box<Plugin>),
    Invoke(PathBuf),
    Opa(Box<Opa>),
    /// A process that answers with the report's text.
    Texts(Lines),
    /// A process that answers with what its host made of the report.
    Values(Lines),
    /// A process that takes a config and options.
    Rows(Lines),
    /// Like [`Kind::Texts`], with a directory that the process needs.
    Directory(Lines, #[expect(dead_code, reason = "deletes the directory when dropped")] TempDir),
}

/// Most bytes of an argument of a command (Linux, `MAX_ARG_STRLEN`).
const ARGUMENT: usize = 128 * 1024;

impl Host {
    /// Returns all hosts.
    pub fn all() -> Result<Vec<Self>, Error> {
        let module = |form: &str| place::pkg(&format!("plugins/kubelet-audit.{form}.wasm"));
        let directory = TempDir::new()?;
        let jco =
            Lines::node("js/tests/hosts/component.js", &[module("component"), directory.path().to_owned()])?;
        let hosts = [
            ("npm", Kind::Texts(Lines::node("js/tests/hosts/npm.js", &[])?)),
            ("raw wasmtime", Kind::Raw(Box::new(Raw::load()?.instance(MEMORY)?))),
            ("raw wasmi", Kind::Interpreter(Box::new(Interpreter::load()?))),
            ("raw V8", Kind::Texts(Lines::node("js/tests/hosts/raw.js", &[module("raw")])?)),
            ("raw py", Kind::Texts(Lines::python("raw", module("raw"))?)),
            ("ClickHouse", Kind::Rows(Lines::python("clickhouse", module("raw"))?)),
            ("component wasmtime", Kind::Component(Box::new(Plugin::load()?))),
            ("--invoke", Kind::Invoke(place::wasmtime())),
            ("jco", Kind::Directory(jco, directory)),
            ("component py", Kind::Texts(Lines::python("component", module("component"))?)),
            ("opa npm", Kind::Values(Lines::node("js/tests/hosts/opa.js", &[module("opa")])?)),
            ("opa crate", Kind::Opa(Box::new(Opa::load(&json!({}))?))),
            ("opa-wasmtime", Kind::Values(Lines::python("opa_wasmtime_host", module("opa"))?)),
            ("opa-py-wasm", Kind::Values(Lines::python("opa_py_wasm_host", module("opa"))?)),
        ];
        Ok(hosts.into_iter().map(|(name, kind)| Self { name, kind }).collect())
    }

    /// Returns the host's answer to a request.
    pub fn answer(&mut self, request: &Value) -> Result<Answer, Error> {
        self.answer_text(&request.to_string())
    }

    /// Returns the host's answer to a text that should be a request.
    pub fn answer_text(&mut self, text: &str) -> Result<Answer, Error> {
        let asked = |lines: &mut Lines, line: &str| -> io::Result<Answer> {
            Ok(lines.ask(line)?.map_or_else(Answer::Refused, Answer::Text))
        };
        Ok(match &mut self.kind {
            Kind::Raw(instance) => Answer::Text(instance.answer(text.as_bytes())?),
            Kind::Interpreter(instance) => Answer::Text(instance.answer(text)?),
            Kind::Component(plugin) => Answer::Text(plugin.answer(text)?),
            Kind::Invoke(wasmtime) => match text.len() < ARGUMENT / 2 {
                true => Answer::Text(invoke(wasmtime, text)?),
                false => Answer::Unsupported,
            },
            // This host takes values.
            Kind::Opa(opa) => match serde_json::from_str(text) {
                Ok(request) => {
                    let mut results = opa.evaluate("kubelet_audit/report", &request)?;
                    Answer::Value(results.pointer_mut("/0/result").map(Value::take).unwrap_or_default())
                }
                Err(_) => Answer::Unsupported,
            },
            Kind::Texts(lines) | Kind::Directory(lines, _) => asked(lines, text)?,
            Kind::Values(lines) => match asked(lines, text)? {
                Answer::Text(report) => Answer::Value(serde_json::from_str(&report)?),
                other => other,
            },
            Kind::Rows(lines) => match serde_json::from_str(text).ok().as_ref().and_then(row) {
                Some(row) => asked(lines, &row.to_string())?,
                None => Answer::Unsupported,
            },
        })
    }

    /// Sends a request `count` times and returns the bytes of memory after a tenth of them and at the end. For a
    /// host that does not show a plugin's memory, these are the process's; `None` if the host is this process.
    pub fn repeated(&mut self, count: u32, request: &Value) -> Result<Option<(u64, u64)>, Error> {
        let line = request.to_string();
        match &mut self.kind {
            Kind::Texts(lines) | Kind::Values(lines) | Kind::Directory(lines, _) => {
                return Ok(Some(lines.repeated(count, &line)?));
            }
            Kind::Rows(lines) => {
                let row = row(request).ok_or("no row")?.to_string();
                return Ok(Some(lines.repeated(count, &row)?));
            }
            // Each host has its own process.
            Kind::Invoke(_) => return Ok(None),
            Kind::Raw(_) | Kind::Interpreter(_) | Kind::Component(_) | Kind::Opa(_) => {}
        }
        let mut before = 0;
        for done in 1..=count {
            self.answer(request)?;
            if done == count.div_ceil(10) {
                before = self.memory_bytes();
            }
        }
        Ok(Some((before, self.memory_bytes())))
    }

    fn memory_bytes(&self) -> u64 {
        match &self.kind {
            Kind::Raw(instance) => instance.memory_bytes() as u64,
            Kind::Interpreter(instance) => instance.memory_bytes(),
            Kind::Component(plugin) => plugin.memory_bytes(),
            Kind::Opa(opa) => opa.memory_bytes(),
            _ => 0,
        }
    }
}

/// A request as the table has it: the config's text and the rest; none where the config is no text.
fn row(request: &Value) -> Option<Value> {
    let mut options = match request {
        Value::String(config) => return Some(json!({ "config": config, "options": "" })),
        Value::Object(members) => members.clone(),
        _ => return None,
    };
    let config = options.remove("config")?;
    config.is_string().then(|| json!({ "config": config, "options": Value::Object(options).to_string() }))
}

/// `wasmtime run --invoke`, as a user types it.
fn invoke(wasmtime: &PathBuf, request: &str) -> Result<String, Error> {
    let output = Command::new(wasmtime)
        .args(["run", "--invoke", &format!("evaluate({})", wave::written(request))])
        .arg(place::pkg("plugins/kubelet-audit.component.wasm"))
        .output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    let answer = String::from_utf8(output.stdout)?;
    wave::read(answer.trim_end()).ok_or_else(|| format!("no string of WAVE: {answer}").into())
}
