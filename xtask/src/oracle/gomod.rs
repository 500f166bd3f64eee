//! The go.mod that builds a release's kubelet, made from the release's own.

use super::minors::Minor;

/// What is needed of a release's go.mod.
#[derive(Debug, Default)]
struct Read<'a> {
    go: &'a str,
    godebug: Vec<&'a str>,
    /// Module and version.
    required: Vec<(&'a str, &'a str)>,
    /// Modules that are directories of the release: published as modules of their own.
    staging: Vec<&'a str>,
    /// Other replacements, as they are written.
    replaced: Vec<&'a str>,
}

/// Makes it: every staging module at the version that was published with the release, the rest as the
/// release requires it, and its `go` and `godebug` lines, which choose Go's defaults.
pub(crate) fn make(release: &str, minor: &Minor) -> String {
    let read = read(release);
    let staging = |module: &str| match minor.pins.get(module) {
        Some(pinned) => pinned.clone(),
        None => minor.staging(),
    };
    let mut out = format!("module oracle\n\n{}\n\n", read.go);
    for line in &read.godebug {
        out += &format!("godebug {line}\n");
    }
    out += &format!("\nrequire (\n\tk8s.io/kubernetes {}\n", minor.release());
    for (module, version) in &read.required {
        let is_staging = read.staging.contains(module);
        out += &match is_staging {
            true => format!("\t{module} {}\n", staging(module)),
            false => format!("\t{module} {version}\n"),
        };
    }
    out += ")\n\nreplace (\n";
    for module in &read.staging {
        out += &format!("\t{module} => {module} {}\n", staging(module));
    }
    for line in &read.replaced {
        out += &format!("\t{line}\n");
    }
    out + ")\n"
}

fn read(text: &str) -> Read<'_> {
    let mut read = Read::default();
    let mut block = "";
    for line in text.lines() {
        let line = line.split("//").next().unwrap_or_default().trim();
        let (first, rest) = line.split_once(' ').unwrap_or((line, ""));
        match (block, first, rest) {
            (_, "", _) => {}
            (_, ")", _) => block = "",
            ("", word, "(") => block = word,
            ("", "go", _) => read.go = line,
            ("", word, rest) => read.add(word, rest),
            (word, ..) => read.add(word, line),
        }
    }
    read
}

impl<'a> Read<'a> {
    fn add(&mut self, word: &str, rest: &'a str) {
        match (word, rest.split_once(' ')) {
            ("godebug", _) => self.godebug.push(rest),
            ("require", Some((module, version))) => self.required.push((module, version)),
            ("replace", Some((module, target))) if target.contains("./staging/") => self.staging.push(module),
            ("replace", _) => self.replaced.push(rest),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::minors::Minor;
    use super::make;

    const RELEASE: &str = "\
module k8s.io/kubernetes

go 1.24.0

godebug default=go1.24

godebug (
\twinsymlink=0
)

require (
\tgithub.com/a/b v1.2.3 // indirect
\tk8s.io/api v0.0.0
)

replace (
\tgithub.com/a/b => github.com/a/b v1.2.4
\tk8s.io/api => ./staging/src/k8s.io/api
\tk8s.io/pinned => ./staging/src/k8s.io/pinned
)
";

    #[test]
    fn staging_modules_are_pinned() {
        let pins = [("k8s.io/pinned".to_owned(), "v0.34.1".to_owned())].into();
        let minor = Minor { minor: 34, patch: 12, pins, without_sum_database: Vec::new() };
        let expected = "\
module oracle

go 1.24.0

godebug default=go1.24
godebug winsymlink=0

require (
\tk8s.io/kubernetes v1.34.12
\tgithub.com/a/b v1.2.3
\tk8s.io/api v0.34.12
)

replace (
\tk8s.io/api => k8s.io/api v0.34.12
\tk8s.io/pinned => k8s.io/pinned v0.34.1
\tgithub.com/a/b => github.com/a/b v1.2.4
)
";
        assert_eq!(make(RELEASE, &minor), expected);
    }
}
