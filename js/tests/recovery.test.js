// After a trap: an error, never a report, and the next call works.

import assert from "node:assert/strict";
import { test } from "node:test";
import { config, pkg } from "./support.js";

const { audit, AuditError } = await import(new URL("node.js", pkg));
const { call } = await import(new URL("core.js", pkg));
const { initSync } = await import(new URL("kubelet_audit.js", pkg));

const OUTSIDE = 0xffff_0000;
const memory = () => initSync().memory;


test("a trap is an internal error, and the instance is replaced", () => {
  const text = config();
  const before = audit(text);
  const instance = memory();
  assert.throws(
    // An address outside the memory: the module itself traps.
    () => call(() => initSync().auditText(OUTSIDE, 0x8000)),
    (error) => {
      assert.ok(error instanceof AuditError);
      assert.equal(error.code, "internal");
      assert.ok(error.cause instanceof WebAssembly.RuntimeError, String(error.cause));
      return true;
    },
  );
  assert.deepEqual(audit(text), before);
  assert.notEqual(memory(), instance);
  for (let round = 0; round < 20; round++) {
    assert.throws(() => call(() => initSync().auditText(OUTSIDE, 0x8000)), AuditError);
    assert.deepEqual(audit(text), before);
  }
});

test("the memory that a giant input took is given back", () => {
  audit("x".repeat(40 * 1024 * 1024));
  audit(config());
  const after = memory().buffer.byteLength;
  assert.ok(after <= 64 * 1024 * 1024, `${after} bytes are kept`);
});

test("memory stays flat", () => {
  const text = config({ featureGates: { RotateKubeletServerCertificate: true } });
  for (let round = 0; round < 200; round++) audit(text);
  const before = memory().buffer.byteLength;
  for (let round = 0; round < 5000; round++) audit(text);
  assert.equal(memory().buffer.byteLength, before);
});
