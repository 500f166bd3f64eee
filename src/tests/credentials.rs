//! A canary is put wherever inputs hold credentials. It must reach no report of any format, no diff, and no
//! error.

use std::ops::Range;

use proptest::prelude::*;

use super::HEAD;
use crate::render::{self, Color, Detail, Layout, ReportForm, SourceText, SourceTexts};
use crate::request::{ArgsFile, ArgsInput, ConfigInput, DropIn, Request};
use crate::source::redaction::secret_ranges;

const CANARY: &str = "cAnArY7x";

/// The texts of the request, so that formats with excerpts show lines of them.
struct Texts(Vec<(String, String)>);

impl SourceTexts for Texts {
    fn find(&self, _: usize, name: &str) -> Option<SourceText<'_>> {
        let (name, text) = self.0.iter().find(|(other, _)| other == name)?;
        let hidden: Vec<Range<usize>> = secret_ranges(text);
        Some(SourceText { path: name.into(), text, offset: 0, hidden: hidden.into() })
    }
}

fn assert_hidden(request: &Request) {
    let mut texts = Vec::new();
    if let Some(ConfigInput::Text(text)) = &request.config {
        texts.push(("config".to_owned(), text.clone()));
    }
    texts.extend(request.drop_ins.iter().flatten().map(|file| (file.name.clone(), file.text.clone())));
    match &request.args {
        Some(ArgsInput::Text(text)) => texts.push(("args".to_owned(), text.clone())),
        Some(ArgsInput::Files(files)) => {
            texts.extend(files.iter().map(|file| (file.name.clone(), file.text.clone())));
        }
        _ => {}
    }
    let texts = Texts(texts);
    let report = crate::audit(request).unwrap();
    let layout = Layout { width: 100, color: Color::Off, detail: Detail::Verbose, next: None, links: None };
    for name in ReportForm::NAMES {
        let form = ReportForm::named(name).unwrap();
        let text = render::report(&report, form, &texts, &layout);
        assert!(!text.contains(CANARY), "{name}: {request:?}\n{text}");
    }
    let options = crate::fix::Options { unsafe_fixes: true, ..Default::default() };
    let fixed = crate::fix::fix(request, &options).unwrap();
    for file in &fixed.files {
        assert!(!file.diff.contains(CANARY), "{request:?}\n{}", file.diff);
    }
    let told = format!("{:?} {:?} {:?}", fixed.skipped, fixed.platform, fixed.target);
    assert!(!told.contains(CANARY), "{request:?}\n{told}");
}

/// Lines of configuration with a credential in them.
const CONFIG: &[&str] = &[
    "staticPodURLHeader:\n  Authorization: [Bearer CANARY]\n",
    "staticPodURLHeader:\n  Authorization: CANARY\n",
    "staticPodURLHeader: CANARY\n",
    "staticPodURLHeader: [CANARY]\n",
    "staticpodurlheader: {X: [CANARY]}\n",
    "x: &h {X-Any: [CANARY]}\nstaticPodURLHeader: *h\n",
    "\"staticPodURL\\u0048eader\": {X: [\"CANARY\"]}\n",
    "staticPodURL: https://user:CANARY@host/pods\n",
    "staticPodURL: \"https://CANARY@host\"\n",
    "password: CANARY\n",
    "readOnlyPort: 10255 # token: CANARY\n",
    "token: |\n  CANARY\n",
    "featureGates: {token: CANARY}\n",
];

/// Arguments with a credential among them.
const ARGS: &[&str] = &[
    "--manifest-url-header=Authorization:Bearer CANARY",
    "--manifest-url-header Authorization:CANARY",
    "--manifest_url_header=X:CANARY",
    "--manifest_url_header CANARY",
    "--manifest-url=https://user:CANARY@host/",
    "--token CANARY",
    "--token=CANARY",
    "--bootstrap-token=CANARY",
];

/// Of the kubelet's own settings, one holds credentials. A report about any other quotes its value.
#[test]
fn values_of_other_settings_are_shown() {
    let fields =
        crate::kubelet::fields::FieldId::iter().map(|field| field.field().path.rsplit('.').next().unwrap());
    for name in fields.filter(|name| *name != "staticPodURLHeader") {
        for text in [format!("{name}: some-value\n"), format!("{{\"{name}\":\"some-value\"}}")] {
            assert!(secret_ranges(&text).is_empty(), "{text}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn no_credential_reaches_a_report(
        config in prop::sample::select(CONFIG),
        drop_in in prop::sample::select(CONFIG),
        args in prop::sample::select(ARGS),
        line in 0..5_usize,
        before in any::<bool>(),
    ) {
        let canary = |text: &str| text.replace("CANARY", CANARY);
        let config = canary(config);
        let rest = "readOnlyPort: 10255\nauthentication: {anonymous: {enabled: true}}\n";
        let config = if before { format!("{HEAD}{config}{rest}") } else { format!("{HEAD}{rest}{config}") };
        let args = canary(args);
        let args = match line {
            0 => ArgsInput::Text(format!("/usr/bin/kubelet {args} --read-only-port=10255")),
            1 => ArgsInput::Text(format!("root 1 0 0 10:00 ? 00:00:00 /usr/bin/kubelet --v=2 {args} --read-only-port=10255")),
            2 => ArgsInput::Argv(
                ["kubelet", "--read-only-port=10255"].into_iter().chain(args.split(' ')).map(str::to_owned).collect(),
            ),
            3 => ArgsInput::Files(vec![
                ArgsFile { name: "kubelet.service".into(), text: format!("[Service]\nEnvironment=\"TOKEN={CANARY}\" \"MORE={args}\"\nExecStart=/usr/bin/kubelet $MORE --read-only-port=10255\n") },
            ]),
            _ => ArgsInput::Files(vec![
                ArgsFile { name: "kubelet.service".into(), text: "[Service]\nEnvironmentFile=/etc/default/kubelet\nExecStart=/usr/bin/kubelet $MORE\n".into() },
                ArgsFile { name: "/etc/default/kubelet".into(), text: format!("TOKEN={CANARY}\nMORE={args} --read-only-port=10255\n") },
            ]),
        };
        let request = Request {
            config: Some(ConfigInput::Text(config)),
            drop_ins: Some(vec![DropIn { name: "10-a.conf".into(), text: format!("{HEAD}{}", canary(drop_in)) }]),
            args: Some(args),
            kubelet_version: Some("1.34".into()),
            fixes: Some(true),
            ..Request::default()
        };
        assert_hidden(&request);
    }
}
