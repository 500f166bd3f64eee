//! One node, from layers to its part of the report.

use std::collections::{BTreeMap, HashSet};

use serde_json::{Map, Value as Json};

use crate::benchmark::auto::{choose, detect, newest_of, platform_name};
use crate::benchmark::{Edition, Platform, Row};
use crate::controls::{AuditedKubelet, Control, Judgment, control, details, judge};
use crate::kubelet::Version;
use crate::kubelet::fields::id;
use crate::report::fingerprint::fingerprint;
use crate::report::locate::Wire;
use crate::report::{
    BenchmarkVerdict, Effect, EffectiveVerdict, Finding, Kubelet, Origin, Remediation, RulesFrom, Status,
    Target,
};
use crate::request::{Basis, Request};
use crate::resolve::{ByVersion, Layers, Resolved, resolve};
use crate::source::diagnostic::{Code, Diagnostic, Weight};
use crate::source::{MissingLayer, Place, Sources};

/// What is asked.
pub(crate) struct Task<'t> {
    pub(crate) request: &'t Request,
    /// The edition asked for; `None` for the one that the input points to.
    pub(crate) edition: Option<&'static Edition>,
    pub(crate) version: Option<Version>,
    pub(crate) layers: &'t Layers<'t>,
    pub(crate) sources: &'t Sources<'t>,
    /// Texts that could not be read.
    pub(crate) errors: Vec<Diagnostic>,
    /// What reading the command line found.
    pub(crate) notes: Vec<Diagnostic>,
    pub(crate) source: String,
}

/// Answers it.
pub(crate) fn assess(task: &Task<'_>) -> Target {
    let wire = Wire::new(task.sources);
    let chosen = Chosen::of(task);
    let resolved = chosen.resolved();
    let (edition, edition_notes) = edition_for(task, resolved.version);
    let kubelets = chosen.kubelets(task);
    let mut findings = Vec::new();
    for row in edition.rows {
        // INVARIANT: the version that is answered for comes first, and there is always one.
        if let (Some(control), Some(by_version)) = (control(row.control), kubelets.split_first())
            && is_selected(task.request, row, control)
        {
            findings.push(finding(task, &wire, by_version, edition, row, control));
        }
    }

    let mut warnings = Vec::new();
    for some in [&task.notes, &edition_notes, &resolved.warnings, &chosen.notes()] {
        some.iter().for_each(|warning| warnings.push(wire.issue(warning)));
    }
    let stop = resolved.stop.as_ref().or(resolved.listen.as_ref());
    let errors = stop.map_or(&[][..], |stop| &stop.errors);
    // A document that is no kubelet configuration at all could not be read either.
    let mut unreadable: Vec<&Diagnostic> = task.errors.iter().collect();
    let mut known: HashSet<_> = unreadable.iter().map(|error| (error.code, error.place)).collect();
    for error in errors {
        if (resolved.is_configz || is_unreadable(error.code)) && known.insert((error.code, error.place)) {
            unreadable.push(error);
        }
    }
    let (effective, origins) = if task.request.effective.unwrap_or(true) {
        (effective_values(resolved), origins(&wire, task.sources, resolved))
    } else {
        (None, None)
    };
    let kubelet = Kubelet {
        version: resolved.version.to_string(),
        version_assumed: task.version.is_none(),
        rules: if resolved.version.is_proved() { RulesFrom::Vectors } else { RulesFrom::Tables },
        layers: layer_names(task.layers, resolved),
        starts: chosen.starts(),
        stage: stop.map(|stop| stop.stage),
        panics: stop.is_some_and(|stop| stop.panics),
        lenient: resolved.lenient,
        errors: wire.issues(errors),
        warnings,
        missing_layers: missing_layers(task.layers, resolved),
        effective,
        origins,
    };
    Target {
        source: task.source.clone(),
        node: task.request.node.clone(),
        kubelet: Some(kubelet),
        findings,
        errors: unreadable.into_iter().map(|error| wire.issue(error)).collect(),
    }
}

