//! Every input in the repository, as files and arguments.

use std::fs;
use std::path::Path;

use serde_json::Value;

/// Arguments of one run of the command.
pub(super) struct Run {
    pub(super) args: Vec<String>,
}

/// What every input is judged by: an edition, and the version where the input names none.
const QUESTIONS: &[(&[&str], Option<&str>)] = &[
    (&["--benchmark", "cis-aks-1.7", "--with-fixes"], None),
    (&["--benchmark", "auto"], Some("1.29")),
    (&["--benchmark", "strict", "--with-fixes"], Some("1.34")),
];

/// Members of a request that are options of the command, by name.
const OPTIONS: &[(&str, &str)] = &[
    ("basis", "--basis"),
    ("benchmark", "--benchmark"),
    ("kubeletVersion", "--kubelet-version"),
    ("node", "--node"),
    ("servingCertificates", "--serving-certificates"),
];

/// Writes the inputs below a directory; gives the runs over them.
pub(super) fn write(root: &Path, directory: &Path) -> Result<Vec<Run>, String> {
    match fs::remove_dir_all(directory) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(format!("{}: {error}", directory.display()));
        }
        _ => {}
    }
    let mut inputs = Inputs { directory, runs: Vec::new() };
    inputs.vectors(&json(&root.join("host-tests/vectors/kubelet-behaviour.json"))?)?;
    for (name, case) in json_files(&root.join("host-tests/cases"))? {
        inputs.case(&name, case.get("request").unwrap_or(&Value::Null))?;
    }
    for (name, transcript) in json_files(&root.join("host-tests/transcripts"))? {
        inputs.transcript(root, &name, &transcript)?;
    }
    for folder in ["examples", "js/tests/data"] {
        for file in files(&root.join(folder))? {
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            let text = fs::read(&file).map_err(|error| format!("{}: {error}", file.display()))?;
            let path = inputs.write(&format!("{folder}/{name}"), &text)?;
            inputs.ask(vec![path]);
        }
    }
    // Several targets, whose findings the report groups.
    for folder in ["vectors/validation", "vectors/gates", "vectors/names", "cases", "examples"] {
        inputs.ask(vec![folder.into()]);
    }
    Ok(inputs.runs)
}

struct Inputs<'a> {
    directory: &'a Path,
    runs: Vec<Run>,
}

