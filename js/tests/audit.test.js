// `audit` as its callers meet it, in Node.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { runInNewContext } from "node:vm";
import { config, gate, pkg, readCases, seed } from "./support.js";

const { audit, AuditError, init, version } = await import(new URL("node.js", pkg));
const { auditToJson } = await import(new URL("core.js", pkg));

const good = config({ serverTLSBootstrap: true, featureGates: gate });
const parsed = JSON.parse(good);

test("a text is the config's", () => {
  const report = audit(good);
  assert.equal(report.schemaVersion, "2.0");
  assert.deepEqual(report.tool, { name: "kubelet-audit", version });
  assert.equal(report.targets.length, 1);
  assert.equal(report.targets[0].findings.length, 9);
  const finding = seed(report.targets[0]);
  assert.equal(finding.benchmark.verdict, "pass");
  assert.equal(finding.effective.verdict, "yes");
  assert.deepEqual(audit({ config: good }), report);
});

test("the module is there on import, by import and by require", async () => {
  assert.equal(await init(), undefined);
  const required = createRequire(import.meta.url)(new URL("node.js", pkg).pathname);
  assert.equal(required.audit, audit);
});

test("a parsed config is answered like its text, without positions", () => {
  const [target] = audit({ config: parsed }).targets;
  const [fromText] = audit(good).targets;
  const verdicts = (one) => one.findings.map((f) => [f.control, f.status, f.benchmark.verdict, f.effective.verdict]);
  assert.deepEqual(verdicts(target), verdicts(fromText));
  assert.deepEqual(target.kubelet.effective, fromText.kubelet.effective);
  assert.ok(!JSON.stringify(target).includes('"range"'));
});

test("what JavaScript has and JSON has not is taken for what it says", () => {
  const json = auditToJson({ config: parsed });
  const deep = (value) => new Map(Object.entries(value).map(([k, v]) => [k, typeof v === "object" ? deep(v) : v]));
  const bare = Object.assign(Object.create(null), parsed);
  const same = {
    "a Map": { config: deep(parsed) },
    "an object without a prototype": { config: bare },
    "an object of another realm": { config: runInNewContext(`JSON.parse(${JSON.stringify(good)})`) },
    "fields that are undefined": { config: { ...parsed, maxPods: undefined }, node: undefined, basis: undefined },
    "a frozen object": Object.freeze({ config: Object.freeze({ ...parsed }) }),
  };
  for (const [name, request] of Object.entries(same)) assert.equal(auditToJson(request), json, name);
  assert.equal(
    auditToJson({ config: { ...parsed, maxPods: 110n } }),
    auditToJson({ config: { ...parsed, maxPods: 110 } }),
    "a BigInt",
  );
});

test("a shared part of an object is no cycle", () => {
  const shared = { RotateKubeletServerCertificate: true };
  assert.ok(audit({ config: { ...parsed, featureGates: shared, other: shared } }).targets);
});

test("half a surrogate pair is a replacement character, by either door", () => {
  for (const request of ["a: \ud800", { config: "a: \udc00b" }, { config: { "\ud800": "\udc00" } }]) {
    assert.equal(audit(request).schemaVersion, "2.0");
  }
});

test("a key named __proto__ is a key", () => {
  const report = audit({ config: JSON.parse('{"__proto__": {"serverTLSBootstrap": true}}') });
  assert.equal(report.schemaVersion, "2.0");
  assert.equal({}.serverTLSBootstrap, undefined);
});

test("what is no request is refused with its place", () => {
  class YAMLMap {}
  const cycle = { config: {} };
  cycle.config.self = cycle.config;
  let bomb = { leaf: 0 };
  for (let level = 0; level < 40; level++) bomb = { a: bomb, b: bomb };
  const table = [
    [undefined, "request is of type undefined"],
    [null, "request is null"],
    [42, "request is of type number"],
    [["a"], "request is an array"],
    [() => "", "request is of type function"],
    [new Uint8Array([123, 125]), "request is bytes (Uint8Array), where text is taken: decode them first"],
    [Buffer.from("{}"), "request is bytes (Uint8Array)"],
    [new Map([[1, 2]]), "request is a Map with a key that is a number"],
    [{ config: new Uint8Array(3) }, "request.config is bytes (Uint8Array)"],
    [{ config: new ArrayBuffer(3) }, "request.config is bytes (ArrayBuffer)"],
    [{ config: new Date(0) }, "request.config is a Date"],
    [{ config: { a: [1, { "b c": new YAMLMap() }] } }, 'request.config.a[1]["b c"] is a YAMLMap'],
    [{ config: { a: Number.NaN } }, "request.config.a is NaN"],
    [{ config: { a: 2n ** 64n } }, "request.config.a is an integer of more than 64 bits"],
    [{ config: { a: Symbol("x") } }, "request.config.a is a symbol"],
    [{ config: { a() {} } }, "request.config.a is a function"],
    [{ config: { a: [1, undefined] } }, "request.config.a[1] is undefined"],
    [{ config: Promise.resolve("") }, "request.config is a Promise"],
    [cycle, "is nested more than 200 deep, or holds itself"],
    [{ config: bomb }, "brings the request to more than 2000000 values"],
  ];
  for (const [request, message] of table) {
    assert.throws(() => audit(request), (error) => {
      assert.ok(error instanceof AuditError, String(error));
      assert.equal(error.code, "invalid-argument");
      assert.ok(error.message.includes(message), `${error.message} lacks ${message}`);
      return true;
    });
    assert.equal(audit(good).schemaVersion, "2.0", "usable afterwards");
  }
});

test("an option that does not exist is refused with its place and a suggestion", () => {
  const table = [
    [{ benchmark: "cis-aks-17" }, "request.benchmark", "did you mean cis-aks-1.7?"],
    [{ controls: ["event-qps", "read-only-prot"] }, "request.controls[1]", "did you mean read-only-port?"],
    [{ kubeletVersion: "1.12" }, "request.kubeletVersion", "use a version such as 1.31 or v1.31.4, or omit it"],
    [{ level: 3 }, "request.level", "expected 1 or 2; level 2 includes level 1"],
  ];
  for (const [options, path, help] of table) {
    assert.throws(() => audit({ config: "", ...options }), { name: "AuditError", code: "invalid-argument", path, help });
  }
  const [target] = audit({ config: "", nodeVersion: "1.12" }).targets;
  assert.equal(target.errors[0].code, "unsupported-version");
});

test("a getter that throws, throws its own error", () => {
  const request = { config: { get a() { throw new RangeError("mine"); } } };
  assert.throws(() => audit(request), new RangeError("mine"));
  assert.equal(audit(good).schemaVersion, "2.0");
});

test("every case gives a report, and what was wrong with one is gone in the next", () => {
  const before = auditToJson(good);
  for (const { name, request } of readCases()) {
    let report;
    try {
      report = audit(request);
    } catch (error) {
      assert.equal(error.code, "invalid-argument", name);
      continue;
    }
    assert.equal(report.schemaVersion, "2.0", name);
    assert.equal(report.summary.targets, report.targets.length, name);
    assert.equal(auditToJson(good), before, `after ${name}`);
  }
});

test("the object is what the text says", () => {
  for (const { name, request } of readCases()) {
    if (typeof request !== "object" || request === null || Array.isArray(request)) continue;
    assert.equal(JSON.stringify(audit(request)), JSON.stringify(JSON.parse(auditToJson(request))), name);
  }
});