/// The edition to judge by, and what is to be said of it.
fn edition_for(task: &Task<'_>, version: Version) -> (&'static Edition, Vec<Diagnostic>) {
    let sign = detect(task.layers, task.sources, task.request.kubelet_version.as_deref());
    let Some(edition) = task.edition else {
        let (edition, reason) = choose(sign.as_ref(), version);
        let note = Diagnostic::note(Code::BenchmarkChosen, format!("{} was chosen: {reason}", edition.id))
            .help("name the edition to have it judged by another one");
        return (edition, vec![note]);
    };
    let mut notes = Vec::new();
    if let Some(sign) = sign
        && edition.platform != Platform::Any
        && edition.platform != sign.platform
    {
        let message = format!(
            "the input looks like {} (it has {}), and {} is an edition for {}",
            platform_name(sign.platform),
            sign.seen,
            edition.id,
            platform_name(edition.platform)
        );
        notes.push(
            Diagnostic::warning(Code::OtherPlatform, message)
                .help(format!("choose benchmark {} or auto", newest_of(sign.platform).id)),
        );
    }
    (edition, notes)
}

/// Whether a row is asked for. A level that is unknown may be any, so it is kept.
fn is_selected(request: &Request, row: &Row, control: &dyn Control) -> bool {
    let metadata = control.metadata();
    request.controls.as_ref().is_none_or(|slugs| slugs.iter().any(|slug| slug == metadata.slug))
        && request.level.is_none_or(|most| row.level.is_none_or(|level| level <= most))
        && request.severity.is_none_or(|least| metadata.severity >= least)
}

/// Codes that say the document is not a kubelet configuration, so that nothing was audited.
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

/// The version that is answered for, and what the others say.
struct Chosen {
    version: Version,
    is_assumed: bool,
    by_version: ByVersion,
    /// The outcome of `version` itself, where `by_version` has it shared with a newer one.
    own: Option<Resolved>,
}

impl Chosen {
    fn of(task: &Task<'_>) -> Self {
        let by_version = ByVersion::resolve(task.layers);
        let version = task.version.or_else(|| by_version.newest_that_starts()).unwrap_or(Version::NEWEST);
        let is_shared = by_version.get(version).is_none_or(|resolved| resolved.version != version);
        let own = is_shared.then(|| resolve(task.layers, version));
        Self { version, is_assumed: task.version.is_none(), by_version, own }
    }

    fn resolved(&self) -> &Resolved {
        // INVARIANT: every supported version has an outcome, of its own or shared.
        self.own
            .as_ref()
            .or_else(|| self.by_version.get(self.version))
            .unwrap_or_else(|| self.by_version.newest())
    }

