//! What has to come of the cases.

use host_tests::cases;
use serde_json::Value;

#[test]
fn every_case_comes_out_as_it_says() {
    let mut wrong = Vec::new();
    for case in cases::all() {
        let report: Value =
            serde_json::from_str(&kubelet_audit::audit_json(&case.request.to_string()).unwrap()).unwrap();
        let target = &report["targets"][0];
        let finding = cases::seed_finding(&report);
        let mut found = |what: &str, got: &Value| {
            if let Some(expected) = case.expect.get(what)
                && expected != got
            {
                wrong.push(format!("{} ({}): {what} is {got}, not {expected}", case.name, case.title));
            }
        };
        found("benchmark", &finding["benchmark"]["verdict"]);
        found("effective", &finding["effective"]["verdict"]);
        found("status", &finding["status"]);

        let errors: Vec<_> = target["errors"].as_array().unwrap().iter().collect();
        let readable = case.expect.get("errors").is_none() && !case.is_bad_request();
        if let Some(expected) = case.expect.get("errors").and_then(Value::as_array) {
            let first = errors.first().map(|error| error["code"].clone()).unwrap_or_default();
            if !expected.contains(&first) {
                wrong.push(format!("{} ({}): error {first}, not one of {expected:?}", case.name, case.title));
            }
        }
        if !readable {
            assert!(!errors.is_empty(), "{}: no error", case.name);
            assert_eq!(report["summary"]["unreadable"], 1, "{}", case.name);
        }
        for error in &errors {
            for field in ["code", "message", "help"] {
                if error[field].as_str().is_none_or(str::is_empty) {
                    wrong.push(format!("{} ({}): an error without {field}: {error}", case.name, case.title));
                }
            }
            if case.expect.get("errors").is_some() && error["location"]["range"].is_null() {
                wrong.push(format!("{} ({}): an error without a position: {error}", case.name, case.title));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
