//! Locations for formats that require a file and a line for every finding and issue.

use super::TargetTexts;
use super::finding::main_evidence;
use crate::report::{Finding, Issue, Location, Range, Target};

/// A file and a range in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Spot {
    /// The path to show, without a leading `./`.
    pub(super) path: String,
    /// The range; absent if the location is a whole file.
    pub(super) range: Option<Range>,
}

impl Spot {
    /// Returns the first line; 1 without a range, because every format requires a line.
    pub(super) fn line(&self) -> u32 {
        self.range.map_or(1, |range| range.start.line)
    }

    /// Returns `path:line`.
    pub(super) fn place(&self) -> String {
        format!("{}:{}", self.path, self.line())
    }

    /// Returns the location of a finding: its main evidence, or the whole file.
    pub(super) fn of_finding(finding: &Finding, target: &Target, texts: TargetTexts<'_>) -> Self {
        let location = main_evidence(finding).and_then(|evidence| evidence.location.as_ref());
        location.map_or_else(|| Self::of_target(target, texts), |location| Self::of(location, texts))
    }

    /// Returns the location of an issue, or the whole file.
    pub(super) fn of_issue(issue: &Issue, target: &Target, texts: TargetTexts<'_>) -> Self {
        let location = issue.location.as_ref();
        location.map_or_else(|| Self::of_target(target, texts), |location| Self::of(location, texts))
    }

    /// Returns a report's location with its path.
    pub(super) fn of(location: &Location, texts: TargetTexts<'_>) -> Self {
        Self { path: path(&location.source, texts), range: location.range }
    }

    /// Returns the location of a notice about the whole run. Its file belongs to no target.
    pub(super) fn of_notice(notice: &Issue) -> Option<Self> {
        let location = notice.location.as_ref()?;
        Some(Self { path: shown(&location.source), range: location.range })
    }

    /// Returns the whole file of a target.
    fn of_target(target: &Target, texts: TargetTexts<'_>) -> Self {
        Self { path: path(target.file(), texts), range: None }
    }

    /// Returns the path as a URI reference.
    pub(super) fn uri(&self) -> String {
        uri(&self.path)
    }
}

/// Returns the name of a target: its path, with the object in it.
pub(super) fn name_of(target: &Target, texts: TargetTexts<'_>) -> String {
    path(&target.source, texts)
}

/// Returns a path as a URI reference (RFC 3986): relative, or `file:` for an absolute path.
pub(super) fn uri(path: &str) -> String {
    let mut uri = String::from(if path.starts_with('/') { "file://" } else { "" });
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}

fn path(source: &str, texts: TargetTexts<'_>) -> String {
    let found = texts.find(source);
    shown(found.as_ref().map_or(source, |text| &text.path))
}

fn shown(path: &str) -> String {
    match path {
        // Reports must not show `-` as a file name, which readers take for "none".
        "-" => "stdin".to_owned(),
        path => path.strip_prefix("./").unwrap_or(path).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::Spot;

    #[test]
    fn paths_become_uris() {
        for (path, uri) in [
            ("a/b.yaml", "a/b.yaml"),
            ("/etc/k 1.yaml", "file:///etc/k%201.yaml"),
            ("ä:#?.json", "%C3%A4%3A%23%3F.json"),
        ] {
            assert_eq!(Spot { path: path.to_owned(), range: None }.uri(), uri);
        }
    }
}
