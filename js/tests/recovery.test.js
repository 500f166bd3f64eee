// After a trap: an error, never a report, and the next call works.

import assert from "node:assert/strict";
import { test } from "node:test";
import { config, pkg } from "./support.js";

const { audit, AuditError } = await import(new URL("node.js", pkg));
const { call, exports } = await import(new URL("core.js", pkg));

const OUTSIDE = 0xffff_0000;

test("a trap is an internal error, and the instance is replaced", () => {
  const before = audit(config());
  const { memory } = exports();
  // An address outside the memory: the module itself traps.
  const trap = () => call(() => exports().auditText(OUTSIDE, 0x8000));
  assert.throws(trap, (error) => {
    assert.ok(error instanceof AuditError);
    assert.equal(error.code, "internal");
    assert.ok(error.cause instanceof WebAssembly.RuntimeError, String(error.cause));
    return true;
  });
  assert.deepEqual(audit(config()), before);
  assert.notEqual(exports().memory, memory);
  for (let round = 0; round < 20; round++) {
    assert.throws(trap, AuditError);
    assert.deepEqual(audit(config()), before);
  }
});

test("the memory that a giant input took is given back", () => {
  audit("x".repeat(40 * 1024 * 1024));
  audit(config());
  const after = exports().memory.buffer.byteLength;
  assert.ok(after <= 64 * 1024 * 1024, `${after} bytes are kept`);
});

test("memory stays flat", () => {
  const text = config({ featureGates: { RotateKubeletServerCertificate: true } });
  const bytes = () => exports().memory.buffer.byteLength;
  for (let round = 0; round < 200; round++) audit(text);
  const before = bytes();
  for (let round = 0; round < 5000; round++) audit(text);
  assert.equal(bytes(), before);
});
