// The raw module in V8, without any wrapper.

import { serve } from "./serve.js";

// #region load
import { readFile } from "node:fs/promises";

const { instance } = await WebAssembly.instantiate(await readFile(process.argv[2]));
const { memory, kubelet_audit_alloc, kubelet_audit_evaluate, kubelet_audit_free } = instance.exports;

/** The report, as JSON; `request` is JSON too, a string being the text of a config. */
function evaluate(request) {
  const bytes = new TextEncoder().encode(request);
  const place = kubelet_audit_alloc(bytes.length);
  new Uint8Array(memory.buffer, place, bytes.length).set(bytes);
  const answer = BigInt.asUintN(64, kubelet_audit_evaluate(place, bytes.length));
  kubelet_audit_free(place, bytes.length);
  const [start, length] = [Number(answer >> 32n), Number(answer & 0xffff_ffffn)];
  const report = new TextDecoder().decode(new Uint8Array(memory.buffer, start, length));
  kubelet_audit_free(start, length);
  return report;
}
// #endregion

await serve(evaluate, () => memory.buffer.byteLength);
