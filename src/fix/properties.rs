//! Properties of edits and of whole fixes over generated configurations.

use proptest::prelude::*;
use serde_json::{Map, Value as Json, json};

use super::edit::{put, same, take, to_json};
use super::text::Patched;
use super::value::{Layout, block, flow};
use super::{Change, Options, fix};
use crate::benchmark::editions;
use crate::report::{Effect, Fixed, Purpose, Status};
use crate::request::Request;
use crate::source::{Limits, SourceId, document};

fn request(value: Json) -> Request {
    Request::decode(&crate::effective::from_json(&value, crate::source::Place::DEFAULT)).unwrap()
}

/// How a generated document is written.
#[derive(Clone, Debug)]
struct Style {
    kind: u8,
    eol: &'static str,
    unit: &'static str,
    comments: bool,
    last_break: bool,
    bom: bool,
}

fn style() -> impl Strategy<Value = Style> {
    let eol = prop_oneof![3 => Just("\n"), 1 => Just("\r\n"), 1 => Just("\r")];
    let unit = prop_oneof![2 => Just("  "), 1 => Just("    "), 1 => Just(" ")];
    (0..4_u8, eol, unit, any::<bool>(), any::<bool>(), any::<bool>()).prop_map(
        |(kind, eol, unit, comments, last_break, bom)| Style { kind, eol, unit, comments, last_break, bom },
    )
}

