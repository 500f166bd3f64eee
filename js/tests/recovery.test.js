// After a trap: an error, never a report, and the next call works.

import assert from "node:assert/strict";
import { test } from "node:test";
import { config, pkg } from "./support.js";

const { audit, AuditError } = await import(new URL("node.js", pkg));
const { started } = await import(new URL("core.js", pkg));

const OUTSIDE = 0xffff_0000;
const UNIT = "[Service]\nExecStart=/usr/bin/kubelet\n";

// Each with a request that it answers. The full one is loaded when it is first needed.
audit({ args: UNIT });
const MODULES = { small: config(), full: { config: config(), args: UNIT } };

for (const [name, request] of Object.entries(MODULES)) {
  const module = started()[name];

  test(`a trap in the ${name} module is an internal error, and the instance is replaced`, () => {
    const before = audit(request);
    const { memory } = module.exports;
    // An address outside the memory: the module itself traps.
    const trap = () => module.call(() => module.exports.auditText(OUTSIDE, 0x8000));
    assert.throws(trap, (error) => {
      assert.ok(error instanceof AuditError);
      assert.equal(error.code, "internal");
      assert.ok(error.cause instanceof WebAssembly.RuntimeError, String(error.cause));
      return true;
    });
    assert.deepEqual(audit(request), before);
    assert.notEqual(module.exports.memory, memory);
    for (let round = 0; round < 20; round++) {
      assert.throws(trap, AuditError);
      assert.deepEqual(audit(request), before);
    }
  });
}

test("the memory that a giant input took is given back", () => {
  audit("x".repeat(40 * 1024 * 1024));
  audit(config());
  const after = started().small.exports.memory.buffer.byteLength;
  assert.ok(after <= 64 * 1024 * 1024, `${after} bytes are kept`);
});

test("memory stays flat", () => {
  const text = config({ featureGates: { RotateKubeletServerCertificate: true } });
  const bytes = () => started().small.exports.memory.buffer.byteLength;
  for (let round = 0; round < 200; round++) audit(text);
  const before = bytes();
  for (let round = 0; round < 5000; round++) audit(text);
  assert.equal(bytes(), before);
});
