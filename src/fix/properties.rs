//! Properties of edits and of whole fixes over generated configurations.

use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::edit::tree::{put, take, to_json};
use super::edit::value::{Layout, block, flow};
use super::proof::is_generated;
use super::{Options, Route, fix};
use crate::assess;
use crate::benchmark::editions;
use crate::kubelet::fields::FieldId;
use crate::kubelet::flags;
use crate::report::{
    Assessment, Effect, Finding, FixTarget, Fixed, OriginLayer, Purpose, Setting, Status, Target,
};
use crate::request::{ArgsInput, ConfigInput, DropIn, Request};
use crate::source::{Limits, LineIndex, SourceId, document};

fn request(value: Json) -> Request {
    Request::from_value(value).unwrap()
}

/// The style of a generated document.
#[derive(Clone, Debug)]
pub(super) struct Style {
    pub(super) kind: u8,
    pub(super) eol: &'static str,
    pub(super) unit: &'static str,
    pub(super) comments: bool,
    pub(super) last_break: bool,
    pub(super) bom: bool,
}

pub(super) fn style() -> impl Strategy<Value = Style> {
    let eol = prop_oneof![3 => Just("\n"), 1 => Just("\r\n"), 1 => Just("\r")];
    let unit = prop_oneof![2 => Just("  "), 1 => Just("    "), 1 => Just(" ")];
    (0..4_u8, eol, unit, any::<bool>(), any::<bool>(), any::<bool>()).prop_map(
        |(kind, eol, unit, comments, last_break, bom)| Style { kind, eol, unit, comments, last_break, bom },
    )
}

pub(super) fn write(value: &Json, style: &Style) -> String {
    let layout =
        |quote, multiline| Layout { eol: style.eol, unit: style.unit, quote, colon: ": ", multiline };
    let mut text = match style.kind {
        0 => flow(value, &Layout { colon: ":", ..layout(Some('"'), false) }, ""),
        1 => flow(value, &layout(Some('"'), true), ""),
        2 => format!("---{}{}", style.eol, flow(value, &layout(None, false), "")),
        _ => {
            let mut lines = Vec::new();
            for (key, value) in value.as_object().unwrap() {
                lines.push(block(key, value, &layout(None, false), ""));
            }
            let text = lines.join(style.eol);
            if style.comments {
                let mut out = Vec::new();
                for (number, line) in text.split(style.eol).enumerate() {
                    if number % 3 == 1 {
                        out.push(format!("{}# own {number}", " ".repeat(number % 5)));
                    }
                    out.push(if number % 2 == 0 {
                        format!("{line} # end {number}")
                    } else {
                        line.to_owned()
                    });
                }
                out.push("# last".into());
                out.join(style.eol)
            } else {
                text
            }
        }
    };
    if style.last_break {
        text.push_str(style.eol);
    }
    if style.bom && style.kind >= 2 {
        text.insert(0, '\u{FEFF}');
    }
    text
}

/// Returns the comments that [`write`] added; values can also contain `#`.
pub(super) fn comments(text: &str) -> Vec<&str> {
    let marks = ["# end ", "# own ", "# last"];
    let comment = |line: &'_ str| marks.iter().filter_map(|mark| line.rfind(mark)).max();
    text.split(['\n', '\r']).filter_map(|line| comment(line).map(|at| &line[at..])).collect()
}

pub(super) fn read(text: &str) -> Json {
    to_json(
        &document::read(text, SourceId(0), &Limits::default())
            .unwrap_or_else(|e| panic!("{text:?} {e:?}"))
            .root,
    )
}

