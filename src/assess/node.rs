//! The target of one kubelet: its layers are resolved at every version and judged by the edition.

use std::collections::{BTreeMap, HashSet};

use serde_json::{Map, Value as Json};

use crate::benchmark::auto::{choose, detect, newest_of, platform_name};
use crate::benchmark::{Edition, Platform, Row};
use crate::controls::{AuditedKubelet, Control, Judgment, Mention, control, details, judge};
use crate::kubelet::Version;
use crate::kubelet::fields::{FieldId, id};
use crate::kubelet::flags;
use crate::report::fingerprint::fingerprint;
use crate::report::locate::Locator;
use crate::report::{
    BenchmarkVerdict, Effect, EffectiveVerdict, Evidence, Finding, Kubelet, Origin, Remediation, RulesFrom,
    Status, Target, VersionSource,
};
use crate::request::{Basis, Request};
use crate::resolve::{ByVersion, Configuration, Layers, Resolved, resolve};
use crate::source::diagnostic::{Code, Diagnostic, Weight};
use crate::source::{MissingLayer, Place, Sources};

use super::options::{is_selected, selects_any};

/// One kubelet and the edition to judge it by.
pub(crate) struct Task<'t> {
    pub(crate) request: &'t Request,
    /// The requested edition; `None` to choose one from the input.
    pub(crate) edition: Option<&'static Edition>,
    /// The version of the node and where it comes from; `None` to assume one.
    pub(crate) version: Option<(Version, VersionSource)>,
    pub(crate) layers: &'t Layers<'t>,
    pub(crate) sources: &'t Sources<'t>,
    /// Texts that could not be read.
    pub(crate) errors: Vec<Diagnostic>,
    /// Warnings and notes from reading the layers.
    pub(crate) notes: Vec<Diagnostic>,
    pub(crate) source: String,
}

/// Judges every row of the edition and returns the target.
pub(crate) fn assess(task: &Task<'_>) -> Target {
    let locator = Locator::new(task.sources);
    let chosen = Chosen::of(task);
    let resolved = chosen.resolved();
    let (edition, edition_notes) = edition_for(task, resolved.version);
    let kubelets = chosen.kubelets(task);
    let mut findings = Vec::new();
    for row in edition.rows {
        // INVARIANT: the reported version comes first, and there is always one.
        if let (Some(control), Some(by_version)) = (control(row.control), kubelets.split_first())
            && is_selected(task.request, row, control)
        {
            findings.push(finding(task, &locator, by_version, edition, row, control));
        }
    }

    let mut warnings = Vec::new();
    for some in [&task.notes, &edition_notes, &resolved.warnings, &chosen.notes()] {
        some.iter().for_each(|warning| warnings.push(locator.issue(warning)));
    }
    let stop = resolved.stop.as_ref().or(resolved.listen.as_ref());
    let errors = stop.map_or(&[][..], |stop| &stop.errors);
    // A document that is not a kubelet configuration counts as unreadable.
    let nothing_selected = nothing_selected(task, edition);
    let mut unreadable: Vec<&Diagnostic> = task.errors.iter().chain(&nothing_selected).collect();
    let mut known: HashSet<_> = unreadable.iter().map(|error| (error.code, error.place)).collect();
    for error in errors {
        if (resolved.is_configz || is_unreadable(error.code)) && known.insert((error.code, error.place)) {
            unreadable.push(error);
        }
    }
    let (effective, origins, flags) = if task.request.effective.unwrap_or(true) {
        (
            effective_values(task.layers, resolved),
            origins(&locator, task.sources, resolved),
            Some(resolved.flags.without_field(resolved.version)),
        )
    } else {
        (None, None, None)
    };
    let kubelet = Kubelet {
        version: resolved.version.to_string(),
        version_assumed: task.version.is_none(),
        version_source: task.version.map_or(VersionSource::Assumed, |(_, source)| source),
        rules: if resolved.version.is_proved() { RulesFrom::Vectors } else { RulesFrom::Tables },
        layers: layer_names(task.layers, resolved),
        starts: chosen.starts(),
        stage: stop.map(|stop| stop.stage),
        panics: stop.is_some_and(|stop| stop.panics),
        lenient: resolved.lenient,
        errors: locator.issues(errors),
        warnings,
        missing_layers: missing_layers(task.layers, resolved),
        effective,
        origins,
        flags,
    };
    Target {
        source: task.source.clone(),
        node: task.request.node.clone(),
        object: None,
        kubelet: Some(kubelet),
        findings,
        errors: unreadable.into_iter().map(|error| locator.issue(error)).collect(),
    }
}

