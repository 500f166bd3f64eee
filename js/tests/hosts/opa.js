// The policy in OPA's own SDK for JavaScript.

import { serve } from "./serve.js";

// #region load
import { readFile } from "node:fs/promises";
import opa from "@open-policy-agent/opa-wasm";

const policy = await opa.loadPolicy(await readFile(process.argv[2]));

/** What an entrypoint makes of an input, which is any value that JSON has. */
function evaluate(input, entrypoint = "kubelet_audit/report") {
  const [{ result }] = policy.evaluate(input, entrypoint);
  return result;
}
// #endregion

// #region data
/** Settings for every evaluation from here on. */
function settings(parameters) {
  policy.setData({ parameters });
}
// #endregion

await serve(
  (line) => {
    const [, entrypoint, text] = /^(?:@(\S+) )?(.*)$/s.exec(line);
    if (entrypoint === "data") return String(settings(JSON.parse(text)));
    // As text, for the SDK takes an empty string, 0, false and null for no input at all.
    const input = new TextEncoder().encode(text).buffer;
    return JSON.stringify(evaluate(input, entrypoint));
  },
  () => policy.mem.buffer.byteLength,
);
