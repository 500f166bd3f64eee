//! Properties of resolution over generated configurations.

use std::borrow::Cow;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use serde_json::{Value as Json, json};

use crate::command_line::from_argv;
use crate::kubelet::fields::{FIELDS, FieldId, Kind, id};
use crate::kubelet::flags::{FLAGS, FlagKind};
use crate::kubelet::{Version, duration};
use crate::resolve::{Layers, NamedDocument, Resolved, Value, resolve};
use crate::source::{Layer, Limits, Place, Source, Sources, document};

fn run(config: Option<&str>, drop_ins: Option<&[(&str, String)]>, args: &[String], minor: u8) -> Resolved {
    let mut sources = Sources::default();
    let limits = Limits::default();
    let mut add =
        |layer| sources.add(Source { name: "x".into(), layer, text: Cow::Borrowed(""), has_positions: true });
    let named = |text: &str, source| NamedDocument {
        name: "x.conf".into(),
        source,
        document: document::read(Box::leak(text.to_owned().into_boxed_str()), source, &limits),
    };
    let config = config.map(|text| named(text, add(Layer::Config)));
    let drop_ins =
        drop_ins.map(|list| list.iter().map(|(_, text)| named(text, add(Layer::DropIn))).collect());
    let line = from_argv(args, add(Layer::Flag));
    let command_line = (!args.is_empty()).then_some(line);
    let layers = Layers { config, drop_ins, command_line, ..Layers::default() };
    resolve(&layers, Version::from_minor(minor).unwrap())
}

/// A value that the field takes, chosen by `seed`.
fn value_for(kind: Kind, seed: u32) -> Json {
    let small = i64::from(seed % 50);
    let span = duration::format(i64::from(seed % 7200) * 1_000_000_000 + 1_000_000_000);
    match kind {
        Kind::Bool | Kind::PtrBool => json!(seed.is_multiple_of(2)),
        Kind::Int32 | Kind::PtrInt32 | Kind::Int64 | Kind::PtrInt64 | Kind::Uint32 => json!(small),
        Kind::Str | Kind::PtrStr => json!(format!("/v/{seed}")),
        Kind::Duration | Kind::PtrDuration | Kind::TimeOrDuration => json!(span),
        Kind::StrList => json!([format!("a{seed}"), "b"]),
        Kind::Int32List => json!([small]),
        Kind::StrMap => json!({ "memory.available": format!("{small}Mi"), format!("k{seed}"): "v" }),
        Kind::BoolMap => {
            json!({ "MemoryQoS": seed.is_multiple_of(2), "RotateKubeletServerCertificate": !seed.is_multiple_of(3) })
        }
        Kind::StrListMap => json!({ "h": [format!("s{seed}")] }),
        Kind::PtrFloat64 => json!(0.5),
        Kind::Quantity => json!(format!("{small}Ki")),
        Kind::Objects(_) => json!([]),
    }
}

fn nested(path: &str, value: Json) -> Json {
    path.rsplit('.').fold(value, |inner, key| json!({ key: inner }))
}

fn merge(into: &mut Json, from: &Json) {
    match (into, from) {
        (Json::Object(into), Json::Object(from)) => {
            for (key, value) in from {
                merge(into.entry(key).or_insert(json!({})), value);
            }
        }
        (into, from) => *into = from.clone(),
    }
}

fn head() -> Json {
    json!({ "apiVersion": "kubelet.config.k8s.io/v1beta1", "kind": "KubeletConfiguration" })
}

/// Values that pass validation for most fields, so that a good part of the configurations start.
fn config(minor: u8) -> impl Strategy<Value = String> {
    proptest::collection::vec((0..FIELDS.len(), any::<u32>()), 0..8).prop_map(move |choices| {
        let mut config = head();
        for (at, seed) in choices {
            let field = FieldId::iter().nth(at).unwrap();
            if field.field().exists_in(Version::from_minor(minor).unwrap()) {
                let value = match field {
                    id::AUTHORIZATION_MODE => json!(["Webhook", "AlwaysAllow"][seed as usize % 2]),
                    id::TLS_CIPHER_SUITES => json!(["TLS_AES_128_GCM_SHA256"]),
                    id::TLS_MIN_VERSION => json!("VersionTLS12"),
                    id::READ_ONLY_PORT | id::PORT | id::HEALTHZ_PORT => json!(10000 + seed % 1000),
                    _ => value_for(field.field().kind, seed),
                };
                merge(&mut config, &nested(field.field().path, value));
            }
        }
        config.to_string()
    })
}

fn values(resolved: &Resolved) -> Option<Vec<(&'static str, Json)>> {
    let configuration = resolved.configuration.as_ref()?;
    // The output does not distinguish an empty list from none.
    Some(
        configuration
            .shown(resolved.version)
            .map(|field| (field.field().path, configuration.value(field).to_json(field.field().kind)))
            .collect(),
    )
}

fn stage(resolved: &Resolved) -> Option<String> {
    resolved.stop.as_ref().map(|stop| format!("{:?}", stop.stage))
}