impl Inputs<'_> {
    /// Adds one run for each set of options.
    fn ask(&mut self, args: Vec<String>) {
        let has_version = args.iter().any(|arg| arg == "--kubelet-version");
        for (question, version) in QUESTIONS {
            let version = version.filter(|_| !has_version).map(|version| ["--kubelet-version", version]);
            let words = ["check", "--format", "json"].iter().chain(*question).chain(version.iter().flatten());
            let words = words.map(|word| (*word).to_owned());
            self.runs.push(Run { args: words.chain(args.iter().cloned()).collect() });
        }
    }

    /// Writes a file and returns its path as an argument.
    fn write(&self, path: &str, text: impl AsRef<[u8]>) -> Result<String, String> {
        let file = self.directory.join(path);
        let folder = file.parent().unwrap_or(self.directory);
        fs::create_dir_all(folder)
            .and_then(|()| fs::write(&file, text))
            .map_err(|error| format!("{}: {error}", file.display()))?;
        Ok(path.to_owned())
    }

    fn vectors(&mut self, vectors: &Value) -> Result<(), String> {
        for vector in list(vectors.get("vectors")) {
            let text = |member: &str| vector.get(member).and_then(Value::as_str);
            let (Some(id), Some(group)) = (text("id"), text("group")) else {
                return Err("a vector without an id or a group".into());
            };
            let id = format!("vectors/{group}/{id}");
            let mut args = Vec::new();
            for (member, extension) in [("config", "yaml"), ("configz", "json")] {
                if let Some(text) = text(member) {
                    args.push(self.write(&format!("{id}.{extension}"), text)?);
                }
            }
            if let Some(Value::Array(pairs)) = vector.get("dropIns") {
                let folder = format!("{id}.d");
                let path = self.directory.join(&folder);
                fs::create_dir_all(&path).map_err(|error| format!("{folder}: {error}"))?;
                for pair in pairs {
                    let [Some(name), Some(text)] = [0, 1].map(|at| pair.get(at).and_then(Value::as_str))
                    else {
                        return Err(format!("{id}: a drop-in is a name and a text"));
                    };
                    self.write(&format!("{folder}/{name}"), text)?;
                }
                args.extend(["--config-dir".into(), folder]);
            }
            let flags: Vec<_> = list(vector.get("args")).filter_map(Value::as_str).collect();
            if !flags.is_empty() {
                args.extend(["--args".into(), command_line(&flags)]);
            }
            if !args.is_empty() {
                self.ask(args);
            }
        }
        Ok(())
    }

    /// A request, as far as the command has options for it. A request that is no object, and a config that is
    /// no text, are forms of the library alone.
    fn case(&mut self, name: &str, request: &Value) -> Result<(), String> {
        let text_request = request.as_str().map(|text| serde_json::json!({"config": text}));
        let Some(request) = text_request.as_ref().unwrap_or(request).as_object() else { return Ok(()) };
        let mut args = Vec::new();
        match request.get("config") {
            Some(Value::String(text)) => args.push(self.write(&format!("cases/{name}.yaml"), text)?),
            Some(value @ Value::Object(_)) => {
                args.push(self.write(&format!("cases/{name}.json"), value.to_string())?);
            }
            _ => {}
        }
        for drop_in in list(request.get("dropIns")) {
            args.extend(["--drop-in".into(), self.named(&format!("cases/{name}.d"), drop_in)?]);
        }
        match request.get("args") {
            Some(Value::String(text)) => args.extend(["--args".into(), text.clone()]),
            Some(Value::Array(items)) if items.iter().all(Value::is_string) => {
                let flags: Vec<_> = items.iter().filter_map(Value::as_str).collect();
                args.extend(["--args".into(), command_line(&flags)]);
            }
            other => {
                for part in list(other) {
                    args.extend(["--args-from".into(), self.named(&format!("cases/{name}.args"), part)?]);
                }
            }
        }
        for (member, option) in OPTIONS {
            if let Some(value) = request.get(*member).and_then(Value::as_str) {
                args.extend([(*option).to_owned(), value.to_owned()]);
            }
        }
        if let Some(bytes) = request.get("maxBytes").and_then(Value::as_u64) {
            args.extend(["--max-bytes".into(), bytes.to_string()]);
        }
        if !args.is_empty() {
            self.ask(args);
        }
        Ok(())
    }

    /// Writes a text of a request that has a name.
    fn named(&self, folder: &str, text: &Value) -> Result<String, String> {
        let member = |name: &str| text.get(name).and_then(Value::as_str).unwrap_or_default();
        self.write(&format!("{folder}/{}", member("name").trim_start_matches('/')), member("text"))
    }

    /// The command lines of the transcripts, with their files, where their report can be had as JSON.
    fn transcript(&mut self, root: &Path, name: &str, transcript: &Value) -> Result<(), String> {
        const OTHER_OUTPUT: &[&str] = &["--format", "--output", "--write-baseline", "--diff", "--fix", "-q"];
        let args: Vec<_> = list(transcript.get("args")).filter_map(Value::as_str).collect();
        if args.first() != Some(&"check") || args.iter().any(|arg| OTHER_OUTPUT.contains(arg)) {
            return Ok(());
        }
        let folder = format!("transcripts/{name}");
        for (file, text) in transcript.get("files").and_then(Value::as_object).into_iter().flatten() {
            self.write(&format!("{folder}/{file}"), text.as_str().unwrap_or_default())?;
        }
        for example in list(transcript.get("examples")).filter_map(Value::as_str) {
            let text = fs::read(root.join("examples").join(example));
            let text = text.map_err(|error| format!("{example}: {error}"))?;
            self.write(&format!("{folder}/{example}"), text)?;
        }
        let placed = |arg: &&str| {
            let path = format!("{folder}/{arg}");
            if self.directory.join(&path).exists() { path } else { (*arg).to_owned() }
        };
        let words = args.iter().map(placed).chain(["--format".into(), "json".into()]);
        self.runs.push(Run { args: words.collect() });
        Ok(())
    }
}

/// Arguments as the text that `--args` takes, each quoted for a shell.
fn command_line(args: &[&str]) -> String {
    let args = args.strip_prefix(&["kubelet"]).unwrap_or(args);
    let quoted = args.iter().map(|arg| format!("'{}'", arg.replace('\'', r"'\''")));
    std::iter::once("kubelet".to_owned()).chain(quoted).collect::<Vec<_>>().join(" ")
}

fn list(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    value.and_then(Value::as_array).into_iter().flatten()
}

fn json(path: &Path) -> Result<Value, String> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))
}

/// The JSON files of a folder, by name.
fn json_files(folder: &Path) -> Result<Vec<(String, Value)>, String> {
    let files = files(folder)?.into_iter().filter(|file| file.extension().is_some_and(|end| end == "json"));
    files
        .map(|file| Ok((file.file_stem().unwrap_or_default().to_string_lossy().into(), json(&file)?)))
        .collect()
}

/// The files right in a folder, in order.
fn files(folder: &Path) -> Result<Vec<std::path::PathBuf>, String> {
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut files: Vec<_> =
        entries.flatten().map(|entry| entry.path()).filter(|path| path.is_file()).collect();
    files.sort();
    Ok(files)
}
