//! Writes what the package says about its data: JSON Schemas and TypeScript declarations of the wire
//! types, generated from the Rust types, and the catalogue of controls and benchmarks.
//!
//!     wire-types OUT-DIR

#![expect(clippy::print_stderr, reason = "a build tool talks to its terminal")]

mod catalogue;

use std::any::TypeId;
use std::collections::BTreeMap;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs};

use kubelet_audit::controls::{ControlExplanation, ControlSummary};
use kubelet_audit::report::{Applied, Report, SCHEMA_VERSION};
use kubelet_audit::request::Request;
use kubelet_audit_cli::files::baseline::BaselineFile;
use kubelet_audit_cli::files::waivers::WaiversFile;
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};
use ts_rs::{Config, TS, TypeVisitor};

fn main() -> ExitCode {
    match env::args_os().nth(1).map(PathBuf::from).ok_or_else(|| "wire-types OUT-DIR".into()).and_then(run) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("wire-types: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(out: PathBuf) -> Result<(), Box<dyn Error>> {
    let schemas = out.join("schema");
    fs::create_dir_all(&schemas)?;
    let major = SCHEMA_VERSION.split('.').next().unwrap_or(SCHEMA_VERSION);
    // Reports (written) and requests (read) differ in which fields can be absent.
    write_schema::<Report>(SchemaSettings::draft2020_12().for_serialize(), &schemas, "report", major)?;
    write_schema::<Request>(SchemaSettings::draft2020_12().for_deserialize(), &schemas, "request", major)?;
    write_schema::<Applied>(SchemaSettings::draft2020_12().for_serialize(), &schemas, "applied", major)?;
    write_schema::<WaiversFile>(SchemaSettings::draft2020_12().for_deserialize(), &schemas, "waivers", "1")?;
    write_schema::<BaselineFile>(SchemaSettings::draft2020_12().for_serialize(), &schemas, "baseline", "1")?;
    fs::write(out.join("types.d.ts"), declarations()?)?;
    fs::write(out.join("tables.js"), catalogue::module()?)?;
    Ok(())
}

fn write_schema<T: JsonSchema>(
    settings: SchemaSettings,
    directory: &Path,
    name: &str,
    major: &str,
) -> Result<(), Box<dyn Error>> {
    let file = format!("{name}-{major}.json");
    fs::write(directory.join(file), schema::<T>(settings, name, major)?)?;
    Ok(())
}

fn schema<T: JsonSchema>(
    settings: SchemaSettings,
    name: &str,
    major: &str,
) -> Result<String, Box<dyn Error>> {
    let mut schema: Schema = settings.into_generator().into_root_schema_for::<T>();
    // The name by which the package exports it; a URL would promise a server.
    schema.insert("$id".into(), format!("urn:kubelet-audit:schema:{name}:{major}").into());
    Ok(serde_json::to_string_pretty(&schema)? + "\n")
}

/// What is left of a module without its head and its imports, with its fields indented.
fn declaration(module: &str) -> String {
    let mut text = String::new();
    let mut inside = false;
    for line in module.lines().map(str::trim_end) {
        if line.starts_with("// This file")
            || line.starts_with("import type")
            || text.is_empty() && line.is_empty()
        {
            continue;
        }
        text.push_str(if inside { "  " } else { "" });
        match line.strip_suffix(", };") {
            Some(last) => text.extend([last, ",\n};"]),
            None => text.push_str(line),
        }
        text.push('\n');
        inside = inside && !line.ends_with("};") || line.ends_with('{');
    }
    text.trim_end().to_owned()
}

/// Declarations of everything that a report or a request is made of, in one module, sorted by name.
fn declarations() -> Result<String, Box<dyn Error>> {
    #[derive(Default)]
    struct Found {
        config: Config,
        seen: Vec<TypeId>,
        declarations: BTreeMap<String, String>,
        error: Option<String>,
    }
    impl TypeVisitor for Found {
        fn visit<T: TS + 'static + ?Sized>(&mut self) {
            if self.seen.contains(&TypeId::of::<T>()) {
                return;
            }
            self.seen.push(TypeId::of::<T>());
            T::visit_dependencies(self);
            T::visit_generics(self);
            // Types without a file (strings, lists, maps) are inlined.
            if T::output_path().is_none() {
                return;
            }
            match T::export_to_string(&self.config) {
                Ok(text) => {
                    self.declarations.insert(T::ident(&self.config), declaration(&text));
                }
                Err(error) => self.error = Some(error.to_string()),
            }
        }
    }
    let mut found = Found::default();
    found.visit::<Report>();
    found.visit::<Request>();
    found.visit::<Applied>();
    found.visit::<ControlSummary>();
    found.visit::<ControlExplanation>();
    found.visit::<catalogue::Benchmark>();
    match found.error {
        Some(error) => Err(error.into()),
        None => {
            let head = "// Generated from the Rust types by `cargo x build`.";
            let body = found.declarations.into_values().collect::<Vec<_>>().join("\n\n");
            Ok(format!("{head}\n\n{body}\n"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{BaselineFile, Report, Request, SchemaSettings, WaiversFile, schema};

    /// `kubelet-audit schema` prints copies, because only this tool generates them.
    #[test]
    fn the_copies_in_the_command_are_current() {
        let settings = SchemaSettings::draft2020_12;
        let report = schema::<Report>(settings().for_serialize(), "report", "2");
        let request = schema::<Request>(settings().for_deserialize(), "request", "2");
        let waivers = schema::<WaiversFile>(settings().for_deserialize(), "waivers", "1");
        let baseline = schema::<BaselineFile>(settings().for_serialize(), "baseline", "1");
        for (made, copy, name) in [
            (report, include_str!("../../../cli/src/commands/schemas/report-2.json"), "report-2"),
            (request, include_str!("../../../cli/src/commands/schemas/request-2.json"), "request-2"),
            (waivers, include_str!("../../../cli/src/commands/schemas/waivers-1.json"), "waivers-1"),
            (baseline, include_str!("../../../cli/src/commands/schemas/baseline-1.json"), "baseline-1"),
        ] {
            let copy_it = format!("cargo x build && cp pkg/schema/{name}.json cli/src/commands/schemas/");
            assert!(made.is_ok_and(|made| made == copy), "out of date; run: {copy_it}");
        }
    }
}