/// Settings that controls check, and a few others.
fn settings() -> impl Strategy<Value = Json> {
    let field = |path: &'static str, values: Vec<Json>| {
        proptest::option::of(proptest::sample::select(values))
            .prop_map(move |value| value.map(|value| (path, value)))
    };
    let bools = || vec![json!(true), json!(false)];
    let parts: Vec<BoxedStrategy<Option<(&'static str, Json)>>> = vec![
        field("authentication.anonymous.enabled", bools()).boxed(),
        field("authentication.webhook.enabled", bools()).boxed(),
        field("authentication.webhook.cacheTTL", vec![json!("2m0s")]).boxed(),
        field("authentication.x509.clientCAFile", vec![json!("/ca.crt")]).boxed(),
        field("authorization.mode", vec![json!("Webhook"), json!("AlwaysAllow")]).boxed(),
        field("readOnlyPort", vec![json!(0), json!(10255)]).boxed(),
        field("streamingConnectionIdleTimeout", vec![json!("0s"), json!("5m0s")]).boxed(),
        field("protectKernelDefaults", bools()).boxed(),
        field("makeIPTablesUtilChains", bools()).boxed(),
        field("eventRecordQPS", vec![json!(0), json!(5), json!(50)]).boxed(),
        field("rotateCertificates", bools()).boxed(),
        field("serverTLSBootstrap", bools()).boxed(),
        field("featureGates.RotateKubeletServerCertificate", bools()).boxed(),
        field("featureGates.NodeSwap", bools()).boxed(),
        field(
            "tlsCipherSuites",
            vec![
                json!(["TLS_RSA_WITH_AES_128_CBC_SHA", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"]),
                json!(["TLS_RSA_WITH_AES_128_CBC_SHA"]),
            ],
        )
        .boxed(),
        field("tlsMinVersion", vec![json!("VersionTLS10"), json!("VersionTLS12")]).boxed(),
        field("podPidsLimit", vec![json!(-1), json!(4096)]).boxed(),
        field("seccompDefault", bools()).boxed(),
        field("staticPodPath", vec![json!("/etc/kubernetes/manifests")]).boxed(),
        field("clusterDNS", vec![json!(["10.0.0.10"])]).boxed(),
        field("maxPods", vec![json!(30)]).boxed(),
        field("noSuchField", vec![json!("x: y")]).boxed(),
    ];
    parts.prop_map(|chosen| {
        let mut root = json!({"apiVersion": "kubelet.config.k8s.io/v1beta1", "kind": "KubeletConfiguration"});
        for (path, value) in chosen.into_iter().flatten() {
            put(&mut root, &path.split('.').collect::<Vec<_>>(), &value);
        }
        root
    })
}

fn edition_names() -> Vec<&'static str> {
    editions().filter(|edition| !edition.is_empty()).map(|edition| edition.id).collect()
}

/// A kubelet's whole configuration: the config, an optional drop-in, and an optional command line in some form.
#[derive(Clone, Debug)]
struct Machine {
    config: String,
    drop_in: Option<String>,
    flags: Vec<&'static str>,
    form: u8,
}

fn machine() -> impl Strategy<Value = Machine> {
    let flags = proptest::sample::subsequence(
        vec![
            "--v=2",
            "--anonymous-auth=true",
            "--read-only-port=10255",
            "--feature-gates=NodeSwap=true,RotateKubeletServerCertificate=false",
            "--rotate-certificates=false",
            "--authorization-mode=AlwaysAllow",
            "--streaming-connection-idle-timeout=0s",
            "--tls-cipher-suites=TLS_RSA_WITH_AES_128_CBC_SHA,TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "--node-labels=a=b",
        ],
        0..=5,
    );
    let drop_in = proptest::option::weighted(0.3, (settings(), style()));
    (settings(), style(), drop_in, flags, 0..6_u8).prop_map(|(root, own, drop_in, flags, form)| Machine {
        config: write(&root, &own),
        drop_in: drop_in.map(|(root, style)| write(&root, &style)),
        flags,
        form,
    })
}