/// Returns the edition to judge by, with notes on the choice.
fn edition_for(task: &Task<'_>, version: Version) -> (&'static Edition, Vec<Diagnostic>) {
    let sign = detect(task.layers, task.sources, task.request.kubelet_version.as_deref());
    let Some(edition) = task.edition else {
        let (edition, reason) = choose(sign.as_ref(), version);
        let note =
            Diagnostic::note(Code::BenchmarkChosen, format!("using benchmark {}: {reason}", edition.id))
                .help("name a benchmark to use another one");
        return (edition, vec![note]);
    };
    let mut notes = Vec::new();
    if let Some(sign) = sign
        && edition.platform != Platform::Any
        && edition.platform != sign.platform
    {
        let message = format!(
            "the input looks like {} (it has {}), but {} is a benchmark for {}",
            platform_name(sign.platform),
            sign.seen,
            edition.id,
            platform_name(edition.platform)
        );
        notes.push(
            Diagnostic::warning(Code::OtherPlatform, message)
                .help(format!("use benchmark {} or auto", newest_of(sign.platform).id)),
        );
    }
    (edition, notes)
}

/// Returns the error of a selection that the edition chosen for the input has nothing of.
fn nothing_selected(task: &Task<'_>, edition: &Edition) -> Option<Diagnostic> {
    if selects_any(task.request, edition) {
        return None;
    }
    let message = match task.request.controls.as_deref() {
        Some(controls) => format!(
            "nothing was checked: {} has no control {} within the selection",
            edition.id,
            controls.join(", ")
        ),
        None => format!("nothing was checked: the options select no control of {}", edition.id),
    };
    Some(Diagnostic::error(Code::UnknownControl, message).help("select another benchmark or other controls"))
}

/// Whether a code means that the document is not a kubelet configuration, so that nothing was audited.
fn is_unreadable(code: Code) -> bool {
    matches!(code, Code::MissingKind | Code::WrongKind | Code::NotAnObject)
}

fn layer_names(layers: &Layers<'_>, resolved: &Resolved) -> Vec<String> {
    let config = if resolved.is_configz { "configz" } else { "config" };
    let mut names = Vec::new();
    for (is_given, name) in [
        (layers.config.is_some(), config),
        (layers.drop_ins.is_some(), "dropIns"),
        (layers.command_line.is_some(), "args"),
    ] {
        if is_given {
            names.push(name.to_owned());
        }
    }
    names
}

fn missing_layers(layers: &Layers<'_>, resolved: &Resolved) -> Vec<String> {
    let mut missing: Vec<String> = resolved.missing.iter().map(MissingLayer::describe).collect();
    missing.extend(layers.command_line.iter().flat_map(|line| line.missing.iter().cloned()));
    missing
}

/// The reported version, with the outcome at every other version.
struct Chosen {
    version: Version,
    is_assumed: bool,
    by_version: ByVersion,
    /// The outcome at `version` itself, if `by_version` shares it with a newer version.
    own: Option<Resolved>,
}

impl Chosen {
    fn of(task: &Task<'_>) -> Self {
        let by_version = ByVersion::resolve(task.layers);
        let version = task
            .version
            .map_or_else(|| by_version.assumed(newest_possible(task.layers)), |(version, _)| version);
        let is_shared = by_version.get(version).is_none_or(|resolved| resolved.version != version);
        let own = is_shared.then(|| resolve(task.layers, version));
        Self { version, is_assumed: task.version.is_none(), by_version, own }
    }

    fn resolved(&self) -> &Resolved {
        // INVARIANT: every supported version has an outcome, its own or a shared one.
        self.own
            .as_ref()
            .or_else(|| self.by_version.get(self.version))
            .unwrap_or_else(|| self.by_version.newest())
    }

