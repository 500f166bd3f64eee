//! Kubernetes minor versions.

use std::fmt;

use super::proved_minors::PROVED;

/// A Kubernetes minor version, 1.25 to 1.37.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version(u8);

impl Version {
    /// The oldest supported version.
    pub const OLDEST: Self = Self(25);
    /// The newest supported version.
    pub const NEWEST: Self = Self(37);

    /// The version `1.minor`, if it is supported.
    pub const fn from_minor(minor: u8) -> Option<Self> {
        if minor < Self::OLDEST.0 || minor > Self::NEWEST.0 { None } else { Some(Self(minor)) }
    }

    /// Parses `1.31`, `v1.31.4`, `1.31.4-gke.100` or `v1.31.4+k3s1`. `None` if it is not a supported version.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let rest = text.strip_prefix('v').unwrap_or(text).strip_prefix("1.")?;
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let (minor, tail) = rest.split_at(digits);
        if !(tail.is_empty() || tail.starts_with(['.', '-', '+'])) {
            return None;
        }
        Self::from_minor(minor.parse().ok()?)
    }

    /// The number after `1.`.
    pub const fn minor(self) -> u8 {
        self.0
    }

    /// Whether this is 1.`minor` or newer.
    pub const fn at_least(self, minor: u8) -> bool {
        self.0 >= minor
    }

    /// Whether our results for this version were verified by running the kubelet's own code.
    pub fn is_proved(self) -> bool {
        // The kubelet listed its gates at 1.29 before there were tables.
        self.0 == 29 || PROVED.contains(&self.0)
    }

    /// The supported versions, newest first.
    pub fn newest_first() -> impl Iterator<Item = Self> {
        Self::oldest_first().rev()
    }

    /// The supported versions, oldest first.
    pub fn oldest_first() -> impl DoubleEndedIterator<Item = Self> {
        (Self::OLDEST.0..=Self::NEWEST.0).map(Self)
    }
}

/// A range of minor versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Minors {
    /// The first version; `25` for 1.25.
    pub first: u8,
    /// The last version.
    pub last: u8,
}

impl Minors {
    /// Every supported version.
    pub const ALL: Self = Self { first: Version::OLDEST.0, last: Version::NEWEST.0 };

    /// Every version since this one.
    pub const fn since(first: u8) -> Self {
        Self { first, ..Self::ALL }
    }

    /// Every version up to this one.
    pub const fn until(last: u8) -> Self {
        Self { last, ..Self::ALL }
    }

    /// Whether the version is in the range.
    pub const fn contains(self, version: Version) -> bool {
        self.first <= version.0 && version.0 <= self.last
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "1.{}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Version;

    #[test]
    fn versions_are_read_as_clusters_print_them() {
        for (text, minor) in [
            ("1.31", 31),
            ("v1.31.4", 31),
            ("1.36.0-alpha.1", 36),
            ("v1.29.4+k3s1", 29),
            (" 1.30.1-gke.7 ", 30),
        ] {
            assert_eq!(Version::parse(text).map(Version::minor), Some(minor), "{text}");
        }
        for text in ["", "1", "1.", "1.24", "1.38", "2.31", "1.31x", "1.310", "one", "1.-1"] {
            assert_eq!(Version::parse(text), None, "{text}");
        }
    }
}
