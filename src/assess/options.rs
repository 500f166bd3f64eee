//! What a request asks for besides its layers: the edition, the version and the selection of controls.

use crate::benchmark::{self, AUTO, DEFAULT_EDITION, Edition, editions};
use crate::controls::{CONTROLS, control};
use crate::kubelet::Version;
use crate::request::Request;
use crate::source::diagnostic::{Code, Diagnostic};

/// The edition, where one is named and not `auto`, and the version, where it is given; or what is wrong with
/// them or with the selection.
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

/// The edition asked for; `None` for `auto`.
fn edition(request: &Request) -> Result<Option<&'static Edition>, Diagnostic> {
    let name = request.benchmark.as_deref().unwrap_or(DEFAULT_EDITION);
    if name == AUTO {
        return Ok(None);
    }
    let Some(edition) = benchmark::edition(name) else {
        let known: Vec<&str> = editions().map(|edition| edition.id).collect();
        return Err(Diagnostic::error(
            Code::UnknownBenchmark,
            format!("no benchmark edition {name:?} is known"),
        )
        .help(format!("known are auto, {}", known.join(", "))));
    };
    if edition.is_empty() {
        return Err(Diagnostic::error(
            Code::NoKubeletRows,
            format!("{} has no row on the kubelet: it leaves nodes to the provider", edition.id),
        )
        .help(format!("choose {}, or auto", benchmark::auto::newest_of(edition.platform).id)));
    }
    Ok(Some(edition))
}

/// Selections that name what does not exist would leave out findings silently.
fn check_selection(request: &Request, edition: Option<&Edition>) -> Result<(), Diagnostic> {
    if let Some(level) = request.level
        && !(1..=2).contains(&level)
    {
        return Err(Diagnostic::error(Code::InvalidRequest, format!("there is no level {level}"))
            .help("levels are 1 and 2; 2 holds both"));
    }
    for slug in request.controls.iter().flatten() {
        if control(slug).is_none() {
            let known: Vec<&str> = CONTROLS.iter().map(|control| control.metadata().slug).collect();
            return Err(Diagnostic::error(Code::UnknownControl, format!("no control {slug:?} is known"))
                .help(format!("known are {}", known.join(", "))));
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
            .help(format!("editions that have it: {}", others.join(", "))));
        }
    }
    Ok(())
}

fn version(request: &Request) -> Result<Option<Version>, Diagnostic> {
    let Some(text) = request.kubelet_version.as_deref() else { return Ok(None) };
    Version::parse(text).map(Some).ok_or_else(|| {
        Diagnostic::error(
            Code::UnsupportedVersion,
            format!("{text:?} is not a Kubernetes version from {} to {}", Version::OLDEST, Version::NEWEST),
        )
        .help("write it like 1.31 or v1.31.4, or leave it out")
    })
}