    /// Returns the kubelet at every version, the reported version first.
    fn kubelets<'a>(&'a self, task: &'a Task<'_>) -> Vec<AuditedKubelet<'a>> {
        let mut kubelets = Vec::new();
        let mut add = |version, resolved| {
            kubelets.push(audited_kubelet(task.layers, task.sources, (version, resolved), task.request));
        };
        add(self.version, self.resolved());
        // Before 1.28 a kubelet cannot be given drop-ins, so there is nothing to compare.
        let oldest = if task.layers.drop_ins.is_some() { 28 } else { 0 };
        for (version, resolved) in self.by_version.iter() {
            if version != self.version && version.at_least(oldest) {
                add(version, resolved);
            }
        }
        kubelets
    }

    fn starts(&self) -> Option<bool> {
        self.resolved().starts_for_certain()
    }

    fn notes(&self) -> Vec<Diagnostic> {
        let version = self.version;
        let mut notes = Vec::new();
        if self.is_assumed {
            notes.push(
                Diagnostic::note(
                    Code::VersionAssumed,
                    if self.resolved().starts() {
                        format!("no Kubernetes version given; using {version}, the newest supported version at which this kubelet starts")
                    } else {
                        format!("no Kubernetes version given; using {version}, the newest supported version; this kubelet starts at none")
                    },
                )
                .help("pass the Kubernetes version of the node"),
            );
            // The version is a guess, so what stops a newer one matters to the reader.
            let newest = self.by_version.newest();
            if self.resolved().starts() && !newest.starts() {
                let stop = newest.stop.as_ref().or(newest.listen.as_ref());
                for error in stop.map_or(&[][..], |stop| &stop.errors) {
                    let mut warning = error.clone();
                    warning.weight = Weight::Warning;
                    warning.message =
                        format!("at {} the kubelet would not start: {}", newest.version, error.message);
                    notes.push(warning);
                }
            }
        }
        if !version.is_proved() {
            notes.push(Diagnostic::note(
                Code::NotProvedByVectors,
                format!("the rules for {version} come from its source code; 1.29, 1.31, 1.34 and 1.36 are checked against the kubelet's own code"),
            ));
        }
        if self.starts().is_some() {
            let starts = self.by_version.iter().map(|(version, resolved)| (version, resolved.starts()));
            let words = |starts: &bool| if *starts { "starts" } else { "does not start" }.to_owned();
            if let Some(note) = differences(starts.collect(), words) {
                notes.push(Diagnostic::note(
                    Code::DiffersByVersion,
                    format!("by version: the kubelet {note}"),
                ));
            }
        }
        notes
    }
}

/// Returns the newest version that an input can be of: a /configz answer has its kind since 1.36
/// (`cmd/kubelet/app/server.go`, `setConfigz`).
fn newest_possible(layers: &Layers<'_>) -> Version {
    let document = layers.config.as_ref().and_then(|config| config.document.as_ref().ok());
    let inner = document.and_then(|document| document.root.get("kubeletconfig"));
    let is_older = inner.is_some_and(|inner| inner.as_object().is_some() && inner.get("kind").is_none());
    if is_older { Version::from_minor(35).unwrap_or(Version::NEWEST) } else { Version::NEWEST }
}

/// Describes runs of versions with equal answers; `None` if all answers are equal.
fn differences<A: PartialEq>(mut answers: Vec<(Version, A)>, words: impl Fn(&A) -> String) -> Option<String> {
    answers.sort_by_key(|(version, _)| *version);
    let runs: Vec<String> = answers
        .chunk_by(|(_, a), (_, b)| a == b)
        .filter_map(|run| {
            let ((first, answer), (last, _)) = (run.first()?, run.last()?);
            let answer = words(answer);
            Some(if first == last {
                format!("{answer} at {first}")
            } else {
                format!("{answer} from {first} to {last}")
            })
        })
        .collect();
    (runs.len() > 1).then(|| runs.join(", "))
}

/// Returns the finding of one control, with a note if the verdicts differ at other versions.
fn finding(
    task: &Task<'_>,
    locator: &Locator<'_>,
    (kubelet, others): (&AuditedKubelet<'_>, &[AuditedKubelet<'_>]),
    edition: &Edition,
    row: &Row,
    control: &dyn Control,
) -> Finding {
    let metadata = control.metadata();
    let judgment = judge(kubelet, control, row);
    let verdicts = |judgment: Judgment| (judgment.benchmark, judgment.effective);
    let mut answers = vec![(kubelet.version, verdicts(judgment))];
    answers.extend(others.iter().map(|other| (other.version, verdicts(judge(other, control, row)))));
    let differs = differences(answers, |(benchmark, effective)| match effective {
        Effect::DoesNotStart => format!("benchmark {}, and the kubelet does not start", benchmark.as_str()),
        _ => format!("benchmark {} and effective {}", benchmark.as_str(), effective.as_str()),
    });
    let details = details(kubelet, control, row, &judgment);
    let mut notes = details.notes;
    if let Some(note) = differs {
        notes.push(format!("by version: {note}"));
    }
    let name = task.request.node.as_deref().unwrap_or(&task.source);
    Finding {
        control: metadata.slug.into(),
        title: metadata.title.into(),
        failure_title: metadata.failure_title.into(),
        status: status(&judgment, task.request.basis),
        severity: metadata.severity,
        benchmark: BenchmarkVerdict {
            id: edition.id.into(),
            number: row.number.into(),
            title: row.title.into(),
            level: row.level,
            assessment: row.assessment,
            verdict: judgment.benchmark,
        },
        effective: EffectiveVerdict { verdict: judgment.effective, missing: details.missing, notes },
        message: details.message,
        why: metadata.why.into(),
        fix: details.fix,
        evidence: evidence(locator, details.evidence),
        remediation: (!details.routes.is_empty())
            .then_some(Remediation { routes: details.routes, commands: details.commands }),
        fixes: Vec::new(),
        fingerprint: fingerprint(&[metadata.slug, name, metadata.field]),
        waived: None,
        baseline_state: None,
    }
}

