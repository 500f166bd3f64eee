//! Plans fixes: which setting goes into which text.

use serde_json::Value as Json;

use super::alternatives::another;
use super::arguments::{Arguments, Edits};
use super::edit::text::Edit;
use super::edit::{Change, edit};
use super::patch::patch;
use super::planner::{Planner, Route, Wish};
use super::platform;
use super::spelling::{document_changes, folded};
use crate::assess::{self, Texts};
use crate::controls::{FixSafety, control};
use crate::json::json_text;
use crate::kubelet::fields::FieldId;
use crate::kubelet::{Version, flags, gates};
use crate::report::{
    Applicability, FileChange, Finding, Fix, FixTarget, OriginLayer, PatchOperation, PlatformChange, Point,
    Purpose, Range, RouteKind, Setting, Status, Target, TextEdit,
};
use crate::request::Request;
use crate::resolve::{NamedDocument, is_drop_in_name, resolve};
use crate::source::tree::Format;
use crate::source::{LineIndex, SourceId, Sources, ValueSource};

/// Returns the fixes of a target's findings, in order. Each finding has up to two fixes, one required by the
/// benchmark and one required to take effect, each followed by its alternatives.
pub fn fixes(request: &Request, target: &Target, route: Route) -> Vec<Fix> {
    let planned = with_planner(request, target, route, |planner| {
        let mut fixes = Vec::new();
        for finding in &target.findings {
            for is_effective in [false, true] {
                planner.fixes_of(finding, is_effective, &mut fixes);
            }
        }
        fixes
    });
    planned.unwrap_or_default()
}

/// Returns the change of the settings on the node's platform; `None` if no platform manages them.
pub(super) fn platform_change(
    request: &Request,
    target: &Target,
    settings: &[Setting],
) -> Option<PlatformChange> {
    with_planner(request, target, Route::InPlace, |planner| {
        planner.platform.map(|platform| platform.change(settings))
    })
    .flatten()
}

/// Calls `plan` with a planner; `None` if the target could not be read.
fn with_planner<T>(
    request: &Request,
    target: &Target,
    route: Route,
    plan: impl FnOnce(&Planner<'_>) -> T,
) -> Option<T> {
    let kubelet = target.kubelet.as_ref()?;
    let version = Version::parse(&kubelet.version).unwrap_or(Version::NEWEST);
    let limits = assess::limits_of(request);
    let texts = Texts::of(request);
    let mut sources = Sources::default();
    let layers = assess::layers(&texts, request, &mut sources);
    let resolved = resolve(&layers, version);
    let arguments = Arguments::new(&layers, &resolved, &sources);
    Some(plan(&Planner {
        layers: &layers,
        sources: &sources,
        resolved: &resolved,
        arguments: &arguments,
        limits: &limits,
        platform: platform::of(request, &layers, &sources),
        route,
    }))
}

/// The changes of one fix by text.
#[derive(Default)]
struct Changes<'s> {
    documents: Vec<(&'s NamedDocument<'s>, Vec<Change>)>,
    arguments: Edits,
}