fn write(value: &Json, style: &Style) -> String {
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

fn comments(text: &str) -> Vec<&str> {
    text.split(['\n', '\r']).filter_map(|line| line.find('#').map(|at| &line[at..])).collect()
}

fn read(text: &str) -> Json {
    to_json(
        &document::read(text, SourceId(0), &Limits::default())
            .unwrap_or_else(|e| panic!("{text:?} {e:?}"))
            .root,
    )
}

fn scalar() -> impl Strategy<Value = Json> {
    prop_oneof![
        any::<bool>().prop_map(Json::from),
        (-5..5_i64).prop_map(Json::from),
        "[a-z/:# \"']{0,6}".prop_map(Json::from),
        proptest::collection::vec("[A-D]", 0..4).prop_map(Json::from),
        Just(Json::Null),
    ]
}

fn tree() -> impl Strategy<Value = Json> {
    scalar().prop_recursive(3, 20, 4, |inner| {
        proptest::collection::btree_map("[a-d]", inner, 0..4)
            .prop_map(|map| Json::Object(map.into_iter().collect()))
    })
}

fn root() -> impl Strategy<Value = Json> {
    proptest::collection::btree_map("[a-e]", tree(), 1..5)
        .prop_map(|map| Json::Object(map.into_iter().collect::<Map<_, _>>()))
}

fn wanted() -> impl Strategy<Value = Json> {
    prop_oneof![
        any::<bool>().prop_map(Json::from),
        (-5..5_i64).prop_map(Json::from),
        "[a-zA-Z:/#\"' ]{0,6}".prop_map(Json::from),
        Just(json!(["A"])),
        Just(json!(["A", "C"])),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_edit_changes_one_value_and_keeps_all_else(
        root in root(), style in style(), path in "[a-f](\\.[a-f]){0,2}", value in wanted(), remove in any::<bool>(),
    ) {
        let text = write(&root, &style);
        prop_assume!(read(&text) == root);
        let change = if remove { Change::Remove { path: path.clone() } } else { Change::Set { path: path.clone(), value: value.clone() } };
        let patched = match super::edit::patch(&text, std::slice::from_ref(&change), &Limits::default()) {
            Ok(patched) => patched,
            Err(reason) => {
                // Only what is no object on the way, what no scalar can replace, and the last of all keys.
                let allowed = reason.contains("not an object") || reason.contains("over several lines")
                    || reason.contains("is empty")
                    || reason.contains("holds no object");
                prop_assert!(allowed, "{reason}\n{text}\n{change:?}");
                return Ok(());
            }
        };
        let out = patched.text();
        let keys: Vec<&str> = path.split('.').collect();
        let (mut expected, mut found) = (root.clone(), read(&out));
        if remove {
            take(&mut expected, &keys);
        } else {
            put(&mut expected, &keys, &value);
            take(&mut expected, &keys);
            let now = take(&mut found, &keys);
            prop_assert!(now.is_some_and(|now| same(&now, &value)), "{text:?} {out:?}");
        }
        prop_assert_eq!(&expected, &found, "{:?} {:?}", text, out);
        if style.kind == 3 && style.comments {
            for comment in comments(&text) {
                prop_assert!(out.contains(comment), "{comment} {text:?} {out:?}");
            }
        }
        let edits = patched.edits();
        let mut again = Patched::new(&text);
        again.apply(&edits);
        prop_assert_eq!(again.text(), &out[..]);
        prop_assert_eq!(text.ends_with(['\n', '\r']), out.ends_with(['\n', '\r']), "{:?} {:?}", text, out);
        let eols = |text: &str| (text.matches("\r\n").count(), text.replace("\r\n", "").contains('\r'), text.replace("\r\n", "").contains('\n'));
        let tells = text.contains(style.eol);
        if tells && style.eol == "\r\n" { let e = eols(&out); prop_assert!(!e.1 && !e.2, "{out:?}"); }
        if tells && style.eol == "\r" { prop_assert!(!out.contains('\n'), "{out:?}"); }
        let twice = super::edit::patch(&out, &[change], &Limits::default()).unwrap();
        prop_assert!(twice.edits().is_empty(), "{text:?} {out:?} {:?}", twice.text());
    }
}

/// Settings that controls look at, and a few that none does.
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
    editions().map(|edition| edition.id).collect()
}

fn check(text: &str, request: &Request, options: &Options) -> Result<Fixed, TestCaseError> {
    let fixed = fix(request, options);
    let original = crate::audit::audit_target(&Request {
        kubelet_version: fixed.target.kubelet.as_ref().map(|kubelet| kubelet.version.clone()),
        ..request.clone()
    });
    let out = fixed.files.first().map_or(text, |file| file.text.as_str());
    // Every finding that a fix was made for passes.
    for made in &fixed.applied {
        let now = fixed.target.findings.iter().find(|finding| finding.control == made.control).unwrap();
        let was = original.findings.iter().find(|finding| finding.control == made.control).unwrap();
        let passes = match made.purpose {
            Purpose::Effective => {
                matches!(now.effective.verdict, Effect::Yes | Effect::Partly)
                    && now.effective.verdict != was.effective.verdict
            }
            _ => matches!(now.benchmark.verdict, Status::Pass | Status::Manual),
        };
        prop_assert!(passes, "{made:?}\n{now:?}\n{out}");
    }
    if original.kubelet.as_ref().and_then(|kubelet| kubelet.starts) == Some(true) || !fixed.applied.is_empty()
    {
        prop_assert!(fixed.target.kubelet.as_ref().unwrap().starts != Some(false));
    }
    // Every other written value is as it was.
    let (mut before, mut after) = (read(text), read(out));
    for setting in fixed.applied.iter().flat_map(|made| &made.settings) {
        let keys: Vec<&str> = setting.name.split('.').collect();
        for root in [&mut before, &mut after] {
            if root.pointer(&format!("/{}", keys.join("/"))).is_none() {
                put(root, &keys, &Json::Null);
            }
            take(root, &keys);
        }
    }
    prop_assert_eq!(&before, &after, "{}", out);
    // And every other effective value, but for those that the fix names.
    let values = |target: &crate::report::Target| {
        target.kubelet.as_ref().and_then(|kubelet| kubelet.effective.clone())
    };
    if let (Some(was), Some(is)) = (values(&original), values(&fixed.target)) {
        for path in was.keys().chain(is.keys()).filter(|path| was.get(*path) != is.get(*path)) {
            let named = fixed.applied.iter().any(|made| {
                made.also_changes.contains(path)
                    || made
                        .settings
                        .iter()
                        .any(|s| s.name == *path || s.name.starts_with(&format!("{path}.")))
            });
            prop_assert!(named, "{path} {:?} {:?}", was.get(path), is.get(path));
        }
    }
    for comment in comments(text) {
        prop_assert!(out.contains(comment), "{comment} {out}");
    }
    let again = fix(
        &Request { config: Some(crate::request::ConfigInput::Text(out.into())), ..request.clone() },
        options,
    );
    prop_assert!(again.files.is_empty(), "{out}\n{:?}", again.files);
    Ok(fixed)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn fixes_mend_what_they_name_and_nothing_else(
        root in settings(), style in style(), edition in proptest::sample::select(edition_names()),
        minor in 25..=36_u8, unsafe_fixes in prop_oneof![3 => Just(true), 1 => Just(false)],
    ) {
        let text = write(&root, &style);
        let request: Request = request(json!({
            "config": text, "benchmark": edition, "kubeletVersion": format!("1.{minor}"),
        }));
        check(&text, &request, &Options { unsafe_fixes, ..Options::default() })?;
    }
}

#[test]
fn the_violating_example_of_every_control_is_mended_or_said_not_to_be() {
    let mut mended = Vec::new();
    for control in crate::controls::CONTROLS {
        let docs = &control.docs;
        let Some(text) = docs.violating.document() else { continue };
        let request: Request = request(json!({
            "config": text, "benchmark": docs.edition,
            "args": (!docs.violating.args.is_empty()).then_some(docs.violating.args),
        }));
        let options =
            Options { unsafe_fixes: true, controls: vec![control.slug.into()], ..Options::default() };
        let fixed = check(&text, &request, &options).unwrap();
        println!(
            "{}: {} {:?}",
            control.slug,
            fixed.applied.len(),
            fixed.skipped.iter().map(|s| (&s.title, &s.reason)).collect::<Vec<_>>()
        );
        for file in &fixed.files {
            println!("{}", file.diff);
        }
        if !fixed.applied.is_empty() {
            mended.push(control.slug);
        }
    }
    println!("{mended:?}");
}
