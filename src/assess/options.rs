//! The options of a request: the benchmark edition, the version and the selection of controls.

use crate::benchmark::{self, AUTO, DEFAULT_EDITION, Edition, editions};
use crate::controls::{CONTROLS, control};
use crate::kubelet::Version;
use crate::request::Request;
use crate::source::diagnostic::{Code, Diagnostic};

/// Returns the edition (`None` for `auto`) and the version (`None` if not given) of a request.
///
/// # Errors
///
/// An unknown edition, version or control, and a control that the edition does not have.
pub(crate) fn options(
    request: &Request,
) -> Result<(Option<&'static Edition>, Option<Version>), Vec<Diagnostic>> {
    let selected = edition(request).and_then(|edition| check_selection(request, edition).map(|()| edition));
    match (selected, version(request)) {
        (Ok(edition), Ok(version)) => Ok((edition, version)),
        (edition, version) => {
            let mut errors = Vec::new();
            if let Err(error) = edition {
                errors.push(error);
            }
            if let Err(error) = version {
                errors.push(error);
            }
            Err(errors)
        }
    }
}

/// Returns the requested edition; `None` for `auto`.
fn edition(request: &Request) -> Result<Option<&'static Edition>, Diagnostic> {
    let name = request.benchmark.as_deref().unwrap_or(DEFAULT_EDITION);
    if name == AUTO {
        return Ok(None);
    }
    let Some(edition) = benchmark::edition(name) else {
        let known: Vec<&str> = editions().map(|edition| edition.id).collect();
        return Err(Diagnostic::error(Code::UnknownBenchmark, format!("unknown benchmark {name:?}"))
            .help(format!("expected auto or one of {}", known.join(", "))));
    };
    if edition.is_empty() {
        return Err(Diagnostic::error(
            Code::NoKubeletRows,
            format!("{} has no kubelet controls: it leaves nodes to the provider", edition.id),
        )
        .help(format!("use {} or auto", benchmark::auto::newest_of(edition.platform).id)));
    }
    Ok(Some(edition))
}

/// Checks the selection: a name that does not exist would silently drop findings.
fn check_selection(request: &Request, edition: Option<&Edition>) -> Result<(), Diagnostic> {
    if let Some(level) = request.level
        && !(1..=2).contains(&level)
    {
        return Err(Diagnostic::error(Code::InvalidRequest, format!("unknown level {level}"))
            .help("expected 1 or 2; level 2 includes level 1"));
    }
    for slug in request.controls.iter().flatten() {
        if control(slug).is_none() {
            let known: Vec<&str> = CONTROLS.iter().map(|control| control.metadata().slug).collect();
            return Err(Diagnostic::error(Code::UnknownControl, format!("unknown control {slug:?}"))
                .help(format!("expected one of {}", known.join(", "))));
        }
        if let Some(edition) = edition
            && !edition.has(slug)
        {
            let others: Vec<&str> =
                editions().filter(|other| other.has(slug)).map(|other| other.id).collect();
            return Err(Diagnostic::error(
                Code::UnknownControl,
                format!("{} has no control {slug}", edition.id),
            )
            .help(format!("editions with this control: {}", others.join(", "))));
        }
    }
    Ok(())
}

fn version(request: &Request) -> Result<Option<Version>, Diagnostic> {
    let Some(text) = request.kubelet_version.as_deref() else { return Ok(None) };
    Version::parse(text).map(Some).ok_or_else(|| {
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
