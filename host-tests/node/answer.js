// Answers requests, one a line: the report as JSON, or `!` and the code of what was thrown.

import assert from "node:assert/strict";
import { createInterface } from "node:readline";
import { auditToJson } from "../../pkg/core.js";
import { audit } from "../../pkg/node.js";

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  let answer;
  try {
    answer = auditToJson(request);
    // What users get is what the text says.
    assert.deepEqual(audit(request), JSON.parse(answer));
  } catch (error) {
    answer = `!${error.code ?? error.message}`;
  }
  process.stdout.write(`${answer}\n`);
}
