//! Alternatives to a fix: our own drop-in, or the object of a platform.

use serde_json::Value as Json;

use super::edit::value;
use super::planner::{Planner, Route, Wish};
use super::platform;
use crate::report::{FileChange, Fix, FixTarget, OriginLayer};
use crate::resolve::NamedDocument;

/// The name of our drop-in; a prefix is added if another drop-in sorts after it.
const DROP_IN: &str = "99-kubelet-audit.conf";

impl<'s> Planner<'s> {
    /// Returns the drop-in that an earlier fix created.
    pub(super) fn own_drop_in(&self) -> Option<&'s NamedDocument<'s>> {
        let own = |named: &&NamedDocument<'_>| named.name.ends_with(DROP_IN) && !named.name.contains('/');
        self.layers.drop_ins.iter().flatten().find(own).filter(|_| self.route == Route::DropIn)
    }

    /// Returns a new drop-in with the settings that overrides all others.
    pub(super) fn drop_in(&self, fix: &Fix, wishes: &[Wish<'_>]) -> Option<FileChange> {
        let directory = self.resolved.flags.text("config-dir");
        // Drop-ins are an alpha feature before 1.30, and null does not unset a field before 1.32.
        let has_directory = self.layers.drop_ins.is_some() || directory.is_some();
        let removes = fix.settings.iter().any(|setting| setting.value.is_null());
        if !has_directory
            || !self.resolved.version.at_least(if removes { 32 } else { 30 })
            || self.resolved.is_configz
            || self.is_by_flag(wishes)
        {
            return None;
        }
        let given: Vec<&str> =
            self.layers.drop_ins.iter().flatten().map(|named| named.name.as_str()).collect();
        let mut name = DROP_IN.to_owned();
        // The kubelet compares each path component by its bytes.
        while given.iter().any(|other| !other.split('/').lt(name.split('/'))) {
            if name.len() > 100 {
                return None;
            }
            name.insert(0, 'z');
        }
        let mut content =
            "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n".to_owned();
        let settings: Vec<(String, Json)> =
            fix.settings.iter().map(|setting| (setting.name.clone(), setting.value.clone())).collect();
        for (key, value) in platform::tree(&settings) {
            content.push_str(&value::block(&key, &value, &platform::BLOCK, ""));
            content.push('\n');
        }
        Some(FileChange {
            source: name,
            by_hand: false,
            layer: Some(OriginLayer::DropIn),
            edits: Vec::new(),
            patch: Vec::new(),
            content: Some(content),
        })
    }

    /// Returns the fix in the platform's object.
    pub(super) fn platform_fix(&self, fix: &Fix) -> Option<Fix> {
        let platform = self.platform?;
        let change = platform.change(&fix.settings);
        let refused = change.content.is_none().then(|| change.left_out.join("; "));
        let file = change.content.map(|content| FileChange {
            source: platform.object.into(),
            by_hand: true,
            layer: None,
            edits: Vec::new(),
            patch: Vec::new(),
            content: Some(content),
        });
        let title = format!("{}, through {}: {}", fix.title, platform.name, platform.advice);
        let mut other = another(fix, FixTarget::Platform, title, file.into_iter().collect());
        (other.after, other.refused) = (change.commands, refused);
        Some(other)
    }
}

/// Returns an alternative to a fix, without the commands that copy files first.
pub(super) fn another(fix: &Fix, target: FixTarget, title: String, changes: Vec<FileChange>) -> Fix {
    let mut other = fix.clone();
    (other.target, other.title, other.changes) = (target, title, changes);
    (other.alternative, other.refused) = (true, None);
    other.before.retain(|line| !line.starts_with("cp "));
    other
}
