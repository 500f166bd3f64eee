//! Vectors: inputs to the kubelet with what its own code made of them.
//!
//! A vector is compared field by field: `starts`, `stage`, `panics`, `lenient`, `gateEnabled`,
//! `servingCertificateRotation` and every field of `effective`, at each version it names.

mod line;
mod oracle;

use std::fs;
use std::path::Path;

use kubelet_audit::command_line::{CommandLine, Extent, from_argv};
use kubelet_audit::kubelet::Version;
use kubelet_audit::kubelet::fields::{FieldId, id};
use kubelet_audit::kubelet::gates::{ALL_ALPHA, ALL_BETA, ROTATE_KUBELET_SERVER_CERTIFICATE, lookup};
use kubelet_audit::report::Stage;
use kubelet_audit::resolve::{Configuration, Layers, Machine, NamedDocument, Resolved, resolve};
use kubelet_audit::source::{Layer, Limits, Source, Sources, document};
use serde_json::{Value, json};

/// One field in which a vector and our reading differ.
#[derive(Debug)]
pub struct Disagreement {
    /// The vector.
    pub id: String,
    /// The version.
    pub version: String,
    /// The field.
    pub field: String,
    /// The result of the kubelet's own code.
    pub expected: Value,
    /// Our result.
    pub got: Value,
}

/// What came of a run.
#[derive(Debug, Default)]
pub struct Tally {
    /// Vectors, each at each of its versions.
    pub total: usize,
    /// Of these, the ones without a disagreement.
    pub agree: usize,
    /// Every disagreement.
    pub disagreements: Vec<Disagreement>,
}

/// Runs the vectors of these files.
pub fn run(files: &[impl AsRef<Path>]) -> Result<Tally, String> {
    let mut tally = Tally::default();
    for file in files {
        let name = file.as_ref().display();
        if file.as_ref().extension().is_some_and(|extension| extension == "jsonl") {
            oracle::run(file.as_ref(), 1, &mut tally)?;
            continue;
        }
        let text = fs::read_to_string(file).map_err(|error| format!("{name}: {error}"))?;
        let json: Value = serde_json::from_str(&text).map_err(|error| format!("{name}: {error}"))?;
        let vectors = json.get("vectors").and_then(Value::as_array);
        for vector in vectors.ok_or_else(|| format!("{name}: it holds no \"vectors\""))? {
            let id = vector.get("id").and_then(Value::as_str).unwrap_or("?").to_owned();
            let expect = vector.get("expect").and_then(Value::as_object);
            for (version, expected) in expect.ok_or_else(|| format!("{name}: {id} expects nothing"))? {
                let supported =
                    Version::parse(version).ok_or_else(|| format!("{name}: {id}: no version {version}"))?;
                let got = outcome(vector, supported).map_err(|error| format!("{name}: {id}: {error}"))?;
                let before = tally.disagreements.len();
                compare(&id, version, expected, &got, &mut tally.disagreements);
                tally.total += 1;
                tally.agree += usize::from(tally.disagreements.len() == before);
            }
        }
    }
    Ok(tally)
}

/// Our reading of an input, in the form in which the oracle answers; `skipped` where its line names files
/// that it does not hold.
pub fn answer(input: &Value, version: Version, gates: &[Gate]) -> Result<Value, String> {
    match line::named(input) {
        Some(named) => {
            with_layers(&named, version, |layers| shown(input, &resolve(layers, version), version, gates))
        }
        None => Ok(json!({ "id": input.get("id"), "skipped": true })),
    }
}

/// Says whether two values are the same but for how a number is written.
pub(crate) fn is_same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one == other || one.as_f64() == other.as_f64(),
        _ => one == other,
    }
}

/// A gate of a version, and its default.
pub type Gate = (String, bool);

/// The gates of these names that a version has.
pub fn known_gates(names: &[String], version: Version) -> Vec<Gate> {
    let default = |name: &str| match name {
        ALL_ALPHA | ALL_BETA => Some(false),
        _ => Some(lookup(name, version)?.default),
    };
    names.iter().filter_map(|name| Some((name.clone(), default(name)?))).collect()
}

