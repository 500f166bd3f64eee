//! Controls by their number in a benchmark.

use std::collections::BTreeMap;

use kubelet_audit::benchmark::{self, AUTO, DEFAULT_EDITION, Edition, editions};
use kubelet_audit::controls::control;

/// Whether a benchmark has a control of this number.
pub(crate) fn is_number(name: &str) -> bool {
    editions().any(|edition| slug_in(edition, name).is_some())
}

/// Returns the slug of a control that is given by its slug or by its number in a benchmark.
///
/// Without a benchmark, or with `auto`, a number of the default benchmark takes precedence; any other number must
/// mean the same control in every benchmark that has it.
///
/// # Errors
///
/// The benchmark does not have the number, or the number means several controls.
pub(crate) fn slug_of(name: &str, benchmark: Option<&str>) -> Result<String, String> {
    if control(name).is_some() {
        return Ok(name.to_owned());
    }
    if let Some(edition) = benchmark.filter(|name| *name != AUTO).and_then(benchmark::edition) {
        return match slug_in(edition, name) {
            Some(slug) => Ok(slug.to_owned()),
            None => Err(format!("{} has no control {name}", edition.id)),
        };
    }
    let mut slugs: BTreeMap<&str, &str> = BTreeMap::new();
    for edition in editions() {
        let Some(slug) = slug_in(edition, name) else { continue };
        if edition.id == DEFAULT_EDITION && benchmark.is_none() {
            return Ok(slug.to_owned());
        }
        slugs.entry(slug).or_insert(edition.id);
    }
    match slugs.first_key_value() {
        Some((slug, _)) if slugs.len() == 1 => Ok((*slug).to_owned()),
        Some(_) => {
            let all: Vec<String> =
                slugs.iter().map(|(slug, edition)| format!("{slug} ({edition})")).collect();
            Err(format!("{name} means different controls: {}; add --benchmark ID", all.join(", ")))
        }
        None => Err(format!("unknown control {name:?}")),
    }
}

fn slug_in(edition: &Edition, number: &str) -> Option<&'static str> {
    edition.rows.iter().find(|row| row.number == number).map(|row| row.control)
}

#[cfg(test)]
mod tests {
    use super::slug_of;

    #[test]
    fn a_number_is_one_of_the_benchmark() {
        let rotate = Ok("rotate-kubelet-server-certificate");
        for (name, benchmark, want) in [
            ("3.2.9", None, rotate),
            ("3.2.9", Some("cis-aks-1.7"), rotate),
            ("read-only-port", Some("cis-1.12"), Ok("read-only-port")),
            ("4.2.4", Some("cis-1.12"), Ok("read-only-port")),
            ("9.9.9", None, Err("unknown control \"9.9.9\"")),
            ("9.9.9", Some("cis-1.12"), Err("cis-1.12 has no control 9.9.9")),
        ] {
            let got = slug_of(name, benchmark);
            assert_eq!(got.as_deref().map_err(String::as_str), want, "{name} {benchmark:?}");
        }
        let ambiguous = slug_of("3.2.9", Some("auto")).unwrap_err();
        assert!(ambiguous.contains("different controls") && ambiguous.contains("--benchmark"), "{ambiguous}");
    }
}
