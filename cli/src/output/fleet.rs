//! The summary over all targets: counts, and groups of targets with the same result.

use std::cmp::Reverse;

use kubelet_audit::report::{Finding, Group, Issue, Status, Summary, Target};

/// Most groups for one control and status. One more group collects the rest, so that values that differ from node
/// to node do not fill the memory.
const MOST_ANSWERS: usize = 20;
/// Most names of targets in a group.
const MOST_EXAMPLES: usize = 5;

/// Collects the summary, target by target.
#[derive(Debug, Default)]
pub(crate) struct Fleet {
    summary: Summary,
    groups: Vec<Group>,
    is_many: bool,
}

impl Fleet {
    /// Adds a target.
    pub(crate) fn add(&mut self, target: &Target) {
        self.summary.add(target);
        let name = target.node.as_ref().unwrap_or(&target.source);
        if let Some(issue) = target.errors.first() {
            // Its findings only follow from the error.
            self.put(of_issue(target, issue), name);
            return;
        }
        for finding in &target.findings {
            let to_judge = finding.status == Status::Manual && finding.waived.is_none();
            if to_judge || finding.is_open() {
                self.put(of_finding(finding), name);
            }
        }
    }

    /// Notes that a target is one of many, even if no other follows.
    pub(crate) fn is_many(&mut self) {
        self.is_many = true;
    }

    /// Returns the summary, with groups if there is more than one target, or could be.
    pub(crate) fn summary(self) -> Summary {
        let mut groups = self.groups;
        // Unreadable targets come first, because nothing is known about them.
        let rank =
            |group: &Group| (group.control.is_some(), group.status == Status::Manual, Reverse(group.targets));
        groups.sort_by_key(rank);
        Summary { groups: (self.is_many || self.summary.targets > 1).then_some(groups), ..self.summary }
    }

    fn put(&mut self, group: Group, name: &str) {
        let is_same = |other: &&mut Group| {
            other.control == group.control
                && other.title == group.title
                && other.status == group.status
                && other.benchmark == group.benchmark
                && other.effective == group.effective
        };
        let mut answers = 0_usize;
        let mut found = None;
        for other in self.groups.iter_mut().filter(is_same) {
            if other.message == group.message || other.message.is_empty() {
                found = Some(other);
                break;
            }
            answers = answers.saturating_add(1);
        }
        if let Some(found) = found {
            found.targets = found.targets.saturating_add(1);
            if found.examples.len() < MOST_EXAMPLES {
                found.examples.push(name.to_owned());
            }
            return;
        }
        let message = if answers < MOST_ANSWERS { group.message } else { String::new() };
        self.groups.push(Group { message, examples: vec![name.to_owned()], targets: 1, ..group });
    }
}

fn of_finding(finding: &Finding) -> Group {
    Group {
        control: Some(finding.control.clone()),
        title: format!("{} {}", finding.benchmark.number, finding.benchmark.title),
        status: finding.status,
        benchmark: Some(finding.benchmark.verdict),
        effective: Some(finding.effective.verdict),
        message: finding.message.clone(),
        fix: finding.fix.clone(),
        targets: 0,
        examples: Vec::new(),
    }
}

fn of_issue(target: &Target, issue: &Issue) -> Group {
    // The reason is the same for many nodes: `node `a` did not answer: REASON`.
    let quoted = |name: &str| issue.message.contains(&format!("`{name}`"));
    let names_target = quoted(&target.source) || target.node.as_deref().is_some_and(quoted);
    let reason = issue.message.split_once(": ").filter(|_| names_target);
    Group {
        control: None,
        title: format!("not audited [{}]", issue.code),
        status: Status::Error,
        benchmark: None,
        effective: None,
        message: reason.map_or(&*issue.message, |(_, reason)| reason).to_owned(),
        fix: issue.help.clone(),
        targets: 0,
        examples: Vec::new(),
    }
}
