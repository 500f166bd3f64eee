// The npm package.

import assert from "node:assert/strict";
import { serve } from "./serve.js";

// The package keeps its memory to itself; the test of leaks takes it from the instance.
let memory;
WebAssembly.Instance = class extends WebAssembly.Instance {
  constructor(...args) {
    super(...args);
    memory = this.exports.memory;
  }
};
const { auditToJson } = await import("../../../pkg/core.js");
const { audit } = await import("../../../pkg/node.js");

await serve(
  (line) => {
    const request = JSON.parse(line);
    const answer = auditToJson(request);
    // What users get is what the text says.
    assert.deepEqual(audit(request), JSON.parse(answer));
    return answer;
  },
  () => memory.buffer.byteLength,
);
