// The one wrapper around the module. The entries (node.js, web.js, workerd.js) differ only in how they
// come by the compiled module.

import { __wbg_reset_state, auditJson, auditText, initSync } from "./kubelet_audit.js";
import { AuditError } from "./error.js";
import { jsonText, plain, wellFormed } from "./plain.js";

// Memory of an instance only grows. One that had to take a giant input is replaced after it.
const KEEP_BYTES = 64 * 1024 * 1024;

let started = false;
let broken = false;

/**
 * Makes the first instance.
 * @param {WebAssembly.Module} module
 */
export function start(module) {
  if (started) return;
  initSync({ module });
  started = true;
}

/**
 * @param {string | import("./types.js").Request} input
 * @returns {import("./types.js").Report}
 */
export function audit(input) {
  return JSON.parse(auditToJson(input));
}

/**
 * The report as the module wrote it; the same bytes in every host.
 * @param {string | import("./types.js").Request} input
 * @returns {string}
 */
export function auditToJson(input) {
  // Before anything else: who passes the wrong thing should hear of it, loaded or not.
  if (typeof input === "string") {
    const text = wellFormed(input);
    return call(() => auditText(text));
  }
  const request = jsonText(plainRequest(input));
  return call(() => auditJson(request));
}

/**
 * @param {unknown} input
 * @returns {unknown}
 */
function plainRequest(input) {
  if (typeof input !== "object" || input === null || Array.isArray(input)) {
    const kind = Array.isArray(input) ? "an array" : input === null ? "null" : `of type ${typeof input}`;
    throw new AuditError(
      "invalid-argument",
      `request is ${kind}: pass a config's text, or a request such as { config: text }`,
    );
  }
  return plain(input, "request");
}

/** The current instance's. With an instance made, `initSync` does nothing but answer with them. */
function exports() {
  return initSync(/** @type {any} */ (undefined));
}

/**
 * Calls the module. After a trap its instance cannot be trusted: it is dropped, and the next call has
 * a new one.
 *
 * @template T
 * @param {() => T} body
 * @returns {T}
 */
export function call(body) {
  if (!started) {
    throw new AuditError("not-initialized", "the module is not loaded yet: await init() first");
  }
  if (broken) {
    __wbg_reset_state();
    broken = false;
  }
  try {
    return body();
  } catch (cause) {
    broken = true;
    throw new AuditError("internal", `kubelet-audit failed: ${cause instanceof Error ? cause.message : cause}`, {
      cause,
    });
  } finally {
    if (!broken && exports().memory.buffer.byteLength > KEEP_BYTES) broken = true;
  }
}