/// Returns the status that the basis selects.
fn status(judgment: &Judgment, basis: Basis) -> Status {
    let effective = match (judgment.benchmark, judgment.effective) {
        // A control that does not apply cannot fail.
        (Status::NotApplicable, _) => Status::NotApplicable,
        // A manual row stays manual, whatever the kubelet does.
        (Status::Manual, Effect::No | Effect::Partly | Effect::Unknown) => Status::Manual,
        (_, Effect::Yes) => Status::Pass,
        (_, Effect::No | Effect::Partly | Effect::DoesNotStart) => Status::Fail,
        (_, Effect::Unknown) => Status::Error,
    };
    let badness = |status: Status| match status {
        Status::Pass => 0,
        Status::NotApplicable => 1,
        Status::Manual => 2,
        Status::Fail => 3,
        Status::Error => 4,
    };
    match basis {
        Basis::Benchmark => judgment.benchmark,
        Basis::Effective => effective,
        Basis::Both => {
            if badness(effective) > badness(judgment.benchmark) {
                effective
            } else {
                judgment.benchmark
            }
        }
    }
}

/// Returns the values by field path; one that the input leaves open is null.
fn effective_values(layers: &Layers<'_>, resolved: &Resolved) -> Option<Map<String, Json>> {
    let configuration = resolved.configuration.as_ref()?;
    let mut values = Map::new();
    for field in held_fields(configuration, resolved.version) {
        let value = if field == id::STATIC_POD_URL_HEADER {
            Json::from("(hidden)")
        } else {
            configuration.value(field).to_json(field.field().kind)
        };
        values.insert(field.field().path.to_owned(), value);
    }
    for missing in &layers.missing {
        let MissingLayer::Value(unknown) = missing else { continue };
        let field = match unknown.path.strip_prefix("--") {
            Some(flag) => flags::lookup(flag).and_then(|flag| flag.field(resolved.version)),
            None => FieldId::find(&unknown.path).filter(|field| {
                flags::of_field(*field).is_none_or(|flag| resolved.flags.last(flag.name).is_none())
            }),
        };
        if let Some(field) = field.filter(|field| field.field().exists_in(resolved.version)) {
            values.insert(field.field().path.to_owned(), Json::Null);
        }
    }
    Some(values)
}

/// The fields of a version, except pointers, lists and maps that are nil.
fn held_fields(configuration: &Configuration, version: Version) -> impl Iterator<Item = FieldId> {
    FieldId::iter().filter(move |field| {
        field.field().exists_in(version) && !configuration.value(*field).to_json(field.field().kind).is_null()
    })
}

fn origins(
    locator: &Locator<'_>,
    sources: &Sources<'_>,
    resolved: &Resolved,
) -> Option<BTreeMap<String, Origin>> {
    let configuration = resolved.configuration.as_ref()?;
    let origin = |place: Place| Origin {
        layer: crate::controls::origin_layer(sources, place),
        location: locator.location(place),
    };
    let mut origins = BTreeMap::new();
    for field in held_fields(configuration, resolved.version) {
        origins.insert(field.field().path.to_owned(), origin(configuration.slot(field).place));
    }
    for entry in configuration.gates() {
        origins.insert(format!("featureGates.{}", entry.key), origin(entry.place));
    }
    Some(origins)
}

/// Returns the kubelet that controls judge, at one version.
pub(crate) fn audited_kubelet<'a>(
    layers: &'a Layers<'a>,
    sources: &'a Sources<'a>,
    (version, resolved): (Version, &'a crate::resolve::Resolved),
    request: &Request,
) -> AuditedKubelet<'a> {
    AuditedKubelet { version, resolved, layers, sources, serving_certificates: request.serving_certificates }
}

fn evidence(locator: &Locator<'_>, mentions: Vec<Mention>) -> Vec<Evidence> {
    let located = |mention: Mention| Evidence {
        path: mention.path,
        layer: mention.layer,
        value: mention.value,
        decided: mention.decided,
        location: mention.place.and_then(|place| locator.location(place)),
    };
    mentions.into_iter().map(located).collect()
}
