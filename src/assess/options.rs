//! The options of a request: the benchmark edition, the version and the selection of controls.

use crate::benchmark::{self, AUTO, DEFAULT_EDITION, Edition, Row, editions};
use crate::controls::{CONTROLS, Control, control};
use crate::kubelet::Version;
use crate::report::{OptionError, VersionSource};
use crate::request::Request;
use crate::source::diagnostic::{Code, Diagnostic};
use crate::source::nearest::nearest;

/// Valid options.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Options {
    /// The edition; `None` for `auto`.
    pub(crate) edition: Option<&'static Edition>,
    /// The version; `None` if no option gives it.
    pub(crate) version: Option<Version>,
}

/// Returns the options of a request.
///
/// # Errors
///
/// An unknown edition, version, level or control, a control that the edition does not have, and a selection of no
/// control at all.
pub(crate) fn options(request: &Request) -> Result<Options, OptionError> {
    check_not_empty(request)?;
    let edition = edition(request)?;
    check_selection(request, edition)?;
    let version = match request.kubelet_version.as_deref() {
        Some(text) => Some(version(text).map_err(|error| of_diagnostic("kubeletVersion", &error))?),
        None => None,
    };
    Ok(Options { edition, version })
}

/// Returns the version of the node's own record, if no option gives one.
///
/// # Errors
///
/// The node has a version that is not supported.
pub(crate) fn node_version(request: &Request) -> Result<Option<(Version, VersionSource)>, Diagnostic> {
    let Some(text) = request.node_version.as_deref() else { return Ok(None) };
    version(text).map(|version| Some((version, VersionSource::Node)))
}

fn error(code: Code, option: impl Into<String>, message: String, help: String) -> OptionError {
    OptionError { code: code.as_str().to_owned(), option: option.into(), message, help }
}

fn of_diagnostic(option: &str, diagnostic: &Diagnostic) -> OptionError {
    error(diagnostic.code, option, diagnostic.message.clone(), diagnostic.help.clone())
}

/// Checks that no option is empty, as templates render values that are not set.
fn check_not_empty(request: &Request) -> Result<(), OptionError> {
    for (option, value) in [("benchmark", &request.benchmark), ("kubeletVersion", &request.kubelet_version)] {
        if value.as_deref().is_some_and(|text| text.trim().is_empty()) {
            return Err(error(
                Code::InvalidRequest,
                option,
                format!("{option} is an empty string"),
                format!("omit {option} to use its default"),
            ));
        }
    }
    let Some(controls) = &request.controls else { return Ok(()) };
    if controls.is_empty() {
        return Err(error(
            Code::InvalidRequest,
            "controls",
            "controls is an empty list, which checks nothing".to_owned(),
            "omit controls to check every control of the benchmark, or name at least one".to_owned(),
        ));
    }
    match controls.iter().position(|slug| slug.trim().is_empty()) {
        Some(at) => Err(error(
            Code::InvalidRequest,
            format!("controls[{at}]"),
            format!("controls[{at}] is an empty string"),
            "name a control, or remove the element".to_owned(),
        )),
        None => Ok(()),
    }
}

/// Returns the requested edition; `None` for `auto`.
fn edition(request: &Request) -> Result<Option<&'static Edition>, OptionError> {
    let name = request.benchmark.as_deref().unwrap_or(DEFAULT_EDITION);
    if name == AUTO {
        return Ok(None);
    }
    let Some(edition) = benchmark::edition(name) else {
        let known: Vec<&str> = editions().map(|edition| edition.id).collect();
        return Err(error(
            Code::UnknownBenchmark,
            "benchmark",
            format!("unknown benchmark {name:?}"),
            expected(name, "auto or one of ", &known),
        ));
    };
    if edition.is_empty() {
        return Err(error(
            Code::NoKubeletRows,
            "benchmark",
            format!("{} has no kubelet controls: it leaves nodes to the provider", edition.id),
            format!("use {} or auto", benchmark::auto::newest_of(edition.platform).id),
        ));
    }
    Ok(Some(edition))
}

/// Help for an unknown name: the nearest of the known names, or all of them.
fn expected(name: &str, before: &str, known: &[&'static str]) -> String {
    match nearest(name, known.iter().copied()) {
        Some(near) => format!("did you mean {near}?"),
        None => format!("expected {before}{}", known.join(", ")),
    }
}

/// Checks the selection: a name that does not exist would silently drop findings.
fn check_selection(request: &Request, edition: Option<&Edition>) -> Result<(), OptionError> {
    if let Some(level) = request.level
        && !(1..=2).contains(&level)
    {
        return Err(error(
            Code::InvalidRequest,
            "level",
            format!("unknown level {level}"),
            "expected 1 or 2; level 2 includes level 1".to_owned(),
        ));
    }
    for (at, slug) in request.controls.iter().flatten().enumerate() {
        let option = format!("controls[{at}]");
        if control(slug).is_none() {
            let known: Vec<&str> = CONTROLS.iter().map(|control| control.metadata().slug).collect();
            return Err(error(
                Code::UnknownControl,
                option,
                format!("unknown control {slug:?}"),
                expected(slug, "one of ", &known),
            ));
        }
        if let Some(edition) = edition
            && !edition.has(slug)
        {
            let others: Vec<&str> =
                editions().filter(|other| other.has(slug)).map(|other| other.id).collect();
            return Err(error(
                Code::UnknownControl,
                option,
                format!("{} has no control {slug}", edition.id),
                format!("editions with this control: {}", others.join(", ")),
            ));
        }
    }
    match edition {
        Some(edition) if !selects_any(request, edition) => Err(error(
            Code::InvalidRequest,
            if request.severity.is_some() { "severity" } else { "level" },
            format!("the options select none of the controls of {}, so nothing would be checked", edition.id),
            "select more with controls, level or severity".to_owned(),
        )),
        _ => Ok(()),
    }
}

/// Whether the request selects at least one row of an edition.
pub(crate) fn selects_any(request: &Request, edition: &Edition) -> bool {
    edition
        .rows
        .iter()
        .any(|row| control(row.control).is_some_and(|control| is_selected(request, row, control)))
}

/// Whether the request selects a row. A row of unknown level is kept.
pub(crate) fn is_selected(request: &Request, row: &Row, control: &dyn Control) -> bool {
    let metadata = control.metadata();
    request.controls.as_ref().is_none_or(|slugs| slugs.iter().any(|slug| slug == metadata.slug))
        && request.level.is_none_or(|most| row.level.is_none_or(|level| level <= most))
        && request.severity.is_none_or(|least| metadata.severity >= least)
}

/// Reads a version.
pub(crate) fn version(text: &str) -> Result<Version, Diagnostic> {
    Version::parse(text).ok_or_else(|| {
        Diagnostic::error(
            Code::UnsupportedVersion,
            format!(
                "unsupported Kubernetes version {text:?}; expected {} to {}",
                Version::OLDEST,
                Version::NEWEST
            ),
        )
        .help("use a version such as 1.31 or v1.31.4, or omit it")
    })
}