impl<'s> Planner<'s> {
    fn fixes_of(&self, finding: &Finding, is_effective: bool, fixes: &mut Vec<Fix>) {
        let Some(remediation) = &finding.remediation else { return };
        let of = |kind| {
            let route = remediation.routes.iter().find(|route| route.kind == kind);
            let settings = route.map_or(&[][..], |route| &route.settings).iter();
            settings.filter(|setting| (setting.purpose == Purpose::Effective) == is_effective).collect()
        };
        let fields: Vec<&Setting> = of(RouteKind::ConfigFile);
        let mut flags: Vec<&Setting> = of(RouteKind::Arguments);
        let mut wishes: Vec<Wish<'_>> = Vec::new();
        for field in fields {
            let at = flags.iter().position(|flag| is_flag_of(field, flag));
            wishes.push(Wish { field: Some(field), flag: at.map(|at| flags.remove(at)) });
        }
        wishes.extend(flags.into_iter().map(|flag| Wish { field: None, flag: Some(flag) }));
        if wishes.is_empty() {
            return;
        }
        let mut fix = self.describe(finding, &wishes);
        let own = self.own_drop_in();
        let drop_in = if own.is_some() { None } else { self.drop_in(&fix, &wishes) };
        let is_planned = self.route == Route::DropIn && own.is_none() && !self.is_by_flag(&wishes);
        let planned = match (&drop_in, is_planned) {
            (Some(change), true) => {
                fix.target = FixTarget::DropIn;
                fix.changes.push(change.clone());
                Ok(())
            }
            (None, true) => {
                Err("a drop-in requires Kubernetes 1.30 and --config-dir (1.32 to remove a value)".into())
            }
            (_, false) => self.changes(&wishes).and_then(|changes| self.make(&changes, &mut fix)),
        };
        match planned {
            Ok(()) if fix.changes.is_empty() => {
                if is_effective || finding.benchmark.verdict != Status::Fail {
                    return;
                }
                fix.refused =
                    Some("the setting already has this value; another setting causes the failure".into());
            }
            Ok(()) => {}
            Err(reason) => fix.refused = Some(reason),
        }
        self.commands(&mut fix);
        let mut alternatives = Vec::new();
        if let Some(change) = drop_in.filter(|_| !is_planned) {
            let title = format!("{}, in a new drop-in that overrides the others", fix.title);
            alternatives.push(another(&fix, FixTarget::DropIn, title, vec![change]));
        }
        alternatives.extend(self.platform_fix(&fix));
        fixes.push(fix);
        fixes.append(&mut alternatives);
    }