/// An outcome in the form in which the oracle answers: the fields that we know, whole, and those of `gates`
/// that are off their default.
fn shown(input: &Value, got: &Resolved, version: Version, gates: &[Gate]) -> Value {
    let stop = got.stop.as_ref().or(got.listen.as_ref());
    // The kubelet does not know a dump as its file.
    let stage = if got.is_configz { Some(Stage::ConfigFile) } else { stop.map(|stop| stop.stage) };
    let mut answer = serde_json::Map::new();
    let mut set = |name: &str, value: Value| answer.insert(name.to_owned(), value);
    set("id", input.get("id").cloned().unwrap_or_default());
    set("starts", stage.is_none().into());
    if let Some(stage) = stage {
        set("stage", stage_name(stage).into());
    }
    // Like the oracle, which omits false.
    if stop.is_some_and(|stop| stop.panics) {
        set("panics", true.into());
    }
    if got.lenient {
        set("lenient", true.into());
    }
    if let Some(configuration) = &got.configuration {
        let known = FieldId::iter().filter(|field| field.field().exists_in(version));
        let fields = known.map(|field| {
            (field.field().path.to_owned(), configuration.value(field).to_json(field.field().kind))
        });
        set("config", Value::Object(fields.collect()));
        let off_default = gates.iter().filter_map(|(name, default)| {
            let value = configuration.is_gate_enabled(name, version);
            (value != *default).then(|| (name.clone(), value.into()))
        });
        set("gates", Value::Object(off_default.collect()));
    }
    Value::Object(answer)
}

fn outcome(vector: &Value, version: Version) -> Result<Resolved, String> {
    with_layers(vector, version, |layers| resolve(layers, version))
}