fn minors() -> impl Strategy<Value = u8> {
    Version::OLDEST.minor()..=Version::NEWEST.minor()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_drop_in_that_repeats_an_effective_value_changes_nothing(
        (minor, config) in (30_u8..=36).prop_flat_map(|minor| (Just(minor), config(minor))),
        pick in any::<prop::sample::Index>(),
    ) {
        let before = run(Some(&config), None, &[], minor);
        let Some(configuration) = &before.configuration else { return Ok(()) };
        let shown: Vec<FieldId> = configuration
            .shown(before.version)
            .filter(|field| configuration.slot(*field).place != Place::GENERATED)
            .collect();
        let field = *pick.get(&shown);
        let mut drop_in = head();
        merge(&mut drop_in, &nested(field.field().path, configuration.value(field).to_json(field.field().kind)));
        let after = run(Some(&config), Some(&[("1.conf", drop_in.to_string())]), &[], minor);
        prop_assert_eq!(values(&before), values(&after), "{} at 1.{}", field.field().path, minor);
        prop_assert_eq!(stage(&before), stage(&after));
    }

    #[test]
    fn a_flag_wins_over_a_file(
        (minor, config) in minors().prop_flat_map(|minor| (Just(minor), config(minor))),
        at in 0..FLAGS.len(),
        seed in any::<u32>(),
    ) {
        let flag = &FLAGS[at];
        let version = Version::from_minor(minor).unwrap();
        let Some(field) = flag.field(version).filter(|_| flag.exists_in(version)) else { return Ok(()) };
        let small = seed % 50;
        let text = match flag.kind {
            FlagKind::Bool => (seed.is_multiple_of(2)).to_string(),
            FlagKind::Int32 | FlagKind::Int64 | FlagKind::Uint64 | FlagKind::Level => small.to_string(),
            FlagKind::Duration => format!("{small}m"),
            FlagKind::Str => format!("/f/{seed}"),
            FlagKind::Ip => format!("10.0.0.{small}"),
            FlagKind::StrSlice => format!("x{seed},y"),
            FlagKind::StrMap | FlagKind::StrMapNoSplit | FlagKind::Labels => format!("k={seed}"),
            FlagKind::LangleMap => format!("memory.available<{small}Mi"),
            FlagKind::BoolMap => format!("RotateKubeletServerCertificate={}", seed.is_multiple_of(2)),
            FlagKind::Quantity => format!("{small}Ki"),
            FlagKind::Headers => format!("h:{seed}"),
            FlagKind::Taints => "k=v:NoSchedule".into(),
            FlagKind::ReservedMemory => "0:memory=1Gi".into(),
            FlagKind::Vmodule => format!("a={small}"),
            // None of these sets a field.
            FlagKind::Severity | FlagKind::TraceLocation | FlagKind::Version => return Ok(()),
        };
        let args = [format!("--{}={text}", flag.name)];
        let with_file = run(Some(&config), None, &args, minor);
        let alone = run(None, None, &args, minor);
        let (Some(with_file), Some(alone)) = (&with_file.configuration, &alone.configuration) else { return Ok(()) };
        if flag.kind == FlagKind::BoolMap {
            let gate = "RotateKubeletServerCertificate";
            prop_assert_eq!(with_file.gate(gate).unwrap().0, alone.gate(gate).unwrap().0);
        } else {
            let told = |value: &Value| value.to_json(field.field().kind);
            prop_assert_eq!(told(with_file.value(field)), told(alone.value(field)), "--{}", flag.name);
        }
    }

    #[test]
    fn a_config_and_the_dump_of_its_kubelet_say_the_same(
        (minor, config) in minors().prop_flat_map(|minor| (Just(minor), config(minor))),
    ) {
        let from_file = run(Some(&config), None, &[], minor);
        let Some(dump) = from_file.to_configz() else { return Ok(()) };
        let from_dump = run(Some(&dump.to_string()), None, &[], minor);
        let (a, b) = (from_file.configuration.unwrap(), from_dump.configuration.unwrap());
        for field in a.shown(from_file.version) {
            prop_assert_eq!(
                a.value(field).to_json(field.field().kind),
                b.value(field).to_json(field.field().kind),
                "{}", field.field().path
            );
        }
        // What the dump does not show is zero there, as it is in the configuration.
        let version = from_file.version;
        for field in FieldId::iter().filter(|field| !a.is_shown(*field) && field.field().exists_in(version)) {
            prop_assert!(b.value(field).is_zero(), "{}", field.field().path);
        }
        prop_assert!(from_dump.warnings.is_empty(), "{:?}", from_dump.warnings);
    }
}

#[test]
fn generated_configurations_often_start() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut starts = 0;
    for _ in 0..200 {
        let config = config(36).new_tree(&mut runner).unwrap().current();
        starts += usize::from(run(Some(&config), None, &[], 36).starts());
    }
    assert!(starts > 50, "{starts} of 200");
    assert_eq!(run(None, None, &[], 36).configuration.unwrap().value(id::READ_ONLY_PORT), &Value::Int(10255));
}