    /// Returns the safety of changing a setting of a control.
    fn safety(&self, slug: &str, setting: &Setting) -> &'static FixSafety {
        control(slug).map_or(&FixSafety::UNKNOWN, |control| {
            control.fix_safety(self.resolved, &setting.name, &setting.value)
        })
    }

    /// Returns a fix without its changes.
    fn describe(&self, finding: &Finding, wishes: &[Wish<'_>]) -> Fix {
        let settings: Vec<Setting> = wishes.iter().filter_map(|wish| self.setting(wish)).collect();
        let mut applicability = Applicability::Safe;
        let mut reason = "";
        let mut also_changes = Vec::new();
        for setting in &settings {
            let row = self.safety(&finding.control, setting);
            if reason.is_empty()
                || (applicability, row.applicability) == (Applicability::Safe, Applicability::Unsafe)
            {
                (applicability, reason) = (row.applicability, row.reason);
            }
            let own = row.also_changes.iter().filter(|path| self.is_generated(path));
            also_changes.extend(own.map(|path| (*path).to_owned()));
        }
        let titles: Vec<String> = settings
            .iter()
            .map(|setting| match &setting.value {
                Json::Null => format!("remove {}", setting.name),
                Json::String(text) => format!("set {}: {text}", setting.name),
                value => format!("set {}: {}", setting.name, json_text(value)),
            })
            .collect();
        let purposes = |purpose| settings.iter().all(|setting| setting.purpose == purpose);
        let purpose = match (purposes(Purpose::Effective), purposes(Purpose::Benchmark)) {
            (true, _) => Purpose::Effective,
            (_, true) => Purpose::Benchmark,
            _ => Purpose::Both,
        };
        Fix {
            control: Some(finding.control.clone()),
            code: None,
            purpose,
            title: titles.join(", "),
            applicability,
            reason: reason.into(),
            target: FixTarget::ConfigFile,
            alternative: false,
            settings,
            changes: Vec::new(),
            also_changes,
            before: Vec::new(),
            after: Vec::new(),
            refused: None,
        }
    }

    /// Returns the setting with the value to write: for a list of allowed items, those already in use.
    fn setting(&self, wish: &Wish<'_>) -> Option<Setting> {
        let mut setting = wish.setting()?.clone();
        let is_gone = wish.gate().is_some_and(|gate| !gates::is_known(gate, self.resolved.version));
        if is_gone && setting.value == Json::Bool(false) {
            // An unknown gate stops the kubelet; an absent one is off.
            setting.value = Json::Null;
        }
        if let (Json::Array(allowed), Some(configuration)) = (&setting.value, &self.resolved.configuration)
            && let Some(field) = FieldId::find(&setting.name)
        {
            let now = configuration.list(field).iter();
            let kept: Vec<Json> =
                now.map(|text| text.as_str().into()).filter(|text| allowed.contains(text)).collect();
            if !kept.is_empty() {
                setting.value = Json::Array(kept);
            }
        }
        Some(setting)
    }

    fn is_generated(&self, path: &str) -> bool {
        let Some(field) = FieldId::find(path) else { return false };
        let place = self.resolved.configuration.as_ref().map(|configuration| configuration.slot(field).place);
        place.is_some_and(|place| place.source == ValueSource::Generated)
    }

    fn changes(&self, wishes: &[Wish<'_>]) -> Result<Changes<'s>, String> {
        let mut changes = Changes::default();
        for wish in wishes {
            let Some(setting) = self.setting(wish) else { continue };
            let flag = wish.flag.map(|flag| flag.name.trim_start_matches('-'));
            if let Some(flag) = flag
                && self.arguments.has(flag, wish.gate())
            {
                // The flag overrides every file, so the flag has to change.
                changes.arguments.extend(self.arguments.change(flag, wish.gate(), &setting.value)?);
                continue;
            }
            let document = wish.field.and_then(|_| self.document(&setting.name));
            match (document, flag) {
                (Some(named), _) => {
                    let root = &named.document.as_ref().map_err(|error| error.message.clone())?.root;
                    let is_main =
                        self.layers.config.as_ref().is_some_and(|config| config.source == named.source);
                    let known = changes.documents.iter().position(|(known, _)| known.source == named.source);
                    let at = known.unwrap_or_else(|| {
                        changes.documents.push((named, Vec::new()));
                        changes.documents.len().saturating_sub(1)
                    });
                    if let Some((_, list)) = changes.documents.get_mut(at) {
                        document_changes(root, &setting, is_main, list);
                    }
                }
                (None, _) if self.resolved.is_configz => {
                    return Err(
                        "/configz is read-only; supply the config file and the command line instead".into()
                    );
                }
                (None, Some(_)) if setting.value.is_null() => {}
                (None, Some(flag)) => {
                    let value = wish.flag.map_or(&setting.value, |flag| &flag.value);
                    changes.arguments.extend(self.arguments.add(flag, value)?);
                }
                (None, None) => return Err("no file for this setting was supplied".into()),
            }
        }
        Ok(changes)
    }

    /// Returns the document to write a field to: the one that sets its effective value, else the config file.
    fn document(&self, path: &str) -> Option<&'s NamedDocument<'s>> {
        if let Some(own) = self.own_drop_in() {
            return Some(own);
        }
        let is_written = |named: &&NamedDocument<'_>| {
            let root = named.document.as_ref().ok().map(|document| &document.root);
            root.is_some_and(|root| path.split('.').try_fold(root, |node, key| folded(node, key)).is_some())
        };
        let drop_ins = || self.layers.drop_ins.iter().flatten().filter(|named| is_drop_in_name(&named.name));
        drop_ins()
            .rev()
            .find(is_written)
            .or_else(|| self.layers.config.as_ref().filter(|_| !self.resolved.is_configz))
            .or_else(|| drop_ins().next_back())
    }

    /// Adds the edits to the fix.
    fn make(&self, changes: &Changes<'_>, fix: &mut Fix) -> Result<(), String> {
        for (named, list) in &changes.documents {
            let Ok(document) = &named.document else { continue };
            if document.format == Format::Object {
                return Err("the config was supplied as a parsed object, so there is no text to edit".into());
            }
            let Some(source) = self.sources.get(named.source) else { continue };
            let edits = edit(&source.text, list, self.limits)?;
            let patch =
                if document.format == Format::Json { patch(&document.root, list) } else { Vec::new() };
            let is_main = self.layers.config.as_ref().is_some_and(|config| config.source == named.source);
            fix.target = if is_main { FixTarget::ConfigFile } else { FixTarget::DropIn };
            let layer = if is_main { OriginLayer::Config } else { OriginLayer::DropIn };
            self.push(fix, named.source, layer, &edits, patch);
        }
        let mut arguments: Vec<(SourceId, Vec<Edit>)> = Vec::new();
        for (id, edit) in &changes.arguments {
            match arguments.iter_mut().find(|(known, _)| known == id) {
                Some((_, edits)) => edits.push(edit.clone()),
                None => arguments.push((*id, vec![edit.clone()])),
            }
        }
        for (id, mut edits) in arguments {
            edits.sort_by_key(|edit| edit.start);
            fix.target = FixTarget::Arguments;
            self.push(fix, id, OriginLayer::Flag, &edits, Vec::new());
        }
        if !changes.documents.is_empty() && fix.target == FixTarget::Arguments {
            fix.target = FixTarget::ConfigFile;
        }
        Ok(())
    }

    fn commands(&self, fix: &mut Fix) {
        let quoted = |name: &str| format!("'{}'", name.replace('\'', r"'\''"));
        let own = self.own_drop_in().map(|own| own.name.as_str());
        let is_file = |change: &&FileChange| !change.by_hand && change.content.is_none();
        for change in fix.changes.iter().filter(is_file).filter(|change| Some(change.source.as_str()) != own)
        {
            let directory = self.resolved.flags.text("config-dir");
            let name = match (change.layer, directory) {
                (Some(OriginLayer::DropIn), Some(directory)) => {
                    quoted(&format!("{}/{}", directory.trim_end_matches('/'), change.source))
                }
                _ => quoted(&change.source),
            };
            fix.before.push(format!("cp -p {name} {name}.before-kubelet-audit"));
        }
        let slug = fix.control.as_deref().unwrap_or_default();
        let rows: Vec<_> = fix.settings.iter().map(|setting| self.safety(slug, setting)).collect();
        let own = |commands: fn(&FixSafety) -> &'static [&'static str]| {
            let commands = rows.iter().map(|row| commands(row)).find(|list| !list.is_empty());
            commands.into_iter().flatten().map(|command| (*command).to_owned())
        };
        fix.before.extend(own(|row| row.before));
        let after = [
            "systemctl daemon-reload",
            "systemctl restart kubelet.service",
            "systemctl status kubelet -l --no-pager",
            "kubectl get --raw /api/v1/nodes/NODE/proxy/configz",
        ];
        fix.after = after.map(str::to_owned).into_iter().chain(own(|row| row.after)).collect();
    }

    fn push(
        &self,
        fix: &mut Fix,
        id: SourceId,
        layer: OriginLayer,
        edits: &[Edit],
        patch: Vec<PatchOperation>,
    ) {
        let Some(source) = self.sources.get(id).filter(|_| !edits.is_empty()) else { return };
        let lines = LineIndex::new(&source.text);
        let point = |at: usize| {
            let offset = u32::try_from(at).unwrap_or(u32::MAX);
            let position = lines.position(offset);
            Point { offset, line: position.line, column: position.column }
        };
        fix.changes.push(FileChange {
            source: source.name.clone(),
            by_hand: layer == OriginLayer::Flag && self.arguments.is_shown(),
            layer: Some(layer),
            edits: edits
                .iter()
                .map(|edit| TextEdit {
                    range: Range { start: point(edit.start), end: point(edit.end) },
                    text: edit.text.clone(),
                })
                .collect(),
            patch,
            content: None,
        });
    }
}

/// Whether the flag sets the field.
fn is_flag_of(field: &Setting, flag: &Setting) -> bool {
    let name = flag.name.trim_start_matches('-');
    match field.name.strip_prefix("featureGates.") {
        Some(gate) => {
            name == "feature-gates"
                && flag.value.as_str().is_none_or(|value| value.split('=').next() == Some(gate))
        }
        None => {
            let own = FieldId::find(&field.name).and_then(flags::of_field).map(|own| own.name);
            own == Some(name) || (name == "seccomp-default" && field.name == "seccompDefault")
        }
    }
}
