// The npm package.

import assert from "node:assert/strict";
import { auditToJson } from "../../../pkg/core.js";
import { audit } from "../../../pkg/node.js";
import { serve } from "./serve.js";

await serve(
  (line) => {
    const request = JSON.parse(line);
    const answer = auditToJson(request);
    // What users get is what the text says.
    assert.deepEqual(audit(request), JSON.parse(answer));
    return answer;
  },
  () => process.memoryUsage.rss(),
);
