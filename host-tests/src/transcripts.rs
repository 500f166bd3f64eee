//! What people type and what they get: `transcripts.json`. `js/tests/transcripts.test.js` is its other
//! reader, and writes it.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::command::{Command, Output};

/// A run of the command, and what has to come of it.
#[derive(Clone, Debug)]
pub struct Transcript {
    /// What is run.
    pub command: Command,
    /// What comes of it; without standard output where that is long, and only compared between hosts.
    pub code: i32,
    /// Standard output.
    pub stdout: Option<String>,
    /// Standard error.
    pub stderr: String,
}

impl Transcript {
    /// Whether this came of it.
    pub fn agrees(&self, output: &Output) -> bool {
        output.code == self.code
            && output.stderr == self.stderr
            && self.stdout.as_ref().is_none_or(|stdout| *stdout == output.stdout)
    }
}

/// All of them, with their files written below `directory`.
///
/// # Panics
///
/// Where the file is not of the form that its other reader writes.
#[expect(clippy::expect_used, reason = "a test without its data has to end")]
pub fn all(directory: &Path) -> Vec<Transcript> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("transcripts.json");
    let text = fs::read_to_string(path).expect("the transcripts are there");
    let data: Value = serde_json::from_str(&text).expect("the transcripts are JSON");
    let examples = crate::place::root().join("examples");
    for entry in fs::read_dir(examples).expect("the examples are there").flatten() {
        if entry.path().is_file() {
            fs::copy(entry.path(), directory.join(entry.file_name())).expect("a file can be copied");
        }
    }
    fs::create_dir(directory.join("empty.d")).expect("a directory can be made");
    for (name, content) in data.get("files").and_then(Value::as_object).expect("there are files") {
        let path = directory.join(name);
        fs::create_dir_all(path.parent().unwrap_or(directory)).expect("a directory can be made");
        fs::write(path, bytes(content)).expect("a file can be written");
    }
    let runs = data.get("runs").and_then(Value::as_array).expect("there are runs");
    runs.iter().map(transcript).collect()
}

/// A file's content: a text, or `{"hex": ...}`.
fn bytes(content: &Value) -> Vec<u8> {
    let Some(hex) = content.get("hex").and_then(Value::as_str) else {
        return content.as_str().unwrap_or_default().as_bytes().to_vec();
    };
    let digits: Vec<u32> = hex.chars().filter_map(|digit| digit.to_digit(16)).collect();
    let (pairs, _) = digits.as_chunks::<2>();
    pairs.iter().filter_map(|[high, low]| u8::try_from(high * 16 + low).ok()).collect()
}

#[expect(clippy::expect_used, reason = "a test without its data has to end")]
fn transcript(run: &Value) -> Transcript {
    let texts = |name: &str| -> Option<Vec<&str>> {
        run.get(name)?.as_array().map(|texts| texts.iter().filter_map(Value::as_str).collect())
    };
    let command = Command {
        stdin: run.get("stdin").and_then(Value::as_str).unwrap_or_default().to_owned(),
        ..Command::new(&texts("args").expect("a run has arguments"))
    };
    let code = run.get("code").and_then(Value::as_i64).and_then(|code| i32::try_from(code).ok());
    Transcript {
        command,
        code: code.expect("a run has an exit code"),
        stdout: texts("stdout").map(|lines| lines.join("\n")),
        stderr: texts("stderr").expect("a run has standard error").join("\n"),
    }
}
