//! What is hidden, and what is not.

use proptest::prelude::*;

use super::secret_ranges;

fn masked(text: &str) -> String {
    let mut out = String::new();
    let mut from = 0;
    for range in secret_ranges(text) {
        out.push_str(&text[from..range.start]);
        out.push_str("***");
        from = range.end;
    }
    out + &text[from..]
}

#[test]
fn credentials_are_found_in_every_form_of_text() {
    for (text, want) in [
        (r#"{"staticPodURLHeader":{"A":["Bearer }x"]},"port":1}"#, r#"{"staticPodURLHeader":***,"port":1}"#),
        ("staticPodURLHeader:\n  A:\n  - sec\n\n  - ret\nport: 1\n", "staticPodURLHeader:***port: 1\n"),
        ("x:\n  staticPodURLHeader:\n  - sec\n  port: 1\n", "x:\n  staticPodURLHeader:***  port: 1\n"),
        ("staticPodURLHeader: {A: [b]}\nport: 1", "staticPodURLHeader: ***\nport: 1"),
        ("staticpodurlheader: plain\n  more\nport: 1", "staticpodurlheader: ***port: 1"),
        ("kubelet --manifest-url-header=A:Bearer x --v=2", "kubelet --manifest-url-header=*** --v=2"),
        ("kubelet --manifest_url_header \"A:b\" \\\n  --v=2", "kubelet --manifest_url_header \"*** --v=2"),
        ("A=--manifest-url-header=x\nB=1", "A=--manifest-url-header=***\nB=1"),
        (r#"{"staticPodURLHeader":{"A":["staticPodURLHeader"#, r#"{"staticPodURLHeader":***"#),
        ("port: 1", "port: 1"),
    ] {
        assert_eq!(masked(text), want);
    }
}

#[test]
fn names_and_forms_of_credentials_are_known() {
    for (text, want) in [
        ("token: abc # note\nport: 1", "token: *** # note\nport: 1"),
        ("kubeadm join --token abcdef.0123456789abcdef --v=2", "kubeadm join --token *** --v=2"),
        ("kubeadm join --token=abc --v=2", "kubeadm join --token=*** --v=2"),
        ("[\"--token\", \"abc\"]", "[\"--token\", \"***\"]"),
        ("- --token\n- abc\n- --v=2\n", "- --token\n- ***\n- --v=2\n"),
        ("Environment=\"TOKEN=a b\" \"X=1\"", "Environment=\"TOKEN=***\" \"X=1\""),
        ("BOOTSTRAP_TOKEN=abc\nX=1", "BOOTSTRAP_TOKEN=***\nX=1"),
        ("ARGS=\"--token=a b --v=1\"\n", "ARGS=\"--token=*** --v=1\"\n"),
        (r#"{"auths":{"host":{"auth":"abc"}}}"#, r#"{"auths":{"host":{"auth":***}}}"#),
        ("export DB_PASSWORD='a b'; x", "export DB_PASSWORD=***; x"),
        (r#"{"password":"a\"b","x":1}"#, r#"{"password":***,"x":1}"#),
        (r#"data: "{\"token\":\"abc\",\"x\":1}""#, r#"data: "{\"token\":***,\"x\":1}""#),
        ("client-key-data: LS0tLS1CRUdJTg==\n", "client-key-data: ***\n"),
        ("certificateKey: 0123\n", "certificateKey: ***\n"),
        ("a:\n  password: |\n    one\n    two\n  x: 1\n", "a:\n  password: ***\n  x: 1\n"),
        ("Authorization: Bearer abcdefgh\n", "Authorization: ***\n"),
        ("- Bearer abcdefgh\n", "- Bearer ***\n"),
        ("staticPodURL: https://me:pw@host/x\n", "staticPodURL: https://***@host/x\n"),
        ("http_proxy=http://me:pw@host:1/", "http_proxy=http://***@host:1/"),
        ("x: eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln y", "x: *** y"),
        ("-----BEGIN RSA PRIVATE KEY-----\nMII\n-----END RSA PRIVATE KEY-----\nx", "***\nx"),
        ("a: &h {A: [topsecret]}\nstaticPodURLHeader: *h\n", "a: &h {A: [***]}\nstaticPodURLHeader: ***"),
        ("\"staticPodURL\\u0048eader\": {A: [topsecret]}\n", "\"staticPodURL\\u0048eader\": {A: [***]}\n"),
        ("userData: a3ViZWFkbSBqb2luIC0tdG9rZW4gYWJjZGVmLjAxMjM0NTY3ODlhYmNkZWY=\n", "userData: ***=\n"),
    ] {
        assert_eq!(masked(text), want, "{text}");
    }
}

#[test]
fn settings_that_only_sound_alike_are_shown() {
    for text in [
        "authentication:\n  webhook: {enabled: true}\nauthorization:\n  mode: Webhook\n",
        r#"{"authentication":{"anonymous":{"enabled":false}},"authorization":{"mode":"AlwaysAllow"}}"#,
        "kubelet --authentication-token-webhook=true --authentication-token-webhook-cache-ttl 2m",
        "KUBELET_ARGS='--anonymous-auth=off --v=1'\n",
        "kubelet --authorization-mode=Webhook --tls-private-key-file=/etc/key.pem",
        "featureGates: {LegacyServiceAccountToken: true}",
        "configMapAndSecretChangeDetectionStrategy: Watch",
        "token: ${TOKEN}\n",
        "tokenFile: /var/run/token\n",
        "staticPodURL: https://host/a@b\n",
        "imagePullSecrets:\n- name: x\n",
        "volumes:\n- secret:\n    secretName: x\n",
        "image: registry.example.com/org/some-long-name-of-an-image-of-this-cluster:v1.34.2-build.20260101",
    ] {
        assert_eq!(masked(text), text);
    }
}

fn text_with_names() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => prop::sample::select(vec![
            "staticPodURLHeader", "staticpodurlheader", "--manifest-url-header", "--manifest_url_header=",
            ":", " ", "\n", "  - ", "{", "}", "[", "]", "\"", "'", "\\", "=", "é", "x", "token", "--token",
            "Bearer ", "://", "@", "&a", "*a", "|", "-----BEGIN PRIVATE KEY-----", "eyJhbGciOiJIUzI1NiJ9.",
        ])
        .prop_map(str::to_owned),
        1 => any::<String>(),
    ];
    prop::collection::vec(piece, 0..16).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn ranges_are_whole_characters_in_order_and_apart(text in text_with_names()) {
        let mut end = None;
        for range in secret_ranges(&text) {
            prop_assert!(end.is_none_or(|end| end < range.start) && range.start < range.end, "{range:?} after {end:?}");
            prop_assert!(text.get(range.clone()).is_some(), "{range:?} cuts a character");
            end = Some(range.end);
        }
    }

    #[test]
    fn a_canary_behind_a_name_is_hidden(
        name in prop::sample::select(vec![
            "token: ", "token=", "--token ", "--token=", "PASSWORD=", "\"secret\": \"", "'apiKey': '",
            "--manifest-url-header=A:", "--manifest_url_header A:", "staticPodURLHeader: {A: [", "Authorization: Bearer ",
            "https://user:", "https://",
        ]),
        before in "[a-z:= \n]{0,12}",
        tail in "[a-z]{0,8}",
    ) {
        let end = if name.starts_with("https") { "@host/" } else { "" };
        let text = format!("{before}\n{name}CANARY{tail}{end}");
        prop_assert!(!masked(&text).contains("CANARY"), "{text}");
    }
}