impl Machine {
    fn request(&self, edition: &str, minor: u8) -> Request {
        let flags = self.flags.join(" ");
        let unit = |run: &str| {
            format!(
                "[Service]\n{run}\nExecStart=/usr/bin/kubelet --config=/c --config-dir=/d $KUBELET_ARGS\n"
            )
        };
        let args = match self.form {
            0 => {
                json!([{"name": "u.service", "text": unit(&format!("Environment=\"KUBELET_ARGS={flags}\""))}])
            }
            1 => json!([{"name": "u.service", "text": unit("EnvironmentFile=/e")},
                {"name": "/e", "text": format!("# mine\nKUBELET_ARGS='{flags} --v=1'\n")}]),
            2 => json!(
                ["kubelet", "--config=/c", "--config-dir=/d"].iter().chain(&self.flags).collect::<Vec<_>>()
            ),
            3 => json!(format!(
                "root  1  0  0  10:00 ?  00:00:01  /usr/bin/kubelet --config=/c --config-dir=/d {flags}\n"
            )),
            _ => Json::Null,
        };
        // Everything that a command line names has to be supplied.
        let drop_ins: Option<Vec<Json>> = match &self.drop_in {
            Some(text) => Some(vec![json!({"name": "10-a.conf", "text": text})]),
            None => (!args.is_null()).then(Vec::new),
        };
        request(json!({
            "config": self.config, "dropIns": drop_ins, "args": args,
            "benchmark": edition, "kubeletVersion": format!("1.{minor}"),
        }))
    }
}

/// The expected reasons to refuse a fix, other than being unsafe.
const REASONS: &[&str] = &[
    "the kubelet does not start; fix that first",
    "the kubelet would not start after the fix",
    "another setting causes the failure",
    "another finding would become worse",
    "the kubelet would still fail to start",
    "spans several lines",
    "a drop-in requires Kubernetes 1.30",
];

fn target_of(request: &Request, version: &str) -> Target {
    assess::target(&Request { kubelet_version: Some(version.into()), ..request.clone() })
}

fn finding<'t>(target: &'t Target, control: &str) -> &'t Finding {
    target.findings.iter().find(|finding| finding.control == control).unwrap()
}

fn texts(request: &Request) -> Vec<(String, String)> {
    let mut texts = Vec::new();
    if let Some(ConfigInput::Text(text)) = &request.config {
        texts.push(("config".to_owned(), text.clone()));
    }
    texts.extend(request.drop_ins.iter().flatten().map(|one| (one.name.clone(), one.text.clone())));
    match &request.args {
        Some(ArgsInput::Text(text)) => texts.push(("args".into(), text.clone())),
        Some(ArgsInput::Argv(words)) => texts.push(("args".into(), words.join("\n"))),
        Some(ArgsInput::Files(files)) => {
            texts.extend(files.iter().map(|file| (file.name.clone(), file.text.clone())));
        }
        None => {}
    }
    texts
}

/// Returns the request with the fixed files.
fn fixed_request(request: &Request, fixed: &Fixed) -> Request {
    let mut next = request.clone();
    for file in &fixed.files {
        let text = file.text.clone();
        match (file.layer, &mut next) {
            (OriginLayer::Config, next) => next.config = Some(ConfigInput::Text(text)),
            (OriginLayer::DropIn, next) => {
                let drop_ins = next.drop_ins.get_or_insert_with(Vec::new);
                match drop_ins.iter_mut().find(|one| one.name == file.source) {
                    Some(one) => one.text = text,
                    None => drop_ins.push(DropIn { name: file.source.clone(), text }),
                }
            }
            (_, Request { args: Some(ArgsInput::Text(old)), .. }) => *old = text,
            (_, Request { args: Some(ArgsInput::Argv(words)), .. }) => {
                *words = text.split('\n').map(str::to_owned).collect();
            }
            (_, Request { args: Some(ArgsInput::Files(files)), .. }) => {
                files.iter_mut().find(|one| one.name == file.source).unwrap().text = text;
            }
            _ => unreachable!(),
        }
    }
    next
}

/// Whether fixes can change a line: it contains a part of a setting's path, its flag, or an item of its list.
fn is_touched(line: &str, fixed: &Fixed) -> bool {
    fixed.applied.iter().flat_map(|made| &made.settings).any(|setting| {
        let flag = FieldId::find(&setting.name)
            .and_then(flags::of_field)
            .map_or("--feature-gates", |flag| flag.name);
        setting.name.split('.').any(|key| line.contains(key))
            || line.contains(flag)
            || (matches!(setting.value, Json::Array(_)) && line.trim_start().starts_with(['-', '"']))
    })
}

