// Reports made by hand, as CodeMirror would show them. tests/browser has the editor itself.

import assert from "node:assert/strict";
import { test } from "node:test";
import { EditorState } from "@codemirror/state";
import { diagnosticsOf } from "../src/codemirror.js";

const text = "kind: KubeletConfiguration\r\nserverTLSBootstrap: false # für später\r\nfeatureGates:\r\n  Rotate: true\r\n";
const { doc } = EditorState.create({ doc: text });

/** The place of a piece of the text, as the module would tell it. */
function at(piece, source = "config") {
  const index = text.indexOf(piece);
  const point = (end) => {
    const before = text.slice(0, end).split("\r\n");
    return { offset: Buffer.byteLength(text.slice(0, end)), line: before.length, column: before.at(-1).length + 1 };
  };
  return { source, range: { start: point(index), end: point(index + piece.length) } };
}

const gate = { path: "featureGates.Rotate", layer: "config", value: "true", decided: true, location: at("true") };
const bootstrap = { path: "serverTLSBootstrap", layer: "config", value: "false", decided: true, location: at("false") };

const finding = (fields = {}) => ({
  control: "rotate",
  title: "Certificates are rotated",
  status: "pass",
  severity: "medium",
  benchmark: { id: "cis", number: "3.2.9", title: "", level: 1, assessment: "automated", verdict: "pass" },
  effective: { verdict: "yes", missing: [], notes: [] },
  message: "the message",
  why: "the reason",
  fix: "the mending",
  evidence: [gate, bootstrap],
  fingerprint: "0",
  ...fields,
});

function report({ findings = [], errors = [], warnings = [], stops = [], source = "config" } = {}) {
  const kubelet = { version: "1.36", starts: stops.length === 0, errors: stops, warnings };
  return { schemaVersion: "2.0", targets: [{ source, kubelet, findings, errors }] };
}

const issue = (fields) => ({ code: "a-code", severity: "error", message: "a message", ...fields });

/** What is shown, and on which text. */
const shown = (...args) =>
  diagnosticsOf(...args).map(({ from, to, severity }) => [severity, doc.sliceString(from, to)]);

test("all well: nothing is underlined", () => {
  assert.deepEqual(shown(report({ findings: [finding()] }), doc), []);
});

test("a document of several objects shows what each of them says", () => {
  const one = report({ findings: [finding({ status: "fail" })], source: "config: ConfigMap a" });
  const two = report({ findings: [finding({ status: "error" })], source: "config: KubeadmConfig b" });
  const other = report({ findings: [finding({ status: "fail" })], source: "configs" });
  const targets = [one, two, other].flatMap(({ targets }) => targets);
  assert.deepEqual(shown({ ...one, targets }, doc), [
    ["error", "true"],
    ["warning", "true"],
  ]);
});

test("a failure is an error where the deciding entry stands", () => {
  const failed = finding({ status: "fail" });
  assert.deepEqual(shown(report({ findings: [failed] }), doc), [["error", "true"]]);
});

test("what cannot be judged is a warning", () => {
  assert.deepEqual(shown(report({ findings: [finding({ status: "error" })] }), doc), [["warning", "true"]]);
});

test("a pass without effect is a warning at the field that is missing for it", () => {
  const effective = { verdict: "no", missing: ["serverTLSBootstrap: true"], notes: [] };
  assert.deepEqual(shown(report({ findings: [finding({ effective })] }), doc), [["warning", "false"]]);
});

test("what follows from a kubelet that does not start is not underlined again", () => {
  const stops = [issue({ location: at("Rotate") })];
  const effective = { verdict: "does-not-start", missing: [], notes: [] };
  const evidence = [{ ...gate, decided: false }];
  const findings = ["error", "fail"].map((status) => finding({ status, effective, evidence }));
  assert.deepEqual(shown(report({ stops, findings }), doc), [["error", "Rotate"]]);
  const failed = finding({ status: "fail", effective });
  assert.deepEqual(shown(report({ stops, findings: [failed] }), doc), [["error", "Rotate"], ["error", "true"]]);
});

test("partly and unknown are information", () => {
  for (const verdict of ["partly", "unknown"]) {
    const effective = { verdict, missing: [], notes: [] };
    assert.deepEqual(shown(report({ findings: [finding({ effective })] }), doc), [["info", "true"]]);
  }
});

test("if another text decided, it is what this one says in vain", () => {
  const flag = { ...gate, path: "--feature-gates", layer: "flag", location: { source: "args" } };
  const failed = finding({ status: "fail", evidence: [flag, { ...gate, decided: false }] });
  assert.deepEqual(shown(report({ findings: [failed] }), doc), [["error", "true"]]);
});

test("a failure that no place in this text belongs to stands on its first line", () => {
  const failed = finding({ status: "fail", evidence: [] });
  assert.deepEqual(shown(report({ findings: [failed] }), doc), [["error", "kind: KubeletConfiguration"]]);
  const unknown = finding({ status: "manual", effective: { verdict: "unknown", missing: [], notes: [] }, evidence: [] });
  assert.deepEqual(shown(report({ findings: [unknown] }), doc), [], "information does not");
});

test("the message has both verdicts, the reason and the mending", () => {
  const effective = { verdict: "no", missing: [], notes: [] };
  const [{ message, source }] = diagnosticsOf(report({ findings: [finding({ effective })] }), doc);
  assert.equal(
    message,
    "3.2.9 Certificates are rotated\nbenchmark pass · effective no\nthe message\nWhy: the reason\nFix: the mending",
  );
  assert.equal(source, "kubelet-audit · rotate");
});

test("errors and warnings of the kubelet stand at their places; notes without one do not", () => {
  const answer = report({
    stops: [issue({ location: at("Rotate"), help: "do this" })],
    warnings: [issue({ severity: "warning", location: at("# für später") }), issue({ severity: "note" })],
  });
  assert.deepEqual(shown(answer, doc), [
    ["error", "Rotate"],
    ["warning", "# für später"],
  ]);
  assert.equal(diagnosticsOf(answer, doc)[0].message, "a message\nFix: do this");
});

test("an error without a place stands on the first line, one of another text nowhere", () => {
  assert.deepEqual(shown(report({ stops: [issue({})] }), doc), [["error", "kind: KubeletConfiguration"]]);
  assert.deepEqual(shown(report({ stops: [issue({ location: at("kind", "10-a.conf") })] }), doc), []);
});

test("a text that cannot be read has its error once, and no findings", () => {
  const broken = issue({ code: "yaml-syntax", location: at("Rotate") });
  const answer = report({ errors: [broken], stops: [broken], findings: [finding({ status: "error" })] });
  assert.deepEqual(shown(answer, doc), [["error", "Rotate"]]);
});

test("the document can have another name", () => {
  const stops = [issue({ location: at("Rotate", "node.yaml") })];
  assert.deepEqual(shown(report({ stops, source: "node.yaml" }), doc, { source: "node.yaml" }), [["error", "Rotate"]]);
});

test("places past the document are brought back into it", () => {
  const far = { offset: 9999, line: 99, column: 99 };
  const stops = [issue({ location: { source: "config", range: { start: far, end: far } } })];
  for (const { from, to } of diagnosticsOf(report({ stops }), doc)) {
    assert.ok(from >= 0 && from <= to && to <= doc.length);
  }
  assert.deepEqual(diagnosticsOf({ targets: [] }, doc), []);
});