/// Builds a vector's layers and hands them over.
fn with_layers<T>(
    vector: &Value,
    version: Version,
    then: impl FnOnce(&Layers<'_>) -> T,
) -> Result<T, String> {
    let mut sources = Sources::default();
    let limits = Limits::default();
    let text_of = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
    let config = text_of(vector.get("configz")).or_else(|| text_of(vector.get("config")));
    let drop_ins = match vector.get("dropIns") {
        Some(Value::Array(pairs)) => Some(
            pairs
                .iter()
                .map(|pair| match (text_of(pair.get(0)), text_of(pair.get(1))) {
                    (Some(name), Some(text)) => Ok((name, text)),
                    _ => Err("a drop-in is not a pair of texts"),
                })
                .collect::<Result<Vec<_>, _>>()?,
        ),
        _ => None,
    };
    let mut args = if vector.get("full") == Some(&Value::Bool(true)) {
        Vec::new()
    } else {
        implied_arguments(&config, &drop_ins, version)
    };
    if let Some(Value::Array(more)) = vector.get("args") {
        args.extend(more.iter().filter_map(|arg| text_of(Some(arg))));
    }
    let mut add = |name: &str, layer, text: &str| {
        sources.add(Source { name: name.into(), layer, text: text.to_owned().into(), has_positions: true })
    };
    let config = config.as_deref().map(|text| {
        let source = add("config.yaml", Layer::Config, text);
        NamedDocument { name: "config.yaml".into(), source, document: document::read(text, source, &limits) }
    });
    let drop_ins = drop_ins.as_deref().map(|pairs| {
        pairs
            .iter()
            .map(|(name, text)| {
                let source = add(name, Layer::DropIn, text);
                NamedDocument { name: name.clone(), source, document: document::read(text, source, &limits) }
            })
            .collect()
    });
    let source = add("args", Layer::Flag, "");
    // The arguments are a whole command line, with or without the program's name.
    let line = CommandLine::of_arguments(from_argv(&args, source).arguments, Extent::Full);
    let machine = Some(Machine::ORACLE);
    let mut layers = Layers { config, drop_ins, command_line: Some(line), machine, ..Layers::default() };
    layers.sort_drop_ins();
    Ok(then(&layers))
}

/// The arguments that a vector leaves out (docs/oracle.md, "Inputs and answers").
fn implied_arguments(
    config: &Option<String>,
    drop_ins: &Option<Vec<(String, String)>>,
    version: Version,
) -> Vec<String> {
    let mut args = Vec::new();
    if config.is_some() {
        args.push(format!("--config={}", line::CONFIG));
    }
    if drop_ins.is_some() {
        args.push(format!("--config-dir={}", line::DROP_INS));
    }
    args.push("--kubeconfig=/var/lib/kubelet/kubeconfig".into());
    if !version.at_least(27) {
        args.push("--container-runtime-endpoint=unix:///run/containerd/containerd.sock".into());
    }
    args
}

fn compare(id: &str, version: &str, expected: &Value, got: &Resolved, out: &mut Vec<Disagreement>) {
    let stage = got.stop.as_ref().map(|stop| stop.stage);
    let gate = got.is_gate_enabled(ROTATE_KUBELET_SERVER_CERTIFICATE);
    let starts = got.stop.is_none();
    let rotation = got
        .configuration
        .as_ref()
        .map(|configuration| starts && configuration.bool(id::SERVER_TLS_BOOTSTRAP) && gate == Some(true));
    let panics = got.stop.as_ref().is_some_and(|stop| stop.panics);
    let fields = [
        ("starts", Value::from(starts)),
        ("stage", stage.map_or(Value::Null, |stage| Value::from(stage_name(stage)))),
        ("panics", Value::from(panics)),
        ("lenient", Value::from(got.lenient)),
        ("gateEnabled", gate.map_or(Value::Null, Value::from)),
        ("servingCertificateRotation", rotation.map_or(Value::Null, Value::from)),
    ];
    let mut disagree = |field: &str, expected: &Value, got: Value| {
        out.push(Disagreement {
            id: id.into(),
            version: version.into(),
            field: field.into(),
            expected: expected.clone(),
            got,
        });
    };
    for (name, value) in fields {
        // A stage exists only if the kubelet stops, and the other members only if it got that far.
        let expected = expected.get(name).cloned().unwrap_or(Value::Null);
        let is_given = name == "stage" || expected != Value::Null;
        if is_given && expected != value {
            disagree(name, &expected, value);
        }
    }
    let Some(effective) = expected.get("effective").and_then(Value::as_object) else { return };
    let Some(configuration) = &got.configuration else {
        disagree("effective", &Value::Object(effective.clone()), Value::Null);
        return;
    };
    for (path, expected) in effective {
        let value = value_at(configuration, path);
        if value != *expected {
            disagree(&format!("effective.{path}"), expected, value);
        }
    }
    // Fields that other vectors show: absent here means absent or zero.
    for path in COMPARED.iter().filter(|path| !effective.contains_key(**path)) {
        let value = FieldId::find(path).map(|field| configuration.value(field));
        if value.is_some_and(|value| !value.is_zero()) {
            disagree(&format!("effective.{path}"), &Value::Null, value_at(configuration, path));
        }
    }
}

fn value_at(configuration: &Configuration, path: &str) -> Value {
    FieldId::find(path).map_or(Value::Null, |field| configuration.value(field).to_json(field.field().kind))
}

fn stage_name(stage: Stage) -> String {
    serde_json::to_value(stage).ok().and_then(|json| json.as_str().map(str::to_owned)).unwrap_or_default()
}

/// The fields that vectors show.
const COMPARED: &[&str] = &[
    "address",
    "authentication.anonymous.enabled",
    "authentication.webhook.enabled",
    "authentication.x509.clientCAFile",
    "authorization.mode",
    "enableDebuggingHandlers",
    "enableServer",
    "eventBurst",
    "eventRecordQPS",
    "featureGates",
    "kubeAPIQPS",
    "makeIPTablesUtilChains",
    "maxPods",
    "podPidsLimit",
    "port",
    "protectKernelDefaults",
    "readOnlyPort",
    "rotateCertificates",
    "seccompDefault",
    "serverTLSBootstrap",
    "staticPodPath",
    "streamingConnectionIdleTimeout",
    "tlsCertFile",
    "tlsCipherSuites",
    "tlsMinVersion",
    "tlsPrivateKeyFile",
];

#[cfg(test)]
mod tests {
    use super::{COMPARED, Path, Tally, outcome, run, value_at, with_layers};
    use kubelet_audit::kubelet::Version;
    use kubelet_audit::resolve::{ByVersion, Resolved, resolve};
    use serde_json::Value;

    const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/kubelet-behaviour.json");

    const ORACLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/oracle.jsonl");

    #[test]
    fn every_vector_agrees() {
        let tally = run(&[FILE]).unwrap();
        for d in tally.disagreements.iter().take(20) {
            println!("{} {} {}: expected {}, got {}", d.id, d.version, d.field, d.expected, d.got);
        }
        assert_eq!(tally.agree, tally.total);
        assert_eq!(tally.total, 3310);
    }

    /// The oracle's own vectors, one in eight: `cargo x vectors` runs all of them and lists what differs.
    #[test]
    fn most_vectors_of_the_oracle_agree() {
        let mut tally = Tally::default();
        super::oracle::run(Path::new(ORACLE), 8, &mut tally).unwrap();
        assert!(tally.total > 10_000, "{} vectors", tally.total);
        assert!(tally.agree * 2 > tally.total, "{} of {} agree", tally.agree, tally.total);
    }

    /// Versions that share an outcome have the same outcome on their own.
    #[test]
    fn shared_outcomes_are_each_versions_own() {
        let json: Value = serde_json::from_str(&std::fs::read_to_string(FILE).unwrap()).unwrap();
        let text = std::fs::read_to_string(ORACLE).unwrap();
        // A part of them, to save time.
        let lines = text.lines().skip(1).step_by(7).map(|line| serde_json::from_str(line).unwrap());
        let vectors: Vec<Value> = json["vectors"].as_array().unwrap().iter().cloned().chain(lines).collect();
        let mut wrong = Vec::new();
        let mut shared = 0;
        for vector in &vectors {
            with_layers(vector, Version::NEWEST, |layers| {
                let by_version = ByVersion::resolve(layers);
                for (version, resolved) in by_version.iter().filter(|(version, own)| own.version != *version)
                {
                    shared += 1;
                    if told(resolved) != told(&resolve(layers, version)) {
                        wrong.push(format!("{} at {version}", vector["id"]));
                    }
                }
            })
            .unwrap();
        }
        assert!(wrong.is_empty(), "{} of {shared}: {:?}", wrong.len(), wrong.get(..65).unwrap_or(&wrong));
        assert!(shared > 5_000, "{shared} resolutions were spared");
    }

    /// What rules judge by.
    fn told(r: &Resolved) -> impl PartialEq + use<> {
        let stop = r.stop.as_ref().or(r.listen.as_ref()).map(|s| (s.stage, s.panics));
        let is_judged = |p: &&&str| !["eventRecordQPS", "eventBurst", "kubeAPIQPS"].contains(p);
        let values = |c| COMPARED.iter().filter(is_judged).map(|p| value_at(c, p)).collect::<Vec<_>>();
        (stop, r.lenient, r.configuration.as_ref().map(values))
    }

    /// Where a vector has a twin that is the dump of the same kubelet, we show the same dump. The
    /// twins carry kind and apiVersion at every version, which a kubelet before 1.36 does not.
    #[test]
    fn every_dump_is_what_we_would_show() {
        let json: Value = serde_json::from_str(&std::fs::read_to_string(FILE).unwrap()).unwrap();
        let vectors = json["vectors"].as_array().unwrap();
        let mut compared = 0;
        for twin in vectors {
            let name = twin["id"].as_str().unwrap();
            let Some((base, version)) = name.split_once("-configz-") else { continue };
            let base = vectors.iter().find(|vector| vector["id"] == base).unwrap();
            let resolved = outcome(base, Version::parse(version).unwrap()).unwrap();
            let mut ours = resolved.to_configz().unwrap();
            let mut theirs: Value = serde_json::from_str(twin["configz"].as_str().unwrap()).unwrap();
            for dump in [&mut ours, &mut theirs] {
                let fields = dump["kubeletconfig"].as_object_mut().unwrap();
                fields.remove("kind");
                fields.remove("apiVersion");
            }
            assert_eq!(ours, theirs, "{name}");
            compared += 1;
        }
        assert_eq!(compared, 286);
    }
}
