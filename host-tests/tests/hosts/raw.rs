//! The raw module's memory ABI, and the bounds that a host puts on it.

use host_tests::cases;
use host_tests::raw::{FUEL, MEMORY, Raw};
use serde_json::{Value, json};

const GOOD: &str = r#"{"kind":"KubeletConfiguration","apiVersion":"kubelet.config.k8s.io/v1beta1","serverTLSBootstrap":true,"featureGates":{"RotateKubeletServerCertificate":true}}"#;

fn good() -> Vec<u8> {
    json!({ "config": GOOD, "kubeletVersion": "1.36" }).to_string().into_bytes()
}

#[test]
fn it_imports_nothing_and_says_its_abi() {
    let raw = Raw::load().unwrap();
    assert_eq!(raw.imports(), 0);
    assert_eq!(raw.instance(MEMORY).unwrap().abi_version().unwrap(), 1);
}

#[test]
fn it_answers_with_findings() {
    let mut instance = Raw::load().unwrap().instance(MEMORY).unwrap();
    let report: Value = serde_json::from_str(&instance.answer(&good()).unwrap()).unwrap();
    let finding = cases::seed_finding(&report);
    assert_eq!(finding["benchmark"]["number"], "3.2.9");
    assert_eq!(finding["benchmark"]["verdict"], "pass");
    assert_eq!(finding["effective"]["verdict"], "yes");
    assert_eq!(finding["evidence"][0]["location"]["source"], "config");
}

#[test]
fn lengths_of_zero_and_places_outside_are_no_trap() {
    let mut instance = Raw::load().unwrap().instance(MEMORY).unwrap();
    let before = instance.answer(&good()).unwrap();
    assert_eq!(instance.alloc(0).unwrap(), 0);
    instance.free(0, 0).unwrap();
    instance.free(0, 10).unwrap();
    let empty = instance.evaluate(0, 0).unwrap().unwrap();
    assert_eq!(empty, instance.evaluate(u32::MAX, 0).unwrap().unwrap());
    assert_eq!(empty, kubelet_audit::audit_json("").unwrap());
    for (ptr, len) in [(0, 10), (u32::MAX, 1), (16, u32::MAX), (0xFFFF_0000, 0x2_0000)] {
        assert_eq!(instance.evaluate(ptr, len).unwrap(), None, "{ptr} {len}");
    }
    // More than the address space, and more than the host allows.
    assert_eq!(instance.alloc(u32::MAX).unwrap(), 0);
    assert_eq!(instance.alloc(0x7FFF_FFFF).unwrap(), 0);
    assert_eq!(instance.answer(&good()).unwrap(), before);
}

#[test]
fn requests_that_are_not_utf8_are_an_error_with_a_position() {
    let mut instance = Raw::load().unwrap().instance(MEMORY).unwrap();
    let report: Value =
        serde_json::from_str(&instance.answer(b"{\n \"config\": \"\xFF\"}").unwrap()).unwrap();
    let error = &report["targets"][0]["errors"][0];
    assert_eq!(error["code"], "invalid-utf8");
    assert_eq!(error["location"]["range"]["start"], json!({ "offset": 14, "line": 2, "column": 13 }));
}

/// The findings of a good input are the same after each bad one, in the same instance.
#[test]
fn it_is_usable_after_every_bad_input() {
    let mut instance = Raw::load().unwrap().instance(MEMORY).unwrap();
    let before = instance.answer(&good()).unwrap();
    for case in cases::all() {
        instance.answer(case.request.to_string().as_bytes()).unwrap();
        assert_eq!(instance.answer(&good()).unwrap(), before, "after {}", case.name);
    }
}

#[test]
fn memory_is_flat() {
    let mut instance = Raw::load().unwrap().instance(MEMORY).unwrap();
    let request = good();
    for _ in 0..200 {
        instance.answer(&request).unwrap();
    }
    let before = instance.memory_bytes();
    for _ in 0..3_000 {
        instance.answer(&request).unwrap();
    }
    assert_eq!(instance.memory_bytes(), before);
    assert!(before < 8 * 1024 * 1024, "{before} bytes");
}