/// Checks the guarantees of applied fixes.
fn check(request: &Request, options: &Options) -> Result<Fixed, TestCaseError> {
    let fixed = fix(request, options).unwrap();
    let version = fixed.target.kubelet.as_ref().unwrap().version.clone();
    let original = target_of(request, &version);
    let next = fixed_request(request, &fixed);
    prop_assert_eq!(&target_of(&next, &version).findings, &fixed.target.findings);

    // Every fixable finding passes, or a reason is given.
    let is_asked = |was: &&Finding| options.controls.is_empty() || options.controls.contains(&was.control);
    for was in original.findings.iter().filter(is_asked) {
        let is = finding(&fixed.target, &was.control);
        let made = |effective: bool| {
            fixed.applied.iter().any(|made| {
                made.control.as_ref() == Some(&was.control)
                    && (made.purpose == Purpose::Effective) == effective
            })
        };
        if made(false) {
            let open =
                was.benchmark.assessment != Assessment::Automated && is.benchmark.verdict == Status::Manual;
            prop_assert!(
                matches!(is.benchmark.verdict, Status::Pass | Status::NotApplicable) || open,
                "{was:?}\n{is:?}"
            );
        }
        if made(true) {
            prop_assert!(
                is.effective.verdict == Effect::Yes || is.effective.verdict == Effect::Partly,
                "{is:?}"
            );
        }
        let has_settings = was
            .remediation
            .iter()
            .flat_map(|remediation| &remediation.routes)
            .any(|route| route.settings.iter().any(|setting| setting.purpose != Purpose::Effective));
        if was.benchmark.verdict == Status::Fail
            && !matches!(is.benchmark.verdict, Status::Pass | Status::NotApplicable)
            && has_settings
            && !made(false)
        {
            let why: Vec<_> =
                fixed.skipped.iter().filter(|skip| skip.control.as_ref() == Some(&was.control)).collect();
            prop_assert!(!why.is_empty(), "no reason for {was:?}\n{is:?}\n{:?}", fixed.skipped);
            for skip in why {
                let known = REASONS.iter().any(|reason| skip.reason.contains(reason));
                prop_assert!((skip.is_unsafe && !options.unsafe_fixes) || known, "{skip:?}");
            }
        }
    }
    // The kubelet starts.
    let starts = |target: &Target| target.kubelet.as_ref().and_then(|kubelet| kubelet.starts);
    if !fixed.applied.is_empty() {
        prop_assert_ne!(starts(&fixed.target), Some(false));
        prop_assert!(starts(&fixed.target).is_some() || starts(&original).is_none());
    }
    let settings: Vec<&Setting> = fixed.applied.iter().flat_map(|made| &made.settings).collect();
    let (before, after) = (texts(request), texts(&next));
    for (name, text) in &before {
        let out = &after.iter().find(|(other, _)| other == name).unwrap().1;
        // All other values in the file are unchanged.
        if name == "config" || name.ends_with(".conf") {
            let (mut was, mut is) = (read(text), read(out));
            for setting in &settings {
                let keys: Vec<&str> = setting.name.split('.').collect();
                for root in [&mut was, &mut is] {
                    if root.pointer(&format!("/{}", keys.join("/"))).is_none() {
                        put(root, &keys, &Json::Null);
                    }
                    take(root, &keys);
                }
            }
            prop_assert_eq!(&was, &is, "{}", out);
        }
        // All comments and all lines unrelated to a fixed setting remain, in order.
        for comment in comments(text) {
            prop_assert!(out.contains(comment), "{comment} {out}");
        }
        // In JSON a line can gain a comma; an object on one line counts as changed.
        let bare = |line: &str| line.trim_end_matches(',').to_owned();
        let mut rest = out.split(['\n', '\r']).map(bare).filter(|line| !line.is_empty());
        let is_whole = |line: &&str| line.contains('{') && line.contains('}');
        let lines = text.split(['\n', '\r']).filter(|line| !line.is_empty());
        for line in lines.filter(|line| !is_touched(line, &fixed) && !is_whole(line)).map(bare) {
            prop_assert!(rest.any(|other| other == line), "{line:?} is gone:\n{text:?}\n{out:?}");
        }
    }
    // All other effective values are unchanged, except those that the fix names.
    let values = |target: &Target| target.kubelet.as_ref().and_then(|kubelet| kubelet.effective.clone());
    if let (Some(was), Some(is)) = (values(&original), values(&fixed.target)) {
        for path in
            was.iter().chain(is.iter()).map(|(path, _)| path).filter(|path| was.get(*path) != is.get(*path))
        {
            let also = fixed.applied.iter().any(|made| made.also_changes.iter().any(|also| also == path));
            let set = settings.iter().any(|s| s.name == *path || s.name.starts_with(&format!("{path}.")));
            // The kubelet generates its certificate only if it comes so far.
            let generated = is_generated(&original, path) || is_generated(&fixed.target, path);
            prop_assert!(also || set || generated, "{path} {:?} {:?}", was.get(path), is.get(path));
        }
        let gates = |values: &serde_json::Map<String, Json>| {
            values.get("featureGates").cloned().unwrap_or_else(|| json!({}))
        };
        let (mut was, mut is) = (gates(&was), gates(&is));
        for gate in settings.iter().filter_map(|setting| setting.name.strip_prefix("featureGates.")) {
            was.as_object_mut().unwrap().remove(gate);
            is.as_object_mut().unwrap().remove(gate);
        }
        prop_assert_eq!(was, is);
    }
    // Fixing again changes nothing.
    let again = fix(&next, options).unwrap();
    prop_assert!(again.files.is_empty(), "{next:?}\n{:?}", again.files);
    Ok(fixed)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn fixes_change_what_they_name_and_nothing_else(
        machine in machine(), edition in proptest::sample::select(edition_names()), minor in 25..=36_u8,
        unsafe_fixes in prop_oneof![3 => Just(true), 1 => Just(false)],
        route in prop_oneof![4 => Just(Route::InPlace), 1 => Just(Route::DropIn)],
    ) {
        let request = machine.request(edition, minor);
        check(&request, &Options { unsafe_fixes, route, ..Options::default() })?;
    }

}

