//! A table of hosts and cases.

use std::fmt;

/// What a host made of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell {
    /// The same bytes as the native library.
    Same,
    /// The same value, from a host that has values instead of texts.
    Equal,
    /// A decision that follows from the native report.
    Follows,
    /// Both reject the input, with different messages.
    Refused,
    /// Something else.
    Different,
    /// The host cannot express the request.
    Unsupported,
}

/// The table.
#[derive(Clone, Debug)]
pub struct Matrix {
    hosts: Vec<&'static str>,
    rows: Vec<(String, Vec<Cell>)>,
}

impl Matrix {
    /// An empty table with these columns.
    pub fn new(hosts: &[&'static str]) -> Self {
        Self { hosts: hosts.to_vec(), rows: Vec::new() }
    }

    /// Adds a row.
    pub fn row(&mut self, case: &str, cells: Vec<Cell>) {
        self.rows.push((case.to_owned(), cells));
    }

    /// Cells of this kind.
    pub fn count(&self, kind: Cell) -> usize {
        self.rows.iter().flat_map(|(_, cells)| cells).filter(|cell| **cell == kind).count()
    }
}

impl fmt::Display for Matrix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.rows.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
        write!(f, "{:width$}", "")?;
        for host in &self.hosts {
            write!(f, "  {host}")?;
        }
        writeln!(f)?;
        for (name, cells) in &self.rows {
            write!(f, "{name:width$}")?;
            for (host, cell) in self.hosts.iter().zip(cells) {
                let mark = match cell {
                    Cell::Same => "=",
                    Cell::Equal => "~",
                    Cell::Follows => ">",
                    Cell::Refused => "x",
                    Cell::Different => "DIFFERENT",
                    Cell::Unsupported => ".",
                };
                write!(f, "  {mark:^0$}", host.len())?;
            }
            writeln!(f)?;
        }
        let (same, refused) = (self.count(Cell::Same), self.count(Cell::Refused));
        let different = self.count(Cell::Different);
        write!(f, "{same} `=`: answers are the same bytes; {different} differ")?;
        let equal = self.count(Cell::Equal);
        if equal > 0 {
            write!(f, "; {equal} `~`: the same value, as canonical JSON")?;
        }
        let follows = self.count(Cell::Follows);
        if follows > 0 {
            write!(f, "; {follows} `>`: a decision that follows from the report")?;
        }
        if refused > 0 {
            write!(f, "; {refused} `x`: both reject the input, with different messages")?;
        }
        write!(f, "; `.`: the host has no such question")
    }
}