#[test]
fn fuel_bounds_it_and_a_new_instance_goes_on() {
    let raw = Raw::load().unwrap();
    let mut instance = raw.instance(MEMORY).unwrap();
    let before = instance.answer(&good()).unwrap();
    println!("fuel of one audit: {}", FUEL - instance.fuel().unwrap());
    assert!(instance.answer_within(&good(), 10_000).is_err(), "it ran out of fuel");
    assert_eq!(raw.instance(MEMORY).unwrap().answer(&good()).unwrap(), before);
}

/// Each case within what a host would allow: the most expensive is the alias bomb.
#[test]
fn no_case_needs_much() {
    let raw = Raw::load().unwrap();
    let mut most = (0, String::new());
    for case in cases::all() {
        let mut instance = raw.instance(MEMORY).unwrap();
        instance.answer(case.request.to_string().as_bytes()).unwrap();
        most = most.max((FUEL - instance.fuel().unwrap(), case.name.clone()));
        assert!(instance.memory_bytes() <= 64 * 1024 * 1024, "{}: {}", case.name, instance.memory_bytes());
    }
    println!("most fuel: {} for {}", most.0, most.1);
    assert!(most.0 < 6_000_000_000, "{most:?}");
}

#[test]
fn a_host_that_gives_little_memory_gets_a_trap_and_no_answer() {
    let raw = Raw::load().unwrap();
    let mut instance = raw.instance(4 * 1024 * 1024).unwrap();
    instance.answer(&good()).unwrap();
    let large = json!({ "config": "x".repeat(6 * 1024 * 1024) }).to_string();
    assert!(instance.answer(large.as_bytes()).is_err());
    // No trap: the module reports that it has no memory for the request.
    instance.answer(&good()).unwrap();
}

#[test]
fn memory_that_is_not_the_hosts_is_not_taken_back() {
    let mut instance = Raw::load().unwrap().instance(MEMORY).unwrap();
    let before = instance.answer(&good()).unwrap();
    let block = instance.alloc(64).unwrap();
    for (ptr, len) in [(block, 63), (block, 65), (block + 8, 64), (block + 8, 56), (16, 16), (u32::MAX, 1)] {
        instance.free(ptr, len).unwrap();
    }
    instance.free(block, 64).unwrap();
    instance.free(block, 64).unwrap();
    for _ in 0..20 {
        assert_eq!(instance.answer(&good()).unwrap(), before);
    }
}

/// A host that mixes up its buffers gets nothing, and the next block of rows is answered as before.
#[test]
fn clickhouse_buffers_are_known_by_address() {
    let mut instance = Raw::load().unwrap().instance(MEMORY).unwrap();
    let buffer = instance.clickhouse("clickhouse_create_buffer", 16, None).unwrap().unwrap();
    let mut call = |name: &str, first, second| instance.clickhouse(name, first, second).unwrap();
    assert_ne!(buffer, 0);
    for function in ["kubelet_report", "kubelet_findings"] {
        for address in [0, 1, buffer + 4, u32::MAX - 7, 1 << 20] {
            assert_eq!(call(function, address, Some(1)), Some(0), "{function} {address}");
        }
        // The rows end before the buffer does, or after it.
        assert_eq!(call(function, buffer, Some(0)), Some(0));
        assert_eq!(call(function, buffer, Some(u32::MAX)), Some(0));
    }
    for address in [0, 1, buffer + 4, u32::MAX - 7] {
        call("clickhouse_destroy_buffer", address, None);
    }
    // Fields that the host wrote over are not believed.
    instance.write(buffer, &[0xFF; 8]).unwrap();
    let mut call = |name: &str, first, second| instance.clickhouse(name, first, second).unwrap();
    assert_eq!(call("kubelet_report", buffer, Some(1)), Some(0));
    call("clickhouse_destroy_buffer", buffer, None);
    call("clickhouse_destroy_buffer", buffer, None);
    let two_empty_strings = call("clickhouse_create_buffer", 2, None).unwrap();
    assert_ne!(call("kubelet_findings", two_empty_strings, Some(1)), Some(0));
}