    /// The kubelet at every version, the one that is answered for first.
    fn kubelets<'a>(&'a self, task: &'a Task<'_>) -> Vec<AuditedKubelet<'a>> {
        let mut kubelets = Vec::new();
        let mut add = |version, resolved| {
            kubelets.push(audited_kubelet(task.layers, task.sources, (version, resolved), task.request));
        };
        add(self.version, self.resolved());
        for (version, resolved) in self.by_version.iter() {
            if version != self.version {
                add(version, resolved);
            }
        }
        kubelets
    }

    fn starts(&self) -> Option<bool> {
        let resolved = self.resolved();
        if resolved.is_undecided() || (resolved.starts() && !resolved.missing.is_empty()) {
            return None;
        }
        Some(resolved.starts())
    }

    fn notes(&self) -> Vec<Diagnostic> {
        let version = self.version;
        let mut notes = Vec::new();
        if self.is_assumed {
            notes.push(
                Diagnostic::note(
                    Code::VersionAssumed,
                    if self.resolved().starts() {
                        format!("the Kubernetes version was not given; {version} is the newest known one at which this input starts")
                    } else {
                        format!("the Kubernetes version was not given; {version} is the newest known one, and the input starts at none")
                    },
                )
                .help("give the version to have it judged by that one"),
            );
            // What stops a newer one is told, for the version is our guess.
            let newest = self.by_version.newest();
            if self.resolved().starts() && !newest.starts() {
                let stop = newest.stop.as_ref().or(newest.listen.as_ref());
                for error in stop.map_or(&[][..], |stop| &stop.errors) {
                    let mut warning = error.clone();
                    warning.weight = Weight::Warning;
                    warning.message = format!("at {} it would not start: {}", newest.version, error.message);
                    notes.push(warning);
                }
            }
        }
        if !version.is_proved() {
            notes.push(Diagnostic::note(
                Code::NotProvedByVectors,
                format!("the rules of {version} were read from its source; 1.29, 1.31, 1.34 and 1.36 are proved by running the kubelet's own code"),
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

/// Runs of versions with the same answer, in words, where there is more than one answer.
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

/// The answer of one control for the kubelet, and where the others, those of other versions, differ.
fn finding(
    task: &Task<'_>,
    wire: &Wire<'_>,
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
    let differs = differences(answers, |(benchmark, effective)| {
        format!("benchmark {} and effective {}", status_word(*benchmark), effect_word(*effective))
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
        evidence: wire.evidence(details.evidence),
        remediation: (!details.routes.is_empty())
            .then_some(Remediation { routes: details.routes, commands: details.commands }),
        fixes: Vec::new(),
        fingerprint: fingerprint(&[metadata.slug, name, metadata.field]),
        waived: None,
        baseline_state: None,
    }
}

fn status_word(status: Status) -> &'static str {
    match status {
        Status::Pass => "pass",
        Status::Fail => "fail",
        Status::Manual => "manual",
        Status::NotApplicable => "not-applicable",
        Status::Error => "error",
    }
}

fn effect_word(effect: Effect) -> &'static str {
    match effect {
        Effect::Yes => "yes",
        Effect::No => "no",
        Effect::Partly => "partly",
        Effect::DoesNotStart => "does-not-start",
        Effect::Unknown => "unknown",
    }
}

/// The status by the basis asked for.
fn status(judgment: &Judgment, basis: Basis) -> Status {
    let effective = match (judgment.benchmark, judgment.effective) {
        // What does not apply does not fail for it.
        (Status::NotApplicable, _) => Status::NotApplicable,
        // What a person has to weigh stays with the person, whatever the kubelet does.
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

fn effective_values(resolved: &Resolved) -> Option<Map<String, Json>> {
    let configuration = resolved.configuration.as_ref()?;
    let mut values = Map::new();
    for field in configuration.shown(resolved.version) {
        let value = if field == id::STATIC_POD_URL_HEADER {
            Json::from("(hidden)")
        } else {
            configuration.value(field).to_json(field.field().kind)
        };
        values.insert(field.field().path.to_owned(), value);
    }
    Some(values)
}

fn origins(wire: &Wire<'_>, sources: &Sources<'_>, resolved: &Resolved) -> Option<BTreeMap<String, Origin>> {
    let configuration = resolved.configuration.as_ref()?;
    let origin = |place: Place| Origin {
        layer: crate::controls::origin_layer(sources, place),
        location: wire.location(place),
    };
    let mut origins = BTreeMap::new();
    for field in configuration.shown(resolved.version) {
        origins.insert(field.field().path.to_owned(), origin(configuration.slot(field).place));
    }
    for entry in configuration.gates() {
        origins.insert(format!("featureGates.{}", entry.key), origin(entry.place));
    }
    Some(origins)
}

/// The kubelet that controls judge, at one version.
pub(crate) fn audited_kubelet<'a>(
    layers: &'a Layers<'a>,
    sources: &'a Sources<'a>,
    (version, resolved): (Version, &'a crate::resolve::Resolved),
    request: &Request,
) -> AuditedKubelet<'a> {
    AuditedKubelet { version, resolved, layers, sources, serving_certificates: request.serving_certificates }
}
