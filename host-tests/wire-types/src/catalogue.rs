//! The catalogue as a JavaScript module: what controls and benchmarks there are, for pages and scripts
//! that list or explain them. It is data beside the WebAssembly module, which audits without it.

use kubelet_audit::benchmark::{Edition, Platform, editions};
use kubelet_audit::controls::{controls, explain};
use kubelet_audit::report::Assessment;
use serde::Serialize;
use serde_json::{Value, json};
use ts_rs::TS;

/// An edition of a benchmark, and the controls that it has.
#[derive(Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Benchmark {
    /// Its name, which a request's `benchmark` takes: `cis-aks-1.7`.
    id: &'static str,
    /// Other accepted names, including those of kube-bench.
    aliases: &'static [&'static str],
    /// The platform: `kubernetes`, `aks`, `eks`, `gke`, `openshift` and so on; `any`
    /// for our own profile.
    platform: &'static str,
    /// The first and last Kubernetes minor version that it covers; absent if only the platform decides.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional, type = "[string, string]")]
    kubernetes: Option<[String; 2]>,
    /// The rows about kubelet settings, in the edition's order; empty if it leaves nodes to the provider.
    controls: Vec<BenchmarkRow>,
}

/// A control as a benchmark has it.
#[derive(Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BenchmarkRow {
    /// The control.
    control: &'static str,
    /// Its number there.
    number: &'static str,
    /// Its title there.
    title: &'static str,
    /// Profile level; null where unknown.
    level: Option<u8>,
    /// By a program or by a person.
    assessment: Assessment,
}

/// The text of `tables.js`.
pub(crate) fn module() -> Result<String, serde_json::Error> {
    let mut text =
        String::from("// Generated from the Rust tables by `cargo x build`; controls.js reads it.\n");
    let mut titles = Vec::new();
    let benchmarks: Vec<Value> = editions().map(|edition| brief(benchmark(edition), &mut titles)).collect();
    list(&mut text, "titles", titles)?;
    list(&mut text, "benchmarks", benchmarks)?;
    let explanations = controls().into_iter().filter_map(|listed| explain(listed.control));
    // The other list has the benchmarks of each control.
    let bare = explanations.map(|explanation| {
        let mut value = serde_json::to_value(explanation)?;
        if let Value::Object(fields) = &mut value {
            fields.remove("editions");
        }
        Ok(value)
    });
    list(&mut text, "controls", bare.collect::<Result<Vec<_>, serde_json::Error>>()?)?;
    Ok(text)
}

/// A benchmark with its rows as lists, for they are many: control, number, title as its place in `titles`,
/// level, assessment.
fn brief(benchmark: Benchmark, titles: &mut Vec<&'static str>) -> Value {
    let mut rows = Vec::new();
    for row in &benchmark.controls {
        let title = titles.iter().position(|title| *title == row.title).unwrap_or_else(|| {
            titles.push(row.title);
            titles.len().saturating_sub(1)
        });
        rows.push(json!([row.control, row.number, title, row.level, row.assessment]));
    }
    let mut value = json!(benchmark);
    if let Value::Object(fields) = &mut value {
        fields.insert("controls".to_owned(), rows.into());
    }
    value
}

/// A constant with one entry a line.
fn list<T: Serialize>(
    text: &mut String,
    name: &str,
    items: impl IntoIterator<Item = T>,
) -> Result<(), serde_json::Error> {
    text.push_str(&format!("\nexport const {name} = [\n"));
    for item in items {
        text.push_str(&format!("  {},\n", serde_json::to_string(&item)?));
    }
    text.push_str("];\n");
    Ok(())
}

fn benchmark(edition: &'static Edition) -> Benchmark {
    Benchmark {
        id: edition.id,
        aliases: edition.aliases,
        platform: platform(edition.platform),
        kubernetes: edition.minors.map(|(first, last)| [format!("1.{first}"), format!("1.{last}")]),
        controls: edition
            .rows
            .iter()
            .map(|row| BenchmarkRow {
                control: row.control,
                number: row.number,
                title: row.title,
                level: row.level,
                assessment: row.assessment,
            })
            .collect(),
    }
}

const fn platform(platform: Platform) -> &'static str {
    match platform {
        Platform::Kubernetes => "kubernetes",
        Platform::Ack => "ack",
        Platform::Aks => "aks",
        Platform::Eks => "eks",
        Platform::Gke => "gke",
        Platform::K3s => "k3s",
        Platform::Microk8s => "microk8s",
        Platform::Openshift => "openshift",
        Platform::Rke => "rke",
        Platform::Rke2 => "rke2",
        Platform::Tkgi => "tkgi",
        Platform::Any => "any",
    }
}