proptest! {
    #![proptest_config(ProptestConfig { cases: 25, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn offered_fixes_have_valid_edits(
        machine in machine(), edition in proptest::sample::select(edition_names()), minor in 25..=36_u8,
    ) {
        let request = Request { fixes: Some(true), ..machine.request(edition, minor) };
        for finding in &crate::audit(&request).unwrap().targets[0].findings {
            for offered in finding.fixes.iter().filter(|fix| fix.refused.is_none() && fix.target != FixTarget::Platform) {
                prop_assert_eq!(offered.control.as_ref(), Some(&finding.control));
                prop_assert!(!offered.changes.is_empty() && !offered.reason.is_empty(), "{offered:?}");
                let given = texts(&request);
                for change in offered.changes.iter().filter(|change| change.content.is_none()) {
                    let text = &given.iter().find(|(name, _)| *name == change.source).unwrap().1;
                    let lines = LineIndex::new(text);
                    for point in change.edits.iter().flat_map(|edit| [edit.range.start, edit.range.end]) {
                        let position = lines.position(point.offset);
                        prop_assert_eq!((point.line, point.column), (position.line, position.column));
                    }
                    prop_assert!(change.patch.is_empty() || text.starts_with('{'), "{change:?}");
                }
            }
        }
    }
}

#[test]
fn the_violating_example_of_every_control_is_fixed() {
    for control in crate::controls::CONTROLS {
        let docs = &control.metadata().docs;
        let slug = control.metadata().slug;
        let request: Request = request(json!({
            "config": docs.violating.document(), "benchmark": docs.edition,
            "args": (!docs.violating.args.is_empty()).then_some(docs.violating.args),
        }));
        let options = Options { unsafe_fixes: true, controls: vec![slug.into()], ..Options::default() };
        let fixed = check(&request, &options).unwrap();
        let is_fixed = finding(&fixed.target, slug).benchmark.verdict == docs.compliant.verdict
            && !fixed.applied.is_empty();
        assert_eq!(is_fixed, control.unfixable().is_none(), "{slug} {fixed:?}");
    }
}
